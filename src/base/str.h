/* SPDX-License-Identifier: Apache-2.0 */
/*
 * str - borrowed bytes and a length, by value; never NUL-terminated, never freed.
 * text - builds bytes in an arena; what it built is read back as a str.
 *
 * Shape     Parsers return slices of what they were given. A text that ran out of arena is `spent`:
 *           every later put does nothing, and the caller asks once, at the end.
 * Owns      Neither owns anything: the bytes live in the packet, the arena or the literal.
 * Lives     As long as those bytes.
 * Fails     text_spent() after the last put; the parse functions say so in their err.
 * Threads   A str: any. A text: one.
 * Bounds    -
 */
#ifndef YUMEN_BASE_STR_H
#define YUMEN_BASE_STR_H

#include "base/arena.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *at;
    size_t size;
} str;

#define STR(literal) ((str){.at = "" literal, .size = sizeof(literal) - 1})
#define STR_ARGS(s)  (int)(s).size, (s).at /* for "%.*s" */

static inline str str_make(const char *at, size_t size)
{
    return (str){.at = at, .size = size};
}

/* NULL becomes the empty str. */
static inline str str_from_c(const char *c)
{
    return c == NULL ? (str){.at = "", .size = 0} : (str){.at = c, .size = strlen(c)};
}

static inline bool str_is_empty(str s)
{
    return s.size == 0;
}

bool str_equal(str a, str b);
bool str_equal_nocase(str a, str b); /* ASCII only */
int str_compare(str a, str b);       /* bytewise, as SQL's BINARY */
bool str_starts(str s, str prefix);
bool str_ends(str s, str suffix);
str str_trim(str s); /* ASCII white space */
/* Whether there is nothing to be seen: white space of any script, and what has no width. */
bool str_is_blank(str s);
/* From `start` to the end; the empty str when `start` is past it. */
str str_from(str s, size_t start);
str str_until(str s, size_t end);
/* Index of the first `c`, or s.size. */
size_t str_find_char(str s, char c);
bool str_has(str s, str part);
/* Cuts at the first `sep`: returns what is before it, leaves what is after in *rest. False at the
 * end. */
bool str_split(str *rest, char sep, str *ret_part);
bool str_is_utf8(str s);
bool str_is_ascii(str s);
/* Nothing but printable ASCII and blanks: most of what banks send, and quickly told. */
bool str_is_plain(str s);
/* Count of code points; the str must be UTF-8. */
size_t str_runes(str s);

err str_parse_i64(str s, int64_t *ret_value);

/* A copy in the arena; `.at` is NULL when it is spent. The copy is also NUL-terminated. */
str str_copy(struct arena *a, str s);
/* NUL-terminated copy for the far side of env, kit, gate and store; NULL when spent. */
char *str_to_c(struct arena *a, str s);

struct text {
    struct arena *arena;
    char *at;
    size_t size;
    size_t room;
    bool is_spent;
};

void text_init(struct text *t, struct arena *a);
/* So many bytes more are to come: they then go in without moving what is there. */
void text_expect(struct text *t, size_t more);
void text_put(struct text *t, str s);
/* One after the other; all of them or none. */
void text_put_all(struct text *t, const str *parts, size_t count);
void text_put_c(struct text *t, const char *c);
void text_put_char(struct text *t, char c);
void text_put_i64(struct text *t, int64_t value);
void text_put_u64(struct text *t, uint64_t value);
void text_put_hex(struct text *t, const void *bytes, size_t count);
void text_put_base64(struct text *t, const void *bytes, size_t count); /* RFC 4648 4, padded */
void text_printf(struct text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What has been built; also NUL-terminated. Valid until the next put. */
str text_str(const struct text *t);
bool text_spent(const struct text *t);

/* Writes 2 count letters, and no NUL. */
void hex_put(char *ret_hex, const void *bytes, size_t count);
/* Writes count/2 bytes. ERR_MALFORMED on an odd count, a wrong letter or another size. */
err hex_parse(str hex, void *ret_bytes, size_t bytes);
/* ret_size: how many of `room` bytes were written. */
err base64_parse(str b64, void *ret_bytes, size_t room, size_t *ret_size);

#endif
