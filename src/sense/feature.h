/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feature - what a detector is told of a number: integers, made of its conduct, of what the handset
 * that it called with carries, and of nothing else.
 *
 * Shape     One row a feature, with its unit. Shares are in thousandths; a share of nothing is 0.
 *           Windows end at the number's own newest call, not now: the same conduct and handset
 *           always have the same features.
 * Owns      Nothing.   Lives  A value.   Fails  Never.   Threads  Any.
 * Bounds    FEATURE_COUNT of them, each below 2^32.
 */
#ifndef YUMEN_SENSE_FEATURE_H
#define YUMEN_SENSE_FEATURE_H

#include "sense/conduct.h"
#include "sense/handsets.h"

#define FEATURE_LIST(X)                                                                            \
    X(FEATURE_OUT, "out_calls")              /* calls made */                                      \
    X(FEATURE_IN, "in_calls")                /* calls answered */                                  \
    X(FEATURE_OUT_SHARE, "out_share")        /* of calls made and answered, those made */          \
    X(FEATURE_ANSWERED, "answered_share")    /* of those made, those that were answered */         \
    X(FEATURE_SHORT, "short_share")          /* of those answered, those of 10 s or less */        \
    X(FEATURE_MEAN, "mean_s")                /* seconds of one that was answered */                \
    X(FEATURE_IN_MEAN, "in_mean_s")          /* seconds of one that it answered */                 \
    X(FEATURE_CALLEES, "callees")            /* different ones called, about */                    \
    X(FEATURE_CALLEES_DAY, "callees_day")    /* on the day of the newest call; to 133 */           \
    X(FEATURE_CALLERS, "callers")            /* different ones answered, about */                  \
    X(FEATURE_PER_CALLEE, "calls_a_callee")  /* hundredths */                                      \
    X(FEATURE_MUTUAL, "mutual_share")        /* of those called, those it also answered */         \
    X(FEATURE_HOUR, "hour_calls")            /* in the hour of the newest call */                  \
    X(FEATURE_DAY, "day_calls")              /* in the 24 hours to then */                         \
    X(FEATURE_BUSIEST, "busiest_hour_calls") /* the most in one of these hours */                  \
    X(FEATURE_HOURS, "hours_active")         /* of these 24 */                                     \
    X(FEATURE_NIGHT, "night_share")          /* of their calls, those from 0:00 to 6:00 */         \
    X(FEATURE_SPREAD, "dispersion")          /* their variance by their mean, hundredths */        \
    X(FEATURE_GAP_LEAST, "gap_least_s")      /* between starts of the newest nine calls */         \
    X(FEATURE_GAP_MIDDLE, "gap_middle_s")    /* the median of these gaps */                        \
    X(FEATURE_DAYS, "days_active")           /* of the last 32 */                                  \
    X(FEATURE_AGE, "age_days")               /* first to last heard */                             \
    X(FEATURE_CELLS, "cells")                /* different ones, to 311 */                          \
    X(FEATURE_IMEIS, "imeis")                /* different handsets, to 133 */                      \
    X(FEATURE_IMSIS, "imsis")                /* different cards, to 55 */                          \
    X(FEATURE_TEXTS, "texts")                /* messages sent */                                   \
    X(FEATURE_ABROAD, "abroad_share")        /* of calls made, those that came from abroad */      \
    X(FEATURE_CARRIED, "handset_numbers")    /* different ones in its handset, two weeks */        \
    X(FEATURE_CARRIES, "handset_calls")      /* made with that handset, in these weeks */

#define X(code, name) code,
enum feature { FEATURE_LIST(X) FEATURE_COUNT };
#undef X

const char *feature_name(enum feature f);
/* load: of the handset that it called with; nothing in it where that was not told. */
void feature_read(const struct conduct *c, struct handset_load load, int32_t zone_s,
                  uint32_t ret_values[FEATURE_COUNT]);

#endif
