/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/form.h"

#include <arpa/inet.h>
#include <assert.h>

/* draft-vixie-dnsop-dns-rpz 3: a policy is said by where a CNAME leads. */
static const str policy_target[RPZ_POLICY_COUNT] = {
    [RPZ_NXDOMAIN] = STR("."),
    [RPZ_NODATA] = STR("*."),
    [RPZ_PASSTHRU] = STR("rpz-passthru."),
    [RPZ_TCP_ONLY] = STR("rpz-tcp-only."),
};

static struct sheet form_begin(struct rpz_form *form, enum dns_type type, uint32_t ttl_s)
{
    struct sheet s = {.at = form->at, .room = FORM_MAX};
    sheet_u16(&s, (uint16_t)type);
    sheet_u16(&s, DNS_IN);
    sheet_u32(&s, ttl_s);
    sheet_u16(&s, 0);
    return s;
}

static void form_end(struct rpz_form *form, struct sheet *s)
{
    assert(!s->is_full);
    sheet_set_u16(s, FORM_HEAD_BYTES - 2, (uint16_t)(s->size - FORM_HEAD_BYTES));
    form->size = (uint16_t)s->size;
}

static void sheet_name(struct sheet *s, const struct dns_name *name)
{
    sheet_bytes(s, name->at, name->size);
}

static err name_form(struct rpz_form *form, enum dns_type type, uint32_t ttl_s, str target)
{
    struct dns_name name;
    TRY(dns_name_parse(target, &name));
    struct sheet s = form_begin(form, type, ttl_s);
    sheet_name(&s, &name);
    form_end(form, &s);
    return OK;
}

static err address_put(struct rpz_policy_form *policy, enum dns_type type, uint32_t ttl_s, str text)
{
    if (str_is_empty(text))
        return OK;
    char c[INET6_ADDRSTRLEN] = {0};
    uint8_t bytes[16];
    bool is_v4 = type == DNS_A;
    if (text.size < sizeof c)
        memcpy(c, text.at, text.size);
    if (inet_pton(is_v4 ? AF_INET : AF_INET6, c, bytes) != 1)
        return fail(ERR_MALFORMED, "dns: the notice host's address is no address", 0);
    struct rpz_form *form = &policy->record[policy->count++];
    struct sheet s = form_begin(form, type, ttl_s);
    sheet_bytes(&s, bytes, is_v4 ? 4 : 16);
    form_end(form, &s);
    return OK;
}

static err notice_make(struct rpz_policy_form *policy, const struct dns_notice *notice,
                       uint32_t ttl_s)
{
    bool has_address = !str_is_empty(notice->a) || !str_is_empty(notice->aaaa);
    if (has_address == !str_is_empty(notice->cname)) /* RFC 1034 3.6.2: no CNAME beside others */
        return fail(ERR_MALFORMED, "dns: the notice host is either addresses or a name", 0);
    if (!has_address) {
        policy->count = 1;
        return name_form(&policy->record[0], DNS_CNAME, ttl_s, notice->cname);
    }
    TRY(address_put(policy, DNS_A, ttl_s, notice->a));
    return address_put(policy, DNS_AAAA, ttl_s, notice->aaaa);
}

/* No name of the zone itself may be its server: a name in a policy zone is a listing. */
static void soa_make(struct rpz_forms *forms, const struct dns_times *times)
{
    static const struct dns_name server = {11, "\011localhost"};
    static const struct dns_name mailbox = {16, "\006nobody\007invalid"};
    struct sheet s = form_begin(&forms->soa, DNS_SOA, times->ttl_s);
    sheet_name(&s, &server);
    sheet_name(&s, &mailbox);
    forms->soa_serial_at = s.size;
    sheet_u32(&s, 0);
    sheet_u32(&s, times->refresh_s);
    sheet_u32(&s, times->retry_s);
    sheet_u32(&s, times->expire_s);
    sheet_u32(&s, times->ttl_s); /* how long a resolver may remember an NXDOMAIN of ours */
    form_end(&forms->soa, &s);
}

err rpz_forms_make(str zone, const struct dns_notice *notice, const struct dns_times *times,
                   struct rpz_forms *ret_forms)
{
    struct rpz_forms forms = {0};
    TRY(dns_name_parse(zone, &forms.zone));
    if (forms.zone.size < 2 || forms.zone.at[1] == '*')
        return fail(ERR_MALFORMED, "dns: the zone needs a name of its own", 0);
    TRY(notice_make(&forms.policy[RPZ_NOTICE], notice, times->ttl_s));
    for (enum rpz_policy p = RPZ_NXDOMAIN; p < RPZ_POLICY_COUNT; p++) {
        TRY(name_form(&forms.policy[p].record[0], DNS_CNAME, times->ttl_s, policy_target[p]));
        forms.policy[p].count = 1;
    }
    soa_make(&forms, times);
    TRY(name_form(&forms.ns, DNS_NS, times->ttl_s, STR("localhost.")));
    *ret_forms = forms;
    return OK;
}

uint16_t rpz_form_type(const struct rpz_form *form)
{
    return (uint16_t)(form->at[0] << 8 | form->at[1]);
}

/* FNV-1a. Records are led by their size, so that no two lists of them read the same. */
static uint64_t mark_add(uint64_t mark, const uint8_t *at, size_t size)
{
    mark = (mark ^ size) * UINT64_C(1099511628211);
    for (size_t i = 0; i < size; i++)
        mark = (mark ^ at[i]) * UINT64_C(1099511628211);
    return mark;
}

uint64_t rpz_forms_mark(const struct rpz_forms *forms)
{
    uint64_t mark = UINT64_C(14695981039346656037);
    mark = mark_add(mark, forms->zone.at, forms->zone.size);
    mark = mark_add(mark, forms->soa.at, forms->soa.size);
    mark = mark_add(mark, forms->ns.at, forms->ns.size);
    for (enum rpz_policy p = RPZ_NOTICE; p < RPZ_POLICY_COUNT; p++)
        for (size_t i = 0; i < forms->policy[p].count; i++)
            mark = mark_add(mark, forms->policy[p].record[i].at, forms->policy[p].record[i].size);
    return mark;
}
