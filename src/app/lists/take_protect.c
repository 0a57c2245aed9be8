/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A list that protects: its names, and what they do to the lists that enforce. No name is enforced
 * on the word of a list while another protects it, whichever came first:
 *
 *     names of the list, one transaction --> whatever lists have in force of its kind, judged again
 *                                              the name itself     lifted, and a conflict
 *                                              what lies above it  lifted, and in force anew, alone
 *
 * All of it is judged each time, not only what is new: so the list sent again mends what was cut
 * short. What two people have decided stays as it is.
 */
#include "app/lists/take_inside.h"
#include "kit/suffix.h"
#include "store/sql.h"

#include <stdlib.h>

enum { GROUP = 256, FIRST = 64 };

/* --- the names --- */

static err forget_names(struct take *t, struct store *store)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store), "DELETE FROM protected_value WHERE \"source\" = $1", &row));
    sql_bind_str(row, 1, t->source->id);
    return sql_finish(&row);
}

static err put_name(struct take *t, struct store *store, const struct entry *e)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "INSERT INTO protected_value (\"kind\", \"value\", \"source\") VALUES ($1, $2, $3)",
                &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[t->source->kind]));
    sql_bind_str(row, 2, e->value);
    sql_bind_str(row, 3, t->source->id);
    return sql_finish(&row);
}

/* In one transaction: no name is unprotected in between. */
static err write_names(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    (void)at;
    (void)turn;
    TRY(forget_names(t, store));
    for (size_t i = 0; i < t->count; i++)
        TRY(put_name(t, store, &t->entries[i]));
    t->counts.entered = (int64_t)t->count;
    return OK;
}

/* --- what stands against them --- */

struct standing {
    struct entry entry;
    str listing;
    str source;
    str division;
    str batch; /* that brought it */
};

struct review {
    struct take *t;
    struct rules *rules;
    struct standing *found;
    size_t count;
    size_t room;
};

