/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_decide - one decision about many records: each stands or falls by itself.
 *
 * Shape     ids --one--> {"refusals":[…],"decided":n}
 *           What one of them cannot have is undone and told; a fault of ours ends it for all.
 * Owns      Nothing.   Lives  A write.   Threads  The store thread, inside the transaction.
 * Fails     As `one`, when the fault is ours; else it is a refusal in the answer.
 * Bounds    As the caller checked.
 */
#ifndef YUMEN_APP_CALL_API_DECIDE_H
#define YUMEN_APP_CALL_API_DECIDE_H

#include "app/call/api_help.h"

struct api_many {
    const char *what; /* they are, in the refusals */
    json_value ids;   /* strings */
    err (*one)(struct call *call, struct store *store, instant at, str id);
};

/* The answer of the call. */
err api_decide_many(struct call *call, struct store *store, instant at,
                    const struct api_many *many);

#endif
