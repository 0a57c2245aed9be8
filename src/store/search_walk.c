/* SPDX-License-Identifier: Apache-2.0 */
/* Streams of ids, newest first, and their merge. */
#include "store/search_part.h"

#include <assert.h>

enum { PIECE_USUAL = 256, PIECE_OF_MANY = 16, MANY = 128 };

enum driver { BY_GROUP, BY_GROUP_ALONE, BY_DIVISION, BY_BATCH, BY_SAID, DRIVER_COUNT };

#define WHERE(condition)                                                                           \
    " FROM listing WHERE " condition " AND \"id\" < $1 ORDER BY \"id\" DESC LIMIT $2"
#define IDS_WHERE(condition) "SELECT \"id\", " SEARCH_WANTED WHERE(condition)
#define OF_GROUP             "\"state\" = $11 AND \"kind\" = $12 AND \"action\" = $13"

static const char *const drivers[DRIVER_COUNT] = {
    [BY_GROUP] = IDS_WHERE(OF_GROUP),
    [BY_GROUP_ALONE] = "SELECT \"id\", " SEARCH_WANTED_OF_GROUP WHERE(OF_GROUP),
    [BY_DIVISION] = IDS_WHERE("\"division\" = $14 AND \"division\" <> '' AND " OF_GROUP),
    [BY_BATCH] = IDS_WHERE("\"batch\" = $11"),
    [BY_SAID] = IDS_WHERE("\"source\" = $11"),
};

#undef OF_GROUP
#undef IDS_WHERE
#undef WHERE

static const uint8_t key_counts[DRIVER_COUNT] = {3, 3, 4, 1, 1};

void search_bind(struct sql_row *row, const struct wanted *wanted, int64_t limit)
{
    const struct search *s = wanted->search;
    bool is_scoped = !str_is_empty(s->scope);
    sql_bind_i64(row, 2, limit);
    sql_bind_str(row, 3, s->state);
    sql_bind_str(row, 4, s->kind);
    sql_bind_str(row, 5, s->action);
    sql_bind_str(row, 6, is_scoped ? str_from_c(wanted->range.low) : STR(""));
    sql_bind_str(row, 7, str_from_c(wanted->range.high));
    sql_bind_str(row, 8, s->batch);
    sql_bind_str(row, 9, s->source);
    sql_bind_str(row, 10, wanted->part);
}

/* --- one stream --- */

static err read_piece(struct walk *w, struct stream *s, struct sql_row *row)
{
    bool has_row = false;
    s->at = s->count = 0;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        s->ids[s->count] = sql_str(row, 0, w->turn);
        s->wanted[s->count] = sql_i64(row, 1) != 0;
        if (s->ids[s->count++].at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        TRY(sql_next(row, &has_row));
    }
    s->has_more = s->count == w->piece;
    return OK;
}

static err fetch(struct walk *w, struct stream *s, str before)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(w->reader), drivers[s->driver], &row));
    sql_bind_str(row, 1, before);
    if (s->driver == BY_GROUP_ALONE) {
        sql_bind_i64(row, 2, (int64_t)w->piece);
        sql_bind_str(row, 10, w->wanted.part);
    } else {
        search_bind(row, &w->wanted, (int64_t)w->piece);
    }
    for (int i = 0; i < key_counts[s->driver]; i++)
        sql_bind_str(row, 11 + i, s->keys[i]);
    err e = read_piece(w, s, row);
    sql_done(&row);
    return e;
}

static err stream_add(struct walk *w, unsigned driver, const str keys[STREAM_KEYS])
{
    w->is_cut = w->stream_count == STREAMS_MOST;
    if (w->is_cut)
        return OK;
    struct stream *s = &w->streams[w->stream_count++];
    *s = (struct stream){.driver = driver};
    for (int i = 0; i < key_counts[driver]; i++)
        s->keys[i] = keys[i];
    return OK;
}

/* --- which streams --- */

static bool may_be(str asked, const char *word)
{
    return str_is_empty(asked) || str_equal(asked, str_from_c(word));
}

