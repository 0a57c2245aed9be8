/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tier - how urgent an episode is, and whether somebody may be reached about it today.
 *
 * Shape     A tier begins at its probability and ends below a share of it (stays_micro), so that
 *           an alert does not come and go with each second. What an episode's tier is therefore
 *           depends on when it was asked; its evidence does not.
 *           A budget is so many a day for each tier (BUDGET_NO_LIMIT: all), and so many a number.
 *           Only urgent ones may go beyond the number's: nobody is left alone because of a
 *           message in the morning.
 * Owns      Nothing.   Lives  As long as its struct.   Fails  Never.   Threads  One.
 * Bounds    -
 */
#ifndef YUMEN_WARN_TIER_H
#define YUMEN_WARN_TIER_H

#include "warn/calibration.h"
#include "warn/episode.h"

#define BUDGET_NO_LIMIT UINT32_MAX

enum { BUDGET_URGENT_EXTRA = 1 }; /* beyond what a number may have */

struct warn_budget {
    uint32_t a_day[TIER_COUNT];
    uint32_t a_number; /* a day */
    int32_t zone_s;    /* what a day is, east of UTC */
    uint32_t day;
    uint32_t spent[TIER_COUNT];
    uint64_t refused; /* asked for, and the day or the number had none left */
};

/* Of an episode that had tier `was`. */
enum tier tier_of(const struct warn_rules *r, int32_t micro, enum tier was);
/* Takes one from the budget, and notes it with the episode; false: there is none. */
bool budget_take(struct warn_budget *b, struct episode *e, enum tier tier, uint32_t now_s);
/* Was somebody reached today: then the place is kept until tomorrow. */
bool budget_holds(const struct warn_budget *b, const struct episode *e, uint32_t now_s);

#endif
