/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: through the faulty file layer SQLite works as ever; an armed fault reaches it; and what was
 * committed before the fault is still there after it.
 * Method: fail the n-th write, sync or truncate of a WAL transaction, and tear one with the process
 * ending there, then open again and count.
 */
#include "env/fault.h"
#include "env/vfs.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static char folder[64];
static char path[96];

static int before(void **state)
{
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/yumen-vfs-XXXXXX");
    if (mkdtemp(folder) == NULL || failed(vfs_register()) || failed(vfs_register()))
        return 1;
    (void)snprintf(path, sizeof path, "%s/db", folder);
    return 0;
}

static int after(void **state)
{
    (void)state;
    char name[112];
    env_fault_clear();
    (void)unlink(path);
    (void)snprintf(name, sizeof name, "%s-wal", path);
    (void)unlink(name);
    (void)snprintf(name, sizeof name, "%s-shm", path);
    (void)unlink(name);
    return rmdir(folder);
}

static sqlite3 *open_db(void)
{
    sqlite3 *db = NULL;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    assert_int_equal(sqlite3_open_v2(path, &db, flags, VFS_FAULT_NAME), SQLITE_OK);
    const char *sql = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                      "CREATE TABLE IF NOT EXISTS t(x INTEGER);";
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    return db;
}

static int count_rows(sqlite3 *db)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(db, "SELECT count(*) FROM t", -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int n = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    return n;
}

static int insert(sqlite3 *db)
{
    return sqlite3_exec(db, "INSERT INTO t VALUES (1)", NULL, NULL, NULL);
}

static void a_fault_reaches_sqlite(void **state)
{
    (void)state;
    static const struct {
        enum fault_kind kind;
        int code;
    } cases[] = {
        {FAULT_VFS_FULL,  SQLITE_FULL },
        {FAULT_VFS_WRITE, SQLITE_IOERR},
        {FAULT_VFS_TEAR,  SQLITE_IOERR},
        {FAULT_VFS_SYNC,  SQLITE_IOERR}
    };
    sqlite3 *db = open_db();
    vfs_tear(7, VFS_TEAR_REFUSE);
    int rows = 0;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        env_fault_at(cases[i].kind, 1);
        assert_int_equal(insert(db) & 0xFF, cases[i].code);
        assert_int_equal(env_fault_seen(cases[i].kind), 1);
        env_fault_clear();
        assert_int_equal(count_rows(db), rows);
        assert_int_equal(insert(db), SQLITE_OK);
        assert_int_equal(count_rows(db), ++rows);
    }
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    db = open_db();
    assert_int_equal(count_rows(db), rows);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static void a_power_cut_keeps_what_was_committed(void **state)
{
    (void)state;
    for (uint64_t n = 1; n < 6; n++) {
        sqlite3 *db = open_db();
        int rows = count_rows(db);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
        pid_t pid = fork();
        if (pid == 0) {
            sqlite3 *mine = open_db();
            if (insert(mine) != SQLITE_OK)
                _exit(1);
            vfs_tear(5, VFS_TEAR_EXIT);
            env_fault_at(FAULT_VFS_TEAR, n);
            for (int i = 0; i < 9; i++)
                (void)insert(mine);
            _exit(2);
        }
        int status = 0;
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(WEXITSTATUS(status), 99);
        db = open_db();
        assert_in_range(count_rows(db), rows + 1, rows + 9);
        assert_int_equal(sqlite3_close(db), SQLITE_OK);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fault_reaches_sqlite, before, after),
        cmocka_unit_test_setup_teardown(a_power_cut_keeps_what_was_committed, before, after),
    };
    return cmocka_run_group_tests_name("env/vfs", tests, NULL, NULL);
}
