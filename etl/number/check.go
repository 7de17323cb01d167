package number

import (
	"fmt"
	"strings"
)

// ValidSIREN reports whether a text is a SIREN: nine digits that pass Luhn's check
// (INSEE, SIRENE). Zeros alone are nobody's.
func ValidSIREN(s string) bool {
	return len(s) == 9 && digits(s) && sum(s, 2)%10 == 0 && strings.Trim(s, "0") != ""
}

// laPoste is the SIREN of La Poste, whose sites beyond the first have numbers of their
// own kind: the sum of their digits is a multiple of five.
const laPoste = "356000000"

// ValidSIRET reports whether a text is a SIRET: a SIREN and five digits, which together
// pass Luhn's check, or La Poste's.
func ValidSIRET(s string) bool {
	if len(s) != 14 || !digits(s) || !ValidSIREN(s[:9]) {
		return false
	}
	return sum(s, 2)%10 == 0 || s[:9] == laPoste && sum(s, 1)%5 == 0
}

// ValidFINESS reports whether a text is a FINESS number: nine characters that pass
// Luhn's check, where the letters of the Corsican departments 2A and 2B count as 1 and
// 2.
func ValidFINESS(s string) bool {
	if !finessForm().MatchString(s) {
		return false
	}
	b := []byte(s)
	if b[1] == 'A' || b[1] == 'B' {
		if b[0] != '2' {
			return false
		}
		b[1] = b[1] - 'A' + '1'
	}
	return sum(string(b), 2)%10 == 0
}

// sum returns the sum of the digits of s, each second one from the right multiplied by
// times, and of the products' own digits.
func sum(s string, times int) int {
	total := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 1 {
			if d *= times; d > 9 {
				d -= 9
			}
		}
		total += d
	}
	return total
}

// key returns the two digits that precede a SIREN in a French VAT number: 12 + 3 × (SIREN
// mod 97), mod 97.
func key(siren string) string {
	n := 0
	for i := range len(siren) {
		n = 10*n + int(siren[i]-'0')
	}
	return fmt.Sprintf("%02d", (12+3*(n%97))%97)
}
