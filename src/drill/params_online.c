/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the parameters that is about messages, sites and reports. */
#include "drill/params_read.h"

#include "drill/dice.h"

/* clang-format off */
#define AT(member) offsetof(struct online_params, member)
#define SHARE(key, member) {key, "share", MICRO, 0, MICRO, AT(member)}
#define SIGMA(key, member) {key, "sigma", MICRO, 0, 4 * MICRO, AT(member)}
#define WHOLE(key, unit, low, high, member) {key, unit, 1, low, high, AT(member)}
#define RATE(key, member) {key, "a million persons a day", MICRO, 0, 1000000 * MICRO, AT(member)}
static const struct figure figures[] = {
    SHARE("private", private),
    WHOLE("site_days", "days", 1, 365, site_days),
    SHARE("listed", listed),
    WHOLE("listed_h", "hours", 1, 8760, listed_h),
    SIGMA("listed_sigma", listed_sigma),
    WHOLE("listing_days", "days", 1, 3660, listing_days),
    WHOLE("open_min", "minutes", 1, 10000, open_min),
    SIGMA("open_sigma", open_sigma),
    {"baited", "a victim", MICRO, 0, 100000 * MICRO, AT(baited)},
    SHARE("opened", opened),
    RATE("strays", strays),
    RATE("wrong", wrong),
    WHOLE("wrong_days", "days", 1, 365, wrong_days),
    RATE("links", links),
    SHARE("unreported", unreported),
    SHARE("late", late),
    WHOLE("late_h", "hours", 1, 100000, late_h),
    SIGMA("late_sigma", late_sigma),
    SHARE("answers", answers),
    SHARE("heeds_call", heeds_call),
    SHARE("heeds_visit", heeds_visit),
};
/* clang-format on */

err params_online(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const struct group group = {"online", figures, COUNT_OF(figures)};
    return params_group(r, root, &group, &p->online);
}
