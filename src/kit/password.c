/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/password.h"

#include <assert.h>
#include <sodium.h>

static_assert(PASSWORD_TEXT_BYTES == crypto_pwhash_STRBYTES, "room for what libsodium writes");

struct cost {
    unsigned long long ops;
    size_t bytes;
};

static const struct cost costs[] = {
    [PASSWORD_COST_REAL] = {crypto_pwhash_OPSLIMIT_INTERACTIVE, 64 << 20                  },
    [PASSWORD_COST_TEST] = {crypto_pwhash_OPSLIMIT_MIN,         crypto_pwhash_MEMLIMIT_MIN},
};

err password_hash(str password, enum password_cost cost, char ret_text[PASSWORD_TEXT_BYTES])
{
    assert(cost < COUNT_OF(costs));
    if (password.size < PASSWORD_MIN_BYTES)
        return fail(ERR_MALFORMED, "password.too_short", 0);
    if (password.size > PASSWORD_MAX_BYTES)
        return fail(ERR_MALFORMED, "password.too_long", 0);
    if (crypto_pwhash_str_alg(ret_text, password.at, password.size, costs[cost].ops,
                              costs[cost].bytes, crypto_pwhash_ALG_ARGON2ID13) != 0)
        return fail(ERR_OS, "password: no memory to hash", 0);
    return OK;
}

bool password_check(str hash, str password)
{
    if (hash.size >= PASSWORD_TEXT_BYTES || password.size > PASSWORD_MAX_BYTES)
        return false;
    char text[PASSWORD_TEXT_BYTES] = {0};
    memcpy(text, hash.at, hash.size);
    return crypto_pwhash_str_verify(text, password.at, password.size) == 0;
}
