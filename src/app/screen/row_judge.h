/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row_judge - which listing speaks against what rows of a feed name: many at a time.
 *
 * Shape     values --> screening tables, also when they are a moment behind the last commit
 *                   `-> where there are none: the store, and what it said of a value is known
 *                       for the length of a batch
 *           Only block and warn count; who is allowed, or not listed, is nobody's row: 0.
 * Owns      A reader and an arena, once the store had to be asked.
 * Lives     From init to done: a batch.
 * Fails     As reader.
 * Threads   One.
 * Bounds    JUDGE_AT_ONCE values; JUDGE_KNOWN are known.
 */
#ifndef YUMEN_APP_SCREEN_ROW_JUDGE_H
#define YUMEN_APP_SCREEN_ROW_JUDGE_H

#include "app/house/house.h"

enum { JUDGE_AT_ONCE = 64, JUDGE_KNOWN = 1 << 14 };

struct judged {
    uint64_t key; /* 0: nobody */
    uint32_t row;
};

struct row_judge {
    struct house *house;
    struct reader *reader; /* NULL: the tables have answered so far */
    struct arena turn;
    struct judged *known; /* with the reader */
};

void row_judge_init(struct row_judge *j, struct house *house);
void row_judge_done(struct row_judge *j); /* accepts a zeroed one */

struct row_asked {
    unsigned kind; /* of indicator */
    str value;     /* canonical; a number as fact/call.h has it */
    uint64_t key;  /* the same for the same value of any kind: a pseudonym, a hash; not 0 */
};

/* ret_rows: of the listing that speaks (store/reader.h), or 0. */
err row_judge_many(struct row_judge *j, const struct row_asked *asked, size_t count,
                   uint32_t *ret_rows);

#endif
