/* SPDX-License-Identifier: Apache-2.0 */
#include "train/sheet.h"

#include <assert.h>

void sheet_init(struct sheet *s, uint32_t columns)
{
    assert(columns > 0);
    s->columns = columns;
    s->count = 0;
}

void sheet_put(struct sheet *s, str cell)
{
    assert(s->count < SHEET_CELLS);
    s->cells[s->count++] = cell;
}

/* Chinese characters and their punctuation take two columns; they begin with bytes from E2 (but
 * for the dash in E2 80) on, and we write no others. */
static size_t width_of(str cell)
{
    size_t width = 0;
    for (size_t i = 0; i < cell.size; i++) {
        unsigned char c = (unsigned char)cell.at[i];
        bool is_lead = (c & 0xC0) != 0x80;
        width += is_lead ? (c >= 0xE3 ? 2 : 1) : 0;
    }
    return width;
}

static size_t column_width(const struct sheet *s, uint32_t column)
{
    size_t width = 3;
    for (uint32_t i = column; i < s->count; i += s->columns) {
        size_t w = width_of(s->cells[i]);
        width = w > width ? w : width;
    }
    return width;
}

static void put_row(const struct sheet *s, uint32_t first, FILE *out)
{
    for (uint32_t c = 0; c < s->columns; c++) {
        str cell = s->cells[first + c];
        size_t room = column_width(s, c) - width_of(cell);
        fprintf(out, "| %.*s%*s ", STR_ARGS(cell), (int)room, "");
    }
    fputs("|\n", out);
}

void sheet_print(const struct sheet *s, FILE *out)
{
    assert(s->count % s->columns == 0);
    for (uint32_t i = 0; i < s->count; i += s->columns) {
        put_row(s, i, out);
        if (i > 0)
            continue;
        for (uint32_t c = 0; c < s->columns; c++) {
            fputs("|-", out);
            for (size_t k = column_width(s, c); k > 0; k--)
                fputc('-', out);
            fputc('-', out);
        }
        fputs("|\n", out);
    }
}
