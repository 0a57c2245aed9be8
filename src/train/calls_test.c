/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a feed of calls becomes rows at each caller's 1st, 2nd, 4th, 8th … call, with the features
 * of that moment, the label of the truth and no number in it; with a model, only what rises; what
 * cannot be taken is said and costs nothing else.
 * Method: two callers whose calls are counted by hand; rows spoilt one way at a time; every honest
 * caller of two hundred, kept and drawn.
 */
#include "base/str.h"
#include "train/calls.h"
#include "train/train_test.h"

#define CALLS_HEAD "id,time,caller,callee,answered,duration_s\n"
#define TRUTH      "number,scam,kind\n13800000001,1,rack\n13800000002,0,courier\n"

#define TIME "2026-10-12T10:00:00+08:00"
#define BOTH "13800000001,13900000001"

enum { ROOM = 1 << 18 };

static char calls[ROOM];
static size_t calls_size;
static unsigned next_id;

static void begin(void)
{
    calls_size = (size_t)snprintf(calls, sizeof calls, "%s", CALLS_HEAD);
}

static void put(const char *row)
{
    calls_size += (size_t)snprintf(calls + calls_size, sizeof calls - calls_size, "%s\n", row);
}

static void ring(unsigned caller, unsigned callee, unsigned minute)
{
    char row[128];
    (void)snprintf(row, sizeof row, "c%u,2026-10-12T10:%02u:00+08:00,138%08u,139%08u,1,20",
                   next_id++, minute % 60, caller, callee);
    put(row);
}

struct refusals {
    unsigned count;
    int64_t number;
    char column[32];
    const char *code;
};

static void refused(void *self, const char *path, const struct feed_refusal *refusal)
{
    struct refusals *r = self;
    assert_non_null(path);
    r->count++;
    r->number = refusal->number;
    r->code = refusal->code;
    (void)snprintf(r->column, sizeof r->column, "%.*s", STR_ARGS(refusal->column));
}

struct tried {
    struct calls_order order;
    struct calls_counts counts;
    struct refusals refusals;
    struct rows_fault fault;
    const char *path;
    str table; /* what was written */
};

static struct tried usual(void)
{
    struct tried t = {
        .order = {.region = STR("CN"), .zone_s = 8 * 3600, .keep = 1, .refused = refused}
    };
    works(instant_parse(STR("2026-11-01T00:00:00Z"), &t.order.now));
    return t;
}

static err try(struct tried *t, const char *truth)
{
    static char paths[3][256];
    const char *const list[] = {paths[0]};
    (void)snprintf(paths[0], sizeof paths[0], "%s", test_path("calls.csv"));
    (void)snprintf(paths[1], sizeof paths[1], "%s", test_path("truth.csv"));
    (void)snprintf(paths[2], sizeof paths[2], "%s", test_path("out.csv"));
    works(file_write(paths[0], str_make(calls, calls_size)));
    works(file_write(paths[1], str_from_c(truth)));
    t->order.paths = list;
    t->order.path_count = 1;
    t->order.truth = paths[1];
    t->order.out = paths[2];
    t->order.self = &t->refusals;
    err e = calls_table(&t->order, &arena, &t->counts, &t->fault, &t->path);
    if (!failed(e))
        works(file_read(paths[2], ROOM, &arena, &t->table));
    for (size_t i = 0; i < COUNT_OF(paths); i++)
        works(file_drop(paths[i]));
    return e;
}

/* Line `n`, from 0, without its end. */
static str line_of(str text, unsigned n)
{
    str line = STR("");
    for (unsigned i = 0; i <= n; i++)
        if (!str_split(&text, '\n', &line))
            return STR("");
    return line;
}

static void begins(str line, const char *with)
{
    if (!str_starts(line, str_from_c(with)))
        fail_msg("%.*s does not begin with %s", STR_ARGS(line), with);
}

static void rows_are_of_powers(void **state)
{
    struct tried t = usual();
    (void)state;
    begin();
    for (unsigned i = 0; i < 9; i++)
        ring(1, i, i);
    ring(2, 500, 20);
    ring(3, 500, 20);
    works(try(&t, TRUTH));
    begins(line_of(t.table, 0), "id,part,label,out_calls,in_calls,");
    begins(line_of(t.table, 1), "1,rack,1,1,0,");
    begins(line_of(t.table, 2), "1,rack,1,2,0,");
    begins(line_of(t.table, 3), "1,rack,1,4,0,");
    begins(line_of(t.table, 4), "1,rack,1,8,0,");
    begins(line_of(t.table, 5), "2,courier,0,1,0,");
    begins(line_of(t.table, 6), "3,other,0,1,0,");
    assert_int_equal(t.counts.rows, 6);
    assert_int_equal(t.counts.bad, 1);
    assert_int_equal(t.counts.good, 2);
    assert_int_equal(t.counts.heard.book.taken, 11);
    assert_int_equal(str_find_char(t.table, '+'), t.table.size);
}

