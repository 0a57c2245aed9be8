/* SPDX-License-Identifier: Apache-2.0 */
#include "store/snapshot.h"

#include <sqlite3.h>

enum { PAGES_A_STEP = 512 };

static void database_end(sqlite3 **db)
{
    sqlite3_close(*db);
}

/* One reading transaction for the whole copy: what is written meanwhile does not restart it. */
static int hold_still(sqlite3 *from)
{
    int code = sqlite3_exec(from, "BEGIN", NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(from, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    return code;
}

static int copy_pages(sqlite3 *from, sqlite3 *to, const struct snapshot_progress *progress)
{
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    if (backup == NULL)
        return sqlite3_extended_errcode(to);
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, PAGES_A_STEP);
        int all = sqlite3_backup_pagecount(backup);
        if (progress != NULL)
            progress->tell(progress->self, all - sqlite3_backup_remaining(backup), all);
    }
    int ended = sqlite3_backup_finish(backup);
    return code == SQLITE_DONE ? ended : code;
}

err snapshot_take(const char *from, const char *to, const struct snapshot_progress *progress)
{
    SCOPED(database_end) sqlite3 *source = NULL;
    SCOPED(database_end) sqlite3 *copy = NULL;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_READWRITE;
    int code = sqlite3_open_v2(from, &source, flags, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_open_v2(to, &copy, flags | SQLITE_OPEN_CREATE, NULL);
    if (code == SQLITE_OK)
        code = hold_still(source);
    if (code == SQLITE_OK)
        code = copy_pages(source, copy, progress);
    if (code == SQLITE_OK) /* the pages copied say "write-ahead": the copy shall stand alone */
        code = sqlite3_exec(copy, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sql_trouble(code);
}

/* OK when the first row of the answer says "ok", or when there is no row. */
static err check(struct sql *db, const char *literal)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, literal, &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    bool is_fine = !has_row || str_equal(sql_peek(row, 0), STR("ok"));
    sql_done(&row);
    TRY(e);
    return is_fine ? OK : fail(ERR_CORRUPT, "store.corrupt", 0);
}

err snapshot_check(struct sql *db)
{
    TRY(check(db, "PRAGMA integrity_check(1)"));
    return check(db, "PRAGMA foreign_key_check");
}
