/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no bytes burst it, and cutting them changes neither output nor answer; but of a file that
 * is both too large and damaged, whichever is met first is said.
 * Method: the first bytes choose block and room; read so and at once, within a limit.
 */
#include "kit/inflate.h"

#include "kit_fuzz.h"

static const struct inflate_limits limits = {.output_bytes = 1 << 18, .ratio = 1000};

struct sizes {
    size_t block;
    size_t room;
};

static err read_all(struct arena *a, str packed, struct sizes sizes, struct text *t)
{
    SCOPED(inflate_done) struct inflate z = {0};
    char *out = arena_make(a, sizes.room);
    text_init(t, a);
    TRY(inflate_init(&z, inflate_guess(packed), limits, a));
    while (packed.size > 0) {
        str in = str_until(packed, sizes.block);
        packed = str_from(packed, in.size);
        size_t size = 0;
        do {
            TRY(inflate_step(&z, &in, out, sizes.room, &size));
            must(size <= sizes.room);
            text_put(t, str_make(out, size));
        } while (size > 0);
        must(in.size == 0);
    }
    return inflate_end(&z);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 32 << 20);
    str packed = str_make((const char *)data, size);
    struct sizes cut = {.block = 1 + take_byte(&packed), .room = 1 + take_byte(&packed) * 16U};
    struct sizes whole = {.block = packed.size + 1, .room = 1 << 19};
    struct text t;
    err e = read_all(&a, packed, whole, &t);
    struct text u;
    err f = read_all(&a, packed, cut, &u);
    must(failed(e) == failed(f));
    bool is_limit = e.code == ERR_LIMIT || f.code == ERR_LIMIT;
    must(!failed(e) || is_limit || strcmp(e.why, f.why) == 0);
    must(failed(e) || str_equal(text_str(&t), text_str(&u)));
    arena_done(&a);
    return 0;
}
