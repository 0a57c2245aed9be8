/* SPDX-License-Identifier: Apache-2.0 */
/* Sources: lists that others keep, approved as a whole; and the lists they send. */
#include "app/call/api_again.h"
#include "app/call/api_mistakes.h"
#include "app/call/api_routes.h"
#include "app/house/ask.h"
#include "app/lists/take.h"
#include "desk/permit.h"
#include "fact/division.h"

enum { SHRINK_PRESET = 20, GROW_PRESET = 50, PERCENT_MILLI = 10 };

static bool may(const struct call *call, enum act act, const struct source *s)
{
    return !failed(permit_check(&call->actor, act, s->division));
}

/* Its approval has run out, and its last entries have not: they may be lifted. */
static bool has_rest(const struct call *call, const struct source *s)
{
    instant last = instant_add_us(s->taken_at, s->term_us);
    return s->state == SOURCE_ENDED && str_equal(s->ended_why, STR("until.past")) &&
           clock_now(&call->house->clock).us < last.us;
}

static void put_may(struct call *call, struct json *j, const struct source *s)
{
    bool is_own = str_equal(s->proposer, call->actor.user);
    bool approves = may(call, ACT_SOURCE_APPROVE, s);
    bool is_waiting = s->state == SOURCE_PROPOSED;
    json_key(j, STR("may"));
    json_array(j);
    if (is_waiting && approves && !is_own)
        json_str(j, STR("approve"));
    if (is_waiting && may(call, ACT_SOURCE_REFUSE, s) && (approves || is_own))
        json_str(j, STR("refuse"));
    if (s->state == SOURCE_IN_FORCE && may(call, ACT_SOURCE_TAKE, s))
        json_str(j, STR("take"));
    if ((s->state == SOURCE_IN_FORCE || has_rest(call, s)) && may(call, ACT_SOURCE_END, s))
        json_str(j, STR("end"));
    json_end(j);
}

static void put_source(struct call *call, struct json *j, const struct source *s)
{
    struct viewer viewer = api_viewer(call);
    source_put(j, s, &viewer);
    put_may(call, j, s);
}

static err answer(struct call *call, const struct source *s, int status)
{
    struct api_json made;
    put_source(call, api_json(call, &made), s);
    return api_json_done(call, &made, status);
}

static err put_item(struct call *call, struct json *j, const union record *r)
{
    put_source(call, j, &r->source);
    return OK;
}

err sources_get(struct call *call)
{
    TRY(api_permit(call, ACT_BATCH_READ));
    struct list_query q = {.kind = RECORD_SOURCE, .wants_total = true};
    struct list_page page = {0};
    TRY(api_query_word(call, "state", source_state_words, &q));
    TRY(api_query_word(call, "role", source_role_words, &q));
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_item);
}

/* By id, or by the name of one that lives. */
static err find(struct call *call, struct source *ret_source)
{
    union record r;
    str word = api_param(call, 0);
    err e = reader_find_by(call->reader, READER_SOURCE_NAME, word, &call->arena, &r);
    if (e.code == ERR_ABSENT)
        e = reader_find(call->reader, RECORD_SOURCE, word, &call->arena, &r);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    if (failed(e) || !api_sees(call, RECORD_SOURCE, &r))
        return fail(ERR_ABSENT, "source.absent", 0);
    *ret_source = r.source;
    return OK;
}

/* The list of it that waits for a person, if one does. */
static err put_waiting(struct call *call, struct json *j, str source)
{
    struct list_query q = {
        .kind = RECORD_BATCH,
        .conditions = {{.column = "source_id", .how = LIST_EQUAL, .text = source},
                       {.column = "state", .how = LIST_EQUAL, .text = STR("waiting")}},
        .condition_count = 2,
        .limit = 1
    };
    struct list_page page = {0};
    TRY(reader_list(call->reader, &q, &call->arena, &page));
    if (page.count == 0)
        return OK;
    const struct batch *b = &page.items[0].batch;
    json_key(j, STR("waiting"));
    json_object(j);
    json_put_str(j, STR("batch"), b->id);
    json_put_str(j, STR("waits_for"), b->waits_for);
    json_put_str(j, STR("waits_for_text"), message(b->waits_for, call->language));
    json_end(j);
    return OK;
}

err source_get(struct call *call)
{
    struct source s;
    TRY(api_permit(call, ACT_BATCH_READ));
    TRY(find(call, &s));
    struct api_json made;
    put_source(call, api_json(call, &made), &s);
    TRY(put_waiting(call, &made.json, s.id));
    TRY(mistakes_put_source(call, &made.json, s.id));
    return api_json_done(call, &made, 200);
}

