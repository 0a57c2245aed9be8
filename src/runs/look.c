/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's reading of what it has: records, and where rows lie. */
#include "runs/inside.h"

err block_walk(str raw, int64_t base_ms, uint32_t nth, struct record *ret_record)
{
    struct record_reader in = {.rest = raw, .base_ms = base_ms};
    while (!record_is_end(&in)) {
        struct record record;
        TRY(record_next(&in, &record));
        if (record.kind != RECORD_TRANSFER)
            continue;
        if (nth-- > 0)
            continue;
        *ret_record = record;
        return OK;
    }
    return fail(ERR_CORRUPT, "runs: a block of the journal lacks a transfer", nth);
}

static err open_block(struct runs *r, uint32_t ordinal, struct opened_block **ret_block)
{
    const struct journal_block *b = journal_find(&r->journal, ordinal);
    if (b == NULL)
        return fail(ERR_ABSENT, "transfer.unknown", ordinal);
    struct opened_block *o = &r->opened[b->first_ordinal / JOURNAL_BLOCK_USUAL % OPENED_MOST];
    *ret_block = o;
    if (o->is_there && o->first_ordinal == b->first_ordinal && o->rows == b->rows)
        return OK;
    o->is_there = false;
    if (o->raw == NULL)
        o->raw = arena_make(&r->arena, JOURNAL_BLOCK_BYTES * 2);
    if (o->raw == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    arena_reset(&r->turn);
    TRY(journal_read_at(r->folder, b, &r->unpacker, o->raw, &r->turn));
    o->first_ordinal = b->first_ordinal;
    o->rows = b->rows;
    o->raw_bytes = b->raw_bytes;
    o->base_ms = b->base_ms;
    o->is_there = true;
    return OK;
}

err look_record(struct runs *r, uint32_t ordinal, struct record *ret_record)
{
    const struct tail *tails[] = {r->tail, r->frozen};
    for (size_t i = 0; i < COUNT_OF(tails); i++)
        if (tails[i] != NULL && ordinal - tails[i]->first < tails[i]->count)
            return tail_record(tails[i], ordinal, ret_record);
    struct opened_block *o = NULL;
    TRY(open_block(r, ordinal, &o));
    return block_walk(str_make(o->raw, o->raw_bytes), o->base_ms, ordinal - o->first_ordinal,
                      ret_record);
}

err look_block(struct runs *r, uint32_t ordinal, struct journal_block *ret_block)
{
    env_mutex_lock(&r->names);
    const struct journal_block *b = journal_find(&r->journal, ordinal);
    if (b != NULL)
        *ret_block = *b;
    env_mutex_unlock(&r->names);
    return b == NULL ? fail(ERR_ABSENT, "transfer.unknown", ordinal) : OK;
}

/* For whoever is not the owner: reads the two ids from the journal, by itself. */
static err read_id(struct runs *r, uint32_t ordinal, struct unpacker *u, struct arena *a,
                   str *ret_id)
{
    struct record record;
    struct journal_block block;
    if (r->is_in_memory) {
        TRY(tail_record(r->tail, ordinal, &record));
        *ret_id = record.transfer.id;
        return OK;
    }
    TRY(look_block(r, ordinal, &block));
    char *raw = arena_make(a, block.raw_bytes);
    if (raw == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(journal_read_at(r->folder, &block, u, raw, a));
    TRY(block_walk(str_make(raw, block.raw_bytes), block.base_ms, ordinal - block.first_ordinal,
                   &record));
    *ret_id = record.transfer.id;
    return OK;
}

/* Two transfers of one account at one millisecond in two runs: seldom, and then it may take its
 * time. One that cannot be read goes by its ordinal. */
bool look_precedes(const void *self, uint32_t ordinal, uint32_t other)
{
    enum { LOOK_BYTES = 4 << 20 };
    struct runs *r = ((const struct runs *)self)->self;
    struct arena a;
    struct unpacker u = {0};
    str one_id = STR("");
    str other_id = STR("");
    arena_init(&a, LOOK_BYTES);
    err e = unpacker_init(&u);
    if (!failed(e))
        e = read_id(r, ordinal, &u, &a, &one_id);
    if (!failed(e))
        e = read_id(r, other, &u, &a, &other_id);
    int order = failed(e) ? 0 : str_compare(one_id, other_id);
    unpacker_done(&u);
    arena_done(&a);
    return order != 0 ? order < 0 : ordinal < other;
}

bool run_find(const struct trail_run *run, const struct trail_row *row, uint32_t ordinal,
              uint32_t *ret_place)
{
    int64_t at_ms = row_time_ms(row);
    if (at_ms < run->first_ms || at_ms > run->last_ms)
        return false;
    struct trail_range range = trail_directory_range(&run->out, row->from);
    for (uint32_t i = trail_run_after(run, range, at_ms - 1);
         i < range.end && row_time_ms(&run->rows[i]) == at_ms; i++) {
        if (run->ordinals[i] != ordinal)
            continue;
        *ret_place = i;
        return true;
    }
    return false;
}
