/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_standing.h"

#include "app/money/trail_doc_inside.h"

#include <string.h>

void trail_standing_init(struct trail_standing *s, struct runs *runs, struct runs_reader *reader)
{
    *s = (struct trail_standing){.runs = runs, .reader = reader};
    trail_index_init(&s->index, 0);
    arena_init(&s->arena, STANDING_BYTES);
    arena_init(&s->list, STANDING_BYTES);
}

static void forget(struct trail_standing *s)
{
    case_done(s->c);
    s->c = NULL;
    arena_reset(&s->arena);
}

void trail_standing_done(struct trail_standing *s)
{
    forget(s);
    trail_index_done(&s->index);
    arena_done(&s->arena);
    arena_done(&s->list);
    *s = (struct trail_standing){0};
}

bool trail_standing_is_made(const struct trail_standing *s)
{
    return s->c != NULL;
}

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- what there is of an account, and whether it is still what the case was told --- */

static uint32_t rows_of(const struct trail_view *view, uint32_t account)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++) {
        struct trail_range out = trail_directory_range(&view->runs[i]->out, account);
        struct trail_range in = trail_directory_range(&view->runs[i]->in, account);
        sum += out.end - out.begin + in.end - in.begin;
    }
    return sum;
}

/* The account paid something from then on. */
static bool pays_after(const struct trail_view *view, uint32_t account, int64_t from_ms)
{
    for (uint32_t i = 0; i < view->run_count; i++) {
        struct trail_range out = trail_directory_range(&view->runs[i]->out, account);
        if (trail_run_after(view->runs[i], out, from_ms - 1) < out.end)
            return true;
    }
    return false;
}

static int64_t wall_at(const struct trail_wall *walls, size_t count, uint32_t account)
{
    for (size_t i = 0; i < count; i++)
        if (walls[i].account == account)
            return walls[i].from_ms;
    return INT64_MAX;
}

/* A wall of `these` that the others have not, or elsewhere: it hides something, or hid it. */
static bool is_moved(const struct trail_view *view, const struct trail_wall *these, size_t count,
                     const struct trail_wall *others, size_t other_count)
{
    for (size_t i = 0; i < count; i++) {
        int64_t other_ms = wall_at(others, other_count, these[i].account);
        int64_t from_ms = other_ms < these[i].from_ms ? other_ms : these[i].from_ms;
        if (other_ms != these[i].from_ms && pays_after(view, these[i].account, from_ms))
            return true;
    }
    return false;
}

static bool are_walls_moved(const struct making *m)
{
    const struct trail_standing *s = m->standing;
    const struct trail_question *q = m->q;
    return is_moved(m->seat.view, s->walls, s->wall_count, q->walls, q->wall_count) ||
           is_moved(m->seat.view, q->walls, q->wall_count, s->walls, s->wall_count);
}

static bool are_sources_the_same(const struct making *m)
{
    const struct trail_standing *s = m->standing;
    bool is_same = m->doc->source_count == s->source_count;
    for (size_t i = 0; is_same && i < s->source_count; i++)
        is_same = m->doc->sources[i].ordinal == s->sources[i];
    return is_same;
}

static bool are_rows_forgotten(const struct making *m)
{
    const struct trail_standing *s = m->standing;
    for (uint32_t i = 0; i < s->print_count; i++)
        if (rows_of(m->seat.view, s->prints[i].account) < s->prints[i].rows)
            return true;
    return false;
}

static int64_t until_of(const struct making *m)
{
    return m->q->as_of_ms == 0 ? INT64_MAX : m->q->as_of_ms;
}

static bool can_go_on(const struct making *m)
{
    const struct trail_standing *s = m->standing;
    return s->c != NULL && s->method == m->q->method && until_of(m) >= s->index.until_ms &&
           are_sources_the_same(m) && !are_walls_moved(m) && !are_rows_forgotten(m);
}

/* --- what is new --- */

struct telling {
    struct trail_standing *s;
    int64_t was_until_ms;
    uint32_t was_end;
    bool is_all; /* also what was told before: it may have another status */
};

static err tell_place(struct telling *t, uint32_t run, uint32_t place)
{
    const struct trail_run *r = t->s->index.view->runs[run];
    const struct trail_row *row = &r->rows[place];
    struct trail_event event;
    bool is_new = r->ordinals[place] >= t->was_end || row_time_ms(row) > t->was_until_ms;
    if (is_new && trail_index_is_dead(&t->s->index, r, place))
        return OK;
    if ((!is_new && !t->is_all) || !trail_index_shows(&t->s->index, r, place))
        return OK;
    TRY(trail_index_bare(&t->s->index, (struct trail_ref){run, place}, &event));
    return case_put(t->s->c, &event);
}

