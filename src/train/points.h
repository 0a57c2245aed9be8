/* SPDX-License-Identifier: Apache-2.0 */
/*
 * points - the thresholds a centre may choose among, and what each would do.
 *
 * Shape     Thresholds stand where a share of the bad is found (0.1 to 0.95), where so many of the
 *           good are alarmed (1 in 100, 1,000 or 10,000, none), and at even odds. Alarms are above.
 * Owns      Nothing.   Lives  In the arena.   Threads  Any.
 * Fails     ERR_LIMIT "memory.spent".   Bounds  POINTS_MOST.
 */
#ifndef YUMEN_TRAIN_POINTS_H
#define YUMEN_TRAIN_POINTS_H

#include "train/figures.h"

enum { POINTS_MOST = 16 };

struct points_of {
    const struct figures_row *sorted; /* rows a repeat, by rising margin */
    uint32_t rows;
    uint32_t repeats;
    const uint8_t *labels;
    uint32_t groups; /* rows of one group count as one where bounds are drawn */
};

err points_make(const struct points_of *of, struct arena *a, struct figures *f);

/* The precision that follows from recall and false alarms where a share of `prevalence` is bad. */
struct model_share points_precision(struct model_share recall, struct model_share alarms,
                                    double prevalence);

#endif
