package main

import (
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"hdsreport/etl/review"
)

// ruledBench is a newsroom with a pair of names, a value that cannot be read and a proposed
// position, all of them ruled on.
func ruledBench(t *testing.T) *bench {
	agrees := newsroom["editions/2019-06-17/agrees.csv"] +
		"Brumeval Informatique;Stockage;17/06/2018;17/06/2021\nBrumeval Informatique Services;Archivage;17/06/2018;2021-13-01\n"
	return newBench(t, map[string]string{"editions/2019-06-17/agrees.csv": agrees,
		"hdsreport.yaml": "report: {language: fr, review: csv}\ngate: {unclassified: 1}\n"})
}

// rule fills the review in as text and takes it in.
func (b *bench) rule(rulings map[string]string) {
	b.t.Helper()
	b.run(0, "run")
	r := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.read("revue.csv"), "\ufeff")))
	r.Comma = ';'
	lines, err := r.ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	for id, ruling := range rulings {
		i := slices.IndexFunc(lines, func(l []string) bool { return strings.HasPrefix(l[0], id) })
		if i < 0 {
			b.t.Fatalf("%s is not asked:\n%s", id, lines)
		}
		lines[i][6] = ruling
	}
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.Comma = ';'
	if err := w.WriteAll(lines); err != nil {
		b.t.Fatal(err)
	}
	b.write(map[string]string{"filled.csv": text.String()})
	b.run(0, "decide", b.dir+"/filled.csv", "--by", "Ada")
	b.run(0, "run")
}

// rulings are what decide list --json gives.
func (b *bench) rulings() []review.Ruled {
	b.t.Helper()
	out, _ := b.run(0, "decide", "list", "--json")
	var all struct{ Decisions []review.Ruled }
	if err := json.Unmarshal([]byte(out), &all); err != nil || all.Decisions == nil {
		b.t.Fatalf("%v\n%s", err, out)
	}
	return all.Decisions
}

// ref finds a ruling.
func (b *bench) ref(kind, left, judgement string) review.Ruled {
	b.t.Helper()
	all := b.rulings()
	for _, r := range all {
		if r.Kind == kind && strings.HasPrefix(r.Left, left) && r.Judgement == judgement {
			return r
		}
	}
	b.t.Fatalf("no %s %s %s in %+v", kind, left, judgement, all)
	return review.Ruled{}
}

const brumeval = "pair:brumeval-informatique+brumeval-informatique-services"

