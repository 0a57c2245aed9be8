/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/law.h"

#include <assert.h>

str law_notice(const struct law_profile *law, str stored, bool is_en)
{
    if (str_equal(stored, law->notice))
        return is_en ? law->notice_en : law->notice_zh;
    if (str_equal(stored, law->order_notice))
        return is_en ? law->order_notice_en : law->order_notice_zh;
    return stored;
}

static str word_of(const struct law_word *words, size_t count, str code, bool is_en)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(words[i].code, code))
            return is_en ? words[i].en : words[i].zh;
    return code;
}

str law_reason(const struct law_profile *law, str code, bool is_en)
{
    return word_of(law->reasons, law->reason_count, code, is_en);
}

str law_basis(const struct law_profile *law, str code, bool is_en)
{
    return word_of(law->bases, law->basis_count, code, is_en);
}

bool law_is_working_day(const struct law_profile *law, int year, int month, int day)
{
    assert(law != NULL && month >= 1 && month <= 12 && day >= 1 && day <= 31);
    for (size_t i = 0; i < law->day_count; i++) {
        const struct law_day *special = &law->days[i];
        if (special->day == day && special->month == month && special->year == year)
            return special->is_working;
    }
    struct civil c = instant_civil(instant_from_civil(year, month, day, 0), 0);
    return (law->working_weekdays >> c.weekday & 1U) != 0;
}

/* Noon is as far as one can be from both edges of a civil day. */
static instant noon_of(const struct law_profile *law, instant t)
{
    struct civil c = instant_civil(t, law->zone_min);
    return instant_add_us(instant_from_civil(c.year, c.month, c.day, law->zone_min),
                          12 * US_PER_HOUR);
}

static bool is_working_at(const struct law_profile *law, instant t)
{
    struct civil c = instant_civil(t, law->zone_min);
    return law_is_working_day(law, c.year, c.month, c.day);
}

instant law_add_working_days(const struct law_profile *law, instant from, int64_t days)
{
    assert(law != NULL && days >= 0);
    assert((law->working_weekdays & 0x7F) != 0); /* else no day would ever be the n-th */
    const instant last = instant_from_us(INSTANT_MAX_US - US_PER_DAY);
    instant noon = noon_of(law, from);
    for (int64_t left = days; left > 0 && noon.us < last.us;) {
        noon = instant_add_us(noon, US_PER_DAY);
        left -= is_working_at(law, noon);
    }
    return instant_add_us(noon, 12 * US_PER_HOUR - US_PER_S);
}
