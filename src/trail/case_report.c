/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_report.h"
#include "trail/case_inside.h"

#include <stdlib.h>

static const char *const doubt_whys[CASE_DOUBT_COUNT] = {
#define X(code, why) [code] = (why),
    CASE_DOUBT_LIST(X)
#undef X
};

/* A report in the making: the arrays that the finished one shows as const. */
struct making {
    struct trail_case *c;
    struct arena *arena;
    uint32_t *moves; /* events that carry stolen money or wait to, in order */
    uint32_t move_count;
    uint32_t *says; /* events with a doubt or with lost money, in order */
    uint32_t say_count;
    struct case_node *nodes; /* by index of account at first; layer 0: none yet */
    struct case_edge *edges;
    struct case_exit *exits;
    struct case_doubt *doubts;
    struct case_report *ret;
};

const char *case_doubt_why(unsigned kind)
{
    assert(kind < CASE_DOUBT_COUNT);
    return doubt_whys[kind];
}

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

static err shares_make(struct arena *a, const struct takings *t, struct case_shares *ret)
{
    struct case_share *at = arena_make_array(a, t->count, sizeof *at);
    if (at == NULL)
        return spent();
    for (uint32_t i = 0; i < t->count; i++)
        at[i] = (struct case_share){.claim = t->at[i].owner, .minor = t->at[i].minor};
    *ret = (struct case_shares){.at = at, .count = t->count};
    return OK;
}

/* ---- which events there is something to say of ----------------------------------------------- */

static bool is_move(const struct event *e)
{
    return e->carried.count > 0 || (e->when & EVENT_PENDING) != 0;
}

static bool is_dead_source(const struct event *e)
{
    return (e->when & EVENT_SOURCE) != 0 && e->carried.count == 0;
}

static bool is_said(const struct event *e)
{
    return (e->when & (EVENT_SAID & ~EVENT_PENDING)) != 0 || (e->when & EVENT_BEYOND) != 0 ||
           e->lost.count > 0 || is_dead_source(e);
}

static int event_order(const void *x, const void *y, void *of)
{
    uint32_t ex = *(const uint32_t *)x;
    uint32_t ey = *(const uint32_t *)y;
    return case_event_compare(of, ex, ey);
}

static err events_choose(struct making *m)
{
    struct trail_case *c = m->c;
    for (uint32_t e = 0; e < c->event_count; e++) {
        m->move_count += is_move(case_event(c, e));
        m->say_count += is_said(case_event(c, e));
    }
    m->moves = arena_make_array(m->arena, m->move_count, sizeof *m->moves);
    m->says = arena_make_array(m->arena, m->say_count, sizeof *m->says);
    if (m->moves == NULL || m->says == NULL)
        return spent();
    uint32_t moves = 0;
    uint32_t says = 0;
    for (uint32_t e = 0; e < c->event_count; e++) {
        if (is_move(case_event(c, e)))
            m->moves[moves++] = e;
        if (is_said(case_event(c, e)))
            m->says[says++] = e;
    }
    qsort_r(m->moves, moves, sizeof *m->moves, event_order, c);
    qsort_r(m->says, says, sizeof *m->says, event_order, c);
    return OK;
}

/* ---- edges, and what they add to nodes ------------------------------------------------------- */

static struct case_node *node_of(struct making *m, uint32_t account)
{
    uint32_t index = case_account_find(m->c, account);
    return index == NONE ? NULL : &m->nodes[index];
}

static void arrive(struct case_node *to, const struct case_edge *edge)
{
    if (to->layer == 0 || edge->layer < to->layer)
        to->layer = edge->layer;
    if (to->received == 0)
        to->first_ms = edge->time_ms;
    to->last_ms = edge->time_ms;
    to->received += edge->amount;
    to->attributed += edge->attributed;
}

/* In the order of time, so that a payer's layer is how its money had come by then. */
static void edge_count_in(struct making *m, const struct case_edge *edge)
{
    struct case_node *from = edge->is_source ? NULL : node_of(m, edge->from);
    if (from != NULL && edge->exit != EXIT_NONE)
        from->exited += edge->attributed;
    else if (from != NULL && edge->is_beyond)
        from->unknown += edge->attributed;
    if (edge->attributed == 0 || edge->exit != EXIT_NONE || edge->is_beyond)
        return;
    struct case_node *to = node_of(m, edge->to);
    assert(to != NULL);
    arrive(to, edge);
}

