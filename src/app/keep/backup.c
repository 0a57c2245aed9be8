/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keep/backup.h"

#include "app/keep/backup_form.h"
#include "app/version.h"
#include "env/file.h"
#include "kit/secret.h"
#include "store/migrate.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { PATH_ROOM = 2048 };

static err join(const char *folder, const char *name, char room[PATH_ROOM])
{
    int size = snprintf(room, PATH_ROOM, "%s/%s", folder, name);
    return size > 0 && size < PATH_ROOM ? OK : fail(ERR_LIMIT, "house.path", 0);
}

/* --- gathering --- */

static err add_file(const char *dir, const char *name, struct arena *a, struct backup *b)
{
    char path[PATH_ROOM];
    TRY(join(dir, name, path));
    if (b->file_count == BACKUP_FILES_MAX)
        return fail(ERR_LIMIT, "backup.too_many_files", 0);
    struct backup_file *f = &b->files[b->file_count];
    f->name = str_copy(a, str_from_c(name));
    if (f->name.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(file_read(path, BACKUP_FILE_BYTES, a, &f->bytes));
    b->file_count++;
    return OK;
}

/* yumen.yaml, and a law profile of one's own. */
static err gather_options(const char *dir, struct arena *a, struct backup *b)
{
    struct file_names names = {0};
    TRY(file_list(dir, a, &names));
    for (size_t i = 0; i < names.count; i++)
        if (backup_takes(names.at[i]))
            TRY(add_file(dir, names.at[i].at, a, b));
    return OK;
}

static err gather_keys(const char *dir, struct arena *a, struct backup *b)
{
    char path[PATH_ROOM];
    struct file_names names = {0};
    TRY(join(dir, "keys", path));
    TRY(file_list(path, a, &names));
    for (size_t i = 0; i < names.count; i++) {
        char name[128];
        int size = snprintf(name, sizeof name, "keys/%s", names.at[i].at);
        bool fits = size > 0 && (size_t)size < sizeof name;
        bool is_unfinished = str_ends(names.at[i], STR(".new")); /* nobody refers to it */
        if (fits && !is_unfinished && backup_takes(str_from_c(name)))
            TRY(add_file(dir, name, a, b));
    }
    return OK;
}

/* What the copied database says of itself. */
static err take_stock(struct sql *db, struct arena *a, struct backup_manifest *m)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT c.\"id\", h.\"size\", h.\"root\", h.\"at\","
                " (SELECT max(\"version\") FROM migration),"
                " (SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf)"
                " FROM centre c, ledger_head h ORDER BY h.\"size\" DESC LIMIT 1",
                &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    bool is_covered = false;
    if (!failed(e) && has_row) {
        *m = (struct backup_manifest){.store = sql_str(row, 0, a),
                                      .leaves = sql_i64(row, 1),
                                      .root = sql_str(row, 2, a),
                                      .at = instant_from_us(sql_i64(row, 3)),
                                      .schema = sql_i64(row, 4),
                                      .program = STR(YUMEN_VERSION)};
        is_covered = sql_i64(row, 5) == m->leaves;
    }
    sql_done(&row);
    TRY(e);
    return is_covered ? OK : fail(ERR_CORRUPT, "backup.no_head", 0);
}

/* --- writing --- */

static err put_envelope(struct sql *db, str manifest, str sealed)
{
    TRY(sql_run(db, "BEGIN IMMEDIATE"));
    TRY(sql_run(db, "CREATE TABLE backup_envelope (\"manifest\" TEXT NOT NULL,"
                    " \"sealed\" BLOB NOT NULL) STRICT"));
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "INSERT INTO backup_envelope (\"manifest\", \"sealed\") VALUES ($1, $2)",
                &row));
    sql_bind_str(row, 1, manifest);
    sql_bind_bytes(row, 2, sealed.at, sealed.size);
    TRY(sql_finish(&row));
    return sql_run(db, "COMMIT");
}

