/* SPDX-License-Identifier: Apache-2.0 */
#include "calls/calls_test.h"

#include <fcntl.h>

const struct book_settings test_settings = {.numbers_most = TEST_NUMBERS,
                                            .calls_most = TEST_CALLS,
                                            .window_h = BOOK_WINDOW_H,
                                            .zone_s = 8 * 3600,
                                            .handsets_most = TEST_NUMBERS};

const struct cipher_key test_key = {
    .bytes = {7, 1, 1}
};

uint32_t test_draw(struct test_world *w, uint32_t below)
{
    return (uint32_t)random_below(&w->random, below);
}

/* --- the folder --- */

void test_list(const char *folder, struct test_list *ret)
{
    arena_init(&ret->arena, CALLS_NAMES_BYTES);
    assert_false(failed(file_list(folder, &ret->arena, &ret->names)));
    assert_true(ret->names.count <= TEST_FILES_MOST);
    for (size_t i = 0; i < ret->names.count; i++)
        (void)snprintf(ret->paths[i], TEST_PATH_BYTES, "%s/%s", folder, ret->names.at[i].at);
}

void test_clear_folder(const char *folder)
{
    struct test_list list;
    test_list(folder, &list);
    for (size_t i = 0; i < list.names.count; i++)
        assert_int_equal(unlink(list.paths[i]), 0);
    arena_done(&list.arena);
    assert_int_equal(rmdir(folder), 0);
}

void test_begin(struct test_world *w, uint64_t seed)
{
    *w = (struct test_world){.time_s = TEST_BEGAN_S};
    random_init_seeded(&w->random, seed);
    /* Thousands of syncs: where they cost nothing, if there is such a place. */
    (void)snprintf(w->folder, sizeof w->folder, "%s/yumen-calls-XXXXXX",
                   access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(w->folder));
    test_twin_begin(w);
}

void test_end(struct test_world *w)
{
    test_close(w);
    pages_drop(&w->twin.room);
    test_clear_folder(w->folder);
}

uint32_t test_files(const struct test_world *w, const char *kind, char (*paths)[TEST_PATH_BYTES],
                    uint32_t most)
{
    uint32_t count = 0;
    uint32_t number = 0;
    struct test_list list;
    test_list(w->folder, &list);
    for (size_t i = 0; i < list.names.count; i++) {
        if (!file_is_numbered(list.names.at[i], kind, &number))
            continue;
        assert_true(count < most);
        memcpy(paths[count++], list.paths[i], TEST_PATH_BYTES);
    }
    arena_done(&list.arena);
    return count;
}

int64_t test_folder_bytes(const struct test_world *w)
{
    int64_t bytes = 0;
    struct test_list list;
    test_list(w->folder, &list);
    for (size_t i = 0; i < list.names.count; i++) {
        int64_t size = 0;
        assert_false(failed(file_size(list.paths[i], &size)));
        bytes += size;
    }
    arena_done(&list.arena);
    return bytes;
}

void test_flip(const char *path, int64_t at)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 0x40;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    (void)close(fd);
}

void test_zero(const char *path, size_t bytes)
{
    static const char zeros[4096];
    int fd = open(path, O_WRONLY);
    assert_true(fd >= 0 && bytes <= sizeof zeros);
    assert_int_equal(pwrite(fd, zeros, bytes, 0), bytes);
    (void)close(fd);
}

/* --- calls --- */

