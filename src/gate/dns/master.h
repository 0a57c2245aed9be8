/* SPDX-License-Identifier: Apache-2.0 */
/*
 * master - the zone as a text (RFC 1035 5), for resolvers that read it from a file.
 *
 * Shape     What stands behind an owner is worked out once a policy; a name is then its labels and
 *           a copy. The last line says which serial the text is of: a text without it is torn.
 *
 *               $ORIGIN rpz.yumen.
 *               $TTL 5
 *               @ SOA …      @ NS …
 *               evil.com A 192.0.2.80
 *                AAAA 2001:db8::80
 *               *.evil.com CNAME .
 *               ; whole, serial 1700000000
 *
 * Owns      Nothing; a plain value.   Lives  As the gate.   Threads  Any.
 * Fails     Cannot: forms are sound. A sheet without MASTER_NAME_MAX bytes of room is full.
 * Bounds    MASTER_NAME_MAX bytes a name, MASTER_HEAD_MAX before the first.
 */
#ifndef YUMEN_GATE_DNS_MASTER_H
#define YUMEN_GATE_DNS_MASTER_H

#include "gate/dns/form.h"
#include "gate/dns/pack.h"

enum {
    MASTER_FORM_MAX = FORMS_A_POLICY * (16 + DNS_NAME_MAX),
    MASTER_NAME_MAX = DNS_NAME_MAX + MASTER_FORM_MAX,
    MASTER_HEAD_MAX = 2048,
    MASTER_TAIL_MAX = 64,
};

struct master_form {
    uint16_t size;
    uint8_t at[MASTER_FORM_MAX];
};

struct master {
    const struct rpz_forms *forms;
    struct master_form policy[RPZ_POLICY_COUNT]; /* " A 192.0.2.80\n" */
};

void master_make(const struct rpz_forms *forms, struct master *ret_master);
void master_head_put(struct sheet *s, const struct master *m, uint32_t serial);
void master_name_put(struct sheet *s, const struct master *m, const uint8_t *pack);
void master_tail_put(struct sheet *s, uint32_t serial);
/* Which serial a text is of, by its end; false when it is torn, or no text of ours. */
bool master_tail_read(str end, uint32_t *ret_serial);

#endif