/* --- proposing --- */

static err read_word(struct call *call, const char *key, const char *const *words, unsigned *word)
{
    str said = api_body_str(call, key);
    call->column = str_from_c(key);
    if (str_is_empty(said))
        return OK;
    return word_parse(words, said, word) ? OK : fail(ERR_MALFORMED, "word.unknown", 0);
}

static err read_count(struct call *call, const char *key, int64_t preset, int64_t *ret_count)
{
    json_value v = json_get(call->doc.root, key);
    call->column = str_from_c(key);
    *ret_count = preset;
    return json_is_absent(v) ? OK : json_read_i64(v, ret_count);
}

static str said_or(struct call *call, const char *key, str preset)
{
    str said = str_trim(api_body_str(call, key));
    return str_is_empty(said) ? preset : said;
}

static err read_texts(struct call *call, struct source *s)
{
    char *division = arena_make(&call->arena, DIVISION_BYTES);
    if (division == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    s->name = str_trim(api_body_str(call, "name"));
    s->reason = str_trim(api_body_str(call, "reason"));
    s->basis = str_trim(api_body_str(call, "basis"));
    s->licence = str_trim(api_body_str(call, "licence"));
    s->origin = str_trim(api_body_str(call, "origin"));
    s->evidence = said_or(call, "evidence", s->origin);
    s->notice = said_or(call, "notice", call->house->law.notice);
    s->division = api_scope(call);
    if (json_is_absent(json_get(call->doc.root, "division")))
        return OK;
    return division_parse(api_body_str(call, "division"), division, &s->division);
}

/* What is no such percentage is the desk's to refuse. */
static int64_t milli_of(int64_t percent, int64_t most)
{
    return percent < 0 || percent > most ? -1 : percent * PERCENT_MILLI;
}

static err read_source(struct call *call, struct source *s)
{
    static const char *const rpz_words[] = {"notice", "nxdomain", "nodata", "tcp_only", NULL};
    unsigned rpz = 0;
    int64_t days = 0;
    s->kind = INDICATOR_DOMAIN;
    TRY(read_word(call, "role", source_role_words, &s->role));
    TRY(read_word(call, "kind", indicator_kind_words, &s->kind));
    TRY(read_word(call, "action", listing_action_words, &s->action));
    TRY(read_word(call, "match", listing_match_words, &s->match));
    TRY(read_word(call, "rpz", rpz_words, &rpz));
    s->rpz = str_from_c(rpz_words[rpz]);
    s->region = str_trim(api_body_str(call, "region"));
    TRY(read_count(call, "term_days", 0, &days));
    if (days < 0 || days > 36500)
        return fail(ERR_MALFORMED, "source.term", 0);
    s->term_us = days * US_PER_DAY;
    TRY(read_count(call, "shrink_percent", SHRINK_PRESET, &s->shrink_milli));
    TRY(read_count(call, "grow_percent", GROW_PRESET, &s->grow_milli));
    s->shrink_milli = milli_of(s->shrink_milli, 100);
    s->grow_milli = milli_of(s->grow_milli, 10000);
    call->column = STR("");
    return read_texts(call, s);
}

static err write_proposal(struct call *call, struct store *store, instant at)
{
    struct command *cmd = call->own;
    union record after;
    cmd->record = store_id(store, at, &call->arena);
    err e = store_apply(store, cmd, at, &call->arena, &after);
    if (sql_is_constraint(e)) /* the one unique thing about it is its name */
        return fail(ERR_CONFLICT, "source.exists", 0);
    if (str_equal(str_from_c(e.why), STR("until.beyond_limit"))) /* of each entry */
        call->column = STR("term_days");
    TRY(e);
    return answer(call, &after.source, 201);
}

err sources_post(struct call *call)
{
    TRY(api_permit(call, ACT_SOURCE_PROPOSE));
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *cmd = (struct command){.act = ACT_SOURCE_PROPOSE, .actor = call->actor};
    TRY(read_source(call, &cmd->body.source));
    call->own = cmd;
    call->write = write_proposal;
    return OK;
}

/* --- deciding --- */

static err write_act(struct call *call, struct store *store, instant at)
{
    union record after;
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    return answer(call, &after.source, 200);
}

static err act_on(struct call *call, enum act act)
{
    struct source s;
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, act));
    TRY(find(call, &s));
    *cmd = (struct command){
        .act = act, .actor = call->actor, .record = s.id, .why = api_body_str(call, "why")};
    call->own = cmd;
    call->write = write_act;
    return OK;
}

