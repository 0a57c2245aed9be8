/* SPDX-License-Identifier: Apache-2.0 */
/* Listings changed: which domains do they speak of, and what do all listings say of each now? */
#include "store/many.h"
#include "store/part.h"
#include "store/zone_part.h"

#include <assert.h>
#include <stdlib.h>

/* What one listing says, or that its domain has to be looked at. */
struct said {
    str turned;
    str id;
    struct zone_word word; /* none when it is not in force */
};

struct saids {
    struct said *at;
    size_t count;
    size_t room;
    bool has_erased;
};

static const err no_memory = {.code = ERR_LIMIT, .why = "limit.memory"};

/* Newer listings speak last. */
static struct zone_word word_add(struct zone_word word, struct zone_word more)
{
    word.allow = more.allow > word.allow ? more.allow : word.allow;
    word.block = more.block == ZONE_NOTHING ? word.block : more.block;
    word.block_below = more.block_below == ZONE_NOTHING ? word.block_below : more.block_below;
    return word;
}

/* Columns from `at` on: action, match, rpz. */
static struct zone_word word_of_row(struct sql_row *row, int at)
{
    bool is_suffix = str_equal(sql_peek(row, at + 1), STR("suffix"));
    if (str_equal(sql_peek(row, at), STR("allow")))
        return (struct zone_word){.allow = is_suffix ? ZONE_ALLOW_SUFFIX : ZONE_ALLOW_EXACT};
    uint8_t policy = zone_policy_parse(sql_peek(row, at + 2));
    return (struct zone_word){.block = policy, .block_below = is_suffix ? policy : ZONE_NOTHING};
}

/* What all listings in force on the domain say. */
static err word_now(struct zoning *z, str turned, struct zone_word *ret_word)
{
    char room[ZONE_TURNED_MAX];
    struct sql_row *row = NULL;
    struct zone_word word = {0};
    TRY(sql_ask(z->store->db,
                "SELECT \"action\", \"match\", \"rpz\" FROM listing"
                " WHERE \"kind\" = 'domain' AND \"value\" = $1 AND \"state\" = 'in_force'"
                " AND \"action\" <> 'warn' AND \"from\" <= $2 AND \"until\" > $2 ORDER BY \"id\"",
                &row));
    sql_bind_str(row, 1, zone_turn_back(turned, room));
    sql_bind_i64(row, 2, z->now.us);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        word = word_add(word, word_of_row(row, 0));
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_word = word;
    return e;
}

err zone_word_find(struct zoning *z, str turned, struct zone_word *ret_word, bool *ret_has)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db,
                "SELECT \"allow\", \"block\", \"block_below\" FROM rpz_domain"
                " WHERE \"turned\" = $1",
                &row));
    sql_bind_str(row, 1, turned);
    err e = sql_next(row, ret_has);
    *ret_word = (struct zone_word){0};
    if (!failed(e) && *ret_has)
        *ret_word = (struct zone_word){.allow = (uint8_t)sql_i64(row, 0),
                                       .block = zone_policy_parse(sql_peek(row, 1)),
                                       .block_below = zone_policy_parse(sql_peek(row, 2))};
    sql_done(&row);
    return e;
}

/* --- what was said --- */

static err said_put(struct zoning *z, struct saids *s, struct said said)
{
    if (s->count == s->room) {
        size_t room = s->room == 0 ? 16 : s->room * 2;
        s->at = arena_grow(z->turn, s->at, s->room * sizeof *s->at, room * sizeof *s->at);
        if (s->at == NULL)
            return no_memory;
        s->room = room;
    }
    s->at[s->count++] = said;
    return OK;
}

static err said_domain(struct zoning *z, str domain, str *ret_turned)
{
    char room[ZONE_TURNED_MAX];
    *ret_turned = str_copy(z->turn, zone_turn_over(domain, room));
    return ret_turned->at == NULL ? no_memory : OK;
}

enum found { FOUND_NOTHING, FOUND_DOMAIN, FOUND_ERASED };

#define SAID                                                                                       \
    "SELECT \"action\", \"match\", \"rpz\", \"value\", \"value\" = 'erased-' || \"id\","           \
    " \"state\" = 'in_force' AND \"from\" <= $1 AND \"until\" > $1, \"kind\", \"id\" FROM listing"

/* A row of SAID; the id is the caller's. */
static err said_of_row(struct zoning *z, struct sql_row *row, struct said *said,
                       enum found *ret_found)
{
    bool is_domain =
        str_equal(sql_peek(row, 6), STR("domain")) && !str_equal(sql_peek(row, 0), STR("warn"));
    *ret_found = FOUND_NOTHING;
    if (!is_domain)
        return OK;
    *ret_found = sql_i64(row, 4) != 0 ? FOUND_ERASED : FOUND_DOMAIN;
    said->word = sql_i64(row, 5) != 0 ? word_of_row(row, 0) : (struct zone_word){0};
    return said_domain(z, sql_peek(row, 3), &said->turned);
}

