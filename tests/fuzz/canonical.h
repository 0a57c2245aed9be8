/* SPDX-License-Identifier: Apache-2.0 */
/*
 * canonical - what must hold of every indicator, for the fuzz targets of the kinds.
 *
 * Shape     Whatever text is accepted, its value is printable ASCII without spaces, parses to
 *           itself under the same kind, and is shown as something.
 * Owns      Its arena.   Lives  One call.   Threads  One.   Bounds  -
 * Fails     By abort().
 */
#ifndef YUMEN_FUZZ_CANONICAL_H
#define YUMEN_FUZZ_CANONICAL_H

#include "fact/indicator.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (failed(kit_boot()))
        abort();
    return 0;
}

static inline void must(bool holds)
{
    if (!holds)
        abort();
}

static inline bool is_fit_to_store(str value)
{
    for (size_t i = 0; i < value.size; i++)
        if (value.at[i] <= ' ' || value.at[i] > '~')
            return false;
    return value.size > 0;
}

static inline void must_be_canonical(const struct indicator *first, str region, struct arena *turn)
{
    struct indicator again;
    must(is_fit_to_store(first->value));
    must(first->display.size > 0 && str_is_utf8(first->display));
    must(!failed(indicator_parse(first->kind, first->value, region, turn, &again)));
    must(str_equal(first->value, again.value));
    must(str_equal(first->display, again.display));
}

static inline void try_kind(unsigned kind, str text, str region)
{
    struct arena turn;
    struct indicator first;
    arena_init(&turn, 1 << 20);
    err e = indicator_parse(kind, text, region, &turn, &first);
    must(e.code == ERR_NONE || e.code == ERR_MALFORMED);
    if (!failed(e))
        must_be_canonical(&first, region, &turn);
    arena_done(&turn);
}

#endif
