/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record - how the journal writes down what it was told.
 *
 * Shape     One byte that says which and what follows, then numbers of as many bytes as they need.
 *
 *             transfer  status, exit, what else | from | to | time - base | amount | currency |
 *                       scope | id | seq? | balance? | words? (from_bank to_bank channel device ip)
 *             status    ordinal | status
 *             account   key            its number is the next
 *             currency  three letters  its number is the next
 *             facts     account | ten texts
 *
 *           A transfer's ordinal is its place among all transfers of the journal.
 * Owns      Nothing; texts of a record that was read lie in what it was read from.
 * Lives     As long as that.
 * Fails     record_next: ERR_CORRUPT "runs: a record is cut short" and alike.
 * Threads   Any.
 * Bounds    RECORD_BYTES a record; texts are cut at RECORD_TEXT_BYTES by whoever puts them.
 */
#ifndef YUMEN_RUNS_RECORD_H
#define YUMEN_RUNS_RECORD_H

#include "runs/runs.h"

enum { RECORD_TEXT_BYTES = 400, RECORD_BYTES = 8 << 10, RECORD_WORDS = 5, RECORD_FACTS = 10 };

enum record_kind {
    RECORD_TRANSFER,
    RECORD_STATUS,
    RECORD_ACCOUNT,
    RECORD_CURRENCY,
    RECORD_FACTS_OF,
};

struct record {
    uint8_t kind;
    uint8_t currency; /* number of a transfer's */
    uint32_t scope;
    uint32_t from;
    uint32_t to;
    uint32_t ordinal;         /* of a status */
    struct transfer transfer; /* without accounts and currency; status of a status */
    str key;
    uint32_t account;
    struct account_facts facts;
};

struct record_reader {
    str rest;
    int64_t base_ms;
};

/* RECORD_BYTES of room; how many were used. Accounts and currency by number. */
size_t record_put_transfer(char *room, int64_t base_ms, const struct record *r);
size_t record_put_status(char *room, uint32_t ordinal, unsigned status);
size_t record_put_account(char *room, str key);
size_t record_put_currency(char *room, const char *currency);
size_t record_put_facts(char *room, uint32_t account, const struct account_facts *facts);

static inline bool record_is_end(const struct record_reader *in)
{
    return str_is_empty(in->rest);
}
err record_next(struct record_reader *in, struct record *ret_record);

#endif
