package main

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/merge"
	"hdsreport/etl/message"
	"hdsreport/etl/records"
	"hdsreport/report/gsheets"
	"hdsreport/report/published"
)

// sheetEdits reads the shared sheet, once, and sends nothing.
func (c *Command) sheetEdits(ctx context.Context, d *desk, o *takeIn) (*edits, error) {
	if err := c.publishable(&d.config.Publish); err != nil {
		return nil, err
	}
	if d.config.Publish.Spreadsheet == "" {
		return nil, &config.Error{Key: "publish.spreadsheet", What: message.New("config-no-spreadsheet"),
			Do: message.New("config-no-spreadsheet.do")}
	}
	opts, err := c.sheetOptions(d.job)
	if err != nil {
		return nil, err
	}
	found, err := gsheets.Edits(ctx, d.book, opts)
	c.state("")
	if err != nil {
		return nil, c.notRead(err)
	}
	e := &edits{name: c.say.Say("corrections-sheet"), changes: &merge.Changes{},
		base: baseOf{Generation: found.Generation, From: "sheet"}}
	name := found.Generation
	if o.base != "" {
		name, e.base.From = o.base, "given"
	}
	return e, d.typedEdits(e, name, c.typed(found.Edits))
}

// notRead tells why Google could not be read.
func (c *Command) notRead(err error) error {
	c.actions().notice(etl.Error, c.say.Say("sheet-failed.title"), c.say.Error(err))
	return err
}

// typed makes cells for a merge of what people did in the shared sheet.
func (c *Command) typed(found []gsheets.Edit) []merge.Typed {
	var out []merge.Typed
	for _, e := range found {
		t := merge.Typed{Sheet: c.sheetName(e.Sheet), Row: e.Row, Actor: e.Actor, Field: e.Field, Header: e.Header,
			Published: e.Published, Found: e.Found, Own: e.Kept() && e.Field != "status"}
		t.List, t.Outside = listOf(e.Sheet)
		out = append(out, t)
	}
	return out
}

func (c *Command) sheetName(id string) string {
	if key, known := sheetNames[id]; known {
		return c.say.Say(key)
	}
	return id
}

// listOf is the list of a sheet; outside for one that has none.
func listOf(sheet string) (l etl.Listing, outside bool) {
	for _, l := range etl.Listings {
		if l.String() == sheet {
			return l, false
		}
	}
	return 0, true
}

// savedEdits reads a file of edits that a refused publication has saved.
func (c *Command) savedEdits(d *desk, o *takeIn) (*edits, error) {
	data, err := atomicfile.Read(o.file)
	if err != nil {
		return nil, err
	}
	rows, found, err := records.Read[typedEdit](data, display(o.file), nil)
	if err != nil {
		return nil, err
	}
	for _, f := range found {
		if f.Severity == etl.Error {
			return nil, message.Fail(nil, "corrections-no-edits", "file", display(o.file), "fault", f)
		}
	}
	e := &edits{name: display(o.file), changes: &merge.Changes{}, base: baseOf{From: "file"}}
	var typed []merge.Typed
	name := ""
	for _, r := range rows {
		name = r.Generation
		t := merge.Typed{Sheet: c.sheetName(r.Sheet), Row: r.Row, Actor: r.Actor, Field: r.Field, Header: r.Header,
			Published: bare(r.Published), Found: bare(r.Found)}
		t.List, t.Outside = listOf(r.Sheet)
		typed = append(typed, t)
	}
	if o.base != "" {
		name, e.base.From = o.base, "given"
	}
	if name == "" && len(typed) > 0 { // a file of an older program says none: it was the shared sheet's last
		last, err := published.Last(d.published(), published.Spreadsheet, d.result.Edition.ID)
		if err != nil {
			return nil, err
		}
		if last != nil {
			name, e.base.From = last.Generation, "nearest"
		}
	}
	return e, d.typedEdits(e, name, typed)
}

// bare takes away the apostrophe of inert.
func bare(s string) string {
	if rest, ok := strings.CutPrefix(s, "'"); ok && rest != "" && strings.ContainsRune("=+-@\t\r", rune(rest[0])) {
		return rest
	}
	return s
}

// typedEdits compares cells that were typed with the publication that a sheet bore.
func (d *desk) typedEdits(e *edits, generation string, typed []merge.Typed) error {
	e.base.Generation = generation
	if len(typed) == 0 && generation == "" {
		return nil
	}
	if len(generation) >= 4 && len(generation) < 32 {
		all, err := published.Generations(d.published())
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(all, func(g string) bool { return strings.HasPrefix(g, generation) }); i >= 0 {
			generation = all[i]
		}
	}
	p, err := published.Read(d.published(), generation)
	if errors.Is(err, fs.ErrNotExist) {
		e.changes.Whole = merge.WhyUnknownGeneration
		return nil
	}
	if err != nil {
		return err
	}
	e.base.Generation, e.base.Edition = p.Generation, p.Edition
	e.was = d.reader.Published(p)
	file, refused, notes := merge.Apply(e.was, typed)
	e.changes = merge.Find(d.today.Ref, e.was, file, d.reader.Words())
	if e.changes.Whole == "" {
		e.changes.Refused = append(e.changes.Refused, refused...)
		e.changes.Notes = append(e.changes.Notes, notes...)
	}
	return nil
}
