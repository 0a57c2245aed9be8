/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/begin.h"

#include "app/centre/house_open.h"
#include "app/house/keys.h"

#include <stdio.h>

enum { TURN_BYTES = 4 << 20 };

/* Nobody's: one that holds amounts, one that can only stop an account. */
#define DEMO_BANKS                                                                                 \
    "[{id: demo-a, name: 演示甲银行, can: [hold, stop, freeze, query], codes: [BKA]}, "       \
    "{id: demo-b, name: 演示乙银行, can: [stop, freeze, query], codes: [BKB]}]"

static err write_conf(const struct begin_options *options)
{
    char path[PATH_BYTES + 64];
    snprintf(path, sizeof path, "%s/yumen.yaml", options->dir);
    if (file_exists(path))
        return OK;                                        /* somebody prepared it */
    bool is_demo = options->kind == CENTRE_DEMONSTRATION; /* its zone is there to try with dig */
    struct conf_choice choices[] = {
        {"profile",    options->profile                         },
        {"dns.listen", is_demo ? STR("127.0.0.1:9653") : STR("")},
        {"dns.tsig",   STR("[{name: yumen}]")                   },
        {"providers",  is_demo ? STR(DEMO_BANKS) : STR("[]")    },
    };
    struct arena turn;
    struct text whole;
    arena_init(&turn, TURN_BYTES);
    text_init(&whole, &turn);
    conf_write_default(&whole, choices, COUNT_OF(choices));
    err e = text_spent(&whole) ? fail(ERR_LIMIT, "limit.memory", 0)
                               : file_write(path, text_str(&whole));
    arena_done(&turn);
    return e;
}

static err make_folders(const struct begin_options *options)
{
    char path[PATH_BYTES + 64];
    TRY(file_make_folder(options->dir));
    snprintf(path, sizeof path, "%s/yumen.db", options->dir);
    if (file_exists(path))
        return fail(ERR_CONFLICT, "begin.exists", 0);
    snprintf(path, sizeof path, "%s/keys", options->dir);
    return file_make_folder(path);
}

struct making {
    struct house *house;
    const struct begin_options *options;
    struct arena turn;
    instant at;
    struct actor centre;
};

static err add_key(struct making *m, unsigned kind)
{
    struct command cmd = {.act = ACT_KEY_ADD,
                          .actor = m->centre,
                          .record = store_id(m->house->store, m->at, &m->turn)};
    str public_hex = {0};
    TRY(key_make(m->house, kind, cmd.record, &m->turn, &public_hex));
    cmd.body.key = (struct signing_key){.kind = kind, .public_part = public_hex};
    if (kind == KEY_LEDGER) {
        str secret = {0};
        struct sign_secret key;
        TRY(key_read(m->house, kind, cmd.record, &m->turn, &secret));
        memcpy(key.bytes, secret.at, SIGN_SECRET_BYTES);
        key_wipe(secret);
        store_sign_with(m->house->store, cmd.record, &key);
    }
    return store_apply(m->house->store, &cmd, m->at, &m->turn, NULL);
}

static err add_records(struct making *m)
{
    struct command user = {.act = ACT_USER_PROPOSE, .actor = m->centre, .record = STR("centre")};
    user.body.user =
        (struct user_account){.name = STR("centre"), .roles = STR("operator"), .division = STR("")};
    struct command centre = {.act = ACT_CENTRE_OPEN,
                             .actor = m->centre,
                             .record = store_id(m->house->store, m->at, &m->turn)};
    centre.body.centre = (struct centre){
        .name = m->options->name, .kind = m->options->kind, .division = m->options->division};
    TRY(store_apply(m->house->store, &centre, m->at, &m->turn, NULL));
    TRY(store_apply(m->house->store, &user, m->at, &m->turn, NULL));
    TRY(add_key(m, KEY_LEDGER));
    TRY(add_key(m, KEY_TSIG));
    return add_key(m, KEY_PSEUDONYM);
}

static err make_store(struct making *m, const char *path)
{
    struct store_options options = {
        .path = path, .law = &m->house->law, .ids = &m->house->ids, .random = &m->house->random};
    TRY(store_open(&m->house->boot, &options, &m->house->store));
    TRY(store_begin(m->house->store));
    err e = add_records(m);
    if (failed(e)) {
        store_rollback(m->house->store);
        return e;
    }
    return store_commit(m->house->store, m->at);
}

/* Under another name until it is whole. */
static err make_whole(struct making *m)
{
    char unfinished[PATH_BYTES + 64];
    TRY(house_path(m->house, "yumen.db.new", unfinished));
    TRY(file_drop(unfinished));
    err e = make_store(m, unfinished);
    store_close(m->house->store); /* folds the write-ahead log into the file */
    m->house->store = NULL;
    TRY(e);
    TRY(file_rename(unfinished, m->house->db_path));
    return file_sync_folder(m->house->dir);
}

err begin_centre(const struct begin_options *options)
{
    struct making m = {.options = options, .at = env_now()};
    m.centre = (struct actor){.user = STR("centre"), .division = STR(""), .kind = ACTOR_CENTRE};
    TRY(make_folders(options));
    TRY(write_conf(options));
    TRY(house_prepare(options->dir, &m.house));
    arena_init(&m.turn, TURN_BYTES);
    err e = make_whole(&m);
    arena_done(&m.turn);
    house_close(m.house);
    return e;
}
