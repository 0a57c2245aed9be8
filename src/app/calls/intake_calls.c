/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/intake_calls.h"

#include "app/calls/call_feeds.h"
#include "app/calls/call_matches.h"
#include "app/calls/detect.h"
#include "app/calls/detect_boxes.h"
#include "app/calls/detect_write.h"
#include "app/calls/refused_rows.h"
#include "app/house/ask.h"
#include "app/report/intake_batch.h"
#include "app/screen/row_judge.h"
#include "app/warned/watch.h"
#include "env/pages.h"
#include "feed/call_row.h"
#include "kit/secret.h"

#include <assert.h>

enum { TURN_BYTES = 64 << 10, DAY_S = 86400 };

/* One whose caller is listed. */
struct match {
    uint32_t at; /* of the group */
    uint32_t row;
};

struct group {
    struct calls_job job; /* first: a job is its group */
    struct pages pages;
    struct sighting *sightings;
    struct book_due *due;
    struct match *matches;
    struct detect_row *rows;
    struct hits *hits; /* of the batch, once it is taken */
    uint8_t *news;     /* of each, likewise: book_tell */
    struct intake_calls *in;
    uint32_t count;
    uint32_t match_count;
    bool is_under_way;
};

struct intake_calls {
    struct intake_batch batch;
    struct calls_thread *book;
    str carrier; /* whose ids they are; empty: the centre's own */
    struct call_rules rules;
    struct arena turn; /* of a row */
    struct group groups[CALLS_GROUPS];
    struct group *filling;
    struct row_judge judge;
    struct row_asked asked[JUDGE_AT_ONCE];         /* the last of the group that is being filled */
    char callees[JUDGE_AT_ONCE][ROW_NUMBER_BYTES]; /* of the same rows */
    uint8_t callee_bytes[JUDGE_AT_ONCE];
    uint32_t asked_count;
    struct watch_calls watch;
    struct findings findings;
    struct call_matches matches;
    int64_t matched;
    struct refused_rows refused;
    uint32_t newest_s; /* of all that were taken */
};

bool intake_calls_takes(const struct feed_shape *shape)
{
    return strcmp(shape->name, "calls") == 0;
}

err intake_calls_prepare(struct call *call, str said)
{
    str own = call->actor.provider;
    str *carrier = arena_make(&call->arena, sizeof *carrier);
    if (carrier == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!str_is_empty(own) && !str_is_empty(said) && !str_equal(own, said))
        return fail(ERR_DENIED, "calls.other_carrier", 0);
    *carrier = str_is_empty(own) ? said : own;
    const struct provider *p = provider_find(&call->house->conf.providers, *carrier);
    bool is_carrier = p != NULL && p->kind == PROVIDER_CARRIER;
    if (!str_is_empty(own) && !is_carrier)
        return fail(ERR_DENIED, "calls.not_carrier", 0);
    if (!str_is_empty(*carrier) && !is_carrier)
        return fail(ERR_MALFORMED, "calls.carrier", 0);
    call->own = carrier;
    return OK;
}

/* --- on the calls thread --- */

static err take_group(struct calls_job *job, struct calls *calls)
{
    struct group *g = (struct group *)job;
    size_t due = 0;
    TRY(calls_take(calls, g->sightings, g->count, g->due, &due));
    memcpy(g->news, calls_news(calls), g->count);
    struct house *house = g->in->batch.call->house;
    const struct detect_batch batch = {.sightings = g->sightings,
                                       .news = g->news,
                                       .rows = g->rows,
                                       .count = g->count,
                                       .due = g->due,
                                       .due_count = due,
                                       .carrier = g->in->carrier,
                                       .zone_s = house->law.zone_min * 60};
    detect_take(house->detector, calls, &batch, g->hits);
    return OK;
}

/* --- on the store thread --- */

static err write_matches(void *self, struct store *store, instant at, struct arena *turn)
{
    struct intake_calls *in = self;
    (void)at;
    (void)turn;
    return call_matches_add(&in->matches, store_sql(store));
}

static err write_feed(struct intake_batch *batch, struct store *store, instant at)
{
    struct intake_calls *in = (struct intake_calls *)batch; /* first in it */
    const struct feed_answer *a = &batch->answer;
    const struct call_feed said = {
        .carrier = in->carrier,
        .heard_at = at,
        .newest_at = {.us = (int64_t)in->newest_s * US_PER_S},
        .accepted = a->accepted,
        .duplicate = a->duplicate,
        .late = a->late,
        .refused = a->refused,
        .matched = in->matched,
    };
    TRY(call_matches_add(&in->matches, store_sql(store)));
    return call_feed_add(store_sql(store), &said);
}

/* --- on the clerk's thread --- */

