/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_key.h"

#include "env/id.h"
#include "kit/digest.h"
#include "kit/secret.h"

enum { KEY_HEAD = 3, KEY_BYTES = 17 };

static err keep(struct call *call, str key, str *ret_kept)
{
    struct text hex;
    struct digest digest = digest_of(key);
    text_init(&hex, &call->arena);
    text_put_hex(&hex, digest.bytes, DIGEST_BYTES);
    *ret_kept = text_str(&hex);
    return text_spent(&hex) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err api_key_make(struct call *call, struct auth_secret *ret_key)
{
    char ref[REF_ROOM];
    struct text words;
    ref_make(&call->house->random, ref);
    text_init(&words, &call->arena);
    text_put_c(&words, "YM-");
    text_put(&words, str_until(str_from_c(ref), KEY_BYTES - KEY_HEAD));
    if (text_spent(&words))
        return fail(ERR_LIMIT, "limit.memory", 0);
    ret_key->shown = text_str(&words);
    return keep(call, ret_key->shown, &ret_key->kept);
}

err api_key_say(struct call *call, str shown)
{
    struct text open;
    str body = call->reply.body;
    text_init(&open, &call->arena);
    text_expect(&open, body.size + 64);
    text_put(&open, str_until(body, body.size - 1)); /* an object, and not an empty one */
    text_put_c(&open, ",\"secret\":\"");
    text_put(&open, shown);
    text_put_c(&open, "\"}");
    call->once = text_str(&open);
    return text_spent(&open) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err api_key_typed(struct call *call, str typed, str *ret_kept)
{
    char room[KEY_BYTES];
    str trimmed = str_trim(typed);
    *ret_kept = STR("");
    if (trimmed.size != sizeof room)
        return OK;
    for (size_t i = 0; i < sizeof room; i++) {
        bool is_small = trimmed.at[i] >= 'a' && trimmed.at[i] <= 'z';
        room[i] = (char)(is_small ? trimmed.at[i] - 'a' + 'A' : trimmed.at[i]);
    }
    return keep(call, str_make(room, sizeof room), ret_kept);
}

bool api_key_fits(str typed, str kept)
{
    return kept.size > 0 && typed.size == kept.size && secret_equal(typed.at, kept.at, kept.size);
}

err api_key_try(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    return api_limit(call, HOUSE_LIMIT_KEY);
}

void api_key_fitted(struct call *call)
{
    api_limit_give(call, HOUSE_LIMIT_KEY);
}
