/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: rows come out the same however the file was cut and whichever judge read them, numbered
 * upwards, and within their limits.
 * Method: the first byte is the block size; read in blocks and at once, described, compared; and
 * once more with libcsv for every row.
 */
#include "kit/csvline.h"

#include "kit_fuzz.h"

static const struct csvline_limits limits = {.row_bytes = 100, .columns = 5};
static const struct csvline_limits careful = {
    .row_bytes = 100, .columns = 5, .is_all_libcsv = true};

static void describe(struct text *t, const struct csvline_row *row, uint64_t *last_row)
{
    must(row->row > *last_row && row->line >= row->row);
    *last_row = row->row;
    must(row->field_count <= limits.columns);
    must(failed(row->fault) == (row->field_count == 0));
    text_put_u64(t, row->row);
    text_put_u64(t, row->line);
    text_put_c(t, failed(row->fault) ? row->fault.why : "");
    for (size_t i = 0; i < row->field_count; i++)
        text_put(t, row->fields[i]);
    text_put(t, row->raw);
}

static str read_all(struct arena *a, struct csvline_limits how, str file, size_t block)
{
    struct text t;
    struct csvline *c = NULL;
    struct csvline_row row;
    uint64_t last_row = 0;
    text_init(&t, a);
    must(!failed(csvline_init(a, how, &c)));
    while (file.size > 0) {
        str in = str_until(file, block);
        file = str_from(file, in.size);
        while (csvline_step(c, &in, &row))
            describe(&t, &row, &last_row);
        must(in.size == 0);
    }
    while (csvline_end(c, &row))
        describe(&t, &row, &last_row);
    csvline_done(c);
    must(!text_spent(&t));
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 32 << 20);
    str file = str_make((const char *)data, size);
    size_t block = 1 + take_byte(&file);
    str at_once = read_all(&a, limits, file, file.size + 1);
    must(str_equal(at_once, read_all(&a, limits, file, block)));
    must(str_equal(at_once, read_all(&a, careful, file, block)));
    arena_done(&a);
    return 0;
}
