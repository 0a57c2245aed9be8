/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_case - a refund's case (trail/refund_record.h) from what a centre knows of an account.
 *
 * Shape     the account's transfers, oldest first          begin                       freeze
 *             ... salary  rent  shop(balance 7) | A in  out  B,C in  out ... | paid back
 *                                                 |________ entries ________|  |_ entries _|
 *
 *           Transfers say how much came and went; parts whose money came (trail_parts_make): one
 *           that brought money of several claims becomes an entry for each, ID#CLAIM, and ID#rest
 *           for what nobody claims. The record begins where the balance was last known before the
 *           first claim's money: what was there is nobody's, and its history nobody else's
 *           business. Else it begins with the first transfer, and with what the first balance that
 *           is known says, or the least that it must have held. What earlier rounds paid out left
 *           the account, too.
 * Owns      Nothing; in the arena, and pointing into the facts.
 * Lives     As long as both.
 * Fails     ERR_LIMIT "refund.too_many", "limit.memory". What cannot be a record is for
 *           refund_record_make to say.
 * Threads   Any.
 * Bounds    REFUND_ENTRIES_MOST, REFUND_CLAIMS_MOST.
 */
#ifndef YUMEN_APP_ROUND_ROUND_CASE_H
#define YUMEN_APP_ROUND_ROUND_CASE_H

#include "app/money/trail_doc.h"
#include "app/money/trail_parts.h"
#include "trail/refund_record.h"

/* A victim's payment that its bank confirms. */
struct round_claim {
    str id;
    str incident;
    str transfer;
    str from;
    str to;
    int64_t amount;
    int64_t sent_ms;  /* when it was first sent: a payment booked again is later; 0: not known */
    int64_t settled;  /* of it: returned, or due in a round that was computed before */
    bool is_matched;  /* and not withdrawn since */
    bool is_doubtful; /* paid from an account into which somebody else claims to have paid */
};

/* A transfer of the account, never to itself. */
struct round_row {
    str id;
    str to;
    int64_t time_ms;
    int64_t seq;
    int64_t amount;
    int64_t balance; /* of the account, after it */
    uint32_t ordinal;
    uint8_t status; /* enum transfer_status */
    bool has_seq;
    bool has_balance;
    bool is_out;
};

/* A share of an earlier round that the account has paid. */
struct round_paid {
    str share;
    str claim;
    str to;
    str reference;
    int64_t amount;
    int64_t time_ms;
};

struct round_facts {
    str account;
    str currency;
    int64_t frozen;
    int64_t executed_ms;    /* when the last of it was frozen */
    struct round_row *rows; /* in any order: they are put in theirs */
    size_t row_count;
    const struct round_claim *claims; /* sorted by id */
    size_t claim_count;
    const struct trail_part *parts; /* sorted by transfer and claim */
    size_t part_count;
    const struct round_paid *paid;
    size_t paid_count;
};

struct round_case {
    struct refund_case of;
    uint32_t *claims; /* of each of its claims, the place among those of the facts */
};

/* The last millisecond that is part of a freeze. */
int64_t round_freeze_ends(int64_t frozen_ms);
err round_case_make(const struct round_facts *f, struct arena *a, struct round_case *ret);

#endif
