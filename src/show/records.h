/* SPDX-License-Identifier: Apache-2.0 */
/*
 * records - the nouns as JSON, the way the API says them (docs/openapi.yaml).
 *
 * Shape     A writer for each kind; ids of people become names through a look-up handed in.
 * Owns      Nothing.   Lives  A call.   Threads  Any.
 * Fails     Not itself; ask the text whether it is spent.
 * Bounds    -
 */
#ifndef YUMEN_SHOW_RECORDS_H
#define YUMEN_SHOW_RECORDS_H

#include "fact/nouns.h"
#include "kit/json.h"

/* Who is looking, as far as the picture depends on it. */
struct viewer {
    int zone_min;
    bool sees_personal; /* contact and name of an appeal, what a victim told of themselves, the
                           holder of an order */
    void *self;
    str (*name_of)(void *self, str user); /* the user's name, or the id when there is none */
};

/* `"key":"2026-11-22T20:18:00+08:00"`; nothing for an instant that is not yet. */
void json_put_instant(struct json *j, str key, instant at, int zone_min);

/* The fields only: the caller opens and ends the object and may add to it. */
void listing_put(struct json *j, const struct listing *l, const struct viewer *v);
void appeal_put(struct json *j, const struct appeal *a, const struct viewer *v);
/* What anybody who holds the reference may see: how far it has got. */
void appeal_put_clock(struct json *j, const struct appeal *a, const struct viewer *v);
/* Of what it is against, likewise: an order's account is not shown. */
void listing_put_public(struct json *j, const struct listing *l, const struct viewer *v);
void order_put_public(struct json *j, const struct order *o, const struct viewer *v);
void user_put(struct json *j, const struct user_account *u, const struct viewer *v);
void source_put(struct json *j, const struct source *s, const struct viewer *v);
void conflict_put(struct json *j, const struct conflict *c, const struct viewer *v);
void incident_put(struct json *j, const struct incident *i, const struct viewer *v);
void report_put(struct json *j, const struct report *r, const struct viewer *v);
void claim_put(struct json *j, const struct claim *c, const struct viewer *v);
/* What a provider needs to carry it out: nothing of the case, nothing of who decided. */
void order_put_task(struct json *j, const struct order *o, const struct viewer *v);
/* What it compares with its own books. */
void order_put_payment(struct json *j, const struct claim *c, const struct viewer *v);
/* Beside the task: the case, who decided, how it went. */
void order_put_case(struct json *j, const struct order *o, const struct viewer *v);
void receipt_put(struct json *j, const struct receipt *r, const struct viewer *v);
void batch_put(struct json *j, const struct batch *b, const struct viewer *v);
void key_put(struct json *j, const struct signing_key *k, const struct viewer *v);

#endif
