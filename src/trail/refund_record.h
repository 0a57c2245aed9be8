/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_record - a frozen account as its bank's record shows it: the entries in order, the balance
 * after each, and the low water: how much of what had come until then can still be there.
 *
 * Shape     moment     0        1        2          3          4         (freeze)
 *                    opening   A in     out      B in,out    C in
 *                      100      +50     -120     +80  -20     +40
 *           balance    100      150      30          90        130
 *           low water   30       30      30          90        130
 *
 *           A moment is a group of entries of which nobody said which was first: usually one. The
 *           entries of a second are told apart by the bank's `seq` when each has its own, or by
 *           milliseconds when each has some; a time in whole seconds may be any part of its second.
 *           In a moment what came in is taken to have come before what went out: that is possible
 *           whatever really happened, and lets no claim seem better told apart than it is.
 * Owns      Nothing: the record lies in the arena it was given, and points into the case.
 * Lives     As long as both.
 * Fails     ERR_MALFORMED "refund.refused": the faults say which entries, which column and why.
 *           ERR_LIMIT "limit.memory".
 * Threads   Any.
 * Bounds    REFUND_ENTRIES_MOST, REFUND_CLAIMS_MOST; all amounts together REFUND_SUM_MOST.
 */
#ifndef YUMEN_TRAIL_REFUND_RECORD_H
#define YUMEN_TRAIL_REFUND_RECORD_H

#include "base/str.h"
#include "fact/transfer.h"

enum {
    REFUND_ENTRIES_MOST = 65536,
    REFUND_CLAIMS_MOST = 4096,
    REFUND_FAULTS_MOST = 100,
    REFUND_NOBODY = -1
};
#define REFUND_SUM_MOST (INT64_C(1) << 60)

/* Why an entry does not count. */
#define REFUND_FATE_LIST(X)                                                                        \
    X(FATE_COUNTS, "counts")                                                                       \
    X(FATE_NOT_BOOKED, "not_booked")                                                               \
    X(FATE_LATER, "after_freeze")                                                                  \
    X(FATE_REPEATED, "repeated")

#define X(code, name) code,
enum refund_fate { REFUND_FATE_LIST(X) FATE_COUNT };
#undef X

struct refund_entry {
    str id;
    int64_t time_ms;
    int64_t seq;
    int64_t amount_minor;
    int32_t claim; /* whose money came in, by its place among the claims; or REFUND_NOBODY */
    bool has_seq;  /* the bank's order within a second */
    bool is_out;
    uint8_t status; /* enum transfer_status: only what is booked has moved money */
};

struct refund_claim {
    str id;
    int64_t loss_minor;
    bool is_doubtful; /* paid from an account that got another claim's money: said, not judged */
};

struct refund_case {
    str account;
    str currency;
    int64_t frozen_minor;
    int64_t frozen_ms;
    int64_t opening_minor;
    const struct refund_entry *entries;
    const struct refund_claim *claims; /* sorted by id, each once */
    uint32_t entry_count;
    uint32_t claim_count;
};

/* An entry where it stands in the order used; those that do not count come last. */
struct refund_line {
    uint32_t entry;
    uint32_t moment; /* from 1; 0 is the opening */
    int64_t balance_minor;
    enum refund_fate fate;
};

struct refund_moment {
    int64_t balance_minor;
    int64_t low_minor; /* the least of the balances from here on, and of what was frozen */
    int64_t out_minor;
    uint32_t line; /* its first */
    uint32_t line_count;
};

struct refund_record {
    const struct refund_case *of;
    struct refund_line *lines; /* one for each entry */
    struct refund_moment *moments;
    uint32_t counted; /* so many lines count */
    uint32_t moment_count;
    int64_t balance_minor; /* when it was frozen, as the entries say */
};

struct refund_fault {
    int64_t entry; /* its place in the case; -1: the case itself */
    const char *column;
    const char *why;
};

struct refund_faults {
    struct refund_fault at[REFUND_FAULTS_MOST];
    uint32_t count; /* may be more than are kept */
};

void refund_fault_put(struct refund_faults *f, int64_t entry, const char *column, const char *why);

err refund_record_make(const struct refund_case *c, struct arena *a, struct refund_record *ret,
                       struct refund_faults *ret_faults);
/* Money came and went in it, and nobody said in which order. */
bool refund_moment_is_open(const struct refund_record *r, uint32_t moment);
/* The moment whose balance is the low water of `moment`; moment_count: what was frozen is. */
uint32_t refund_low_moment(const struct refund_record *r, uint32_t moment);

str refund_fate_name(unsigned fate);

#endif
