package fetch

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"hdsreport/etl"
)

// tableSum returns the SHA-256 of a list's content: the cells of the header and of the
// rows that the pipeline keeps. Text around the table, bytes, markup, encoding and the
// order of rows do not matter, so a new footer or another order does not count as a
// change.
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

// trimmed removes empty cells at the end.
func trimmed(cells []string) []string {
	for len(cells) > 0 && cells[len(cells)-1] == "" {
		cells = cells[:len(cells)-1]
	}
	return cells
}
