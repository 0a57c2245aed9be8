/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detect - a batch of call records that the book has taken, through the detectors: what is due is
 * scored, and the calls of possible cards are kept for the test of their cells.
 *
 * Shape     due callers --suspect--> some --model--> margin at or above the threshold: a hit, with
 *           its reasons
 *           calls of possible cards --> detector.cards
 *
 *           The number stands in the row that its hit names; whoever wipes the rows has it said
 *           before.
 * Owns      Nothing.
 * Lives     A job.
 * Fails     Never.
 * Threads   The calls thread.
 * Bounds    HITS_MOST of a batch, those with the highest margins; the rest is counted.
 */
#ifndef YUMEN_APP_CALLS_DETECT_H
#define YUMEN_APP_CALLS_DETECT_H

#include "app/house/detector.h"
#include "app/house/house.h"

enum { HITS_MOST = 128, HIT_REASONS = 5, ROW_NUMBER_BYTES = 32, ROW_CELL_BYTES = CELL_TEXT_BYTES };

/* What a row says beside its sighting, until its batch is settled. */
struct detect_row {
    uint64_t cell_key;             /* 0: none */
    char number[ROW_NUMBER_BYTES]; /* not ended when it is full */
    char cell[ROW_CELL_BYTES];
};

struct detect_batch {
    const struct sighting *sightings;
    const uint8_t *news;
    const struct detect_row *rows;
    uint32_t count;
    const struct book_due *due;
    size_t due_count;
    str carrier;
    int32_t zone_s;
};

struct hit_reason {
    uint32_t feature; /* of enum feature */
    uint32_t value;
    int64_t part_milli;
};

struct hit {
    uint64_t caller;
    uint32_t row;
    uint32_t at_call;
    float margin;
    uint32_t reason_count;
    struct hit_reason reasons[HIT_REASONS];
};

struct hits {
    struct hit at[HITS_MOST];
    uint32_t count;
    uint32_t beyond;
    uint32_t borrowed; /* numbers that others show from abroad: counted as known */
};

void detect_row_fill(struct detect_row *row, str carrier, const struct phone_call *call);
void detect_take(struct detector *d, const struct calls *calls, const struct detect_batch *b,
                 struct hits *ret_hits);

#endif
