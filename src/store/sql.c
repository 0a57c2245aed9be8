/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sql.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>

enum {
    SQL_STATEMENTS_MAX = 256,
    SQL_PARAMETERS_MAX = 511,
    BUSY_MS = 5000,
    WRITER_CACHE_KIB = 64 * 1024
};

struct sql_row {
    struct sql *db;
    sqlite3_stmt *statement;
    const char *literal; /* NULL: not kept */
    bool is_busy;
    uint16_t places[SQL_PARAMETERS_MAX + 1]; /* SQLite's index of $n */
};

struct sql {
    sqlite3 *db;
    struct sql_row rows[SQL_STATEMENTS_MAX]; /* open addressing by the literal's address */
    struct sql_row loose;                    /* the one statement made at run time */
};

static const char constraint[] = "store.constraint";

bool sql_is_constraint(err e)
{
    return e.code == ERR_CONFLICT && e.why == constraint;
}

err sql_trouble(int code)
{
    switch (code & 0xff) {
    case SQLITE_CONSTRAINT:
        return fail(ERR_CONFLICT, constraint, (uint32_t)code);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail(ERR_BUSY, "store.busy", (uint32_t)code);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return fail(ERR_CORRUPT, "store.corrupt", (uint32_t)code);
    case SQLITE_FULL:
        return fail(ERR_OS, "store.disk_full", (uint32_t)code);
    default:
        return fail(ERR_OS, "store.io", (uint32_t)code);
    }
}

#define WRITER                                                                                     \
    "PRAGMA synchronous=FULL;"                                                                     \
    "PRAGMA foreign_keys=ON;"                                                                      \
    "PRAGMA secure_delete=ON;" /* what is erased is overwritten */                                 \
    "PRAGMA cache_size=-65536;"                                                                    \
    "PRAGMA wal_autocheckpoint=8192;" /* 32 MB: pages that many commits touch are copied once */   \
    "PRAGMA temp_store=MEMORY;"                                                                    \
    "PRAGMA trusted_schema=OFF;"

static const char *const settings[] = {
    [SQL_WRITE] = "PRAGMA journal_mode=WAL;" WRITER,
    [SQL_READ] = "PRAGMA query_only=ON;"
                 "PRAGMA wal_autocheckpoint=0;"
                 "PRAGMA cache_size=-16384;"
                 "PRAGMA trusted_schema=OFF;",
    [SQL_ALONE] = "PRAGMA journal_mode=DELETE;" WRITER,
};

#undef WRITER

void sql_boot(void)
{
    /* Without its statistics the allocator needs no lock of its own. Too late is harmless. */
    int code = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)code;
}

