/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/hash.h"
#include "runs/balances.h"
#include "runs/inside.h"

/* Rows whose lines are asked of memory together. */
enum { ABREAST = 48 };

struct prepared {
    uint64_t id;
    struct account_name from;
    struct account_name to;
};

uint64_t id_hash(const struct runs *r, uint32_t scope, str id)
{
    return hash_key(id.at, id.size, r->seed + scope);
}

static void prepare(const struct runs *r, const struct transfer *t, uint32_t scope,
                    struct prepared *ret)
{
    ret->id = id_hash(r, scope, t->id);
    sieve_fetch(&r->sieve, ret->id);
    ids_fetch(&r->tail->ids, ret->id);
    accounts_name(&r->accounts, t->from, &ret->from);
    accounts_fetch(&r->accounts, &ret->from);
    accounts_name(&r->accounts, t->to, &ret->to);
    accounts_fetch(&r->accounts, &ret->to);
}

/* The next hints, once the first have had their time. */
static void prepare_further(const struct runs *r, const struct prepared *p)
{
    accounts_fetch_key(&r->accounts, &p->from);
    accounts_fetch_key(&r->accounts, &p->to);
    if (!sieve_may_have(&r->sieve, p->id))
        return;
    if (r->frozen != NULL)
        ids_fetch(&r->frozen->ids, p->id);
    for (uint32_t i = 0; i < r->id_file_count; i++)
        ids_fetch(&r->id_files[i].ids, p->id);
}

/* --- known before? --- */

struct known {
    bool is_there;
    uint32_t ordinal;
    struct record record;
};

struct wanted {
    str id;
    uint64_t hash;
    uint32_t scope;
};

static err find_in(struct runs *r, const struct ids *ids, const struct wanted *wanted,
                   struct known *ret)
{
    struct ids_walk walk = {0};
    while (ids_next(ids, wanted->hash, &walk, &ret->ordinal)) {
        err e = look_record(r, ret->ordinal, &ret->record);
        if (e.code == ERR_ABSENT) /* its time was over */
            continue;
        TRY(e);
        if (ret->record.scope != wanted->scope || !str_equal(ret->record.transfer.id, wanted->id))
            continue;
        ret->is_there = true;
        return OK;
    }
    return OK;
}

static err find_known(struct runs *r, const struct wanted *wanted, struct known *ret)
{
    ret->is_there = false;
    if (!sieve_may_have(&r->sieve, wanted->hash))
        return OK;
    TRY(find_in(r, &r->tail->ids, wanted, ret));
    if (!ret->is_there && r->frozen != NULL)
        TRY(find_in(r, &r->frozen->ids, wanted, ret));
    for (uint32_t i = r->id_file_count; i-- > 0 && !ret->is_there;)
        TRY(find_in(r, &r->id_files[i].ids, wanted, ret));
    return OK;
}

err known_room(struct runs *r, uint32_t rows)
{
    struct sieve *s = &r->sieve;
    if (s->count + rows <= s->room)
        return OK;
    uint64_t count = (uint64_t)rows + r->tail->ids.count;
    if (r->frozen != NULL)
        count += r->frozen->ids.count;
    for (uint32_t i = 0; i < r->id_file_count; i++)
        count += r->id_files[i].ids.count;
    sieve_done(s);
    TRY(sieve_make(s, count + count / 2)); /* all are poured again, so seldom */
    for (uint32_t i = 0; i < r->id_file_count; i++)
        sieve_pour(s, &r->id_files[i].ids);
    if (r->frozen != NULL)
        sieve_pour(s, &r->frozen->ids);
    sieve_pour(s, &r->tail->ids);
    return OK;
}

bool currency_find(struct runs *r, const char *name, uint8_t *ret_number)
{
    for (uint32_t i = 0; i < r->currency_count; i++) {
        if (memcmp(r->currencies[i], name, CURRENCY_BYTES) != 0)
            continue;
        *ret_number = (uint8_t)i;
        return true;
    }
    return false;
}

static bool is_account(const struct runs *r, uint32_t number, str key)
{
    char room[ACCOUNT_KEY_BYTES];
    return str_equal(accounts_key(&r->accounts, number, room), key);
}

/* The same money between the same accounts. A later status may come with a time of its own: the
 * transfer keeps its first. */
static bool is_same_money(const struct runs *r, const struct known *k, const struct transfer *t)
{
    const struct transfer *first = &k->record.transfer;
    return first->amount_minor == t->amount_minor &&
           memcmp(r->currencies[k->record.currency], t->currency, CURRENCY_BYTES) == 0 &&
           (first->time_ms == t->time_ms || first->status != t->status) &&
           is_account(r, k->record.from, t->from) && is_account(r, k->record.to, t->to);
}

/* --- putting --- */

static char *raw_end(struct tail *t)
{
    return (char *)t->raw.at + t->raw_bytes;
}

