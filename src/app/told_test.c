/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what is kept of a listing's words comes back for that listing, language and number of
 *   leaves, and for nothing else; what does not fit is left out.
 * Method: words that say their own key, for many more keys than there is room for, against what
 *   the key says.
 */
#include "app/told.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static struct told *told;

static int set_up(void **state)
{
    (void)state;
    return failed(told_open(&told)) ? -1 : 0;
}

static int tear_down(void **state)
{
    (void)state;
    told_close(told);
    return 0;
}

static str words_of(const struct told_key *key, char room[64])
{
    int size =
        snprintf(room, 64, "%llu %u %u", (unsigned long long)key->mark, key->row, key->language);
    return str_make(room, (size_t)size);
}

static bool has(const struct told_key *key)
{
    char room[TOLD_BYTES];
    char own[64];
    str words = {0};
    if (!told_find(told, key, room, &words))
        return false;
    assert_true(str_equal(words, words_of(key, own)));
    return true;
}

static void put(const struct told_key *key)
{
    char own[64];
    told_put(told, key, words_of(key, own));
}

static void each_key_has_its_own_words(void **state)
{
    (void)state;
    struct told_key key = {.mark = 7, .row = 1000, .language = 1};
    assert_false(has(&key));
    put(&key);
    assert_true(has(&key));
    assert_false(has(&(struct told_key){.mark = 7, .row = 1000, .language = 0}));
    assert_false(has(&(struct told_key){.mark = 7, .row = 1001, .language = 1}));
}

static void a_commit_makes_everything_old(void **state)
{
    (void)state;
    struct told_key key = {.mark = 7, .row = 5};
    struct told_key next = {.mark = 8, .row = 5};
    put(&key);
    assert_false(has(&next));
    put(&next);
    assert_true(has(&next));
    assert_false(has(&key));
    put(&key); /* by somebody who was slow */
    assert_true(has(&next));
}

static void a_thousand_fit_and_a_million_do_no_harm(void **state)
{
    (void)state;
    enum { HOT = 1000, MANY = 1000000 };
    size_t kept = 0;
    for (uint32_t row = 0; row < MANY; row++)
        put(&(struct told_key){.mark = 1, .row = row, .language = row % 2});
    for (uint32_t row = 0; row < MANY; row++)
        kept += has(&(struct told_key){.mark = 1, .row = row, .language = row % 2});
    assert_in_range(kept, TOLD_MOST / 2, TOLD_MOST);
    for (uint32_t row = 0; row < HOT; row++)
        put(&(struct told_key){.mark = 2, .row = row * 977});
    kept = 0;
    for (uint32_t row = 0; row < HOT; row++)
        kept += has(&(struct told_key){.mark = 2, .row = row * 977});
    assert_in_range(kept, HOT - HOT / 50, HOT);
}

static void what_is_too_long_is_not_kept(void **state)
{
    (void)state;
    char bytes[TOLD_BYTES + 1];
    char room[TOLD_BYTES];
    struct told_key key = {.mark = 1, .row = 1};
    str words = {0};
    memset(bytes, 'x', sizeof bytes);
    told_put(told, &key, str_make(bytes, sizeof bytes));
    assert_false(told_find(told, &key, room, &words));
    told_put(told, &key, str_make(bytes, TOLD_BYTES));
    assert_true(told_find(told, &key, room, &words));
    assert_int_equal(words.size, TOLD_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_key_has_its_own_words, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_commit_makes_everything_old, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_thousand_fit_and_a_million_do_no_harm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_not_kept, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
