/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_check - what the two files of yumen-check-refund share: a statement being computed again.
 *
 * Shape     yumen-check-refund.c reads, orders and compares; refund_check.c has the rules.
 * Owns      Everything is static: one statement, one run.   Lives  The process.
 * Fails     By findings, counted.   Threads  One.
 * Bounds    CLAIMS, ENTRIES; amounts below 2^48, their sums below 2^60.
 */
#ifndef YUMEN_REFUND_CHECK_H
#define YUMEN_REFUND_CHECK_H

#include <jansson.h>
#include <stdbool.h>

enum { CLAIMS = 4096, ENTRIES = 65536 };
typedef json_int_t num; /* long long: %lld */
typedef __int128 wide;

struct entry {
    json_t *said;
    const char *id;
    num ms, seq, amount; /* seq: -1 when there is none */
    int claim, moment;   /* claim: -1 when nobody's */
    bool is_out;
};

struct claim {
    json_t *said;
    num loss, deposited, least, most, amount;
    num later; /* deposited after the moment being looked at */
    bool is_shared, is_done, is_stuck;
};

struct statement {
    json_t *root;
    struct entry entries[ENTRIES]; /* those that count, in order */
    struct claim claims[CLAIMS];
    num balances[ENTRIES + 2], lows[ENTRIES + 2]; /* of moments, and one behind the last */
    int entry_count, claim_count, moment_count;
    num frozen, frozen_ms, opening;
};
extern struct statement st;

__attribute__((format(printf, 1, 2))) void found(const char *format, ...);
const char *text_of(const json_t *object, const char *name);
num int_of(const json_t *object, const char *name);
void expect(const char *where, const json_t *object, const char *name, num is);
void expect_text(const char *where, const json_t *object, const char *name, const char *is);

/* Sections 3 to 5 of docs/formats/refund.md. */
void check_bounds(void);
/* Computes every claim's amount by the statement's rule, and compares the steps. */
void compute_amounts(void);

#endif
