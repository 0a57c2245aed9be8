/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/account.h"

#include "fact/digits.h"
#include "fact/number.h"
#include "fact/transfer.h"

#include <assert.h>
#include <stdlib.h>

struct card_prefix {
    uint64_t prefix;
    uint8_t size;   /* digits of the prefix */
    uint8_t length; /* digits of the card */
    uint16_t bank;
};

#include "fact/account_tables.h"

enum {
    PREFIX_MOST_DIGITS = 10,
    CNAPS_DIGITS = 12,
    BANK_CODE_MOST = 11, /* a BIC */
    BANK_NUMBER_LEAST = 5,
    BANK_NUMBER_MOST = 50, /* as in the messages between banks */
    IBAN_LEAST = 15,
    IBAN_MOST = 34,
    PAYMENT_NAME_LEAST = 3,
    PAYMENT_NAME_MOST = 64
};

/* How people write a payment provider, and its one name here. */
struct provider {
    const char *written;
    const char *name;
};

static const struct provider providers[] = {
    {"alipay",          "alipay"},
    {"dcep",            "dcep"  },
    {"jdpay",           "jdpay" },
    {"paypal",          "paypal"},
    {"qq",              "qq"    },
    {"wechat",          "wechat"},
    {"weixin",          "wechat"},
    {"京东支付",    "jdpay" },
    {"微信",          "wechat"},
    {"支付宝",       "alipay"},
    {"数字人民币", "dcep"  },
};

static err refuse(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_all_alnum(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (!is_letter(s.at[i]) && !digit_is(s.at[i]))
            return false;
    return true;
}

/* Longest prefix first, as the table is sorted. */
static int compare_prefixes(const void *a, const void *b)
{
    const struct card_prefix *x = a;
    const struct card_prefix *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    if (x->prefix != y->prefix)
        return x->prefix < y->prefix ? -1 : 1;
    return x->length - y->length;
}

bool account_find_bank(str card_digits, struct bank *ret_bank)
{
    assert(digits_only(card_digits));
    if (card_digits.size < CARD_LEAST_DIGITS || card_digits.size > CARD_MOST_DIGITS)
        return false;
    struct card_prefix key = {.length = (uint8_t)card_digits.size};
    for (size_t i = 0; i < PREFIX_MOST_DIGITS; i++)
        key.prefix = key.prefix * 10 + (uint64_t)(card_digits.at[i] - '0');
    for (key.size = PREFIX_MOST_DIGITS; key.size > 0; key.size--, key.prefix /= 10) {
        const struct card_prefix *hit =
            bsearch(&key, card_prefixes, COUNT_OF(card_prefixes), sizeof key, compare_prefixes);
        if (hit != NULL) {
            *ret_bank = banks[hit->bank];
            return true;
        }
    }
    return false;
}

/* `head` is written before the groups: a bank's code, or nothing. */
static err finish(struct account *a, str head, str number, struct arena *turn)
{
    struct text value;
    struct text display;
    text_init(&value, turn);
    text_init(&display, turn);
    text_put(&value, head);
    text_put(&value, number);
    text_put(&display, head);
    digits_group(&display, number, "4");
    if (text_spent(&value) || text_spent(&display))
        return digits_spent();
    a->value = text_str(&value);
    a->display = text_str(&display);
    return OK;
}

static err parse_card(str digits, struct arena *turn, struct account *ret_account)
{
    struct account a = {.class = ACCOUNT_CARD};
    if (digits.size < CARD_LEAST_DIGITS)
        return refuse("account.too_short");
    if (digits.size > CARD_MOST_DIGITS)
        return refuse("account.too_long");
    /* People of Gansu begin with 62 as cards do; of 18-digit cards one in ten thousand is lost. */
    if (digits_name_a_person(digits))
        return refuse("account.is_person");
    if (!digits_luhn(digits))
        return refuse("account.luhn");
    if (!account_find_bank(digits, &a.bank))
        a.bank = (struct bank){STR(""), STR("")};
    TRY(finish(&a, str_from_c(""), digits, turn));
    *ret_account = a;
    return OK;
}

/* Two letters, two check digits, up to thirty letters and digits: ISO 13616. */
static bool is_iban_like(str s)
{
    return s.size >= IBAN_LEAST && is_letter(s.at[0]) && is_letter(s.at[1]) && digit_is(s.at[2]) &&
           digit_is(s.at[3]);
}

/* ISO 7064 mod 97-10: the first four move to the end, letters count from 10. */
static unsigned iban_remainder(str s)
{
    unsigned rest = 0;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[(i + 4) % s.size];
        if (digit_is(c))
            rest = (rest * 10 + (unsigned)(c - '0')) % 97;
        else
            rest = (rest * 100 + (unsigned)(c - 'A') + 10) % 97;
    }
    return rest;
}

