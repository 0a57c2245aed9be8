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

void pack_from_wire(const uint8_t *wire, size_t size, uint8_t ret_pack[RPZ_PACK_MAX])
{
    assert(size < DNS_NAME_MAX);
    ret_pack[0] = RPZ_NONE;
    ret_pack[1] = (uint8_t)size;
    uint8_t *end = ret_pack + RPZ_PACK_HEAD + size;
    for (size_t at = 0; at < size; at += 1u + wire[at]) {
        size_t label = 1u + wire[at];
        end -= label;
        memcpy(end, wire + at, label);
    }
}

/* Resolvers read these top labels as triggers on addresses and name servers, not as names. */
static bool is_other_trigger(const uint8_t *pack)
{
    static const str triggers[] = {STR("rpz-ip"), STR("rpz-nsip"), STR("rpz-nsdname"),
                                   STR("rpz-client-ip")};
    str top = str_make((const char *)pack_key(pack) + 1, pack_key(pack)[0]);
    for (size_t i = 0; i < COUNT_OF(triggers); i++)
        if (str_equal(top, triggers[i]))
            return true;
    return false;
}

err pack_from_entry(const struct rpz_entry *entry, size_t zone_size, uint8_t ret_pack[RPZ_PACK_MAX])
{
    assert((unsigned)entry->policy < RPZ_POLICY_COUNT);
    struct dns_name name;
    TRY(dns_name_parse(entry->owner, &name));
    size_t size = name.size - 1u;
    /* The apex is the zone's own, and "*" alone would be every name there is. */
    if (size == 0 || str_equal(entry->owner, STR("*")) || str_equal(entry->owner, STR("*.")))
        return fail(ERR_MALFORMED, "dns: an entry may not be the whole zone", 0);
    if (size + zone_size > DNS_NAME_MAX)
        return fail(ERR_LIMIT, "dns: a name does not fit before the zone", 0);
    pack_from_wire(name.at, size, ret_pack);
    if (is_other_trigger(ret_pack))
        return fail(ERR_MALFORMED, "dns: a name ends like a trigger of another kind", 0);
    ret_pack[0] = (uint8_t)entry->policy;
    return OK;
}
