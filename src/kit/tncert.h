/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tncert - certificates under which telephone networks sign for calling numbers (RFC 8226), read
 * in advance: a signature is checked without looking at a certificate again.
 *
 * Shape     A certificate, and those above it, are taken when they lead to one that is trusted;
 *           what then is kept is its key, when all of them are valid, and for which numbers each of
 *           them may sign, where it says so (TNAuthList). One that names its provider (SPC) may
 *           sign for any number: whose numbers are whose, it does not say.
 *
 *               PEM --tncert_open, trust--> key, term, numbers --tncert_signed--> yes or no
 *
 * Owns      A trust and a certificate own what libcrypto holds for them, until their close. The
 *           rest is in the caller's arena.
 * Lives     A certificate does not need its trust any more.
 * Fails     ERR_MALFORMED "tncert.none" no certificate, "tncert.key" no P-256 key, or one that may
 *           not sign, "tncert.numbers" a TNAuthList that cannot be read; ERR_DENIED "tncert.trust"
 *           it leads to nobody who is trusted, "tncert.constraints" it limits what may be said (RFC
 *           8226 8, RFC 9118), which is not read here; ERR_LIMIT; ERR_OS when libcrypto fails.
 * Threads   Open and close: one. Questions: any.
 * Bounds    TNCERT_CHAIN certificates, TNCERT_RANGES of numbers each. Revocation is not looked at.
 *           A signature is checked in about 0.1 ms.
 */
#ifndef YUMEN_KIT_TNCERT_H
#define YUMEN_KIT_TNCERT_H

#include "kit/jws.h"

enum { TNCERT_CHAIN = 8, TNCERT_RANGES = 4096 };

struct tncert_trust;
struct tncert;

/* Each certificate of the text is trusted, whoever signed it. */
err tncert_trust_open(str pem, struct arena *a, struct tncert_trust **ret_trust);
void tncert_trust_close(struct tncert_trust *t); /* NULL is fine */

err tncert_open(str pem, const struct tncert_trust *trust, struct arena *a,
                struct tncert **ret_certificate);
void tncert_close(struct tncert *c); /* NULL is fine */

instant tncert_from(const struct tncert *c);
instant tncert_until(const struct tncert *c);
/* Digits as in "8613912345678", without a '+'. */
bool tncert_is_for(const struct tncert *c, str digits);
bool tncert_signed(const struct tncert *c, const struct jws_parts *parts);

#endif
