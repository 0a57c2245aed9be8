/* SPDX-License-Identifier: Apache-2.0 */
#include "store/migrate.h"

#include "base/embedded.h"
#include "kit/digest.h"

/* schema/NNNN_name.sql, in order */
extern const struct embedded_file schema_files[];
extern const size_t schema_files_count;

enum { TURN_BYTES = 64 * 1024 };

struct step {
    int version;
    const char *name;
    str text;
};

static err taken_digest(struct sql *db, int version, struct arena *turn, str *ret_digest)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT \"digest\" FROM migration WHERE \"version\" = $1", &row));
    sql_bind_i64(row, 1, version);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_digest = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    return e;
}

static err take(struct sql *db, const struct step *step, str digest)
{
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    err e = sql_run_script(db, step->text);
    struct sql_row *row = NULL;
    if (!failed(e))
        e = sql_ask(db,
                    "INSERT INTO migration (\"version\", \"name\", \"digest\") VALUES ($1, $2, $3)",
                    &row);
    if (!failed(e)) {
        sql_bind_i64(row, 1, step->version);
        sql_bind_str(row, 2, str_from_c(step->name));
        sql_bind_str(row, 3, digest);
        e = sql_finish(&row);
    }
    if (!failed(e))
        return sql_run(db, "COMMIT");
    err undone = sql_run(db, "ROLLBACK");
    (void)undone; /* the first trouble is the one to tell */
    return e;
}

static err check_not_newer(struct sql *db)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT coalesce(max(\"version\"), 0) FROM migration", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    int64_t newest = failed(e) ? 0 : sql_i64(row, 0);
    sql_done(&row);
    TRY(e);
    return newest > migrate_newest() ? fail(ERR_CONFLICT, "store.newer", (uint32_t)newest) : OK;
}

static err step_forward(struct sql *db, const struct step *step, struct arena *turn)
{
    struct digest digest = digest_of(step->text);
    struct text hex;
    text_init(&hex, turn);
    text_put_hex(&hex, digest.bytes, DIGEST_BYTES);
    str taken = {0};
    TRY(taken_digest(db, step->version, turn, &taken));
    if (str_is_empty(taken))
        return take(db, step, text_str(&hex));
    if (!str_equal(taken, text_str(&hex)))
        return fail(ERR_CORRUPT, "store.schema_changed", (uint32_t)step->version);
    return OK;
}

err migrate(struct sql *db)
{
    TRY(sql_run(db, "CREATE TABLE IF NOT EXISTS migration ("
                    "\"version\" INTEGER NOT NULL PRIMARY KEY, \"name\" TEXT NOT NULL,"
                    " \"digest\" TEXT NOT NULL) STRICT"));
    TRY(check_not_newer(db));
    struct arena turn;
    arena_init(&turn, TURN_BYTES);
    err e = OK;
    for (size_t i = 0; i < schema_files_count && !failed(e); i++) {
        struct step step = {
            .version = (int)i + 1, .name = schema_files[i].path, .text = schema_files[i].bytes};
        e = step_forward(db, &step, &turn);
    }
    arena_done(&turn);
    return e;
}

int migrate_newest(void)
{
    return (int)schema_files_count;
}
