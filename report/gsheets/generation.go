package gsheets

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	sheets "google.golang.org/api/sheets/v4"

	"hdsreport/etl/message"
)

// The keys of our metadata, visible to every program that may read the document: one
// service account must find what another one wrote.
const (
	keyGeneration = "hdsreport.generation" // on the spreadsheet, one an applied batch
	keySheet      = "hdsreport.sheet"      // on a tab: Sheet.ID and the tab's own id
	keyColumn     = "hdsreport.column"     // on a column: Column.ID
	keyHeader     = "hdsreport.header"     // on the row of a table's header
	keyMemo       = "hdsreport.objects"    // on a tab: what of it is ours besides cells
	keyMarks      = "hdsreport.cells"      // on a tab: marks of the cells outside the rows of a list
	visibility    = "DOCUMENT"
)

// format is the version of the drawing of a book. When it changes, an unchanged edition is written
// again.
const format = 1

// keptEntries is how many generations are kept. A batch that reaches Google late must
// still find its id taken.
const keptEntries = 20

// entry is one applied batch: what it wrote, and the entry that it came after.
type entry struct {
	ID         int64  `json:"-"`
	Generation string `json:"generation"`
	Edition    string `json:"edition"`
	Format     int    `json:"format"`
	Parent     int64  `json:"parent,omitempty"`
	Read       string `json:"read,omitempty"` // digest of our tabs as they were read before
}

func (e entry) text() string {
	text, err := json.Marshal(e)
	if err != nil {
		panic("gsheets: " + err.Error()) // texts and numbers
	}
	return string(text)
}

// entriesOf are the generations of a spreadsheet, the oldest first.
func entriesOf(doc *sheets.Spreadsheet) ([]entry, error) {
	var all []entry
	for _, m := range doc.DeveloperMetadata {
		if m.MetadataKey != keyGeneration {
			continue
		}
		e := entry{ID: m.MetadataId}
		if err := json.Unmarshal([]byte(m.MetadataValue), &e); err != nil {
			return nil, message.Fail(err, "sheet-generation-damaged", "key", keyGeneration, "id",
				strconv.FormatInt(m.MetadataId, 10), "why", err)
		}
		all = append(all, e)
	}
	return inOrder(all), nil
}

// inOrder follows the parents. The last entry is the one that is nobody's parent.
func inOrder(all []entry) []entry {
	byID := map[int64]entry{}
	parent := map[int64]bool{}
	for _, e := range all {
		byID[e.ID] = e
		parent[e.Parent] = true
	}
	var ends []entry
	for _, e := range all {
		if !parent[e.ID] {
			ends = append(ends, e)
		}
	}
	// There is one end, unless somebody deleted entries by hand.
	slices.SortFunc(ends, func(a, b entry) int { return int(a.ID - b.ID) })
	var out []entry
	for _, end := range ends {
		var line []entry
		for e, ok := end, true; ok && len(line) <= len(all); e, ok = byID[e.Parent] {
			line = append(line, e)
			delete(byID, e.ID)
		}
		slices.Reverse(line)
		out = append(out, line...)
	}
	return out
}

// lastOf is the generation that stands in the sheet; the zero entry where there is none.
func lastOf(entries []entry) entry {
	if len(entries) == 0 {
		return entry{}
	}
	return entries[len(entries)-1]
}

// holds reports whether a batch was applied: its entry is there.
func holds(entries []entry, e entry) bool {
	return slices.ContainsFunc(entries, func(x entry) bool { return x.ID == e.ID && x.text() == e.text() })
}

// after gives an entry the one id that the batch after last may have. Two publishers who have read
// the same state choose the same id, and Google refuses the second.
func (e entry) after(spreadsheet string, last entry, taken map[int64]bool) entry {
	e.Parent = last.ID
	seed := []string{"generation", spreadsheet}
	if last.ID != 0 {
		seed = append(seed, strconv.FormatInt(last.ID, 10), last.text())
	}
	e.ID = freeID(taken, seed...)
	return e
}

// freeID chooses an id for something new. It depends only on what the thing is and which ids are
// taken, so that planning twice gives the same bytes.
func freeID(taken map[int64]bool, parts ...string) int64 {
	for n := 0; ; n++ {
		sum := sha256.New()
		for _, p := range append(parts, strconv.Itoa(n)) {
			fmt.Fprintf(sum, "%d:%s", len(p), p)
		}
		id := int64(binary.BigEndian.Uint32(sum.Sum(nil)) &^ (1 << 31))
		if id != 0 && !taken[id] {
			taken[id] = true
			return id
		}
	}
}
