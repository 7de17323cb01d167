package message

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Languages are the languages of the tables, the default first.
var Languages = []string{"fr", "en"}

// Printer prints messages in one language. The zero Printer uses French.
type Printer struct {
	lang    language
	options string // what a person adds to the commands that texts name
}

type language uint8

const (
	french language = iota
	english
)

// In returns the printer of a language, given by its code. For unknown codes it is
// French.
func In(code string) Printer {
	if code == "en" {
		return Printer{lang: english}
	}
	return Printer{lang: french}
}

// Configured returns a printer whose texts name commands with the file that a person gave as
// --config, so that they can be typed as they are.
func (p Printer) Configured(file string) Printer {
	p.options = " --config " + quoted(file)
	return p
}

// quoted returns a word as a shell takes it.
func quoted(word string) string {
	if strings.Trim(word, plainInShell) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

const plainInShell = `abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/\:,+@%=`

// Language returns the code of the printer's language.
func (p Printer) Language() string { return Languages[p.lang] }

// Semicolon separates clauses: French has a thin no-break space before it.
func (p Printer) Semicolon() string {
	if p.Language() == "fr" {
		return "\u202f; "
	}
	return "; "
}

// Has reports whether the tables have a key.
func Has(key Key) bool {
	_, ok := rows()[key]
	return ok
}

// Text returns the text of a message. A missing key or argument is a mistake in the
// program, and is printed as ⟨key⟩.
func (p Printer) Text(m Message) string {
	if m.Key == "" {
		return ""
	}
	text, ok := p.text(m.Key)
	if !ok {
		return "⟨" + string(m.Key) + "⟩"
	}
	if len(m.Args) == 0 && !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	p.expand(&b, text, m.Args)
	return b.String()
}

// Say returns the text of a new message.
func (p Printer) Say(key Key, pairs ...any) string { return p.Text(New(key, pairs...)) }

// Error returns the text of an error: its message, or the words of a system error in
// the printer's language if the tables have them, or else err.Error().
func (p Printer) Error(err error) string {
	if err == nil {
		return ""
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var lines []string
		for _, e := range joined.Unwrap() {
			if s := p.Error(e); s != "" {
				lines = append(lines, s)
			}
		}
		return strings.Join(lines, "\n")
	}
	switch e := err.(type) {
	case Sayer:
		return e.Say(p)
	case *Error:
		return p.Text(e.Message)
	case *fs.PathError:
		return p.Say("system-path", "path", e.Path, "why", e.Err)
	case *os.LinkError:
		return p.Say("system-path", "path", e.New, "why", e.Err)
	case *os.SyscallError:
		return p.Error(e.Err)
	}
	for _, known := range systemErrors {
		if err == known.err {
			return p.Text(Message{Key: known.key})
		}
	}
	// If a wrapper adds no words, use its cause.
	if cause := errors.Unwrap(err); cause != nil && err.Error() == cause.Error() {
		return p.Error(cause)
	}
	return err.Error()
}

// systemErrors are the errors of the system that people may see.
var systemErrors = []struct {
	err error
	key Key
}{
	{syscall.ENOENT, "system-missing"}, {fs.ErrNotExist, "system-missing"},
	{syscall.EACCES, "system-permission"}, {syscall.EPERM, "system-permission"},
	{fs.ErrPermission, "system-permission"},
	{syscall.EROFS, "system-read-only"},
	{syscall.ENOSPC, "system-full"},
	{syscall.EISDIR, "system-folder"},
	{syscall.ENOTDIR, "system-not-folder"},
	{syscall.EEXIST, "system-exists"}, {fs.ErrExist, "system-exists"},
	{syscall.ENAMETOOLONG, "system-name-too-long"},
	{syscall.ECONNREFUSED, "system-refused"},
	{syscall.ECONNRESET, "system-reset"},
	{os.ErrDeadlineExceeded, "system-timeout"},
}

// expand writes a text with its arguments.
func (p Printer) expand(b *strings.Builder, text string, args Args) {
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return
		}
		inside, after := upToBrace(rest)
		text = after
		if inside == optionsHere {
			b.WriteString(p.options)
			continue
		}
		if name, forms, ok := strings.Cut(inside, "?"); ok {
			p.choose(b, name, forms, args)
			continue
		}
		name, form, _ := strings.Cut(inside, ":")
		value, ok := args.Get(name)
		if !ok {
			b.WriteString("⟨" + name + "⟩")
			continue
		}
		b.WriteString(p.formed(value, form))
	}
}

// formed returns an argument in a form.
func (p Printer) formed(value any, form string) string {
	if inflected, ok := value.(Inflected); ok && form != "" {
		return inflected.SayAs(p, form)
	}
	if form == "q" {
		return p.Quote(p.value(value))
	}
	return p.value(value)
}

