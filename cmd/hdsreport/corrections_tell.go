package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
)

// importJSON is the account of an import for programs.
type importJSON struct {
	File      string         `json:"file"`
	By        string         `json:"by"`
	Edition   string         `json:"edition"`
	Base      baseOf         `json:"base"`
	Recorded  []recordedJSON `json:"recorded"`
	Already   []recordedJSON `json:"already"`
	Conflicts []conflictJSON `json:"conflicts"`
	Refused   []refusedJSON  `json:"refused"`
	Notes     []noteJSON     `json:"notes"`
}

// cellJSON says which cell.
type cellJSON struct {
	List  string `json:"list,omitempty"`
	Row   string `json:"row"`
	ID    string `json:"id"`
	Field string `json:"field"`
	Name  string `json:"name"`
	Cell  string `json:"cell"`
}

type recordedJSON struct {
	cellJSON
	Published string `json:"published"`
	Value     string `json:"value"`
	Was       string `json:"was"`
}

type conflictJSON struct {
	cellJSON
	Published string `json:"published"`
	Editor    string `json:"editor"`
	Workspace string `json:"workspace"`
	Why       string `json:"why"`
	Kept      string `json:"kept,omitempty"`
}

type refusedJSON struct {
	cellJSON
	Found string `json:"found"`
	Why   string `json:"why"`
}

type noteJSON struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
	Name string `json:"name"`
	Cell string `json:"cell"`
}

func cellOf(it *merge.Item) cellJSON {
	list := it.List.String()
	if it.Row == "" && it.Field == "" {
		list = "" // of the file, or outside the lists
	}
	return cellJSON{List: list, Row: it.Row, ID: it.ID, Field: string(it.Field), Name: it.Name, Cell: it.At.Name()}
}

func printJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(v)
}

// accountOf is the account of an import for programs.
func accountOf(d *desk, o *takeIn, e *edits, out *merge.Outcome) importJSON {
	all := importJSON{File: e.name, By: o.by, Edition: d.result.Edition.ID, Base: e.base,
		Recorded: []recordedJSON{}, Already: []recordedJSON{}, Conflicts: []conflictJSON{},
		Refused: []refusedJSON{}, Notes: []noteJSON{}}
	for _, it := range out.Recorded {
		all.Recorded = append(all.Recorded, recordedJSON{cellOf(&it), it.Published, it.Value, it.Was})
	}
	for _, it := range out.Already {
		all.Already = append(all.Already, recordedJSON{cellOf(&it), it.Published, it.Value, it.Was})
	}
	for _, it := range out.Conflicts {
		all.Conflicts = append(all.Conflicts,
			conflictJSON{cellOf(&it), it.Published, it.Editor, it.Workspace, it.Why, it.Kept})
	}
	for _, it := range out.Refused {
		all.Refused = append(all.Refused, refusedJSON{cellOf(&it), it.Found, it.Why})
	}
	for _, n := range out.Notes {
		all.Notes = append(all.Notes, noteJSON{n.Kind, n.ID, n.Name, n.At.Name()})
	}
	return all
}

// tellImport gives the account of an import, and the error for its exit code.
func (c *Command) tellImport(d *desk, o *takeIn, e *edits, out *merge.Outcome) error {
	if o.asJSON {
		if err := printJSON(c.Stdout, accountOf(d, o, e, out)); err != nil {
			return err
		}
	}
	whole := e.changes.Whole != ""
	key := message.Key("corrections-imported")
	switch {
	case whole:
		key = "corrections-refused"
	case o.dry:
		key = "corrections-tried"
	}
	c.note(key, "file", e.name, "n", len(out.Recorded), "already", len(out.Already), "conflicts", len(out.Conflicts),
		"refused", len(out.Refused), "by", o.by)
	if e.base.From == "nearest" && !whole {
		c.note("corrections-nearest", "generation", e.base.Generation, "edition", etl.Named(e.base.Edition), "n", e.base.differing)
	}
	found := c.findings(d, o, e, out)
	c.tell(c.Stderr, found, etl.Info, 0)
	c.actions().annotate(d.job, found)
	if err := c.actions().summarise(c.importPage(d, e, out)); err != nil {
		return err
	}
	if out.Settled() {
		return nil
	}
	if open(out) && !whole {
		c.note("corrections-settle", "command", settling(d.job, o))
	}
	return refusedError{}
}

// open reports whether there are conflicts that nobody has decided.
func open(out *merge.Outcome) bool {
	for _, it := range out.Conflicts {
		if it.Kept == "" {
			return true
		}
	}
	return false
}

