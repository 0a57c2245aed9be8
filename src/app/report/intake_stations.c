/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/intake_stations.h"

#include "app/house/ask.h"
#include "app/report/intake_batch.h"
#include "feed/station_row.h"

#include <assert.h>

enum { GROUP_BYTES = 64 << 20, TURN_BYTES = 8 << 20, TEXT_MOST = 8 << 20 };

struct gathered {
    struct feed_refusal refusal; /* code NULL: none */
    struct station_facts station;
    struct beat_facts beat;
    struct officer_facts officer;
};

struct intake {
    struct intake_batch batch;
    const struct row_kind *kind;
    struct arena group_arena;
    struct arena turn; /* of a row */
    struct gathered rows[STATIONS_GROUP];
    size_t count;
    size_t text_bytes;
};

struct row_kind {
    const char *feed;
    err (*read)(const struct feed_row *row, struct arena *turn, struct gathered *g,
                str *ret_column);
    bool (*keep)(struct intake *in, struct gathered *g);
    /* ret_changes: 0, when it says what was known. On a refusal `column` is set. */
    err (*write)(struct intake *in, struct sql *db, struct gathered *g, int64_t *ret_changes);
};

/* --- on the store thread --- */

static err refuse(struct gathered *g, err e, const char *column)
{
    g->refusal.column = str_from_c(column);
    return e;
}

/* The division of a station; ERR_ABSENT when there is none. */
static err find_division(struct sql *db, str station, char room[DIVISION_BYTES], str *ret_division)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db, "SELECT \"division\" FROM station WHERE \"id\" = $1", &row));
    sql_bind_str(row, 1, station);
    err e = sql_next(row, &has_row);
    str found = !failed(e) && has_row ? sql_peek(row, 0) : STR("");
    assert(found.size < DIVISION_BYTES);
    memcpy(room, found.at, found.size);
    *ret_division = str_make(room, found.size);
    sql_done(&row);
    return failed(e) || has_row ? e : fail(ERR_ABSENT, "station.unknown", 0);
}

/* Whether whoever sends this answers for that station. */
static err may_change(const struct intake *in, struct sql *db, struct gathered *g, str station)
{
    char room[DIVISION_BYTES];
    str division = STR("");
    err e = find_division(db, station, room, &division);
    if (!failed(e) && !division_covers(in->batch.call->actor.division, division))
        e = fail(ERR_DENIED, "permit.division", 0);
    return failed(e) ? refuse(g, e, "station") : OK;
}

/* Of a row that is there already: under whose station it stands now. */
static err may_replace(const struct intake *in, struct gathered *g, struct sql_row **owner, str key)
{
    bool has_row = false;
    sql_bind_str(*owner, 1, key);
    err e = sql_next(*owner, &has_row);
    bool is_own = failed(e) || !has_row ||
                  division_covers(in->batch.call->actor.division, sql_peek(*owner, 0));
    sql_done(owner);
    TRY(e);
    return is_own ? OK : refuse(g, fail(ERR_DENIED, "permit.division", 0), "station");
}

static err finish(struct sql *db, struct sql_row **row, int64_t *ret_changes)
{
    TRY(sql_finish(row));
    *ret_changes = sql_changes(db);
    return OK;
}

static void bind_text(struct sql_row *row, int n, str s)
{
    if (str_is_empty(s))
        sql_bind_null(row, n);
    else
        sql_bind_str(row, n, s);
}

static err write_station(struct intake *in, struct sql *db, struct gathered *g,
                         int64_t *ret_changes)
{
    const struct station_facts *f = &g->station;
    char room[DIVISION_BYTES];
    str before = STR("");
    str own = in->batch.call->actor.division;
    err e = find_division(db, f->station, room, &before);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    bool is_own = failed(e) || division_covers(own, before);
    if (!is_own || !division_covers(own, f->division))
        return refuse(g, fail(ERR_DENIED, "permit.division", 0), "division");
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "INSERT INTO station (\"id\", \"division\", \"name\", \"lon\", \"lat\", \"batch\")"
                " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (\"id\") DO UPDATE SET"
                " \"division\" = excluded.\"division\", \"name\" = excluded.\"name\","
                " \"lon\" = excluded.\"lon\", \"lat\" = excluded.\"lat\","
                " \"batch\" = excluded.\"batch\""
                " WHERE station.\"division\" <> excluded.\"division\""
                " OR station.\"name\" <> excluded.\"name\""
                " OR station.\"lon\" IS DISTINCT FROM excluded.\"lon\""
                " OR station.\"lat\" IS DISTINCT FROM excluded.\"lat\"",
                &row));
    sql_bind_str(row, 1, f->station);
    sql_bind_str(row, 2, f->division);
    sql_bind_str(row, 3, f->name);
    if (f->has_spot) {
        sql_bind_i64(row, 4, f->at.lon);
        sql_bind_i64(row, 5, f->at.lat);
    }
    sql_bind_str(row, 6, in->batch.answer.batch);
    return finish(db, &row, ret_changes);
}

