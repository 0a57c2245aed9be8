/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake_batch - what every feed's batch shares: it is opened, rows are refused by themselves, it
 * is closed and answered; and a file is read through to its end.
 *
 * Shape     open --> read: the caller's sink gets rows and refusals --> close: call->reply
 * Owns      Arenas for the reader and for one transaction, from init to done.
 * Lives     A call.
 * Fails     As the store and the sink; "file.absent", "feed.content_type".
 * Threads   The feeds clerk; intake_batch_reject on the store thread.
 * Bounds    FEED_READER_BYTES, and a transaction of APPLY_BYTES.
 */
#ifndef YUMEN_APP_REPORT_INTAKE_BATCH_H
#define YUMEN_APP_REPORT_INTAKE_BATCH_H

#include "app/call/api.h"
#include "app/call/refuse.h"
#include "feed/answer.h"

struct intake_batch {
    struct call *call;
    /* On the store thread, in the transaction that closes it; NULL: nothing. */
    err (*closing)(struct intake_batch *b, struct store *store, instant at);
    const struct feed_shape *shape;
    struct feed_answer answer;
    struct refusals refusals;
    struct arena reader_arena;
    struct arena apply_arena;
    bool is_answered; /* from an earlier request with the same Idempotency-Key */
};

void intake_batch_init(struct intake_batch *b, struct call *call, const struct feed_shape *shape);
void intake_batch_done(struct intake_batch *b);
err intake_batch_open(struct intake_batch *b);
/* The call's body, or the file it names, to its end. Not when the batch is answered. */
err intake_batch_read(struct intake_batch *b, struct feed_sink sink);
/* On the store thread: counted, told and kept. */
err intake_batch_reject(struct intake_batch *b, struct store *store,
                        const struct feed_refusal *refusal, instant at);
/* Fills the call's reply. */
err intake_batch_close(struct intake_batch *b);

#endif
