/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inside - what the forms of this folder share; nobody else includes it.
 *
 * Shape     One row a form: how to write a letter, read answers, and both from the other side.
 * Owns      Nothing.   Lives  For ever: a constant table.   Fails  As bank.h and far.h.
 * Threads   Any.
 * Bounds    The texts of an answer: SAID_… below; words beyond theirs are cut, names refused.
 */
#ifndef YUMEN_GATE_BANK_INSIDE_H
#define YUMEN_GATE_BANK_INSIDE_H

#include "gate/bank/far.h"
#include "kit/xml.h"

enum {
    SAID_ORDER_BYTES = 64,
    SAID_KEY_BYTES = 128,
    SAID_CODE_BYTES = 35,
    SAID_WORDS_RUNES = 500,
    BANK_NODES = 50000
};

/* Answers as they are read: room grows, up to BANK_SAID_MOST. */
struct said_room {
    struct arena *arena;
    struct bank_said *at;
    size_t count;
    size_t room;
};

/* Of an ask, in words where there are any. */
static inline str bank_reason_of(const struct bank_ask *ask)
{
    return str_is_empty(ask->reason) ? ask->order->reason : ask->reason;
}

static inline str bank_basis_of(const struct bank_ask *ask)
{
    return str_is_empty(ask->basis) ? ask->order->basis : ask->basis;
}

/* A new one with nothing said; NULL with *ret_failure when there is no room for it. */
struct bank_said *said_make(struct said_room *room, err *ret_failure);
/* Bounds of its texts; cuts its words. Every reader ends each answer with it. */
err said_seal(struct bank_said *said);
/* Both amounts of one answer are in one currency, and a known one. */
err said_currency(struct bank_said *said, str currency);
/* An amount of `said`, empty: not said, which is left as it is. */
err said_amount(struct bank_said *said, str amount, str currency, int64_t *ret_minor);

/* An amount of others' freezes, as it stands there: below nothing, or in another currency than is
 * known of the answer, it is kept, and judged elsewhere. Empty: of the whole account. */
err said_prior_amount(str known, str amount, str currency, struct prior_freeze *freeze);
err said_prior_rank(str rank, struct prior_freeze *freeze);
void said_prior_put_rank(struct xml *x, const struct prior_freeze *freeze);
/* Room for as many as are kept of so many; ends with each of them in bounds. */
err said_priors_make(struct said_room *room, size_t said, struct prior_list *ret_list,
                     struct prior_freeze **ret_at);
err said_prior_seal(const struct prior_freeze *freeze);
/* Whether any of them says an amount in the answer's own currency. */
bool said_priors_have_amount(const struct prior_list *list);

err no_room(void);

err iso_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes);
err iso_read(const struct bank_tongue *tongue, const struct xml_node *root, struct said_room *said);
err iso_far_read(const struct bank_tongue *tongue, const struct xml_node *root,
                 struct bank_asked *ret_asked);
err iso_far_write(const struct bank_tongue *tongue, const struct bank_said_list *said,
                  struct arena *a, str *ret_bytes);

err cn_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes);
err cn_read(const struct bank_tongue *tongue, const struct xml_node *root, struct said_room *said);
err cn_far_read(const struct bank_tongue *tongue, const struct xml_node *root,
                struct bank_asked *ret_asked);
err cn_far_write(const struct bank_tongue *tongue, const struct bank_asked *asked,
                 const struct bank_said_list *said, struct arena *a, str *ret_bytes);

err json_form_write(const struct bank_ask *ask, struct arena *a, str *ret_bytes);
err json_form_read(const struct bank_tongue *tongue, str bytes, struct said_room *said);
err json_far_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
                  struct bank_asked *ret_asked);
err json_far_write(const struct bank_tongue *tongue, const struct bank_said_list *said,
                   struct arena *a, str *ret_bytes);

/* The element's text by a path that may be there once at most; empty when it is not there. */
err text_at(const struct xml_node *from, const char *path, str *ret_text);
/* ERR_MALFORMED "bank.absent" when it is not there, or empty. */
err text_required(const struct xml_node *from, const char *path, str *ret_text);
/* "ORDER-ASK" that is ours; longer and odder ones are "bank.reference". */
err said_reference(struct bank_said *said, str reference);

#endif
