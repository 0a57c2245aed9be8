/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include "store/many.h"
#include "store/migrate.h"
#include "store/part.h"
#include "store/row.h"

#include <assert.h>

enum { STORE_ARENA_BYTES = 64 << 20, SCRATCH_BYTES = 8 << 20, CENTRE_BYTES = 1 << 20 };

/* Another limit than the law's of today stays as long as a listing stands under it. */
static err drop_limits(struct store *store, unsigned kind, unsigned action)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "DELETE FROM law_limit WHERE \"kind\" = $1 AND \"action\" = $2"
                " AND (\"profile\" <> $3 OR \"max_term_us\" <> $4)"
                " AND NOT EXISTS (SELECT 1 FROM listing"
                " WHERE listing.\"profile\" = law_limit.\"profile\""
                " AND listing.\"kind\" = $1 AND listing.\"action\" = $2"
                " AND listing.\"max_term_us\" = law_limit.\"max_term_us\")",
                &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[kind]));
    sql_bind_str(row, 2, str_from_c(listing_action_words[action]));
    sql_bind_str(row, 3, store->law->name);
    sql_bind_i64(row, 4, store->law->listing_max_term_us[kind][action]);
    return sql_finish(&row);
}

static err put_limit(struct store *store, unsigned kind, unsigned action)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO law_limit (\"profile\", \"kind\", \"action\","
                " \"max_term_us\") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                &row));
    sql_bind_str(row, 1, store->law->name);
    sql_bind_str(row, 2, str_from_c(indicator_kind_words[kind]));
    sql_bind_str(row, 3, str_from_c(listing_action_words[action]));
    sql_bind_i64(row, 4, store->law->listing_max_term_us[kind][action]);
    return sql_finish(&row);
}

static err fill_limits(struct store *store)
{
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++) {
        for (unsigned action = 0; action < ACTION_COUNT; action++) {
            TRY(drop_limits(store, kind, action));
            if (store->law->listing_max_term_us[kind][action] > 0)
                TRY(put_limit(store, kind, action));
        }
    }
    return OK;
}

/* Likewise of orders. */
static err fill_order_limit(struct store *store, unsigned kind)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "DELETE FROM order_limit WHERE \"kind\" = $1 AND (\"profile\" <> $2"
                " OR \"max_term_us\" <> $3 OR \"max_repeats\" <> $4)"
                " AND NOT EXISTS (SELECT 1 FROM \"order\" o"
                " WHERE o.\"profile\" = order_limit.\"profile\" AND o.\"kind\" = $1"
                " AND o.\"max_term_us\" = order_limit.\"max_term_us\""
                " AND o.\"max_repeats\" = order_limit.\"max_repeats\")",
                &row));
    sql_bind_str(row, 1, str_from_c(order_kind_words[kind]));
    sql_bind_str(row, 2, store->law->name);
    sql_bind_i64(row, 3, store->law->order_max_term_us[kind]);
    sql_bind_i64(row, 4, store->law->order_max_repeats[kind]);
    TRY(sql_finish(&row));
    if (store->law->order_max_term_us[kind] <= 0)
        return OK;
    TRY(sql_ask(store->db,
                "INSERT INTO order_limit (\"kind\", \"profile\", \"max_term_us\","
                " \"max_repeats\") VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                &row));
    sql_bind_str(row, 1, str_from_c(order_kind_words[kind]));
    sql_bind_str(row, 2, store->law->name);
    sql_bind_i64(row, 3, store->law->order_max_term_us[kind]);
    sql_bind_i64(row, 4, store->law->order_max_repeats[kind]);
    return sql_finish(&row);
}

static err fill_order_limits(struct store *store)
{
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++)
        TRY(fill_order_limit(store, kind));
    return OK;
}

err centre_reload(struct store *store)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "SELECT \"id\" FROM centre", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    arena_reset(&store->centre_arena);
    str id = !failed(e) && has_row ? sql_str(row, 0, &store->centre_arena) : STR("");
    sql_done(&row);
    TRY(e);
    union record centre;
    store->has_centre = false;
    if (!has_row)
        return OK;
    TRY(row_find(store->db, RECORD_CENTRE, id, &store->centre_arena, &centre));
    store->centre = centre.centre;
    store->has_centre = true;
    return OK;
}

