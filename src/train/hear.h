/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hear - a feed of calls as the server hears it: the same reader of rows, the same pseudonyms, the
 * same book. At each caller's 1st, 2nd, 4th, 8th … call it tells what a detector is told then.
 *
 * Shape     files --> call_row --> sight, under a secret of its own --> book_take, call by call
 *               refused(row, why): and the next row is read       due(key, slot, features)
 *
 *           Here a call is scored before the next comes; the server scores after a batch of them.
 * Owns      The book and the reader, while it runs; the secret is wiped.
 * Lives     A value handed to the sink, until it returns.
 * Fails     What `due` fails with; ERR_ABSENT, ERR_OS "file.absent"; "limit.memory". A row that
 *           cannot be taken is no failure; a file of which none can be is "train.empty".
 * Threads   One.
 * Bounds    HEAR_NUMBERS numbers and HEAR_CALLS calls within the book's window, whatever comes: a
 *           book that is full forgets as the server's does, and the counts say so.
 */
#ifndef YUMEN_TRAIN_HEAR_H
#define YUMEN_TRAIN_HEAR_H

#include "base/instant.h"
#include "feed/reader.h"
#include "sense/book.h"
#include "sense/feature.h"

enum { HEAR_NUMBERS = 1 << 22, HEAR_CALLS = 1 << 24 };

struct hear_due {
    uint64_t key;
    uint32_t slot;    /* below HEAR_NUMBERS; another number's, once this one had to go */
    bool is_asked;    /* the server would ask its model about it now, */
    bool is_borrowed; /* but say nothing of it */
    uint32_t values[FEATURE_COUNT];
};

struct hear_order {
    const char *const *paths; /* one feed after the other, of one carrier */
    int path_count;
    const struct sight_keys *keys;
    str region;
    int32_t zone_s;
    instant now; /* a call later than this is refused */
    void *self;
    err (*due)(void *self, const struct hear_due *due);
    void (*refused)(void *self, const char *path, const struct feed_refusal *refusal);
};

struct hear_counts {
    struct book_counts book;
    uint64_t refused;
    uint64_t forgotten; /* calls of the window: repeats may have counted twice */
    uint32_t numbers;   /* in the book at the end */
};

/* ret_path: the file that was being read when it failed. */
err hear(const struct hear_order *order, struct hear_counts *ret_counts, const char **ret_path);

#endif
