/* SPDX-License-Identifier: Apache-2.0 */
#include "store/zone.h"

#include "store/part.h"

#include <assert.h>

#define ZONE "rpz"

/* What covers an owner: the listings in force on the name itself and, by suffix, on its
 * ancestors. */
struct cover {
    bool has_allow_exact;
    bool has_allow_suffix; /* on the name or above it */
    str block_exact;       /* policy word of the newest block on the name; empty: none */
    str block_suffix;      /* of the newest suffix block on the name itself */
    str block_above;       /* of the nearest ancestor blocked by suffix */
};

static void cover_add(struct cover *cover, bool is_own, bool is_allow, bool is_suffix, str policy)
{
    if (is_allow && is_suffix)
        cover->has_allow_suffix = true;
    if (is_allow && is_own)
        cover->has_allow_exact = true;
    if (!is_allow && is_own)
        cover->block_exact = policy;
    if (!is_allow && is_own && is_suffix)
        cover->block_suffix = policy;
    if (!is_allow && !is_own && is_suffix && str_is_empty(cover->block_above))
        cover->block_above = policy;
}

static err read_cover(struct sql_row *row, bool is_own, struct arena *turn, struct cover *cover)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        bool is_allow = str_equal(sql_peek(row, 0), STR("allow"));
        bool is_suffix = str_equal(sql_peek(row, 1), STR("suffix"));
        str policy = sql_str(row, 2, turn);
        if (policy.at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        cover_add(cover, is_own, is_allow, is_suffix, policy);
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err cover_by(struct store *store, str name, bool is_own, instant now, struct arena *turn,
                    struct cover *cover)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT \"action\", \"match\", \"rpz\" FROM listing"
                " WHERE \"kind\" = 'domain' AND \"value\" = $1 AND \"state\" = 'in_force'"
                " AND \"action\" <> 'warn' AND \"from\" <= $2 AND \"until\" > $2 ORDER BY \"id\"",
                &row));
    sql_bind_str(row, 1, name);
    sql_bind_i64(row, 2, now.us);
    err e = read_cover(row, is_own, turn, cover);
    sql_done(&row);
    return e;
}

static err cover_of(struct store *store, str name, instant now, struct arena *turn,
                    struct cover *ret_cover)
{
    struct cover cover = {0};
    TRY(cover_by(store, name, true, now, turn, &cover));
    str rest = name;
    str label = {0};
    while (str_split(&rest, '.', &label) && rest.size > 0)
        TRY(cover_by(store, rest, false, now, turn, &cover));
    *ret_cover = cover;
    return OK;
}

static str policy_exact(const struct cover *c)
{
    if (c->has_allow_exact)
        return STR("passthru");
    return c->has_allow_suffix ? STR("") : c->block_exact;
}

/* Below a name of the zone its ancestors' wildcards no longer reach (RFC 4592 3.3.1), so a name
 * that is let through alone must repeat what holds for those below it. */
static str policy_below(const struct cover *c, bool has_own_allow_suffix)
{
    if (c->has_allow_suffix)
        return has_own_allow_suffix ? STR("passthru") : STR("");
    if (!str_is_empty(c->block_suffix))
        return c->block_suffix;
    return c->has_allow_exact || !str_is_empty(c->block_exact) ? c->block_above : STR("");
}

static err name_now(struct store *store, str owner, struct arena *turn, str *ret_policy)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "SELECT \"policy\" FROM rpz_name WHERE \"owner\" = $1", &row));
    sql_bind_str(row, 1, owner);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str policy = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    TRY(e);
    if (policy.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_policy = policy;
    return OK;
}

