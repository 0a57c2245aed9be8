/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/json_read.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>

/* jansson's own limit is 2,048 levels, fixed when it was compiled. Counts brackets outside strings;
 * whether they match is jansson's business. */
static err check_depth(str bytes)
{
    int depth = 0;
    bool in_str = false;
    for (size_t i = 0; i < bytes.size; i++) {
        char c = bytes.at[i];
        if (in_str && c == '\\')
            i++;
        else if (c == '"')
            in_str = !in_str;
        else if (!in_str && (c == '[' || c == '{'))
            depth++;
        else if (!in_str && (c == ']' || c == '}'))
            depth--;
        if (depth > JSON_READ_DEPTH)
            return fail(ERR_LIMIT, "json.too_deep", (uint32_t)i);
    }
    return OK;
}

err json_doc_parse(str bytes, size_t limit_bytes, struct json_doc *ret_doc)
{
    assert(limit_bytes <= UINT32_MAX); /* an offset fits into err.at */
    if (bytes.size > limit_bytes)
        return fail(ERR_LIMIT, "json.too_large", (uint32_t)limit_bytes);
    TRY(check_depth(bytes));
    json_error_t error;
    json_t *root = json_loadb(bytes.at == NULL ? "" : bytes.at, bytes.size,
                              JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (root == NULL)
        return fail(ERR_MALFORMED, "json.malformed", (uint32_t)error.position);
    ret_doc->root.node = root;
    return OK;
}

void json_doc_done(struct json_doc *doc)
{
    json_decref(doc->root.node);
    doc->root.node = NULL;
}

enum json_kind json_kind_of(json_value v)
{
    if (v.node == NULL)
        return JSON_KIND_ABSENT;
    switch (json_typeof(v.node)) {
    case JSON_OBJECT:
        return JSON_KIND_OBJECT;
    case JSON_ARRAY:
        return JSON_KIND_ARRAY;
    case JSON_STRING:
        return JSON_KIND_STR;
    case JSON_INTEGER:
        return JSON_KIND_I64;
    case JSON_REAL:
        return JSON_KIND_REAL;
    case JSON_TRUE:
    case JSON_FALSE:
        return JSON_KIND_BOOL;
    case JSON_NULL:
        break;
    }
    return JSON_KIND_NULL;
}

bool json_is_absent(json_value v)
{
    return v.node == NULL || json_is_null(v.node);
}

json_value json_get(json_value object, const char *key)
{
    return (json_value){.node = json_object_get(object.node, key)};
}

size_t json_count(json_value v)
{
    return json_is_array(v.node) ? json_array_size(v.node) : json_object_size(v.node);
}

json_value json_item(json_value array, size_t index)
{
    return (json_value){.node = json_array_get(array.node, index)};
}

bool json_next(json_value object, struct json_cursor *cursor, str *ret_key, json_value *ret_value)
{
    cursor->place = cursor->has_begun ? json_object_iter_next(object.node, cursor->place)
                                      : json_object_iter(object.node);
    cursor->has_begun = true;
    if (cursor->place == NULL)
        return false;
    *ret_key = str_from_c(json_object_iter_key(cursor->place));
    ret_value->node = json_object_iter_value(cursor->place);
    return true;
}

static err not_that(json_value v)
{
    return fail(ERR_MALFORMED, json_is_absent(v) ? "json.absent" : "json.kind", 0);
}

err json_read_str(json_value v, str *ret_value)
{
    if (!json_is_string(v.node))
        return not_that(v);
    *ret_value = str_make(json_string_value(v.node), json_string_length(v.node));
    return OK;
}

err json_read_i64(json_value v, int64_t *ret_value)
{
    if (!json_is_integer(v.node))
        return not_that(v);
    *ret_value = json_integer_value(v.node);
    return OK;
}

err json_read_bool(json_value v, bool *ret_value)
{
    if (!json_is_boolean(v.node))
        return not_that(v);
    *ret_value = json_is_true(v.node);
    return OK;
}

/* Beyond 2^43 a double no longer tells thousandths apart. */
#define REAL_MAX 8.0e12

static err real_to_milli(double real, int64_t *ret_milli)
{
    if (!(fabs(real) <= REAL_MAX))
        return fail(ERR_MALFORMED, "json.precision", 0);
    double milli = round(real * 1000.0);
    if (milli / 1000.0 != real) /* the nearest number of three decimals is another one */
        return fail(ERR_MALFORMED, "json.precision", 0);
    *ret_milli = (int64_t)milli;
    return OK;
}

err json_read_milli(json_value v, int64_t *ret_milli)
{
    if (json_is_real(v.node))
        return real_to_milli(json_real_value(v.node), ret_milli);
    int64_t whole = 0;
    TRY(json_read_i64(v, &whole));
    int64_t milli = 0;
    if (__builtin_mul_overflow(whole, 1000, &milli))
        return fail(ERR_MALFORMED, "json.precision", 0);
    *ret_milli = milli;
    return OK;
}

static int take_bytes(const char *bytes, size_t size, void *self)
{
    str left = str_make(bytes, size);
    while (left.size > 0) {
        size_t plain = str_find_char(left, 0x7f);
        text_put(self, str_until(left, plain < left.size ? plain : left.size));
        if (plain >= left.size)
            break;
        text_put_c(self, "\\u007f"); /* the one control character that jansson lets through */
        left = str_from(left, plain + 1);
    }
    return 0;
}

/* More digits would say of 0.1 what nobody wrote. */
enum { DIGITS_TRUE = 15 };

void json_write_again(json_value v, struct text *t)
{
    if (v.node != NULL)
        json_dump_callback(v.node, take_bytes, t,
                           JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(DIGITS_TRUE));
}

err json_read_real(json_value v, double *ret_value)
{
    if (!json_is_number(v.node))
        return not_that(v);
    *ret_value = json_number_value(v.node);
    return OK;
}
