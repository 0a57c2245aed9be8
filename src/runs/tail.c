/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/balances.h"
#include "runs/inside.h"

/* Room for records, a row: more is rare, and then the tail is sealed the earlier. */
enum { RAW_A_ROW = 160 };

err tail_open(struct tail *t, uint32_t room, bool has_ids)
{
    assert(room > 0);
    *t = (struct tail){.room = room};
    size_t raw = (size_t)room * RAW_A_ROW + 4 * (size_t)RECORD_BYTES;
    uint64_t lines = has_ids ? ids_lines(room) : 1;
    TRY(pages_make((size_t)room * sizeof(struct trail_row), &t->rows));
    TRY(pages_make((size_t)room * sizeof(uint32_t), &t->at));
    TRY(pages_make(raw > UINT32_MAX ? UINT32_MAX : raw, &t->raw));
    TRY(pages_make(lines * sizeof(struct ids_line), &t->lines));
    TRY(pages_make((size_t)room * sizeof(int64_t), &t->balances));
    t->ids = (struct ids){.lines = t->lines.at, .line_count = lines};
    return OK;
}

void tail_begin(struct tail *t, uint32_t first, uint32_t segment)
{
    t->first = first;
    t->segment = segment;
    t->block_first = first;
}

void tail_empty(struct tail *t)
{
    struct tail old = *t;
    memset(old.lines.at, 0, old.lines.size);
    *t = (struct tail){
        .rows = old.rows,
        .at = old.at,
        .raw = old.raw,
        .lines = old.lines,
        .balances = old.balances,
        .room = old.room,
        .ids = {.lines = old.ids.lines, .line_count = old.ids.line_count}
    };
}

void tail_close(struct tail *t)
{
    for (uint32_t i = 0; i < t->piece_count; i++) {
        pages_drop(&t->pieces[i].room);
        pages_drop(&t->pieces[i].balances);
    }
    pages_drop(&t->rows);
    pages_drop(&t->at);
    pages_drop(&t->raw);
    pages_drop(&t->lines);
    pages_drop(&t->balances);
    *t = (struct tail){0};
}

bool tail_has_room(const struct tail *t, uint32_t rows)
{
    return t->room - t->count >= rows &&
           t->raw.size - t->raw_bytes >= (size_t)rows * RAW_A_ROW + (size_t)RECORD_BYTES * 4;
}

err tail_record(const struct tail *t, uint32_t ordinal, struct record *ret_record)
{
    assert(ordinal - t->first < t->count);
    uint32_t at = ((const uint32_t *)t->at.at)[ordinal - t->first];
    struct record_reader in = {.base_ms = t->base_ms,
                               .rest = str_make((const char *)t->raw.at + at, t->raw_bytes - at)};
    return record_next(&in, ret_record);
}

bool tail_precedes(const void *self, uint32_t ordinal, uint32_t other)
{
    struct record a;
    struct record b;
    if (failed(tail_record(self, ordinal, &a)) || failed(tail_record(self, other, &b)))
        return ordinal < other;
    int order = str_compare(a.transfer.id, b.transfer.id);
    return order != 0 ? order < 0 : ordinal < other;
}

/* --- pieces --- */

static err fill_ordinals(const struct tail *t, const struct piece *p, struct pages *ret)
{
    TRY(pages_make((size_t)(p->end - p->begin) * sizeof(uint32_t), ret));
    uint32_t *at = ret->at;
    for (uint32_t i = p->begin; i < p->end; i++)
        *at++ = t->first + i;
    return OK;
}

static err make_piece(struct runs *r, struct tail *t, struct piece *p)
{
    struct pages ordinals = {0};
    struct pages scratch = {0};
    struct trail_input in = {
        .rows = tail_rows(t) + p->begin,
        .count = p->end - p->begin,
        .account_end = r->accounts.count,
        .order = {.precedes = tail_precedes, .self = t}
    };
    err e = fill_ordinals(t, p, &ordinals);
    in.ordinals = ordinals.at;
    if (!failed(e))
        e = pages_make(trail_scratch(in.count), &scratch);
    if (!failed(e))
        e = pages_make(trail_room(in.count, in.account_end), &p->room);
    if (!failed(e))
        e = trail_build(&in, p->room.at, scratch.at, &p->run);
    if (!failed(e))
        e = balances_of_tail(t, &p->run, &p->balances);
    pages_drop(&ordinals);
    pages_drop(&scratch);
    if (failed(e)) {
        pages_drop(&p->room);
        pages_drop(&p->balances);
    }
    p->run.number = r->next_number++;
    return e;
}

uint32_t tail_unsorted(const struct tail *t)
{
    return t->count - (t->piece_count == 0 ? 0 : t->pieces[t->piece_count - 1].end);
}

/* A new piece takes those before it along while they are not twice as long: a row is sorted again
 * as often as the tail doubles. */
err tail_sort(struct runs *r, struct tail *t)
{
    uint32_t begin = t->count - tail_unsorted(t);
    if (begin == t->count)
        return OK;
    uint32_t keep = t->piece_count;
    while (keep > 0 &&
           (t->pieces[keep - 1].end - t->pieces[keep - 1].begin <= 2 * (t->count - begin) ||
            keep == PIECES_MOST))
        begin = t->pieces[--keep].begin;
    struct piece piece = {.begin = begin, .end = t->count};
    TRY(make_piece(r, t, &piece));
    for (uint32_t i = keep; i < t->piece_count; i++)
        retire_piece(r, &t->pieces[i]);
    t->pieces[keep] = piece;
    t->piece_count = keep + 1;
    r->is_changed = true; /* also when a task that ended meanwhile has shown what it made */
    return OK;
}

err tail_end_block(struct runs *r, struct tail *t)
{
    if (t->raw_bytes == t->block_begin)
        return OK;
    str raw = str_make((const char *)t->raw.at + t->block_begin, t->raw_bytes - t->block_begin);
    uint32_t rows = t->first + t->count - t->block_first;
    TRY(journal_put(&r->journal, raw, t->block_first, rows));
    t->block_begin = t->raw_bytes;
    t->block_first = t->first + t->count;
    return OK;
}
