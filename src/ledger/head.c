/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/head.h"

#include <assert.h>

/* Printable, no space: such a word cannot pretend to be the next line. */
static bool is_word(str s)
{
    if (s.size == 0 || s.size > HEAD_WORD_MAX)
        return false;
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] <= ' ' || s.at[i] > '~')
            return false;
    return true;
}

err head_encode(const struct head *head, struct text *signed_text)
{
    assert(head != NULL && signed_text != NULL);
    if (!is_word(head->store) || !is_word(head->key))
        return fail(ERR_MALFORMED, "head: store and key must be words", 0);
    if (head->at.us < 0 || head->at.us > INSTANT_MAX_US)
        return fail(ERR_MALFORMED, "head: no such time", 0);
    text_put(signed_text, STR("yumen-head 1\nstore "));
    text_put(signed_text, head->store);
    text_put(signed_text, STR("\nsize "));
    text_put_u64(signed_text, head->size);
    text_put(signed_text, STR("\nroot "));
    text_put_hex(signed_text, head->root.bytes, sizeof head->root.bytes);
    text_put(signed_text, STR("\nat "));
    text_put_i64(signed_text, head->at.us);
    text_put(signed_text, STR("\nkey "));
    text_put(signed_text, head->key);
    text_put(signed_text, STR("\n"));
    return text_spent(signed_text) ? fail(ERR_LIMIT, "head: no room", 0) : OK;
}

err head_sign(struct head *head, const struct sign_secret *secret, struct arena *turn)
{
    assert(secret != NULL && turn != NULL);
    struct text signed_text;
    text_init(&signed_text, turn);
    TRY(head_encode(head, &signed_text));
    sign_make(secret, text_str(&signed_text), &head->signature);
    return OK;
}

bool head_check(const struct head *head, const struct sign_public *key, struct arena *turn)
{
    assert(key != NULL && turn != NULL);
    struct text signed_text;
    text_init(&signed_text, turn);
    return !failed(head_encode(head, &signed_text)) &&
           sign_check(key, text_str(&signed_text), &head->signature);
}
