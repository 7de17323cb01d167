package message

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"hdsreport/etl/embedded"
)

// The tables: columns key, fr and en, one file for each part of the program.
//
//go:embed tables/*.csv
var tables embed.FS

// rows returns the text of each key as it stands in its table, French and English in one.
// Most runs use a tenth of the texts, so only those are taken apart.
var rows = sync.OnceValue(func() map[Key]string {
	all := make(map[Key]string, 2048)
	files, err := tables.ReadDir("tables")
	if err != nil {
		panic(err)
	}
	var text strings.Builder
	text.Grow(320 << 10) // of all tables
	buffer := make([]byte, 32<<10)
	for _, f := range files {
		from := text.Len()
		file, err := tables.Open("tables/" + f.Name())
		if err == nil {
			_, err = io.CopyBuffer(&text, file, buffer)
		}
		if err != nil {
			panic(err)
		}
		row, rest := embedded.Row(text.String()[from:])
		if row != "key,fr,en" {
			panic(fmt.Sprintf("message: %s: the columns are %s, not key,fr,en", f.Name(), row))
		}
		for rest != "" {
			row, rest = embedded.Row(rest)
			key, texts, _ := strings.Cut(row, ",")
			if _, twice := all[Key(key)]; twice {
				panic(fmt.Sprintf("message: %s: the key %s is there twice", f.Name(), key))
			}
			all[Key(key)] = texts
		}
	}
	return all
})

// Every run needs the tables, and another core has the time to read them while libraries are
// initialised: 0.4 ms of the smallest job.
func init() { go rows() }

// ready caches texts after typesetting. A long list uses one text a hundred thousand
// times, and most runs never use most of the texts.
var ready [2]sync.Map

// text returns a text in the printer's language.
func (p Printer) text(key Key) (string, bool) {
	if text, ok := ready[p.lang].Load(key); ok {
		return text.(string), true
	}
	row, ok := rows()[key]
	if !ok {
		return "", false
	}
	both := embedded.Cells(make([]string, 0, len(Languages)), row)
	text := typeset(both[p.lang], p.lang == french)
	ready[p.lang].Store(key, text)
	return text, true
}

// typeset inserts the spaces and apostrophes of the language, except in names of
// arguments and between backquotes, which contain text to be typed.
func typeset(text string, inFrench bool) string {
	var b strings.Builder
	for i, part := range strings.Split(text, "`") {
		if i%2 == 1 {
			b.WriteString(part)
			if takesOptions(part) {
				b.WriteString("{" + optionsHere + "}")
			}
			continue
		}
		if inFrench {
			part = frenchSigns.Replace(part)
		}
		b.WriteString(part)
	}
	return b.String()
}

// optionsHere stands in a text for the printer's options.
const optionsHere = "--"

// takesOptions reports whether a text to be typed is a command that reads a workspace and
// does not name its file yet.
func takesOptions(typed string) bool {
	command, ok := strings.CutPrefix(typed, "hdsreport ")
	command, _, _ = strings.Cut(command, " ")
	return ok && !strings.Contains(typed, "--config") && !strings.Contains(typed, "--help") && !slices.Contains(WithoutWorkspace, command)
}

// WithoutWorkspace are the commands that have no flag --config.
var WithoutWorkspace = []string{"init", "audit", "version", "help", "completion"}

// frenchSigns follows the rules of the Imprimerie nationale: a no-break space before a
// colon and inside quotation marks, and a narrow one before the other double signs.
var frenchSigns = strings.NewReplacer(
	"'", "’",
	" :", "\u00a0:", " ;", "\u202f;", " ?", "\u202f?", " !", "\u202f!",
	"« ", "«\u00a0", " »", "\u00a0»", " %", "\u00a0%",
)
