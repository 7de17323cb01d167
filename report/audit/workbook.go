package audit

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// workbook is what the rules need of all sheets: read once, then only looked at.
type workbook struct {
	options   Options
	parts     *container
	found     collector
	sheets    []*sheet
	names     map[string]bool // defined, lower case
	sheetKeys map[string]bool // lower case
	texts     texts
	styles    styles
}

// read takes the small parts; the sheets come after, in parallel.
func (w *workbook) read() error {
	root, err := w.parts.relations("")
	if err != nil {
		return err
	}
	docs := kinds(root, "officeDocument")
	if len(docs) == 0 || !w.parts.Has(docs[0].Target) {
		return &UnreadableError{Err: message.Fail(nil, "audit-no-book"), Do: "audit-give-xlsx"}
	}
	book := docs[0].Target
	if err := w.readBook(book); err != nil {
		return err
	}
	return w.readProperties(root)
}

// readBook reads the workbook's own part and what it refers to.
func (w *workbook) readBook(part string) error {
	relations, err := w.parts.relations(part)
	if err != nil {
		return err
	}
	type entry struct{ name, id, state string }
	type name struct{ name, refers string }
	var entries []entry
	var names []name
	active, manual, workbookElement := 0, false, false
	err = w.parts.read(part, maxSmallPart, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start {
				continue
			}
			switch string(s.Name) {
			case "workbook":
				workbookElement = true
			case "workbookView":
				active = s.Attributes().Number("activeTab", 0)
			case "sheet":
				a := s.Attributes()
				entries = append(entries, entry{a.Get("name"), a.Get(":id"), a.Get("state")})
			case "definedName":
				a := s.Attributes()
				names = append(names, name{a.Get("name"), s.Content()})
			case "calcPr":
				manual = s.Attributes().Get("calcMode") == "manual"
			}
		}
		return s.Err()
	})
	if err != nil {
		return err
	}
	if !workbookElement || len(entries) == 0 {
		return &UnreadableError{Part: part, Err: message.Fail(nil, "audit-no-sheet"), Do: "audit-give-xlsx"}
	}
	for _, r := range kinds(relations, "theme") {
		if err := w.styles.readTheme(w.parts, r.Target); err != nil {
			return err
		}
	}
	for _, r := range kinds(relations, "styles") {
		if err := w.styles.read(w.parts, r.Target); err != nil {
			return err
		}
	}
	for _, c := range w.styles.badColours {
		w.found.add("colour", "", excerpt(c))
	}
	for _, r := range kinds(relations, "sharedStrings") {
		if err := w.texts.read(w.parts, r.Target); err != nil {
			return err
		}
	}
	if manual {
		w.found.add("manual-calculation", "", nil)
	}
	w.names, w.sheetKeys = map[string]bool{}, map[string]bool{}
	for _, n := range names {
		w.names[strings.ToLower(n.name)] = true
		if brokenReference(n.refers) {
			w.found.add("defined-name", "", message.New("audit-name-is", "name", excerpt(n.name),
				"refers", excerpt(n.refers)))
		}
	}
	firstVisible := 0
	for firstVisible < len(entries)-1 && entries[firstVisible].state != "" && entries[firstVisible].state != "visible" {
		firstVisible++
	}
	if active != firstVisible {
		w.found.add("sheet-active", "", nil)
	}
	for i, e := range entries {
		w.checkSheetName(e.name)
		s := &sheet{book: w, name: e.name, found: collector{sheet: e.name}, first: i == firstVisible}
		if e.state == "hidden" || e.state == "veryHidden" {
			s.found.add("sheet-hidden", "", nil)
		}
		r, ok := byID(relations, e.id)
		if !ok || r.External || !w.parts.Has(r.Target) {
			w.found.add("part-missing", "", message.New("audit-the-sheet", "name", excerpt(e.name)))
			continue
		}
		s.part, s.kind = r.Target, r.Kind
		if r.Kind == "xlMacrosheet" || r.Kind == "xlIntlMacrosheet" {
			w.found.add("macro", "", message.New("audit-the-sheet", "name", excerpt(e.name)))
		}
		w.sheets = append(w.sheets, s)
	}
	seen := map[string]string{}
	for n := range w.names {
		seen[n] = n
	}
	for _, s := range w.sheets {
		if err := s.readRelated(); err != nil {
			return err
		}
		for _, t := range s.tables {
			s.checkName(t, seen)
		}
	}
	w.readForeign()
	return nil
}

