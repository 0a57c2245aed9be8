/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no text makes instant_parse misbehave. Method: whatever it accepts, written out and read
 * again, at several offsets, is the same instant.
 */
#include "base/instant.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    instant first = {0};
    if (failed(instant_parse(str_make((const char *)data, size), &first)))
        return 0;
    static const int offsets_min[] = {0, 480, -570, 345};
    for (size_t i = 0; i < COUNT_OF(offsets_min); i++) {
        char room[INSTANT_TEXT_BYTES];
        if (first.us + offsets_min[i] * US_PER_MIN < 0 ||
            first.us + offsets_min[i] * US_PER_MIN > INSTANT_MAX_US)
            continue; /* its civil year lies outside 1970 to 9999 there */
        instant again = {0};
        err e = instant_parse(instant_format(first, offsets_min[i], room), &again);
        if (failed(e) || again.us != first.us)
            abort();
    }
    return 0;
}
