package ooxml

// TextLength returns the length of a text as spreadsheets count it, in UTF-16 units.
func TextLength(s string) int {
	n := 0
	for _, r := range s {
		if n++; r > 0xFFFF {
			n++
		}
	}
	return n
}
