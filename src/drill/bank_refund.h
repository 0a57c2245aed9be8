/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bank_refund - how a bank hears what it is to pay back, makes sure of it, and says what became of
 * it. Written from what the interfaces say, and from nothing of the centre's.
 *
 * Shape     Rounds are fetched by long poll, whatever the form of its orders. Of each, the
 *           statement is fetched, too: its SHA-256 has to be the round's digest, its account the
 *           round's, and its amounts together what is to be paid. Otherwise nothing of it is paid.
 *
 *               ask --> fetch --> statement --is it so?--> teller: a payment each
 *                                                          letter <-- paid, or why not
 *
 * Owns      The descriptor of its question (bank_refund_hang_up).
 * Lives     As the bank.
 * Fails     As door; ERR_MALFORMED for what cannot be read. What is not so is counted as strange.
 * Threads   The bank's.
 * Bounds    REFUND_ORDERS orders of a round.
 */
#ifndef YUMEN_DRILL_BANK_REFUND_H
#define YUMEN_DRILL_BANK_REFUND_H

#include "drill/bank_form.h"
#include "drill/door.h"

struct bank_refund {
    const struct door_place *centre;
    const struct bank_speaker *speaker;
    str authorization;
    struct bank_teller *teller;
    int64_t next; /* behind what was heard; -1: from the beginning */
    int asked_fd; /* -1: nothing is asked */
};

void bank_refund_begin(struct bank_refund *r, const struct door_place *centre,
                       const struct bank_speaker *speaker, str authorization);
err bank_refund_ask(struct bank_refund *r, struct arena *a);
/* Once the descriptor is readable. *ret_strange: rounds that are not as they say. */
err bank_refund_fetch(struct bank_refund *r, instant now, struct arena *a, int64_t *ret_strange);
void bank_refund_hang_up(struct bank_refund *r);

err bank_refund_letter(const struct bank_speaker *s, const struct bank_paid *paid, struct arena *a,
                       struct bank_letter *ret_letter);

#endif
