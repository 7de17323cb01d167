package report

// A Section is one block of the summary as data: its title, how it was computed, its
// figures and its chart. It contains no positions, sizes or styles, so each target can
// draw it in its own way. layout.go turns it into rows of a spreadsheet.
type Section struct {
	ID    string // stable: "positions"
	Title string
	Note  string // how it was computed, for where the method is told; may be empty
	// PageNote is the same where there are no sheets, cells or italics.
	PageNote string
	Grids    []Grid // at least one
	Chart    *Picture
}

// A Grid is rows under one header. Its first column labels the rows.
type Grid struct {
	Columns []Head
	Rows    []Row
	Large   bool // the key figures, which are drawn larger
}

// Head is the header of a column of a grid.
type Head struct {
	Text string
	Role Role
}

// Role is what a column of a grid holds.
type Role uint8

// The closed set of roles.
const (
	RoleLabel  Role = iota // what the row is about
	RoleFigure             // a number, or a text in the place of one
	RoleWords              // a sentence
)

// Row is a row of a grid: an entry for each of its columns.
type Row struct {
	Total   bool // it sums those above
	Entries []Entry
}

// An Entry is the content of a cell of a grid. An empty entry has a blank value.
type Entry struct {
	ID     string // of a figure, stable and unique in the book: "positions/esn/approved"
	Value  Value
	Expr   Expr   // of a live figure; Value is then what it evaluates to
	Names  *Names // see Cell
	Format Format
	Fact   bool // a figure that cannot be live: it holds for the day of the edition
}

// Picture is a chart of some columns of a section's first grid.
type Picture struct {
	Kind     ChartKind
	Title    string
	Subtitle string // day and source: whoever copies the chart alone takes them along
	Alt      string // what it shows, for those who cannot see it
	Category int    // the grid's column of labels, or of days
	Time     TimeAxis
	Columns  []int // of the grid, a series each, named by their headers
	From, To int   // the rows from From up to, but without, To
}

// A Paragraph is a line of text that a sheet opens with.
type Paragraph struct {
	Role ParagraphRole
	Text string
	Link string // http(s) or mailto; may be empty
}

// ParagraphRole is what a paragraph is.
type ParagraphRole uint8

// The closed set of roles of paragraphs.
const (
	OpeningTitle  ParagraphRole = iota
	OpeningDate                 // the day for which the sheet holds
	OpeningSource               // whose list it is
	OpeningNotice               // must not be missed: reconstruction, erratum, what the gate let through
	OpeningRemark               // good to know
	OpeningContact
)
