/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_money - what the runs know that a refund round is made from: an account's transfers, and
 * whose money came into it.
 *
 * Shape     claims --their transfers, those of every incident at once--> fifo --> parts
 * Owns      Nothing; in the arena.   Lives  As long as that.
 * Fails     ERR_LIMIT "refund.too_many"; as the runs and the case.
 * Threads   Any but the web's.
 * Bounds    CASE_CLAIMS_MOST claims are followed, those to the account itself first, then the
 *           newest; REFUND_ENTRIES_MOST transfers.
 */
#ifndef YUMEN_APP_ROUND_ROUND_MONEY_H
#define YUMEN_APP_ROUND_ROUND_MONEY_H

#include "app/round/round_case.h"

struct round_money {
    struct runs *runs;
    str account;
    str currency;
    str incidents;           /* whose orders hold the account's money, by blanks */
    int64_t until_ms;        /* the last that counts */
    uint32_t most_transfers; /* of an account on the way; 0: TRAIL_PARTS_OF_ONE */
    struct arena *arena;
};

struct round_parts {
    struct trail_part *at;
    size_t count;
    str busy; /* the account's key, of "round.busy" */
};

err round_rows_read(const struct round_money *m, struct round_row **ret, size_t *ret_count);
/* The moment for which a round is computed: that of the freeze (`until_ms`); or, where a payment
 * into the account that was sent before it was taken back and booked again since, that of the
 * booking (docs/decisions/0112). */
err round_moment_read(const struct round_money *m, const struct round_claim *claims,
                      size_t claim_count, int64_t *ret_ms);
/*
 * By the claims' places. Of claims of one transfer only the first that stands has parts; what was
 * settled on any of them is added up in its `settled`. ERR_CONFLICT "round.busy": no money of these
 * incidents' claims is known to have come, and some went to an account too busy to be followed.
 */
err round_parts_read(const struct round_money *m, struct round_claim *claims, size_t claim_count,
                     struct round_parts *ret);

#endif
