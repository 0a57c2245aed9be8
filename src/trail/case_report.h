/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_report - what a settled case says, as flat arrays ready to be written out.
 *
 * Shape     nodes by layer, first arrival and account; edges in the order of transfers; exits by
 *           account and kind; doubts in the order of transfers; ambiguities by account. Of a node:
 *
 *               attributed = present + exited + unknown + attributed of its edges that go on
 *
 *           `shares` of a node (what is present) or of an edge: stolen money claim by claim.
 *           A layer is the fewest transfers from a victim by which stolen money came, in time.
 * Owns      Nothing: arrays lie in the arena that was given.
 * Lives     As long as the arena; later news does not change it.
 * Fails     ERR_LIMIT when the arena is spent.
 * Threads   The case's.
 * Bounds    O(transfers of followed accounts).
 */
#ifndef YUMEN_TRAIL_CASE_REPORT_H
#define YUMEN_TRAIL_CASE_REPORT_H

#include "trail/case.h"

/* With the key of what a person reads of it. */
#define CASE_DOUBT_LIST(X)                                                                         \
    X(DOUBT_OPENING, "trail.doubt.opening")     /* taken as nothing: nobody knows */               \
    X(DOUBT_OVERDRAWN, "trail.doubt.overdrawn") /* paid more than is known of */                   \
    X(DOUBT_UNSEEN, "trail.doubt.unseen")       /* `minor` left, says its balance */               \
    X(DOUBT_TAKEN, "trail.doubt.taken")         /* a victim paid others' `minor` */                \
    X(DOUBT_CURRENCY, "trail.doubt.currency")   /* moved another currency too */                   \
    X(DOUBT_BEYOND, "trail.doubt.beyond")       /* `minor` is not followed further */              \
    X(DOUBT_BUSY, "trail.doubt.busy")           /* `minor` came, and may have gone on */           \
    X(DOUBT_SOURCE, "trail.doubt.source")       /* a claim's transfer does not count */

#define X(code, why) code,
enum case_doubt_kind { CASE_DOUBT_LIST(X) CASE_DOUBT_COUNT };
#undef X

struct case_share {
    uint32_t claim;
    uint32_t spare_;
    int64_t minor;
};

struct case_shares {
    const struct case_share *at;
    uint32_t count;
};

struct case_node {
    uint32_t account;
    uint32_t layer;
    int64_t received;   /* amounts of the transfers that brought stolen money, in full */
    int64_t attributed; /* the stolen part of them */
    int64_t present;
    int64_t exited;
    int64_t unknown;
    int64_t first_ms; /* stolen money came, first and last */
    int64_t last_ms;
    struct case_shares shares; /* of what is present */
};

struct case_edge {
    uint32_t transfer;
    uint32_t from;
    uint32_t to;
    uint32_t layer;
    int64_t time_ms;
    int64_t amount;
    int64_t attributed; /* 0 of one that is pending */
    uint8_t status;
    uint8_t exit;
    bool is_source;
    bool is_beyond;
    struct case_shares shares;
};

struct case_exit {
    uint32_t account;
    uint32_t kind; /* enum transfer_exit */
    int64_t amount;
};

struct case_doubt {
    enum case_doubt_kind kind;
    uint32_t account;
    uint32_t transfer;
    int64_t minor;
};

struct case_range {
    int64_t low;
    int64_t high;
};

/* Transfers of one account whose order nobody said, and what hangs on it. */
struct case_ambiguity {
    uint32_t account;
    uint32_t transfer_count;
    const uint32_t *transfers;
    bool is_wide; /* a second has too many transfers: other orders of it were not tried */
    struct case_range present; /* of the account */
    struct case_range total_present;
    struct case_range total_exited;
    struct case_range total_unknown;
};

struct case_report {
    const struct case_node *nodes;
    const struct case_edge *edges;
    const struct case_exit *exits;
    const struct case_doubt *doubts;
    const struct case_ambiguity *ambiguities;
    uint32_t node_count;
    uint32_t edge_count;
    uint32_t exit_count;
    uint32_t doubt_count;
    uint32_t ambiguity_count;
    struct case_sum total;
};

const char *case_doubt_why(unsigned kind);
/* The case is settled. */
err case_report(struct trail_case *c, struct arena *a, struct case_report *ret);

#endif
