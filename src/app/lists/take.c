/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lists/take.h"

#include "app/call/api_again.h"
#include "app/call/api_help.h"
#include "app/house/ask.h"
#include "app/lists/take_inside.h"
#include "store/row.h"
#include "store/sql.h"

#include <assert.h>
#include <stdio.h>

/* --- compare with what is in force --- */

static err vanish(struct take *t, str id, enum gone_why why)
{
    if (t->vanished_count == t->vanished_room) {
        size_t room = t->vanished_room == 0 ? 4096 : t->vanished_room * 2;
        t->vanished = arena_grow(&t->keep, t->vanished, t->vanished_room * sizeof *t->vanished,
                                 room * sizeof *t->vanished);
        t->vanished_room = room;
    }
    str kept = t->vanished == NULL ? (str){0} : str_copy(&t->keep, id);
    if (kept.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->vanished[t->vanished_count++] = (struct gone){kept, why};
    return OK;
}

/* Once half of its term is gone, and while the law still gives it more. */
static bool wants_renewal(const struct take *t, instant now, instant until, instant proposed)
{
    int64_t most_us = proposed.us + t->source->max_term_us;
    bool is_half_gone = until.us - now.us < t->source->term_us / 2;
    return is_half_gone && most_us - until.us > t->source->term_us / 10;
}

/* What is in force with all below it, and may not be so any more, enters anew. */
static err meet(struct take *t, struct entry *e, struct sql_row *row, instant now)
{
    bool is_wide = sql_i64(row, 4) != 0;
    if (is_wide && e->is_exact)
        return vanish(t, sql_peek(row, 1), GONE_NARROWED);
    e->fate = FATE_KEEP;
    if (!wants_renewal(t, now, instant_from_us(sql_i64(row, 2)), instant_from_us(sql_i64(row, 3))))
        return OK;
    e->fate = FATE_RENEW;
    e->other = sql_str(row, 1, &t->keep);
    return e->other.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static int order_of(str a, str b)
{
    size_t least = a.size < b.size ? a.size : b.size;
    int order = memcmp(a.at, b.at, least);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

/* Both sides are sorted by value, bytewise. What speaks against an entry takes it out of force. */
static err walk(struct take *t, struct sql_row *row, instant now)
{
    size_t i = 0;
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        str value = sql_peek(row, 0);
        while (i < t->count && order_of(t->entries[i].value, value) < 0)
            i++;
        bool is_listed = i < t->count && str_equal(t->entries[i].value, value);
        bool is_clear = is_listed && t->entries[i].fate == FATE_ENTER;
        if (is_clear)
            TRY(meet(t, &t->entries[i], row, now));
        else
            TRY(vanish(t, sql_peek(row, 1), is_listed ? GONE_CONFLICT : GONE_MISSING));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err compare(struct take *t, struct reader *reader)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(
        reader_sql(reader),
        "SELECT \"value\", \"id\", \"until\", \"proposed_at\", \"match\" = 'suffix' FROM listing"
        " WHERE \"source_id\" = $1 AND \"state\" = 'in_force' ORDER BY \"value\"",
        &row));
    sql_bind_str(row, 1, t->source->id);
    err e = walk(t, row, clock_now(&t->house->clock));
    sql_done(&row);
    return e;
}

/* --- writing --- */

/* What was known of the source when the list came may have changed while it waited its turn. */
static err look_again(struct take *t, struct store *store)
{
    union record *now = arena_make(&t->call->arena, sizeof *now);
    if (now == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(row_find(store_sql(store), RECORD_SOURCE, t->source->id, &t->call->arena, now));
    t->source = &now->source;
    if (t->source->state != SOURCE_IN_FORCE)
        return fail(ERR_CONFLICT, "source.not_in_force", 0);
    return OK;
}

/* The batch is open again, and its refusals are those of the reading that follows. */
static err reopen(struct take *t, struct store *store, instant at)
{
    union record before;
    struct sql_row *row = NULL;
    struct command cmd = {
        .act = ACT_BATCH_ACCEPT, .actor = t->call->actor, .record = t->answer.batch};
    TRY(row_find(store_sql(store), RECORD_BATCH, cmd.record, &t->call->arena, &before));
    t->waited_for = before.batch.waits_for;
    TRY(store_apply(store, &cmd, at, &t->call->arena, NULL));
    TRY(sql_ask(store_sql(store), "DELETE FROM batch_reject WHERE \"batch\" = $1", &row));
    sql_bind_str(row, 1, cmd.record);
    return sql_finish(&row);
}

static err write_open(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    (void)turn;
    TRY(again_find(t->call, store, &t->is_answered));
    if (t->is_answered)
        return OK;
    TRY(look_again(t, store));
    bool is_new = str_is_empty(t->answer.batch);
    if (is_new)
        t->answer.batch = store_id(store, at, &t->call->arena);
    t->refusals = (struct refusals){.batch = t->answer.batch,
                                    .keep_days = t->house->law.reject_retention_days};
    if (!is_new)
        return reopen(t, store, at);
    struct command cmd = {
        .act = ACT_BATCH_OPEN, .actor = t->call->actor, .record = t->answer.batch};
    cmd.body.batch = (struct batch){.feed = STR("listings"),
                                    .source = t->source->name,
                                    .source_id = t->source->id,
                                    .division = t->source->division};
    return store_apply(store, &cmd, at, &t->call->arena, NULL);
}

struct command take_member(const struct take *t, enum act act, str record)
{
    struct command cmd = {.act = act, .actor = t->actor, .record = record};
    cmd.body.listing.division = t->source->division;
    cmd.body.listing.batch = t->answer.batch;
    return cmd;
}

int64_t take_count_done(const struct take *t, size_t count)
{
    int64_t done = 0;
    for (size_t i = 0; i < count; i++)
        done += !failed(t->members[i].outcome);
    return done;
}

/* The next of them, and none of the others: how many. */
static size_t gather_entering(struct take *t, struct store *store, instant at, struct arena *turn)
{
    size_t count = 0;
    for (; t->at < t->count && count < TAKE_PORTION; t->at++) {
        const struct entry *e = &t->entries[t->at];
        if (e->fate != FATE_ENTER)
            continue;
        struct member *m = &t->members[count++];
        m->command = take_member(t, ACT_LISTING_ENTER, store_id(store, at, turn));
        m->command.body.listing.value = e->value;
        m->command.body.listing.display = e->display;
        m->command.body.listing.match = e->is_exact ? MATCH_EXACT : t->source->match;
    }
    return count;
}

static err write_enter(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    size_t written = 0;
    do {
        size_t count = gather_entering(t, store, at, turn);
        TRY(store_apply_many(store, t->source->id, t->members, count, at));
        t->counts.entered += take_count_done(t, count);
        written += count;
    } while (t->at < t->count && written < TAKE_GROUP && !worker_is_awaited(&t->house->worker));
    return OK;
}

static size_t gather_renewed(struct take *t)
{
    size_t count = 0;
    for (; t->at < t->count && count < TAKE_CHANGED_PORTION; t->at++)
        if (t->entries[t->at].fate == FATE_RENEW)
            t->members[count++].command =
                take_member(t, ACT_LISTING_RENEW, t->entries[t->at].other);
    return count;
}

static err write_renew(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    size_t written = 0;
    (void)turn;
    do {
        size_t count = gather_renewed(t);
        TRY(store_apply_many(store, t->source->id, t->members, count, at));
        t->counts.renewed += take_count_done(t, count);
        written += count;
    } while (t->at < t->count && written < TAKE_CHANGED && !worker_is_awaited(&t->house->worker));
    return OK;
}

str take_gone_why(const struct take *t, enum gone_why why)
{
    static const char *const words[] = {[GONE_MISSING] = "source.vanished",
                                        [GONE_CONFLICT] = "source.conflict",
                                        [GONE_NARROWED] = "source.narrowed"};
    return t->source->state == SOURCE_ENDED ? STR("source.ended") : str_from_c(words[why]);
}

static size_t gather_vanished(struct take *t)
{
    size_t count = 0;
    for (; t->at < t->vanished_count && count < TAKE_CHANGED_PORTION; t->at++) {
        struct member *m = &t->members[count++];
        m->command = take_member(t, ACT_LISTING_VANISH, t->vanished[t->at].listing);
        m->command.why = take_gone_why(t, t->vanished[t->at].why);
    }
    return count;
}

static err write_vanish(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    size_t written = 0;
    (void)turn;
    do {
        size_t count = gather_vanished(t);
        TRY(store_apply_many(store, t->source->id, t->members, count, at));
        t->counts.vanished += take_count_done(t, count);
        written += count;
    } while (t->at < t->vanished_count && written < TAKE_CHANGED &&
             !worker_is_awaited(&t->house->worker));
    return OK;
}

err take_write_in_groups(struct take *t, ask_fn *write, const size_t *end)
{
    t->at = 0;
    while (t->at < *end) {
        if (env_flag_is_up(&t->house->is_stopping))
            return fail(ERR_BUSY, "limit.stopping", 0);
        TRY(ask_store(t->house, write, t));
    }
    return OK;
}

static err write_all(struct take *t)
{
    if (t->source->role == SOURCE_PROTECTS)
        return take_protect(t);
    TRY(take_conflicts(t));
    TRY(take_write_in_groups(t, write_enter, &t->count));
    TRY(take_write_in_groups(t, write_renew, &t->count));
    return take_write_in_groups(t, write_vanish, &t->vanished_count);
}

/* --- the answer --- */

static err put_answer(struct take *t, const struct batch *b)
{
    struct call *call = t->call;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("batch"), b->id);
    json_put_str(j, STR("source"), b->source);
    json_put_str(j, STR("state"), str_from_c(batch_state_words[b->state]));
    if (!str_is_empty(b->waits_for)) {
        json_put_str(j, STR("waits_for"), b->waits_for);
        json_put_str(j, STR("waits_for_text"), message(b->waits_for, call->language));
    }
    json_put_i64(j, STR("accepted"), b->accepted);
    json_put_i64(j, STR("duplicate"), b->duplicate);
    json_put_i64(j, STR("refused"), b->refused);
    json_put_i64(j, STR("entered"), b->entered);
    json_put_i64(j, STR("renewed"), b->renewed);
    json_put_i64(j, STR("vanished"), b->vanished);
    json_put_i64(j, STR("conflicts"), b->conflicts);
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < t->answer.refusal_count; i++) {
        str code = str_from_c(t->answer.refusals[i].code);
        json_object(j);
        json_put_i64(j, STR("row"), t->answer.refusals[i].row);
        json_put_str(j, STR("column"), t->answer.refusals[i].column);
        json_put_str(j, STR("code"), code);
        json_put_str(j, STR("reason"), message(code, call->language));
        json_end(j);
    }
    json_end(j);
    return api_json_done(call, &made, 200);
}

static err write_close(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    union record after;
    struct command cmd = {.act = t->trouble == NULL ? ACT_BATCH_CLOSE : ACT_BATCH_HOLD,
                          .actor = t->call->actor,
                          .record = t->answer.batch};
    cmd.body.batch = t->counts;
    cmd.body.batch.accepted = t->trouble == NULL ? t->answer.accepted : 0;
    cmd.body.batch.duplicate = t->answer.duplicate;
    cmd.body.batch.refused = t->answer.refused;
    if (t->trouble != NULL)
        cmd.body.batch.waits_for = str_from_c(t->trouble);
    TRY(store_apply(store, &cmd, at, turn, &after));
    if (t->trouble == NULL) {
        struct command taken = {
            .act = ACT_SOURCE_TAKE, .actor = t->call->actor, .record = t->source->id};
        taken.body.source.size = (int64_t)t->count;
        TRY(store_apply(store, &taken, at, turn, NULL));
    }
    TRY(put_answer(t, &after.batch));
    return again_keep(t->call, store, at);
}

/* --- the way of a list --- */

static err judge_and_compare(struct take *t)
{
    struct reader *reader = house_reader_take(t->house);
    err e = take_forget_lapsed(t->house, reader);
    if (!failed(e) && t->source->role == SOURCE_ENFORCES)
        e = take_judge(t, reader);
    if (!failed(e) && t->source->role == SOURCE_ENFORCES)
        e = compare(t, reader);
    house_reader_give(t->house, reader);
    return e;
}

static err go_on(struct take *t, bool was_waiting)
{
    TRY(take_read(t));
    if (t->trouble != NULL && was_waiting) /* a person makes no list of what is none */
        return fail(ERR_CONFLICT, t->trouble, 0);
    if (t->trouble == NULL) {
        TRY(judge_and_compare(t));
        t->trouble = was_waiting ? NULL : take_find_unusual(t);
    }
    env_flag_raise(&t->house->is_taking);
    err e = t->trouble == NULL ? write_all(t) : take_keep_waiting(t); /* before it says so */
    env_flag_lower(&t->house->is_taking);
    TRY(e);
    return ask_store(t->house, write_close, t);
}

static err write_hold_again(void *self, struct store *store, instant at, struct arena *turn)
{
    struct take *t = self;
    struct command cmd = {
        .act = ACT_BATCH_HOLD, .actor = t->call->actor, .record = t->answer.batch};
    cmd.body.batch.refused = t->answer.refused;
    cmd.body.batch.waits_for = t->waited_for;
    return store_apply(store, &cmd, at, turn, NULL);
}

static err go(struct take *t, bool was_waiting)
{
    TRY(ask_store(t->house, write_open, t));
    if (t->is_answered)
        return OK;
    err e = go_on(t, was_waiting);
    if (!was_waiting)
        return e;
    if (!failed(e))
        return take_forget(t->house, t->answer.batch);
    err held = ask_store(t->house, write_hold_again, t);
    return failed(held) ? held : e;
}

static err take_make(struct call *call, const struct source *source, struct take **ret_take)
{
    struct take *t = arena_make(&call->arena, sizeof *t);
    if (t == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    t->call = call;
    t->house = call->house;
    t->source = source;
    t->actor = call->actor;
    arena_init(&t->keep, TAKE_BYTES);
    arena_init(&t->turn, 1 << 20);
    *ret_take = t;
    return OK;
}

static void take_done(struct take *t)
{
    arena_done(&t->keep);
    arena_done(&t->turn);
}

err take_run(struct call *call, const struct source *source, str batch)
{
    struct take *t = NULL;
    char path[PATH_BYTES + 64];
    bool was_waiting = !str_is_empty(batch);
    TRY(take_make(call, source, &t));
    t->answer.batch = batch;
    err e = was_waiting ? take_waiting_path(t->house, batch, path) : OK;
    if (was_waiting && !failed(e))
        call->request.file = str_copy(&call->arena, str_from_c(path));
    if (!failed(e))
        e = go(t, was_waiting);
    take_done(t);
    return e;
}

err take_lift_all(struct call *call, const struct source *source)
{
    struct take *t = NULL;
    TRY(take_make(call, source, &t));
    struct reader *reader = house_reader_take(t->house);
    err e = compare(t, reader); /* with an empty list: everything has vanished */
    house_reader_give(t->house, reader);
    if (!failed(e))
        e = take_write_in_groups(t, write_vanish, &t->vanished_count);
    take_done(t);
    return e;
}