static struct trail_row row_of(const struct record *record)
{
    const struct transfer *t = &record->transfer;
    unsigned flags = t->status | (unsigned)t->exit << ROW_EXIT_SHIFT |
                     (t->has_seq ? (unsigned)ROW_HAS_SEQ : 0U) |
                     (t->has_balance ? (unsigned)ROW_HAS_BALANCE : 0U) |
                     (unsigned)record->currency << ROW_CURRENCY_SHIFT;
    return (struct trail_row){.from = record->from,
                              .to = record->to,
                              .when = row_when(t->time_ms, flags),
                              .what = (uint64_t)t->amount_minor};
}

static void put_balance(struct tail *t, int64_t minor)
{
    ((int64_t *)t->balances.at)[t->count] = minor;
    t->told_count++;
    t->wide_count += !balance_fits(minor);
}

static void put_row(struct runs *r, const struct record *record, uint64_t hash, size_t at)
{
    struct tail *t = r->tail;
    assert(t->count < t->room);
    tail_rows(t)[t->count] = row_of(record);
    ((uint32_t *)t->at.at)[t->count] = (uint32_t)at;
    if (record->transfer.has_balance)
        put_balance(t, record->transfer.balance_minor);
    t->last_ms = record->transfer.time_ms > t->last_ms ? record->transfer.time_ms : t->last_ms;
    ids_put(&t->ids, hash, t->first + t->count);
    if (r->sieve.room > 0) /* made at the first taking: reading back does without */
        sieve_put(&r->sieve, hash);
    t->count++;
}

static bool has_scope(const struct runs *r, uint32_t scope)
{
    for (uint32_t i = r->scope_count; i-- > 0;)
        if (r->scopes[i] == scope)
            return true;
    return false;
}

static err note_scope(struct runs *r, uint32_t scope)
{
    if (has_scope(r, scope))
        return OK;
    if (r->scope_count == SCOPES_MOST)
        return fail(ERR_LIMIT, "limit.scopes", 0);
    r->scopes[r->scope_count++] = scope;
    return OK;
}

/* Of a transfer that may be forgotten by now. */
static err replay_status(struct runs *r, const struct record *record)
{
    struct record first;
    err e = look_record(r, record->ordinal, &first);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    const struct trail_row row = row_of(&first);
    return amend(r, record->ordinal, &row, record->transfer.status);
}

static err replay_account(struct runs *r, str key)
{
    uint32_t number = 0;
    struct account_name name;
    accounts_name(&r->accounts, key, &name);
    return accounts_put(&r->accounts, &name, &number);
}

/* What a record says, of one that stands in the tail's raw bytes at `at`. */
static err apply(struct runs *r, const struct record *record, uint64_t hash, size_t at)
{
    uint8_t currency = 0;
    switch ((enum record_kind)record->kind) {
    case RECORD_TRANSFER:
        if (record->from >= r->accounts.count || record->to >= r->accounts.count ||
            record->currency >= r->currency_count)
            return fail(ERR_CORRUPT, "runs: a transfer between accounts unheard of", 0);
        TRY(note_scope(r, record->scope));
        put_row(r, record, hash, at);
        break;
    case RECORD_STATUS:
        return replay_status(r, record);
    case RECORD_ACCOUNT:
        return replay_account(r, record->key);
    case RECORD_CURRENCY:
        if (record->key.size == CURRENCY_BYTES && currency_find(r, record->key.at, &currency))
            break;
        if (r->currency_count == TRAIL_CURRENCIES || record->key.size != CURRENCY_BYTES)
            return fail(ERR_CORRUPT, "runs: too many currencies", 0);
        memcpy(r->currencies[r->currency_count++], record->key.at, CURRENCY_BYTES);
        break;
    case RECORD_FACTS_OF:
        break; /* who reads the block says where it is: facts.c */
    }
    return OK;
}

err take_record(struct runs *r, const struct record *record, size_t at)
{
    uint64_t hash =
        record->kind == RECORD_TRANSFER ? id_hash(r, record->scope, record->transfer.id) : 0;
    return apply(r, record, hash, at);
}

static err put_account(struct runs *r, const struct account_name *name, uint32_t *ret_number)
{
    uint32_t before = r->accounts.count;
    TRY(accounts_put(&r->accounts, name, ret_number));
    if (r->accounts.count > before)
        r->tail->raw_bytes += record_put_account(raw_end(r->tail), name->key);
    return OK;
}

err take_account_key(struct runs *r, str key, uint32_t *ret_account)
{
    struct account_name name;
    accounts_name(&r->accounts, key, &name);
    return put_account(r, &name, ret_account);
}

static err put_currency(struct runs *r, const char *currency, uint8_t *ret_number)
{
    if (currency_find(r, currency, ret_number))
        return OK;
    if (r->currency_count == TRAIL_CURRENCIES)
        return fail(ERR_LIMIT, "limit.currencies", 0);
    *ret_number = (uint8_t)r->currency_count;
    memcpy(r->currencies[r->currency_count++], currency, CURRENCY_BYTES);
    r->tail->raw_bytes += record_put_currency(raw_end(r->tail), currency);
    return OK;
}