// sheetNameBad are the characters that a sheet's name may not hold.
const sheetNameBad = `[]:*?/\`

func (w *workbook) checkSheetName(name string) {
	bad := func(key message.Key, pairs ...any) {
		pairs = append(pairs, "name", excerpt(name))
		w.found.add("sheet-name", "", message.New(key, pairs...))
	}
	key := strings.ToLower(name)
	switch {
	case strings.TrimSpace(name) == "":
		bad("audit-name-empty")
	case units(name) > maxSheetName:
		bad("audit-name-long", "n", units(name))
	case strings.ContainsAny(name, sheetNameBad):
		bad("audit-name-holds", "signs", sheetNameBad)
	case name[0] == '\'' || name[len(name)-1] == '\'':
		bad("audit-name-apostrophe")
	case key == "history":
		bad("audit-name-kept")
	case w.sheetKeys[key]:
		bad("audit-name-twice")
	}
	w.sheetKeys[key] = true
}

// readForeign looks for what a workbook brings besides cells. Parts are found by
// their place as well as by relations: what nothing refers to is still carried.
func (w *workbook) readForeign() {
	for _, name := range w.parts.Names {
		key := strings.ToLower(name)
		switch {
		case strings.HasSuffix(key, "vbaproject.bin") || strings.Contains(key, "/macrosheets/"):
			w.found.add("macro", "", name)
		case strings.Contains(key, "/externallinks/") && strings.HasSuffix(key, ".xml"):
			w.found.add("external-link", "", name)
		case strings.HasSuffix(key, "/connections.xml") ||
			strings.Contains(key, "/querytables/") && strings.HasSuffix(key, ".xml"):
			w.found.add("connection", "", name)
		case strings.Contains(key, "/embeddings/") || strings.Contains(key, "/activex/") &&
			strings.HasSuffix(key, ".xml"):
			w.found.add("embedded-object", "", name)
		}
	}
}

// libraries put their own name where the author's should be.
var libraries = map[string]bool{"xuri": true, "openpyxl": true, "apache poi": true, "sheetjs": true,
	"xlsxwriter": true, "microsoft office user": true, "user": true}

var languageTag = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
})

func (w *workbook) readProperties(root []ooxml.Relation) error {
	var title, author, language string
	for _, r := range kinds(root, "core-properties") {
		if !w.parts.Has(r.Target) {
			continue
		}
		err := w.parts.read(r.Target, maxSmallPart, func(s *ooxml.Scanner) error {
			for s.Next() {
				if s.Kind != ooxml.Start {
					continue
				}
				switch string(s.Name) {
				case "title":
					title = strings.TrimSpace(s.Content())
				case "creator":
					author = strings.TrimSpace(s.Content())
				case "language":
					language = strings.TrimSpace(s.Content())
				}
			}
			return s.Err()
		})
		if err != nil {
			return err
		}
	}
	if title == "" {
		w.found.add("document-title", "", nil)
	}
	switch {
	case author == "":
		w.found.add("document-author", "", nil)
	case libraries[strings.ToLower(author)]:
		w.found.add("document-author", "", message.New("audit-program", "author", excerpt(author)))
	}
	switch {
	case language == "":
		w.found.add("document-language", "", nil)
	case !languageTag().MatchString(language):
		w.found.add("document-language", "", message.New("audit-no-language", "language", excerpt(language)))
	}
	return nil
}

// brokenReference reports whether a formula refers to cells that are gone, outside its
// texts.
func brokenReference(formula string) bool {
	return strings.Contains(formula, "#REF!") && strings.Contains(withoutTexts(formula), "#REF!")
}

// withoutTexts is a formula with spaces in the place of its texts ("…", in which a
// quotation mark is doubled) and of names of sheets in apostrophes, so that what is
// left is the formula's own. Each byte keeps its place.
func withoutTexts(formula string) string {
	out := []byte(formula)
	quote, brackets := byte(0), 0
	for i := 0; i < len(out); i++ {
		switch c := out[i]; {
		case quote != 0:
			if out[i] = ' '; c == quote {
				quote = 0
			}
		case brackets > 0 && c == '\'':
			i++ // it escapes the next character of a column's name
		case c == '[':
			brackets++
		case c == ']' && brackets > 0:
			brackets--
		case c == '"' && brackets == 0, c == '\'':
			out[i], quote = ' ', c
		}
	}
	return string(out)
}

// textAt is the text that a part of a formula begins with, if it is one.
func textAt(formula string) (string, bool) {
	rest, ok := strings.CutPrefix(strings.TrimLeft(formula, " \n"), `"`)
	var b strings.Builder
	for ok {
		before, after, closed := strings.Cut(rest, `"`)
		b.WriteString(before)
		if !closed || !strings.HasPrefix(after, `"`) {
			return b.String(), true
		}
		b.WriteByte('"')
		rest = after[1:]
	}
	return "", false
}

// texts are the shared texts of all sheets, with what each looks like. They lie
// end to end: a million small strings would cost their headers over again.
type texts struct {
	all   []byte
	ends  []int
	class []class
}

func (t *texts) at(i int) ([]byte, class, bool) {
	if i < 0 || i >= len(t.ends) {
		return nil, blank, false
	}
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.all[from:t.ends[i]], t.class[i], true
}

func (t *texts) read(parts *container, part string) error {
	if !parts.Has(part) {
		return nil
	}
	return parts.read(part, maxTexts, func(s *ooxml.Scanner) error {
		inside, phonetic, from := false, 0, 0
		for s.Next() {
			name := string(s.Name)
			switch s.Kind {
			case ooxml.Start:
				switch name {
				case "si":
					from = len(t.all)
				case "t":
					inside = phonetic == 0
				case "rPh":
					phonetic++
				}
			case ooxml.End:
				switch name {
				case "si":
					t.ends = append(t.ends, len(t.all))
					t.class = append(t.class, classify(t.all[from:]))
				case "t":
					inside = false
				case "rPh":
					phonetic--
				}
			case ooxml.Text:
				if inside {
					t.all = s.AppendText(t.all)
				}
			}
		}
		return s.Err()
	})
}

// relationsOf are a part's relations; one whose part is missing is a finding, and
// so is data that comes from another file.
func (w *workbook) relationsOf(part string, found *collector) ([]ooxml.Relation, error) {
	rs, err := w.parts.relations(part)
	if err != nil {
		return nil, err
	}
	kept := rs[:0]
	for _, r := range rs {
		switch {
		case r.External && r.Kind != "hyperlink":
			found.add("external-link", "", excerpt(r.Target))
		case !r.External && r.Kind != "hyperlink" && !w.parts.Has(r.Target):
			found.add("part-missing", "", path.Base(r.Target))
			continue
		}
		kept = append(kept, r)
	}
	return kept, nil
}
