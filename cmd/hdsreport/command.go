package main

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl/message"
)

// Command is the program with all its inputs from the environment, so that tests can run
// it in-process.
type Command struct {
	Stdin    io.Reader
	Stdout   io.Writer
	Stderr   io.Writer
	Environ  []string
	Now      func() time.Time // used in records, never in computations
	Terminal bool             // whether Stderr is a terminal, which gets colours

	say    message.Printer // prints messages in the user's language
	begun  time.Time       // when the process reached its main function; zero in tests
	phases *phases         // nil unless HDSREPORT_TRACE asks for them
}

// Exit codes.
const (
	exitDone    = 0 // also: nothing new
	exitFailed  = 1
	exitUsage   = 2 // wrong usage or configuration
	exitRefused = 3 // by the gate; outputs untouched
)

// refusedError means that the gate refused the edition, and that this has been printed.
type refusedError struct{}

func (refusedError) Error() string { return "refused" }

// results is the standard output. It keeps the first write error, so that the program
// fails if, for example, a full disk cut the output short.
type results struct {
	w   io.Writer
	err error
}

func (r *results) Write(p []byte) (int, error) {
	n, err := r.w.Write(p)
	if r.err == nil {
		r.err = err
	}
	return n, err
}

// Main runs the command line and returns the exit code.
func (c *Command) Main(args []string) int {
	c.speak()
	code := c.main(args)
	c.phases.print(c.Stderr)
	return code
}

func (c *Command) main(args []string) int {
	out := &results{w: c.Stdout}
	c.Stdout, c.Stderr = out, c.logged(c.Stderr)
	root := c.root()
	root.SetArgs(args)
	root.SetIn(c.Stdin)
	root.SetOut(c.Stdout)
	root.SetErr(c.Stderr)
	err := c.trace()
	if err == nil {
		err = root.Execute()
	}
	if err == nil && out.err != nil {
		err = message.Fail(out.err, "stdout-failed", "error", out.err)
	}
	if err != nil {
		if unknown, ok := unknownCommand(root, err); ok {
			err = unknown
		}
	}
	var misused usageError
	var conf *config.Error
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, new(refusedError)):
		return exitRefused
	case errors.As(err, &conf):
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", c.say.Error(err))
		return exitUsage
	case errors.As(err, &misused):
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", strings.Join(strings.FieldsFunc(c.say.Error(err), asciiSpace), " "))
		return exitUsage
	}
	for line := range strings.SplitSeq(c.say.Error(err), "\n") {
		fmt.Fprintf(c.Stderr, "hdsreport: %s\n", line)
	}
	return exitFailed
}

// note prints a line on standard error.
func (c *Command) note(key message.Key, pairs ...any) {
	fmt.Fprintf(c.Stderr, "hdsreport: %s\n", c.say.Say(key, pairs...))
}

// asciiSpace reports whether r is an ASCII space; French no-break spaces are not.
func asciiSpace(r rune) bool { return r <= ' ' }

func (c *Command) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "hdsreport",
		Short: "a workbook from the lists of health-data hosts",
		Long: `hdsreport reads dated editions of the two official lists of health-data hosts in
France (agréés and certifiés), settles who is who, and writes a workbook: a sheet
a list and a summary of figures.

A workspace is a folder:

  hdsreport.yaml                       what to read and how to present it
  editions/2019-06-17/agrees.csv       one folder an edition, one file a list:
  editions/2019-06-17/certifies.html   csv, tsv, xlsx, html, ods or json
  registry/actors.csv                  what the newsroom has decided

Make one with hdsreport init, download the lists with hdsreport fetch, check them
with hdsreport check, write the workbook with hdsreport run.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 refused by a check
(every output is then as it was).

hdsreport completion bash (or zsh, fish, powershell) prints what makes a shell complete
commands and flags; hdsreport completion --help says where to put it.`,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		// Without Args, cobra suggests a command for a misspelt one.
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetVersionTemplate("{{.Name}} {{.Version}}\n")
	root.SuggestionsMinimumDistance = 2 // cobra's default
	root.SetFlagErrorFunc(usageFlag)
	root.AddCommand(c.fetchCommand(), c.runCommand(), c.checkCommand(), c.statsCommand(), c.diffCommand(),
		c.matchCommand(), c.decideCommand(), c.correctionsCommand(), c.statusCommand(), c.auditCommand(), c.publishCommand(), c.watchCommand(),
		c.noticeCommand(),
		c.initCommand(), c.versionCommand())
	root.InitDefaultHelpCmd()
	for _, sub := range root.Commands() {
		if sub.Name() == "help" {
			helpOnCommands(sub)
			continue
		}
		args := sub.Args
		sub.Args = func(cmd *cobra.Command, given []string) error {
			if err := args(cmd, given); err != nil {
				return usageOf(cmd, given, err)
			}
			return nil
		}
	}
	return root
}

// helpOnCommands makes "hdsreport help" report an unknown command as hdsreport does.
func helpOnCommands(help *cobra.Command) {
	show := help.Run
	help.Run = nil
	help.RunE = func(cmd *cobra.Command, args []string) error {
		if _, _, err := cmd.Root().Find(args); err != nil {
			return err
		}
		show(cmd, args)
		return nil
	}
}
