/* SPDX-License-Identifier: Apache-2.0 */
/*
 * waiting - calls that wait for orders to their provider (long poll), and hold no thread.
 *
 * Shape     A handler that found nothing parks its call. The store thread tells of orders when it
 *           delivers them; one thread then does the work of the calls they concern, and of those
 *           whose time is over.
 *
 *               handler --waiting_put--> parked --waiting_tell | time--> call->work (its thread)
 *
 *           Between looking and parking something may be told: waiting_told is read before looking,
 *           and a call parked with an older count is worked on at once.
 * Owns      Parked calls, until their work.
 * Lives     From waiting_open to waiting_stop, which answers all that still wait "limit.stopping".
 * Fails     waiting_put is false when WAITING_MOST wait: the caller answers "busy".
 * Threads   waiting_put, waiting_tell, waiting_told from any.
 * Bounds    WAITING_MOST calls.
 */
#ifndef YUMEN_APP_BANK_WAITING_H
#define YUMEN_APP_BANK_WAITING_H

#include "app/call/api.h"

enum { WAITING_MOST = 1024 };

struct waiting;

err waiting_open(struct house *house);
/* Accepts that it was never opened. */
void waiting_stop(struct house *house);

uint64_t waiting_told(struct house *house);
/* The call's work comes when something is told to `provider`, or at `until_us` (monotonic). The
 * provider's name lives as long as the call. */
struct waiting_for {
    str provider;
    uint64_t told;
    int64_t until_us;
};
bool waiting_put(struct house *house, struct call *call, const struct waiting_for *what);
void waiting_tell(struct house *house, str provider);
/* How many wait now. */
size_t waiting_count(struct house *house);

#endif
