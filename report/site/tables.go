package site

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"

	"hdsreport/etl"
	"hdsreport/etl/identity"
	"hdsreport/etl/message"
	"hdsreport/etl/pattern"
)

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// column is a column of an open table: what the schema says of it, and its value in a row.
type column struct {
	name, title, description, kind, example string
	required, unique                        bool
	pattern                                 string
	at                                      func(r *etl.Row, e *etl.Entry) string
}

// Stated dates are as precise as the source: a month stays a month.
const datePattern = `^\d{4}(-\d{2}(-\d{2})?)?$`

// table is an open table.
type table struct {
	name, title, description string
	columns                  []column
	key                      []string
	missing                  bool // the edition lacks the list
}

func truth(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// Schemas are French, whatever the report speaks: schema.data.gouv.fr takes no others.
var frenchTitles = [2]string{"Hébergeurs de données de santé agréés", "Hébergeurs de données de santé certifiés"}

// columns are those of a list's table. Names are ASCII and never change.
func (b *builder) columns(l etl.Listing) []column {
	stated := func(name string, key etl.Field, description, example string) column {
		return column{name: name, title: b.heading(l, key), description: description, kind: "string", example: example}
	}
	dateOf := func(name string, key etl.Field, description string, of func(*etl.Row) etl.Date) column {
		c := stated(name, key, description+" Aussi précise que la source : 2024-01 est un mois.", "2019-06-17")
		c.pattern, c.at = datePattern, func(r *etl.Row, _ *etl.Entry) string { return of(r).String() }
		return c
	}
	textOf := func(c column, of func(*etl.Row) string) column {
		c.at = func(r *etl.Row, _ *etl.Entry) string { return of(r) }
		return c
	}
	acteur := stated("acteur", etl.FieldName, "Nom de l’organisme, tel que la rédaction l’écrit.", "ITS Integra")
	acteur.required, acteur.at = true, func(_ *etl.Row, e *etl.Entry) string { return e.Name }
	position := stated("positionnement", etl.FieldPosition, "Ce que l’organisme est principalement.", "Hébergement et cloud")
	position.at = func(_ *etl.Row, e *etl.Entry) string { return b.f.position(e).Label }
	out := []column{acteur, position}
	if l == etl.Approved {
		effective := column{name: "echeance_effective", title: b.heading(l, "effective"), kind: "date", example: "2019-09-30",
			description: message.KeepDates("Fin de l’agrément, prolongée de six mois s’il a pris fin du 1er avril 2018 au 30 mars 2019."),
			at: func(r *etl.Row, _ *etl.Entry) string {
				if !r.Effective.Full() {
					return ""
				}
				return r.Effective.String()
			}}
		out = append(out, textOf(stated("prestation", etl.FieldService, "Prestation agréée, telle que la source l’écrit.",
			"Hébergement d’applications"), func(r *etl.Row) string { return r.Service }),
			dateOf("date_agrement", etl.FieldFrom, "Date de l’agrément.", func(r *etl.Row) etl.Date { return r.From }),
			dateOf("fin_agrement", etl.FieldUntil, "Fin de l’agrément selon la source.",
				func(r *etl.Row) etl.Date { return r.Until }), effective)
	} else {
		out = append(out, b.certificate(l, stated, textOf)...)
		out = append(out, dateOf("date_delivrance", etl.FieldFrom, "Date de délivrance du certificat.",
			func(r *etl.Row) etl.Date { return r.From }),
			dateOf("date_fin", etl.FieldUntil, "Date de fin du certificat.", func(r *etl.Row) etl.Date { return r.Until }))
	}
	return append(out, b.technical(l, stated, textOf)...)
}

// certificate are the columns that only certificates have.
func (b *builder) certificate(l etl.Listing, stated func(string, etl.Field, string, string) column,
	textOf func(column, func(*etl.Row) string) column) []column {
	out := []column{textOf(stated("type_certificat", etl.FieldType, "Type de certificat.", "Infogéreur"),
		func(r *etl.Row) string {
			var types []string
			for k, t := range b.f.ref.Types {
				if r.Types&(1<<k) != 0 {
					types = append(types, t.Label[b.f.labels.Language])
				}
			}
			return strings.Join(types, " "+b.f.labels.Get("type.and")+" ")
		})}
	for i, a := range b.f.ref.Activities {
		out = append(out, column{name: a.Key, title: b.heading(l, etl.Field(a.Key)), description: a.Label["fr"],
			kind: "boolean", example: "true", at: func(r *etl.Row, _ *etl.Entry) string {
				if r.Activities.Unknown.Has(i) && !r.Activities.Yes.Has(i) {
					return ""
				}
				return truth(r.Activities.Yes.Has(i))
			}})
	}
	return append(out, column{name: "nombre_activites", title: b.heading(l, "count"), kind: "integer", example: "4",
		description: "Nombre d’activités couvertes, vide si la source ne le dit pas de toutes.",
		at: func(r *etl.Row, _ *etl.Entry) string {
			if !r.Activities.Known() {
				return ""
			}
			return strconv.Itoa(r.Activities.Yes.Len())
		}},
		textOf(stated("organisme_certificateur", etl.FieldBody, "Organisme qui a délivré le certificat.", "BSI"),
			func(r *etl.Row) string { return r.Body }),
		textOf(stated("numero_certificat", etl.FieldNumber, "Numéro du certificat.", "HDS 700001"),
			func(r *etl.Row) string { return r.Number }))
}

// technical are the columns at the end of both tables.
func (b *builder) technical(l etl.Listing, stated func(string, etl.Field, string, string) column,
	textOf func(column, func(*etl.Row) string) column) []column {
	also := column{name: [2]string{"aussi_certifie", "aussi_agree"}[l], title: b.heading(l, "also"), kind: "boolean",
		example: "false", description: "L’acteur est aussi sur l’autre liste ; vide si l’édition n’a pas cette liste.",
		at: func(r *etl.Row, _ *etl.Entry) string {
			if b.f.res.Edition.List[1-l].Missing {
				return ""
			}
			return truth(b.f.res.On[1-l].Has(r.Actor))
		}}
	id := textOf(stated("identifiant", etl.FieldID, "Identifiant de la ligne, stable d’une édition à l’autre.", "its-integra"),
		func(r *etl.Row) string { return r.ID })
	id.required, id.unique = true, true
	status := stated("statut_positionnement", "status", "Qui a donné le positionnement.", "confirmé")
	status.at = func(_ *etl.Row, e *etl.Entry) string {
		return b.f.labels.Get(map[etl.PositionBy]string{etl.ByNobody: "status.none", etl.ByRule: "status.rule",
			etl.ByRegistry: "status.registry", etl.ByCorrection: "status.correction"}[e.PositionBy])
	}
	out := []column{also, textOf(stated("nom_source", etl.FieldSourceName, "Nom tel que la source l’écrit.",
		"ITS INTEGRA SAS"), func(r *etl.Row) string { return r.Name }), id, status,
		textOf(stated("valeur_non_lue", "unread", "Textes de la source qui n’ont pas pu être lus.", "le premier jour"),
			func(r *etl.Row) string {
				var parts []string
				for _, f := range slices.Sorted(maps.Keys(r.Raw)) {
					parts = append(parts, r.Raw[f])
				}
				return strings.Join(parts, " | ")
			})}
	for _, d := range b.f.further[l] {
		c := stated(asciiName(d.Heading.French), d.Key, d.Said.French+".", "")
		if o, known := optional[d.Key]; known {
			c.name, c.description = o.name, o.about
		}
		if d.Kind == etl.KindDate {
			c.pattern = datePattern
		}
		list := &b.f.res.Edition.List[l]
		out = append(out, textOf(c, func(r *etl.Row) string { return d.Shows(list, r) }))
	}
	out = append(out, b.extras(l)...)
	return append(out, column{name: "acteur_id", title: "Identifiant de l’acteur", kind: "string", example: "its-integra",
		description: "Identifiant de l’acteur : sa page est acteurs/<acteur_id>.html.", required: true,
		at: func(_ *etl.Row, e *etl.Entry) string { return e.ID }})
}

// optional are the names and descriptions of the columns that a source need not have, where
// they are not made from the table of fields.
var optional = map[etl.Field]struct{ name, about string }{
	etl.FieldReferential: {"referentiel", "Référentiel de certification, si la source le dit."},
	etl.FieldTransfers:   {"url_transferts", "Adresse de l’information sur les transferts de données, si la source la donne."},
	etl.FieldStanding:    {"statut_source", "Statut de la ligne selon la source : suspendu, retiré …"},
}

// told are the fields that the tables, the documents and the pages of actors have columns for,
// by their names.
var told = [2][]etl.Field{
	{etl.FieldPosition, etl.FieldService, etl.FieldFrom, etl.FieldUntil},
	{etl.FieldPosition, etl.FieldType, etl.FieldBody, etl.FieldNumber, etl.FieldFrom, etl.FieldUntil},
}

// further are the other fields of a list that a source states: a field that is added to the
// table of fields is among them, so that no column of the sheets is missing here.
func further(ref *etl.Reference, l etl.Listing) []*etl.Definition {
	var out []*etl.Definition
	for _, d := range ref.Fields(l) {
		if d.Shown() && d.Compared() && d.Kind != etl.KindActivity && !d.Extra() && !slices.Contains(told[l], d.Key) {
			out = append(out, d)
		}
	}
	return out
}

// asciiName is a column's name made from its heading.
func asciiName(heading string) string { return strings.ReplaceAll(identity.ID(heading), "-", "_") }

// extras are the source's own columns that the sheets show.
func (b *builder) extras(l etl.Listing) []column {
	list := &b.f.res.Edition.List[l]
	var out []column
	taken := map[string]bool{}
	for _, d := range b.f.ref.Fields(l) {
		if !d.Extra() || !list.Has(d) {
			continue
		}
		name := asciiName(d.Heading.French)
		for n, base := 2, name; taken[name]; n++ {
			name = base + "_" + strconv.Itoa(n)
		}
		taken[name] = true
		out = append(out, column{name: name, title: d.Heading.French, kind: "string", example: "",
			description: "Colonne de la source, telle quelle.",
			at:          func(r *etl.Row, _ *etl.Entry) string { return d.Text(list, r) }})
	}
	return out
}

// heading is the workbook's heading of a field.
func (b *builder) heading(l etl.Listing, key etl.Field) string {
	if d := b.f.ref.Field(l, key); d != nil {
		return d.Heading.French
	}
	return string(key)
}

// tables puts the open tables, their schemas, the workbook and the package that names them.
func (b *builder) tables() error {
	b.put("data/hds.xlsx", b.opt.Workbook)
	var made []table
	for _, l := range etl.Listings {
		t := table{name: l.FileName(), title: frenchTitles[l], columns: b.columns(l),
			key: []string{"identifiant"}, missing: b.f.res.Edition.List[l].Missing,
			description: "Une ligne par " + [2]string{"agrément", "certificat"}[l] + " de l’édition."}
		rows := b.f.res.Edition.List[l].Rows
		if err := b.csv(t, len(rows), func(i int) []string {
			e := b.f.Directory.Entry(b.f.res.Actors[rows[i].Actor].ID)
			out := make([]string, len(t.columns))
			for k := range t.columns {
				out[k] = t.columns[k].at(&rows[i], e)
			}
			return out
		}); err != nil {
			return err
		}
		made = append(made, t)
	}
	changes := b.changesTable()
	if err := b.csvOfChanges(changes); err != nil {
		return err
	}
	made = append(made, changes)
	for _, t := range made {
		if err := b.json("data/"+t.name+".schema.json", b.schema(t)); err != nil {
			return err
		}
	}
	return b.json("datapackage.json", b.dataPackage(made))
}

func (b *builder) csv(t table, n int, row func(i int) []string) error {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	head := make([]string, len(t.columns))
	for i, c := range t.columns {
		head[i] = c.name
	}
	if err := w.Write(head); err != nil {
		return err
	}
	for i := range n {
		if err := w.Write(row(i)); err != nil {
			return err
		}
	}
	w.Flush()
	b.put("data/"+t.name+".csv", out.Bytes())
	return w.Error()
}

// changesTable is what happened in every edition, one row a fact.
func (b *builder) changesTable() table {
	text := func(name, title, description, example string, required bool) column {
		return column{name: name, title: title, description: description, kind: "string", example: example, required: required}
	}
	edition := text("edition", "Édition", "Édition qui constate le changement.", "2019-06-17", true)
	edition.pattern = datePattern
	return table{name: "changements", title: "Ce qui a changé d’une édition à l’autre", key: []string{"edition", "nature", "acteur_id"},
		description: "Une ligne par acteur, édition et nature de changement, la plus récente d’abord.",
		columns: []column{edition,
			text("depuis", "Depuis", "Édition à laquelle la liste est comparée : la dernière qui la contient.", "2019-02", true),
			text("nature", "Nature", "Code du changement.", "certified-arrived", true),
			text("acteur_id", "Identifiant de l’acteur", "Sa page est acteurs/<acteur_id>.html.", "its-integra", true),
			text("acteur", "Acteur", "Nom de l’organisme.", "ITS Integra", true),
			text("avant", "Avant", "Valeur à l’édition d’avant.", "2019-05-01", false),
			text("apres", "Après", "Valeur à cette édition.", "2022-05-01", false)}}
}

func (b *builder) csvOfChanges(t table) error {
	var rows [][]string
	for _, e := range b.events {
		for i := range e.Facts {
			was, now := b.f.wasNow(&e.Facts[i])
			rows = append(rows, []string{e.Edition, e.Facts[i].Since, string(e.Facts[i].Term), e.ID, e.Name, was, now})
		}
	}
	return b.csv(t, len(rows), func(i int) []string { return rows[i] })
}

// schema is the Table Schema of a table, as schema.data.gouv.fr and Validata take it.
func (b *builder) schema(t table) any {
	type constraints struct {
		Required bool   `json:"required"`
		Unique   bool   `json:"unique,omitempty"`
		Pattern  string `json:"pattern,omitempty"`
	}
	type field struct {
		Name        string      `json:"name"`
		Title       string      `json:"title"`
		Description string      `json:"description"`
		Type        string      `json:"type"`
		True        []string    `json:"trueValues,omitempty"`
		False       []string    `json:"falseValues,omitempty"`
		Constraints constraints `json:"constraints"`
		Example     any         `json:"example"`
	}
	out := struct {
		Schema        string   `json:"$schema"`
		Name          string   `json:"name"`
		Title         string   `json:"title"`
		Description   string   `json:"description"`
		CountryCode   string   `json:"countryCode"`
		Version       string   `json:"version"`
		PrimaryKey    []string `json:"primaryKey"`
		MissingValues []string `json:"missingValues"`
		Fields        []field  `json:"fields"`
	}{"https://specs.frictionlessdata.io/schemas/table-schema.json", t.name, t.title, t.description, "FR", "1.0.0", t.key,
		[]string{""}, nil}
	for _, c := range t.columns {
		f := field{Name: c.name, Title: c.title, Description: c.description, Type: c.kind,
			Constraints: constraints{c.required, c.unique, c.pattern}, Example: c.example}
		switch c.kind {
		case "boolean":
			f.True, f.False, f.Example = []string{"true"}, []string{"false"}, c.example == "true"
		case "integer":
			f.Example, _ = strconv.Atoi(c.example)
		}
		out.Fields = append(out.Fields, f)
	}
	return out
}

type licence struct {
	Name  string `json:"name"`
	Path  string `json:"path,omitempty"`
	Title string `json:"title"`
}

// licences are those that newsrooms and administrations use, by the words that name them,
// the closer ones first. One of another version has its name as it is stated.
var licences = []struct{ words, version, name, path string }{
	{"licence ouverte", "2", "etalab-2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"},
	{"etalab", "2", "etalab-2.0", "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"},
	{"odbl", "1", "ODbL-1.0", "https://opendatacommons.org/licenses/odbl/1-0/"},
	{"cc by nc sa", "4", "CC-BY-NC-SA-4.0", "https://creativecommons.org/licenses/by-nc-sa/4.0/"},
	{"cc by nc nd", "4", "CC-BY-NC-ND-4.0", "https://creativecommons.org/licenses/by-nc-nd/4.0/"},
	{"cc by nc", "4", "CC-BY-NC-4.0", "https://creativecommons.org/licenses/by-nc/4.0/"},
	{"cc by nd", "4", "CC-BY-ND-4.0", "https://creativecommons.org/licenses/by-nd/4.0/"},
	{"cc by sa", "4", "CC-BY-SA-4.0", "https://creativecommons.org/licenses/by-sa/4.0/"},
	{"cc by", "4", "CC-BY-4.0", "https://creativecommons.org/licenses/by/4.0/"},
	{"cc0", "1", "CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"},
}

var address = pattern.Of(`https?://[^\s()<>"]+`)

// licencePath is the address of a licence: the one that it states, or the known one of that
// name.
func licencePath(said string) string {
	if link := web(strings.TrimRight(address().FindString(said), ".,;")); link != "" {
		return link
	}
	_, path := knownLicence(said)
	return path
}

// knownLicence is the licence that some words name; empty if it is none of the known ones, or
// another version.
func knownLicence(said string) (name, path string) {
	folded := " " + etl.SearchFold(address().ReplaceAllString(said, " ")) + " "
	for _, l := range licences {
		_, after, named := strings.Cut(folded, " "+l.words+" ")
		if !named {
			continue
		}
		version, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(after), "v"), " ")
		if _, err := strconv.Atoi(version); err == nil && version != l.version {
			return "", ""
		}
		return l.name, l.path
	}
	return "", ""
}

