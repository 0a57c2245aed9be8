/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the money is: the case engine over the store of transfers, and a walk along its answer. */
#include "app/trail_doc_inside.h"
#include "trail/case.h"

#include <assert.h>

struct attribution {
    struct making *m;
    struct trail_case *c;
    struct arena turn; /* details of one transfer at a time */
    int64_t first_ms;  /* of the sources */
    uint32_t *slots;   /* account -> node, open addressing; 0: free, else place + 1 */
    uint32_t slot_count;
    size_t node_room;
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

static err pull(void *of, const struct case_span *span, struct trail_case *into)
{
    struct attribution *at = of;
    const struct trail_view *view = at->m->seat.view;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        if (run->last_ms < span->from_ms || run->first_ms >= span->until_ms)
            continue;
        struct trail_range out = trail_directory_range(&run->out, span->account);
        struct trail_range in = trail_directory_range(&run->in, span->account);
        for (uint32_t p = trail_run_after(run, out, span->from_ms - 1); p < out.end; p++) {
            if (row_time_ms(&run->rows[p]) >= span->until_ms)
                break;
            TRY(pull_place(at, i, p, into));
        }
        for (uint32_t k = trail_run_in_after(run, in, span->from_ms - 1); k < in.end; k++) {
            const struct trail_row *row = &run->rows[run->ins[k]];
            if (row_time_ms(row) >= span->until_ms)
                break;
            if (row->from != row->to) /* one to oneself has been told above */
                TRY(pull_place(at, i, run->ins[k], into));
        }
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

/* --- the walk --- */

static err node_find(struct attribution *at, uint32_t account, struct trail_node **ret_node,
                     bool *ret_new)
{
    struct trail_doc *d = at->m->doc;
    uint32_t slot = (uint32_t)((account * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
    for (slot &= at->slot_count - 1; at->slots[slot] != 0; slot = (slot + 1) & (at->slot_count - 1))
        if (d->nodes[at->slots[slot] - 1].account == account) {
            *ret_node = &d->nodes[at->slots[slot] - 1];
            *ret_new = false;
            return OK;
        }
    if (d->node_count == at->node_room)
        return fail(ERR_LIMIT, "trail.too_wide", (uint32_t)at->node_room);
    *ret_node = &d->nodes[d->node_count++];
    **ret_node = (struct trail_node){.account = account};
    at->slots[slot] = (uint32_t)d->node_count;
    *ret_new = true;
    return OK;
}

/* Stolen money arrives: in the account's node, which is made where there is none. */
static err arrive(struct attribution *at, const struct trail_edge *edge)
{
    struct trail_node *node = NULL;
    bool is_new = false;
    const struct transfer *t = &edge->transfer;
    if (t->exit != EXIT_NONE)
        return OK;
    TRY(node_find(at, edge->to_account, &node, &is_new));
    if (is_new) {
        node->layer = edge->layer;
        node->key = t->to;
        node->present = case_present(at->c, node->account);
        node->first_ms = t->time_ms;
    }
    if (str_is_empty(node->bank))
        node->bank = t->to_bank;
    node->received += t->amount_minor;
    node->attributed += edge->attributed;
    node->first_ms = t->time_ms < node->first_ms ? t->time_ms : node->first_ms;
    node->last_ms = t->time_ms > node->last_ms ? t->time_ms : node->last_ms;
    return OK;
}

static bool is_source(const struct trail_doc *d, uint32_t ordinal)
{
    for (size_t i = 0; i < d->source_count; i++)
        if (d->sources[i].ordinal == ordinal)
            return true;
    return false;
}

static err leave(struct attribution *at, size_t node, uint32_t ordinal, int64_t attributed)
{
    struct trail_doc *d = at->m->doc;
    struct trail_edge *edge = NULL;
    if (is_source(d,
                  ordinal)) /* a victim's payment out of an account of the trail stands already */
        return OK;
    TRY(making_edge(at->m, &edge));
    TRY(making_transfer(at->m, ordinal, edge));
    edge->layer = d->nodes[node].layer + 1;
    edge->attributed = attributed;
    if (edge->transfer.exit != EXIT_NONE)
        d->nodes[node].exited += attributed;
    d->nodes[node].unknown -= attributed; /* what is left of it: see finish */
    return arrive(at, edge);
}

static err leave_all(struct attribution *at, size_t node)
{
    const struct trail_view *view = at->m->seat.view;
    uint32_t account = at->m->doc->nodes[node].account;
    for (uint32_t i = 0; i < view->run_count; i++) {
        const struct trail_run *run = view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        for (uint32_t p = trail_run_after(run, out, at->first_ms - 1); p < out.end; p++) {
            int64_t attributed = case_attributed(at->c, run->ordinals[p]);
            if (attributed > 0)
                TRY(leave(at, node, run->ordinals[p], attributed));
        }
    }
    return OK;
}

/* Breadth first, so that an account stands in the first layer that its money came to. */
static err walk(struct attribution *at)
{
    struct trail_doc *d = at->m->doc;
    at->node_room = TRAIL_EDGES_MOST / 8;
    at->slot_count = TRAIL_EDGES_MOST / 4;
    d->nodes = arena_make_array(at->m->arena, at->node_room, sizeof *d->nodes);
    at->slots = arena_make_array(at->m->arena, at->slot_count, sizeof *at->slots);
    if (d->nodes == NULL || at->slots == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < d->source_count; i++)
        if (d->sources[i].attributed > 0)
            TRY(arrive(at, &d->sources[i]));
    for (size_t i = 0; i < d->node_count; i++)
        TRY(leave_all(at, i));
    for (size_t i = 0; i < d->node_count; i++)
        d->nodes[i].unknown += d->nodes[i].attributed - d->nodes[i].present;
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
        int64_t ms = row_time_ms(&event.row);
        at->first_ms = i == 0 || ms < at->first_ms ? ms : at->first_ms;
    }
    return case_settle(at->c);
}

static err run(struct attribution *at)
{
    struct trail_doc *d = at->m->doc;
    TRY(claim_all(at));
    struct case_sum sum = case_sum_all(at->c);
    d->stolen = sum.stolen;
    d->present = sum.present;
    d->exited = sum.exited;
    d->unknown = sum.unknown;
    return walk(at);
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
