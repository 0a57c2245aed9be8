/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no text makes base64_parse write past its room. Method: whatever it accepts, encoded and
 * decoded again, is the same bytes.
 */
#include "base/str.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t first[300];
    uint8_t again[300];
    size_t first_size = 0;
    size_t again_size = 0;
    if (failed(base64_parse(str_make((const char *)data, size), first, sizeof first, &first_size)))
        return 0;
    struct arena turn;
    arena_init(&turn, 1 << 16);
    struct text t;
    text_init(&t, &turn);
    text_put_base64(&t, first, first_size);
    err e = base64_parse(text_str(&t), again, sizeof again, &again_size);
    if (text_spent(&t) || failed(e) || again_size != first_size ||
        memcmp(first, again, first_size) != 0)
        abort();
    arena_done(&turn);
    return 0;
}
