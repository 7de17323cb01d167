package etl

import "testing"

// The right side is what System.Uri of .NET says (asked by way of the Open XML SDK, which
// rewrites the targets that it refuses); "ours" are refused by us alone: no name of a site
// holds them, nor does a mailbox.
func TestCheckLink(t *testing.T) {
	for link, good := range map[string]bool{
		"https://a.fr": true, "http://ex.fr:65535/": true, "http://ex.fr:/": true, "http://a_b.fr/": true, "http://a.fr./": true,
		"http://[::1]/": true, "http://é.fr/x y?z=é#a": true, "http://user:pw@a.fr/": true, "HTTP://a.fr": true,
		"http://a.fr/;b": true, "http://1.2.3.4/": true, "http://xn--a.fr": true, "http://a.fr/a%20b": true, "https://a.fr/https://b.fr": true,
		"mailto:a@b.fr": true, "mailto:é@b.fr": true, "mailto:a@b.fr?subject=x y": true,

		"http://ex.fr:99999/": false, "http://ex.fr:65536/": false, "http://ex.fr:80a/": false, "http://a.b:1:2/": false, "http://a.fr:+80/": false,
		"https://a.fr;https://b.fr": false, "https://a.fr, https://b.fr": false, "https://a.fr https://b.fr": false, "https://a.fr;": false, "https://a.fr|b": false,
		"http://a,b.fr/": false, "http://a b.fr/": false, "http://a..fr/": false, "http://.fr/": false, "http://a!.fr/": false, "http://a*.fr/": false,
		"http://a'.fr/": false, "http://(a).fr/": false, "http://a$b.fr": false, "http://a&b.fr": false, "http://a+b.fr": false, "http://a=b.fr": false,
		"http://a~b.fr": false, "http://%41.fr": false, "https://\"a\".fr": false, "http://a.fr\\b": false, "http://[::g]/": false, "http://[::1/": false, "http://[v1.a]/": false,
		"http://user@/": false, "http://a@b@c.fr/": false, "http:///a": false, "http://": false, "http:a": false, "http://١.fr:١/": false, "http://[::1]:99999/": false,
		"mailto:a@b.fr,c@d.fr": false, "mailto:a@": false, "mailto:a@b..fr": false, "mailto:a@b@c.fr": false, "mailto:<a@b.fr>": false, "mailto:a@[1.2.3.4]": false, "mailto:a%40b.fr": false,
		"javascript:x": false, "file:///c:/a": false, "": false, "www.a.fr": false, "ftp://a.fr": false,

		// ours
		"http://«a».fr/": false, "http://a\u00a0b.fr/": false, "http://😀.fr/": false, "mailto:a": false, "mailto:a b@c.fr": false, "mailto:a@b.fr:25": false,
	} {
		if err := CheckLink(link); (err == nil) != good {
			t.Errorf("%q: %v", link, err)
		}
	}
}
