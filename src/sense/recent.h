/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recent - which parts of which calls were counted, as far back as late rows may come.
 *
 * Shape     Slots of 8 bytes, eight to a line: 48 bits of the id's hash, the hour it was heard in,
 *           the parts. An id has two lines, and stands in the emptier of them. What is older than
 *           the window gives its slot to whoever comes; nothing is ever swept.
 * Owns      Nothing: the lines are the caller's, zeroed.
 * Lives     As long as they.
 * Fails     Never. When both lines are full of calls within the window, the oldest of the sixteen
 *           is forgotten and counted as that: a row of it that comes again would count again.
 * Threads   One.
 * Bounds    8 bytes a slot; up to half full nothing is forgotten, at two thirds one in a
 *           hundred thousand or so. A new call is taken for an
 *           old one with a chance of 16 in 2^48. Hours count to 4095: window below that.
 */
#ifndef YUMEN_SENSE_RECENT_H
#define YUMEN_SENSE_RECENT_H

#include "sense/marks.h"

enum { RECENT_LINE = 8, RECENT_WINDOW_MOST_H = 4094 };

struct recent {
    uint64_t *slots;
    uint64_t lines;
    uint32_t window_h;
    uint64_t forgotten;
    struct marks marks;
};

struct recent_lines {
    uint64_t *one;
    uint64_t *other;
};

size_t recent_room(uint64_t calls_most);
void recent_init(struct recent *r, void *room, uint64_t calls_most, uint32_t window_h);
struct recent_lines recent_find(const struct recent *r, uint64_t id);
/* Which of these parts were not counted yet; now they are. now_h: the newest hour of all. */
unsigned recent_put(struct recent *r, uint64_t id, uint32_t hour, uint32_t now_h, unsigned parts);

#endif
