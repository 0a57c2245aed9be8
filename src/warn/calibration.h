/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calibration - from evidence to a probability: a line that never falls, through points that were
 * fitted to outcomes (by yumen-train).
 *
 * Shape     Below the first point its probability, above the last its; between two, in proportion.
 * Owns      Nothing: flat.
 * Lives     As long as its struct.
 * Fails     Never.
 * Threads   Any, once made.
 * Bounds    CALIBRATION_POINTS points.
 */
#ifndef YUMEN_WARN_CALIBRATION_H
#define YUMEN_WARN_CALIBRATION_H

#include "warn/rules.h"

enum {
    CALIBRATION_POINTS = 256,
    CALIBRATION_MOST_MN = 1000000, /* of evidence, either way */
};

struct calibration_point {
    int32_t evidence_mn;
    int32_t micro;
};

struct calibration {
    uint32_t count;
    struct calibration_point points[CALIBRATION_POINTS];
};

int32_t calibration_micro(const struct calibration *c, int64_t evidence_mn);

#endif
