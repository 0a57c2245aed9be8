/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a row proposes the listing it describes, in canonical form, or is refused by the column
 * that is wrong.
 * Method: one row with everything, one with only what is required; then the same row with one
 * column changed, by table, each with the column and code it must be refused with.
 */
#include "feed/listing_row.h"

#include "feed/feed_test.h"

#define NOW_US (INT64_C(1795400000) * US_PER_S) /* 2026-11-23 */

static struct arena turn;

static int turn_open(void **state)
{
    (void)state;
    arena_init(&turn, 1 << 20);
    return 0;
}

static int turn_close(void **state)
{
    (void)state;
    arena_done(&turn);
    return 0;
}

static struct feed_row plain_row(void)
{
    struct feed_row row = {.number = 17};
    err e = feed_find(STR("listings"), &row.shape);
    assert_false(failed(e));
    for (size_t i = 0; i < FEED_COLUMNS_MAX; i++)
        row.values[i] = STR("");
    row.values[LISTINGS_KIND] = STR("domain");
    row.values[LISTINGS_VALUE] = STR("Pay.Example-Scam.COM.");
    row.values[LISTINGS_ACTION] = STR("block");
    row.values[LISTINGS_REASON] = STR("phishing");
    row.values[LISTINGS_BASIS] = STR("fraud_law_24");
    row.values[LISTINGS_SOURCE] = STR("cert");
    row.values[LISTINGS_UNTIL] = STR("2027-01-01T00:00:00+08:00");
    return row;
}

static err read_row(const struct feed_row *row, struct listing *ret_listing, str *ret_column)
{
    const struct listing_row_rules rules = {.now = instant_from_us(NOW_US),
                                            .phone_region = STR("CN"),
                                            .notice = STR("The law's notice.")};
    return listing_row_read(row, &rules, &turn, ret_listing, ret_column);
}

static void what_is_required_is_enough(void **state)
{
    (void)state;
    struct feed_row row = plain_row();
    struct listing l = {0};
    str column = STR("");
    err e = read_row(&row, &l, &column);
    if (failed(e))
        fail_msg("%.*s: %s", STR_ARGS(column), e.why);
    assert_int_equal(l.kind, INDICATOR_DOMAIN);
    assert_said(l.value, "pay.example-scam.com");
    assert_int_equal(l.action, ACTION_BLOCK);
    assert_int_equal(l.match, MATCH_EXACT);
    assert_int_equal(l.score_milli, 100000);
    assert_int_equal(l.from.us, NOW_US);
    assert_int_equal(l.until.us, INT64_C(1798732800) * US_PER_S);
    assert_said(l.rpz, "notice");
    assert_said(l.division, "");
    assert_said(l.notice, "The law's notice.");
    assert_true(str_has(l.evidence, STR("row 17")));
}

static void everything_is_taken(void **state)
{
    (void)state;
    struct feed_row row = plain_row();
    row.values[LISTINGS_ACTION] = STR("warn");
    row.values[LISTINGS_MATCH] = STR("suffix");
    row.values[LISTINGS_FROM] = STR("2026-12-01T00:00:00Z");
    row.values[LISTINGS_SCORE] = STR("87.5");
    row.values[LISTINGS_EVIDENCE] = STR("case 1\nline 2");
    row.values[LISTINGS_NOTICE] = STR("You may appeal.");
    row.values[LISTINGS_DIVISION] = STR("620100");
    row.values[LISTINGS_RPZ] = STR("tcp_only");
    struct listing l = {0};
    str column = STR("");
    assert_false(failed(read_row(&row, &l, &column)));
    assert_int_equal(l.action, ACTION_WARN);
    assert_int_equal(l.match, MATCH_SUFFIX);
    assert_int_equal(l.score_milli, 87500);
    assert_int_equal(l.from.us, INT64_C(1796083200) * US_PER_S);
    assert_said(l.evidence, "case 1\nline 2");
    assert_said(l.notice, "You may appeal.");
    assert_said(l.division, "6201");
    assert_said(l.rpz, "tcp_only");
}

