/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the money is: the case engine over the store of transfers, and what it answers. */
#include "app/trail_doc_inside.h"
#include "trail/case_report.h"

#include <assert.h>

struct attribution {
    struct making *m;
    struct trail_case *c;
    struct arena turn; /* details of one transfer at a time */
};

/* --- what the case asks of the index --- */

/* Banks are told apart by their codes: the order of arrival does not number them. */
static uint32_t bank_number(str bank)
{
    uint32_t hash = UINT32_C(2166136261); /* FNV-1a */
    for (size_t i = 0; i < bank.size; i++)
        hash = (hash ^ (unsigned char)bank.at[i]) * UINT32_C(16777619);
    return hash;
}

static err make_event(struct attribution *at, uint32_t run_index, uint32_t place,
                      struct trail_event *ret)
{
    const struct trail_view *view = at->m->seat.view;
    const struct trail_run *run = view->runs[run_index];
    struct transfer t = {0};
    arena_reset(&at->turn);
    TRY(runs_ask_details(at->m->runs, run->ordinals[place], &at->turn, &t));
    *ret = (struct trail_event){.number = run->ordinals[place],
                                .bank = bank_number(t.from_bank),
                                .row = run->rows[place],
                                .seq = t.seq,
                                .balance_minor = t.balance_minor,
                                .id = t.id};
    unsigned status = trail_status(&view->amends, run, place);
    ret->row.when = (ret->row.when & ~(uint64_t)ROW_STATUS_MASK) | status;
    return OK;
}

static err pull_place(struct attribution *at, uint32_t run, uint32_t place, struct trail_case *into)
{
    struct trail_event event;
    TRY(make_event(at, run, place, &event));
    return case_pulled(into, &event);
}

/* Of one run, what left the account; one to oneself is among it. */
static err pull_paid(struct attribution *at, uint32_t i, const struct case_span *span,
                     struct trail_case *into)
{
    const struct trail_run *run = at->m->seat.view->runs[i];
    struct trail_range out = trail_directory_range(&run->out, span->account);
    for (uint32_t p = trail_run_after(run, out, span->from_ms - 1);
         p < out.end && row_time_ms(&run->rows[p]) < span->until_ms; p++)
        TRY(pull_place(at, i, p, into));
    return OK;
}

static err pull_received(struct attribution *at, uint32_t i, const struct case_span *span,
                         struct trail_case *into)
{
    const struct trail_run *run = at->m->seat.view->runs[i];
    struct trail_range in = trail_directory_range(&run->in, span->account);
    for (uint32_t k = trail_run_in_after(run, in, span->from_ms - 1); k < in.end; k++) {
        const struct trail_row *row = &run->rows[run->ins[k]];
        if (row_time_ms(row) >= span->until_ms)
            break;
        if (row->from != row->to)
            TRY(pull_place(at, i, run->ins[k], into));
    }
    return OK;
}

static err pull(void *of, const struct case_span *span, struct trail_case *into)
{
    struct attribution *at = of;
    const struct trail_view *view = at->m->seat.view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        if (run->last_ms < span->from_ms || run->first_ms >= span->until_ms)
            continue;
        TRY(pull_paid(at, i, span, into));
        TRY(pull_received(at, i, span, into));
    }
    return OK;
}

/* The last booked payment before a moment that told a balance. */
static bool find_balance(struct attribution *at, uint32_t account, int64_t before_ms,
                         struct trail_event *ret)
{
    const struct trail_view *view = at->m->seat.view;
    bool has_one = false;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        for (uint32_t p = trail_run_after(run, out, before_ms - 1); p > out.begin; p--) {
            const struct trail_row *row = &run->rows[p - 1];
            bool is_told = (row->when & ROW_HAS_BALANCE) != 0 &&
                           trail_status(&view->amends, run, p - 1) == TRANSFER_BOOKED;
            if (has_one && row_time_ms(row) <= row_time_ms(&ret->row))
                break;
            if (!is_told)
                continue;
            has_one = !failed(make_event(at, i, p - 1, ret));
            break;
        }
    }
    return has_one;
}

