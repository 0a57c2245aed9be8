/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever kind a text is taken for, it is one of that kind.
 * Method: the guess must be canonical; devices, which have no target of their own, as well.
 */
#include "canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = str_make((const char *)data, size);
    try_kind(INDICATOR_DEVICE, text, STR("CN"));

    struct arena turn;
    struct indicator guess;
    arena_init(&turn, 1 << 20);
    err e = indicator_guess(text, STR("CN"), &turn, &guess);
    must(e.code == ERR_NONE || e.code == ERR_MALFORMED);
    if (!failed(e))
        must_be_canonical(&guess, STR("CN"), &turn);
    arena_done(&turn);
    return 0;
}
