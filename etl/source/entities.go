package source

import (
	"bytes"
	"html"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

var entityPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`&(?:[A-Za-z]{2,8}|#[0-9]{2,5}|#[xX][0-9A-Fa-f]{2,4});`)
})

// unescapeEntities undoes entities of HTML, which a program left in plain text: "R&amp;D",
// "d&#039;assurance". It leaves those that stand for nothing that the lists are written with.
func unescapeEntities(s string) string {
	if strings.IndexByte(s, '&') < 0 || strings.IndexByte(s, ';') < 0 {
		return s
	}
	return entityPattern().ReplaceAllStringFunc(s, func(entity string) string {
		text := html.UnescapeString(entity)
		if r, size := utf8.DecodeRuneInString(text); size == len(text) && (r >= ' ' && r < 0x7f || misreadings[0].typical(r)) {
			return text
		}
		return entity
	})
}

// endsEntity reports whether a field goes on after a semicolon that separates fields,
// because it ends an entity: "R&amp;D" without quotes.
func endsEntity(field []byte) bool {
	const longest = 24 // bytes
	at := bytes.LastIndexByte(field, '&')
	if at < 0 || at < len(field)-longest {
		return false
	}
	entity := string(field[at:])
	for len(entity) > len("&amp;") && strings.HasPrefix(entity, "&amp;") { // escaped more than once
		entity = "&" + entity[len("&amp;"):]
	}
	return strings.IndexByte(entity, ';') == len(entity)-1 && unescapeEntities(entity) != entity
}
