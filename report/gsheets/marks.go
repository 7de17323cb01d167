package gsheets

import (
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/pattern"
	"hdsreport/report/formula"
)

// plainFormula writes a formula in one way of the several that mean the same: without
// spaces, in capitals, with ';' between arguments, sheet names without quotation marks.
// Texts in it stay as they are.
func plainFormula(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		switch c := s[i]; c {
		case '"':
			end := i + 1
			for end < len(s) {
				if s[end] == '"' {
					if end+1 < len(s) && s[end+1] == '"' {
						end += 2
						continue
					}
					break
				}
				end++
			}
			end = min(end+1, len(s))
			b.WriteString(s[i:end])
			i = end
		case '\'':
			i++
		case ' ', '\n', '\t', '\r':
			i++
		case ',':
			b.WriteByte(';')
			i++
		default:
			if 'a' <= c && c <= 'z' {
				c -= 'a' - 'A'
			}
			b.WriteByte(c)
			i++
		}
	}
	return b.String()
}

// Text in quotation marks, or a reference: with a sheet's name before it or not, to a
// cell, a range, whole columns or rows, or to what is gone.
var quotedOrReference = pattern.Of(
	`"(?:[^"]|"")*"|(?:'(?:[^']|'')+'!|[\p{L}\p{N}_.]+!)?(?:\$?[A-Za-z]{1,3}\$?[0-9]+(?::\$?[A-Za-z]{1,3}\$?[0-9]+)?|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}|\$?[0-9]+:\$?[0-9]+|#REF!)`,
)

// shape is a formula without what it refers to. Google rewrites references when rows,
// columns and tabs move, and nobody has typed anything then.
func shape(s string) string {
	return plainFormula(quotedOrReference().ReplaceAllStringFunc(s, func(part string) string {
		if part[0] == '"' {
			return part
		}
		return "@"
	}))
}

// key is a content for comparisons across moves.
func (c content) key() string {
	switch c.kind {
	case nothing:
		return ""
	case aFormula:
		return "f" + shape(c.text)
	case aNumber, aTruth:
		return "n" + strconv.FormatFloat(c.num, 'g', 12, 64)
	default:
		return "s" + c.text
	}
}

// markLength is the number of characters of a mark, 24 bits: an edit goes unnoticed once in sixteen
// million.
const markLength = 4

// mark is a short hash of a content, since Google stores only 30,000 characters of metadata a tab.
func mark(key string) string {
	if key == "" {
		return strings.Repeat("-", markLength)
	}
	sum := sha256.Sum256([]byte(key))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:markLength]
}

// digest is a hash of a text.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:12])
}

func dateOf(serial int) string { return etl.DateOfSerial(serial).String() }

// cellName is a cell as people call it, such as B7.
func cellName(row, col int) string { return formula.ColumnName(col) + strconv.Itoa(row+1) }