err sql_open(const char *path, enum sql_mode mode, const char *layer, struct sql **ret_db)
{
    struct sql *made = sqlite3_malloc64(sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    memset(made, 0, sizeof *made);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= mode == SQL_WRITE ? SQLITE_OPEN_CREATE : 0;
    int code = sqlite3_open_v2(path, &made->db, flags, layer);
    if (code == SQLITE_OK) {
        sqlite3_busy_timeout(made->db, BUSY_MS);
        sqlite3_db_config(made->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        sqlite3_db_config(made->db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
        sqlite3_db_config(made->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        code = sqlite3_exec(made->db, settings[mode], NULL, NULL, NULL);
    }
    if (code != SQLITE_OK) {
        sql_close(made);
        return sql_trouble(code);
    }
    *ret_db = made;
    return OK;
}

void sql_close(struct sql *db)
{
    if (db == NULL)
        return;
    for (size_t i = 0; i < SQL_STATEMENTS_MAX; i++)
        sqlite3_finalize(db->rows[i].statement);
    sqlite3_finalize(db->loose.statement);
    int code = sqlite3_close(db->db);
    assert(code == SQLITE_OK);
    (void)code;
    sqlite3_free(db);
}

err sql_run(struct sql *db, const char *literal)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, literal, &row));
    return sql_finish(&row);
}

err sql_run_script(struct sql *db, str script)
{
    const char *rest = script.at;
    const char *end = script.at + script.size;
    while (rest < end) {
        sqlite3_stmt *statement = NULL;
        int code = sqlite3_prepare_v2(db->db, rest, (int)(end - rest), &statement, &rest);
        if (code != SQLITE_OK)
            return sql_trouble(code);
        if (statement == NULL)
            continue;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            ;
        sqlite3_finalize(statement);
        if (code != SQLITE_DONE)
            return sql_trouble(code);
    }
    return OK;
}

static struct sql_row *slot_of(struct sql *db, const char *literal)
{
    size_t i = ((uintptr_t)literal >> 3) * 31 % SQL_STATEMENTS_MAX;
    for (size_t tried = 0; tried < SQL_STATEMENTS_MAX; tried++) {
        struct sql_row *row = &db->rows[i];
        if (row->literal == literal || row->literal == NULL)
            return row;
        i = (i + 1) % SQL_STATEMENTS_MAX;
    }
    assert(false && "more statements than SQL_STATEMENTS_MAX");
    return NULL;
}

/* SQLite numbers `$2` by order of appearance, not by its digit: note where each one stands. */
static void find_places(struct sql_row *row)
{
    memset(row->places, 0, sizeof row->places);
    int count = sqlite3_bind_parameter_count(row->statement);
    for (int i = 1; i <= count; i++) {
        const char *name = sqlite3_bind_parameter_name(row->statement, i);
        int64_t n = 0;
        err e = str_parse_i64(str_from_c(name + 1), &n);
        assert(!failed(e) && n > 0 && n <= SQL_PARAMETERS_MAX);
        (void)e;
        row->places[n] = (uint16_t)i;
    }
}

err sql_ask(struct sql *db, const char *literal, struct sql_row **ret_row)
{
    struct sql_row *row = slot_of(db, literal);
    if (row->literal == NULL) {
        int code = sqlite3_prepare_v3(db->db, literal, -1, SQLITE_PREPARE_PERSISTENT,
                                      &row->statement, NULL);
        if (code != SQLITE_OK)
            return sql_trouble(code);
        row->literal = literal;
        row->db = db;
        find_places(row);
    }
    assert(!row->is_busy);
    row->is_busy = true;
    *ret_row = row;
    return OK;
}

err sql_ask_text(struct sql *db, str text, struct sql_row **ret_row)
{
    struct sql_row *row = &db->loose;
    assert(!row->is_busy);
    int code = sqlite3_prepare_v2(db->db, text.at, (int)text.size, &row->statement, NULL);
    if (code != SQLITE_OK)
        return sql_trouble(code);
    row->db = db;
    find_places(row);
    row->is_busy = true;
    *ret_row = row;
    return OK;
}

void sql_done(struct sql_row **row)
{
    if (*row == NULL)
        return;
    struct sql_row *r = *row;
    if (r->literal == NULL) {
        sqlite3_finalize(r->statement);
        r->statement = NULL;
    } else {
        sqlite3_reset(r->statement);
        sqlite3_clear_bindings(r->statement);
    }
    r->is_busy = false;
    *row = NULL;
}

static int place(const struct sql_row *row, int n)
{
    assert(n > 0 && n <= SQL_PARAMETERS_MAX && row->places[n] > 0);
    return row->places[n];
}

void sql_bind_str(struct sql_row *row, int n, str value)
{
    const char *at = value.at == NULL ? "" : value.at;
    int code = sqlite3_bind_text(row->statement, place(row, n), at, (int)value.size, SQLITE_STATIC);
    assert(code == SQLITE_OK);
    (void)code;
}

void sql_bind_i64(struct sql_row *row, int n, int64_t value)
{
    int code = sqlite3_bind_int64(row->statement, place(row, n), value);
    assert(code == SQLITE_OK);
    (void)code;
}

void sql_bind_bytes(struct sql_row *row, int n, const void *bytes, size_t size)
{
    int code = sqlite3_bind_blob(row->statement, place(row, n), bytes, (int)size, SQLITE_STATIC);
    assert(code == SQLITE_OK);
    (void)code;
}

void sql_bind_null(struct sql_row *row, int n)
{
    int code = sqlite3_bind_null(row->statement, place(row, n));
    assert(code == SQLITE_OK);
    (void)code;
}

err sql_next(struct sql_row *row, bool *ret_has_row)
{
    int code = sqlite3_step(row->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return sql_trouble(code);
    *ret_has_row = code == SQLITE_ROW;
    return OK;
}

err sql_finish(struct sql_row **row)
{
    bool has_row = true;
    err e = OK;
    while (has_row && !failed(e))
        e = sql_next(*row, &has_row);
    sql_done(row);
    return e;
}

str sql_peek(struct sql_row *row, int column)
{
    const void *at = sqlite3_column_blob(row->statement, column);
    int size = sqlite3_column_bytes(row->statement, column);
    return at == NULL ? STR("") : str_make(at, (size_t)size);
}

str sql_str(struct sql_row *row, int column, struct arena *turn)
{
    return str_copy(turn, sql_peek(row, column));
}

int64_t sql_i64(struct sql_row *row, int column)
{
    return sqlite3_column_int64(row->statement, column);
}

bool sql_is_null(struct sql_row *row, int column)
{
    return sqlite3_column_type(row->statement, column) == SQLITE_NULL;
}

int64_t sql_changes(struct sql *db)
{
    return sqlite3_changes64(db->db);
}

bool sql_in_transaction(struct sql *db)
{
    return sqlite3_get_autocommit(db->db) == 0;
}

const char *sql_last_message(struct sql *db)
{
    return sqlite3_errmsg(db->db);
}

void sql_rest(struct sql *db)
{
    (void)sqlite3_db_release_memory(db->db);
}
