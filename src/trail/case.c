/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_inside.h"

static const size_t usual_budget_bytes = (size_t)4 << 30;

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

struct trail_case *case_make(struct arena *a, const struct case_settings *settings,
                             const struct case_port *port)
{
    assert(settings->method < METHOD_COUNT && settings->currency < TRAIL_CURRENCIES);
    assert(port->pull != NULL && port->opening != NULL);
    struct trail_case *c = arena_make(a, sizeof *c);
    if (c == NULL)
        return NULL;
    c->settings = *settings;
    c->port = *port;
    c->self = c;
    c->is_strict = true;
    c->rebuilds = 1;
    c->check_apart = CHECK_EVENTS;
    if (c->settings.most_accounts == 0)
        c->settings.most_accounts = CASE_ACCOUNTS_USUAL;
    if (c->settings.most_transfers == 0)
        c->settings.most_transfers = CASE_TRANSFERS_USUAL;
    if (c->settings.most_partners == 0)
        c->settings.most_partners = CASE_PARTNERS_USUAL;
    if (c->settings.as_of_ms == 0)
        c->settings.as_of_ms = TRANSFER_TIME_MOST;
    if (c->settings.budget_bytes == 0)
        c->settings.budget_bytes = usual_budget_bytes;
    arena_init(&c->arena, c->settings.budget_bytes);
    arena_init(&c->steady, c->settings.budget_bytes / 4);
    case_pool_init(&c->pool, &c->arena);
    case_pool_init(&c->steady_pool, &c->steady);
    return c;
}

void case_done(struct trail_case *c)
{
    if (c == NULL)
        return;
    arena_done(&c->arena);
    arena_done(&c->steady);
    *c = (struct trail_case){.broken = fail(ERR_CONFLICT, "trail: the case is done", 0)};
}

/* A case that failed half-way knows nothing for sure. */
static err keep(struct trail_case *c, err e)
{
    if (!failed(e))
        e = c->unread;
    if (failed(e) && e.code != ERR_CONFLICT)
        c->broken = e;
    return e;
}

/* ---- news ------------------------------------------------------------------------------------ */

/* The account begins anew from where it woke: its opening may be another one now. */
static err mark_start(struct trail_case *c, uint32_t account, const struct trail_event *e)
{
    uint32_t start = c->accounts[account]->stand.start;
    if (start == NONE || row_time_ms(&e->row) > event_ms(case_event(c, start)))
        return OK;
    return case_mark(c, account, start);
}

/* Before the next settling. */
static void mark_to_look(struct trail_case *c, uint32_t index)
{
    assert(c->accounts != NULL && index < c->account_count);
    c->accounts[index]->is_to_look = true;
    c->has_to_look = true;
}

/* One was followed and is too busy for that now, or the other way round: all begins anew. */
static void look_whether_busy(struct trail_case *c)
{
    for (uint32_t i = 0; c->has_to_look && i < c->account_count; i++) {
        struct account *a = c->accounts[i];
        if (a->is_to_look && a->is_busy != case_account_outgrows(c, a->id))
            c->must_rebuild = true;
        a->is_to_look = false;
    }
    c->has_to_look = false;
}

/* One of its two accounts hears of a transfer that is new, or has another status now. */
static err hear(struct trail_case *c, uint32_t account, const struct trail_event *e, bool is_news)
{
    struct account *a = c->accounts[account];
    if (a->is_busy) { /* who paid it is asked again by itself */
        uint32_t event = case_event_find(c, e->number);
        bool is_listed = event != NONE && case_account_lists(c, a, event);
        return is_listed && is_news ? case_mark(c, account, event) : OK;
    }
    if (row_time_ms(&e->row) >= a->pulled_ms) {
        uint32_t event = case_event_find(c, e->number);
        if (event == NONE)
            TRY(case_event_make(c, e, &event));
        uint32_t place = case_account_place(c, a, event);
        bool is_listed = place < a->count && a->items[place].event == event;
        if (!is_listed)
            TRY(case_account_insert(c, a, event));
        if (!is_listed || is_news)
            TRY(case_mark(c, account, event));
    }
    return is_news ? mark_start(c, account, e) : OK;
}

