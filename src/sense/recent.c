/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/recent.h"

#include <assert.h>
#include <stdbool.h>

/* slot: print 48 | hour 12 | parts 4. An empty one is 0: no parts. */
enum { PARTS_BITS = 4, HOUR_BITS = 12, HOUR_MASK = (1 << HOUR_BITS) - 1, PARTS_MASK = 15 };
#define PRINT_MASK (~UINT64_C(0) << (PARTS_BITS + HOUR_BITS))

static uint32_t slot_age(uint64_t slot, uint32_t now_h)
{
    return (now_h - (uint32_t)(slot >> PARTS_BITS)) & HOUR_MASK;
}

static uint64_t lines_for(uint64_t calls_most)
{
    return calls_most / RECENT_LINE + 1;
}

size_t recent_room(uint64_t calls_most)
{
    return (size_t)lines_for(calls_most) * RECENT_LINE * sizeof(uint64_t);
}

void recent_init(struct recent *r, void *room, uint64_t calls_most, uint32_t window_h)
{
    assert(r != NULL && room != NULL && window_h > 0 && window_h <= RECENT_WINDOW_MOST_H);
    *r = (struct recent){.slots = room, .lines = lines_for(calls_most), .window_h = window_h};
}

static uint64_t *line_at(const struct recent *r, uint64_t spread)
{
    __extension__ typedef unsigned __int128 wide;
    return r->slots + (uint64_t)(((wide)spread * r->lines) >> 64) * RECENT_LINE;
}

struct recent_lines recent_find(const struct recent *r, uint64_t id)
{
    /* Both by all of the id: what has the same print, its low bits, stands elsewhere. */
    return (struct recent_lines){line_at(r, id), line_at(r, id * UINT64_C(0x9e3779b97f4a7c15))};
}

static unsigned slot_add(uint64_t *slot, uint32_t hour, uint32_t now_h, unsigned parts)
{
    unsigned more = parts & ~(unsigned)(*slot & PARTS_MASK);
    if (slot_age(*slot, now_h) > slot_age((uint64_t)hour << PARTS_BITS, now_h))
        *slot = (*slot & ~((uint64_t)HOUR_MASK << PARTS_BITS)) | (uint64_t)(hour & HOUR_MASK)
                                                                     << PARTS_BITS;
    *slot |= more;
    return more;
}

static uint64_t *find_print(uint64_t *line, uint64_t print)
{
    unsigned found = 0;
    for (unsigned i = 0; i < RECENT_LINE; i++)
        found |= (unsigned)((line[i] & PRINT_MASK) == print && line[i] != 0) << i;
    return found == 0 ? NULL : &line[__builtin_ctz(found)];
}

/* One bit a slot in which nothing of the window stands. */
static unsigned free_slots(const struct recent *r, const uint64_t *line, uint32_t now_h)
{
    unsigned is_free = 0;
    for (unsigned i = 0; i < RECENT_LINE; i++)
        is_free |= (unsigned)(line[i] == 0 || slot_age(line[i], now_h) > r->window_h) << i;
    return is_free;
}

static unsigned oldest(const uint64_t *line, uint32_t now_h)
{
    unsigned at = 0;
    for (unsigned i = 1; i < RECENT_LINE; i++)
        if (slot_age(line[i], now_h) > slot_age(line[at], now_h))
            at = i;
    return at;
}

/* In the emptier line; when both are full, where the oldest of the sixteen stands. */
static uint64_t *find_place(struct recent *r, const struct recent_lines *lines, uint32_t now_h)
{
    unsigned one = free_slots(r, lines->one, now_h);
    unsigned other = free_slots(r, lines->other, now_h);
    if ((one | other) != 0)
        return __builtin_popcount(other) > __builtin_popcount(one)
                   ? &lines->other[__builtin_ctz(other)]
                   : &lines->one[__builtin_ctz(one)];
    uint64_t *first = &lines->one[oldest(lines->one, now_h)];
    uint64_t *second = &lines->other[oldest(lines->other, now_h)];
    r->forgotten++;
    return slot_age(*second, now_h) > slot_age(*first, now_h) ? second : first;
}

unsigned recent_put(struct recent *r, uint64_t id, uint32_t hour, uint32_t now_h, unsigned parts)
{
    assert(parts != 0 && parts <= PARTS_MASK && hour <= now_h && now_h - hour <= r->window_h);
    struct recent_lines lines = recent_find(r, id);
    uint64_t print = id << (PARTS_BITS + HOUR_BITS);
    uint64_t *known = find_print(lines.one, print);
    if (known == NULL)
        known = find_print(lines.other, print);
    if (known != NULL && slot_age(*known, now_h) <= r->window_h) {
        marks_put(&r->marks, known, sizeof *known);
        return slot_add(known, hour, now_h, parts);
    }
    /* One of before the window is as if it were not there. */
    uint64_t *slot = known != NULL ? known : find_place(r, &lines, now_h);
    marks_put(&r->marks, slot, sizeof *slot);
    *slot = print | (uint64_t)(hour & HOUR_MASK) << PARTS_BITS | parts;
    return parts;
}
