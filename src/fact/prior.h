/* SPDX-License-Identifier: Apache-2.0 */
/*
 * prior - freezes of other authorities that stand on an account before ours, as its bank tells.
 *
 * Shape     court 600, until May | tax office 100 | ours 500     the account: 900
 *           goes first .........................    what is left for ours: 200
 *
 *           A receipt keeps them as a text, a line each, so that its leaf and its row cover them;
 *           nothing that a bank said of them is dropped because it makes no sense: the list is
 *           said to be wrong then, and how.
 * Owns      Nothing; the arena.   Lives  As long as that.
 * Fails     ERR_MALFORMED "prior.text" for a text that is none of ours; ERR_LIMIT "limit.memory".
 * Threads   Any.   Bounds  The first PRIOR_MOST of a list; the count of all is kept.
 */
#ifndef YUMEN_FACT_PRIOR_H
#define YUMEN_FACT_PRIOR_H

#include "base/instant.h"
#include "base/str.h"

enum { PRIOR_MOST = 100, PRIOR_TEXT_BYTES = 128 };

enum prior_wrong {
    PRIOR_FINE,
    PRIOR_AMOUNT,   /* an amount below nothing */
    PRIOR_CURRENCY, /* in another currency than what the bank holds for us */
    PRIOR_RANK,     /* two in one place, or in none that there is */
    PRIOR_MANY      /* more than PRIOR_MOST */
};
extern const char *const prior_wrong_words[];

struct prior_freeze {
    str authority;
    str reference; /* the authority's own; may be empty */
    str currency;  /* empty: that of the receipt */
    int64_t amount;
    int64_t rank;  /* from 1, who is first; 0: it goes by the place in the list */
    bool is_whole; /* of all there is; it has no amount then */
    instant until; /* 0: not said */
};

struct prior_list {
    const struct prior_freeze *at;
    size_t count;
    size_t said; /* how many the bank named: more than count when they were too many */
};

/* Empty when there are none. */
err prior_format(const struct prior_list *list, struct arena *a, str *ret_text);
err prior_parse(str text, struct arena *a, struct prior_list *ret_list);

/* The first thing that is wrong with it. */
enum prior_wrong prior_judge(const struct prior_list *list);
/* What goes before ours; -1: all there is, however much. */
int64_t prior_ahead(const struct prior_list *list);
/* How much of `held` can be ours, where so much goes before it of an account with that balance
 * (-1: not known). */
int64_t prior_left(int64_t ahead, int64_t balance, int64_t held);

#endif
