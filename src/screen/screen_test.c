/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever was built, changed, sealed, saved and loaded, every question is answered as
 * screen_judge answers it over all listings, with the same listing; nothing more is blocked and
 * nothing less; and memory stays within its bound.
 * Method: worlds of listings that resemble each other, under good hashes and under hashes that drop
 * all but a few bits, so that unlike values meet everywhere; after each kind of change, questions
 * about what is listed and about what is nearly so, against the long way.
 */
#include "env/file.h"
#include "screen/part.h"
#include "screen/world_test.h"

#include <unistd.h>

enum { QUESTIONS = 400, TURNS = 12 };

static struct world world;

static err give_world(void *self, struct screen_intake *intake)
{
    (void)self;
    for (uint32_t i = 0; i < world.count; i++)
        if (world.is_listed[i])
            TRY(screen_put(intake, &world.entries[i]));
    return OK;
}

static void build(struct screen *s, uint64_t mark)
{
    struct screen_source source = {.give = give_world};
    assert_false(failed(screen_build(s, &source, mark)));
}

static void expect(const struct screen_reader *r, const struct screen_question *q,
                   const struct screen_answer *got)
{
    struct right want = world_ask(&world, q->kind, q->value);
    if (got->verdict != want.verdict || got->is_listed != want.is_listed ||
        (want.is_listed && screen_row(r, got) != want.row))
        print_message("%s %.*s: row %u, and row %u is right\n", indicator_kind_words[q->kind],
                      STR_ARGS(q->value), got->is_listed ? screen_row(r, got) : 0, want.row);
    assert_int_equal(got->verdict, want.verdict);
    assert_int_equal(got->is_listed, want.is_listed);
    if (!want.is_listed)
        return;
    assert_int_equal(screen_row(r, got), want.row);
    assert_int_equal(got->until.us, want.until_us);
}

static void ask_numbers_too(const struct screen_reader *r, const struct screen_question *questions)
{
    uint64_t numbers[QUESTIONS];
    struct screen_question asked[QUESTIONS];
    struct screen_answer answers[QUESTIONS];
    size_t count = 0;
    for (size_t i = 0; i < QUESTIONS; i++)
        if (questions[i].kind == INDICATOR_NUMBER &&
            key_number(questions[i].value, &numbers[count]))
            asked[count++] = questions[i];
    screen_ask_numbers(r, numbers, count, (instant){WORLD_NOW_US}, answers);
    for (size_t i = 0; i < count; i++)
        expect(r, &asked[i], &answers[i]);
}

/* A listed value, or what is one label, one byte or one character away from it. */
static str near(const struct screen_entry *e)
{
    struct text t;
    text_init(&t, &world.arena);
    unsigned how = draw(&world, 6);
    bool is_name = e->kind == INDICATOR_DOMAIN;
    if (is_name && how == 0)
        return str_from(e->value, str_find_char(e->value, '.') + 1);
    if (is_name && how < 4)
        text_put_c(&t, how == 1 ? "a." : how == 2 ? "com.x-longer-label." : "x");
    text_put(&t, e->value);
    if (!is_name && how == 1)
        text_put_char(&t, '0');
    str made = text_str(&t);
    return !is_name && how == 2 && made.size > 1 ? str_until(made, made.size - 1) : made;
}

static void ask_all(struct screen *s)
{
    struct screen_question questions[QUESTIONS];
    struct screen_answer answers[QUESTIONS];
    struct screen_reader r = screen_enter(s);
    for (size_t i = 0; i < QUESTIONS; i++) {
        const struct screen_entry *e = &world.entries[draw(&world, world.count)];
        bool is_other = draw(&world, 4) == 0;
        questions[i].kind = is_other ? draw_kind(&world) : e->kind;
        questions[i].value = is_other ? draw_value(&world, questions[i].kind) : near(e);
        if (str_is_empty(questions[i].value))
            questions[i].value = STR("com");
    }
    screen_ask_many(&r, questions, QUESTIONS, (instant){WORLD_NOW_US}, answers);
    for (size_t i = 0; i < QUESTIONS; i++)
        expect(&r, &questions[i], &answers[i]);
    for (size_t i = 0; i < 20; i++) {
        struct screen_answer one =
            screen_ask(&r, questions[i].kind, questions[i].value, (instant){WORLD_NOW_US});
        expect(&r, &questions[i], &one);
    }
    ask_numbers_too(&r, questions);
    screen_leave(&r);
}

