package audit

import (
	"path"
	"regexp"
	"strings"
	"sync"

	"hdsreport/etl/message"
	"hdsreport/etl/ooxml"
)

// workbook holds what the rules need for all sheets. It is read-only after read.
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

// read reads the small parts; the sheets follow, concurrently.
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
	c, err := w.readContents(part)
	if err != nil {
		return err
	}
	if err := w.readShared(relations); err != nil {
		return err
	}
	if c.manual {
		w.found.add("manual-calculation", "", nil)
	}
	w.names, w.sheetKeys = map[string]bool{}, map[string]bool{}
	for _, n := range c.names {
		w.names[strings.ToLower(n.name)] = true
		if brokenReference(n.refers) {
			w.found.add("defined-name", "", message.New("audit-name-is", "name", excerpt(n.name),
				"refers", excerpt(n.refers)))
		}
	}
	w.openSheets(&c, relations)
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

// contents is what the workbook's own part lists.
type contents struct {
	sheets []sheetEntry
	names  []definedName
	active int  // index of the sheet shown on opening
	manual bool // whether formulas are calculated on request only
}

type sheetEntry struct{ name, id, state string }

type definedName struct {
	name, refers string
	sheet        int // whose name it is, by place in the list of sheets; -1 for the workbook's
}

// readContents reads the workbook's own part.
func (w *workbook) readContents(part string) (contents, error) {
	var c contents
	found := false
	err := w.parts.read(part, maxSmallPart, func(s *ooxml.Scanner) error {
		for s.Next() {
			if s.Kind != ooxml.Start {
				continue
			}
			switch string(s.Name) {
			case "workbook":
				found = true
			case "workbookView":
				c.active = s.Attributes().Number("activeTab", 0)
			case "sheet":
				a := s.Attributes()
				c.sheets = append(c.sheets, sheetEntry{a.Get("name"), a.Get(":id"), a.Get("state")})
			case "definedName":
				a := s.Attributes()
				scope := a.Number("localSheetId", -1)
				c.names = append(c.names, definedName{a.Get("name"), s.Content(), scope})
			case "calcPr":
				c.manual = s.Attributes().Get("calcMode") == "manual"
			}
		}
		return s.Err()
	})
	if err == nil && (!found || len(c.sheets) == 0) {
		err = &UnreadableError{Part: part, Err: message.Fail(nil, "audit-no-sheet"), Do: "audit-give-xlsx"}
	}
	return c, err
}

// readShared reads the theme, the styles and the shared strings.
func (w *workbook) readShared(relations []ooxml.Relation) error {
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
	return nil
}

// openSheets checks the list of sheets and adds those that exist to w.sheets.
func (w *workbook) openSheets(c *contents, relations []ooxml.Relation) {
	firstVisible := 0
	for firstVisible < len(c.sheets)-1 && c.sheets[firstVisible].state != "" && c.sheets[firstVisible].state != "visible" {
		firstVisible++
	}
	if c.active != firstVisible {
		w.found.add("sheet-active", "", nil)
	}
	for i, e := range c.sheets {
		w.checkSheetName(e.name)
		s := &sheet{book: w, name: e.name, found: collector{sheet: e.name}, first: i == firstVisible}
		for _, n := range c.names {
			if n.sheet == i && n.name == "_xlnm.Print_Area" {
				s.paper.area(n.refers)
			}
		}
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
}

// sheetNameBad holds the characters that a sheet's name must not contain.
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
	case ooxml.TextLength(name) > maxSheetName:
		bad("audit-name-long", "n", ooxml.TextLength(name))
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

// readForeign looks for content other than cells. It finds parts by their path as well as
// by relationships, because the file also contains parts that nothing refers to.
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

// libraries put their own name in place of the author's.
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

// withoutTexts returns a formula in which string literals ("…", with quotation marks
// doubled) and sheet names in apostrophes are replaced by spaces. The other bytes keep
// their positions.
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

// textAt returns the string literal at the beginning of a part of a formula, if any.
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

// texts holds the shared strings of all sheets and their classes. They are stored in one
// buffer: a million small strings would need too much memory for their headers.
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

// relationsOf returns a part's relationships. It adds a finding for a relationship to a
// missing part or to data in another file.
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
