/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a network signed of a call gets its finding: right, or the one thing that is wrong.
 * Method: the examples of RFC 8225 and 8588, with its keys; tokens signed here, each wrong in one
 * way; the compact form.
 */
#include "gate/sip/signed_test.h"

#include "gate/sip/caller.h"

#define CALLER "8613912345678"
#define CALLEE "8613800000000"

static struct arena turn;
static struct sip_shown_line *shown;
static struct sip_message message;
static struct sip_checking checking = {.signers = &signed_signers, .seed = 5, .fresh_s = 60};
static const struct sip_trunk trunk = {.is_asserting = true, .is_national = true};

static int open_all(void **state)
{
    (void)state;
    assert_false(failed(kit_boot()));
    signed_open();
    arena_init(&turn, 4 << 20);
    shown = arena_make_array(&signed_arena, SIP_SHOWN_LINES, sizeof *shown);
    checking.shown = shown;
    return shown == NULL ? -1 : 0;
}

static int close_all(void **state)
{
    (void)state;
    arena_done(&turn);
    signed_close();
    kit_done();
    return 0;
}

/* An INVITE; `lines` come before the rest of it. */
static void invite(const char *from, const char *to, const char *lines)
{
    static char packet[8192];
    static int calls;
    int size = snprintf(packet, sizeof packet,
                        "INVITE sip:+" CALLEE "@b SIP/2.0\r\n%s"
                        "Via: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <%s>;tag=1\r\nTo: <%s>\r\n"
                        "Call-ID: %d\r\nCSeq: 1 INVITE\r\n\r\n",
                        lines, from, to, ++calls);
    assert_true(size > 0 && (size_t)size < sizeof packet);
    assert_int_equal(sip_message_read(str_make(packet, (size_t)size), false, &message), SIP_SOUND);
}

static enum sip_finding found_at(str value, int64_t at_s)
{
    struct sip_came call = {&message, &trunk, instant_from_us(at_s * US_PER_S)};
    str url = {0};
    arena_reset(&turn);
    enum sip_finding finding = sip_passport_check(&checking, &call, value, &turn, &url);
    if (finding == SIP_FOUND_unknown_certificate)
        assert_true(url.size > 0);
    return finding;
}

static enum sip_finding found(str value)
{
    return found_at(value, SIGNED_AT_S);
}

static str sound(const char *attest)
{
    return signed_value(
        signed_token(signed_key, SIGNED_HEADER, signed_claims(attest, CALLER, CALLEE, SIGNED_AT_S)),
        SIGNED_PARAMS);
}

static void what_is_right_is_attested(void **state)
{
    (void)state;
    static const char *const callers[] = {"sip:+8613912345678@a", "sip:13912345678@a",
                                          "tel:+86-139-1234-5678", "sip:008613912345678@a"};
    for (size_t i = 0; i < COUNT_OF(callers); i++) {
        invite(callers[i], "sip:13800000000@b", "");
        assert_int_equal(found(sound("A")), SIP_FOUND_attested_a);
        assert_int_equal(found(sound("B")), SIP_FOUND_attested_b);
        assert_int_equal(found(sound("C")), SIP_FOUND_attested_c);
    }
    invite("sip:1@a", "sip:x@b", "P-Asserted-Identity: <sip:+" CALLER "@a>\r\n");
    assert_int_equal(found(sound("A")), SIP_FOUND_attested_a);
}

struct row {
    const char *said; /* of a header its first members, of claims the first ones */
    const char *rest; /* of a header what follows the token, of claims the last ones */
    enum sip_finding finding;
};

#define INFO  ";info=<" SIGNED_URL ">"
#define ES256 "\"alg\":\"ES256\","
#define DEST  "\"dest\":{\"tn\":[\"" CALLEE "\"]}"
#define ORIG  ",\"orig\":{\"tn\":\"" CALLER "\"},\"origid\":\"1\"}"
#define GOOD  ",\"iat\":1800000000" ORIG

