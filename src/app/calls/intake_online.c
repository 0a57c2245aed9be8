/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/intake_online.h"

#include "app/calls/refused_rows.h"
#include "app/house/warned.h"
#include "app/report/intake_batch.h"
#include "app/screen/row_judge.h"
#include "feed/online_row.h"
#include "kit/secret.h"

enum { TURN_BYTES = 4 << 20, ROW_QUESTIONS = MESSAGE_LINKS + 1, LISTED = SIGNAL_WHOLE };

/* A row that waits to be judged: its questions are the next `count`. */
struct waiting_row {
    char subscriber[WARNED_NUMBER_BYTES];
    uint32_t size;
    uint64_t id;
    uint32_t time_s;
    uint32_t count;
};

struct intake_online {
    struct intake_batch batch;
    str source;
    bool is_visits;
    bool may_text; /* it is the recipient's own app */
    struct online_rules rules;
    struct arena turn; /* of the rows that wait */
    struct refused_rows refused;
    struct row_judge judge;
    struct row_asked asked[JUDGE_AT_ONCE];
    uint32_t asked_count;
    struct waiting_row waiting[JUDGE_AT_ONCE];
    uint32_t waiting_count;
    struct warned_tell tell;
};

bool intake_online_takes(const struct feed_shape *shape)
{
    return strcmp(shape->name, "visits") == 0 || strcmp(shape->name, "messages") == 0;
}

static bool is_source(const struct provider *p)
{
    return p != NULL && (p->kind == PROVIDER_CARRIER || p->kind == PROVIDER_RESOLVER ||
                         p->kind == PROVIDER_PLATFORM);
}

err intake_online_prepare(struct call *call, str said)
{
    str own = call->actor.provider;
    str *source = arena_make(&call->arena, sizeof *source);
    if (source == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!str_is_empty(own) && !str_is_empty(said) && !str_equal(own, said))
        return fail(ERR_DENIED, "online.other_source", 0);
    *source = str_is_empty(own) ? said : own;
    bool is_one = is_source(provider_find(&call->house->conf.providers, *source));
    if (!str_is_empty(own) && !is_one)
        return fail(ERR_DENIED, "online.not_source", 0);
    if (!str_is_empty(*source) && !is_one)
        return fail(ERR_MALFORMED, "online.source", 0);
    call->own = source;
    return OK;
}

/* --- judging --- */

static void tell_match(struct intake_online *in, const struct waiting_row *w, uint32_t row)
{
    const struct warned_seen seen = {
        .kind = in->is_visits ? SIGNAL_VISIT : SIGNAL_MESSAGE,
        .basis = WARNED_LISTING,
        .row = row,
        .time_s = w->time_s,
        .strength = LISTED,
        .id = w->id,
        .number = str_make(w->subscriber, w->size),
    };
    warned_tell_put(&in->tell, &seen);
}

/* Nobody's number and no name outlasts this. */
static void forget_rows(struct intake_online *in)
{
    secret_wipe(in->waiting, in->waiting_count * sizeof in->waiting[0]);
    in->asked_count = in->waiting_count = 0;
    arena_reset(&in->turn);
}

static err judge_rows(struct intake_online *in)
{
    uint32_t rows[JUDGE_AT_ONCE];
    uint32_t at = 0;
    uint32_t matched = 0;
    TRY(row_judge_many(&in->judge, in->asked, in->asked_count, rows));
    for (uint32_t i = 0; i < in->waiting_count; i++) {
        const struct waiting_row *w = &in->waiting[i];
        uint32_t row = 0;
        for (uint32_t k = 0; k < w->count; k++, at++)
            row = row == 0 ? rows[at] : row;
        if (row != 0)
            tell_match(in, w, row);
        matched += row != 0;
        in->batch.answer.accepted++;
    }
    warned_judged(in->batch.call->house, in->is_visits ? WARNED_VISITS : WARNED_MESSAGES, matched,
                  in->waiting_count - matched);
    forget_rows(in);
    in->rules.now = clock_now(&in->batch.call->house->clock);
    return OK;
}

/* --- rows --- */

static void ask(struct intake_online *in, unsigned kind, str value)
{
    in->asked[in->asked_count++] = (struct row_asked){
        .kind = kind, .value = value, .key = warned_hash(in->batch.call->house, value)};
}