static err write_beat(struct intake *in, struct sql *db, struct gathered *g, int64_t *ret_changes)
{
    const struct beat_facts *f = &g->beat;
    struct sql_row *row = NULL;
    TRY(may_change(in, db, g, f->station));
    TRY(sql_ask(db,
                "SELECT s.\"division\" FROM beat b JOIN station s ON s.\"id\" = b.\"station\""
                " WHERE b.\"id\" = $1",
                &row));
    TRY(may_replace(in, g, &row, f->beat));
    TRY(sql_ask(db,
                "INSERT INTO beat (\"id\", \"station\", \"name\", \"boundary\", \"lon\", \"lat\","
                " \"batch\") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (\"id\") DO UPDATE SET"
                " \"station\" = excluded.\"station\", \"name\" = excluded.\"name\","
                " \"boundary\" = excluded.\"boundary\", \"lon\" = excluded.\"lon\","
                " \"lat\" = excluded.\"lat\", \"batch\" = excluded.\"batch\""
                " WHERE beat.\"station\" <> excluded.\"station\""
                " OR beat.\"name\" <> excluded.\"name\""
                " OR beat.\"boundary\" IS DISTINCT FROM excluded.\"boundary\"",
                &row));
    sql_bind_str(row, 1, f->beat);
    sql_bind_str(row, 2, f->station);
    sql_bind_str(row, 3, f->name);
    bind_text(row, 4, f->boundary);
    if (!str_is_empty(f->boundary)) {
        sql_bind_i64(row, 5, f->centre.lon);
        sql_bind_i64(row, 6, f->centre.lat);
    }
    sql_bind_str(row, 7, in->batch.answer.batch);
    return finish(db, &row, ret_changes);
}

static err must_be_beat(struct sql *db, struct gathered *g)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    if (str_is_empty(g->officer.beat))
        return OK;
    TRY(sql_ask(db, "SELECT 1 FROM beat WHERE \"id\" = $1", &row));
    sql_bind_str(row, 1, g->officer.beat);
    err e = sql_next(row, &has_row);
    sql_done(&row);
    TRY(e);
    return has_row ? OK : refuse(g, fail(ERR_ABSENT, "beat.unknown", 0), "beat");
}

static err write_officer(struct intake *in, struct sql *db, struct gathered *g,
                         int64_t *ret_changes)
{
    const struct officer_facts *f = &g->officer;
    struct sql_row *row = NULL;
    TRY(may_change(in, db, g, f->station));
    TRY(must_be_beat(db, g));
    TRY(sql_ask(db,
                "SELECT s.\"division\" FROM officer o JOIN station s ON s.\"id\" = o.\"station\""
                " WHERE o.\"id\" = $1",
                &row));
    TRY(may_replace(in, g, &row, f->officer));
    TRY(sql_ask(db,
                "INSERT INTO officer (\"id\", \"name\", \"station\", \"beat\", \"on_from\","
                " \"on_until\", \"batch\") VALUES ($1, $2, $3, $4, $5, $6, $7)"
                " ON CONFLICT (\"id\") DO UPDATE SET \"name\" = excluded.\"name\","
                " \"station\" = excluded.\"station\", \"beat\" = excluded.\"beat\","
                " \"on_from\" = excluded.\"on_from\", \"on_until\" = excluded.\"on_until\","
                " \"batch\" = excluded.\"batch\""
                " WHERE officer.\"name\" <> excluded.\"name\""
                " OR officer.\"station\" <> excluded.\"station\""
                " OR officer.\"beat\" IS DISTINCT FROM excluded.\"beat\""
                " OR officer.\"on_from\" IS DISTINCT FROM excluded.\"on_from\""
                " OR officer.\"on_until\" IS DISTINCT FROM excluded.\"on_until\"",
                &row));
    sql_bind_str(row, 1, f->officer);
    sql_bind_str(row, 2, f->name);
    sql_bind_str(row, 3, f->station);
    bind_text(row, 4, f->beat);
    if (f->on_until.us > 0) {
        sql_bind_i64(row, 5, f->on_from.us);
        sql_bind_i64(row, 6, f->on_until.us);
    }
    sql_bind_str(row, 7, in->batch.answer.batch);
    return finish(db, &row, ret_changes);
}

/* What the row says is its own fault; anything else is ours and ends the batch. */
static err take(struct intake *in, struct store *store, struct gathered *g, instant at)
{
    int64_t changes = 0;
    err e = in->kind->write(in, store_sql(store), g, &changes);
    if (e.code == ERR_ABSENT || e.code == ERR_DENIED) {
        g->refusal.code = e.why;
        return intake_batch_reject(&in->batch, store, &g->refusal, at);
    }
    TRY(e);
    in->batch.answer.accepted += changes > 0;
    in->batch.answer.duplicate += changes == 0;
    return OK;
}

