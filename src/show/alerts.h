/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alerts - alerts and what stands beside them as JSON, the way the API says them.
 *
 * Shape     By the fields that describe them (fact/nouns.c): each under its own name, but for what
 *           is of a person.
 * Owns      Nothing.   Lives  A call.   Threads  Any.
 * Fails     Not itself; ask the text whether it is spent.
 * Bounds    -
 */
#ifndef YUMEN_SHOW_ALERTS_H
#define YUMEN_SHOW_ALERTS_H

#include "show/records.h"

/* Notes that people wrote are shown to who sees_personal; never a pseudonym, nor what is sealed. */
void alert_put(struct json *j, const struct alert *a, const struct viewer *v);
void outreach_put(struct json *j, const struct outreach *o, const struct viewer *v);
void whereabouts_put(struct json *j, const struct whereabouts *w, const struct viewer *v);
void hush_put(struct json *j, const struct hush *h, const struct viewer *v);

#endif