static uint64_t mix(uint64_t n)
{
    uint64_t x = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

static void draw_sighting(struct test_world *w, struct sighting *s)
{
    uint32_t from = test_draw(w, test_draw(w, TEST_NUMBERS_DRAWN) + 1);
    uint32_t to = test_draw(w, TEST_NUMBERS_DRAWN);
    bool is_answered = test_draw(w, 3) > 0;
    w->time_s += test_draw(w, 30);
    *s = (struct sighting){
        .caller = mix(from) | 1,
        .callee = mix(to) | 1,
        .pair = (uint32_t)mix((uint64_t)(from < to ? from : to) << 32 | (from < to ? to : from)),
        .handset = test_draw(w, 4) == 0 ? 0 : 1 + test_draw(w, TEST_NUMBERS_DRAWN) * 7919,
        .id = mix(UINT64_C(1) << 40 | test_draw(w, 100000)),
        .time_s = w->time_s - test_draw(w, test_draw(w, 50) == 0 ? 40 * 3600 : 3600),
        .duration_s = is_answered ? test_draw(w, 900) : 0,
        .parts = (uint8_t)(CALL_SETUP | CALL_END | (is_answered ? CALL_ANSWER : 0)),
        .is_text = test_draw(w, 9) == 0,
        .is_from_abroad = test_draw(w, 20) == 0,
        .imei = test_draw(w, 2) == 0 ? PLACE_NONE : (uint8_t)test_draw(w, CONDUCT_IMEI_PLACES),
        .imsi = (uint8_t)test_draw(w, CONDUCT_IMSI_PLACES),
        .cell = (uint8_t)test_draw(w, CONDUCT_CELL_PLACES)};
}

void test_draw_batch(struct test_world *w, struct batch *b)
{
    b->count = 1 + test_draw(w, test_draw(w, TEST_BATCH_MOST) + 1) % TEST_BATCH_MOST;
    for (size_t i = 0; i < b->count; i++)
        draw_sighting(w, &b->rows[i]);
}

/* --- the twin --- */

void test_twin_begin(struct test_world *w)
{
    pages_drop(&w->twin.room);
    assert_false(failed(pages_make(book_room(&test_settings), &w->twin.room)));
    book_init(&w->twin.book, &test_settings, w->twin.room.at);
}

void test_twin_take(struct test_world *w, const struct batch *b)
{
    struct book_due due[TEST_BATCH_MOST];
    (void)book_take(&w->twin.book, b->rows, b->count, due);
    w->batches++;
}

/* What is late the twin counts, and the calls tell by themselves: their book never sees it. */
static bool has_counts(const struct book_counts *ours, const struct book_counts *twins)
{
    struct book_counts expected = *twins;
    expected.taken -= expected.late;
    expected.late = 0;
    return memcmp(ours, &expected, sizeof expected) == 0;
}

bool test_is_same(const struct test_world *w)
{
    const struct book *ours = &w->calls->book;
    const struct book *twins = &w->twin.book;
    return memcmp(w->calls->room.at, w->twin.room.at, w->twin.room.size) == 0 &&
           ours->held == twins->held && ours->hand == twins->hand &&
           ours->newest_h == twins->newest_h && ours->recent.forgotten == twins->recent.forgotten &&
           has_counts(&ours->counts, &twins->counts);
}

/* --- ours --- */

err test_try_open(struct test_world *w)
{
    const struct calls_settings settings = {.dir = str_from_c(w->folder),
                                            .key = test_key,
                                            .book = test_settings,
                                            .journal_bytes = TEST_JOURNAL_BYTES,
                                            .step_bytes = 1};
    return calls_open(&settings, &w->calls);
}

void test_open(struct test_world *w)
{
    assert_false(failed(test_try_open(w)));
}

void test_close(struct test_world *w)
{
    assert_false(failed(calls_close(w->calls)));
    w->calls = NULL;
}

err test_take(struct test_world *w, const struct batch *b)
{
    struct book_due due[TEST_BATCH_MOST];
    size_t count = 0;
    TRY(calls_take(w->calls, b->rows, b->count, due, &count));
    test_twin_take(w, b);
    return OK;
}

void test_steps(struct test_world *w, uint32_t most)
{
    for (uint32_t i = test_draw(w, most + 1); i > 0 && calls_wants_step(w->calls); i--)
        assert_false(failed(calls_step(w->calls)));
}