static err prepare(struct store *store)
{
    TRY(migrate(store->db));
    TRY(sql_run(store->db, "BEGIN IMMEDIATE"));
    TRY(fill_limits(store));
    TRY(fill_order_limits(store));
    TRY(sql_run(store->db, "COMMIT"));
    TRY(centre_reload(store));
    return leaf_load_tree(store);
}

err store_open(struct arena *boot, const struct store_options *options, struct store **ret_store)
{
    assert(options->law != NULL && options->ids != NULL && options->random != NULL);
    sql_boot();
    TRY(row_boot(boot));
    struct store *store = arena_make(boot, sizeof *store);
    if (store == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(many_boot(store, boot));
    store->law = options->law;
    store->providers = options->providers;
    store->ids = options->ids;
    store->random = options->random;
    TRY(sql_open(options->path, SQL_WRITE, options->layer, &store->db));
    arena_init(&store->arena, STORE_ARENA_BYTES);
    arena_init(&store->scratch, SCRATCH_BYTES);
    arena_init(&store->centre_arena, CENTRE_BYTES);
    err e = prepare(store);
    if (failed(e)) {
        store_close(store);
        return e;
    }
    *ret_store = store;
    return OK;
}

void store_close(struct store *store)
{
    if (store == NULL)
        return;
    env_helper_stop(&store->helper);
    sql_close(store->db);
    store->db = NULL;
    arena_done(&store->arena);
    arena_done(&store->scratch);
    arena_done(&store->centre_arena);
}

void store_sign_with(struct store *store, str key_id, const struct sign_secret *secret)
{
    assert(key_id.size < sizeof store->key_id);
    memcpy(store->key_id, key_id.at, key_id.size);
    store->key_id[key_id.size] = '\0';
    store->secret = *secret;
    store->has_key = true;
}

err store_begin(struct store *store)
{
    assert(!store->is_open);
    TRY(sql_run(store->db, "BEGIN IMMEDIATE"));
    store->is_open = true;
    return OK;
}

void store_rollback(struct store *store)
{
    assert(store->is_open);
    err e = sql_run(store->db, "ROLLBACK"); /* SQLite may have done it already: then it says so */
    (void)e;
    store->is_open = false;
    store->tree = store->committed;
    e = centre_reload(store);
    (void)e; /* the next command will meet the same trouble and report it */
}

err store_commit(struct store *store, instant at)
{
    assert(store->is_open);
    /* Never a row outside a transaction: the database may have ended this one by itself. */
    err e = sql_in_transaction(store->db) ? leaf_settle(store, at) : fail(ERR_OS, "store.io", 0);
    if (!failed(e))
        e = sql_run(store->db, "COMMIT");
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    store->is_open = false;
    store->committed = store->tree;
    return OK;
}

err store_mark(struct store *store)
{
    assert(store->is_open);
    return sql_run(store->db, "SAVEPOINT one_job");
}

err store_keep(struct store *store)
{
    return sql_run(store->db, "RELEASE one_job");
}

err store_undo(struct store *store)
{
    TRY(sql_run(store->db, "ROLLBACK TO one_job"));
    TRY(sql_run(store->db, "RELEASE one_job"));
    TRY(leaf_rewind(store));
    return centre_reload(store);
}

str store_id(struct store *store, instant at, struct arena *turn)
{
    char room[ID_ROOM];
    id_make(store->ids, at, room);
    return str_copy(turn, str_from_c(room));
}

struct sql *store_sql(struct store *store)
{
    return store->db;
}

const struct providers *store_providers(const struct store *store)
{
    return store->providers;
}

const struct law_profile *store_law(const struct store *store)
{
    return store->law;
}

const struct centre *store_centre(const struct store *store)
{
    return store->has_centre ? &store->centre : NULL;
}

bool store_is_held(const struct store *store)
{
    return store->has_centre && store->centre.is_outbox_held != 0;
}

uint64_t store_leaf_count(const struct store *store)
{
    return store->tree.peaks.size;
}

struct random_source *store_random(struct store *store)
{
    return store->random;
}
