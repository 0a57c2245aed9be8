/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/number.h"

#include "fact/digits.h"
#include "kit/phone.h"

#include <assert.h>
#include <stdlib.h>

struct short_code {
    const char *prefix;
    uint8_t least; /* digits in all */
    uint8_t most;
};

#include "fact/number_tables.h"

enum { MOBILE_DIGITS = 11, SERVICE_DIGITS = 10, SHORT_MOST_BEHIND_AREA = 8 };

/* What the digits turned out to be: an area code without its 0 (or none), and the rest. */
struct reading {
    enum number_class class;
    str area;
    str rest;
};

static int compare_codes(const void *a, const void *b)
{
    return *(const uint16_t *)a - *(const uint16_t *)b;
}

/* Digits of the area code at the front of a number without its 0; 0 when there is no such area. */
static size_t area_digits(str d)
{
    size_t size = d.size > 0 && d.at[0] <= '2' ? 2 : 3;
    if (d.size < size)
        return 0;
    uint16_t code = 0;
    for (size_t i = 0; i < size; i++)
        code = (uint16_t)(code * 10 + (d.at[i] - '0'));
    const void *hit = bsearch(&code, area_codes, COUNT_OF(area_codes), sizeof code, compare_codes);
    return hit == NULL ? 0 : size;
}

static bool is_mobile(str d)
{
    return d.size == MOBILE_DIGITS && d.at[0] == '1' && d.at[1] >= '3';
}

static bool is_service(str d)
{
    return d.size == SERVICE_DIGITS && (str_starts(d, STR("400")) || str_starts(d, STR("800")));
}

/* Areas of two digits (Beijing, 02x) have local numbers of eight, the others of seven or eight. */
static bool is_local(str local, size_t area_size)
{
    bool is_size = local.size == 8 || (local.size == 7 && area_size == 3);
    return is_size && local.at[0] >= '2' && local.at[0] <= '8';
}

/* A number that E.164 has: what follows +86. */
static bool read_subscriber(str d, struct reading *r)
{
    *r = (struct reading){.class = NUMBER_MOBILE, .rest = d};
    if (is_mobile(d))
        return true;
    r->class = NUMBER_SERVICE;
    if (is_service(d))
        return true;
    size_t area = area_digits(d);
    *r = (struct reading){NUMBER_LANDLINE, str_until(d, area), str_from(d, area)};
    return area > 0 && is_local(r->rest, area);
}

static bool is_short(str d)
{
    for (size_t i = 0; i < COUNT_OF(short_codes); i++)
        if (d.size >= short_codes[i].least && d.size <= short_codes[i].most &&
            str_starts(d, str_from_c(short_codes[i].prefix)))
            return true;
    return false;
}

static bool read_area_short(str d, enum number_class class, struct reading *r)
{
    size_t area = area_digits(d);
    *r = (struct reading){class, str_until(d, area), str_from(d, area)};
    return area > 0 && r->rest.size <= SHORT_MOST_BEHIND_AREA && is_short(r->rest);
}

/* Seven or eight digits of some city, or an area code without the 0 that marks it as one. */
static bool lacks_area(str d)
{
    struct reading r;
    return is_local(d, 3) || (read_subscriber(d, &r) && r.class == NUMBER_LANDLINE);
}

/* Why digits that are no number of the plan are none, as helpfully as they allow. */
static err refuse(str d)
{
    bool has_trunk = d.size > 0 && d.at[0] == '0';
    str n = str_from(d, has_trunk ? 1 : 0);
    bool is_like_mobile = n.size >= 2 && n.at[0] == '1' && n.at[1] >= '3';
    if (!has_trunk && lacks_area(d))
        return fail(ERR_MALFORMED, "number.no_area", 0);
    if (has_trunk && !is_like_mobile && n.size >= 3 && area_digits(n) == 0)
        return fail(ERR_MALFORMED, "number.area", 1);
    if (n.size < (is_like_mobile ? MOBILE_DIGITS : SERVICE_DIGITS))
        return fail(ERR_MALFORMED, "number.too_short", (uint32_t)d.size);
    if (n.size > MOBILE_DIGITS)
        return fail(ERR_MALFORMED, "number.too_long", MOBILE_DIGITS);
    return fail(ERR_MALFORMED, "number.unassigned", 0);
}

