/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what was taken is there after any number of restarts, byte for byte as in a book in memory
 * that was fed the same; what is damaged is said, and costs no more than it must; the disk is
 * bounded. Method: random batches, steps and restarts beside such a book; then files of the folder
 * changed by hand.
 */
#include "calls/calls_test.h"

static struct test_world world;

/* None of it too late to be journaled. */
static void draw_in_time(struct test_world *w, struct batch *b)
{
    test_draw_batch(w, b);
    for (size_t i = 0; i < b->count; i++)
        b->rows[i].time_s = w->time_s;
}

static void take(struct test_world *w, uint32_t batches, uint32_t steps)
{
    struct batch b;
    for (uint32_t i = 0; i < batches; i++) {
        test_draw_batch(w, &b);
        assert_false(failed(test_take(w, &b)));
        test_steps(w, steps);
    }
}

/* Until there are that many files more. */
static void make_files(struct test_world *w, uint32_t files)
{
    struct calls_counts counts;
    calls_show(w->calls, &counts);
    uint32_t wanted = counts.file + files;
    while (counts.file < wanted) {
        take(w, 1, 30);
        calls_show(w->calls, &counts);
    }
    while (calls_wants_step(w->calls))
        assert_false(failed(calls_step(w->calls)));
}

static void reopen(struct test_world *w)
{
    test_close(w);
    test_open(w);
}

static const struct calls_counts *show(const struct test_world *w)
{
    static struct calls_counts counts;
    calls_show(w->calls, &counts);
    return &counts;
}

/* --- as in memory --- */

static void same_as_in_memory(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        test_begin(w, seed);
        test_open(w);
        for (uint32_t i = 0; i < 40; i++) {
            take(w, test_draw(w, 60), test_draw(w, 2) == 0 ? 0 : test_draw(w, 30));
            if (test_draw(w, 2) == 0)
                reopen(w);
            assert_true(test_is_same(w));
            assert_int_equal(show(w)->damage_count, 0);
        }
        assert_true(show(w)->file > 4);
        assert_true(w->twin.book.counts.dropped > 0 && w->twin.book.counts.late > 0);
        test_end(w);
    }
}

/* A batch answers who is due as the book would, and shows it. */
static void answers_as_the_book(void **state)
{
    (void)state;
    struct test_world *w = &world;
    struct batch b;
    struct book_due ours[TEST_BATCH_MOST];
    struct book_due twins[TEST_BATCH_MOST];
    uint8_t news[TEST_BATCH_MOST];
    size_t count = 0;
    test_begin(w, 11);
    test_open(w);
    book_tell(&w->twin.book, news);
    for (uint32_t i = 0; i < 50; i++) {
        test_draw_batch(w, &b);
        assert_false(failed(calls_take(w->calls, b.rows, b.count, ours, &count)));
        assert_int_equal(book_take(&w->twin.book, b.rows, b.count, twins), count);
        assert_memory_equal(ours, twins, count * sizeof *ours);
        assert_memory_equal(calls_news(w->calls), news, b.count);
        const struct conduct *c = calls_find(w->calls, b.rows[b.count - 1].caller);
        const struct conduct *twin = book_find(&w->twin.book, b.rows[b.count - 1].caller);
        assert_true((c == NULL) == (twin == NULL));
        if (c != NULL)
            assert_memory_equal(c, twin, sizeof *c);
    }
    assert_null(calls_find(w->calls, 2));
    assert_false(failed(calls_take(w->calls, b.rows, 0, ours, &count)));
    assert_int_equal(count, 0);
    book_tell(&w->twin.book, NULL);
    test_end(w);
}

