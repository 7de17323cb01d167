package report

import (
	"fmt"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Labels holds the texts of the sheets in one language, by key. The table is in package
// config. In a text, {name} is replaced by a value.
type Labels struct {
	Language string // fr or en
	Texts    map[string]string
}

// Get returns a text with its values, given as name, value, name, value. For an unknown
// key, which is a programming error, it returns the key.
func (l Labels) Get(key string, pairs ...string) string {
	text, ok := l.Texts[key]
	if !ok {
		return "⟨" + key + "⟩"
	}
	if len(pairs) == 0 {
		return text
	}
	for i := range pairs {
		if i%2 == 0 {
			pairs[i] = "{" + pairs[i] + "}"
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// InWords returns a small number in words ("six"), a larger one in digits.
func (l Labels) InWords(n int) string {
	words := strings.Fields(l.Get("numbers"))
	if n < 0 || n >= len(words) {
		return strconv.Itoa(n)
	}
	return words[n]
}

// nbsp is a no-break space.
const nbsp = "\u00a0"

// Date writes a date out: "17 juin 2019", "1er avril 2018", "juin 2019".
func (l Labels) Date(d etl.Date) string {
	if d.IsZero() {
		return ""
	}
	return strings.ReplaceAll(message.In(l.Language).Date(int(d.Year), int(d.Month), int(d.Day)), " ", nbsp)
}

// Edition returns the name of an edition as a date in words, to the day or to the month.
func (l Labels) Edition(id string) string {
	d, ok := etl.ParseDate(id)
	if !ok {
		return id
	}
	return l.Date(d)
}

// OfEdition is an edition after the word "édition": "de février 2019", "du 17 juin
// 2019", "d’avril 2019"; in English the date alone, which stands before the word.
func (l Labels) OfEdition(id string) string {
	date := l.Edition(id)
	d, ok := etl.ParseDate(id)
	switch {
	case !ok || l.Language != "fr":
		return date
	case d.Full():
		return "du" + nbsp + date
	case strings.ContainsAny(date[:1], "ao"):
		return "d’" + date
	default:
		return "de " + date
	}
}

// Day writes a date in figures, as the cells of the sheets show it: "17/06/2019",
// "06/2019".
func (l Labels) Day(d etl.Date) string {
	switch {
	case d.IsZero():
		return ""
	case d.Month == 0:
		return fmt.Sprintf("%04d", d.Year)
	case !d.Full():
		return fmt.Sprintf("%02d/%04d", d.Month, d.Year)
	default:
		return fmt.Sprintf("%02d/%02d/%04d", d.Day, d.Month, d.Year)
	}
}

// nameSeparator separates names, in both languages.
const nameSeparator = ", "

// names lists names for a sentence: all of them if they are few. It never ends in "and 1
// others" but adds that name.
func (l Labels) names(names []string, most int) string {
	if len(names) == 0 {
		return l.Get("names.none")
	}
	if len(names) > most+1 {
		return l.Get("names.more", "names", strings.Join(names[:most], nameSeparator),
			"n", strconv.Itoa(len(names)-most))
	}
	return strings.Join(names, nameSeparator)
}
