/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever arrives, the DNS list answers with something ldns can read or not at all, never
 * with more bytes than a stranger sent nor ANSWER_GAIN times what a client did, and asks its judge
 * only for values that are what they claim to be.
 * Method: the first byte says who sends it and how; the rest is the packet.
 */
#include "fact/listing.h"
#include "gate/dnsbl/answer.h"
#include "kit/kit.h"

#include <ldns/ldns.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct list_rules rules;
static struct list_answerer a;

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static bool is_number(str value)
{
    for (size_t i = 1; i < value.size; i++)
        if (value.at[i] < '0' || value.at[i] > '9')
            return false;
    return value.size >= 2 && value.size <= 1 + ZONE_DIGITS && value.at[0] == '+';
}

static bool is_domain(str value)
{
    for (str rest = value, label = {0}; str_split(&rest, '.', &label);)
        if (!dns_label_is_host(label))
            return false;
    return value.size >= 1 && value.size < DNS_NAME_MAX;
}

static uint32_t judge(void *self, enum dnsbl_lane lane, struct dnsbl_question *questions,
                      size_t count)
{
    (void)self;
    (void)lane;
    for (size_t i = 0; i < count; i++) {
        struct dnsbl_question *q = &questions[i];
        must(q->kind == INDICATOR_NUMBER ? is_number(q->value) : is_domain(q->value));
        q->verdict = (enum verdict)(q->value.size % 3);
        q->left_s = 100;
        q->has_below = q->value.at[q->value.size - 1] % 2 == 0;
    }
    return 7;
}

static err tell(void *self, enum dnsbl_lane lane, const struct dnsbl_question *question,
                struct text *words)
{
    (void)self;
    (void)lane;
    text_put(words, question->value);
    text_put_c(words, " because of what was said. Appeal: http://192.0.2.80/appeal?listing=1");
    return OK;
}

static void open_all(void)
{
    struct zone_terms terms = {.server = STR("localhost."), .ttl_s = 300, .nothing_s = 60};
    must(!failed(kit_boot()));
    rules = (struct list_rules){
        .ttl_s = 300, .port = {.judge = judge, .tell = tell}
    };
    nets_put_loopback(&rules.clients);
    nets_put_loopback(&rules.trusted);
    must(!failed(nets_put(&rules.clients, STR("192.0.2.0"), 24)));
    must(!failed(zone_make(STR("dbl.yumen."), INDICATOR_DOMAIN, &terms, &rules.zone[0])));
    must(!failed(zone_make(STR("num.yumen."), INDICATOR_NUMBER, &terms, &rules.zone[1])));
    a.rules = &rules;
    arena_init(&a.turn, ANSWER_TURN_BYTES);
}

static void must_parse(const struct sheet *message)
{
    ldns_pkt *pkt = NULL;
    must(ldns_wire2pkt(&pkt, message->at, message->size) == LDNS_STATUS_OK);
    must(ldns_pkt_qr(pkt));
    ldns_pkt_free(pkt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { TRUSTED, CLIENT, STRANGER, SENDERS };
    static const char *const senders[SENDERS] = {"127.0.0.1", "192.0.2.7", "203.0.113.9"};
    uint8_t bytes[4096];
    struct sockaddr_storage from;
    if (a.rules == NULL)
        open_all();
    if (size == 0)
        return 0;
    unsigned sender = (data[0] & 3) % SENDERS;
    bool is_tcp = (data[0] & 4) != 0;
    struct sheet reply = {.at = bytes, .room = is_tcp ? sizeof bytes : 1280};
    must(!failed(net_address_parse(str_from_c(senders[sender]), 999, &from)));
    struct list_ask ask = {data + 1, size - 1, (struct sockaddr *)&from, is_tcp};
    list_answer(&a, &ask, &reply, 1, 1);
    if (reply.size == 0)
        return 0;
    must(memcmp(bytes, data + 1, 2) == 0);
    must_parse(&reply);
    must(is_tcp || reply.size <= DNS_SAFE_UDP_BYTES);
    must(is_tcp || sender != STRANGER || reply.size <= size - 1);
    must(is_tcp || sender != CLIENT || reply.size <= ANSWER_GAIN * (size - 1));
    return 0;
}
