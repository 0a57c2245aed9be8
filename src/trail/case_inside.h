/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_inside - what the files of a case share: events, accounts, checkpoints, the heap of marks.
 *
 * Shape     events     64 bytes each, in chunks that never move; what is seldom read lies apart
 *           account    items: its events in order    [e][e][e][e][e][e][e][e]
 *                      stand: its lots before the one at the cursor   ^
 *                      checks: copies of earlier stands   ^       ^       ^
 *           heap       accounts with a mark, by the earliest marked event
 *
 *           Outside case_settle every cursor is at the end of its items or there is a mark before.
 * Owns      All in the case's arena.   Lives  As the case; a rebuild begins it anew.
 * Fails     ERR_LIMIT when memory is spent.   Threads  One.
 * Bounds    An event 64 + 32 + 8 bytes and its id; an item 16.
 */
#ifndef YUMEN_TRAIL_CASE_INSIDE_H
#define YUMEN_TRAIL_CASE_INSIDE_H

#include "trail/case.h"

enum { CHUNK_SHIFT = 12, CHUNK_EVENTS = 1 << CHUNK_SHIFT, CHECK_EVENTS = 8, HEAP_ARMS = 4 };
#define NONE UINT32_MAX

/* Bits of event.when that a row leaves free. The last five: said by the payer's account. */
enum {
    EVENT_SOURCE = 1 << 13,
    EVENT_BEYOND = 1 << 14,    /* the payee is one account too many */
    EVENT_OVERDRAWN = 1 << 15, /* more was paid than is known to have been there */
    EVENT_UNSEEN = 1 << 16,    /* stolen money left the payer unseen, by its balance */
    EVENT_TAKEN = 1 << 17,     /* a victim paid with money that others lost */
    EVENT_FOREIGN = 1 << 18,   /* in another currency, where stolen money was */
    EVENT_PENDING = 1 << 19,   /* waits, where stolen money is */
    EVENT_SAID = EVENT_OVERDRAWN | EVENT_UNSEEN | EVENT_TAKEN | EVENT_FOREIGN | EVENT_PENDING
};

/* One owner's part is kept in place, more than one in a piece of the pool. */
struct portions {
    union {
        int64_t minor;
        struct lot *many;
    };
    uint32_t owner;
    uint32_t count;
};

static inline struct lot portion_at(const struct portions *p, uint32_t i)
{
    return p->count == 1 ? (struct lot){.minor = p->minor, .owner = p->owner} : p->many[i];
}

struct event {
    uint64_t when; /* row.when and the bits above */
    int64_t amount_minor;
    int64_t balance_minor;
    uint32_t from;
    uint32_t to;
    struct portions carried; /* stolen money that goes to the payee, or out by an exit */
    struct portions lost; /* stolen money that left the payer at this event, nobody knows where */
};
static_assert(sizeof(struct event) == 64, "one line of memory");

struct event_more {
    const char *id;
    int64_t seq;
    uint32_t number;
    uint32_t bank;
    uint32_t claim; /* of a source */
    uint32_t id_bytes;
};

struct item {
    int64_t time_ms;
    uint32_t event;
    uint32_t spare_;
};

/* An account's state between two events. */
struct stand {
    struct lots lots;
    uint32_t start; /* the event that first brought stolen money; NONE: asleep, no lots */
};

struct check {
    struct stand stand;
    uint32_t at; /* before items[at] */
};

struct account {
    struct item *items;
    struct check *checks;
    struct stand stand;
    struct stand end;  /* when has_end: the stand at the end, as it was before this settling */
    int64_t pulled_ms; /* items are all events from here on */
    uint32_t id;
    uint32_t count;
    uint32_t room;
    uint32_t cursor;
    uint32_t check_count;
    uint32_t check_room;
    uint32_t check_next; /* the first check behind the cursor; while is_active */
    uint32_t last_mark;  /* event, or NONE */
    uint32_t heap_at;    /* place + 1, or 0 */
    bool is_active;
    bool has_end;
    bool is_busy;    /* its items are only those that brought stolen money */
    bool is_to_look; /* it may have become busy, or not be so any more */
    bool is_touched; /* a settling went through it since its node was looked at */
};

struct mark {
    int64_t time_ms;
    uint32_t event;
    uint32_t account; /* index of accounts */
};

struct pair {
    uint32_t key;
    uint32_t value; /* + 1; 0: free */
};

struct map {
    struct pair *pairs;
    uint32_t count;
    uint32_t room; /* a power of two, or 0 */
};

struct claim {
    struct trail_event source;
    struct case_sum sum;
};

/* What one step of one account came to. */
struct outcome {
    struct takings carried;
    struct takings lost;
    unsigned said; /* of EVENT_SAID */
};

#include "trail/case_parts.h"

#endif
