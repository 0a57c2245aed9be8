/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a model of warnings are, it is refused, or it is one: its curve never
 * falls, and written down and read again it gives the same bytes.
 * Method: the bytes as they are, and with the digest that they ought to have behind them.
 */
#include "warn/model.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 4 << 20 };

static str written(const struct warn_model *m, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    warn_model_write(m, &t);
    must(!text_spent(&t));
    return text_str(&t);
}

static void read(str bytes, struct arena *a)
{
    struct warn_model m;
    struct warn_model again;
    int32_t before = 0;
    err e = warn_model_read(bytes, &m);
    if (failed(e)) {
        must(str_starts(str_from_c(e.why), STR("warn")));
        return;
    }
    for (int64_t at = -CALIBRATION_MOST_MN - 1000; at < CALIBRATION_MOST_MN + 1000; at += 9973) {
        int32_t micro = calibration_micro(&m.curve, at);
        must(micro >= before && micro <= RULES_MICRO);
        before = micro;
    }
    str once = written(&m, a);
    must(!failed(warn_model_read(once, &again)));
    must(str_equal(written(&again, a), once));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct text stamped;
    str bytes = str_make((const char *)data, size);
    arena_init(&a, ARENA_BYTES);
    read(bytes, &a);
    struct digest d = digest_of(bytes);
    text_init(&stamped, &a);
    text_put(&stamped, bytes);
    text_put_c(&stamped, "sha256 ");
    text_put_hex(&stamped, d.bytes, DIGEST_BYTES);
    text_put_char(&stamped, '\n');
    if (!text_spent(&stamped))
        read(text_str(&stamped), &a);
    arena_done(&a);
    return 0;
}
