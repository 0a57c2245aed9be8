/* SPDX-License-Identifier: Apache-2.0 */
#include "print/amount.h"

#include <assert.h>

/* ISO 4217: those that do not count in hundredths. */
static const struct {
    char code[4];
    int decimals;
} uncommon[] = {
    {"BHD", 3},
    {"BIF", 0},
    {"CLP", 0},
    {"DJF", 0},
    {"GNF", 0},
    {"IQD", 3},
    {"ISK", 0},
    {"JOD", 3},
    {"JPY", 0},
    {"KMF", 0},
    {"KRW", 0},
    {"KWD", 3},
    {"LYD", 3},
    {"OMR", 3},
    {"PYG", 0},
    {"RWF", 0},
    {"TND", 3},
    {"UGX", 0},
    {"VND", 0},
    {"VUV", 0},
    {"XAF", 0},
    {"XOF", 0},
    {"XPF", 0},
};

err currency_parse(str code, struct currency *ret_currency)
{
    struct currency c = {.decimals = 2};
    if (code.size != 3)
        return fail(ERR_MALFORMED, "print.wrong", 0);
    for (size_t i = 0; i < 3; i++) {
        if (code.at[i] < 'A' || code.at[i] > 'Z')
            return fail(ERR_MALFORMED, "print.wrong", (uint32_t)i);
        c.code[i] = code.at[i];
    }
    for (size_t i = 0; i < COUNT_OF(uncommon); i++)
        if (memcmp(uncommon[i].code, c.code, 3) == 0)
            c.decimals = uncommon[i].decimals;
    *ret_currency = c;
    return OK;
}

str amount_format(const struct currency *currency, int64_t minor, char room[AMOUNT_BYTES])
{
    assert(currency->decimals >= 0 && currency->decimals <= 3);
    size_t at = AMOUNT_BYTES; /* from the last letter to the first */
    uint64_t left = minor < 0 ? 0 - (uint64_t)minor : (uint64_t)minor;
    for (int i = 0; i < currency->decimals; i++, left /= 10)
        room[--at] = (char)('0' + left % 10);
    if (currency->decimals > 0)
        room[--at] = '.';
    int digits = 0;
    do {
        if (digits > 0 && digits % 3 == 0)
            room[--at] = ',';
        room[--at] = (char)('0' + left % 10);
        left /= 10;
        digits++;
    } while (left > 0);
    bool is_yuan = memcmp(currency->code, "CNY", 3) == 0;
    str sign = is_yuan ? STR("\302\245") : str_make(currency->code, 3);
    if (!is_yuan)
        room[--at] = ' ';
    at -= sign.size;
    memcpy(room + at, sign.at, sign.size);
    if (minor < 0)
        room[--at] = '-';
    return str_make(room + at, AMOUNT_BYTES - at);
}

err amount_add(int64_t *sum, int64_t minor)
{
    return __builtin_add_overflow(*sum, minor, sum) ? fail(ERR_LIMIT, "print.overflow", 0) : OK;
}
