/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_index.h"

void trail_index_init(struct trail_index *x, int64_t until_ms)
{
    *x = (struct trail_index){.until_ms = until_ms == 0 ? INT64_MAX : until_ms,
                              .next_later_ms = INT64_MAX};
    arena_init(&x->turn, 1 << 20);
}

void trail_index_done(struct trail_index *x)
{
    arena_done(&x->turn);
}

/* Banks are told apart by their codes: the order of arrival does not number them. */
static uint32_t bank_number(str bank)
{
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
    for (size_t i = 0; i < bank.size; i++)
        hash = (hash ^ (unsigned char)bank.at[i]) * UINT32_C(16777619);
    return hash;
}

/* What the row says, without its words and its balance. */
static struct trail_event row_event(struct trail_index *x, struct trail_ref ref)
{
    const struct trail_run *run = x->view->runs[ref.run];
    struct trail_event e = {.number = run->ordinals[ref.place], .row = run->rows[ref.place]};
    unsigned status = trail_status(&x->view->amends, run, ref.place);
    e.row.when = (e.row.when & ~(uint64_t)ROW_STATUS_MASK) | status;
    if (e.number >= x->seen_end)
        x->seen_end = e.number + 1;
    return e;
}

static err words(void *of, struct trail_event *e)
{
    struct trail_index *x = of;
    struct transfer t = {0};
    arena_reset(&x->turn);
    TRY(runs_reader_details(x->reader, e->number, &x->turn, &t));
    e->bank = bank_number(t.from_bank);
    e->seq = t.seq;
    e->balance_minor = t.balance_minor;
    e->id = t.id;
    return OK;
}

err trail_index_event(struct trail_index *x, struct trail_ref ref, struct trail_event *ret)
{
    *ret = row_event(x, ref);
    return words(x, ret);
}

/* A transfer's words lie in a block that has to be unpacked: a hundred times what its row costs. */
err trail_index_bare(struct trail_index *x, struct trail_ref ref, struct trail_event *ret)
{
    const struct trail_run *run = x->view->runs[ref.run];
    *ret = row_event(x, ref);
    if ((ret->row.when & ROW_HAS_BALANCE) == 0)
        return OK;
    if (run->balances == NULL)
        return words(x, ret);
    ret->balance_minor = trail_run_balance(run, ref.place);
    return OK;
}

static bool is_behind_wall(const struct trail_index *x, const struct trail_row *row)
{
    size_t from = 0;
    size_t end = x->wall_count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (x->walls[middle].account < row->from)
            from = middle + 1;
        else
            end = middle;
    }
    return from < x->wall_count && x->walls[from].account == row->from &&
           row_time_ms(row) >= x->walls[from].from_ms;
}

static bool is_source(const struct trail_index *x, uint32_t number)
{
    for (size_t i = 0; i < x->source_count; i++)
        if (x->sources[i] == number)
            return true;
    return false;
}

bool trail_index_shows(struct trail_index *x, const struct trail_run *run, uint32_t place)
{
    const struct trail_row *row = &run->rows[place];
    int64_t time_ms = row_time_ms(row);
    if (time_ms > x->until_ms) {
        x->next_later_ms = time_ms < x->next_later_ms ? time_ms : x->next_later_ms;
        return false;
    }
    return !is_behind_wall(x, row) || is_source(x, run->ordinals[place]);
}

bool trail_index_is_dead(const struct trail_index *x, const struct trail_run *run, uint32_t place)
{
    return trail_status(&x->view->amends, run, place) > TRANSFER_BOOKED;
}

/* What an account received tells nothing of its own balance. */
static err pull_place(struct trail_index *x, uint32_t account, struct trail_ref ref,
                      struct trail_case *into)
{
    struct trail_event event;
    if (trail_index_is_dead(x, x->view->runs[ref.run], ref.place) ||
        !trail_index_shows(x, x->view->runs[ref.run], ref.place))
        return OK;
    if (trail_row_at(x->view, ref)->from == account) {
        TRY(trail_index_bare(x, ref, &event));
    } else {
        event = row_event(x, ref);
        event.row.when &= ~(uint64_t)ROW_HAS_BALANCE;
    }
    return case_pulled(into, &event);
}

/* What came in lies all over the run: a hint to memory, some rows ahead. */
static void fetch_received(const struct trail_run *run, struct trail_range in, uint32_t at)
{
    enum { AHEAD = 12 };
    if (in.end - at > AHEAD)
        __builtin_prefetch(&run->rows[run->ins[at + AHEAD]]);
}