static err write_group(void *self, struct store *store, instant at, struct arena *turn)
{
    struct intake *in = self;
    (void)turn;
    arena_reset(&in->batch.apply_arena);
    for (size_t i = 0; i < in->count; i++) {
        struct gathered *g = &in->rows[i];
        if (g->refusal.code != NULL)
            TRY(intake_batch_reject(&in->batch, store, &g->refusal, at));
        else
            TRY(take(in, store, g, at));
    }
    env_flag_raise(&in->batch.call->house->has_new_stations);
    return OK;
}

/* --- on the clerk's thread --- */

static err flush(struct intake *in)
{
    if (in->count == 0)
        return OK;
    err e = ask_store(in->batch.call->house, write_group, in);
    in->count = 0;
    in->text_bytes = 0;
    arena_reset(&in->group_arena);
    return e;
}

/* Rows live only until the sink returns: what is gathered is copied. */
static bool keep(struct intake *in, str *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *texts[i] = str_copy(&in->group_arena, *texts[i]);
        in->text_bytes += texts[i]->size;
        if (texts[i]->at == NULL)
            return false;
    }
    return true;
}

static bool keep_station(struct intake *in, struct gathered *g)
{
    str *const texts[] = {&g->station.station, &g->station.division, &g->station.name};
    return keep(in, texts, COUNT_OF(texts));
}

static bool keep_beat(struct intake *in, struct gathered *g)
{
    str *const texts[] = {&g->beat.beat, &g->beat.station, &g->beat.name, &g->beat.boundary};
    return keep(in, texts, COUNT_OF(texts));
}

static bool keep_officer(struct intake *in, struct gathered *g)
{
    struct officer_facts *f = &g->officer;
    str *const texts[] = {&f->officer, &f->name, &f->station, &f->beat};
    return keep(in, texts, COUNT_OF(texts));
}

static err read_station(const struct feed_row *row, struct arena *turn, struct gathered *g,
                        str *ret_column)
{
    return station_row_read(row, turn, &g->station, ret_column);
}

static err read_beat(const struct feed_row *row, struct arena *turn, struct gathered *g,
                     str *ret_column)
{
    return beat_row_read(row, turn, &g->beat, ret_column);
}

static err read_officer(const struct feed_row *row, struct arena *turn, struct gathered *g,
                        str *ret_column)
{
    (void)turn;
    return officer_row_read(row, &g->officer, ret_column);
}

static const struct row_kind kinds[] = {
    {"stations", read_station, keep_station, write_station},
    {"beats",    read_beat,    keep_beat,    write_beat   },
    {"officers", read_officer, keep_officer, write_officer},
};

static err gather(struct intake *in, const struct feed_refusal *refusal)
{
    struct gathered *g = &in->rows[in->count++];
    str *const texts[] = {&g->refusal.column, &g->refusal.raw};
    g->refusal = *refusal;
    bool is_kept = keep(in, texts, COUNT_OF(texts));
    if (refusal->code == NULL)
        is_kept = is_kept && in->kind->keep(in, g);
    arena_reset(&in->turn);
    if (!is_kept)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return in->count == STATIONS_GROUP || in->text_bytes > TEXT_MOST ? flush(in) : OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    return gather(self, refusal);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct intake *in = self;
    str column = STR("");
    struct gathered *g = &in->rows[in->count];
    *g = (struct gathered){.refusal = {.code = NULL}};
    err e = in->kind->read(row, &in->turn, g, &column);
    struct feed_refusal refusal = {.number = row->number,
                                   .line = row->line,
                                   .column = column,
                                   .code = failed(e) ? e.why : NULL,
                                   .raw = row->raw};
    return gather(in, &refusal);
}

static const struct row_kind *find_kind(const struct feed_shape *shape)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (strcmp(kinds[i].feed, shape->name) == 0)
            return &kinds[i];
    return NULL;
}

bool intake_stations_takes(const struct feed_shape *shape)
{
    return find_kind(shape) != NULL;
}

err intake_stations_run(struct call *call, const struct feed_shape *shape)
{
    struct intake *in = arena_make(&call->arena, sizeof *in);
    if (in == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    in->kind = find_kind(shape);
    assert(in->kind != NULL);
    intake_batch_init(&in->batch, call, shape);
    arena_init(&in->group_arena, GROUP_BYTES);
    arena_init(&in->turn, TURN_BYTES);
    err e = intake_batch_open(&in->batch);
    if (!failed(e))
        e = intake_batch_read(&in->batch,
                              (struct feed_sink){in, on_row, on_refused, .warned = NULL});
    if (!failed(e))
        e = flush(in);
    if (!failed(e))
        e = intake_batch_close(&in->batch);
    arena_done(&in->turn);
    arena_done(&in->group_arena);
    intake_batch_done(&in->batch);
    return e;
}
