/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a name that was accepted is in its one spelling, and can be shown.
 * Method: reading the answer again gives the answer; the shown form reads back to it as well.
 */
#include "kit/idna.h"

#include "kit_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 1 << 20);
    str ascii;
    if (!failed(idna_to_ascii(str_make((const char *)data, size), &a, &ascii))) {
        str again;
        str shown;
        must(ascii.size > 0 && ascii.size <= IDNA_NAME_BYTES);
        must(!failed(idna_to_ascii(ascii, &a, &again)) && str_equal(ascii, again));
        must(!failed(idna_to_unicode(ascii, &a, &shown)) && str_is_utf8(shown));
        must(failed(idna_to_ascii(shown, &a, &again)) || str_equal(ascii, again));
    }
    arena_done(&a);
    return 0;
}