static err edges_make(struct making *m)
{
    m->edges = arena_make_array(m->arena, m->move_count, sizeof *m->edges);
    if (m->edges == NULL)
        return spent();
    for (uint32_t i = 0; i < m->move_count; i++) {
        const struct event *e = case_event(m->c, m->moves[i]);
        struct case_edge *edge = &m->edges[i];
        *edge = (struct case_edge){
            .transfer = case_more(m->c, m->moves[i])->number,
            .from = e->from,
            .to = e->to,
            .time_ms = event_ms(e),
            .amount = e->amount_minor,
            .attributed = portions_sum(&e->carried),
            .status = (uint8_t)(e->when & ROW_STATUS_MASK),
            .exit = (uint8_t)event_exit(e),
            .is_source = (e->when & EVENT_SOURCE) != 0,
            .is_beyond = (e->when & EVENT_BEYOND) != 0,
        };
        const struct case_node *from = edge->is_source ? NULL : node_of(m, e->from);
        edge->layer = from == NULL ? 1 : from->layer + 1;
        struct takings *t = &m->c->outcome.carried;
        takings_clear(t);
        for (uint32_t k = 0; k < e->carried.count; k++)
            takings_add(t, portion_at(&e->carried, k).owner, portion_at(&e->carried, k).minor);
        TRY(shares_make(m->arena, t, &edge->shares));
        edge_count_in(m, edge);
    }
    m->ret->edges = m->edges;
    m->ret->edge_count = m->move_count;
    return OK;
}

static int exit_order(const void *x, const void *y)
{
    const struct case_exit *a = x;
    const struct case_exit *b = y;
    if (a->account != b->account)
        return a->account < b->account ? -1 : 1;
    return a->kind < b->kind ? -1 : a->kind > b->kind;
}

static err exits_make(struct making *m)
{
    m->exits = arena_make_array(m->arena, m->move_count, sizeof *m->exits);
    if (m->exits == NULL)
        return spent();
    uint32_t count = 0;
    for (uint32_t i = 0; i < m->move_count; i++)
        if (m->edges[i].exit != EXIT_NONE && m->edges[i].attributed > 0)
            m->exits[count++] = (struct case_exit){.account = m->edges[i].from,
                                                   .kind = m->edges[i].exit,
                                                   .amount = m->edges[i].attributed};
    qsort(m->exits, count, sizeof *m->exits, exit_order);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept > 0 && exit_order(&m->exits[kept - 1], &m->exits[i]) == 0)
            m->exits[kept - 1].amount += m->exits[i].amount;
        else
            m->exits[kept++] = m->exits[i];
    }
    m->ret->exits = m->exits;
    m->ret->exit_count = kept;
    return OK;
}

/* ---- nodes ----------------------------------------------------------------------------------- */

static int node_order(const void *x, const void *y)
{
    const struct case_node *a = x;
    const struct case_node *b = y;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    if (a->first_ms != b->first_ms)
        return a->first_ms < b->first_ms ? -1 : 1;
    return a->account < b->account ? -1 : a->account > b->account;
}

static err nodes_make(struct making *m)
{
    struct trail_case *c = m->c;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->say_count; i++) {
        const struct event *e = case_event(c, m->says[i]);
        struct case_node *from = node_of(m, e->from);
        if (from != NULL)
            from->unknown += portions_sum(&e->lost);
    }
    for (uint32_t i = 0; i < c->account_count; i++) {
        const struct account *a = c->accounts[i];
        struct case_node node = m->nodes[i];
        if (a->stand.start == NONE)
            continue;
        struct takings *t = &c->outcome.carried;
        const struct lots *l = &a->stand.lots;
        takings_clear(t);
        for (uint32_t k = l->head; k < l->end; k++)
            takings_add(t, l->at[k].owner, l->at[k].minor);
        assert(node.layer > 0 && t->stolen_minor == l->stolen_minor);
        node.account = a->id;
        node.present = t->stolen_minor;
        TRY(shares_make(m->arena, t, &node.shares));
        m->nodes[kept++] = node;
    }
    qsort(m->nodes, kept, sizeof *m->nodes, node_order);
    m->ret->nodes = m->nodes;
    m->ret->node_count = kept;
    return OK;
}

/* ---- doubts ---------------------------------------------------------------------------------- */

static void doubt_add(struct making *m, enum case_doubt_kind kind, uint32_t event, int64_t minor)
{
    const struct event *e = case_event(m->c, event);
    m->doubts[m->ret->doubt_count++] = (struct case_doubt){
        .kind = kind,
        .account = kind == DOUBT_OPENING || kind == DOUBT_BUSY ? e->to : e->from,
        .transfer = case_more(m->c, event)->number,
        .minor = minor,
    };
}

