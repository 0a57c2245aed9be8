/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ring - a bounded queue of fixed-size items between threads.
 *
 * Shape     Items are copied in and out; first in, first out. A mutex guards it: at our rates the
 *           lock is cheaper than being wrong. Ring with a wake-up: an eventfd becomes readable when
 *           items wait, for a loop that sleeps in epoll.
 *
 *               many threads --ring_put--> [ a b c . . ] --ring_take--> one thread
 *
 * Owns      Its mutex, condition and eventfd. The room for items is the arena's.
 * Lives     From ring_open to ring_close; nobody may be in a call then.
 * Fails     Full: ring_put returns false and takes nothing. WHAT THAT MEANS is said by whoever
 * opens the ring: refuse, drop the observation, or slow the sender. Threads   put: any. take: one
 * at a time. Bounds    `count` items of `item_bytes`.
 */
#ifndef YUMEN_ENV_RING_H
#define YUMEN_ENV_RING_H

#include "base/arena.h"
#include "base/err.h"
#include "env/thread.h"

struct ring {
    struct env_mutex mutex;
    struct env_cond filled;
    unsigned char *items;
    size_t item_bytes;
    size_t room;
    size_t first;
    size_t used;
    int wake_fd; /* -1: none */
    bool is_closed;
    bool is_open;
};

err ring_open(struct ring *r, struct arena *a, size_t item_bytes, size_t count);
err ring_open_with_wake(struct ring *r, struct arena *a, size_t item_bytes, size_t count);
/* Accepts a zeroed ring. */
void ring_close(struct ring *r);

bool ring_put(struct ring *r, const void *item);
/* False when empty. */
bool ring_take(struct ring *r, void *ret_item);
/* Waits for an item; false when the time passed, or when the ring was ended and is empty. */
bool ring_take_wait(struct ring *r, void *ret_item, int64_t timeout_us);
/* Nothing more goes in (put returns false); who waits is woken. What is inside can be taken. */
void ring_end(struct ring *r);
size_t ring_used(struct ring *r);
/* The eventfd to poll; the reader calls ring_wake_clear before it starts taking. */
int ring_wake_fd(const struct ring *r);
void ring_wake_clear(struct ring *r);

#endif
