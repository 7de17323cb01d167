package published

import (
	"cmp"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/cores"
	"hdsreport/etl/message"
)

// Everyone returns the actors of every publication that was kept, each once, by rising id:
// with its name in the last publication that has it, and all spellings of the source. A
// folder that does not exist holds nobody.
func Everyone(dir string) ([]etl.PublishedActor, error) {
	names, err := Generations(dir)
	if err != nil {
		return nil, err
	}
	// Newsrooms keep dozens of publications, which take most of the time of this.
	rows, errs := make([][]publishedRow, len(names)), make([]error, len(names))
	cores.Every(len(names), func(i int) { rows[i], errs[i] = actorRows(file(dir, names[i])) })
	if err := cmp.Or(errs...); err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []etl.PublishedActor
	for _, r := range slices.Concat(rows...) {
		i, known := at[r.id]
		if !known {
			i = len(out)
			at[r.id] = i
			out = append(out, etl.PublishedActor{ID: r.id})
		}
		if r.name != "" {
			out[i].Name = r.name
		}
		if r.source != "" && !slices.Contains(out[i].Sources, r.source) {
			out[i].Sources = append(out[i].Sources, r.source)
		}
	}
	slices.SortFunc(out, func(a, b etl.PublishedActor) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// publishedRow is what a row of a publication says of its actor: its id, its name and its
// spelling.
type publishedRow struct{ id, name, source string }

// actorRows returns what the rows of a publication say of actors. Other cells are not looked
// at.
func actorRows(name string) ([]publishedRow, error) {
	text, err := atomicfile.Read(name)
	if err != nil {
		return nil, err
	}
	var p struct {
		Tables []struct {
			Columns []storedColumn      `json:"columns"`
			Rows    [][]json.RawMessage `json:"rows"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return nil, message.Fail(nil, "published-damaged", "file", filepath.ToSlash(name),
			"why", message.New("published-no-json", "why", err.Error()))
	}
	var out []publishedRow
	for _, t := range p.Tables {
		column := func(id string) int {
			return slices.IndexFunc(t.Columns, func(c storedColumn) bool { return c.ID == id })
		}
		id, name, source := column("id"), column("name"), column("source_name")
		for _, row := range t.Rows {
			text := func(i int) (s string) {
				if i >= 0 && i < len(row) && len(row[i]) > 0 && row[i][0] == '"' {
					_ = json.Unmarshal(row[i], &s) // a text, as its first byte says
				}
				return s
			}
			if actor := etl.ActorOf(text(id)); actor != "" {
				out = append(out, publishedRow{actor, text(name), text(source)})
			}
		}
	}
	return out, nil
}
