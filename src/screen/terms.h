/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terms - gives each different term a number, for listings by the thousand have the same.
 *
 * Shape     A growing array, and an open table over it.
 * Owns      Its arena.   Lives  From terms_init to terms_done, which accepts a zeroed one.
 * Fails     ERR_LIMIT "limit.memory".   Threads  One.   Bounds  2^30 terms.
 */
#ifndef YUMEN_SCREEN_TERMS_H
#define YUMEN_SCREEN_TERMS_H

#include "screen/image.h"

struct terms {
    struct arena arena;
    struct term *at;
    uint32_t count;
    uint32_t room;
    uint32_t *index; /* 0: free, else a term's number and 1 */
    uint32_t mask;
};

void terms_init(struct terms *t);
void terms_done(struct terms *t);
err terms_number(struct terms *t, const struct term *term, uint32_t *ret_number);

#endif