/* What is too late to count is told, and is nowhere; what came with it is taken as if alone. */
static void late_rows_are_not_journaled(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint32_t late = 0; late <= 8; late++) {
        struct batch b;
        struct book_due due[TEST_BATCH_MOST];
        size_t count = 0;
        test_begin(w, 60 + late);
        test_open(w);
        take(w, 5, 0);
        b = (struct batch){.count = 8};
        for (uint32_t i = 0; i < b.count; i++) {
            struct batch drawn;
            test_draw_batch(w, &drawn);
            b.rows[i] = drawn.rows[0];
            bool is_late = test_draw(w, 8 - i) < late - (uint32_t)count;
            count += is_late;
            b.rows[i].time_s = w->time_s - (is_late ? (BOOK_WINDOW_H + 2) * 3600 : 0);
        }
        int64_t before = w->calls->journal.written;
        uint64_t told = show(w)->told.late;
        assert_false(failed(calls_take(w->calls, b.rows, b.count, due, &count)));
        test_twin_take(w, &b);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->told.late - told, late);
        assert_int_equal(w->calls->journal.written - before,
                         late == 8 ? 0 : (int64_t)calls_batch_bytes(8 - late));
        for (uint32_t i = 0; i < b.count; i++)
            assert_true((calls_news(w->calls)[i] == BOOK_LATE) ==
                        (b.rows[i].time_s < w->time_s - BOOK_WINDOW_H * 3600));
        for (size_t i = 0; i < count; i++)
            assert_int_equal(calls_at(w->calls, due[i].slot)->key, b.rows[due[i].sighting].caller);
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->told.late, 0);
        test_end(w);
    }
}

/* A folder goes on with the sizes it began with, with a file or without. */
static void sizes_stay(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint32_t files = 0; files < 2; files++) {
        test_begin(w, 21 + files);
        test_open(w);
        take(w, 5, 0);
        make_files(w, files);
        test_close(w);
        struct calls_settings other = {
            .dir = str_from_c(w->folder),
            .key = test_key,
            .book = {.numbers_most = 7, .calls_most = 9, .window_h = 2, .zone_s = 0},
            .journal_bytes = TEST_JOURNAL_BYTES
        };
        assert_false(failed(calls_open(&other, &w->calls)));
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->book.numbers_most, TEST_NUMBERS);
        assert_int_equal(show(w)->book.handsets_most, TEST_NUMBERS);
        test_end(w);
    }
}

/* One from before handsets were kept has a zero where their number stands now. */
static void without_handsets_it_stays_without(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint32_t files = 0; files < 2; files++) {
        struct calls_settings before = {.key = test_key,
                                        .book = test_settings,
                                        .journal_bytes = TEST_JOURNAL_BYTES,
                                        .step_bytes = 1};
        test_begin(w, 31 + files);
        before.dir = str_from_c(w->folder);
        before.book.handsets_most = 0;
        assert_false(failed(calls_open(&before, &w->calls)));
        take(w, 5, 0);
        make_files(w, files);
        size_t bytes = show(w)->room_bytes;
        test_close(w);
        test_open(w);
        assert_int_equal(show(w)->book.handsets_most, 0);
        assert_int_equal(show(w)->room_bytes, bytes);
        assert_int_equal(show(w)->damage_count, 0);
        assert_memory_equal(w->calls->room.at, w->twin.room.at, bytes);
        take(w, 5, 0);
        assert_memory_equal(w->calls->room.at, w->twin.room.at, bytes);
        test_end(w);
    }
}

/* --- damage --- */

static void expect_harm(const struct test_world *w, enum calls_harm harm, uint64_t lost,
                        const char *file)
{
    const struct calls_counts *c = show(w);
    assert_int_equal(c->damage_count, 1);
    assert_int_equal(c->damage[0].harm, harm);
    assert_int_equal(c->damage[0].lost, lost);
    assert_string_equal(c->damage[0].file, file);
}

/* Wherever the newest file is damaged: the one before it and both journals make the same. Then the
 * next file is made at once. */