// settling is the command that settles the conflicts of a file.
func settling(j *job, o *takeIn) string {
	what := "--sheet"
	if !o.sheet {
		what = shellWord(display(o.file))
	}
	more := ""
	if o.base != "" {
		more += " --base " + shellWord(o.base)
	}
	if j.file != "" && j.file != config.FileName {
		more += " --config " + shellWord(display(j.file))
	}
	return fmt.Sprintf("hdsreport corrections import %s --by %s --keep editor%s", what, shellWord(o.by), more)
}

// shellWord quotes a text so that a shell takes it as one word, and as it is.
func shellWord(s string) string {
	switch {
	case s != "" && !strings.ContainsAny(s, " \t\n'\"\\$`!*?[]{}()<>|&;#~"):
		return s
	case !strings.ContainsAny(s, "\"\\$`!"):
		return `"` + s + `"`
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// findings are conflicts, refusals and notes with the editor's own places.
func (c *Command) findings(d *desk, o *takeIn, e *edits, out *merge.Outcome) []etl.Finding {
	var found []etl.Finding
	at := func(p merge.Place) etl.Place {
		place := etl.Place{File: e.name, Sheet: p.Sheet}
		if _, cell, ok := strings.Cut(p.Name(), "!"); ok && p.Sheet != "" {
			place.Sheet, _, _ = strings.Cut(p.Sheet, "!")
			place.Cell = cell
		}
		return place
	}
	for _, it := range out.Conflicts {
		severity := etl.Error
		if it.Kept != "" {
			severity = etl.Info
		}
		who := message.New("corrections-nobody")
		switch {
		case it.By != "":
			who = message.New("corrections-person", "by", it.By, "date", it.Date)
		case it.Source.File != "":
			who = message.New("corrections-source", "place", it.Source.String())
		}
		found = append(found, etl.Find(severity, etl.CodeEditConflict, at(it.At), "name", it.Name, "field", it.Definition(),
			"published", it.Published, "editor", it.Editor, "workspace", it.Workspace, "who", who).Said(it.Why))
	}
	for _, it := range out.Refused {
		var field any = string(it.Field)
		if it.Definition() != nil {
			field = it.Definition()
		}
		found = append(found, etl.Find(etl.Error, etl.CodeEditRefused, at(it.At), "name", it.Name, "field", field,
			"found", it.Found, "published", it.Published, "generation", e.base.Generation, "other", it.Instead,
			"row", it.Row, "folder", display(d.published())).Said(it.Why))
	}
	for _, n := range out.Notes {
		found = append(found, etl.Find(etl.Info, etl.CodeEditNote, at(n.At), "id", n.ID, "name", n.Name).Said(n.Kind))
	}
	return found
}

// importPage is what the job summary says of an import: each edit with what was published,
// what was typed and what the workspace says.
func (c *Command) importPage(d *desk, e *edits, out *merge.Outcome) string {
	if c.actions() == nil {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n## %s\n\n", mark(c.say.Say("corrections-page", "file", e.name)))
	table := c.editTable(out)
	if table == "" {
		table = c.say.Say("corrections-page-none") + "\n"
	}
	b.WriteString(table + "\n")
	for _, f := range c.findings(d, &takeIn{}, e, out) {
		if f.Severity == etl.Error {
			what, do := f.Words(c.say)
			b.WriteString(refusal(f, what, do))
		}
	}
	return b.String()
}

// editTable is a table of edits in Markdown; empty if there are none.
func (c *Command) editTable(out *merge.Outcome) string {
	var b strings.Builder
	row := func(state message.Key, it *merge.Item) {
		field := string(it.Field)
		if it.Definition() != nil {
			field = it.Definition().Heading.In(c.say.Language())
		}
		cells := []string{it.At.Name(), it.Name, field, it.Published, firstOf(it.Editor, it.Found), it.Workspace, c.say.Say(state)}
		for i := range cells {
			cells[i] = mark(cells[i])
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	for _, part := range []struct {
		state message.Key
		items []merge.Item
	}{{"corrections-state-recorded", out.Recorded}, {"corrections-state-already", out.Already},
		{"corrections-state-conflict", out.Conflicts}, {"corrections-state-refused", out.Refused}} {
		for i := range part.items {
			row(part.state, &part.items[i])
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return fmt.Sprintf("| %s |\n|---|---|---|---|---|---|---|\n%s", strings.ReplaceAll(c.say.Say("corrections-columns"), " ; ", " | "), b.String())
}

func firstOf(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
