/* SPDX-License-Identifier: Apache-2.0 */
#include "app/keep/restore.h"

#include "app/centre/house_open.h"
#include "app/house/erasures.h"
#include "app/house/keys.h"
#include "app/keep/restore_store.h"
#include "kit/secret.h"

#include <assert.h>
#include <stdio.h>
#include <unistd.h>

enum { JOURNALS_MAX = 64, TURN_BYTES = 4 << 20 };

struct restoring {
    const struct restore_order *order;
    struct restore_outcome *outcome;
    struct backup *backup;
    struct house *house;
    str journals[JOURNALS_MAX];
    size_t journal_count;
    char keys[PATH_BYTES + 64];
    char unfinished[PATH_BYTES + 64];
    char erasures[PATH_BYTES + 64]; /* of the new centre; empty: outside its folder */
    bool made_folder;
};

/* --- before anything is written --- */

static err check_place(struct restoring *r)
{
    struct file_names names = {0};
    if (!file_exists(r->order->dir))
        return OK;
    TRY(file_list(r->order->dir, r->order->arena, &names));
    for (size_t i = 0; i < names.count; i++)
        if (!str_equal(names.at[i], STR("lost+found")))
            return fail(ERR_CONFLICT, "restore.not_empty", 0);
    return OK;
}

static err read_backup(struct restoring *r)
{
    struct sql *db = NULL;
    if (!file_exists(r->order->file))
        return fail(ERR_ABSENT, "backup.absent", 0);
    err e = sql_open(r->order->file, SQL_READ, NULL, &db);
    if (!failed(e))
        e = backup_read(db, r->order->passphrase, r->order->arena, r->backup);
    sql_close(db);
    bool is_damaged = e.code == ERR_CORRUPT && strcmp(e.why, "store.corrupt") == 0;
    return is_damaged ? fail(ERR_CORRUPT, "backup.damaged", 0) : e;
}

static err take_journal(struct restoring *r, const char *path)
{
    if (r->journal_count == JOURNALS_MAX)
        return fail(ERR_LIMIT, "erasures.too_many", JOURNALS_MAX);
    if (!file_exists(path))
        return fail(ERR_ABSENT, "erasures.absent", 0);
    TRY(erasures_read(path, r->order->arena, &r->journals[r->journal_count]));
    r->journal_count++;
    return OK;
}

/* A journal kept outside the data directory has outlived it. */
static err find_journal(struct restoring *r)
{
    struct conf conf = {0};
    struct conf_fault fault = {0};
    str yaml = STR("");
    for (size_t i = 0; i < r->backup->file_count; i++)
        if (str_equal(r->backup->files[i].name, STR("yumen.yaml")))
            yaml = r->backup->files[i].bytes;
    TRY(conf_read(yaml, r->order->arena, &conf, &fault));
    char *path = str_to_c(r->order->arena, conf.erasures);
    if (path == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return path[0] == '/' && file_exists(path) ? take_journal(r, path) : OK;
}

static err read_journals(struct restoring *r)
{
    TRY(find_journal(r));
    for (size_t i = 0; i < r->order->journal_count; i++)
        TRY(take_journal(r, r->order->journals[i]));
    if (r->journal_count == 0 && !r->order->goes_without)
        return fail(ERR_CONFLICT, "restore.no_journal", 0);
    return OK;
}

/* --- files --- */

static err path_in(const struct restoring *r, const char *name, char room[PATH_BYTES + 64])
{
    int size = snprintf(room, PATH_BYTES + 64, "%s/%s", r->order->dir, name);
    return size > 0 && size < PATH_BYTES + 64 ? OK : fail(ERR_LIMIT, "house.path", 0);
}

static err write_file(const struct restoring *r, const struct backup_file *f)
{
    char path[PATH_BYTES + 64];
    char *name = str_to_c(r->order->arena, f->name);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(path_in(r, name, path));
    return file_write(path, f->bytes);
}

static err write_files(struct restoring *r)
{
    r->made_folder = !file_exists(r->order->dir);
    TRY(file_make_folder(r->order->dir));
    TRY(file_make_folder(r->keys));
    for (size_t i = 0; i < r->backup->file_count; i++)
        TRY(write_file(r, &r->backup->files[i]));
    return OK;
}

static err write_journal(struct restoring *r)
{
    struct text t;
    text_init(&t, r->order->arena);
    for (size_t i = 0; i < r->journal_count; i++) {
        text_put(&t, r->journals[i]);
        if (!str_ends(r->journals[i], STR("\n")))
            text_put_char(&t, '\n');
    }
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    bool is_outside = r->erasures[0] == '\0'; /* there it is already */
    return is_outside || text_str(&t).size == 0 ? OK : file_write(r->erasures, text_str(&t));
}

static void drop(const char *path, const char *more)
{
    char whole[PATH_BYTES + 80];
    int size = snprintf(whole, sizeof whole, "%s%s", path, more);
    if (size > 0 && (size_t)size < sizeof whole)
        (void)unlink(whole); /* the first trouble is the one to tell */
}

/* The folder as it was found. */
static void clear(struct restoring *r)
{
    static const char *const sides[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < COUNT_OF(sides); i++)
        drop(r->unfinished, sides[i]);
    for (size_t i = 0; i < r->backup->file_count; i++) {
        char path[PATH_BYTES + 64];
        char *name = str_to_c(r->order->arena, r->backup->files[i].name);
        if (name != NULL && !failed(path_in(r, name, path)))
            drop(path, "");
    }
    if (r->erasures[0] != '\0')
        drop(r->erasures, "");
    (void)rmdir(r->keys);
    if (r->made_folder)
        (void)rmdir(r->order->dir);
}

/* --- the database --- */

static err copy_database(struct restoring *r)
{
    struct sql *db = NULL;
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_private(r->unfinished, &fd));
    TRY(snapshot_take(r->order->file, r->unfinished, NULL));
    TRY(sql_open(r->unfinished, SQL_ALONE, NULL, &db));
    err e = sql_run(db, "DROP TABLE backup_envelope");
    sql_close(db);
    return e;
}

