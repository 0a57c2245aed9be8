/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the money is: the case engine over the store of transfers, and what it answers. */
#include "app/money/trail_doc_inside.h"
#include "app/money/trail_parts.h"
#include "trail/case_report.h"

#include <assert.h>
#include <stdlib.h>

/* --- what it answers --- */

static err take_edges(struct making *m, const struct case_report *r)
{
    struct trail_doc *d = m->doc;
    d->edge_count = 0;
    for (uint32_t i = 0; i < r->edge_count; i++) {
        struct trail_edge *edge = NULL;
        TRY(making_edge(m, &edge));
        TRY(making_transfer(m, r->edges[i].transfer, edge));
        edge->layer = r->edges[i].layer;
        edge->attributed = r->edges[i].attributed;
        edge->is_beyond = r->edges[i].is_beyond;
    }
    return OK;
}

/* An edge that brought stolen money, and names its payee's bank. */
struct named {
    uint32_t account;
    uint32_t edge;
};

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a;
    const struct named *y = b;
    if (x->account != y->account)
        return x->account < y->account ? -1 : 1;
    return (x->edge > y->edge) - (x->edge < y->edge);
}

struct named_list {
    struct named *at;
    size_t count;
};

static bool brought(const struct trail_edge *e)
{
    return e->attributed > 0 && e->transfer.exit == EXIT_NONE && !e->is_beyond;
}

static err list_named(struct making *m, struct named_list *ret)
{
    const struct trail_doc *d = m->doc;
    ret->count = 0;
    ret->at = arena_make_array(m->arena, d->edge_count + 1, sizeof *ret->at);
    if (ret->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < d->edge_count; i++)
        if (brought(&d->edges[i]) && !str_is_empty(d->edges[i].transfer.to_bank))
            ret->at[ret->count++] =
                (struct named){.account = d->edges[i].to_account, .edge = (uint32_t)i};
    qsort(ret->at, ret->count, sizeof *ret->at, compare_named);
    return OK;
}

/* The bank as its first payer wrote it; where nobody did, the account's own says so later. */
static str bank_of(const struct trail_doc *d, const struct named_list *named, uint32_t account)
{
    size_t from = 0;
    size_t end = named->count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (named->at[middle].account < account)
            from = middle + 1;
        else
            end = middle;
    }
    bool is_named = from < named->count && named->at[from].account == account;
    return is_named ? d->edges[named->at[from].edge].transfer.to_bank : STR("");
}

static err take_nodes(struct making *m, const struct case_report *r)
{
    struct trail_doc *d = m->doc;
    struct named_list named;
    TRY(list_named(m, &named));
    d->nodes = arena_make_array(m->arena, r->node_count + 1, sizeof *d->nodes);
    if (d->nodes == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < r->node_count; i++) {
        const struct case_node *from = &r->nodes[i];
        struct trail_node *node = &d->nodes[d->node_count++];
        *node = (struct trail_node){.account = from->account,
                                    .layer = from->layer,
                                    .bank = bank_of(d, &named, from->account),
                                    .received = from->received,
                                    .attributed = from->attributed,
                                    .present = from->present,
                                    .exited = from->exited,
                                    .unknown = from->unknown,
                                    .first_ms = from->first_ms,
                                    .last_ms = from->last_ms};
        TRY(runs_ask_account_key(m->runs, from->account, m->arena, &node->key));
    }
    return OK;
}

