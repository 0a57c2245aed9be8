/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is kept of a listing comes back byte by byte, for that listing and language and for
 *   nothing else; never once a leaf has spoken of it, whoever was slow; what does not fit is left
 *   out.
 * Method: words that say their own row, origin and language, for many more than there is room for;
 *   then a model beside it: rows change at random, readers come late, and whatever comes back must
 *   be what the row says since its last change.
 */
#include "app/screen/told.h"

#include "env/id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { ROOM = 4096 };

static struct told *told;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return failed(told_open(&told)) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    told_close(told);
    arena_done(&arena);
    return 0;
}

/* A listing as the store has it: of a source, or with words of its own. */
struct row {
    uint32_t number;
    uint32_t source; /* 0: it speaks for itself */
    int64_t revision;
    int64_t until;
};

static struct told_origin origin_of(const struct row *r)
{
    struct told_origin o = {
        .who = {r->source == 0 ? 2 : 1, r->source == 0 ? r->number : r->source},
        .revision = r->source == 0 ? r->revision : 0,
        .from = {5                     },
        .until = {r->until}
    };
    return o;
}

/* The id twice, as in a verdict. */
static str words_of(const struct row *r, unsigned language, char room[ROOM])
{
    char id[ID_ROOM] = "";
    id_letters((const uint64_t[2]){77, r->number}, id);
    int size =
        snprintf(room, ROOM, ",%s source %u rev %lld until %lld in %u, see %s.", id, r->source,
                 (long long)(r->source == 0 ? r->revision : 0), (long long)r->until, language, id);
    return str_make(room, (size_t)size);
}

static void put(const struct row *r, const struct told_key *key)
{
    char room[ROOM];
    struct told_origin o = origin_of(r);
    told_put(told, key, &o, (const uint64_t[2]){77, r->number}, words_of(r, key->language, room));
}

/* As api_check.c asks: kept, or of others of its origin. */
static bool join(const struct row *r, const struct told_key *key)
{
    struct told_origin o = origin_of(r);
    struct told_words w = {
        .id = {77, r->number}
    };
    return told_join(told, key, &o, &w);
}

/* Whether there is something; it must be what the row says. */
static bool has(const struct row *r, const struct told_key *key)
{
    char room[ROOM];
    struct told_words w;
    struct text t;
    arena_reset(&arena);
    text_init(&t, &arena);
    if (!told_look(told, key, &w) || !told_write(told, &w, &(struct told_pen){0}, &t))
        return false;
    assert_true(str_equal(text_str(&t), words_of(r, key->language, room)));
    return true;
}

static void each_has_its_own_words(void **state)
{
    (void)state;
    struct row one = {.number = 1000, .source = 3, .until = 9};
    struct row other = {.number = 1001, .source = 3, .until = 9};
    struct row alone = {.number = 1002, .revision = 1, .until = 9};
    struct told_key key = {.mark = 7, .row = 1000, .language = 1};
    struct told_key next = {.mark = 7, .row = 1001, .language = 1};
    struct told_key last = {.mark = 7, .row = 1002, .language = 1};
    struct told_key foreign = {.mark = 7, .row = 1000, .language = 0};
    assert_false(has(&one, &key) || join(&one, &key));
    put(&one, &key);
    assert_true(has(&one, &key));
    assert_false(has(&one, &foreign) || join(&one, &foreign));
    assert_false(has(&other, &next));
    assert_true(join(&other, &next)); /* of the same list */
    assert_true(has(&other, &next) && has(&one, &key));
    assert_false(join(&alone, &last)); /* nobody else's words */
    put(&alone, &last);
    put(&one, &foreign);
    assert_true(has(&alone, &last) && has(&one, &foreign) && has(&one, &key));
    other.until = 10;
    assert_false(join(&other, &next)); /* another term, another form */
}

static void a_leaf_makes_old_what_it_speaks_of(void **state)
{
    (void)state;
    struct row one = {.number = 5, .source = 3, .until = 9};
    struct row other = {.number = 6, .source = 3, .until = 9};
    struct told_key before = {.mark = 7, .row = 5};
    struct told_key after = {.mark = 8, .row = 5};
    struct told_key others = {.mark = 7, .row = 6};
    put(&one, &before);
    put(&other, &others);
    told_drop(told, 5, 8);
    assert_false(has(&one, &before) || has(&one, &after));
    assert_true(has(&other, &others));
    put(&one, &before); /* by somebody who was slow */
    assert_false(has(&one, &after));
    assert_true(join(&one, &before)); /* he may tell it himself, but it is not kept */
    assert_false(has(&one, &after));
    put(&one, &after);
    assert_true(has(&one, &after));
    told_forget(told, 20);
    assert_false(has(&one, &after) || has(&other, &others));
    put(&one, &after);
    assert_false(has(&one, &after) || join(&one, &after));
    after.mark = 20;
    put(&one, &after);
    assert_true(has(&one, &after));
}

