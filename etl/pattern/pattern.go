// Package pattern has regular expressions that are compiled when they are first needed. To
// compile all of the program's at its start took 4 of the 40 ms of a job on the sample lists,
// which needs few of them.
package pattern

import (
	"regexp"
	"sync"
)

// Of returns a function that returns the compiled expression. It panics when it is called if
// the expression is not valid.
func Of(expression string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expression) })
}
