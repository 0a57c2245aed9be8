/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a table is read as it stands, one bad field refuses it with line and column, and nothing
 * about a person gets in as a feature.
 * Method: small files; every feature of a conduct by its name, and words about people.
 */
#include "sense/feature.h"
#include "train/train_test.h"

static const struct table_wish all = {.without_count = 0};

static void a_table_reads_as_it_stands(void **state)
{
    (void)state;
    struct table t;
    struct rows_fault fault;
    works(read_text("\xEF\xBB\xBFout_calls,part,label,id,mean_s\n"
                    "1,early,0,a,2.5\r\n"
                    "\n"
                    "3,late,1,b,\n"
                    "-4e2,early,1,a,\"7\"\n",
                    &all, &t, &fault));
    assert_true(t.rows == 3 && t.positive == 2 && t.feature_count == 2 && t.group_count == 2);
    assert_true(str_equal(t.features[0], STR("out_calls")));
    assert_true(str_equal(t.features[1], STR("mean_s")));
    static const float values[] = {1, 2.5F, 3, NAN, -400, 7};
    for (size_t i = 0; i < COUNT_OF(values); i++)
        assert_true(isnan(values[i]) ? isnan(t.values[i]) : fabsf(t.values[i] - values[i]) < 1e-6F);
    assert_true(t.labels[0] == 0 && t.labels[1] == 1 && t.labels[2] == 1);
    assert_true(t.groups[0] == t.groups[2] && t.groups[0] != t.groups[1]);
    assert_true(t.part_count == 2 && t.parts[0] == t.parts[2] && t.parts[0] != t.parts[1]);
    assert_true(str_equal(t.ids[1], STR("b")) && str_equal(t.part_names[t.parts[1]], STR("late")));
    assert_true(str_ends(t.name, STR("table.csv")) && str_find_char(t.name, '/') == t.name.size);

    works(read_text("label,x\n1,1\n0,2\n", &all, &t, &fault));
    assert_true(t.group_count == 2 && t.ids == NULL && t.parts == NULL);
    arena_reset(&arena);
}

static void asked_for_features_come_in_their_order(void **state)
{
    (void)state;
    static const str names[] = {
        {.at = "b", .size = 1},
        {.at = "a", .size = 1}
    };
    struct table_wish wish = {.features = names, .feature_count = 2, .has_no_labels = true};
    struct table t;
    struct rows_fault fault;
    works(read_text("a,label,c,b\n1,what,x,2\n", &wish, &t, &fault));
    assert_true(t.feature_count == 2 && fabsf(t.values[0] - 2) < 1e-6F);
    fails(read_text("a,c\n1,2\n", &wish, &t, &fault), "column.missing");
    assert_string_equal(fault.column, "b");
    arena_reset(&arena);
}

static void a_bad_file_is_refused_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *csv;
        const char *why;
        uint64_t line;
        const char *column;
    } cases[] = {
        {"",                           "train.empty",       0, ""         },
        {"label,x\n",                  "train.empty",       0, ""         },
        {"label\n1\n",                 "train.empty",       1, ""         },
        {"x\n1\n",                     "column.missing",    1, "label"    },
        {"label,x,x\n1,2,3\n",         "column.repeated",   1, "x"        },
        {"label,X\n1,2\n",             "train.column_name", 1, "X"        },
        {"label,x\n1,2\n2,2\n",        "train.label",       3, "label"    },
        {"label,x\n1,2\n,2\n",         "train.label",       3, "label"    },
        {"label,x\n1,two\n",           "train.number",      2, "x"        },
        {"label,x\n1,nan\n",           "train.number",      2, "x"        },
        {"label,x\n1,-inf\n",          "train.number",      2, "x"        },
        {"label,x\n1,0x10\n",          "train.number",      2, "x"        },
        {"label,x\n1,1e39\n",          "train.number",      2, "x"        },
        {"label,x\n1, 1\n",            "train.number",      2, "x"        },
        {"label,x\n1,1,1\n",           "row.fields_many",   2, ""         },
        {"label,x\n1\n",               "row.fields_few",    2, ""         },
        {"label,x\n1,a\"b\n",          "csv.quote",         2, ""         },
        {"label,x,id\n1,1,\n",         "train.id",          2, "id"       },
        {"label,x,part\n1,1,Early\n",  "train.part",        2, "part"     },
        {"label,x,city_name\n1,1,2\n", "train.person",      1, "city_name"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct table t;
        struct rows_fault fault;
        err e = read_text(cases[i].csv, &all, &t, &fault);
        bool is_right = failed(e) && strcmp(e.why, cases[i].why) == 0 &&
                        fault.line == cases[i].line &&
                        (cases[i].column[0] == '\0' || strcmp(fault.column, cases[i].column) == 0);
        if (!is_right)
            fail_msg("%s: %s at %d, column %s", cases[i].csv, failed(e) ? e.why : "fine",
                     (int)fault.line, fault.column);
    }
    struct table t;
    struct rows_fault fault;
    fails(table_read("/nowhere/at/all.csv", &all, &arena, &t, &fault), "file.absent");
    arena_reset(&arena);
}

static void nothing_about_a_person_is_a_feature(void **state)
{
    (void)state;
    static const char *const persons[] = {
        "age",
        "holder_age",
        "gender",
        "sex",
        "city_name_call",
        "county_name_nunique",
        "origin",
        "home_region",
        "native_province",
        "ethnicity",
        "religion",
        "victim_before",
        "id_name",
        "language",
        "caller_division",
        "relatives_count",
    };
    static const char *const behaviours[] = {"opposite_count", "stages",          "averages",
                                             "arpu_mean",      "voc_day_nunique", "unique_share",
                                             "message_rate"};
    for (size_t i = 0; i < COUNT_OF(persons); i++)
        assert_true(table_is_person(str_from_c(persons[i])));
    for (size_t i = 0; i < COUNT_OF(behaviours); i++)
        assert_false(table_is_person(str_from_c(behaviours[i])));
    for (enum feature f = 0; f < FEATURE_COUNT; f++)
        assert_false(table_is_person(str_from_c(feature_name(f))));

    static const str out[] = {
        {.at = "city_name", .size = 9}
    };
    struct table_wish wish = {.without = out, .without_count = 1};
    struct table t;
    struct rows_fault fault;
    works(read_text("label,city_name,x\n1,Chengdu,2\n", &wish, &t, &fault));
    assert_true(t.feature_count == 1 && str_equal(t.features[0], STR("x")));
    /* Asked for by a model, it is refused as well. */
    struct table_wish asked = {.features = out, .feature_count = 1, .has_no_labels = true};
    fails(read_text("city_name\n1\n", &asked, &t, &fault), "train.person");
    arena_reset(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_reads_as_it_stands),
        cmocka_unit_test(asked_for_features_come_in_their_order),
        cmocka_unit_test(a_bad_file_is_refused_with_its_place),
        cmocka_unit_test(nothing_about_a_person_is_a_feature),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
