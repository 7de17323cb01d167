package main

import (
	"fmt"
	"strings"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/message"
)

// What is documented of the gate is made from its rules and thresholds, so that it says
// what the gate does.

// gateHelp lists the rules by code, for --help.
func gateHelp() string {
	var b strings.Builder
	say := message.In("en")
	for _, r := range etl.Rules {
		fmt.Fprintf(&b, "  %-22s %s\n", r.Code, say.Text(r.Words()))
	}
	return b.String()
}

// gateTable returns the rules as a table in Markdown, for the reference.
func gateTable(say message.Printer) string {
	var b strings.Builder
	fmt.Fprintf(&b, "| %s | %s | %s |\n|---|---|---|\n", say.Say("gate-table-code"), say.Say("gate-table-looks"),
		say.Say("gate-table-keys"))
	for _, r := range etl.Rules {
		keys := make([]string, len(r.Keys))
		for i, k := range r.Keys {
			keys[i] = "`gate." + k + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", r.Code, say.Text(r.Words()), strings.Join(keys, ", "))
	}
	return b.String()
}

// gateSettings returns the thresholds as lines of a configuration, each with its meaning.
func gateSettings(say message.Printer) string {
	var b strings.Builder
	th := config.Default().Gate
	for _, t := range th.All() {
		fmt.Fprintf(&b, "  %-21s # %s\n", fmt.Sprintf("%s: %v", t.Key, t.Value), say.Text(t.Words()))
	}
	return b.String()
}
