/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_plan.h"

#include "app/house/house.h"
#include "app/money/race_rank.h"
#include "fact/account.h"
#include "fact/listing.h"

#include <assert.h>
#include <stdlib.h>

enum { MERCHANT_LOOK = 64 };

/* An account where the money may be: `lines` says which of the form's paid it. */
struct planning {
    const struct report_planning *p;
    struct report_form *form;
    struct report_plan *plan;
    struct trail_node *nodes;
    int64_t *lines;
    size_t count;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- where the money may be --- */

/* A line that was not told of before and that the bank does not contradict. */
static bool counts(const struct report_line *line)
{
    return str_is_empty(line->mismatch) && str_is_empty(line->before);
}

static bool is_followed(const struct report_line *line)
{
    return counts(line) && line->is_known && !line->is_shared &&
           line->known.status == TRANSFER_BOOKED;
}

static int64_t line_of(const struct report_form *form, str account)
{
    for (size_t i = 0; i < form->line_count; i++)
        if (counts(&form->lines[i]) && str_equal(form->lines[i].to, account))
            return (int64_t)i;
    return REPORT_NO_LINE;
}

static bool is_victims_own(const struct report_form *form, str account)
{
    for (size_t i = 0; i < form->line_count; i++)
        if (str_equal(form->lines[i].from, account))
            return true;
    return false;
}

static err follow(struct planning *at)
{
    const struct report_form *form = at->form;
    const struct report_planning *p = at->p;
    /* A mule passes on what has just come: last in, first out (docs/decisions/0090). */
    struct trail_question q = {.method = METHOD_LIFO,
                               .as_of_ms = p->now.us / US_PER_MS,
                               .most_at_once = REPORT_TRANSFERS,
                               .reader = p->blocks};
    str start = {0};
    str *starts = arena_make_array(p->arena, form->line_count + 1, sizeof *starts);
    struct trail_doc *doc = arena_make(p->arena, sizeof *doc);
    if (starts == NULL || doc == NULL)
        return spent();
    for (size_t i = 0; i < form->line_count; i++)
        if (is_followed(&form->lines[i]))
            starts[q.start_count++] = form->lines[i].transfer;
    if (q.start_count == 0)
        return OK;
    q.starts = starts;
    TRY(trail_doc_make(p->runs, &q, p->arena, doc, &start));
    at->plan->trail = doc;
    return OK;
}

static str bank_of(const struct report_planning *p, const struct trail_node *node)
{
    struct account account = {0};
    if (!str_is_empty(node->bank) || failed(account_parse(node->key, p->arena, &account)))
        return node->bank;
    return account.bank.code;
}

static void put_node(struct planning *at, const struct trail_node *node, int64_t line)
{
    at->nodes[at->count] = *node;
    at->nodes[at->count].bank = bank_of(at->p, node);
    at->lines[at->count++] = line;
}

/* What no bank's transfer confirms yet may be on the payee's account, all of it. No account has so
 * high a number: it stands for itself. */
static void put_told(struct planning *at, size_t index)
{
    const struct report_line *line = &at->form->lines[index];
    instant came = line->at.us > 0 ? line->at : at->p->now;
    const struct trail_node node = {.account = UINT32_MAX - (uint32_t)index,
                                    .layer = 1,
                                    .key = line->to,
                                    .bank = line->bank,
                                    .attributed = line->amount,
                                    .present = line->amount,
                                    .last_ms = came.us / US_PER_MS};
    put_node(at, &node, (int64_t)index);
}

static struct trail_node *find_node(struct planning *at, uint32_t account)
{
    for (size_t i = 0; i < at->count; i++)
        if (at->nodes[i].account == account)
            return &at->nodes[i];
    return NULL;
}

static bool is_company(const struct planning *at, uint32_t account)
{
    struct account_facts facts = {0};
    return !failed(runs_ask_facts(at->p->runs, account, at->p->arena, &facts)) &&
           str_equal(facts.holder_kind, STR("company"));
}

/* Where the money was when the first orders could not wait: the race follows it from there, and the
 * answer says so. */
static void put_last_known(struct planning *at)
{
    const struct trail_doc *doc = at->plan->trail;
    for (size_t i = 0; doc != NULL && i < doc->edge_count; i++) {
        const struct trail_edge *edge = &doc->edges[i];
        if (!edge->is_beyond || is_victims_own(at->form, edge->transfer.to))
            continue;
        struct trail_node *node = find_node(at, edge->to_account);
        const struct trail_node first = {.account = edge->to_account,
                                         .layer = edge->layer,
                                         .key = edge->transfer.to,
                                         .bank = edge->transfer.to_bank};
        if (node == NULL) {
            put_node(at, &first, REPORT_NO_LINE);
            node = &at->nodes[at->count - 1];
            node->is_company = is_company(at, edge->to_account);
            report_refuse(at->form, -1, "", "report.later")->account = first.key;
        }
        node->present += edge->attributed;
        node->attributed += edge->attributed;
        node->last_ms = edge->transfer.time_ms;
    }
}

static void put_present(struct planning *at, const struct trail_doc *doc)
{
    const struct report_form *form = at->form;
    for (size_t i = 0; i < doc->node_count; i++) {
        const struct trail_node *node = &doc->nodes[i];
        if (node->present > 0 && !is_victims_own(form, node->key))
            put_node(at, node, node->layer == 1 ? line_of(form, node->key) : REPORT_NO_LINE);
    }
}

static err find_money(struct planning *at)
{
    const struct report_form *form = at->form;
    TRY(follow(at));
    const struct trail_doc *doc = at->plan->trail;
    size_t room = (doc == NULL ? 0 : doc->node_count + doc->edge_count) + form->line_count + 1;
    at->nodes = arena_make_array(at->p->arena, room, sizeof *at->nodes);
    at->lines = arena_make_array(at->p->arena, room, sizeof *at->lines);
    if (at->nodes == NULL || at->lines == NULL)
        return spent();
    if (doc != NULL)
        put_present(at, doc);
    for (size_t i = 0; i < form->line_count; i++)
        if (counts(&form->lines[i]) && !is_followed(&form->lines[i]))
            put_told(at, i);
    if (at->count == 0)
        put_last_known(at);
    return OK;
}

/* --- who must not be held on one person's word --- */

/* Money was spent there at a till: whoever keeps it is likely no part of the deceit. */
static err is_merchant(const struct report_planning *p, str key, bool *ret_is)
{
    struct runs_seat seat;
    uint32_t account = 0;
    *ret_is = false;
    err e = runs_ask_account(p->runs, key, &account);
    if (failed(e))
        return e.code == ERR_ABSENT ? OK : e;
    runs_enter(p->runs, &seat);
    for (uint32_t i = 0; i < seat.view->run_count && !*ret_is; i++) {
        const struct trail_run *run = seat.view->runs[i];
        struct trail_range in = trail_directory_range(&run->in, account);
        uint32_t from = in.end - in.begin > MERCHANT_LOOK ? in.end - MERCHANT_LOOK : in.begin;
        for (uint32_t k = from; k < in.end && !*ret_is; k++)
            *ret_is = row_exit(&run->rows[run->ins[k]]) == EXIT_MERCHANT;
    }
    runs_leave(p->runs, &seat);
    return OK;
}

static err is_allowed(const struct report_planning *p, str key, bool *ret_is)
{
    struct list_page page = {0};
    *ret_is = false;
    TRY(reader_candidates(p->reader, INDICATOR_ACCOUNT, key, p->arena, &page));
    for (size_t i = 0; i < page.count; i++) {
        const struct listing *l = &page.items[i].listing;
        *ret_is = *ret_is ||
                  (l->action == ACTION_ALLOW && l->from.us <= p->now.us && p->now.us < l->until.us);
    }
    return OK;
}

err report_guard(const struct report_planning *p, str account, const char **ret_code)
{
    bool is_one = false;
    TRY(is_allowed(p, account, &is_one));
    *ret_code = is_one ? "order.protected" : NULL;
    if (is_one)
        return OK;
    TRY(is_merchant(p, account, &is_one));
    *ret_code = is_one ? "order.merchant" : NULL;
    return OK;
}

/* --- who carries it out, and how --- */

/* False when nobody can be asked; the form says why. */
static bool address(struct planning *at, struct report_target *t)
{
    int64_t index = t->line == REPORT_NO_LINE ? -1 : at->form->lines[t->line].index;
    t->provider = provider_of_bank(at->p->providers, t->bank);
    const char *code = t->provider == NULL ? "order.no_provider" : NULL;
    if (code == NULL && provider_can(t->provider, ORDER_HOLD))
        t->kind = ORDER_HOLD;
    else if (code == NULL && provider_can(t->provider, ORDER_STOP))
        t->kind = ORDER_STOP;
    else if (code == NULL)
        code = "order.cannot";
    if (code == NULL)
        return true;
    report_refuse(at->form, index, "bank", code)->account = t->account;
    return false;
}

/* --- who comes first --- */

static void put_target(struct planning *at, const struct trail_node *node, str why)
{
    int64_t line = at->lines[node - at->nodes];
    at->plan->targets[at->plan->count++] = (struct report_target){
        .account = node->key,
        .bank = node->bank,
        .name = line == REPORT_NO_LINE ? STR("") : at->form->lines[line].name,
        .amount = node->present,
        .layer = node->layer,
        .line = line,
        .why = why};
}

/* What a victim paid is asked for however little it is; further on, what is worth an order. */
static bool is_wanted(const struct race_pick *pick, const struct trail_node *node)
{
    return node->layer == 1 || pick->against != RACE_WHY_NOT_WORTH;
}

static err rank(struct planning *at)
{
    const struct report_planning *p = at->p;
    struct trail_doc doc = {.nodes = at->nodes, .node_count = at->count};
    struct race_accounts accounts;
    struct race_plan plan;
    if (at->plan->trail != NULL) {
        doc.sources = at->plan->trail->sources;
        doc.source_count = at->plan->trail->source_count;
        doc.edges = at->plan->trail->edges;
        doc.edge_count = at->plan->trail->edge_count;
    }
    const struct race_scene scene = {.providers = p->providers,
                                     .doc = &doc,
                                     .zone_min = p->house->law.zone_min,
                                     .now = p->now,
                                     .arena = p->arena};
    TRY(race_rank_plan(p->house->rank, &scene, INT64_MAX, &accounts, &plan));
    for (uint32_t i = 0; i < plan.count && at->plan->count < REPORT_TARGETS; i++) {
        const struct race_pick *pick = &plan.picks[i];
        const struct trail_node *node = race_scene_node(&scene, &accounts, pick->account);
        str why = {0};
        if (!is_wanted(pick, node))
            continue;
        TRY(race_scene_why(pick, p->arena, &why));
        put_target(at, node, why);
    }
    return OK;
}

static int compare_nodes(const void *a, const void *b)
{
    const struct trail_node *x = *(const struct trail_node *const *)a;
    const struct trail_node *y = *(const struct trail_node *const *)b;
    if (x->present != y->present)
        return x->present < y->present ? 1 : -1;
    if (x->layer != y->layer)
        return x->layer < y->layer ? -1 : 1;
    return str_compare(x->key, y->key);
}

/* A victim waits: where nobody can say what is best, the most goes first. */
static err rank_by_amount(struct planning *at)
{
    const struct trail_node **order = arena_make_array(at->p->arena, at->count + 1, sizeof *order);
    if (order == NULL)
        return spent();
    for (size_t i = 0; i < at->count; i++)
        order[i] = &at->nodes[i];
    if (at->count > 1)
        qsort(order, at->count, sizeof *order, compare_nodes);
    at->plan->count = 0;
    for (size_t i = 0; i < at->count && at->plan->count < REPORT_TARGETS; i++) {
        struct text why;
        text_init(&why, at->p->arena);
        text_put_c(&why, "race.why.balance ");
        text_put_i64(&why, order[i]->present);
        put_target(at, order[i], text_str(&why));
    }
    return OK;
}

static err settle(struct planning *at)
{
    struct report_plan *plan = at->plan;
    size_t kept = 0;
    for (size_t i = 0; i < plan->count; i++) {
        struct report_target t = plan->targets[i];
        TRY(report_guard(at->p, t.account, &t.guard));
        if (address(at, &t))
            plan->targets[kept++] = t;
    }
    plan->count = kept;
    return OK;
}

err report_plan(const struct report_planning *p, struct report_form *form,
                struct report_plan *ret_plan)
{
    assert(p->runs != NULL && p->reader != NULL);
    *ret_plan = (struct report_plan){0};
    ret_plan->targets = arena_make_array(p->arena, REPORT_TARGETS, sizeof *ret_plan->targets);
    if (ret_plan->targets == NULL)
        return spent();
    struct planning at = {.p = p, .form = form, .plan = ret_plan};
    TRY(find_money(&at));
    if (failed(rank(&at)))
        TRY(rank_by_amount(&at));
    return settle(&at);
}
