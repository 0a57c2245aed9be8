/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_mistakes - how many listings were mistakes: lifted by a person, on appeal or without one.
 *
 * Shape     GET /v1/mistakes tells anybody, by month; a source's page tells it of one source.
 * Owns      Nothing.
 * Lives     A call.
 * Fails     As sql.
 * Threads   The call's.
 * Bounds    The newest 10,000 lifts of a year.
 */
#ifndef YUMEN_APP_CALL_API_MISTAKES_H
#define YUMEN_APP_CALL_API_MISTAKES_H

#include "app/call/api_help.h"

/* "mistakes": of the source with this id, beside how many of its entries ever entered. */
err mistakes_put_source(struct call *call, struct json *j, str source);

#endif
