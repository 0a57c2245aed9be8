/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_incident - what the answers about an incident and about its trail share.
 *
 * Shape     Questions of the trail run on the clerk for long questions: incident_ask hands a call
 *           to it, with a reader and the transfers at hand.
 * Owns      Nothing; in the call's arena.   Lives  A call.   Threads  The screens clerk.
 * Fails     "incident.absent", and as the runs and the readers do.
 * Bounds    INCIDENT_ANSWER_BYTES an answer.
 */
#ifndef YUMEN_APP_DOOR_API_INCIDENT_H
#define YUMEN_APP_DOOR_API_INCIDENT_H

#include "app/call/api_routes.h"
#include "runs/runs.h"

enum { INCIDENT_ANSWER_BYTES = 512 << 20 };

typedef err incident_answer(struct call *call, struct runs *runs);

/* From a handler: the answer is made later, by the clerk; or it sets call->write, which follows. */
err incident_ask(struct call *call, incident_answer *answer);
/* Within an answer: the incident of the path. */
err incident_of_path(struct call *call, struct incident *ret_incident);
/* Its transfers' ids; *ret_count at most INCIDENT_TRANSFERS. */
err incident_starts(struct call *call, const struct incident *i, str **ret_starts,
                    size_t *ret_count);
/* Within an answer: that it is read is a leaf, with its purpose. */
err incident_note_reading(struct call *call, str incident, str why);
/* Of the listing in force on this account, its id; empty when there is none. */
err incident_listing_on(struct call *call, str account, str *ret_listing);

#endif
