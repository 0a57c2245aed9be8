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
    for (unsigned i = 0; i < RECENT_LINE; i++)
        if ((line[i] & PRINT_MASK) == print && line[i] != 0)
            return &line[i];
    return NULL;
}

/* What may go, and how much room the line has. */
struct free_slot {
    uint64_t *at;
    unsigned count;
    uint32_t age; /* of `at`; HOUR_MASK + 1 when nothing in the window stands there */
};

static struct free_slot find_free(const struct recent *r, uint64_t *line, uint32_t now_h)
{
    struct free_slot f = {.at = line, .age = 0};
    for (unsigned i = 0; i < RECENT_LINE; i++) {
        uint32_t age = slot_age(line[i], now_h);
        bool is_free = line[i] == 0 || age > r->window_h;
        f.count += is_free;
        if (is_free)
            age = HOUR_MASK + 1;
        if (age > f.age) {
            f.at = &line[i];
            f.age = age;
        }
    }
    return f;
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
    struct free_slot one = find_free(r, lines.one, now_h);
    struct free_slot other = find_free(r, lines.other, now_h);
    bool is_other = other.count > one.count || (one.count == 0 && other.age > one.age);
    uint64_t *slot = is_other ? other.at : one.at;
    if (known != NULL)
        slot = known; /* behind the window: as if it were not there */
    r->forgotten += known == NULL && one.count + other.count == 0;
    marks_put(&r->marks, slot, sizeof *slot);
    *slot = print | (uint64_t)(hour & HOUR_MASK) << PARTS_BITS | parts;
    return parts;
}
