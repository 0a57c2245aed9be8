/* SPDX-License-Identifier: Apache-2.0 */
/* Opening: what is sealed, then what came since; all of it from the journal where need be. */
#include "env/random.h"
#include "runs/inside.h"

#include <stdlib.h>

enum { RUNS_BYTES = 1 << 30, NAMES_BYTES = 16 << 20, TURN_BYTES = 4 << 20, WAIT_ROWS = 64 << 10 };

/* --- reading the journal again --- */

static err replay_records(struct runs *r, const struct journal_block *b, size_t raw_at)
{
    const char *raw = r->tail->raw.at;
    struct record_reader in = {.base_ms = b->base_ms, .rest = str_make(raw + raw_at, b->raw_bytes)};
    while (!record_is_end(&in)) {
        struct record record;
        size_t at = (size_t)(in.rest.at - raw);
        TRY(record_next(&in, &record));
        if (record.kind == RECORD_TRANSFER && r->tail->count == r->tail->room)
            return fail(ERR_CORRUPT, "runs: a segment has more transfers than it says", 0);
        TRY(take_record(r, &record, at));
        if (record.kind == RECORD_FACTS_OF)
            TRY(facts_put(r, record.account, b->segment, b->offset));
    }
    return OK;
}

static err replay_block(struct runs *r, const struct journal_block *b)
{
    struct tail *t = r->tail;
    if (b->first_ordinal != t->first + t->count)
        return fail(ERR_CORRUPT, "runs: the journal leaves transfers out", b->first_ordinal);
    if (t->raw.size - t->raw_bytes < b->raw_bytes)
        return fail(ERR_CORRUPT, "runs: a segment is larger than it could be", b->segment);
    arena_reset(&r->turn);
    size_t at = t->raw_bytes;
    TRY(journal_read_at(r->folder, b, &r->unpacker, (char *)t->raw.at + at, &r->turn));
    t->raw_bytes += b->raw_bytes;
    TRY(replay_records(r, b, at));
    t->block_begin = t->raw_bytes;
    t->block_first = t->first + t->count;
    return OK;
}

/* Room for what a segment holds, should it be more than a tail is given now. */
static err fit_tail(struct runs *r, const struct journal_block *begin, size_t count)
{
    uint32_t rows = 0;
    size_t raw = 0;
    for (size_t i = 0; i < count; i++) {
        rows += begin[i].rows;
        raw += begin[i].raw_bytes;
    }
    struct tail *t = r->tail;
    if (rows <= t->room && raw <= t->raw.size)
        return OK;
    uint32_t first = t->first;
    uint32_t segment = t->segment;
    uint32_t room = rows;
    while ((uint64_t)room * 160 < raw) /* as many rows as give this much room for records */
        room += room / 2 + 1;
    tail_close(t);
    TRY(tail_open(t, room, true));
    tail_begin(t, first, segment);
    return OK;
}

static err replay_segment(struct runs *r, uint32_t segment, bool is_last)
{
    size_t before = r->journal.blocks.count;
    TRY(journal_load(&r->journal, segment, is_last));
    const struct journal_block *blocks = r->journal.blocks.pages.at;
    size_t count = r->journal.blocks.count - before;
    r->tail->segment = segment;
    TRY(fit_tail(r, blocks + before, count));
    r->tail->base_ms = r->journal.base_ms;
    for (size_t i = 0; i < count; i++)
        TRY(replay_block(r, &blocks[before + i]));
    return OK;
}

/* --- which segments there are --- */

static err list_segments(struct runs *r, struct arena *a, uint32_t **ret_list, uint32_t *ret_count)
{
    struct file_names names;
    TRY(file_list(r->folder, a, &names));
    *ret_list = arena_make_array(a, names.count + 1, sizeof **ret_list);
    *ret_count = 0;
    if (*ret_list == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < names.count; i++) /* sorted, and so are the numbers */
        *ret_count += file_is_numbered(names.at[i], JOURNAL_KIND, &(*ret_list)[*ret_count]);
    return OK;
}

static bool is_known(const struct runs *r, uint32_t segment)
{
    for (uint32_t i = 0; i < r->segment_count; i++)
        if (r->segments[i].number == segment)
            return true;
    return false;
}

/* Sealed ones only into the index; the others are read again, and sealed but for the last. */
static err load_segments(struct runs *r, const uint32_t *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (is_known(r, list[i])) {
            TRY(journal_load(&r->journal, list[i], false));
            continue;
        }
        TRY(replay_segment(r, list[i], i + 1 == count));
        if (i + 1 < count) {
            TRY(seal_begin(r));
            TRY(task_finish(r));
        } else {
            TRY(journal_go_on(&r->journal, list[i]));
        }
    }
    return OK;
}

