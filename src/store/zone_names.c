/* SPDX-License-Identifier: Apache-2.0 */
#include "store/part.h"
#include "store/zone_part.h"

#include <assert.h>

static err names_put(struct zoning *z, str name)
{
    if (name.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (z->name_count > 0 && str_equal(z->names[z->name_count - 1], name))
        return OK;
    if (z->name_count == z->name_room) {
        size_t room = z->name_room == 0 ? 16 : z->name_room * 2;
        z->names =
            arena_grow(z->turn, z->names, z->name_room * sizeof *z->names, room * sizeof *z->names);
        if (z->names == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        z->name_room = room;
    }
    z->names[z->name_count++] = name;
    return OK;
}

/* "a.evil.com" is "com.evil.a." and the other way round. */
static str turned(str labels, bool ends_in_dot, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    size_t end = labels.size;
    while (end > 0) {
        size_t start = end;
        while (start > 0 && labels.at[start - 1] != '.')
            start--;
        text_put(&t, str_make(labels.at + start, end - start));
        end = start > 0 ? start - 1 : 0;
        if (end > 0 || ends_in_dot)
            text_put_char(&t, '.');
    }
    return text_spent(&t) ? (str){0} : text_str(&t);
}

/* All that lies below a name sorts after `low` and before `high`. */
struct below {
    str low;
    str high;
};

static err below_of(struct zoning *z, str name, struct below *ret_below)
{
    str low = turned(name, true, z->turn);
    char *high = low.at == NULL ? NULL : str_to_c(z->turn, low);
    if (high == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    high[low.size - 1] = '/'; /* follows '.' */
    *ret_below = (struct below){.low = low, .high = str_make(high, low.size)};
    return OK;
}

err zone_has_below(struct zoning *z, str name, bool *ret_has)
{
    struct below below;
    struct sql_row *row = NULL;
    TRY(below_of(z, name, &below));
    TRY(sql_ask(z->store->db,
                "SELECT 1 FROM rpz_domain WHERE \"turned\" > $1 AND \"turned\" < $2 LIMIT 1",
                &row));
    sql_bind_str(row, 1, below.low);
    sql_bind_str(row, 2, below.high);
    err e = sql_next(row, ret_has);
    sql_done(&row);
    return e;
}

/* The name's parents, up to but without `top`. Without one, to the top: where nothing stands above,
 * nothing has to be repeated. */
static err parents_put(struct zoning *z, str name, str top)
{
    str label = {0};
    while (str_split(&name, '.', &label) && name.size > top.size &&
           str_find_char(name, '.') < name.size)
        TRY(names_put(z, name));
    return OK;
}

/* A listing by suffix also changes what is listed below it, and the parents in between. */
static err below_put(struct zoning *z, str domain)
{
    struct below below;
    struct sql_row *row = NULL;
    TRY(below_of(z, domain, &below));
    TRY(sql_ask(z->store->db,
                "SELECT \"turned\" FROM rpz_domain WHERE \"turned\" > $1 AND \"turned\" < $2"
                " ORDER BY \"turned\"",
                &row));
    sql_bind_str(row, 1, below.low);
    sql_bind_str(row, 2, below.high);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str found = sql_peek(row, 0);
        str name = turned(str_until(found, found.size - 1), false, z->turn);
        e = names_put(z, name);
        if (!failed(e))
            e = parents_put(z, name, domain);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err is_listed(struct zoning *z, str domain, bool *ret_listed)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT 1 FROM listing WHERE \"kind\" = 'domain' AND \"value\" = $1"
                " AND \"state\" = 'in_force' AND \"action\" <> 'warn' AND \"from\" <= $2"
                " AND \"until\" > $2 LIMIT 1",
                &row));
    sql_bind_str(row, 1, domain);
    sql_bind_i64(row, 2, z->now.us);
    err e = sql_next(row, ret_listed);
    sql_done(&row);
    return e;
}

static err mark_listed(struct zoning *z, str domain)
{
    bool listed = false;
    struct sql_row *row = NULL;
    str key = turned(domain, true, z->turn);
    if (key.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(is_listed(z, domain, &listed));
    TRY(listed ? sql_ask(z->store->db,
                         "INSERT INTO rpz_domain (\"turned\") VALUES ($1) ON CONFLICT DO NOTHING",
                         &row)
               : sql_ask(z->store->db, "DELETE FROM rpz_domain WHERE \"turned\" = $1", &row));
    sql_bind_str(row, 1, key);
    return sql_finish(&row);
}

struct touched {
    str domain; /* empty: no domain, or only a warning */
    bool is_suffix;
    bool is_erased; /* nobody knows which name it was */
};

static err find_touched(struct zoning *z, str id, struct touched *ret_touched)
{
    struct touched t = {0};
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT \"value\", \"match\", \"value\" = 'erased-' || \"id\" FROM listing"
                " WHERE \"id\" = $1 AND \"kind\" = 'domain' AND \"action\" <> 'warn'",
                &row));
    sql_bind_str(row, 1, id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row) {
        t.domain = sql_str(row, 0, z->turn);
        t.is_suffix = str_equal(sql_peek(row, 1), STR("suffix"));
        t.is_erased = sql_i64(row, 2) != 0;
        e = t.domain.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
    }
    sql_done(&row);
    *ret_touched = t;
    return e;
}

/* Every name of a one-column list, brought into the turn before anything is written. */
static err all_of(struct zoning *z, const char *literal, bool is_turned)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db, literal, &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str found = sql_peek(row, 0);
        if (is_turned)
            found = turned(str_until(found, found.size - 1), false, z->turn);
        else if (str_starts(found, STR("*.")))
            found = str_from(found, 2);
        e = names_put(z, str_copy(z->turn, found));
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* When nobody knows any more which name it was: all that is in the zone, and all that should be. */
static err everything(struct zoning *z)
{
    z->name_count = 0;
    TRY(all_of(z, "SELECT \"turned\" FROM rpz_domain", true));
    TRY(all_of(z,
               "SELECT DISTINCT \"value\" FROM listing WHERE \"kind\" = 'domain'"
               " AND \"state\" = 'in_force' AND \"action\" <> 'warn' ORDER BY \"value\"",
               false));
    size_t listed = z->name_count;
    for (size_t i = 0; i < listed; i++)
        TRY(mark_listed(z, z->names[i]));
    for (size_t i = 0; i < listed; i++)
        TRY(parents_put(z, z->names[i], STR("")));
    return all_of(z, "SELECT \"owner\" FROM rpz_name", false);
}

static err touch(struct zoning *z, const struct touched *t)
{
    TRY(names_put(z, t->domain));
    TRY(parents_put(z, t->domain, STR("")));
    return t->is_suffix ? below_put(z, t->domain) : OK;
}

err zone_names(struct zoning *z, struct zone_listings listings)
{
    struct touched *touched = arena_make_array(z->turn, listings.count, sizeof *touched);
    if (touched == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    bool has_erased = false;
    for (size_t i = 0; i < listings.count; i++) {
        TRY(find_touched(z, listings.at[i], &touched[i]));
        has_erased |= touched[i].is_erased;
        if (!str_is_empty(touched[i].domain) && !touched[i].is_erased)
            TRY(mark_listed(z, touched[i].domain));
    }
    if (has_erased)
        return everything(z);
    for (size_t i = 0; i < listings.count; i++)
        if (!str_is_empty(touched[i].domain))
            TRY(touch(z, &touched[i]));
    return OK;
}
