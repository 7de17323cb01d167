"""Writes two tables with pandas and XlsxWriter: the yardstick of .ci/bench/run.

It gets the very rows that hdsreport puts on its two data sheets, as CSV, and only
writes them: it reads no source, settles no name and counts nothing."""

import sys

import pandas

approved, certified, out = sys.argv[1:]
with pandas.ExcelWriter(out, engine="xlsxwriter") as book:
    for name, source in (("Acteurs agréés", approved), ("Acteurs certifiés", certified)):
        pandas.read_csv(source).to_excel(book, sheet_name=name, index=False)
