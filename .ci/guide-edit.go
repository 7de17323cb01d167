//go:build ignore

// guide-edit types a text into a workbook, as an editor does: FILE NAME HEADING TEXT.
package main

import (
	"log"
	"os"
	"slices"

	"github.com/xuri/excelize/v2"
)

func main() {
	f, err := excelize.OpenFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	sheet, column := f.GetSheetList()[0], -1
	rows, err := f.GetRows(sheet)
	if err != nil {
		log.Fatal(err)
	}
	for r, row := range rows {
		if c := slices.Index(row, os.Args[3]); c >= 0 {
			column = c
		}
		if column >= 0 && len(row) > 0 && row[0] == os.Args[2] {
			cell, _ := excelize.CoordinatesToCellName(column+1, r+1)
			if err := f.SetCellStr(sheet, cell, os.Args[4]); err != nil {
				log.Fatal(err)
			}
			if err := f.Save(); err != nil {
				log.Fatal(err)
			}
			return
		}
	}
	log.Fatal("no such cell")
}
