/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/indicator.h"

#include "fact/account.h"
#include "fact/company.h"
#include "fact/device.h"
#include "fact/digits.h"
#include "fact/number.h"

#include <assert.h>

/* What every kind's reader is handed. */
struct reading {
    str text;
    str region;
    struct arena *turn;
};

typedef err read_fn(const struct reading *r, struct indicator *ret_indicator);

static err read_number(const struct reading *r, struct indicator *ret_indicator)
{
    struct number n;
    TRY(number_parse(r->text, r->region, r->turn, &n));
    *ret_indicator = (struct indicator){INDICATOR_NUMBER, n.value, n.display};
    return OK;
}

static err read_domain(const struct reading *r, struct indicator *ret_indicator)
{
    struct indicator i = {.kind = INDICATOR_DOMAIN};
    TRY(domain_parse(r->text, r->turn, &i.value));
    TRY(domain_display(i.value, r->turn, &i.display));
    *ret_indicator = i;
    return OK;
}

static err read_url(const struct reading *r, struct indicator *ret_indicator)
{
    struct indicator i = {.kind = INDICATOR_URL};
    TRY(url_parse(r->text, r->turn, &i.value));
    TRY(url_display(i.value, r->turn, &i.display));
    *ret_indicator = i;
    return OK;
}

static err read_account(const struct reading *r, struct indicator *ret_indicator)
{
    struct account a;
    TRY(account_parse(r->text, r->turn, &a));
    *ret_indicator = (struct indicator){INDICATOR_ACCOUNT, a.value, a.display};
    return OK;
}

static err read_device(const struct reading *r, struct indicator *ret_indicator)
{
    struct indicator i = {.kind = INDICATOR_DEVICE};
    TRY(device_parse(r->text, r->turn, &i.value));
    TRY(device_display(i.value, r->turn, &i.display));
    *ret_indicator = i;
    return OK;
}

static err read_company(const struct reading *r, struct indicator *ret_indicator)
{
    struct indicator i = {.kind = INDICATOR_COMPANY};
    TRY(company_parse(r->text, r->turn, &i.value));
    TRY(company_display(i.value, r->turn, &i.display));
    *ret_indicator = i;
    return OK;
}

static read_fn *const readers[INDICATOR_KIND_COUNT] = {
    [INDICATOR_NUMBER] = read_number, [INDICATOR_DOMAIN] = read_domain,
    [INDICATOR_URL] = read_url,       [INDICATOR_ACCOUNT] = read_account,
    [INDICATOR_DEVICE] = read_device, [INDICATOR_COMPANY] = read_company,
};

static err check(str text)
{
    if (text.size > INDICATOR_TEXT_BYTES)
        return fail(ERR_MALFORMED, "indicator.too_long", INDICATOR_TEXT_BYTES);
    if (!str_is_utf8(text))
        return fail(ERR_MALFORMED, "indicator.not_utf8", 0);
    if (str_trim(text).size == 0)
        return fail(ERR_MALFORMED, "indicator.empty", 0);
    return OK;
}

err indicator_parse(unsigned kind, str text, str region, struct arena *turn,
                    struct indicator *ret_indicator)
{
    assert(kind < INDICATOR_KIND_COUNT && turn != NULL);
    TRY(check(text));
    struct reading r = {text, region, turn};
    return readers[kind](&r, ret_indicator);
}

static err unknown(void)
{
    return fail(ERR_MALFORMED, "indicator.unknown", 0);
}

/* Tries the kinds in order; an arena that is spent is no answer about the text. */
static err try_kinds(const struct reading *r, const unsigned *kinds, size_t count,
                     struct indicator *ret_indicator)
{
    for (size_t i = 0; i < count; i++) {
        err e = readers[kinds[i]](r, ret_indicator);
        if (!failed(e) || e.code == ERR_LIMIT)
            return e;
    }
    return unknown();
}