func licenceOf(said string) licence {
	name, _ := knownLicence(said)
	return licence{Name: cmp.Or(name, identity.ID(said)), Path: licencePath(said), Title: said}
}

func (b *builder) dataDescription() string {
	return strings.Join(slices.DeleteFunc([]string{b.f.labels.Get("asof", "date", b.common.Day) + ".",
		b.opt.Report.Notice}, func(s string) bool { return s == "" }), " ")
}

type contributor struct {
	Title string   `json:"title"`
	Path  string   `json:"path,omitempty"`
	Email string   `json:"email,omitempty"`
	Roles []string `json:"roles"`
}

type sourceOf struct {
	Title   string `json:"title"`
	Path    string `json:"path,omitempty"`
	Version string `json:"version"`
}

type resource struct {
	Name      string         `json:"name"`
	Type      string         `json:"type,omitempty"`
	Title     string         `json:"title"`
	Path      string         `json:"path"`
	Format    string         `json:"format"`
	MediaType string         `json:"mediatype"`
	Encoding  string         `json:"encoding,omitempty"`
	Dialect   map[string]any `json:"dialect,omitempty"`
	Bytes     int            `json:"bytes"`
	Hash      string         `json:"hash"`
	Schema    string         `json:"schema,omitempty"`
	Available *bool          `json:"hdsreport:available,omitempty"`
}

