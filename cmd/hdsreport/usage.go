package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hdsreport/etl/message"
)

// usageError is a mistake in the command line.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

// usage returns a usageError with a message.
func usage(key message.Key, pairs ...any) error {
	return usageError{message.Fail(nil, key, pairs...)}
}

// unknownCommand recognises cobra's error for an unknown command and converts it. Errors
// in the arguments of a subcommand go through usageOf instead.
func unknownCommand(root *cobra.Command, err error) (error, bool) {
	var name, parent string
	if n, _ := fmt.Sscanf(err.Error(), "unknown command %q for %q", &name, &parent); n < 2 {
		return nil, false
	}
	if parent != root.Name() {
		return usageSee(message.New("usage-no-argument", "command", parent, "extra", name), parent), true
	}
	if near := root.SuggestionsFor(name); len(near) > 0 {
		return usage("usage-command-near", "name", name, "program", parent, "near", near), true
	}
	return usageSee(message.New("usage-command", "name", name, "program", parent), parent), true
}

// usageOf converts cobra's error for the arguments of a command. It has to parse the text,
// because cobra has no error types.
func usageOf(cmd *cobra.Command, given []string, err error) error {
	what := message.New("usage-arguments", "command", cmd.Name(), "error", err)
	var want, got int
	var said *message.Error
	switch n, _ := fmt.Sscanf(err.Error(), "accepts %d arg(s), received %d", &want, &got); {
	case errors.As(err, &said):
	case n == 2:
		what = message.New("usage-argument-count", "command", cmd.Name(), "n", want, "given", got)
	case len(given) > 0 && strings.HasPrefix(err.Error(), "unknown command"):
		what = message.New("usage-no-argument", "command", cmd.Name(), "extra", given[0])
	}
	return usageSee(what, cmd.CommandPath())
}

// usageFlag converts pflag's error for a flag.
func usageFlag(cmd *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var bare *pflag.ValueRequiredError
	var wrong *pflag.InvalidValueError
	var garbled *pflag.InvalidSyntaxError
	what := message.New("usage-flag", "error", err)
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		what = message.New("usage-flag-short", "name", unknown.GetSpecifiedName(),
			"in", unknown.GetSpecifiedShortnames())
	case errors.As(err, &unknown):
		what = message.New("usage-flag-unknown", "name", unknown.GetSpecifiedName())
	case errors.As(err, &bare):
		what = message.New("usage-flag-bare", "name", bare.GetFlag().Name)
	case errors.As(err, &wrong):
		kind := message.Key("usage-kind-" + wrong.GetFlag().Value.Type())
		what = message.New("usage-flag-value", "name", wrong.GetFlag().Name, "value", wrong.GetValue(), "kind", kind)
	case errors.As(err, &garbled):
		what = message.New("usage-flag-garbled", "flag", garbled.GetSpecifiedFlag())
	}
	return usageSee(what, cmd.CommandPath())
}

func usageSee(what message.Message, path string) error {
	return usage("usage-see", "what", what, "path", path)
}
