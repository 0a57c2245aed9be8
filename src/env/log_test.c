/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every line is one JSON object; what looks like a person's number stays out; disk use is
 * bounded; a storm of one event does not drown the others; a full disk does not stop us.
 * Method: log to a file in a fresh folder and read it back.
 */
#include "env/clock.h"
#include "env/fault.h"
#include "env/file.h"
#include "env/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[96];
static char old_path[100];
static struct arena arena;

static int before(void **state)
{
    (void)state;
    arena_init(&arena, 4 << 20);
    (void)snprintf(folder, sizeof folder, "/tmp/yumen-log-XXXXXX");
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/log", folder);
    (void)snprintf(old_path, sizeof old_path, "%s.1", path);
    return 0;
}

static int after(void **state)
{
    (void)state;
    env_fault_clear();
    arena_done(&arena);
    (void)unlink(path);
    (void)unlink(old_path);
    return rmdir(folder);
}

static str content(const char *of)
{
    str got = {0};
    assert_false(failed(file_read(of, 2 << 20, &arena, &got)));
    return got;
}

static void a_line_is_an_object(void **state)
{
    (void)state;
    struct log l;
    assert_false(failed(log_open(&l, path, 1 << 20, LOG_INFO)));
    LOG(&l, LOG_INFO, "http.open", LOG_INT("port", 8080), LOG_WORD("mode", "a\"b"),
        LOG_ID("call", STR("01JD3M7K9Q")));
    LOG(&l, LOG_DEBUG, "too.quiet", LOG_INT("n", 1));
    log_line(&l, LOG_ERROR, "bare", NULL, 0);
    log_close(&l);
    str got = content(path);
    assert_true(str_starts(got, STR("{\"at\":\"2")));
    assert_true(str_has(got, STR(",\"level\":\"info\",\"event\":\"http.open\",\"port\":8080,"
                                 "\"mode\":\"a_b\",\"call\":\"01JD3M7K9Q\"}\n")));
    assert_true(str_ends(got, STR(",\"level\":\"error\",\"event\":\"bare\"}\n")));
    assert_false(str_has(got, STR("too.quiet")));
}

static void numbers_of_people_stay_out(void **state)
{
    (void)state;
    static const char *const private[] = {"13812345678", "+8613812345678", "6222021234567890123",
                                          "192.168.3.4", "li lei",         "a\nb",
                                          "2001:db8::1", "138-1234-5678"};
    struct log l;
    assert_false(failed(log_open(&l, path, 1 << 20, LOG_INFO)));
    for (size_t i = 0; i < COUNT_OF(private); i++)
        LOG(&l, LOG_INFO, "try", LOG_ID("id", str_from_c(private[i])));
    log_close(&l);
    str got = content(path);
    for (size_t i = 0; i < COUNT_OF(private); i++)
        assert_false(str_has(got, str_from_c(private[i])));
    assert_true(str_has(got, STR("\"id\":\"-\"}")));
}

static void disk_use_is_bounded(void **state)
{
    (void)state;
    static const char *const events[] = {"a1", "b2", "c3", "d4", "e5", "f6", "g7", "h8"};
    struct log l;
    assert_false(failed(log_open(&l, path, 2000, LOG_INFO)));
    for (int i = 0; i < 100; i++)
        log_line(&l, LOG_INFO, events[i % 8], &LOG_INT("i", i), 1);
    assert_int_equal(log_lost(&l), 0);
    log_close(&l);
    assert_in_range(content(path).size, 1, 2000);
    assert_in_range(content(old_path).size, 1, 2000);
    assert_true(str_has(content(path), STR("\"i\":99}\n")));
}

static void a_storm_is_held_back(void **state)
{
    (void)state;
    struct log l;
    assert_false(failed(log_open(&l, path, 1 << 20, LOG_INFO)));
    int64_t begin_us = env_monotonic_us();
    for (int i = 0; i < 1000; i++)
        LOG(&l, LOG_WARN, "storm", LOG_INT("i", i));
    (void)usleep(1100000);
    LOG(&l, LOG_WARN, "storm", LOG_INT("i", -1));
    log_close(&l);
    str got = content(path);
    str line;
    int lines = 0;
    while (str_split(&got, '\n', &line))
        lines++;
    int64_t seconds = (env_monotonic_us() - begin_us) / 1000000 + 2; /* at most so many begin */
    assert_in_range(lines, 21, 20 * seconds + 2);
    assert_true(str_has(content(path), STR("\"i\":-1,\"held_back\":")));
}

static void a_full_disk_loses_lines_only(void **state)
{
    (void)state;
    struct log l;
    assert_false(failed(log_open(&l, path, 1 << 20, LOG_INFO)));
    env_fault_at(FAULT_FULL, 1);
    LOG(&l, LOG_INFO, "lost", LOG_INT("i", 1));
    LOG(&l, LOG_INFO, "kept", LOG_INT("i", 2));
    assert_int_equal(log_lost(&l), 1);
    log_close(&l);
    assert_false(str_has(content(path), STR("lost")));
    assert_true(str_has(content(path), STR("kept")));
    struct log silent = {0};
    LOG(&silent, LOG_ERROR, "nowhere", LOG_INT("i", 2));
    enum log_level level = LOG_INFO;
    assert_false(failed(log_level_parse(STR("warn"), &level)));
    assert_int_equal(level, LOG_WARN);
    assert_true(failed(log_level_parse(STR("loud"), &level)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_is_an_object, before, after),
        cmocka_unit_test_setup_teardown(numbers_of_people_stay_out, before, after),
        cmocka_unit_test_setup_teardown(disk_use_is_bounded, before, after),
        cmocka_unit_test_setup_teardown(a_storm_is_held_back, before, after),
        cmocka_unit_test_setup_teardown(a_full_disk_loses_lines_only, before, after),
    };
    return cmocka_run_group_tests_name("env/log", tests, NULL, NULL);
}
