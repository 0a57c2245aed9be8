/* SPDX-License-Identifier: Apache-2.0 */
/*
 * misp - listings as other centres' MISP reads them: events of a feed, in MISP's core format.
 *
 * Shape     One event a day of decisions; an attribute a listing. What has ended since stays in it
 *           as deleted, so that it goes there, too.
 *
 *               number   phone-number      domain   domain, or hostname where only that name
 *               url      url               account  cc-number, iban, bank-account-nr
 *               device, company            other: nothing of MISP's fits, and nobody acts on it
 *
 * Owns      Nothing.   Lives  A call.   Threads  Any.
 * Fails     Not itself; ask the text whether it is spent.
 * Bounds    -
 */
#ifndef YUMEN_SHOW_MISP_H
#define YUMEN_SHOW_MISP_H

#include "fact/nouns.h"
#include "kit/json.h"

struct misp_event {
    str uuid;
    str info;
    str date;   /* 2026-11-24 */
    instant at; /* of the last decision in it */
    str centre;
    str centre_uuid;
};

/* The members of an object that has been begun: what a manifest says, and an event begins with. */
void misp_event_put(struct json *j, const struct misp_event *e);

struct misp_attribute {
    const struct listing *listing;
    str uuid;
    str comment;
    bool is_over;
};

void misp_attribute_put(struct json *j, const struct misp_attribute *a);

#endif
