/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a history is read as it was written, and nothing else is read as one. Method: random
 * histories there and back, lines that are wrong in one word each.
 */
#include "warn/history.h"

#include "kit/kit.h"
#include "warn/warn_test.h"

#include <string.h>

enum { ARENA_BYTES = 1 << 26, WORLDS = 50, SOME = 40, FROM_S = 1800000000 };

static struct arena arena;

static struct history some_history(uint64_t *dice)
{
    struct history h = {.times = (uint32_t)(draw(dice) % 30), .numbers = 20, .days = 3};
    h.signals = arena_make_array(&arena, SOME, sizeof *h.signals);
    h.outcomes = arena_make_array(&arena, SOME, sizeof *h.outcomes);
    h.payments = arena_make_array(&arena, SOME, sizeof *h.payments);
    for (; h.signal_count < draw(dice) % SOME; h.signal_count++) {
        struct history_signal *s = &h.signals[h.signal_count];
        s->at_s = FROM_S + 10 * (uint32_t)h.signal_count;
        s->signal = (struct signal){.about = 1 + draw(dice) % h.numbers,
                                    .id = draw(dice) & UINT32_MAX,
                                    .time_s = FROM_S - (uint32_t)(draw(dice) % 100),
                                    .strength = (uint16_t)(1 + draw(dice) % SIGNAL_WHOLE),
                                    .source = (uint16_t)draw(dice),
                                    .kind = (uint8_t)(draw(dice) % SIGNAL_KINDS)};
    }
    for (; h.outcome_count < draw(dice) % SOME; h.outcome_count++)
        h.outcomes[h.outcome_count] =
            (struct history_outcome){.about = 1 + (uint32_t)(draw(dice) % h.numbers),
                                     .from_s = FROM_S + (uint32_t)(draw(dice) % 400),
                                     .until_s = FROM_S + 400 + (uint32_t)(draw(dice) % 400),
                                     .reported_s = (uint32_t)(draw(dice) % 2) * FROM_S,
                                     .is_scam = draw(dice) % 2 == 0,
                                     .answers = draw(dice) % 2 == 0};
    for (; h.payment_count < draw(dice) % SOME; h.payment_count++)
        h.payments[h.payment_count] =
            (struct history_payment){.about = 1 + (uint32_t)(draw(dice) % h.numbers),
                                     .at_s = FROM_S,
                                     .booked_s = FROM_S + 9,
                                     .fen = 1 + (int64_t)(draw(dice) % 100000)};
    history_sort(&h);
    return h;
}

static str text_of(const struct history *h)
{
    struct text t;
    text_init(&t, &arena);
    history_write(h, &t);
    assert_false(text_spent(&t));
    return text_str(&t);
}

/* The long way: all of them are looked at. */
static const struct history_outcome *find(const struct history *h, uint32_t about, uint32_t at_s)
{
    const struct history_outcome *found = NULL;
    for (size_t i = 0; i < h->outcome_count; i++) {
        const struct history_outcome *o = &h->outcomes[i];
        bool is_it = o->about == about && at_s >= o->from_s && at_s < o->until_s;
        if (is_it && (found == NULL || o->is_scam))
            found = o;
    }
    return found;
}

static void check_found(const struct history *got, const struct history *want)
{
    for (uint32_t i = 0; i < 20 * want->numbers; i++) {
        uint32_t about = 1 + i / 20;
        uint32_t at_s = FROM_S + i % 20 * 50;
        const struct history_outcome *one = history_find(got, about, at_s);
        const struct history_outcome *other = find(want, about, at_s);
        assert_int_equal(one == NULL, other == NULL);
        if (one != NULL && other != NULL)
            assert_int_equal(one->is_scam, other->is_scam);
    }
}

static void it_is_read_as_it_was_written(void **state)
{
    (void)state;
    uint64_t dice = 1;
    for (int world = 0; world < WORLDS; world++) {
        struct history h = some_history(&dice);
        struct history again;
        str bytes = text_of(&h);
        works(history_read(bytes, &arena, &again));
        str twice = text_of(&again);
        assert_int_equal(twice.size, bytes.size);
        assert_memory_equal(twice.at, bytes.at, bytes.size);
        check_found(&again, &h);
    }
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        uint32_t line;
    } cases[] = {
        {"",                                                                  2},
        {"signal 1 1 visit 1 1 0 0\n",                                        2},
        {"world 1 0 1\n",                                                     2},
        {"world 1 5 1 \n",                                                    2},
        {"world 1 5 1\nworld 1 5 1\n",                                        3},
        {"world 1 5 1\nsignal 1 6 visit 1 1 0 0\n",                           3},
        {"world 1 5 1\nsignal 1 0 visit 1 1 0 0\n",                           3},
        {"world 1 5 1\nsignal 1 1 visits 1 1 0 0\n",                          3},
        {"world 1 5 1\nsignal 1 1 visit 1 1001 0 0\n",                        3},
        {"world 1 5 1\nsignal 1 1 visit 1 0 0 0\n",                           3},
        {"world 1 5 1\nsignal 1 1 visit 1 1 0\n",                             3},
        {"world 1 5 1\nsignal 1 1 visit 1 1 0 0 0\n",                         3},
        {"world 1 5 1\nsignal 2 1 visit 1 1 0 0\nsignal 1 1 visit 1 1 0 0\n", 4},
        {"world 1 5 1\noutcome 1 2 3 scams 0 1\n",                            3},
        {"world 1 5 1\noutcome 1 2 3 scam 0 2\n",                             3},
        {"world 1 5 1\npayment 1 2 3 0\n",                                    3},
        {"world 1 5 1\nnothing 1\n",                                          3},
        {"world 1 5 1\npayment 1 2 3 4",                                      3},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct history h;
        struct text t;
        text_init(&t, &arena);
        text_put_c(&t, "yumen-episodes 1\n");
        text_put_c(&t, cases[i].body);
        err e = history_read(text_str(&t), &arena, &h);
        fails(e, "episodes.line");
        assert_int_equal(e.at, cases[i].line);
    }
    struct history h;
    fails(history_read(STR("yumen-episodes 2\n"), &arena, &h), "episodes.version");
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    works(kit_boot());
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_done(&arena);
    kit_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_read_as_it_was_written),
        cmocka_unit_test(wrong_lines_are_refused),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
