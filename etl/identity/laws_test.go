package identity_test

import (
	"math/rand"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"hdsreport/config"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
)

func namer() *identity.Namer { return identity.New(config.IdentityTables()) }

// seeds are names of every kind that the lists hold, and the ones that broke
// other programs.
var seeds = []string{
	"OVH SAS", "S.A.S. Untel", "S A S Untel", "DATA4 s.a r.l", "SA", "SA SA", "SAS SASU GIE", "AB", "GIE", "Groupe SA", "Le Groupe",
	"de la", "L'", "d", "&", "+", "★", "★★ ★", "2 C B", "S.I.B.", "A P H P", "AP-HP – Assistance publique – Hôpitaux de Paris",
	"International Cross Talk (ICT)", "ICT (International Cross Talk)", "BT Blue (ex Bretagne Telecom)", "BT Blue, anciennement Bretagne Télécom",
	"CHU de Nantes", "Centre hospitalier universitaire de Nantes", "Groupe hospitalier du Havre", "L’Oréal", "Inter@ctive", "Canal+ Télécom",
	"MACIF (CovÃ©a)", "Cov?éa", "日本電気", "ООО \"БАЙ\"", "Œuvre & Cie", "Straße GmbH", "İstanbul A.Ş.", "(SAS)", "(Untel)", "((", ")", "Cegedim S.A. (France)",
	"salesforce.com, inc.", "com", ".com", "Brigade Forty-Four", "or ganisation", "t wo", "Fund II", "Completel · SFR", "a · b", "x (y) (z)",
	"Société Générale", "Société", "Association", "GIP Bretagne", "centre", "u k", "s ept", "ex", "ex ex", "ﬁn", "e\u0301", "\u0301", "\u200b", "\xff", "NumSpot / Docaposte",
	"CHU CHU", "X!X", "II", "Data II", "X II", "Soixante II", "OVHcloud", "www.x", "http://www.www.y", "ÂÂ Â", "RÃ©aÂ ", "GCS CHU de Nîmes", "x (anciennement dénommée)", "a - b / c", "A.T.I.H.", "Assistance Publique Hôpitaux de Paris APHP", "États-Unis", "Etats Unis d'Amérique", "H&M Hennes & Mauritz AB", "क्षेत्र", "ばば", "C#", "C# Santé", "C Santé", "1&1", "11", "A&B", "A et B", "AB",
}

func checkName(t *testing.T, n *identity.Namer, raw string) {
	t.Helper()
	nm := n.Parse(raw)
	if strings.TrimFunc(raw, unicode.IsSpace) == "" {
		if !nm.Blank() {
			t.Errorf("Parse(%q).Key = %q; a blank name has no key", raw, nm.Key)
		}
		return
	}
	if nm.Key == "" || nm.Display == "" || nm.Compact == "" || len(nm.Tokens) == 0 {
		t.Errorf("Parse(%q) = %+v: an empty part", raw, nm)
	}
	if again := n.Parse(nm.Key).Key; again != nm.Key {
		t.Errorf("Parse(%q).Key = %q, whose own key is %q", raw, nm.Key, again)
	}
	for _, st := range nm.Stated {
		if st.Text == "" {
			t.Errorf("Parse(%q) states an empty name", raw)
		}
	}
	want := identity.Same
	if n.Commonplace(nm) && len(nm.Stated) == 0 { // several bodies bear it
		want = identity.Review
	}
	if v := n.Compare(nm, nm); v.Decision != want {
		t.Errorf("%q compared with itself: %+v", raw, v)
	}
}

func checkPair(t *testing.T, n *identity.Namer, a, b string) {
	t.Helper()
	x, y := n.Parse(a), n.Parse(b)
	v, w := n.Compare(x, y), n.Compare(y, x)
	if v.Decision != w.Decision || v.Score != w.Score {
		t.Errorf("%q and %q: %s %.4f one way, %s %.4f the other", a, b, v.Decision, v.Score, w.Decision, w.Score)
	}
	if !slices.Equal(sortedVetoes(v), sortedVetoes(w)) {
		t.Errorf("%q and %q: vetoes %v one way, %v the other", a, b, v.Vetoes, w.Vetoes)
	}
	if len(v.Reasons) == 0 || slices.ContainsFunc(v.Reasons, message.Message.IsZero) {
		t.Errorf("%q and %q: %s without a reason", a, b, v.Decision)
	}
	if v.Decision == identity.Same && len(v.Vetoes) > 0 {
		t.Errorf("%q and %q: same in spite of %v", a, b, v.Vetoes)
	}
	low, high := map[identity.Decision]float64{identity.Different: 0, identity.Review: 0.5, identity.Same: 0.95}[v.Decision],
		map[identity.Decision]float64{identity.Different: 0.5, identity.Review: 0.95, identity.Same: 1}[v.Decision]
	if v.Score < low || v.Score > high {
		t.Errorf("%q and %q: %s with score %v", a, b, v.Decision, v.Score)
	}
}

func sortedVetoes(v identity.Verdict) []identity.Veto {
	s := slices.Clone(v.Vetoes)
	slices.Sort(s)
	return s
}

