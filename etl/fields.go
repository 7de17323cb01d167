package etl

import (
	"slices"
	"strings"

	"hdsreport/etl/message"
	"hdsreport/etl/number"
)

// Field is the name of a column of a list: in config/tables/headers.csv, in
// registry/corrections.csv, in comparisons, and as the ID of the sheet's column.
//
// The column of an activity is named by the activity's key on the sheet and in
// comparisons, and by "activity:<key>" in sources and in the review. A source may also
// number its columns ("activity_number:4").
type Field string

// The fields that the program refers to by name.
const (
	FieldName       Field = "name"
	FieldPosition   Field = "position"
	FieldService    Field = "service"
	FieldFrom       Field = "from"
	FieldUntil      Field = "until"
	FieldType       Field = "type"
	FieldActivities Field = "activities"
	FieldBody       Field = "body"
	FieldNumber     Field = "number"
	FieldSourceName Field = "source_name"
	FieldID         Field = "id"
	FieldActor      Field = "actor"
	FieldFINESSEJ   Field = Field(number.FINESSEJ)
	FieldFINESSET   Field = Field(number.FINESSET)

	FieldReferential Field = "referential"
	FieldTransfers   Field = "transfers"
	FieldStanding    Field = "standing"
	FieldCounted     Field = "counted"
	FieldUnread      Field = "unread"
)

const (
	activityPrefix       = "activity:"
	activityNumberPrefix = "activity_number:"
	extraPrefix          = "extra:" // of a column of report.extra_columns
)

