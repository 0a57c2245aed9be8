/* SPDX-License-Identifier: Apache-2.0 */
/*
 * agenda - what happens next: everything that is to happen, by time, and at the same time in the
 * order in which it was put down.
 *
 * Shape     A binary heap of small events. An actor that goes on for ever has one event in it and
 *           puts the next when it has acted.
 *
 *               agenda_put(&a, &(struct event){.at_us = …, .kind = …})   agenda_take(&a, &event)
 *
 * Owns      Its array, in the caller's arena.
 * Lives     As long as the arena.
 * Fails     ERR_LIMIT "limit.memory".
 * Threads   One.
 * Bounds    32 bytes an event, twice that while it grows.
 */
#ifndef YUMEN_DRILL_AGENDA_H
#define YUMEN_DRILL_AGENDA_H

#include "base/arena.h"
#include "base/err.h"

struct event {
    int64_t at_us;
    uint64_t order; /* agenda_put gives it */
    uint32_t kind;
    uint32_t which; /* of the actors of this kind */
    uint64_t more;
};

struct agenda {
    struct arena *arena;
    struct event *heap;
    size_t count;
    size_t room;
    uint64_t orders;
};

void agenda_init(struct agenda *a, struct arena *arena);
err agenda_put(struct agenda *a, const struct event *e);
/* False when nothing is left. */
bool agenda_take(struct agenda *a, struct event *ret_event);
/* NULL when nothing is left; until the next call. */
const struct event *agenda_first(const struct agenda *a);

#endif
