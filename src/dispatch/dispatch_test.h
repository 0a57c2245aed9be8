/* SPDX-License-Identifier: Apache-2.0 */
/*
 * dispatch_test - what the tests of this folder share. For tests alone.
 *
 * Shape     cmocka with what it wants in front of it; dice that repeat.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     Through cmocka.
 */
#ifndef YUMEN_DISPATCH_TEST_H
#define YUMEN_DISPATCH_TEST_H

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

/* splitmix64, below n */
static inline uint32_t draw(uint64_t *state, uint32_t n)
{
    uint64_t z = *state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) % n);
}

#endif