static err put_transfer(struct runs *r, struct record *record, const struct prepared *p)
{
    struct tail *t = r->tail;
    const struct transfer *transfer = &record->transfer;
    TRY(note_scope(r, record->scope));
    TRY(put_currency(r, transfer->currency, &record->currency));
    TRY(put_account(r, &p->from, &record->from));
    TRY(put_account(r, &p->to, &record->to));
    size_t at = t->raw_bytes;
    t->raw_bytes += record_put_transfer(raw_end(t), t->base_ms, record);
    put_row(r, record, p->id, at);
    return OK;
}

static err take_status(struct runs *r, const struct known *known, unsigned status,
                       uint8_t *ret_fate)
{
    const struct trail_row row = row_of(&known->record);
    unsigned now = status_now(r, known->ordinal, &row);
    unsigned further = transfer_further(now, status);
    *ret_fate = RUNS_DUPLICATE;
    if (further == now)
        return OK;
    uint32_t ordinal = known->ordinal;
    TRY(amend(r, ordinal, &row, further));
    r->tail->raw_bytes += record_put_status(raw_end(r->tail), ordinal, further);
    *ret_fate = RUNS_ACCEPTED;
    return OK;
}

/* One row after the other, in the same place: a kilobyte to clear for each would cost as much as
 * looking for it. */
struct taking {
    uint32_t scope;
    struct known known;
    struct record record;
};

static err take_row(struct runs *r, struct taking *taking, const struct transfer *t,
                    const struct prepared *p, uint8_t *ret_fate)
{
    const struct wanted wanted = {.id = t->id, .hash = p->id, .scope = taking->scope};
    TRY(find_known(r, &wanted, &taking->known));
    if (!taking->known.is_there) {
        taking->record.kind = RECORD_TRANSFER;
        taking->record.scope = taking->scope;
        taking->record.transfer = *t;
        *ret_fate = RUNS_ACCEPTED;
        return put_transfer(r, &taking->record, p);
    }
    if (is_same_money(r, &taking->known, t))
        return take_status(r, &taking->known, t->status, ret_fate);
    *ret_fate = RUNS_CONFLICT;
    return OK;
}

/* --- the batch --- */

static err begin_segment(struct runs *r, int64_t base_ms)
{
    if (r->tail->base_ms != 0)
        return OK;
    int64_t base = base_ms == 0 ? 1 : base_ms;
    TRY(journal_begin(&r->journal, r->tail->segment, base));
    r->tail->base_ms = base; /* only now: a segment whose beginning failed is begun again */
    return OK;
}

err take_ready(struct runs *r, int64_t base_ms)
{
    struct tail *t = r->tail;
    if (t->first + t->count - t->block_first >= JOURNAL_BLOCK_USUAL ||
        t->raw_bytes - t->block_begin >= JOURNAL_BLOCK_BYTES)
        TRY(tail_end_block(r, t));
    if (!tail_has_room(t, 1))
        TRY(seal_begin(r));
    return begin_segment(r, base_ms);
}

static err take_some(struct runs *r, const struct runs_batch *batch, uint32_t begin, uint32_t end)
{
    struct prepared prepared[ABREAST];
    struct taking taking = {.scope = batch->scope};
    for (uint32_t i = begin; i < end; i++)
        prepare(r, &batch->rows[i], batch->scope, &prepared[i - begin]);
    for (uint32_t i = 0; i < end - begin; i++)
        prepare_further(r, &prepared[i]);
    for (uint32_t i = begin; i < end; i++) {
        const struct transfer *t = &batch->rows[i];
        TRY(take_ready(r, t->time_ms));
        TRY(take_row(r, &taking, t, &prepared[i - begin], &batch->ret_fates[i]));
    }
    return OK;
}

err runs_take(struct runs *r, const struct runs_batch *batch)
{
    assert(batch->count <= RUNS_BATCH_ROWS);
    TRY(r->broken);
    if (r->sieve.room == 0)
        TRY(known_room(r, r->tail->room - r->tail->count + 1));
    err e = OK;
    env_mutex_lock(&r->names);
    if (r->task.kind != TASK_NONE && env_flag_is_up(&r->task.is_done))
        e = task_finish(r);
    env_mutex_unlock(&r->names);
    for (uint32_t i = 0; i < batch->count && !failed(e); i += ABREAST) {
        uint32_t end = batch->count - i < ABREAST ? batch->count : i + ABREAST;
        env_mutex_lock(&r->names);
        e = take_some(r, batch, i, end);
        env_mutex_unlock(&r->names);
    }
    r->is_changed = true;
    if (failed(e) && e.code != ERR_OS)
        r->broken = e;
    return e;
}
