/* SPDX-License-Identifier: Apache-2.0 */
/* What each owner name's policy is, and the rows that say so; zone_names.c: which to look at;
 * zone_serial.c: what the state is called. */
#include "store/zone.h"

#include "store/part.h"
#include "store/zone_part.h"

#include <assert.h>

/* What the listings in force on exactly one name say; policy words, empty for none. */
struct own {
    bool has_allow;
    bool has_allow_suffix;
    str block; /* of the newest, exact or suffix */
    str block_suffix;
};

/* What covers a name: the listings on it and, by suffix, on its ancestors. */
struct cover {
    struct own own;
    bool has_allow_above;
    str block_above; /* of the nearest ancestor blocked by suffix */
};

static void own_add(struct own *own, bool is_allow, bool is_suffix, str policy)
{
    own->has_allow |= is_allow;
    own->has_allow_suffix |= is_allow && is_suffix;
    if (!is_allow)
        own->block = policy;
    if (!is_allow && is_suffix)
        own->block_suffix = policy;
}

static err read_own(struct sql_row *row, struct arena *turn, struct own *own)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        bool is_allow = str_equal(sql_peek(row, 0), STR("allow"));
        bool is_suffix = str_equal(sql_peek(row, 1), STR("suffix"));
        str policy = sql_str(row, 2, turn);
        if (policy.at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        own_add(own, is_allow, is_suffix, policy);
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err own_of(struct zoning *z, str name, struct own *ret_own)
{
    struct own own = {0};
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT \"action\", \"match\", \"rpz\" FROM listing"
                " WHERE \"kind\" = 'domain' AND \"value\" = $1 AND \"state\" = 'in_force'"
                " AND \"action\" <> 'warn' AND \"from\" <= $2 AND \"until\" > $2 ORDER BY \"id\"",
                &row));
    sql_bind_str(row, 1, name);
    sql_bind_i64(row, 2, z->now.us);
    err e = read_own(row, z->turn, &own);
    sql_done(&row);
    *ret_own = own;
    return e;
}

static err cover_of(struct zoning *z, str name, struct cover *ret_cover)
{
    struct cover cover = {0};
    TRY(own_of(z, name, &cover.own));
    str rest = name;
    str label = {0};
    while (str_split(&rest, '.', &label) && rest.size > 0) {
        struct own above = {0};
        TRY(own_of(z, rest, &above));
        cover.has_allow_above |= above.has_allow_suffix;
        if (str_is_empty(cover.block_above))
            cover.block_above = above.block_suffix;
    }
    *ret_cover = cover;
    return OK;
}

/* What the name itself and the names below it get; empty: nothing. */
struct policies {
    str exact;
    str below;
};

/*
 * A name that the zone knows, if only as the parent of another, is not reached by its ancestors'
 * wildcards, nor is anything below it (RFC 4592 2.2.2, 3.3.1): it must repeat what they say.
 */
static err policies_of(struct zoning *z, str name, const struct cover *c, struct policies *ret)
{
    const struct own *own = &c->own;
    struct policies p = {.exact = own->has_allow ? STR("passthru") : STR(""),
                         .below = own->has_allow_suffix ? STR("passthru") : STR("")};
    if (!c->has_allow_above && !own->has_allow)
        p.exact = own->block;
    if (!c->has_allow_above && !own->has_allow_suffix)
        p.below = own->block_suffix;
    *ret = p;
    bool is_whole = !str_is_empty(p.exact) && !str_is_empty(p.below);
    if (is_whole || c->has_allow_above || str_is_empty(c->block_above))
        return OK;
    bool is_known = own->has_allow || !str_is_empty(own->block);
    if (!is_known)
        TRY(zone_has_below(z, name, &is_known));
    if (is_known && str_is_empty(p.exact))
        ret->exact = c->block_above;
    if (is_known && str_is_empty(p.below))
        ret->below = c->block_above;
    return OK;
}

