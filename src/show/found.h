/* SPDX-License-Identifier: Apache-2.0 */
/*
 * found - what detectors found and people told, as JSON (records.h has the rest).
 *
 * Shape     A writer for each kind. Of a device its cell and its cards' turns are shown only to who
 *           has said what for; whom a card called is nowhere.
 * Owns      Nothing.   Lives  A call.   Threads  Any.
 * Fails     Not itself; ask the text whether it is spent.
 * Bounds    -
 */
#ifndef YUMEN_SHOW_FOUND_H
#define YUMEN_SHOW_FOUND_H

#include "show/records.h"

void suspicion_put(struct json *j, const struct suspicion *s, const struct viewer *v);
void tip_put(struct json *j, const struct tip *t, const struct viewer *v);
void box_put(struct json *j, const struct sim_box *b, const struct viewer *v);

#endif
