/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a child gets what it is given and is heard to its end; one that is slow, loud, killed or
 * absent is an error, and none is left behind; it inherits nothing else.
 * Method: run small programs of the system, each bad in one way; fail each risky call in turn.
 */
#include "env/child.h"

#include "env/fault.h"
#include "env/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <cmocka.h>

enum { MIB = 1 << 20, PATIENCE_S = 300 };

static struct arena arena;

static err run(const char *const *words, str input, size_t most_bytes, struct child_answer *ret)
{
    struct child_order order = {.words = words,
                                .input = input,
                                .timeout_us = PATIENCE_S * INT64_C(1000000),
                                .most_bytes = most_bytes};
    return child_run(&order, &arena, ret);
}

static void nothing_is_left(void)
{
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static str letters(size_t size)
{
    char *at = arena_make(&arena, size);
    assert_non_null(at);
    for (size_t i = 0; i < size; i++)
        at[i] = (char)('a' + i % 26);
    return str_make(at, size);
}

/* More than any pipe holds, both ways at once. */
static void what_goes_in_comes_out(void **state)
{
    (void)state;
    const char *words[] = {"cat", NULL};
    str input = letters(3 * MIB + 7);
    struct child_answer answer = {0};
    assert_false(failed(run(words, input, 4 * MIB, &answer)));
    assert_int_equal(answer.code, 0);
    assert_true(str_equal(answer.said, input));
    assert_int_equal(answer.complaint.size, 0);
    assert_false(failed(run(words, STR(""), 10, &answer)));
    assert_int_equal(answer.said.size, 0);
    nothing_is_left();
}

static void code_and_complaint_are_kept(void **state)
{
    (void)state;
    const char *words[] = {"/bin/sh", "-c", "echo no >&2; echo yes; exit 3", NULL};
    struct child_answer answer = {0};
    assert_false(failed(run(words, STR("unread"), 100, &answer)));
    assert_int_equal(answer.code, 3);
    assert_true(str_equal(answer.said, STR("yes\n")));
    assert_true(str_equal(answer.complaint, STR("no\n")));

    const char *loud[] = {"/bin/sh", "-c", "seq 100000 >&2", NULL};
    assert_false(failed(run(loud, STR(""), 0, &answer)));
    assert_int_equal(answer.complaint.size, CHILD_COMPLAINT_BYTES);
    nothing_is_left();
}

static void input_may_stay_unread(void **state)
{
    (void)state;
    const char *words[] = {"true", NULL};
    struct child_answer answer = {0};
    assert_false(failed(run(words, letters(2 * MIB), 10, &answer)));
    assert_int_equal(answer.code, 0);
    nothing_is_left();
}

static void bad_children_are_errors(void **state)
{
    (void)state;
    struct child_answer answer = {0};
    const char *absent[] = {"/nowhere/to-be-found", NULL};
    assert_int_equal(run(absent, STR(""), 10, &answer).code, ERR_ABSENT);
    const char *unknown[] = {"no-program-has-this-name", NULL};
    assert_int_equal(run(unknown, STR(""), 10, &answer).code, ERR_ABSENT);
    const char *endless[] = {"yes", NULL};
    assert_int_equal(run(endless, STR(""), MIB, &answer).code, ERR_LIMIT);
    const char *killed[] = {"/bin/sh", "-c", "kill -9 $$", NULL};
    err e = run(killed, STR(""), 10, &answer);
    assert_int_equal(e.code, ERR_OS);
    assert_int_equal(e.at, 9);
    nothing_is_left();
}

static void slow_children_are_killed(void **state)
{
    (void)state;
    const char *asleep[] = {"sleep", "1000", NULL};
    const char *hidden[] = {"/bin/sh", "-c", "exec sleep 1000 >&- 2>&-", NULL};
    const char *const *slow[] = {asleep, hidden};
    for (size_t i = 0; i < COUNT_OF(slow); i++) {
        struct child_order order = {.words = slow[i], .input = STR("x"), .timeout_us = 100000};
        struct child_answer answer = {0};
        assert_int_equal(child_run(&order, &arena, &answer).code, ERR_BUSY);
        nothing_is_left();
    }
}

static void nothing_is_inherited(void **state)
{
    (void)state;
    struct child_answer answer = {0};
    assert_int_equal(setenv("YUMEN_TOKEN", "secret", 1), 0);
    const char *environment[] = {"env", NULL};
    assert_false(failed(run(environment, STR(""), 5000, &answer)));
    assert_true(str_has(answer.said, STR("LC_ALL=C.UTF-8\n")));
    assert_false(str_has(answer.said, STR("secret")));

    SCOPED(fd_end) int open_fd = open("/dev/null", O_RDONLY); /* not to be closed by exec */
    assert_true(open_fd > 2);
    const char *files[] = {"ls", "/proc/self/fd", NULL}; /* 3 is the folder itself */
    assert_false(failed(run(files, STR(""), 100, &answer)));
    assert_true(str_equal(answer.said, STR("0\n1\n2\n3\n")));
}

static void a_full_arena_is_a_limit(void **state)
{
    (void)state;
    struct arena small;
    arena_init(&small, 64 << 10);
    const char *words[] = {"yes", NULL};
    struct child_order order = {
        .words = words, .timeout_us = PATIENCE_S * INT64_C(1000000), .most_bytes = 64 * MIB};
    struct child_answer answer = {0};
    assert_int_equal(child_run(&order, &small, &answer).code, ERR_LIMIT);
    arena_done(&small);
    nothing_is_left();
}

static void faults_leave_nothing_behind(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_OPEN, FAULT_CHILD, FAULT_READ};
    const char *words[] = {"cat", NULL};
    int before = open("/dev/null", O_RDONLY | O_CLOEXEC);
    int free_before = before;
    fd_end(&before);
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        bool has_failed = true;
        uint64_t n = 0;
        while (has_failed) {
            struct child_answer answer = {0};
            env_fault_at(kinds[k], ++n);
            err e = run(words, STR("a few words"), 100, &answer);
            env_fault_clear();
            has_failed = failed(e);
            assert_true(!has_failed || (e.code == ERR_OS && e.at != 0));
            nothing_is_left();
        }
        assert_true(n > 1);
    }
    SCOPED(fd_end) int after = open("/dev/null", O_RDONLY | O_CLOEXEC);
    assert_int_equal(after, free_before); /* no descriptor is left either */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),   cmocka_unit_test(code_and_complaint_are_kept),
        cmocka_unit_test(input_may_stay_unread),    cmocka_unit_test(bad_children_are_errors),
        cmocka_unit_test(slow_children_are_killed), cmocka_unit_test(nothing_is_inherited),
        cmocka_unit_test(a_full_arena_is_a_limit),  cmocka_unit_test(faults_leave_nothing_behind),
    };
    arena_init(&arena, 256 * MIB);
    int rc = cmocka_run_group_tests(tests, NULL, NULL);
    arena_done(&arena);
    return rc;
}
