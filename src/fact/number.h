/* SPDX-License-Identifier: Apache-2.0 */
/*
 * number - reads a telephone number as the network, a phone's screen or a letterhead shows it.
 *
 * Shape     China's plan is ours (data/: area codes, short codes); libphonenumber reads the rest
 *           of the world. The canonical form says how the number is reached:
 *
 *             +8613912345678   an E.164 number; of China: mobile, landline, 400 and 800
 *             96110            a short code, dialled as it stands; never begins with '+' or 0
 *             093196110        a short code behind an area code: the one of Lanzhou
 *             +8696110         a spoof: a call from abroad that carries a domestic short code
 *
 *           A spoof is a number of its own. It is never brought to the code it imitates, so that
 *           blocking the one leaves the other alone. A local number without its area code is
 *           refused: there is one in every city.
 *           Parsing a canonical form gives that form again.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "number.empty", "number.letters", "number.plus" (a '+' inside),
 *           "number.range" (of many), "number.extension", "number.too_short",
 *           "number.too_long", "number.no_area", "number.area" (no such area code),
 *           "number.unassigned", and kit/phone.h's for other countries. ERR_LIMIT when the arena
 *           is spent.
 * Threads   Any, after kit_boot().
 * Bounds    256 bytes of text, 25 digits. About 0.3 us for numbers of China, 30 us for others.
 */
#ifndef YUMEN_FACT_NUMBER_H
#define YUMEN_FACT_NUMBER_H

#include "base/str.h"

enum number_class {
    NUMBER_MOBILE,
    NUMBER_LANDLINE,
    NUMBER_SERVICE, /* 400 and 800 */
    NUMBER_SHORT,   /* 96110, 10086, 1069…; with or without an area code before it */
    NUMBER_SPOOF,
    NUMBER_FOREIGN
};

struct number {
    enum number_class class;
    str value;
    str display; /* "139 1234 5678", "0931 123 4567", "400 123 4567", "+86 96110" */
};

enum { NUMBER_TEXT_BYTES = 256, NUMBER_DIGITS_MAX = 25 };

/* region: ISO 3166, how a number without a country code is read. */
err number_parse(str text, str region, struct arena *turn, struct number *ret_number);

/* Is a canonical mobile number of China of a range that was given out, as far as is known? */
bool number_is_given(str mobile);

static inline bool number_is_spoof(const struct number *n)
{
    return n->class == NUMBER_SPOOF;
}

#endif
