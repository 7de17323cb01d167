package xlsx

import (
	"testing"

	"hdsreport/config"
	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/workspace"
	"hdsreport/report"
)

func build(t testing.TB, root, edition, language string) *report.Book {
	t.Helper()
	c, err := config.Load(root+"/hdsreport.yaml", nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	ref := c.FullReference()
	in, err := workspace.Open(workspace.Layout{Root: root, Editions: c.Editions, Registry: c.Registry, Reference: &ref,
		Declared: func(text []byte, file string) (workspace.Declared, error) {
			s, err := config.ParseSource(text, file)
			return workspace.Declared{Numbering: s.ActivityNumbering, URL: s.URL, Publisher: s.Publisher}, err
		}}, edition)
	if err != nil {
		t.Fatal(err)
	}
	in.Reference, in.Thresholds, in.Namer = ref, c.Thresholds(), identity.New(config.IdentityTables())
	res := etl.Run(in)
	return report.Build(res, &ref, report.Options{
		Labels: report.Labels{Language: language, Texts: config.Labels(language)}, Title: c.Report.Title,
		SourceName: c.Report.SourceName, SourceURL: c.Report.SourceURL, Notice: c.Report.Notice, ExtraColumns: c.Report.ExtraColumns,
	})
}
func TestZZ(t *testing.T) {
	var ps []string
	for _, e := range []string{"2019-06-17", "2019-02"} {
		ps = append(ps, writeBook(t, "/tmp/out", "s"+e+".xlsx", build(t, "../../samples", e, "fr")))
	}
	for i, o := range recalculate(t, "xlsx", ps...) {
		n, d := differences(t, ps[i], o)
		t.Log(n, d)
	}
}
