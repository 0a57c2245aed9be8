/* SPDX-License-Identifier: Apache-2.0 */
/*
 * round_doc - a refund round as JSON, for whoever looks: staff see all of it, its provider what it
 * pays, everybody its public notice, without a name or a whole account number.
 *
 * Shape     Each writes the fields into the object that the caller opened.
 * Owns      Nothing.   Lives  A call.
 * Fails     As sql; ERR_ABSENT "round.absent".
 * Threads   The call's: with a reader, or on the store thread.
 * Bounds    -
 */
#ifndef YUMEN_APP_ROUND_ROUND_DOC_H
#define YUMEN_APP_ROUND_ROUND_DOC_H

#include "app/call/api.h"
#include "app/round/round_read.h"

/* As in a list; and with shares, objections and history. */
err round_doc_put_item(struct call *call, struct json *j, const union record *record);
err round_doc_put(struct call *call, struct json *j, const struct round *r);
/* What its provider is to pay. */
err round_doc_put_task(struct call *call, struct json *j, const struct round *r);
void share_doc_put(struct call *call, struct json *j, const struct share_line *line);
/* Its public notice. */
err round_doc_put_notice(struct call *call, struct json *j, const struct round *r);
/* Of an objection, in one word and two dates. */
void round_doc_put_public(struct call *call, struct json *j, const struct round *r);

/* Grouped for people; and what everybody may see of it. */
str round_display(struct call *call, const struct round *r);
str round_masked(struct call *call, const struct round *r);

/* The round, if the actor may know of it: by division, or once sent, by provider. */
err round_find(struct call *call, str id, struct round *ret_round);

#endif