// TestUndoRulings: what was ruled is listed with who and when, is undone by its ref without
// a line being lost, and is asked again; ruled again, it holds again.
func TestUndoRulings(t *testing.T) {
	b := ruledBench(t)
	b.rule(map[string]string{brumeval: "même", "position:foxtrot-telecom": "oui", "value:brumeval-informatique-services/": "17/06/2021"})
	first := b.dir + "/first.csv"
	b.write(map[string]string{"first.csv": b.read("filled.csv")})
	asked := func(id string) bool { return strings.Contains(b.read("revue.csv"), id) }
	for _, c := range []struct {
		id, kind, left, judgement string
		keeps                     []string // in the table afterwards
		table                     string
	}{
		{brumeval, "decision", "brumeval-informatique", "same", []string{",same,Ada,2026-11-27", ",undone,Zoé,2026-11-27,deux sociétés"}, "decisions.csv"},
		{"position:foxtrot-telecom", "position", "foxtrot-telecom", "telecom", []string{"foxtrot-telecom,Foxtrot Télécom,,,vu ; Ada 2026-11-27 ; Zoé 2026-11-27 deux sociétés (telecom)"}, "actors.csv"},
		{"value:brumeval-informatique-services/", "value", "brumeval-informatique-services/", "2021-06-17", []string{",2021-06-17,Ada,2026-11-27", ",source,Zoé,2026-11-27,deux sociétés"}, "corrections.csv"},
	} {
		r := b.ref(c.kind, c.left, c.judgement)
		if r.By != "Ada" || r.Date != "2026-11-27" || r.State != "holds" || len(r.Ref) != 8 {
			t.Errorf("%+v", r)
		}
		if asked(c.id) {
			t.Errorf("%s is asked though it is ruled", c.id)
		}
		b.run(0, "decide", "undo", r.Ref, "--by", "Zoé", "--reason", "deux sociétés")
		for _, want := range c.keeps {
			if text := b.read("registry/" + c.table); !strings.Contains(text, want) {
				t.Errorf("%s does not say %q:\n%s", c.table, want, text)
			}
		}
		b.run(0, "run")
		if !asked(c.id) {
			t.Errorf("%s is not asked again:\n%s", c.id, b.read("revue.csv"))
		}
		// A file written before says it still, whatever kind it is of; it brings nothing back.
		head, lines, _ := strings.Cut(b.read("first.csv"), "\n")
		for line := range strings.Lines(lines) {
			if strings.HasPrefix(line, c.id) {
				b.write(map[string]string{"old.csv": head + "\n" + line})
			}
		}
		before := b.read("registry/" + c.table)
		if _, told := b.run(1, "decide", b.dir+"/old.csv", "--by", "Ada"); !strings.Contains(told, "a été annulé depuis") ||
			b.read("registry/"+c.table) != before {
			t.Errorf("%s comes back by an old file: %s", c.id, told)
		}
		switch c.kind {
		case "position": // there is no line of it any more
			b.run(2, "decide", "undo", r.Ref, "--by", "Zoé")
			continue
		default:
			if r = b.ref(c.kind, c.left, c.judgement); r.State != "undone" {
				t.Errorf("%+v", r)
			}
		}
		was := b.read("registry/" + c.table)
		b.run(0, "decide", "undo", r.Ref, "--by", "Zoé") // twice is once
		if b.read("registry/"+c.table) != was {
			t.Errorf("%s is undone twice:\n%s", r.Ref, b.read("registry/"+c.table))
		}
	}
	// The same day, ruled again: it applies, and is not asked.
	b.rule(map[string]string{brumeval: "différent", "position:foxtrot-telecom": "oui", "value:brumeval-informatique-services/": "18/06/2021"})
	if asked(brumeval) || asked("value:brumeval") {
		t.Errorf("asked again:\n%s", b.read("revue.csv"))
	}
	r := b.ref("decision", "brumeval-informatique", "different")
	b.run(0, "decide", "undo", strings.ToUpper(r.Ref), r.Ref, "--by", "Zoé")
	// The first file lies about still; it brings nothing back.
	was := b.read("registry/decisions.csv")
	if _, told := b.run(1, "decide", first, "--by", "Ada"); !strings.Contains(told, "a été annulé depuis") || b.read("registry/decisions.csv") != was {
		t.Error(told)
	}
	b.rule(map[string]string{brumeval: "même"})
	if got := b.ref("decision", "brumeval-informatique", "same"); got.State != "undone" { // the first one keeps its ref
		t.Errorf("%+v", got)
	}
	holding := 0
	for _, r := range b.rulings() {
		if r.Kind == "decision" && r.Judgement == "same" && r.State == "holds" {
			holding++
		}
	}
	if text := b.read("registry/decisions.csv"); strings.Count(text, "\n") != 6 || holding != 1 {
		t.Errorf("%d decisions hold:\n%s", holding, text)
	}
	out, _ := b.run(0, "decide", "list")
	if !strings.Contains(strings.ReplaceAll(out, "\u00a0", " "), "brumeval-informatique + brumeval-informatique-services : même acteur  (Ada, 2026-11-27)") {
		t.Error(out)
	}
	// What was corrected in a row of who is another by now is still corrected.
	if r := b.ref("value", "brumeval-informatique-services/", "2021-06-18"); r.State != "holds" || asked("value:brumeval") {
		t.Errorf("%+v\n%s", r, b.read("revue.csv"))
	}
}