static void file_is_damaged(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t i = 0; i < 12; i++) {
        int64_t size = 0;
        test_begin(w, 100 + i);
        test_open(w);
        make_files(w, i % 2 == 0 ? 3 : 1); /* 1: the one before it is the empty book */
        take(w, 6, 0);
        test_close(w);
        uint32_t count = test_files(w, CALLS_FILE_KIND, paths, 4);
        assert_int_equal(count, i % 2 == 0 ? 2 : 1);
        assert_false(failed(file_size(paths[count - 1], &size)));
        if (i < 10)
            test_flip(paths[count - 1], i < 4 ? size - 1 - i * 40 : size / 10 * i);
        else
            assert_int_equal(truncate(paths[count - 1], i == 10 ? 0 : size - 8), 0);
        test_open(w);
        assert_true(test_is_same(w));
        expect_harm(w, CALLS_FILE_DAMAGED, 0, strrchr(paths[count - 1], '/') + 1);
        assert_true(calls_wants_step(w->calls));
        make_files(w, 1);
        assert_true(test_is_same(w));
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

/* More than either thread reads at once: what is damaged in a stretch of the helper's is seen as
 * any, and the room is the same again by the file before. */
static void every_stretch_is_looked_at(void **state)
{
    (void)state;
    enum { STRETCH_BYTES = 4 << 20, STRETCHES = 3 };
    struct test_world *w = &world;
    struct calls_settings large = {
        .key = test_key, .book = test_settings, .journal_bytes = TEST_JOURNAL_BYTES};
    char paths[4][TEST_PATH_BYTES];
    large.book.numbers_most = 100000;
    for (uint32_t i = 0; i <= STRETCHES; i++) {
        struct pages was;
        test_begin(w, 140 + i);
        large.dir = str_from_c(w->folder);
        assert_false(failed(calls_open(&large, &w->calls)));
        assert_in_range(show(w)->room_bytes, STRETCHES * STRETCH_BYTES, UINT32_MAX);
        make_files(w, 1);
        assert_false(failed(pages_make(w->calls->room.size, &was)));
        memcpy(was.at, w->calls->room.at, was.size);
        test_close(w);
        assert_int_equal(test_files(w, CALLS_FILE_KIND, paths, 4), 1);
        if (i < STRETCHES)
            test_flip(paths[0], (int64_t)i * STRETCH_BYTES + STRETCH_BYTES / 2);
        assert_false(failed(calls_open(&large, &w->calls)));
        assert_int_equal(show(w)->damage_count, i < STRETCHES);
        assert_memory_equal(w->calls->room.at, was.at, was.size);
        pages_drop(&was);
        test_end(w);
    }
}

static void no_file_is_left(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    test_begin(w, 130);
    test_open(w);
    make_files(w, 3);
    test_close(w);
    uint32_t count = test_files(w, CALLS_FILE_KIND, paths, 4);
    for (uint32_t i = 0; i < count; i++)
        test_flip(paths[i], 4096 * i + 5);
    err e = test_try_open(w);
    assert_int_equal(e.code, ERR_CORRUPT);
    assert_int_equal(e.at, 3);
    test_end(w);
}

/* One batch of the journal is damaged: it alone is lost, and counted as that. */
static void batch_is_damaged(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t i = 0; i < 8; i++) {
        struct batch b;
        uint64_t lost = 0;
        int64_t at = 0;
        test_begin(w, 200 + i);
        test_open(w);
        make_files(w, i % 3);
        uint32_t bad = test_draw(w, 9);
        for (uint32_t k = 0; k < 10; k++) {
            int64_t before = w->calls->journal.written;
            struct book_due due[TEST_BATCH_MOST];
            size_t count = 0;
            draw_in_time(w, &b);
            assert_false(failed(calls_take(w->calls, b.rows, b.count, due, &count)));
            if (k == bad) {
                lost = b.count;
                at = before + test_draw(w, (uint32_t)calls_batch_bytes(b.count));
            } else {
                test_twin_take(w, &b);
            }
        }
        test_close(w);
        uint32_t count = test_files(w, CALLS_JOURNAL_KIND, paths, 4);
        test_flip(paths[count - 1], at);
        test_open(w);
        assert_true(test_is_same(w));
        expect_harm(w, CALLS_BATCHES_LOST, lost, strrchr(paths[count - 1], '/') + 1);
        make_files(w, 2);
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

static void segment_is_gone(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    test_begin(w, 230);
    test_open(w);
    make_files(w, 2);
    take(w, 3, 0);
    test_close(w);
    uint32_t count = test_files(w, CALLS_JOURNAL_KIND, paths, 4);
    assert_int_equal(count, 2);
    assert_int_equal(unlink(paths[0]), 0); /* only the file before the newest needs it */
    test_open(w);
    assert_true(test_is_same(w));
    assert_int_equal(show(w)->damage_count, 0);
    test_close(w);
    assert_int_equal(unlink(paths[1]), 0);
    test_open(w);
    expect_harm(w, CALLS_SEGMENT_LOST, 0, strrchr(paths[1], '/') + 1);
    assert_int_equal(show(w)->sightings, show(w)->file_at);
    test_end(w);
}

static void header_is_damaged(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t files = 0; files < 3; files++) {
        test_begin(w, 240 + files);
        test_open(w);
        make_files(w, files);
        take(w, 4, 0);
        test_close(w);
        uint32_t count = test_files(w, CALLS_JOURNAL_KIND, paths, 4);
        test_flip(paths[count - 1], 9);
        test_open(w);
        assert_true(test_is_same(w));
        expect_harm(w, CALLS_HEADER_DAMAGED, 0, strrchr(paths[count - 1], '/') + 1);
        make_files(w, 3);
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

/* What a damaged header says of its place is not believed: were it high, no segment would ever go;
 * were it low, one would that the newest whole file needs. */
static void header_has_no_place(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t i = 0; i < 2; i++) {
        char books[4][TEST_PATH_BYTES];
        test_begin(w, 250 + i);
        test_open(w);
        make_files(w, 2);
        take(w, 4, 0);
        test_close(w);
        assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 2);
        assert_int_equal(test_files(w, CALLS_FILE_KIND, books, 4), 2);
        test_flip(books[1], 0);
        if (i == 0)
            test_flip(paths[1], offsetof(struct segment_header, first) + 6);
        else
            test_zero(paths[1], sizeof(struct segment_header));
        test_open(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 2);
        assert_false(failed(calls_step(w->calls))); /* the next file is begun */
        reopen(w);
        assert_true(test_is_same(w));
        make_files(w, 3);
        assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 2);
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

/* Before there is any file, the first segment is the first whatever is damaged in it. */
static void first_sector_is_damaged(void **state)
{
    (void)state;
    struct test_world *w = &world;
    struct batch b;
    struct book_due due[TEST_BATCH_MOST];
    size_t count = 0;
    char paths[4][TEST_PATH_BYTES];
    test_begin(w, 260);
    test_open(w);
    draw_in_time(w, &b);
    assert_false(failed(calls_take(w->calls, b.rows, b.count, due, &count)));
    take(w, 9, 0);
    test_close(w);
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 1);
    test_zero(paths[0], sizeof(struct segment_header) + sizeof(struct batch_header));
    test_open(w);
    assert_int_equal(w->twin.book.counts.dropped, 0);
    assert_int_equal(show(w)->damage_count, 2);
    assert_int_equal(show(w)->damage[0].harm, CALLS_HEADER_DAMAGED);
    assert_int_equal(show(w)->damage[1].harm, CALLS_BATCHES_LOST);
    assert_int_equal(show(w)->damage[1].lost, b.count);
    test_end(w);
}

/* What no file needs harms nobody, however much of it there is, and goes with the next file. */
static void old_segments_are_unread(void **state)
{
    (void)state;
    struct test_world *w = &world;
    static char paths[SEGMENTS_MOST + 16][TEST_PATH_BYTES];
    test_begin(w, 265);
    test_open(w);
    w->calls->journal.segments[0].number = 2 * SEGMENTS_MOST;
    make_files(w, 3);
    take(w, 3, 0);
    test_close(w);
    for (uint32_t i = 1; i <= SEGMENTS_MOST + 2; i++) {
        char path[FILE_PATH_BYTES];
        assert_false(failed(file_numbered(w->folder, CALLS_JOURNAL_KIND, i, path)));
        (void)unlink(path);
        assert_int_equal(symlink("/nowhere", path), 0);
    }
    test_open(w);
    assert_true(test_is_same(w));
    assert_int_equal(show(w)->damage_count, 0);
    make_files(w, 2);
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, COUNT_OF(paths)), 2);
    reopen(w);
    assert_true(test_is_same(w));
    test_end(w);
}

