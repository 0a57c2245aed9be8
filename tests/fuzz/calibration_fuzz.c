/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever the bytes of a calibration's file are, it is refused, or it is a curve that never
 * falls: written down it gives the same bytes.
 * Method: the bytes as they are, and with the digest that they ought to have behind them.
 */
#include "warn/calibration.h"

#include "kit/digest.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 4 << 20 };

static void read(str bytes, struct arena *a)
{
    struct calibration c;
    struct text again;
    int32_t before = 0;
    err e = calibration_read(bytes, &c);
    if (failed(e)) {
        must(str_starts(str_from_c(e.why), STR("calibration.")));
        return;
    }
    for (int64_t at = -CALIBRATION_MOST_MN - 1000; at < CALIBRATION_MOST_MN + 1000; at += 9973) {
        int32_t micro = calibration_micro(&c, at);
        must(micro >= before && micro <= RULES_MICRO);
        before = micro;
    }
    text_init(&again, a);
    calibration_write(&c, &again);
    must(!text_spent(&again) && str_equal(text_str(&again), bytes));
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
