/* SPDX-License-Identifier: Apache-2.0 */
/*
 * instant - a point in time: microseconds of UTC since 1970, no leap seconds (POSIX).
 *
 * Shape     A value; compared and added in microseconds. RFC 3339 at the door, or an integer of
 *           epoch milliseconds. A zone is an offset in minutes: the law profile supplies it.
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     "time.malformed", "time.range".
 * Bounds    Years 1970 to 9999.
 */
#ifndef YUMEN_BASE_INSTANT_H
#define YUMEN_BASE_INSTANT_H

#include "base/str.h"

typedef struct {
    int64_t us;
} instant;

enum { INSTANT_TEXT_BYTES = 40 };
#define US_PER_MS      INT64_C(1000)
#define US_PER_S       INT64_C(1000000)
#define US_PER_MIN     (60 * US_PER_S)
#define US_PER_HOUR    (60 * US_PER_MIN)
#define US_PER_DAY     (24 * US_PER_HOUR)
#define INSTANT_MAX_US INT64_C(253402300799999999) /* 9999-12-31T23:59:59.999999Z */

static inline instant instant_from_us(int64_t us)
{
    return (instant){.us = us};
}

/* Stays at the last representable instant rather than overflow. */
instant instant_add_us(instant t, int64_t us);

/* RFC 3339 with offset, or epoch milliseconds as an integer. */
err instant_parse(str s, instant *ret_at);
/* 2026-11-22T20:18:00.123456+08:00; the fraction only when there is one. */
str instant_format(instant t, int offset_min, char room[INSTANT_TEXT_BYTES]);

/* Civil date of an instant at an offset. */
struct civil {
    int year;
    int month;   /* 1-12 */
    int day;     /* 1-31 */
    int weekday; /* 0 = Sunday */
};
struct civil instant_civil(instant t, int offset_min);
/* Midnight at the offset that begins this civil date. */
instant instant_from_civil(int year, int month, int day, int offset_min);

#endif