static err seal(const struct backup_order *o, struct sql *db, struct backup *b)
{
    struct text manifest;
    struct text plain;
    text_init(&manifest, o->arena);
    text_init(&plain, o->arena);
    TRY(gather_options(o->dir, o->arena, b));
    TRY(gather_keys(o->dir, o->arena, b));
    TRY(take_stock(db, o->arena, &b->manifest));
    manifest_put(&manifest, &b->manifest);
    sealed_put(&plain, b);
    if (text_spent(&manifest) || text_spent(&plain))
        return fail(ERR_LIMIT, "limit.memory", 0);
    str sealed = {0};
    TRY(secret_seal(o->passphrase, text_str(&plain), o->arena, &sealed));
    return put_envelope(db, text_str(&manifest), sealed);
}

static err fill(const struct backup_order *o, const char *unfinished, struct backup *b)
{
    char source[PATH_ROOM];
    SCOPED(fd_end) int fd = -1;
    struct sql *db = NULL;
    TRY(join(o->dir, "yumen.db", source));
    if (!file_exists(source))
        return fail(ERR_ABSENT, "house.absent", 0);
    TRY(file_drop(unfinished));
    err e = file_open_private(unfinished, &fd); /* before anything is in it */
    if (e.code == ERR_ABSENT)
        return fail(ERR_OS, "cli.file.no_folder", 0);
    TRY(e);
    TRY(snapshot_take(source, unfinished, o->progress));
    TRY(sql_open(unfinished, SQL_ALONE, NULL, &db));
    e = seal(o, db, b);
    sql_close(db);
    return e;
}

err backup_make(const struct backup_order *o, struct backup_manifest *ret_manifest)
{
    assert(o->passphrase.size > 0);
    char unfinished[PATH_ROOM];
    int size = snprintf(unfinished, sizeof unfinished, "%s.new", o->file);
    if (size < 0 || (size_t)size >= sizeof unfinished)
        return fail(ERR_LIMIT, "house.path", 0);
    if (file_exists(o->file))
        return fail(ERR_CONFLICT, "backup.exists", 0);
    struct backup *b = arena_make(o->arena, sizeof *b);
    if (b == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = fill(o, unfinished, b);
    if (!failed(e))
        e = file_rename(unfinished, o->file);
    if (failed(e)) {
        (void)unlink(unfinished); /* the first trouble is the one to tell */
        return e;
    }
    *ret_manifest = b->manifest;
    return OK;
}

/* --- reading --- */

static err find_table(struct sql *db)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT 1 FROM sqlite_schema WHERE \"name\" = 'backup_envelope'", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    sql_done(&row);
    TRY(e);
    return has_row ? OK : fail(ERR_MALFORMED, "backup.malformed", 0);
}

static err read_envelope(struct sql *db, struct arena *a, str *ret_manifest, str *ret_sealed)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT \"manifest\", \"sealed\" FROM backup_envelope", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && !has_row)
        e = fail(ERR_MALFORMED, "backup.malformed", 0);
    if (!failed(e)) {
        *ret_manifest = sql_str(row, 0, a);
        *ret_sealed = sql_str(row, 1, a);
        e = ret_sealed->at == NULL || ret_manifest->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0)
                                                               : OK;
    }
    sql_done(&row);
    return e;
}

static bool is_same(const struct backup_manifest *a, const struct backup_manifest *b)
{
    return str_equal(a->store, b->store) && a->leaves == b->leaves && a->schema == b->schema &&
           str_equal(a->root, b->root) && a->at.us == b->at.us;
}

err backup_read(struct sql *db, str passphrase, struct arena *a, struct backup *ret_backup)
{
    str manifest = {0};
    str sealed = {0};
    str plain = {0};
    struct backup_manifest outside = {0};
    struct backup_manifest stock = {0};
    TRY(find_table(db));
    TRY(read_envelope(db, a, &manifest, &sealed));
    TRY(manifest_take(&manifest, &outside));
    if (outside.schema > migrate_newest())
        return fail(ERR_CONFLICT, "store.newer", (uint32_t)outside.schema);
    TRY(snapshot_check(db));
    TRY(secret_open(passphrase, sealed, a, &plain));
    TRY(sealed_take(plain, ret_backup));
    TRY(take_stock(db, a, &stock));
    if (!is_same(&outside, &ret_backup->manifest) || !is_same(&stock, &outside))
        return fail(ERR_CORRUPT, "backup.altered", 0);
    return OK;
}
