/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jws - JSON Web Signatures with ES256 in their compact form (RFC 7515 7.1, RFC 7518 3.4), and the
 * key and certificate that telephone networks want for them.
 *
 * Shape     A key is a PEM text, kept as one file: its private key, then the certificate of that
 *           key, then those above it if there are any. What was signed is anybody's to check with
 *           the first certificate.
 *
 *               jws_key_make --> key --jws_make(header, payload)--> "eyJh….eyJp….Tq3m…"
 *                                 '--jws_certificates--> PEM ------jws_check------'
 *
 * Owns      Nothing; texts are in the caller's arena, and he wipes what is secret (secret_wipe).
 * Lives     As that.
 * Fails     ERR_MALFORMED "jws.key" no such key is in the text, "jws.certificate" none, or it is
 *           another key's, "jws.malformed", "jws.algorithm"; ERR_DENIED "jws.wrong"; ERR_LIMIT when
 *           the arena is spent; ERR_OS when libcrypto fails.
 * Threads   Any.
 * Bounds    Less than a millisecond each, most of it to read the key, every time; 3 ms to make one.
 *           JWS_BYTES of a signed text.
 */
#ifndef YUMEN_KIT_JWS_H
#define YUMEN_KIT_JWS_H

#include "base/instant.h"
#include "base/str.h"

enum { JWS_BYTES = 64 * 1024, JWS_NAME_BYTES = 64 };

/* A new key, certified by itself; of `name` at most JWS_NAME_BYTES are in the certificate. */
err jws_key_make(str name, instant from, instant until, struct arena *a, str *ret_key);
/* The certificates of the key's text, without the key. */
err jws_certificates(str key, struct arena *a, str *ret_certificates);
/* When all of them are valid. */
err jws_term(str certificates, instant *ret_from, instant *ret_until);
/* Header and payload are JSON, and go in as they are. */
err jws_make(str key, str header, str payload, struct arena *a, str *ret_jws);
/* What is signed: both, encoded, with the dot between them. */
void jws_put_message(struct text *t, str header, str payload);

struct jws_parts {
    str header; /* JSON, as it was */
    str payload;
    str signature; /* two numbers side by side */
    str message;   /* what was signed */
};
/* Taken apart, and nothing checked. */
err jws_read(str jws, struct arena *a, struct jws_parts *ret_parts);
/* `by`: a certificate or a public key, PEM. Who stands behind it, and until when, is not said. */
err jws_check(str by, str jws, struct arena *a, str *ret_payload);

#endif
