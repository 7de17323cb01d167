package fetch

import (
	"strings"
	"testing"
)

// TestQueryIsMasked: what is not plainly harmless in a query is not shown.
func TestQueryIsMasked(t *testing.T) {
	for _, name := range strings.Fields("token access_token api-key apiKey API_KEY pwd pass passwd mdp secret sig signature X-Amz-Signature X-Amz-Credential X-Amz-Security-Token X-Goog-Signature sv sig se " +
		"Policy Key-Pair-Id jwt code state sid session PHPSESSID client_secret subscription-key Ocp-Apim-Subscription-Key hmac hash ticket otp pin p k u id uuid x") {
		a, err := parseAddress("https://ans.fr/liste?format=csv&"+name+"=9f05f726fad3&page=2", "")
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(a.shown, "9f05f726fad3") || !strings.Contains(a.shown, "format=csv&") || !strings.Contains(a.shown, "&page=2") {
			t.Errorf("%s: %s", name, a.shown)
		}
	}
	for in, want := range map[string]string{
		"https://ans.fr/?9f05f726fad3c283":                     "https://ans.fr/?…",
		"https://ans.fr/;jsessionid=A1B2/liste;v=1":            "https://ans.fr/;jsessionid=…/liste;v=…",
		"https://ans.fr/?format=eyJhbGciOiJIUzI1NiIsInR5cCI6":  "https://ans.fr/?format=…",
		"https://ans.fr/?lettre={page}&cle={page}&sort=nom,-x": "https://ans.fr/?lettre=A-B&cle=A-B&sort=nom,-x",
		"https://ans.fr/?a=1;key=x":                            "https://ans.fr/?a=1;key=…",
	} {
		a, err := parseAddress(in, "A-B")
		if err != nil || a.shown != want {
			t.Errorf("%s: %s, want %s (%v)", in, a.shown, want, err)
		}
	}
}

// TestScrub: a secret is found in whatever form another program writes it.
func TestScrub(t *testing.T) {
	a, err := parseAddress("https://marie:pass%20w%26rd@ans.fr/l?api-key=k%2F9f05+z&pin=42", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{
		"Basic bWFyaWU6cGFzcyB3JnJk", "cGFzcyB3JnJk", "marie:pass%20w%26rd", "pass w&rd", "pass w&amp;rd", `pass w\u0026rd`, "PASS W&RD", "pass+w%26rd", "for marie.", "k/9f05 z", "k%2F9f05+z", "k%2f9f05%20z", "pin 42!",
		"see https://x.fr/y?X-Amz-Signature=abc123&z=1", "at https://bob:hunter2@proxy.fr:3128", "706173732077267264",
	} {
		got := a.scrub("the server says " + said + " (200)")
		if !strings.Contains(got, masked) || !strings.HasPrefix(got, "the server says ") || !strings.HasSuffix(got, " (200)") {
			t.Errorf("%s: %s", said, got)
		}
		for _, secret := range []string{"bWFy", "cGFz", "w&rd", "9f05", "marie", "42!", "abc123", "hunter2", "7061"} {
			if strings.Contains(got, secret) {
				t.Errorf("%s: %s", said, got)
			}
		}
	}
	if got := a.scrub("142 rows, a marieuse"); got != "142 rows, a marieuse" {
		t.Errorf("a word that is no secret: %s", got)
	}
}
