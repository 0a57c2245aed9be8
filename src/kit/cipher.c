/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/cipher.h"

#include <assert.h>
#include <sodium.h>

static_assert(CIPHER_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
                  CIPHER_NONCE_BYTES == crypto_aead_xchacha20poly1305_ietf_NPUBBYTES &&
                  CIPHER_TAG_BYTES == crypto_aead_xchacha20poly1305_ietf_ABYTES,
              "as libsodium has it");

void cipher_seal(const struct cipher_key *key, str said, void *bytes, size_t size,
                 struct cipher_mark *ret_mark)
{
    assert(key != NULL && bytes != NULL && ret_mark != NULL);
    randombytes_buf(ret_mark->nonce, sizeof ret_mark->nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(bytes, ret_mark->tag, NULL, bytes, size,
                                                        (const uint8_t *)said.at, said.size, NULL,
                                                        ret_mark->nonce, key->bytes);
}

bool cipher_open(const struct cipher_key *key, str said, const struct cipher_mark *mark, str sealed,
                 void *to)
{
    assert(key != NULL && mark != NULL && to != NULL && to != (const void *)sealed.at);
    return crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
               to, NULL, (const uint8_t *)sealed.at, sealed.size, mark->tag,
               (const uint8_t *)said.at, said.size, mark->nonce, key->bytes) == 0;
}