static void forget_index(struct runs *r)
{
    for (uint32_t i = 0; i < r->sealed_count; i++)
        pages_drop(&r->sealed[i].file);
    for (uint32_t i = 0; i < r->id_file_count; i++)
        pages_drop(&r->id_files[i].file);
    sieve_done(&r->sieve);
    pages_drop(&r->amends);
    accounts_done(&r->accounts);
    r->sealed_count = 0;
    r->id_file_count = 0;
    r->segment_count = 0;
    r->amend_count = 0;
    r->currency_count = 0;
    r->scope_count = 0;
    r->accounts_on_disk = 0;
    pages_drop(&r->facts);
    r->next_number = 1;
    memset(r->currencies, 0, sizeof r->currencies);
}

static err drop_named(struct runs *r, struct arena *a, str name)
{
    struct text path;
    if (!str_starts(name, STR("run-")) && !str_starts(name, STR("ids-")))
        return OK;
    text_init(&path, a);
    text_printf(&path, "%s/%s", r->folder, name.at);
    const char *file = str_to_c(a, text_str(&path));
    return file == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : file_drop(file);
}

/* What was made of the journal and is to be made again: of an older form, or damaged. */
static err drop_made(struct runs *r)
{
    struct arena a;
    struct file_names names;
    arena_init(&a, NAMES_BYTES);
    err e = file_list(r->folder, &a, &names);
    for (size_t i = 0; !failed(e) && i < names.count; i++)
        e = drop_named(r, &a, names.at[i]);
    arena_done(&a);
    return e;
}

/* The manifest, or nothing: then the journal is read from its beginning. */
static err read_sealed(struct runs *r, uint32_t *ret_ordinal, uint32_t *ret_segment)
{
    *ret_ordinal = 0;
    *ret_segment = 1;
    err e = manifest_read(r, ret_ordinal, ret_segment);
    if (!failed(e))
        return OK;
    if (e.code != ERR_ABSENT && e.code != ERR_CORRUPT)
        return e;
    r->was_rebuilt = e.code == ERR_CORRUPT;
    forget_index(r);
    *ret_ordinal = 0;
    *ret_segment = 1;
    TRY(drop_made(r));
    return accounts_init(&r->accounts, r->seed);
}

/* Where retention has taken the first segments away, the rest begins later. */
static void begin_at_oldest(struct runs *r, const uint32_t *list, uint32_t count)
{
    if (r->segment_count > 0 || count == 0)
        return;
    r->tail->segment = list[0];
}

static err load(struct runs *r)
{
    struct arena a;
    uint32_t *list = NULL;
    uint32_t count = 0;
    uint32_t ordinal = 0;
    uint32_t segment = 0;
    arena_init(&a, NAMES_BYTES);
    err e = read_sealed(r, &ordinal, &segment);
    if (!failed(e))
        e = list_segments(r, &a, &list, &count);
    if (!failed(e)) {
        tail_begin(r->tail, ordinal, segment);
        begin_at_oldest(r, list, count);
        e = load_segments(r, list, count);
    }
    arena_done(&a);
    return e;
}

/* --- open and close --- */

static err open_parts(struct runs *r)
{
    TRY(unpacker_init(&r->unpacker));
    TRY(journal_open(&r->journal, r->is_in_memory ? NULL : r->folder));
    TRY(accounts_init(&r->accounts, r->seed));
    TRY(tail_open(&r->tails[0], r->tail_rows, true));
    r->tail = &r->tails[0];
    tail_begin(r->tail, 0, 1);
    return OK;
}

static err open_files(struct runs *r)
{
    if (r->is_in_memory)
        return OK;
    TRY(file_make_folder(r->folder));
    env_mutex_lock(&r->names);
    err e = load(r);
    env_mutex_unlock(&r->names);
    return e;
}

/* Its readers' seats each fill a line of the cache; an arena's pieces begin at 16 bytes. */
static struct runs *make_aligned(struct arena *a)
{
    size_t line = _Alignof(struct runs);
    char *room = arena_make(a, sizeof(struct runs) + line);
    if (room == NULL)
        return NULL;
    void *at = room + (line - (uintptr_t)room % line) % line;
    return at;
}

err runs_open(const struct runs_options *options, struct runs **ret_runs)
{
    struct arena arena;
    arena_init(&arena, RUNS_BYTES);
    struct runs *r = make_aligned(&arena);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct random_source random;
    random_init_secure(&random);
    r->arena = arena;
    r->self = r;
    r->is_in_memory = options->folder == NULL;
    r->tail_rows = options->tail_rows == 0 ? (uint32_t)RUNS_TAIL_ROWS : options->tail_rows;
    r->keep_ms = options->keep_ms;
    r->seed = random_u64(&random);
    r->next_number = 1;
    r->journal.fd = -1;
    r->is_changed = true;
    arena_init(&r->turn, TURN_BYTES);
    env_mutex_init(&r->names);
    env_mutex_init(&r->showing);
    env_cond_init(&r->caught_up);
    err e = OK;
    if (!r->is_in_memory) {
        str folder = str_from_c(options->folder);
        if (folder.size >= sizeof r->folder - 32)
            e = fail(ERR_LIMIT, "runs: a path is too long", 0);
        else
            memcpy(r->folder, folder.at, folder.size);
    }
    if (!failed(e))
        e = open_parts(r);
    if (!failed(e))
        e = open_files(r);
    if (!failed(e))
        e = runs_sync(r);
    if (failed(e)) {
        runs_close(r);
        return e;
    }
    *ret_runs = r;
    return OK;
}

