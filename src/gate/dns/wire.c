/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/wire.h"

#include <assert.h>

const uint8_t *wire_bytes(struct wire *w, size_t size)
{
    assert(w->pos <= w->size);
    if (w->is_bad || w->size - w->pos < size) {
        w->is_bad = true;
        return NULL;
    }
    const uint8_t *at = w->at + w->pos;
    w->pos += size;
    return at;
}

static uint64_t number(struct wire *w, size_t size)
{
    const uint8_t *at = wire_bytes(w, size);
    uint64_t value = 0;
    for (size_t i = 0; at != NULL && i < size; i++)
        value = value << 8 | at[i];
    return value;
}

uint8_t wire_u8(struct wire *w)
{
    const uint8_t *at = wire_bytes(w, 1);
    return at == NULL ? 0 : at[0];
}

uint16_t wire_u16(struct wire *w)
{
    const uint8_t *at = wire_bytes(w, 2);
    return at == NULL ? 0 : (uint16_t)(at[0] << 8 | at[1]);
}

uint32_t wire_u32(struct wire *w)
{
    return (uint32_t)number(w, 4);
}

uint64_t wire_u48(struct wire *w)
{
    return number(w, 6);
}

static void label_take(struct wire *at, uint8_t size, struct dns_name *name)
{
    const uint8_t *label = wire_bytes(at, size);
    if (label == NULL)
        return;
    if ((size_t)name->size + size + 2 > DNS_NAME_MAX) { /* its length, itself, the root to come */
        at->is_bad = true;
        return;
    }
    name->at[name->size++] = size;
    for (size_t i = 0; i < size; i++)
        name->at[name->size++] = dns_lower(label[i]);
}

/* Follows a pointer whose first byte has been read. Each must lead below the one before. */
static void pointer_follow(struct wire *at, uint8_t first, size_t *lowest)
{
    size_t target = (size_t)(first & 0x3F) << 8 | wire_u8(at);
    if (first < 0xC0 || target >= *lowest || target < DNS_HEADER_BYTES) {
        at->is_bad = true;
        return;
    }
    *lowest = target;
    at->pos = target;
}

/* Into the caller's room, byte by byte: a name is mostly much shorter than its struct. */
void wire_name(struct wire *w, struct dns_name *ret_name)
{
    struct wire at = *w;
    size_t lowest = w->pos;
    size_t end = 0; /* where the name ends for our caller; 0 until the first jump */
    uint8_t size = wire_u8(&at);
    ret_name->size = 0;
    while (!at.is_bad && size != 0) {
        if (size <= DNS_LABEL_MAX) {
            label_take(&at, size, ret_name);
        } else {
            end = end == 0 ? at.pos + 1 : end;
            pointer_follow(&at, size, &lowest);
        }
        size = wire_u8(&at);
    }
    if (at.is_bad) {
        w->is_bad = true;
        ret_name->size = 0;
        return;
    }
    ret_name->at[ret_name->size++] = 0;
    w->pos = end == 0 ? at.pos : end;
}

void sheet_bytes(struct sheet *s, const void *bytes, size_t size)
{
    assert(s->size <= s->room);
    if (s->is_full || s->room - s->size < size) {
        s->is_full = true;
        return;
    }
    memcpy(s->at + s->size, bytes, size);
    s->size += size;
}

static void put_number(struct sheet *s, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = size; i > 0; i--, value >>= 8)
        bytes[i - 1] = (uint8_t)value;
    sheet_bytes(s, bytes, size);
}

void sheet_u8(struct sheet *s, uint8_t value)
{
    put_number(s, value, 1);
}

void sheet_u16(struct sheet *s, uint16_t value)
{
    put_number(s, value, 2);
}

void sheet_u32(struct sheet *s, uint32_t value)
{
    put_number(s, value, 4);
}

void sheet_u48(struct sheet *s, uint64_t value)
{
    put_number(s, value, 6);
}

void sheet_set_u16(struct sheet *s, size_t pos, uint16_t value)
{
    assert(pos + 2 <= s->size);
    s->at[pos] = (uint8_t)(value >> 8);
    s->at[pos + 1] = (uint8_t)value;
}

uint16_t sheet_get_u16(const struct sheet *s, size_t pos)
{
    assert(pos + 2 <= s->size);
    return (uint16_t)(s->at[pos] << 8 | s->at[pos + 1]);
}

void sheet_cut(struct sheet *s, size_t size)
{
    assert(size <= s->size);
    s->size = size;
    s->is_full = false;
}

void dns_opt_put(struct sheet *s, enum dns_rcode rcode, uint16_t flags)
{
    const uint8_t opt[DNS_OPT_BYTES] = {
        [2] = DNS_OPT, /* at the root */
        [3] = DNS_SAFE_UDP_BYTES >> 8,
        [4] = DNS_SAFE_UDP_BYTES & 0xFF,
        [5] = (uint8_t)((unsigned)rcode >> 4),
        [7] = (uint8_t)(flags >> 8),
        [8] = (uint8_t)flags,
    };
    sheet_bytes(s, opt, sizeof opt);
}