// A name has a key, and a key is its own key: what merges today merges when its
// key is read again from a table.
func TestKeyIsNeverEmptyAndFixed(t *testing.T) {
	n := namer()
	for _, s := range seeds {
		checkName(t, n, s)
	}
	for _, s := range []string{"", " ", "\t\u00a0"} {
		checkName(t, n, s)
	}
	// Every word of the tables, alone and beside another, is a name somewhere.
	tables := config.IdentityTables()
	var all []string
	for _, f := range tables.Forms {
		all = append(all, f.Spelling...)
	}
	for _, p := range tables.Places {
		all = append(all, p.Spelling...)
	}
	for _, h := range tables.Hospitals {
		all = append(all, h.Spelling...)
	}
	for _, w := range tables.Words {
		all = append(all, w.Word, w.Canonical)
	}
	r := rand.New(rand.NewSource(1))
	for _, s := range all {
		checkName(t, n, s)
		checkName(t, n, s+" "+all[r.Intn(len(all))])
		checkName(t, n, strings.ReplaceAll(s, " ", ""))
	}
}

// TestLetterAtTheEnd: a letter at the end of a name is no article.
func TestLetterAtTheEnd(t *testing.T) {
	n := namer()
	keys := map[string]string{}
	for _, name := range []string{"Pharma", "Pharma L", "Pharma D", "Pharma C"} {
		key := n.Parse(name).Key
		if other, twice := keys[key]; twice {
			t.Errorf("%q and %q have one key, %q", name, other, key)
		}
		keys[key] = name
	}
}

// Case, accents, dashes, apostrophes and spaces never matter to a key.
func TestKeyIgnoresHowItIsTyped(t *testing.T) {
	n := namer()
	for _, group := range [][]string{
		{"Over-Link", "OVER LINK", "over–link", "OverLink", "Over\u00a0 Link", "Over‑Link"},
		{"L'Étoile Santé", "L’ETOILE SANTE", "l`étoile santé", "L Étoile-Santé", "LÉtoile santé", "l\u02bce\u0301toile sante\u0301"},
		{"CHU d'Angers", "CHU d’Angers", "chu D'ANGERS", "CHU d Angers"},
		{"S.I.B.", "SIB", "s i b", "S-I-B", "S.I.B"},
		{"Ido-In", "IDO IN", "IdoIn"},
		{"Pharmagest Inter@ctive", "PHARMAGEST INTERACTIVE"},
		{"Canal+ Télécom", "CANAL PLUS TELECOM", "Canal + Telecom"},
		{"Procter & Gamble", "Procter and Gamble", "PROCTER ET GAMBLE", "Procter &amp; Gamble"},
		{"2 C B", "2CB", "2-c-b", "2.C.B."},
		{"Covéa", "CovÃ©a", "COVEA", "Cov\u00ade\u0301a"},
		{"Œuvre Sociale", "OEUVRE SOCIALE"},
	} {
		want := n.Parse(group[0]).Key
		for _, s := range group[1:] {
			if got := n.Parse(s).Key; got != want {
				t.Errorf("%q has key %q, %q has %q", s, got, group[0], want)
			}
		}
	}
	for _, s := range seeds {
		want := n.Parse(s).Key
		if utf8.ValidString(s) && !strings.ContainsAny(s, "ßİ\u0301Ã") {
			if up := n.Parse(strings.ToUpper(s)).Key; up != want {
				t.Errorf("%q has key %q, in capitals %q", s, want, up)
			}
			if low := n.Parse(strings.ToLower(s)).Key; low != want {
				t.Errorf("%q has key %q, in small letters %q", s, want, low)
			}
		}
		if wide := n.Parse("  " + strings.ReplaceAll(s, " ", " \u00a0 ") + "\t").Key; wide != want {
			t.Errorf("%q has key %q, with wide spaces %q", s, want, wide)
		}
		if typo := n.Parse(strings.ReplaceAll(s, "'", "’")).Key; typo != want {
			t.Errorf("%q has key %q, with a curly apostrophe %q", s, want, typo)
		}
	}
}

func TestVerdictIsSymmetric(t *testing.T) {
	n := namer()
	for _, a := range seeds {
		for _, b := range seeds {
			checkPair(t, n, a, b)
		}
	}
	// Words of which each is alike to several of the other name.
	r := rand.New(rand.NewSource(4))
	near := []string{"solware", "solwara", "solwere", "salware", "solvare", "Services", "II", "France", "GmbH", "SAS", "(Ternum)", "(ex Ternum)"}
	pick := func() string {
		var ws []string
		for range 1 + r.Intn(5) {
			ws = append(ws, near[r.Intn(len(near))])
		}
		return strings.Join(ws, " ")
	}
	for range 3000 {
		checkPair(t, n, pick(), pick())
	}
}

func FuzzKey(f *testing.F) {
	for _, s := range seeds {
		f.Add(s)
	}
	n := namer()
	f.Fuzz(func(t *testing.T, s string) {
		if len(s) > 400 {
			t.Skip()
		}
		checkName(t, n, s)
		if id := identity.ID(s); id == "" || len(id) > 60 || strings.ContainsFunc(id, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
		}) {
			t.Errorf("ID(%q) = %q", s, id)
		}
	})
}

func FuzzCompare(f *testing.F) {
	for i, s := range seeds {
		f.Add(s, seeds[(i*7+3)%len(seeds)])
	}
	n := namer()
	f.Fuzz(func(t *testing.T, a, b string) {
		if len(a)+len(b) > 400 {
			t.Skip()
		}
		checkPair(t, n, a, b)
	})
}
