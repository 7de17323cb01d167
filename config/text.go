package config

import (
	"reflect"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"hdsreport/etl/message"
)

// maxText is the maximum length of a text, in UTF-16 units. The properties of a
// workbook and the formulas that a text may be part of hold less than a cell does.
const maxText = 4_000

// checkTexts returns the key of the first text that no workbook can hold, with what is
// wrong with it. The lines of reference tables are checked too: what check lets pass, run
// must be able to write.
func checkTexts(settings any) (key string, fault message.Message) {
	for _, e := range flatten(reflect.ValueOf(settings), "") {
		if m := checkValue(reflect.ValueOf(e.value)); !m.IsZero() {
			return e.key, m
		}
	}
	return "", message.Message{}
}

func checkValue(v reflect.Value) message.Message {
	switch v.Kind() {
	case reflect.String:
		return checkText(v.String())
	case reflect.Slice:
		for i := range v.Len() {
			if m := checkValue(v.Index(i)); !m.IsZero() {
				return m
			}
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if m := checkValue(v.Field(i)); !m.IsZero() {
				return m
			}
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			if m := checkValue(v.MapIndex(k)); !m.IsZero() {
				return m
			}
		}
	}
	return message.Message{}
}

func checkText(s string) message.Message {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, unwritable) {
		return message.New("config-characters")
	}
	if n := len(utf16.Encode([]rune(s))); n > maxText {
		return message.New("config-text-long", "n", n, "most", maxText)
	}
	return message.Message{}
}

// unwritable reports whether XML 1.0 forbids a character, or it is a noncharacter.
func unwritable(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r&0xfffe == 0xfffe ||
		r >= 0xfdd0 && r <= 0xfdef
}