/* Whether it was another status before. */
static err status_put(struct trail_case *c, uint32_t event, unsigned status, bool *ret_is_news)
{
    struct event *known = case_event(c, event);
    unsigned before = (unsigned)(known->when & ROW_STATUS_MASK);
    unsigned after = transfer_further(before, status);
    *ret_is_news = after != before;
    if (after == before)
        return OK;
    known->when = (known->when & ~(uint64_t)ROW_STATUS_MASK) | after;
    if ((known->when & EVENT_SOURCE) == 0)
        return OK;
    struct trail_row *row = &c->claims[case_more(c, event)->claim].source.row;
    row->when = (row->when & ~(uint64_t)ROW_STATUS_MASK) | after;
    return case_source_apply(c, event);
}

static err put(struct trail_case *c, const struct trail_event *e)
{
    uint32_t payer = case_account_find(c, e->row.from);
    uint32_t payee = case_account_find(c, e->row.to);
    if (payer != NONE)
        mark_to_look(c, payer);
    if (payee != NONE)
        mark_to_look(c, payee);
    if (row_time_ms(&e->row) > c->settings.as_of_ms)
        return OK;
    bool is_news = true;
    uint32_t event = case_event_find(c, e->number);
    if (event != NONE)
        TRY(status_put(c, event, row_status(&e->row), &is_news));
    payer = case_account_find(c, e->row.from); /* the news may have made it */
    payee = case_account_find(c, e->row.to);
    if (payer != NONE)
        TRY(hear(c, payer, e, is_news));
    return payee != NONE && payee != payer ? hear(c, payee, e, is_news) : OK;
}

err case_put(struct trail_case *c, const struct trail_event *e)
{
    TRY(c->broken);
    c->is_strict = false;
    return keep(c, put(c, e));
}

/* ---- claims ---------------------------------------------------------------------------------- */

static err claim_room(struct trail_case *c)
{
    if (c->claim_count < c->claim_room)
        return OK;
    uint32_t before = c->claim_room;
    uint32_t room = case_pool_more(before);
    struct case_pool *p = &c->steady_pool;
    struct claim *claims =
        case_pool_move(p, c->claims, before * sizeof *claims, room * sizeof *claims);
    struct lot *carried = case_pool_take(p, room * sizeof *carried);
    struct lot *lost = case_pool_take(p, room * sizeof *lost);
    struct method_rest *rests = case_pool_take(p, (room + 1) * sizeof *rests);
    if (claims == NULL || carried == NULL || lost == NULL || rests == NULL)
        return spent();
    case_pool_drop(p, c->outcome.carried.at, before * sizeof *carried);
    case_pool_drop(p, c->outcome.lost.at, before * sizeof *lost);
    case_pool_drop(p, c->rests, (before + 1) * sizeof *rests);
    c->claims = claims;
    c->outcome.carried.at = carried;
    c->outcome.lost.at = lost;
    c->rests = rests;
    c->claim_room = room;
    return OK;
}

/* The claim's transfer becomes a source. One after as_of does not exist. */
static err claim_begin(struct trail_case *c, uint32_t claim)
{
    const struct trail_event *source = &c->claims[claim].source;
    TRY(put(c, source));
    if (row_time_ms(&source->row) > c->settings.as_of_ms)
        return OK;
    uint32_t event = case_event_find(c, source->number);
    if (event == NONE)
        TRY(case_event_make(c, source, &event));
    case_event(c, event)->when |= EVENT_SOURCE;
    case_more(c, event)->claim = claim;
    return case_source_apply(c, event);
}

static bool is_claimed(const struct trail_case *c, uint32_t number)
{
    for (uint32_t i = 0; i < c->claim_count; i++)
        if (c->claims[i].source.number == number)
            return true;
    return false;
}

static err claim_add(struct trail_case *c, const struct trail_event *source, uint32_t *ret_claim)
{
    TRY(claim_room(c));
    struct claim *claim = &c->claims[c->claim_count];
    *claim = (struct claim){.source = *source};
    claim->source.id = str_copy(&c->steady, source->id);
    if (claim->source.id.at == NULL)
        return spent();
    *ret_claim = c->claim_count++;
    return claim_begin(c, *ret_claim);
}

