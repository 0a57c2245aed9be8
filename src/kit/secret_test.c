/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: sealed text opens with its passphrase and with nothing else; passwords likewise.
 * Method: there and back; one wrong byte in each part of the sealed text; headers that ask too
 * much.
 */
#include "kit/password.h"
#include "kit/secret.h"

#include "kit/kit_test.h"

static void sealed_and_opened(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str sealed;
    str plain;
    works(secret_seal(STR("correct horse"), STR("the key"), &a, &sealed));
    assert_false(str_has(sealed, STR("the key")));
    works(secret_open(STR("correct horse"), sealed, &a, &plain));
    assert_true(str_equal(plain, STR("the key")));
    fails(secret_open(STR("correct horsf"), sealed, &a, &plain), ERR_DENIED, "passphrase.wrong");

    str again;
    works(secret_seal(STR("correct horse"), STR("the key"), &a, &again));
    assert_false(str_equal(sealed, again));
    arena_done(&a);
}

static void every_part_counts(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str sealed;
    str plain;
    works(secret_seal(STR("pass"), STR("text"), &a, &sealed));
    /* a byte of salt, of nonce, of text, of tag */
    static const size_t places[] = {16, 32, 56, 75};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char *bytes = str_to_c(&a, sealed);
        bytes[places[i]] ^= 1;
        fails(secret_open(STR("pass"), str_make(bytes, sealed.size), &a, &plain), ERR_DENIED,
              "passphrase.wrong");
    }
    for (size_t size = 0; size < 72; size++)
        fails(secret_open(STR("pass"), str_until(sealed, size), &a, &plain), ERR_MALFORMED,
              "sealed.malformed");
    arena_done(&a);
}

static void no_hour_of_work_for_a_stranger(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    str sealed;
    str plain;
    works(secret_seal(STR("pass"), STR("text"), &a, &sealed));
    /* magic, operations, KiB: low and high bytes */
    static const size_t places[] = {0, 9, 11, 15};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char *bytes = str_to_c(&a, sealed);
        bytes[places[i]] ^= 0x40;
        fails(secret_open(STR("pass"), str_make(bytes, sealed.size), &a, &plain), ERR_MALFORMED,
              "sealed.malformed");
    }
    struct arena small;
    arena_init(&small, 100);
    assert_int_equal(secret_seal(STR("p"), STR("t"), &small, &sealed).code, ERR_LIMIT);
    arena_done(&small);
    arena_done(&a);
}

static void compared_and_made_by_chance(void **state)
{
    (void)state;
    uint8_t a[32];
    uint8_t b[32];
    secret_random(a, sizeof a);
    secret_random(b, sizeof b);
    assert_false(secret_equal(a, b, sizeof a));
    memcpy(b, a, sizeof a);
    assert_true(secret_equal(a, b, sizeof a));
}

static void passwords(void **state)
{
    (void)state;
    char hash[PASSWORD_TEXT_BYTES];
    char again[PASSWORD_TEXT_BYTES];
    static char wide[PASSWORD_MAX_BYTES + 1];
    memset(wide, 'w', sizeof wide);
    fails(password_hash(STR("123456789"), PASSWORD_COST_TEST, hash), ERR_MALFORMED,
          "password.too_short");
    fails(password_hash(str_make(wide, sizeof wide), PASSWORD_COST_TEST, hash), ERR_MALFORMED,
          "password.too_long");
    str widest = str_make(wide, PASSWORD_MAX_BYTES);
    works(password_hash(widest, PASSWORD_COST_TEST, hash));
    assert_true(password_check(str_from_c(hash), widest));

    works(password_hash(STR("1234567890"), PASSWORD_COST_REAL, hash));
    assert_true(str_starts(str_from_c(hash), STR("$argon2id$v=19$m=65536,")));
    assert_true(password_check(str_from_c(hash), STR("1234567890")));
    assert_false(password_check(str_from_c(hash), STR("1234567891")));
    assert_false(password_check(str_until(str_from_c(hash), 90), STR("1234567890")));
    assert_false(password_check(STR(""), STR("1234567890")));
    works(password_hash(STR("1234567890"), PASSWORD_COST_TEST, again));
    assert_string_not_equal(hash, again);
    assert_true(password_check(str_from_c(again), STR("1234567890")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sealed_and_opened),
        cmocka_unit_test(every_part_counts),
        cmocka_unit_test(no_hour_of_work_for_a_stranger),
        cmocka_unit_test(compared_and_made_by_chance),
        cmocka_unit_test(passwords),
    };
    return cmocka_run_group_tests_name("kit/secret", tests, boot, done);
}
