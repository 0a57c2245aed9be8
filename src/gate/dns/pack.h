/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack - one listed name as a few bytes, made to lie beside a million others.
 *
 * Shape     policy, key size, key. The key is the owner name without the zone, its labels in
 *           reverse order: a.evil.com is "3com4evil1a". Sorted by bytes, everything below a name
 *           follows right behind it, which gives name compression, wildcards and empty
 *           non-terminals for nothing. Chunks and diffs are runs of packs, one behind the other.
 *
 *               +--------+------+---+-----+---+------+---+---+
 *               | policy | size | 3 | com | 4 | evil | 1 | a |
 *               +--------+------+---+-----+---+------+---+---+
 *
 * Owns      Nothing.   Lives  As the run that holds it.   Threads  Any.
 * Fails     What cannot be a name in the zone, or would be a trigger of another kind.
 * Bounds    RPZ_PACK_MAX bytes.
 */
#ifndef YUMEN_GATE_DNS_PACK_H
#define YUMEN_GATE_DNS_PACK_H

#include "gate/dns/name.h"
#include "gate/dns/policy.h"

enum { RPZ_PACK_HEAD = 2, RPZ_PACK_MAX = RPZ_PACK_HEAD + DNS_NAME_MAX };

typedef struct {
    const uint8_t *at;
    size_t size;
} pack_run;

static inline enum rpz_policy pack_policy(const uint8_t *pack)
{
    return (enum rpz_policy)pack[0];
}

static inline size_t pack_bytes(const uint8_t *pack)
{
    return RPZ_PACK_HEAD + (size_t)pack[1];
}

static inline const uint8_t *pack_key(const uint8_t *pack)
{
    return pack + RPZ_PACK_HEAD;
}

/* Orders by key alone. */
int pack_compare(const uint8_t *a, const uint8_t *b);
/* Is `below` the same name as `above`, or one under it? */
bool pack_is_below(const uint8_t *below, const uint8_t *above);

/* `zone_size` is that of the zone's wire name: both together must be a name. */
err pack_from_entry(const struct rpz_entry *entry, size_t zone_size,
                    uint8_t ret_pack[RPZ_PACK_MAX]);
/* The first `size` bytes of a wire name, which end at a label. */
void pack_from_wire(const uint8_t *wire, size_t size, uint8_t ret_pack[RPZ_PACK_MAX]);

#endif
