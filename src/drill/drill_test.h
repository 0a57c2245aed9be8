/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill_test - what the tests of this folder share. For tests alone.
 *
 * Shape     cmocka with what it wants in front of it; an err looked at; the bundled parameters.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     Through cmocka.
 */
#ifndef YUMEN_DRILL_TEST_H
#define YUMEN_DRILL_TEST_H

#include "drill/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static inline void works(err e)
{
    if (failed(e))
        fail_msg("%s at %u", e.why, e.at);
}

static inline void fails(err e, const char *why)
{
    assert_true(failed(e));
    assert_string_equal(e.why, why);
}

static inline void is_str(str got, str want)
{
    if (!str_equal(got, want))
        fail_msg("got \"%.*s\", not \"%.*s\"", STR_ARGS(got), STR_ARGS(want));
}

static inline void bundled(struct arena *a, struct params *ret_params)
{
    struct params_fault fault;
    works(params_read(params_bundled(), a, ret_params, &fault));
}

#endif
