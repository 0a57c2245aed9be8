/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a secondary gets by AXFR is the zone, and what it gets by IXFR turns the zone it had
 * into the zone there is, record for record; and every message is signed as RFC 8945 says.
 * Method: random steps; ldns parses every message, plays it onto a set as a strict secondary, and
 * checks each signature; the set is compared with the names themselves.
 */
#include "env/clock.h"
#include "gate/dns/answer.h"
#include "gate/dns/oracle.h"

#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORLD = 700, NAME_ROOM = 64, PAST = 30 };

static const struct rpz_limits limits = {
    .zone_name_bytes = 11, .entries = 100000, .history_count = 25, .history_bytes = 1 << 22};
static const struct dns_times times = {5, 30, 10, 3600};

static uint64_t seed = 7;

static uint32_t dice(uint32_t sides)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(seed >> 33) % sides;
}

/* --- a primary, and what its zone must look like --- */

struct primary {
    struct rpz_forms forms;
    struct rpz_zone zone;
    struct tsig_keys keys;
    struct peers peers;
    struct answerer answerer;
    char name[WORLD][NAME_ROOM];
    uint8_t policy[WORLD];
};

static struct primary primary;

static void primary_open(struct primary *p, struct dns_notice notice)
{
    *p = (struct primary){0};
    assert_false(failed(rpz_forms_make(STR("rpz.yumen."), &notice, &times, &p->forms)));
    struct rpz_start start = {.serial = 100};
    struct rpz_step made;
    rpz_zone_init(&p->zone, &limits);
    assert_false(failed(rpz_zone_load(&p->zone, &start, &made)));
    assert_false(failed(tsig_keys_put(&p->keys, STR("k.example"), STR("hmac-sha256"),
                                      STR("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))));
    assert_false(failed(tsig_keys_put(&p->keys, STR("k512.example"), STR("hmac-sha512"),
                                      STR("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="))));
    struct sockaddr_storage address;
    assert_false(failed(net_address_parse(STR("192.0.2.1"), 53, &address)));
    for (size_t i = 0; i < 2; i++)
        assert_false(failed(peers_put(&p->peers, &address, i)));
    assert_false(failed(peers_put(&p->peers, &address, PEER_NO_KEY)));
    p->answerer = (struct answerer){&p->forms, &p->zone, &p->keys, &p->peers, false};
    for (unsigned i = 0; i < WORLD; i++)
        snprintf(p->name[i], NAME_ROOM,
                 i % 3 == 0   ? "*.host%u.example.com"
                 : i % 3 == 1 ? "host%u.example.com"
                              : "a.rather-longer-label-%u.b.test",
                 i / 3);
}

static void primary_close(struct primary *p)
{
    rpz_zone_done(&p->zone);
    tsig_keys_done(&p->keys);
}

static void primary_change(struct primary *p, uint32_t serial, size_t count)
{
    static struct rpz_entry changes[WORLD];
    for (size_t i = 0; i < count; i++) {
        size_t name = dice(WORLD);
        p->policy[name] = (uint8_t)(dice(3) == 0 ? RPZ_NONE : dice(RPZ_POLICY_COUNT));
        changes[i] =
            (struct rpz_entry){str_from_c(p->name[name]), (enum rpz_policy)p->policy[name]};
    }
    struct rpz_step made;
    assert_false(failed(rpz_zone_step(&p->zone, serial, changes, count, &made)));
}

static void line_put(struct oracle_set *set, const char *owner, const char *rest)
{
    char line[ORACLE_LINE_BYTES];
    snprintf(line, sizeof line, "%s%srpz.yumen.\t5\tIN\t%s", owner, *owner == '\0' ? "" : ".",
             rest);
    oracle_put(set, line);
}

/* The records as the draft spells them, written down here a second time. */
static void expect(struct primary *p, struct oracle_set *set, bool is_cname)
{
    set->count = 0;
    line_put(set, "", "NS\tlocalhost.");
    for (size_t i = 0; i < WORLD; i++) {
        const char *owner = p->name[i];
        switch ((enum rpz_policy)p->policy[i]) {
        case RPZ_NOTICE:
            if (is_cname) {
                line_put(set, owner, "CNAME\tnotice.example.");
                break;
            }
            line_put(set, owner, "A\t192.0.2.80");
            line_put(set, owner, "AAAA\t2001:db8::80");
            break;
        case RPZ_NXDOMAIN:
            line_put(set, owner, "CNAME\t.");
            break;
        case RPZ_NODATA:
            line_put(set, owner, "CNAME\t*.");
            break;
        case RPZ_PASSTHRU:
            line_put(set, owner, "CNAME\trpz-passthru.");
            break;
        case RPZ_TCP_ONLY:
            line_put(set, owner, "CNAME\trpz-tcp-only.");
            break;
        case RPZ_NONE:
        case RPZ_POLICY_COUNT:
            break;
        }
    }
}

/* Asks as a secondary would, over TCP from 192.0.2.1, and plays the answer. */
static void fetch(struct primary *p, uint16_t type, struct oracle_transfer *t,
                  struct oracle_key *key)
{
    uint8_t packet[1024];
    uint8_t bytes[XFER_MESSAGE_BYTES];
    uint64_t now_s = (uint64_t)(env_now().us / US_PER_S);
    struct sockaddr_in sender = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(0xC0000201)};
    struct dns_ask ask = {.packet = packet,
                          .size = oracle_request(packet, "rpz.yumen.", type, t->serial, key),
                          .sender = (struct sockaddr *)&sender,
                          .is_tcp = true,
                          .now_s = now_s};
    struct sheet sheet = {.at = bytes, .room = sizeof bytes};
    struct xfer x;
    p->peers.whole[0].taken = p->peers.whole[1].taken = p->peers.whole[2].taken = 0;
    struct answer answer = answer_make(&p->answerer, &ask, &sheet, &x);
    assert_int_equal(answer.kind, ANSWER_TRANSFER);
    uint64_t sum = 0;
    for (sheet.size = 0; xfer_fill(&x, &sheet, now_s); sheet.size = 0) {
        assert_in_range(sheet.size, DNS_HEADER_BYTES, XFER_MESSAGE_BYTES);
        sum += sheet.size;
        oracle_transfer_take(t, bytes, sheet.size);
        if (key != NULL)
            assert_true(oracle_verify(key, bytes, sheet.size));
    }
    assert_int_equal(sum, x.bytes);
    xfer_done(&x);
}

/* --- the goals --- */

static const struct dns_notice addresses = {.a = STR("192.0.2.80"), .aaaa = STR("2001:db8::80")};
static const struct dns_notice cname = {.cname = STR("notice.example")};

struct secondary {
    struct oracle_set zone;
    uint32_t serial;
};

static struct secondary secondaries[6];
static struct oracle_set expected;

static struct oracle_key *key_for(size_t secondary)
{
    static struct oracle_key keys[2] = {
        {.name = "k.example.",
         .algorithm = "hmac-sha256.",
         .secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="},
        {.name = "k512.example.",
         .algorithm = "hmac-sha512.",
         .secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="},
    };
    return secondary % 3 == 2 ? NULL : &keys[secondary % 3];
}

/* Secondaries that look in now and then: some every time, some after long absence. */
static void secondaries_follow(bool is_cname)
{
    struct primary *p = &primary;
    primary_open(p, is_cname ? cname : addresses);
    size_t whole = 0;
    size_t several = 0;
    uint32_t serial = 100;
    for (size_t i = 0; i < COUNT_OF(secondaries); i++)
        secondaries[i] = (struct secondary){.serial = 0};
    for (unsigned round = 0; round < 120; round++) {
        serial += 1 + dice(2);
        primary_change(p, serial, dice(12) == 0 ? dice(WORLD) : dice(5));
        expect(p, &expected, is_cname);
        for (size_t i = 0; i < COUNT_OF(secondaries); i++) {
            struct secondary *s = &secondaries[i];
            if (round != 119 && dice((uint32_t)(i * i + 1)) != 0)
                continue;
            struct oracle_transfer t;
            oracle_transfer_begin(&t, &s->zone, s->serial);
            fetch(p, s->serial == 0 ? DNS_AXFR : DNS_IXFR, &t, key_for(i));
            assert_int_equal(t.stage, ORACLE_ENDED);
            assert_int_equal(t.serial, serial);
            oracle_compare(&s->zone, &expected);
            whole += t.is_whole;
            several += !t.is_whole && t.serial - s->serial > 4; /* two steps at least */
            assert_in_range(t.diffs, 0, 1);
            s->serial = t.serial;
        }
    }
    assert_true(whole > COUNT_OF(secondaries)); /* some came too late for the history */
    assert_true(several > 20);                  /* condensed */
    primary_close(p);
}

static void secondaries_hold_the_zone(void **state)
{
    (void)state;
    secondaries_follow(false);
}

static void secondaries_hold_the_zone_by_cname(void **state)
{
    (void)state;
    secondaries_follow(true);
}

/* A secondary that is served while the zone moves on gets the state it began with. */
static void a_slow_reader_sees_one_state(void **state)
{
    (void)state;
    struct primary *p = &primary;
    primary_open(p, addresses);
    primary_change(p, 101, WORLD);
    primary_change(p, 102, WORLD);
    expect(p, &expected, false);

    uint8_t bytes[XFER_ROOM_MIN];
    struct xfer whole, diffs;
    xfer_begin(&whole, &p->forms, p->zone.now, NULL);
    xfer_begin(&diffs, &p->forms, p->zone.now, rpz_zone_find_diff(&p->zone, 100));
    struct dns_request request = {.name = p->forms.zone, .question_size = 15};
    uint8_t question[15] = {3, 'r', 'p', 'z', 5, 'y', 'u', 'm', 'e', 'n', 0, 0, 252, 0, 1};
    struct tsig_session unsigned_session = {0};
    request.question = question;
    xfer_ask(&whole, &request, &unsigned_session);
    xfer_ask(&diffs, &request, &unsigned_session);

    struct oracle_transfer t[2];
    secondaries[0].zone.count = secondaries[1].zone.count = 0;
    line_put(&secondaries[1].zone, "", "NS\tlocalhost.");
    oracle_transfer_begin(&t[0], &secondaries[0].zone, 0);
    oracle_transfer_begin(&t[1], &secondaries[1].zone, 100);
    bool goes_on = true;
    for (uint32_t serial = 103; goes_on; serial++) {
        primary_change(p, serial, 50); /* more than the history holds */
        goes_on = false;
        for (size_t i = 0; i < 2; i++) {
            struct sheet sheet = {.at = bytes, .room = sizeof bytes};
            if (!xfer_fill(i == 0 ? &whole : &diffs, &sheet, 0))
                continue;
            oracle_transfer_take(&t[i], bytes, sheet.size);
            goes_on = true;
        }
    }
    primary_close(p); /* even now */
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(t[i].stage, ORACLE_ENDED);
        assert_int_equal(t[i].serial, 102);
        assert_true(t[i].messages > 3);
        oracle_compare(&secondaries[i].zone, &expected);
    }
    xfer_done(&whole);
    xfer_done(&diffs);
}

static void who_has_it_is_told_so(void **state)
{
    (void)state;
    struct primary *p = &primary;
    primary_open(p, addresses);
    primary_change(p, 105, 20);
    const uint32_t has[] = {105, 106, 105 + UINT32_C(0x7FFFFFFF)};
    for (size_t i = 0; i < COUNT_OF(has); i++) {
        struct oracle_transfer t;
        oracle_transfer_begin(&t, &secondaries[0].zone, has[i]);
        secondaries[0].zone.count = 0;
        fetch(p, DNS_IXFR, &t, key_for(i));
        assert_int_equal(t.stage, ORACLE_SECOND); /* one SOA and no more */
        assert_int_equal(t.newest, 105);
        assert_int_equal(t.messages, 1);
    }
    primary_close(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secondaries_hold_the_zone),
        cmocka_unit_test(secondaries_hold_the_zone_by_cname),
        cmocka_unit_test(a_slow_reader_sees_one_state),
        cmocka_unit_test(who_has_it_is_told_so),
    };
    return cmocka_run_group_tests_name("gate/dns/xfer", tests, NULL, NULL);
}
