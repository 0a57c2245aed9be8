/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an answer waits for no signature; what is found is counted by trunk, a number whose
 * signature was forged is announced on that trunk afterwards if that is wished, and certificates
 * that are not here are named; a full belt costs nobody an answer.
 * Method: the answers of the gate with a notary beside it, waited for.
 */
#include "gate/sip/signed_test.h"

#include "env/atomic.h"
#include "env/clock.h"
#include "env/thread.h"
#include "gate/sip/notary.h"

#define HOME   "192.0.2.1"
#define ABROAD "192.0.2.2"
#define CALLER "8613912345678"

static struct env_flag held; /* nobody is checked until it is lowered */
static struct arena boot;

static instant now(void *self)
{
    (void)self;
    return instant_from_us(SIGNED_AT_S * US_PER_S);
}

static const struct sip_signers *signers(void *self)
{
    (void)self;
    while (env_flag_is_up(&held))
        env_nap_us(1000);
    return &signed_signers;
}

static int open_all(void **state)
{
    if (house_open(state) != 0)
        return -1;
    signed_open();
    arena_init(&boot, 32 << 20);
    house_rules.port.now = now;
    house_rules.port.signers = signers;
    house_rules.actions[SIP_REASON_forged] = SIP_ACT_WARN;
    struct sip_notary_options o = {&house_rules.trunks, &house_rules.port, 60, 9};
    env_flag_raise(&held);
    house_now_us = env_monotonic_us();
    return failed(sip_notary_start(&o, &boot, &house_rules.notary)) ? -1 : 0;
}

static int close_all(void **state)
{
    env_flag_lower(&held);
    sip_notary_stop(house_rules.notary);
    arena_done(&boot);
    signed_close();
    return house_close(state);
}

/* An INVITE with an Identity header of this name; its answer. */
static str ask(const char *trunk, const char *caller, const char *name, str identity)
{
    static char packet[8192];
    static int calls;
    int size =
        snprintf(packet, sizeof packet,
                 "INVITE sip:+8613800000000@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK%d\r\n"
                 "From: <sip:%s@a>;tag=1\r\nTo: <sip:+8613800000000@b>\r\nCall-ID: %d\r\n"
                 "CSeq: 1 INVITE\r\n%s: %.*s\r\nContent-Length: 0\r\n\r\n",
                 calls, caller, calls, name, STR_ARGS(identity));
    calls++;
    assert_true(size > 0 && (size_t)size < sizeof packet);
    return house_ask_bytes(trunk, str_make(packet, (size_t)size));
}

static str identity(str key, const char *attest, const char *url)
{
    struct text header;
    struct text params;
    text_init(&header, &signed_arena);
    text_init(&params, &signed_arena);
    text_printf(&header,
                "{\"alg\":\"ES256\",\"ppt\":\"shaken\",\"typ\":\"passport\",\"x5u\":\"%s\"}", url);
    text_printf(&params, ";info=<%s>;alg=ES256;ppt=shaken", url);
    const char *claims = signed_claims(attest, CALLER, "8613800000000", SIGNED_AT_S);
    return signed_value(signed_token(key, text_str(&header).at, claims), text_str(&params).at);
}

static uint64_t count(size_t trunk, enum sip_finding finding)
{
    return sip_notary_count(house_rules.notary, trunk, finding);
}

static void until(size_t trunk, enum sip_finding finding, uint64_t wanted)
{
    int64_t end_us = env_monotonic_us() + 30 * US_PER_S;
    while (count(trunk, finding) != wanted && env_monotonic_us() < end_us)
        env_nap_us(1000);
    assert_int_equal(count(trunk, finding), wanted);
}

