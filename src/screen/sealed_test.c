/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a file that is cut off, damaged anywhere, of another version or no file of ours is refused
 * and leaves the tables empty; a disk that fails while it is written leaves the file that was
 * there; readers who ask while the writer changes, seals, builds, loads and saves are always
 * answered rightly; and a change never takes half as much memory again.
 * Method: one bit turned in every section of every shard and in the directory; every fault of
 * env/fault.h; threads that ask for what never changes and for what changes back and forth.
 */
#include "env/fault.h"
#include "env/file.h"
#include "env/thread.h"
#include "screen/part.h"
#include "screen/world_test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIXED = 3000, MOVING = 500, READERS = 3 };

static char folder[] = "/tmp/yumen-sealed-XXXXXX";
static char path[64];

static int make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return 1;
    (void)snprintf(path, sizeof path, "%s/f", folder);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    env_fault_clear();
    (void)unlink(path);
    return rmdir(folder);
}

/* The i-th of them: numbers, names and accounts in turn. */
static struct screen_entry entry_at(uint32_t i, char room[64])
{
    static const unsigned kinds[] = {INDICATOR_NUMBER, INDICATOR_DOMAIN, INDICATOR_ACCOUNT};
    struct screen_entry e = {.kind = kinds[i % 3],
                             .action = ACTION_BLOCK,
                             .match = i % 6 == 1 ? MATCH_SUFFIX : MATCH_EXACT,
                             .until = {INT64_MAX},
                             .row = i};
    int size = i % 3 == 0   ? snprintf(room, 64, "+8613%09u", i)
               : i % 3 == 1 ? snprintf(room, 64, "shop-%u.example", i)
                            : snprintf(room, 64, "62220000000000%06u", i);
    e.value = str_make(room, (size_t)size);
    return e;
}

static err give_some(void *self, struct screen_intake *intake)
{
    const uint32_t *count = self;
    char room[64];
    for (uint32_t i = 0; i < *count; i++) {
        struct screen_entry e = entry_at(i, room);
        TRY(screen_put(intake, &e));
    }
    return OK;
}

static struct screen *open_one(void)
{
    static const struct key_seed seed = {.seed = 42};
    struct screen *s = NULL;
    assert_false(failed(screen_open(&seed, &s)));
    return s;
}

static void build(struct screen *s, uint32_t count, uint64_t mark)
{
    struct screen_source source = {.self = &count, .give = give_some};
    assert_false(failed(screen_build(s, &source, mark)));
}

static bool is_right(const struct screen_reader *r, uint32_t i, bool is_there)
{
    char room[64];
    struct screen_entry e = entry_at(i, room);
    struct screen_answer a = screen_ask(r, e.kind, e.value, (instant){5});
    return a.is_listed == is_there && (!is_there || screen_row(r, &a) == i);
}

static void expect_load(enum err_code code)
{
    struct screen *s = open_one();
    struct screen_reader r;
    struct screen_origin origin = {0};
    err e = screen_load(s, path, &origin);
    assert_int_equal(e.code, code);
    r = screen_enter(s);
    for (uint32_t i = 0; i < FIXED; i += 7)
        assert_true(is_right(&r, i, code == ERR_NONE));
    assert_int_equal(r.mark, code == ERR_NONE ? 9 : 0);
    screen_leave(&r);
    screen_close(s);
}

/* --- damage --- */

static void flip(int fd, off_t at)
{
    unsigned char byte = 0;
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x40;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
}

static void damaged(void **state)
{
    (void)state;
    struct screen *s = open_one();
    struct screen_origin origin = {.mark = 9};
    size_t flips = 0;
    expect_load(ERR_ABSENT);
    build(s, FIXED, 9);
    assert_false(failed(screen_save(s, path, &origin)));
    expect_load(ERR_NONE);
    struct stat st;
    int fd = open(path, O_RDWR);
    assert_int_equal(fstat(fd, &st), 0);
    for (off_t at = 0; at < st.st_size; at += 4096)
        for (int i = 0; i < SECTION_COUNT; i++) {
            struct shard_head h;
            bool is_end = at + 4096 == st.st_size;
            assert_int_equal(pread(fd, &h, sizeof h, at), sizeof h);
            bool is_head = h.line_count == h.sections[SECTION_LINES].size / LINE_BYTES &&
                           h.size < (1 << 20) && h.line_count > 0;
            if ((!is_head && !is_end) || (is_head && h.sections[i].size == 0))
                continue;
            off_t place = is_end ? at + i * 8 : at + (off_t)h.sections[i].at;
            flip(fd, place);
            expect_load(ERR_CORRUPT);
            flip(fd, place);
            flips++;
        }
    assert_true(flips > 100);
    expect_load(ERR_NONE);
    static const off_t cuts[] = {1, 100, 4096, 8192, 50000};
    for (size_t i = 0; i < COUNT_OF(cuts); i++) {
        assert_false(failed(screen_save(s, path, &origin)));
        assert_int_equal(truncate(path, st.st_size - cuts[i]), 0);
        expect_load(ERR_CORRUPT);
    }
    assert_int_equal(truncate(path, 0), 0);
    expect_load(ERR_CORRUPT);
    close(fd);
    screen_close(s);
}

