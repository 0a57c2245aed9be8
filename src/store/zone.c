/* SPDX-License-Identifier: Apache-2.0 */
/* Words have changed: which owners of the zone say something else now? */
#include "store/zone.h"

#include "store/part.h"
#include "store/zone_part.h"

#include <assert.h>
#include <stdlib.h>

static const err no_memory = {.code = ERR_LIMIT, .why = "limit.memory"};

/* --- what changes, told and written down --- */

struct owner_change {
    str turned;
    uint8_t before;
    uint8_t after;
};

static err past_put(struct zoning *z, struct owner_change c)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "INSERT INTO rpz_change (\"serial\", \"turned\", \"before\", \"after\", \"at\")"
                " VALUES ($1, $2, $3, $4, $5)",
                &row));
    sql_bind_i64(row, 1, z->changes.serial);
    sql_bind_str(row, 2, c.turned);
    zone_bind_policy(row, 3, c.before);
    zone_bind_policy(row, 4, c.after);
    sql_bind_i64(row, 5, z->now.us);
    return sql_finish(&row);
}

/* In order of `turned`. */
static err owner_put(struct zoning *z, struct owner_change c)
{
    if (c.before == c.after)
        return OK;
    if (z->changes.count == 0)
        TRY(zone_renew(z->store, z->now, &z->changes.serial));
    z->changes.count++;
    if (!z->forgets_past)
        TRY(past_put(z, c));
    struct zone_change change = {.turned = c.turned,
                                 .before = zone_policy_word(c.before),
                                 .after = zone_policy_word(c.after)};
    return z->sink == NULL ? OK : z->sink->change(z->sink->self, &change);
}

/* --- few: each of them and its neighbours --- */

struct name {
    str turned;
    const struct zone_turn *alone; /* nothing above it or below it changes or is changed by it */
};

struct names {
    struct name *at;
    size_t count;
    size_t room;
};

static err name_put(struct zoning *z, struct names *n, struct name name)
{
    if (name.turned.at == NULL)
        return no_memory;
    if (n->count == n->room) {
        size_t room = n->room == 0 ? 16 : n->room * 2;
        n->at = arena_grow(z->turn, n->at, n->room * sizeof *n->at, room * sizeof *n->at);
        if (n->at == NULL)
            return no_memory;
        n->room = room;
    }
    n->at[n->count++] = name;
    return OK;
}

/* The name and its parents, up to but without `top`: where nothing stands above, nothing has to be
 * repeated. */
static err family_put(struct zoning *z, struct names *n, str turned, str top)
{
    for (; turned.size > top.size; turned = zone_parent(turned))
        TRY(name_put(z, n, (struct name){.turned = turned}));
    return OK;
}

/* "com.evil/": '/' follows '.'. */
static str below_end(str turned, char room[ZONE_TURNED_MAX])
{
    memcpy(room, turned.at, turned.size);
    room[turned.size - 1] = '/';
    return str_make(room, turned.size);
}

/* A word by suffix also changes what is listed below it, and the parents in between. */
static err below_put(struct zoning *z, struct names *n, str turned)
{
    char end[ZONE_TURNED_MAX];
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT \"turned\" FROM rpz_domain WHERE \"turned\" > $1 AND \"turned\" < $2"
                " ORDER BY \"turned\"",
                &row));
    sql_bind_str(row, 1, turned);
    sql_bind_str(row, 2, below_end(turned, end));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = family_put(z, n, str_copy(z->turn, sql_peek(row, 0)), turned);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err has_below(struct zoning *z, str turned, bool *ret_has)
{
    char end[ZONE_TURNED_MAX];
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT 1 FROM rpz_domain WHERE \"turned\" > $1 AND \"turned\" < $2 LIMIT 1",
                &row));
    sql_bind_str(row, 1, turned);
    sql_bind_str(row, 2, below_end(turned, end));
    err e = sql_next(row, ret_has);
    sql_done(&row);
    return e;
}

/* By what the table says at this moment. */
static err policies_now(struct zoning *z, str turned, struct zone_policies *ret_policies)
{
    struct zone_cover cover = {0};
    struct zone_word word = {0};
    bool has_row = false;
    for (size_t i = 0; i + 1 < turned.size; i++) {
        if (turned.at[i] != '.')
            continue;
        TRY(zone_word_find(z, str_until(turned, i + 1), &word, &has_row));
        cover = zone_cover_below(word, cover);
    }
    TRY(zone_word_find(z, turned, &word, &has_row));
    bool is_known = has_row;
    if (!is_known && !cover.has_allow && cover.block != ZONE_NOTHING)
        TRY(has_below(z, turned, &is_known));
    *ret_policies = zone_policies(word, cover, is_known);
    return OK;
}

