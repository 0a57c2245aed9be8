/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: everyone gets what he may have, in a form ldns reads; nobody unknown gets more bytes than
 * he sent; a signature that does not hold is answered as RFC 8945 says; and NOTIFY goes on until
 * it is heard.
 * Method: a table of questions and senders; forged, aged and cut signatures, with ldns signing the
 * true ones; the NOTIFY machine stepped by hand.
 */
#include "env/clock.h"
#include "gate/dns/answer.h"
#include "gate/dns/notify.h"
#include "gate/dns/oracle.h"

#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#define SECRET "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
#define WRONG  "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWA="

enum { TYPE_TXT = 16 };

static struct rpz_forms forms;
static struct rpz_zone zone;
static struct tsig_keys keys;
static struct peers peers;
static struct answerer answerer = {&forms, &zone, &keys, &peers};
static uint64_t now_s;

static uint8_t reply_bytes[2048];
static struct sheet reply;
static struct xfer transfer;

static int open_all(void **state)
{
    (void)state;
    static const struct rpz_limits limits = {11, 1000, 100, 100000};
    static const struct dns_times times = {5, 30, 10, 3600};
    static const struct dns_notice notice = {.a = STR("192.0.2.80"), .aaaa = STR("2001:db8::80")};
    static const struct rpz_entry entries[] = {
        {STR("evil.com"),      RPZ_NOTICE  },
        {STR("*.evil.com"),    RPZ_NOTICE  },
        {STR("good.evil.com"), RPZ_PASSTHRU},
        {STR("a.b.deep.org"),  RPZ_NXDOMAIN},
        {STR("*.deep.org"),    RPZ_NODATA  },
    };
    struct rpz_start start = {.serial = 7, .entries = entries, .entry_count = COUNT_OF(entries)};
    struct rpz_step made;
    struct sockaddr_storage address;
    now_s = (uint64_t)(env_now().us / US_PER_S);
    peers = (struct peers){0};
    assert_false(failed(rpz_forms_make(STR("rpz.yumen"), &notice, &times, &forms)));
    rpz_zone_init(&zone, &limits);
    assert_false(failed(rpz_zone_load(&zone, &start, &made)));
    assert_false(failed(tsig_keys_put(&keys, STR("k.x"), STR("hmac-sha256"), STR(SECRET))));
    assert_false(failed(tsig_keys_put(&keys, STR("k5.x"), STR("HMAC-SHA512"), STR(SECRET))));
    assert_false(failed(net_address_parse(STR("192.0.2.1"), 53, &address)));
    assert_false(failed(peers_put(&peers, &address, 0)));
    assert_false(failed(net_address_parse(STR("2001:db8::2"), 53, &address)));
    assert_false(failed(peers_put(&peers, &address, PEER_NO_KEY)));
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    rpz_zone_done(&zone);
    tsig_keys_done(&keys);
    return 0;
}

static struct answer ask_bytes(const char *from, bool is_tcp, const uint8_t *packet, size_t size)
{
    struct sockaddr_storage sender;
    assert_false(failed(net_address_parse(str_from_c(from), 999, &sender)));
    struct dns_ask ask = {packet, size, (struct sockaddr *)&sender, is_tcp, now_s};
    xfer_done(&transfer);
    reply = (struct sheet){.at = reply_bytes, .room = sizeof reply_bytes};
    struct answer a = answer_make(&answerer, &ask, &reply, &transfer);
    if (a.kind == ANSWER_MESSAGE)
        assert_true(oracle_parses(reply.at, reply.size));
    return a;
}

static struct answer ask(const char *from, bool is_tcp, const char *name, uint16_t type)
{
    uint8_t packet[1024];
    size_t size = oracle_request(packet, name, type, 3, NULL);
    struct answer a = ask_bytes(from, is_tcp, packet, size);
    assert_memory_equal(a.kind == ANSWER_MESSAGE ? reply.at : packet, packet, 2); /* the id */
    return a;
}

