/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_doc - a refund statement as its JSON document says it (docs/formats/refund.md), read with
 * suspicion. Alone, or within the answer that carries it.
 *
 * Shape     JSON --read--> struct refund_doc: plain rows, every text made safe to print (safe.h),
 *           every amount a whole number of the currency's smallest unit, none below zero. Whether
 *           it is right, yumen-check-refund says; here only that it adds up, or that it does not.
 * Owns      Nothing: rows and texts are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "print.not_a_refund", "print.missing", "print.wrong", "json.malformed";
 *           ERR_LIMIT "print.too_many", "print.text_too_long", "print.overflow", "json.too_large",
 *           "json.too_deep", "memory.spent". ret_place then says where: "claims[3].loss".
 * Threads   Any, one document each.
 * Bounds    REFUND_ROWS_MAX rows in each table; texts as trail_doc.h's.
 */
#ifndef YUMEN_PRINT_REFUND_DOC_H
#define YUMEN_PRINT_REFUND_DOC_H

#include "print/trail_doc.h"

enum { REFUND_ROWS_MAX = 70000, REFUND_RULE_BYTES = 4000 };

struct refund_row_entry {
    str id, time, direction, claim, status, left_out;
    int64_t amount, balance, low_water;
};

struct refund_row_claim {
    str claim, basis;
    int64_t loss, deposited, least, most, amount;
};

struct refund_row_step {
    str end, entry;
    int64_t total, of;
};

struct refund_row_share {
    str claim;
    int64_t whole, rest, amount;
    size_t step;
};

struct refund_row_doubt {
    str zh, en, entries;
};

struct refund_doc {
    str account, rule, rule_zh, rule_en, frozen_time;
    instant frozen_at;
    struct currency currency;
    int64_t frozen, opening, balance, unclaimed;
    int64_t returned; /* the sum of the claims' amounts */
    struct refund_row_entry *entries;
    struct refund_row_claim *claims;
    struct refund_row_step *steps;
    struct refund_row_share *shares; /* of all steps, in their order */
    struct refund_row_doubt *doubts;
    size_t entry_count, claim_count, step_count, share_count, doubt_count;
};

err refund_doc_read(str json, struct arena *a, struct refund_doc *ret_doc,
                    char ret_place[TRAIL_PLACE_BYTES]);

#endif