/* Digits and the signs people put between them. */
static bool is_like_number(str plain)
{
    bool has_digit = false;
    for (size_t i = 0; i < plain.size; i++) {
        has_digit |= digit_is(plain.at[i]);
        if (!digit_is(plain.at[i]) && !char_is_of(plain.at[i], STR("+-() \t")))
            return false;
    }
    return has_digit;
}

static err guess_digits(const struct reading *r, str digits, struct indicator *ret_indicator)
{
    enum { NUMBER_ONLY_DIGITS = 11 };
    static const unsigned card_first[] = {INDICATOR_ACCOUNT, INDICATOR_DEVICE};
    static const unsigned device_first[] = {INDICATOR_DEVICE, INDICATOR_ACCOUNT};
    err e = read_number(r, ret_indicator);
    if (!failed(e) || e.code == ERR_LIMIT || digits.size <= NUMBER_ONLY_DIGITS)
        return e;
    if (!digits_only(digits))
        return unknown();
    if (digits_name_a_person(digits))
        return fail(ERR_MALFORMED, "indicator.is_person", 0);
    /* Of 15 digits a few are a card of a known bank; all others of a known form are an IMEI. */
    struct bank bank;
    bool is_card = digits.size != IMEI_DIGITS || account_find_bank(digits, &bank);
    return try_kinds(r, is_card ? card_first : device_first, digits.size == IMEI_DIGITS ? 2 : 1,
                     ret_indicator);
}

static err guess_letters(const struct reading *r, str stripped, struct indicator *ret_indicator)
{
    static const unsigned kinds[] = {INDICATOR_COMPANY, INDICATOR_ACCOUNT};
    if (digits_name_a_person(stripped))
        return fail(ERR_MALFORMED, "indicator.is_person", 0);
    return try_kinds(r, kinds, COUNT_OF(kinds), ret_indicator);
}

/* A name, with a path or a port behind it or without. */
static err guess_site(const struct reading *r, str plain, struct indicator *ret_indicator)
{
    static const unsigned domain[] = {INDICATOR_DOMAIN};
    static const unsigned url[] = {INDICATOR_URL};
    bool is_url = str_find_char(plain, '/') < plain.size || str_find_char(plain, ':') < plain.size;
    if (!is_url)
        return try_kinds(r, domain, 1, ret_indicator);
    struct text t;
    text_init(&t, r->turn);
    text_put_c(&t, "http://");
    text_put(&t, str_trim(r->text));
    if (text_spent(&t))
        return digits_spent();
    struct reading whole = {text_str(&t), r->region, r->turn};
    return try_kinds(&whole, url, 1, ret_indicator);
}

err indicator_guess(str text, str region, struct arena *turn, struct indicator *ret_indicator)
{
    static const unsigned account[] = {INDICATOR_ACCOUNT};
    assert(turn != NULL && ret_indicator != NULL);
    TRY(check(text));
    struct reading r = {text, region, turn};
    str plain = digits_fold(text, turn);
    str stripped = plain.at == NULL ? plain : digits_strip(plain, turn);
    if (stripped.at == NULL)
        return digits_spent();

    if (str_has(plain, STR("://")))
        return read_url(&r, ret_indicator);
    if (str_equal_nocase(str_until(plain, 4), STR("tel:")))
        return read_number(&r, ret_indicator);
    size_t colon = str_find_char(plain, ':');
    err e = unknown();
    if (colon < plain.size && str_find_char(plain, '/') == plain.size)
        e = try_kinds(&r, account, 1, ret_indicator);
    if (!failed(e) || e.code == ERR_LIMIT)
        return e;
    if (is_like_number(plain))
        return guess_digits(&r, stripped, ret_indicator);
    if (str_find_char(plain, '.') < plain.size || str_has(plain, STR("。")))
        return guess_site(&r, plain, ret_indicator);
    return guess_letters(&r, stripped, ret_indicator);
}
