/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/leaf.h"

#include <assert.h>

#define FIRST_LINE       "yumen-leaf 1"
#define COMMITMENT_TITLE "yumen-commitment 1\n"
#define SALT_TITLE       "yumen-salt 1\n"

static const char form_marks[] = {[LEAF_PLAIN] = '=', [LEAF_PERSONAL] = '#', [LEAF_SECRET] = '!'};

struct digest leaf_commit(const uint8_t salt[SALT_BYTES], str name, str value)
{
    assert(salt != NULL);
    struct digest_stream state;
    digest_init(&state);
    digest_put(&state, STR(COMMITMENT_TITLE));
    digest_put(&state, str_make((const char *)salt, SALT_BYTES));
    digest_put(&state, name);
    digest_put(&state, STR("\n"));
    digest_put(&state, value);
    return digest_done(&state);
}

void leaf_salt(const uint8_t seed[SALT_BYTES], str name, uint8_t ret_salt[SALT_BYTES])
{
    assert(seed != NULL);
    struct digest_stream state;
    digest_init(&state);
    digest_put(&state, STR(SALT_TITLE));
    digest_put(&state, str_make((const char *)seed, SALT_BYTES));
    digest_put(&state, name);
    struct digest salt = digest_done(&state);
    memcpy(ret_salt, salt.bytes, SALT_BYTES);
}

struct leaf_field leaf_plain(str name, str value)
{
    return (struct leaf_field){.name = name, .value = value, .form = LEAF_PLAIN};
}

struct leaf_field leaf_sealed(enum leaf_form form, str name, str value,
                              const uint8_t salt[SALT_BYTES])
{
    assert(form != LEAF_PLAIN);
    return (struct leaf_field){
        .name = name, .form = form, .commitment = leaf_commit(salt, name, value)};
}

static bool is_control(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7f;
}

/* Names of acts, kinds and fields: never escaped, never in need of it. */
static bool is_name(str s)
{
    if (s.size == 0 || s.size > LEAF_NAME_MAX)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_fine = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
        if (!is_fine)
            return false;
    }
    return true;
}

static bool is_repeated(const struct leaf_field *fields, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_equal(fields[i].name, fields[index].name))
            return true;
    return false;
}

static err check_field(const struct leaf_field *fields, size_t index)
{
    const struct leaf_field *f = &fields[index];
    if (!is_name(f->name) || str_equal(f->name, STR("why")))
        return fail(ERR_MALFORMED, "leaf: not a field's name", (uint32_t)index);
    if (is_repeated(fields, index))
        return fail(ERR_MALFORMED, "leaf: the same field twice", (uint32_t)index);
    return OK;
}

/* ---- encoding ---- */

static bool is_sayable(str s)
{
    return str_is_utf8(s) && (s.size == 0 || memchr(s.at, '\0', s.size) == NULL);
}

static void put_escaped(struct text *body, str s)
{
    size_t start = 0;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        if (!is_control(c) && c != '\\')
            continue;
        text_put(body, str_make(s.at + start, i - start));
        start = i + 1;
        if (c == '\\')
            text_put(body, STR("\\\\"));
        else if (c == '\n')
            text_put(body, STR("\\n"));
        else
            text_printf(body, "\\x%02x", (unsigned)c);
    }
    text_put(body, str_from(s, start));
}

static void put_line(struct text *body, str label, str value)
{
    text_put(body, label);
    text_put_char(body, ' ');
    put_escaped(body, value);
    text_put_char(body, '\n');
}

/* In one piece: a leaf may have many, and text_put_hex puts digit by digit. */
static void put_commitment(struct text *body, const struct digest *commitment)
{
    char hex[2 * DIGEST_BYTES];
    hex_put(hex, commitment->bytes, DIGEST_BYTES);
    text_put(body, str_make(hex, sizeof hex));
}

static void put_value(struct text *body, const struct leaf_field *f)
{
    text_put_char(body, form_marks[f->form]);
    if (f->form == LEAF_PLAIN)
        put_escaped(body, f->value);
    else
        put_commitment(body, &f->commitment);
    text_put_char(body, '\n');
}

