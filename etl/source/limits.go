package source

import "hdsreport/etl/ooxml"

// Bounds on what one file may cost. Those that a user may need to move are in
// Options; the others only stop files that no newsroom would have made.
const (
	// DefaultMaxBytes holds a million CSV rows of 250 bytes.
	DefaultMaxBytes int64 = 256 << 20

	// DefaultMaxCells is a full worksheet (1,048,576 rows, the format's own limit)
	// of 32 columns: twice what the lists have ever had. A cell costs 16 bytes
	// beside its text, so this is half a gigabyte at the very worst.
	DefaultMaxCells = 1_048_576 * 32

	// maxUnzipped bounds what reading the parts of one archive may unpack in total: a
	// full worksheet of 20 columns is about 1 GiB of XML, and some 2 GiB in an .ods,
	// which is read twice.
	maxUnzipped int64 = 4 << 30

	// maxToken bounds one tag or one text of an XML part, and so the scanner's
	// buffer. A spreadsheet cell holds at most 32,767 characters.
	maxToken = 16 << 20

	// maxRows is what a worksheet holds, and so what a workbook can be made of.
	maxRows = ooxml.MaxRows

	// maxColumn is the last column of a worksheet (XFD).
	maxColumn = ooxml.MaxColumns

	// maxColspan and maxRowspan are those of the HTML standard.
	maxColspan = 1_000
	maxRowspan = 65_534

	// maxTables bounds the tables of a page or the sheets of a workbook, each of which has a cost of its own.
	maxTables = 10_000

	// maxDepth bounds the nesting of JSON values and of HTML tables.
	maxDepth = 256

	// scoredRows is how far down a sheet or table a header is looked for when one
	// of several has to be chosen, and how many records tell a delimiter.
	scoredRows = 60

	// maxListed is how many findings of one code name their place; the rest is a sum.
	maxListed = 20
)

func (o Options) maxBytes() int64 {
	if o.MaxBytes > 0 {
		return o.MaxBytes
	}
	return DefaultMaxBytes
}

func (o Options) maxCells() int {
	if o.MaxCells > 0 {
		return o.MaxCells
	}
	return DefaultMaxCells
}

func (o Options) recognise(cells []string) int {
	if o.Recognise == nil {
		return 0
	}
	return o.Recognise(cells)
}
