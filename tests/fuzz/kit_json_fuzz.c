/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no bytes upset the reader, and what the writer writes the reader reads as it was.
 * Method: parse, write out the whole tree, parse that, write again: both texts are the same.
 */
#include "kit/json.h"

#include "kit_fuzz.h"

static void write_value(struct json *j, json_value v);

static void write_object(struct json *j, json_value v)
{
    struct json_cursor cursor = {0};
    str key;
    json_value value;
    json_object(j);
    while (json_next(v, &cursor, &key, &value)) {
        json_key(j, key);
        write_value(j, value);
    }
    json_end(j);
}

static void write_array(struct json *j, json_value v)
{
    json_array(j);
    for (size_t i = 0; i < json_count(v); i++)
        write_value(j, json_item(v, i));
    json_end(j);
}

static void write_scalar(struct json *j, json_value v)
{
    str s = STR("");
    int64_t n = 0;
    bool b = false;
    if (!failed(json_read_str(v, &s)))
        json_str(j, s);
    else if (!failed(json_read_i64(v, &n)))
        json_i64(j, n);
    else if (!failed(json_read_milli(v, &n)))
        json_milli(j, n);
    else if (!failed(json_read_bool(v, &b)))
        json_bool(j, b);
    else
        json_null(j);
}

static void write_value(struct json *j, json_value v)
{
    if (json_kind_of(v) == JSON_KIND_OBJECT)
        write_object(j, v);
    else if (json_kind_of(v) == JSON_KIND_ARRAY)
        write_array(j, v);
    else
        write_scalar(j, v);
}

static str write_all(struct arena *a, json_value v)
{
    struct text t;
    struct json j;
    text_init(&t, a);
    json_init(&j, &t);
    write_value(&j, v);
    must(!text_spent(&t));
    return text_str(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    arena_init(&a, 16 << 20);
    struct json_doc doc = {0};
    if (!failed(json_doc_parse(str_make((const char *)data, size), 1 << 16, &doc))) {
        struct json_doc again = {0};
        str text = write_all(&a, doc.root);
        must(!failed(json_doc_parse(text, 1 << 20, &again)));
        must(str_equal(text, write_all(&a, again.root)));
        json_doc_done(&again);
    }
    json_doc_done(&doc);

    /* Any bytes at all as a string: still JSON afterwards. */
    struct text t;
    struct json j;
    text_init(&t, &a);
    json_init(&j, &t);
    json_str(&j, str_make((const char *)data, size));
    must(str_is_utf8(text_str(&t)) && !str_has(text_str(&t), STR("<")));
    arena_done(&a);
    return 0;
}
