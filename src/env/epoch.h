/* SPDX-License-Identifier: Apache-2.0 */
/*
 * epoch - tells a writer when nobody looks any more at what it has replaced, without a reader ever
 * waiting for anything.
 *
 * Shape     A reader enters, reads pointers, leaves. The writer replaces a pointer, takes a stamp,
 *           and may give back the old thing once epoch_is_past(stamp): everybody who could have
 *           seen it has left.
 *
 *               reader   enter --- env_slot_load_in_order --- use --- leave
 *               writer       env_slot_publish_in_order, epoch_stamp ... epoch_is_past: give back
 *
 * Owns      Nothing.
 * Lives     A zeroed struct is ready. A seat, from enter to leave.
 * Fails     Never.
 * Threads   enter and leave: any, each with its seat. stamp and is_past: one writer.
 * Bounds    EPOCH_SEATS readers inside at once; one more would look for a seat until one is free,
 *           so there are fewer threads than seats. Enter is one exchange, mostly on a line that
 *           only this thread writes.
 */
#ifndef YUMEN_ENV_EPOCH_H
#define YUMEN_ENV_EPOCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EPOCH_SEATS = 128 };

struct epoch_seat {
    _Alignas(64) _Atomic uint64_t since; /* 0: free; else the epoch its reader entered in, plus 1 */
};

struct epoch {
    _Alignas(64) _Atomic uint64_t now;
    struct epoch_seat seats[EPOCH_SEATS];
};

size_t epoch_enter(struct epoch *e);
void epoch_leave(struct epoch *e, size_t seat);
/* After what readers may find has been replaced. */
uint64_t epoch_stamp(struct epoch *e);
bool epoch_is_past(const struct epoch *e, uint64_t stamp);

#endif