static uint16_t count(size_t at)
{
    return sheet_get_u16(&reply, at);
}

/* --- questions --- */

#define LOCAL    "127.0.0.1"
#define KEYED    "192.0.2.1"
#define PLAIN    "2001:db8::2"
#define STRANGER "203.0.113.9"

static void questions_are_answered(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        uint16_t type;
        enum dns_rcode rcode;
        uint16_t answers;
        uint16_t authority;
    } rows[] = {
        {"rpz.yumen.",                 DNS_SOA,      DNS_NOERROR,  1, 0},
        {"RPZ.Yumen.",                 DNS_NS,       DNS_NOERROR,  1, 0},
        {"rpz.yumen.",                 DNS_ANY_TYPE, DNS_NOERROR,  2, 0},
        {"rpz.yumen.",                 DNS_A,        DNS_NOERROR,  0, 1},
        {"evil.com.rpz.yumen.",        DNS_A,        DNS_NOERROR,  1, 0},
        {"EVIL.com.rpz.yumen.",        DNS_AAAA,     DNS_NOERROR,  1, 0},
        {"evil.com.rpz.yumen.",        DNS_ANY_TYPE, DNS_NOERROR,  2, 0},
        {"evil.com.rpz.yumen.",        TYPE_TXT,     DNS_NOERROR,  0, 1},
        {"x.y.evil.com.rpz.yumen.",    DNS_A,        DNS_NOERROR,  1, 0}, /* by the wildcard */
        {"good.evil.com.rpz.yumen.",   DNS_A,        DNS_NOERROR,  1, 0}, /* CNAME rpz-passthru. */
        {"z.good.evil.com.rpz.yumen.", DNS_A,        DNS_NXDOMAIN, 0, 1}, /* RFC 4592: hidden */
        {"com.rpz.yumen.",             DNS_A,        DNS_NOERROR,  0, 1}, /* on the way to names */
        {"b.deep.org.rpz.yumen.",      DNS_A,        DNS_NOERROR,  0, 1},
        {"c.b.deep.org.rpz.yumen.",    DNS_A,        DNS_NXDOMAIN, 0, 1},
        {"c.deep.org.rpz.yumen.",      DNS_A,        DNS_NOERROR,  1, 0},
        {"a.b.deep.org.rpz.yumen.",    DNS_A,        DNS_NOERROR,  1, 0},
        {"evilcom.rpz.yumen.",         DNS_A,        DNS_NXDOMAIN, 0, 1},
        {"net.rpz.yumen.",             DNS_A,        DNS_NXDOMAIN, 0, 1},
        {"evil.com.",                  DNS_A,        DNS_REFUSED,  0, 0},
        {".",                          DNS_NS,       DNS_REFUSED,  0, 0},
        {"yumen.",                     DNS_SOA,      DNS_REFUSED,  0, 0},
        {"evil.com.rpz.yumen.",        DNS_AXFR,     DNS_NOTAUTH,  0, 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *const senders[] = {LOCAL, PLAIN, STRANGER};
        for (size_t from = 0; from < COUNT_OF(senders); from++) {
            bool is_known = from < 2;
            assert_int_equal(ask(senders[from], i % 2 == 0, rows[i].name, rows[i].type).kind,
                             ANSWER_MESSAGE);
            assert_int_equal(count(2) & 0xF, is_known ? rows[i].rcode : DNS_REFUSED);
            assert_int_equal(count(6), is_known ? rows[i].answers : 0);
            assert_int_equal(count(8), is_known ? rows[i].authority : 0);
            assert_int_equal(count(4), 1);
        }
    }
}

