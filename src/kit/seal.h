/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal - single fields of a store that its file alone does not tell: subscribers' numbers and the
 * like.
 *
 * Shape     seal_make turns one secret into keys that do not tell one another.
 *
 *               plain --seal_put--> text, another each time, that seal_get reads
 *                   '--seal_name--> a pseudonym, always the same: to look for what is sealed
 *               words --seal_code-> six digits, always the same, that nobody else can work out
 *
 *           `what` is the column: what was sealed for one is none in another, and the same number
 *           has another pseudonym there.
 * Owns      A value: whoever made it wipes it (kit/secret.h).
 * Lives     -
 * Fails     seal_get: ERR_CORRUPT "seal.broken", under another secret as for changed text; all:
 *           ERR_LIMIT when the arena is spent.
 * Threads   Any.
 * Bounds    A microsecond each. Sealed: 54 letters and four for each three bytes.
 */
#ifndef YUMEN_KIT_SEAL_H
#define YUMEN_KIT_SEAL_H

#include "kit/cipher.h"

enum { SEAL_SECRET_BYTES = 32, SEAL_NAME_LETTERS = 32, SEAL_CODE_BELOW = 1000000 };

struct seal {
    struct cipher_key cipher;
    uint8_t name_key[SEAL_SECRET_BYTES];
    uint8_t code_key[SEAL_SECRET_BYTES];
};

void seal_make(const uint8_t secret[SEAL_SECRET_BYTES], struct seal *ret_seal);
err seal_put(const struct seal *seal, str what, str plain, struct arena *a, str *ret_sealed);
err seal_get(const struct seal *seal, str what, str sealed, struct arena *a, str *ret_plain);
/* 32 hexadecimal digits. */
err seal_name(const struct seal *seal, str what, str plain, struct arena *a, str *ret_name);
/* Below SEAL_CODE_BELOW. */
uint32_t seal_code(const struct seal *seal, str words);

#endif
