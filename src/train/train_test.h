/* SPDX-License-Identifier: Apache-2.0 */
/* train_test - for the tests of this folder: chance that repeats, files, tables made of chance. */
#ifndef YUMEN_TRAIN_TRAIN_TEST_H
#define YUMEN_TRAIN_TRAIN_TEST_H

#include "env/file.h"
#include "env/random.h"
#include "kit/kit.h"
#include "train/table.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena arena;

static inline int boot(void **state)
{
    (void)state;
    arena_init(&arena, (size_t)1 << 31);
    return failed(kit_boot()) ? -1 : 0;
}

static inline int done(void **state)
{
    (void)state;
    arena_done(&arena);
    kit_done();
    return 0;
}

static inline void works(err e)
{
    if (failed(e))
        fail_msg("%s at %u", e.why, e.at);
}

static inline void fails(err e, const char *why)
{
    assert_string_equal(failed(e) ? e.why : "", why);
}

static inline double draw_share(struct random_source *r)
{
    return (double)random_below(r, 1000001) / 1e6;
}

/* Where a test's file stands; the same place for all of one process. */
static inline const char *test_path(const char *name)
{
    static char path[256];
    const char *folder = getenv("TMPDIR");
    (void)snprintf(path, sizeof path, "%s/yumen-%d-%s", folder == NULL ? "/tmp" : folder,
                   (int)getpid(), name);
    return path;
}

static inline err read_text(const char *csv, const struct table_wish *wish, struct table *t,
                            struct rows_fault *fault)
{
    const char *path = test_path("table.csv");
    works(file_write(path, str_from_c(csv)));
    err e = table_read(path, wish, &arena, t, fault);
    works(file_drop(path));
    return e;
}

#endif
