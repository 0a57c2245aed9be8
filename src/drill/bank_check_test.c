/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a bank of the drill believes a pushed order that a centre signed, and nothing else.
 * Method: signed by the centre's own code (kit/httpsig), which bank_check was written without; then
 * each header and the body changed, taken away, and the clock moved.
 */
#include "drill/bank_check.h"

#include "drill/bank_sign.h"
#include "kit/httpsig.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW INT64_C(1795349880000000)

static struct arena arena;
static struct sign_secret secret;
static struct sign_public public;

static int fresh(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    assert_false(failed(kit_boot()));
    sign_key_make(&secret, &public);
    return 0;
}

static int spent(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static struct door_message signed_order(void)
{
    const struct httpsig_field fields[] = {
        {STR("content-type"),    STR("application/json")},
        {STR("idempotency-key"), STR("O1-1")            }
    };
    const struct httpsig_request r = {.method = STR("POST"),
                                      .scheme = STR("http"),
                                      .authority = STR("127.0.0.1:7000"),
                                      .path = STR("/orders"),
                                      .query = STR("a=b"),
                                      .has_query = true,
                                      .fields = fields,
                                      .field_count = COUNT_OF(fields),
                                      .body = STR("{\"order\":\"O1\"}")};
    const struct httpsig_stamp stamp = {
        .secret = &secret, .keyid = STR("k1"), .nonce = STR("0123456789"), .created = {NOW}};
    struct httpsig_made made;
    assert_false(failed(httpsig_make(&r, &stamp, &arena, &made)));
    struct door_message m = {.method = r.method, .target = STR("/orders?a=b"), .body = r.body};
    door_put_header(&m, STR("Host"), r.authority);
    door_put_header(&m, STR("Content-Type"), fields[0].value);
    door_put_header(&m, STR("Idempotency-Key"), fields[1].value);
    door_put_header(&m, STR("Content-Digest"), made.content_digest);
    door_put_header(&m, STR("Signature-Input"), made.signature_input);
    door_put_header(&m, STR("Signature"), made.signature);
    return m;
}

static err checked(const struct door_message *m)
{
    return bank_check(m, &public, (instant){NOW}, &arena);
}

static void a_centres_letter_is_believed(void **state)
{
    (void)state;
    struct door_message m = signed_order();
    err e = checked(&m);
    if (failed(e))
        fail_msg("%s", e.why);
}

static void what_was_changed_is_not(void **state)
{
    (void)state;
    struct door_message m = signed_order();
    m.body = STR("{\"order\":\"O2\"}");
    assert_string_equal(checked(&m).why, "signature: digest");
    m = signed_order();
    m.target = STR("/orders?a=c");
    assert_string_equal(checked(&m).why, "signature: wrong");
    m = signed_order();
    m.method = STR("PUT");
    assert_string_equal(checked(&m).why, "signature: wrong");
    for (size_t i = 0; i < 6; i++) {
        m = signed_order();
        m.headers[i].value = STR("x");
        assert_true(failed(checked(&m)));
        m.headers[i].value = STR("");
        assert_true(failed(checked(&m)));
    }
}

/* Every prefix of what is signed by: refused, and read no further than it goes. */
static void what_is_cut_off_is_not(void **state)
{
    (void)state;
    for (size_t i = 4; i < 6; i++) {
        struct door_message m = signed_order();
        str whole = m.headers[i].value;
        for (size_t size = 0; size < whole.size; size++) {
            m.headers[i].value = str_copy(&arena, str_until(whole, size));
            assert_true(failed(checked(&m)));
        }
    }
}

static void another_key_is_not(void **state)
{
    (void)state;
    struct sign_secret other;
    struct door_message m = signed_order();
    sign_key_make(&other, &public);
    assert_string_equal(checked(&m).why, "signature: wrong");
}

static void an_old_one_is_not(void **state)
{
    (void)state;
    struct door_message m = signed_order();
    for (int64_t s = -301; s <= 301; s += 602)
        assert_string_equal(bank_check(&m, &public, (instant){NOW + s * US_PER_S}, &arena).why,
                            "signature: stale");
    assert_false(failed(bank_check(&m, &public, (instant){NOW + 299 * US_PER_S}, &arena)));
}

/* What a bank signs itself it would believe: one reading of the RFC, both ways. */
static void its_own_hand_is_known(void **state)
{
    (void)state;
    struct door_message m = {.method = STR("POST"), .target = STR("/orders"), .body = STR("{}")};
    struct bank_signer signer = {
        .secret = secret, .keyid = STR("bank-a"), .nonce = STR("nonce-of-it")};
    assert_false(failed(bank_sign(&signer, &m, (instant){NOW}, &arena)));
    assert_false(failed(checked(&m)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_centres_letter_is_believed, fresh, spent),
        cmocka_unit_test_setup_teardown(what_was_changed_is_not, fresh, spent),
        cmocka_unit_test_setup_teardown(what_is_cut_off_is_not, fresh, spent),
        cmocka_unit_test_setup_teardown(another_key_is_not, fresh, spent),
        cmocka_unit_test_setup_teardown(an_old_one_is_not, fresh, spent),
        cmocka_unit_test_setup_teardown(its_own_hand_is_known, fresh, spent),
    };
    return cmocka_run_group_tests_name("drill/bank_check", tests, NULL, NULL);
}
