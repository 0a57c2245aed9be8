/* SPDX-License-Identifier: Apache-2.0 */
/*
 * book - the conduct of every number that is heard of, in memory that is given once.
 *
 * Shape     sightings in batches --> is it new? --> caller's conduct, callee's conduct --> due
 *
 *               recent    which parts of which calls were counted     8 bytes a call of the window
 *               index     key --> slot                                6.7 bytes a number
 *               conducts  slot --> conduct, without gaps              160 bytes a number
 *               handsets  how many numbers each carried lately        16 bytes a handset
 *
 *           Each part of a call counts once. Hours late, out of order or twice is all the same, as
 *           far back as the window; what is older than that counts nothing (it cannot be known
 *           whether it did before), and is only counted as late.
 *           A number comes in by calling, or by answering. When the book is full a new one takes
 *           the place of one that was heard once (callers made up at random are all of them),
 *           the first that the hand finds; only where there is none within BOOK_LOOK of the
 *           one that was silent longest beyond what its calls have earned it.
 * Owns      Nothing: it lies in the room it was given, zeroed pages; flat, without pointers.
 * Lives     As long as the room.
 * Fails     Never.
 * Threads   One. More of them: a book each, numbers parted by key, both sides fed each call.
 * Bounds    book_room(): whatever comes in, no byte more. INDEX_MOST numbers.
 */
#ifndef YUMEN_SENSE_BOOK_H
#define YUMEN_SENSE_BOOK_H

#include "sense/handsets.h"
#include "sense/index.h"
#include "sense/recent.h"

enum { BOOK_BATCH = 32, BOOK_LOOK = 64, BOOK_WINDOW_H = 26 };
enum { BOOK_LATE = 0x80 }; /* beside enum call_part */

struct book_settings {
    uint32_t numbers_most;
    uint64_t calls_most;    /* of a window: twice what comes in it: recent.h */
    uint32_t window_h;      /* how late a row may come: BOOK_WINDOW_H */
    int32_t zone_s;         /* what a day is, east of UTC */
    uint32_t handsets_most; /* 0: what handsets carry is not kept */
};

struct book_counts {
    uint64_t taken;   /* sightings */
    uint64_t again;   /* of these: nothing in them was new */
    uint64_t late;    /* of these: older than the window */
    uint64_t made;    /* numbers that came in */
    uint64_t dropped; /* numbers that had to go */
};

struct book {
    struct conduct *conducts;
    struct index index;
    struct recent recent;
    struct handsets handsets;
    struct marks marks;
    uint8_t *news; /* NULL: nobody asks */
    struct book_settings settings;
    struct book_counts counts;
    uint32_t held;
    uint32_t hand;     /* where the next place is looked for, */
    uint32_t stride;   /* and how far on: it comes to every slot once a round */
    uint32_t newest_h; /* the newest hour of all sightings */
};

/* A caller whose 1st, 2nd, 4th, 8th … call this was: to be scored. */
struct book_due {
    uint32_t sighting; /* its place in the batch */
    uint32_t slot;
};

size_t book_room(const struct book_settings *settings);
/* room: zeroed, of the system's pages; or what another book of the same settings left in one, whose
 * held, hand, newest_h, counts and recent.forgotten are then put by whoever has them
 * (handsets.forgotten: since then). */
void book_init(struct book *b, const struct book_settings *settings, void *room);
/* Older than the window, behind the newest hour of all that came before it; which it may be. */
bool book_is_late(const struct sighting *s, uint32_t window_h, uint32_t *newest_h);
/* ret_due: room for as many as sightings; returns how many are. A number may have had to go again
 * before the batch was over: its slot is then another's, whose key is not the caller's. */
size_t book_take(struct book *b, const struct sighting *sightings, size_t count,
                 struct book_due *ret_due);
/* Whoever reads the conducts of many that are due calls for them some before: they lie anywhere. */
static inline void book_call(const struct book *b, uint32_t slot)
{
    const char *at = (const char *)&b->conducts[slot];
    __builtin_prefetch(at, 0);
    __builtin_prefetch(at + 64, 0);
    __builtin_prefetch(at + 128, 0);
    __builtin_prefetch(at + sizeof(struct conduct) - 1, 0);
}
/* Of each sighting of a batch, which of its parts were new, is put there from now on, or BOOK_LATE:
 * older than the window. Room for a batch; NULL: no more. */
void book_tell(struct book *b, uint8_t *news);
/* Every page of the room that is written to is marked from now on (marks.h); NULL: no more. */
void book_watch(struct book *b, uint8_t *pages);
/* NULL: not heard of. Until the next batch. */
const struct conduct *book_find(const struct book *b, uint64_t key);

#endif
