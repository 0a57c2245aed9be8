/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digits - what identifiers made of digits share: how people write them and how they are checked.
 *
 * Shape     digits_fold() brings what input methods, papers and copied contacts contain to ASCII:
 *           full-width letters and digits, every kind of dash and space; invisible marks vanish.
 *
 *               "１３９ 1234–5678" --fold--> "139 1234-5678" --strip--> "13912345678"
 *
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     An arena that is spent gives a str whose `.at` is NULL.
 * Threads   Any.
 * Bounds    A result is never longer than its text.
 */
#ifndef YUMEN_FACT_DIGITS_H
#define YUMEN_FACT_DIGITS_H

#include "base/str.h"

static inline bool digit_is(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool char_is_of(char c, str set)
{
    return str_find_char(set, c) < set.size;
}

str digits_fold(str text, struct arena *turn);
/* Without spaces and hyphens, letters in upper case. */
str digits_strip(str folded, struct arena *turn);
bool digits_only(str s);

/* ISO/IEC 7812-1 annex B, over digits of which the last is the check digit. */
bool digits_luhn(str digits);
/* The digit to write behind `digits`. */
char digits_luhn_next(str digits);

/* Puts the text in groups: "34" is three, then fours to the end; "" is one piece. */
void digits_group(struct text *t, str s, const char *sizes);

/*
 * A citizen's identity number (GB 11643: region, date of birth, serial, check character). Yumen
 * lists no persons, so whoever accepts 18 characters asks this first and refuses.
 */
bool digits_name_a_person(str s);

/* The err of an arena that is spent. */
err digits_spent(void);

#endif
