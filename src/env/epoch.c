/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Everything here is sequentially consistent, and the argument needs it: a reader takes its seat
 * before it loads a pointer; the writer publishes the pointer before it looks at the seats. If the
 * writer found the seat free, the taking came later, so the load finds the new pointer. If it found
 * a stamp not older than its own, the reader had read the epoch after the pointer was replaced.
 */
#include "env/epoch.h"

#include <assert.h>

static _Thread_local size_t usual_seat;
static _Atomic size_t seats_told;

/* Threads begin their search in different places, and so mostly never meet. */
static size_t first_seat(void)
{
    if (usual_seat == 0)
        usual_seat = 1 + atomic_fetch_add_explicit(&seats_told, 1, memory_order_relaxed);
    return (usual_seat - 1) % EPOCH_SEATS;
}

size_t epoch_enter(struct epoch *e)
{
    size_t seat = first_seat();
    for (;; seat = (seat + 1) % EPOCH_SEATS) {
        uint64_t unused = 0;
        uint64_t now = atomic_load(&e->now) + 1;
        if (atomic_compare_exchange_strong(&e->seats[seat].since, &unused, now))
            return seat;
    }
}

void epoch_leave(struct epoch *e, size_t seat)
{
    assert(seat < EPOCH_SEATS && atomic_load(&e->seats[seat].since) != 0);
    atomic_store_explicit(&e->seats[seat].since, 0, memory_order_release);
}

uint64_t epoch_stamp(struct epoch *e)
{
    return atomic_fetch_add(&e->now, 1) + 1;
}

bool epoch_is_past(const struct epoch *e, uint64_t stamp)
{
    for (size_t i = 0; i < EPOCH_SEATS; i++) {
        uint64_t since = atomic_load(&e->seats[i].since);
        if (since != 0 && since - 1 < stamp)
            return false;
    }
    return true;
}
