/* SPDX-License-Identifier: Apache-2.0 */
#include "app/money/trail_doc_inside.h"
#include "app/money/trail_standing.h"
#include "fact/account.h"

#include <assert.h>
#include <stdlib.h>

unsigned trail_method_find(str name)
{
    if (str_equal(name, STR("reach")))
        return METHOD_REACH;
    unsigned method = method_find(name);
    return method == METHOD_COUNT ? METHOD_REACH + 1 : method;
}

str trail_method_name(unsigned method)
{
    return method == METHOD_REACH ? STR("reach") : method_name(method);
}

/* --- pieces --- */

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

err making_transfer(struct making *m, uint32_t ordinal, struct trail_edge *ret)
{
    *ret = (struct trail_edge){.ordinal = ordinal};
    TRY(runs_reader_details(m->reader, ordinal, m->arena, &ret->transfer));
    TRY(runs_ask_account(m->runs, ret->transfer.from, &ret->from_account));
    return runs_ask_account(m->runs, ret->transfer.to, &ret->to_account);
}

err making_edge(struct making *m, struct trail_edge **ret_edge)
{
    struct trail_doc *d = m->doc;
    if (d->edge_count == TRAIL_EDGES_MOST)
        return fail(ERR_LIMIT, "trail.too_wide", TRAIL_EDGES_MOST);
    if (d->edge_count == d->edge_room) {
        size_t room = d->edge_room == 0 ? 256 : 2 * d->edge_room;
        d->edges = arena_grow(m->arena, d->edges, d->edge_room * sizeof *d->edges,
                              room * sizeof *d->edges);
        if (d->edges == NULL)
            return spent();
        d->edge_room = room;
    }
    *ret_edge = &d->edges[d->edge_count++];
    **ret_edge = (struct trail_edge){0};
    return OK;
}

err making_doubt(struct making *m, const struct trail_doubt *doubt)
{
    struct trail_doc *d = m->doc;
    if (d->doubt_count == d->doubt_room) {
        size_t room = d->doubt_room == 0 ? 16 : 2 * d->doubt_room;
        d->doubts = arena_grow(m->arena, d->doubts, d->doubt_room * sizeof *d->doubts,
                               room * sizeof *d->doubts);
        if (d->doubts == NULL)
            return spent();
        d->doubt_room = room;
    }
    d->doubts[d->doubt_count++] = *doubt;
    return OK;
}

/* --- sources --- */

static err find_source(struct making *m, str id, struct trail_edge *ret)
{
    uint32_t ordinals[2];
    size_t count = 0;
    TRY(runs_ask_transfers(m->runs, id, ordinals, COUNT_OF(ordinals), &count));
    if (count == 0)
        return fail(ERR_ABSENT, "transfer.unknown", 0);
    if (count > 1)
        return fail(ERR_CONFLICT, "transfer.ambiguous", 0);
    TRY(making_transfer(m, ordinals[0], ret));
    ret->layer = 1;
    bool is_later = m->q->as_of_ms != 0 && ret->transfer.time_ms > m->q->as_of_ms;
    return is_later ? fail(ERR_ABSENT, "transfer.unknown", 0) : OK;
}

/* Why nothing was stolen by it; NULL when something was. */
static const char *doubt_of(const struct trail_edge *s)
{
    if (s->transfer.status != TRANSFER_BOOKED)
        return "trail.doubt.not_booked";
    return s->from_account == s->to_account ? "trail.doubt.to_oneself" : NULL;
}

static err put_source(struct making *m, str id)
{
    struct trail_doc *d = m->doc;
    struct trail_edge *s = &d->sources[d->source_count];
    TRY(find_source(m, id, s));
    for (size_t i = 0; i < d->source_count; i++)
        if (d->sources[i].ordinal == s->ordinal)
            return OK;
    if (d->source_count > 0 &&
        memcmp(d->sources[0].transfer.currency, s->transfer.currency, 3) != 0)
        return fail(ERR_CONFLICT, "trail.currencies", 0);
    d->source_count++;
    const char *doubt = doubt_of(s);
    s->attributed = doubt == NULL ? s->transfer.amount_minor : 0;
    d->stolen += s->attributed;
    if (doubt == NULL)
        return OK;
    return making_doubt(m, &(struct trail_doubt){.account = s->transfer.to,
                                                 .transfers = &s->transfer.id,
                                                 .transfer_count = 1,
                                                 .reason = doubt});
}

