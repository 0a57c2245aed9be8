/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the bundled profiles read as they are meant, and a profile with anything missing, added or
 * out of bounds is refused where it is wrong.
 * Method: every file of profiles/ read; cn.yaml with each of its lines left out in turn, which must
 * never read as the whole did; and cn.yaml with one word replaced, by table.
 */
#include "conf/law_read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static char file_bytes[64 << 10];

static str file_read(const char *name)
{
    char path[1024];
    snprintf(path, sizeof(path), PROFILES "/%s.yaml", name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size_t size = fread(file_bytes, 1, sizeof(file_bytes), f);
    fclose(f);
    assert_in_range(size, 1, sizeof(file_bytes) - 1);
    return str_make(file_bytes, size);
}

static err read_law(str yaml, struct arena *a, struct law_profile *ret_law,
                    struct conf_fault *ret_fault)
{
    arena_reset(a);
    return law_profile_read(yaml, a, ret_law, ret_fault);
}

static void bundled_profiles_read(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *currency;
        const char *region;
        int zone_min;
    } want[] = {
        {"cn", "CNY", "CN", 480 },
        {"sg", "SGD", "SG", 480 },
        {"in", "INR", "IN", 330 },
        {"th", "THB", "TH", 420 },
        {"uk", "GBP", "GB", 0   },
        {"us", "USD", "US", -300}
    };
    struct arena a;
    arena_init(&a, 4 << 20);
    for (size_t i = 0; i < COUNT_OF(want); i++) {
        struct law_profile law = {0};
        struct conf_fault fault = {0};
        err e = read_law(file_read(want[i].name), &a, &law, &fault);
        if (failed(e))
            fail_msg("%s.yaml:%u: %.*s: %s", want[i].name, fault.line, STR_ARGS(fault.key), e.why);
        assert_true(str_equal(law.name, str_from_c(want[i].name)));
        assert_true(str_equal(law.currency, str_from_c(want[i].currency)));
        assert_true(str_equal(law.phone_region, str_from_c(want[i].region)));
        assert_int_equal(law.zone_min, want[i].zone_min);
        assert_int_equal(law.working_weekdays, 0x3E);
        assert_true(law.never_screened_count >= 3);
        assert_true(law.reason_count >= 20 && law.basis_count >= 2);
        for (size_t kind = 0; kind < INDICATOR_KIND_COUNT; kind++)
            for (size_t action = 0; action < ACTION_COUNT; action++)
                assert_true(law.listing_max_term_us[kind][action] > 0);
    }
    arena_done(&a);
}

static void china_is_as_written(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4 << 20);
    struct law_profile law = {0};
    struct conf_fault fault = {0};
    assert_false(failed(read_law(file_read("cn"), &a, &law, &fault)));
    assert_int_equal(law.emergency_min, 30);
    assert_int_equal(law.ask_hold_min, 0); /* off unless a profile says so */
    assert_int_equal(law.escalate_min, 30);
    assert_int_equal(law.unrelated_days, 3);
    assert_int_equal(law.alert_quiet_from_min, 22 * 60);
    assert_int_equal(law.ladders[ALERT_URGENT].due_min, 60);
    assert_int_equal(law.ladders[ALERT_HIGH].due_min, 24 * 60);
    assert_int_equal(law.ladders[ALERT_URGENT].heeds_quiet, 0);
    assert_int_equal(law.ladders[ALERT_HIGH].step_count, 5);
    assert_int_equal(law.ladders[ALERT_URGENT].steps[1].means, MEANS_VISIT);
    assert_int_equal(law.never_screened_count, 9);
    assert_int_equal(law.together_percent, 0);
    assert_true(str_equal(law.never_screened[0], STR("110")));
    assert_true(str_equal(law.never_screened[8], STR("96110")));
    assert_true(str_has(law.notice, STR("appeal")) && str_is_utf8(law.notice));
    assert_true(str_has(law_notice(&law, law.notice, false), STR("申诉")));
    assert_false(str_has(law_notice(&law, law.notice, false), STR("appeal")));
    assert_true(str_equal(law_notice(&law, law.notice, true), law.notice_en));
    assert_true(str_equal(law_notice(&law, STR("our own"), true), STR("our own")));
    assert_int_equal(law.listing_max_term_us[INDICATOR_NUMBER][ACTION_BLOCK], 180 * US_PER_DAY);
    assert_int_equal(law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_ALLOW], 3650 * US_PER_DAY);
    assert_true(law_is_working_day(&law, 2026, 2, 14));   /* a Saturday made up for */
    assert_false(law_is_working_day(&law, 2026, 10, 7));  /* a Wednesday off */
    assert_true(law_is_working_day(&law, 2026, 11, 23));  /* a Monday like any other */
    assert_false(law_is_working_day(&law, 2026, 11, 22)); /* a Sunday */
    size_t off = 0;
    size_t made_up = 0;
    for (size_t i = 0; i < law.day_count; i++) {
        off += law.days[i].year == 2026 && !law.days[i].is_working;
        made_up += law.days[i].year == 2026 && law.days[i].is_working;
    }
    assert_int_equal(off, 33); /* 3 + 9 + 3 + 5 + 3 + 3 + 7 */
    assert_int_equal(made_up, 6);
    arena_done(&a);
}