static void no_answer_waits_and_what_is_too_much_is_not_checked(void **state)
{
    (void)state;
    str one = identity(signed_key, "B", SIGNED_URL);
    for (int i = 0; i < SIP_WAITING + 7; i++)
        assert_int_equal(house_status(ask(HOME, "+" CALLER, "Identity", one)), 302);
    assert_int_equal(count(TRUNK_HOME, SIP_FOUND_unread), 7);
    assert_int_equal(count(TRUNK_HOME, SIP_FOUND_attested_b), 0);
    env_flag_lower(&held);
    until(TRUNK_HOME, SIP_FOUND_attested_b, 1);
    until(TRUNK_HOME, SIP_FOUND_replayed, SIP_WAITING - 1);
    assert_int_equal(count(TRUNK_ABROAD, SIP_FOUND_attested_b), 0);
}

static void what_is_found_counts_for_what_comes_later(void **state)
{
    (void)state;
    assert_int_equal(
        house_status(ask(HOME, "+" CALLER, "y", identity(signed_key, "A", SIGNED_URL))), 302);
    until(TRUNK_HOME, SIP_FOUND_attested_a, 1);
    str forged = identity(signed_other, "A", SIGNED_URL);
    assert_false(str_has(ask(HOME, "+" CALLER, "Identity", forged), STR("Contact: \"")));
    until(TRUNK_HOME, SIP_FOUND_forged, 1);
    str reply = ask(HOME, "13912345678", "Subject", STR("none"));
    assert_int_equal(house_status(reply), 302);
    assert_true(str_has(reply, STR("Contact: \"Suspected"))); /* announced, however it is written */
    assert_int_equal(house_count(TRUNK_HOME, SIP_REASON_forged), 1);
    reply = ask("192.0.2.3", "13912345678", "Subject", STR("none"));
    assert_false(str_has(reply, STR("Contact: \"")));
    reply = ask(HOME, "13912345679", "Subject", STR("none"));
    assert_false(str_has(reply, STR("Contact: \"")));
    house_now_us += (SIP_FORGED_S + 1) * US_PER_S;
    reply = ask(HOME, "13912345678", "Subject", STR("none"));
    assert_false(str_has(reply, STR("Contact: \"")));
    house_now_us -= (SIP_FORGED_S + 1) * US_PER_S;
}

static void certificates_that_are_not_here_are_named(void **state)
{
    struct sip_unknown unknown[SIP_UNKNOWN];
    uint64_t asked = 0;
    (void)state;
    for (int i = 0; i < 3; i++, asked++)
        ask(ABROAD, "+" CALLER, "Identity",
            identity(signed_key, "C", "https://real.example/c.pem"));
    until(TRUNK_ABROAD, SIP_FOUND_unknown_certificate, asked);
    for (int i = 0; i < 3 * SIP_UNKNOWN; i++, asked++) { /* a flood of others, once each */
        char url[64];
        assert_true(snprintf(url, sizeof url, "https://flood.example/%d", i) < (int)sizeof url);
        ask(ABROAD, "+" CALLER, "Identity", identity(signed_key, "C", url));
        until(TRUNK_ABROAD, SIP_FOUND_unknown_certificate, asked + 1);
    }
    assert_int_equal(sip_notary_unknown(house_rules.notary, unknown), SIP_UNKNOWN);
    assert_true(str_equal(str_make(unknown[0].url, unknown[0].url_size),
                          STR("https://real.example/c.pem")));
    assert_int_equal(unknown[0].count, 3);
    assert_int_equal(unknown[1].count, 1);
}

static void what_is_malformed_or_many_is_counted_one_by_one(void **state)
{
    (void)state;
    ask(HOME, "+" CALLER, "Identity",
        STR("x\r\nIdentity: \r\nIdentity: ;info=<a>\r\ny: a.b.c;info=<a>"
            "\r\nIdentity: beyond"));
    until(TRUNK_HOME, SIP_FOUND_malformed, SIP_EACH);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_answer_waits_and_what_is_too_much_is_not_checked),
        cmocka_unit_test(what_is_found_counts_for_what_comes_later),
        cmocka_unit_test(certificates_that_are_not_here_are_named),
        cmocka_unit_test(what_is_malformed_or_many_is_counted_one_by_one),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
