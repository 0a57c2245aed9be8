/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: wherever all stops, what is there afterwards is exactly what was acknowledged, byte for
 * byte; a batch that was refused is counted neither before nor after; and a disk that was full
 * takes the next batch as soon as it has room.
 * Method: every call to the disk of a story fails in turn, once or from there on. A power loss is
 * a copy of the folder at that moment, with whatever was not synced cut or garbled. Then a process
 * that takes batches is killed again and again.
 */
#include "calls/calls_test.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>

static struct test_world world;

enum { STORY_BATCHES = 100, KILLS = 40, KILL_BATCHES = 400 };

/* --- what a power loss leaves --- */

static void read_all(const char *path, char *room, size_t most, size_t *ret_size)
{
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    ssize_t size = read(fd, room, most);
    assert_true(size >= 0 && (size_t)size < most);
    (void)close(fd);
    *ret_size = (size_t)size;
}

static void write_new(const char *path, const char *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, size), size);
    (void)close(fd);
}

/* Of what was not synced any part may be there, or zeros, or less of it. */
static size_t garble(struct test_world *w, char *bytes, size_t synced, size_t size)
{
    size_t more = size > synced ? size - synced : 0;
    if (more == 0)
        return size;
    if (test_draw(w, 2) == 0)
        memset(bytes + synced + test_draw(w, (uint32_t)more), 0, 1);
    if (test_draw(w, 2) == 0)
        memset(bytes + synced, 0, more);
    return synced + test_draw(w, (uint32_t)more + 1);
}

static void copy_one(struct test_world *w, const char *to, str name, const char *path)
{
    enum { MOST = 4 << 20 };
    static char bytes[MOST];
    char copy[2 * TEST_PATH_BYTES];
    size_t size = 0;
    uint32_t number = 0;
    const struct calls_journal *j = &w->calls->journal;
    uint32_t live = j->segments[j->count - 1].number;
    read_all(path, bytes, sizeof bytes, &size);
    bool is_journal = file_is_numbered(name, CALLS_JOURNAL_KIND, &number);
    if (is_journal && number == live)
        size = garble(w, bytes, (size_t)j->written, size);
    if ((is_journal && number > live) || str_equal(name, STR(CALLS_DRAFT))) /* being begun */
        size = garble(w, bytes, 0, size);
    (void)snprintf(copy, sizeof copy, "%s/%s", to, name.at);
    write_new(copy, bytes, size);
}

/* The house lies elsewhere afterwards; what was open is closed as if it had never been. */
static void lose_power(struct test_world *w)
{
    char to[sizeof w->folder];
    struct test_list list;
    int size = snprintf(to, sizeof to, "%.80s-XXXXXX", w->folder);
    assert_true(size > 0 && size < (int)sizeof to);
    assert_non_null(mkdtemp(to));
    test_list(w->folder, &list);
    for (size_t i = 0; i < list.names.count; i++)
        copy_one(w, to, list.names.at[i], list.paths[i]);
    arena_done(&list.arena);
    env_fault_clear();
    (void)calls_close(w->calls);
    test_clear_folder(w->folder);
    memcpy(w->folder, to, sizeof to);
    test_open(w);
}

/* But the one batch that was being written, for all one knows. */
static void expect_nothing_lost(const struct test_world *w)
{
    struct calls_counts counts;
    calls_show(w->calls, &counts);
    assert_true(counts.damage_count <= 1);
    if (counts.damage_count == 1 && counts.damage[0].harm == CALLS_BATCHES_LOST)
        assert_in_range(counts.damage[0].lost, 1, TEST_BATCH_MOST);
    else if (counts.damage_count == 1)
        assert_int_equal(counts.damage[0].harm, CALLS_TAIL_TORN);
}

/* --- a story in which something fails --- */

