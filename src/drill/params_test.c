/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: the bundled parameters are read as they are written, and a file that is wrong is refused
 * with its line, its key and the reason. Method: one change to the bundled file at a time.
 */
#include "drill/params.h"

#include "drill/dice.h"
#include "drill/drill_test.h"

enum { ARENA_BYTES = 1 << 24 };

static void bundled_is_read(void **state)
{
    (void)state;
    struct arena a;
    struct params p = {0};
    arena_init(&a, ARENA_BYTES);
    bundled(&a, &p);
    assert_int_equal(p.people.salaried, 340000);
    assert_int_equal(p.people.wage, 420000);
    assert_int_equal(p.people.opening, 3500000);
    assert_int_equal(p.scam.victims, 5400000);
    assert_int_equal(p.depths[2], 30);
    assert_int_equal(p.bank_count, 7);
    assert_int_equal(p.banks[2].skew_ms, -1800);
    assert_int_equal(p.banks[5].late, 30000);
    is_str(p.banks[5].code, STR("DRILLJI"));
    assert_int_equal(p.habits[HABIT_GRAIN].median, 700000);
    is_str(p.profiles[p.habits[HABIT_SETTLE].profile].name, STR("night"));
    is_str(p.scams[0].name, STR("rebate"));
    assert_int_equal(p.calls.people.talk_s, 37);
    assert_int_equal(p.calls.scam.by_rack, 450000);
    assert_int_equal(p.calls.talks[TALK_FRIENDS].per_day, 1700000);
    assert_int_equal(p.calls.carrier_count, 3);
    assert_int_equal(p.calls.carriers[1].phases, 1);
    assert_int_equal(p.calls.kind_count, 13);
    assert_int_equal(p.calls.kinds[9].cards, 2);
    assert_int_equal(p.calls.rack_count, 3);
    assert_int_equal(p.calls.bypass_count, 2);
    assert_int_equal(p.calls.racks[3].imei, IMEI_DEVICE);
    assert_int_equal(p.calls.racks[4].pause_s, 400);
    is_str(p.calls.kinds[7].name, STR("alarm"));
    assert_int_equal(p.calls.racks[2].imei, IMEI_RANDOM);
    is_str(p.profiles[p.calls.racks[0].profile].name, STR("shift"));
    assert_int_equal(p.begin_us, INT64_C(1791734400000000));
    arena_done(&a);
}

/* The bundled file with the first `was` replaced. */
static str changed(struct arena *a, const char *was, const char *now)
{
    str all = params_bundled();
    const char *at = memmem(all.at, all.size, was, strlen(was));
    assert_non_null(at);
    struct text t;
    text_init(&t, a);
    text_put(&t, str_until(all, (size_t)(at - all.at)));
    text_put_c(&t, now);
    text_put(&t, str_from(all, (size_t)(at - all.at) + strlen(was)));
    assert_false(text_spent(&t));
    return text_str(&t);
}

static uint32_t line_of(const char *part)
{
    str all = params_bundled();
    const char *at = memmem(all.at, all.size, part, strlen(part));
    uint32_t line = 1;
    for (const char *p = all.at; p < at; p++)
        line += *p == '\n';
    return line;
}