/* The same row is the same signal, whenever it comes. */
static uint64_t id_of(const struct intake_online *in, str subscriber, uint32_t time_s)
{
    const struct house *house = in->batch.call->house;
    uint64_t parts[ROW_QUESTIONS + 2] = {warned_hash(house, subscriber), time_s};
    const struct waiting_row *w = &in->waiting[in->waiting_count];
    for (uint32_t i = 0; i < w->count; i++)
        parts[2 + i] = in->asked[in->asked_count - w->count + i].key;
    return warned_hash(house, str_make((const char *)parts, sizeof parts));
}

static err put_row(struct intake_online *in, str subscriber, uint32_t time_s, uint32_t asked_before)
{
    struct waiting_row *w = &in->waiting[in->waiting_count];
    if (subscriber.size > sizeof w->subscriber)
        return fail(ERR_MALFORMED, "number.too_long", 0);
    memcpy(w->subscriber, subscriber.at, subscriber.size);
    w->size = (uint32_t)subscriber.size;
    w->count = in->asked_count - asked_before;
    w->time_s = time_s;
    w->id = id_of(in, subscriber, time_s);
    in->waiting_count++;
    return in->asked_count + ROW_QUESTIONS > JUDGE_AT_ONCE ? judge_rows(in) : OK;
}

static err take_visit(struct intake_online *in, const struct feed_row *row, str *ret_column)
{
    struct visit v;
    TRY(visit_row_read(row, &in->rules, &in->turn, &v, ret_column));
    uint32_t before = in->asked_count;
    ask(in, INDICATOR_DOMAIN, v.domain);
    *ret_column = STR("");
    return put_row(in, v.subscriber, v.time_s, before);
}

static err take_message(struct intake_online *in, const struct feed_row *row, str *ret_column)
{
    struct link_message m;
    TRY(message_row_read(row, &in->rules, &in->turn, &m, ret_column));
    *ret_column = STR("text");
    if (m.has_text && !in->may_text)
        return fail(ERR_DENIED, "message.text_app", 0);
    uint32_t before = in->asked_count;
    for (size_t i = 0; i < m.link_count; i++)
        ask(in, INDICATOR_URL, m.links[i]);
    if (m.is_sender_number)
        ask(in, INDICATOR_NUMBER, m.sender);
    *ret_column = STR("");
    return put_row(in, m.subscriber, m.time_s, before);
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct intake_online *in = self;
    return refused_rows_put(&in->refused, refusal);
}

static bool is_rows_fault(err e)
{
    return e.code == ERR_MALFORMED || e.code == ERR_DENIED;
}

static err on_row(void *self, const struct feed_row *row)
{
    struct intake_online *in = self;
    str column = STR("");
    err e = in->is_visits ? take_visit(in, row, &column) : take_message(in, row, &column);
    if (!failed(e) || !is_rows_fault(e))
        return e;
    const struct feed_refusal refusal = {
        .number = row->number, .line = row->line, .column = column, .code = e.why, .raw = row->raw};
    return on_refused(in, &refusal);
}

/* --- the batch --- */

static err take_batch(struct intake_online *in)
{
    const struct feed_sink sink = {in, on_row, on_refused, .warned = NULL};
    TRY(intake_batch_open(&in->batch));
    if (in->batch.is_answered)
        return OK;
    TRY(intake_batch_read(&in->batch, sink));
    TRY(judge_rows(in));
    warned_tell_end(&in->tell);
    TRY(refused_rows_tell(&in->refused));
    return intake_batch_close(&in->batch);
}

err intake_online_run(struct call *call, const struct feed_shape *shape)
{
    struct house *house = call->house;
    struct intake_online *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (warned_keys(house) == NULL)
        return fail(ERR_CORRUPT, "warned.closed", 0);
    intake_batch_init(&in->batch, call, shape);
    in->source = *(const str *)call->own;
    in->is_visits = strcmp(shape->name, "visits") == 0;
    const struct provider *p = provider_find(&house->conf.providers, in->source);
    in->may_text = p != NULL && p->kind == PROVIDER_PLATFORM;
    in->rules =
        (struct online_rules){.now = clock_now(&house->clock), .region = house->law.phone_region};
    refused_rows_init(&in->refused, &in->batch, warned_keys(house));
    arena_init(&in->turn, TURN_BYTES);
    row_judge_init(&in->judge, house);
    warned_tell_begin(&in->tell, house, str_from_c(shape->name), in->source);
    err e = take_batch(in);
    forget_rows(in);
    row_judge_done(&in->judge);
    arena_done(&in->turn);
    intake_batch_done(&in->batch);
    return e;
}