/* Of one run, what left the account; one to oneself is among it. */
static err pull_paid(struct trail_index *x, uint32_t i, const struct case_span *span,
                     struct trail_case *into)
{
    const struct trail_run *run = x->view->runs[i];
    struct trail_range out = trail_directory_range(&run->out, span->account);
    for (uint32_t p = trail_run_after(run, out, span->from_ms - 1);
         p < out.end && row_time_ms(&run->rows[p]) < span->until_ms; p++)
        TRY(pull_place(x, span->account, (struct trail_ref){i, p}, into));
    return OK;
}

static err pull_received(struct trail_index *x, uint32_t i, const struct case_span *span,
                         struct trail_case *into)
{
    const struct trail_run *run = x->view->runs[i];
    struct trail_range in = trail_directory_range(&run->in, span->account);
    for (uint32_t k = trail_run_in_after(run, in, span->from_ms - 1); k < in.end; k++) {
        fetch_received(run, in, k);
        const struct trail_row *row = &run->rows[run->ins[k]];
        if (row_time_ms(row) >= span->until_ms)
            break;
        if (row->from != row->to)
            TRY(pull_place(x, span->account, (struct trail_ref){i, run->ins[k]}, into));
    }
    return OK;
}

static err pull(void *of, const struct case_span *span, struct trail_case *into)
{
    struct trail_index *x = of;
    const struct trail_view *view = x->view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        if (run->last_ms < span->from_ms || run->first_ms >= span->until_ms)
            continue;
        TRY(pull_paid(x, i, span, into));
        TRY(pull_received(x, i, span, into));
    }
    return OK;
}

/* The last booked payment before a moment that told a balance. */
static bool find_balance(struct trail_index *x, uint32_t account, int64_t before_ms,
                         struct trail_event *ret)
{
    const struct trail_view *view = x->view;
    bool has_one = false;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        for (uint32_t p = trail_run_after(run, out, before_ms - 1); p > out.begin; p--) {
            const struct trail_row *row = &run->rows[p - 1];
            bool is_told = (row->when & ROW_HAS_BALANCE) != 0 && trail_index_shows(x, run, p - 1) &&
                           trail_status(&view->amends, run, p - 1) == TRANSFER_BOOKED;
            if (has_one && row_time_ms(row) <= row_time_ms(&ret->row))
                break;
            if (!is_told)
                continue;
            has_one = !failed(trail_index_bare(x, (struct trail_ref){i, p - 1}, ret));
            break;
        }
    }
    return has_one;
}

/* What a row moved, if it counts. */
static int64_t moved_by(struct trail_index *x, const struct trail_run *run, uint32_t place)
{
    const struct trail_row *row = &run->rows[place];
    bool counts = trail_index_shows(x, run, place) &&
                  trail_status(&x->view->amends, run, place) == TRANSFER_BOOKED;
    return counts ? row_amount(row) : 0;
}

/* What came in and went out between two moments, both left out. */
static int64_t moved_between(struct trail_index *x, uint32_t account, int64_t after_ms,
                             int64_t before_ms)
{
    int64_t sum = 0;
    for (uint32_t i = 0; i < x->view->run_count; i++) {
        const struct trail_run *run = x->view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        struct trail_range in = trail_directory_range(&run->in, account);
        for (uint32_t p = trail_run_after(run, out, after_ms);
             p < out.end && row_time_ms(&run->rows[p]) < before_ms; p++)
            sum -= moved_by(x, run, p);
        for (uint32_t k = trail_run_in_after(run, in, after_ms); k < in.end; k++) {
            fetch_received(run, in, k);
            if (row_time_ms(&run->rows[run->ins[k]]) >= before_ms)
                break;
            sum += moved_by(x, run, run->ins[k]);
        }
    }
    return sum;
}

static bool opening(void *of, uint32_t account, const struct trail_event *before,
                    int64_t *ret_minor)
{
    struct trail_index *x = of;
    int64_t before_ms = row_time_ms(&before->row);
    bool tells_itself = before->row.from == account && (before->row.when & ROW_HAS_BALANCE) != 0 &&
                        row_status(&before->row) == TRANSFER_BOOKED;
    if (tells_itself) {
        *ret_minor = before->balance_minor + row_amount(&before->row);
        return *ret_minor >= 0;
    }
    struct trail_event last = {0};
    if (!find_balance(x, account, before_ms, &last))
        return false;
    *ret_minor = last.balance_minor + moved_between(x, account, row_time_ms(&last.row), before_ms);
    return *ret_minor >= 0;
}

