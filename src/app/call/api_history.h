/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_history - what was done to a record, by whom and why, read from its leaves.
 *
 * Shape     "history":[{"index","at","act","actor","why"}]; a reason is absent once it has been
 *           erased.
 * Owns      Nothing.   Lives  A call.   Threads  The call's.   Fails  As reader.
 * Bounds    The first 200 leaves.
 */
#ifndef YUMEN_APP_CALL_API_HISTORY_H
#define YUMEN_APP_CALL_API_HISTORY_H

#include "app/call/api.h"

err history_put(struct call *call, struct json *j, str record);

#endif
