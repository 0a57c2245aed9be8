/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_prior - freezes of other authorities that stand before an order of ours, as told.
 *
 * Shape     book's queue: court 600 | tax 100 | ours 500 --> court, tax
 * Owns      Nothing; texts are the book's.   Lives  As long as the book.   Fails  -
 * Threads   One.   Bounds  The first BANK_PRIORS.
 */
#ifndef YUMEN_DRILL_BANK_PRIOR_H
#define YUMEN_DRILL_BANK_PRIOR_H

#include "drill/bank_book.h"

enum { BANK_PRIORS = 8 };

struct bank_prior {
    str authority;
    str reference;
    int64_t fen; /* 0: all */
    instant until;
};

struct bank_priors {
    struct bank_prior at[BANK_PRIORS];
    size_t count;
};

/* Of an order that does not stand, a query for one: all of its account. */
void bank_priors_look(const struct bank_book *b, const struct bank_instruction *i,
                      struct bank_priors *ret_priors);

#endif
