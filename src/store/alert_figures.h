/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alert_figures - what became of alerts, counted by month, and read again.
 *
 * Shape     Kept by alerts_count (alerts.h) in the transaction of the change: a column a mark, so
 *           that one row is a tier of a division in a month.
 *
 *               opened = admitted + hushed + over_day + over_number + held_back
 *               reported     joined by a report of whom it was about
 *               forewarned   and something had reached them before they first paid
 *               ..._new      of those, not confirmed by ourselves: nobody is known twice
 *               paid         as those said who made no report; lost is what reports say
 *
 *           Of a signal, a source, a tenth of the probability: how often it was right where it
 *           gave the most.
 * Owns      Nothing; answers are in the turn arena.   Lives  A call.
 * Fails     As sql; "limit.memory".
 * Threads   The store thread counts; any reader asks.
 * Bounds    FIGURE_ROWS_MOST divisions and tiers; FIGURE_NAMES_MOST names.
 */
#ifndef YUMEN_STORE_ALERT_FIGURES_H
#define YUMEN_STORE_ALERT_FIGURES_H

#include "store/alerts.h"

#define ALERT_TIER_NONE "none"
enum { ALERT_BINS = 10, FIGURE_ROWS_MOST = 20000, FIGURE_NAMES_MOST = 1000 };

/* clang-format off */
#define ALERT_MARK_LIST(X) \
    X(OPENED, "opened", "4") \
    X(ADMITTED, "admitted", "5") \
    X(HUSHED, "hushed", "6") \
    X(OVER_DAY, "over_day", "7") \
    X(OVER_NUMBER, "over_number", "8") \
    X(HELD_BACK, "held_back", "9") \
    X(TAKEN, "taken", "10") \
    X(REACHED, "reached", "11") \
    X(IN_TIME, "in_time", "12") \
    X(LATE, "late", "13") \
    X(FADED, "faded", "14") \
    X(CONFIRMED, "confirmed", "15") \
    X(REFUTED, "refuted", "16") \
    X(UNREACHABLE, "unreachable", "17") \
    X(CONFIRMED_AGREED, "confirmed_agreed", "18") \
    X(CONFIRMED_DIFFERED, "confirmed_differed", "19") \
    X(REFUTED_AGREED, "refuted_agreed", "20") \
    X(REFUTED_DIFFERED, "refuted_differed", "21") \
    X(UNREACHABLE_AGREED, "unreachable_agreed", "22") \
    X(UNREACHABLE_DIFFERED, "unreachable_differed", "23") \
    X(REPORTED, "reported", "24") \
    X(FOREWARNED, "forewarned", "25") \
    X(REPORTED_NEW, "reported_new", "26") \
    X(FOREWARNED_NEW, "forewarned_new", "27") \
    X(SAVED, "saved", "28") \
    X(PAID, "paid", "29") \
    X(LOST, "lost", "30")
/* clang-format on */
enum mark {
#define X(NAME, column, n) MARK_##NAME,
    ALERT_MARK_LIST(X)
#undef X
        MARK_COUNT
};

static inline int64_t alert_month(int64_t year, int64_t month)
{
    return 100 * year + month;
}

/* Days since 1970, in the centre's zone. */
int64_t alerts_day(const struct law_profile *law, instant at);

/* A report was taken, and there was no alert about whoever made it. */
err alerts_count_alone(struct store *store, const struct report *report, instant at);

struct figure_span {
    str scope;
    int64_t months[2]; /* both within */
    instant from;
    instant until; /* not within */
};

struct figure_row {
    str division;
    str tier;
    int64_t marks[MARK_COUNT];
};
struct figure_rows {
    struct figure_row *at;
    size_t count;
};
/* By division, tier. */
err figures_rows(struct reader *reader, const struct figure_span *span, struct arena *turn,
                 struct figure_rows *ret_rows);

struct figure_name {
    str of;
    str name;
    int64_t right;
    int64_t wrong;
    int64_t micro;
};
struct figure_names {
    struct figure_name *at;
    size_t count;
};
err figures_names(struct reader *reader, const struct figure_span *span, struct arena *turn,
                  struct figure_names *ret_names);

/* From what reached them to their first payment, of all reports of people that something had
 * reached: tenth, half, nine tenths. */
struct figure_lead {
    int64_t count;
    int64_t tenth_s;
    int64_t median_s;
    int64_t ninth_s;
    int64_t lost;         /* by all who reported, minor units */
    int64_t lost_in_time; /* by whom something had reached two minutes before, or more */
};
err figures_lead(struct reader *reader, const struct figure_span *span,
                 struct figure_lead *ret_lead);

#endif
