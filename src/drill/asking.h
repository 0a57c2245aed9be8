/* SPDX-License-Identifier: Apache-2.0 */
/*
 * asking - banks that ask a centre about a payment before they book it. For src/drill alone.
 *
 * Shape     A bank that asks does so when one of its persons pays, by telephone or on the web, a
 *           larger sum to somebody that account has not paid before. The question goes to the port
 *           at once, past the bank's files; the payment waits meanwhile, as the law lets it, and is
 *           then booked: the world does not know what was answered (a victim who was warned may
 *           stop: the truth says who would).
 *
 *               clearing_pay --asking_wait--> 0: booked at once
 *                                         \--> asking_ask --> port (asks); booked later
 *
 *           Rings have their mules pay each other a little beforehand: nobody asks about them.
 * Owns      What its banks remember of payees (pages), and forget when another falls on its place.
 * Lives     With the drill, where one of its banks asks.
 * Fails     As drill.h.   Threads  One.
 * Bounds    16 bytes an account.
 */
#ifndef YUMEN_DRILL_ASKING_H
#define YUMEN_DRILL_ASKING_H

#include "drill/inside.h"

err asking_open(struct drill *d);
void asking_close(struct drill *d);
/* How long the payment waits because its bank asks; 0: it does not. The bank has now seen that
 * payee. */
int64_t asking_wait(struct drill *d, const struct payment *p, uint32_t bank);
/* Puts the question, about a row that waits. */
err asking_ask(struct drill *d, const struct transfer_row *row);

#endif
