/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever arrives, the DNS gate answers with something ldns can read or not at all, never
 * with more bytes than a stranger sent, and takes no forged answer to a signed NOTIFY.
 * Method: the first byte says who sends it and how; the rest is the packet. A transfer that begins
 * is read to its end.
 */
#include "gate/dns/answer.h"
#include "gate/dns/notify.h"

#include <ldns/ldns.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { NOW_S = 1700000000, NOTIFY_ID = 0x4242 };

static struct rpz_forms forms;
static struct rpz_zone zone;
static struct tsig_keys keys;
static struct peers peers;
static struct answerer answerer = {&forms, &zone, &keys, &peers};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void open_all(void)
{
    static const struct rpz_limits limits = {11, 1000, 100, 100000};
    static const struct dns_times times = {5, 30, 10, 3600};
    static const struct dns_notice notice = {.a = STR("192.0.2.80"), .aaaa = STR("2001:db8::80")};
    static const struct rpz_entry entries[] = {
        {STR("evil.com"),     RPZ_NOTICE  },
        {STR("*.evil.com"),   RPZ_NODATA  },
        {STR("a.b.deep.org"), RPZ_NXDOMAIN},
    };
    struct rpz_start start = {.serial = 7, .entries = entries, .entry_count = COUNT_OF(entries)};
    struct rpz_step made;
    struct sockaddr_storage address;
    must(!failed(rpz_forms_make(STR("rpz.yumen"), &notice, &times, &forms)));
    rpz_zone_init(&zone, &limits);
    must(!failed(rpz_zone_load(&zone, &start, &made)));
    struct rpz_entry lift = {STR("evil.com"), RPZ_NONE};
    must(!failed(rpz_zone_step(&zone, 8, &lift, 1, &made)));
    must(!failed(rpz_zone_step(&zone, 9, entries, 1, &made)));
    must(!failed(
        tsig_keys_put(&keys, STR("k"), STR("hmac-sha256"), STR("MDEyMzQ1Njc4OWFiY2RlZg=="))));
    must(!failed(net_address_parse(STR("192.0.2.1"), 53, &address)));
    must(!failed(peers_put(&peers, &address, PEER_NO_KEY)));
    must(!failed(net_address_parse(STR("192.0.2.2"), 53, &address)));
    must(!failed(peers_put(&peers, &address, 0)));
}

static void must_parse(const uint8_t *message, size_t size)
{
    ldns_pkt *pkt = NULL;
    must(ldns_wire2pkt(&pkt, message, size) == LDNS_STATUS_OK);
    must(ldns_pkt_qr(pkt));
    ldns_pkt_free(pkt);
}

static void ask(const char *from, bool is_tcp, const uint8_t *packet, size_t size)
{
    uint8_t bytes[XFER_MESSAGE_BYTES];
    struct sheet reply = {.at = bytes, .room = is_tcp ? sizeof bytes : 2048};
    struct xfer transfer = {0};
    struct sockaddr_storage sender;
    must(!failed(net_address_parse(str_from_c(from), 999, &sender)));
    struct dns_ask question = {packet, size, (struct sockaddr *)&sender, is_tcp, NOW_S};
    peers.whole[0].taken = 0;
    struct answer a = answer_make(&answerer, &question, &reply, &transfer);
    if (a.kind == ANSWER_MESSAGE) {
        must(memcmp(bytes, packet, 2) == 0);
        must_parse(bytes, reply.size);
        must(is_tcp || from[0] == '1' || reply.size <= size);
    }
    must(a.kind != ANSWER_TRANSFER || (is_tcp && from[0] == '1'));
    for (reply.size = 0; a.kind == ANSWER_TRANSFER && xfer_fill(&transfer, &reply, NOW_S);
         reply.size = 0)
        must_parse(bytes, reply.size);
    xfer_done(&transfer);
}

static void hear(const uint8_t *packet, size_t size)
{
    uint8_t bytes[1024];
    struct sheet message = {.at = bytes, .room = sizeof bytes};
    struct notify n = {0};
    struct notify_send send = {&forms, &keys.at[0], NOTIFY_ID, 0, NOW_S};
    struct dns_request response;
    notify_want(&n, 9, 0);
    must(notify_step(&n, &send, &message));
    if (request_parse(packet, size, &response) == REQUEST_OK)
        must(notify_hear(&n, packet, &response, NOW_S) != NOTIFY_HEARD);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const senders[] = {"192.0.2.1", "192.0.2.2", "127.0.0.1", "203.0.113.9"};
    if (zone.now == NULL)
        open_all();
    if (size == 0)
        return 0;
    const char *from = senders[data[0] & 3];
    ask(from[0] == '2' ? "2001:db8::9" : from, (data[0] & 4) != 0, data + 1, size - 1);
    hear(data + 1, size - 1);
    return 0;
}