/* What came in and went out between two moments, both left out. */
static int64_t moved_between(struct attribution *at, uint32_t account, int64_t after_ms,
                             int64_t before_ms)
{
    const struct trail_view *view = at->m->seat.view;
    int64_t sum = 0;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        struct trail_range in = trail_directory_range(&run->in, account);
        for (uint32_t p = trail_run_after(run, out, after_ms); p < out.end; p++)
            if (row_time_ms(&run->rows[p]) < before_ms &&
                trail_status(&view->amends, run, p) == TRANSFER_BOOKED)
                sum -= row_amount(&run->rows[p]);
        for (uint32_t k = trail_run_in_after(run, in, after_ms); k < in.end; k++)
            if (row_time_ms(&run->rows[run->ins[k]]) < before_ms &&
                trail_status(&view->amends, run, run->ins[k]) == TRANSFER_BOOKED)
                sum += row_amount(&run->rows[run->ins[k]]);
    }
    return sum;
}

static bool opening(void *of, uint32_t account, const struct trail_event *before,
                    int64_t *ret_minor)
{
    struct attribution *at = of;
    int64_t before_ms = row_time_ms(&before->row);
    bool tells_itself = before->row.from == account && (before->row.when & ROW_HAS_BALANCE) != 0 &&
                        row_status(&before->row) == TRANSFER_BOOKED;
    if (tells_itself) {
        *ret_minor = before->balance_minor + row_amount(&before->row);
        return *ret_minor >= 0;
    }
    struct trail_event last = {0};
    if (!find_balance(at, account, before_ms, &last))
        return false;
    *ret_minor = last.balance_minor + moved_between(at, account, row_time_ms(&last.row), before_ms);
    return *ret_minor >= 0;
}

/* --- what it answers --- */

static err take_edges(struct attribution *at, const struct case_report *r)
{
    struct trail_doc *d = at->m->doc;
    d->edge_count = 0;
    for (uint32_t i = 0; i < r->edge_count; i++) {
        struct trail_edge *edge = NULL;
        TRY(making_edge(at->m, &edge));
        TRY(making_transfer(at->m, r->edges[i].transfer, edge));
        edge->layer = r->edges[i].layer;
        edge->attributed = r->edges[i].attributed;
    }
    return OK;
}

/* The bank as its payers wrote it; where nobody did, the account's own says so later. */
static str bank_of(const struct trail_doc *d, uint32_t account)
{
    for (size_t i = 0; i < d->edge_count; i++)
        if (d->edges[i].to_account == account && !str_is_empty(d->edges[i].transfer.to_bank))
            return d->edges[i].transfer.to_bank;
    return STR("");
}

static err take_nodes(struct attribution *at, const struct case_report *r)
{
    struct trail_doc *d = at->m->doc;
    d->nodes = arena_make_array(at->m->arena, r->node_count + 1, sizeof *d->nodes);
    if (d->nodes == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < r->node_count; i++) {
        const struct case_node *from = &r->nodes[i];
        struct trail_node *node = &d->nodes[d->node_count++];
        *node = (struct trail_node){.account = from->account,
                                    .layer = from->layer,
                                    .bank = bank_of(d, from->account),
                                    .received = from->received,
                                    .attributed = from->attributed,
                                    .present = from->present,
                                    .exited = from->exited,
                                    .unknown = from->unknown,
                                    .first_ms = from->first_ms,
                                    .last_ms = from->last_ms};
        TRY(runs_ask_account_key(at->m->runs, from->account, at->m->arena, &node->key));
    }
    return OK;
}