/* --- of the few, most are alone --- */

static int by_turned(const void *a, const void *b)
{
    const struct zone_turn *x = a;
    const struct zone_turn *y = b;
    return str_compare(x->turned, y->turned);
}

static err is_listed(struct zoning *z, str turned, bool *ret_is)
{
    struct zone_turn wanted = {.turned = turned};
    struct zone_word word = {0};
    *ret_is = bsearch(&wanted, z->turns, z->turn_count, sizeof wanted, by_turned) != NULL;
    return *ret_is ? OK : zone_word_find(z, turned, &word, ret_is);
}

/* What was found of a name's parent goes for all its children, which stand side by side. */
struct parents {
    str turned;
    bool is_listed; /* it, or one above it */
};

static err has_listed_parent(struct zoning *z, str turned, struct parents *last, bool *ret_has)
{
    str parent = zone_parent(turned);
    if (!str_equal(parent, last->turned)) {
        bool is_found = false;
        for (str up = parent; !str_is_empty(up) && !is_found; up = zone_parent(up))
            TRY(is_listed(z, up, &is_found));
        *last = (struct parents){.turned = parent, .is_listed = is_found};
    }
    *ret_has = last->is_listed;
    return OK;
}

static bool is_wide(const struct zone_turn *t)
{
    return t->before.block_below != t->after.block_below ||
           (t->before.allow != t->after.allow &&
            (t->before.allow == ZONE_ALLOW_SUFFIX || t->after.allow == ZONE_ALLOW_SUFFIX));
}

/* Nothing covers it, and it covers nothing: then its own word says all that changes. */
static err is_alone(struct zoning *z, size_t i, struct parents *last, bool *ret_is)
{
    const struct zone_turn *t = &z->turns[i];
    bool is_next_below = i + 1 < z->turn_count && str_starts(t[1].turned, t->turned);
    bool has_other = false;
    TRY(has_listed_parent(z, t->turned, last, &has_other));
    if (!has_other && is_wide(t)) {
        has_other = is_next_below;
        if (!has_other)
            TRY(has_below(z, t->turned, &has_other));
    }
    *ret_is = !has_other;
    return OK;
}

static int by_name(const void *a, const void *b)
{
    const struct name *x = a;
    const struct name *y = b;
    int order = str_compare(x->turned, y->turned);
    return order != 0 ? order : (x->alone != NULL) - (y->alone != NULL);
}

static err names_of(struct zoning *z, size_t i, struct parents *last, struct names *n)
{
    const struct zone_turn *t = &z->turns[i];
    bool alone = false;
    TRY(is_alone(z, i, last, &alone));
    if (alone)
        return name_put(z, n, (struct name){.turned = t->turned, .alone = t});
    TRY(family_put(z, n, t->turned, STR("")));
    return is_wide(t) ? below_put(z, n, t->turned) : OK;
}

static err names_gather(struct zoning *z, struct names *n)
{
    struct parents last = {0};
    for (size_t i = 0; i < z->turn_count; i++)
        TRY(names_of(z, i, &last, n));
    if (n->count > 0)
        qsort(n->at, n->count, sizeof n->at[0], by_name);
    size_t kept = 0;
    for (size_t i = 0; i < n->count; i++)
        if (i == 0 || !str_equal(n->at[i - 1].turned, n->at[i].turned))
            n->at[kept++] = n->at[i];
    n->count = kept;
    return OK;
}

static err policies_before(struct zoning *z, const struct name *name, struct zone_policies *before)
{
    if (name->alone == NULL)
        return policies_now(z, name->turned, before);
    *before = zone_policies(name->alone->before, (struct zone_cover){0}, true);
    return OK;
}

static err name_told(struct zoning *z, const struct name *name, struct zone_policies before)
{
    char wild[ZONE_TURNED_MAX + 2];
    str turned = name->turned;
    struct zone_policies after = {0};
    if (name->alone != NULL)
        after = zone_policies(name->alone->after, (struct zone_cover){0}, true);
    else
        TRY(policies_now(z, turned, &after));
    memcpy(wild, turned.at, turned.size);
    memcpy(wild + turned.size, "*.", 2);
    TRY(owner_put(z, (struct owner_change){turned, before.exact, after.exact}));
    return owner_put(
        z, (struct owner_change){str_make(wild, turned.size + 2), before.below, after.below});
}