static err take_said(struct zoning *z, struct sql_row *row, str id, struct saids *s)
{
    struct said said = {.id = id};
    enum found found = FOUND_NOTHING;
    TRY(said_of_row(z, row, &said, &found));
    s->has_erased = s->has_erased || found == FOUND_ERASED;
    return found == FOUND_DOMAIN && !str_is_empty(said.turned) ? said_put(z, s, said) : OK;
}

static err find_said(struct zoning *z, str id, struct saids *s)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db, SAID " WHERE \"id\" = $2", &row));
    sql_bind_i64(row, 1, z->now.us);
    sql_bind_str(row, 2, id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        e = take_said(z, row, id, s);
    sql_done(&row);
    return e;
}

/*
 * A large batch's listings lie side by side: reading on costs half of asking for each. `ids` are in
 * order; stops where too much lies between them, and says how far it came.
 */
static err find_side_by_side(struct zoning *z, struct zone_listings ids, struct saids *s,
                             size_t *ret_done)
{
    enum { BETWEEN_MOST = 1000 };
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db, SAID " WHERE \"id\" >= $2 AND \"id\" <= $3 ORDER BY \"id\"", &row));
    sql_bind_i64(row, 1, z->now.us);
    sql_bind_str(row, 2, ids.at[0]);
    sql_bind_str(row, 3, ids.at[ids.count - 1]);
    size_t between = 0;
    size_t next = 0;
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && between <= next + BETWEEN_MOST) {
        while (next < ids.count && str_compare(ids.at[next], sql_peek(row, 7)) < 0)
            next++;
        bool is_ours = next < ids.count && str_equal(ids.at[next], sql_peek(row, 7));
        between += !is_ours;
        if (is_ours)
            e = take_said(z, row, ids.at[next++], s);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_done = has_row ? next : ids.count;
    return e;
}

static bool is_in_order(struct zone_listings ids)
{
    for (size_t i = 1; i < ids.count; i++)
        if (str_compare(ids.at[i - 1], ids.at[i]) >= 0)
            return false;
    return true;
}

static err find_all(struct zoning *z, struct zone_listings ids, struct saids *s)
{
    size_t done = 0;
    if (z->is_large && is_in_order(ids))
        TRY(find_side_by_side(z, ids, s, &done));
    for (size_t i = done; i < ids.count && !s->has_erased; i++)
        TRY(find_said(z, ids.at[i], s));
    return OK;
}

