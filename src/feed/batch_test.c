/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a row sent again is known by its identity whatever its format, and different rows are never
 * taken for one; a batch is answered in the words of interfaces.md with at most 100 refusals.
 * Method: identities of rows built to collide if lengths or column names were left out; the answer
 * compared as text and counted.
 */
#include "feed/answer.h"
#include "feed/feed_test.h"
#include "feed/identity.h"

#include <stdio.h>

static struct feed_row row_of(const char *id, const char *source, const char *reason)
{
    struct feed_row row = {0};
    err e = feed_find(STR("listings"), &row.shape);
    assert_false(failed(e));
    for (size_t i = 0; i < FEED_COLUMNS_MAX; i++)
        row.values[i] = STR("");
    row.values[LISTINGS_KIND] = STR("domain");
    row.values[LISTINGS_ID] = str_from_c(id);
    row.values[LISTINGS_SOURCE] = str_from_c(source);
    row.values[LISTINGS_REASON] = str_from_c(reason);
    return row;
}

static bool is_same(struct feed_row a, struct feed_row b)
{
    struct digest da = feed_row_identity(&a, STR("peer"));
    struct digest db = feed_row_identity(&b, STR("peer"));
    return digest_equal(&da, &db);
}

static void an_id_is_its_sources_own(void **state)
{
    (void)state;
    assert_true(is_same(row_of("1", "s", "loan"), row_of("1", "s", "phishing")));
    assert_false(is_same(row_of("1", "s", "loan"), row_of("2", "s", "loan")));
    assert_false(is_same(row_of("1", "s", "loan"), row_of("1", "t", "loan")));
    assert_false(is_same(row_of("1s", "", "x"), row_of("1", "s", "x")));
    assert_false(is_same(row_of("1", "s", "loan"), row_of("", "s", "loan")));
}

static void without_an_id_all_it_says_counts(void **state)
{
    (void)state;
    struct feed_row row = row_of("", "s", "loan");
    struct feed_row same = row;
    same.number = 99;
    same.raw = STR("written otherwise");
    assert_true(is_same(row, same));
    for (size_t i = 0; i < row.shape->column_count; i++) {
        struct feed_row other = row;
        other.values[i] = STR("other");
        bool is_id = i == row.shape->id_column;
        assert_false(is_same(row, other));
        for (size_t k = 0; k < i && !is_id; k++) {
            struct feed_row third = row;
            third.values[k] = STR("other");
            assert_false(is_same(other, third)); /* the same text in another column */
        }
    }
}

static str say(void *self, const char *code)
{
    (*(int *)self)++;
    return strcmp(code, "until.past") == 0 ? STR("\"too\" late") : STR("?");
}

static void the_answer_has_its_words(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 20);
    struct feed_answer answer = {.batch = STR("b1"), .accepted = 5, .duplicate = 2};
    struct feed_refusal no = {.number = 3, .column = STR("until"), .code = "until.past"};
    feed_answer_put_refusal(&answer, &a, &no);
    struct text t;
    text_init(&t, &a);
    int asked = 0;
    feed_answer_format(&answer, say, &asked, &t);
    assert_said(text_str(&t),
                "{\"batch\":\"b1\",\"accepted\":5,\"duplicate\":2,\"refused\":1,\"refusals\":["
                "{\"row\":3,\"column\":\"until\",\"code\":\"until.past\","
                "\"reason\":\"\\\"too\\\" late\"}]}");
    struct text of_calls;
    struct feed_answer calls = {.batch = STR("b2"), .accepted = 5, .late = 2, .has_late = true};
    text_init(&of_calls, &a);
    feed_answer_format(&calls, say, &asked, &of_calls);
    assert_said(text_str(&of_calls),
                "{\"batch\":\"b2\",\"accepted\":5,\"duplicate\":0,\"refused\":0,"
                "\"late\":2,\"refusals\":[]}");
    for (int i = 0; i < 250; i++)
        feed_answer_put_refusal(&answer, &a, &no);
    assert_int_equal(answer.refused, 251);
    asked = 0;
    feed_answer_format(&answer, say, &asked, &t);
    assert_int_equal(asked, FEED_INLINE_MAX);
    arena_done(&a);
}

/* Goal: a full arena costs the inline copy, never the count. */
static void a_full_arena_still_counts(void **state)
{
    (void)state;
    struct arena none;
    arena_init(&none, 0);
    struct feed_answer answer = {.batch = STR("b1")};
    struct feed_refusal no = {.number = 3, .column = STR("until"), .code = "until.past"};
    feed_answer_put_refusal(&answer, &none, &no);
    assert_int_equal(answer.refused, 1);
    assert_int_equal(answer.refusal_count, 0);
    arena_done(&none);
}

int main(void)
{
    if (failed(kit_boot()))
        return 1;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_is_its_sources_own),
        cmocka_unit_test(without_an_id_all_it_says_counts),
        cmocka_unit_test(the_answer_has_its_words),
        cmocka_unit_test(a_full_arena_still_counts),
    };
    int failures = cmocka_run_group_tests_name("feed/batch", tests, NULL, NULL);
    kit_done();
    return failures;
}