static void wrong_is_refused_with_its_place(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct {
        const char *was;
        const char *now;
        const char *why;
        const char *key;
    } cases[] = {
        {"  salaried: ", "  salarid: ", "conf.unknown_key", "people.salarid"},
        {"{value: 0.34, ", "{value: 1.34, ", "conf.range", "people.salaried"},
        {"{value: 0.34, unit: share", "{value: 0.34, unit: men", "drill.unit", "people.salaried"},
        {"{value: 0.34,", "{value: 0.3.4,", "drill.number", "people.salaried"},
        {"{value: 0.34,", "{value: 0.3400001,", "drill.number", "people.salaried"},
        {"{value: 0.34,", "{value: ,", "drill.number", "people.salaried"},
        {"{value: 420000,", "{value: 420000.5,", "conf.integer", "people.wage"},
        {"sigma, source: assumed}", "sigma, source: \"\"}", "drill.source", "people.wage_sigma"},
        {"sigma, source: assumed}", "sigma}", "drill.source", "people.wage_sigma"},
        {"\nexits:", "\nexit:", "conf.unknown_key", "exit"},
        {"[6, 22, 30, 24, 12, 6]", "[6, 22, 30]", "drill.count", "depths"},
        {"[6, 22, 30, 24, 12, 6]", "[0, 0, 0, 0, 0, 0]", "conf.range", "depths"},
        {"[6, 22, 30, 24, 12, 6]", "deep", "conf.not_list", "depths"},
        {"code: DRILLJIA", "code: drilljia", "account.bank", "banks.code"},
        {"share: 0.24, skew_ms: 0", "share: 0.25, skew_ms: 0", "drill.shares", "banks"},
        {"share: 0.24, skew_ms: 0", "share: 0.24, skew: 0", "conf.unknown_key", "banks.skew"},
        {"hours: evening, ", "hours: never, ", "drill.profile", "habits.hours"},
        {"begin: \"2026-10-12\"", "begin: \"2026-13-12\"", "drill.date", "begin"},
        {"  kin:  ", "  kith: ", "conf.unknown_key", "habits.kith"},
        {"share: 0.33, median", "share: 0.34, median", "drill.shares", "scams"},
        {"unit: power", "unit: rank", "drill.unit", "telephones.favour"},
        {"share: 0.55, skew_ms: 0", "share: 0.5, skew_ms: 0", "drill.shares", "carriers"},
        {"code: DRILLTONG", "code: drill", "account.bank", "carriers.code"},
        {"shared: 30, cards: 1", "shared: 0, cards: 1", "conf.range", "lines.shared"},
        {"shared: 1, cards: 2", "shared: 1, cards: 0", "conf.range", "lines.cards"},
        {"imei: device", "imei: none", "drill.imei", "bypasses.imei"},
        {"share: 0.5, ports: 8", "share: 0.4, ports: 8", "drill.shares", "bypasses"},
        {"name: courier, per", "name: courier, par", "conf.unknown_key", "lines.par"},
        {"imei: slot", "imei: none", "drill.imei", "racks.imei"},
        {"share: 0.3, ports: 4", "share: 0.2, ports: 4", "drill.shares", "racks"},
        {"by_rack:      {value: 0.45", "by_rack:      {value: 0.95", "drill.shares", "dialling"},
        {"  handset: {per: 60000, least", "  mobile: {per: 60000, least", "conf.unknown_key", "diallers.mobile"},
    };
    /* clang-format on */
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena a;
        struct params p;
        struct params_fault fault = {0};
        arena_init(&a, ARENA_BYTES);
        err e = params_read(changed(&a, cases[i].was, cases[i].now), &a, &p, &fault);
        fails(e, cases[i].why);
        is_str(fault.key, str_from_c(cases[i].key));
        assert_true(fault.line > 0);
        arena_done(&a);
    }
}

static void the_line_is_the_one_meant(void **state)
{
    (void)state;
    struct arena a;
    struct params p;
    struct params_fault fault = {0};
    arena_init(&a, ARENA_BYTES);
    fails(params_read(changed(&a, "  crew_days: ", "  crew_dais: "), &a, &p, &fault),
          "conf.unknown_key");
    assert_int_equal(fault.line, line_of("  crew_days: "));
    is_str(fault.key, STR("scam.crew_dais"));
    fails(params_read(STR("people: [1"), &a, &p, &fault), "yaml.malformed");
    fails(params_read(STR(""), &a, &p, &fault), "conf.required");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bundled_is_read),
        cmocka_unit_test(wrong_is_refused_with_its_place),
        cmocka_unit_test(the_line_is_the_one_meant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
