package message

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"strings"
	"syscall"
	"testing"
)

// with puts texts into the tables for one test.
func with(t *testing.T, key Key, fr, en string) {
	t.Helper()
	quoted := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	rows()[key] = quoted(fr) + "," + quoted(en)
	t.Cleanup(func() {
		delete(rows(), key)
		ready[french].Delete(key)
		ready[english].Delete(key)
	})
}

func TestText(t *testing.T) {
	with(t, "t", "{n?# acteur est parti|# acteurs sont partis} de {list:q} : {names}", "{n?# actor|# actors} left {list:q}: {names}")
	names := List{[]string{"A", "B", "C", "D"}, 2}
	for _, c := range []struct {
		n      int
		fr, en string
	}{
		{0, "0 acteur est parti de «\u00a0x\u00a0»\u00a0: A, B et 2 autres", `0 actors left "x": A, B and 2 more`},
		{1, "1 acteur est parti de «\u00a0x\u00a0»\u00a0: A, B et 2 autres", `1 actor left "x": A, B and 2 more`},
		{12345, "12\u202f345 acteurs sont partis de «\u00a0x\u00a0»\u00a0: A, B et 2 autres", `12,345 actors left "x": A, B and 2 more`},
	} {
		m := New("t", "n", c.n, "list", "x", "names", names)
		if got := In("fr").Text(m); got != c.fr {
			t.Errorf("French: %q, want %q", got, c.fr)
		}
		if got := m.String(); got != c.en {
			t.Errorf("English: %q, want %q", got, c.en)
		}
	}
}

// TestArgumentsAreNotTemplates: what a source says is never taken for a part of a text.
func TestArgumentsAreNotTemplates(t *testing.T) {
	with(t, "t", "« {a} » et {b}", "{a} and {b}")
	m := New("t", "a", "{b}", "b", "l'{a} ?")
	if got, want := In("fr").Text(m), "«\u00a0{b}\u00a0» et l'{a} ?"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestTypeset(t *testing.T) {
	for _, c := range [][2]string{
		{"l'édition : « 12 % » ; quoi ? oui !", "l’édition\u00a0: «\u00a012\u00a0%\u00a0»\u202f; quoi\u202f? oui\u202f!"},
		{"tapez `--by 'A. B' : x` d'abord", "tapez --by 'A. B' : x d’abord"},
	} {
		if got := typeset(c[0], true); got != c[1] {
			t.Errorf("typeset(%q) = %q, want %q", c[0], got, c[1])
		}
	}
}

func TestErrors(t *testing.T) {
	with(t, "t", "impossible d'écrire {file} : {why}", "cannot write {file}: {why}")
	full := &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	err := Fail(full, "t", "file", "a.csv", "why", full)
	if !errors.Is(err, syscall.ENOSPC) {
		t.Error("the cause is lost")
	}
	if got, want := In("fr").Error(err), "impossible d’écrire a.csv\u00a0: x\u00a0: le disque est plein"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := err.Error(), "cannot write a.csv: x: the disk is full"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if _, err := os.Open("no such file"); In("fr").Error(err) != "no such file\u00a0: ce fichier ou ce dossier n’existe pas" {
		t.Error(In("fr").Error(err))
	}
	if got := In("fr").Error(errors.Join(err, errors.New("x"))); got != "impossible d’écrire a.csv\u00a0: x\u00a0: le disque est plein\nx" {
		t.Errorf("%q", got)
	}
}

func TestJSON(t *testing.T) {
	got, err := json.Marshal(Pairs("n", 3, "names", List{[]string{"A"}, 5}, "why", New("yes"), "cause", errors.New("x")))
	if want := `{"cause":"x","n":3,"names":["A"],"why":{"key":"yes","args":{}}}`; err != nil || string(got) != want {
		t.Errorf("%s %v, want %s", got, err, want)
	}
}
