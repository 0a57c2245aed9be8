/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what others signed with ES256 is accepted, and what we sign by our own certificate; nothing
 * that was changed is, nor another algorithm, nor another's key.
 * Method: RFC 7515 A.3; a key of ours there and back; every character of a text changed.
 */
#include "kit/jws.h"

#include "kit/kit_test.h"

static struct arena turn;

static const char rfc_key[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n"
                              "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
                              "-----END PUBLIC KEY-----\n";

static const char rfc_jws[] =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0"
    "cnVlfQ"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

static int open_turn(void **state)
{
    arena_init(&turn, 4 << 20);
    return boot(state);
}

static int close_turn(void **state)
{
    arena_done(&turn);
    return done(state);
}

static str key_of(const char *name)
{
    str key = {0};
    instant from = instant_from_civil(2026, 11, 23, 0);
    works(
        jws_key_make(str_from_c(name), from, instant_add_us(from, 3650 * US_PER_DAY), &turn, &key));
    return key;
}

static void what_others_signed(void **state)
{
    str payload = {0};
    (void)state;
    works(jws_check(str_from_c(rfc_key), str_from_c(rfc_jws), &turn, &payload));
    is_str(payload, STR("{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n"
                        " \"http://example.com/is_root\":true}"));
}

static void what_we_sign(void **state)
{
    (void)state;
    str key = key_of("省反诈中心");
    str other = key_of("another");
    str certificate = {0};
    str others = {0};
    works(jws_certificates(key, &turn, &certificate));
    works(jws_certificates(other, &turn, &others));
    assert_true(str_starts(certificate, STR("-----BEGIN CERTIFICATE-----\n")));
    assert_false(str_has(certificate, STR("PRIVATE")));
    for (int i = 0; i < 64; i++) { /* numbers of every length among them */
        str payload = {0};
        str jws = {0};
        works(jws_make(key, STR("{\"alg\":\"ES256\"}"), STR("{\"a\":\"\xef\xbf\xbf?>\"}"), &turn,
                       &jws));
        works(jws_check(certificate, jws, &turn, &payload));
        is_str(payload, STR("{\"a\":\"\xef\xbf\xbf?>\"}"));
        fails(jws_check(others, jws, &turn, &payload), ERR_DENIED, "jws.wrong");
    }
}

static void what_was_changed(void **state)
{
    char changed[sizeof rfc_jws];
    str payload = {0};
    (void)state;
    for (size_t i = 0; i + 2 < sizeof rfc_jws; i++) { /* the last says less than it could */
        memcpy(changed, rfc_jws, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_true(failed(jws_check(str_from_c(rfc_key), str_from_c(changed), &turn, &payload)));
        assert_true(failed(jws_check(str_from_c(rfc_key), str_make(rfc_jws, i), &turn, &payload)));
    }
}

static void what_is_none(void **state)
{
    static const struct {
        const char *jws;
        const char *why;
    } rows[] = {
        {"",                                          "jws.malformed"},
        {"..",                                        "jws.malformed"},
        {"eyJhbGciOiJFUzI1NiJ9.e30",                  "jws.malformed"},
        {"eyJhbGciOiJFUzI1NiJ9.e30.AA.AA",            "jws.malformed"},
        {"eyJhbGciOiJFUzI1NiJ9.e30.AA.",              "jws.malformed"},
        {"e30=.e30.AA",                               "jws.malformed"},
        {"e3.e30.AA",                                 "jws.malformed"},
        {"e30.e30.AA",                                "jws.algorithm"},
        {"eyJhbGciOiJub25lIn0.e30.AA",                "jws.algorithm"}, /* none */
        {"eyJhbGciOiJIUzI1NiJ9.e30.AA",               "jws.algorithm"}, /* HS256 */
        {"eyJhbGciOiJFUzI1NiIsImNyaXQiOltdfQ.e30.AA", "jws.algorithm"}, /* crit */
    };
    str payload = {0};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        fails(jws_check(str_from_c(rfc_key), str_from_c(rows[i].jws), &turn, &payload),
              ERR_MALFORMED, rows[i].why);
    fails(jws_check(str_from_c(rfc_key), STR("eyJhbGciOiJFUzI1NiJ9.e30.AA"), &turn, &payload),
          ERR_DENIED, "jws.wrong");
    fails(jws_check(STR("no key"), str_from_c(rfc_jws), &turn, &payload), ERR_MALFORMED, "jws.key");
}

static void a_key_is_whole(void **state)
{
    str text = {0};
    (void)state;
    str key = key_of("a");
    str other = key_of("b");
    size_t begin = (size_t)((const char *)memmem(key.at, key.size, "-----BEGIN CERT", 15) - key.at);
    str bare = str_until(key, begin);
    fails(jws_certificates(STR(""), &turn, &text), ERR_MALFORMED, "jws.key");
    fails(jws_certificates(str_from_c(rfc_key), &turn, &text), ERR_MALFORMED, "jws.key");
    fails(jws_certificates(bare, &turn, &text), ERR_MALFORMED, "jws.certificate");
    fails(jws_make(str_from_c(rfc_key), STR("{}"), STR("{}"), &turn, &text), ERR_MALFORMED,
          "jws.key");
    struct text mixed;
    text_init(&mixed, &turn);
    text_put(&mixed, bare);
    text_put(&mixed, str_from(other, begin));
    fails(jws_certificates(text_str(&mixed), &turn, &text), ERR_MALFORMED, "jws.certificate");
    struct text chain;
    text_init(&chain, &turn);
    text_put(&chain, key);
    text_put(&chain, str_from(other, begin)); /* as one above it */
    works(jws_certificates(text_str(&chain), &turn, &text));
    assert_int_equal(text.size, chain.size - begin);
}

static void a_term_is_that_of_all(void **state)
{
    instant from = {0};
    instant until = {0};
    str all = {0};
    (void)state;
    static const struct {
        int first_year;
        int last_year;
    } of[] = {
        {2026, 2036},
        {2030, 2032},
        {2027, 2040},
        {1960, 2090},
        {1971, 9999},
    };
    struct text keys;
    text_init(&keys, &turn);
    for (size_t i = 0; i < COUNT_OF(of); i++) {
        str key = {0};
        str certificate = {0};
        works(jws_key_make(STR("a"), instant_from_civil(of[i].first_year, 1, 1, 0),
                           instant_from_civil(of[i].last_year, 1, 1, 0), &turn, &key));
        works(jws_certificates(key, &turn, &certificate));
        works(jws_term(certificate, &from, &until));
        assert_true(until.us == instant_from_civil(of[i].last_year, 1, 1, 0).us);
        text_put(&keys, certificate);
    }
    all = text_str(&keys);
    works(jws_term(all, &from, &until));
    assert_true(from.us == instant_from_civil(2030, 1, 1, 0).us);
    assert_true(until.us == instant_from_civil(2032, 1, 1, 0).us);
    fails(jws_term(STR(""), &from, &until), ERR_MALFORMED, "jws.certificate");
}

static void a_long_name_is_cut(void **state)
{
    char name[JWS_NAME_BYTES * 2 + 1] = "";
    str certificate = {0};
    (void)state;
    for (size_t i = 0; i + 3 < sizeof name; i += 3)
        memcpy(name + i, "省", 3);
    works(jws_certificates(key_of(name), &turn, &certificate));
    works(jws_certificates(key_of("a"), &turn, &certificate));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_others_signed),    cmocka_unit_test(what_we_sign),
        cmocka_unit_test(what_was_changed),      cmocka_unit_test(what_is_none),
        cmocka_unit_test(a_key_is_whole),        cmocka_unit_test(a_long_name_is_cut),
        cmocka_unit_test(a_term_is_that_of_all),
    };
    return cmocka_run_group_tests(tests, open_turn, close_turn);
}