/* The vocabularies are closed: so many groups at most, and most of them hold nothing. */
static err add_groups(struct walk *w)
{
    const struct search *s = w->wanted.search;
    bool is_alone = str_is_empty(s->batch) && str_is_empty(s->source) && str_is_empty(s->scope);
    for (unsigned i = 0; i < LISTING_STATE_COUNT * INDICATOR_KIND_COUNT * ACTION_COUNT; i++) {
        const char *state = listing_state_words[i / ACTION_COUNT / INDICATOR_KIND_COUNT];
        const char *kind = indicator_kind_words[i / ACTION_COUNT % INDICATOR_KIND_COUNT];
        const char *action = listing_action_words[i % ACTION_COUNT];
        str keys[STREAM_KEYS] = {str_from_c(state), str_from_c(kind), str_from_c(action)};
        if (may_be(s->state, state) && may_be(s->kind, kind) && may_be(s->action, action))
            TRY(stream_add(w, is_alone ? BY_GROUP_ALONE : BY_GROUP, keys));
    }
    return OK;
}

/* The groups that there are below a division, by leaping from one to the next. */
static err next_division_group(struct walk *w, str keys[STREAM_KEYS], bool *ret_has)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT \"state\", \"kind\", \"action\", \"division\" FROM listing"
                " WHERE \"division\" <> '' AND \"division\" < $5"
                " AND (\"division\", \"state\", \"kind\", \"action\") > ($1, $2, $3, $4)"
                " ORDER BY \"division\", \"state\", \"kind\", \"action\" LIMIT 1",
                &row));
    sql_bind_str(row, 1, keys[3]);
    for (int i = 0; i < 3; i++)
        sql_bind_str(row, 2 + i, keys[i]);
    sql_bind_str(row, 5, str_from_c(w->wanted.range.high));
    err e = sql_next(row, ret_has);
    for (int i = 0; !failed(e) && *ret_has && i < STREAM_KEYS; i++) {
        keys[i] = sql_str(row, i, w->turn);
        if (keys[i].at == NULL)
            e = fail(ERR_LIMIT, "limit.memory", 0);
    }
    sql_done(&row);
    return e;
}

static err add_divisions(struct walk *w)
{
    const struct search *s = w->wanted.search;
    str keys[STREAM_KEYS] = {[3] = str_from_c(w->wanted.range.low)};
    bool has_group = false;
    TRY(next_division_group(w, keys, &has_group));
    while (has_group && w->stream_count < STREAMS_MOST) {
        bool is_wanted = (str_is_empty(s->state) || str_equal(s->state, keys[0])) &&
                         (str_is_empty(s->kind) || str_equal(s->kind, keys[1])) &&
                         (str_is_empty(s->action) || str_equal(s->action, keys[2]));
        if (is_wanted)
            TRY(stream_add(w, BY_DIVISION, keys));
        TRY(next_division_group(w, keys, &has_group));
    }
    w->is_cut = has_group;
    return OK;
}

/* What a source has sent, and what people have said in its name. */
static err add_batches(struct walk *w, str before)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    str keys[STREAM_KEYS] = {w->wanted.search->source};
    TRY(stream_add(w, BY_SAID, keys));
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT b.\"id\" FROM batch b JOIN source s ON s.\"id\" = b.\"source_id\""
                " WHERE s.\"name\" = $1 AND b.\"entered\" > 0 AND b.\"id\" < $3"
                " ORDER BY b.\"id\" DESC LIMIT $2",
                &row));
    sql_bind_str(row, 1, w->wanted.search->source);
    sql_bind_i64(row, 2, STREAMS_MOST);
    sql_bind_str(row, 3, before); /* what a batch brings comes after it */
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        w->floor = keys[0];
        keys[0] = sql_str(row, 0, w->turn);
        e = keys[0].at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : stream_add(w, BY_BATCH, keys);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* How many a group holds, as far as `most`. */