static err parse_iban(str s, struct arena *turn, struct account *ret_account)
{
    struct account a = {.class = ACCOUNT_IBAN};
    if (s.size > IBAN_MOST)
        return refuse("account.too_long");
    if (!is_iban_like(s) || iban_remainder(s) != 1)
        return refuse("account.iban");
    TRY(finish(&a, str_from_c(""), s, turn));
    *ret_account = a;
    return OK;
}

static bool is_bank_code(str s)
{
    if (digits_only(s))
        return s.size == CNAPS_DIGITS;
    return s.size >= 2 && s.size <= BANK_CODE_MOST && is_letter(s.at[0]) && is_all_alnum(s);
}

static bool may_be_card(str s)
{
    return s.size >= CARD_LEAST_DIGITS && s.size <= CARD_MOST_DIGITS && digits_only(s) &&
           digits_luhn(s);
}

/* `colon` is its index in `s`. */
static err parse_bank(str s, size_t colon, struct arena *turn, struct account *ret_account)
{
    struct account a = {.class = ACCOUNT_BANK};
    str code = str_until(s, colon);
    str number = str_from(s, colon + 1);
    if (!is_bank_code(code))
        return refuse("account.bank");
    if (!is_all_alnum(number))
        return refuse("account.character");
    if (number.size < BANK_NUMBER_LEAST)
        return refuse("account.too_short");
    if (number.size > BANK_NUMBER_MOST)
        return refuse("account.too_long");

    bool is_card =
        may_be_card(number) && account_find_bank(number, &a.bank) && str_equal(a.bank.code, code);
    if (is_card)
        return parse_card(number, turn, ret_account);
    if (digits_name_a_person(number))
        return refuse("account.is_person");
    a.bank = (struct bank){STR(""), STR("")};
    TRY(finish(&a, str_until(s, colon + 1), number, turn));
    *ret_account = a;
    return OK;
}

/* NULL when the text before the colon names no provider. */
static const char *find_provider(str written)
{
    for (size_t i = 0; i < COUNT_OF(providers); i++)
        if (str_equal_nocase(written, str_from_c(providers[i].written)))
            return providers[i].name;
    return NULL;
}

static err put_payment_name(struct text *t, str name)
{
    if (name.size < PAYMENT_NAME_LEAST)
        return refuse("account.too_short");
    if (name.size > PAYMENT_NAME_MOST)
        return refuse("account.too_long");
    for (size_t i = 0; i < name.size; i++) {
        char c = name.at[i];
        char lower = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        bool is_fit = digit_is(c) || (lower >= 'a' && lower <= 'z') || char_is_of(c, STR("@._-+"));
        if (!is_fit)
            return refuse("account.character");
        text_put_char(t, lower);
    }
    return OK;
}

/* Names are kept in lower case; one that is a mobile number, as that number. */
static err parse_payment(const char *provider, str name, struct arena *turn,
                         struct account *ret_account)
{
    struct text t;
    struct number n = {0};
    text_init(&t, turn);
    text_put_c(&t, provider);
    text_put_char(&t, ':');
    if (digits_name_a_person(name))
        return refuse("account.is_person");
    bool is_mobile = !failed(number_parse(name, STR("CN"), turn, &n)) && n.class == NUMBER_MOBILE;
    if (is_mobile)
        text_put(&t, n.value);
    else
        TRY(put_payment_name(&t, name));
    if (text_spent(&t))
        return digits_spent();
    *ret_account = (struct account){.class = ACCOUNT_PAYMENT};
    ret_account->value = ret_account->display = text_str(&t);
    return OK;
}