static err check_leaf(const struct leaf *leaf)
{
    if (leaf->at.us < 0 || leaf->at.us > INSTANT_MAX_US)
        return fail(ERR_MALFORMED, "leaf: no such time", 0);
    if (!is_name(leaf->act) || !is_name(leaf->kind))
        return fail(ERR_MALFORMED, "leaf: not an act's or a kind's name", 0);
    if (leaf->record.size == 0 || !is_sayable(leaf->record) || !is_sayable(leaf->actor))
        return fail(ERR_MALFORMED, "leaf: not a record's or an actor's id", 0);
    if (leaf->why.form == LEAF_PLAIN && !is_sayable(leaf->why.value))
        return fail(ERR_MALFORMED, "leaf: text that is not UTF-8, or holds a NUL", 0);
    if (leaf->field_count > LEAF_FIELDS_MAX)
        return fail(ERR_LIMIT, "leaf: too many fields", (uint32_t)leaf->field_count);
    for (size_t i = 0; i < leaf->field_count; i++) {
        TRY(check_field(leaf->fields, i));
        if (leaf->fields[i].form == LEAF_PLAIN && !is_sayable(leaf->fields[i].value))
            return fail(ERR_MALFORMED, "leaf: text that is not UTF-8, or holds a NUL", (uint32_t)i);
    }
    return OK;
}

err leaf_encode(const struct leaf *leaf, struct text *body)
{
    assert(leaf != NULL && body != NULL);
    TRY(check_leaf(leaf));
    size_t start = body->size;
    text_put(body, STR(FIRST_LINE "\nat "));
    text_put_i64(body, leaf->at.us);
    text_put_char(body, '\n');
    put_line(body, STR("act"), leaf->act);
    put_line(body, STR("actor"), leaf->actor);
    put_line(body, STR("kind"), leaf->kind);
    put_line(body, STR("record"), leaf->record);
    text_put(body, STR("why"));
    put_value(body, &leaf->why);
    for (size_t i = 0; i < leaf->field_count; i++) {
        text_put(body, STR("field "));
        text_put(body, leaf->fields[i].name);
        put_value(body, &leaf->fields[i]);
    }
    if (text_spent(body))
        return fail(ERR_LIMIT, "leaf: no room", 0);
    if (body->size - start > LEAF_BYTES_MAX)
        return fail(ERR_LIMIT, "leaf: too long", (uint32_t)(body->size - start));
    return OK;
}

/* ---- decoding ---- */

struct reader {
    str rest;
    struct arena *turn;
    uint32_t line;
};

static err refuse(const struct reader *r, const char *why)
{
    return fail(ERR_MALFORMED, why, r->line);
}

/* The next line, without its end; every line must have one. */
static err read_line(struct reader *r, str *ret_line)
{
    r->line++;
    size_t size = str_find_char(r->rest, '\n');
    if (size == r->rest.size)
        return refuse(r, "leaf: ends early");
    *ret_line = str_until(r->rest, size);
    r->rest = str_from(r->rest, size + 1);
    return OK;
}

/* Bytes that one escape takes, and the byte it stands for; 0 when it is none we would write. */
static size_t read_escape(str s, char *ret_byte)
{
    uint8_t byte = 0;
    if (str_starts(s, STR("\\\\"))) {
        *ret_byte = '\\';
        return 2;
    }
    if (str_starts(s, STR("\\n"))) {
        *ret_byte = '\n';
        return 2;
    }
    if (s.size < 4 || s.at[1] != 'x' || failed(hex_parse(str_make(s.at + 2, 2), &byte, 1)))
        return 0;
    *ret_byte = (char)byte;
    bool is_lower = s.at[3] < 'A' || s.at[3] > 'F';
    return is_lower && byte != '\0' && byte != '\n' && is_control(*ret_byte) ? 4 : 0;
}

static err read_text(const struct reader *r, str escaped, str *ret_text)
{
    for (size_t i = 0; i < escaped.size; i++)
        if (is_control(escaped.at[i]))
            return refuse(r, "leaf: a bare control character");
    if (str_find_char(escaped, '\\') == escaped.size) {
        *ret_text = escaped;
        return OK;
    }
    char *plain = arena_make(r->turn, escaped.size);
    if (plain == NULL)
        return fail(ERR_LIMIT, "leaf: no room", r->line);
    size_t size = 0;
    for (size_t i = 0, step = 1; i < escaped.size; i += step, size++) {
        plain[size] = escaped.at[i];
        step = escaped.at[i] == '\\' ? read_escape(str_from(escaped, i), &plain[size]) : 1;
        if (step == 0)
            return refuse(r, "leaf: not an escape of ours");
    }
    *ret_text = str_make(plain, size);
    return OK;
}

static err read_labelled(struct reader *r, str label, str *ret_text)
{
    str line;
    TRY(read_line(r, &line));
    if (!str_starts(line, label))
        return refuse(r, "leaf: another line was expected here");
    return read_text(r, str_from(line, label.size), ret_text);
}

static err read_name(struct reader *r, str label, str *ret_name)
{
    str name;
    TRY(read_labelled(r, label, &name));
    if (!is_name(name))
        return refuse(r, "leaf: not an act's or a kind's name");
    *ret_name = name;
    return OK;
}

