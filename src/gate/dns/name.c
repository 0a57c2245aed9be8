/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/name.h"

#include <assert.h>

static bool is_host_char(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static bool is_label(str label, bool is_first)
{
    if (label.size == 0 || label.size > DNS_LABEL_MAX)
        return false;
    if (is_first && str_equal(label, STR("*")))
        return true;
    for (size_t i = 0; i < label.size; i++)
        if (!is_host_char(dns_lower((uint8_t)label.at[i])))
            return false;
    return true;
}

bool dns_label_is_host(str label)
{
    for (size_t i = 0; i < label.size; i++)
        if (!is_host_char((uint8_t)label.at[i]))
            return false;
    return label.size > 0 && label.size <= DNS_LABEL_MAX;
}

err dns_name_parse(str text, struct dns_name *ret_name)
{
    assert(ret_name != NULL);
    bool is_root = str_equal(text, STR("."));
    str rest = str_ends(text, STR(".")) ? str_until(text, text.size - 1) : text;
    if (rest.size + 2 > DNS_NAME_MAX)
        return fail(ERR_LIMIT, "dns: a name is longer than 255 bytes", 0);

    struct dns_name name = {0};
    str label = STR("");
    while (!is_root && str_split(&rest, '.', &label)) {
        if (!is_label(label, name.size == 0))
            return fail(ERR_MALFORMED, "dns: not a host name", name.size);
        name.at[name.size++] = (uint8_t)label.size;
        for (size_t i = 0; i < label.size; i++)
            name.at[name.size++] = dns_lower((uint8_t)label.at[i]);
    }
    name.at[name.size++] = 0;
    *ret_name = name;
    return OK;
}

bool dns_name_equal(const struct dns_name *a, const struct dns_name *b)
{
    return a->size == b->size && memcmp(a->at, b->at, a->size) == 0;
}

bool dns_name_within(const struct dns_name *name, const struct dns_name *zone, size_t *ret_size)
{
    assert(name->size > 0 && zone->size > 0);
    if (name->size < zone->size)
        return false;
    size_t before = (size_t)name->size - zone->size;
    if (memcmp(name->at + before, zone->at, zone->size) != 0)
        return false;
    /* The bytes agree; they must also begin at a label. */
    size_t at = 0;
    while (at < before)
        at += 1u + name->at[at];
    if (at != before)
        return false;
    *ret_size = before;
    return true;
}
