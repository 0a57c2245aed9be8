/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json (writer) - writes one JSON value into a text, commas and escapes right by construction.
 *
 * Shape     Calls in the order of the document; the writer knows where a comma goes:
 *
 *               struct json j;
 *               json_init(&j, &text);
 *               json_object(&j);
 *               json_key(&j, STR("state"));
 *               json_str(&j, state);
 *               json_end(&j);                   {"state":"in_force"}
 *
 *           Safe inside an HTML script element and in JavaScript: '<', U+2028 and U+2029 are
 *           escaped. Bytes that are not UTF-8 become U+FFFD.
 * Owns      Nothing; the text belongs to the caller.
 * Lives     As long as the text.
 * Fails     Not itself: ask text_spent(). Calls in an impossible order (a key in an array, an end
 *           too many) are our mistake: assert.
 * Threads   One.
 * Bounds    32 levels.
 */
#ifndef YUMEN_KIT_JSON_WRITE_H
#define YUMEN_KIT_JSON_WRITE_H

#include "base/str.h"

enum { JSON_DEPTH = 32 };

struct json {
    struct text *text;
    uint32_t arrays;   /* one bit a level: set for an array, clear for an object */
    uint32_t nonempty; /* one bit a level: something stands there already */
    uint8_t depth;
    bool has_key; /* a key was written, its value not yet */
};

/* jansson exports json_object, json_array and json_null too. Ours get another name in the object
 * file: the dynamic linker would otherwise give our functions to jansson's own parser. */
#define JSON_SYMBOL(name) __asm__("yumen_" name)

void json_init(struct json *j, struct text *t);
void json_object(struct json *j) JSON_SYMBOL("json_object");
void json_array(struct json *j) JSON_SYMBOL("json_array");
/* Ends the innermost object or array. */
void json_end(struct json *j);
void json_key(struct json *j, str key);
void json_str(struct json *j, str value);
void json_i64(struct json *j, int64_t value);
/* A number kept in thousandths, without needless zeros: 87500 is 87.5. */
void json_milli(struct json *j, int64_t milli);
void json_bool(struct json *j, bool value);
void json_null(struct json *j) JSON_SYMBOL("json_null");
/* One complete JSON value, written elsewhere, trusted. */
void json_raw(struct json *j, str value);

/* Key and value in one line. */
void json_put_str(struct json *j, str key, str value);
void json_put_i64(struct json *j, str key, int64_t value);
void json_put_bool(struct json *j, str key, bool value);
/* Nothing at all when the value is empty: absent optional fields are left out. */
void json_put_str_if_any(struct json *j, str key, str value);

#endif
