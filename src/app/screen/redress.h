/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redress - what a wrongly rejected caller is told: a jCard (RFC 7095) of where to turn, signed in
 * advance, that the Call-Info of a 608 names (RFC 8688).
 *
 * Shape     No call waits for a signature: one card is there from the start, and is made anew when
 *           its term ends, by whoever asks for it first then.
 *
 *               608 --Call-Info--> sip.redress_url ---> /v1/redress/card --x5u--+
 *               keys/redress.pem --certificates-------> /v1/redress/certificate <'
 *
 *           The key certifies itself when it is made. Who has a certificate that telephone networks
 *           believe puts it into that file, with its key.
 * Owns      The key in memory, and the card.
 * Lives     From redress_open, while nobody else carves from the boot arena, to redress_close, when
 *           nobody asks any more.
 *           A certificate ends. Who starts with one that has is told so; when it ends later there
 *           is no card any more, and no 608 names one: nobody who checks it would believe it. The
 *           log and the metrics speak of it a month before.
 * Fails     "redress.key" the file holds no P-256 key, or another's certificate;
 *           "redress.certificate" one of them is not valid now, at the start, "redress.expired"
 *           later; "redress.closed" no calls are screened; file errors; ERR_LIMIT.
 * Threads   open, close: main. The others: any; a lock is held for a copy, or for one signature.
 * Bounds    REDRESS_BYTES of a card.
 */
#ifndef YUMEN_APP_SCREEN_REDRESS_H
#define YUMEN_APP_SCREEN_REDRESS_H

#include "app/house/house.h"

enum { REDRESS_BYTES = 16 * 1024, REDRESS_TERM_S = 24 * 3600, REDRESS_EVERY_S = 3600 };

/* Nothing to do when sip.listen is empty. Makes the key when there is none yet. */
err redress_open(struct house *house);
void redress_close(struct house *house);

/* The JWS as it is now. */
err redress_card(struct house *house, struct arena *a, str *ret_jws);
/* Whether there is a card that a caller can believe. */
bool redress_is_valid(struct house *house);
/* When its certificate ends; 0 when there is none. */
instant redress_until(const struct house *house);
err redress_certificates(const struct house *house, str *ret_pem);

#endif