static err changes_put(struct zone_changes *changes, struct arena *turn, struct zone_change change)
{
    if (changes->count == changes->room) {
        size_t room = changes->room == 0 ? 16 : changes->room * 2;
        changes->at = arena_grow(turn, changes->at, changes->room * sizeof *changes->at,
                                 room * sizeof *changes->at);
        if (changes->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        changes->room = room;
    }
    changes->at[changes->count++] = change;
    return OK;
}

static err write_name(struct store *store, str owner, str policy)
{
    struct sql_row *row = NULL;
    if (str_is_empty(policy)) {
        TRY(sql_ask(store->db, "DELETE FROM rpz_name WHERE \"owner\" = $1", &row));
    } else {
        TRY(sql_ask(store->db,
                    "INSERT INTO rpz_name (\"owner\", \"policy\") VALUES ($1, $2)"
                    " ON CONFLICT (\"owner\") DO UPDATE SET \"policy\" = excluded.\"policy\"",
                    &row));
        sql_bind_str(row, 2, policy);
    }
    sql_bind_str(row, 1, owner);
    return sql_finish(&row);
}

static err owner_set(struct store *store, str owner, str after, struct arena *turn,
                     struct zone_changes *changes)
{
    str before = {0};
    TRY(name_now(store, owner, turn, &before));
    if (str_equal(before, after))
        return OK;
    TRY(write_name(store, owner, after));
    struct zone_change change = {.owner = owner, .before = before, .after = after};
    return changes_put(changes, turn, change);
}

static err domain_set(struct store *store, str domain, instant now, struct arena *turn,
                      struct zone_changes *changes)
{
    struct cover cover = {0};
    TRY(cover_of(store, domain, now, turn, &cover));
    struct cover own = {0};
    TRY(cover_by(store, domain, true, now, turn, &own));
    struct text below;
    text_init(&below, turn);
    text_put_c(&below, "*.");
    text_put(&below, domain);
    if (text_spent(&below))
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(owner_set(store, domain, policy_exact(&cover), turn, changes));
    return owner_set(store, text_str(&below), policy_below(&cover, own.has_allow_suffix), turn,
                     changes);
}

struct names {
    str *at;
    size_t count;
    size_t room;
};

static err names_put(struct names *names, struct arena *turn, str name)
{
    if (names->count == names->room) {
        size_t room = names->room == 0 ? 16 : names->room * 2;
        names->at =
            arena_grow(turn, names->at, names->room * sizeof *names->at, room * sizeof *names->at);
        if (names->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        names->room = room;
    }
    if (name.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    names->at[names->count++] = name;
    return OK;
}

/* An allow by suffix also changes what is listed below it. */
static err names_below(struct store *store, str domain, struct arena *turn, struct names *names)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT DISTINCT \"value\" FROM listing WHERE \"kind\" = 'domain'"
                " AND \"state\" = 'in_force' AND length(\"value\") > length($1)"
                " AND substr(\"value\", length(\"value\") - length($1)) = '.' || $1",
                &row));
    sql_bind_str(row, 1, domain);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = names_put(names, turn, sql_str(row, 0, turn));
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err names_of_listing(struct store *store, str id, struct arena *turn, struct names *names)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT \"value\", \"action\", \"match\" FROM listing"
                " WHERE \"id\" = $1 AND \"kind\" = 'domain'",
                &row));
    sql_bind_str(row, 1, id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    bool is_there = !failed(e) && has_row;
    str domain = is_there ? sql_str(row, 0, turn) : STR("");
    bool is_wide = is_there && str_equal(sql_peek(row, 1), STR("allow")) &&
                   str_equal(sql_peek(row, 2), STR("suffix"));
    sql_done(&row);
    TRY(e);
    if (!is_there)
        return OK;
    TRY(names_put(names, turn, domain));
    return is_wide ? names_below(store, domain, turn, names) : OK;
}

err zone_serial(struct sql *db, uint32_t *ret_serial)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, "SELECT \"serial\" FROM rpz_serial WHERE \"zone\" = '" ZONE "'", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_serial = has_row ? (uint32_t)sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

static err serial_put(struct store *store, uint32_t serial)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO rpz_serial (\"zone\", \"serial\") VALUES ('" ZONE "', $1)"
                " ON CONFLICT (\"zone\") DO UPDATE SET \"serial\" = excluded.\"serial\"",
                &row));
    sql_bind_i64(row, 1, serial);
    return sql_finish(&row);
}

static err change_put(struct store *store, uint32_t serial, const struct zone_change *change)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO rpz_change (\"serial\", \"owner\", \"before\", \"after\")"
                " VALUES ($1, $2, $3, $4)",
                &row));
    sql_bind_i64(row, 1, serial);
    sql_bind_str(row, 2, change->owner);
    if (str_is_empty(change->before))
        sql_bind_null(row, 3);
    else
        sql_bind_str(row, 3, change->before);
    if (str_is_empty(change->after))
        sql_bind_null(row, 4);
    else
        sql_bind_str(row, 4, change->after);
    return sql_finish(&row);
}

err zone_update(struct store *store, const str *listings, size_t count, instant now,
                struct arena *turn, struct zone_changes *ret_changes)
{
    assert(store->is_open);
    struct names names = {0};
    for (size_t i = 0; i < count; i++)
        TRY(names_of_listing(store, listings[i], turn, &names));
    struct zone_changes changes = {0};
    for (size_t i = 0; i < names.count; i++)
        TRY(domain_set(store, names.at[i], now, turn, &changes));
    if (changes.count > 0) {
        uint32_t serial = 0;
        TRY(zone_serial(store->db, &serial));
        changes.serial = serial == 0 ? (uint32_t)(now.us / US_PER_S) : serial + 1;
        TRY(serial_put(store, changes.serial));
        for (size_t i = 0; i < changes.count; i++)
            TRY(change_put(store, changes.serial, &changes.at[i]));
    }
    *ret_changes = changes;
    return OK;
}

err zone_leap(struct store *store, instant now)
{
    uint32_t serial = 0;
    TRY(zone_serial(store->db, &serial));
    uint32_t seconds = (uint32_t)(now.us / US_PER_S);
    TRY(serial_put(store, (serial > seconds ? serial : seconds) + ZONE_LEAP));
    return sql_run(store->db, "DELETE FROM rpz_change");
}
