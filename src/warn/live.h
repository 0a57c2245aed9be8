/* SPDX-License-Identifier: Apache-2.0 */
/*
 * live - the episodes that are live, in memory that is given once.
 *
 * Shape     signals in batches --> episode of the number --> evidence --> tier --> turns
 *
 *           A turn is an episode whose tier changed: up when signals come in, down when
 *           live_sweep comes by. What has faded to nothing is wiped, also from memory, and its
 *           place is free; only somebody who was reached today is kept until tomorrow, so that
 *           nobody is told twice.
 *           When the table is full a newcomer takes the place of the weakest of LIVE_LOOK that
 *           are no alert, if it is stronger; else it is dropped, and counted.
 * Owns      Nothing: it lies in the room it was given, zeroed; flat.
 * Lives     As long as the room.
 * Fails     Never.
 * Threads   One. More of them: a table each, numbers parted by key.
 * Bounds    live_room(): 512 bytes and up to 24 of places a number, whatever comes in.
 */
#ifndef YUMEN_WARN_LIVE_H
#define YUMEN_WARN_LIVE_H

#include "warn/places.h"
#include "warn/tier.h"

enum { LIVE_BATCH = 32, LIVE_LOOK = 32 };

struct live_counts {
    uint64_t taken;
    uint64_t news;    /* of these: said something new */
    uint64_t again;   /* the same signal once more */
    uint64_t weaker;  /* said less than what is kept of their kind */
    uint64_t late;    /* faded before they came */
    uint64_t ahead;   /* from a clock that is too far ahead */
    uint64_t dropped; /* the table was full of stronger ones */
    uint64_t made;    /* episodes */
    uint64_t pushed;  /* of these: had to make room for a stronger one */
    uint64_t ended;   /* of these: faded to nothing */
};

struct live {
    struct episode *episodes;
    struct places places;
    const struct warn_rules *rules;
    const struct calibration *calibration;
    const struct warn_budget *budget;
    uint32_t numbers_most;
    uint32_t used; /* places ever given */
    uint32_t free; /* the last that was given back, and 1; 0: none */
    uint32_t held;
    uint32_t hand;
    uint32_t now_s;
    struct live_counts counts;
};

struct live_settings {
    uint32_t numbers_most;
    const struct warn_rules *rules;
    const struct calibration *calibration;
    const struct warn_budget *budget;
};

/* An episode's tier changed. */
struct warn_turn {
    uint64_t about;
    uint32_t slot;
    int32_t evidence_mn;
    int32_t micro;
    uint8_t tier;
    uint8_t was;
};

size_t live_room(uint32_t numbers_most);
void live_init(struct live *t, const struct live_settings *s, void *room);
/* ret_turns: room for as many as signals; returns how many there are. A clock that goes back
 * stands still. */
size_t live_take(struct live *t, const struct signal *signals, size_t count, uint32_t now_s,
                 struct warn_turn *ret_turns);
/* Looks at the next `count` places: those that faded, and tiers that fell. */
size_t live_sweep(struct live *t, size_t count, uint32_t now_s, struct warn_turn *ret_turns);
/* NULL: nothing is known. Until the next batch or sweep. */
struct episode *live_find(const struct live *t, uint64_t about);
/* An episode as another table held it; false: it is nobody's, known, or there is no room. */
bool live_restore(struct live *t, const struct episode *e);
/* As if nothing had ever been known. */
void live_forget(struct live *t, uint64_t about);

#endif