static err count_group(struct walk *w, const struct stream *s, int64_t most, int64_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader_sql(w->reader),
                "SELECT count(*) FROM (SELECT 1 FROM listing WHERE \"state\" = $1"
                " AND \"kind\" = $2 AND \"action\" = $3 LIMIT $4) AS g",
                &row));
    for (int i = 0; i < 3; i++)
        sql_bind_str(row, 1 + i, s->keys[i]);
    sql_bind_i64(row, 4, most);
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_count = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static err groups_are_few(struct walk *w, bool *ret_are_few)
{
    int64_t left = SEARCH_LOOKED;
    for (size_t i = 0; i < w->stream_count && left > 0; i++) {
        int64_t count = 0;
        TRY(count_group(w, &w->streams[i], left, &count));
        left -= count;
    }
    *ret_are_few = left > 0;
    return OK;
}

static err choose(struct walk *w, str before)
{
    const struct search *s = w->wanted.search;
    bool are_few = true;
    bool is_of_list = !str_is_empty(s->batch) || !str_is_empty(s->source);
    if (!is_of_list && !str_is_empty(s->scope))
        return add_divisions(w);
    TRY(add_groups(w));
    if (is_of_list)
        TRY(groups_are_few(w, &are_few));
    if (are_few || !is_of_list)
        return OK;
    w->stream_count = 0;
    if (str_is_empty(s->batch))
        return add_batches(w, before);
    return stream_add(w, BY_BATCH, (str[STREAM_KEYS]){s->batch});
}

/* --- merging --- */

static bool is_newer(const struct stream *a, const struct stream *b)
{
    return str_compare(a->ids[a->at], b->ids[b->at]) > 0;
}

static void sift(struct walk *w, size_t at)
{
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2; child++)
            if (child < w->heap_count && is_newer(w->heap[child], w->heap[best]))
                best = child;
        if (best == at)
            return;
        struct stream *moved = w->heap[at];
        w->heap[at] = w->heap[best];
        w->heap[best] = moved;
        at = best;
    }
}

static err make_rooms(struct walk *w)
{
    w->piece = w->stream_count > MANY ? PIECE_OF_MANY : PIECE_USUAL;
    w->heap = arena_make_array(w->turn, w->stream_count + 1, sizeof(struct stream *));
    if (w->heap == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < w->stream_count; i++) {
        struct stream *s = &w->streams[i];
        s->ids = arena_make_array(w->turn, w->piece, sizeof *s->ids);
        s->wanted = arena_make_array(w->turn, w->piece, sizeof *s->wanted);
        if (s->ids == NULL || s->wanted == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    return OK;
}

err walk_begin(struct walk *w, str before)
{
    w->streams = arena_make_array(w->turn, STREAMS_MOST, sizeof *w->streams);
    if (w->streams == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    w->stream_count = w->heap_count = 0;
    w->looked = 0;
    w->is_cut = false;
    TRY(choose(w, before));
    TRY(make_rooms(w));
    for (size_t i = 0; i < w->stream_count; i++) {
        TRY(fetch(w, &w->streams[i], before));
        if (w->streams[i].count > 0)
            w->heap[w->heap_count++] = &w->streams[i];
    }
    for (size_t i = w->heap_count; i-- > 0;)
        sift(w, i);
    return OK;
}

/* Past the newest of all. */
static err step(struct walk *w)
{
    struct stream *s = w->heap[0];
    s->at++;
    if (s->at == s->count && s->has_more)
        TRY(fetch(w, s, s->ids[s->count - 1]));
    if (s->at == s->count)
        w->heap[0] = w->heap[--w->heap_count];
    sift(w, 0);
    return OK;
}

err walk_next(struct walk *w, int64_t most, str *ret_id, bool *ret_has)
{
    *ret_has = false;
    while (!walk_has_ended(w) && w->looked < most && !*ret_has) {
        const struct stream *s = w->heap[0];
        str id = s->ids[s->at];
        if (w->is_cut && str_compare(id, w->floor) < 0) { /* older batches may have what is newer */
            w->heap_count = 0;
            break;
        }
        bool is_again = str_equal(id, w->last); /* by its batch, and by what it says itself */
        *ret_has = s->wanted[s->at] && !is_again;
        *ret_id = w->last = id;
        w->looked++;
        TRY(step(w));
    }
    return OK;
}
