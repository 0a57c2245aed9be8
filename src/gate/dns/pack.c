/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/pack.h"

#include <assert.h>

int pack_compare(const uint8_t *a, const uint8_t *b)
{
    size_t shared = a[1] < b[1] ? a[1] : b[1];
    int order = memcmp(pack_key(a), pack_key(b), shared);
    return order != 0 ? order : (int)a[1] - (int)b[1];
}

bool pack_is_below(const uint8_t *below, const uint8_t *above)
{
    return below[1] >= above[1] && memcmp(pack_key(below), pack_key(above), above[1]) == 0;
}

size_t pack_labels(const uint8_t *pack, uint8_t ret_ends[DNS_LABELS_MAX])
{
    const uint8_t *key = pack_key(pack);
    size_t count = 0;
    for (size_t at = 0; at < pack[1]; at++)
        if (key[at] == '.')
            ret_ends[count++] = (uint8_t)(at + 1);
    return count;
}

bool pack_from_wire(const uint8_t *wire, size_t size, uint8_t ret_pack[RPZ_PACK_MAX])
{
    assert(size < DNS_NAME_MAX);
    ret_pack[0] = RPZ_NONE;
    ret_pack[1] = (uint8_t)size;
    uint8_t *end = ret_pack + RPZ_PACK_HEAD + size;
    for (size_t at = 0; at < size; at += 1u + wire[at]) {
        size_t label = wire[at];
        if (memchr(wire + at + 1, '.', label) != NULL)
            return false;
        *--end = '.';
        end -= label;
        memcpy(end, wire + at + 1, label);
    }
    return true;
}

/* Resolvers read these top labels as triggers on addresses and name servers, not as names. */
static bool is_other_trigger(const uint8_t *pack)
{
    static const str triggers[] = {STR("rpz-ip."), STR("rpz-nsip."), STR("rpz-nsdname."),
                                   STR("rpz-client-ip.")};
    str key = str_make((const char *)pack_key(pack), pack[1]);
    for (size_t i = 0; i < COUNT_OF(triggers); i++)
        if (str_starts(key, triggers[i]))
            return true;
    return false;
}

/* What holds for every name, however it came. */
static err pack_check(const uint8_t *pack, size_t zone_size)
{
    /* The apex is the zone's own, and "*" alone would be every name there is. */
    bool is_all = pack[1] == 2 && pack_key(pack)[0] == '*';
    if (pack[1] == 0 || is_all)
        return fail(ERR_MALFORMED, "dns: an entry may not be the whole zone", 0);
    if (pack[1] + zone_size > DNS_NAME_MAX)
        return fail(ERR_LIMIT, "dns: a name does not fit before the zone", 0);
    if (is_other_trigger(pack))
        return fail(ERR_MALFORMED, "dns: a name ends like a trigger of another kind", 0);
    return OK;
}

err pack_from_entry(const struct rpz_entry *entry, size_t zone_size, uint8_t ret_pack[RPZ_PACK_MAX])
{
    assert((unsigned)entry->policy < RPZ_POLICY_COUNT);
    struct dns_name name;
    TRY(dns_name_parse(entry->owner, &name));
    bool fits = pack_from_wire(name.at, name.size - 1u, ret_pack);
    assert(fits); /* dns_name_parse let no dot in */
    (void)fits;
    ret_pack[0] = (uint8_t)entry->policy;
    return pack_check(ret_pack, zone_size);
}

err pack_from_turned(str turned, enum rpz_policy policy, size_t zone_size,
                     uint8_t ret_pack[RPZ_PACK_MAX])
{
    assert((unsigned)policy < RPZ_POLICY_COUNT);
    if (turned.size >= DNS_NAME_MAX)
        return fail(ERR_LIMIT, "dns: a name is longer than 255 bytes", 0);
    ret_pack[0] = (uint8_t)policy;
    ret_pack[1] = (uint8_t)turned.size;
    memcpy(ret_pack + RPZ_PACK_HEAD, turned.at, turned.size);
    str rest = turned;
    str label = {0};
    while (rest.size > 0) {
        size_t dot = str_find_char(rest, '.');
        if (dot == rest.size)
            return fail(ERR_MALFORMED, "dns: not a host name", 0);
        label = str_until(rest, dot);
        rest = str_from(rest, dot + 1);
        bool is_wild = rest.size == 0 && str_equal(label, STR("*"));
        if (!is_wild && !dns_label_is_host(label))
            return fail(ERR_MALFORMED, "dns: not a host name", 0);
    }
    return pack_check(ret_pack, zone_size);
}
