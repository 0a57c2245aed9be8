/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no document upsets the printer of refund statements: it is refused, or printed to the last
 * page. Method: read it; print small ones in both languages.
 */
#include "print/refund_paper.h"
#include "print/sanitize.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 64 << 20, ROWS_PRINTED = 24 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena boot;
    if (boot.budget_bytes == 0) {
        arena_init(&boot, ARENA_BYTES);
        must(!failed(messages_boot(&boot)));
    }
    struct arena a;
    struct refund_doc d;
    char place[TRAIL_PLACE_BYTES];
    arena_init(&a, ARENA_BYTES);
    if (!failed(refund_doc_read(str_make((const char *)data, size), &a, &d, place))) {
        str pdf = STR("");
        bool is_small = d.entry_count + d.claim_count + d.share_count <= ROWS_PRINTED;
        for (enum language l = LANGUAGE_ZH; is_small && l <= LANGUAGE_EN; l++)
            if (!failed(refund_print(&d, l, &a, &pdf)))
                must(str_starts(pdf, STR("%PDF-")));
    }
    arena_done(&a);
    return 0;
}
