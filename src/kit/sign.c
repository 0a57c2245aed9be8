/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/sign.h"

#include <assert.h>
#include <sodium.h>

static_assert(SIGN_SECRET_BYTES == crypto_sign_SECRETKEYBYTES, "Ed25519");
static_assert(SIGN_PUBLIC_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519");
static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519");

void sign_key_make(struct sign_secret *ret_secret, struct sign_public *ret_public)
{
    crypto_sign_keypair(ret_public->bytes, ret_secret->bytes);
}

void sign_public_of(const struct sign_secret *secret, struct sign_public *ret_public)
{
    crypto_sign_ed25519_sk_to_pk(ret_public->bytes, secret->bytes);
}

void sign_make(const struct sign_secret *secret, str message, struct signature *ret_signature)
{
    crypto_sign_detached(ret_signature->bytes, NULL, (const uint8_t *)message.at, message.size,
                         secret->bytes);
}

bool sign_check(const struct sign_public *key, str message, const struct signature *signature)
{
    return crypto_sign_verify_detached(signature->bytes, (const uint8_t *)message.at, message.size,
                                       key->bytes) == 0;
}
