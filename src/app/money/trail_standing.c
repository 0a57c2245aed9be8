/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_standing.h"

#include "app/money/trail_doc_inside.h"

#include <assert.h>

void trail_standing_init(struct trail_standing *s, struct runs *runs, struct runs_reader *reader)
{
    enum { SCRATCH_BYTES = 8 << 20 };
    *s = (struct trail_standing){.runs = runs, .reader = reader};
    trail_index_init(&s->index, 0);
    arena_init(&s->arena, STANDING_BYTES);
    arena_init(&s->list, STANDING_BYTES);
    arena_init(&s->scratch, SCRATCH_BYTES);
    arena_init(&s->sources.arena, STANDING_BYTES);
}

/* All that lies in its arena with it. */
static void forget(struct trail_standing *s)
{
    case_done(s->c);
    s->c = NULL;
    s->prints = NULL;
    s->print_count = 0;
    s->room = 0;
    s->kept = (struct case_nodes){0};
    s->nodes = NULL;
    s->is_named = NULL;
    s->node_count = 0;
    s->changed = NULL;
    s->is_changed = NULL;
    s->changed_count = 0;
    s->are_all_changed = true;
    arena_reset(&s->arena);
}

void trail_standing_done(struct trail_standing *s)
{
    forget(s);
    trail_index_done(&s->index);
    view_news_done(&s->news);
    arena_done(&s->arena);
    arena_done(&s->list);
    arena_done(&s->scratch);
    arena_done(&s->sources.arena);
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
    bool is_same = m->doc->source_count == s->ordinal_count;
    for (size_t i = 0; is_same && i < s->ordinal_count; i++)
        is_same = m->doc->sources[i].ordinal == s->ordinals[i];
    return is_same;
}

