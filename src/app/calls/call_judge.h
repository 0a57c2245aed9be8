/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_judge - which listing speaks against those who call: many at a time.
 *
 * Shape     callers --> screening tables, also when they are a moment behind the last commit
 *                   `-> where there are none: the store, and what it said of a caller is known
 *                       for the length of a batch
 *           Only block and warn count; who is allowed, or not listed, is nobody's row: 0.
 * Owns      A reader and an arena, once the store had to be asked.
 * Lives     From init to done: a batch.
 * Fails     As reader.
 * Threads   One.
 * Bounds    JUDGE_AT_ONCE callers; JUDGE_KNOWN are known, of JUDGE_NUMBER_BYTES each.
 */
#ifndef YUMEN_APP_CALLS_CALL_JUDGE_H
#define YUMEN_APP_CALLS_CALL_JUDGE_H

#include "app/house/house.h"

enum { JUDGE_AT_ONCE = 64, JUDGE_KNOWN = 1 << 14 };

struct judged {
    uint64_t caller; /* its pseudonym; 0: nobody */
    uint32_t row;
};

struct call_judge {
    struct house *house;
    struct reader *reader; /* NULL: the tables have answered so far */
    struct arena turn;
    struct judged *known; /* with the reader */
};

void call_judge_init(struct call_judge *j, struct house *house);
void call_judge_done(struct call_judge *j); /* accepts a zeroed one */

struct call_asked {
    str number; /* canonical, as fact/call.h has it */
    uint64_t caller;
};

/* ret_rows: of the listing that speaks (store/reader.h), or 0. */
err call_judge_many(struct call_judge *j, const struct call_asked *asked, size_t count,
                    uint32_t *ret_rows);

#endif
