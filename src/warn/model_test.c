/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a model of warnings is read as it was written and refused otherwise; what it knows is never
 * less for one more signal; the one that comes with the program is whole. Method: there and back,
 * each byte changed, lines that are wrong; random signals added one by one.
 */
#include "warn/model.h"

#include "kit/kit.h"
#include "warn/episode.h"
#include "warn/warn_test.h"

#include <string.h>

enum { ARENA_BYTES = 1 << 26, WORLDS = 400, SIGNALS = 12, FROM_S = 1800000000 };

static struct arena arena;
static struct warn_model usual;

static str file_of(const struct warn_model *m)
{
    struct text t;
    text_init(&t, &arena);
    warn_model_write(m, &t);
    assert_false(text_spent(&t));
    return text_str(&t);
}

static void it_is_read_as_it_was_written(void **state)
{
    (void)state;
    struct warn_model again;
    str bytes = file_of(&usual);
    works(warn_model_read(bytes, &again));
    str twice = file_of(&again);
    assert_int_equal(twice.size, bytes.size);
    assert_memory_equal(twice.at, bytes.at, bytes.size);
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        assert_int_equal(again.rules.weight_mn[kind], usual.rules.weight_mn[kind]);
    for (uint32_t i = 0; i < again.rules.pair_count; i++)
        assert_string_equal(again.rules.pairs[i].name, usual.rules.pairs[i].name);
}

static void no_byte_may_change(void **state)
{
    (void)state;
    str bytes = file_of(&usual);
    char *changed = arena_make(&arena, bytes.size);
    for (size_t i = 0; i < bytes.size; i++) {
        struct warn_model got = {.figure_count = 7};
        memcpy(changed, bytes.at, bytes.size);
        changed[i] ^= 1;
        assert_true(failed(warn_model_read(str_make(changed, bytes.size), &got)));
        assert_true(failed(warn_model_read(str_until(bytes, i), &got)));
        assert_int_equal(got.figure_count, 7);
    }
}

/* The usual one with one line in another's place, stamped anew. */
static err with_line(const char *was, const char *now)
{
    struct warn_model got;
    struct text t;
    str bytes = file_of(&usual);
    const char *at = memmem(bytes.at, bytes.size, was, strlen(was));
    assert_non_null(at);
    const char *end = memchr(at, '\n', (size_t)(bytes.at + bytes.size - at));
    const char *stamp = memmem(bytes.at, bytes.size, "sha256 ", 7);
    text_init(&t, &arena);
    text_put(&t, str_make(bytes.at, (size_t)(at - bytes.at)));
    text_put_c(&t, now);
    text_put(&t, str_make(end, (size_t)(stamp - end)));
    struct digest d = digest_of(text_str(&t));
    text_put_c(&t, "sha256 ");
    text_put_hex(&t, d.bytes, DIGEST_BYTES);
    text_put_char(&t, '\n');
    return warn_model_read(text_str(&t), &got);
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *was;
        const char *now;
        const char *why;
    } cases[] = {
        {"name ",           "name ",                        "warning.line"},
        {"made ",           "figure days 1",                "warning.line"},
        {"data ",           "data 12",                      "warning.line"},
        {"stays ",          "stays 0",                      "warning.line"},
        {"stays ",          "remains 1",                    "warning.line"},
        {"tier high",       "tier higher 850000",           "warning.line"},
        {"tier high",       "tier high 1000000",            "warn.tier"   },
        {"kind visit",      "kind visits 1 60 learnt",      "warning.line"},
        {"kind visit",      "kind visit 100 59 learnt",     "warning.line"},
        {"kind visit",      "kind visit 100 60 guessed",    "warning.line"},
        {"kind visit",      "kind visit -100 7200 learnt",  "warn.weight" },
        {"kind visit",      "kind message 100 7200 learnt", "warn.weight" },
        {"kind calm",       "kind calm 100 7200 learnt",    "warn.weight" },
        {"pair call visit", "pair call calm 100",           "warning.line"},
        {"pair call visit", "pair call visit -1",           "warning.line"},
        {"point ",          "point 2000000 0",              "warning.line"},
        {"point ",          "point 1 1000001",              "warning.line"},
        {"point ",          "point 999999 999999",          "warning.line"},
    };
    works(with_line("stays ", "stays 800000"));
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        fails(with_line(cases[i].was, cases[i].now), cases[i].why);
    struct warn_model m;
    fails(warn_model_read(STR("yumen-warning 2\n"), &m), "warning.version");
    fails(warn_model_read(STR("yumen-warning 1\n"), &m), "warning.damaged");
}

/* As long as an episode keeps all there are of a kind: what ends another, and a fourth stronger
 * one that pushes out the one that came first, are all that takes evidence away. */
static void more_is_never_less(void **state)
{
    (void)state;
    uint64_t dice = 5;
    for (int world = 0; world < WORLDS; world++) {
        struct episode e = {.about = 1};
        int64_t before = 0;
        unsigned kept[SIGNAL_KINDS] = {0};
        for (uint32_t i = 0; i < SIGNALS; i++) {
            struct signal s = {.about = 1,
                               .id = 1000 + i,
                               .time_s = FROM_S + i,
                               .strength = (uint16_t)(1 + draw(&dice) % SIGNAL_WHOLE),
                               .kind = (uint8_t)(draw(&dice) % SIGNAL_CALM)};
            if (kept[s.kind]++ == EPISODE_KEEPS)
                break;
            (void)episode_put(&e, &usual.rules, &s, FROM_S + SIGNALS);
            int64_t now = episode_evidence(&e, &usual.rules, FROM_S + SIGNALS);
            /* A stronger one moves those of its kind down a place: whole thousandths are lost. */
            assert_true(now >= before - EPISODE_PARTS);
            before = now;
        }
    }
}

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_BYTES);
    works(kit_boot());
    warn_model_usual(&usual);
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
        cmocka_unit_test(no_byte_may_change),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(more_is_never_less),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