/* One thing is wrong with each; `typ` and `x5u` are right unless they are said. */
static const struct row headers[] = {
    {ES256 "\"ppt\":\"shaken\",",       INFO,                           SIP_FOUND_attested_a},
    {ES256 "\"ppt\":\"shaken\",",       " ;ppt=\"shaken\"\r\n ;x" INFO, SIP_FOUND_attested_a},
    {ES256,                             INFO ";alg = \"ES256\"",        SIP_FOUND_signed    },
    {"\"alg\":\"none\",",               INFO,                           SIP_FOUND_algorithm },
    {"\"alg\":\"HS256\",",              INFO,                           SIP_FOUND_algorithm },
    {"\"alg\":\"es256\",",              INFO,                           SIP_FOUND_algorithm },
    {"",                                INFO,                           SIP_FOUND_algorithm },
    {ES256,                             INFO ";alg=none",               SIP_FOUND_algorithm },
    {ES256 "\"alg\":\"none\",",         INFO,                           SIP_FOUND_malformed },
    {ES256 "\"crit\":[\"a\"],",         INFO,                           SIP_FOUND_malformed },
    {ES256 "\"ppt\":\"div\",",          INFO ";ppt=div",                SIP_FOUND_other_kind},
    {ES256 "\"ppt\":\"div\",",          INFO ";ppt=shaken",             SIP_FOUND_malformed },
    {ES256 "\"typ\":\"JWT\",",          INFO,                           SIP_FOUND_malformed },
    {ES256 "\"x5u\":\"https://a.b/\",", INFO,                           SIP_FOUND_malformed },
    {ES256,                             ";info=<https://a.b/>",         SIP_FOUND_malformed },
    {ES256,                             "",                             SIP_FOUND_malformed },
    {ES256,                             ";info=" SIGNED_URL,            SIP_FOUND_malformed },
    {ES256,                             INFO " x",                      SIP_FOUND_malformed },
};

static const struct row claims[] = {
    {"{\"attest\":\"A\"," DEST,                                     GOOD, SIP_FOUND_attested_a  },
    {"{\"attest\":\"D\"," DEST,                                     GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"AA\"," DEST,                                    GOOD, SIP_FOUND_malformed   },
    {"{" DEST,                                                      GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\"",                                           GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\",\"dest\":{}",                               GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\",\"dest\":{\"tn\":[]}",                      GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\",\"dest\":{\"tn\":\"" CALLEE "\"}",          GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\",\"dest\":{\"tn\":[1]}",                     GOOD, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\"," DEST ",\"iat\":\"1800000000\"",           ORIG, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\"," DEST,                                     ORIG, SIP_FOUND_malformed   },
    {"{\"attest\":\"A\"," DEST ",\"orig\":{}",                      "}",  SIP_FOUND_malformed   },
    {"no",                                                          "",   SIP_FOUND_malformed   },
    {"[",                                                           "]",  SIP_FOUND_malformed   },
    {"{\"attest\":\"A\",\"dest\":{\"tn\":[\"1\"]}",                 GOOD, SIP_FOUND_other_callee},
    {"{\"attest\":\"A\",\"dest\":{\"tn\":[\"1\",\"+" CALLEE "\"]}", GOOD, SIP_FOUND_attested_a  },
    {"{\"attest\":\"A\",\"dest\":{\"uri\":[\"sip:x@B;a=b\"]}",      GOOD, SIP_FOUND_attested_a  },
    {"{\"attest\":\"A\",\"dest\":{\"uri\":[\"sip:y@b\"]}",          GOOD, SIP_FOUND_other_callee},
};

static void is_found(const char *header, const char *said, const char *params,
                     enum sip_finding wanted)
{
    invite("sip:+" CALLER "@a", "sip:x@b", "");
    enum sip_finding finding = found(signed_value(signed_token(signed_key, header, said), params));
    if (finding != wanted)
        fail_msg("%d, not %d: %s %s %s", (int)finding, (int)wanted, header, said, params);
}

static void what_is_wrong_is_named(void **state)
{
    char text[1024];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(headers); i++) {
        const struct row *r = &headers[i];
        int size = snprintf(text, sizeof text, "{%s%s%s\"z\":0}", r->said,
                            strstr(r->said, "typ") == NULL ? "\"typ\":\"passport\"," : "",
                            strstr(r->said, "x5u") == NULL ? "\"x5u\":\"" SIGNED_URL "\"," : "");
        assert_true(size > 0 && (size_t)size < sizeof text);
        is_found(text, "{\"attest\":\"A\"," DEST GOOD, r->rest, r->finding);
    }
    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        const struct row *r = &claims[i];
        int size = snprintf(text, sizeof text, "%s%s", r->said, r->rest);
        assert_true(size > 0 && (size_t)size < sizeof text);
        is_found(SIGNED_HEADER, text, SIGNED_PARAMS, r->finding);
    }
}