// TestUndoRenaming: with the decision that who left and who came are one, the names that
// were recorded with it go.
func TestUndoRenaming(t *testing.T) {
	agrees := newsroom["editions/2019-06-17/agrees.csv"]
	certifies := strings.Replace(newsroom["editions/2019-06-17/certifies.csv"], ";K1;", ";AF-2019-0042;", 1)
	b := newBench(t, map[string]string{"hdsreport.yaml": "report: {language: fr, review: csv}\ngate: {unclassified: 1}\n",
		"editions/2019-06-17/certifies.csv": certifies, "editions/2019-05-17/agrees.csv": agrees,
		"editions/2019-05-17/certifies.csv":         strings.Replace(certifies, "Kilo;", "Vieux Nom;", 1),
		"editions/2019-05-17/certifies.source.yaml": "activity_numbering: decree\n"})
	const pair = "pair:kilo+vieux-nom"
	b.rule(map[string]string{pair: "même"})
	if !strings.Contains(b.read("registry/names.csv"), "Vieux Nom") {
		t.Fatal(b.read("registry/names.csv"))
	}
	_, told := b.run(0, "decide", "undo", b.ref("decision", "vieux-nom", "same").Ref, "--by", "Zoé")
	if strings.Contains(told, "restent un seul") || strings.Contains(b.read("registry/names.csv"), "Vieux Nom") {
		t.Errorf("%s\n%s\n%s", told, b.read("registry/names.csv"), b.read("registry/actors.csv"))
	}
	b.run(0, "run")
	if !strings.Contains(b.read("revue.csv"), pair) {
		t.Errorf("it is not asked again:\n%s\n%s", b.read("revue.csv"), b.read("registry/actors.csv"))
	}
	// A name by itself.
	_, told = b.run(0, "decide", "undo", b.ref("name", "bravo", "alias").Ref, "--by", "Zoé", "--reason", "faux")
	if strings.Contains(b.read("registry/names.csv"), "Bravissimo") || !strings.Contains(b.read("registry/actors.csv"), "Zoé 2026-11-27 faux (Bravissimo)") {
		t.Errorf("%s\n%s", told, b.read("registry/actors.csv"))
	}
}

// TestUndoUsage: exit codes, and who cannot be undone.
func TestUndoUsage(t *testing.T) {
	b := ruledBench(t)
	b.rule(map[string]string{brumeval: "même"})
	ref := b.ref("decision", "brumeval-informatique", "same").Ref
	was := b.read("registry/decisions.csv")
	for _, args := range [][]string{
		{"undo", ref}, {"undo", ref, "--by", " "}, {"undo", ref, "--by", "=Ada"}, {"undo", "--by", "Ada"},
		{"undo", "00000000", "--by", "Ada"}, {"undo", ref, "00000000", "--by", "Ada"}, {"undo", ref, "--by", "Ada", "--reason", "@x"},
		{"undo", ref, "--by", "Ada", "--agrees", "x.csv", "--date", "2019-06-17"}, {"list", "x"},
	} {
		b.run(2, append([]string{"decide"}, args...)...)
	}
	if b.read("registry/decisions.csv") != was {
		t.Error(b.read("registry/decisions.csv"))
	}
	b.run(0, "decide", "undo", ref, "--by", "Ada")
	b.run(2, "decide", "undo", b.ref("decision", "brumeval-informatique", "undone").Ref, "--by", "Ada")
	b.write(map[string]string{"registry/decisions.csv": "left,right,judgement,by,date,reason\nx,y,undone,Ada,2026-11-27,\n"})
	if out, _ := b.run(0, "check", "--all", "--json"); !strings.Contains(out, "registry-unused") {
		t.Errorf("an undoing of nothing is silent: %s", out)
	}
}

// TestUndoneAndStillOne: two names that are one by another line of the registry stay so,
// and it is said.
func TestUndoneAndStillOne(t *testing.T) {
	b := ruledBench(t)
	b.rule(map[string]string{brumeval: "même", "position:brumeval-informatique": "ESN"})
	b.write(map[string]string{"registry/names.csv": "actor,name,kind,from,to\nbrumeval-informatique,Brumeval Informatique Services,alias,,\n"})
	if _, told := b.run(0, "decide", "undo", b.ref("decision", "brumeval-informatique", "same").Ref, "--by", "Zoé"); !strings.Contains(told, "restent un seul acteur") {
		t.Error(told)
	}
}