/* Whether a last batch that is not whole was answered, nobody can tell. */
static void last_batch_is_damaged(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t files = 0; files < 2; files++) {
        struct batch b;
        struct book_due due[TEST_BATCH_MOST];
        size_t count = 0;
        test_begin(w, 270 + files);
        test_open(w);
        make_files(w, files);
        take(w, 5, 0);
        draw_in_time(w, &b);
        assert_false(failed(calls_take(w->calls, b.rows, b.count, due, &count)));
        int64_t end = w->calls->journal.written;
        test_close(w);
        uint32_t journals = test_files(w, CALLS_JOURNAL_KIND, paths, 4);
        test_flip(paths[journals - 1], end - 20);
        test_open(w);
        assert_true(test_is_same(w));
        expect_harm(w, CALLS_BATCHES_LOST, b.count, strrchr(paths[journals - 1], '/') + 1);
        make_files(w, 2);
        reopen(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

static void segment_is_cut_short(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    enum { LEFT = 20 };
    test_begin(w, 275);
    test_open(w);
    make_files(w, 1);
    test_close(w);
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 2);
    assert_int_equal(truncate(paths[1], LEFT), 0);
    test_open(w);
    expect_harm(w, CALLS_SEGMENT_LOST, 0, strrchr(paths[1], '/') + 1);
    test_end(w);
}

/* A journal that had batches, and has nothing but its header; one that had none is just begun. */
static void segment_is_cut_to_its_header(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t i = 0; i < 6; i++) {
        uint32_t files = i / 2;
        bool has_batches = i % 2 == 0;
        test_begin(w, 280 + i);
        test_open(w);
        make_files(w, files);
        if (has_batches)
            take(w, 3, 0);
        test_close(w);
        uint32_t count = test_files(w, CALLS_JOURNAL_KIND, paths, 4);
        assert_int_equal(truncate(paths[count - 1], sizeof(struct segment_header)), 0);
        test_open(w);
        if (has_batches)
            expect_harm(w, CALLS_SEGMENT_LOST, 0, strrchr(paths[count - 1], '/') + 1);
        else
            assert_int_equal(show(w)->damage_count, 0);
        assert_int_equal(calls_wants_step(w->calls), has_batches);
        test_close(w);
        test_open(w); /* it was said, and is begun again */
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

/* The newest one is gone, and the one before it is there: as if nothing had come since. */
static void newest_segment_is_gone(void **state)
{
    (void)state;
    struct test_world *w = &world;
    char paths[4][TEST_PATH_BYTES];
    for (uint32_t files = 1; files < 4; files++) {
        test_begin(w, 290 + files);
        test_open(w);
        make_files(w, files);
        take(w, 3, 0);
        test_close(w);
        assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 2);
        assert_int_equal(unlink(paths[1]), 0);
        test_open(w);
        expect_harm(w, CALLS_SEGMENT_LOST, 0, strrchr(paths[1], '/') + 1);
        assert_true(calls_wants_step(w->calls));
        make_files(w, 2);
        reopen(w);
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

static bool has_harm(const struct test_world *w, enum calls_harm harm)
{
    const struct calls_counts *c = show(w);
    for (uint32_t i = 0; i < c->damage_count; i++)
        if (c->damage[i].harm == harm)
            return true;
    return false;
}

/* Whatever the disk does not give of whichever file: it is said, or nothing is missing, and the
 * centre is there; the next file makes it whole. */
static void sectors_are_bad(void **state)
{
    (void)state;
    struct test_world *w = &world;
    uint32_t unreadable = 0;
    uint32_t damaged = 0;
    for (uint64_t bad = 1; bad < 14; bad++) {
        bool is_hit = true;
        for (uint64_t n = 1; is_hit; n++) {
            test_begin(w, 700 + n);
            test_open(w);
            make_files(w, 2);
            take(w, 40, 0);
            test_close(w);
            env_fault_some(FAULT_READ, n, bad);
            err e = test_try_open(w);
            is_hit = env_fault_seen(FAULT_READ) >= n;
            env_fault_clear();
            if (failed(e)) { /* neither file could be read */
                assert_int_equal(e.code, ERR_CORRUPT);
                test_open(w);
                assert_true(test_is_same(w));
            }
            bool is_said = has_harm(w, CALLS_UNREADABLE);
            assert_true(test_is_same(w) || (is_said && (has_harm(w, CALLS_BATCHES_LOST) ||
                                                        has_harm(w, CALLS_SEGMENT_LOST))));
            unreadable += is_said;
            damaged += has_harm(w, CALLS_FILE_DAMAGED);
            make_files(w, 1);
            reopen(w);
            assert_int_equal(show(w)->damage_count, 0);
            test_end(w);
        }
    }
    assert_true(unreadable > 20 && damaged == 3);
}

/* --- who may read it --- */

enum { JOURNAL_ROOM = 1 << 17 };

static size_t read_journal(const char *path, uint8_t *room)
{
    size_t size = 0;
    SCOPED(fd_end) int fd = -1;
    assert_false(failed(file_open_read(path, &fd)));
    assert_false(failed(file_read_at(fd, 0, room, JOURNAL_ROOM, &size)));
    assert_true(size < JOURNAL_ROOM);
    return size;
}

static uint32_t count_known(const uint8_t *bytes, size_t size, const struct batch *b)
{
    uint32_t known = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct sighting *s = &b->rows[i];
        known += memmem(bytes, size, &s->caller, sizeof s->caller) != NULL;
        known += memmem(bytes, size, &s->callee, sizeof s->callee) != NULL;
        known += memmem(bytes, size, &s->pair, sizeof s->pair) != NULL;
        known += memmem(bytes, size, &s->id, sizeof s->id) != NULL;
        known += memmem(bytes, size, &s->time_s, sizeof s->time_s) != NULL;
    }
    return known;
}

/* Whoever has the disk, and knows what to look for. Then, with the key: that is what is left. */
static void journal_tells_nobody(void **state)
{
    (void)state;
    static struct batch batches[40];
    static uint8_t bytes[JOURNAL_ROOM];
    struct test_world *w = &world;
    struct batch_header h;
    char paths[4][TEST_PATH_BYTES];
    test_begin(w, 800);
    test_open(w);
    for (size_t i = 0; i < COUNT_OF(batches); i++) {
        draw_in_time(w, &batches[i]);
        assert_false(failed(test_take(w, &batches[i])));
    }
    test_close(w);
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 1);
    size_t size = read_journal(paths[0], bytes);
    for (size_t i = 0; i < COUNT_OF(batches); i++)
        assert_int_equal(count_known(bytes, size, &batches[i]), 0);
    size_t at = sizeof(struct segment_header);
    for (size_t i = 0; i < COUNT_OF(batches); i++) {
        struct sighting rows[TEST_BATCH_MOST];
        memcpy(&h, bytes + at, sizeof h);
        at += sizeof h;
        str sealed = str_make((const char *)bytes + at, h.count * sizeof *rows);
        assert_true(cipher_open(&test_key, batch_said(&h), &h.mark, sealed, rows));
        assert_int_equal(h.count, batches[i].count);
        assert_true(rows[0].caller == batches[i].rows[0].caller &&
                    rows[0].callee == batches[i].rows[0].callee);
        at += sealed.size;
    }
    assert_int_equal(at, size);
    test_end(w);
}

/* The same batch again looks like no other; once a file is made of it, it goes with the second. */
static void pairs_go_with_the_journal(void **state)
{
    (void)state;
    static uint8_t bytes[JOURNAL_ROOM];
    struct test_world *w = &world;
    struct batch b;
    char paths[4][TEST_PATH_BYTES];
    test_begin(w, 810);
    test_open(w);
    draw_in_time(w, &b);
    for (int i = 0; i < 2; i++)
        assert_false(failed(test_take(w, &b)));
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 1);
    (void)read_journal(paths[0], bytes);
    size_t one = sizeof(struct segment_header) + sizeof(struct batch_header);
    size_t other = one + calls_batch_bytes(b.count);
    assert_memory_not_equal(bytes + one, bytes + other, sizeof(struct sighting));
    make_files(w, 2);
    take(w, 60, 30);
    while (show(w)->file < 4)
        take(w, 1, 30);
    (void)test_files(w, CALLS_JOURNAL_KIND, paths, 4);
    uint32_t number = 0;
    assert_true(
        file_is_numbered(str_from_c(strrchr(paths[0], '/') + 1), CALLS_JOURNAL_KIND, &number));
    assert_true(number > 1);
    test_end(w);
}