static err tell_account(struct telling *t, uint32_t account)
{
    const struct trail_view *view = t->s->index.view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        struct trail_range in = trail_directory_range(&run->in, account);
        for (uint32_t p = out.begin; p < out.end; p++)
            TRY(tell_place(t, i, p));
        for (uint32_t k = in.begin; k < in.end; k++)
            TRY(tell_place(t, i, run->ins[k]));
    }
    return OK;
}

/* A busy account is looked at again where whoever paid it is told of that: its own rows are not.
 * Those whose rows are more; all of them where another status may be any's, or where what was
 * later than everything has come to be. */
static err tell(struct telling *t, bool is_everyone)
{
    struct trail_standing *s = t->s;
    for (uint32_t i = 0; i < s->print_count; i++) {
        uint32_t account = s->prints[i].account;
        if (is_everyone || rows_of(s->index.view, account) != s->prints[i].rows)
            TRY(tell_account(t, account));
    }
    return case_settle(s->c);
}

/* A payment that was not booked touches no account: the case hears of it here alone. */
static err tell_sources(struct making *m)
{
    for (size_t i = 0; i < m->doc->source_count; i++) {
        struct trail_ref ref = {0};
        struct trail_event event;
        TRY(runs_ask_place(m->runs, &m->seat, m->doc->sources[i].ordinal, &ref));
        TRY(trail_index_event(&m->standing->index, ref, &event));
        TRY(case_put(m->standing->c, &event));
    }
    return OK;
}

static err go_on(struct making *m)
{
    struct trail_standing *s = m->standing;
    struct telling t = {.s = s,
                        .was_until_ms = s->index.until_ms,
                        .was_end = s->index.seen_end,
                        .is_all = m->seat.view->amended != s->amended};
    TRY(attribution_look(m, &s->index));
    s->index.until_ms = until_of(m);
    bool has_come = s->index.next_later_ms <= s->index.until_ms;
    if (has_come)
        s->index.next_later_ms = INT64_MAX;
    if (t.is_all)
        TRY(tell_sources(m));
    return tell(&t, t.is_all || has_come);
}

/* --- from nothing --- */

static err make_anew(struct making *m)
{
    struct trail_standing *s = m->standing;
    struct case_settings settings;
    forget(s);
    trail_index_done(&s->index);
    trail_index_init(&s->index, m->q->as_of_ms);
    TRY(attribution_look(m, &s->index));
    TRY(attribution_settings(m, &settings));
    settings.budget_bytes = STANDING_BYTES;
    struct case_port port = trail_index_port(&s->index);
    s->c = case_make(&s->arena, &settings, &port);
    s->method = m->q->method;
    s->made++;
    return s->c == NULL ? spent() : attribution_claim(m, &s->index, s->c);
}

/* --- for the next time --- */

static err keep_question(struct making *m)
{
    struct trail_standing *s = m->standing;
    size_t source_count = m->doc->source_count;
    size_t wall_count = m->q->wall_count;
    uint32_t *sources = arena_make_array(&s->list, source_count + 1, sizeof *sources);
    struct trail_wall *walls = arena_make_array(&s->list, wall_count + 1, sizeof *walls);
    if (sources == NULL || walls == NULL)
        return spent();
    for (size_t i = 0; i < source_count; i++)
        sources[i] = m->doc->sources[i].ordinal;
    for (size_t i = 0; i < wall_count; i++)
        walls[i] = m->q->walls[i];
    s->sources = sources;
    s->source_count = source_count;
    s->walls = walls;
    s->wall_count = wall_count;
    return OK;
}

static err remember(struct making *m)
{
    struct trail_standing *s = m->standing;
    uint32_t count = case_account_count(s->c);
    arena_reset(&s->list);
    s->print_count = 0;
    TRY(keep_question(m));
    struct standing_print *prints = arena_make_array(&s->list, count + 1, sizeof *prints);
    if (prints == NULL)
        return spent();
    s->prints = prints;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t account = case_account_id(s->c, i);
        if (!case_account_is_busy(s->c, i))
            prints[s->print_count++] =
                (struct standing_print){account, rows_of(m->seat.view, account)};
    }
    s->amended = m->seat.view->amended;
    return OK;
}

err attribute_on(struct making *m)
{
    err e = can_go_on(m) ? go_on(m) : make_anew(m);
    if (!failed(e))
        e = remember(m);
    if (!failed(e))
        e = attribution_take(m, m->standing->c);
    if (failed(e))
        forget(m->standing);
    return e;
}