static int compare_i64(int64_t x, int64_t y)
{
    return (x > y) - (x < y);
}

static int compare_edges(const void *a, const void *b)
{
    const struct trail_edge *x = a;
    const struct trail_edge *y = b;
    int order = compare_i64(x->layer, y->layer);
    order = order != 0 ? order : compare_i64(x->transfer.time_ms, y->transfer.time_ms);
    order = order != 0 ? order : str_compare(x->transfer.id, y->transfer.id);
    return order != 0 ? order : compare_i64(x->ordinal, y->ordinal);
}

enum { LISTED_MOST = 20 };

/* All that are not there, not only the first: whoever asked has them to correct. */
static err list_absent(struct making *m, size_t first, str *ret_start, err absent)
{
    struct text t;
    text_init(&t, m->arena);
    text_put(&t, m->q->starts[first]);
    size_t listed = 1;
    for (size_t i = first + 1; i < m->q->start_count; i++) {
        struct trail_edge one;
        if (find_source(m, m->q->starts[i], &one).code != ERR_ABSENT)
            continue;
        if (listed++ < LISTED_MOST) {
            text_put_c(&t, ", ");
            text_put(&t, m->q->starts[i]);
        }
    }
    if (listed > LISTED_MOST)
        text_put_c(&t, ", …");
    if (!text_spent(&t))
        *ret_start = text_str(&t);
    return absent;
}

err making_sources(struct making *m, str *ret_start)
{
    struct trail_doc *d = m->doc;
    d->sources = arena_make_array(m->arena, m->q->start_count, sizeof *d->sources);
    if (d->sources == NULL)
        return spent();
    for (size_t i = 0; i < m->q->start_count; i++) {
        err e = put_source(m, m->q->starts[i]);
        if (!failed(e))
            continue;
        *ret_start = m->q->starts[i];
        return e.code == ERR_ABSENT ? list_absent(m, i, ret_start, e) : e;
    }
    qsort(d->sources, d->source_count, sizeof *d->sources, compare_edges);
    d->currency = str_make(d->sources[0].transfer.currency, CURRENCY_BYTES);
    return OK;
}

/* --- reach --- */

static err ask_reach(struct making *m, struct reach *r)
{
    const struct trail_doc *d = m->doc;
    struct reach_start *starts = arena_make_array(m->arena, d->source_count, sizeof *starts);
    if (starts == NULL)
        return spent();
    uint32_t count = 0;
    for (size_t i = 0; i < d->source_count; i++) {
        const struct transfer *t = &d->sources[i].transfer;
        bool is_followed = t->status <= TRANSFER_BOOKED && t->exit == EXIT_NONE &&
                           d->sources[i].from_account != d->sources[i].to_account;
        if (is_followed)
            starts[count++] =
                (struct reach_start){.account = d->sources[i].to_account, .time_ms = t->time_ms};
    }
    TRY(reach_init(r, m->arena, TRAIL_EDGES_MOST));
    return reach_ask(r, m->seat.view, &m->q->settings, starts, count);
}

static err follow_reach(struct making *m)
{
    struct reach r;
    TRY(ask_reach(m, &r));
    for (uint32_t i = 0; i < r.hit_count; i++) {
        const struct reach_hit *hit = &r.hits[i];
        if (m->q->as_of_ms != 0 && hit->time_ms > m->q->as_of_ms)
            continue;
        struct trail_edge *edge = NULL;
        TRY(making_edge(m, &edge));
        TRY(making_transfer(m, trail_ordinal_at(m->seat.view, hit->transfer), edge));
        edge->layer = hit->layer + 1;
    }
    return OK;
}

/* --- nodes of edges --- */

