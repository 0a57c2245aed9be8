/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a store of every earlier release becomes one of this release with nothing lost; one of a
 * later release, or one whose steps read differently today, is refused untouched.
 * Method: for each release its schema is made step by step and filled with rows as that release
 * wrote them; then the store is opened. Afterwards the schema is, word for word, what a fresh store
 * has, and the rows are read through the record tables.
 *
 * A new step: one line in `releases`, for the release before it, with rows that only it could have.
 */
#include "store/migrate.h"

#include "base/embedded.h"
#include "env/file.h"
#include "kit/digest.h"
#include "kit/kit.h"
#include "store/row.h"
#include "store/snapshot.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

extern const struct embedded_file schema_files[];
extern const size_t schema_files_count;

static const struct release {
    size_t steps; /* it knew */
    const char *name;
    const char *rows;
    int64_t listings;
} releases[] = {
    {0,  "an empty file", "",                                                                 0},
    {1,  "0.1",
     "INSERT INTO law_limit VALUES ('cn', 'domain', 'block', 31536000000000);"
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO user_account VALUES ('u1', 'ann', 'analyst', '62', NULL, 'active', 'secret',"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO user_account VALUES ('u2', 'bob', 'approver', '62', NULL, 'active', 'secret',"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO batch VALUES ('b1', 'listings', 'file', NULL, 'u1', 'done', NULL, 1, 0, 0, 0, 0,"
     " 0, 0, 0, 1, 2, '62', 2);"
     "INSERT INTO listing VALUES ('l1', 'domain', 'evil.com', 'evil.com', 'block', 'suffix', 'r',"
     " 'e', 'b', 's', NULL, 500, 1, 1000, 'in_force', 'u1', 'u2', 'n', '62', 'b1', 'cn',"
     " 31536000000000, 'notice', 1, 2, NULL, NULL, 'u1 u2', 2);"
     "INSERT INTO listing VALUES ('l2', 'domain', 'good.com', 'good.com', 'block', 'exact', 'r',"
     " 'e', 'b', 's', NULL, 0, 1, 1000, 'refused', 'u1', NULL, 'n', '62', NULL, 'cn', "
     "31536000000000,"
     " 'notice', 1, NULL, 5, 'no', 'u1', 2);"
     "INSERT INTO appeal VALUES ('a1', 'l1', 'mine', 'Li', NULL, 'filed', 3, 900, NULL, NULL, NULL,"
     " NULL, '62', 0, 1);"
     "INSERT INTO timer VALUES ('l2', 'listing.erase', 1000);"
     "INSERT INTO outbox VALUES (1, 'rpz', 'l1', 0, 0, 0, 2);"
     "INSERT INTO rpz_serial VALUES ('rpz', 1700000000, 1, 7);"
     "INSERT INTO rpz_domain VALUES ('com.evil.', 0, 'notice', 'notice');",                   2},
    {2,  "0.2",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO incident VALUES ('i1', 'following', 't1', 'CNY', 5000000, NULL, 'centre', 1,"
     " NULL, NULL, NULL, '62', 2);",                                                          0},
    {3,  "0.3",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO user_account VALUES ('u1', 'ann', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO incident VALUES ('i1', 'open', '', 'CNY', 5000000, NULL, 'u1', 1, NULL, NULL,"
     " NULL, '62', 1);"
     "INSERT INTO report VALUES ('r1', '96110', 'taken', 'i1', NULL, NULL, NULL, 'CNY', 5000000,"
     " 5000000, NULL, 'u1', 1, 'u1', 1, NULL, NULL, '62', 2);"
     "INSERT INTO claim VALUES ('k1', 'r1', 'i1', 'told', NULL, NULL, 'BKA:1', 'BKA', NULL,"
     " 5000000, 'CNY', NULL, NULL, 0, '62', 1);"
     "INSERT INTO order_limit VALUES ('cn', 'hold', 172800000000, 1);"
     "INSERT INTO \"order\" VALUES ('o1', 'i1', 'r1', 'hold', 'sent', 1, 'account', 'BKA:1', 'BKA',"
     " NULL, 5000000, 5000000, 'CNY', 'k1', NULL, NULL, 0, 'fraud_law_20', 'mule_account', NULL,"
     " 'notice', 1, 172800000001,"
     " 1800000001, 'bank-a', 1, 1, NULL, 'place', 1, 1, 300000001, 0, 'none', NULL, NULL, NULL,"
     " NULL, NULL, NULL, 0, -1, 0, NULL, 0, NULL, NULL, NULL,"
     " 'u1', NULL, 1, NULL, NULL, NULL, NULL, NULL, 'u1', 'cn', 172800000000, 1, '62', 1);"
     "INSERT INTO receipt VALUES ('q1', 'o1', NULL, 'bank-a', NULL, 'pending', 'taken', 1, -1, -1,"
     " NULL, 'fine', 0, NULL, NULL,"
     " 2, 2, 'u1', '62', 1);",                                                                0},
    {4,  "0.4",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO user_account VALUES ('u1', 'ann', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO incident VALUES ('i1', 'open', '', 'CNY', 5000000, NULL, 'u1', 1, NULL, NULL,"
     " NULL, '62', 1);"
     "INSERT INTO report VALUES ('r1', '96110', 'taken', 'i1', NULL, NULL, NULL, 'CNY', 5000000,"
     " 5000000, NULL, 'u1', 1, 'u1', 1, NULL, NULL, '62', 2);"
     "INSERT INTO claim VALUES ('k1', 'r1', 'i1', 'told', NULL, NULL, 'BKA:1', 'BKA', NULL,"
     " 5000000, 'CNY', NULL, NULL, 0, '62', 1);"
     "INSERT INTO order_limit VALUES ('cn', 'hold', 172800000000, 1);"
     "INSERT INTO \"order\" VALUES ('o1', 'i1', 'r1', 'hold', 'sent', 1, 'account', 'BKA:1', 'BKA',"
     " NULL, 5000000, 5000000, 'CNY', 'k1', NULL, NULL, 0, 'fraud_law_20', 'mule_account', NULL,"
     " 'notice', 1, 172800000001,"
     " 1800000001, 'bank-a', 1, 1, NULL, 'place', 1, 1, 300000001, 0, 'none', NULL, NULL, NULL,"
     " NULL, NULL, NULL, 0, -1, 0, NULL, 0, NULL, NULL, NULL,"
     " 'u1', NULL, 1, NULL, NULL, NULL, NULL, NULL, 'u1', 'cn', 172800000000, 1, '62', 1);"
     "INSERT INTO receipt VALUES ('q1', 'o1', NULL, 'bank-a', NULL, 'pending', 'taken', 1, -1, -1,"
     " NULL, 'fine', 0, NULL, NULL,"
     " 2, 2, 'u1', '62', 1);"
     "INSERT INTO round VALUES ('d1', 'i1', 'BKA:1', 'BKA', 'bank-a', 'o1', 'computed', 'cn-2016',"
     " 'CNY', 1, 5000000, 5000000, 0, 5000000, 0, 0, 1, '{}',"
     " 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 0, 0, 1, 0, 'u1', 1, "
     "NULL,"
     " NULL,"
     " NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 2, 0, 'u1', 'cn', '62', "
     "2);"
     "INSERT INTO share VALUES ('s1', 'd1', 'k1', 'i1', NULL, 'direct', 'due', 'due', 5000000,"
     " 5000000, NULL, NULL, NULL, NULL, NULL, '62', 1);",                                     0},
    {5,  "0.5",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO call_feed VALUES ('carrier-a', 2, 1, 5, 1, 2, 0, 1);",                      0},
    {6,  "0.6",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO sim_box VALUES ('b1', NULL, '460-00-1-2', 'found', 2, 8, 90, 9, 12000, '[]', 1,"
     " 2, 3, 3, 9, NULL, NULL, NULL, '62', 1);"
     "INSERT INTO suspicion VALUES ('s1', '+8613912345678', 'boxes', NULL, NULL, 12000, 16, '[]',"
     " 'b1', 'open', NULL, 3, 9, NULL, NULL, NULL, '62', 1);",                                0},
    {7,  "0.7",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO call_screened VALUES (20000, 'carrier-a', 'a-1', 'listed', 'blocked', 3);", 0},
    {8,  "0.8",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO alert VALUES ('a1', 'p1', 's1', NULL, 'high', 'high', 800000, NULL, 'open',"
     " 'none', 'none', 2, 2, 9, NULL, NULL, NULL, NULL, NULL, 0, 'call', 2, 3, 'none', 0, 0, NULL,"
     " NULL, 0, 1, '[]', 0, NULL, 0, 'r1', 'none', 0, 0, NULL, NULL, NULL, 'none', NULL, NULL,"
     " NULL, NULL, 0, 0, 0, 0, NULL, '62', 1);"
     "INSERT INTO outreach VALUES ('o1', 'a1', 0, 'call', 3, 2, 2, 'refused', 'centre', NULL, '62',"
     " 1);"
     "INSERT INTO hush VALUES ('h1', 'a1', 'p1', 'medium', 'in_force', 'centre', 2, 9, '62', 1);"
     "INSERT INTO whereabouts VALUES ('w1', 'a1', 'asked', NULL, 'centre', 2, NULL, NULL, NULL, 9,"
     " '62', 1);",                                                                            0},
    {9,  "0.9",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO guardian VALUES ('g1', 'p', 's', 'q', 't', NULL, 'zh', 'invited', 0, 1, 9, NULL,"
     " NULL, 0, '62', 1);"
     "INSERT INTO outbox VALUES (1, 'message', 'g1', 3, 3, 0, 0);",                           0},
    {10, "0.10",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO batch VALUES ('b1', 'stations', 'file', NULL, 'centre', 'done', NULL, 1, 0, 0, 0,"
     " 0, 0, 0, 0, 1, 2, '62', 2);"
     "INSERT INTO station VALUES ('s1', '620102', 'East', 103834209, 36061000, 'b1');"
     "INSERT INTO beat VALUES ('t1', 's1', 'B', NULL, NULL, NULL, 'b1');"
     "INSERT INTO officer VALUES ('o1', 'One', 's1', 't1', 1, 2, 'b1');",                     0},
    {11, "0.11",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO tip VALUES ('t1', 'number', '+8613912345678', 'open', 2, 1, 0, NULL, 1, 2, 9,"
     " NULL, NULL, NULL, '62', 2);"
     "INSERT INTO tip_source VALUES ('t1', 's');"
     "INSERT INTO tip_program VALUES ('t1', 'centre');"
     "INSERT INTO tip_day VALUES (20000, 's', NULL, 0, 2, 0);",                               0},
    {12, "0.12",
     "INSERT INTO user_account VALUES ('centre', 'centre', 'operator', '', NULL, 'active', NULL,"
     " 'centre', 'centre', 1, 1, 1);"
     "INSERT INTO centre VALUES ('c1', 'Yumen', 'real', 'cn', '', 0, 0, 1, NULL, 1);"
     "INSERT INTO timer VALUES ('a1', 'alert.late', 1000, 1);"
     "INSERT INTO alert VALUES ('a1', 'p1', 's1', NULL, 'high', 'high', 800000, NULL, 'open',"
     " 'none', 'none', 2, 2, 9, NULL, NULL, NULL, NULL, NULL, 0, 'call', 2, 3, 'none', 0, 0, NULL,"
     " NULL, 0, 1, '[]', 0, NULL, 0, 'r1', 'none', 0, 0, NULL, NULL, NULL, 'none', NULL, NULL,"
     " NULL, NULL, 0, 0, 0, 0, NULL, '62', 1, 0, 'u1 u2', 'nobody', NULL);",                  0},
};

struct place {
    char path[64];
    struct arena boot;
    struct random_source random;
    struct id_source ids;
    struct law_profile law;
    struct store *store;
};

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static void clean(struct place *p)
{
    static const char *const sides[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", p->path, sides[i]);
        unlink(path);
    }
}

static int set_up(void **state)
{
    must(kit_boot());
    struct place *p = calloc(1, sizeof *p);
    arena_init(&p->boot, 64 << 20);
    random_init_seeded(&p->random, 3);
    id_source_init(&p->ids, &p->random);
    p->law = (struct law_profile){.name = STR("cn")};
    p->law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_BLOCK] = 365 * US_PER_DAY;
    snprintf(p->path, sizeof p->path, "/tmp/yumen-migrate-%d.db", (int)getpid());
    clean(p);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    store_close(p->store);
    clean(p);
    arena_done(&p->boot);
    free(p);
    return 0;
}

static err open_store(struct place *p)
{
    struct store_options options = {
        .path = p->path, .law = &p->law, .ids = &p->ids, .random = &p->random};
    return store_open(&p->boot, &options, &p->store);
}

/* As a program that knew only the first steps made it. */
static void make_release(struct place *p, const struct release *r)
{
    struct sql *db = NULL;
    must(sql_open(p->path, SQL_WRITE, NULL, &db));
    must(sql_run(db, "CREATE TABLE migration (\"version\" INTEGER NOT NULL PRIMARY KEY,"
                     " \"name\" TEXT NOT NULL, \"digest\" TEXT NOT NULL) STRICT"));
    for (size_t i = 0; i < r->steps; i++) {
        struct digest digest = digest_of(schema_files[i].bytes);
        struct text hex;
        struct sql_row *row = NULL;
        text_init(&hex, &p->boot);
        text_put_hex(&hex, digest.bytes, DIGEST_BYTES);
        must(sql_run_script(db, schema_files[i].bytes));
        must(sql_ask(db, "INSERT INTO migration VALUES ($1, $2, $3)", &row));
        sql_bind_i64(row, 1, (int64_t)i + 1);
        sql_bind_str(row, 2, str_from_c(schema_files[i].path));
        sql_bind_str(row, 3, text_str(&hex));
        must(sql_finish(&row));
    }
    must(sql_run_script(db, str_from_c(r->rows)));
    sql_close(db);
}

static int64_t number(struct sql *db, const char *query)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask_text(db, str_from_c(query), &row));
    must(sql_next(row, &has_row));
    int64_t n = sql_i64(row, 0);
    sql_done(&row);
    return n;
}

/* The schema as text, in order of name. */
static str schema_of(struct place *p)
{
    struct text t;
    struct sql_row *row = NULL;
    bool has_row = true;
    text_init(&t, &p->boot);
    must(sql_ask(store_sql(p->store),
                 "SELECT coalesce(sql, name) FROM sqlite_schema ORDER BY type, name", &row));
    while (has_row) {
        must(sql_next(row, &has_row));
        if (has_row)
            text_put(&t, sql_peek(row, 0));
    }
    sql_done(&row);
    return text_str(&t);
}

static str fresh_schema(struct place *p)
{
    must(open_store(p));
    str schema = schema_of(p);
    store_close(p->store);
    p->store = NULL;
    clean(p);
    return schema;
}

static void read_all(struct place *p, int64_t listings)
{
    struct sql_row *row = NULL;
    bool has_row = true;
    int64_t count = 0;
    struct text query;
    text_init(&query, &p->boot);
    text_printf(&query, "SELECT %s FROM listing", row_columns(RECORD_LISTING));
    must(sql_ask_text(store_sql(p->store), text_str(&query), &row));
    while (has_row) {
        union record record;
        must(sql_next(row, &has_row));
        if (has_row)
            must(row_read(row, 0, RECORD_LISTING, &p->boot, &record));
        count += has_row;
    }
    sql_done(&row);
    assert_int_equal(count, listings);
}

static void every_release_comes_along(void **state)
{
    struct place *p = *state;
    assert_int_equal(releases[COUNT_OF(releases) - 1].steps, schema_files_count);
    str fresh = fresh_schema(p);
    for (size_t i = 0; i < COUNT_OF(releases); i++) {
        make_release(p, &releases[i]);
        must(open_store(p));
        assert_int_equal(number(store_sql(p->store), "SELECT max(version) FROM migration"),
                         migrate_newest());
        if (!str_equal(schema_of(p), fresh))
            fail_msg("%s: the schema is not what a fresh store has", releases[i].name);
        must(snapshot_check(store_sql(p->store)));
        read_all(p, releases[i].listings);
        store_close(p->store);
        p->store = NULL;
        must(open_store(p)); /* again is fine */
        store_close(p->store);
        p->store = NULL;
        clean(p);
    }
}

static void run_on(struct place *p, const char *script)
{
    struct sql *db = NULL;
    must(sql_open(p->path, SQL_WRITE, NULL, &db));
    must(sql_run_script(db, str_from_c(script)));
    sql_close(db);
}

static void a_later_one_is_refused(void **state)
{
    struct place *p = *state;
    make_release(p, &releases[COUNT_OF(releases) - 1]);
    run_on(p, "INSERT INTO migration VALUES (9999, 'schema/9999_later.sql', 'x')");
    err e = open_store(p);
    assert_string_equal(e.why, "store.newer");
    assert_int_equal(e.at, 9999);
    run_on(p, "DELETE FROM migration WHERE version = 9999"); /* nothing was done to it */
    must(open_store(p));
    read_all(p, releases[COUNT_OF(releases) - 1].listings);
}

static void a_changed_step_is_refused(void **state)
{
    struct place *p = *state;
    make_release(p, &releases[COUNT_OF(releases) - 1]);
    run_on(p, "UPDATE migration SET digest = 'x' WHERE version = 1");
    err e = open_store(p);
    assert_string_equal(e.why, "store.schema_changed");
    assert_int_equal(e.code, ERR_CORRUPT);
}

/* Goal: a step that fails leaves the store as it was. Method: its first table is there already. */
static void a_step_is_whole_or_not_at_all(void **state)
{
    struct place *p = *state;
    make_release(p, &releases[0]);
    run_on(p, "CREATE TABLE centre (x TEXT)"); /* in the way, half down the step */
    assert_true(failed(open_store(p)));
    struct sql *db = NULL;
    must(sql_open(p->path, SQL_WRITE, NULL, &db));
    assert_int_equal(number(db, "SELECT count(*) FROM migration"), 0);
    assert_int_equal(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'listing'"), 0);
    sql_close(db);
    run_on(p, "DROP TABLE centre");
    must(open_store(p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_release_comes_along, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_later_one_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_changed_step_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_step_is_whole_or_not_at_all, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store/migrate", tests, NULL, NULL);
}
