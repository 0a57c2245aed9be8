/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an address is of a network exactly when its first bits are the network's.
 * Method: a table; and for every length of prefix, an address with one bit turned, which must be of
 * the network exactly when that bit is behind the prefix.
 */
#include "env/nets.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static struct net_host host(str address)
{
    struct sockaddr_storage parsed;
    assert_false(failed(net_address_parse(address, 53, &parsed)));
    return net_host_of((const struct sockaddr *)&parsed);
}

static bool has(const struct nets *n, str address)
{
    struct net_host h = host(address);
    return nets_has(n, &h);
}

static void this_machine_is_loopback(void **state)
{
    (void)state;
    struct nets n = {0};
    assert_false(has(&n, STR("127.0.0.1")));
    nets_put_loopback(&n);
    assert_true(has(&n, STR("127.0.0.1")));
    assert_true(has(&n, STR("127.255.255.255")));
    assert_true(has(&n, STR("::1")));
    assert_true(has(&n, STR("::ffff:127.0.0.9"))); /* IPv4 inside IPv6 is IPv4 */
    assert_false(has(&n, STR("128.0.0.1")));
    assert_false(has(&n, STR("126.255.255.255")));
    assert_false(has(&n, STR("::2")));
    assert_false(has(&n, STR("::")));
    assert_false(has(&n, STR("7f00::1")));
}

static void each_bit_counts_up_to_the_prefix(void **state)
{
    (void)state;
    static const str addresses[] = {STR("203.0.113.170"), STR("2001:db8:55aa:ff00:1234::f00f")};
    for (size_t a = 0; a < COUNT_OF(addresses); a++) {
        struct net_host own = host(addresses[a]);
        unsigned most = own.family == AF_INET ? 32 : 128;
        for (unsigned bits = 0; bits <= most; bits++) {
            struct nets n = {0};
            assert_false(failed(nets_put(&n, addresses[a], bits)));
            assert_true(nets_has(&n, &own));
            for (unsigned turned = 0; turned < most; turned++) {
                struct net_host other = own;
                other.bytes[turned / 8] ^= (uint8_t)(0x80 >> turned % 8);
                assert_int_equal(nets_has(&n, &other), turned >= bits);
            }
        }
    }
}

static void families_do_not_mix(void **state)
{
    (void)state;
    struct nets n = {0};
    assert_false(failed(nets_put(&n, STR("0.0.0.0"), 0)));
    assert_true(has(&n, STR("198.51.100.7")));
    assert_false(has(&n, STR("2001:db8::1")));
}

static void what_is_no_network_is_refused(void **state)
{
    (void)state;
    struct nets n = {0};
    assert_true(failed(nets_put(&n, STR("192.0.2.0"), 33)));
    assert_true(failed(nets_put(&n, STR("::1"), 129)));
    assert_true(failed(nets_put(&n, STR("mail.example"), 8)));
    assert_int_equal(n.count, 0);
    for (size_t i = 0; i < NETS_MAX; i++)
        assert_false(failed(nets_put(&n, STR("192.0.2.0"), 24)));
    assert_int_equal(nets_put(&n, STR("192.0.2.0"), 24).code, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_is_loopback),
        cmocka_unit_test(each_bit_counts_up_to_the_prefix),
        cmocka_unit_test(families_do_not_mix),
        cmocka_unit_test(what_is_no_network_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
