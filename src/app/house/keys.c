/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/keys.h"

#include "kit/secret.h"
#include "kit/sign.h"

#include <assert.h>
#include <stdio.h>

enum { TSIG_BYTES = 32, PSEUDONYM_BYTES = 32 };

/* Where secrets about people are: not with what they keep shut, if the centre says so. */
static str folder_of(const struct house *house, bool is_about_people)
{
    str elsewhere = house->conf.calls_secret_dir;
    return is_about_people && !str_is_empty(elsewhere) ? elsewhere : STR("keys");
}

err key_path(const struct house *house, unsigned kind, str id, char room[PATH_BYTES + 64])
{
    char name[PATH_BYTES];
    str folder = folder_of(house, kind == KEY_PSEUDONYM);
    int size = snprintf(name, sizeof name, "%.*s/%s-%.*s", STR_ARGS(folder), key_kind_words[kind],
                        STR_ARGS(id));
    if (size < 0 || (size_t)size >= sizeof name)
        return fail(ERR_LIMIT, "key.file", 0);
    return house_path(house, name, room);
}

err key_make(struct house *house, unsigned kind, str id, struct arena *turn, str *ret_public_hex)
{
    uint8_t secret[KEY_SECRET_MAX];
    size_t size = kind == KEY_LEDGER ? SIGN_SECRET_BYTES : TSIG_BYTES;
    struct text hex;
    text_init(&hex, turn);
    if (kind == KEY_LEDGER) {
        struct sign_secret made;
        struct sign_public public_part;
        sign_key_make(&made, &public_part);
        memcpy(secret, made.bytes, size);
        text_put_hex(&hex, public_part.bytes, SIGN_PUBLIC_BYTES);
        secret_wipe(&made, sizeof made);
    } else {
        secret_random(secret, size);
    }
    struct text file;
    text_init(&file, turn);
    text_put_base64(&file, secret, size);
    text_put_char(&file, '\n');
    secret_wipe(secret, sizeof secret);
    char path[PATH_BYTES + 64];
    TRY(key_path(house, kind, id, path));
    if (text_spent(&file) || text_spent(&hex))
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = file_write(path, text_str(&file));
    key_wipe(text_str(&file));
    TRY(e);
    *ret_public_hex = text_str(&hex);
    return OK;
}

void key_wipe(str secret)
{
    void *bytes = NULL; /* read-only to whoever was given it, and nobody needs it any more */
    memcpy(&bytes, &secret.at, sizeof bytes);
    secret_wipe(bytes, secret.size);
}

static err read_file(const char *path, struct arena *turn, str *ret_secret)
{
    str file = {0};
    if (failed(file_read(path, 4096, turn, &file)))
        return fail(ERR_OS, "key.file", 0);
    char *secret = arena_make(turn, KEY_SECRET_MAX);
    size_t size = 0;
    if (secret == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = base64_parse(str_trim(file), secret, KEY_SECRET_MAX, &size);
    key_wipe(file);
    if (failed(e) || size == 0)
        return fail(ERR_CORRUPT, "key.file", 0);
    *ret_secret = str_make(secret, size);
    return OK;
}

err key_read(const struct house *house, unsigned kind, str id, struct arena *turn, str *ret_secret)
{
    char path[PATH_BYTES + 64];
    TRY(key_path(house, kind, id, path));
    return read_file(path, turn, ret_secret);
}

err key_find_current(struct store *store, unsigned kind, struct arena *turn, str *ret_id)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM signing_key WHERE \"kind\" = $1 AND \"state\" = 'current'",
                &row));
    sql_bind_str(row, 1, str_from_c(key_kind_words[kind]));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_id = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    return e;
}

err key_get_current(struct house *house, unsigned kind, struct arena *turn, str *ret_id)
{
    struct reader *reader = house_reader_take(house);
    struct list_query query = {
        .kind = RECORD_KEY,
        .conditions = {{.column = "kind",
                        .how = LIST_EQUAL,
                        .text = str_from_c(key_kind_words[kind])},
                       {.column = "state", .how = LIST_EQUAL, .text = STR("current")}},
        .condition_count = 2,
        .limit = 1,
    };
    struct list_page page = {0};
    err e = reader_list(reader, &query, turn, &page);
    house_reader_give(house, reader);
    TRY(e);
    if (page.count == 0)
        return fail(ERR_CORRUPT, "key.absent", 0);
    *ret_id = page.items[0].key.id;
    return OK;
}

err key_read_current(struct house *house, struct arena *turn, str *ret_id,
                     struct sign_secret *ret_key)
{
    str id = {0};
    str secret = {0};
    TRY(key_get_current(house, KEY_LEDGER, turn, &id));
    TRY(key_read(house, KEY_LEDGER, id, turn, &secret));
    if (secret.size != SIGN_SECRET_BYTES)
        return fail(ERR_CORRUPT, "key.file", 0);
    memcpy(ret_key->bytes, secret.at, SIGN_SECRET_BYTES);
    key_wipe(secret);
    *ret_id = id;
    return OK;
}

err key_use_current(struct house *house)
{
    struct arena turn;
    struct sign_secret key;
    str id = {0};
    arena_init(&turn, 1 << 20);
    err e = key_read_current(house, &turn, &id, &key);
    if (!failed(e))
        store_sign_with(house->store, id, &key);
    secret_wipe(&key, sizeof key);
    arena_done(&turn);
    return e;
}

static err make_seal(const char *path, struct arena *turn)
{
    uint8_t secret[SEAL_SECRET_BYTES];
    struct text file;
    text_init(&file, turn);
    secret_random(secret, sizeof secret);
    text_put_base64(&file, secret, sizeof secret);
    text_put_char(&file, '\n');
    secret_wipe(secret, sizeof secret);
    if (text_spent(&file))
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = file_write(path, text_str(&file));
    key_wipe(text_str(&file));
    return e;
}

err key_use_seal(struct house *house)
{
    struct arena turn;
    char name[PATH_BYTES];
    char path[PATH_BYTES + 64];
    str secret = {0};
    int size = snprintf(name, sizeof name, "%.*s/seal", STR_ARGS(folder_of(house, true)));
    if (size < 0 || (size_t)size >= sizeof name)
        return fail(ERR_LIMIT, "key.file", 0);
    TRY(house_path(house, name, path));
    arena_init(&turn, 1 << 16);
    err e = file_exists(path) ? OK : make_seal(path, &turn);
    if (!failed(e))
        e = read_file(path, &turn, &secret);
    if (!failed(e) && secret.size != SEAL_SECRET_BYTES)
        e = fail(ERR_CORRUPT, "key.file", 0);
    if (!failed(e))
        seal_make((const uint8_t *)secret.at, &house->seal);
    key_wipe(secret);
    arena_done(&turn);
    return e;
}
