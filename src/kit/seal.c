/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/seal.h"

#include "kit/secret.h"

#include <assert.h>
#include <sodium.h>

enum { NAME_BYTES = SEAL_NAME_LETTERS / 2 };

static void keyed(const uint8_t key[SEAL_SECRET_BYTES], str what, str plain, void *ret, size_t size)
{
    crypto_generichash_state state;
    uint8_t length[8];
    for (size_t i = 0; i < sizeof length; i++)
        length[i] = (uint8_t)((uint64_t)what.size >> 8 * i);
    crypto_generichash_init(&state, key, SEAL_SECRET_BYTES, size);
    crypto_generichash_update(&state, length, sizeof length);
    crypto_generichash_update(&state, (const uint8_t *)what.at, what.size);
    crypto_generichash_update(&state, (const uint8_t *)plain.at, plain.size);
    crypto_generichash_final(&state, ret, size);
    secret_wipe(&state, sizeof state);
}

void seal_make(const uint8_t secret[SEAL_SECRET_BYTES], struct seal *ret_seal)
{
    keyed(secret, STR("yumen seal"), STR("cipher"), ret_seal->cipher.bytes, CIPHER_KEY_BYTES);
    keyed(secret, STR("yumen seal"), STR("name"), ret_seal->name_key, SEAL_SECRET_BYTES);
    keyed(secret, STR("yumen seal"), STR("code"), ret_seal->code_key, SEAL_SECRET_BYTES);
}

err seal_put(const struct seal *seal, str what, str plain, struct arena *a, str *ret_sealed)
{
    struct cipher_mark mark;
    struct text t;
    char *room = arena_make(a, sizeof mark + plain.size);
    if (room == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (plain.size > 0)
        memcpy(room + sizeof mark, plain.at, plain.size);
    cipher_seal(&seal->cipher, what, room + sizeof mark, plain.size, &mark);
    memcpy(room, &mark, sizeof mark);
    text_init(&t, a);
    text_put_base64(&t, room, sizeof mark + plain.size);
    *ret_sealed = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err seal_get(const struct seal *seal, str what, str sealed, struct arena *a, str *ret_plain)
{
    struct cipher_mark mark;
    size_t size = 0;
    char *room = arena_make(a, sealed.size + 1);
    char *plain = arena_make(a, sealed.size + 1);
    if (room == NULL || plain == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (failed(base64_parse(sealed, room, sealed.size + 1, &size)) || size < sizeof mark)
        return fail(ERR_CORRUPT, "seal.broken", 0);
    memcpy(&mark, room, sizeof mark);
    str body = str_make(room + sizeof mark, size - sizeof mark);
    if (!cipher_open(&seal->cipher, what, &mark, body, plain))
        return fail(ERR_CORRUPT, "seal.broken", 0);
    *ret_plain = str_make(plain, body.size);
    return OK;
}

err seal_name(const struct seal *seal, str what, str plain, struct arena *a, str *ret_name)
{
    uint8_t name[NAME_BYTES];
    struct text t;
    keyed(seal->name_key, what, plain, name, sizeof name);
    text_init(&t, a);
    text_put_hex(&t, name, sizeof name);
    *ret_name = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

uint32_t seal_code(const struct seal *seal, str words)
{
    uint8_t bytes[NAME_BYTES];
    uint64_t number = 0;
    keyed(seal->code_key, STR("code"), words, bytes, sizeof bytes);
    memcpy(&number, bytes, sizeof number);
    return (uint32_t)(number % SEAL_CODE_BELOW);
}
