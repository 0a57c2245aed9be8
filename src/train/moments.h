/* SPDX-License-Identifier: Apache-2.0 */
/*
 * moments - at each signal of a history: how much of each kind and pair is there, and whether a
 * scam is at work on that number just then.
 *
 * Shape     Columns 0 to SIGNAL_KINDS - 1 are kinds, the rest pairs. A value is the share of its
 *           whole weight that is there; what of it is how old is the rules' half-lives'.
 * Owns      Nothing: arrays in the arena.   Lives  As long as that.   Threads  One.
 * Fails     ERR_LIMIT "memory.spent".
 * Bounds    MOMENT_COLUMNS.
 */
#ifndef YUMEN_TRAIN_MOMENTS_H
#define YUMEN_TRAIN_MOMENTS_H

#include "base/arena.h"
#include "warn/episode.h"
#include "warn/history.h"

enum { MOMENT_COLUMNS = SIGNAL_KINDS + PAIRS_MOST };

struct moment {
    uint32_t first; /* of values */
    uint8_t count;
    uint8_t half; /* which half of the histories it is in */
    bool is_scam;
    float weight;
};

struct moment_value {
    uint32_t column;
    float share;
};

struct moments {
    struct moment *at;
    size_t count;
    struct moment_value *values;
    size_t value_count;
};

err moments_make(const struct history *histories, size_t count, const struct warn_rules *rules,
                 struct arena *a, struct moments *ret_moments);
/* The same signals under these rules: each time that a number's evidence is higher than it was
 * since it last was none. */
struct rise {
    int32_t evidence_mn;
    bool is_scam;
    float weight;
};
struct rises {
    struct rise *at;
    size_t count;
    size_t room;
};
err moments_rises(const struct history *h, const struct warn_rules *rules, struct arena *a,
                  struct rises *rises);
size_t moments_signals(const struct history *histories, size_t count);

#endif