// definitions is the table of fields, in the order of the sheets' columns. Every column
// of a data sheet has a line. The reader, the gate, corrections, comparisons, the
// review, both sheets and the reader of workbooks all use this table.
//
// To add a column, add a line here, a field for its value to Row, and the headings that
// sources use for it to config/tables/headers.csv.
var definitions = []Definition{
	{Key: FieldName, On: bothLists, Need: Required, Kind: KindName, Gate: GateActors, Width: 30, Wrap: true,
		Heading: Words{"Acteur", "Actor"},
		Said:    Words{"le nom de l’organisme", "the organisation's name"}},
	{Key: FieldPosition, On: bothLists, Kind: KindPosition, Gate: GatePositions, Width: 26,
		Heading: Words{"Positionnement principal", "Main positioning"},
		Said:    Words{"le positionnement principal", "the main positioning"}},
	{Key: FieldService, On: onApproved, Need: Expected, Kind: KindText, Gate: GateValues, Width: 76, Wrap: true,
		Heading: Words{"Prestation agréée", "Approved service"},
		Said:    Words{"la prestation agréée", "the approved service (prestation)"},
		text:    func(r *Row) *string { return &r.Service }, clean: strings.TrimSpace, tells: shortHash},
	{Key: FieldType, On: onCertified, Need: Expected, Kind: KindTypes, Gate: GateValues, Width: 35,
		Wrap:    true,
		Heading: Words{"Type de certificat", "Certificate type"},
		Said:    Words{"le type de certificat", "the certificate type"}},
	{Key: FieldActivities, On: onCertified, Need: Required, Kind: KindActivities, Gate: GateColumn,
		Heading: Words{"Activités", "Activities"},
		Said:    Words{"les activités", "the activities"}},
	// One each:
	{Key: activityPrefix, On: onCertified, Kind: KindActivity, Gate: GateValues, Width: 6.5,
		Turned: true, Signed: true},
	{Key: "count", On: onCertified, Width: 6.5, Turned: true,
		Heading: Words{"Nombre d’activités", "Number of activities"},
		Said:    Words{"le nombre d’activités", "the number of activities"},
		WhyNot:  "why-not-count"},
	{Key: FieldBody, On: onCertified, Need: Expected, Kind: KindText, Gate: GateValues, Width: 20, Wrap: true,
		Heading: Words{"Organisme certificateur", "Certification body"},
		Said:    Words{"l’organisme certificateur", "the certification body"},
		text:    func(r *Row) *string { return &r.Body }, read: (*reader).body},
	{Key: FieldNumber, On: onCertified, Need: Expected, Kind: KindText, Gate: GateValues, Width: 19, Wrap: true,
		Verbatim: true,
		Heading:  Words{"N° de certificat", "Certificate no."},
		Said:     Words{"le numéro de certificat", "the certificate number"},
		text:     func(r *Row) *string { return &r.Number }, clean: oneLineWhole, tells: slug},
	{Key: FieldFrom, On: onApproved, Need: Expected, Kind: KindDate, Gate: GateValues, Width: 13,
		Short:   Words{"début", "start"},
		Heading: Words{"Date d’agrément", "Approval date"},
		Said:    Words{"la date de début", "the start date"},
		date:    from},
	{Key: FieldUntil, On: onApproved, Need: Expected, Kind: KindDate, Gate: GateValues, Width: 13,
		Short:   Words{"fin", "end"},
		Heading: Words{"Fin d’agrément", "Approval end"},
		Said:    Words{"la date de fin", "the end date"},
		date:    until},
	{Key: FieldFrom, On: onCertified, Need: Expected, Kind: KindDate, Gate: GateValues, Width: 13,
		Short:   Words{"début", "start"},
		Heading: Words{"Date de délivrance", "Date of issue"},
		Said:    Words{"la date de début", "the start date"},
		date:    from},
	{Key: FieldUntil, On: onCertified, Need: Expected, Kind: KindDate, Gate: GateValues, Width: 13,
		Short:   Words{"fin", "end"},
		Heading: Words{"Date de fin", "End date"},
		Said:    Words{"la date de fin", "the end date"},
		date:    until},
	{Key: "effective", On: onApproved, Width: 13,
		Heading: Words{"Échéance effective", "Effective end"},
		Said:    Words{"l’échéance effective", "the effective end"},
		WhyNot:  "why-not-effective"},
	{Key: "also", On: onApproved, Width: 9, Signed: true,
		Heading: Words{"Aussi certifié", "Also certified"},
		Said:    Words{"la mention « aussi certifié »", `the mention "also certified"`},
		WhyNot:  "why-not-also"},
	{Key: "also", On: onCertified, Width: 6.5, Turned: true, Signed: true,
		Heading: Words{"Aussi agréé", "Also approved"},
		Said:    Words{"la mention « aussi agréé »", `the mention "also approved"`},
		WhyNot:  "why-not-also"},
	{Key: FieldSourceName, On: bothLists, Kind: KindSource, Gate: GateActors, Width: 48, Technical: true,
		Verbatim: true,
		Heading:  Words{"Nom dans la source", "Name in the source"},
		Said:     Words{"le nom dans la source", "the name in the source"},
		WhyNot:   "why-not-source"},
	{Key: FieldID, On: bothLists, Kind: KindID, Gate: GateActors, Width: 38, Technical: true, Verbatim: true,
		Heading: Words{"Identifiant", "Identifier"},
		Said:    Words{"l’identifiant", "the identifier"},
		WhyNot:  "why-not-id"},
	{Key: "status", On: bothLists, Width: 16, Technical: true,
		Heading: Words{"Statut du positionnement", "Positioning status"},
		Said:    Words{"le statut du positionnement", "the status of the positioning"},
		WhyNot:  "why-not-status"},
	{Key: FieldActor, On: bothLists, Width: 13, Technical: true,
		Heading: Words{"N° d’acteur", "Actor no."},
		Said:    Words{"le numéro d’acteur", "the actor's number"},
		WhyNot:  "why-not-actor"},
	{Key: FieldUnread, On: bothLists, Width: 30, Technical: true, Verbatim: true,
		Heading: Words{"Valeur non lue, telle qu’écrite", "Unread value, as written"},
		Said:    Words{"la valeur non lue", "the unread value"},
		WhyNot:  "why-not-unread"},
	// Numbers that identify the organisation. They are evidence of who is who, and are
	// shown only as columns of report.extra_columns.
	numberField(number.Column(number.SIREN), Words{"SIREN", "SIREN"}),
	numberField(number.Column(number.SIRET), Words{"SIRET", "SIRET"}),
	numberField(number.SirenOrSiret, Words{"SIREN ou SIRET", "SIREN or SIRET"}),
	numberField(number.Column(number.VAT), Words{"N° de TVA", "VAT number"}),
	numberField(number.Column(number.FINESSEJ), Words{"FINESS juridique", "FINESS EJ"}),
	numberField(number.Column(number.FINESSET), Words{"FINESS géographique", "FINESS ET"}),
	numberField(number.Column(number.FINESS), Words{"FINESS", "FINESS"}),
	numberField(number.Column(number.RNA), Words{"RNA", "RNA"}),
	{Key: FieldReferential, On: bothLists, Need: Optional, Kind: KindText, Gate: GateColumn, Width: 18, Technical: true,
		Verbatim: true,
		Heading:  Words{"Référentiel", "Requirements"},
		Said:     Words{"le référentiel", "the version of the requirements (référentiel)"},
		text:     func(r *Row) *string { return &r.Referential }, clean: oneLineWhole},
	{Key: FieldTransfers, On: bothLists, Need: Optional, Kind: KindText, Gate: GateValues, Width: 36, Technical: true,
		Verbatim: true, Address: true,
		Heading: Words{"Transferts hors EEE", "Transfers outside the EEA"},
		Said: Words{"l’adresse de la page sur les transferts hors de l’EEE",
			"the address of the page on transfers outside the EEA"},
		text: func(r *Row) *string { return &r.Transfers }, clean: oneLineWhole},
	{Key: FieldStanding, On: bothLists, Need: Optional, Kind: KindStanding, Gate: GateValues, Width: 24, Technical: true,
		Verbatim: true,
		Heading:  Words{"Statut dans la source", "Standing in the source"},
		Said:     Words{"le statut dans la source", "the standing in the source"}},
	// One each:
	{Key: extraPrefix, On: bothLists, Kind: KindText, Gate: GateColumn, Width: 44, Technical: true, Verbatim: true},
	{Key: FieldCounted, On: bothLists, Width: 14, Technical: true,
		Heading: Words{"Compte dans les chiffres", "Counts in the figures"},
		Said:    Words{"la mention « compte dans les chiffres »", `the mention "counts in the figures"`},
		WhyNot:  "why-not-counted"},
	{Key: "covered", On: onCertified, Width: 12, Technical: true,
		Heading: Words{"Activités de l’acteur", "Activities of the actor"},
		Said:    Words{"les activités de l’acteur", "the actor's activities"},
		WhyNot:  "why-not-covered"},
}

