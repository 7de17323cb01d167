package fetch

import (
	"strings"
	"testing"

	"hdsreport/etl"
	"hdsreport/etl/message"
)

// Nothing that a finding quotes survives unquoted, however deep it stands.
func TestUnquotedListsOfMessages(t *testing.T) {
	inside := message.New("sheet-named", "name", "Payroll")
	for name, value := range map[string]any{
		"text":     "Payroll",
		"message":  inside,
		"messages": []message.Message{inside},
		"joined":   message.Joined{inside},
		"nested":   message.New("sheet-names", "names", []message.Message{inside}),
		"reasons":  etl.Reasons{inside},
		"error":    message.Fail(nil, "book-no-text", "index", "Payroll", "n", 1),
	} {
		f := etl.Find(etl.Warning, etl.CodeSheetUnread, etl.Place{}, "read", value, "other", "x")
		for _, lang := range []string{"fr", "en"} {
			if got, _ := unquoted(f).Words(message.In(lang)); strings.Contains(got, "Payroll") {
				t.Errorf("%s, %s: %s", name, lang, got)
			}
		}
	}
}
