/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/names.h"

#include "base/instant.h"

#include <assert.h>

enum {
    CARD_DIGITS = 16,
    NUMBER_DIGITS = 9,
    ZONE_MIN = 480,
    IBAN_BODY = 16,
    USCC_MODULUS = 31,
    LINE_DIGITS = 8,
    AREA_CELLS = 150,
    SITE_DIGITS = 12,
};
#define NUMBERS   UINT64_C(1000000000)
#define SCATTER   UINT64_C(387420489) /* 3^18: shares no divisor with a power of ten */
#define LINES     UINT64_C(100000000)
#define DAY_MS    INT64_C(86400000)
#define OUTSIDERS "DRILLWAI"

const char *const channel_words[CHANNEL_COUNT] = {"app",     "qr",  "pos",  "atm",
                                                  "counter", "web", "batch"};

static const char pairs[] = "00010203040506070809101112131415161718192021222324"
                            "25262728293031323334353637383940414243444546474849"
                            "50515253545556575859606162636465666768697071727374"
                            "75767778798081828384858687888990919293949596979899";

static char *put(char *at, const char *text)
{
    size_t size = strlen(text);
    memcpy(at, text, size);
    return at + size;
}

static char *put_str(char *at, str s)
{
    memcpy(at, s.at, s.size);
    return at + s.size;
}

/* Two digits a step: a division is what this costs. */
char *name_number(char *at, uint64_t value, int digits)
{
    char *p = at + digits;
    for (; p - at >= 2; value /= 100)
        memcpy(p -= 2, &pairs[value % 100 * 2], 2);
    if (p > at) {
        *--p = (char)('0' + value % 10);
        value /= 10;
    }
    assert(value == 0);
    return at + digits;
}

/* Writes the check digit behind `digits` of them. */
static char *put_luhn(const char *digits, char *end)
{
    unsigned sum = 0;
    bool is_doubled = true;
    for (const char *p = end; p > digits; is_doubled = !is_doubled) {
        unsigned digit = (unsigned)(*--p - '0');
        digit = is_doubled ? digit * 2 : digit;
        sum += digit > 9 ? digit - 9 : digit;
    }
    *end = (char)('0' + (10 - sum % 10) % 10);
    return end + 1;
}

static uint64_t scattered(uint64_t index)
{
    return (index * SCATTER + 123456789) % NUMBERS;
}

/* `head` has six digits. */
static char *put_card(char *at, uint64_t head, uint64_t index)
{
    char *end = name_number(at, head, CARD_DIGITS - NUMBER_DIGITS - 1);
    end = name_number(end, scattered(index), NUMBER_DIGITS);
    return put_luhn(at, end);
}

/* ISO 13616: the check digits make the whole 1 by 97. Z counts 35. */
static char *put_iban(char *at, uint64_t number)
{
    char *end = put(at, "ZZ00");
    end = name_number(end, number, IBAN_BODY);
    unsigned rest = 0;
    for (const char *p = at + 4; p < end; p++)
        rest = (rest * 10 + (unsigned)(*p - '0')) % 97;
    rest = (rest * 10000 + 3535) % 97;
    rest = rest * 100 % 97;
    (void)name_number(at + 2, 98 - rest, 2);
    return end;
}

static char *put_bank_code(const struct world *w, char *at, uint32_t bank)
{
    return put_str(at, w->params->banks[bank].code);
}

static char *put_beyond(const struct world *w, char *at, uint32_t account)
{
    static const char *const marks[BEYOND_COUNT] = {
        [BEYOND_ATM] = ":ATM",     [BEYOND_CRYPTO] = ":OTC",   [BEYOND_TILL] = ":POS",
        [BEYOND_COUNTER] = ":CSH", [BEYOND_CLEARING] = ":CLR",
    };
    uint64_t number = account & (BEYOND_NUMBERS - 1);
    enum beyond kind = beyond_kind(account);
    if (kind == BEYOND_OUTSIDE)
        return put_card(at, 999100, number);
    if (kind == BEYOND_ABROAD)
        return put_iban(at, number);
    assert(kind < BEYOND_COUNT && marks[kind] != NULL);
    at = name_bank(w, at, account);
    at = put(at, marks[kind]);
    return name_number(at, number, NUMBER_DIGITS);
}

bool name_is_company(const struct world *w, uint32_t account)
{
    return account >= w->first[GROUP_SHOP];
}

char *name_account(const struct world *w, char *at, uint32_t account)
{
    if (is_beyond(account))
        return put_beyond(w, at, account);
    uint32_t bank = world_bank(w, account);
    if (!name_is_company(w, account))
        return put_card(at, 999000 + bank, account);
    at = put(put_bank_code(w, at, bank), ":88");
    return name_number(at, scattered(account), NUMBER_DIGITS + 1);
}