static void doubts_of(struct making *m, uint32_t event)
{
    const struct event *e = case_event(m->c, event);
    int64_t lost = portions_sum(&e->lost);
    if ((e->when & EVENT_OVERDRAWN) != 0)
        doubt_add(m, DOUBT_OVERDRAWN, event, 0);
    if ((e->when & EVENT_TAKEN) != 0)
        doubt_add(m, DOUBT_TAKEN, event, lost);
    else if ((e->when & EVENT_UNSEEN) != 0)
        doubt_add(m, DOUBT_UNSEEN, event, lost);
    if ((e->when & EVENT_FOREIGN) != 0)
        doubt_add(m, DOUBT_CURRENCY, event, 0);
    if ((e->when & EVENT_BEYOND) != 0)
        doubt_add(m, DOUBT_BEYOND, event, portions_sum(&e->carried));
    if (is_dead_source(e))
        doubt_add(m, DOUBT_SOURCE, event, e->amount_minor);
}

/* Of an account that stolen money first came to by this event. */
static void doubt_of_start(struct making *m, uint32_t event)
{
    const struct trail_case *c = m->c;
    const struct account *a = c->accounts[case_account_find(c, case_event(c, event)->to)];
    doubt_add(m, a->is_busy ? DOUBT_BUSY : DOUBT_OPENING, event,
              a->is_busy ? a->stand.lots.stolen_minor : 0);
}

/* Accounts that are busy, or whose openings nobody knows, in the order of their first arrivals,
 * between the other doubts. */
static err starts_choose(struct making *m, uint32_t **ret_starts, uint32_t *ret_count)
{
    struct trail_case *c = m->c;
    uint32_t *starts = arena_make_array(m->arena, c->account_count, sizeof *starts);
    if (starts == NULL)
        return spent();
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->account_count; i++) {
        const struct account *a = c->accounts[i];
        if (a->stand.start == NONE)
            continue;
        struct trail_event start = case_event_tell(c, a->stand.start);
        int64_t opening = 0;
        if (a->is_busy || !c->port.opening(c->port.of, a->id, &start, &opening))
            starts[count++] = a->stand.start;
    }
    qsort_r(starts, count, sizeof *starts, event_order, c);
    *ret_starts = starts;
    *ret_count = count;
    return OK;
}

static err doubts_make(struct making *m)
{
    enum { MOST_OF_ONE = 4 };
    uint32_t *starts = NULL;
    uint32_t start_count = 0;
    TRY(starts_choose(m, &starts, &start_count));
    m->doubts = arena_make_array(m->arena, (size_t)m->say_count * MOST_OF_ONE + start_count,
                                 sizeof *m->doubts);
    if (m->doubts == NULL)
        return spent();
    uint32_t s = 0;
    for (uint32_t i = 0; i < m->say_count; i++) {
        for (; s < start_count && case_event_compare(m->c, starts[s], m->says[i]) <= 0; s++)
            doubt_of_start(m, starts[s]);
        doubts_of(m, m->says[i]);
    }
    for (; s < start_count; s++)
        doubt_of_start(m, starts[s]);
    m->ret->doubts = m->doubts;
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static int ambiguity_order(const void *x, const void *y)
{
    const struct case_ambiguity *a = x;
    const struct case_ambiguity *b = y;
    return a->account < b->account ? -1 : a->account > b->account;
}

static err ambiguities_make(struct making *m)
{
    struct trail_case *c = m->c;
    struct case_ambiguity *found = arena_make_array(m->arena, c->account_count, sizeof *found);
    if (found == NULL)
        return spent();
    uint32_t count = 0;
    for (uint32_t i = 0; i < c->account_count; i++) {
        bool matters = false;
        if (!c->accounts[i]->is_busy)
            TRY(case_ties_look(c, c->accounts[i], m->arena, &found[count], &matters));
        count += matters;
    }
    qsort(found, count, sizeof *found, ambiguity_order);
    m->ret->ambiguities = found;
    m->ret->ambiguity_count = count;
    return OK;
}

err case_report(struct trail_case *c, struct arena *a, struct case_report *ret)
{
    TRY(c->broken);
    assert(c->heap_count == 0 && !c->must_rebuild);
    *ret = (struct case_report){.total = case_sum_all(c)};
    struct making m = {.c = c, .arena = a, .ret = ret};
    m.nodes = arena_make_array(a, c->account_count, sizeof *m.nodes);
    if (m.nodes == NULL)
        return spent();
    TRY(events_choose(&m));
    TRY(edges_make(&m));
    TRY(exits_make(&m));
    TRY(doubts_make(&m));
    TRY(nodes_make(&m));
    TRY(ambiguities_make(&m));
    return c->unread;
}
