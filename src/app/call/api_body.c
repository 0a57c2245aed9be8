/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_body.h"

/* Names the column only of what is refused. */
static err of_column(struct call *call, const char *key, err e)
{
    if (failed(e))
        call->column = str_from_c(key);
    return e;
}

err body_text(struct call *call, json_value of, const char *key, size_t most, str *ret_text)
{
    json_value v = json_get(of, key);
    str text = STR("");
    if (json_is_absent(v))
        return OK;
    TRY(of_column(call, key, json_read_str(v, &text)));
    text = str_trim(text);
    if (text.size > most)
        return of_column(call, key, fail(ERR_LIMIT, "column.too_long", (uint32_t)most));
    *ret_text = text;
    return OK;
}

err body_word(struct call *call, json_value of, const char *key, const char *const *words,
              unsigned *ret_word)
{
    str word = STR("");
    TRY(body_text(call, of, key, 64, &word));
    if (str_is_empty(word) || word_parse(words, word, ret_word))
        return OK;
    return of_column(call, key, fail(ERR_MALFORMED, "word.unknown", 0));
}

err body_amount(struct call *call, const char *key, int64_t *ret_amount)
{
    json_value v = json_get(call->doc.root, key);
    return json_is_absent(v) ? OK : of_column(call, key, json_read_i64(v, ret_amount));
}

err body_instant(struct call *call, const char *key, instant *ret_at)
{
    json_value v = json_get(call->doc.root, key);
    instant at = {0};
    int64_t ms = 0;
    str text = STR("");
    if (json_is_absent(v))
        return OK;
    if (json_kind_of(v) == JSON_KIND_I64) {
        TRY(of_column(call, key, json_read_i64(v, &ms)));
        if (ms <= 0 || ms > INT64_MAX / US_PER_MS)
            return of_column(call, key, fail(ERR_MALFORMED, "time.malformed", 0));
        *ret_at = instant_from_us(ms * US_PER_MS);
        return OK;
    }
    TRY(of_column(call, key, json_read_str(v, &text)));
    TRY(of_column(call, key, instant_parse(text, &at)));
    *ret_at = at;
    return OK;
}