var (
	bothLists   = [2]bool{true, true}
	onApproved  = [2]bool{Approved: true}
	onCertified = [2]bool{Certified: true}
)

// numberField returns the field of a column of numbers.
func numberField(column number.Column, heading Words) Definition {
	return Definition{Key: Field(column), On: bothLists, Need: Optional, Kind: KindNumber, Verbatim: true,
		Heading: heading, Said: Words{"le numéro " + heading.French, "the number " + heading.English},
		WhyNot: "why-not-number"}
}

func from(r *Row) *Date  { return &r.From }
func until(r *Row) *Date { return &r.Until }

// Kind is the type of a field's values. It determines how they are read, compared,
// corrected and shown.
type Kind uint8

// The kinds of fields.
const (
	KindDerived    Kind = iota // computed from other columns
	KindText                   // a text, as in the source
	KindDate                   // a day, a month or a year
	KindTypes                  // certificate types
	KindActivities             // a list of activities in one cell of a source; the sheets have a column for each
	KindActivity               // one activity, yes, no or not known
	KindName                   // the actor's name, as readers see it
	KindPosition               // the actor's main positioning
	KindSource                 // the actor's name, as the source writes it
	KindID                     // the row's identifier
	KindNumber                 // a number that identifies the organisation in a register
	KindStanding               // what the source says about the row's validity
)

// GateRule says which checks of the gate apply to a field.
type GateRule uint8

