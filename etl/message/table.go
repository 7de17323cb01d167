package message

import (
	"embed"
	"encoding/csv"
	"fmt"
	"strings"
	"sync"
)

// The tables: columns key, fr and en, one file for each part of the program.
//
//go:embed tables/*.csv
var tables embed.FS

// texts returns all texts by key, as in the tables, in the order of Languages.
var texts = sync.OnceValue(func() map[Key][2]string {
	all := map[Key][2]string{}
	files, err := tables.ReadDir("tables")
	if err != nil {
		panic(err)
	}
	for _, f := range files {
		if err := readTable(all, "tables/"+f.Name()); err != nil {
			panic(fmt.Sprintf("message: %s: %v", f.Name(), err))
		}
	}
	return all
})

// ready caches texts after typesetting. A long list uses one text a hundred thousand
// times, and most runs never use most of the texts.
var ready [2]sync.Map

// text returns a text in the printer's language.
func (p Printer) text(key Key) (string, bool) {
	if text, ok := ready[p.lang].Load(key); ok {
		return text.(string), true
	}
	both, ok := texts()[key]
	if !ok {
		return "", false
	}
	text := typeset(both[p.lang], p.lang == french)
	ready[p.lang].Store(key, text)
	return text, true
}

func readTable(all map[Key][2]string, name string) error {
	data, err := tables.ReadFile(name)
	if err != nil {
		return err
	}
	r := csv.NewReader(strings.NewReader(string(data)))
	r.FieldsPerRecord = 3
	lines, err := r.ReadAll()
	if err != nil {
		return err
	}
	for i, line := range lines {
		if i == 0 {
			if line[0] != "key" || line[1] != "fr" || line[2] != "en" {
				return fmt.Errorf("the columns are %v, not key, fr, en", line)
			}
			continue
		}
		key := Key(line[0])
		if _, twice := all[key]; twice {
			return fmt.Errorf("the key %s is there twice", key)
		}
		all[key] = [2]string{line[1], line[2]}
	}
	return nil
}

// typeset inserts the spaces and apostrophes of the language, except in names of
// arguments and between backquotes, which contain text to be typed.
func typeset(text string, inFrench bool) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			b.WriteString(part)
			continue
		}
		if inFrench {
			part = frenchSigns.Replace(part)
		}
		b.WriteString(part)
	}
	return b.String()
}

// frenchSigns follows the rules of the Imprimerie nationale: a no-break space before a
// colon and inside quotation marks, and a narrow one before the other double signs.
var frenchSigns = strings.NewReplacer(
	"'", "’",
	" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!",
	"« ", "«\u00a0", " »", "\u00a0»", " %", "\u00a0%",
)
