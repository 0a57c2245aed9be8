/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: we sign and read signatures as RFC 9421 does; what was forged, changed, cut off, too old or
 * leaves out what it should cover is refused, each for its own reason.
 * Method: the RFC's key and its Ed25519 example (B.1.4, B.2.6), the digest of RFC 9530 for its
 * example body; then our own signature with every part of the request changed in turn, every bit of
 * the signature, every prefix of the headers.
 */
#include "kit/httpsig.h"

#include "kit/digest.h"
#include "kit/kit_test.h"

static struct arena arena;

static int fresh(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int spent(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

/* --- the RFC's own example -------------------------------------------------------------------- */

static const char rfc_body[] = "{\"hello\": \"world\"}";
static const struct httpsig_field rfc_fields[] = {
    {STR("Host"),           STR("example.com")                  },
    {STR("Date"),           STR("Tue, 20 Apr 2021 02:07:55 GMT")},
    {STR("Content-Type"),   STR("application/json")             },
    {STR("Content-Length"), STR("18")                           },
};
static const struct httpsig_request rfc_request = {
    .method = STR("POST"),
    .scheme = STR("https"),
    .authority = STR("example.com"),
    .path = STR("/foo"),
    .query = STR("param=Value&Pet=dog"),
    .fields = rfc_fields,
    .field_count = COUNT_OF(rfc_fields),
    .body = {rfc_body, sizeof rfc_body - 1},
};
#define RFC_INPUT                                                                                  \
    "sig-b26=(\"date\" \"@method\" \"@path\" \"@authority\" \"content-type\" \"content-length\")"  \
    ";created=1618884473;keyid=\"test-key-ed25519\""
#define RFC_SIGNATURE                                                                              \
    "sig-b26=:"                                                                                    \
    "wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKR"         \
    "Cw==:"

static struct sign_public rfc_key(void)
{
    struct sign_public key;
    works(hex_parse(STR("26b40b8f93fff3d897112f7ebc582b232dbd72517d082fe83cfb30ddce43d1bb"),
                    key.bytes, sizeof key.bytes));
    return key;
}

static void the_rfcs_example_verifies(void **state)
{
    (void)state;
    struct httpsig room[HTTPSIG_LABELS];
    size_t count = 0;
    str base;
    struct sign_public key = rfc_key();
    works(httpsig_parse(STR(RFC_INPUT), STR(RFC_SIGNATURE), room, &count));
    assert_int_equal(count, 1);
    is_str(room[0].label, STR("sig-b26"));
    is_str(room[0].keyid, STR("test-key-ed25519"));
    assert_int_equal(room[0].created_s, 1618884473);
    works(httpsig_base(&room[0], &rfc_request, &arena, &base));
    is_str(base, STR("\"date\": Tue, 20 Apr 2021 02:07:55 GMT\n"
                     "\"@method\": POST\n"
                     "\"@path\": /foo\n"
                     "\"@authority\": example.com\n"
                     "\"content-type\": application/json\n"
                     "\"content-length\": 18\n"
                     "\"@signature-params\": (\"date\" \"@method\" \"@path\" \"@authority\" "
                     "\"content-type\" \"content-length\")"
                     ";created=1618884473;keyid=\"test-key-ed25519\""));
    assert_true(sign_check(&key, base, &room[0].signature));
}

/* RFC 9421 2.2: each derived component of one request. */
static void derived_components_are_the_rfcs(void **state)
{
    (void)state;
    struct httpsig_request r = rfc_request;
    r.authority = STR("WWW.Example.com:443");
    r.path = STR("");
    struct httpsig sig = {
        .components = {STR("@authority"), STR("@scheme"), STR("@request-target"), STR("@path"),
                       STR("@query"), STR("@target-uri")},
        .component_count = 6,
        .params = STR("()"),
    };
    str base;
    works(httpsig_base(&sig, &r, &arena, &base));
    is_str(base, STR("\"@authority\": www.example.com\n\"@scheme\": https\n"
                     "\"@request-target\": /?param=Value&Pet=dog\n\"@path\": /\n"
                     "\"@query\": ?param=Value&Pet=dog\n"
                     "\"@target-uri\": https://www.example.com/?param=Value&Pet=dog\n"
                     "\"@signature-params\": ()"));
    sig.components[0] = STR("@status");
    fails(httpsig_base(&sig, &r, &arena, &base), ERR_MALFORMED, "signature.component");
    sig.components[0] = STR("x-absent");
    fails(httpsig_base(&sig, &r, &arena, &base), ERR_MALFORMED, "signature.component");
    sig.components[0] = STR("Date");
    fails(httpsig_base(&sig, &r, &arena, &base), ERR_MALFORMED, "signature.component");
}

static void digests_are_the_rfcs(void **state)
{
    (void)state;
    str body = rfc_request.body;
    str rfc = STR("sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
    is_str(httpsig_digest(body, &arena), rfc);
    works(httpsig_digest_check(rfc, body));
    works(httpsig_digest_check(
        STR("sha-512=:AAAA:, sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"), body));
    static const char *const wrong[] = {
        "",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBQE=:",
        "sha-256=:X48E:",
        "sha-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=",
        "sha-512=:AAAA:",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, sha-256=:AAAA:",
        "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:, !",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        fails(httpsig_digest_check(str_from_c(wrong[i]), body), ERR_DENIED, "signature.digest");
}

/* --- ours ---- */

static const instant now = {INT64_C(1795000000) * US_PER_S};

struct sent {
    struct httpsig_request request;
    struct httpsig_field fields[5];
    struct sign_secret secret;
    struct sign_public key;
};

enum { FIELD_TYPE, FIELD_KEY, FIELD_DIGEST, FIELD_INPUT, FIELD_SIGNATURE };

static void sign_as(struct sent *s, str nonce, instant created)
{
    struct httpsig_made made;
    struct httpsig_stamp stamp = {&s->secret, STR("bank-a"), nonce, created};
    s->request.fields = s->fields;
    s->request.field_count = 2;
    works(httpsig_make(&s->request, &stamp, &arena, &made));
    s->fields[FIELD_DIGEST] = (struct httpsig_field){STR("Content-Digest"), made.content_digest};
    s->fields[FIELD_INPUT] = (struct httpsig_field){STR("Signature-Input"), made.signature_input};
    s->fields[FIELD_SIGNATURE] = (struct httpsig_field){STR("Signature"), made.signature};
    s->request.field_count = 5;
}

static void send(struct sent *s)
{
    *s = (struct sent){.request = rfc_request};
    s->fields[FIELD_TYPE] = (struct httpsig_field){STR("content-type"), STR("application/xml")};
    s->fields[FIELD_KEY] = (struct httpsig_field){STR("Idempotency-Key"), STR("01J-1")};
    sign_key_make(&s->secret, &s->key);
    sign_as(s, STR("0123456789abcdef"), now);
}

static err check(const struct sent *s)
{
    struct httpsig sig;
    return httpsig_check(&s->request, &s->key, now, &arena, &sig);
}

static void what_we_sign_is_right(void **state)
{
    (void)state;
    struct sent s;
    struct httpsig sig;
    send(&s);
    works(httpsig_check(&s.request, &s.key, now, &arena, &sig));
    is_str(sig.keyid, STR("bank-a"));
    is_str(sig.nonce, STR("0123456789abcdef"));
    assert_int_equal(sig.component_count, 5);
    s.request.body = STR("");
    s.request.query = STR("");
    sign_as(&s, STR("0123456789abcdef"), now);
    works(check(&s));
}

static void every_change_is_noticed(void **state)
{
    (void)state;
    struct sent s;
    send(&s);
    const struct sent good = s;
#define CHANGED(what, to, code, why)                                                               \
    do {                                                                                           \
        s = good;                                                                                  \
        s.request.fields = s.fields;                                                               \
        s.what = to;                                                                               \
        fails(check(&s), code, why);                                                               \
    } while (0)
    CHANGED(request.method, STR("PUT"), ERR_DENIED, "signature.wrong");
    CHANGED(request.path, STR("/fop"), ERR_DENIED, "signature.wrong");
    CHANGED(request.query, STR("param=Other"), ERR_DENIED, "signature.wrong");
    CHANGED(request.query, STR(""), ERR_DENIED, "signature.wrong");
    CHANGED(request.authority, STR("example.org"), ERR_DENIED, "signature.wrong");
    CHANGED(request.scheme, STR("http"), ERR_DENIED, "signature.wrong");
    CHANGED(request.body, STR("{\"hello\": \"worle\"}"), ERR_DENIED, "signature.digest");
    CHANGED(request.body, STR(""), ERR_DENIED, "signature.digest");
    CHANGED(fields[FIELD_KEY].value, STR("01J-2"), ERR_DENIED, "signature.wrong");
    CHANGED(fields[FIELD_TYPE].value, STR("text/xml"), ERR_DENIED, "signature.wrong");
    CHANGED(fields[FIELD_KEY].value, STR("01J-1\r\nx: y"), ERR_MALFORMED, "signature.component");
    CHANGED(fields[FIELD_KEY].name, STR("other"), ERR_MALFORMED, "signature.component");
    CHANGED(fields[FIELD_INPUT].name, STR("other"), ERR_DENIED, "signature.absent");
    CHANGED(fields[FIELD_SIGNATURE].name, STR("other"), ERR_DENIED, "signature.absent");
    CHANGED(fields[FIELD_SIGNATURE].value, STR("yumen=:AAAA:"), ERR_MALFORMED,
            "signature.malformed");
    CHANGED(fields[FIELD_SIGNATURE].value, STR("other=:AAAA:"), ERR_MALFORMED,
            "signature.malformed");
    CHANGED(key.bytes[0], (uint8_t)(good.key.bytes[0] ^ 1), ERR_DENIED, "signature.wrong");
#undef CHANGED
}

/* An answer has a status in place of method and target; one is not taken for the other. */
static void an_answer_is_signed_with_its_status(void **state)
{
    (void)state;
    struct sent s;
    struct httpsig sig[HTTPSIG_LABELS];
    size_t count = 0;
    str base = STR("");
    send(&s);
    s.request.status = 200;
    sign_as(&s, STR("0123456789abcdef"), now);
    works(httpsig_parse(s.fields[FIELD_INPUT].value, s.fields[FIELD_SIGNATURE].value, sig, &count));
    assert_int_equal(count, 1);
    is_str(sig[0].components[0], STR("@status"));
    is_str(sig[0].components[1], STR("content-digest"));
    works(httpsig_base(&sig[0], &s.request, &arena, &base));
    assert_true(str_starts(base, STR("\"@status\": 200\n\"content-digest\": sha-256=:")));
    assert_true(sign_check(&s.key, base, &sig[0].signature));
    s.request.status = 206;
    works(httpsig_base(&sig[0], &s.request, &arena, &base));
    assert_false(sign_check(&s.key, base, &sig[0].signature));
    s.request.status = 0;
    fails(httpsig_base(&sig[0], &s.request, &arena, &base), ERR_MALFORMED, "signature.component");
    fails(check(&s), ERR_DENIED, "signature.uncovered");
}

static void every_bit_and_prefix_counts(void **state)
{
    (void)state;
    struct sent s;
    struct httpsig sig;
    send(&s);
    works(httpsig_check(&s.request, &s.key, now, &arena, &sig));
    for (size_t bit = 0; bit < 8 * SIGNATURE_BYTES; bit++) {
        struct signature forged = sig.signature;
        forged.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        str base;
        works(httpsig_base(&sig, &s.request, &arena, &base));
        assert_false(sign_check(&s.key, base, &forged));
    }
    for (size_t field = FIELD_DIGEST; field <= FIELD_SIGNATURE; field++) {
        str whole = s.fields[field].value;
        for (size_t n = 0; n < whole.size; n++) {
            s.fields[field].value = str_until(whole, n);
            assert_true(failed(check(&s)));
        }
        s.fields[field].value = whole;
    }
    works(check(&s));
}

static void only_the_present_counts(void **state)
{
    (void)state;
    struct sent s;
    send(&s);
    static const struct {
        int64_t off_s;
        bool is_taken;
    } times[] = {
        {-300,   true },
        {300,    true },
        {-301,   false},
        {301,    false},
        {-86400, false}
    };
    for (size_t i = 0; i < COUNT_OF(times); i++) {
        sign_as(&s, STR("0123456789abcdef"), instant_add_us(now, times[i].off_s * US_PER_S));
        if (times[i].is_taken)
            works(check(&s));
        else
            fails(check(&s), ERR_DENIED, "signature.stale");
    }
}

/* Signs whatever Signature-Input says, as a stranger's program might. */
static void sign_input(struct sent *s, const char *params)
{
    struct text input;
    struct text value;
    struct httpsig sig[HTTPSIG_LABELS];
    size_t count = 0;
    str base = STR("");
    struct signature signature = {{0}};
    text_init(&input, &arena);
    text_printf(&input, "x=%s", params);
    s->fields[FIELD_INPUT].value = text_str(&input);
    err e = httpsig_parse(text_str(&input),
                          STR("x=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                              "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==:"),
                          sig, &count);
    if (!failed(e))
        e = httpsig_base(&sig[0], &s->request, &arena, &base);
    if (!failed(e))
        sign_make(&s->secret, base, &signature);
    text_init(&value, &arena);
    text_put_c(&value, "x=:");
    text_put_base64(&value, signature.bytes, sizeof signature.bytes);
    text_put_char(&value, ':');
    s->fields[FIELD_SIGNATURE].value = text_str(&value);
}

#define NAMED  "created=1795000000;nonce=\"0123456789\";keyid=\"k\""
#define METHOD "\"@method\" "
#define DIGEST " \"content-digest\""
#define ALL    "(" METHOD "\"@target-uri\"" DIGEST ")"
#define NEARLY "created=1795000000;keyid=\"k\";nonce="

static void what_must_be_covered_is(void **state)
{
    (void)state;
    struct sent s;
    static const struct {
        const char *params;
        const char *why; /* NULL: taken */
    } cases[] = {
        {ALL ";" NAMED,                                                   NULL                 },
        {ALL ";" NAMED ";alg=\"ed25519\";tag=\"app\";expires=1795000001", NULL                 },
        {"(" METHOD "\"@path\" \"@query\"" DIGEST ");" NAMED,             NULL                 },
        {"(" METHOD "\"@request-target\"" DIGEST ");" NAMED,              NULL                 },
        {"(" METHOD "\"@path\"" DIGEST ");" NAMED,                        "signature.uncovered"},
        {"(\"@target-uri\"" DIGEST ");" NAMED,                            "signature.uncovered"},
        {"(" METHOD "\"@target-uri\");" NAMED,                            "signature.uncovered"},
        {"();" NAMED,                                                     "signature.uncovered"},
        {ALL ";created=1795000000;keyid=\"k\"",                           "signature.uncovered"},
        {ALL ";nonce=\"0123456789\";keyid=\"k\"",                         "signature.uncovered"},
        {ALL ";created=1795000000;nonce=\"0123456789\"",                  "signature.uncovered"},
        {ALL ";" NEARLY "\"short\"",                                      "signature.uncovered"},
        {ALL ";" NAMED ";expires=1795000000",                             "signature.stale"    },
        {ALL ";" NAMED ";alg=\"hmac-sha256\"",                            "signature.algorithm"},
        {ALL ";" NAMED ";alg=ed25519",                                    "signature.malformed"},
        {ALL ";" NAMED ";created=\"now\"",                                "signature.malformed"},
        {ALL ";" NAMED ";created=-1",                                     "signature.malformed"},
        {ALL ";" NAMED ";other=1",                                        "signature.malformed"},
        {"(" METHOD METHOD "\"@target-uri\"" DIGEST ");" NAMED,           "signature.malformed"},
        {"(\"@method\";req \"@target-uri\"" DIGEST ");" NAMED,            "signature.malformed"},
        {"(" METHOD "\"@target-uri\" content-digest);" NAMED,             "signature.malformed"},
        {"(" METHOD "\"@target-uri\"" DIGEST " \"@status\");" NAMED,      "signature.component"},
        {"(" METHOD "\"@target-uri\"" DIGEST " \"x-none\");" NAMED,       "signature.component"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        send(&s);
        sign_input(&s, cases[i].params);
        err e = check(&s);
        if (failed(e) != (cases[i].why != NULL))
            fail_msg("%s: %s", cases[i].params, failed(e) ? e.why : "taken");
        if (failed(e))
            assert_string_equal(e.why, cases[i].why);
    }
}

/* A proxy may sign too: one right signature is enough, and whose it is does not matter. */
static void one_of_several_is_enough(void **state)
{
    (void)state;
    struct sent s;
    struct httpsig sig;
    send(&s);
    struct text input;
    struct text value;
    text_init(&input, &arena);
    text_init(&value, &arena);
    text_put_c(&input, RFC_INPUT ", ");
    text_put(&input, s.fields[FIELD_INPUT].value);
    text_put_c(&value, RFC_SIGNATURE ", ");
    text_put(&value, s.fields[FIELD_SIGNATURE].value);
    s.fields[FIELD_INPUT].value = text_str(&input);
    s.fields[FIELD_SIGNATURE].value = text_str(&value);
    works(httpsig_check(&s.request, &s.key, now, &arena, &sig));
    is_str(sig.keyid, STR("bank-a"));
    s.key.bytes[3] ^= 4;
    fails(check(&s), ERR_DENIED, "signature.uncovered"); /* what the first of them was */
    for (int i = 0; i < HTTPSIG_LABELS; i++)
        text_put_c(&input, ", " RFC_INPUT);
    s.fields[FIELD_INPUT].value = text_str(&input);
    fails(check(&s), ERR_MALFORMED, "signature.malformed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_rfcs_example_verifies, fresh, spent),
        cmocka_unit_test_setup_teardown(derived_components_are_the_rfcs, fresh, spent),
        cmocka_unit_test_setup_teardown(digests_are_the_rfcs, fresh, spent),
        cmocka_unit_test_setup_teardown(what_we_sign_is_right, fresh, spent),
        cmocka_unit_test_setup_teardown(every_change_is_noticed, fresh, spent),
        cmocka_unit_test_setup_teardown(an_answer_is_signed_with_its_status, fresh, spent),
        cmocka_unit_test_setup_teardown(every_bit_and_prefix_counts, fresh, spent),
        cmocka_unit_test_setup_teardown(only_the_present_counts, fresh, spent),
        cmocka_unit_test_setup_teardown(what_must_be_covered_is, fresh, spent),
        cmocka_unit_test_setup_teardown(one_of_several_is_enough, fresh, spent),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