static err doubt_begin(struct attribution *at, uint32_t account, size_t transfer_count,
                       struct trail_doubt *ret)
{
    *ret = (struct trail_doubt){.transfer_count = transfer_count};
    ret->transfers = arena_make_array(at->m->arena, transfer_count + 1, sizeof *ret->transfers);
    if (ret->transfers == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    return runs_ask_account_key(at->m->runs, account, at->m->arena, &ret->account);
}

static err doubt_name(struct attribution *at, uint32_t ordinal, str *ret_id)
{
    struct transfer t = {0};
    TRY(runs_ask_details(at->m->runs, ordinal, at->m->arena, &t));
    *ret_id = t.id;
    return OK;
}

static err take_doubts(struct attribution *at, const struct case_report *r)
{
    for (uint32_t i = 0; i < r->doubt_count; i++) {
        struct trail_doubt doubt;
        const struct case_doubt *from = &r->doubts[i];
        if (from->kind == DOUBT_SOURCE) /* said already */
            continue;
        TRY(doubt_begin(at, from->account, 1, &doubt));
        TRY(doubt_name(at, from->transfer, &doubt.transfers[0]));
        doubt.reason = case_doubt_why(from->kind);
        TRY(making_doubt(at->m, &doubt));
    }
    return OK;
}

static err take_ambiguities(struct attribution *at, const struct case_report *r)
{
    for (uint32_t i = 0; i < r->ambiguity_count; i++) {
        struct trail_doubt doubt;
        const struct case_ambiguity *from = &r->ambiguities[i];
        TRY(doubt_begin(at, from->account, from->transfer_count, &doubt));
        for (uint32_t k = 0; k < from->transfer_count; k++)
            TRY(doubt_name(at, from->transfers[k], &doubt.transfers[k]));
        doubt.reason = from->is_wide ? "trail.doubt.order_wide" : "trail.doubt.order";
        doubt.has_range = true;
        doubt.low = from->present.low;
        doubt.high = from->present.high;
        TRY(making_doubt(at->m, &doubt));
    }
    return OK;
}

static err claim_all(struct attribution *at)
{
    struct making *m = at->m;
    for (size_t i = 0; i < m->doc->source_count; i++) {
        struct trail_ref ref = {0};
        struct trail_event event;
        uint32_t claim = 0;
        TRY(runs_ask_place(m->runs, &m->seat, m->doc->sources[i].ordinal, &ref));
        TRY(make_event(at, ref.run, ref.place, &event));
        TRY(case_claim(at->c, &event, &claim));
    }
    return case_settle(at->c);
}

static err run(struct attribution *at)
{
    struct trail_doc *d = at->m->doc;
    struct case_report r = {0};
    TRY(claim_all(at));
    TRY(case_report(at->c, at->m->arena, &r));
    d->stolen = r.total.stolen;
    d->present = r.total.present;
    d->exited = r.total.exited;
    d->unknown = r.total.unknown;
    TRY(take_edges(at, &r));
    TRY(take_nodes(at, &r));
    TRY(take_doubts(at, &r));
    return take_ambiguities(at, &r);
}

/* The currency's number in this store is that of any of the sources' rows. */
static err find_currency(struct making *m, unsigned *ret_currency)
{
    struct trail_ref ref = {0};
    TRY(runs_ask_place(m->runs, &m->seat, m->doc->sources[0].ordinal, &ref));
    *ret_currency = row_currency(trail_row_at(m->seat.view, ref));
    return OK;
}

err attribute(struct making *m)
{
    struct case_settings settings = {.method = (enum trail_method)m->q->method,
                                     .as_of_ms = m->q->as_of_ms};
    TRY(find_currency(m, &settings.currency));
    struct attribution at = {.m = m};
    struct case_port port = {.of = &at, .pull = pull, .opening = opening};
    at.c = case_make(m->arena, &settings, &port);
    if (at.c == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    arena_init(&at.turn, 1 << 20);
    err e = run(&at);
    arena_done(&at.turn);
    case_done(at.c);
    return e;
}
