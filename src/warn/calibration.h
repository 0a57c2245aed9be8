/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calibration - from evidence to a probability: a line that never falls, through points that were
 * fitted to outcomes.
 *
 * Shape     Below the first point its probability, above the last its; between two, in proportion.
 *           calibration_fit is isotonic regression (pool adjacent violators): of all that never
 *           fall the one with the least squares.
 *           calibration_usual is what is believed before there are outcomes.
 *
 *           The file, docs/formats/calibration.md, is text with a digest at its end.
 * Owns      Nothing: flat.
 * Lives     As long as its struct.
 * Fails     ERR_MALFORMED "calibration.*" with the line; ERR_LIMIT "calibration.too_many".
 * Threads   Any, once made.
 * Bounds    CALIBRATION_POINTS points, CALIBRATION_BYTES of file; a fit takes CALIBRATION_CASES.
 */
#ifndef YUMEN_WARN_CALIBRATION_H
#define YUMEN_WARN_CALIBRATION_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "warn/rules.h"

enum {
    CALIBRATION_POINTS = 256,
    CALIBRATION_BYTES = 1 << 16,
    CALIBRATION_CASES = 1 << 24,
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

/* Evidence of somebody reached, and what came of it. */
struct calibration_case {
    int32_t evidence_mn;
    bool is_scam;
};

/* The logistic curve around what is as likely as not: prior_mn below 0. */
void calibration_usual(int32_t prior_mn, struct calibration *ret_calibration);
int32_t calibration_micro(const struct calibration *c, int64_t evidence_mn);

/* Sorts the cases. More than CALIBRATION_POINTS / 2 steps are joined, where it costs least. */
err calibration_fit(struct calibration_case *cases, size_t count, struct arena *a,
                    struct calibration *ret_calibration);

err calibration_read(str bytes, struct calibration *ret_calibration);
/* What calibration_read takes, byte for byte the same for the same points. */
void calibration_write(const struct calibration *c, struct text *t);

#endif
