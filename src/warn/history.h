/* SPDX-License-Identifier: Apache-2.0 */
/*
 * history - signals as they arrived and what came of whom they were about: what weights are learnt
 * from, and judged by.
 *
 * Shape     docs/formats/episodes.md: text, a line for each signal, outcome and payment. Numbers
 *           are running ones; whose they are, nobody can say afterwards.
 *           Who has an outcome was reached by a scam: `scam` where it was at work, `touched` where
 *           nothing would have come of it. Nobody else was, as far as is known.
 * Owns      Nothing: arrays in the arena.
 * Lives     As long as the arena.
 * Fails     ERR_MALFORMED "episodes.version", "episodes.line" with the line; ERR_LIMIT
 *           "memory.spent".
 * Threads   Any.
 * Bounds    HISTORY_BYTES of file, HISTORY_NUMBERS numbers.
 */
#ifndef YUMEN_WARN_HISTORY_H
#define YUMEN_WARN_HISTORY_H

#include "base/arena.h"
#include "base/err.h"
#include "warn/signal.h"

enum { HISTORY_BYTES = 1 << 28, HISTORY_NUMBERS = 1 << 26, HISTORY_TIMES_MOST = 1000 };

struct history_signal {
    struct signal signal; /* about: 1 to numbers */
    uint32_t at_s;        /* when it came */
};

struct history_outcome {
    uint32_t about;
    uint32_t from_s;
    uint32_t until_s;
    uint32_t reported_s; /* 0: never */
    bool is_scam;
    bool answers; /* can be reached */
};

struct history_payment {
    uint32_t about;
    uint32_t at_s;
    uint32_t booked_s;
    int64_t fen;
};

struct history {
    uint32_t times; /* as common as scams are were they here */
    uint32_t numbers;
    uint32_t days;
    struct history_signal *signals; /* as they came */
    size_t signal_count;
    struct history_outcome *outcomes; /* by number and time */
    size_t outcome_count;
    struct history_payment *payments; /* of scams, one after the other */
    size_t payment_count;
};

err history_read(str bytes, struct arena *a, struct history *ret_history);
/* What history_read takes; a text that is spent says so itself. */
void history_write(const struct history *r, struct text *t);
/* For whoever filled it in. */
void history_sort(struct history *r);
/* The outcome of the number at that time; NULL: none. */
const struct history_outcome *history_find(const struct history *r, uint32_t about, uint32_t at_s);

#endif