/* --- how busy an account is --- */

/* Of one run, from a time on. */
struct its_rows {
    struct trail_range out;
    struct trail_range in;
};

static struct its_rows rows_from(const struct trail_run *run, uint32_t account, int64_t from_ms)
{
    struct its_rows its = {trail_directory_range(&run->out, account),
                           trail_directory_range(&run->in, account)};
    if (run->last_ms < from_ms)
        return (struct its_rows){0};
    if (run->first_ms < from_ms) {
        its.out.begin = trail_run_after(run, its.out, from_ms - 1);
        its.in.begin = trail_run_in_after(run, its.in, from_ms - 1);
    }
    return its;
}

/* As many as it can be: of every status, and one to oneself twice. */
static bool may_exceed(const struct trail_view *view, uint32_t account, int64_t from_ms,
                       uint64_t most)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++) {
        struct its_rows its = rows_from(view->runs[i], account, from_ms);
        sum += (uint64_t)(its.out.end - its.out.begin) + (its.in.end - its.in.begin);
    }
    return sum > most;
}

/* It shall be looked at no more rows when `take` says so. */
struct looking {
    struct trail_index *x;
    bool (*take)(struct looking *l, const struct trail_run *run, uint32_t place);
    uint64_t count;
    uint64_t most;
    const struct case_crowd *crowd;
    uint32_t *seen; /* partners + 1; 0: free */
    uint32_t seen_room;
};

static bool look_at(struct looking *l, uint32_t account, int64_t from_ms)
{
    const struct trail_view *view = l->x->view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct its_rows its = rows_from(run, account, from_ms);
        for (uint32_t p = its.out.begin; p < its.out.end; p++)
            if (run->rows[p].from != run->rows[p].to && l->take(l, run, p))
                return true;
        for (uint32_t k = its.in.begin; k < its.in.end; k++) {
            fetch_received(run, its.in, k);
            if (l->take(l, run, run->ins[k]))
                return true;
        }
    }
    return false;
}

static bool take_live(struct looking *l, const struct trail_run *run, uint32_t place)
{
    l->count += trail_index_shows(l->x, run, place) && !trail_index_is_dead(l->x, run, place);
    return l->count > l->most;
}

static bool has_more(void *of, uint32_t account, int64_t from_ms, uint64_t most)
{
    struct trail_index *x = of;
    struct looking l = {.x = x, .take = take_live, .most = most};
    return may_exceed(x->view, account, from_ms, most) && look_at(&l, account, from_ms);
}

static bool is_seen(struct looking *l, uint32_t partner)
{
    uint32_t at = partner * UINT32_C(0x9E3779B1) & (l->seen_room - 1);
    while (l->seen[at] != 0 && l->seen[at] != partner + 1)
        at = (at + 1) & (l->seen_room - 1);
    bool is_there = l->seen[at] != 0;
    l->seen[at] = partner + 1;
    return is_there;
}

static bool take_partner(struct looking *l, const struct trail_run *run, uint32_t place)
{
    const struct trail_row *row = &run->rows[place];
    const struct case_crowd *crowd = l->crowd;
    bool is_one = row->from != row->to && row_currency(row) == crowd->currency &&
                  row_amount(row) >= crowd->least_minor && trail_index_shows(l->x, run, place) &&
                  trail_status(&l->x->view->amends, run, place) == TRANSFER_BOOKED;
    if (is_one && !is_seen(l, row->from == crowd->account ? row->to : row->from))
        l->count++;
    return l->count > l->most;
}

static bool is_crowded(void *of, const struct case_crowd *crowd)
{
    struct trail_index *x = of;
    struct looking l = {.x = x, .take = take_partner, .most = crowd->most, .crowd = crowd};
    if (!may_exceed(x->view, crowd->account, 0, crowd->most))
        return false;
    l.seen_room = 16;
    while (l.seen_room / 2 <= crowd->most)
        l.seen_room *= 2;
    arena_reset(&x->turn);
    l.seen = arena_make_array(&x->turn, l.seen_room, sizeof *l.seen);
    return l.seen == NULL || look_at(&l, crowd->account, 0);
}

struct case_port trail_index_port(struct trail_index *x)
{
    return (struct case_port){.of = x,
                              .pull = pull,
                              .words = words,
                              .opening = opening,
                              .has_more = has_more,
                              .is_crowded = is_crowded};
}