void runs_close(struct runs *r)
{
    if (r == NULL)
        return;
    env_mutex_lock(&r->names);
    err e = task_finish(r); /* what it could not do is done when it is opened again */
    (void)failed(e);
    task_space_drop(r);
    env_mutex_unlock(&r->names);
    struct shown *s = env_slot_load(&r->shown);
    if (s != NULL)
        retire(r, NULL, s);
    journal_close(&r->journal); /* before the tails: they have what it still packs */
    for (size_t i = 0; i < COUNT_OF(r->tails); i++)
        tail_close(&r->tails[i]);
    retire_all(r);
    forget_index(r);
    unpacker_done(&r->unpacker);
    arena_done(&r->turn);
    env_cond_done(&r->caught_up);
    env_mutex_done(&r->showing);
    env_mutex_done(&r->names);
    struct arena arena = r->arena;
    arena_done(&arena);
}

/* --- what the owner does --- */

err runs_keep(struct runs *r)
{
    TRY(r->broken);
    env_mutex_lock(&r->names);
    err e = tail_end_block(r, r->tail);
    if (!failed(e))
        e = journal_sync(&r->journal);
    if (!failed(e))
        env_flag_raise(&r->is_behind);
    env_mutex_unlock(&r->names);
    return e;
}

/* What is being sealed is being sorted: to sort much of it here as well is no faster. */
static err sort_frozen(struct runs *r)
{
    err e = OK;
    if (r->frozen != NULL && tail_unsorted(r->frozen) > WAIT_ROWS)
        e = task_finish(r);
    if (r->frozen != NULL)
        TRY(tail_sort(r, r->frozen));
    return e;
}

static void catch_up(struct runs *r)
{
    env_mutex_lock(&r->showing);
    env_flag_lower(&r->is_behind);
    env_cond_wake_all(&r->caught_up);
    env_mutex_unlock(&r->showing);
}

err runs_sync(struct runs *r)
{
    err e = runs_keep(r);
    if (!failed(e)) {
        env_mutex_lock(&r->names);
        e = sort_frozen(r);
        if (!failed(e))
            e = tail_sort(r, r->tail);
        if (!failed(e))
            e = show(r);
        env_mutex_unlock(&r->names);
    }
    catch_up(r); /* also when it could not be: nobody waits for ever */
    return e;
}

/* When nothing new has come for a while, the memory that more of it would need is given back. */
static void rest(struct runs *r, int64_t now_ms)
{
    uint32_t next = r->tail->first + r->tail->count;
    if (next != r->idle_at || now_ms < r->idle_since_ms) {
        r->idle_at = next;
        r->idle_since_ms = now_ms;
    }
    if (now_ms - r->idle_since_ms < IDLE_MS)
        return;
    task_space_drop(r);
    for (size_t i = 0; i < COUNT_OF(r->tails); i++)
        if (&r->tails[i] != r->tail && &r->tails[i] != r->frozen)
            tail_close(&r->tails[i]);
}

/* No tail was filled for a while. */
static bool is_calm(struct runs *r, int64_t now_ms)
{
    uint32_t segment = r->tail->segment;
    if (segment != r->calm_segment || now_ms < r->calm_since_ms) {
        r->calm_segment = segment;
        r->calm_since_ms = now_ms;
    }
    return now_ms - r->calm_since_ms >= CALM_MS;
}

static err tend(struct runs *r, int64_t now_ms)
{
    bool may_merge = is_calm(r, now_ms) || r->sealed_count >= UNMERGED_MOST;
    if (r->task.kind != TASK_NONE && !env_flag_is_up(&r->task.is_done))
        return OK;
    TRY(task_finish(r));
    TRY(retention(r, now_ms));
    if (r->task.kind != TASK_NONE)
        return OK;
    rest(r, now_ms);
    return may_merge ? merge_begin(r, now_ms) : OK;
}

err runs_tend(struct runs *r, int64_t now_ms)
{
    if (r->is_in_memory)
        return OK;
    TRY(r->broken);
    env_mutex_lock(&r->names);
    err e = tend(r, now_ms);
    retire_past(r);
    env_mutex_unlock(&r->names);
    return e;
}
