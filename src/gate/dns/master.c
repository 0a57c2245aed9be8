/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/master.h"

#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>

#define TAIL "; whole, serial "

static void put_c(struct sheet *s, const char *text)
{
    sheet_bytes(s, text, strlen(text));
}

static void put_number(struct sheet *s, uint32_t number)
{
    char digits[16];
    int size = snprintf(digits, sizeof digits, "%u", number);
    sheet_bytes(s, digits, (size_t)size);
}

/* Our names need no escapes: dns_name_parse lets nothing in that would. */
static void put_name(struct sheet *s, const struct dns_name *name)
{
    for (size_t at = 0; name->at[at] != 0; at += 1u + name->at[at]) {
        sheet_bytes(s, name->at + at + 1, name->at[at]);
        put_c(s, ".");
    }
    if (name->size == 1)
        put_c(s, ".");
}

static void put_rdata(struct sheet *s, const struct rpz_form *form)
{
    const uint8_t *rdata = form->at + FORM_HEAD_BYTES;
    struct wire w = {.at = rdata, .size = form->size - (size_t)FORM_HEAD_BYTES};
    char address[INET6_ADDRSTRLEN] = "";
    struct dns_name name;
    uint16_t type = rpz_form_type(form);
    if (type == DNS_A || type == DNS_AAAA) {
        int family = type == DNS_A ? AF_INET : AF_INET6;
        put_c(s, inet_ntop(family, rdata, address, sizeof address));
        return;
    }
    wire_name(&w, &name); /* CNAME, NS */
    assert(!w.is_bad);
    put_name(s, &name);
}

static void put_record(struct sheet *s, const struct rpz_form *form)
{
    uint16_t type = rpz_form_type(form);
    put_c(s, type == DNS_A ? " A " : type == DNS_AAAA ? " AAAA " : " CNAME ");
    put_rdata(s, form);
    put_c(s, "\n");
}

void master_make(const struct rpz_forms *forms, struct master *ret_master)
{
    ret_master->forms = forms;
    for (enum rpz_policy p = RPZ_NONE; p < RPZ_POLICY_COUNT; p++) {
        struct master_form *form = &ret_master->policy[p];
        struct sheet s = {.at = form->at, .room = sizeof form->at};
        for (size_t i = 0; i < forms->policy[p].count; i++)
            put_record(&s, &forms->policy[p].record[i]); /* from the second on: the same owner */
        assert(!s.is_full);
        form->size = (uint16_t)s.size;
    }
}

void master_head_put(struct sheet *s, const struct master *m, uint32_t serial)
{
    const struct rpz_form *soa = &m->forms->soa;
    struct wire w = {.at = soa->at + FORM_HEAD_BYTES, .size = soa->size - (size_t)FORM_HEAD_BYTES};
    struct dns_name server;
    struct dns_name mailbox;
    wire_name(&w, &server);
    wire_name(&w, &mailbox);
    (void)wire_u32(&w); /* the serial's place */
    put_c(
        s,
        "; Written by Yumen, and replaced at every change: what is added here is lost.\n$ORIGIN ");
    put_name(s, &m->forms->zone);
    put_c(s, "\n$TTL ");
    struct wire head = {.at = soa->at + 4, .size = 4}; /* behind type and class */
    put_number(s, wire_u32(&head));
    put_c(s, "\n@ SOA ");
    put_name(s, &server);
    put_c(s, " ");
    put_name(s, &mailbox);
    put_c(s, " ");
    put_number(s, serial);
    for (size_t i = 0; i < 4; i++) {
        put_c(s, " ");
        put_number(s, wire_u32(&w));
    }
    assert(!w.is_bad);
    put_c(s, "\n@ NS ");
    put_rdata(s, &m->forms->ns);
    put_c(s, "\n");
}

/* The labels stand from the top down in a key, and the other way round in a text. */
void master_name_put(struct sheet *s, const struct master *m, const uint8_t *pack)
{
    uint8_t ends[DNS_LABELS_MAX];
    for (size_t i = pack_labels(pack, ends); i > 0; i--) {
        size_t begin = i > 1 ? ends[i - 2] : 0;
        size_t dot = i > 1; /* behind each but the last */
        sheet_bytes(s, pack_key(pack) + begin, ends[i - 1] - begin - 1 + dot);
    }
    const struct master_form *form = &m->policy[pack_policy(pack)];
    sheet_bytes(s, form->at, form->size);
}

void master_tail_put(struct sheet *s, uint32_t serial)
{
    put_c(s, TAIL);
    put_number(s, serial);
    put_c(s, "\n");
}

bool master_tail_read(str end, uint32_t *ret_serial)
{
    int64_t serial = 0;
    if (!str_ends(end, STR("\n")))
        return false;
    end = str_until(end, end.size - 1);
    size_t begin = end.size;
    while (begin > 0 && end.at[begin - 1] != '\n')
        begin--;
    str line = str_from(end, begin);
    if (!str_starts(line, STR(TAIL)) ||
        failed(str_parse_i64(str_from(line, STR(TAIL).size), &serial)) || serial < 0 ||
        serial > UINT32_MAX)
        return false;
    *ret_serial = (uint32_t)serial;
    return true;
}