/* A batch and some steps; false when anything failed. What was refused is nowhere. */
static bool go_on(struct test_world *w, struct batch *b)
{
    test_draw_batch(w, b);
    err e = test_take(w, b);
    if (failed(e))
        assert_true(test_is_same(w));
    for (uint32_t i = test_draw(w, 12); !failed(e) && i > 0; i--)
        e = calls_step(w->calls);
    return !failed(e);
}

static void begin(struct test_world *w, uint64_t seed)
{
    struct batch b;
    test_begin(w, seed);
    test_open(w);
    for (uint32_t i = 0; i < 40; i++)
        assert_true(go_on(w, &b));
}

static void end(struct test_world *w)
{
    struct batch b;
    expect_nothing_lost(w);
    for (uint32_t i = 0; i < 20; i++)
        assert_true(go_on(w, &b));
    test_close(w);
    test_open(w);
    assert_true(test_is_same(w));
    expect_nothing_lost(w);
    test_end(w);
}

/* The n-th call and all later ones: the machine is gone. False: it was never called so often. */
static bool stop_at(struct test_world *w, enum fault_kind kind, uint64_t n)
{
    struct batch b;
    begin(w, 1000 + n);
    env_fault_from(kind, n);
    for (uint32_t i = 0; i < STORY_BATCHES && env_fault_seen(kind) < n; i++)
        (void)go_on(w, &b);
    bool is_hit = env_fault_seen(kind) >= n;
    lose_power(w);
    assert_true(test_is_same(w));
    end(w);
    return is_hit;
}

/* The n-th call only: a refused batch is taken when it is sent again. */
static bool stumble_at(struct test_world *w, enum fault_kind kind, uint64_t n)
{
    struct batch b;
    begin(w, 2000 + n);
    env_fault_at(kind, n);
    for (uint32_t i = 0; i < STORY_BATCHES; i++) {
        test_draw_batch(w, &b);
        if (failed(test_take(w, &b))) {
            assert_true(test_is_same(w));
            assert_false(failed(test_take(w, &b)));
        }
        for (uint32_t k = test_draw(w, 12); k > 0; k--)
            if (failed(calls_step(w->calls)))
                k = 1; /* it is tried again later */
        assert_true(test_is_same(w));
    }
    bool is_hit = env_fault_seen(kind) >= n;
    env_fault_clear();
    if (n % 2 == 0)
        lose_power(w);
    assert_true(test_is_same(w));
    end(w);
    return is_hit;
}

static const enum fault_kind kinds[] = {FAULT_OPEN, FAULT_FULL,   FAULT_SHORT,   FAULT_WRITE,
                                        FAULT_SYNC, FAULT_RENAME, FAULT_TRUNCATE};

static void everything_stops(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        uint64_t n = 1;
        while (stop_at(&world, kinds[k], n))
            n++;
        assert_true(n > 1);
    }
}

static void something_fails_once(void **state)
{
    (void)state;
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        uint64_t n = 1;
        while (stumble_at(&world, kinds[k], n))
            n++;
        assert_true(n > 1);
    }
}

/* Full for a while: nothing is taken, nothing is lost; then there is room. */
static void disk_is_full(void **state)
{
    (void)state;
    static const enum fault_kind full[] = {FAULT_FULL, FAULT_SHORT};
    struct test_world *w = &world;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct batch b;
        begin(w, 3000 + seed);
        env_fault_from(full[seed % 2], 1);
        for (uint32_t i = 0; i < 10; i++)
            assert_false(go_on(w, &b));
        env_fault_clear();
        assert_true(test_is_same(w));
        if (seed % 4 < 2)
            lose_power(w);
        assert_true(test_is_same(w));
        end(w);
    }
}

/* The one batch of which nobody can say: the disk took it, did not say so, and would not let it be
 * cut off again. Sent again, it counts once. */
