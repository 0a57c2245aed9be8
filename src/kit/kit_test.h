/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kit_test - what every test of this folder needs around its cases. For tests alone.
 *
 * Shape     cmocka with what it wants in front of it; boot and done for the group; an err looked at.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -
 * Fails     Through cmocka.
 */
#ifndef YUMEN_KIT_TEST_H
#define YUMEN_KIT_TEST_H

#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

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

#endif