/* Some listings end, some come back with another term, some are new. */
static size_t draw_changes(struct screen_change *changes, size_t most)
{
    size_t count = 0;
    while (count < most) {
        uint32_t i = draw(&world, world.count);
        if (draw(&world, 3) == 0 && world.count < WORLD_MOST) {
            i = world.count;
            draw_entry(&world);
        } else {
            world.is_listed[i] = draw(&world, 2) == 0;
            world.entries[i].until.us += draw(&world, 2);
        }
        changes[count++] =
            (struct screen_change){.entry = world.entries[i], .is_listed = world.is_listed[i]};
    }
    return count;
}

static void live(struct screen *s)
{
    static struct screen_change changes[300];
    bool has_more = false;
    build(s, 7);
    ask_all(s);
    for (uint64_t turn = 0; turn < TURNS; turn++) {
        size_t count = draw_changes(changes, 1 + draw(&world, COUNT_OF(changes)));
        assert_false(failed(screen_change(s, changes, count, 100 + turn)));
        ask_all(s);
        if (turn % 4 == 1)
            assert_false(failed(screen_settle(s)));
        if (turn % 4 == 3) {
            s->is_settling = true; /* and stop in the middle of it */
            for (int i = 0; i < 20; i++)
                assert_false(failed(screen_step(s, &has_more)));
        }
        ask_all(s);
        assert_int_equal(screen_figures(s).mark, 100 + turn);
    }
    assert_false(failed(screen_settle(s)));
    assert_int_equal(screen_figures(s).waiting, 0);
    assert_int_equal(screen_figures(s).sealed_mark, 100 + TURNS - 1);
    ask_all(s);
}

static void a_file_of_it(struct screen *s, const struct key_seed *seed)
{
    char folder[] = "/tmp/yumen-screen-XXXXXX";
    char path[64];
    struct screen *again = NULL;
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/f", folder);
    struct screen_origin origin = {.mark = screen_figures(s).sealed_mark, .tag = 77};
    struct screen_origin told = {0};
    assert_false(failed(screen_save(s, path, &origin)));
    assert_false(failed(screen_open(seed, &again)));
    assert_false(failed(screen_load(again, path, &told)));
    ask_all(again);
    assert_memory_equal(&origin, &told, sizeof told);
    struct screen_figures was = screen_figures(s);
    struct screen_figures is = screen_figures(again);
    assert_memory_equal(was.values, is.values, sizeof is.values);
    assert_memory_equal(was.listings, is.listings, sizeof is.listings);
    assert_int_equal(was.sealed_mark, is.mark);
    static struct screen_change changes[50];
    size_t count = draw_changes(changes, COUNT_OF(changes));
    assert_false(failed(screen_change(again, changes, count, 1000)));
    assert_false(failed(screen_settle(again)));
    ask_all(again);
    screen_close(again);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

static void worlds(void **state)
{
    (void)state;
    static const struct {
        unsigned weak_bits;
        uint32_t count;
    } all[] = {
        {0,  1   },
        {0,  30  },
        {0,  3000},
        {12, 2000},
        {9,  1000},
        {7,  300 }
    };
    for (uint64_t i = 0; i < COUNT_OF(all); i++) {
        struct key_seed key = {.seed = i * UINT64_C(0x9e3779b97f4a7c15),
                               .weak_bits = all[i].weak_bits};
        struct screen *s = NULL;
        size_t before = pages_in_use();
        world_make(&world, i + 1, all[i].count);
        assert_false(failed(screen_open(&key, &s)));
        live(s);
        a_file_of_it(s, &key);
        screen_close(s);
        arena_done(&world.arena);
        assert_int_equal(pages_in_use(), before);
    }
}

static void empty(void **state)
{
    (void)state;
    struct key_seed key = {.seed = 5};
    struct screen *s = NULL;
    world_make(&world, 9, 50);
    memset(world.is_listed, 0, sizeof world.is_listed);
    assert_false(failed(screen_open(&key, &s)));
    ask_all(s);
    build(s, 1);
    ask_all(s);
    screen_close(s);
    arena_done(&world.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty),
        cmocka_unit_test(worlds),
    };
    return cmocka_run_group_tests_name("screen/screen", tests, NULL, NULL);
}
