/* SPDX-License-Identifier: Apache-2.0 */
/*
 * part - what dispatch and its turn share. For this folder alone.
 *
 * Shape     A piece of work and the officer who is asked, or waited for, name each other.
 * Owns      Nothing.   Lives  -   Fails  Never.   Threads  One.
 * Bounds    A turn says at most two things of each piece of work.
 */
#ifndef YUMEN_DISPATCH_PART_H
#define YUMEN_DISPATCH_PART_H

#include "dispatch/choice.h"

enum { ORDERS_MOST = 3 * WORK_MOST };

void dispatch_say(struct dispatch *d, enum dispatch_word kind, uint32_t work, uint32_t officer);
void dispatch_give(struct dispatch *d, uint32_t work, struct candidate to, uint32_t now_s);
/* Also if nobody was asked. */
void dispatch_unask(struct dispatch *d, uint32_t work, uint32_t now_s);
void dispatch_pass(struct work *w, uint32_t officer);

#endif
