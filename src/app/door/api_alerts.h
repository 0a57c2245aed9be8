/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_alerts - what the doors to alerts share.
 *
 * Shape     api_alerts.c reads; api_alert_work.c is where people say what they did.
 * Owns      Nothing.   Lives  A call.   Threads  The call's.   Fails  As sql.   Bounds  -
 */
#ifndef YUMEN_APP_DOOR_API_ALERTS_H
#define YUMEN_APP_DOOR_API_ALERTS_H

#include "app/call/api_help.h"

/* The fields, and what the one who asks may do. */
void alerts_put_one(struct call *call, struct json *j, const struct alert *a, bool sees_personal);
/* By name; "alert.officer" when there is none of it. */
err alerts_officer(struct call *call, str name, str *ret_user);
/* "whereabouts.absent" */
err alerts_find_whereabouts(struct call *call, str alert, union record *ret_record);

#endif
