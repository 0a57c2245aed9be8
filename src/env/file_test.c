/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever call fails, a file holds its old bytes or its new ones, never a mixture; files are
 * private; a lock is held by one and tells by whom.
 * Method: in a fresh folder, fail the 1st, 2nd, 3rd... call of each kind until the operation
 * succeeds untouched, and look at the file after each.
 */
#include "env/fault.h"
#include "env/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];

static const char *path_of(const char *name)
{
    static char paths[4][128]; /* the last four stay readable */
    static unsigned turn;
    char *path = paths[turn++ % 4];
    (void)snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static int folder_make(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/yumen-file-XXXXXX");
    return mkdtemp(folder) == NULL;
}

static int folder_drop(void **state)
{
    (void)state;
    struct arena a;
    struct file_names names;
    arena_init(&a, 1 << 20);
    err e = file_list(folder, &a, &names);
    for (size_t i = 0; !failed(e) && i < names.count; i++)
        e = file_drop(path_of(names.at[i].at));
    arena_done(&a);
    env_fault_clear();
    return failed(e) || rmdir(folder) != 0;
}

static void expect_content(const char *path, str want, str or_else)
{
    struct arena a;
    str got;
    arena_init(&a, 1 << 20);
    assert_false(failed(file_read(path, 1000, &a, &got)));
    assert_true(str_equal(got, want) || str_equal(got, or_else));
    arena_done(&a);
}

static const enum fault_kind disk_faults[] = {FAULT_OPEN,  FAULT_FULL, FAULT_WRITE,
                                              FAULT_SHORT, FAULT_SYNC, FAULT_RENAME};

static void a_write_is_all_or_nothing(void **state)
{
    (void)state;
    char path[128];
    char beside[128];
    (void)snprintf(path, sizeof path, "%s", path_of("whole"));
    (void)snprintf(beside, sizeof beside, "%s", path_of("whole.new"));
    for (size_t k = 0; k < COUNT_OF(disk_faults); k++) {
        env_fault_clear();
        assert_false(failed(file_write(path, STR("old bytes"))));
        bool is_done = false;
        uint64_t n = 1;
        for (; !is_done && n < 20; n++) {
            env_fault_at(disk_faults[k], n);
            is_done = !failed(file_write(path, STR("new")));
            env_fault_clear();
            expect_content(path, STR("new"), is_done ? STR("new") : STR("old bytes"));
        }
        assert_in_range(n, 3, 19); /* it failed at least once, and then it did not */
        assert_false(file_exists(beside));
    }
}

static void an_append_is_all_or_nothing(void **state)
{
    (void)state;
    const enum fault_kind kinds[] = {FAULT_FULL, FAULT_WRITE, FAULT_SHORT, FAULT_SYNC};
    const char *path = path_of("journal");
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        env_fault_clear();
        assert_false(failed(file_write(path, STR("one\n"))));
        env_fault_at(kinds[k], 1);
        assert_int_equal(file_append(path, STR("two\n")).code, ERR_OS);
        expect_content(path, STR("one\n"), STR("one\n"));
        assert_false(failed(file_append(path, STR("two\n"))));
        expect_content(path, STR("one\ntwo\n"), STR("one\ntwo\n"));
    }
}

static void a_file_is_written_over_where_one_says(void **state)
{
    (void)state;
    const enum fault_kind kinds[] = {FAULT_FULL, FAULT_WRITE, FAULT_SHORT};
    const char *path = path_of("over");
    SCOPED(fd_end) int fd = -1;
    assert_false(failed(file_write(path, STR("0123456789"))));
    assert_false(failed(file_open_private(path, &fd)));
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        env_fault_at(kinds[k], 1);
        assert_int_equal(file_write_at(fd, 3, STR("345")).code, ERR_OS);
        env_fault_clear();
        expect_content(path, STR("0123456789"), STR("0123456789"));
    }
    assert_false(failed(file_write_at(fd, 3, STR("abc"))));
    expect_content(path, STR("012abc6789"), STR("012abc6789"));
    assert_false(failed(file_write_at(fd, 9, STR("xyz"))));
    expect_content(path, STR("012abc678xyz"), STR("012abc678xyz"));
}

/* Method: there and back; then what is almost such a name. */
static void numbered_names_are_known_again(void **state)
{
    (void)state;
    static const uint32_t numbers[] = {0, 1, 0x2a, 0xabcdef01, UINT32_MAX};
    static const char *others[] = {
        "run-0000002",  "run-0000002a.new", "run_0000002a", "Run-0000002a", "run-0000002A",
        "run-0000002g", "runs-0000002a",    "run-",         "rub-0000002a", ""};
    char path[FILE_PATH_BYTES];
    uint32_t number = 7;
    for (size_t i = 0; i < COUNT_OF(numbers); i++) {
        assert_false(failed(file_numbered("a/b", "run", numbers[i], path)));
        assert_memory_equal(path, "a/b/run-", 8);
        assert_true(file_is_numbered(str_from_c(path + 4), "run", &number));
        assert_int_equal(number, numbers[i]);
    }
    for (size_t i = 0; i < COUNT_OF(others); i++)
        assert_false(file_is_numbered(str_from_c(others[i]), "run", &number));
    assert_int_equal(number, UINT32_MAX);
}

