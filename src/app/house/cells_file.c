/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/cells_file.h"

#include "kit/csvline.h"

#include <stdlib.h>

enum { CELL_BYTES = 64, NAME_BYTES = 200, ROW_BYTES = 1024, COLUMNS = 4, DECIMALS = 6 };
#define LON_MOST_E6 INT64_C(180000000)
#define LAT_MOST_E6 INT64_C(90000000)

struct reading {
    struct cells_file *cells;
    struct arena *boot;
    struct csvline *csv;
    size_t room;
    bool has_header;
};

/* --- a row --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "103.8", "-25.123456": no more digits than are kept, no exponent. */
static bool parse_degrees(str s, int64_t most_e6, int64_t *ret_e6)
{
    bool is_minus = str_starts(s, STR("-"));
    int64_t value = 0;
    size_t whole = 0;
    size_t decimals = 0;
    size_t i = is_minus ? 1 : 0;
    for (; i < s.size && is_digit(s.at[i]) && whole < 3; i++, whole++)
        value = 10 * value + (s.at[i] - '0');
    if (i < s.size && s.at[i] == '.')
        for (i++; i < s.size && is_digit(s.at[i]) && decimals < DECIMALS; i++, decimals++)
            value = 10 * value + (s.at[i] - '0');
    if (i != s.size || whole == 0)
        return false;
    for (; decimals < DECIMALS; decimals++)
        value *= 10;
    *ret_e6 = is_minus ? -value : value;
    return value <= most_e6;
}

static err read_place(const struct csvline_row *row, struct arena *a, struct cell_place *ret_place)
{
    struct cell_place p = {.row = row->row};
    if (failed(row->fault))
        return row->fault;
    if (row->field_count < COLUMNS - 1 || row->field_count > COLUMNS)
        return fail(ERR_MALFORMED, "cells.columns", 0);
    str cell = str_trim(row->fields[0]);
    str name = row->field_count == COLUMNS ? str_trim(row->fields[COLUMNS - 1]) : STR("");
    if (str_is_empty(cell) || cell.size > CELL_BYTES || name.size > NAME_BYTES)
        return fail(ERR_MALFORMED, "cells.cell", 0);
    if (!parse_degrees(str_trim(row->fields[1]), LON_MOST_E6, &p.lon_e6) ||
        !parse_degrees(str_trim(row->fields[2]), LAT_MOST_E6, &p.lat_e6))
        return fail(ERR_MALFORMED, "cells.degrees", 0);
    p.cell = str_copy(a, cell);
    p.name = str_copy(a, name);
    if (p.cell.at == NULL || p.name.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_place = p;
    return OK;
}

static void name_bad(struct reading *r, uint64_t row, err why)
{
    struct cells_file *c = r->cells;
    if (c->bad < CELLS_NAMED)
        c->named[c->bad] = (struct cells_bad){row, why};
    c->bad++;
}

static err read_header(struct reading *r, const struct csvline_row *row)
{
    static const char *const wanted[COLUMNS] = {"cell", "lon", "lat", "name"};
    r->has_header = true;
    bool is_right =
        !failed(row->fault) && row->field_count >= COLUMNS - 1 && row->field_count <= COLUMNS;
    for (size_t i = 0; is_right && i < row->field_count; i++)
        is_right = str_equal(str_trim(row->fields[i]), str_from_c(wanted[i]));
    return is_right ? OK : fail(ERR_MALFORMED, "cells.header", 0);
}

static err take_row(struct reading *r, const struct csvline_row *row)
{
    if (!r->has_header)
        return read_header(r, row);
    if (r->cells->count == r->room)
        return fail(ERR_LIMIT, "cells.file", CELLS_MOST);
    err e = read_place(row, r->boot, &r->cells->at[r->cells->count]);
    if (e.code == ERR_LIMIT && str_equal(str_from_c(e.why), STR("limit.memory")))
        return e;
    if (failed(e))
        name_bad(r, row->row, e);
    else
        r->cells->count++;
    return OK;
}

/* --- the file --- */

static err take_rows(struct reading *r, str bytes)
{
    struct csvline_row row;
    while (csvline_step(r->csv, &bytes, &row))
        TRY(take_row(r, &row));
    while (csvline_end(r->csv, &row))
        TRY(take_row(r, &row));
    return r->has_header ? OK : fail(ERR_MALFORMED, "cells.header", 0);
}

/* Equal ones in the order of their rows. */
static int by_cell(const void *left, const void *right)
{
    const struct cell_place *a = left;
    const struct cell_place *b = right;
    int order = str_compare(a->cell, b->cell);
    return order != 0 ? order : (a->row > b->row) - (a->row < b->row);
}

/* The first of each counts. */
static void drop_repeats(struct reading *r)
{
    struct cells_file *c = r->cells;
    size_t kept = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (kept > 0 && str_equal(c->at[kept - 1].cell, c->at[i].cell))
            name_bad(r, c->at[i].row, fail(ERR_CONFLICT, "cells.repeated", 0));
        else
            c->at[kept++] = c->at[i];
    }
    c->count = kept;
}

static size_t lines_of(str bytes)
{
    size_t count = 1;
    for (size_t i = 0; i < bytes.size; i++)
        count += bytes.at[i] == '\n';
    return count < CELLS_MOST ? count : CELLS_MOST;
}

err cells_read(str bytes, struct arena *boot, struct arena *turn, struct cells_file *ret_cells)
{
    const struct csvline_limits limits = {.row_bytes = ROW_BYTES, .columns = COLUMNS + 1};
    static const str mark = {"\xef\xbb\xbf", 3};
    struct reading r = {.cells = ret_cells, .boot = boot, .room = lines_of(bytes)};
    *ret_cells = (struct cells_file){.at = arena_make_array(boot, r.room, sizeof *ret_cells->at)};
    if (ret_cells->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (str_starts(bytes, mark))
        bytes = str_from(bytes, mark.size);
    TRY(csvline_init(turn, limits, &r.csv));
    err e = take_rows(&r, bytes);
    csvline_done(r.csv);
    TRY(e);
    if (ret_cells->count > 1)
        qsort(ret_cells->at, ret_cells->count, sizeof *ret_cells->at, by_cell);
    drop_repeats(&r);
    return OK;
}

const struct cell_place *cells_file_find(const struct cells_file *c, str cell)
{
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(cell, c->at[middle].cell);
        if (order == 0)
            return &c->at[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