static int compare_ends(const void *a, const void *b)
{
    const struct trail_edge *x = *(const struct trail_edge *const *)a;
    const struct trail_edge *y = *(const struct trail_edge *const *)b;
    int order = compare_i64(x->layer, y->layer);
    order = order != 0 ? order : compare_i64(x->to_account, y->to_account);
    return order != 0 ? order : compare_edges(x, y);
}

static void node_receive(struct trail_node *node, const struct trail_edge *edge)
{
    const struct transfer *t = &edge->transfer;
    bool is_first = node->first_ms == 0 || t->time_ms < node->first_ms;
    node->account = edge->to_account;
    node->layer = edge->layer;
    node->key = t->to;
    node->received += t->amount_minor;
    if (str_is_empty(node->bank) || (is_first && !str_is_empty(t->to_bank)))
        node->bank = t->to_bank;
    node->first_ms = is_first ? t->time_ms : node->first_ms;
    node->last_ms = t->time_ms > node->last_ms ? t->time_ms : node->last_ms;
}

/* Each account once a layer, with everything that reached it there. */
static err gather_nodes(struct making *m)
{
    struct trail_doc *d = m->doc;
    size_t count = d->edge_count;
    const struct trail_edge **ends = arena_make_array(m->arena, count + 1, sizeof *ends);
    d->nodes = arena_make_array(m->arena, count + 1, sizeof *d->nodes);
    if (ends == NULL || d->nodes == NULL)
        return spent();
    for (size_t i = 0; i < count; i++)
        ends[i] = &d->edges[i];
    qsort(ends, count, sizeof *ends, compare_ends);
    for (size_t i = 0; i < count; i++) {
        bool is_same = i > 0 && ends[i]->layer == ends[i - 1]->layer &&
                       ends[i]->to_account == ends[i - 1]->to_account;
        d->node_count += !is_same;
        node_receive(&d->nodes[d->node_count - 1], ends[i]);
    }
    return OK;
}

static err put_sources_as_edges(struct making *m)
{
    for (size_t i = 0; i < m->doc->source_count; i++) {
        struct trail_edge *edge = NULL;
        TRY(making_edge(m, &edge));
        *edge = m->doc->sources[i];
    }
    return OK;
}

/* --- what is common --- */

static int compare_nodes(const void *a, const void *b)
{
    const struct trail_node *x = a;
    const struct trail_node *y = b;
    int order = compare_i64(x->layer, y->layer);
    order = order != 0 ? order : compare_i64(y->attributed, x->attributed);
    order = order != 0 ? order : compare_i64(y->received, x->received);
    return order != 0 ? order : str_compare(x->key, y->key);
}

/* How people write it, and whose it is: the bank's word before that of who paid. */
static err name_node(struct making *m, struct trail_node *node)
{
    struct account account = {0};
    struct account_facts facts = {0};
    bool is_known = !failed(account_parse(node->key, m->arena, &account)) &&
                    str_equal(account.value, node->key);
    node->display = is_known ? account.display : node->key;
    err e = runs_ask_facts(m->runs, node->account, m->arena, &facts);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    if (!failed(e) && !str_is_empty(facts.bank))
        node->bank = facts.bank;
    node->is_company = !failed(e) && str_equal(facts.holder_kind, STR("company"));
    if (str_is_empty(node->bank) && is_known)
        node->bank = account.bank.code;
    return OK;
}

static int compare_exits(const void *a, const void *b)
{
    const struct trail_exit *x = a;
    const struct trail_exit *y = b;
    int order = str_compare(x->account, y->account);
    return order != 0 ? order : compare_i64(x->kind, y->kind);
}

