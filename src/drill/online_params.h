/* SPDX-License-Identifier: Apache-2.0 */
/*
 * online_params - the part of the parameters that is about messages, sites, who tells of it
 * afterwards, and which payments a bank asks about: params.h has the rest.
 *
 * Shape     Shares and deviations in millionths, times in the unit named.
 * Owns      Nothing.   Lives  With the parameters.   Fails  As params.h.   Threads  Any.
 * Bounds    -
 */
#ifndef YUMEN_DRILL_ONLINE_PARAMS_H
#define YUMEN_DRILL_ONLINE_PARAMS_H

#include <stdint.h>

struct online_params {
    int64_t private; /* share of persons who ask no resolver that reports */
    int64_t site_days;
    int64_t listed, listed_h, listed_sigma, listing_days;
    int64_t open_min, open_sigma;
    int64_t baited, opened;
    int64_t strays, wrong, wrong_days, links;
    int64_t unreported, late, late_h, late_sigma;
    int64_t answers, heeds_call, heeds_visit;
};

/* Banks that ask a centre before they book. */
struct asking_params {
    int64_t from; /* fen */
    int64_t wait_min, wait_sigma;
    int64_t heeds_text;
};

#endif
