/* SPDX-License-Identifier: Apache-2.0 */
/* Questions, from any thread. */
#include "runs/inside.h"

enum { CANDIDATES = 64 };

static void wait_until_shown(struct runs *r)
{
    env_mutex_lock(&r->showing);
    while (env_flag_is_up(&r->is_behind))
        env_cond_wait(&r->caught_up, &r->showing);
    env_mutex_unlock(&r->showing);
}

void runs_enter(struct runs *r, struct runs_seat *ret_seat)
{
    if (env_flag_is_up(&r->is_behind))
        wait_until_shown(r);
    ret_seat->seat = epoch_enter(&r->epoch);
    const struct shown *s = env_slot_load_in_order(&r->shown);
    assert(s != NULL);
    ret_seat->view = &s->view;
}

void runs_leave(struct runs *r, struct runs_seat *seat)
{
    epoch_leave(&r->epoch, seat->seat);
    seat->view = NULL;
}

/* --- records --- */

static err read_record(struct runs *r, uint32_t ordinal, struct arena *a, struct record *ret)
{
    struct journal_block block;
    struct unpacker u = {0};
    if (r->is_in_memory) {
        env_mutex_lock(&r->names);
        err e = ordinal < r->tail->count ? tail_record(r->tail, ordinal, ret)
                                         : fail(ERR_ABSENT, "transfer.unknown", ordinal);
        env_mutex_unlock(&r->names);
        return e;
    }
    TRY(look_block(r, ordinal, &block));
    char *raw = arena_make(a, block.raw_bytes);
    if (raw == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = unpacker_init(&u);
    if (!failed(e))
        e = journal_read_at(r->folder, &block, &u, raw, a);
    unpacker_done(&u);
    TRY(e);
    return block_walk(str_make(raw, block.raw_bytes), block.base_ms, ordinal - block.first_ordinal,
                      ret);
}

static err place_of(const struct trail_view *v, const struct trail_row *row, uint32_t ordinal,
                    struct trail_ref *ret_ref)
{
    for (uint32_t i = v->run_count; i-- > 0;)
        if (run_find(v->runs[i], row, ordinal, &ret_ref->place)) {
            ret_ref->run = i;
            return OK;
        }
    return fail(ERR_ABSENT, "transfer.unknown", ordinal);
}

err runs_ask_place(struct runs *r, const struct runs_seat *seat, uint32_t ordinal,
                   struct trail_ref *ret_ref)
{
    enum { PLACE_BYTES = 4 << 20 };
    struct arena a;
    struct record record;
    arena_init(&a, PLACE_BYTES);
    err e = read_record(r, ordinal, &a, &record);
    if (!failed(e)) {
        struct trail_row row = {.from = record.from, .when = row_when(record.transfer.time_ms, 0)};
        e = place_of(seat->view, &row, ordinal, ret_ref);
    }
    arena_done(&a);
    return e;
}

/* --- by id --- */

static void put_candidates(const struct ids *ids, uint64_t hash, uint32_t *list, size_t *count)
{
    struct ids_walk walk = {0};
    uint32_t ordinal = 0;
    while (*count < CANDIDATES && ids_next(ids, hash, &walk, &ordinal))
        list[(*count)++] = ordinal;
}

static size_t candidates(struct runs *r, uint32_t scope, str id, uint32_t list[CANDIDATES])
{
    uint64_t hash = id_hash(r, scope, id);
    size_t count = 0;
    env_mutex_lock(&r->names);
    for (uint32_t i = 0; i < r->id_file_count; i++)
        put_candidates(&r->id_files[i].ids, hash, list, &count);
    if (r->frozen != NULL)
        put_candidates(&r->frozen->ids, hash, list, &count);
    put_candidates(&r->tail->ids, hash, list, &count);
    env_mutex_unlock(&r->names);
    return count;
}

static bool is_it(struct runs *r, uint32_t ordinal, uint32_t scope, str id)
{
    enum { RECORD_ROOM = 4 << 20 };
    struct arena a;
    struct record record;
    arena_init(&a, RECORD_ROOM);
    err e = read_record(r, ordinal, &a, &record);
    bool is_same = !failed(e) && record.scope == scope && str_equal(record.transfer.id, id);
    arena_done(&a);
    return is_same;
}

err runs_ask_transfers(struct runs *r, str id, uint32_t *ret_ordinals, size_t room,
                       size_t *ret_count)
{
    uint32_t list[CANDIDATES];
    uint32_t scopes[SCOPES_MOST];
    *ret_count = 0;
    env_mutex_lock(&r->names);
    uint32_t scope_count = r->scope_count;
    memcpy(scopes, r->scopes, scope_count * sizeof *scopes);
    env_mutex_unlock(&r->names);
    for (uint32_t s = 0; s < scope_count; s++) {
        size_t count = candidates(r, scopes[s], id, list);
        for (size_t i = 0; i < count && *ret_count < room; i++)
            if (is_it(r, list[i], scopes[s], id))
                ret_ordinals[(*ret_count)++] = list[i];
    }
    return *ret_count == 0 ? fail(ERR_ABSENT, "transfer.unknown", 0) : OK;
}

/* --- accounts --- */

err runs_ask_account(struct runs *r, str key, uint32_t *ret_account)
{
    struct account_name name;
    accounts_name(&r->accounts, key, &name);
    env_mutex_lock(&r->names);
    bool is_there = accounts_find(&r->accounts, &name, ret_account);
    env_mutex_unlock(&r->names);
    return is_there ? OK : fail(ERR_ABSENT, "account.unknown", 0);
}

err runs_ask_account_key(struct runs *r, uint32_t account, struct arena *a, str *ret_key)
{
    char room[ACCOUNT_KEY_BYTES];
    env_mutex_lock(&r->names);
    bool is_there = account < r->accounts.count;
    str key = is_there ? accounts_key(&r->accounts, account, room) : STR("");
    env_mutex_unlock(&r->names);
    if (!is_there)
        return fail(ERR_ABSENT, "account.unknown", account);
    *ret_key = str_copy(a, key);
    return ret_key->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* --- details --- */

static err copy_texts(struct arena *a, struct transfer *t)
{
    str *const texts[] = {&t->id, &t->from_bank, &t->to_bank, &t->channel, &t->device, &t->ip};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        *texts[i] = str_copy(a, *texts[i]);
        if (texts[i]->at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    return OK;
}

static err status_of(struct runs *r, uint32_t ordinal, const struct record *record,
                     uint8_t *ret_status)
{
    struct runs_seat seat;
    struct trail_ref ref;
    struct trail_row row = {.from = record->from, .when = row_when(record->transfer.time_ms, 0)};
    runs_enter(r, &seat);
    err e = place_of(seat.view, &row, ordinal, &ref);
    if (!failed(e))
        *ret_status =
            (uint8_t)trail_status(&seat.view->amends, seat.view->runs[ref.run], ref.place);
    runs_leave(r, &seat);
    return e;
}

err ask_words(struct runs *r, uint32_t ordinal, const struct record *record, struct arena *a,
              struct transfer *ret)
{
    struct transfer t = record->transfer;
    TRY(status_of(r, ordinal, record, &t.status));
    TRY(runs_ask_account_key(r, record->from, a, &t.from));
    TRY(runs_ask_account_key(r, record->to, a, &t.to));
    env_mutex_lock(&r->names);
    memcpy(t.currency, r->currencies[record->currency], CURRENCY_BYTES);
    env_mutex_unlock(&r->names);
    TRY(copy_texts(a, &t));
    *ret = t;
    return OK;
}

err runs_ask_details(struct runs *r, uint32_t ordinal, struct arena *a, struct transfer *ret)
{
    enum { DETAIL_BYTES = 4 << 20 };
    struct arena turn;
    struct record record;
    arena_init(&turn, DETAIL_BYTES);
    err e = read_record(r, ordinal, &turn, &record);
    if (!failed(e))
        e = ask_words(r, ordinal, &record, a, ret);
    arena_done(&turn);
    return e;
}

/* --- counts --- */

static uint64_t disk_bytes(struct runs *r)
{
    enum { LIST_BYTES = 16 << 20 };
    struct arena a;
    struct file_names names;
    uint64_t sum = 0;
    arena_init(&a, LIST_BYTES);
    err e = file_list(r->folder, &a, &names);
    for (size_t i = 0; !failed(e) && i < names.count; i++) {
        struct text path;
        int64_t bytes = 0;
        text_init(&path, &a);
        text_printf(&path, "%s/%s", r->folder, names.at[i].at);
        const char *name = str_to_c(&a, text_str(&path));
        if (name != NULL && !failed(file_size(name, &bytes)))
            sum += (uint64_t)bytes;
    }
    arena_done(&a);
    return sum;
}

void runs_ask_counts(struct runs *r, struct runs_counts *ret_counts)
{
    struct runs_seat seat;
    runs_enter(r, &seat);
    *ret_counts = (struct runs_counts){.runs = seat.view->run_count};
    runs_leave(r, &seat);
    env_mutex_lock(&r->names);
    ret_counts->accounts = r->accounts.count;
    ret_counts->tail_rows = r->tail->count;
    ret_counts->transfers = r->tail->first + r->tail->count;
    env_mutex_unlock(&r->names);
    if (!r->is_in_memory)
        ret_counts->disk_bytes = disk_bytes(r);
}