err account_parse(str text, struct arena *turn, struct account *ret_account)
{
    assert(turn != NULL && ret_account != NULL);
    if (text.size > ACCOUNT_TEXT_BYTES)
        return refuse("account.too_long");
    str plain = digits_fold(text, turn);
    if (plain.at == NULL)
        return digits_spent();
    if (plain.size == 0)
        return refuse("account.empty");

    size_t colon = str_find_char(plain, ':');
    if (colon < plain.size) {
        str code = digits_strip(str_until(plain, colon), turn);
        if (code.at == NULL)
            return digits_spent();
        const char *provider = find_provider(code);
        if (provider != NULL)
            return parse_payment(provider, str_trim(str_from(plain, colon + 1)), turn, ret_account);
    }
    str s = digits_strip(plain, turn);
    if (s.at == NULL)
        return digits_spent();
    colon = str_find_char(s, ':');
    if (colon < s.size)
        return parse_bank(s, colon, turn, ret_account);
    if (digits_only(s))
        return parse_card(s, turn, ret_account);
    if (!is_all_alnum(s))
        return refuse("account.character");
    return digits_name_a_person(s) ? refuse("account.is_person") : parse_iban(s, turn, ret_account);
}

/* "ICBC", "1234567890" -> "ICBC:1234567890". */
static str behind_bank(str bank, str digits, struct arena *turn)
{
    char *at = arena_make(turn, bank.size + 1 + digits.size);
    if (at == NULL)
        return (str){0};
    memcpy(at, bank.at, bank.size);
    at[bank.size] = ':';
    memcpy(at + bank.size + 1, digits.at, digits.size);
    return str_make(at, bank.size + 1 + digits.size);
}

/* Most accounts are digits as they stand. */
static err key_of_digits(str digits, str bank, struct arena *turn, str *ret_key)
{
    if (digits_name_a_person(digits))
        return refuse("account.is_person");
    bool is_card = may_be_card(digits);
    bool has_code = !is_card && is_bank_code(bank) && digits.size >= BANK_NUMBER_LEAST &&
                    digits.size <= BANK_NUMBER_MOST;
    *ret_key = has_code ? behind_bank(bank, digits, turn) : digits;
    return ret_key->at == NULL ? digits_spent() : OK;
}

/* "ICBC:1234567890" as account_parse would write it, and nothing that it would write otherwise or
 * refuse: those go the long way. */
static bool is_key_already(str text)
{
    size_t colon = str_find_char(text, ':');
    str code = str_until(text, colon);
    str number = str_from(text, colon + 1);
    return colon < text.size && text.size <= ACCOUNT_KEY_BYTES && is_bank_code(code) &&
           find_provider(code) == NULL && digits_only(number) && number.size >= BANK_NUMBER_LEAST &&
           number.size <= BANK_NUMBER_MOST && !may_be_card(number) && !digits_name_a_person(number);
}

err account_key(str text, str bank, struct arena *turn, str *ret_key)
{
    assert(turn != NULL && ret_key != NULL);
    bool is_short = text.size <= ACCOUNT_KEY_BYTES;
    if (is_short && digits_only(text))
        return key_of_digits(text, bank, turn, ret_key);
    if (is_key_already(text)) {
        *ret_key = text;
        return OK;
    }
    struct account a = {0};
    err e = account_parse(text, turn, &a);
    if (!failed(e)) {
        *ret_key = a.value;
        return a.value.size <= ACCOUNT_KEY_BYTES ? OK : refuse("account.token");
    }
    if (e.code == ERR_LIMIT || strcmp(e.why, "account.is_person") == 0)
        return e;
    *ret_key = text;
    bool is_token = is_short && text.size > 0 && str_is_utf8(text);
    for (size_t i = 0; is_token && i < text.size; i++)
        is_token = (unsigned char)text.at[i] > ' ' && text.at[i] != 0x7F;
    return is_token ? OK : refuse("account.token");
}