static void transfers_are_for_secondaries(void **state)
{
    (void)state;
    static const struct {
        const char *from;
        bool is_tcp;
        uint16_t type;
        int rcode; /* -1: a transfer */
    } rows[] = {
        {PLAIN,    true,  DNS_AXFR, -1         },
        {PLAIN,    true,  DNS_IXFR, -1         },
        {PLAIN,    false, DNS_AXFR, DNS_FORMERR},
        {PLAIN,    false, DNS_IXFR, DNS_NOERROR}, /* one SOA: come by TCP */
        {KEYED,    true,  DNS_AXFR, DNS_REFUSED}, /* must sign */
        {KEYED,    true,  DNS_IXFR, DNS_REFUSED},
        {KEYED,    false, DNS_SOA,  DNS_REFUSED},
        {LOCAL,    true,  DNS_AXFR, DNS_REFUSED}, /* only when no secondary is declared */
        {LOCAL,    false, DNS_IXFR, DNS_REFUSED},
        {STRANGER, true,  DNS_AXFR, DNS_REFUSED},
        {STRANGER, false, DNS_IXFR, DNS_REFUSED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct answer a = ask(rows[i].from, rows[i].is_tcp, "rpz.yumen.", rows[i].type);
        assert_int_equal(a.kind, rows[i].rcode < 0 ? ANSWER_TRANSFER : ANSWER_MESSAGE);
        if (rows[i].rcode >= 0)
            assert_int_equal(count(2) & 0xF, rows[i].rcode);
    }
    struct peers kept = peers;
    peers = (struct peers){0};
    assert_int_equal(ask(LOCAL, true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_TRANSFER);
    assert_int_equal(ask("::1", true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_TRANSFER);
    assert_int_equal(ask("::ffff:127.0.0.1", true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_TRANSFER);
    assert_int_equal(ask(STRANGER, true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_MESSAGE);
    peers = kept;
}

static void a_loop_of_axfr_runs_dry(void **state)
{
    (void)state;
    struct peers kept = peers;
    size_t given = 0;
    for (size_t i = 0; i < 100; i++)
        given += ask(PLAIN, true, "rpz.yumen.", DNS_AXFR).kind == ANSWER_TRANSFER;
    assert_in_range(given, WHOLE_BURST - 4, WHOLE_BURST); /* an earlier test took some */
    assert_int_equal(count(2) & 0xF, DNS_REFUSED);
    now_s += WHOLE_REFILL_S;
    assert_int_equal(ask(PLAIN, true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_TRANSFER);
    assert_int_equal(ask(PLAIN, true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_MESSAGE);
    now_s -= 1000000; /* a clock set back does not shut the door for ever */
    (void)ask(PLAIN, true, "rpz.yumen.", DNS_AXFR);
    now_s += WHOLE_REFILL_S;
    assert_int_equal(ask(PLAIN, true, "rpz.yumen.", DNS_AXFR).kind, ANSWER_TRANSFER);
    now_s += 1000000 - 2 * WHOLE_REFILL_S;
    peers = kept;
}

/* Builds by hand what ldns would not: name, type, EDNS version and size, flags. */
static size_t packet_make(uint8_t packet[600], uint16_t flags, const char *name, uint32_t edns)
{
    struct dns_name wire;
    struct sheet s = {.at = packet, .room = 600};
    assert_false(failed(dns_name_parse(str_from_c(name), &wire)));
    sheet_u16(&s, 77);
    sheet_u16(&s, flags);
    sheet_u16(&s, 1);
    sheet_u32(&s, 0);
    sheet_u16(&s, edns == 0 ? 0 : 1);
    sheet_bytes(&s, wire.at, wire.size);
    sheet_u16(&s, DNS_ANY_TYPE);
    sheet_u16(&s, DNS_IN);
    if (edns == 0)
        return s.size;
    sheet_u8(&s, 0);
    sheet_u16(&s, DNS_OPT);
    sheet_u16(&s, (uint16_t)(edns & 0xFFFF));
    sheet_u32(&s, edns >> 16 << 16);
    sheet_u16(&s, 0);
    return s.size;
}

static void odd_packets_get_little_or_nothing(void **state)
{
    (void)state;
    uint8_t packet[600];
    size_t size = packet_make(packet, DNS_QR, "rpz.yumen", 0);
    assert_int_equal(ask_bytes(LOCAL, false, packet, size).kind, ANSWER_NONE);
    size = packet_make(packet, DNS_QR | DNS_NOTIFY << 11, "rpz.yumen", 0);
    assert_int_equal(ask_bytes(LOCAL, false, packet, size).kind, ANSWER_NONE);
    for (unsigned opcode = 1; opcode < 16; opcode++) {
        size = packet_make(packet, (uint16_t)(opcode << 11), "rpz.yumen", 0);
        assert_int_equal(ask_bytes(LOCAL, false, packet, size).rcode, DNS_NOTIMP);
        assert_int_equal(reply.size, DNS_HEADER_BYTES);
    }
    size = packet_make(packet, 0, "rpz.yumen", 0);
    for (size_t cut = 0; cut < size; cut++) {
        struct answer a = ask_bytes(LOCAL, false, packet, cut);
        assert_int_equal(a.kind, cut < DNS_HEADER_BYTES ? ANSWER_NONE : ANSWER_MESSAGE);
        assert_true(cut < DNS_HEADER_BYTES || a.rcode == DNS_FORMERR);
    }
    size = packet_make(packet, DNS_RD, "rpz.yumen", 0x00010000 | 1400); /* EDNS version 1 */
    assert_int_equal(ask_bytes(LOCAL, false, packet, size).rcode, DNS_BADVERS);
    assert_int_equal(count(2) & 0xF, 0);
    assert_int_equal(reply.at[reply.size - 6], 1); /* and its upper bits in OPT */
    size = packet_make(packet, DNS_RD, "evil.com.rpz.yumen", 4096);
    (void)ask_bytes(LOCAL, false, packet, size);
    assert_int_equal(count(2), DNS_QR | DNS_AA | DNS_RD);
    assert_int_equal(count(10), 1);
}

/* Every sort of question, signed or not, from a stranger: never more bytes than he sent. */
static void a_stranger_gains_nothing(void **state)
{
    (void)state;
    static const uint16_t types[] = {DNS_SOA, DNS_NS, DNS_A, DNS_ANY_TYPE, DNS_AXFR, DNS_IXFR};
    struct oracle_key forged = {"k.x.", "hmac-sha256.", WRONG, {0}, 0, false};
    struct oracle_key unknown = {"a.key.nobody.knows.", "hmac-sha512.", SECRET, {0}, 0, false};
    struct oracle_key *const signatures[] = {NULL, &forged, &unknown};
    for (size_t i = 0; i < COUNT_OF(types) * COUNT_OF(signatures); i++) {
        uint8_t packet[1024];
        size_t size =
            oracle_request(packet, i % 2 == 0 ? "rpz.yumen." : "a.evil.com.rpz.yumen.",
                           types[i % COUNT_OF(types)], 3, signatures[i / COUNT_OF(types)]);
        assert_int_equal(ask_bytes(STRANGER, false, packet, size).kind, ANSWER_MESSAGE);
        assert_in_range(reply.size, DNS_HEADER_BYTES, size);
    }
    /* The key's name as a pointer to a long question: unpacked it would be twice as long. */
    uint8_t packet[600];
    static const char tail[] = "\300\014\0\372\0\377\0\0\0\0\0\022\300\014\0\0\0\0\0\0\1\54\0\0"
                               "\0\0\0\0\0\0";
    size_t size = packet_make(packet, 0,
                              "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                              "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
                              "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc."
                              "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd",
                              0);
    memcpy(packet + size, tail, sizeof tail - 1);
    packet[11] = 1;
    size += sizeof tail - 1;
    struct answer a = ask_bytes(STRANGER, false, packet, size);
    assert_int_equal(a.tsig, TSIG_BADKEY);
    assert_int_equal(reply.size, DNS_HEADER_BYTES);
    assert_int_equal(ask_bytes(STRANGER, true, packet, size).tsig, TSIG_BADKEY);
    assert_true(reply.size > size); /* over TCP there is somebody there */
}

static void cut_off_when_it_does_not_fit(void **state)
{
    (void)state;
    /* A zone whose notice host has a long name, asked without EDNS by a long name. */
    static const struct dns_times times = {5, 30, 10, 3600};
    struct rpz_forms kept = forms;
    struct dns_notice notice = {
        .cname = STR("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                     "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
                     "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc."
                     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd")};
    assert_false(failed(rpz_forms_make(STR("rpz.yumen"), &notice, &times, &forms)));
    static const char name[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
                               "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb."
                               "ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc."
                               "ddddddddddddddddddddddddddddddd.evil.com.rpz.yumen.";
    uint8_t packet[600];
    size_t size = packet_make(packet, 0, name, 0);
    (void)ask_bytes(LOCAL, false, packet, size);
    assert_int_equal(count(2) & DNS_TC, DNS_TC);
    assert_int_equal(count(6), 0);
    size = packet_make(packet, 0, name, 1400);
    (void)ask_bytes(LOCAL, false, packet, size);
    assert_int_equal(count(2) & DNS_TC, 0);
    assert_int_equal(count(6), 1);
    size = packet_make(packet, 0, name, 0);
    (void)ask_bytes(LOCAL, true, packet, size);
    assert_int_equal(count(6), 1);
    forms = kept;
}

/* --- signatures --- */

static struct answer ask_signed(struct oracle_key *key, uint16_t type)
{
    uint8_t packet[1024];
    size_t size = oracle_request(packet, "rpz.yumen.", type, 3, key);
    return ask_bytes(KEYED, false, packet, size);
}

static void signatures_are_checked_and_given(void **state)
{
    (void)state;
    struct oracle_key right = {"K.x.", "hmac-sha256.", SECRET, {0}, 0, false};
    struct oracle_key wrong = {"k.x.", "hmac-sha256.", WRONG, {0}, 0, false};
    struct oracle_key other = {"l.x.", "hmac-sha256.", SECRET, {0}, 0, false};
    struct oracle_key cross = {"k.x.", "hmac-sha512.", SECRET, {0}, 0, false};
    struct oracle_key idle = {"k5.x.", "hmac-sha512.", SECRET, {0}, 0, false};
    assert_int_equal(ask_signed(&right, DNS_SOA).rcode, DNS_NOERROR);
    assert_true(oracle_verify(&right, reply.at, reply.size));
    reply.at[20] ^= 0x20; /* the question's letter case: somebody touched it */
    assert_int_equal(ask_signed(&right, DNS_SOA).rcode, DNS_NOERROR);
    reply.at[reply.size - 1] ^= 1;
    assert_false(oracle_verify(&right, reply.at, reply.size));

    assert_int_equal(ask_signed(&wrong, DNS_SOA).tsig, TSIG_BADSIG);
    assert_int_equal(count(2) & 0xF, DNS_NOTAUTH);
    assert_int_equal(ask_signed(&other, DNS_SOA).tsig, TSIG_BADKEY);
    assert_int_equal(count(2) & 0xF, DNS_NOTAUTH);
    assert_int_equal(ask_signed(&cross, DNS_SOA).tsig, TSIG_BADKEY);
    /* A key that holds but belongs to no secondary opens nothing. */
    struct answer a = ask_signed(&idle, DNS_SOA);
    assert_int_equal(a.tsig, TSIG_OK);
    assert_int_equal(a.rcode, DNS_REFUSED);
    assert_int_equal(a.peer, PEER_UNKNOWN);
}

static void every_changed_byte_is_noticed(void **state)
{
    (void)state;
    struct oracle_key key = {"k.x.", "hmac-sha256.", SECRET, {0}, 0, false};
    uint8_t packet[1024];
    size_t size = oracle_request(packet, "rpz.yumen.", DNS_IXFR, 3, &key);
    assert_int_equal(ask_bytes(KEYED, false, packet, size).rcode, DNS_NOERROR);
    for (size_t i = 2; i < size; i++) { /* the id may be a forwarder's: TSIG keeps its own */
        packet[i] ^= 0x41;
        struct answer a = ask_bytes(KEYED, false, packet, size);
        assert_true(a.kind == ANSWER_NONE || a.rcode != DNS_NOERROR);
        packet[i] ^= 0x41;
    }
}

static void a_clock_that_is_off_is_told(void **state)
{
    (void)state;
    struct oracle_key key = {"k.x.", "hmac-sha256.", SECRET, {0}, 0, false};
    uint64_t kept = now_s;
    now_s = kept + 1000;
    struct answer a = ask_signed(&key, DNS_SOA);
    assert_int_equal(a.tsig, TSIG_BADTIME);
    assert_int_equal(a.rcode, DNS_NOTAUTH);
    /* Signed on his time, with ours as other data: the last six bytes. */
    uint64_t told = 0;
    for (size_t i = reply.size - 6; i < reply.size; i++)
        told = told << 8 | reply.at[i];
    assert_int_equal(told, now_s);
    assert_true(oracle_verify(&key, reply.at, reply.size));
    now_s = kept - 1000;
    assert_int_equal(ask_signed(&key, DNS_SOA).tsig, TSIG_BADTIME);
    now_s = kept + 200;
    assert_int_equal(ask_signed(&key, DNS_SOA).tsig, TSIG_OK);
    now_s = kept;
}

/* RFC 8945 5.2.2.1 */
static void a_cut_mac_is_no_mac(void **state)
{
    (void)state;
    static const struct {
        uint16_t mac_size;
        enum tsig_error error;
    } rows[] = {
        {0,  TSIG_MALFORMED},
        {9,  TSIG_MALFORMED},
        {15, TSIG_MALFORMED},
        {16, TSIG_BADTRUNC },
        {31, TSIG_BADTRUNC },
        {33, TSIG_MALFORMED},
        {64, TSIG_MALFORMED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint8_t packet[600];
        struct sheet s = {.at = packet, .room = sizeof packet};
        s.size = packet_make(packet, 0, "rpz.yumen", 0);
        packet[11] = 1;
        sheet_bytes(&s, "\001k\001x\0\0\372\0\377\0\0\0\0", 13);
        sheet_u16(&s, (uint16_t)(13 + 16 + rows[i].mac_size));
        sheet_bytes(&s, "\013hmac-sha256", 13);
        sheet_u48(&s, now_s);
        sheet_u16(&s, 300);
        sheet_u16(&s, rows[i].mac_size);
        for (size_t k = 0; k < rows[i].mac_size; k++)
            sheet_u8(&s, 'm');
        sheet_u16(&s, 77);
        sheet_u32(&s, 0);
        struct answer a = ask_bytes(KEYED, false, packet, s.size);
        assert_int_equal(a.tsig, rows[i].error);
        assert_int_equal(a.rcode, rows[i].error == TSIG_MALFORMED ? DNS_FORMERR : DNS_NOTAUTH);
    }
}

static void keys_that_are_none_are_refused(void **state)
{
    (void)state;
    struct tsig_keys k = {0};
    assert_true(failed(tsig_keys_put(&k, STR("a"), STR("hmac-md5"), STR(SECRET))));
    assert_true(failed(tsig_keys_put(&k, STR("a"), STR("hmac-sha256"), STR("c2hvcnQ="))));
    assert_true(failed(tsig_keys_put(&k, STR("a"), STR("hmac-sha256"), STR("no base64!"))));
    assert_true(failed(tsig_keys_put(&k, STR("a b"), STR("hmac-sha256"), STR(SECRET))));
    assert_false(failed(tsig_keys_put(&k, STR("a."), STR("hmac-sha256"), STR(SECRET))));
    assert_true(failed(tsig_keys_put(&k, STR("A"), STR("hmac-sha512"), STR(SECRET))));
    assert_int_equal(k.count, 1);
    tsig_keys_done(&k);
}

/* --- NOTIFY --- */

static uint8_t notify_bytes[1024];

static struct sheet step(struct notify *n, const struct tsig_key *key, int64_t now_ms)
{
    struct sheet s = {.at = notify_bytes, .room = sizeof notify_bytes};
    struct notify_send send = {&forms, key, (uint16_t)(now_ms * 7 + 1), now_ms, now_s};
    if (!notify_step(n, &send, &s))
        s.size = 0;
    return s;
}

static void notify_goes_on_until_heard(void **state)
{
    (void)state;
    struct notify n = {0};
    assert_false(notify_is_due(&n, 1000));
    notify_want(&n, 8, 1000);
    assert_true(notify_is_due(&n, 1000));
    assert_true(oracle_parses(notify_bytes, step(&n, NULL, 1000).size));
    assert_memory_equal(notify_bytes + 2, "\x24\0\0\1\0\1\0\0\0\0", 10); /* NOTIFY, AA, with SOA */

    notify_want(&n, 9, 1010); /* several serials at once are one message */
    notify_want(&n, 10, 1020);
    assert_false(notify_is_due(&n, 1049));
    assert_true(notify_is_due(&n, 1050));
    (void)step(&n, NULL, 1050);
    assert_int_equal(n.serial, 10);

    int64_t at_ms = 1050;
    int64_t wait_ms = NOTIFY_FIRST_WAIT_MS;
    for (unsigned tries = 1; tries < NOTIFY_TRIES; tries++, wait_ms *= 2) {
        at_ms += wait_ms;
        assert_false(notify_is_due(&n, at_ms - 1));
        assert_true(notify_is_due(&n, at_ms));
        assert_true(step(&n, NULL, at_ms).size > 0);
    }
    at_ms += wait_ms;
    assert_int_equal(step(&n, NULL, at_ms).size, 0); /* gives up */
    assert_false(notify_is_due(&n, at_ms + 1000000));
    notify_want(&n, 11, at_ms + 1000000); /* until there is news */
    assert_true(notify_is_due(&n, at_ms + 1000000));
}

static enum notify_heard hear(struct notify *n, uint16_t id, uint16_t flags)
{
    uint8_t packet[600];
    struct dns_request r;
    size_t size = packet_make(packet, flags, "rpz.yumen", 0);
    packet[0] = (uint8_t)(id >> 8);
    packet[1] = (uint8_t)id;
    assert_int_equal(request_parse(packet, size, &r), REQUEST_OK);
    return notify_hear(n, packet, &r, now_s);
}

static void only_its_answer_is_heard(void **state)
{
    (void)state;
    enum { OPCODE = DNS_NOTIFY << 11 };
    struct notify n = {0};
    assert_int_equal(hear(&n, 0, DNS_QR | OPCODE), NOTIFY_STRAY); /* nothing was sent */
    notify_want(&n, 8, 1000);
    (void)step(&n, NULL, 1000);
    assert_int_equal(hear(&n, n.id ^ 1, DNS_QR | OPCODE), NOTIFY_STRAY);
    assert_int_equal(hear(&n, n.id, DNS_QR), NOTIFY_STRAY);
    assert_int_equal(hear(&n, n.id, OPCODE), NOTIFY_STRAY);
    assert_int_equal(hear(&n, n.id, DNS_QR | OPCODE | DNS_REFUSED), NOTIFY_REFUSED);
    assert_int_equal(n.state, NOTIFY_WAITING); /* tries again */
    assert_int_equal(hear(&n, n.id, DNS_QR | OPCODE), NOTIFY_HEARD);
    assert_int_equal(hear(&n, n.id, DNS_QR | OPCODE), NOTIFY_STRAY);

    notify_want(&n, 9, 2000);
    (void)step(&n, &keys.at[0], 2000);
    assert_int_equal(hear(&n, n.id, DNS_QR | OPCODE), NOTIFY_FORGED); /* must be signed */
    assert_int_equal(n.state, NOTIFY_WAITING);
}

/* A secondary made of our own parts: the request's check and the reply's signature. */
static void a_signed_answer_is_heard(void **state)
{
    (void)state;
    struct notify n = {0};
    struct dns_request request, response;
    struct tsig_session session;
    uint8_t bytes[600];
    notify_want(&n, 8, 1000);
    struct sheet asked = step(&n, &keys.at[1], 1000);
    assert_int_equal(request_parse(asked.at, asked.size, &request), REQUEST_OK);
    assert_int_equal(tsig_check(&keys, asked.at, &request.tsig, now_s, &session), TSIG_OK);
    struct sheet s = {.at = bytes, .room = sizeof bytes};
    s.size = packet_make(bytes, DNS_QR | DNS_NOTIFY << 11, "rpz.yumen", 0);
    sheet_set_u16(&s, 0, n.id);
    tsig_sign(&session, &s, now_s);
    bytes[s.size - 10] ^= 1; /* in the MAC */
    assert_int_equal(request_parse(bytes, s.size, &response), REQUEST_OK);
    assert_int_equal(notify_hear(&n, bytes, &response, now_s), NOTIFY_FORGED);
    bytes[s.size - 10] ^= 1;
    assert_int_equal(notify_hear(&n, bytes, &response, now_s + 400), NOTIFY_FORGED);
    assert_int_equal(notify_hear(&n, bytes, &response, now_s), NOTIFY_HEARD);
}

static void forms_are_checked(void **state)
{
    (void)state;
    static const struct dns_times times = {5, 30, 10, 3600};
    static const struct dns_notice good = {.a = STR("192.0.2.80")};
    static const struct dns_notice bad[] = {
        {STR(""),            STR(""),          STR("")              },
        {STR("192.0.2.256"), STR(""),          STR("")              },
        {STR("2001:db8::1"), STR(""),          STR("")              },
        {STR(""),            STR("192.0.2.1"), STR("")              },
        {STR(""),            STR(""),          STR("not a name")    },
        {STR("192.0.2.1"),   STR(""),          STR("notice.example")},
    };
    struct rpz_forms made;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_true(failed(rpz_forms_make(STR("rpz.yumen"), &bad[i], &times, &made)));
    assert_true(failed(rpz_forms_make(STR("."), &good, &times, &made)));
    assert_true(failed(rpz_forms_make(STR("*.yumen"), &good, &times, &made)));
    assert_false(failed(rpz_forms_make(STR("z"), &good, &times, &made)));
    assert_int_equal(made.policy[RPZ_NOTICE].count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_answered),
        cmocka_unit_test(transfers_are_for_secondaries),
        cmocka_unit_test(a_loop_of_axfr_runs_dry),
        cmocka_unit_test(odd_packets_get_little_or_nothing),
        cmocka_unit_test(a_stranger_gains_nothing),
        cmocka_unit_test(cut_off_when_it_does_not_fit),
        cmocka_unit_test(signatures_are_checked_and_given),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(a_clock_that_is_off_is_told),
        cmocka_unit_test(a_cut_mac_is_no_mac),
        cmocka_unit_test(keys_that_are_none_are_refused),
        cmocka_unit_test(notify_goes_on_until_heard),
        cmocka_unit_test(only_its_answer_is_heard),
        cmocka_unit_test(a_signed_answer_is_heard),
        cmocka_unit_test(forms_are_checked),
    };
    return cmocka_run_group_tests_name("gate/dns/answer", tests, open_all, close_all);
}
