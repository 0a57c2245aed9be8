/* SPDX-License-Identifier: Apache-2.0 */
/*
 * strmap - texts to numbers, for one turn of work over many texts: "have I seen this name?"
 *
 * Shape     Open addressing over (hash, text, number); grows by doubling, never shrinks.
 *
 *               strmap_init(&m, key, &arena); strmap_at(&m, name, &slot); *slot |= FLAG;
 *
 * Owns      Its table, in the caller's arena. The texts are the caller's: they must outlive it.
 * Lives     As long as the arena; a slot, until the next strmap_at.
 * Fails     ERR_LIMIT "limit.memory" when the arena is spent.
 * Threads   One writes; when nobody writes, any may look.
 * Bounds    24 bytes a slot, half of them used at least after the first doubling. The hash is
 *           SipHash under the caller's random key: outsiders choose the texts.
 */
#ifndef YUMEN_KIT_STRMAP_H
#define YUMEN_KIT_STRMAP_H

#include "base/arena.h"
#include "base/str.h"
#include "kit/digest.h"

struct strmap_slot;

struct strmap {
    struct arena *arena;
    struct strmap_slot *slots;
    size_t room; /* a power of two, or 0 */
    size_t count;
    uint8_t key[SIPHASH_KEY_BYTES];
};

void strmap_init(struct strmap *m, const uint8_t key[SIPHASH_KEY_BYTES], struct arena *a);
/* The number of a text, 0 when it is new. */
err strmap_at(struct strmap *m, str text, uint32_t **ret_number);
/* 0 when it is not there. */
uint32_t strmap_get(const struct strmap *m, str text);

#endif