static const struct {
    enum listings_column column;
    const char *value;
    const char *blamed;
    const char *why; /* NULL: the indicator's own word for it */
} slips[] = {
    {LISTINGS_KIND,     "person",                    "kind",     "kind.unknown"      },
    {LISTINGS_KIND,     "Domain",                    "kind",     "kind.unknown"      },
    {LISTINGS_VALUE,    "not a domain",              "value",    NULL                },
    {LISTINGS_VALUE,    "a..b",                      "value",    NULL                },
    {LISTINGS_ACTION,   "blok",                      "action",   "action.unknown"    },
    {LISTINGS_MATCH,    "prefix",                    "match",    "match.unknown"     },
    {LISTINGS_SCORE,    "high",                      "score",    "score.malformed"   },
    {LISTINGS_SCORE,    "1.2345",                    "score",    "score.malformed"   },
    {LISTINGS_SCORE,    "100.001",                   "score",    "score.range"       },
    {LISTINGS_SCORE,    "-0.001",                    "score",    "score.range"       },
    {LISTINGS_FROM,     "yesterday",                 "from",     "time.malformed"    },
    {LISTINGS_FROM,     "2027-01-01T00:00:00+08:00", "until",    "until.before_from" },
    {LISTINGS_UNTIL,    "2026-11-01T00:00:00Z",      "until",    "until.past"        },
    {LISTINGS_UNTIL,    "1795400000000",             "until",    "until.past"        },
    {LISTINGS_UNTIL,    "2027-01-01",                "until",    "time.malformed"    },
    {LISTINGS_UNTIL,    "2027-02-29T00:00:00Z",      "until",    "time.malformed"    },
    {LISTINGS_DIVISION, "62x",                       "division", "division.malformed"},
    {LISTINGS_RPZ,      "drop",                      "rpz",      "rpz.unknown"       },
};

static void slips_blame_their_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        struct feed_row row = plain_row();
        row.values[slips[i].column] = str_from_c(slips[i].value);
        struct listing l = {.revision = 77};
        str column = STR("");
        err e = read_row(&row, &l, &column);
        if (!failed(e))
            fail_msg("taken: %s", slips[i].value);
        assert_said(column, slips[i].blamed);
        if (slips[i].why != NULL)
            assert_string_equal(e.why, slips[i].why);
        assert_int_equal(l.revision, 77);
    }
}

static void only_domains_have_suffixes_and_answers(void **state)
{
    (void)state;
    struct feed_row row = plain_row();
    struct listing l = {0};
    str column = STR("");
    row.values[LISTINGS_KIND] = STR("number");
    row.values[LISTINGS_VALUE] = STR("139 1234 5678");
    assert_false(failed(read_row(&row, &l, &column)));
    assert_said(l.value, "+8613912345678");
    row.values[LISTINGS_MATCH] = STR("suffix");
    assert_string_equal(read_row(&row, &l, &column).why, "match.suffix_domain_only");
    row.values[LISTINGS_MATCH] = STR("exact");
    row.values[LISTINGS_RPZ] = STR("notice");
    assert_string_equal(read_row(&row, &l, &column).why, "rpz.not_domain");
    row = plain_row();
    row.values[LISTINGS_VALUE] = STR("github.io");
    row.values[LISTINGS_MATCH] = STR("suffix");
    assert_true(failed(read_row(&row, &l, &column)));
    assert_said(column, "match");
}

/* Goal: an arena that is spent is a limit, never a listing with holes. */
static void a_spent_arena_is_a_limit(void **state)
{
    (void)state;
    struct feed_row row = plain_row();
    const struct listing_row_rules rules = {.now = instant_from_us(NOW_US),
                                            .phone_region = STR("CN"),
                                            .notice = STR("The law's notice.")};
    bool has_passed = false;
    for (size_t budget = 0; budget < 64 << 10 && !has_passed; budget += 64) {
        struct arena a;
        arena_init(&a, budget);
        struct listing l = {0};
        str column = STR("");
        err e = listing_row_read(&row, &rules, &a, &l, &column);
        has_passed = !failed(e);
        assert_true(has_passed || e.code == ERR_LIMIT);
        arena_done(&a);
    }
    assert_true(has_passed);
}

#define WITH_TURN(test) cmocka_unit_test_setup_teardown(test, turn_open, turn_close)

int main(void)
{
    if (failed(kit_boot()))
        return 1;
    const struct CMUnitTest tests[] = {
        WITH_TURN(what_is_required_is_enough),
        WITH_TURN(everything_is_taken),
        WITH_TURN(slips_blame_their_column),
        WITH_TURN(only_domains_have_suffixes_and_answers),
        cmocka_unit_test(a_spent_arena_is_a_limit),
    };
    int failures = cmocka_run_group_tests_name("feed/listing_row", tests, NULL, NULL);
    kit_done();
    return failures;
}