func (b *builder) resource(r resource) resource {
	h := sha256.Sum256(b.files[r.Path])
	r.Bytes, r.Hash = len(b.files[r.Path]), "sha256:"+hex.EncodeToString(h[:])
	return r
}

// dataPackage is the description of the data, version 2.
func (b *builder) dataPackage(made []table) any {
	r := b.opt.Report
	out := struct {
		Schema       string        `json:"$schema"`
		Name         string        `json:"name"`
		ID           string        `json:"id"`
		Title        string        `json:"title"`
		Description  string        `json:"description"`
		Version      string        `json:"version"`
		Homepage     string        `json:"homepage,omitempty"`
		Licenses     []licence     `json:"licenses,omitempty"`
		Sources      []sourceOf    `json:"sources"`
		Contributors []contributor `json:"contributors,omitempty"`
		Resources    []resource    `json:"resources"`
	}{Schema: "https://datapackage.org/profiles/2.0/datapackage.json", Name: "hebergeurs-donnees-sante",
		ID: urn(uuid(uuid(namespace, b.opt.ID), "datapackage")), Title: b.book.Title, Description: b.dataDescription(),
		Version: b.f.res.Edition.ID, Homepage: b.opt.URL, Sources: []sourceOf{}}
	if r.Licence != "" {
		out.Licenses = []licence{licenceOf(r.Licence)}
	}
	for _, l := range etl.Listings {
		if list := &b.f.res.Edition.List[l]; list.Source.Table != nil {
			out.Sources = append(out.Sources, sourceOf{
				cmp.Or(list.Source.Publisher, r.SourceName) + " – " + b.f.labels.Get("sheet."+l.String()),
				cmp.Or(web(list.Source.URL), web(r.SourceURL)), cmp.Or(list.Source.Retrieved, b.f.res.Edition.ID)})
		}
	}
	if r.Publisher != "" {
		c := contributor{Title: r.Publisher, Path: b.opt.Home, Roles: []string{"publisher"}}
		if mail, is := strings.CutPrefix(r.Contact, "mailto:"); is || strings.Contains(mail, "@") {
			c.Email = mail
		}
		out.Contributors = []contributor{c}
	}
	for _, t := range made {
		res := resource{Name: t.name, Type: "table", Title: t.title, Path: "data/" + t.name + ".csv", Format: "csv",
			MediaType: "text/csv", Encoding: "utf-8", Schema: "data/" + t.name + ".schema.json",
			Dialect: map[string]any{"delimiter": ",", "lineTerminator": "\n", "quoteChar": `"`, "doubleQuote": true,
				"header": true}}
		if t.missing {
			res.Available = new(bool)
		}
		out.Resources = append(out.Resources, b.resource(res))
	}
	out.Resources = append(out.Resources, b.resource(resource{Name: "hds-xlsx", Title: b.book.Title,
		Path: "data/hds.xlsx", Format: "xlsx", MediaType: xlsxType}))
	return out
}