static void a_million_fit(void **state)
{
    (void)state;
    enum { MANY = 1000000, LISTS = 100 };
    size_t kept = 0;
    for (uint32_t i = 0; i < MANY; i++) {
        struct row r = {.number = i, .source = 1 + i % LISTS, .until = 9};
        struct told_key key = {.mark = 1, .row = i};
        if (!join(&r, &key))
            put(&r, &key);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        struct row r = {.number = i, .source = 1 + i % LISTS, .until = 9};
        kept += has(&r, &(struct told_key){.mark = 1, .row = i});
    }
    assert_in_range(kept, MANY / 100 * 85, MANY);
    kept = 0;
    for (uint32_t i = 0; i < 4 * TOLD_FORMS; i++) { /* all with words of their own */
        struct row r = {.number = i, .revision = 1, .until = 9};
        put(&r, &(struct told_key){.mark = 1, .row = i});
    }
    for (uint32_t i = 0; i < 4 * TOLD_FORMS; i++) {
        struct row r = {.number = i, .revision = 1, .until = 9};
        kept += has(&r, &(struct told_key){.mark = 1, .row = i});
    }
    assert_in_range(kept, TOLD_FORMS / 2, TOLD_FORMS);
}

static void what_is_too_long_is_not_kept(void **state)
{
    (void)state;
    char bytes[TOLD_BYTES + 1];
    struct told_words w;
    struct text t;
    struct told_key key = {.mark = 1, .row = 1};
    struct told_origin o = {
        .who = {1, 1}
    };
    const uint64_t id[2] = {1, 1};
    memset(bytes, 'x', sizeof bytes);
    told_put(told, &key, &o, id, str_make(bytes, sizeof bytes));
    assert_false(told_look(told, &key, &w));
    told_put(told, &key, &o, id, str_make(bytes, TOLD_BYTES));
    text_init(&t, &arena);
    assert_true(told_look(told, &key, &w) && told_write(told, &w, &(struct told_pen){0}, &t));
    assert_int_equal(text_str(&t).size, TOLD_BYTES);
    for (size_t i = 0; i < 4; i++) /* the id more often than there are places */
        id_letters(id, bytes + 40 * i);
    o.who[1] = 2;
    key.row = 2;
    told_put(told, &key, &o, id, str_make(bytes, TOLD_BYTES));
    assert_false(told_look(told, &key, &w));
}

/* It writes the form that it was dipped for, and takes up another when it has to. */
static void a_pen_goes_on_with_its_form(void **state)
{
    (void)state;
    struct told_pen pen = {0};
    struct told_key keys[] = {
        {.mark = 1, .row = 71},
        {.mark = 1, .row = 72}
    };
    const uint64_t ids[][2] = {
        {7, 1},
        {7, 2}
    };
    struct told_words w[2];
    struct text t;
    text_init(&t, &arena);
    for (size_t i = 0; i < 2; i++) {
        struct told_origin o = {
            .who = {7, i}
        };
        told_put(told, &keys[i], &o, ids[i], i == 0 ? STR(",first") : STR(",second"));
        assert_true(told_look(told, &keys[i], &w[i]));
        assert_true(told_write(told, &w[i], &pen, &t));
    }
    assert_true(told_write(told, &w[0], &pen, &t));
    told_forget(told, 2);
    assert_true(told_write(told, &w[0], &pen, &t));
    assert_false(told_write(told, &w[1], &pen, &t));
    assert_false(told_write(told, &w[0], &(struct told_pen){0}, &t));
    assert_true(str_equal(text_str(&t), STR(",first,second,first,first")));
}

/* Rows of few sets change; who asked before a change puts after it. */
static void nothing_old_comes_back(void **state)
{
    (void)state;
    enum { ROWS = 300, STEPS = 400000 };
    static struct row rows[ROWS];
    struct told_key late = {0};
    struct row was = {0};
    uint64_t mark = 1;
    size_t found = 0;
    struct random_source random;
    random_init_seeded(&random, 11);
    for (uint32_t i = 0; i < ROWS; i++)
        rows[i] = (struct row){.number = i * 4099, .source = i % 3, .revision = 1, .until = 1};
    for (int step = 0; step < STEPS; step++) {
        struct row *r = &rows[random_below(&random, ROWS)];
        struct told_key key = {.mark = mark, .row = r->number, .language = step & 1};
        uint64_t what = random_below(&random, 100);
        found += has(r, &key);
        if (what < 5) {
            late = key; /* reads now, and puts when others have gone on */
            was = *r;
        } else if (what < 10) {
            put(&was, &late);
        } else if (what < 20) {
            mark++;
            r->revision++;
            r->until += r->revision % 2;
            told_drop(told, r->number, mark);
        } else if (what == 20 && step % 50 == 0) {
            told_forget(told, ++mark);
        } else if (!join(r, &key)) {
            put(r, &key);
        }
    }
    assert_true(found > STEPS / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_has_its_own_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_leaf_makes_old_what_it_speaks_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_million_fit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pen_goes_on_with_its_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_old_comes_back, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("app/told", tests, NULL, NULL);
}
