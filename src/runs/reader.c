/* SPDX-License-Identifier: Apache-2.0 */
#include "runs/reader.h"

#include "runs/inside.h"

enum { ROOM_LEAST = 8 << 10, TURN_BYTES = 4 << 20, KEPT_BYTES = 256 << 20 };

/* A block, unpacked, and where in it its transfers begin, as far as anybody asked. */
struct kept_block {
    char *raw;
    size_t room;
    uint32_t *starts; /* JOURNAL_BLOCK_ROWS */
    uint32_t found;
    uint32_t looked_at; /* bytes of raw */
    struct journal_block block;
    bool is_there;
};

struct runs_reader {
    struct runs *runs;
    struct arena arena; /* it and its blocks lie in */
    struct arena turn;  /* what a block is read into, packed */
    struct unpacker unpacker;
    struct kept_block kept[READER_BLOCKS];
};

err runs_reader_make(struct runs *r, struct runs_reader **ret_reader)
{
    struct arena arena;
    arena_init(&arena, KEPT_BYTES);
    struct runs_reader *reader = arena_make(&arena, sizeof *reader);
    if (reader == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    reader->arena = arena;
    reader->runs = r;
    arena_init(&reader->turn, TURN_BYTES);
    *ret_reader = reader;
    err e = unpacker_init(&reader->unpacker);
    if (failed(e))
        runs_reader_done(reader);
    return e;
}

void runs_reader_done(struct runs_reader *reader)
{
    if (reader == NULL)
        return;
    unpacker_done(&reader->unpacker);
    arena_done(&reader->turn);
    struct arena arena = reader->arena; /* it lies in */
    arena_done(&arena);
}

static err room_make(struct runs_reader *reader, struct kept_block *k, size_t bytes)
{
    size_t room = k->room == 0 ? (size_t)ROOM_LEAST : k->room;
    while (room < bytes)
        room *= 2;
    if (k->starts == NULL)
        k->starts = arena_make_array(&reader->arena, JOURNAL_BLOCK_ROWS, sizeof *k->starts);
    if (k->starts != NULL && room > k->room) {
        k->raw = arena_make(&reader->arena, room);
        k->room = k->raw == NULL ? 0 : room;
    }
    return k->starts == NULL || k->raw == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err find_start(struct kept_block *k, uint32_t nth)
{
    while (k->found <= nth && k->looked_at < k->block.raw_bytes) {
        struct record record;
        struct record_reader in = {
            .rest = str_make(k->raw + k->looked_at, k->block.raw_bytes - k->looked_at),
            .base_ms = k->block.base_ms};
        TRY(record_next(&in, &record));
        if (record.kind == RECORD_TRANSFER && k->found < k->block.rows)
            k->starts[k->found++] = k->looked_at;
        k->looked_at = k->block.raw_bytes - (uint32_t)in.rest.size;
    }
    return k->found > nth ? OK
                          : fail(ERR_CORRUPT, "runs: a block of the journal lacks a transfer", nth);
}

static err open_block(struct runs_reader *reader, uint32_t ordinal, struct kept_block **ret_kept)
{
    struct journal_block block;
    TRY(look_block(reader->runs, ordinal, &block));
    struct kept_block *k = &reader->kept[block.first_ordinal / JOURNAL_BLOCK_USUAL % READER_BLOCKS];
    *ret_kept = k;
    if (k->is_there && k->block.segment == block.segment && k->block.offset == block.offset)
        return OK;
    k->is_there = false;
    arena_reset(&reader->turn);
    TRY(room_make(reader, k, block.raw_bytes));
    TRY(journal_read_at(reader->runs->folder, &block, &reader->unpacker, k->raw, &reader->turn));
    k->block = block;
    k->found = 0;
    k->looked_at = 0;
    k->is_there = true;
    return OK;
}

static err read_record(struct runs_reader *reader, uint32_t ordinal, struct record *ret)
{
    struct kept_block *k = NULL;
    TRY(open_block(reader, ordinal, &k));
    uint32_t nth = ordinal - k->block.first_ordinal;
    TRY(find_start(k, nth));
    uint32_t at = k->starts[nth];
    struct record_reader in = {.rest = str_make(k->raw + at, k->block.raw_bytes - at),
                               .base_ms = k->block.base_ms};
    return record_next(&in, ret);
}

err runs_reader_details(struct runs_reader *reader, uint32_t ordinal, struct arena *a,
                        struct transfer *ret)
{
    struct record record;
    if (reader->runs->is_in_memory)
        return runs_ask_details(reader->runs, ordinal, a, ret);
    TRY(read_record(reader, ordinal, &record));
    return ask_words(reader->runs, ordinal, &record, a, ret);
}
