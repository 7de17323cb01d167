// Package novalue knows the words by which a cell says that there is no value.
package novalue

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Word reports whether a text, in lower case, without accents and with single spaces for all
// that is no letter or digit, says that there is no value.
func Word(folded string) bool {
	switch folded {
	case "nc", "n c", "nd", "n d", "na", "n a", "so", "s o", "nr", "n r", "nan", "none", "null", "nil", "undefined", "vide",
		"neant", "aucun", "aucune", "sans objet", "inconnu", "inconnue", "unknown",
		"non communique", "non communiquee", "non renseigne", "non renseignee", "non disponible", "non applicable",
		"not available", "not applicable":
		return true
	}
	return false
}

// Fold returns a text as Word takes it.
func Fold(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r), unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(s))
	return strings.Join(strings.Fields(s), " ")
}
