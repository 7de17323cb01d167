package message

// Cut returns s, or where it has more than so many characters its beginning and an
// ellipsis, which together have that many.
func Cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}
