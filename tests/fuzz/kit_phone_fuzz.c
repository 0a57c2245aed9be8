/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a number that was accepted is in its one spelling, and can be shown.
 * Method: the first byte chooses a region; reading the answer again gives the answer.
 */
#include "kit/phone.h"

#include "kit_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const regions[] = {"", "US", "GB", "KH", "IT", "ZZ"};
    struct arena a;
    arena_init(&a, 1 << 20);
    str text = str_make((const char *)data, size);
    str region = str_from_c(regions[take_byte(&text) % COUNT_OF(regions)]);
    str e164;
    if (!failed(phone_parse_foreign(text, region, &a, &e164))) {
        str again;
        str shown;
        char room[PHONE_REGION_BYTES];
        must(!failed(phone_parse_foreign(e164, STR(""), &a, &again)) && str_equal(e164, again));
        must(!failed(phone_display(e164, &a, &shown)) && shown.size > 0);
        must(phone_region(e164, room).size < PHONE_REGION_BYTES);
    }
    arena_done(&a);
    return 0;
}
