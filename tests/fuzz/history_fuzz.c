/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a history are, it is refused, or it is one: written down and read
 * again it gives the same bytes.
 * Method: the bytes as they are, and behind the first two lines that they ought to have.
 */
#include "warn/history.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 16 << 20 };

static str written(const struct history *h, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    history_write(h, &t);
    must(!text_spent(&t));
    return text_str(&t);
}

static void read(str bytes, struct arena *a)
{
    struct history h;
    struct history again;
    err e = history_read(bytes, a, &h);
    if (failed(e)) {
        must(str_starts(str_from_c(e.why), STR("episodes.")) || e.code == ERR_LIMIT);
        return;
    }
    str once = written(&h, a);
    must(!failed(history_read(once, a, &again)));
    must(str_equal(written(&again, a), once));
    for (size_t i = 0; i < h.signal_count; i++) {
        const struct history_signal *s = &h.signals[i];
        must(s->signal.about >= 1 && s->signal.about <= h.numbers);
        (void)history_find(&h, (uint32_t)s->signal.about, s->at_s);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text t;
    str bytes = str_make((const char *)data, size);
    arena_init(&a, ARENA_BYTES);
    read(bytes, &a);
    text_init(&t, &a);
    text_put_c(&t, "yumen-episodes 1\nworld 2 9 3\n");
    text_put(&t, bytes);
    if (!text_spent(&t))
        read(text_str(&t), &a);
    arena_done(&a);
    return 0;
}
