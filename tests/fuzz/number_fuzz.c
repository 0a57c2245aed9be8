/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: parse, format, parse is a fixed point for every number of two regions, and no spoof is ever
 * brought to a short code.
 * Method: canonical.h; the class of a number against the first character of its value.
 */
#include "canonical.h"

#include "fact/number.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    str text = str_make((const char *)data, size);
    try_kind(INDICATOR_NUMBER, text, STR("CN"));
    try_kind(INDICATOR_NUMBER, text, STR("US"));

    struct arena turn;
    arena_init(&turn, 1 << 20);
    struct number first;
    struct number again;
    if (!failed(number_parse(text, STR("CN"), &turn, &first))) {
        must((first.value.at[0] == '+') == (first.class != NUMBER_SHORT));
        must(!failed(number_parse(first.value, STR("CN"), &turn, &again)));
        must(first.class == again.class);
    }
    arena_done(&turn);
    return 0;
}
