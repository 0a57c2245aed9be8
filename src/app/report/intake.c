/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/intake.h"

#include "app/call/api_help.h"
#include "app/call/propose.h"
#include "app/house/ask.h"
#include "app/report/intake_batch.h"
#include "feed/identity.h"
#include "feed/listing_row.h"

#include <assert.h>

enum { GROUP_BYTES = 256 << 20 };

struct gathered {
    struct listing listing;
    char identity[2 * DIGEST_BYTES + 1];
    struct feed_refusal refusal; /* code NULL: a row */
};

struct intake {
    struct intake_batch batch;
    struct arena group_arena;
    struct gathered rows[INTAKE_GROUP];
    size_t count;
};

/* --- on the store thread --- */

static err is_seen(struct store *store, const struct gathered *row, bool *ret_seen)
{
    struct sql_row *r = NULL;
    TRY(sql_ask(store_sql(store), "SELECT 1 FROM feed_seen WHERE \"identity\" = $1", &r));
    sql_bind_str(r, 1, str_from_c(row->identity));
    err e = sql_next(r, ret_seen);
    sql_done(&r);
    return e;
}

static err see(struct store *store, const struct gathered *row, str batch)
{
    struct sql_row *r = NULL;
    TRY(sql_ask(store_sql(store), "INSERT INTO feed_seen (\"identity\", \"batch\") VALUES ($1, $2)",
                &r));
    sql_bind_str(r, 1, str_from_c(row->identity));
    sql_bind_str(r, 2, batch);
    return sql_finish(&r);
}

/* What the desk refuses is the row's fault; anything else is ours and ends the batch. */
static bool is_rows_fault(err e)
{
    return e.code == ERR_MALFORMED || e.code == ERR_DENIED || e.code == ERR_CONFLICT ||
           (e.code == ERR_LIMIT && strcmp(e.why, "limit.memory") != 0);
}

static err take_row(struct intake *in, struct store *store, instant at, struct gathered *row)
{
    bool seen = false;
    TRY(is_seen(store, row, &seen));
    if (seen) {
        in->batch.answer.duplicate++;
        return OK;
    }
    struct command cmd = {.act = ACT_LISTING_PROPOSE,
                          .actor = in->batch.call->actor,
                          .record = store_id(store, at, &in->batch.apply_arena)};
    cmd.body.listing = row->listing;
    cmd.body.listing.batch = in->batch.answer.batch;
    err e = store_apply(store, &cmd, at, &in->batch.apply_arena, NULL);
    if (failed(e) && is_rows_fault(e)) {
        row->refusal.code = e.why;
        row->refusal.column = api_column_of(str_from_c(e.why));
        return intake_batch_reject(&in->batch, store, &row->refusal, at);
    }
    TRY(e);
    in->batch.answer.accepted++;
    return see(store, row, in->batch.answer.batch);
}

static err write_group(void *self, struct store *store, instant at, struct arena *turn)
{
    (void)turn;
    struct intake *in = self;
    arena_reset(&in->batch.apply_arena);
    for (size_t i = 0; i < in->count; i++) {
        struct gathered *row = &in->rows[i];
        if (row->refusal.code != NULL)
            TRY(intake_batch_reject(&in->batch, store, &row->refusal, at));
        else
            TRY(take_row(in, store, at, row));
    }
    return OK;
}

/* --- on the clerk's thread --- */

static err flush(struct intake *in)
{
    if (in->count == 0)
        return OK;
    err e = ask_store(in->batch.call->house, write_group, in);
    in->count = 0;
    arena_reset(&in->group_arena);
    return e;
}

/* Rows live only until the sink returns: what is gathered is copied. */
static bool keep_listing(struct intake *in, struct listing *l)
{
    str *texts[] = {&l->value,  &l->display, &l->reason, &l->evidence, &l->basis,
                    &l->source, &l->notice,  &l->rpz,    &l->division};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = str_copy(&in->group_arena, *texts[i]);
        if (texts[i]->at == NULL)
            return false;
    }
    return true;
}

