/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pack - one listed name as a few bytes.
 *
 * Shape     policy, key size, key. The key is the owner name without the zone, its labels from the
 *           top down, each with a dot behind it: a.evil.com is "com.evil.a.", as in the store.
 *           Sorted by bytes, everything below a name follows right behind it, its wildcard first
 *           ("*" is less than whatever else begins a label), which gives name compression,
 *           wildcards and empty non-terminals for nothing. run.h lays a million of them together.
 *
 *               +--------+------+-------------+
 *               | policy | size | com.evil.a. |
 *               +--------+------+-------------+
 *
 * Owns      Nothing.   Lives  As whoever holds it.   Threads  Any.
 * Fails     What cannot be a name in the zone, or would be a trigger of another kind.
 * Bounds    RPZ_PACK_MAX bytes. A key is as long as the name on the wire, without the root.
 */
#ifndef YUMEN_GATE_DNS_PACK_H
#define YUMEN_GATE_DNS_PACK_H

#include "gate/dns/name.h"
#include "gate/dns/policy.h"

enum { RPZ_PACK_HEAD = 2, RPZ_PACK_MAX = RPZ_PACK_HEAD + DNS_NAME_MAX };

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

/* Where each label of the key ends, behind its dot; returns how many there are. */
size_t pack_labels(const uint8_t *pack, uint8_t ret_ends[DNS_LABELS_MAX]);

/* `zone_size` is that of the zone's wire name: both together must be a name. */
err pack_from_entry(const struct rpz_entry *entry, size_t zone_size,
                    uint8_t ret_pack[RPZ_PACK_MAX]);
/* From a key as the store has it. */
err pack_from_turned(str turned, enum rpz_policy policy, size_t zone_size,
                     uint8_t ret_pack[RPZ_PACK_MAX]);
/* The first `size` bytes of a wire name, which end at a label. False when no listed name can be
 * like it: there is a dot inside a label. */
bool pack_from_wire(const uint8_t *wire, size_t size, uint8_t ret_pack[RPZ_PACK_MAX]);

#endif