static void nobody_can_say(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct batch b;
        begin(w, 4000 + seed);
        for (uint32_t i = 0; calls_wants_step(w->calls) && i < 1000; i++)
            assert_false(failed(calls_step(w->calls)));
        test_draw_batch(w, &b);
        env_fault_from(FAULT_SYNC, 1);
        env_fault_from(FAULT_TRUNCATE, 1);
        assert_true(failed(test_take(w, &b)));
        assert_true(test_is_same(w));
        if (seed % 2 == 0) {
            env_fault_clear();
        } else {
            lose_power(w);
            if (!test_is_same(w))
                test_twin_take(w, &b);
        }
        assert_true(test_is_same(w));
        assert_false(failed(test_take(w, &b)));
        end(w);
    }
}

/* Nor may the next segment begin while such a batch stands at the end of this one: it would have
 * the place of the one that comes next, and that would be taken for counted. */
static void nobody_can_say_at_a_turn(void **state)
{
    (void)state;
    struct test_world *w = &world;
    struct batch b;
    begin(w, 4100);
    while (!calls_wants_step(w->calls)) {
        test_draw_batch(w, &b);
        assert_false(failed(test_take(w, &b)));
    }
    test_draw_batch(w, &b);
    env_fault_from(FAULT_SYNC, 1);
    env_fault_from(FAULT_TRUNCATE, 1);
    assert_true(failed(test_take(w, &b)));
    env_fault_clear();
    uint32_t file = w->calls->file;
    uint32_t live = w->calls->file_segment;
    while (w->calls->file == file)
        assert_false(failed(calls_step(w->calls)));
    assert_true(w->calls->file_segment > live);
    end(w);
}

/* --- killed --- */

static void be_killed(struct test_world *w, int acks)
{
    struct batch b;
    for (uint32_t i = 0; i < KILL_BATCHES; i++) {
        struct book_due due[TEST_BATCH_MOST];
        size_t count = 0;
        test_draw_batch(w, &b);
        if (failed(calls_take(w->calls, b.rows, b.count, due, &count)) || write(acks, "a", 1) != 1)
            _exit(1);
        for (uint32_t k = test_draw(w, 20); k > 0; k--)
            if (failed(calls_step(w->calls)))
                _exit(1);
    }
    _exit(0);
}

/* How many it acknowledged before it was gone. */
static uint32_t kill_after(pid_t child, int acks, uint32_t least)
{
    char c = 0;
    uint32_t count = 0;
    while (read(acks, &c, 1) == 1)
        if (++count == least)
            assert_int_equal(kill(child, SIGKILL), 0);
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return count;
}

/* The same batches as the child drew; what it drew for its steps is drawn here as well. */
static void follow(struct test_world *w, uint32_t acknowledged)
{
    struct batch b;
    for (uint32_t i = 0; i < acknowledged; i++) {
        test_draw_batch(w, &b);
        test_twin_take(w, &b);
        (void)test_draw(w, 20);
    }
    test_open(w);
    if (!test_is_same(w)) { /* it was killed before it could say so */
        test_draw_batch(w, &b);
        test_twin_take(w, &b);
    }
    assert_true(test_is_same(w));
    expect_nothing_lost(w);
}

static void killed(void **state)
{
    (void)state;
    struct test_world *w = &world;
    test_begin(w, 5000);
    test_open(w);
    for (uint32_t i = 0; i < KILLS; i++) {
        int acks[2];
        uint32_t least = 1 + test_draw(w, KILL_BATCHES / 4);
        assert_int_equal(pipe(acks), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0)
            be_killed(w, acks[1]);
        (void)close(acks[1]);
        fd_end(&w->calls->save.fd); /* the folder is the child's alone */
        test_close(w);
        uint32_t acknowledged = kill_after(child, acks[0], least);
        (void)close(acks[0]);
        follow(w, acknowledged);
    }
    struct calls_counts counts;
    calls_show(w->calls, &counts);
    assert_true(counts.file > 10);
    test_end(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_stops),
        cmocka_unit_test(something_fails_once),
        cmocka_unit_test(disk_is_full),
        cmocka_unit_test(nobody_can_say),
        cmocka_unit_test(nobody_can_say_at_a_turn),
        cmocka_unit_test(killed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
