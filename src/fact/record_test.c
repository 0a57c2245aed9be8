/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: every record is described completely: no field forgotten, none twice, none overlapping.
 * Method: walk every shape; the described bytes and the padding between them make up the struct.
 */
#include "fact/command.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static size_t field_bytes(const struct field *f)
{
    static const size_t bytes[] = {[FIELD_STR] = sizeof(str),
                                   [FIELD_INT] = sizeof(int64_t),
                                   [FIELD_INSTANT] = sizeof(instant),
                                   [FIELD_WORD] = sizeof(unsigned)};
    return bytes[f->type];
}

static void shapes_are_complete(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++) {
        const struct record_shape *shape = &record_shapes[kind];
        assert_true(shape->field_count <= RECORD_FIELDS_MAX);
        assert_int_equal(shape->fields[0].flags, FIELD_KEY);
        size_t end = 0;
        for (size_t i = 0; i < shape->field_count; i++) {
            const struct field *f = &shape->fields[i];
            assert_true(f->offset >= end && f->offset - end < 8);
            assert_int_equal(f->type == FIELD_WORD, f->words != NULL);
            assert_string_not_equal(f->name, "why"); /* a leaf says that of itself */
            end = f->offset + field_bytes(f);
        }
        assert_true(shape->size - end < 8);
        assert_string_equal(shape->fields[shape->field_count - 1].name, "revision");
    }
}

static void fields_read_back(void **state)
{
    (void)state;
    struct listing l = {0};
    const struct record_shape *shape = &record_shapes[RECORD_LISTING];
    for (size_t i = 0; i < shape->field_count; i++) {
        const struct field *f = &shape->fields[i];
        if (f->type == FIELD_STR) {
            field_put_str(f, &l, str_from_c(f->name));
            assert_true(str_equal(field_get_str(f, &l), str_from_c(f->name)));
        } else {
            field_put_int(f, &l, 1);
            assert_int_equal(field_get_int(f, &l), 1);
        }
        assert_false(field_is_absent(f, &l));
    }
    assert_true(str_equal(l.ended_why, STR("ended_why")));
    assert_int_equal(l.state, LISTING_IN_FORCE);
}

static void acts_are_named(void **state)
{
    (void)state;
    for (unsigned act = 0; act < ACT_COUNT; act++)
        assert_int_equal(act_find(str_from_c(act_name((enum act)act))), act);
    assert_int_equal(act_find(STR("person.list")), ACT_COUNT);
}

static void roles_both_ways(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1 << 16);
    for (role_set set = 1; set < (role_set)1 << ROLE_COUNT; set++) {
        role_set back = 0;
        assert_false(failed(role_set_parse(role_set_format(set, &a), &back)));
        assert_int_equal(back, set);
        arena_reset(&a);
    }
    role_set none = 0;
    assert_true(failed(role_set_parse(STR("analyst,,"), &none)));
    assert_true(failed(role_set_parse(STR(""), &none)));
    assert_true(failed(role_set_parse(STR("god"), &none)));
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes_are_complete),
        cmocka_unit_test(fields_read_back),
        cmocka_unit_test(acts_are_named),
        cmocka_unit_test(roles_both_ways),
    };
    return cmocka_run_group_tests_name("fact/record", tests, NULL, NULL);
}
