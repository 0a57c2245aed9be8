/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a key is found by what it was put in with and by nothing else, in whatever form it lies,
 * and also after it was written and read back; the sieve never denies an id that came.
 * Method: keys of every length, of digits, letters and both, one character apart; ids drawn and
 * kept in a table, asked of a sieve that took them one by one and of one that took the table.
 */
#include "runs/accounts.h"
#include "runs/sieve.h"

#include "fact/transfer.h"
#include "kit/hash.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { FORMS = 4, KEYS = FORMS * ACCOUNT_KEY_BYTES };

static char texts[KEYS][ACCOUNT_KEY_BYTES];
static struct accounts accounts;

/* Digits only; a letter first, in the middle, last. */
static str key_of(unsigned i)
{
    size_t size = i / FORMS + 1;
    size_t letter = i % FORMS == 1 ? 0 : i % FORMS == 2 ? size / 2 : size - 1;
    for (size_t k = 0; k < size; k++)
        texts[i][k] = (char)('0' + (k * 7 + size) % 10);
    if (i % FORMS != 0)
        texts[i][letter] = (char)(':' + i % FORMS);
    return str_make(texts[i], size);
}

static bool find(const struct accounts *a, str key, uint32_t *ret_number)
{
    struct account_name name;
    accounts_name(a, key, &name);
    return accounts_find(a, &name, ret_number);
}

static void expect_all(const struct accounts *a, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char room[ACCOUNT_KEY_BYTES];
        uint32_t number = 0;
        str key = accounts_key(a, i, room);
        assert_true(find(a, key, &number));
        assert_int_equal(number, i);
    }
}

static void put_all(struct accounts *a)
{
    for (unsigned i = 0; i < KEYS; i++) {
        uint32_t before = a->count;
        uint32_t number = 0;
        uint32_t again = 0;
        char room[ACCOUNT_KEY_BYTES];
        struct account_name name;
        str key = key_of(i);
        bool is_known = find(a, key, &number);
        accounts_name(a, key, &name);
        assert_false(failed(accounts_put(a, &name, &again)));
        assert_int_equal(a->count, is_known ? before : before + 1);
        assert_int_equal(again, is_known ? number : before);
        assert_true(str_equal(accounts_key(a, again, room), key));
    }
}

static void keys_are_found(void **state)
{
    (void)state;
    static struct accounts loaded;
    assert_false(failed(accounts_init(&accounts, 42)));
    put_all(&accounts);
    assert_int_equal(accounts.count, KEYS);
    expect_all(&accounts, accounts.count);
    uint32_t number = 0;
    assert_false(find(&accounts, STR("0000"), &number));
    assert_false(find(&accounts, STR("6222 0000"), &number));
    str keys = str_make((const char *)accounts_at(&accounts, 0),
                        accounts.count * sizeof(struct account_key));
    str words = str_make(accounts.texts[0].at, accounts.text_bytes);
    assert_false(failed(accounts_init(&loaded, 42)));
    assert_false(failed(accounts_load(&loaded, keys, words)));
    expect_all(&loaded, accounts.count);
    put_all(&loaded);
    assert_int_equal(loaded.count, accounts.count);
    accounts_done(&loaded);
    accounts_done(&accounts);
}

static void nothing_is_denied(void **state)
{
    (void)state;
    enum { IDS = 100000 };
    struct pages lines;
    struct sieve one;
    struct sieve other;
    struct ids ids = {.line_count = ids_lines(IDS)};
    assert_false(failed(pages_make(ids.line_count * sizeof(struct ids_line), &lines)));
    ids.lines = lines.at;
    assert_false(failed(sieve_make(&one, IDS)));
    assert_false(failed(sieve_make(&other, IDS)));
    for (uint32_t i = 0; i < IDS; i++) {
        uint64_t hash = hash_key(&i, sizeof i, 1);
        ids_put(&ids, hash, i);
        sieve_put(&one, hash);
    }
    sieve_pour(&other, &ids);
    assert_int_equal(other.count, IDS);
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < 2 * IDS; i++) {
        uint64_t hash = hash_key(&i, sizeof i, 1);
        bool may = sieve_may_have(&one, hash);
        assert_true(may == sieve_may_have(&other, hash));
        assert_true(may || i >= IDS);
        wrong += may && i >= IDS;
    }
    assert_in_range(wrong, 0, IDS / 40);
    sieve_done(&one);
    sieve_done(&other);
    pages_drop(&lines);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_found),
        cmocka_unit_test(nothing_is_denied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
