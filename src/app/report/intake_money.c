/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/intake_money.h"

#include "app/house/ask.h"
#include "app/report/intake_batch.h"
#include "app/warned/watch.h"
#include "env/pages.h"
#include "feed/account_row.h"
#include "feed/transfer_row.h"
#include "gate/bank/payments.h"

#include <assert.h>

enum { ROW_TEXT_BYTES = FEED_RAW_BYTES + (4 << 10), KEY_BYTES = 64 << 20, NOT_TAKEN = UINT32_MAX };

/* A row of the file, taken or refused. */
struct entry {
    struct feed_refusal refusal; /* code NULL: none */
    uint32_t row;                /* of the group; NOT_TAKEN */
};

struct group {
    struct trail_job job; /* first: a job is its group */
    const struct intake_money *in;
    struct pages pages;
    struct transfer *transfers; /* or: */
    struct account_facts *facts;
    struct entry *entries;
    uint8_t *fates;
    char *text;
    uint32_t count;
    uint32_t entry_count;
    uint32_t refused;
    uint32_t told; /* entries whose refusals are written */
    size_t text_bytes;
    struct arena keys; /* accounts' canonical forms */
    bool is_under_way;
};

struct intake_money {
    struct intake_batch batch;
    struct trail_thread *trail;
    struct transfer_rules rules;
    bool is_accounts;
    uint32_t scope;
    struct group groups[MONEY_GROUPS];
    struct group *filling;
    struct watch_money watch; /* not of accounts */
};

bool intake_money_takes(const struct feed_shape *shape)
{
    return strcmp(shape->name, "transfers") == 0 || strcmp(shape->name, "accounts") == 0;
}

/* --- on the trail thread --- */

static bool is_same(const struct account_facts *a, const struct account_facts *b)
{
    const str pairs[][2] = {
        {a->bank,        b->bank       },
        {a->outlet,      b->outlet     },
        {a->opened,      b->opened     },
        {a->device,      b->device     },
        {a->contact,     b->contact    },
        {a->address,     b->address    },
        {a->ip,          b->ip         },
        {a->company,     b->company    },
        {a->holder_kind, b->holder_kind},
        {a->holder_ref,  b->holder_ref },
    };
    bool is = true;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        is = is && str_equal(pairs[i][0], pairs[i][1]);
    return is;
}

static err take_account(struct group *g, struct runs *runs, uint32_t i)
{
    struct account_facts known = {0};
    uint32_t account = 0;
    err e = runs_ask_account(runs, g->facts[i].account, &account);
    if (!failed(e))
        e = runs_ask_facts(runs, account, &g->keys, &known);
    bool is_known = !failed(e) && is_same(&known, &g->facts[i]);
    g->fates[i] = is_known ? RUNS_DUPLICATE : RUNS_ACCEPTED;
    return is_known ? OK : runs_take_account(runs, &g->facts[i]);
}

static err take_group(struct trail_job *job, struct runs *runs)
{
    struct group *g = (struct group *)job;
    if (!g->in->is_accounts) {
        const struct runs_batch batch = {
            .rows = g->transfers, .count = g->count, .scope = g->in->scope, .ret_fates = g->fates};
        return g->count == 0 ? OK : runs_take(runs, &batch);
    }
    for (uint32_t i = 0; i < g->count; i++)
        TRY(take_account(g, runs, i));
    return OK;
}

/* --- on the store thread --- */

struct telling {
    struct intake_money *in;
    struct group *group;
};

static err write_refusals(void *self, struct store *store, instant at, struct arena *turn)
{
    struct telling *t = self;
    struct group *g = t->group;
    (void)turn;
    for (int count = 0; g->told < g->entry_count && count < MONEY_REFUSALS; g->told++) {
        const struct feed_refusal *refusal = &g->entries[g->told].refusal;
        if (refusal->code == NULL)
            continue;
        TRY(intake_batch_reject(&t->in->batch, store, refusal, at));
        count++;
    }
    return OK;
}

/* Ids are a provider's own: those of two may be the same. Whoever is of none shares one scope. */
static err find_scope(void *self, struct store *store, instant at, struct arena *turn)
{
    struct intake_money *in = self;
    struct sql_row *row = NULL;
    (void)at;
    TRY(sql_ask(store_sql(store),
                "SELECT coalesce(\"provider\", '') FROM user_account WHERE \"id\" = $1", &row));
    sql_bind_str(row, 1, in->batch.call->actor.user);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    str provider = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
    for (size_t i = 0; i < provider.size; i++)
        hash = (hash ^ (unsigned char)provider.at[i]) * UINT32_C(16777619);
    in->scope = str_is_empty(provider) ? 0 : hash | 1;
    return e;
}