/* A list of one column: a domain, or one turned. */
static err said_all(struct zoning *z, const char *literal, bool is_turned, struct saids *s)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(z->store->db, literal, &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        struct said said = {.id = STR("")};
        if (is_turned)
            said.turned = str_copy(z->turn, sql_peek(row, 0));
        else
            e = said_domain(z, sql_peek(row, 0), &said.turned);
        if (!failed(e))
            e = said.turned.at == NULL ? no_memory : said_put(z, s, said);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* When nobody knows any more which domain it was: all that the zone knows, and all it should. */
static err say_everything(struct zoning *z, struct saids *s)
{
    s->count = 0;
    TRY(said_all(z, "SELECT \"turned\" FROM rpz_domain", true, s));
    return said_all(z,
                    "SELECT DISTINCT \"value\" FROM listing WHERE \"kind\" = 'domain'"
                    " AND \"state\" = 'in_force' AND \"action\" <> 'warn'",
                    false, s);
}

static int by_domain_then_age(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    int order = str_compare(x->turned, y->turned);
    return order != 0 ? order : str_compare(x->id, y->id);
}

static err gather(struct zoning *z, struct zone_listings listings, struct saids *s)
{
    TRY(find_all(z, listings, s));
    if (s->has_erased)
        TRY(say_everything(z, s));
    if (s->count > 0)
        qsort(s->at, s->count, sizeof s->at[0], by_domain_then_age);
    return OK;
}

/* --- whose word changes --- */

/* What the zone was told last, read on from where the last domain stood. */
struct reading {
    struct zone_table table;
    str turned; /* where it stands */
    struct zone_word word;
    bool has_row;
};

static err reading_step(struct reading *r)
{
    struct zone_source source = zone_table_source(&r->table);
    return source.next(source.self, &r->turned, &r->word, &r->has_row);
}

static err word_before(struct zoning *z, struct reading *r, struct zone_turn *turn, bool *ret_has)
{
    if (!z->is_many)
        return zone_word_find(z, turn->turned, &turn->before, ret_has);
    while (r->has_row && str_compare(r->turned, turn->turned) < 0)
        TRY(reading_step(r));
    *ret_has = r->has_row && str_equal(r->turned, turn->turned);
    turn->before = *ret_has ? r->word : (struct zone_word){0};
    return OK;
}

/* A domain that the zone has not heard of has no listings but those that have just been found:
 * most of a large step need not be asked about one by one. */
static err turn_of(struct zoning *z, const struct saids *s, size_t *next, struct reading *reading)
{
    struct zone_turn turn = {.turned = s->at[*next].turned};
    bool has_row = false;
    while (*next < s->count && str_equal(s->at[*next].turned, turn.turned))
        turn.after = word_add(turn.after, s->at[(*next)++].word);
    TRY(word_before(z, reading, &turn, &has_row));
    if (!z->is_large || has_row || s->has_erased)
        TRY(word_now(z, turn.turned, &turn.after));
    if (!zone_word_is_equal(turn.before, turn.after))
        z->turns[z->turn_count++] = turn;
    return OK;
}

static err turns_all(struct zoning *z, const struct saids *s)
{
    struct reading reading = {0};
    err e = OK;
    if (z->is_many)
        e = zone_table_open(z->store->db, ZONE_READING, &reading.table);
    if (!failed(e) && z->is_many)
        e = reading_step(&reading);
    for (size_t i = 0; !failed(e) && i < s->count;)
        e = turn_of(z, s, &i, &reading);
    zone_table_close(&reading.table);
    return e;
}

/* From this many on, and this share of the zone, one pass over all is cheaper. */
static err is_many(struct zoning *z, size_t count, bool *ret_is)
{
    enum { MANY = 2000, MANY_SHARE = 4 };
    struct sql_row *row = NULL;
    *ret_is = z->way == ZONE_ALL_AT_ONCE;
    if (z->way != ZONE_CHEAPER || count < MANY)
        return OK;
    TRY(sql_ask(z->store->db, "SELECT count(*) FROM (SELECT 1 FROM rpz_domain LIMIT $1) AS some",
                &row));
    sql_bind_i64(row, 1, (int64_t)count * MANY_SHARE);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_is = !failed(e) && sql_i64(row, 0) < (int64_t)count * MANY_SHARE;
    sql_done(&row);
    return e;
}

err zone_turns(struct zoning *z, struct zone_listings listings)
{
    struct saids s = {.room = listings.count};
    enum { LARGE = 256 };
    z->is_large = z->way == ZONE_ALL_AT_ONCE || listings.count >= LARGE;
    s.at = arena_make_array(z->turn, s.room, sizeof *s.at);
    if (s.at == NULL)
        return no_memory;
    TRY(gather(z, listings, &s));
    TRY(is_many(z, s.count, &z->is_many));
    z->turns = arena_make_array(z->turn, s.count, sizeof *z->turns);
    return z->turns == NULL ? no_memory : turns_all(z, &s);
}

void zone_bind_policy(struct sql_row *row, int n, uint8_t policy)
{
    if (policy == ZONE_NOTHING)
        sql_bind_null(row, n);
    else
        sql_bind_str(row, n, zone_policy_word(policy));
}

static err word_put(struct zoning *z, const struct zone_turn *turn)
{
    struct sql_row *row = NULL;
    if (zone_word_is_none(turn->after)) {
        TRY(sql_ask(z->store->db, "DELETE FROM rpz_domain WHERE \"turned\" = $1", &row));
    } else {
        TRY(sql_ask(z->store->db,
                    "INSERT INTO rpz_domain (\"turned\", \"allow\", \"block\", \"block_below\")"
                    " VALUES ($1, $2, $3, $4) ON CONFLICT (\"turned\") DO UPDATE SET"
                    " \"allow\" = excluded.\"allow\", \"block\" = excluded.\"block\","
                    " \"block_below\" = excluded.\"block_below\"",
                    &row));
        sql_bind_i64(row, 2, turn->after.allow);
        zone_bind_policy(row, 3, turn->after.block);
        zone_bind_policy(row, 4, turn->after.block_below);
    }
    sql_bind_str(row, 1, turn->turned);
    return sql_finish(&row);
}

static void bind_word(struct sql_row *row, size_t i, const struct zone_turn *turn)
{
    sql_bind_str(row, many_place(MANY_DOMAINS, i, 1), turn->turned);
    sql_bind_i64(row, many_place(MANY_DOMAINS, i, 2), turn->after.allow);
    zone_bind_policy(row, many_place(MANY_DOMAINS, i, 3), turn->after.block);
    zone_bind_policy(row, many_place(MANY_DOMAINS, i, 4), turn->after.block_below);
}

static err words_put(struct zoning *z, const struct zone_turn *turns)
{
    struct sql_row *row = NULL;
    TRY(many_ask(z->store, MANY_DOMAINS, &row));
    for (size_t i = 0; i < MANY_ROWS; i++)
        bind_word(row, i, &turns[i]);
    return sql_finish(&row);
}

/* How many from here on have something to say, up to a statement's worth. */
static size_t run_of(const struct zoning *z, size_t at)
{
    size_t size = 0;
    while (size < MANY_ROWS && at + size < z->turn_count &&
           !zone_word_is_none(z->turns[at + size].after))
        size++;
    return size;
}

err zone_turns_write(struct zoning *z)
{
    for (size_t i = 0; i < z->turn_count;) {
        bool is_many = run_of(z, i) == MANY_ROWS;
        TRY(is_many ? words_put(z, &z->turns[i]) : word_put(z, &z->turns[i]));
        i += is_many ? MANY_ROWS : 1;
    }
    return OK;
}