/* Method: a draft of several syncs; what is dropped before its seal leaves the old file. */
static void a_draft_takes_its_place_when_it_is_whole(void **state)
{
    (void)state;
    static char piece[1 << 20];
    struct stat st;
    struct file_draft d;
    char path[128];
    char beside[128];
    (void)snprintf(path, sizeof path, "%s", path_of("draft"));
    (void)snprintf(beside, sizeof beside, "%s", path_of("draft.new"));
    memset(piece, 'x', sizeof piece);
    assert_false(failed(file_write(path, STR("old"))));
    assert_false(failed(file_draft_open(path, FILE_PUBLIC, &d)));
    assert_false(failed(file_draft_put(&d, STR("half"))));
    assert_true(file_exists(beside));
    file_draft_close(&d);
    file_draft_close(&d);
    assert_false(file_exists(beside));
    expect_content(path, STR("old"), STR("old"));

    assert_false(failed(file_draft_open(path, FILE_PUBLIC, &d)));
    for (size_t i = 0; i < 9; i++)
        assert_false(failed(file_draft_put(&d, str_make(piece, sizeof piece))));
    assert_false(failed(file_draft_seal(&d)));
    file_draft_close(&d);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_size, 9 << 20);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_false(file_exists(beside));
    assert_int_equal(file_draft_open(path_of("absent/x"), FILE_PUBLIC, &d).code, ERR_ABSENT);
}

static void files_are_private_and_bounded(void **state)
{
    (void)state;
    struct stat st;
    struct arena a;
    str got;
    const char *path = path_of("private");
    arena_init(&a, 1 << 20);
    umask(0);
    assert_false(failed(file_write(path, STR("12345"))));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(file_read(path, 4, &a, &got).code, ERR_LIMIT);
    assert_int_equal(file_read(path_of("absent"), 4, &a, &got).code, ERR_ABSENT);
    assert_int_equal(symlink("private", path_of("link")), 0);
    int fd = -1;
    assert_int_equal(file_open_private(path_of("link"), &fd).code, ERR_OS);
    int64_t bytes = 0;
    assert_false(failed(file_free_bytes(folder, &bytes)));
    assert_true(bytes > 0);
    assert_false(failed(file_make_folder(folder)));
    assert_int_equal(file_make_folder(path_of("private")).code, ERR_OS);
    arena_done(&a);
}

static void a_lock_has_one_holder(void **state)
{
    (void)state;
    struct arena a;
    struct file_lock first = {0};
    struct file_lock second = {0};
    str holder;
    const char *path = path_of("lock");
    arena_init(&a, 1 << 20);
    assert_false(failed(file_lock(path, STR("pid 42"), &first)));
    err e = file_lock(path, STR("pid 43"), &second);
    assert_int_equal(e.code, ERR_BUSY);
    assert_false(failed(file_lock_holder(path, &a, &holder)));
    assert_true(str_equal(holder, STR("pid 42")));
    file_unlock(&first);
    env_fault_at(FAULT_LOCK, 1);
    assert_int_equal(file_lock(path, STR("pid 43"), &second).code, ERR_OS);
    assert_false(failed(file_lock(path, STR("pid 43"), &second)));
    file_unlock(&second);
    file_unlock(&second);
    arena_done(&a);
}

static void names_come_sorted(void **state)
{
    (void)state;
    struct arena a;
    struct file_names names;
    arena_init(&a, 1 << 20);
    for (int i = 30; i > 0; i--) {
        char name[8];
        (void)snprintf(name, sizeof name, "n%02d", i);
        assert_false(failed(file_write(path_of(name), STR(""))));
    }
    assert_false(failed(file_list(folder, &a, &names)));
    assert_int_equal(names.count, 30);
    assert_string_equal(names.at[0].at, "n01");
    assert_string_equal(names.at[29].at, "n30");
    assert_int_equal(file_list(path_of("absent"), &a, &names).code, ERR_ABSENT);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_write_is_all_or_nothing, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(an_append_is_all_or_nothing, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(a_draft_takes_its_place_when_it_is_whole, folder_make,
                                        folder_drop),
        cmocka_unit_test_setup_teardown(files_are_private_and_bounded, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(a_lock_has_one_holder, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(names_come_sorted, folder_make, folder_drop),
        cmocka_unit_test_setup_teardown(a_file_is_written_over_where_one_says, folder_make,
                                        folder_drop),
        cmocka_unit_test(numbered_names_are_known_again),
    };
    return cmocka_run_group_tests_name("env/file", tests, NULL, NULL);
}
