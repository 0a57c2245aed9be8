/* SPDX-License-Identifier: Apache-2.0 */
/*
 * form - the bytes that each policy puts behind an owner name, worked out once.
 *
 * Shape     type, class, ttl, rdlength, rdata, ready to copy. NOTICE has one or two records
 *           (A, AAAA) or one (CNAME); every other policy is one CNAME. SOA and NS likewise.
 * Owns      Nothing; a plain value.   Lives  As the gate.   Threads  Any.
 * Fails     ERR_MALFORMED with what is wrong in the notice or the zone's name.
 * Bounds    FORM_MAX bytes a record, FORMS_A_POLICY records a policy.
 */
#ifndef YUMEN_GATE_DNS_FORM_H
#define YUMEN_GATE_DNS_FORM_H

#include "gate/dns/policy.h"
#include "gate/dns/wire.h"

enum {
    FORM_HEAD_BYTES = 10, /* type, class, ttl, rdlength */
    FORM_MAX = FORM_HEAD_BYTES + 20 + 2 * DNS_NAME_MAX,
    FORMS_A_POLICY = 2,
};

struct rpz_form {
    uint16_t size;
    uint8_t at[FORM_MAX];
};

struct rpz_policy_form {
    size_t count;
    struct rpz_form record[FORMS_A_POLICY];
};

struct rpz_forms {
    struct dns_name zone;
    struct rpz_form soa; /* with serial 0 */
    struct rpz_form ns;
    size_t soa_serial_at; /* offset in soa */
    struct rpz_policy_form policy[RPZ_POLICY_COUNT];
};

/* Where a notice lives: addresses, or a name that the resolver will look up. */
struct dns_notice {
    str a;    /* "192.0.2.1" or empty */
    str aaaa; /* "2001:db8::1" or empty */
    str cname;
};

struct dns_times {
    uint32_t ttl_s;
    uint32_t refresh_s; /* what a secondary does when a NOTIFY is lost */
    uint32_t retry_s;
    uint32_t expire_s; /* how long the last list holds when this centre is gone */
};

err rpz_forms_make(str zone, const struct dns_notice *notice, const struct dns_times *times,
                   struct rpz_forms *ret_forms);
/* The same for the same records, in every process and version; no secret, no proof. */
uint64_t rpz_forms_mark(const struct rpz_forms *forms);
uint16_t rpz_form_type(const struct rpz_form *form);

#endif
