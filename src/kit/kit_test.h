/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit_test - what every test of this folder needs around its cases. For tests alone.
 *
 * Shape     cmocka with what it wants in front of it; boot and done for the group; an err looked
 *           at.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     Through cmocka.
 */
#ifndef YUMEN_KIT_TEST_H
#define YUMEN_KIT_TEST_H

#include "base/str.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static inline int boot(void **state)
{
    (void)state;
    return failed(kit_boot()) ? -1 : 0;
}

static inline int done(void **state)
{
    (void)state;
    kit_done();
    return 0;
}

static inline void fails(err e, enum err_code code, const char *why)
{
    assert_int_equal(e.code, code);
    assert_string_equal(e.why, why);
}

static inline void works(err e)
{
    if (failed(e))
        fail_msg("%s at %u", e.why, e.at);
}

static inline void is_str(str got, str want)
{
    if (!str_equal(got, want))
        fail_msg("got \"%.*s\", not \"%.*s\"", STR_ARGS(got), STR_ARGS(want));
}

/* A file of tests/data (YUMEN_TEST_DATA says where that is), or `.at` NULL when it is not there. */
static inline str test_file(struct arena *a, const char *name)
{
    enum { FILE_BYTES = 1 << 20 };
    const char *folder = getenv("YUMEN_TEST_DATA");
    struct text path;
    text_init(&path, a);
    text_printf(&path, "%s/%s", folder == NULL ? "." : folder, name);
    FILE *file = fopen(text_str(&path).at, "rb");
    if (file == NULL)
        return (str){0};
    char *bytes = arena_make(a, FILE_BYTES);
    assert_non_null(bytes);
    size_t size = fread(bytes, 1, FILE_BYTES, file);
    assert_int_equal(fclose(file), 0);
    return str_make(bytes, size);
}

static inline void skip_without(str file, const char *name)
{
    if (file.at != NULL)
        return;
    print_message("skipped: no %s in YUMEN_TEST_DATA\n", name);
    skip();
}

#endif
