/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/secret.h"

#include <assert.h>
#include <sodium.h>

enum {
    KEY_BYTES = crypto_aead_xchacha20poly1305_ietf_KEYBYTES,
    TAG_BYTES = crypto_aead_xchacha20poly1305_ietf_ABYTES,
    SALT_BYTES = crypto_pwhash_SALTBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    COST_MAX_OPS = 16,
    COST_MAX_KIB = 1 << 20,
};

/* Both numbers little-endian, as everything this program writes to disk. */
struct seal_header {
    char magic[8];
    uint8_t ops[4];
    uint8_t kib[4];
    uint8_t salt[SALT_BYTES];
    uint8_t nonce[NONCE_BYTES];
};
static_assert(sizeof(struct seal_header) == 56, "no gaps: the header is written as it stands");

static const char seal_magic[8] = {'Y', 'S', 'E', 'A', 'L', '1', 0, 0};

void secret_random(void *ret_bytes, size_t size)
{
    randombytes_buf(ret_bytes, size);
}

bool secret_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}

void secret_wipe(void *bytes, size_t size)
{
    sodium_memzero(bytes, size);
}

static void u32_put(uint8_t at[4], uint32_t value)
{
    for (int i = 0; i < 4; i++)
        at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t u32_get(const uint8_t at[4])
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static err key_derive(str passphrase, const struct seal_header *h, uint8_t ret_key[KEY_BYTES])
{
    size_t memory_bytes = (size_t)u32_get(h->kib) * 1024;
    if (crypto_pwhash(ret_key, KEY_BYTES, passphrase.at, passphrase.size, h->salt, u32_get(h->ops),
                      memory_bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ERR_OS, "secret: no memory to derive a key", 0);
    return OK;
}

err secret_seal(str passphrase, str plain, struct arena *a, str *ret_sealed)
{
    if (plain.size > SECRET_PLAIN_MAX_BYTES)
        return fail(ERR_LIMIT, "secret: too much to seal", 0);
    size_t size = sizeof(struct seal_header) + plain.size + TAG_BYTES;
    uint8_t *out = arena_make(a, size);
    if (out == NULL)
        return fail(ERR_LIMIT, "secret: the arena is spent", 0);

    struct seal_header h;
    memcpy(h.magic, seal_magic, sizeof h.magic);
    u32_put(h.ops, crypto_pwhash_OPSLIMIT_INTERACTIVE);
    u32_put(h.kib, crypto_pwhash_MEMLIMIT_INTERACTIVE / 1024);
    secret_random(h.salt, sizeof h.salt);
    secret_random(h.nonce, sizeof h.nonce);
    memcpy(out, &h, sizeof h);

    uint8_t key[KEY_BYTES];
    TRY(key_derive(passphrase, &h, key));
    crypto_aead_xchacha20poly1305_ietf_encrypt(out + sizeof h, NULL, (const uint8_t *)plain.at,
                                               plain.size, out, sizeof h, NULL, h.nonce, key);
    secret_wipe(key, sizeof key);
    *ret_sealed = str_make((const char *)out, size);
    return OK;
}

/* A stranger's file may not make us work for an hour or ask for the machine's memory. */
static bool header_is_ours(str sealed, struct seal_header *ret_header)
{
    if (sealed.size < sizeof *ret_header + TAG_BYTES)
        return false;
    memcpy(ret_header, sealed.at, sizeof *ret_header);
    uint32_t ops = u32_get(ret_header->ops);
    uint32_t kib = u32_get(ret_header->kib);
    return memcmp(ret_header->magic, seal_magic, sizeof seal_magic) == 0 &&
           ops >= crypto_pwhash_OPSLIMIT_MIN && ops <= COST_MAX_OPS &&
           kib >= crypto_pwhash_MEMLIMIT_MIN / 1024 && kib <= COST_MAX_KIB;
}

err secret_open(str passphrase, str sealed, struct arena *a, str *ret_plain)
{
    struct seal_header h;
    if (!header_is_ours(sealed, &h))
        return fail(ERR_MALFORMED, "sealed.malformed", 0);
    str body = str_from(sealed, sizeof h);
    uint8_t *plain = arena_make(a, body.size);
    if (plain == NULL)
        return fail(ERR_LIMIT, "secret: the arena is spent", 0);

    uint8_t key[KEY_BYTES];
    TRY(key_derive(passphrase, &h, key));
    int answer = crypto_aead_xchacha20poly1305_ietf_decrypt(
        plain, NULL, NULL, (const uint8_t *)body.at, body.size, (const uint8_t *)sealed.at,
        sizeof h, h.nonce, key);
    secret_wipe(key, sizeof key);
    if (answer != 0)
        return fail(ERR_DENIED, "passphrase.wrong", 0);
    *ret_plain = str_make((const char *)plain, body.size - TAG_BYTES);
    return OK;
}
