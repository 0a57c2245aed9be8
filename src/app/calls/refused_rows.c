/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/refused_rows.h"

#include "app/house/ask.h"
#include "kit/digest.h"

void refused_rows_init(struct refused_rows *r, struct intake_batch *batch,
                       const struct sight_keys *keys)
{
    r->batch = batch;
    r->keys = keys;
    r->count = 0;
}

static err write_rows(void *self, struct store *store, instant at, struct arena *turn)
{
    struct refused_rows *rows = self;
    (void)turn;
    for (uint32_t i = 0; i < rows->count; i++) {
        struct refused_row *r = &rows->at[i];
        r->refusal.raw = str_make(r->mark, sizeof r->mark);
        TRY(intake_batch_reject(rows->batch, store, &r->refusal, at));
    }
    return OK;
}

err refused_rows_tell(struct refused_rows *r)
{
    if (r->count == 0)
        return OK;
    err e = ask_store(r->batch->call->house, write_rows, r);
    r->count = 0;
    return e;
}

/* Our own name of it, which stays. */
static str column_name(const struct feed_shape *shape, str column)
{
    size_t i = feed_column_find(shape, column);
    return i == shape->column_count ? STR("") : str_from_c(shape->columns[i].name);
}

static void mark_row(const struct sight_keys *keys, str raw, char ret_mark[REFUSED_MARK_BYTES])
{
    static const char digits[] = "0123456789abcdef";
    struct digest_stream s;
    digest_init(&s);
    digest_put(&s, STR("yumen calls refused"));
    digest_put(&s, str_make((const char *)keys, sizeof *keys));
    digest_put(&s, raw);
    struct digest d = digest_done(&s);
    for (size_t i = 0; i < REFUSED_MARK_BYTES / 2; i++) {
        ret_mark[2 * i] = digits[d.bytes[i] >> 4];
        ret_mark[2 * i + 1] = digits[d.bytes[i] & 15];
    }
}

err refused_rows_put(struct refused_rows *r, const struct feed_refusal *refusal)
{
    struct refused_row *row = &r->at[r->count++];
    row->refusal = *refusal;
    row->refusal.column = column_name(r->batch->shape, refusal->column);
    mark_row(r->keys, refusal->raw, row->mark);
    return r->count == REFUSED_ROWS ? refused_rows_tell(r) : OK;
}
