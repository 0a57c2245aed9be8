/* SPDX-License-Identifier: Apache-2.0 */
/*
 * search - pages of listings by any filter, newest first, in a time that does not grow with the
 * store.
 *
 * Shape     A filter picks streams of ids, each newest first in some index; a page is their merge.
 *
 *               state, kind, action    listing_group       \
 *               a division             listing_division     >--merge--> wanted? --> page, count
 *               a source, a batch      listing_batch, _said/
 *
 *           With a text, what matches is collected first and then sorted: what begins with it, the
 *           names below it, and whatever has it anywhere among the newest SEARCH_WITHIN.
 * Owns      Nothing; answers are in the turn arena.
 * Lives     A call.
 * Fails     As sql; "limit.memory".
 * Threads   The reader's.
 * Bounds    SEARCH_COUNTED is as far as is counted; SEARCH_LOOKED rows at most are looked at for a
 *           page, which then may be shorter than asked and say where to go on. Of a text,
 *           SEARCH_GATHERED are gathered each way: what one letter finds has no end.
 */
#ifndef YUMEN_STORE_SEARCH_H
#define YUMEN_STORE_SEARCH_H

#include "store/reader.h"

enum {
    SEARCH_COUNTED = 10000,
    SEARCH_LOOKED = 30000,
    SEARCH_WITHIN = 20000,
    SEARCH_GATHERED = 4000,
    SEARCH_FORMS = 4,
};

struct search {
    str scope; /* division: nothing outside it is seen */
    str state; /* words; empty: any */
    str kind;
    str action;
    str source; /* by the name that is said */
    str batch;
    str text;                /* as typed, in lower case; empty: everything */
    str forms[SEARCH_FORMS]; /* what a value may begin with, instead of the text */
    size_t form_count;
    str below;  /* a domain: names below it are found as well */
    str before; /* id: the page after it; empty: the first */
    int limit;
};

/* *ret_is_least: there are at least `total`. */
err search_page(struct reader *reader, const struct search *search, struct arena *turn,
                struct list_page *ret_page, bool *ret_is_least);

#endif