/* The same secret gives the same bytes; a table of features can be learnt from as it is. */
static void a_table_is_read_as_one(void **state)
{
    static const struct table_wish all = {.without_count = 0};
    struct tried t = usual();
    struct tried again = usual();
    struct rows_fault fault;
    struct table table;
    (void)state;
    begin();
    for (unsigned i = 0; i < 40; i++)
        ring(1 + i % 3, i, i);
    works(try(&t, TRUTH));
    works(try(&again, TRUTH));
    assert_true(str_equal(t.table, again.table));
    works(file_write(test_path("made.csv"), t.table));
    works(table_read(test_path("made.csv"), &all, &arena, &table, &fault));
    works(file_drop(test_path("made.csv")));
    assert_int_equal(table.rows, t.counts.rows);
    assert_int_equal(table.group_count, 3);
    assert_int_equal(table.feature_count, FEATURE_COUNT);
    assert_int_equal(table.part_count, 3);
}

static void honest_ones_are_drawn(void **state)
{
    struct tried all = usual();
    struct tried some = usual();
    (void)state;
    begin();
    for (unsigned i = 1; i <= 200; i++)
        ring(i, 1000 + i, i);
    some.order.keep = 4;
    works(try(&all, TRUTH));
    works(try(&some, TRUTH));
    assert_int_equal(all.counts.good, 199);
    assert_in_range(some.counts.good, 25, 80);
    assert_int_equal(some.counts.bad, 1);
}

/* A model that counts calls: 0.5 from the second on. */
static void a_model_is_told_where_it_rises(void **state)
{
    static const str features[] = {STR("out_calls")};
    static const struct model_node nodes[] = {
        {.value = 6, .left = 1},
        {.value = -0.5F         },
        {.value = 0.5F},
    };
    static const uint32_t roots[] = {0};
    struct model m = {.features = features,
                      .feature_count = 1,
                      .roots = roots,
                      .tree_count = 1,
                      .nodes = nodes,
                      .node_count = 3};
    struct tried t = usual();
    (void)state;
    begin();
    for (unsigned i = 0; i < 9; i++)
        ring(1, i, i);
    t.order.model = &m;
    works(try(&t, TRUTH));
    assert_true(str_equal(t.table, STR("id,part,label,out_calls,margin\n"
                                       "1,rack,1,1,-1000\n1,rack,1,4,-0.5\n"
                                       "1,rack,1,8,0.5\n")));
    static const str others[] = {STR("calls_of_somebody")};
    m.features = others;
    fails(try(&t, TRUTH), "model.unknown_feature");
}

static void a_bad_row_costs_itself(void **state)
{
    static const struct {
        const char *row;
        const char *column;
        const char *code;
    } cases[] = {
        {"x,yesterday," BOTH ",1,20",            "time",       "time.malformed"    },
        {"x,2026-12-01T00:00:00Z," BOTH ",1,20", "time",       "call.future"       },
        {"x," TIME ",nobody,13900000001,1,20",   "caller",     "call.number"       },
        {"x," TIME "," BOTH ",1,-1",             "duration_s", "duration.malformed"},
        {"x," TIME ",13800000001",               "",           "row.fields_few"    },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct tried t = usual();
        begin();
        ring(1, 1, 1);
        put(cases[i].row);
        ring(2, 1, 2);
        works(try(&t, TRUTH));
        assert_int_equal(t.counts.heard.refused, 1);
        assert_int_equal(t.refusals.number, 2);
        assert_string_equal(t.refusals.column, cases[i].column);
        assert_string_equal(t.refusals.code, cases[i].code);
        assert_int_equal(t.counts.rows, 2);
    }
}

static void what_cannot_be_is_refused(void **state)
{
    static const struct {
        const char *truth;
        const char *why;
        unsigned line;
    } cases[] = {
        {"number,kind\n13800000001,rack\n",                   "column.missing",      1},
        {"number,scam\n13800000001,yes\n",                    "train.label",         2},
        {"number,scam,kind\n13800000001,1,A rack\n",          "train.part",          2},
        {"number,scam\n13800000001,1\n+86 138 0000 0001,0\n", "train.truth_differs", 3},
        {"number,scam\n,1\n",                                 "call.number",         2},
        {"number,scam\n",                                     "train.empty",         0},
    };
    struct tried t = usual();
    (void)state;
    begin();
    ring(1, 1, 1);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        fails(try(&t, cases[i].truth), cases[i].why);
        assert_int_equal(t.fault.line, cases[i].line);
        assert_string_equal(t.path, t.order.truth);
    }
    begin();
    fails(try(&t, TRUTH), "train.empty");
    calls_size = (size_t)snprintf(calls, sizeof calls, "who,when\na,b\n");
    fails(try(&t, TRUTH), "train.empty");
    assert_true(t.refusals.count > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_of_powers),     cmocka_unit_test(a_table_is_read_as_one),
        cmocka_unit_test(honest_ones_are_drawn),  cmocka_unit_test(a_model_is_told_where_it_rises),
        cmocka_unit_test(a_bad_row_costs_itself), cmocka_unit_test(what_cannot_be_is_refused),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