static err name_now(struct zoning *z, str owner, str *ret_policy)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db, "SELECT \"policy\" FROM rpz_name WHERE \"owner\" = $1", &row));
    sql_bind_str(row, 1, owner);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str policy = !failed(e) && has_row ? sql_str(row, 0, z->turn) : STR("");
    sql_done(&row);
    TRY(e);
    if (policy.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_policy = policy;
    return OK;
}

static err changes_put(struct zoning *z, struct zone_change change)
{
    struct zone_changes *changes = &z->changes;
    if (changes->count == changes->room) {
        size_t room = changes->room == 0 ? 16 : changes->room * 2;
        changes->at = arena_grow(z->turn, changes->at, changes->room * sizeof *changes->at,
                                 room * sizeof *changes->at);
        if (changes->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        changes->room = room;
    }
    changes->at[changes->count++] = change;
    return OK;
}

static err write_name(struct zoning *z, str owner, str policy)
{
    struct sql_row *row = NULL;
    if (str_is_empty(policy)) {
        TRY(sql_ask(z->store->db, "DELETE FROM rpz_name WHERE \"owner\" = $1", &row));
    } else {
        TRY(sql_ask(z->store->db,
                    "INSERT INTO rpz_name (\"owner\", \"policy\") VALUES ($1, $2)"
                    " ON CONFLICT (\"owner\") DO UPDATE SET \"policy\" = excluded.\"policy\"",
                    &row));
        sql_bind_str(row, 2, policy);
    }
    sql_bind_str(row, 1, owner);
    return sql_finish(&row);
}

static err owner_set(struct zoning *z, str owner, str after)
{
    str before = {0};
    TRY(name_now(z, owner, &before));
    if (str_equal(before, after))
        return OK;
    TRY(write_name(z, owner, after));
    return changes_put(z, (struct zone_change){.owner = owner, .before = before, .after = after});
}

static err domain_set(struct zoning *z, str domain)
{
    struct cover cover = {0};
    struct policies policies = {0};
    struct text owner;
    TRY(cover_of(z, domain, &cover));
    TRY(policies_of(z, domain, &cover, &policies));
    text_init(&owner, z->turn);
    text_put_c(&owner, "*.");
    text_put(&owner, domain);
    if (text_spent(&owner))
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(owner_set(z, domain, policies.exact));
    return owner_set(z, text_str(&owner), policies.below);
}

static void bind_policy(struct sql_row *row, int n, str policy)
{
    if (str_is_empty(policy))
        sql_bind_null(row, n);
    else
        sql_bind_str(row, n, policy);
}

static err change_put(struct zoning *z, const struct zone_change *change)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "INSERT INTO rpz_change (\"serial\", \"owner\", \"before\", \"after\", \"at\")"
                " VALUES ($1, $2, $3, $4, $5)",
                &row));
    sql_bind_i64(row, 1, z->changes.serial);
    sql_bind_str(row, 2, change->owner);
    bind_policy(row, 3, change->before);
    bind_policy(row, 4, change->after);
    sql_bind_i64(row, 5, z->now.us);
    return sql_finish(&row);
}

static err write_down(struct zoning *z)
{
    if (z->changes.count == 0)
        return OK;
    TRY(zone_renew(z->store, z->now, &z->changes.serial));
    for (size_t i = 0; i < z->changes.count; i++)
        TRY(change_put(z, &z->changes.at[i]));
    return OK;
}

err zone_update(struct store *store, struct zone_listings listings, instant now, struct arena *turn,
                struct zone_changes *ret_changes)
{
    assert(store->is_open);
    struct zoning z = {.store = store, .now = now, .turn = turn};
    TRY(zone_names(&z, listings));
    for (size_t i = 0; i < z.name_count; i++)
        TRY(domain_set(&z, z.names[i]));
    TRY(write_down(&z));
    *ret_changes = z.changes;
    return OK;
}