static err gather_refusal(struct intake *in, const struct feed_refusal *refusal)
{
    struct gathered *row = &in->rows[in->count++];
    *row = (struct gathered){.refusal = *refusal};
    row->refusal.column = str_copy(&in->group_arena, refusal->column);
    row->refusal.raw = str_copy(&in->group_arena, refusal->raw);
    if (row->refusal.raw.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return in->count == INTAKE_GROUP ? flush(in) : OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    return gather_refusal(self, refusal);
}

static void put_identity(const struct feed_row *row, str peer, struct gathered *gathered)
{
    struct digest digest = feed_row_identity(row, peer);
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < DIGEST_BYTES; i++) {
        gathered->identity[2 * i] = digits[digest.bytes[i] >> 4];
        gathered->identity[2 * i + 1] = digits[digest.bytes[i] & 15];
    }
}

static err on_row(void *self, const struct feed_row *row)
{
    struct intake *in = self;
    struct listing_row_rules rules = propose_rules(in->batch.call->house);
    struct listing listing = {0};
    str column = {0};
    err e = listing_row_read(row, &rules, &in->group_arena, &listing, &column);
    if (failed(e)) {
        struct feed_refusal refusal = {.number = row->number,
                                       .line = row->line,
                                       .column = column,
                                       .code = e.why,
                                       .raw = row->raw};
        return gather_refusal(in, &refusal);
    }
    propose_fill(&in->batch.call->actor, &listing);
    struct gathered *gathered = &in->rows[in->count++];
    *gathered = (struct gathered){
        .listing = listing, .refusal = {.number = row->number, .line = row->line}
    };
    gathered->refusal.raw = str_copy(&in->group_arena, row->raw);
    put_identity(row, in->batch.call->actor.user, gathered);
    if (!keep_listing(in, &gathered->listing) || gathered->refusal.raw.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return in->count == INTAKE_GROUP ? flush(in) : OK;
}

err intake_run(struct call *call, const struct feed_shape *shape)
{
    struct intake *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    intake_batch_init(&in->batch, call, shape);
    arena_init(&in->group_arena, GROUP_BYTES);
    err e = intake_batch_open(&in->batch);
    if (!failed(e))
        e = intake_batch_read(&in->batch,
                              (struct feed_sink){in, on_row, on_refused, .warned = NULL});
    if (!failed(e))
        e = flush(in);
    if (!failed(e))
        e = intake_batch_close(&in->batch);
    arena_done(&in->group_arena);
    intake_batch_done(&in->batch);
    return e;
}

/* --- at the start --- */

static err find_open(struct store *store, struct arena *turn, str *ret_batch)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT \"id\" FROM batch WHERE \"state\" = 'open' ORDER BY \"id\" LIMIT 1", &row));
    bool has_row = false;
    err e = sql_next(row, &has_row);
    *ret_batch = !failed(e) && has_row ? sql_str(row, 0, turn) : STR("");
    sql_done(&row);
    return e;
}

/* How many of its rows were duplicates nobody knows any more. */
static err count_rows(struct store *store, str id, struct batch *batch)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(store),
                "SELECT (SELECT count(*) FROM listing WHERE \"batch\" = $1),"
                " (SELECT count(*) FROM batch_reject WHERE \"batch\" = $1)",
                &row));
    sql_bind_str(row, 1, id);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *batch = (struct batch){.accepted = sql_i64(row, 0), .refused = sql_i64(row, 1)};
    sql_done(&row);
    return e;
}

static err close_left(struct store *store, str id, instant at, struct arena *turn)
{
    struct command cmd = {
        .act = ACT_BATCH_CLOSE,
        .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
        .record = id,
    };
    TRY(count_rows(store, id, &cmd.body.batch));
    TRY(store_begin(store));
    err e = store_apply(store, &cmd, at, turn, NULL);
    if (!failed(e))
        return store_commit(store, at);
    store_rollback(store);
    return e;
}

err intake_mend(struct house *house, struct arena *turn)
{
    for (;;) {
        str batch = {0};
        arena_reset(turn);
        TRY(find_open(house->store, turn, &batch));
        if (str_is_empty(batch))
            return OK;
        TRY(close_left(house->store, batch, clock_now(&house->clock), turn));
    }
}
