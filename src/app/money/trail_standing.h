/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trail_standing - a case that stays from one look at the transfers to the next: what is new is put
 * to it, and what it says then is what a case made from nothing would say.
 *
 * Shape     view --accounts of the case whose rows are more--> case_put … --> settle --> document
 *
 *           Of each of its accounts the number of rows is known (its print). More rows: those
 *           numbered higher than any that was seen are put. It is made anew when its sources, its
 *           method or a wall that had left something out changed, when the clock went back, and
 *           when rows were forgotten. A further status of any transfer: all its rows are put again.
 * Owns      The case and its memory.
 * Lives     From init to done; runs and reader are its user's.
 * Fails     As trail_doc_make; ERR_LIMIT when the case is larger than STANDING_BYTES. What failed
 *           is made anew the next time.
 * Threads   One.
 * Bounds    STANDING_BYTES.
 */
#ifndef YUMEN_APP_MONEY_TRAIL_STANDING_H
#define YUMEN_APP_MONEY_TRAIL_STANDING_H

#include "app/money/trail_doc.h"

enum { STANDING_BYTES = 32 << 20 };

struct standing_print {
    uint32_t account;
    uint32_t rows; /* of it, in the view: modulo 2^32 */
};

struct trail_standing {
    struct runs *runs;
    struct runs_reader *reader;
    struct arena arena; /* what the case is made of */
    struct arena list;  /* sources, walls and prints */
    struct trail_index index;
    struct trail_case *c; /* NULL: to be made */
    unsigned method;
    uint64_t amended; /* the view's, when it looked last */
    const uint32_t *sources;
    size_t source_count;
    const struct trail_wall *walls;
    size_t wall_count;
    const struct standing_print *prints;
    uint32_t print_count;
    uint64_t made; /* how often it was made from nothing */
};

void trail_standing_init(struct trail_standing *s, struct runs *runs, struct runs_reader *reader);
/* Accepts one that is zeroed. */
void trail_standing_done(struct trail_standing *s);
bool trail_standing_is_made(const struct trail_standing *s);

#endif