/* --- on the clerk's thread --- */

static err group_open(struct intake_money *in, struct group *g)
{
    size_t row_bytes = in->is_accounts ? sizeof *g->facts : sizeof *g->transfers;
    size_t rows = MONEY_ROWS;
    size_t entries = rows + MONEY_REFUSALS;
    size_t bytes = rows * row_bytes + entries * sizeof *g->entries + rows + MONEY_TEXT_BYTES;
    TRY(pages_make(bytes, &g->pages));
    char *at = g->pages.at;
    g->in = in;
    g->transfers = (void *)at;
    g->facts = (void *)at;
    g->entries = (void *)(at + rows * row_bytes);
    g->fates = (void *)(at + rows * row_bytes + entries * sizeof *g->entries);
    g->text = (char *)g->fates + rows;
    arena_init(&g->keys, KEY_BYTES);
    g->job.run = take_group;
    return OK;
}

static void group_close(struct group *g)
{
    if (g->pages.at == NULL)
        return;
    arena_done(&g->keys);
    pages_drop(&g->pages);
}

/* What became of each row is counted, and whatever was refused is written. */
static err group_settle(struct intake_money *in, struct group *g)
{
    if (!g->is_under_way)
        return OK;
    g->is_under_way = false;
    TRY(trail_thread_wait(in->trail, &g->job));
    if (in->is_accounts)
        watch_accounts(in->batch.call->house, g->facts, g->count);
    else
        watch_money_put(&in->watch, g->transfers, g->fates, g->count);
    for (uint32_t i = 0; i < g->entry_count; i++) {
        struct entry *entry = &g->entries[i];
        if (entry->row == NOT_TAKEN)
            continue;
        in->batch.answer.accepted += g->fates[entry->row] == RUNS_ACCEPTED;
        in->batch.answer.duplicate += g->fates[entry->row] == RUNS_DUPLICATE;
        if (g->fates[entry->row] != RUNS_CONFLICT)
            continue;
        entry->refusal.code = "transfer.id_conflict";
        entry->refusal.column = STR("id");
        g->refused++;
    }
    struct telling telling = {.in = in, .group = g};
    while (g->refused > 0 && g->told < g->entry_count)
        TRY(ask_store(in->batch.call->house, write_refusals, &telling));
    g->count = g->entry_count = g->refused = g->told = 0;
    g->text_bytes = 0;
    arena_reset(&g->keys);
    return OK;
}

static struct group *group_after(struct intake_money *in, const struct group *g)
{
    return g + 1 == in->groups + MONEY_GROUPS ? in->groups : &in->groups[g - in->groups + 1];
}

/* The group goes to the trail thread; the one that went first is settled and filled next. */
static err hand_over(struct intake_money *in)
{
    struct group *g = in->filling;
    if (g->entry_count == 0)
        return OK;
    TRY(trail_thread_put(in->trail, &g->job));
    g->is_under_way = true;
    in->filling = group_after(in, g);
    return group_settle(in, in->filling);
}

static str copy(struct group *g, str s)
{
    assert(g->text_bytes + s.size <= MONEY_TEXT_BYTES);
    char *at = g->text + g->text_bytes;
    if (s.size > 0)
        memcpy(at, s.at, s.size);
    g->text_bytes += s.size;
    return str_make(at, s.size);
}

/* A value that is a piece of the row's text is that piece of its copy. */
static void keep(struct group *g, str raw, str kept, str *value)
{
    bool is_inside = value->size > 0 && (uintptr_t)value->at >= (uintptr_t)raw.at &&
                     (uintptr_t)value->at + value->size <= (uintptr_t)raw.at + raw.size;
    *value = is_inside ? str_make(kept.at + (value->at - raw.at), value->size) : copy(g, *value);
}

static err entry_put(struct intake_money *in, const struct feed_refusal *refusal, bool is_taken)
{
    struct group *g = in->filling;
    struct entry *entry = &g->entries[g->entry_count++];
    *entry = (struct entry){.refusal = *refusal, .row = is_taken ? g->count++ : NOT_TAKEN};
    g->refused += !is_taken;
    bool is_full = g->count == MONEY_ROWS || g->refused == MONEY_REFUSALS ||
                   g->text_bytes + ROW_TEXT_BYTES > MONEY_TEXT_BYTES;
    return is_full ? hand_over(in) : OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct intake_money *in = self;
    struct feed_refusal kept = *refusal;
    kept.raw = copy(in->filling, refusal->raw);
    kept.column = copy(in->filling, refusal->column);
    return entry_put(in, &kept, false);
}

