/* SPDX-License-Identifier: Apache-2.0 */
/*
 * law - a law profile: a country's limits, terms, deadlines and calendar as a value.
 *
 * Shape     Read from profiles/<name>.yaml by conf, handed to every decision. The limits are also
 *           rows of law_limit, to which every listing points, so that the database refuses too.
 * Owns      Its arrays live in the boot arena.
 * Lives     From start to exit.
 * Fails     law_add_working_days cannot; a profile that lacks a limit is refused when it is read.
 * Threads   Any; constant once read.
 * Bounds    As many days, bases and reasons as the profile names.
 */
#ifndef YUMEN_FACT_LAW_H
#define YUMEN_FACT_LAW_H

#include "fact/nouns.h"

struct law_word {
    str code;
    str zh;
    str en;
};

/* A civil date that is not as its weekday says: a holiday, or a working day made up for one. */
struct law_day {
    int year;
    int month;
    int day;
    bool is_working;
};

struct ladder_step {
    unsigned means;
    int64_t within_min; /* of when it may begin */
};

/* How somebody is reached about an alert of a tier. */
struct ladder {
    struct ladder_step steps[LADDER_STEPS]; /* by rising means */
    size_t step_count;
    int64_t due_min;           /* they must have been reached by then; 0: whenever */
    int64_t escalate_min;      /* still late that long after: one division up; 0: nobody is told */
    int64_t a_day;             /* alerts a day about which somebody is reached; 0: all */
    int64_t heeds_quiet;       /* nobody is woken */
    int64_t reached_is_enough; /* else its steps go on until there is an outcome */
};

struct law_profile {
    str name; /* "cn" */
    str title_zh;
    str title_en;
    int zone_min;     /* minutes east of UTC */
    str currency;     /* ISO 4217 */
    str phone_region; /* ISO 3166: how a number without a country is read */

    /* Longest term of a listing, by what it is and does; 0 is "not allowed at all". */
    int64_t listing_max_term_us[INDICATOR_KIND_COUNT][ACTION_COUNT];
    /* Longest term of an order, by its kind, and how often it may be extended by as much; a term of
     * 0 is "not allowed at all". */
    int64_t order_max_term_us[ORDER_KIND_COUNT];
    int64_t order_max_repeats[ORDER_KIND_COUNT];
    int64_t appeal_working_days; /* to the decision of an appeal */
    int64_t emergency_min;
    /* So long a bank that asks before it books may be told to hold a payment; 0: never. */
    int64_t ask_hold_min;
    str ask_hold_basis;
    int64_t escalate_min; /* a provider still silent that long after it was late: told of again */
    int64_t
        unrelated_days; /* an order found to hold nobody's stolen money is lifted after so many */
    int64_t appeal_retention_days;  /* after its decision an appeal's personal data is erased */
    int64_t listing_retention_days; /* after its end a listing's value and evidence are erased */
    int64_t reject_retention_days;
    int64_t report_retention_days; /* after it was filed what a victim told is erased */
    /* Refund rounds: the usual rule; how long the notice is public (days); working days to review,
     * to approve once the notice is over, to pay, and to close. */
    int64_t refund_rule;
    int64_t refund_notice_days;
    int64_t refund_review_days;
    int64_t refund_approve_days;
    int64_t refund_pay_days;
    int64_t refund_close_days;
    /* Alerts, by tier; hours in which nobody is woken, in minutes of the profile's day: from and
     * until; how many a number and day; without news they fade; what becomes of them. */
    struct ladder ladders[ALERT_TIER_COUNT];
    int64_t alert_quiet_from_min;
    int64_t alert_quiet_until_min; /* the same: never */
    int64_t alert_a_number;        /* a day, and one more that is urgent */
    int64_t alert_fade_hours;
    int64_t alert_hush_days;
    int64_t alert_check_milli; /* of outcomes somebody else looks at again */
    int64_t alert_retention_days;
    int64_t whereabouts_hours; /* an address is erased with the outcome, or then */
    int64_t session_hours;
    int64_t token_days;

    /* What the person affected reads of a listing that brings no text of its own. It is stored
     * as one text, a line each, and shown by law_notice. */
    str notice;
    str notice_zh;
    str notice_en;
    str order_notice; /* likewise of an order */
    str order_notice_zh;
    str order_notice_en;
    str order_papers_zh; /* what the holder brings who appeals */
    str order_papers_en;

    /* Numbers that anybody can call, also who is listed: emergency services, hotlines. As dialled
     * at home. */
    const str *never_screened;
    size_t never_screened_count;
    /* Suspicions may be proposed many at a time where so many of a hundred were right; 0: never. */
    int64_t together_percent;

    uint32_t working_weekdays; /* bit 0 = Sunday */
    const struct law_day *days;
    size_t day_count;
    const struct law_word *bases;
    size_t basis_count;
    const struct law_word *reasons;
    size_t reason_count;
};

/* A stored notice as it is shown: the profile's own in one language, any other as it is. */
str law_notice(const struct law_profile *law, str stored, bool is_en);
/* In words; a code that the profile does not know, as it is. */
str law_reason(const struct law_profile *law, str code, bool is_en);
str law_basis(const struct law_profile *law, str code, bool is_en);
bool law_is_working_day(const struct law_profile *law, int year, int month, int day);
/*
 * The last second of the n-th working day after the day of `from`, in the profile's zone; 0 is the
 * last second of that day itself. Inside the day, so that a deadline reads as the date it means.
 */
instant law_add_working_days(const struct law_profile *law, instant from, int64_t days);

#endif
