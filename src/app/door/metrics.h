/* SPDX-License-Identifier: Apache-2.0 */
/*
 * metrics - counters for whoever watches the centre, in Prometheus' text form; no personal data.
 *
 * Shape     One table of name, help and kind; values from store, gates and process.
 * Owns      Nothing.   Lives  A call.   Threads  Any.   Fails  As reader.   Bounds  -
 */
#ifndef YUMEN_APP_DOOR_METRICS_H
#define YUMEN_APP_DOOR_METRICS_H

#include "app/call/api.h"

err metrics_put(struct call *call, struct text *t);

#endif
