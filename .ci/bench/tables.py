"""Takes the two data sheets out of a workbook as CSV, for write_tables.py."""

import sys

import pandas

book, approved, certified = sys.argv[1:]
for index, out in ((0, approved), (1, certified)):
    sheet = pandas.read_excel(book, sheet_name=index, header=None)
    header = sheet.index[sheet[0] == "Acteur"][0]
    rows = sheet.iloc[header + 1 :]
    rows.columns = sheet.iloc[header]
    rows.to_csv(out, index=False)
