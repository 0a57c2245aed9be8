/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text - the bytes of a value, as they stand in shards, piles and deltas.
 *
 * Shape     13 bits of size, 3 of kind, the bytes. In a shard each is filled up to TEXT_UNIT.
 * Owns      Nothing.   Lives  As long as the bytes.   Fails  -   Threads  Any.
 * Bounds    TEXT_MOST_BYTES, which is what a listing's value may have.
 */
#ifndef YUMEN_SCREEN_TEXT_H
#define YUMEN_SCREEN_TEXT_H

#include "screen/key.h"

enum { TEXT_HEAD_BYTES = 2, TEXT_UNIT = 4, TEXT_MOST_BYTES = 2048 };

static inline unsigned text_head(const uint8_t *text)
{
    return (unsigned)text[0] | (unsigned)text[1] << 8;
}

static inline size_t text_bytes(const uint8_t *text) /* with its head */
{
    return TEXT_HEAD_BYTES + (text_head(text) >> 3);
}

static inline uint64_t text_units(const uint8_t *text)
{
    return (text_bytes(text) + TEXT_UNIT - 1) / TEXT_UNIT;
}

/* Most values are a few words long: a call would take longer. */
static inline bool text_is(const uint8_t *text, unsigned kind, str value)
{
    const char *own = (const char *)text + TEXT_HEAD_BYTES;
    if (text_head(text) != (value.size << 3 | kind))
        return false;
    if (value.size < 8 || value.size > 32)
        return memcmp(own, value.at, value.size) == 0;
    uint64_t differs = key_read8(own) ^ key_read8(value.at);
    for (size_t i = 8; i + 8 < value.size; i += 8)
        differs |= key_read8(own + i) ^ key_read8(value.at + i);
    size_t last = value.size - 8;
    return (differs | (key_read8(own + last) ^ key_read8(value.at + last))) == 0;
}

str text_value(const uint8_t *text, unsigned *ret_kind);
void text_write(uint8_t *to, unsigned kind, str value);

#endif
