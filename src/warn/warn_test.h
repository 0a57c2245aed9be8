/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_test - what the tests of this folder share. For tests alone.
 *
 * Shape     cmocka with what it wants in front of it; dice that repeat.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     Through cmocka.
 */
#ifndef YUMEN_WARN_TEST_H
#define YUMEN_WARN_TEST_H

#include "base/err.h"

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

/* splitmix64 */
static inline uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

#endif
