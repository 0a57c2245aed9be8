/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outlet - of the instruments that bank outlets issued, how many turned bad: lines that may be
 * shown, because none of them points at a person.
 *
 * Shape     An outlet and year with fewer than OUTLET_ISSUED instruments or OUTLET_STAFF staff is
 *           pooled with the others of its bank and year; a pool that is itself too small, with
 *           those of all banks; what is left is withheld. Of a pool's staff somebody works at each
 *           outlet of which nothing is known. Fewer than OUTLET_BAD bad ones are not told apart.
 *
 *               outlets of a bank --> its lines by name, then its pool --> the pool of all banks
 *
 * Owns      Nothing: texts are the caller's, lines are in the arena.
 * Lives     As long as both.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   Any.
 * Bounds    The caller's counts.
 */
#ifndef YUMEN_TALLY_OUTLET_H
#define YUMEN_TALLY_OUTLET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { OUTLET_ISSUED = 200, OUTLET_STAFF = 5, OUTLET_BAD = 5, OUTLET_STAFF_UNKNOWN = -1 };

struct outlet_count {
    str bank;
    str outlet; /* empty: the bank does not say which; always pooled */
    int64_t year;
    int64_t issued;
    int64_t bad;
    int64_t staff; /* or OUTLET_STAFF_UNKNOWN: too few */
};

struct outlet_line {
    str bank;   /* empty: of all banks */
    str outlet; /* empty: pooled */
    int64_t year;
    int64_t outlets;
    int64_t issued;
    int64_t bad; /* of no meaning where it is few */
    bool is_few; /* fewer than OUTLET_BAD, none among them: not told */
};

struct outlet_lines {
    struct outlet_line *at;
    size_t count;
    int64_t withheld_outlets;
    int64_t withheld_issued;
};

/* Sorts the counts. One a bank, outlet and year. */
err outlet_tally(struct outlet_count *counts, size_t count, struct arena *a,
                 struct outlet_lines *ret_lines);

#endif
