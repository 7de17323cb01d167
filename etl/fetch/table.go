package fetch

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"hdsreport/etl"
)

// header is the index of the row that names most columns of a listing, the first of
// equals, as the pipeline finds it; -1 where none names any.
func header(h *etl.Headers, t *etl.Table) int {
	const within = 60
	best, score := -1, 0
	for i, row := range t.Rows[:min(within, len(t.Rows))] {
		if n := h.Recognise(row.Cells); n > score {
			best, score = i, n
		}
	}
	return best
}

// tableSum is the SHA-256 of what a list says: the header's cells and those of the
// rows that the pipeline keeps. Lines of text around the table are no part of it, nor
// are bytes, markup and encoding, nor the order of the rows: a page with a new footer
// and a list that was sorted again hold the same list.
func tableSum(head etl.TableRow, rows []etl.TableRow) string {
	sums := make([][]byte, len(rows))
	for i, r := range rows {
		sums[i] = rowSum(r)
	}
	slices.SortFunc(sums, slices.Compare)
	all := sha256.New()
	all.Write(rowSum(head))
	for _, s := range sums {
		all.Write(s)
	}
	return hex.EncodeToString(all.Sum(nil))
}

func rowSum(r etl.TableRow) []byte {
	var data []byte
	for _, c := range trimmed(r.Cells) {
		c = strings.Join(strings.Fields(c), " ") // a line break is markup here
		data = binary.AppendUvarint(data, uint64(len(c)))
		data = append(data, c...)
	}
	sum := sha256.Sum256(data)
	return sum[:]
}

// trimmed leaves out empty cells at the end.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