static err read_at(struct reader *r, instant *ret_at)
{
    str digits;
    int64_t us = 0;
    TRY(read_labelled(r, STR("at "), &digits));
    bool is_padded = digits.size > 1 && digits.at[0] == '0';
    if (is_padded || str_starts(digits, STR("-")) || failed(str_parse_i64(digits, &us)) ||
        us > INSTANT_MAX_US)
        return refuse(r, "leaf: no such time");
    *ret_at = instant_from_us(us);
    return OK;
}

/* Sixty-four lower-case digits. */
static err read_commitment(const struct reader *r, str hex, struct digest *ret_commitment)
{
    for (size_t i = 0; i < hex.size; i++)
        if (hex.at[i] >= 'A' && hex.at[i] <= 'F')
            return refuse(r, "leaf: a commitment is written in lower case");
    if (failed(hex_parse(hex, ret_commitment->bytes, sizeof ret_commitment->bytes)))
        return refuse(r, "leaf: not a commitment");
    return OK;
}

/* "name=text", "name#hex" or "name!hex". */
static err read_field(const struct reader *r, str line, struct leaf_field *ret_field)
{
    size_t cut = 0;
    while (cut < line.size && memchr(form_marks, line.at[cut], sizeof form_marks) == NULL)
        cut++;
    if (cut == line.size)
        return refuse(r, "leaf: another line was expected here");
    struct leaf_field f = {.name = str_until(line, cut)};
    const char *mark = memchr(form_marks, line.at[cut], sizeof form_marks);
    f.form = (enum leaf_form)(mark - form_marks);
    str rest = str_from(line, cut + 1);
    if (f.form == LEAF_PLAIN)
        TRY(read_text(r, rest, &f.value));
    else
        TRY(read_commitment(r, rest, &f.commitment));
    *ret_field = f;
    return OK;
}

static err read_fields(struct reader *r, struct leaf *leaf)
{
    size_t room = 0;
    for (size_t i = 0; i < r->rest.size; i++)
        room += r->rest.at[i] == '\n';
    if (room > LEAF_FIELDS_MAX)
        return refuse(r, "leaf: too many fields");
    struct leaf_field *fields = arena_make_array(r->turn, room, sizeof *fields);
    if (fields == NULL)
        return fail(ERR_LIMIT, "leaf: no room", r->line);
    while (r->rest.size > 0) {
        str line;
        TRY(read_line(r, &line));
        if (!str_starts(line, STR("field ")))
            return refuse(r, "leaf: another line was expected here");
        TRY(read_field(r, str_from(line, 6), &fields[leaf->field_count]));
        TRY(check_field(fields, leaf->field_count));
        leaf->field_count++;
    }
    leaf->fields = fields;
    return OK;
}

err leaf_decode(str body, struct arena *turn, struct leaf *ret_leaf)
{
    assert(turn != NULL && ret_leaf != NULL);
    struct reader r = {.rest = body, .turn = turn};
    struct leaf leaf = {0};
    str line;
    if (body.size > LEAF_BYTES_MAX)
        return fail(ERR_LIMIT, "leaf: too long", 0);
    if (!is_sayable(body))
        return refuse(&r, "leaf: not UTF-8, or holds a NUL");
    TRY(read_line(&r, &line));
    if (!str_equal(line, STR(FIRST_LINE)))
        return refuse(&r, "leaf: not a version we know");
    TRY(read_at(&r, &leaf.at));
    TRY(read_name(&r, STR("act "), &leaf.act));
    TRY(read_labelled(&r, STR("actor "), &leaf.actor));
    TRY(read_name(&r, STR("kind "), &leaf.kind));
    TRY(read_labelled(&r, STR("record "), &leaf.record));
    if (leaf.record.size == 0)
        return refuse(&r, "leaf: not a record's or an actor's id");
    TRY(read_line(&r, &line));
    TRY(read_field(&r, line, &leaf.why));
    if (!str_equal(leaf.why.name, STR("why")))
        return refuse(&r, "leaf: another line was expected here");
    TRY(read_fields(&r, &leaf));
    *ret_leaf = leaf;
    return OK;
}

/* ---- looking ---- */

const struct leaf_field *leaf_field_find(const struct leaf *leaf, str name)
{
    assert(leaf != NULL);
    if (str_equal(name, STR("why")))
        return &leaf->why;
    for (size_t i = 0; i < leaf->field_count; i++)
        if (str_equal(leaf->fields[i].name, name))
            return &leaf->fields[i];
    return NULL;
}
