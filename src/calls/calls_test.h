/* SPDX-License-Identifier: Apache-2.0 */
/* calls_test - for the tests of this folder: a folder, chance that repeats, and a book in memory
 * that is fed the same. */
#ifndef YUMEN_CALLS_CALLS_TEST_H
#define YUMEN_CALLS_CALLS_TEST_H

#include "calls/form.h"
#include "env/fault.h"
#include "env/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* More numbers than the book holds: some have to go. */
enum {
    TEST_BATCH_MOST = 60,
    TEST_NUMBERS = 2000,
    TEST_NUMBERS_DRAWN = 2600,
    TEST_CALLS = 8000,
    TEST_JOURNAL_BYTES = 24 << 10,
    TEST_BEGAN_S = 1795345200,
    TEST_PATH_BYTES = 256,
    TEST_FILES_MOST = 16,
};

struct batch {
    struct sighting rows[TEST_BATCH_MOST];
    size_t count;
};

/* What a book that was fed the same has: the model. */
struct twin {
    struct pages room;
    struct book book;
};

struct test_list {
    struct arena arena; /* the names lie in */
    struct file_names names;
    char paths[TEST_FILES_MOST][TEST_PATH_BYTES];
};

struct test_world {
    struct random_source random;
    char folder[TEST_PATH_BYTES / 2];
    struct calls *calls;
    struct twin twin;
    uint32_t time_s;
    uint64_t batches; /* acknowledged */
};

extern const struct book_settings test_settings;
extern const struct cipher_key test_key;

uint32_t test_draw(struct test_world *w, uint32_t below);
void test_begin(struct test_world *w, uint64_t seed);
void test_end(struct test_world *w);
void test_open(struct test_world *w);
err test_try_open(struct test_world *w);
void test_close(struct test_world *w);
void test_draw_batch(struct test_world *w, struct batch *b);
void test_twin_begin(struct test_world *w);
void test_twin_take(struct test_world *w, const struct batch *b);
/* Taken by the calls, and if they say so by the twin. */
err test_take(struct test_world *w, const struct batch *b);
void test_steps(struct test_world *w, uint32_t most);
bool test_is_same(const struct test_world *w);
/* The paths of one kind of file, in order; how many. */
uint32_t test_files(const struct test_world *w, const char *kind, char (*paths)[TEST_PATH_BYTES],
                    uint32_t most);
int64_t test_folder_bytes(const struct test_world *w);
void test_flip(const char *path, int64_t at);
void test_zero(const char *path, size_t bytes); /* its first ones */
void test_list(const char *folder, struct test_list *ret);
/* With the files in it. */
void test_clear_folder(const char *folder);

#endif
