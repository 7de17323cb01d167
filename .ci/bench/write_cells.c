/* Writes a semicolon CSV as one sheet with libxlsxwriter in constant memory: the
   yardstick of .ci/bench/scale. It only writes cells: it settles no name, counts
   nothing and checks nothing. Fields are taken as they are, without quotes.

   cc -O2 write_cells.c -lxlsxwriter -o write_cells && ./write_cells FILE.csv OUT.xlsx */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: write_cells FILE.csv OUT.xlsx\n");
        return 2;
    }
    FILE *in = fopen(argv[1], "r");
    if (!in) {
        perror(argv[1]);
        return 1;
    }
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    lxw_workbook *book = workbook_new_opt(argv[2], &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    char *line = NULL, *field;
    size_t size = 0;
    for (lxw_row_t row = 0; getline(&line, &size, in) > 0; row++) {
        char *rest = line;
        lxw_col_t col = 0;
        line[strcspn(line, "\r\n")] = 0;
        while ((field = strsep(&rest, ";")))
            worksheet_write_string(sheet, row, col++, field, NULL);
    }
    free(line);
    fclose(in);
    lxw_error failed = workbook_close(book);
    if (failed) fprintf(stderr, "%s: %s\n", argv[2], lxw_strerror(failed));
    return failed != LXW_NO_ERROR;
}