char *name_bank(const struct world *w, char *at, uint32_t account)
{
    if (!is_beyond(account))
        return put_bank_code(w, at, world_bank(w, account));
    switch (beyond_kind(account)) {
    case BEYOND_OUTSIDE:
        return put(at, OUTSIDERS);
    case BEYOND_ABROAD:
        return put(at, "DRILLYANG");
    case BEYOND_CRYPTO:
        return put(at, "DRILLBI");
    case BEYOND_ATM:
    case BEYOND_TILL:
    case BEYOND_COUNTER:
    case BEYOND_CLEARING:
    case BEYOND_COUNT:
        break;
    }
    return put_bank_code(w, at, world_bank(w, account));
}

char *name_transfer(const struct world *w, char *at, uint32_t bank, uint64_t number)
{
    at = put_bank_code(w, at, bank);
    *at++ = '-';
    return name_number(at, number, 12);
}

char *name_device(char *at, uint32_t device)
{
    char *end = put(at, "0010");
    end = name_number(end, device, 10);
    return put_luhn(at, end);
}

static char *put_small(char *at, unsigned value)
{
    return name_number(at, value, value < 10 ? 1 : value < 100 ? 2 : 3);
}

char *name_address(char *at, uint32_t device)
{
    at = put(at, (device >> 16 & 1) != 0 ? "198.18." : "198.19.");
    at = put_small(at, device >> 8 & 0xFF);
    *at++ = '.';
    return put_small(at, device & 0xFF);
}

/* Eight digits, scattered: another for each line. */
static uint64_t line_number(const struct world *w, uint32_t line, enum trait t)
{
    assert(line < LINES);
    return (line * SCATTER + dice_mix(w->seed, 0, (uint64_t)t) % LINES) % LINES;
}

char *name_telephone(const struct world *w, char *at, uint32_t line)
{
    return name_number(put(at, "+86154"), line_number(w, line, TRAIT_HOLDER), LINE_DIGITS);
}

char *name_imsi(const struct world *w, char *at, uint32_t line)
{
    return name_number(put(at, "0010101"), line_number(w, line, TRAIT_IMEI), LINE_DIGITS);
}

char *name_cell(char *at, uint32_t cell)
{
    at = name_number(put(at, "001-01-"), cell / AREA_CELLS + 1, 5);
    *at++ = '-';
    return name_number(at, cell, 8);
}

char *name_trunk(char *at, uint32_t trunk)
{
    return name_number(put(at, "ABROAD-"), trunk, 3);
}

char *name_call(const struct world *w, char *at, uint32_t carrier, uint64_t number)
{
    at = put_str(at, w->params->calls.carriers[carrier].code);
    *at++ = '-';
    return name_number(at, number, 12);
}

char *name_site(const struct world *w, char *at, uint64_t site)
{
    static const char hex[] = "0123456789abcdef";
    uint64_t bits = dice_mix(w->seed, site, TRAIT_SITE);
    for (int i = 0; i < SITE_DIGITS; i++, bits >>= 4)
        *at++ = hex[bits & 15];
    return put(at, ".example");
}

/* GB 32100: weights are the powers of 3; the whole is 0 mod 31. */
char *name_company(const struct world *w, char *at, uint32_t account)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    char *end = put(at, "99990100");
    end = name_number(end, scattered(account - w->first[GROUP_SHOP]), NUMBER_DIGITS);
    unsigned sum = 0;
    unsigned weight = 1;
    for (const char *p = at; p < end; p++) {
        sum += (unsigned)(*p - '0') * weight;
        weight = weight * 3 % USCC_MODULUS;
    }
    *end = alphabet[(USCC_MODULUS - sum % USCC_MODULUS) % USCC_MODULUS];
    return end + 1;
}

char *name_time(char *at, int64_t at_us)
{
    int64_t local_ms = at_us / 1000 + ZONE_MIN * INT64_C(60000);
    uint64_t ms = (uint64_t)(local_ms % DAY_MS);
    struct civil c = instant_civil(instant_from_us(at_us), ZONE_MIN);
    at = name_number(at, (uint64_t)c.year, 4);
    *at++ = '-';
    at = name_number(at, (uint64_t)c.month, 2);
    *at++ = '-';
    at = name_number(at, (uint64_t)c.day, 2);
    *at++ = 'T';
    at = name_number(at, ms / 3600000, 2);
    *at++ = ':';
    at = name_number(at, ms / 60000 % 60, 2);
    *at++ = ':';
    at = name_number(at, ms / 1000 % 60, 2);
    *at++ = '.';
    at = name_number(at, ms % 1000, 3);
    return put(at, "+08:00");
}

str name_exit(uint32_t account)
{
    static const enum transfer_exit exits[BEYOND_COUNT] = {[BEYOND_ATM] = EXIT_ATM,
                                                           [BEYOND_CRYPTO] = EXIT_CRYPTO,
                                                           [BEYOND_TILL] = EXIT_MERCHANT,
                                                           [BEYOND_ABROAD] = EXIT_ABROAD};
    return transfer_exit_name(is_beyond(account) ? exits[beyond_kind(account)] : EXIT_NONE);
}