static err use_key(struct restoring *r, struct arena *turn)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(r->house->store),
                "SELECT \"id\" FROM signing_key WHERE \"kind\" = 'ledger' AND \"state\" = 'current'"
                " ORDER BY \"id\" DESC LIMIT 1",
                &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str id = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    TRY(e);
    str secret = {0};
    if (!has_row)
        return fail(ERR_CORRUPT, "key.absent", 0);
    TRY(key_read(r->house, KEY_LEDGER, id, turn, &secret));
    if (secret.size != SIGN_SECRET_BYTES)
        return fail(ERR_CORRUPT, "key.file", 0);
    struct sign_secret key;
    memcpy(key.bytes, secret.at, SIGN_SECRET_BYTES);
    store_sign_with(r->house->store, id, &key);
    secret_wipe(&key, sizeof key);
    return OK;
}

/* A drill's clock may be ahead of ours. */
static instant moment(const struct restoring *r)
{
    instant now = env_now();
    return now.us > r->backup->manifest.at.us ? now : r->backup->manifest.at;
}

static err open_store(struct restoring *r)
{
    struct house *house = r->house;
    struct store_options options = {
        .path = r->unfinished, .law = &house->law, .ids = &house->ids, .random = &house->random};
    return store_open(&house->boot, &options, &house->store);
}

static err change_database(struct restoring *r)
{
    struct arena turn;
    struct restore_task task = {.house = r->house,
                                .manifest = &r->backup->manifest,
                                .journals = r->journals,
                                .journal_count = r->journal_count,
                                .at = moment(r),
                                .keep = r->order->arena};
    TRY(open_store(r));
    arena_init(&turn, TURN_BYTES);
    err e = use_key(r, &turn);
    arena_done(&turn);
    if (!failed(e))
        e = restore_apply(&task, r->outcome);
    if (!failed(e))
        e = restore_replay(r->order, r->unfinished, r->outcome);
    store_close(r->house->store); /* folds the log into the file */
    r->house->store = NULL;
    return e;
}

static err make_house(struct restoring *r)
{
    TRY(write_files(r));
    TRY(copy_database(r));
    TRY(house_prepare(r->order->dir, &r->house));
    char *name = str_to_c(r->order->arena, r->house->conf.erasures);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (name[0] != '/')
        TRY(path_in(r, name, r->erasures));
    TRY(change_database(r));
    TRY(write_journal(r));
    TRY(file_rename(r->unfinished, r->house->db_path));
    return file_sync_folder(r->order->dir);
}

err restore_run(const struct restore_order *order, struct restore_outcome *ret_outcome)
{
    assert(order->found != NULL);
    struct restoring r = {.order = order, .outcome = ret_outcome};
    *ret_outcome = (struct restore_outcome){0};
    r.backup = arena_make(order->arena, sizeof *r.backup);
    if (r.backup == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(path_in(&r, "keys", r.keys));
    TRY(path_in(&r, "yumen.db.new", r.unfinished));
    TRY(check_place(&r));
    TRY(read_backup(&r));
    ret_outcome->manifest = r.backup->manifest;
    TRY(read_journals(&r));
    err e = make_house(&r);
    house_close(r.house);
    if (failed(e))
        clear(&r);
    return e;
}
