/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tail - what came since the last seal: in order of arrival, and pieces of it sorted.
 *
 * Shape     rows    as they stand now          raw   their records, as the journal has them
 *           ids     which of them has an id    pieces   runs of stretches of it, in memory
 * Owns      Its pages.
 * Lives     From tail_open to tail_close.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   The owner's; once it is frozen, the task reads it and nobody changes it.
 * Bounds    As many rows as it was opened for; PIECES_MOST pieces.
 */
#ifndef YUMEN_RUNS_TAIL_H
#define YUMEN_RUNS_TAIL_H

#include "env/pages.h"
#include "runs/ids.h"
#include "runs/record.h"

enum { PIECES_MOST = 48 };

/* A run of a part of the tail, in memory. */
struct piece {
    struct trail_run run;
    struct pages room;
    struct pages balances;
    uint32_t begin; /* rows of the tail */
    uint32_t end;
};

/* What came since the last seal: in order of arrival, and pieces of it sorted. */
struct tail {
    struct pages rows; /* of struct trail_row, as they stand now */
    struct pages at;   /* of uint32_t: where each row's record begins in raw */
    struct pages raw;  /* records as the journal has them */
    struct pages lines;
    struct pages balances; /* of int64_t, by row: of rows that tell one */
    struct ids ids;
    uint32_t first; /* ordinal of its first row */
    uint32_t count;
    uint32_t room;
    uint32_t told_count;  /* rows with a balance, */
    uint32_t wide_count;  /* and of them those that four bytes do not hold */
    uint32_t block_first; /* rows before it are in a block of the journal */
    size_t raw_bytes;
    size_t block_begin;
    uint32_t segment;
    int64_t base_ms;
    int64_t last_ms; /* the latest time of its rows */
    struct piece pieces[PIECES_MOST];
    uint32_t piece_count;
};

static inline struct trail_row *tail_rows(const struct tail *t)
{
    return t->rows.at;
}

err tail_open(struct tail *t, uint32_t room, bool has_ids);
void tail_begin(struct tail *t, uint32_t first, uint32_t segment);
/* Empty again, in the same memory; its pieces are somebody else's by now. */
void tail_empty(struct tail *t);
void tail_close(struct tail *t);
bool tail_has_room(const struct tail *t, uint32_t rows);
/* Rows of it that no piece has. */
uint32_t tail_unsorted(const struct tail *t);
/* The record of a row of the tail. */
err tail_record(const struct tail *t, uint32_t ordinal, struct record *ret_record);
bool tail_precedes(const void *self, uint32_t ordinal, uint32_t other);

#endif