static bool is_content(str line)
{
    line = str_trim(line);
    return line.size > 0 && line.at[0] != '#';
}

static bool is_same(const struct law_profile *a, const struct law_profile *b)
{
    return a->day_count == b->day_count && a->reason_count == b->reason_count &&
           a->basis_count == b->basis_count;
}

static void no_line_is_idle(void **state)
{
    (void)state;
    struct arena a;
    struct arena text_arena;
    arena_init(&a, 4 << 20);
    arena_init(&text_arena, 1 << 20);
    struct law_profile whole = {0};
    struct conf_fault fault = {0};
    str yaml = file_read("cn");
    assert_false(failed(read_law(yaml, &a, &whole, &fault)));
    size_t dropped = 0;
    str rest = yaml;
    for (str line = {0}; str_split(&rest, '\n', &line);) {
        if (!is_content(line))
            continue;
        arena_reset(&text_arena);
        struct text t;
        text_init(&t, &text_arena);
        text_put(&t, str_make(yaml.at, (size_t)(line.at - yaml.at)));
        text_put(&t, rest.at == NULL ? STR("") : rest);
        struct law_profile part = {0};
        err e = read_law(text_str(&t), &a, &part, &fault);
        if (!failed(e) && is_same(&whole, &part))
            fail_msg("idle line: %.*s", STR_ARGS(line));
        dropped++;
    }
    assert_true(dropped > 80);
    arena_done(&text_arena);
    arena_done(&a);
}