static void a_signature_is_fresh_and_of_this_call(void **state)
{
    (void)state;
    invite("sip:+" CALLER "@a", "sip:x@b", "");
    str value = sound("A");
    assert_int_equal(found_at(value, SIGNED_AT_S + 61), SIP_FOUND_stale);
    assert_int_equal(found_at(value, SIGNED_AT_S - 61), SIP_FOUND_stale);
    assert_int_equal(found_at(value, SIGNED_AT_S + 60), SIP_FOUND_attested_a);
    assert_int_equal(found_at(value, SIGNED_AT_S - 60), SIP_FOUND_attested_a); /* asked again */
    invite("sip:+" CALLER "@a", "sip:x@b", "");                                /* another call */
    assert_int_equal(found(value), SIP_FOUND_replayed);
    assert_int_equal(found_at(sound("A"), SIGNED_AT_S), SIP_FOUND_attested_a);
    invite("sip:+8613912345679@a", "sip:x@b", "");
    assert_int_equal(found(value), SIP_FOUND_other_caller);
    assert_int_equal(found_at(value, INT64_C(2000000000)), SIP_FOUND_ended_certificate);
}

static void who_does_not_have_the_key_cannot_sign(void **state)
{
    const char *said = signed_claims("A", CALLER, CALLEE, SIGNED_AT_S);
    (void)state;
    invite("sip:+" CALLER "@a", "sip:x@b", "");
    str forged = signed_token(signed_other, SIGNED_HEADER, said);
    assert_int_equal(found(signed_value(forged, SIGNED_PARAMS)), SIP_FOUND_forged);
    str token = signed_token(signed_key, SIGNED_HEADER, said);
    char *changed = str_to_c(&signed_arena, token);
    changed[token.size - 10] = changed[token.size - 10] == 'A' ? 'B' : 'A';
    assert_int_equal(found(signed_value(str_from_c(changed), SIGNED_PARAMS)), SIP_FOUND_forged);
    str cut = signed_value(str_until(token, token.size - 4), SIGNED_PARAMS);
    assert_int_equal(found(cut), SIP_FOUND_forged);
    signed_signers.count = 0;
    assert_int_equal(found(signed_value(token, SIGNED_PARAMS)), SIP_FOUND_unknown_certificate);
    signed_signers.count = 1;
    assert_int_equal(found(signed_value(token, SIGNED_PARAMS)), SIP_FOUND_attested_a);
}

/* RFC 8225 7: nothing but the signature is sent. */
static void the_compact_form_is_made_whole(void **state)
{
    static const char date[] = "Date: Fri, 15 Jan 2027 08:00:00 GMT\r\n";
    static const char header[] =
        "{\"alg\":\"ES256\",\"typ\":\"passport\",\"x5u\":\"" SIGNED_URL "\"}";
    static const char to_number[] =
        "{\"dest\":{\"tn\":[\"" CALLEE "\"]},\"iat\":1800000000,\"orig\":{\"tn\":\"" CALLER "\"}}";
    static const char to_uri[] =
        "{\"dest\":{\"uri\":[\"sip:alice@example.com\"]},\"iat\":1800000000,\"orig\":{\"tn\":"
        "\"" CALLER "\"}}";
    (void)state;
    for (int i = 0; i < 2; i++) {
        str token = signed_token(signed_key, header, i == 0 ? to_number : to_uri);
        size_t dot = token.size;
        while (token.at[dot - 1] != '.')
            dot--;
        str compact = signed_value(STR(".."), "");
        compact = signed_value(compact, str_from(token, dot).at);
        str value = signed_value(compact, ";info=<" SIGNED_URL ">;alg=ES256");
        const char *to = i == 0 ? "sip:13800000000@b" : "sip:alice@example.com:5060;user=ip";
        invite("sip:13912345678@a", to, date);
        assert_int_equal(found(value), SIP_FOUND_signed);
        assert_int_equal(found_at(value, SIGNED_AT_S + 61), SIP_FOUND_stale);
        invite("sip:13912345679@a", to, date);
        assert_int_equal(found(value), SIP_FOUND_forged);
        invite("sip:13912345678@a", to, "Date: Fri, 15 Jan 2027 08:00:01 GMT\r\n");
        assert_int_equal(found(value), SIP_FOUND_forged);
        invite("sip:13912345678@a", to, "");
        assert_int_equal(found(value), SIP_FOUND_malformed);
        invite("sip:13912345678@a", to, "Date: yesterday\r\n");
        assert_int_equal(found(value), SIP_FOUND_malformed);
        invite("sip:13912345678@a", to, date);
        assert_int_equal(found(signed_value(compact, SIGNED_PARAMS)), SIP_FOUND_malformed);
    }
}

