/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: pages are zeroed, counted to the page, and gone when dropped; a mapped file is its bytes,
 * also after it was forgotten.
 * Method: sizes around a page and a huge page; a file of every awkward kind.
 */
#include "env/fault.h"
#include "env/file.h"
#include "env/pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

static void counted(void **state)
{
    (void)state;
    enum { MIB = 1 << 20 };
    static const size_t sizes[] = {1,       4095,        4096,        4097,   2 * MIB - 1,
                                   2 * MIB, 5 * MIB - 1, 5 * MIB + 7, 6 * MIB};
    static const size_t taken[] = {4096,    4096,    4096,    8192,   2 * MIB,
                                   2 * MIB, 5 * MIB, 6 * MIB, 6 * MIB}; /* half a huge page: all */
    struct pages p[COUNT_OF(sizes)] = {0};
    size_t before = pages_in_use();
    size_t sum = 0;
    pages_most_reset();
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        assert_false(
            failed(i % 2 == 0 ? pages_make(sizes[i], &p[i]) : pages_make_sparse(sizes[i], &p[i])));
        unsigned char *at = p[i].at;
        for (size_t k = 0; k < sizes[i]; k += 511)
            assert_int_equal(at[k], 0);
        at[0] = at[sizes[i] - 1] = 1;
        sum += taken[i];
        assert_int_equal(pages_in_use() - before, sum);
    }
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        pages_drop(&p[i]);
        pages_drop(&p[i]);
    }
    assert_int_equal(pages_in_use(), before);
    assert_int_equal(pages_most() - before, sum);
    assert_int_equal(pages_make(SIZE_MAX - 5, &p[0]).code, ERR_LIMIT);
    assert_int_equal(pages_make_sparse(SIZE_MAX - 5, &p[0]).code, ERR_LIMIT);
}

static void mapped(void **state)
{
    (void)state;
    char folder[] = "/tmp/yumen-pages-XXXXXX";
    char path[64];
    static char bytes[20000];
    struct pages p = {0};
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/f", folder);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31);
    assert_int_equal(pages_map(path, 1 << 20, &p).code, ERR_ABSENT);
    assert_false(failed(file_write(path, str_make(bytes, sizeof bytes))));
    assert_int_equal(pages_map(path, sizeof bytes - 1, &p).code, ERR_LIMIT);
    assert_int_equal(pages_map(folder, 1 << 20, &p).code, ERR_OS);
    env_fault_at(FAULT_OPEN, 1);
    assert_int_equal(pages_map(path, 1 << 20, &p).code, ERR_OS);
    env_fault_clear();
    assert_false(failed(pages_map(path, sizeof bytes, &p)));
    assert_memory_equal(p.at, bytes, sizeof bytes);
    pages_forget(&p, 1, sizeof bytes - 1);
    pages_forget(&p, 100, 10);
    assert_memory_equal(p.at, bytes, sizeof bytes);
    pages_drop(&p);
    assert_false(failed(file_write(path, STR(""))));
    assert_false(failed(pages_map(path, 1 << 20, &p)));
    assert_int_equal(p.size, 0);
    pages_drop(&p);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counted),
        cmocka_unit_test(mapped),
    };
    return cmocka_run_group_tests_name("env/pages", tests, NULL, NULL);
}
