package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/atomicfile"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/number"
	"hdsreport/etl/registry"
	"hdsreport/etl/source"
	"hdsreport/etl/workspace"
)

func (c *Command) matchCommand() *cobra.Command {
	var pairs, left, right, conf string
	var numbers [2]string
	var top int
	cmd := &cobra.Command{
		Use:   "match A B",
		Short: "why two names are, or are not, the same",
		Long: `match explains two names step by step: how each is read (legal form, acronyms and
former names that it states, comparison key) and the verdict: same, review (a person
should rule) or different, with its reasons.

In a workspace (hdsreport.yaml here, or --config) the registry and its decisions go
before, and are told first. They are not asked for lists, so that a measurement is of
the names alone.

Numbers that identify an organisation (SIREN, SIRET, VAT, FINESS, RNA) are evidence
beside the names: --number1 and --number2.

With --pairs it reads a CSV with the columns name1 and name2, and number1 and number2
if it has them, and writes it again with decision, score and reason, in the same order.
With --left and --right it compares two lists of names (the first column of each, below
a header, and the columns of numbers that the header names as a source does) and writes
the best of each name on the left. - stands for standard input. Cells are given back as they came: a
spreadsheet may run one that begins with = as a formula.`,
		Example: `  hdsreport match "ITS INTÉGRA SAS" "Its Integra"
  hdsreport match --pairs pairs.csv > verdicts.csv
  hdsreport match --left ours.csv --right theirs.csv --top 3`,
		Args: func(cmd *cobra.Command, args []string) error {
			lists := pairs != "" || left != "" || right != ""
			switch {
			case pairs != "" && (left != "" || right != "") || (left == "") != (right == ""):
				return message.Fail(nil, "match-usage")
			case left == "-" && right == "-":
				return message.Fail(nil, "match-one-stdin")
			case lists && numbers != [2]string{}:
				return message.Fail(nil, "match-numbers")
			case lists && conf != "":
				return message.Fail(nil, "match-config")
			case cmd.Flags().Changed("top") && left == "":
				return message.Fail(nil, "match-top")
			case top < 1:
				return message.Fail(nil, "match-top-least")
			case pairs != "" || left != "":
				return cobra.NoArgs(cmd, args)
			case len(args) != 2:
				return message.Fail(nil, "match-names", "n", len(args))
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			n := identity.New(config.IdentityTables())
			switch {
			case pairs != "":
				return c.matchPairs(n, pairs)
			case left != "":
				return c.matchLists(n, left, right, top)
			}
			return c.matchTwo(n, conf, args, numbers)
		},
	}
	f := cmd.Flags()
	f.StringVar(&conf, "config", "", "the workspace's `file`, whose registry goes before (default hdsreport.yaml here, if there is one)")
	f.StringVar(&pairs, "pairs", "", "a CSV `file` of pairs")
	f.StringVar(&left, "left", "", "a `file` of names")
	f.StringVar(&right, "right", "", "the `file` of names to find them in")
	f.StringVar(&numbers[0], "number1", "", "`numbers` of the first: siren:508094927, or bare digits of a SIREN or SIRET")
	f.StringVar(&numbers[1], "number2", "", "`numbers` of the second")
	f.IntVar(&top, "top", 1, "how many for each name on the left, at most")
	return cmd
}

// matchTwo explains two names: first what the registry says, if there is one, then
// the names themselves.
func (c *Command) matchTwo(n *identity.Namer, conf string, names []string, stated [2]string) error {
	a, b := names[0], names[1]
	var sets [2]number.Set
	for i, text := range stated {
		var bad []string
		if sets[i], bad = numbersOf(text); len(bad) > 0 {
			return usage("match-number", "text", strings.Join(bad, " "))
		}
	}
	if conf == "" {
		if _, err := os.Stat(config.FileName); err == nil {
			conf = config.FileName
		}
	}
	if conf != "" {
		cfg, err := c.configure(conf, map[string]string{})
		if err != nil {
			return err
		}
		reg, found, err := registry.Open(config.Workspace(conf), cfg.Registry)
		if err != nil {
			return err
		}
		c.tell(c.Stderr, found, etl.Warning, 0)
		ref := cfg.FullReference()
		at := newest(layoutOf(&cfg, config.Workspace(conf), &ref))
		decision, why := etl.Settled(n, &reg, at, a, b)
		switch {
		case decision != "":
			fmt.Fprintln(c.Stdout, c.say.Say("match-settled", "decision", string(decision), "why", why))
		case !why.IsZero():
			fmt.Fprintln(c.Stdout, c.say.Say("match-not-settled", "why", why))
		default:
			fmt.Fprintln(c.Stdout, c.say.Say("match-not-settled", "why", message.New("match-unknown")))
		}
	}
	for _, line := range n.Explain(a, b, sets[0], sets[1]) {
		fmt.Fprintln(c.Stdout, c.say.Text(line))
	}
	return nil
}

// newest is the day of a workspace's newest edition; names.csv gives names dates,
// and without an edition the latest name of each counts.
func newest(l workspace.Layout) etl.Date {
	editions, _, err := workspace.Newest(l)
	if err != nil || len(editions) == 0 {
		last, _ := etl.ParseDate(fileDays[1])
		return last
	}
	return l.Day(editions[len(editions)-1])
}

func (c *Command) matchPairs(n *identity.Namer, name string) error {
	// The file is written again as it is: read as plain CSV, so that no cell is
	// tidied on its way through.
	data, err := readAll(c.Stdin, name)
	if err != nil {
		return err
	}
	text, _, err := source.Decode(data)
	if err != nil {
		return message.Fail(err, "match-unread", "file", display(name), "why", err)
	}
	rows, lines, err := pairRows(text)
	if err != nil {
		return message.Fail(err, "match-unread", "file", display(name), "why", err)
	}
	if len(rows) == 0 {
		return message.Fail(nil, "match-no-header", "file", display(name))
	}
	header := rows[0]
	one, two := columnNamed(header, "name1"), columnNamed(header, "name2")
	if one < 0 || two < 0 {
		return message.Fail(nil, "match-columns", "file", display(name), "columns", header)
	}
	numbered := [2]int{columnNamed(header, "number1"), columnNamed(header, "number2")}
	// Before the first line is written: what cannot be given back whole is refused.
	for i, row := range rows {
		if len(row) > len(header) {
			return message.Fail(nil, "match-row-long", "file", display(name), "line", strconv.Itoa(lines[i]), "n", len(row), "header", len(header))
		}
	}
	w := csv.NewWriter(c.Stdout)
	if err := w.Write(append(slices.Clone(header), "decision", "score", "reason")); err != nil {
		return err
	}
	for i, row := range rows[1:] {
		for len(row) < len(header) {
			row = append(row, "")
		}
		var sets [2]number.Set
		for side, col := range numbered {
			if col < 0 {
				continue
			}
			var bad []string
			if sets[side], bad = numbersOf(row[col]); len(bad) > 0 {
				c.note("match-number-line", "file", display(name), "line", strconv.Itoa(lines[i+1]), "text", strings.Join(bad, " "))
			}
		}
		v := n.Compare(n.Parse(row[one]), n.Parse(row[two])).With(identity.EvidenceOf(sets[0], sets[1], nil))
		if err := w.Write(append(row, c.verdict(v)...)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// pairRows cuts a CSV into rows, header first, each with its line. Quotes in odd
// places are taken as they stand; one that is never closed would make one cell of
// all rows below it, and is refused.
func pairRows(text []byte) (rows [][]string, lines []int, err error) {
	read := func(lazy bool) error {
		rows, lines = nil, nil
		r := csv.NewReader(bytes.NewReader(text))
		r.FieldsPerRecord = -1
		r.LazyQuotes = lazy
		first, _, _ := bytes.Cut(text, []byte("\n"))
		for _, c := range ";\t" {
			if bytes.Count(first, []byte(string(c))) > bytes.Count(first, []byte(string(r.Comma))) {
				r.Comma = c
			}
		}
		for {
			row, err := r.Read()
			if err == io.EOF {
				return nil
			}
			if err != nil {
				return err
			}
			line, _ := r.FieldPos(0)
			if lazy && slices.ContainsFunc(row, func(cell string) bool { return strings.Contains(cell, "\n") }) {
				return message.Fail(nil, "match-quote", "line", strconv.Itoa(line))
			}
			rows, lines = append(rows, row), append(lines, line)
		}
	}
	if read(false) == nil {
		return rows, lines, nil
	}
	err = read(true)
	return rows, lines, err
}

func (c *Command) verdict(v identity.Verdict) []string {
	return []string{string(v.Decision), strconv.FormatFloat(v.Score, 'f', 3, 64), v.Reasons.Say(c.say)}
}

func readAll(stdin io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return atomicfile.Read(name)
}

func (c *Command) matchLists(n *identity.Namer, leftFile, rightFile string, top int) error {
	left, err := c.names(leftFile)
	if err != nil {
		return err
	}
	right, err := c.names(rightFile)
	if err != nil {
		return err
	}
	w := csv.NewWriter(c.Stdout)
	if err := w.Write([]string{"left", "right", "decision", "score", "reason"}); err != nil {
		return err
	}
	var failed error
	n.MatchLists(left.names, right.names, left.numbers, right.numbers, top, func(i, j int, v identity.Verdict) {
		if failed == nil {
			failed = w.Write(append([]string{left.names[i], right.names[j]}, c.verdict(v)...))
		}
	})
	w.Flush()
	return errors.Join(failed, w.Error())
}

// listed is a list of names, and their numbers if its header names columns of numbers.
type listed struct {
	names   []string
	numbers []number.Set
}

// names are the first column of a list, as written: what stands in the file is
// what is compared and given back. A workbook or a page is read as a source is.
func (c *Command) names(file string) (out listed, err error) {
	data, err := readAll(c.Stdin, file)
	if err != nil {
		return out, err
	}
	var rows [][]string
	if bytes.HasPrefix(data, []byte("PK")) || bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")) {
		table, found, err := source.Read(data, display(file), source.Options{MaxBytes: 1 << 30})
		if err != nil {
			return out, err
		}
		c.tell(c.Stderr, found, etl.Warning, 0)
		for _, row := range table.Rows {
			rows = append(rows, row.Cells)
		}
	} else {
		text, _, err := source.Decode(data)
		if err != nil {
			return out, message.Fail(err, "match-unread", "file", display(file), "why", err)
		}
		if rows, err = columnsOf(text); err != nil {
			return out, message.Fail(err, "match-unread", "file", display(file), "why", err)
		}
	}
	var numbered map[int]number.Column
	if len(rows) > 0 && len(rows[0]) > 0 {
		if numbered = numberColumns(rows[0]); len(numbered) > 0 || isHeader(rows[0][0]) {
			rows = rows[1:]
		}
	}
	for _, row := range rows {
		if len(row) == 0 || strings.TrimSpace(row[0]) == "" {
			continue
		}
		out.names = append(out.names, row[0])
		if len(numbered) > 0 {
			out.numbers = append(out.numbers, rowNumbers(row, numbered))
		}
	}
	return out, nil
}

// columnsOf are a CSV's rows. Where the first line has one column, all have: the commas
// in the others are part of the names.
func columnsOf(text []byte) (out [][]string, err error) {
	rows, _, err := pairRows(text)
	if err != nil || len(rows) > 0 && len(rows[0]) > 1 {
		return rows, err
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.Comma = '\uE000' // stands in no name
	r.LazyQuotes = true
	r.FieldsPerRecord = -1
	for {
		row, err := r.Read()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		out = append(out, row)
	}
}

// isHeader tells a heading from a first name. A list without one keeps its first
// line.
func isHeader(s string) bool {
	switch word := strings.ToLower(strings.TrimSpace(s)); word {
	case "name", "names", "name1", "name2", "nom", "noms", "left", "right", "clean", "noisy", "host", "hosts", "company", "organisation", "organization",
		"actor", "acteur", "acteurs", "raison sociale", "dénomination", "hébergeur", "hébergeurs", "as_written", "canonical", "label", "value":
		return true
	}
	return false
}