static bool are_rows_forgotten(const struct making *m)
{
    const struct trail_standing *s = m->standing;
    for (uint32_t i = 0; !s->news.is_known && i < s->print_count; i++)
        if (rows_of(m->seat.view, case_account_id(s->c, i)) < s->prints[i])
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

/* A busy account is looked at again where whoever paid it is told of that: its own rows are not. */
static bool is_told(const struct trail_standing *s, uint32_t account)
{
    uint32_t number = case_account_number(s->c, account);
    return number < s->print_count && !case_account_is_busy(s->c, number);
}

static err tell_fresh(struct telling *t)
{
    const struct trail_standing *s = t->s;
    for (uint32_t i = 0; i < s->news.fresh_count; i++) {
        struct trail_ref ref = s->news.fresh[i];
        const struct trail_row *row = trail_row_at(s->index.view, ref);
        if (is_told(s, row->from) || is_told(s, row->to))
            TRY(tell_place(t, ref.run, ref.place));
    }
    return OK;
}

static err tell_more(struct telling *t, bool is_everyone)
{
    const struct trail_standing *s = t->s;
    for (uint32_t i = 0; i < s->print_count; i++) {
        uint32_t account = case_account_id(s->c, i);
        bool is_more = is_everyone || rows_of(s->index.view, account) != s->prints[i];
        if (is_more && !case_account_is_busy(s->c, i))
            TRY(tell_account(t, account));
    }
    return OK;
}

/* All of them where another status may be any's, or where what was later than everything has come
 * to be. */
static err tell(struct telling *t, bool is_everyone)
{
    bool is_known = t->s->news.is_known && !is_everyone;
    TRY(is_known ? tell_fresh(t) : tell_more(t, is_everyone));
    return case_settle(t->s->c);
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
    size_t count = m->doc->source_count;
    arena_reset(&s->list);
    uint32_t *ordinals = arena_make_array(&s->list, count + 1, sizeof *ordinals);
    struct trail_wall *walls = arena_make_array(&s->list, m->q->wall_count + 1, sizeof *walls);
    if (ordinals == NULL || walls == NULL)
        return spent();
    for (size_t i = 0; i < count; i++)
        ordinals[i] = m->doc->sources[i].ordinal;
    for (size_t i = 0; i < m->q->wall_count; i++)
        walls[i] = m->q->walls[i];
    s->ordinals = ordinals;
    s->ordinal_count = count;
    s->walls = walls;
    s->wall_count = m->q->wall_count;
    return OK;
}

static void print_account(struct trail_standing *s, const struct trail_view *view, uint32_t account)
{
    uint32_t number = case_account_number(s->c, account);
    if (number < s->print_count)
        s->prints[number] = rows_of(view, account);
}

/* Of those that are new, and of those whose rows are; of all where nobody says which. */
static void print_accounts(struct making *m)
{
    struct trail_standing *s = m->standing;
    const struct trail_view *view = m->seat.view;
    uint32_t from = s->kept.is_anew || !s->news.is_known ? 0 : s->print_count;
    s->print_count = case_account_count(s->c);
    for (uint32_t i = from; i < s->print_count; i++)
        s->prints[i] = rows_of(view, case_account_id(s->c, i));
    for (uint32_t i = 0; i < s->news.fresh_count; i++) {
        const struct trail_row *row = trail_row_at(view, s->news.fresh[i]);
        print_account(s, view, row->from);
        print_account(s, view, row->to);
    }
}

static err remember(struct making *m)
{
    struct trail_standing *s = m->standing;
    TRY(keep_question(m));
    TRY(standing_nodes(m));
    print_accounts(m);
    s->amended = m->seat.view->amended;
    s->said = m->seat.view->said;
    return OK;
}

/* --- sources --- */

static bool is_asked(const struct standing_sources *known, str id)
{
    for (size_t i = 0; i < known->asked_count; i++)
        if (str_equal(known->asked[i], id))
            return true;
    return false;
}

/* A transfer that came under an id of theirs would make two of one. */
static err is_namesake_fresh(struct trail_standing *s, const struct trail_view *view, bool *ret_is)
{
    enum { LOOK_MOST = 64 };
    *ret_is = s->news.fresh_count > LOOK_MOST;
    for (uint32_t i = 0; !*ret_is && i < s->news.fresh_count; i++) {
        struct transfer t = {0};
        arena_reset(&s->scratch);
        TRY(runs_reader_details(s->reader, trail_ordinal_at(view, s->news.fresh[i]), &s->scratch,
                                &t));
        *ret_is = is_asked(&s->sources, t.id);
    }
    return OK;
}

static bool is_asked_alike(const struct making *m)
{
    const struct standing_sources *known = &m->standing->sources;
    bool is_alike = known->asked_count == m->q->start_count;
    for (size_t i = 0; is_alike && i < known->asked_count; i++)
        is_alike = str_equal(known->asked[i], m->q->starts[i]);
    return is_alike;
}

static err are_known(struct making *m, bool *ret_are)
{
    struct trail_standing *s = m->standing;
    bool is_other = false;
    *ret_are = s->c != NULL && s->news.is_known && s->amended == m->seat.view->amended &&
               until_of(m) >= s->index.until_ms && is_asked_alike(m);
    if (*ret_are)
        TRY(is_namesake_fresh(s, m->seat.view, &is_other));
    *ret_are = *ret_are && !is_other;
    return OK;
}

static err read_sources(struct making *m, str *ret_start)
{
    struct standing_sources *known = &m->standing->sources;
    struct arena *own = m->arena;
    known->asked_count = 0;
    arena_reset(&known->arena);
    str *asked = arena_make_array(&known->arena, m->q->start_count, sizeof *asked);
    if (asked == NULL)
        return spent();
    for (size_t i = 0; i < m->q->start_count; i++) {
        asked[i] = str_copy(&known->arena, m->q->starts[i]);
        if (asked[i].at == NULL)
            return spent();
    }
    m->arena = &known->arena;
    err e = making_sources(m, ret_start);
    m->arena = own;
    TRY(e);
    known->asked = asked;
    known->asked_count = m->q->start_count;
    known->at = m->doc->sources;
    known->count = m->doc->source_count;
    known->currency = m->doc->currency;
    return OK;
}

static err put_sources(struct making *m, str *ret_start)
{
    const struct standing_sources *known = &m->standing->sources;
    bool are = false;
    TRY(are_known(m, &are));
    if (!are)
        TRY(read_sources(m, ret_start));
    m->doc->sources = known->at;
    m->doc->source_count = known->count;
    m->doc->currency = known->currency;
    m->doc->doubts = NULL;
    m->doc->doubt_count = m->doc->doubt_room = 0;
    return OK;
}

/* --- the whole --- */

static err follow(struct making *m, str *ret_start)
{
    struct trail_standing *s = m->standing;
    TRY(view_news_look(&s->news, m->seat.view));
    TRY(put_sources(m, ret_start));
    TRY(can_go_on(m) ? go_on(m) : make_anew(m));
    TRY(remember(m));
    struct case_sum sum = case_sum_all(s->c);
    m->doc->stolen = sum.stolen;
    m->doc->present = sum.present;
    m->doc->exited = sum.exited;
    m->doc->unknown = sum.unknown;
    m->doc->nodes = s->nodes;
    m->doc->node_count = s->node_count;
    m->doc->followed = s;
    return OK;
}

err trail_standing_follow(struct trail_standing *s, const struct trail_question *q, struct arena *a,
                          struct trail_doc *ret_doc, str *ret_start)
{
    struct making m = {
        .runs = s->runs, .reader = s->reader, .q = q, .arena = a, .doc = ret_doc, .standing = s};
    assert(q->method != METHOD_REACH && q->as_of_ms != 0);
    assert(q->start_count > 0 && q->start_count <= TRAIL_STARTS_MOST);
    *ret_doc = (struct trail_doc){.method = q->method, .as_of_ms = q->as_of_ms};
    runs_enter(s->runs, &m.seat);
    err e = follow(&m, ret_start);
    runs_leave(s->runs, &m.seat);
    if (failed(e))
        forget(s);
    return e;
}

/* A payment that was taken back may be booked again, at the same payee. */
static bool is_awaited(const struct trail_standing *s, const struct trail_row *row)
{
    for (size_t i = 0; i < s->sources.count; i++)
        if (s->sources.at[i].transfer.status > TRANSFER_BOOKED &&
            s->sources.at[i].to_account == row->to)
            return true;
    return false;
}

bool trail_standing_is_behind(const struct trail_standing *s, const struct trail_view *view,
                              const struct view_news *news)
{
    if (!trail_standing_is_made(s) || !news->is_known)
        return true;
    for (uint32_t i = 0; i < news->fresh_count; i++) {
        const struct trail_row *row = trail_row_at(view, news->fresh[i]);
        if (is_told(s, row->from) || is_told(s, row->to) || is_awaited(s, row))
            return true;
    }
    return false;
}
