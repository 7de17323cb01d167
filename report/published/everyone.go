package published

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/message"
)

// Everyone returns the actors of every publication that was kept, each once, by rising id:
// with its name in the last publication that has it, and all spellings of the source. A
// folder that does not exist holds nobody.
func Everyone(dir string) ([]etl.PublishedActor, error) {
	names, err := inOrder(dir)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var out []etl.PublishedActor
	for _, name := range names {
		err := eachActor(filepath.Join(dir, name), func(id, name, source string) {
			i, known := at[id]
			if !known {
				i = len(out)
				at[id] = i
				out = append(out, etl.PublishedActor{ID: id})
			}
			if name != "" {
				out[i].Name = name
			}
			if source != "" && !slices.Contains(out[i].Sources, source) {
				out[i].Sources = append(out[i].Sources, source)
			}
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(out, func(a, b etl.PublishedActor) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// inOrder returns the files of publications: first those that the history does not know,
// then by when they were last published.
func inOrder(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	told, _, err := history(dir)
	if err != nil {
		return nil, err
	}
	last := map[string]int{}
	for i, e := range told {
		last[e.Generation+".json"] = i + 1
	}
	var names []string
	for _, e := range entries {
		if name, is := strings.CutSuffix(e.Name(), ".json"); is && generation().MatchString(name) {
			names = append(names, e.Name())
		}
	}
	slices.SortStableFunc(names, func(a, b string) int { return last[a] - last[b] })
	return names, nil
}

// eachActor calls yield for the actor of each row of a publication, with its name and its
// spelling. Other cells are not looked at.
func eachActor(file string, yield func(id, name, source string)) error {
	text, err := atomicfile.Read(file)
	if err != nil {
		return err
	}
	var p struct {
		Tables []struct {
			Columns []storedColumn      `json:"columns"`
			Rows    [][]json.RawMessage `json:"rows"`
		} `json:"tables"`
	}
	if err := json.Unmarshal(text, &p); err != nil {
		return message.Fail(nil, "published-damaged", "file", filepath.ToSlash(file),
			"why", message.New("published-no-json", "why", err.Error()))
	}
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
				yield(actor, text(name), text(source))
			}
		}
	}
	return nil
}