static void failing_disk(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_OPEN,  FAULT_FULL, FAULT_WRITE,
                                            FAULT_SHORT, FAULT_SYNC, FAULT_RENAME};
    struct screen_origin origin = {.mark = 9};
    struct screen *s = open_one();
    build(s, FIXED, 9);
    assert_false(failed(screen_save(s, path, &origin)));
    build(s, 10, 10);
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        env_fault_at(kinds[i], 1);
        assert_int_equal(screen_save(s, path, &origin).code, ERR_OS);
        env_fault_clear();
        expect_load(ERR_NONE); /* the one before */
    }
    screen_close(s);
}

/* --- readers and a writer --- */

struct hammer {
    struct screen *screen;
    struct env_flag is_over;
    struct env_word begun; /* the mark of the last change */
    struct env_counter wrong;
    struct env_counter asked;
};

static void ask_on(void *self)
{
    struct hammer *h = self;
    for (uint32_t turn = 0; !env_flag_is_up(&h->is_over); turn++) {
        struct screen_reader r = screen_enter(h->screen);
        for (uint32_t i = 0; i < 60; i++)
            if (!is_right(&r, (turn * 31 + i) % FIXED, true))
                env_counter_add(&h->wrong, 1);
        /* the moving ones are there when the mark is odd, as long as no later change has begun */
        bool is_as_told = is_right(&r, FIXED + turn % MOVING, r.mark % 2 == 1);
        if (!is_as_told && env_word_read(&h->begun) == r.mark)
            env_counter_add(&h->wrong, 1);
        screen_leave(&r);
        env_counter_add(&h->asked, 1);
    }
}

static void save_on(void *self)
{
    struct hammer *h = self;
    while (!env_flag_is_up(&h->is_over)) {
        struct screen *again = open_one();
        struct screen_origin origin = {.mark = screen_figures(h->screen).sealed_mark};
        struct screen_reader r;
        bool is_saved = !failed(screen_save(h->screen, path, &origin)) &&
                        !failed(screen_load(again, path, &origin));
        r = screen_enter(again);
        for (uint32_t i = 0; i < FIXED; i += 11)
            if (!is_saved || !is_right(&r, i, true))
                env_counter_add(&h->wrong, 1);
        screen_leave(&r);
        screen_close(again);
    }
}

static void change_on(struct hammer *h, uint64_t turns)
{
    static struct screen_change changes[MOVING];
    static char rooms[MOVING][64];
    for (uint64_t turn = 1; turn <= turns; turn++) {
        bool has_more = false;
        for (uint32_t i = 0; i < MOVING; i++)
            changes[i] = (struct screen_change){.entry = entry_at(FIXED + i, rooms[i]),
                                                .is_listed = turn % 2 == 1};
        env_word_put(&h->begun, turn);
        assert_false(failed(screen_change(h->screen, changes, MOVING, turn)));
        if (turn % 3 == 0)
            assert_false(failed(screen_settle(h->screen)));
        assert_false(failed(screen_step(h->screen, &has_more)));
    }
}

static void hammered(void **state)
{
    (void)state;
    struct hammer h = {.screen = open_one()};
    struct env_thread threads[READERS + 1] = {0};
    build(h.screen, FIXED, 0);
    for (int i = 0; i < READERS; i++)
        assert_false(failed(env_thread_start(&threads[i], "asks", ask_on, &h)));
    assert_false(failed(env_thread_start(&threads[READERS], "saves", save_on, &h)));
    change_on(&h, 60);
    env_flag_raise(&h.is_over);
    for (int i = 0; i <= READERS; i++)
        env_thread_join(&threads[i]);
    assert_int_equal(env_counter_read(&h.wrong), 0);
    assert_true(env_counter_read(&h.asked) > 0);
    screen_close(h.screen);
}

/* --- memory --- */

static void bounded(void **state)
{
    (void)state;
    enum { MANY = 600000, SOME = 40000 };
    static struct screen_change changes[SOME];
    static char rooms[SOME][64];
    struct screen *s = open_one();
    build(s, MANY, 1);
    size_t before = pages_in_use();
    pages_most_reset();
    for (uint32_t i = 0; i < SOME; i++)
        changes[i] = (struct screen_change){.entry = entry_at(MANY - 100 + i, rooms[i]),
                                            .is_listed = i % 2 == 0};
    assert_false(failed(screen_change(s, changes, SOME / 10, 2)));
    assert_false(failed(screen_settle(s)));
    assert_false(failed(screen_change(s, changes, SOME, 3)));
    assert_true(pages_most() < before + before / 2);
    assert_true(pages_in_use() < before + before / 5);
    screen_close(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged),
        cmocka_unit_test(failing_disk),
        cmocka_unit_test(hammered),
        cmocka_unit_test(bounded),
    };
    return cmocka_run_group_tests_name("screen/sealed", tests, make_folder, drop_folder);
}
