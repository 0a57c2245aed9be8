/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a network gets its rate and no more, kinds and networks apart; every second answer beyond
 * it is cut; who waits gets it again; and a flood from everywhere costs no memory and does not
 * shut the table to somebody new.
 * Method: the clock is a number. Sums over simulated seconds, at several rates.
 */
#include "gate/dnsbl/rate.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct rate_line lines[RATE_LINES];

static struct rate make(int64_t per_s, uint32_t slip)
{
    memset(lines, 0, sizeof lines);
    return (struct rate){.lines = lines,
                         .seed = 20261122,
                         .cost_us = per_s == 0 ? 0 : 1000000 / per_s,
                         .slip = slip};
}

static struct net_host v4(uint32_t address)
{
    struct net_host h = {.family = AF_INET};
    uint32_t net = htonl(address);
    memcpy(h.bytes, &net, sizeof net);
    return h;
}

struct sums {
    unsigned passed;
    unsigned cut;
    unsigned dropped;
};

static void add(struct sums *sums, enum rate_verdict v)
{
    sums->passed += v == RATE_PASS;
    sums->cut += v == RATE_CUT;
    sums->dropped += v == RATE_DROP;
}

static void a_network_gets_its_rate(void **state)
{
    (void)state;
    static const unsigned rates[] = {1, 5, 200, 100000};
    for (size_t i = 0; i < COUNT_OF(rates); i++) {
        struct rate r = make(rates[i], 2);
        struct net_host h = v4(0xC0000201);
        struct sums sums = {0};
        unsigned asked = 0;
        for (int64_t us = 1; us < 10000000; us += 5, asked++) /* 200,000 a second for ten */
            add(&sums, rate_take(&r, &h, 0, us));
        assert_in_range(sums.passed, 10 * rates[i], 11 * rates[i] + 1); /* and the bucket */
        assert_int_equal(sums.passed + sums.cut + sums.dropped, asked);
        assert_in_range(sums.cut * 2, (sums.cut + sums.dropped) * 9 / 10 - rates[i],
                        sums.cut + sums.dropped);
    }
}

static void none_is_no_limit(void **state)
{
    (void)state;
    struct rate r = make(0, 2);
    struct net_host h = v4(1);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(rate_take(&r, &h, 0, 5), RATE_PASS);
}

static void without_slip_nothing_is_cut(void **state)
{
    (void)state;
    struct rate r = make(2, 0);
    struct net_host h = v4(1);
    struct sums sums = {0};
    for (int i = 0; i < 100; i++)
        add(&sums, rate_take(&r, &h, 0, 1));
    assert_int_equal(sums.passed, 2);
    assert_int_equal(sums.cut, 0);
}

static void exhaust(struct rate *r, const struct net_host *h, unsigned kind, int64_t now_us)
{
    while (rate_take(r, h, kind, now_us) == RATE_PASS) {
    }
}

static void who_waits_gets_it_again(void **state)
{
    (void)state;
    struct rate r = make(10, 2);
    struct net_host h = v4(0xC0000201);
    exhaust(&r, &h, 0, 1000);
    assert_int_not_equal(rate_take(&r, &h, 0, 1000 + 99999), RATE_PASS);
    assert_int_equal(rate_take(&r, &h, 0, 1000 + 100000), RATE_PASS);
    assert_int_not_equal(rate_take(&r, &h, 0, 1000 + 100000), RATE_PASS);
    for (int i = 0; i < 10; i++) /* and all of it after a second */
        assert_int_equal(rate_take(&r, &h, 0, 1000 + 1200000), RATE_PASS);
}

static void neighbours_share_and_strangers_do_not(void **state)
{
    (void)state;
    struct rate r = make(10, 2);
    struct net_host a = v4(0xC0000201);
    struct net_host neighbour = v4(0xC00002FE);
    struct net_host stranger = v4(0xC0000301);
    struct net_host six = {
        .family = AF_INET6, .bytes = {0x20, 1, 0xD, 0xB8, 0, 0, 1}
    };
    struct net_host near = six;
    struct net_host far = six;
    near.bytes[7] = 9; /* behind /56 */
    far.bytes[6] = 2;
    exhaust(&r, &a, 0, 1);
    exhaust(&r, &six, 0, 1);
    assert_int_not_equal(rate_take(&r, &neighbour, 0, 1), RATE_PASS);
    assert_int_not_equal(rate_take(&r, &near, 0, 1), RATE_PASS);
    assert_int_equal(rate_take(&r, &stranger, 0, 1), RATE_PASS);
    assert_int_equal(rate_take(&r, &far, 0, 1), RATE_PASS);
    assert_int_equal(rate_take(&r, &a, 1, 1), RATE_PASS); /* another kind */
}

static void a_flood_from_everywhere_shuts_out_nobody(void **state)
{
    (void)state;
    struct rate r = make(5, 2);
    struct sums sums = {0};
    for (uint32_t net = 0; net < 1000000; net++) {
        struct net_host h = v4(net << 8);
        add(&sums, rate_take(&r, &h, 0, 1000 + net));
    }
    assert_int_equal(sums.passed, 1000000);
    /* The loudest is still known among them: it is kept, and the quiet are forgotten. */
    struct net_host loud = v4(0xCB007101);
    exhaust(&r, &loud, 0, 2000000);
    for (uint32_t net = 0; net < 100000; net++) {
        struct net_host h = v4(net << 8);
        (void)rate_take(&r, &h, 0, 2000001);
    }
    assert_int_not_equal(rate_take(&r, &loud, 0, 2000002), RATE_PASS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_gets_its_rate),
        cmocka_unit_test(none_is_no_limit),
        cmocka_unit_test(without_slip_nothing_is_cut),
        cmocka_unit_test(who_waits_gets_it_again),
        cmocka_unit_test(neighbours_share_and_strangers_do_not),
        cmocka_unit_test(a_flood_from_everywhere_shuts_out_nobody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