/* Another secret is not damage: nothing is cut off, and the right one finds it as it was. */
static void another_key_opens_nothing(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint32_t files = 0; files < 2; files++) {
        test_begin(w, 820 + files);
        test_open(w);
        make_files(w, files);
        take(w, 4, 0);
        test_close(w);
        int64_t before = test_folder_bytes(w);
        struct calls_settings other = {
            .dir = str_from_c(w->folder), .key = {.bytes = {7, 1, 2}}, .book = test_settings};
        err e = calls_open(&other, &w->calls);
        assert_int_equal(e.code, ERR_CONFLICT);
        assert_string_equal(e.why, "calls.other_key");
        assert_int_equal(test_folder_bytes(w), before);
        test_open(w);
        assert_true(test_is_same(w));
        assert_int_equal(show(w)->damage_count, 0);
        test_end(w);
    }
}

static void keys_differ(void **state)
{
    (void)state;
    uint8_t secret[SIGHT_SECRET_BYTES] = {1};
    struct sight_keys numbers;
    struct cipher_key one;
    struct cipher_key other;
    calls_key_make(secret, &one);
    sight_keys_make(secret, &numbers);
    for (unsigned i = 0; i < SIGHT_KEY_COUNT; i++)
        assert_null(memmem(&one, sizeof one, numbers.of[i], SIPHASH_KEY_BYTES));
    secret[31] = 1;
    calls_key_make(secret, &other);
    assert_memory_not_equal(&one, &other, sizeof one);
}

