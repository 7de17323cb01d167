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
	"hdsreport/etl/identity"
	"hdsreport/etl/source"
)

func (c *Command) matchCommand() *cobra.Command {
	var pairs, left, right string
	var top int
	cmd := &cobra.Command{
		Use:   "match A B",
		Short: "why two names are, or are not, the same",
		Long: `match explains two names step by step: how each is read (legal form, acronyms and
former names that it states, comparison key) and the verdict: same, review (a person
should rule) or different, with its reasons.

It knows the two names only. In a workspace, the registry and its decisions go before.

With --pairs it reads a CSV with the columns name1 and name2 and writes it again with
decision, score and reason, in the same order. With --left and --right it compares two
lists of names (the first column of each) and writes the best of each name on the left.
- stands for standard input.`,
		Example: `  hdsreport match "ITS INTÉGRA SAS" "Its Integra"
  hdsreport match --pairs pairs.csv > verdicts.csv
  hdsreport match --left ours.csv --right theirs.csv --top 3`,
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case pairs != "" && (left != "" || right != "") || (left == "") != (right == ""):
				return errors.New("give two names, or --pairs, or both --left and --right")
			case pairs != "" || left != "":
				return cobra.NoArgs(cmd, args)
			case len(args) != 2:
				return fmt.Errorf("two names are needed, %d given; put a name with spaces in quotes", len(args))
			}
			if top < 1 {
				return errors.New("--top must be at least 1")
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
			for _, line := range n.Explain(args[0], args[1]) {
				fmt.Fprintln(c.Stdout, line)
			}
			return nil
		},
	}
	f := cmd.Flags()
	f.StringVar(&pairs, "pairs", "", "a CSV `file` of pairs")
	f.StringVar(&left, "left", "", "a `file` of names")
	f.StringVar(&right, "right", "", "the `file` of names to find them in")
	f.IntVar(&top, "top", 1, "how many for each name on the left, at most")
	return cmd
}

// cells reads a file, or standard input, as rows of cells, header included.
func (c *Command) cells(name string) (*etl.Table, error) {
	options := source.Options{MaxBytes: 1 << 30}
	if name != "-" {
		table, found, err := source.ReadFile(name, display(name), options)
		c.tell(c.Stderr, found, etl.Warning)
		return table, err
	}
	data, err := io.ReadAll(io.LimitReader(c.Stdin, options.MaxBytes))
	if err != nil {
		return nil, err
	}
	table, found, err := source.Read(data, "standard input", options)
	c.tell(c.Stderr, found, etl.Warning)
	return table, err
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
		return fmt.Errorf("%s: %w", display(name), err)
	}
	r := csv.NewReader(bytes.NewReader(text))
	r.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(text, []byte("\n"))
	if bytes.Count(first, []byte(";")) > bytes.Count(first, []byte(",")) {
		r.Comma = ';'
	}
	header, err := r.Read()
	if err != nil {
		return fmt.Errorf("%s: no header: %w", display(name), err)
	}
	one := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "name1") })
	two := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), "name2") })
	if one < 0 || two < 0 {
		return fmt.Errorf("%s:1: the columns name1 and name2 are needed; there are %s", display(name), strings.Join(header, ", "))
	}
	w := csv.NewWriter(c.Stdout)
	if err := w.Write(append(header, "decision", "score", "reason")); err != nil {
		return err
	}
	for {
		row, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("%s: %w", display(name), err)
		}
		for len(row) < len(header) {
			row = append(row, "")
		}
		v := n.Compare(n.Parse(row[one]), n.Parse(row[two]))
		if err := w.Write(append(row[:len(header)], verdict(v)...)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

func verdict(v identity.Verdict) []string {
	return []string{string(v.Decision), strconv.FormatFloat(v.Score, 'f', 3, 64), strings.Join(v.Reasons, "; ")}
}

func readAll(stdin io.Reader, name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(stdin)
	}
	return os.ReadFile(name)
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
	n.MatchLists(left, right, top, func(i, j int, v identity.Verdict) {
		if failed == nil {
			failed = w.Write(append([]string{left[i], right[j]}, verdict(v)...))
		}
	})
	w.Flush()
	return errors.Join(failed, w.Error())
}

// names are the first column of a file below its header.
func (c *Command) names(file string) ([]string, error) {
	t, err := c.cells(file)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, row := range t.Rows[min(1, len(t.Rows)):] {
		if name := row.Cell(0); name != "" {
			out = append(out, name)
		}
	}
	return out, nil
}
