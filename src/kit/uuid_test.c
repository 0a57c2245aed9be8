/* SPDX-License-Identifier: Apache-2.0 */
/* Goal: the names are those that others compute. Method: RFC 9562's own example is of another name
 * space; these are Python's uuid.uuid5(uuid.NAMESPACE_URL, name), and RFC 1321's suite. */
#include "kit/uuid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *uuid;
    } rows[] = {
        {"",                        "1b4db7eb-4057-5ddf-91e0-36dec72071f5"},
        {"yumen:c1:day:2026-11-24", "044b9be2-495d-569e-b206-d52c8edeedbb"},
        {"https://example.com/",    "dd2c1780-811a-5296-81c5-178a0ef488bc"},
    };
    struct arena a;
    arena_init(&a, 1 << 16);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str uuid = {0};
        assert_false(failed(uuid_of(str_from_c(rows[i].name), &a, &uuid)));
        assert_int_equal(uuid.size, UUID_TEXT_BYTES);
        assert_true(str_equal(uuid, str_from_c(rows[i].uuid)));
    }
    str md5 = {0};
    assert_false(failed(md5_of(STR("message digest"), &a, &md5)));
    assert_true(str_equal(md5, STR("f96b697d7cb7938d525a2f31aaf161d0")));
    assert_false(failed(md5_of(STR(""), &a, &md5)));
    assert_true(str_equal(md5, STR("d41d8cd98f00b204e9800998ecf8427e")));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