/* A new folder is there after the power was gone: the one that it is in was synced. */
static void new_folder_is_synced(void **state)
{
    (void)state;
    struct test_world *w = &world;
    enum { OF_THE_FIRST_SEGMENT = 2 };
    test_begin(w, 276);
    env_fault_at(FAULT_SYNC, OF_THE_FIRST_SEGMENT + 1);
    assert_true(failed(test_try_open(w)));
    env_fault_clear();
    test_open(w);
    test_end(w);
}

/* --- bounds --- */

/* Nobody steps, or hardly: batches do it themselves in the end. */
static void disk_is_bounded(void **state)
{
    (void)state;
    struct test_world *w = &world;
    for (uint32_t steps = 0; steps < 3; steps++) {
        struct batch b;
        test_begin(w, 300 + steps);
        test_open(w);
        int64_t book = (int64_t)(w->calls->room.size + w->calls->room.size / 100) + 8192;
        for (uint32_t i = 0; i < 1500; i++) {
            test_draw_batch(w, &b);
            assert_false(failed(test_take(w, &b)));
            test_steps(w, steps);
            assert_true(test_folder_bytes(w) <=
                        2 * book + 4 * TEST_JOURNAL_BYTES + 2 * (int64_t)sizeof b);
        }
        assert_true(show(w)->file > 5);
        assert_true(test_is_same(w));
        test_end(w);
    }
}

