/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every account that a bank told of, as it stands: each block of the journal that holds the last
 * word on some account is read once.
 */
#include "runs/inside.h"

#include <stdlib.h>

enum { BLOCK_ARENA_BYTES = 8 << 20 };

/* What was known when it was asked: what comes meanwhile is for the next who asks. */
struct register_reading {
    struct runs *r;
    struct pages words;  /* of uint64_t, as in facts.c */
    struct pages blocks; /* of struct journal_block, in their order */
    struct pages lasts;  /* of uint32_t, by account: which record of its block speaks last */
    size_t account_count;
    size_t block_count;
    runs_register_visit *visit;
    void *self;
};

static uint64_t word_of(const struct journal_block *b)
{
    return (uint64_t)b->segment << FACTS_OFFSET_BITS | (b->offset & FACTS_OFFSET_MASK);
}

static err copy_pages(const void *from, size_t bytes, struct pages *ret)
{
    if (bytes == 0)
        return OK;
    TRY(pages_make(bytes, ret));
    memcpy(ret->at, from, bytes);
    return OK;
}

static err copy_all(struct register_reading *g)
{
    const struct runs *r = g->r;
    g->account_count = r->facts.size / sizeof(uint64_t);
    g->block_count = r->journal.blocks.count;
    TRY(copy_pages(r->facts.at, g->account_count * sizeof(uint64_t), &g->words));
    return copy_pages(r->journal.blocks.pages.at, g->block_count * sizeof(struct journal_block),
                      &g->blocks);
}

static int compare_words(const void *a, const void *b)
{
    uint64_t x = word_of(a);
    uint64_t y = word_of(b);
    return (x > y) - (x < y);
}

/* How many accounts have their last word in it; 0 for most blocks. */
static void mark_blocks(const struct register_reading *g, uint32_t *speaks)
{
    const uint64_t *words = g->words.at;
    const struct journal_block *blocks = g->blocks.at;
    for (size_t i = 0; i < g->account_count; i++) {
        const struct journal_block key = {.segment = (uint32_t)(words[i] >> FACTS_OFFSET_BITS),
                                          .offset = words[i] & FACTS_OFFSET_MASK};
        const struct journal_block *found =
            words[i] == 0 ? NULL : bsearch(&key, blocks, g->block_count, sizeof key, compare_words);
        if (found != NULL) /* else its segment is forgotten, or not yet written */
            speaks[found - blocks]++;
    }
}

/* Whether the record speaks of an account that has its last word here. */
static bool is_here(const struct register_reading *g, const struct record *record, uint64_t word)
{
    return record->kind == RECORD_FACTS_OF && record->account < g->account_count &&
           ((const uint64_t *)g->words.at)[record->account] == word;
}

static err show_facts(struct register_reading *g, struct record *record)
{
    char room[ACCOUNT_KEY_BYTES];
    env_mutex_lock(&g->r->names);
    record->facts.account = accounts_key(&g->r->accounts, record->account, room);
    env_mutex_unlock(&g->r->names);
    return g->visit(g->self, &record->facts);
}

/* Twice through it: an account may be spoken of more than once in one block. */
static err walk_block(struct register_reading *g, const struct journal_block *block, str raw)
{
    uint32_t *lasts = g->lasts.at;
    for (int turn = 0; turn < 2; turn++) {
        struct record_reader in = {.rest = raw, .base_ms = block->base_ms};
        for (uint32_t i = 0; !record_is_end(&in); i++) {
            struct record record;
            TRY(record_next(&in, &record));
            if (!is_here(g, &record, word_of(block)))
                continue;
            if (turn == 0)
                lasts[record.account] = i;
            else if (lasts[record.account] == i)
                TRY(show_facts(g, &record));
        }
    }
    return OK;
}

static err read_blocks(struct register_reading *g, const uint32_t *speaks, struct unpacker *u)
{
    struct arena a;
    err e = OK;
    arena_init(&a, BLOCK_ARENA_BYTES);
    for (size_t i = 0; i < g->block_count && !failed(e); i++) {
        const struct journal_block *block = (const struct journal_block *)g->blocks.at + i;
        if (speaks[i] == 0)
            continue;
        arena_reset(&a);
        char *raw = arena_make(&a, block->raw_bytes);
        if (raw == NULL) {
            e = fail(ERR_LIMIT, "limit.memory", 0);
            break;
        }
        e = journal_read_at(g->r->folder, block, u, raw, &a);
        if (e.code == ERR_ABSENT) /* forgotten since */
            e = OK;
        else if (!failed(e))
            e = walk_block(g, block, str_make(raw, block->raw_bytes));
    }
    arena_done(&a);
    return e;
}

static err read_register(struct register_reading *g)
{
    struct pages speaks = {0};
    struct unpacker u = {0};
    env_mutex_lock(&g->r->names);
    err e = copy_all(g);
    env_mutex_unlock(&g->r->names);
    TRY(e);
    if (g->account_count == 0 || g->block_count == 0)
        return OK;
    TRY(pages_make(g->account_count * sizeof(uint32_t), &g->lasts));
    TRY(pages_make(g->block_count * sizeof(uint32_t), &speaks));
    mark_blocks(g, speaks.at);
    e = unpacker_init(&u);
    if (!failed(e))
        e = read_blocks(g, speaks.at, &u);
    unpacker_done(&u);
    pages_drop(&speaks);
    return e;
}

err runs_ask_register(struct runs *r, runs_register_visit *visit, void *self)
{
    struct register_reading g = {.r = r, .visit = visit, .self = self};
    if (r->is_in_memory)
        return OK;
    err e = read_register(&g);
    pages_drop(&g.words);
    pages_drop(&g.blocks);
    pages_drop(&g.lasts);
    return e;
}