/* What follows +86. Nothing that comes from abroad may carry a short code: those are spoofs. */
static err read_abroad(str d, struct reading *r)
{
    str n = d.size > 0 && d.at[0] == '0' ? str_from(d, 1) : d; /* "+86 (0)931 …" */
    if (read_subscriber(n, r) || read_area_short(n, NUMBER_SPOOF, r))
        return OK;
    *r = (struct reading){.class = NUMBER_SPOOF, .rest = n};
    return is_short(n) ? OK : refuse(d);
}

/* A number as dialled inside China, or with 86 before it as call records have it. */
static err read_domestic(str d, struct reading *r)
{
    if (d.size > 0 && d.at[0] == '0') {
        str n = str_from(d, 1);
        bool is_found = read_subscriber(n, r) ? r->class != NUMBER_SERVICE
                                              : read_area_short(n, NUMBER_SHORT, r);
        return is_found ? OK : refuse(d);
    }
    /* Ten digits or more: "8612345" and "8696110" are local numbers of some city. */
    bool has_country = d.size >= 2 + SERVICE_DIGITS && str_starts(d, STR("86"));
    str after = str_from(d, has_country && d.size > 2 && d.at[2] == '0' ? 3 : 2);
    if (has_country && read_subscriber(after, r))
        return OK;
    if (read_subscriber(d, r) && r->class != NUMBER_LANDLINE)
        return OK;
    *r = (struct reading){.class = NUMBER_SHORT, .rest = d};
    return is_short(d) ? OK : refuse(d);
}

static const char *group_sizes(const struct reading *r)
{
    switch (r->class) {
    case NUMBER_MOBILE:
        return "34";
    case NUMBER_SERVICE:
        return "334";
    case NUMBER_LANDLINE:
        return r->rest.size == 8 ? "4" : "34";
    case NUMBER_SHORT:
    case NUMBER_SPOOF:
    case NUMBER_FOREIGN:
        break;
    }
    return ""; /* short codes are read in one piece */
}

static err finish(const struct reading *r, struct arena *turn, struct number *ret_number)
{
    struct text value;
    struct text display;
    text_init(&value, turn);
    text_init(&display, turn);
    const char *trunk = r->area.size > 0 ? "0" : "";

    text_put_c(&value, r->class == NUMBER_SHORT ? trunk : "+86");
    text_put(&value, r->area);
    text_put(&value, r->rest);

    text_put_c(&display, r->class == NUMBER_SPOOF ? "+86 " : trunk);
    text_put(&display, r->area);
    text_put_c(&display, r->area.size > 0 ? " " : "");
    digits_group(&display, r->rest, group_sizes(r));
    if (text_spent(&value) || text_spent(&display))
        return digits_spent();
    *ret_number = (struct number){r->class, text_str(&value), text_str(&display)};
    return OK;
}

/* `d` follows a '+' or 00 and does not begin with 86. */
static err parse_foreign(str d, struct arena *turn, struct number *ret_number)
{
    char room[NUMBER_DIGITS_MAX + 1];
    assert(d.size < sizeof room);
    room[0] = '+';
    memcpy(room + 1, d.at, d.size);
    str plus = str_make(room, d.size + 1);

    struct number n = {.class = NUMBER_FOREIGN};
    err e = phone_parse_foreign(plus, str_from_c(""), turn, &n.value);
    /* "+96110" on a screen is nobody's number in Lebanon: it imitates 96110. */
    if (e.code == ERR_MALFORMED && is_short(d)) {
        n.class = NUMBER_SPOOF;
        n.value = n.display = str_copy(turn, plus);
        e = n.value.at == NULL ? digits_spent() : OK;
    }
    TRY(e);
    if (n.class == NUMBER_FOREIGN)
        TRY(phone_display(n.value, turn, &n.display));
    *ret_number = n;
    return OK;
}

static err parse_china(err read, const struct reading *r, struct arena *turn,
                       struct number *ret_number)
{
    TRY(read);
    return finish(r, turn, ret_number);
}

/* With '+' or 00. No country begins with 0, so "+0086…" is a prefix written twice. */
static err parse_abroad(str d, struct arena *turn, struct number *ret_number)
{
    if (str_starts(d, STR("00")))
        d = str_from(d, 2);
    if (!str_starts(d, STR("86")))
        return parse_foreign(d, turn, ret_number);
    struct reading r;
    return parse_china(read_abroad(str_from(d, 2), &r), &r, turn, ret_number);
}