err source_approve(struct call *call)
{
    return act_on(call, ACT_SOURCE_APPROVE);
}

err source_refuse(struct call *call)
{
    return act_on(call, ACT_SOURCE_REFUSE);
}

/* --- taking a list in --- */

struct list_order {
    struct source source;
    str batch; /* that waited; empty: a new list */
};

static void run_list(struct call *call)
{
    const struct list_order *order = call->own;
    api_finish(call, take_run(call, &order->source, order->batch));
}

static err to_clerk(struct call *call, struct list_order *order, void (*work)(struct call *call))
{
    if (!call->request.is_local)
        call->request.file = STR("");
    call->own = order;
    call->clerk = &call->house->feeds;
    call->work = work;
    return OK;
}

err source_list_post(struct call *call)
{
    struct list_order *order = arena_make(&call->arena, sizeof *order);
    if (order == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_SOURCE_TAKE));
    TRY(find(call, &order->source));
    if (order->source.state != SOURCE_IN_FORCE)
        return fail(ERR_CONFLICT, "source.not_in_force", 0);
    return to_clerk(call, order, run_list);
}

/* A list that waits: somebody has looked at it. Whether it still does, the store says. */
err batch_accept(struct call *call)
{
    union record r;
    struct list_order *order = arena_make(&call->arena, sizeof *order);
    if (order == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_BATCH_ACCEPT));
    TRY(api_find(call, RECORD_BATCH, api_param(call, 0), &r));
    if (str_is_empty(r.batch.source_id)) /* of no source: it never waits */
        return fail(ERR_CONFLICT, "batch.not_waiting", 0);
    order->batch = r.batch.id;
    TRY(api_find(call, RECORD_SOURCE, r.batch.source_id, &r));
    order->source = r.source;
    return to_clerk(call, order, run_list);
}

static err write_dismissal(struct call *call, struct store *store, instant at)
{
    union record after;
    struct api_json made;
    struct viewer viewer = api_viewer(call);
    TRY(store_apply(store, call->own, at, &call->arena, &after));
    batch_put(api_json(call, &made), &after.batch, &viewer);
    return api_json_done(call, &made, 200);
}

/* Once nobody can accept it any more. */
static void forget_file(struct call *call)
{
    const struct command *cmd = call->own;
    api_finish(call, take_forget(call->house, cmd->record));
}

err batch_dismiss(struct call *call)
{
    union record r;
    struct command *cmd = arena_make(&call->arena, sizeof *cmd);
    if (cmd == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_BATCH_DISMISS));
    TRY(api_find(call, RECORD_BATCH, api_param(call, 0), &r));
    *cmd = (struct command){.act = ACT_BATCH_DISMISS,
                            .actor = call->actor,
                            .record = r.batch.id,
                            .why = api_body_str(call, "why")};
    call->own = cmd;
    call->write = write_dismissal;
    call->after_group = forget_file;
    return OK;
}

/* --- ending: first the source, so that nothing more enters, then what is in force under it --- */

static err write_end(void *self, struct store *store, instant at, struct arena *turn)
{
    struct call *call = self;
    struct list_order *order = call->own;
    union record after;
    struct command cmd = {.act = ACT_SOURCE_END,
                          .actor = call->actor,
                          .record = order->source.id,
                          .why = api_body_str(call, "why")};
    TRY(again_find(call, store, &call->is_answered));
    if (call->is_answered || order->source.state == SOURCE_ENDED) /* or cut short: lift the rest */
        return OK;
    TRY(store_apply(store, &cmd, at, turn, &after));
    order->source.state = SOURCE_ENDED;
    order->source.ended_at = at;
    order->source.ended_why = cmd.why;
    return OK;
}

static err answer_end(void *self, struct store *store, instant at, struct arena *turn)
{
    struct call *call = self;
    const struct list_order *order = call->own;
    (void)turn;
    TRY(answer(call, &order->source, 200));
    return again_keep(call, store, at);
}

static void run_end(struct call *call)
{
    const struct list_order *order = call->own;
    err e = ask_store(call->house, write_end, call);
    if (!failed(e) && !call->is_answered)
        e = take_lift_all(call, &order->source);
    if (!failed(e) && !call->is_answered)
        e = ask_store(call->house, answer_end, call);
    api_finish(call, e);
}

err source_end(struct call *call)
{
    struct list_order *order = arena_make(&call->arena, sizeof *order);
    if (order == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(api_permit(call, ACT_SOURCE_END));
    TRY(find(call, &order->source));
    return to_clerk(call, order, run_end);
}
