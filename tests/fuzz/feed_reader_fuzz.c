/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no file, however packed, encoded or broken, does more than give rows and refusals; where it
 * is cut changes nothing; and what comes out as a row keeps the reader's promises.
 * Method: the first byte says where to cut; read whole and cut, compare a digest of what was said.
 * Only where a compressed file is damaged may the two differ: how much the library gives out before
 * it notices is its own affair.
 */
#include "feed/identity.h"
#include "feed/value.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct telling {
    struct digest_stream said;
    int64_t next;
    bool is_damaged;
};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static err tell_row(void *self, const struct feed_row *row)
{
    struct telling *t = self;
    must(row->number == ++t->next && row->raw.size <= FEED_RAW_BYTES && str_is_utf8(row->raw));
    for (size_t i = 0; i < row->shape->column_count; i++) {
        const struct feed_column *column = &row->shape->columns[i];
        str value = row->values[i];
        must(value.size <= column->max_bytes && (value.size > 0 || !column->is_required));
        must(!failed(value_check(value, (enum feed_value)column->value)));
    }
    struct digest d = feed_row_identity(row, STR("fuzz"));
    digest_put(&t->said, str_make((const char *)d.bytes, sizeof(d.bytes)));
    return OK;
}

static err tell_refusal(void *self, const struct feed_refusal *no)
{
    struct telling *t = self;
    must(no->number == 0 || no->number == ++t->next);
    must(no->code != NULL && no->raw.size <= FEED_RAW_BYTES && str_is_utf8(no->raw));
    t->is_damaged = t->is_damaged || str_starts(str_from_c(no->code), STR("compressed."));
    digest_put(&t->said, str_from_c(no->code));
    digest_put(&t->said, no->column);
    return OK;
}

static struct digest read_cut(str bytes, size_t cut, bool *ret_is_damaged)
{
    struct arena a;
    arena_init(&a, FEED_READER_BYTES);
    struct telling t = {0};
    digest_init(&t.said);
    struct feed_options options = {.format = FEED_GUESS};
    must(!failed(feed_find(STR("listings"), &options.shape)));
    struct feed_sink sink = {&t, tell_row, tell_refusal, NULL};
    struct feed_reader *reader = NULL;
    must(!failed(feed_reader_init(&a, options, sink, &reader)));
    must(!failed(feed_reader_put(reader, str_until(bytes, cut))));
    must(!failed(feed_reader_put(reader, str_from(bytes, cut))));
    must(!failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    arena_done(&a);
    *ret_is_damaged = *ret_is_damaged || t.is_damaged;
    return digest_done(&t.said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_booted;
    if (!is_booted)
        must(!failed(kit_boot()));
    is_booted = true;
    if (size == 0)
        return 0;
    str bytes = str_make((const char *)data + 1, size - 1);
    bool is_damaged = false;
    struct digest whole = read_cut(bytes, bytes.size, &is_damaged);
    struct digest cut = read_cut(bytes, data[0] * bytes.size / 256, &is_damaged);
    must(is_damaged || digest_equal(&whole, &cut));
    return 0;
}
