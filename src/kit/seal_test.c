/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was sealed is read by who has the secret, in the column it was sealed for; any letter
 * that was changed is noticed; a pseudonym finds its like and tells nothing of what it stands for.
 * Method: sizes, columns and secrets against each other, every letter of one text.
 */
#include "kit/seal.h"

#include "kit/kit_test.h"

static const uint8_t secrets[2][SEAL_SECRET_BYTES] = {{1}, {2}};

struct pair {
    struct seal seals[2];
    struct arena turn;
};

static int begin(void **state)
{
    static struct pair p;
    seal_make(secrets[0], &p.seals[0]);
    seal_make(secrets[1], &p.seals[1]);
    arena_init(&p.turn, 1 << 20);
    *state = &p;
    return 0;
}

static int end(void **state)
{
    struct pair *p = *state;
    arena_done(&p->turn);
    return 0;
}

static void read_again(void **state)
{
    struct pair *p = *state;
    static const char plain[] = "+8613912345678 and more";
    for (size_t size = 0; size < sizeof plain; size++) {
        str was = str_make(plain, size);
        str one = {0};
        str two = {0};
        str back = {0};
        works(seal_put(&p->seals[0], STR("a.b"), was, &p->turn, &one));
        works(seal_put(&p->seals[0], STR("a.b"), was, &p->turn, &two));
        assert_false(str_equal(one, two));
        works(seal_get(&p->seals[0], STR("a.b"), one, &p->turn, &back));
        assert_true(str_equal(was, back));
        fails(seal_get(&p->seals[0], STR("a.c"), one, &p->turn, &back), ERR_CORRUPT, "seal.broken");
        fails(seal_get(&p->seals[1], STR("a.b"), one, &p->turn, &back), ERR_CORRUPT, "seal.broken");
    }
}

static void any_letter(void **state)
{
    struct pair *p = *state;
    str one = {0};
    str back = {0};
    char changed[128];
    works(seal_put(&p->seals[0], STR("a"), STR("+8613912345678"), &p->turn, &one));
    assert_true(one.size < sizeof changed);
    for (size_t i = 0; i < one.size; i++) {
        memcpy(changed, one.at, one.size);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        str other = str_make(changed, one.size);
        fails(seal_get(&p->seals[0], STR("a"), other, &p->turn, &back), ERR_CORRUPT, "seal.broken");
        other = str_until(one, i);
        fails(seal_get(&p->seals[0], STR("a"), other, &p->turn, &back), ERR_CORRUPT, "seal.broken");
    }
}

static void found_again(void **state)
{
    struct pair *p = *state;
    str names[4];
    str again = {0};
    works(seal_name(&p->seals[0], STR("a"), STR("x"), &p->turn, &names[0]));
    works(seal_name(&p->seals[0], STR("ax"), STR(""), &p->turn, &names[1]));
    works(seal_name(&p->seals[0], STR("a"), STR("y"), &p->turn, &names[2]));
    works(seal_name(&p->seals[1], STR("a"), STR("x"), &p->turn, &names[3]));
    works(seal_name(&p->seals[0], STR("a"), STR("x"), &p->turn, &again));
    assert_true(str_equal(names[0], again));
    assert_int_equal(again.size, SEAL_NAME_LETTERS);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (size_t k = 0; k < i; k++)
            assert_false(str_equal(names[i], names[k]));
}

static void codes(void **state)
{
    struct pair *p = *state;
    uint32_t one = seal_code(&p->seals[0], STR("G1 subscriber"));
    assert_true(one < SEAL_CODE_BELOW);
    assert_int_equal(one, seal_code(&p->seals[0], STR("G1 subscriber")));
    assert_int_not_equal(one, seal_code(&p->seals[0], STR("G1 guardian")));
    assert_int_not_equal(one, seal_code(&p->seals[1], STR("G1 subscriber")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(read_again, begin, end),
        cmocka_unit_test_setup_teardown(any_letter, begin, end),
        cmocka_unit_test_setup_teardown(found_again, begin, end),
        cmocka_unit_test_setup_teardown(codes, begin, end),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
