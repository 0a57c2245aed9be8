/* SPDX-License-Identifier: Apache-2.0 */
/*
 * detection - what detectors of call records do here, for the centre's page: on or off and why, by
 * which model, what they said today and what they did not say.
 *
 * Shape     house, detect_day --> "detection": {…}
 * Owns      Nothing.   Lives  A call.   Fails  As the reader.   Threads  The call's.   Bounds  -
 */
#ifndef YUMEN_APP_DOOR_DETECTION_H
#define YUMEN_APP_DOOR_DETECTION_H

#include "app/call/api_help.h"

err detection_put(struct call *call, struct json *j);

#endif