static err update_few(struct zoning *z)
{
    struct names names = {0};
    TRY(names_gather(z, &names));
    struct zone_policies *before = arena_make_array(z->turn, names.count, sizeof *before);
    if (before == NULL)
        return no_memory;
    for (size_t i = 0; i < names.count; i++)
        TRY(policies_before(z, &names.at[i], &before[i]));
    TRY(zone_turns_write(z));
    for (size_t i = 0; i < names.count; i++)
        TRY(name_told(z, &names.at[i], before[i]));
    return OK;
}

/* --- many: the whole zone as it was beside the whole zone as it will be --- */

/* The table with the turns in it, as a source. */
struct turned_table {
    struct zone_source table;
    const struct zoning *z;
    size_t next; /* turn */
    str turned;  /* of the table, not yet given */
    struct zone_word word;
    bool has_row;
    bool is_ahead; /* there is one, or there is none left */
};

/* The earlier of row and turn; of the same name the turn, and the row is passed over. */
static void turned_give(struct turned_table *t, const struct zone_turn *turn, str *ret_turned,
                        struct zone_word *ret_word)
{
    int order = t->has_row ? str_compare(t->turned, turn->turned) : 1;
    *ret_turned = order < 0 ? t->turned : turn->turned;
    *ret_word = order < 0 ? t->word : turn->after;
    t->is_ahead = order > 0;
    t->next += order >= 0;
}

/* One domain, which may have nothing left to say. */
static err turned_step(struct turned_table *t, str *ret_turned, struct zone_word *ret_word,
                       bool *ret_has)
{
    if (!t->is_ahead)
        TRY(t->table.next(t->table.self, &t->turned, &t->word, &t->has_row));
    t->is_ahead = true;
    bool has_turn = t->next < t->z->turn_count;
    *ret_has = t->has_row || has_turn;
    if (has_turn) {
        turned_give(t, &t->z->turns[t->next], ret_turned, ret_word);
    } else if (t->has_row) {
        *ret_turned = t->turned;
        *ret_word = t->word;
        t->is_ahead = false;
    }
    return OK;
}

static err turned_next(void *self, str *ret_turned, struct zone_word *ret_word, bool *ret_has)
{
    do
        TRY(turned_step(self, ret_turned, ret_word, ret_has));
    while (*ret_has && zone_word_is_none(*ret_word));
    return OK;
}

struct side {
    struct zone_reader reader;
    struct zone_owner owner;
    bool has;
};

static err side_next(struct side *s)
{
    return zone_reader_next(&s->reader, &s->owner, &s->has);
}

static err compare(struct zoning *z, struct side *was, struct side *is)
{
    TRY(side_next(was));
    TRY(side_next(is));
    while (was->has || is->has) {
        int order = !was->has  ? 1
                    : !is->has ? -1
                               : str_compare(was->owner.turned, is->owner.turned);
        TRY(owner_put(
            z, (struct owner_change){.turned = order <= 0 ? was->owner.turned : is->owner.turned,
                                     .before = order <= 0 ? was->owner.policy : ZONE_NOTHING,
                                     .after = order >= 0 ? is->owner.policy : ZONE_NOTHING}));
        if (order <= 0)
            TRY(side_next(was));
        if (order >= 0)
            TRY(side_next(is));
    }
    return OK;
}

static err update_many(struct zoning *z)
{
    struct zone_table before = {0};
    struct zone_table after = {0};
    struct side *sides = arena_make_array(z->turn, 2, sizeof *sides);
    if (sides == NULL)
        return no_memory;
    err e = zone_table_open(z->store->db, ZONE_READING, &before);
    if (!failed(e))
        e = zone_table_open(z->store->db, ZONE_READING_TOO, &after);
    struct turned_table turned = {.table = zone_table_source(&after), .z = z};
    zone_reader_begin(&sides[0].reader, zone_table_source(&before));
    zone_reader_begin(&sides[1].reader, (struct zone_source){&turned, turned_next});
    if (!failed(e))
        e = compare(z, &sides[0], &sides[1]);
    zone_table_close(&before);
    zone_table_close(&after);
    return failed(e) ? e : zone_turns_write(z);
}

err zone_update(struct store *store, struct zone_listings listings, struct zone_ask ask,
                struct zone_changes *ret_changes)
{
    assert(store->is_open);
    struct zoning z = {
        .store = store, .now = ask.now, .turn = ask.turn, .sink = ask.sink, .way = ask.way};
    TRY(zone_turns(&z, listings));
    z.forgets_past = ask.leaves_no_past || z.turn_count > ZONE_PAST_MOST;
    TRY(z.is_many ? update_many(&z) : update_few(&z));
    if (z.forgets_past)
        TRY(zone_forget(store)); /* whoever was away for this takes the zone whole */
    *ret_changes = z.changes;
    return OK;
}
