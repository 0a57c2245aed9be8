/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was learnt comes back as it was, or not at all: also when its writer was killed at any
 * moment, when the file was damaged, and when the banks are others.
 * Method: files in a folder of our own; a child that writes without end and is killed.
 */
#include "app/money/race_learnt.h"

#include "env/file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { ARENA_BYTES = 64 << 20, KILLS = 12, MINUTE = 60000 };

struct bed {
    struct arena arena;
    struct arena turn; /* what is loaded lies in it, until the next time */
    struct hazard *h;
    struct provider banks[2];
    struct providers providers;
    struct race_learnt learnt;
    char folder[64];
    char path[128];
};

static int set_up(void **state)
{
    static struct bed b;
    b = (struct bed){
        .folder = "/tmp/yumen-learnt-XXXXXX",
        .banks = {{.id = STR("bank-a")}, {.id = STR("bank-b")}}
    };
    arena_init(&b.arena, ARENA_BYTES);
    arena_init(&b.turn, ARENA_BYTES);
    assert_non_null(mkdtemp(b.folder));
    snprintf(b.path, sizeof b.path, "%s/race.learnt", b.folder);
    b.providers = (struct providers){.at = b.banks, .count = COUNT_OF(b.banks)};
    b.learnt = (struct race_learnt){.path = b.path, .providers = &b.providers, .arena = &b.arena};
    assert_false(failed(hazard_make(&b.arena, &b.h)));
    *state = &b;
    return 0;
}

static int tear_down(void **state)
{
    struct bed *b = *state;
    struct file_names names = {0};
    assert_false(failed(file_list(b->folder, &b->arena, &names)));
    for (size_t i = 0; i < names.count; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%.*s", b->folder, STR_ARGS(names.at[i]));
        assert_false(failed(file_drop(path)));
    }
    assert_int_equal(rmdir(b->folder), 0);
    arena_done(&b->arena);
    arena_done(&b->turn);
    return 0;
}

static void learn(struct hazard *h, int64_t minutes)
{
    for (int i = 0; i < 20; i++)
        hazard_learn_receipt(h, (struct hazard_cell){.bank = 1, .kind = HAZARD_HOLD, .hour = 9},
                             minutes * MINUTE, true);
}

static str copy(struct bed *b, int64_t leaf)
{
    str bytes = {0};
    assert_false(failed(race_learnt_copy(&b->learnt, b->h, leaf, &bytes)));
    return bytes;
}

static void save(struct bed *b, int64_t leaf)
{
    assert_false(failed(race_learnt_write(&b->learnt, copy(b, leaf))));
}

/* Into a hazard that knows nothing. */
static err load(struct bed *b, int64_t *ret_leaf)
{
    arena_reset(&b->turn);
    b->learnt.arena = &b->turn;
    assert_false(failed(hazard_make(&b->turn, &b->h)));
    return race_learnt_read(&b->learnt, b->h, ret_leaf);
}

static void it_comes_back(void **state)
{
    struct bed *b = *state;
    int64_t leaf = 0;
    assert_int_equal(load(b, &leaf).code, ERR_ABSENT);
    assert_int_equal(leaf, -1);
    learn(b->h, 3);
    str was = str_copy(&b->arena, hazard_saved(b->h));
    save(b, 4711);
    assert_false(failed(load(b, &leaf)));
    assert_int_equal(leaf, 4711);
    assert_true(str_equal(hazard_saved(b->h), was));
}

static void what_is_damaged_is_not_believed(void **state)
{
    struct bed *b = *state;
    int64_t leaf = 0;
    str nothing = str_copy(&b->arena, hazard_saved(b->h));
    learn(b->h, 3);
    str bytes = copy(b, 7);
    assert_ptr_equal(b->learnt.arena, &b->arena); /* loading does not overwrite it */
    char *bad = arena_make(&b->arena, bytes.size);
    for (size_t at = 0; at < bytes.size; at += at < 64 ? 1 : 4099) {
        memcpy(bad, bytes.at, bytes.size);
        bad[at] ^= 16;
        assert_false(failed(file_write(b->path, str_make(bad, bytes.size))));
        assert_int_equal(load(b, &leaf).code, ERR_CORRUPT);
        assert_int_equal(leaf, -1);
        assert_true(str_equal(hazard_saved(b->h), nothing));
    }
    static const size_t sizes[] = {0, 1, 31, 32, 33, 5000};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_false(failed(file_write(b->path, str_make(bytes.at, sizes[i]))));
        assert_int_equal(load(b, &leaf).code, ERR_CORRUPT);
        assert_true(str_equal(hazard_saved(b->h), nothing));
    }
}

/* A number that means another bank now would teach the wrong one. */
static void other_banks_are_learnt_anew(void **state)
{
    struct bed *b = *state;
    int64_t leaf = 0;
    learn(b->h, 3);
    save(b, 7);
    struct provider first = b->banks[0];
    b->banks[0] = b->banks[1];
    b->banks[1] = first;
    err e = load(b, &leaf);
    assert_int_equal(e.code, ERR_CORRUPT);
    assert_string_equal(e.why, "race.other_banks");
    b->providers.count = 1;
    assert_int_equal(load(b, &leaf).code, ERR_CORRUPT);
}

static void write_for_ever(struct bed *b)
{
    for (int64_t leaf = 1;; leaf++) {
        struct arena turn;
        arena_init(&turn, ARENA_BYTES);
        b->learnt.arena = &turn;
        learn(b->h, leaf % 7);
        str bytes = {0};
        if (failed(race_learnt_copy(&b->learnt, b->h, leaf, &bytes)) ||
            failed(race_learnt_write(&b->learnt, bytes)))
            _exit(1);
        arena_done(&turn);
    }
}

/* Whenever the power goes: what is there is whole. */
static void a_killed_writer_leaves_a_whole_file(void **state)
{
    struct bed *b = *state;
    save(b, 0);
    for (int i = 0; i < KILLS; i++) {
        int64_t leaf = -1;
        int status = 0;
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            write_for_ever(b);
        usleep((useconds_t)(1000 + 1700 * i));
        assert_int_equal(kill(child, SIGKILL), 0);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_false(failed(load(b, &leaf)));
        assert_true(leaf >= 0);
    }
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(it_comes_back),
        TEST(what_is_damaged_is_not_believed),
        TEST(other_banks_are_learnt_anew),
        TEST(a_killed_writer_leaves_a_whole_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
