// Package message holds what the program says to people, in French and in English.
//
// A [Message] is a key and named arguments. It is a plain value: it can be compared,
// stored, and printed later, in the language of whoever reads it. The words stand in the
// tables of this package, a line a key. A [Printer] puts the two together:
//
//	m := message.New("fetch-timeout", "url", address, "seconds", 30)
//	message.In("fr").Text(m)
//
// In a text of the tables
//
//   - {name} stands for an argument;
//   - {name:q} stands for it in the language's quotation marks;
//   - {name:form} stands for it in a form that the argument knows, see [Inflected];
//   - {n?# acteur est parti|# acteurs sont partis} chooses by a number: the first part for
//     the singular, the second for the plural, as the language counts (French says 0 acteur,
//     English 0 actors). A # in it is the number.
//
// An argument is a string, an integer, a float, a bool, an error, a slice of strings or
// of messages, another Message, a [List], or a [Sayer]. The tables are written with plain
// apostrophes and spaces; the package puts in what French typography asks for: ’, a
// no-break space before a colon and inside « », a narrow one before ; ? and !. A text
// between backquotes is something to type, such as a command: it stays as it is, without
// the backquotes.
package message

import (
	"encoding/json"
	"strings"
)

// Key is the key of a text in the tables.
type Key string

// Message is a text of the tables with its arguments. The zero Message is empty.
type Message struct {
	Key  Key
	Args Args
}

// Arg is one named argument.
type Arg struct {
	Name  string
	Value any
}

// Args are the arguments of a message, in the order given.
type Args []Arg

// New returns a message with its arguments, given as name, value, name, value.
func New(key Key, pairs ...any) Message { return Message{key, Pairs(pairs...)} }

// Pairs returns arguments given as name, value, name, value. It panics on anything
// else, which is a mistake in the program.
func Pairs(pairs ...any) Args {
	if len(pairs) == 0 {
		return nil
	}
	if len(pairs)%2 != 0 {
		panic("message: arguments are name, value, name, value")
	}
	args := make(Args, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		args = append(args, Arg{pairs[i].(string), pairs[i+1]})
	}
	return args
}

// Pairs returns the arguments as New takes them.
func (m Message) Pairs() []any {
	var out []any
	for _, a := range m.Args {
		out = append(out, a.Name, a.Value)
	}
	return out
}

// Get returns the value of an argument, and whether there is one.
func (a Args) Get(name string) (any, bool) {
	for _, arg := range a {
		if arg.Name == name {
			return arg.Value, true
		}
	}
	return nil, false
}

// MarshalJSON writes an object for programs. Texts and numbers are written as such;
// values with different words in each language as what identifies them. Arguments that
// are messages are objects with key and args.
func (a Args) MarshalJSON() ([]byte, error) {
	m := make(map[string]any, len(a)) // {} rather than null
	for _, arg := range a {
		switch v := arg.Value.(type) {
		case error:
			m[arg.Name] = v.Error()
		case List:
			m[arg.Name] = v.Items
		default:
			m[arg.Name] = v
		}
	}
	return json.Marshal(m)
}

// MarshalJSON writes {"key": …, "args": …}.
func (m Message) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Key  Key  `json:"key"`
		Args Args `json:"args"`
	}{m.Key, m.Args})
}

// IsZero reports whether the message is empty.
func (m Message) IsZero() bool { return m.Key == "" }

// String returns the message in English, for logs and tests.
func (m Message) String() string { return In("en").Text(m) }

// Sayer is an argument with its own words in each language, such as a date or a field
// of a list.
type Sayer interface {
	Say(p Printer) string
}

// Inflected is a Sayer with different forms after some words of a language, such as "du
// 17 juin 2019" and "de février 2019".
type Inflected interface {
	Sayer
	SayAs(p Printer, form string) string
}

// List is an argument that lists things: the first Most of them, and how many more
// there are. If Most is 0, it lists all.
type List struct {
	Items []string
	Most  int
}

// Say returns "a, b et 3 autres".
func (l List) Say(p Printer) string {
	shown := l.Items
	if l.Most > 0 && len(shown) > l.Most {
		shown = shown[:l.Most]
	}
	said := ""
	for i, s := range shown {
		if i > 0 {
			said += ", "
		}
		said += s
	}
	if more := len(l.Items) - len(shown); more > 0 {
		return p.Text(New("list-more", "names", said, "n", more))
	}
	return said
}

// Joined is an argument that consists of several messages.
type Joined []Message

// Say returns "a; b", with the spaces of the language.
func (j Joined) Say(p Printer) string {
	said := make([]string, len(j))
	for i, m := range j {
		said[i] = p.Text(m)
	}
	return strings.Join(said, p.Say("joined"))
}

// Error is an error with a message.
type Error struct {
	Message Message
	Cause   error // may be nil
}

// Fail returns an error with a message. The cause is for errors.Is; its words appear
// only if the message has an argument for them.
func Fail(cause error, key Key, pairs ...any) error {
	return &Error{New(key, pairs...), cause}
}

// Error returns the message in English.
func (e *Error) Error() string { return e.Message.String() }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Cause }
