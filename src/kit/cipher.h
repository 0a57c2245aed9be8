/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cipher - bytes of our own files that only who has the key can read, or change unnoticed.
 *
 * Shape     XChaCha20-Poly1305. Each sealing draws its own nonce, which with the tag is the mark
 *           that has to stand beside it; `said` is what is written openly and must not be changed
 *           either.
 * Owns      A value. The key: whoever made it wipes it (kit/secret.h).
 * Lives     -
 * Fails     Opening: false, under another key as for bytes that are not those that were sealed; the
 *           two cannot be told apart, and `to` is then zero.
 * Threads   Any.
 * Bounds    About a nanosecond for two bytes.
 */
#ifndef YUMEN_KIT_CIPHER_H
#define YUMEN_KIT_CIPHER_H

#include "base/str.h"

enum { CIPHER_KEY_BYTES = 32, CIPHER_NONCE_BYTES = 24, CIPHER_TAG_BYTES = 16 };

struct cipher_key {
    uint8_t bytes[CIPHER_KEY_BYTES];
};

struct cipher_mark {
    uint8_t nonce[CIPHER_NONCE_BYTES];
    uint8_t tag[CIPHER_TAG_BYTES];
};

/* Where they lie. */
void cipher_seal(const struct cipher_key *key, str said, void *bytes, size_t size,
                 struct cipher_mark *ret_mark);
/* to: as much room as `sealed` has, elsewhere. */
bool cipher_open(const struct cipher_key *key, str said, const struct cipher_mark *mark, str sealed,
                 void *to);

#endif
