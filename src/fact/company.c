/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/company.h"

#include "fact/digits.h"

#include <assert.h>

enum { DIVISION_AT = 2, DIVISION_DIGITS = 6, MODULUS = 31 };

/* A character's place here is its value in the sum. */
static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static err refuse(const char *why, size_t at)
{
    return fail(ERR_MALFORMED, why, (uint32_t)at);
}

static unsigned value_of(char c)
{
    const char *hit = memchr(alphabet, c, MODULUS);
    return hit == NULL ? MODULUS : (unsigned)(hit - alphabet);
}

/* GB 32100 5.3: weights are the powers of 3; the whole, check character included, is 0 mod 31. */
static bool is_checked(str code)
{
    unsigned sum = 0;
    unsigned weight = 1;
    for (size_t i = 0; i + 1 < code.size; i++) {
        sum += value_of(code.at[i]) * weight;
        weight = weight * 3 % MODULUS;
    }
    return (sum + value_of(code.at[code.size - 1])) % MODULUS == 0;
}

static err check(str s)
{
    if (s.size == 0)
        return refuse("company.empty", 0);
    if (s.size < COMPANY_CODE_SIZE)
        return refuse("company.too_short", s.size);
    if (s.size > COMPANY_CODE_SIZE)
        return refuse("company.too_long", COMPANY_CODE_SIZE);
    if (digits_name_a_person(s))
        return refuse("company.is_person", 0);
    for (size_t i = 0; i < s.size; i++) {
        bool is_division = i >= DIVISION_AT && i < DIVISION_AT + DIVISION_DIGITS;
        if (is_division ? !digit_is(s.at[i]) : value_of(s.at[i]) == MODULUS)
            return refuse("company.character", i);
    }
    return is_checked(s) ? OK : refuse("company.check", COMPANY_CODE_SIZE - 1);
}

err company_parse(str text, struct arena *turn, str *ret_code)
{
    assert(turn != NULL && ret_code != NULL);
    if (text.size > COMPANY_TEXT_BYTES)
        return refuse("company.too_long", COMPANY_CODE_SIZE);
    str plain = digits_fold(text, turn);
    str s = plain.at == NULL ? plain : digits_strip(plain, turn);
    if (s.at == NULL)
        return digits_spent();
    TRY(check(s));
    *ret_code = s;
    return OK;
}

err company_display(str code, struct arena *turn, str *ret_display)
{
    assert(code.size == COMPANY_CODE_SIZE);
    struct text t;
    text_init(&t, turn);
    digits_group(&t, code, "2691");
    if (text_spent(&t))
        return digits_spent();
    *ret_display = text_str(&t);
    return OK;
}
