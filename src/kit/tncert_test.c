/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a certificate is taken when it leads to one that is trusted, and signs for the numbers that
 * all of its chain allow; nothing else is taken, each for its own reason.
 * Method: certificates made with the openssl program, tests/data/stir; a key of ours; RFC 8225 7.1.
 */
#include "kit/tncert.h"

#include "kit/kit_test.h"

static struct arena turn;
static struct tncert_trust *trust;

static str file_of(const char *name)
{
    char path[64];
    assert_true(snprintf(path, sizeof path, "stir/%s.pem", name) < (int)sizeof path);
    str text = test_file(&turn, path);
    assert_non_null(text.at);
    return text;
}

static int open_all(void **state)
{
    arena_init(&turn, 64 << 20);
    if (boot(state) != 0)
        return -1;
    return failed(tncert_trust_open(file_of("roots"), &turn, &trust)) ? -1 : 0;
}

static int close_all(void **state)
{
    tncert_trust_close(trust);
    arena_done(&turn);
    return done(state);
}

static void whom_each_may_sign_for(void **state)
{
    static const struct {
        const char *file;
        const char *digits;
        bool is_for;
    } rows[] = {
        {"plain", "8613900000000",    true }, /* no list */
        {"plain", "",                 true },
        {"spc",   "8613900000000",    true }, /* a provider: of any number */
        {"range", "8613900000000",    true },
        {"range", "8613900999999",    true },
        {"range", "8613901000000",    false},
        {"range", "8613899999999",    false},
        {"range", "08613900000000",   false},
        {"range", "86139000000001",   false},
        {"range", "12155550121",      true },
        {"range", "12155550122",      false},
        {"range", "",                 false},
        {"range", "-1",               false},
        {"range", "+8613900000000",   false},
        {"range", "1234567890123456", false},
        {"below", "8613900000009",    true }, /* as the one above it may */
        {"below", "8613900000010",    false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct tncert *c = NULL;
        works(tncert_open(file_of(rows[i].file), trust, &turn, &c));
        if (tncert_is_for(c, str_from_c(rows[i].digits)) != rows[i].is_for)
            fail_msg("%s %s", rows[i].file, rows[i].digits);
        tncert_close(c);
    }
}

static void what_is_not_taken(void **state)
{
    static const struct {
        const char *file;
        enum err_code code;
        const char *why;
    } rows[] = {
        {"stranger",    ERR_DENIED,    "tncert.trust"      },
        {"gap",         ERR_DENIED,    "tncert.trust"      }, /* without the one above it */
        {"rsa",         ERR_MALFORMED, "tncert.key"        },
        {"nosign",      ERR_MALFORMED, "tncert.key"        },
        {"broken",      ERR_MALFORMED, "tncert.numbers"    },
        {"constrained", ERR_DENIED,    "tncert.constraints"},
    };
    struct tncert *c = NULL;
    struct tncert_trust *none = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        fails(tncert_open(file_of(rows[i].file), trust, &turn, &c), rows[i].code, rows[i].why);
    fails(tncert_open(STR("x5u: https://a.example/\n"), trust, &turn, &c), ERR_MALFORMED,
          "tncert.none");
    fails(tncert_trust_open(STR("nobody"), &turn, &none), ERR_MALFORMED, "tncert.none");
}

static void a_list_is_read_to_its_end_or_not_at_all(void **state)
{
    str pem = file_of("range");
    struct tncert *c = NULL;
    (void)state;
    for (size_t i = 0; i < pem.size; i++) { /* whatever is cut off it */
        err e = tncert_open(str_until(pem, i), trust, &turn, &c);
        if (!failed(e)) {
            assert_true(i + 2 >= pem.size); /* the line's end */
            tncert_close(c);
        }
    }
}

static void a_signature_is_its_keys(void **state)
{
    instant from = instant_from_civil(2026, 1, 1, 0);
    instant until = instant_from_civil(2027, 1, 1, 0);
    str key = {0};
    str pem = {0};
    str jws = {0};
    struct jws_parts parts;
    struct tncert *c = NULL;
    struct tncert *other = NULL;
    struct tncert_trust *own = NULL;
    (void)state;
    works(jws_key_make(STR("network"), from, until, &turn, &key));
    works(jws_certificates(key, &turn, &pem));
    fails(tncert_open(pem, trust, &turn, &c), ERR_DENIED, "tncert.trust");
    works(tncert_trust_open(pem, &turn, &own));
    works(tncert_open(pem, own, &turn, &c));
    works(tncert_open(file_of("plain"), trust, &turn, &other));
    tncert_trust_close(own); /* a certificate does not need it any more */
    assert_true(tncert_from(c).us == from.us && tncert_until(c).us == until.us);
    works(jws_make(key, STR("{}"), STR("{}"), &turn, &jws));
    works(jws_read(jws, &turn, &parts));
    assert_true(tncert_signed(c, &parts));
    assert_false(tncert_signed(other, &parts));
    parts.signature = str_until(parts.signature, 63);
    assert_false(tncert_signed(c, &parts));
    tncert_close(other);
    tncert_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whom_each_may_sign_for),
        cmocka_unit_test(what_is_not_taken),
        cmocka_unit_test(a_list_is_read_to_its_end_or_not_at_all),
        cmocka_unit_test(a_signature_is_its_keys),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
