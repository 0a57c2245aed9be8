/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the table made of the Sichuan set holds no place and no row's neighbour, and each ratio is
 * what it says.
 * Method: two rows of which every column is known, one of them empty wherever it may be; a row
 * beside another and alone.
 */
#include "train/sichuan.h"
#include "train/train_test.h"

static const char *const columns[] = {
    "node",
    "opposite_count",
    "opposite_unique",
    "voccalltype1",
    "imeis",
    "voc_calltype1",
    "city_name_call",
    "county_name_call",
    "phone2opposite_mean",
    "phone2opposite_median",
    "phone2opposite_max",
    "phone2oppo_sum_mean",
    "phone2oppo_sum_median",
    "phone2oppo_sum_max",
    "call_dur_mean",
    "call_dur_median",
    "call_dur_max",
    "call_dur_min",
    "city_name_nunique",
    "county_name_nunique",
    "calltype_id_unique",
    "voc_hour_mode",
    "voc_hour_mode_count",
    "voc_hour_nunique",
    "voc_day_mode",
    "voc_day_mode_count",
    "voc_day_nunique",
    "sms_count",
    "sms_nunique",
    "sms_rate",
    "calltype_2",
    "calltype_rate",
    "hour_mode",
    "hour_mode_count",
    "hour_nunique",
    "day_mode",
    "day_mode_count",
    "day_nunique",
    "busi_count",
    "flow_mean",
    "flow_median",
    "flow_min",
    "flow_max",
    "flow_var",
    "flow_sum",
    "month_ids",
    "flow_month",
    "arpu_mean",
    "arpu_var",
    "arpu_max",
    "arpu_min",
    "arpu_median",
    "arpu_sum",
    "arpu_skew",
    "arpu_sem",
    "arpu_quantile",
    "label",
};

/* Column i of row n is 100 n + i, or nothing. */
static void put_row(struct text *t, int n, bool is_bare)
{
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        if (i > 0)
            text_put_char(t, ',');
        if (i == 0)
            text_put_i64(t, n);
        else if (i + 1 == COUNT_OF(columns))
            text_put_i64(t, n % 2);
        else if (!is_bare)
            text_put_i64(t, 100 * n + (int64_t)i);
    }
    text_put_char(t, '\n');
}

static void put_header(struct text *t)
{
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        text_put_c(t, i == 0 ? "" : ",");
        text_put_c(t, columns[i]);
    }
    text_put_char(t, '\n');
}

static err make(const struct text *t, str *ret_csv, struct rows_fault *fault)
{
    const char *path = test_path("sichuan.csv");
    works(file_write(path, text_str(t)));
    err e = sichuan_table(path, &arena, ret_csv, fault);
    works(file_drop(path));
    return e;
}

static void read_back(str csv, struct table *t)
{
    static const struct table_wish all = {.without_count = 0};
    struct rows_fault fault;
    works(read_text(str_to_c(&arena, csv), &all, t, &fault));
}

static float value(const struct table *t, uint32_t row, const char *name)
{
    for (uint32_t i = 0; i < t->feature_count; i++)
        if (str_equal(t->features[i], str_from_c(name)))
            return t->values[(size_t)row * t->feature_count + i];
    fail_msg("no feature %s", name);
    return NAN;
}

static void ratios_are_what_they_say(void **state)
{
    (void)state;
    struct text t;
    struct table table;
    struct rows_fault fault;
    str csv = STR("");
    text_init(&t, &arena);
    put_header(&t);
    put_row(&t, 1, false);
    put_row(&t, 2, true);
    works(make(&t, &csv, &fault));
    read_back(csv, &table);
    assert_true(table.rows == 2 && table.feature_count == 70 && table.part_count > 0);
    for (uint32_t i = 0; i < table.feature_count; i++) {
        assert_false(str_has(table.features[i], STR("city")));
        assert_false(str_has(table.features[i], STR("county")));
        assert_false(table_is_person(table.features[i]));
    }
    assert_true(fabsf(value(&table, 0, "opposite_count") - 101) < 1e-4F);
    assert_true(fabsf(value(&table, 0, "unique_share") - 102.0F / 101) < 1e-6F);
    assert_true(fabsf(value(&table, 0, "calls_a_day") - 101.0F / 126) < 1e-6F);
    assert_true(fabsf(value(&table, 0, "calls_received") + 2) < 1e-4F);
    assert_true(fabsf(value(&table, 0, "texts_share") - 127.0F / (127 + 101)) < 1e-6F);
    assert_true(fabsf(value(&table, 0, "top_time_share") - 113.0F / (114 * 101)) < 1e-6F);
    assert_true(fabsf(value(&table, 0, "bill_range") + 1) < 1e-4F);
    for (uint32_t i = 0; i < table.feature_count; i++)
        assert_true(isnan(table.values[table.feature_count + i]));
    assert_true(table.labels[0] == 1 && table.labels[1] == 0);
    arena_reset(&arena);
}

/* A row's line is the same whoever stands beside it: nothing comes from other rows or labels. */
static void a_row_knows_no_other(void **state)
{
    (void)state;
    struct text t;
    struct rows_fault fault;
    str together = STR("");
    str alone = STR("");
    text_init(&t, &arena);
    put_header(&t);
    put_row(&t, 3, false);
    put_row(&t, 5, false);
    works(make(&t, &together, &fault));
    text_init(&t, &arena);
    put_header(&t);
    put_row(&t, 5, false);
    works(make(&t, &alone, &fault));
    size_t head = str_find_char(alone, '\n') + 1;
    assert_true(str_ends(together, str_from(alone, head)));
    arena_reset(&arena);
}

static void another_file_is_refused(void **state)
{
    (void)state;
    struct text t;
    struct rows_fault fault;
    str csv = STR("");
    text_init(&t, &arena);
    text_put_c(&t, "node,label,opposite_count\n1,0,2\n");
    fails(make(&t, &csv, &fault), "column.missing");
    assert_string_equal(fault.column, "opposite_unique");
    arena_reset(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratios_are_what_they_say),
        cmocka_unit_test(a_row_knows_no_other),
        cmocka_unit_test(another_file_is_refused),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