/*
 * RFC 8225 7.1, signed with the key of its A.2. Its `iat` is a text (erratum 5985): the signature
 * is right, and it is no PASSporT. That of its appendix A is not of the key that stands beside it.
 */
static void the_examples_of_the_rfc(void **state)
{
#define RFC_HEADER                                                                                 \
    "eyJhbGciOiJFUzI1NiIsInR5cCI6InBhc3Nwb3J0IiwieDV1IjoiaHR0cHM6Ly9jZXJ0LmV4YW1wbGUub3JnL3Bhc3Nw" \
    "b3J0LmNlciJ9"
    static const char key[] = "-----BEGIN PUBLIC KEY-----\n"
                              "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8HNbQd/TmvCKwPKHkMF9fScavGeH\n"
                              "78YTU8qLS8I5HLHSSmlATLcslQMhNC/OhlWBYC626nIlo7XeebYS7Sb37g==\n"
                              "-----END PUBLIC KEY-----\n";
    static const char in_7_1[] =
        RFC_HEADER ".eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6IjE0NDMyMDgz"
                   "NDUiLCJvcmlnIjp7InRuIjoiMTIxNTU1NTEyMTIifX0.rq3pjT1hoRwakEGjHCnWSwUnshd0-zJ6F1"
                   "VOgFWSjHBr8Qjpjlk-cpFYpFYsojNCpTzO3QfPOlckGaS6hEck7w";
    static const char in_a[] =
        RFC_HEADER ".eyJkZXN0Ijp7InVyaSI6WyJzaXA6YWxpY2VAZXhhbXBsZS5jb20iXX0sImlhdCI6MTQ3MTM3NTQx"
                   "OCwib3JpZyI6eyJ0biI6IjEyMTU1NTUxMjEyIn19.VLBCIVDCaeK6M4hLJb6SHQvacAQVvoiiEOWQ_"
                   "iUkqk79UD81fHQ0E1b3_GluIkba7UWYRM47ZbNFdOJquE35cw";
    str payload = {0};
    (void)state;
    signed_works(jws_check(str_from_c(key), str_from_c(in_7_1), &signed_arena, &payload));
    assert_true(failed(jws_check(str_from_c(key), str_from_c(in_a), &signed_arena, &payload)));
    invite("sip:+12155551212@a", "sip:alice@example.com", "");
    str old = signed_value(str_from_c(in_7_1), ";info=<" SIGNED_URL ">");
    assert_int_equal(found(old), SIP_FOUND_malformed);
    str fresh = signed_value(str_from_c(in_a), ";info=<" SIGNED_URL ">");
    assert_int_equal(found_at(fresh, 1471375418), SIP_FOUND_ended_certificate); /* not begun */
    /* RFC 8588 6, as erratum 6656 has it */
    str shaken =
        signed_value(signed_token(signed_key, SIGNED_HEADER,
                                  signed_claims("A", "12155550121", "12155550131", SIGNED_AT_S)),
                     SIGNED_PARAMS);
    invite("sip:+12155550121@a", "sip:+12155550131@b", "");
    assert_int_equal(found(shaken), SIP_FOUND_attested_a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_is_attested),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(a_signature_is_fresh_and_of_this_call),
        cmocka_unit_test(who_does_not_have_the_key_cannot_sign),
        cmocka_unit_test(the_compact_form_is_made_whole),
        cmocka_unit_test(the_examples_of_the_rfc),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
