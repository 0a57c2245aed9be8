/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sign - Ed25519 signatures (RFC 8032): the ledger's heads, and whatever else a stranger must be
 * able to check without us.
 *
 * Shape     A secret (seed, then public half, as libsodium lays it out) makes signatures; the
 *           public half checks them. Anybody's Ed25519 checks them as well.
 * Owns      Nothing. The caller wipes a secret it no longer needs (secret_wipe).
 * Lives     All three are plain bytes, to be stored as they are.
 * Fails     A check answers no; making cannot fail.
 * Threads   Any.
 * Bounds    About 30 us to make, 70 us to check, and a pass over the message.
 */
#ifndef YUMEN_KIT_SIGN_H
#define YUMEN_KIT_SIGN_H

#include "base/str.h"

enum { SIGN_SECRET_BYTES = 64, SIGN_PUBLIC_BYTES = 32, SIGNATURE_BYTES = 64 };

struct sign_secret {
    uint8_t bytes[SIGN_SECRET_BYTES];
};

struct sign_public {
    uint8_t bytes[SIGN_PUBLIC_BYTES];
};

struct signature {
    uint8_t bytes[SIGNATURE_BYTES];
};

void sign_key_make(struct sign_secret *ret_secret, struct sign_public *ret_public);
void sign_public_of(const struct sign_secret *secret, struct sign_public *ret_public);
void sign_make(const struct sign_secret *secret, str message, struct signature *ret_signature);
bool sign_check(const struct sign_public *key, str message, const struct signature *signature);

#endif
