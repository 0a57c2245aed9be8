/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json (reader) - one JSON text from outside, as a tree to ask.
 *
 * Shape     A document and values in it. A value is a small handle that may be absent; every
 *           question may be asked of an absent one, so a path reads in one line:
 *
 *               json_value v = json_get(json_get(doc.root, "target"), "kind");
 *               TRY(json_read_str(v, &kind));
 *
 * Owns      The document owns jansson's tree, until json_doc_done (a zeroed one may be done).
 * Lives     Values and the strs read from them, until then.
 * Fails     json_doc_parse: "json.malformed" at the offset, also for a repeated key, a NUL, an
 *           integer beyond 64 bits or bytes that are not UTF-8; ERR_LIMIT "json.too_large",
 *           "json.too_deep". Readings: "json.absent", "json.kind" (it is something else),
 *           "json.precision" (more than three decimals).
 * Threads   A document is read-only once parsed: any, until it is done.
 * Bounds    32 levels; the caller's limit of bytes. Integers are exact to 64 bits.
 */
#ifndef YUMEN_KIT_JSON_READ_H
#define YUMEN_KIT_JSON_READ_H

#include "base/str.h"

enum { JSON_READ_DEPTH = 32 };

enum json_kind {
    JSON_KIND_ABSENT,
    JSON_KIND_NULL,
    JSON_KIND_BOOL,
    JSON_KIND_I64,
    JSON_KIND_REAL,
    JSON_KIND_STR,
    JSON_KIND_ARRAY,
    JSON_KIND_OBJECT
};

struct json_t; /* jansson's */

typedef struct {
    struct json_t *node; /* NULL: absent */
} json_value;

struct json_doc {
    json_value root;
};

err json_doc_parse(str bytes, size_t limit_bytes, struct json_doc *ret_doc);
void json_doc_done(struct json_doc *doc);

enum json_kind json_kind_of(json_value v);
bool json_is_absent(json_value v); /* absent or null */

/* Absent when there is no such key, or `object` is none. */
json_value json_get(json_value object, const char *key);
/* How many items or keys; 0 for anything else. */
size_t json_count(json_value v);
/* Absent beyond the end. */
json_value json_item(json_value array, size_t index);

/* Visits an object's keys in the order of the text. Begin with a zeroed cursor. */
struct json_cursor {
    void *place;
    bool has_begun;
};
bool json_next(json_value object, struct json_cursor *cursor, str *ret_key, json_value *ret_value);

err json_read_str(json_value v, str *ret_value);
err json_read_i64(json_value v, int64_t *ret_value);
err json_read_bool(json_value v, bool *ret_value);
/* An integer, or a number with at most three decimals, in thousandths: 87.5 is 87500. */
err json_read_milli(json_value v, int64_t *ret_milli);
/* The value as JSON once more, without needless blanks; of a number beyond 64 bits or three
 * decimals, fifteen digits. Nothing of an absent one. */
void json_write_again(json_value v, struct text *t);
/* Any number, as near as a double is to it. Never for money, times or what people typed. */
err json_read_real(json_value v, double *ret_value);

#endif