static err doubt_begin(struct making *m, uint32_t account, size_t transfer_count,
                       struct trail_doubt *ret)
{
    *ret = (struct trail_doubt){.transfer_count = transfer_count};
    ret->transfers = arena_make_array(m->arena, transfer_count + 1, sizeof *ret->transfers);
    if (ret->transfers == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return runs_ask_account_key(m->runs, account, m->arena, &ret->account);
}

static err doubt_name(struct making *m, uint32_t ordinal, str *ret_id)
{
    struct transfer t = {0};
    TRY(runs_reader_details(m->reader, ordinal, m->arena, &t));
    *ret_id = t.id;
    return OK;
}

static err take_doubts(struct making *m, const struct case_report *r)
{
    for (uint32_t i = 0; i < r->doubt_count; i++) {
        struct trail_doubt doubt;
        const struct case_doubt *from = &r->doubts[i];
        if (from->kind == DOUBT_SOURCE) /* said already */
            continue;
        TRY(doubt_begin(m, from->account, 1, &doubt));
        TRY(doubt_name(m, from->transfer, &doubt.transfers[0]));
        bool is_for_later = from->kind == DOUBT_BEYOND && m->q->most_at_once != 0;
        doubt.reason = is_for_later ? "trail.doubt.later" : case_doubt_why(from->kind);
        doubt.has_range = from->kind == DOUBT_BUSY;
        doubt.high = from->minor;
        TRY(making_doubt(m, &doubt));
    }
    return OK;
}

static err take_ambiguities(struct making *m, const struct case_report *r)
{
    for (uint32_t i = 0; i < r->ambiguity_count; i++) {
        struct trail_doubt doubt;
        const struct case_ambiguity *from = &r->ambiguities[i];
        TRY(doubt_begin(m, from->account, from->transfer_count, &doubt));
        for (uint32_t k = 0; k < from->transfer_count; k++)
            TRY(doubt_name(m, from->transfers[k], &doubt.transfers[k]));
        doubt.reason = from->is_wide ? "trail.doubt.order_wide" : "trail.doubt.order";
        doubt.has_range = true;
        doubt.low = from->present.low;
        doubt.high = from->present.high;
        TRY(making_doubt(m, &doubt));
    }
    return OK;
}

err attribution_claim(struct making *m, struct trail_index *x, struct trail_case *c)
{
    for (size_t i = 0; i < m->doc->source_count; i++) {
        struct trail_ref ref = {0};
        struct trail_event event;
        uint32_t claim = 0;
        TRY(runs_ask_place(m->runs, &m->seat, m->doc->sources[i].ordinal, &ref));
        TRY(trail_index_event(x, ref, &event));
        TRY(case_claim(c, &event, &claim));
    }
    return case_settle(c);
}

err attribution_take(struct making *m, struct trail_case *c)
{
    struct trail_doc *d = m->doc;
    struct case_report r = {0};
    TRY(case_report(c, m->arena, &r));
    d->stolen = r.total.stolen;
    d->present = r.total.present;
    d->exited = r.total.exited;
    d->unknown = r.total.unknown;
    TRY(take_edges(m, &r));
    TRY(take_nodes(m, &r));
    TRY(take_doubts(m, &r));
    TRY(take_ambiguities(m, &r));
    return attribution_clocks(m);
}

/* The currency's number in this store is that of any of the sources' rows. To have so many partners
 * costs twice what was stolen (docs/decisions/0101). */
err attribution_settings(struct making *m, struct case_settings *ret)
{
    enum { PARTNER_MINOR = 1000, PARTNER_PART = 10000 };
    int64_t stolen = 0;
    *ret = (struct case_settings){.method = (enum trail_method)m->q->method,
                                  .most_partners = m->q->most_partners,
                                  .most_transfers = m->q->most_transfers,
                                  .most_at_once = m->q->most_at_once,
                                  .first_ms = INT64_MAX};
    for (size_t i = 0; i < m->doc->source_count; i++) {
        struct trail_ref ref = {0};
        TRY(runs_ask_place(m->runs, &m->seat, m->doc->sources[i].ordinal, &ref));
        const struct trail_row *row = trail_row_at(m->seat.view, ref);
        ret->currency = row_currency(row);
        stolen += row_amount(row);
        ret->first_ms = row_time_ms(row) < ret->first_ms ? row_time_ms(row) : ret->first_ms;
    }
    ret->partner_minor = stolen / PARTNER_PART;
    if (ret->partner_minor < PARTNER_MINOR)
        ret->partner_minor = PARTNER_MINOR;
    return OK;
}

err attribution_look(struct making *m, struct trail_index *x)
{
    size_t count = m->doc->source_count;
    uint32_t *sources = arena_make_array(m->arena, count + 1, sizeof *sources);
    if (sources == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < count; i++)
        sources[i] = m->doc->sources[i].ordinal;
    x->sources = sources;
    x->source_count = count;
    x->reader = m->reader;
    x->view = m->seat.view;
    x->walls = m->q->walls;
    x->wall_count = m->q->wall_count;
    return OK;
}

/* Made from nothing, and asked once. */
struct attribution {
    struct making *m;
    struct trail_case *c;
    uint32_t account; /* whose parts are wanted */
    struct trail_parts *parts;
};

static err answer_all(struct attribution *at)
{
    return attribution_take(at->m, at->c);
}

static err attribute_by(struct attribution *at, err (*answer)(struct attribution *at))
{
    struct making *m = at->m;
    struct case_settings settings;
    struct trail_index x;
    TRY(attribution_settings(m, &settings));
    settings.as_of_ms = m->q->as_of_ms;
    trail_index_init(&x, m->q->as_of_ms);
    struct case_port port = trail_index_port(&x);
    err e = attribution_look(m, &x);
    if (!failed(e))
        at->c = case_make(m->arena, &settings, &port);
    if (!failed(e))
        e = at->c == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : attribution_claim(m, &x, at->c);
    if (!failed(e))
        e = answer(at);
    trail_index_done(&x);
    case_done(at->c);
    return e;
}

err attribute(struct making *m)
{
    struct attribution at = {.m = m};
    return attribute_by(&at, answer_all);
}

/* --- what came into one account --- */

static int compare_parts(const void *a, const void *b)
{
    const struct trail_part *x = a;
    const struct trail_part *y = b;
    if (x->ordinal != y->ordinal)
        return x->ordinal < y->ordinal ? -1 : 1;
    return (x->claim > y->claim) - (x->claim < y->claim);
}

static void note_end(struct trail_parts *parts, uint32_t account, struct case_shares shares)
{
    for (uint32_t k = 0; k < shares.count; k++)
        parts->ends[parts->end_count++] =
            (struct trail_end){.account = account, .claim = shares.at[k].claim};
}

static bool is_busy(const struct case_report *r, uint32_t account)
{
    for (uint32_t i = 0; i < r->doubt_count; i++)
        if (r->doubts[i].kind == DOUBT_BUSY && r->doubts[i].account == account)
            return true;
    return false;
}

/* Where money may have gone on, and nobody looked. */
static err take_ends(struct attribution *at, const struct case_report *r)
{
    size_t room = 1;
    for (uint32_t i = 0; i < r->edge_count; i++)
        room += r->edges[i].is_beyond ? r->edges[i].shares.count : 0;
    for (uint32_t i = 0; i < r->node_count; i++)
        room += r->nodes[i].shares.count;
    at->parts->ends = arena_make_array(at->m->arena, room, sizeof *at->parts->ends);
    if (at->parts->ends == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < r->edge_count; i++)
        if (r->edges[i].is_beyond)
            note_end(at->parts, r->edges[i].to, r->edges[i].shares);
    for (uint32_t i = 0; i < r->node_count; i++)
        if (is_busy(r, r->nodes[i].account))
            note_end(at->parts, r->nodes[i].account, r->nodes[i].shares);
    return OK;
}

static err take_parts(struct attribution *at)
{
    struct case_report r = {0};
    struct trail_parts *parts = at->parts;
    size_t room = 1;
    TRY(case_report(at->c, at->m->arena, &r));
    for (uint32_t i = 0; i < r.edge_count; i++)
        room += r.edges[i].to == at->account ? r.edges[i].shares.count : 0;
    parts->at = arena_make_array(at->m->arena, room, sizeof *parts->at);
    if (parts->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < r.edge_count; i++)
        for (uint32_t k = 0; r.edges[i].to == at->account && k < r.edges[i].shares.count; k++)
            parts->at[parts->count++] = (struct trail_part){.ordinal = r.edges[i].transfer,
                                                            .claim = r.edges[i].shares.at[k].claim,
                                                            .minor = r.edges[i].shares.at[k].minor};
    qsort(parts->at, parts->count, sizeof *parts->at, compare_parts);
    return take_ends(at, &r);
}

static err make_parts(struct making *m, const struct trail_parts_question *q,
                      struct attribution *at)
{
    struct trail_doc *d = m->doc;
    d->sources = arena_make_array(m->arena, q->claim_count, sizeof *d->sources);
    if (d->sources == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < q->claim_count; i++)
        d->sources[d->source_count++].ordinal = q->claims[i];
    return attribute_by(at, take_parts);
}

err trail_parts_make(struct runs *runs, const struct trail_parts_question *q, struct arena *a,
                     struct trail_parts *ret)
{
    const struct trail_question fifo = {
        .method = METHOD_FIFO,
        .as_of_ms = q->as_of_ms,
        .most_partners = UINT32_MAX, /* what an order was made by is followed again */
        .most_transfers = q->most_transfers == 0 ? TRAIL_PARTS_OF_ONE : q->most_transfers,
        .most_at_once = TRAIL_PARTS_OF_ALL};
    struct trail_doc doc = {0};
    struct making m = {.runs = runs, .q = &fifo, .arena = a, .doc = &doc};
    struct attribution at = {.m = &m, .account = q->account, .parts = ret};
    *ret = (struct trail_parts){0};
    assert(q->claim_count > 0 && q->claim_count <= CASE_CLAIMS_MOST);
    TRY(runs_reader_make(runs, &m.reader));
    runs_enter(runs, &m.seat);
    err e = make_parts(&m, q, &at);
    runs_leave(runs, &m.seat);
    runs_reader_done(m.reader);
    return e;
}
