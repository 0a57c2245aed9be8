/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: manners are read as they are written, and refused with line and key where they are wrong;
 * a seed gives the same whims again, in the shares that were asked for; times out of reach follow
 * from the seed and not from when one asks. Method: the bundled manners; small wrong files; many
 * throws; one bank asked every minute, the other every ten.
 */
#include "drill/bank_manners.h"

#include "drill/drill_test.h"

static struct arena arena;

static int begin(void **state)
{
    (void)state;
    arena_init(&arena, 16 << 20);
    return 0;
}

static int finish(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void all_are_there(void **state)
{
    (void)state;
    static const char *const names[] = {"prompt",  "usual",  "slow",     "refusing",
                                        "partial", "untidy", "greedy",   "stubborn",
                                        "deaf",    "silent", "unsteady", "unpaying"};
    struct bank_manners m;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        works(bank_manners_find(str_from_c(names[i]), &arena, &m));
    works(bank_manners_find(STR("partial"), &arena, &m));
    assert_int_equal(m.can, 1U << BANK_STOP | 1U << BANK_FREEZE | 1U << BANK_QUERY);
    assert_int_equal(m.answer_s, 0);
    works(bank_manners_find(STR("usual"), &arena, &m));
    assert_int_equal(m.answer_sigma, 1200000);
    assert_int_equal(m.memory_s, 600);
    fails(bank_manners_find(STR("polite"), &arena, &m), "drill.manners");
}

static void wrong_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *why;
        uint32_t line;
        const char *key;
    } cases[] = {
        {"\nduff: 3\n",                                        "conf.unknown_key", 2, "duff"    },
        {"deaf: 0.5\n",                                        "conf.not_map",     1, "deaf"    },
        {"deaf: {value: 2, unit: share, source: a}\n",         "conf.range",       1, "deaf"    },
        {"deaf: {value: x, unit: share, source: a}\n",         "drill.number",     1, "deaf"    },
        {"deaf: {value: 1, unit: days, source: a}\n",          "drill.unit",       1, "deaf"    },
        {"deaf: {value: 1, unit: share}\n",                    "drill.source",     1, "deaf"    },
        {"answer_s: {value: 0.5, unit: seconds, source: a}\n", "conf.integer",     1, "answer_s"},
        {"deaf: {value: 1, unit: share, source: a, by: b}\n",  "conf.unknown_key", 1, "deaf"    },
        {"can: [hold, dance]\n",                               "drill.can",        1, "can"     },
        {"can: hold\n",                                        "conf.not_list",    1, "can"     },
        {"- a\n",                                              "conf.not_map",     1, ""        },
        {"a: [\n",                                             "yaml.malformed",   2, ""        },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct bank_manners m;
        struct params_fault fault = {0};
        fails(bank_manners_read(str_from_c(cases[i].yaml), &arena, &m, &fault), cases[i].why);
        assert_int_equal(fault.line, cases[i].line);
        is_str(fault.key, str_from_c(cases[i].key));
    }
}

static void shares_come_out(void **state)
{
    (void)state;
    enum { THROWS = 20000 };
    struct bank_manners m;
    struct bank_whims one;
    struct bank_whims two;
    struct bank_instruction i = {.kind = BANK_HOLD, .fen = 1000};
    int64_t doubled = 0;
    works(bank_manners_find(STR("untidy"), &arena, &m));
    m.over = MICRO / 4;
    bank_whims_begin(&one, &m, 7, instant_from_us(0));
    bank_whims_begin(&two, &m, 7, instant_from_us(0));
    int64_t over = 0;
    for (int n = 0; n < THROWS; n++) {
        struct bank_whim a = bank_whim_next(&one, &i);
        struct bank_whim b = bank_whim_next(&two, &i);
        assert_true(a.is_doubled == b.is_doubled && a.over_fen == b.over_fen);
        assert_true(a.has_ack && !a.is_refused && !a.is_deaf && a.wait_us == 0);
        assert_true(a.over_fen == 0 || a.over_fen == 500);
        doubled += a.is_doubled;
        over += a.over_fen != 0;
    }
    assert_in_range(doubled, THROWS / 2 - 500, THROWS / 2 + 500);
    assert_in_range(over, THROWS / 4 - 500, THROWS / 4 + 500);
    i.ask = BANK_LIFT;
    m.deaf = MICRO;
    assert_true(bank_whim_next(&one, &i).is_deaf);
}

static void outages_follow_the_seed(void **state)
{
    (void)state;
    enum { MINUTES = 60 * 24 * 60 };
    struct bank_manners m;
    struct bank_whims often;
    struct bank_whims seldom;
    int64_t out = 0;
    works(bank_manners_find(STR("unsteady"), &arena, &m));
    bank_whims_begin(&often, &m, 3, instant_from_us(0));
    bank_whims_begin(&seldom, &m, 3, instant_from_us(0));
    for (int64_t minute = 0; minute < MINUTES; minute++) {
        bool is_out = bank_whims_is_out(&often, instant_from_us(minute * US_PER_MIN));
        if (minute % 10 == 0)
            assert_int_equal(is_out,
                             bank_whims_is_out(&seldom, instant_from_us(minute * US_PER_MIN)));
        out += is_out;
    }
    assert_in_range(out, MINUTES / 10, MINUTES / 2);
    works(bank_manners_find(STR("silent"), &arena, &m));
    m.silent_from_h = 2;
    bank_whims_begin(&often, &m, 3, instant_from_us(0));
    assert_false(bank_whims_is_out(&often, instant_from_us(US_PER_HOUR)));
    assert_true(bank_whims_is_out(&often, instant_from_us(2 * US_PER_HOUR)));
    assert_true(bank_whims_is_out(&often, instant_from_us(25 * US_PER_HOUR)));
    assert_false(bank_whims_is_out(&often, instant_from_us(26 * US_PER_HOUR)));
}

int main(void)
{
#define STORY(f) cmocka_unit_test_setup_teardown(f, begin, finish)
    const struct CMUnitTest tests[] = {STORY(all_are_there), STORY(wrong_is_refused),
                                       STORY(shares_come_out), STORY(outages_follow_the_seed)};
#undef STORY
    return cmocka_run_group_tests(tests, NULL, NULL);
}