// The rules of the gate.
const (
	GateNone      GateRule = iota // no check; the columns that it is computed from are checked
	GateActors                    // actors lost or gained, and a source without the column
	GatePositions                 // too many actors without a position
	GateColumn                    // a column that became empty
	GateValues                    // a column that became empty, or in which most values changed
)

// Definition is one line of the table of fields.
type Definition struct {
	Key  Field
	On   [2]bool // the lists that have it
	Need Need    // whether a source must have it
	Kind Kind
	Gate GateRule

	Heading Words       // heading of the sheet's column
	Said    Words       // name in a sentence, with its article
	Short   Words       // name in the review; if empty, Said without its article
	WhyNot  message.Key // why it cannot be corrected; empty if it can

	// The format of the sheet's column.
	Width     float64
	Wrap      bool
	Turned    bool // its heading reads upwards
	Signed    bool // a spreadsheet shows yes and no as signs
	Technical bool // not printed
	Verbatim  bool // digits and dates are kept as text
	Address   bool // a link, if it is an address of the web
	Note      Words

	Activity int // for KindActivity: index in Reference.Activities

	text  func(*Row) *string // the text's field in a row
	clean func(string) string
	read  func(*reader, TableRow) string // reads the text, if cleaning is not enough
	date  func(*Row) *Date               // the date's field in a row
	tells func(string) string            // its part of a row's identifier, if it distinguishes rows
	extra int                            // for extra columns: 1 + index in Reference.Shown
}

// Words is a text in each language.
type Words struct{ French, English string }

// In returns the text in a language, given by its code.
func (w Words) In(language string) string {
	if language == "en" {
		return w.English
	}
	return w.French
}

// Say returns the text in the printer's language.
func (w Words) Say(p message.Printer) string { return w.In(p.Language()) }

// Say returns the name of the field in a sentence, with its article.
func (d *Definition) Say(p message.Printer) string { return d.Said.Say(p) }

// MarshalText returns the field's key.
func (d *Definition) MarshalText() ([]byte, error) { return []byte(d.Key), nil }

// Brief returns the field's name in the review: as in the sheets, but in lower case.
// Activities and extra columns keep their own names.
func (d *Definition) Brief(language string) string {
	switch {
	case d.Short != Words{}:
		return d.Short.In(language)
	case d.Kind == KindActivity || d.extra > 0:
		return d.Heading.In(language)
	}
	return strings.ToLower(d.Heading.In(language))
}

// Derived reports whether the column is computed from others.
func (d *Definition) Derived() bool { return d.Kind == KindDerived }

// Correctable reports whether an editor can correct the value.
func (d *Definition) Correctable() bool { return d.WhyNot == "" }

// Extra reports whether it is a column of report.extra_columns.
func (d *Definition) Extra() bool { return d.extra > 0 }

// OfActor reports whether the value belongs to the actor rather than to the row.
func (d *Definition) OfActor() bool { return d.Kind == KindName || d.Kind == KindPosition }

// Shown reports whether the sheets have a column for the field.
func (d *Definition) Shown() bool { return d.Kind != KindActivities && d.Kind != KindNumber }

// Compared reports whether comparisons treat the field as a value of the row. Names and
// identifiers are compared separately.
func (d *Definition) Compared() bool {
	switch d.Kind {
	case KindDerived, KindActivities, KindName, KindSource, KindID:
		return false
	}
	return true
}

// Source returns the field's name in sources and in the review.
func (d *Definition) Source() Field {
	if d.Kind == KindActivity {
		return activityPrefix + d.Key
	}
	return d.Key
}

// Fields are the fields of one list, in the order of its sheet's columns.
type Fields []*Definition