/* In a quiet place as well, pairs do not stand in a journal for weeks. */
static void journal_grows_old(void **state)
{
    (void)state;
    struct test_world *w = &world;
    test_begin(w, 310);
    test_open(w);
    for (uint32_t i = 0; i < 4; i++) {
        take(w, 1, 0);
        reopen(w);
        assert_false(calls_wants_step(w->calls));
        w->time_s += JOURNAL_MOST_H * 3600 + 7200;
        take(w, 1, 0);
        assert_true(calls_wants_step(w->calls));
        make_files(w, 1);
        assert_true(test_is_same(w));
    }
    char paths[4][TEST_PATH_BYTES];
    assert_int_equal(test_files(w, CALLS_JOURNAL_KIND, paths, 4), 2);
    test_end(w);
}

/* Nor when the disk was full for a moment: it does not wait until so much more has come. */
static void old_journal_is_tried_again(void **state)
{
    (void)state;
    struct test_world *w = &world;
    test_begin(w, 320);
    test_open(w);
    take(w, 1, 0);
    w->time_s += JOURNAL_MOST_H * 3600 + 7200;
    take(w, 1, 0);
    env_fault_at(FAULT_OPEN, 1);
    assert_true(failed(calls_step(w->calls)));
    env_fault_clear();
    assert_false(calls_wants_step(w->calls)); /* not at once */
    w->time_s += 2 * 3600;
    take(w, 1, 0);
    assert_true(calls_wants_step(w->calls));
    make_files(w, 1);
    assert_true(test_is_same(w));
    test_end(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_as_in_memory),
        cmocka_unit_test(answers_as_the_book),
        cmocka_unit_test(late_rows_are_not_journaled),
        cmocka_unit_test(sizes_stay),
        cmocka_unit_test(without_handsets_it_stays_without),
        cmocka_unit_test(file_is_damaged),
        cmocka_unit_test(every_stretch_is_looked_at),
        cmocka_unit_test(no_file_is_left),
        cmocka_unit_test(batch_is_damaged),
        cmocka_unit_test(segment_is_gone),
        cmocka_unit_test(header_is_damaged),
        cmocka_unit_test(header_has_no_place),
        cmocka_unit_test(disk_is_bounded),
        cmocka_unit_test(journal_grows_old),
        cmocka_unit_test(first_sector_is_damaged),
        cmocka_unit_test(old_segments_are_unread),
        cmocka_unit_test(last_batch_is_damaged),
        cmocka_unit_test(segment_is_cut_short),
        cmocka_unit_test(segment_is_cut_to_its_header),
        cmocka_unit_test(newest_segment_is_gone),
        cmocka_unit_test(sectors_are_bad),
        cmocka_unit_test(journal_tells_nobody),
        cmocka_unit_test(pairs_go_with_the_journal),
        cmocka_unit_test(another_key_opens_nothing),
        cmocka_unit_test(keys_differ),
        cmocka_unit_test(new_folder_is_synced),
        cmocka_unit_test(old_journal_is_tried_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
