/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret - chance, comparison without a clock to read, forgetting, and sealing under a passphrase.
 *
 * Shape     Sealed text is "YSEAL1" and two zero bytes, the cost of the key derivation, a salt, a
 *           nonce, and the plain text under XChaCha20-Poly1305 with the header as associated
 *           data. The key is argon2id of the passphrase at that cost.
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     secret_open: ERR_DENIED "passphrase.wrong" (or somebody changed the bytes: the two
 *           cannot be told apart), ERR_MALFORMED "sealed.malformed" when it was never sealed by
 *           us or asks for more work than we ever do; ERR_LIMIT when the arena is spent;
 *           ERR_OS without 64 MiB to spare.
 * Threads   Any. Sealing and opening take about 0.2 s and 64 MiB: not on a lane.
 * Bounds    Plain text up to 64 MiB.
 */
#ifndef YUMEN_KIT_SECRET_H
#define YUMEN_KIT_SECRET_H

#include "base/str.h"

enum { SECRET_PLAIN_MAX_BYTES = 64 << 20 };

/* Fit for keys, tokens and salts. */
void secret_random(void *ret_bytes, size_t size);
/* Takes as long for a near miss as for a wide one. */
bool secret_equal(const void *a, const void *b, size_t size);
/* The compiler may not leave this out. */
void secret_wipe(void *bytes, size_t size);

err secret_seal(str passphrase, str plain, struct arena *a, str *ret_sealed);
err secret_open(str passphrase, str sealed, struct arena *a, str *ret_plain);

#endif
