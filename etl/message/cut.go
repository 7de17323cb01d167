package message

// Cut returns s, shortened to at most most characters. If it is cut, it ends with an
// ellipsis.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