/* clang-format off */
static const struct {
    const char *from;
    const char *to;
    const char *key;
    const char *why;
} slips[] = {
    {"name: cn", "name: CN", "name", "law.name"},
    {"zone: \"+08:00\"", "zone: \"+8\"", "zone", "law.zone"},
    {"zone: \"+08:00\"", "zone: Asia/Shanghai", "zone", "law.zone"},
    {"currency: CNY", "currency: Rmb", "currency", "law.currency"},
    {"phone_region: CN", "phone_region: China", "phone_region", "law.region"},
    {"emergency_min: 30", "emergency_min: 0", "emergency_min", "conf.range"},
    {"escalate_min: 30", "escalate_min: 0", "escalate_min", "conf.range"},
    {"unrelated_days: 3", "unrelated_days: 0", "unrelated_days", "conf.range"},
    {"emergency_min: 30", "emergency_min: half an hour", "emergency_min", "conf.integer"},
    {"emergency_min: 30", "emergency_mins: 30", "emergency_mins", "conf.unknown_key"},
    {"currency: CNY", "currency: CNY\nask_hold: {minutes: 0, basis: fraud_law_20}", "minutes", "conf.range"},
    {"currency: CNY", "currency: CNY\nask_hold: {minutes: 60, basis: fraud_law_99}", "basis", "law.basis"},
    {"currency: CNY", "currency: CNY\nask_hold: {minutes: 60}", "basis", "conf.required"},
    {"currency: CNY", "currency: CNY\nask_hold: {hours: 1, basis: fraud_law_20}", "hours", "conf.unknown_key"},
    {"  number:  { block: 180", "  person:  { block: 180", "person", "conf.unknown_key"},
    {"{ block: 365, warn: 365", "{ block: 365, wan: 365", "wan", "conf.unknown_key"},
    {"{ block: 365, warn: 365", "{ block: 36501, warn: 365", "block", "conf.range"},
    {"{ block: 365, warn: 365", "{ block: -1, warn: 365", "block", "conf.range"},
    {"[mon, tue", "[mon, mon", "working_week", "law.weekday"},
    {"[mon, tue, wed, thu, fri]", "[]", "working_week", "law.weekday"},
    {"[mon, tue", "[monday, tue", "working_week", "law.weekday"},
    {"- 2026-01-02", "- 2026-02-30", "holidays", "law.date"},
    {"- 2026-01-02", "- 2 January", "holidays", "law.date"},
    {"- 2026-01-02", "- 2026-01-01", "holidays", "law.day_repeated"},
    {"- 2026-01-04", "- 2026-01-03", "working_days", "law.day_repeated"},
    {"code: phishing,", "code: fake_shop,", "fake_shop", "law.code_repeated"},
    {"code: phishing,", "code: Phishing,", "Phishing", "law.code"},
    {"[110, 112", "[+110, 112", "never_screened", "law.call"},
    {"[110, 112", "[010110, 112", "never_screened", "law.call"},
    {"[110, 112", "[{a: b}, 112", "never_screened", "law.call"},
    {"[110, 112, 119, 120, 122, 12110, 12395, 95119, 96110]", "[]", "never_screened", "conf.required"},
    {"  never_screened", "  never_screen", "never_screen", "conf.unknown_key"},
    {"together_percent: 0", "together_percent: 100", "together_percent", "conf.range"},
    {"together_percent: 0", "together_percent: some", "together_percent", "conf.integer"},
    {"reasons:", "reason:", "reason", "conf.unknown_key"},
    {"from: \"22:00\"", "from: \"24:00\"", "from", "law.hour"},
    {"from: \"22:00\"", "from: 22", "from", "law.hour"},
    {"a_number: 2", "a_number: 0", "a_number", "conf.range"},
    {"quiet: heeds", "quiet: night", "quiet", "law.ladder"},
    {"reached: goes_on", "reached: enough", "reached", "law.ladder"},
    {"means: second_call", "means: message", "message", "law.ladder"},
    {"means: second_call", "means: letter", "letter", "law.ladder"},
    {"means: message, within_min: 240", "means: none, within_min: 240", "none", "law.ladder"},
    {"means: call, within_min: 10 ", "means: call, within_min: 0 ", "within_min", "conf.range"},
    {"    urgent:", "    severe:", "severe", "conf.unknown_key"},
};
/* clang-format on */

static void slips_are_refused(void **state)
{
    (void)state;
    struct arena a;
    struct arena text_arena;
    arena_init(&a, 4 << 20);
    arena_init(&text_arena, 1 << 20);
    str yaml = file_read("cn");
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        str from = str_from_c(slips[i].from);
        const char *at = memmem(yaml.at, yaml.size, from.at, from.size);
        assert_non_null(at);
        arena_reset(&text_arena);
        struct text t;
        text_init(&t, &text_arena);
        text_put(&t, str_make(yaml.at, (size_t)(at - yaml.at)));
        text_put_c(&t, slips[i].to);
        text_put(&t, str_from(yaml, (size_t)(at - yaml.at) + from.size));
        struct law_profile law = {0};
        struct conf_fault fault = {0};
        err e = read_law(text_str(&t), &a, &law, &fault);
        if (!failed(e))
            fail_msg("taken: %s", slips[i].to);
        assert_string_equal(e.why, slips[i].why);
        if (!str_equal(fault.key, str_from_c(slips[i].key)))
            fail_msg("%s: blamed %.*s", slips[i].to, STR_ARGS(fault.key));
        assert_true(fault.line > 0);
    }
    arena_done(&text_arena);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundled_profiles_read),
        cmocka_unit_test(china_is_as_written),
        cmocka_unit_test(no_line_is_idle),
        cmocka_unit_test(slips_are_refused),
    };
    return cmocka_run_group_tests_name("conf/law_read", tests, NULL, NULL);
}
