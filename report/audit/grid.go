package audit

// Limits of the format: Microsoft, "Excel specifications and limits".
const (
	maxText      = 32_767 // UTF-16 units in a cell
	maxHeader    = 255
	maxSheetName = 31
	maxLiteral   = 255 // of a drop-down's list within its formula
)
