/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: leaf_decode understands nothing but what leaf_encode writes; a replay of foreign bytes
 * ends, and finds that nobody signed them.
 * Method: what decodes must encode to the same bytes. The same bytes are then a ledger's leaves.
 */
#include "kit/kit.h"
#include "ledger/replay.h"
#include "ledger/tree.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static err give_entry(void *self, uint64_t index, struct entry *ret_entry)
{
    *ret_entry = *(const struct entry *)self;
    ret_entry->index = index;
    return OK;
}

static err give_row(void *self, struct row *ret_row, bool *ret_has)
{
    (void)self;
    (void)ret_row;
    *ret_has = false;
    return OK;
}

static err give_head(void *self, struct head *ret_head, bool *ret_has)
{
    (void)self;
    (void)ret_head;
    *ret_has = false;
    return OK;
}

static void count(void *self, const struct finding *f)
{
    struct text line;
    text_init(&line, self);
    finding_format(f, &line);
    must(text_str(&line).size > 0);
}

static void replay_one(str body, struct arena *keep, struct arena *turn)
{
    struct entry entry = {.body = body, .hash = tree_leaf_hash(body)};
    struct replay_source source = {&entry, 3, give_entry, give_row, give_head};
    struct replay_setup setup = {.source = &source,
                                 .store = STR("s"),
                                 .key_id = STR("k"),
                                 .keep = keep,
                                 .turn = turn,
                                 .found = count,
                                 .found_self = keep};
    struct replay_verdict verdict;
    must(!failed(replay_run(&setup, &verdict)));
    must(verdict.leaves == 3 && verdict.findings > 0); /* no head covers them */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    must(!failed(kit_boot()));
    str body = str_make((const char *)data, size);
    struct arena keep;
    struct arena turn;
    arena_init(&keep, 16 << 20);
    arena_init(&turn, 16 << 20);
    struct leaf leaf;
    if (!failed(leaf_decode(body, &turn, &leaf))) {
        struct text again;
        text_init(&again, &turn);
        must(!failed(leaf_encode(&leaf, &again)));
        must(str_equal(text_str(&again), body));
    }
    replay_one(body, &keep, &turn);
    arena_done(&turn);
    arena_done(&keep);
    return 0;
}
