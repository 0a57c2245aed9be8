/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: whatever a message holds, what is found in it is canonical, and each once. Method:
 * canonical.h for each, and each held against those before it. */
#include "fact/mention.h"

#include "canonical.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena turn;
    struct mentions m = {.count = 0};
    arena_init(&turn, 4 << 20);
    err e = mentions_find(str_make((const char *)data, size), STR("CN"), &turn, &m);
    must(e.code == ERR_NONE || size > MENTION_TEXT_BYTES);
    for (size_t i = 0; i < m.count; i++) {
        must_be_canonical(&m.items[i], STR("CN"), &turn);
        for (size_t k = 0; k < i; k++)
            must(m.items[k].kind != m.items[i].kind ||
                 !str_equal(m.items[k].value, m.items[i].value));
    }
    arena_done(&turn);
    return 0;
}