// Fields returns the fields of a list: those of the table, with one for each activity
// and one for each extra column of the configuration.
func (ref *Reference) Fields(l Listing) Fields {
	out := make(Fields, 0, len(definitions)+len(ref.Activities)+len(ref.Shown))
	for i := range definitions {
		line := &definitions[i]
		switch {
		case !line.On[l]:
		case line.Key == activityPrefix:
			for k, a := range ref.Activities {
				d := *line
				d.Key, d.Activity = Field(a.Key), k
				d.Heading, d.Note = Words{a.Short["fr"], a.Short["en"]}, Words{a.Label["fr"], a.Label["en"]}
				d.Said = Words{"l’activité « " + a.Short["fr"] + " »", `the activity "` + a.Short["en"] + `"`}
				out = append(out, &d)
			}
		case line.Key == extraPrefix:
			for k, heading := range ref.Shown {
				d := *line
				d.Key, d.extra = extraPrefix+Field(heading), k+1
				d.Heading = Words{heading, heading}
				d.Said = Words{"la colonne « " + heading + " »", `the column "` + heading + `"`}
				out = append(out, &d)
			}
		default:
			out = append(out, line)
		}
	}
	return out
}

// Field returns the field of a list that has the key; see Fields.Find.
func (ref *Reference) Field(l Listing, key Field) *Definition { return ref.Fields(l).Find(key) }

// Find returns the field that has the key, which may also be its name in a source or in
// the review. It returns nil if the list has no such field.
func (fields Fields) Find(key Field) *Definition {
	key = Field(strings.TrimPrefix(string(key), activityPrefix))
	i := slices.IndexFunc(fields, func(d *Definition) bool { return d.Key == key })
	if i < 0 {
		// An extra column is named by its heading, which is compared as headings are.
		heading := strings.TrimPrefix(string(key), extraPrefix)
		i = slices.IndexFunc(fields, func(d *Definition) bool {
			return d.extra > 0 && sameHeading(d.Heading.French, heading)
		})
		if i < 0 {
			return nil
		}
	}
	return fields[i]
}

// Text returns the row's text in a field of KindText, KindNumber or KindStanding.
func (d *Definition) Text(list *List, r *Row) string {
	switch {
	case d.Kind == KindNumber:
		return r.number(d.Key)
	case d.Kind == KindStanding:
		return r.Standing.Said()
	case d.extra == 0:
		return *d.text(r)
	}
	if i := list.column(d); i >= 0 && i < len(r.Extra) {
		return r.Extra[i]
	}
	return ""
}

// column returns the index of an extra column in the Extra of the list's rows, or -1 if
// the source has no such column.
func (l *List) column(d *Definition) int {
	if d.extra == 0 || d.extra > len(l.shown) {
		return -1
	}
	return l.shown[d.extra-1]
}

// Has reports whether the list has a column for the field. It has an extra column, an
// optional one, or one of numbers, only if the source has it.
func (l *List) Has(d *Definition) bool {
	switch {
	case d.Kind == KindNumber:
		return slices.Contains(l.numbered, d.Key)
	case d.extra > 0:
		return l.column(d) >= 0
	case d.Need == Optional:
		return l.stated(d.Key)
	case d.Key == FieldCounted:
		return l.stated(FieldStanding)
	}
	return true
}

// stated reports whether the list has an optional field.
func (l *List) stated(f Field) bool { return slices.Contains(l.optional, f) }

// state records that the list has an optional field.
func (l *List) state(f Field) {
	if !l.stated(f) {
		l.optional = append(slices.Clip(l.optional), f) // copies of the list may share it
	}
}

// Date returns the row's date in a field of KindDate.
func (d *Definition) Date(r *Row) Date { return *d.date(r) }

// Typed says what becomes of a text that an editor types into a column of a sheet.
type Typed uint8

// What becomes of it.
const (
	TypedRefused  Typed = iota // it is the source's word, or the program's own
	TypedValue                 // a correction
	TypedStatus                // it may confirm a proposed position
	TypedComputed              // it follows from other columns, which are corrected instead
)

// Typed returns what becomes of a text that an editor types into the field's column.
func (d *Definition) Typed() Typed {
	switch d.Kind {
	case KindName, KindPosition, KindText, KindDate, KindTypes, KindActivity:
		if d.Correctable() && !d.Technical {
			return TypedValue
		}
	case KindDerived:
		switch d.Key {
		case "status":
			return TypedStatus
		case "effective", "also", "count", "covered", FieldCounted:
			return TypedComputed
		}
	}
	return TypedRefused
}
