/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clerk - a thread for slow work that must hold up neither the web nor the store: hashing
 * passwords, reading feeds, exporting, screening thousands.
 *
 * Shape     Calls wait in a bounded ring; the clerk takes one after the other.
 * Owns      Its ring and thread. A call belongs to the clerk until it finishes it.
 * Lives     From clerk_start to clerk_stop, which answers waiting calls.
 * Fails     clerk_put is false when the ring is full: the caller answers "busy".
 * Threads   clerk_put from any.
 * Bounds    CLERK_ROOM calls wait.
 */
#ifndef YUMEN_APP_HOUSE_CLERK_H
#define YUMEN_APP_HOUSE_CLERK_H

#include "env/atomic.h"
#include "env/ring.h"

enum { CLERK_ROOM = 64 };

struct call;

struct clerk_task {
    struct call *call;
    void (*work)(struct call *call);
};

struct clerk {
    struct ring ring;
    struct env_thread thread;
    struct env_flag stopping;
    const struct env_flag *ending;     /* once up, what waits is refused instead of done, */
    void (*refuse)(struct call *call); /* by this */
};

/* `ending` and `refuse` have been set. */
err clerk_start(struct clerk *clerk, struct arena *boot, const char *name);
/* Accepts a zeroed one. */
void clerk_stop(struct clerk *clerk);
bool clerk_put(struct clerk *clerk, struct call *call, void (*work)(struct call *call));

#endif
