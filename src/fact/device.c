/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/device.h"

#include "fact/digits.h"

#include <assert.h>

enum { BARE_DIGITS = 14, IMEISV_DIGITS = 16 };

static err refuse(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

static err check(str s)
{
    if (s.size == 0)
        return refuse("device.empty");
    if (!digits_only(s))
        return refuse("device.character");
    if (s.size < BARE_DIGITS)
        return refuse("device.too_short");
    if (s.size > IMEISV_DIGITS)
        return refuse("device.too_long");
    if (s.size == IMEI_DIGITS && !digits_luhn(s))
        return refuse("device.check");
    for (size_t i = 0; i < BARE_DIGITS; i++)
        if (s.at[i] != '0')
            return OK;
    return refuse("device.zeros");
}

err device_parse(str text, struct arena *turn, str *ret_imei)
{
    assert(turn != NULL && ret_imei != NULL);
    if (text.size > DEVICE_TEXT_BYTES)
        return refuse("device.too_long");
    str plain = digits_fold(text, turn);
    str s = plain.at == NULL ? plain : digits_strip(plain, turn);
    if (s.at == NULL)
        return digits_spent();
    TRY(check(s));

    char *at = arena_make(turn, IMEI_DIGITS + 1);
    if (at == NULL)
        return digits_spent();
    memcpy(at, s.at, BARE_DIGITS);
    at[BARE_DIGITS] = digits_luhn_next(str_until(s, BARE_DIGITS));
    *ret_imei = str_make(at, IMEI_DIGITS);
    return OK;
}

err device_display(str imei, struct arena *turn, str *ret_display)
{
    assert(imei.size == IMEI_DIGITS);
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "%.2s-%.6s-%.6s-%.1s", imei.at, imei.at + 2, imei.at + 8, imei.at + 14);
    if (text_spent(&t))
        return digits_spent();
    *ret_display = text_str(&t);
    return OK;
}