static err group_open(struct intake_calls *in, struct group *g)
{
    size_t row_bytes = sizeof *g->sightings + sizeof *g->due + sizeof *g->matches +
                       sizeof *g->rows + sizeof *g->news;
    TRY(pages_make(CALLS_ROWS * row_bytes + sizeof *g->hits, &g->pages));
    g->hits = g->pages.at;
    g->sightings = (void *)(g->hits + 1);
    g->rows = (void *)(g->sightings + CALLS_ROWS);
    g->due = (void *)(g->rows + CALLS_ROWS);
    g->matches = (void *)(g->due + CALLS_ROWS);
    g->news = (void *)(g->matches + CALLS_ROWS);
    g->in = in;
    g->job.run = take_group;
    return OK;
}

/* Those that rang just now, and were not known to have. */
static err count_matches(struct intake_calls *in, const struct group *g)
{
    struct house *house = in->batch.call->house;
    for (uint32_t i = 0; i < g->match_count; i++) {
        const struct match *m = &g->matches[i];
        const struct sighting *s = &g->sightings[m->at];
        if ((g->news[m->at] & CALL_SETUP) == 0)
            continue;
        if (call_matches_is_full(&in->matches))
            TRY(ask_store(house, write_matches, in));
        uint32_t day = (uint32_t)((s->time_s + INT64_C(60) * house->law.zone_min) / DAY_S);
        call_matches_put(&in->matches, m->row, day, s->is_text);
        in->matched++;
    }
    return OK;
}

/* Nobody's number and no cell outlasts the group that it came in. */
static void group_forget(struct group *g)
{
    if (g->count > 0)
        secret_wipe(g->rows, g->count * sizeof *g->rows);
    g->count = g->match_count = 0;
}

/* What became of its rows is counted, and what was found in them is known by number. */
static err group_settle(struct intake_calls *in, struct group *g)
{
    struct feed_answer *a = &in->batch.answer;
    if (!g->is_under_way)
        return OK;
    g->is_under_way = false;
    TRY(calls_thread_wait(in->book, &g->job));
    for (uint32_t i = 0; i < g->count; i++) {
        a->accepted += g->news[i] != 0;
        a->duplicate += g->news[i] == 0;
        a->late += g->news[i] == BOOK_LATE;
    }
    TRY(count_matches(in, g));
    TRY(findings_put(&in->findings, g->hits, g->rows));
    group_forget(g);
    return detect_boxes(&in->findings, DETECT_HOURLY);
}

/* Whoever was called by one that is listed or suspected may be in danger. */
static void watch_row(struct intake_calls *in, uint32_t i, const struct sighting *s, uint32_t row)
{
    const struct watched_call call = {
        .caller = s->caller,
        .id = s->id,
        .row = row,
        .time_s = s->time_s,
        .duration_s = s->duration_s,
        .parts = s->parts,
        .is_text = s->is_text,
        .callee = str_make(in->callees[i], in->callee_bytes[i]),
    };
    watch_calls_put(&in->watch, &call);
}

/* Who called in the last rows of the group: is one of them listed? */
static err judge_asked(struct intake_calls *in)
{
    struct group *g = in->filling;
    uint32_t rows[JUDGE_AT_ONCE];
    uint32_t first = g->count - in->asked_count;
    TRY(row_judge_many(&in->judge, in->asked, in->asked_count, rows));
    for (uint32_t i = 0; i < in->asked_count; i++) {
        if (rows[i] != 0)
            g->matches[g->match_count++] = (struct match){.at = first + i, .row = rows[i]};
        watch_row(in, i, &g->sightings[first + i], rows[i]);
    }
    secret_wipe(in->callees, sizeof in->callees);
    in->asked_count = 0;
    return OK;
}

static struct group *group_after(struct intake_calls *in, const struct group *g)
{
    return g + 1 == in->groups + CALLS_GROUPS ? in->groups : &in->groups[g - in->groups + 1];
}

/* The group goes to the calls thread; the one that went first is settled and filled next. */
static err hand_over(struct intake_calls *in)
{
    struct group *g = in->filling;
    if (g->count == 0)
        return OK;
    TRY(judge_asked(in));
    TRY(calls_thread_put(in->book, &g->job));
    g->is_under_way = true;
    in->filling = group_after(in, g);
    in->rules.now = clock_now(&in->batch.call->house->clock);
    return group_settle(in, in->filling);
}

/* Nothing of the call may end while the calls thread has it. */
static err settle_all(struct intake_calls *in, err before)
{
    err e = failed(before) ? before : hand_over(in);
    struct group *g = in->filling; /* and those after it: in the order in which they went */
    for (size_t i = 0; i < COUNT_OF(in->groups); i++, g = group_after(in, g)) {
        err settled = OK;
        if (failed(e) && g->is_under_way)
            settled = calls_thread_wait(in->book, &g->job);
        else if (!failed(e))
            settled = group_settle(in, g);
        e = failed(e) ? e : settled;
    }
    return e;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct intake_calls *in = self;
    return refused_rows_put(&in->refused, refusal);
}

