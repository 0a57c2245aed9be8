/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detect_boxes - the cells where possible cards called, tested for devices (sense/box.h): what is
 * found is said with its cell, its channels and its cards.
 *
 * Shape     detector.cards --copy--> calls by cell --box_find--> boxes --> sim_box, suspicions of
 *           its cards
 *           A device is the same when it is in the same cell of the same carrier and shares a card
 *           with the one that is known; then its row is renewed.
 * Owns      Its copy of the calls, wiped at the end.
 * Lives     A test.
 * Fails     As the store; ERR_LIMIT.
 * Threads   A clerk; one at a time, others go on without. The calls thread waits for the copy only.
 * Bounds    The calls that are kept. BOX_CARDS_MOST cards of a device are said, BOX_SPANS_MOST
 *           turns of each.
 */
#ifndef YUMEN_APP_CALLS_DETECT_BOXES_H
#define YUMEN_APP_CALLS_DETECT_BOXES_H

#include "app/calls/detect_write.h"

enum { BOX_SPANS_MOST = 48 };

/* Hourly: only if an hour of data has gone by since the last test. */
enum detect_when { DETECT_HOURLY, DETECT_NOW };

err detect_boxes(struct findings *f, enum detect_when when);

/* One that was found: what the store thread writes of it. */
struct box_found {
    struct findings *findings;
    const struct box *box;
    const struct card_cell *cell;
    const struct box_call *calls; /* of the cell, by key and start */
    size_t call_count;
    const struct card *cards; /* of its members, in their order */
};
err box_found_say(struct box_found *found);

#endif
