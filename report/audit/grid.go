package audit

import "unicode/utf16"

// Limits of the format: Microsoft, "Excel specifications and limits".
const (
	maxText      = 32_767 // UTF-16 units in a cell
	maxHeader    = 255
	maxSheetName = 31
	maxLiteral   = 255 // of a drop-down's list within its formula
)

func units(s string) int {
	if len(s) <= maxSheetName {
		ascii := true
		for i := range len(s) {
			ascii = ascii && s[i] < 0x80
		}
		if ascii {
			return len(s)
		}
	}
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}
