/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warning - how right warnings were, by what people found.
 *
 * Shape     Precision is confirmed of confirmed and refuted; whoever could not be reached is
 *           neither. Of a sample somebody else asked again: precision corrected by what they found
 *           differs for both outcomes, and its interval joins the worse ends of all three shares,
 *           so that it is wider than it must be. Calibration: where 70 % was said, 70 % should be
 *           confirmed; the error is the mean distance, weighted by how many.
 * Owns      Nothing.   Lives  -
 * Fails     Never. A share of nothing is the caller's to leave out.
 * Threads   Any.   Bounds  Counts < 2^53.
 */
#ifndef YUMEN_TALLY_WARNING_H
#define YUMEN_TALLY_WARNING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct warning_checked {
    int64_t confirmed;
    int64_t refuted;
    int64_t confirmed_agreed;
    int64_t confirmed_differed;
    int64_t refuted_agreed;
    int64_t refuted_differed;
};

struct warning_share {
    int64_t milli; /* of a percent */
    int64_t low_milli;
    int64_t high_milli;
};

/* False: too little was checked to say. */
bool warning_corrected(const struct warning_checked *c, struct warning_share *ret_share);

struct warning_bin {
    int64_t right;
    int64_t wrong;
    int64_t micro; /* the sum of what was said of both */
};
/* In thousandths of a percent; 0 of nothing. */
int64_t warning_error_milli(const struct warning_bin *bins, size_t count);

#endif
