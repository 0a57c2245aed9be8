/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn - histories of signals and what came of them become the weights, half-lives, pairs and curve
 * that warnings are judged by.
 *
 * Shape     histories --> moments: at each signal, how much of each kind and pair is there, and
 *                         whether a scam is at work (read through warn/episode.h itself)
 *           moments --> logistic regression, no weight below 0 (fit), half-lives by trying: what
 *                       one half of the histories says of the other
 *           moments --> curve: where the evidence of a number is higher than before
 *
 *           Where scams are so many times as common as they are, whoever no scam has reached
 *           counts as often: what is learnt is what is right where they are as common as they are.
 *           Kinds that no history has keep what is assumed.
 * Owns      Nothing.   Lives  -   Threads  One.
 * Fails     ERR_LIMIT "memory.spent"; ERR_MALFORMED "train.empty" (no scam, or nothing else).
 * Bounds    WARN_MOMENTS moments, about 150 bytes each.
 */
#ifndef YUMEN_TRAIN_WARN_H
#define YUMEN_TRAIN_WARN_H

#include "warn/history.h"
#include "warn/model.h"

enum { WARN_MOMENTS = 1 << 24, WARN_HISTORIES = 32 };

struct warn_order {
    const struct history *histories;
    size_t count;
    bool tries_half_lives;
};

/* Fills in rules, is_learnt, curve and figures. */
err warn_train(const struct warn_order *order, struct arena *a, struct warn_model *ret_model);

#endif