err case_claim(struct trail_case *c, const struct trail_event *source, uint32_t *ret_claim)
{
    TRY(c->broken);
    if (is_claimed(c, source->number))
        return fail(ERR_CONFLICT, "trail.claimed_twice", 0);
    if (c->claim_count == CASE_CLAIMS_MOST)
        return fail(ERR_LIMIT, "trail.too_many_claims", CASE_CLAIMS_MOST);
    uint32_t claim = 0;
    TRY(keep(c, claim_add(c, source, &claim)));
    *ret_claim = claim;
    return OK;
}

/* ---- settling -------------------------------------------------------------------------------- */

/* From nothing, in the order of money. What was put comes again from the port. */
static err rebuild(struct trail_case *c)
{
    arena_reset(&c->arena);
    case_pool_init(&c->pool, &c->arena);
    c->events = NULL;
    c->mores = NULL;
    c->accounts = NULL;
    c->touched = NULL;
    c->touched_count = 0;
    c->rebuilds++;
    c->heap = NULL;
    c->event_count = c->chunk_room = 0;
    c->account_count = c->account_room = 0;
    c->heap_count = c->heap_room = 0;
    c->by_number = c->by_account = (struct map){0};
    c->is_at_bound = false;
    c->has_to_look = false;
    c->must_rebuild = false;
    for (uint32_t i = 0; i < c->claim_count; i++)
        c->claims[i].sum = (struct case_sum){0};
    for (uint32_t i = 0; i < c->claim_count; i++)
        TRY(claim_begin(c, i));
    return case_run(c);
}

static err settle(struct trail_case *c)
{
    look_whether_busy(c);
    if (c->is_at_bound && c->heap_count > 0)
        c->must_rebuild = true;
    if (!c->must_rebuild)
        TRY(case_run(c));
    c->is_strict = false;
    if (!c->must_rebuild)
        return OK;
    c->is_strict = true;
    TRY(rebuild(c));
    c->is_strict = false;
    return OK;
}

err case_settle(struct trail_case *c)
{
    TRY(c->broken);
    TRY(keep(c, settle(c)));
    assert(c->heap_count == 0 && !c->must_rebuild);
    case_check_sums(c);
    return OK;
}

/* ---- answers --------------------------------------------------------------------------------- */

uint32_t case_claim_count(const struct trail_case *c)
{
    return c->claim_count;
}

struct case_sum case_claim_sum(const struct trail_case *c, uint32_t claim)
{
    assert(claim < c->claim_count);
    return c->claims[claim].sum;
}

struct case_sum case_sum_all(const struct trail_case *c)
{
    struct case_sum all = {0};
    for (uint32_t i = 0; i < c->claim_count; i++) {
        all.stolen += c->claims[i].sum.stolen;
        all.present += c->claims[i].sum.present;
        all.exited += c->claims[i].sum.exited;
        all.unknown += c->claims[i].sum.unknown;
    }
    return all;
}

int64_t case_attributed(const struct trail_case *c, uint32_t number)
{
    uint32_t event = case_event_find(c, number);
    return event == NONE ? 0 : portions_sum(&case_event(c, event)->carried);
}

int64_t case_present(const struct trail_case *c, uint32_t account)
{
    uint32_t a = case_account_find(c, account);
    return a == NONE ? 0 : c->accounts[a]->stand.lots.stolen_minor;
}

uint32_t case_account_number(const struct trail_case *c, uint32_t account)
{
    return case_account_find(c, account);
}

uint32_t case_account_count(const struct trail_case *c)
{
    return c->account_count;
}

uint32_t case_account_id(const struct trail_case *c, uint32_t index)
{
    assert(index < c->account_count);
    return c->accounts[index]->id;
}

bool case_account_is_busy(const struct trail_case *c, uint32_t index)
{
    assert(index < c->account_count);
    return c->accounts[index]->is_busy;
}

uint64_t case_work(const struct trail_case *c)
{
    return c->work;
}
