/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case - how much of the money is whose: the lots of every account a case's stolen money touched.
 *
 * Shape     Transfers come in any order, many times, late, and change their status; after
 *           case_settle the answer is the one a computation from nothing would give, to the fen.
 *
 *               case_claim --+                      +-- pull, opening (the index, by case_port)
 *               case_put   --+--> marks --settle----+
 *                                                   +--> sums, case_report
 *
 *           An account is a function of its own events in order, each with the stolen portions its
 *           payer's account gave it, and of its opening. Order is total (time, bank, seq, id), and
 *           money only moves forward in it, so there is one answer, also where accounts form rings.
 *           Settling takes marked accounts event by event in that order, from the last checkpoint.
 * Owns      Its memory, in arenas of its own. Ids are copied; the port outlives the case.
 * Lives     case_make ... case_done.
 * Fails     ERR_LIMIT when the budget is spent: the case then answers nothing else.
 *           ERR_CONFLICT for a transfer claimed twice, ERR_LIMIT for too many claims: it goes on.
 * Threads   One.
 * Bounds    CASE_CLAIMS_MOST; accounts beyond most_accounts, and those whose transfers would be
 *           more than most_at_once, are not followed: what goes there is unknown, with a doubt.
 *           One with more than most_partners, or more than most_transfers since the theft, is busy:
 *           all that came there counts as present, with a doubt. About 130 bytes a transfer of a
 *           followed account. Transfers that were rejected or reversed count nowhere.
 */
#ifndef YUMEN_TRAIL_CASE_H
#define YUMEN_TRAIL_CASE_H

#include "trail/method.h"
#include "trail/row.h"

enum {
    CASE_CLAIMS_MOST = 4096,
    CASE_ACCOUNTS_USUAL = 100000,
    CASE_PARTNERS_USUAL = 20000,
    CASE_TRANSFERS_USUAL = 1 << 19
};

struct trail_case; /* `case` is a word of C's */

/* A transfer as the index knows it. */
struct trail_event {
    uint32_t number;      /* its place in the index: the same transfer, the same number */
    uint32_t bank;        /* the payer's */
    struct trail_row row; /* says also whether seq and balance are known */
    int64_t seq;
    int64_t balance_minor;
    str id;
};

struct case_span {
    uint32_t account;
    int64_t from_ms;
    int64_t until_ms; /* not included */
};

/* Whom an account paid, or was paid by, with a booked transfer of at least so much, ever. */
struct case_crowd {
    uint32_t account;
    uint32_t most;
    unsigned currency;
    int64_t least_minor;
};

/* Where a case asks for what it was not told. All answer from everything that was case_put.
 * Words cost more to read than rows, and most are never looked at. A transfer may be told without
 * `bank`, `seq` and `id`: of two that nothing else puts in order they are asked for. And (flag and
 * all) without its balance where its payee's account is pulled, not where its payer's is. */
struct case_port {
    void *of;
    /* case_pulled for each transfer of the account within the span: any status, any order. */
    err (*pull)(void *of, const struct case_span *span, struct trail_case *into);
    /* Bank, seq and id of a transfer that was told without, by its number. NULL: none ever is. */
    err (*words)(void *of, struct trail_event *e);
    /* What the account held just before an event of its own; false when nobody knows. */
    bool (*opening)(void *of, uint32_t account, const struct trail_event *before,
                    int64_t *ret_minor);
    /* Whether an account has more than `most` transfers from a time on that move money, or may yet.
     * NULL: none has. */
    bool (*has_more)(void *of, uint32_t account, int64_t from_ms, uint64_t most);
    /* Whether those are more than `most`. NULL: never. */
    bool (*is_crowded)(void *of, const struct case_crowd *crowd);
};

struct case_settings {
    enum trail_method method;
    unsigned currency;       /* row_currency of what is followed */
    uint32_t most_accounts;  /* 0: CASE_ACCOUNTS_USUAL */
    uint32_t most_partners;  /* of an account that is followed; 0: CASE_PARTNERS_USUAL */
    int64_t partner_minor;   /* who paid or was paid less is no partner */
    uint32_t most_transfers; /* of an account that is followed, since first_ms; 0: the usual */
    int64_t first_ms;        /* when the first of the claims' money was paid, or before */
    uint32_t most_at_once; /* transfers told for all accounts but the claims' own payees; 0: any */
    int64_t as_of_ms;      /* later transfers do not exist; 0: all do */
    size_t budget_bytes;   /* 0: 4 GiB */
};

struct case_sum {
    int64_t stolen;
    int64_t present;
    int64_t exited;
    int64_t unknown;
};

/* NULL when `a` is spent. */
struct trail_case *case_make(struct arena *a, const struct case_settings *settings,
                             const struct case_port *port);
void case_done(struct trail_case *c);

/* A victim's transfer: its whole amount is stolen. Claims are numbered in the order of these calls,
 * and that order breaks ties. Only a booked transfer in the case's currency counts, when it is. */
err case_claim(struct trail_case *c, const struct trail_event *source, uint32_t *ret_claim);
/* A transfer that arrived or has another status now. Of one that is known only the status is read,
 * and the further status stands. Costs little when it is no concern of the case. */
err case_put(struct trail_case *c, const struct trail_event *e);
/* For a port's pull, and only there. */
err case_pulled(struct trail_case *c, const struct trail_event *e);
err case_settle(struct trail_case *c);

/* These answer from what was settled last. */
uint32_t case_claim_count(const struct trail_case *c);
struct case_sum case_claim_sum(const struct trail_case *c, uint32_t claim);
struct case_sum case_sum_all(const struct trail_case *c);
/* Stolen money in a transfer; 0 also for one that is not known. */
int64_t case_attributed(const struct trail_case *c, uint32_t number);
int64_t case_present(const struct trail_case *c, uint32_t account);
/* Accounts that news of concerns the case, and which they are: a rebuild numbers them anew. */
uint32_t case_account_count(const struct trail_case *c);
uint32_t case_account_id(const struct trail_case *c, uint32_t index);
uint32_t case_account_number(const struct trail_case *c, uint32_t account); /* UINT32_MAX: none */
/* News of a busy one is none: what it pays is not looked at. */
bool case_account_is_busy(const struct trail_case *c, uint32_t index);
/* How many events were worked through since case_make. */
uint64_t case_work(const struct trail_case *c);

#endif
