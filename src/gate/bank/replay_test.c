/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a nonce is taken once in as long as it could be used again, of each provider for itself;
 * when there is no room, nothing is taken and nothing is forgotten.
 * Method: a small table, filled, over and over, while a clock goes on by hand.
 */
#include "gate/bank/replay.h"

#include "kit/kit_test.h"

enum { MOST = 12 };

static struct arena arena;
static struct replay replay;

static int fresh(void **state)
{
    (void)state;
    arena_init(&arena, 1 << 20);
    return failed(replay_open(&replay, &arena, MOST)) ? -1 : 0;
}

static int spent(void **state)
{
    (void)state;
    replay_close(&replay);
    arena_done(&arena);
    return 0;
}

static instant at_s(int64_t s)
{
    return instant_from_us((INT64_C(1795000000) + s) * US_PER_S);
}

static err take(const char *who, int64_t number, int64_t s)
{
    char nonce[24];
    int n = snprintf(nonce, sizeof nonce, "nonce-%lld", (long long)number);
    return replay_take(&replay, str_from_c(who), str_make(nonce, (size_t)n), at_s(s));
}

static void once_is_enough(void **state)
{
    (void)state;
    works(take("bank-a", 1, 0));
    fails(take("bank-a", 1, 0), ERR_DENIED, "signature.replayed");
    works(take("bank-b", 1, 0));
    works(take("bank-a", 2, 1));
    /* created 300 s ahead of its arrival, it is good until 600 s later */
    fails(take("bank-a", 1, 599), ERR_DENIED, "signature.replayed");
    fails(take("bank-a", 1, 600), ERR_DENIED, "signature.replayed");
    fails(take("bank-a", 2, 1100), ERR_DENIED, "signature.replayed");
    works(take("bank-a", 1, 1201));
}

/* Whose a nonce is and what it says cannot be told apart by moving the cut between them. */
static void names_do_not_run_together(void **state)
{
    (void)state;
    works(replay_take(&replay, STR("bank-a"), STR("b12345678"), at_s(0)));
    works(replay_take(&replay, STR("bank-ab"), STR("12345678"), at_s(0)));
}

static void full_is_full_and_passes(void **state)
{
    (void)state;
    for (int64_t i = 0; i < MOST; i++)
        works(take("bank-a", i, 0));
    fails(take("bank-a", MOST, 1), ERR_BUSY, "signature.replay_full");
    fails(take("bank-a", 3, 1), ERR_DENIED, "signature.replayed");
    works(take("bank-a", MOST, 600));
    fails(take("bank-a", 3, 600), ERR_DENIED, "signature.replayed");
}

static void it_goes_on_for_days(void **state)
{
    (void)state;
    int64_t number = 0;
    for (int64_t s = 0; s < 200000; s += 61) {
        works(take("bank-a", number, s));
        fails(take("bank-a", number, s), ERR_DENIED, "signature.replayed");
        for (int64_t back = 1; back * 61 < 600 && back <= number; back++)
            fails(take("bank-a", number - back, s), ERR_DENIED, "signature.replayed");
        number++;
    }
    works(take("bank-a", 0, 500000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(once_is_enough, fresh, spent),
        cmocka_unit_test_setup_teardown(names_do_not_run_together, fresh, spent),
        cmocka_unit_test_setup_teardown(full_is_full_and_passes, fresh, spent),
        cmocka_unit_test_setup_teardown(it_goes_on_for_days, fresh, spent),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
