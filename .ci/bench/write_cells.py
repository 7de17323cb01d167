"""Writes a semicolon CSV as one sheet, with the library that is named: what
.ci/bench/scale holds hdsreport against. It only writes cells.

write_cells.py openpyxl|xlsxwriter|pandas FILE.csv OUT.xlsx"""

import csv
import sys

library, source, out = sys.argv[1:]


def rows():
    with open(source, encoding="utf-8", newline="") as f:
        yield from csv.reader(f, delimiter=";")


if library == "openpyxl":
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows():
        sheet.append(row)
    book.save(out)
elif library == "xlsxwriter":
    import xlsxwriter

    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for at, row in enumerate(rows()):
        for col, text in enumerate(row):
            sheet.write_string(at, col, text)
    book.close()
elif library == "pandas":
    import pandas

    pandas.read_csv(source, sep=";", dtype=str).to_excel(out, index=False, engine="xlsxwriter")
else:
    sys.exit(f"{library}: one of openpyxl, xlsxwriter, pandas")
