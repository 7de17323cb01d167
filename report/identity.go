package report

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Identity returns a string that is equal for two expressions only if they are the same
// figure.
func Identity(e Expr) string { return string(appendExpr(nil, e)) }

// The tags below are part of the recipe of a book's generation: a new kind of expression
// gets a new one.

// appendExpr appends an unambiguous encoding of an expression: a tag and its parts, each
// of variable length preceded by its length.
func appendExpr(b []byte, e Expr) []byte {
	switch e := e.(type) {
	case nil:
		return append(b, 0)
	case CountActors:
		return appendConds(appendText(append(b, 1), e.Table), e.Where)
	case CountRows:
		return appendConds(appendText(append(b, 2), e.Table), e.Where)
	case Sum:
		b = binary.AppendUvarint(append(b, 3), uint64(len(e)))
		for _, x := range e {
			b = appendExpr(b, x)
		}
		return b
	case Difference:
		return appendExpr(appendExpr(append(b, 4), e.A), e.B)
	case Ratio:
		return appendExpr(appendExpr(append(b, 5), e.A), e.B)
	case Const:
		return appendNumber(append(b, 6), float64(e))
	case Shown:
		return appendNumber(appendText(append(b, 7), e.Cell), e.Value)
	}
	panic(fmt.Sprintf("report: no identity for %T", e))
}

// appendRowExpr is like appendExpr, for the formula of a column.
func appendRowExpr(b []byte, e RowExpr) []byte {
	switch e := e.(type) {
	case nil:
		return append(b, 0)
	case CountEqual:
		return appendText(appendTexts(append(b, 1), e.Columns), e.Value, e.Unknown)
	case AlsoIn:
		if e.Counted != "" {
			return appendText(append(b, 5), e.Key, e.Other, e.Yes, e.No, e.Counted)
		}
		return appendText(append(b, 2), e.Key, e.Other, e.Yes, e.No)
	case Covered:
		if e.Counted != "" {
			return appendText(appendTexts(appendText(append(b, 6), e.Key), e.Columns), e.Yes, e.Unknown, e.Counted)
		}
		return appendText(appendTexts(appendText(append(b, 3), e.Key), e.Columns), e.Yes, e.Unknown)
	case NoneOf:
		return appendText(appendTexts(appendText(append(b, 7), e.Column), e.Words), e.Yes, e.No)
	case Extended:
		b = binary.AppendUvarint(appendText(append(b, 4), e.Column), uint64(len(e.Spans)))
		for _, s := range e.Spans {
			b = binary.AppendVarint(appendText(b, s.From.String(), s.To.String()), int64(s.Months))
		}
		return b
	}
	panic(fmt.Sprintf("report: no identity for %T", e))
}

func appendConds(b []byte, cs []Cond) []byte {
	b = binary.AppendUvarint(b, uint64(len(cs)))
	for _, c := range cs {
		b = append(appendText(b, c.Column), byte(c.Op))
		b = appendValue(b, c.Value)
		b = binary.AppendUvarint(b, uint64(len(c.Or)))
		for _, v := range c.Or {
			b = appendValue(b, v)
		}
	}
	return b
}

func appendValue(b []byte, v Value) []byte {
	return appendNumber(appendText(append(b, byte(v.Kind)), v.Text), v.Num)
}

func appendText(b []byte, ss ...string) []byte {
	for _, s := range ss {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return b
}

func appendTexts(b []byte, ss []string) []byte {
	return appendText(binary.AppendUvarint(b, uint64(len(ss))), ss...)
}

func appendNumber(b []byte, f float64) []byte {
	return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
}
