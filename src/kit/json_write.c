/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/json_write.h"

#include <assert.h>

void json_init(struct json *j, struct text *t)
{
    *j = (struct json){.text = t};
}

static uint32_t level_bit(const struct json *j)
{
    return j->depth == 0 ? 0 : UINT32_C(1) << (j->depth - 1);
}

/* Everything that stands as a value begins here: the comma, and the check that one may stand. */
static void value_begin(struct json *j)
{
    uint32_t level = level_bit(j);
    if (j->has_key) {
        j->has_key = false;
        return;
    }
    assert(j->depth == 0 || (j->arrays & level) != 0); /* in an object, the key comes first */
    if ((j->nonempty & level) != 0)
        text_put_char(j->text, ',');
    j->nonempty |= level;
}

static void level_begin(struct json *j, char bracket)
{
    value_begin(j);
    assert(j->depth < JSON_DEPTH);
    j->depth++;
    j->nonempty &= ~level_bit(j);
    text_put_char(j->text, bracket);
}

void json_object(struct json *j)
{
    level_begin(j, '{');
    j->arrays &= ~level_bit(j);
}

void json_array(struct json *j)
{
    level_begin(j, '[');
    j->arrays |= level_bit(j);
}

void json_end(struct json *j)
{
    assert(j->depth > 0 && !j->has_key);
    text_put_char(j->text, (j->arrays & level_bit(j)) != 0 ? ']' : '}');
    j->depth--;
}

static bool is_plain_ascii(unsigned char c)
{
    return c >= 0x20 && c < 0x7F && c != '"' && c != '\\' && c != '<';
}

/* Bytes of the character at the front when it may stand as it is, else 0. */
static size_t plain_rune(str rest)
{
    static const uint8_t size_of_lead[16] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 2, 2, 3, 4};
    unsigned char c = (unsigned char)rest.at[0];
    if (c < 0x80)
        return is_plain_ascii(c);
    size_t size = size_of_lead[c >> 4];
    if (size == 0 || size > rest.size || !str_is_utf8(str_until(rest, size)))
        return 0;
    bool ends_a_line =
        c == 0xE2 && (str_starts(rest, STR("\u2028")) || str_starts(rest, STR("\u2029")));
    return ends_a_line ? 0 : size;
}

static size_t plain_bytes(str s)
{
    size_t size = 0;
    while (size < s.size) {
        if (is_plain_ascii((unsigned char)s.at[size])) {
            size++;
            continue;
        }
        size_t rune = plain_rune(str_from(s, size));
        if (rune == 0)
            break;
        size += rune;
    }
    return size;
}

struct escape {
    char c;
    char letter;
};

static const struct escape escapes[] = {
    {'"',  '"' },
    {'\\', '\\'},
    {'\n', 'n' },
    {'\r', 'r' },
    {'\t', 't' },
};

/* Writes the character at the front that may not stand as it is; returns its size. */
static size_t put_special(struct text *t, str rest)
{
    unsigned char c = (unsigned char)rest.at[0];
    for (size_t i = 0; i < COUNT_OF(escapes); i++)
        if (rest.at[0] == escapes[i].c) {
            text_put(t, str_make((const char[]){'\\', escapes[i].letter}, 2));
            return 1;
        }
    if (c < 0x80) {
        text_put(t, STR("\\u00"));
        text_put_hex(t, &c, 1);
        return 1;
    }
    if (!str_starts(rest, STR("\u2028")) && !str_starts(rest, STR("\u2029"))) {
        text_put(t, STR("\uFFFD")); /* not UTF-8 */
        return 1;
    }
    text_put(t, (unsigned char)rest.at[2] == 0xA8 ? STR("\\u2028") : STR("\\u2029"));
    return 3;
}

static void put_quoted(struct text *t, str s)
{
    text_put_char(t, '"');
    while (s.size > 0) {
        size_t plain = plain_bytes(s);
        text_put(t, str_until(s, plain));
        s = str_from(s, plain);
        if (s.size > 0)
            s = str_from(s, put_special(t, s));
    }
    text_put_char(t, '"');
}

void json_key(struct json *j, str key)
{
    uint32_t level = level_bit(j);
    assert(j->depth > 0 && (j->arrays & level) == 0 && !j->has_key);
    if ((j->nonempty & level) != 0)
        text_put_char(j->text, ',');
    j->nonempty |= level;
    put_quoted(j->text, key);
    text_put_char(j->text, ':');
    j->has_key = true;
}

void json_str(struct json *j, str value)
{
    value_begin(j);
    put_quoted(j->text, value);
}

void json_i64(struct json *j, int64_t value)
{
    value_begin(j);
    text_put_i64(j->text, value);
}

void json_milli(struct json *j, int64_t milli)
{
    value_begin(j);
    uint64_t size = milli < 0 ? 0 - (uint64_t)milli : (uint64_t)milli;
    if (milli < 0)
        text_put_char(j->text, '-');
    text_put_u64(j->text, size / 1000);
    uint64_t rest = size % 1000;
    if (rest == 0)
        return;
    int digits = 3;
    for (; rest % 10 == 0; rest /= 10)
        digits--;
    text_printf(j->text, ".%0*u", digits, (unsigned)rest);
}

void json_bool(struct json *j, bool value)
{
    value_begin(j);
    text_put(j->text, value ? STR("true") : STR("false"));
}

void json_null(struct json *j)
{
    value_begin(j);
    text_put(j->text, STR("null"));
}

void json_raw(struct json *j, str value)
{
    assert(value.size > 0);
    value_begin(j);
    text_put(j->text, value);
}

void json_put_str(struct json *j, str key, str value)
{
    json_key(j, key);
    json_str(j, value);
}

void json_put_i64(struct json *j, str key, int64_t value)
{
    json_key(j, key);
    json_i64(j, value);
}

void json_put_bool(struct json *j, str key, bool value)
{
    json_key(j, key);
    json_bool(j, value);
}

void json_put_str_if_any(struct json *j, str key, str value)
{
    if (!str_is_empty(value))
        json_put_str(j, key, value);
}
