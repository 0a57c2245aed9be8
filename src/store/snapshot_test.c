/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a snapshot is the database as it was at one moment, alone in its file, whatever is written
 * meanwhile; and a damaged file does not pass for a whole one.
 * Method: two tables always changed together in one transaction, from within the copy's progress;
 * then every page of a copy is damaged in turn.
 */
#include "store/snapshot.h"

#include "env/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { ROWS = 4000, PAGE = 4096 };

struct place {
    char from[64];
    char to[64];
    char log[80];
    struct sql *db;
    int told;
};

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static void drop(const char *path)
{
    static const char *const sides[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(sides); i++) {
        char whole[96];
        snprintf(whole, sizeof whole, "%s%s", path, sides[i]);
        unlink(whole);
    }
}

static int set_up(void **state)
{
    struct place *p = calloc(1, sizeof *p);
    snprintf(p->from, sizeof p->from, "/tmp/yumen-snap-from-%d.db", (int)getpid());
    snprintf(p->to, sizeof p->to, "/tmp/yumen-snap-to-%d.db", (int)getpid());
    snprintf(p->log, sizeof p->log, "%s-wal", p->to);
    drop(p->from);
    drop(p->to);
    must(sql_open(p->from, SQL_WRITE, NULL, &p->db));
    must(sql_run(p->db, "CREATE TABLE a (n INTEGER PRIMARY KEY, x TEXT)"));
    must(sql_run(p->db, "CREATE TABLE b (n INTEGER PRIMARY KEY, x TEXT)"));
    must(sql_run(p->db, "CREATE INDEX a_x ON a (x)"));
    must(sql_run(p->db, "BEGIN"));
    for (int i = 0; i < ROWS; i++) {
        must(sql_run(p->db, "INSERT INTO a (x) VALUES (hex(randomblob(100)))"));
        must(sql_run(p->db, "INSERT INTO b (x) SELECT x FROM a ORDER BY n DESC LIMIT 1"));
    }
    must(sql_run(p->db, "COMMIT"));
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    struct place *p = *state;
    sql_close(p->db);
    drop(p->from);
    drop(p->to);
    free(p);
    return 0;
}

static int64_t number(struct sql *db, const char *query)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    must(sql_ask_text(db, str_from_c(query), &row));
    must(sql_next(row, &has_row));
    int64_t n = has_row ? sql_i64(row, 0) : -1;
    sql_done(&row);
    return n;
}

/* While it copies, the writer goes on. */
static void write_on(void *self, int64_t done, int64_t all)
{
    struct place *p = self;
    assert_true(done >= 0 && done <= all);
    p->told++;
    must(sql_run(p->db, "BEGIN IMMEDIATE"));
    must(sql_run(p->db, "UPDATE a SET x = 'later' WHERE n % 7 = 0"));
    must(sql_run(p->db, "UPDATE b SET x = 'later' WHERE n % 7 = 0"));
    must(sql_run(p->db, "INSERT INTO a (x) VALUES ('new')"));
    must(sql_run(p->db, "INSERT INTO b (x) VALUES ('new')"));
    must(sql_run(p->db, "COMMIT"));
}

static void one_moment(void **state)
{
    struct place *p = *state;
    struct snapshot_progress progress = {.self = p, .tell = write_on};
    struct sql *copy = NULL;
    must(snapshot_take(p->from, p->to, &progress));
    assert_true(p->told > 1);
    assert_false(file_exists(p->log));
    must(sql_open(p->to, SQL_READ, NULL, &copy));
    must(snapshot_check(copy));
    assert_int_equal(number(copy, "SELECT count(*) FROM a JOIN b USING (n, x)"), ROWS);
    assert_int_equal(number(copy, "SELECT count(*) FROM a WHERE x IN ('later', 'new')"), 0);
    sql_close(copy);
    assert_false(file_exists(p->log));
    assert_int_equal(number(p->db, "SELECT count(*) FROM a WHERE x = 'new'"), p->told);
}

static void alone_it_stays(void **state)
{
    struct place *p = *state;
    struct sql *copy = NULL;
    must(snapshot_take(p->from, p->to, NULL));
    must(sql_open(p->to, SQL_ALONE, NULL, &copy));
    must(sql_run(copy, "CREATE TABLE more (n INTEGER)"));
    assert_false(file_exists(p->log));
    sql_close(copy);
    must(sql_open(p->to, SQL_READ, NULL, &copy));
    assert_int_equal(number(copy, "SELECT count(*) FROM more"), 0);
    assert_false(file_exists(p->log));
    sql_close(copy);
}

/* Opened, checked, every row read: does anything say that it is damaged? */
static bool is_found_out(struct place *p)
{
    struct sql *copy = NULL;
    if (failed(sql_open(p->to, SQL_READ, NULL, &copy)))
        return true;
    err e = snapshot_check(copy);
    sql_close(copy);
    return failed(e);
}

static void flip(struct place *p, long at)
{
    FILE *f = fopen(p->to, "r+be");
    assert_non_null(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    int c = fgetc(f);
    assert_int_equal(fseek(f, at, SEEK_SET), 0);
    fputc(c ^ 0x55, f);
    assert_int_equal(fclose(f), 0);
}

/* The head of each page: what SQLite itself can tell. The words in it are the ledger's to guard. */
static void damage_is_found(void **state)
{
    struct place *p = *state;
    int64_t size = 0;
    must(snapshot_take(p->from, p->to, NULL));
    must(file_size(p->to, &size));
    assert_false(is_found_out(p));
    for (long page = 0; page < size / PAGE; page += 1 + page / 20) {
        flip(p, page * PAGE);
        if (!is_found_out(p))
            fail_msg("a damaged page %ld passes", page + 1);
        flip(p, page * PAGE);
    }
    assert_false(is_found_out(p));
    assert_int_equal(truncate(p->to, (off_t)(size / 2)), 0);
    assert_true(is_found_out(p));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_moment, set_up, tear_down),
        cmocka_unit_test_setup_teardown(alone_it_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(damage_is_found, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("store/snapshot", tests, NULL, NULL);
}
