package message

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Languages that the tables hold, the default first.
var Languages = []string{"fr", "en"}

// Printer says messages in one language. The zero Printer speaks French.
type Printer struct {
	lang language
}

type language uint8

const (
	french language = iota
	english
)

// In is the printer of a language, by its code. What is no language of the tables is
// French.
func In(code string) Printer {
	if code == "en" {
		return Printer{english}
	}
	return Printer{french}
}

// Language is the code of the printer's language.
func (p Printer) Language() string { return Languages[p.lang] }

// Has tells whether the tables hold a key.
func Has(key Key) bool {
	_, ok := texts()[key]
	return ok
}

// Text says a message. A key or an argument that is missing is a mistake in the program,
// and shows itself as ⟨key⟩.
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

// Say is Text of a message made on the spot.
func (p Printer) Say(key Key, pairs ...any) string { return p.Text(New(key, pairs...)) }

// Error says an error: the message that it carries, a system's error in the
// printer's language where the tables have it, else its own words.
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
	// A wrapper without words of its own lets its cause speak.
	if cause := errors.Unwrap(err); cause != nil && err.Error() == cause.Error() {
		return p.Error(cause)
	}
	return err.Error()
}

// systemErrors are what a person may meet of the system's own errors.
var systemErrors = []struct {
	err error
	key Key
}{
	{syscall.ENOENT, "system-missing"}, {fs.ErrNotExist, "system-missing"},
	{syscall.EACCES, "system-permission"}, {syscall.EPERM, "system-permission"}, {fs.ErrPermission, "system-permission"},
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

// expand writes a text with its arguments in place.
func (p Printer) expand(b *strings.Builder, text string, args Args) {
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		if !ok {
			return
		}
		inside, after := upToBrace(rest)
		text = after
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

// formed says an argument in a form.
func (p Printer) formed(value any, form string) string {
	if inflected, ok := value.(Inflected); ok && form != "" {
		return inflected.SayAs(p, form)
	}
	if form == "q" {
		return p.Quote(p.value(value))
	}
	return p.value(value)
}

// upToBrace cuts a text at the brace that closes what stands before it.
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

// choose writes the singular or the plural.
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

// singular tells which form a number takes: in French less than two, in English
// one alone (Unicode CLDR, cardinal rules).
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

// Quote puts a text in the language's quotation marks.
func (p Printer) Quote(s string) string {
	if p.lang == french {
		return "«\u00a0" + s + "\u00a0»"
	}
	return `"` + s + `"`
}

// Int writes a whole number with its thousands apart.
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

// Date writes a date out, "17 juin 2019", "1er avril 2018", "juin 2019"; month or day
// is 0 where it is not known.
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

// Decimal writes a number with so many decimals.
func (p Printer) Decimal(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if p.lang == french {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}

// Percent writes a share of one as "12 %", without decimals.
func (p Printer) Percent(share float64) string {
	if p.lang == french {
		return p.Decimal(100*share, 0) + "\u00a0%"
	}
	return p.Decimal(100*share, 0) + "%"
}

// Percent is a share of one, as an argument.
type Percent float64

// Say gives "12 %".
func (x Percent) Say(p Printer) string { return p.Percent(float64(x)) }

// value says one argument.
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
	return "⟨?⟩"
}
