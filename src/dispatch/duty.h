/* SPDX-License-Identifier: Apache-2.0 */
/*
 * duty - who is on duty, and in which beat they are taken to be.
 *
 * Shape     Nobody is followed. An officer is where the last thing was that they themselves
 *           recorded: at the station, in the beat of a visit, on the way back from one for as long
 *           as the way takes. Nothing finer than a beat is known.
 *           Officers of a beat hang on one list.
 *           A place without a station of its own is served by the division above it, and whoever
 *           asks is told.
 * Owns      Its lists lie in the arena; beats, divisions and officers' names are the caller's.
 * Lives     As long as that arena.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    OFFICERS_MOST officers, BEATS_MOST beats.
 */
#ifndef YUMEN_DISPATCH_DUTY_H
#define YUMEN_DISPATCH_DUTY_H

#include "dispatch/travel.h"
#include "fact/division.h"

enum { OFFICERS_MOST = UINT16_MAX, DUTY_COUNTY_DIGITS = 6 };

#define OFFICER_NONE UINT32_MAX
#define BEAT_NONE    UINT32_MAX
#define WORK_NONE    UINT32_MAX

struct officer {
    char division[DIVISION_BYTES]; /* of the station */
    char sees[DIVISION_BYTES];     /* work of this division and below may be given; empty: any */
    uint32_t home;                 /* the station's beat */
    uint32_t on_until_s;           /* 0: not on duty */
    uint32_t silent_until_s;       /* did not answer: not asked before that */
    uint32_t beat;                 /* where they are taken to be */
    uint32_t back_s;               /* at the station again */
    uint32_t busy;                 /* with which work: taken, or at the door; WORK_NONE */
    uint32_t asked;                /* about which; WORK_NONE */
    uint32_t next;                 /* of the same beat */
};

struct duty {
    const struct neighbours *near;
    const char (*divisions)[DIVISION_BYTES]; /* of the beats */
    struct officer *officers;
    uint32_t *first;  /* officer of a beat */
    uint8_t *digits;  /* how much of a beat's code the officers who serve it have in common */
    uint8_t *is_told; /* served by a division above its county */
    uint32_t officer_count;
    uint8_t pool_digits;
};

/* pool_digits: officers come from as far as this much of the code: 2, the same province. */
err duty_make(struct duty *d, const struct neighbours *near,
              const char (*divisions)[DIVISION_BYTES], uint8_t pool_digits, struct arena *a);
/* All of them at once, each with division, home and on_until_s; looked after from now on. */
void duty_staff(struct duty *d, struct officer *officers, uint32_t count);
void duty_move(struct duty *d, uint32_t officer, uint32_t beat);
/* Whoever has had the time to drive back is back. */
void duty_return(struct duty *d, uint32_t now_s);
bool duty_serves(const struct duty *d, uint32_t officer, uint32_t beat);

#endif