static err gather_exits(struct making *m)
{
    struct trail_doc *d = m->doc;
    bool is_reach = d->method == METHOD_REACH;
    d->exits = arena_make_array(m->arena, d->edge_count + 1, sizeof *d->exits);
    if (d->exits == NULL)
        return spent();
    size_t count = 0;
    for (size_t i = 0; i < d->edge_count; i++) {
        const struct trail_edge *e = &d->edges[i];
        if (e->transfer.exit != EXIT_NONE)
            d->exits[count++] =
                (struct trail_exit){.account = e->transfer.from,
                                    .kind = e->transfer.exit,
                                    .amount = is_reach ? e->transfer.amount_minor : e->attributed};
    }
    qsort(d->exits, count, sizeof *d->exits, compare_exits);
    for (size_t i = 0; i < count; i++) {
        struct trail_exit *last = &d->exits[d->exit_count == 0 ? 0 : d->exit_count - 1];
        if (d->exit_count > 0 && compare_exits(last, &d->exits[i]) == 0)
            last->amount += d->exits[i].amount;
        else
            d->exits[d->exit_count++] = d->exits[i];
    }
    return OK;
}

static int compare_doubts(const void *a, const void *b)
{
    const struct trail_doubt *x = a;
    const struct trail_doubt *y = b;
    int order = str_compare(x->account, y->account);
    order = order != 0 ? order : strcmp(x->reason, y->reason);
    return order != 0 ? order : str_compare(x->transfers[0], y->transfers[0]);
}

static err make(struct making *m, str *ret_start)
{
    struct trail_doc *d = m->doc;
    TRY(making_sources(m, ret_start));
    TRY(put_sources_as_edges(m));
    if (m->q->method == METHOD_REACH) {
        TRY(follow_reach(m));
        TRY(gather_nodes(m));
    } else {
        TRY(attribute(m));
    }
    for (size_t i = 0; i < d->node_count; i++)
        TRY(name_node(m, &d->nodes[i]));
    qsort(d->nodes, d->node_count, sizeof *d->nodes, compare_nodes);
    qsort(d->edges, d->edge_count, sizeof *d->edges, compare_edges);
    if (d->doubt_count > 0)
        qsort(d->doubts, d->doubt_count, sizeof *d->doubts, compare_doubts);
    return gather_exits(m);
}

err trail_doc_sources(struct runs *runs, const struct trail_question *q, struct arena *a,
                      struct trail_doc *ret_doc, str *ret_start)
{
    assert(q->start_count > 0 && q->start_count <= TRAIL_STARTS_MOST);
    *ret_doc = (struct trail_doc){.method = q->method};
    struct making m = {.runs = runs, .q = q, .arena = a, .doc = ret_doc};
    TRY(runs_reader_make(runs, &m.reader));
    err e = making_sources(&m, ret_start);
    runs_reader_done(m.reader);
    return e;
}

static err make_with(struct making *m, str *ret_start)
{
    struct trail_doc *d = m->doc;
    assert(m->q->start_count > 0 && m->q->start_count <= TRAIL_STARTS_MOST);
    *d = (struct trail_doc){.method = m->q->method, .as_of_ms = m->q->as_of_ms};
    runs_enter(m->runs, &m->seat);
    err e = make(m, ret_start);
    for (uint32_t i = 0; m->q->as_of_ms == 0 && i < m->seat.view->run_count; i++)
        if (m->seat.view->runs[i]->last_ms > d->as_of_ms)
            d->as_of_ms = m->seat.view->runs[i]->last_ms;
    runs_leave(m->runs, &m->seat);
    return e;
}

err trail_doc_make(struct runs *runs, const struct trail_question *q, struct arena *a,
                   struct trail_doc *ret_doc, str *ret_start)
{
    struct making m = {.runs = runs, .reader = q->reader, .q = q, .arena = a, .doc = ret_doc};
    if (m.reader == NULL)
        TRY(runs_reader_make(runs, &m.reader));
    err e = make_with(&m, ret_start);
    if (m.reader != q->reader)
        runs_reader_done(m.reader);
    return e;
}

const struct trail_node *trail_doc_find(const struct trail_doc *d, uint32_t account)
{
    if (d->followed != NULL)
        return trail_standing_find(d->followed, account);
    for (size_t i = 0; i < d->node_count; i++)
        if (d->nodes[i].account == account && d->nodes[i].attributed > 0)
            return &d->nodes[i];
    return NULL;
}