/* Words and signs after which an inner extension is written. */
static bool starts_extension(str rest)
{
    static const char *const marks[] = {"ext", "x", "#", ",", ";ext=", "转", "轉", "分机"};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        str mark = str_from_c(marks[i]);
        if (str_equal_nocase(str_until(rest, mark.size), mark))
            return true;
    }
    return false;
}

/* "+4121560####", "+5695977.*", "0931 123 xxxx": many numbers at once. */
static bool is_wildcard(str rest)
{
    bool stands_for_any = char_is_of(rest.at[0], STR("*?"));
    bool may_stand = char_is_of(rest.at[0], STR("#xX"));
    for (size_t i = 0; i < rest.size; i++)
        if (digit_is(rest.at[i]))
            return false; /* "139****5678" is one number, and does not say which */
    return stands_for_any || (may_stand && (rest.size == 1 || rest.at[1] == rest.at[0]));
}

/* What is not a digit: a leading '+', a separator, or the reason to refuse. */
static err check_sign(str rest, bool is_leading, uint32_t at)
{
    if (rest.at[0] == '+')
        return is_leading ? OK : fail(ERR_MALFORMED, "number.plus", at);
    if (!is_leading && is_wildcard(rest))
        return fail(ERR_MALFORMED, "number.range", at);
    if (!is_leading && starts_extension(rest))
        return fail(ERR_MALFORMED, "number.extension", at);
    if (!char_is_of(rest.at[0], STR(" -().\t")))
        return fail(ERR_MALFORMED, "number.letters", at);
    return OK;
}

/* The digits of a folded text into `room`, of NUMBER_DIGITS_MAX bytes; whether a '+' led them. */
static err read_digits(str plain, char *room, str *ret_digits, bool *ret_has_plus)
{
    size_t size = 0;
    bool has_plus = false;
    for (size_t i = 0; i < plain.size; i++) {
        char c = plain.at[i];
        if (c == ';' && !starts_extension(str_from(plain, i)))
            break; /* RFC 3966: the other parameters say nothing about the number */
        if (!digit_is(c)) {
            TRY(check_sign(str_from(plain, i), size == 0 && !has_plus, (uint32_t)i));
            has_plus |= c == '+';
            continue;
        }
        if (size == NUMBER_DIGITS_MAX)
            return fail(ERR_MALFORMED, "number.too_long", (uint32_t)i);
        room[size++] = c;
    }
    if (size == 0)
        return fail(ERR_MALFORMED, "number.empty", 0);
    *ret_digits = str_make(room, size);
    *ret_has_plus = has_plus;
    return OK;
}

/* In a region with another plan: the library says what the number is, and we what +86 means. */
static err parse_elsewhere(str plain, str region, struct arena *turn, struct number *ret_number)
{
    struct number n = {.class = NUMBER_FOREIGN};
    TRY(phone_parse_foreign(plain, region, turn, &n.value));
    if (str_starts(n.value, STR("+86")))
        return parse_abroad(str_from(n.value, 1), turn, ret_number);
    TRY(phone_display(n.value, turn, &n.display));
    *ret_number = n;
    return OK;
}

err number_parse(str text, str region, struct arena *turn, struct number *ret_number)
{
    assert(turn != NULL && ret_number != NULL);
    if (text.size > NUMBER_TEXT_BYTES)
        return fail(ERR_MALFORMED, "number.too_long", NUMBER_TEXT_BYTES);
    str plain = digits_fold(text, turn);
    if (plain.at == NULL)
        return digits_spent();
    if (str_equal_nocase(str_until(plain, 4), STR("tel:")))
        plain = str_from(plain, 4);

    char room[NUMBER_DIGITS_MAX];
    str d;
    bool has_plus = false;
    TRY(read_digits(plain, room, &d, &has_plus));
    bool is_home = str_equal(region, STR("CN"));
    if (has_plus || (is_home && str_starts(d, STR("00"))))
        return parse_abroad(d, turn, ret_number);
    if (!is_home)
        return parse_elsewhere(d, region, turn, ret_number);
    struct reading r;
    return parse_china(read_domestic(d, &r), &r, turn, ret_number);
}

bool number_is_given(str mobile)
{
    assert(mobile.size == 3 + MOBILE_DIGITS); /* "+86" */
    const char *d = mobile.at + 4;
    return mobile_ranges[(d[0] - '0') * 100 + (d[1] - '0') * 10 + d[2] - '0'];
}