static err decode(struct intake_money *in, const struct feed_row *row, str *ret_column)
{
    struct group *g = in->filling;
    if (in->is_accounts)
        return account_row_read(row, &g->keys, &g->facts[g->count], ret_column);
    return transfer_row_read(row, &in->rules, &g->keys, &g->transfers[g->count], ret_column);
}

static void keep_texts(struct intake_money *in, str raw, str kept)
{
    struct group *g = in->filling;
    struct transfer *t = &g->transfers[g->count];
    struct account_facts *f = &g->facts[g->count];
    str *of_transfer[] = {&t->id,      &t->from,    &t->to,     &t->from_bank,
                          &t->to_bank, &t->channel, &t->device, &t->ip};
    str *of_account[] = {&f->account,    &f->bank,   &f->outlet, &f->holder_kind,
                         &f->holder_ref, &f->opened, &f->device, &f->contact,
                         &f->address,    &f->ip,     &f->company};
    str **texts = in->is_accounts ? of_account : of_transfer;
    size_t count = in->is_accounts ? COUNT_OF(of_account) : COUNT_OF(of_transfer);
    for (size_t i = 0; i < count; i++)
        keep(g, raw, kept, texts[i]);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct intake_money *in = self;
    str column = STR("");
    err e = decode(in, row, &column);
    struct feed_refusal refusal = {.number = row->number, .line = row->line, .column = column};
    refusal.raw = copy(in->filling, row->raw);
    refusal.code = failed(e) ? e.why : NULL;
    if (!failed(e))
        keep_texts(in, row->raw, refusal.raw);
    return entry_put(in, &refusal, !failed(e));
}

/* Nothing of the call may end while the trail thread has it. */
static err settle_all(struct intake_money *in, err before)
{
    err e = failed(before) ? before : hand_over(in);
    struct group *g = in->filling; /* and those after it: in the order in which they went */
    for (size_t i = 0; i < COUNT_OF(in->groups); i++, g = group_after(in, g)) {
        err settled = OK;
        if (failed(e) && g->is_under_way)
            settled = trail_thread_wait(in->trail, &g->job);
        else if (!failed(e))
            settled = group_settle(in, g);
        e = failed(e) ? e : settled;
    }
    struct trail_job sync = {.is_durable = true};
    if (!failed(e))
        e = trail_thread_put(in->trail, &sync);
    return failed(e) ? e : trail_thread_wait(in->trail, &sync);
}

static err run(struct intake_money *in)
{
    struct house *house = in->batch.call->house;
    TRY(house_trail(house, &in->trail));
    TRY(ask_store(house, find_scope, in));
    for (size_t i = 0; i < COUNT_OF(in->groups); i++)
        TRY(group_open(in, &in->groups[i]));
    in->filling = &in->groups[0];
    in->rules =
        (struct transfer_rules){.now = clock_now(&house->clock), .currency = house->law.currency};
    TRY(intake_batch_open(&in->batch));
    if (in->batch.is_answered)
        return OK;
    watch_money_begin(&in->watch, house, in->trail->runs, in->batch.call->actor.provider);
    err e =
        intake_batch_read(&in->batch, (struct feed_sink){in, on_row, on_refused, .warned = NULL});
    TRY(settle_all(in, e));
    return intake_batch_close(&in->batch);
}

/* Payments as banks send them to each other: their rows, in place of the document. */
static err translate(struct call *call)
{
    struct arena room;
    str rows = {0};
    arena_init(&room, PAYMENTS_ROOM);
    err e = payments_read(call->request.body, call->house->law.zone_min, &room, &rows);
    if (!failed(e))
        call->request.body = str_copy(&call->arena, rows);
    arena_done(&room);
    TRY(e);
    call->request.content_type = STR("application/x-ndjson");
    return call->request.body.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err intake_money_run(struct call *call, const struct feed_shape *shape)
{
    bool is_transfers = strcmp(shape->name, "transfers") == 0;
    if (is_transfers && payments_are_meant(call->request.content_type))
        TRY(translate(call));
    struct intake_money *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    intake_batch_init(&in->batch, call, shape);
    in->is_accounts = strcmp(shape->name, "accounts") == 0;
    err e = run(in);
    watch_money_end(&in->watch);
    for (size_t i = 0; i < COUNT_OF(in->groups); i++)
        group_close(&in->groups[i]);
    intake_batch_done(&in->batch);
    return e;
}