static bool is_others_trunk(const struct intake_calls *in, str name)
{
    const struct conf_trunks *trunks = &in->batch.call->house->conf.sip_trunks;
    if (str_is_empty(in->carrier) || str_is_empty(name))
        return false;
    for (size_t i = 0; i < trunks->count; i++) {
        const struct conf_trunk *t = &trunks->at[i];
        if (str_equal(t->name, name))
            return !str_is_empty(t->carrier) && !str_equal(t->carrier, in->carrier);
    }
    return false;
}

static err read_row(struct intake_calls *in, const struct feed_row *row,
                    struct phone_call *ret_call, str *ret_column)
{
    arena_reset(&in->turn);
    TRY(call_row_read(row, &in->rules, &in->turn, ret_call, ret_column));
    *ret_column = STR("trunk");
    return is_others_trunk(in, ret_call->trunk) ? fail(ERR_DENIED, "call.trunk", 0) : OK;
}

/* The caller is known by number until its group is settled, and by nobody afterwards. */
static err put_call(struct intake_calls *in, const struct phone_call *call)
{
    struct group *g = in->filling;
    struct sighting *s = &g->sightings[g->count++];
    struct detect_row *kept = &g->rows[g->count - 1];
    sight(&in->book->keys, in->carrier, call, s);
    detect_row_fill(kept, in->carrier, call);
    assert(call->callee.size <= ROW_NUMBER_BYTES);
    memcpy(in->callees[in->asked_count], call->callee.at, call->callee.size);
    in->callee_bytes[in->asked_count] = (uint8_t)call->callee.size;
    in->asked[in->asked_count++] = (struct row_asked){
        .kind = INDICATOR_NUMBER,
        .value = str_make(kept->number, call->caller.size),
        .key = s->caller,
    };
    in->newest_s = call->time_s > in->newest_s ? call->time_s : in->newest_s;
    if (in->asked_count == JUDGE_AT_ONCE)
        TRY(judge_asked(in));
    return g->count == CALLS_ROWS ? hand_over(in) : OK;
}

static err on_row(void *self, const struct feed_row *row)
{
    struct intake_calls *in = self;
    struct phone_call call;
    str column = STR("");
    err e = read_row(in, row, &call, &column);
    if (e.code == ERR_LIMIT)
        return e;
    if (failed(e)) {
        struct feed_refusal refusal = {.number = row->number,
                                       .line = row->line,
                                       .column = column,
                                       .code = e.why,
                                       .raw = row->raw};
        return on_refused(in, &refusal);
    }
    return put_call(in, &call);
}

static err take_batch(struct intake_calls *in)
{
    const struct feed_sink sink = {in, on_row, on_refused, .warned = NULL};
    TRY(intake_batch_open(&in->batch));
    if (in->batch.is_answered)
        return OK;
    for (size_t i = 0; i < COUNT_OF(in->groups); i++)
        TRY(group_open(in, &in->groups[i]));
    TRY(settle_all(in, intake_batch_read(&in->batch, sink)));
    TRY(refused_rows_tell(&in->refused));
    TRY(findings_say(&in->findings));
    TRY(detect_boxes(&in->findings, DETECT_NOW));
    return intake_batch_close(&in->batch);
}

static err run(struct intake_calls *in)
{
    struct call *call = in->batch.call;
    struct house *house = call->house;
    in->carrier = *(const str *)call->own;
    in->filling = &in->groups[0];
    in->rules =
        (struct call_rules){.now = clock_now(&house->clock), .region = house->law.phone_region};
    TRY(call_book_enter(house, &in->book));
    refused_rows_init(&in->refused, &in->batch, &in->book->keys);
    arena_init(&in->turn, TURN_BYTES);
    row_judge_init(&in->judge, house);
    watch_calls_begin(&in->watch, house, in->carrier);
    err e = findings_open(house, call->actor.division, &in->findings);
    if (!failed(e))
        e = take_batch(in);
    if (!failed(e))
        findings_settled(&in->findings);
    findings_close(&in->findings);
    watch_calls_end(&in->watch);
    row_judge_done(&in->judge);
    arena_done(&in->turn);
    call_book_leave(house);
    return e;
}

err intake_calls_run(struct call *call, const struct feed_shape *shape)
{
    struct intake_calls *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    intake_batch_init(&in->batch, call, shape);
    in->batch.closing = write_feed;
    in->batch.answer.has_late = true;
    err e = run(in);
    for (size_t i = 0; i < COUNT_OF(in->groups); i++) {
        group_forget(&in->groups[i]);
        pages_drop(&in->groups[i].pages);
    }
    intake_batch_done(&in->batch);
    return e;
}