static err room_for_one(struct review *r)
{
    if (r->count < r->room)
        return OK;
    size_t room = r->room == 0 ? FIRST : 2 * r->room;
    r->found =
        arena_grow(&r->t->keep, r->found, r->room * sizeof *r->found, room * sizeof *r->found);
    r->room = room;
    return r->found == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err keep(struct review *r, struct sql_row *row, const struct entry *judged)
{
    struct arena *a = &r->t->keep;
    TRY(room_for_one(r));
    struct standing *s = &r->found[r->count++];
    *s = (struct standing){.entry = *judged,
                           .listing = sql_str(row, 1, a),
                           .source = sql_str(row, 2, a),
                           .division = sql_str(row, 4, a),
                           .batch = sql_str(row, 5, a)};
    s->entry.value = sql_str(row, 0, a);
    s->entry.display = sql_str(row, 6, a);
    bool has_all = s->entry.value.at != NULL && s->entry.display.at != NULL &&
                   s->listing.at != NULL && s->source.at != NULL && s->division.at != NULL &&
                   s->batch.at != NULL;
    return has_all ? OK : fail(ERR_LIMIT, "limit.memory", 0);
}

static err judge_all(struct review *r, struct sql_row *row)
{
    bool has_row = false;
    bool is_domain = r->t->source->kind == INDICATOR_DOMAIN;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        struct entry e = {.value = sql_peek(row, 0), .fate = FATE_KEEP};
        bool is_wide = sql_i64(row, 3) != 0;
        e.is_public = is_domain && suffix_is_public(e.value);
        take_judge_standing(r->rules, &e, is_wide);
        if (e.fate == FATE_CONFLICT || (is_wide && e.is_exact))
            TRY(keep(r, row, &e));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static int compare_sources(const void *a, const void *b)
{
    const struct standing *x = a;
    const struct standing *y = b;
    int order = str_compare(x->source, y->source);
    return order != 0 ? order : str_compare(x->entry.value, y->entry.value);
}

static err review(struct review *r, struct reader *reader)
{
    struct sql_row *row = NULL;
    TRY(take_rules_make(r->t, reader, &r->rules));
    TRY(sql_ask(reader_sql(reader),
                "SELECT \"value\", \"id\", \"source_id\", \"match\" = 'suffix', \"division\","
                " \"batch\", coalesce(\"display\", \"value\") FROM listing"
                " WHERE \"kind\" = $1 AND \"state\" = 'in_force' AND \"action\" <> 'allow'"
                " AND \"source_id\" IS NOT NULL",
                &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[r->t->source->kind]));
    err e = judge_all(r, row);
    sql_done(&row);
    if (!failed(e) && r->count > 0)
        qsort(r->found, r->count, sizeof *r->found, compare_sources);
    return e;
}

/* --- it goes --- */

/* Of one source, from t->at. */
static size_t group_size(const struct review *r)
{
    const struct standing *first = &r->found[r->t->at];
    size_t count = 1;
    while (count < GROUP && r->t->at + count < r->count &&
           str_equal(first[count].source, first->source))
        count++;
    return count;
}

static err lift(struct review *r, struct store *store, size_t count, instant at)
{
    struct take *t = r->t;
    const struct standing *first = &r->found[t->at];
    for (size_t i = 0; i < count; i++) {
        struct member *m = &t->members[i];
        bool is_conflict = first[i].entry.fate == FATE_CONFLICT;
        *m = (struct member){.command = take_member(t, ACT_LISTING_VANISH, first[i].listing)};
        m->command.why = take_gone_why(t, is_conflict ? GONE_CONFLICT : GONE_NARROWED);
    }
    TRY(store_apply_many(store, first->source, t->members, count, at));
    t->counts.vanished += take_count_done(t, count);
    return OK;
}

/* The batch that brought it brings it again: it is still on that list. */
static struct member alone(struct take *t, const struct standing *s, str id)
{
    struct member m = {.command = take_member(t, ACT_LISTING_ENTER, id)};
    m.command.body.listing = (struct listing){.value = s->entry.value,
                                              .display = s->entry.display,
                                              .match = MATCH_EXACT,
                                              .division = s->division,
                                              .batch = s->batch};
    return m;
}

static err find_conflict(struct review *r, struct store *store, const struct standing *s,
                         instant at, struct arena *turn)
{
    struct conflict found = {.source = s->source,
                             .kind = r->t->source->kind,
                             .value = s->entry.value,
                             .rule = s->entry.rule,
                             .against = s->entry.other,
                             .division = s->division};
    err e = take_find_conflict(r->t, store, at, turn, &found);
    if (e.code == ERR_CONFLICT) /* it was asked before, and is decided or open */
        return OK;
    r->t->counts.conflicts += !failed(e);
    return e;
}

/* Of those that were lifted: somebody may have been faster. */
static err follow(struct review *r, struct store *store, size_t count, instant at,
                  struct arena *turn)
{
    struct take *t = r->t;
    const struct standing *first = &r->found[t->at];
    size_t narrowed = 0;
    for (size_t i = 0; i < count; i++) {
        if (failed(t->members[i].outcome))
            continue;
        if (first[i].entry.fate == FATE_CONFLICT)
            TRY(find_conflict(r, store, &first[i], at, turn));
        else /* never before the one that is looked at */
            t->members[narrowed++] = alone(t, &first[i], store_id(store, at, turn));
    }
    return store_apply_many(store, first->source, t->members, narrowed, at);
}

static err write_group(void *self, struct store *store, instant at, struct arena *turn)
{
    struct review *r = self;
    size_t count = group_size(r);
    TRY(lift(r, store, count, at));
    TRY(follow(r, store, count, at, turn));
    r->t->at += count;
    return OK;
}

static err write_review(struct review *r)
{
    r->t->at = 0;
    while (r->t->at < r->count) {
        if (env_flag_is_up(&r->t->house->is_stopping))
            return fail(ERR_BUSY, "limit.stopping", 0);
        TRY(ask_store(r->t->house, write_group, r));
    }
    return OK;
}

err take_protect(struct take *t)
{
    struct review r = {.t = t};
    TRY(ask_store(t->house, write_names, t));
    struct reader *reader = house_reader_take(t->house);
    err e = review(&r, reader);
    sql_rest(reader_sql(reader)); /* it read all there is */
    house_reader_give(t->house, reader);
    t->actor.division = STR(""); /* what is protected is so in every division */
    return failed(e) ? e : write_review(&r);
}