// upToBrace splits a text at the brace that closes what is before it.
func upToBrace(s string) (inside, after string) {
	depth := 1
	for i := range len(s) {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}

// choose writes the singular or the plural form.
func (p Printer) choose(b *strings.Builder, name, forms string, args Args) {
	value, ok := args.Get(name)
	if !ok {
		b.WriteString("⟨" + name + "⟩")
		return
	}
	one, other, _ := strings.Cut(forms, "|")
	form := other
	if p.singular(value) {
		form = one
	}
	p.expand(b, strings.ReplaceAll(form, "#", p.value(value)), args)
}

// singular reports whether a number takes the singular: below 2 in French, only 1 in
// English (Unicode CLDR, cardinal rules).
func (p Printer) singular(value any) bool {
	n, ok := number(value)
	if !ok {
		return false
	}
	if p.lang == french {
		return math.Abs(n) < 2
	}
	return n == 1
}

func number(value any) (float64, bool) {
	switch v := value.(type) {
	case int:
		return float64(v), true
	case int32:
		return float64(v), true
	case int64:
		return float64(v), true
	case uint64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// Quote returns a text in the language's quotation marks.
func (p Printer) Quote(s string) string {
	if p.lang == french {
		return "«\u00a0" + s + "\u00a0»"
	}
	return `"` + s + `"`
}

// Int returns a whole number with separators of thousands.
func (p Printer) Int(n int64) string {
	s := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, s = s[:1], s[1:]
	}
	if len(s) <= 4 && p.lang == french || len(s) <= 3 {
		return sign + s
	}
	apart := ","
	if p.lang == french {
		apart = "\u202f"
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + apart + s[i:]
	}
	return sign + s
}

// Date returns a date in words: "17 juin 2019", "1er avril 2018", "juin 2019". Month or
// day is 0 if unknown.
func (p Printer) Date(year, month, day int) string {
	out := strconv.Itoa(year)
	if month == 0 {
		return out
	}
	out = strings.Fields(p.Say("months"))[month-1] + " " + out
	switch {
	case day == 0:
		return out
	case day == 1 && p.lang == french:
		return "1er " + out
	}
	return strconv.Itoa(day) + " " + out
}

// dateInWords is a date within a text, in either language.
var dateInWords = sync.OnceValue(func() *regexp.Regexp {
	var months []string
	for _, language := range Languages {
		months = append(months, strings.Fields(In(language).Say("months"))...)
	}
	return regexp.MustCompile(`[0-9](?:er)? (?:` + strings.Join(months, "|") + `)(?: [0-9]{4})?\b`)
})

// KeepDates returns a text in which no date is broken at the end of a line.
func KeepDates(text string) string {
	if !strings.ContainsAny(text, "0123456789") {
		return text
	}
	return dateInWords().ReplaceAllStringFunc(text, func(date string) string { return strings.ReplaceAll(date, " ", "\u00a0") })
}

// Decimal returns a number with the given number of decimals.
func (p Printer) Decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if p.lang == french {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Percent returns a fraction as "12 %", without decimals.
func (p Printer) Percent(share float64) string {
	if p.lang == french {
		return p.Decimal(100*share, 0) + "\u00a0%"
	}
	return p.Decimal(100*share, 0) + "%"
}

// Percent is a fraction, as an argument.
type Percent float64

// Say returns "12 %".
func (x Percent) Say(p Printer) string { return p.Percent(float64(x)) }

// value returns the text of one argument.
func (p Printer) value(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case Key:
		return p.Text(Message{Key: v})
	case Message:
		return p.Text(v)
	case Sayer:
		return v.Say(p)
	case error:
		return p.Error(v)
	case int:
		return p.Int(int64(v))
	case int32:
		return p.Int(int64(v))
	case int64:
		return p.Int(v)
	case uint64:
		return p.Int(int64(v))
	case float64:
		return strings.TrimSuffix(p.Decimal(v, 1), p.Decimal(0, 1)[1:])
	case bool:
		if v {
			return p.Text(Message{Key: "yes"})
		}
		return p.Text(Message{Key: "no"})
	case []string:
		return strings.Join(v, ", ")
	case []Message:
		said := make([]string, len(v))
		for i, m := range v {
			said[i] = p.Text(m)
		}
		return strings.Join(said, ", ")
	case interface{ String() string }:
		return v.String()
	}
	// A list of words that have a type of their own, such as states.
	if v := reflect.ValueOf(value); v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.String {
		said := make([]string, v.Len())
		for i := range said {
			said[i] = v.Index(i).String()
		}
		return strings.Join(said, ", ")
	}
	return "⟨?⟩"
}
