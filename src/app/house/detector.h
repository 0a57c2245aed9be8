/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detector - what looks for scam callers and devices in call records: a model and its threshold,
 * and the calls of possible cards, in memory.
 *
 * Shape     options --open--> model, bound to the features of a conduct; threshold: the lowest
 *           margin at which it was measured to be as precise as the centre asks
 *           calls thread: scores with the model, keeps calls (cards) ==mutex==> clerks: test cells
 * Owns      The room of the cards. The model is the boot arena's.
 * Lives     From detector_open to detector_close: the house's. A restart forgets the cards, and so
 *           does another secret: the same card would be two, under two pseudonyms, and both call.
 * Fails     As model_read and model_bind; "detect.absent": the file is not there. forget: memory;
 *           then no device is looked for.
 * Threads   open, close: main. forget: while no batch is taken. The model: any; the rest under the
 *           mutex.
 * Bounds    detect.candidates_most numbers, with DETECT_CALLS calls and DETECT_CELLS cells each.
 */
#ifndef YUMEN_APP_HOUSE_DETECTOR_H
#define YUMEN_APP_HOUSE_DETECTOR_H

#include "env/pages.h"
#include "env/thread.h"
#include "sense/cards.h"
#include "sense/model_row.h"

enum { DETECT_CALLS = 32, DETECT_CELLS = 4, DETECT_CELLS_LEAST = 1 << 12, DETECT_TOLD = 1 << 12 };

struct house;

struct detector {
    struct model model;
    struct model_binding binding;
    float threshold;
    bool has_model;
    bool has_threshold;
    bool rescores; /* a batch was cut off: what was found in it may not have been said */
    struct env_mutex mutex;
    struct pages room;
    struct cards cards;
    bool has_cards;
    bool is_testing; /* a clerk is */
    uint32_t tested_h;
    int64_t told_day;
    uint64_t told[DETECT_TOLD]; /* pseudonyms of numbers that were dealt with on that day */
};

err detector_open(struct house *house);
err detector_forget(struct detector *d);
void detector_close(struct detector *d); /* accepts NULL, as forget does */

#endif
