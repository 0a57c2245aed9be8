/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every invented name is one that Yumen accepts, in its canonical form, that no bank has
 * issued, and that names one account only. Method: the names of a small world's accounts, and of
 * what lies beyond it, through fact's own readers.
 */
#include "drill/names.h"

#include "drill/drill_test.h"
#include "fact/account.h"
#include "fact/company.h"
#include "fact/device.h"
#include "fact/number.h"
#include "kit/kit.h"

#include <stdlib.h>

enum { SCALE = 3000, FAR = 5000, TURN_BYTES = 1 << 16, BOOT_BYTES = 1 << 24 };

static struct arena boot;
static struct params params;
static struct world world;

static int setup(void **state)
{
    (void)state;
    arena_init(&boot, BOOT_BYTES);
    works(kit_boot());
    bundled(&boot, &params);
    works(world_open(&params, 3, SCALE, &boot, &world));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&world);
    arena_done(&boot);
    kit_done();
    return 0;
}

static str named(char *room, const char *end)
{
    return str_make(room, (size_t)(end - room));
}

static void is_canonical(str text)
{
    struct arena turn;
    struct account a = {0};
    arena_init(&turn, TURN_BYTES);
    works(account_parse(text, &turn, &a));
    is_str(a.value, text);
    assert_int_equal(a.bank.code.size, 0); /* nobody has issued it */
    arena_done(&turn);
}

static void accounts_are_canonical(void **state)
{
    (void)state;
    char room[NAME_BYTES];
    for (uint32_t account = 0; account < world_accounts(&world); account++)
        is_canonical(named(room, name_account(&world, room, account)));
    for (unsigned kind = 0; kind < BEYOND_COUNT; kind++)
        for (uint64_t n = 0; n < FAR; n += 7)
            is_canonical(named(
                room, name_account(&world, room, beyond_account((enum beyond)kind, n * 7919))));
}

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void no_two_are_alike(void **state)
{
    (void)state;
    uint32_t count = world_accounts(&world);
    char(*all)[NAME_BYTES] = arena_make_array(&boot, count, sizeof *all);
    assert_non_null(all);
    for (uint32_t account = 0; account < count; account++)
        *name_account(&world, all[account], account) = '\0';
    qsort(all, count, sizeof *all, compare);
    for (uint32_t i = 1; i < count; i++)
        assert_string_not_equal(all[i - 1], all[i]);
}

static void instruments_are_canonical(void **state)
{
    (void)state;
    char room[NAME_BYTES];
    for (uint32_t account = 0; account < world_accounts(&world); account += 3) {
        struct arena turn;
        struct number n = {0};
        str read = {0};
        arena_init(&turn, TURN_BYTES);
        str text = named(room, name_device(room, world_device(&world, account)));
        works(device_parse(text, &turn, &read));
        is_str(read, text);
        text = named(room, name_telephone(&world, room, account));
        works(number_parse(text, STR("CN"), &turn, &n));
        is_str(n.value, text);
        if (name_is_company(&world, account)) {
            text = named(room, name_company(&world, room, account));
            works(company_parse(text, &turn, &read));
            is_str(read, text);
        }
        arena_done(&turn);
    }
}

/* Nor any line beyond the accounts, up to the last of the range. */
static void no_two_lines_have_one_number(void **state)
{
    (void)state;
    enum { LINES = 60000, STEP = 1663 };
    char(*all)[NAME_BYTES] = arena_make_array(&boot, LINES, sizeof *all);
    assert_non_null(all);
    for (uint32_t i = 0; i < LINES; i++) {
        uint32_t line = i < LINES / 2 ? i : 100000000 - (LINES - i) * STEP;
        *name_telephone(&world, all[i], line) = '\0';
    }
    qsort(all, LINES, sizeof *all, compare);
    for (uint32_t i = 1; i < LINES; i++)
        assert_string_not_equal(all[i - 1], all[i]);
}

static void times_are_of_the_zone(void **state)
{
    (void)state;
    char room[NAME_BYTES];
    is_str(named(room, name_time(room, params.begin_us)), STR("2026-10-12T00:00:00.000+08:00"));
    is_str(named(room, name_time(room, params.begin_us + INT64_C(86399999999))),
           STR("2026-10-12T23:59:59.999+08:00"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accounts_are_canonical),    cmocka_unit_test(no_two_are_alike),
        cmocka_unit_test(instruments_are_canonical), cmocka_unit_test(no_two_lines_have_one_number),
        cmocka_unit_test(times_are_of_the_zone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
