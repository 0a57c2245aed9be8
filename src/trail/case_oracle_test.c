/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a case's answer is right to the fen, and the same whatever the order in which transfers,
 * statuses and claims arrive. Method: many small random worlds with rings, ties, exits, self
 * transfers, balances, other currencies, all statuses, several claims, few places for accounts and
 * accounts with more transfers than are followed.
 * The oracle knows nothing of lots, checkpoints or news: it sorts what is known and moves every fen
 * by hand. After each settling everything is compared: sums of each claim, each account's fen by
 * claim, what each transfer carried.
 *
 * YUMEN_TRAIL_OPERATIONS=100000000 runs until so many transfers and claims were delivered, and says
 * how far it is at each hundredth; YUMEN_TRAIL_SEED, one of the seeds it told, goes on from there.
 */
#include "trail/case_inside.h"
#include "trail/case_nodes.h"
#include "trail/case_world_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CLAIMS = 4, HONEST = CLAIMS, PURSE = 40000, USUAL_OPERATIONS = 150000 };

/* ---- chance ---------------------------------------------------------------------------------- */

static uint64_t chance_state;

static uint64_t chance(void)
{
    chance_state += UINT64_C(0x9E3779B97F4A7C15);
    uint64_t z = chance_state;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
    return (unsigned)(chance() % n);
}

static bool one_in(unsigned n)
{
    return below(n) == 0;
}

/* ---- the oracle: money as a row of single fen ------------------------------------------------ */

struct purse {
    bool is_awake;
    bool has_place;
    int count;
    uint8_t fen[PURSE]; /* whose each one is, oldest first */
};

struct oracle {
    struct purse purses[WORLD_ACCOUNTS];
    int places;
    int stolen[CLAIMS];
    int exited[CLAIMS];
    int unknown[CLAIMS];
    int carried[WORLD_EVENTS][CLAIMS];
};

struct setup {
    struct world world;
    struct case_settings settings;
    unsigned claims[CLAIMS]; /* numbers of events */
    unsigned claim_count;    /* so many were made */
};

static void oracle_add(struct purse *p, uint8_t owner, int64_t n)
{
    assert_true(p->count + n <= PURSE);
    for (int64_t i = 0; i < n; i++)
        p->fen[p->count++] = owner;
}

static void oracle_remove(struct purse *p, int at)
{
    for (int i = at; i + 1 < p->count; i++)
        p->fen[i] = p->fen[i + 1];
    p->count--;
}

static int oracle_of(const struct purse *p, int owner)
{
    int n = 0;
    for (int i = 0; i < p->count; i++)
        n += p->fen[i] == owner;
    return n;
}

static void oracle_take_owner(struct purse *p, int owner, int n, int *taken)
{
    for (int i = 0; n > 0; i++) {
        assert_true(i < p->count);
        if (p->fen[i] != owner)
            continue;
        oracle_remove(p, i--);
        taken[owner]++;
        n--;
    }
}

/* By shares among owners 0..last: whole parts, then one fen at a time to the largest remainder. */
static void oracle_take_shares(struct purse *p, int last, int n, int *taken)
{
    int held[CLAIMS + 1];
    int part[CLAIMS + 1];
    bool is_given[CLAIMS + 1] = {false};
    int whole = 0;
    int left = n;
    for (int o = 0; o <= last; o++)
        whole += held[o] = oracle_of(p, o);
    for (int o = 0; o <= last; o++)
        left -= part[o] = n * held[o] / whole;
    for (; left > 0; left--) {
        int best = -1;
        for (int o = 0; o <= last; o++)
            if (!is_given[o] && (best < 0 || n * held[o] % whole > n * held[best] % whole))
                best = o;
        is_given[best] = true;
        part[best]++;
    }
    for (int o = 0; o <= last; o++)
        oracle_take_owner(p, o, part[o], taken);
}

static void oracle_take(enum trail_method m, struct purse *p, int64_t wanted, int *taken)
{
    int n = wanted < p->count ? (int)wanted : p->count;
    int stolen = p->count - oracle_of(p, HONEST);
    if (n == 0)
        return;
    if (m == METHOD_HAIRCUT) {
        oracle_take_shares(p, HONEST, n, taken);
        return;
    }
    if (m == METHOD_POISON && stolen > 0) {
        oracle_take_shares(p, HONEST - 1, n < stolen ? n : stolen, taken);
        n -= n < stolen ? n : stolen;
    }
    for (; n > 0; n--) {
        int at = m == METHOD_LIFO ? p->count - 1 : 0;
        taken[p->fen[at]]++;
        oracle_remove(p, at);
    }
}

static void oracle_take_honest(enum trail_method m, struct purse *p, int64_t *n)
{
    for (int k = 0; k<p->count && * n> 0;) {
        int at = m == METHOD_LIFO ? p->count - 1 - k : k;
        if (p->fen[at] != HONEST) {
            k++;
            continue;
        }
        oracle_remove(p, at);
        --*n;
    }
}

static bool oracle_counts(const struct setup *s, const struct trail_event *e)
{
    return row_status(&e->row) == TRANSFER_BOOKED && e->row.from != e->row.to &&
           row_currency(&e->row) == s->settings.currency &&
           row_time_ms(&e->row) <= s->settings.as_of_ms;
}

static int claim_of(const struct setup *s, unsigned event)
{
    for (unsigned i = 0; i < s->claim_count; i++)
        if (s->claims[i] == event)
            return (int)i;
    return -1;
}

static bool oracle_is_busy(const struct setup *s, uint32_t account)
{
    const struct case_settings *said = &s->settings;
    uint64_t partners = 0; /* a bit each */
    unsigned count = 0;
    for (unsigned i = 0; i < s->world.count; i++) {
        const struct trail_row *row = &s->world.events[i].row;
        if (!s->world.is_known[i] || (row->from != account && row->to != account))
            continue;
        unsigned status = row_status(row);
        bool is_live = status == TRANSFER_PENDING || status == TRANSFER_BOOKED;
        count += is_live && row_time_ms(row) >= said->first_ms;
        if (status == TRANSFER_BOOKED && row->from != row->to &&
            row_currency(row) == said->currency && row_amount(row) >= said->partner_minor)
            partners |= UINT64_C(1) << row->from | UINT64_C(1) << row->to;
    }
    partners &= ~(UINT64_C(1) << account);
    return count > said->most_transfers ||
           (unsigned)__builtin_popcountll(partners) > said->most_partners;
}

static void oracle_pay(const struct setup *s, struct oracle *o, const struct trail_event *e)
{
    struct purse *p = &o->purses[e->row.from];
    enum trail_method m = s->settings.method;
    bool has_balance = (e->row.when & ROW_HAS_BALANCE) != 0;
    int64_t amount = row_amount(&e->row);
    int64_t left = amount;
    int lost[CLAIMS + 1] = {0};
    int carried[CLAIMS + 1] = {0};
    if (!p->is_awake || oracle_is_busy(s, e->row.from))
        return;
    if (has_balance && e->balance_minor + amount > p->count)
        oracle_add(p, HONEST, e->balance_minor + amount - p->count);
    if (claim_of(s, e->number) >= 0) {
        oracle_take_honest(m, p, &left);
        oracle_take(m, p, left, lost);
    } else {
        oracle_take(m, p, amount, carried);
        for (int c = 0; c < CLAIMS; c++)
            o->carried[e->number][c] = carried[c];
    }
    int64_t balance = e->balance_minor < 0 ? 0 : e->balance_minor;
    if (has_balance && p->count > balance)
        oracle_take(m, p, p->count - balance, lost);
    for (int c = 0; c < CLAIMS; c++)
        o->unknown[c] += lost[c];
}

static bool oracle_place(const struct setup *s, struct oracle *o, uint32_t account)
{
    struct purse *p = &o->purses[account];
    if (!p->has_place && o->places < (int)s->settings.most_accounts) {
        p->has_place = true;
        o->places++;
    }
    return p->has_place;
}

static void oracle_receive(const struct setup *s, struct oracle *o, const struct trail_event *e)
{
    const int *carried = o->carried[e->number];
    struct purse *p = &o->purses[e->row.to];
    int64_t honest = row_amount(&e->row);
    int stolen = 0;
    for (int c = 0; c < CLAIMS; c++)
        stolen += carried[c];
    bool is_exit = row_exit(&e->row) != EXIT_NONE;
    for (int c = 0; c < CLAIMS && is_exit; c++)
        o->exited[c] += carried[c];
    if (is_exit || (stolen == 0 && !p->is_awake))
        return;
    if (stolen > 0 && !oracle_place(s, o, e->row.to)) {
        for (int c = 0; c < CLAIMS; c++)
            o->unknown[c] += carried[c];
        return;
    }
    int64_t opening = 0;
    bool is_busy = oracle_is_busy(s, e->row.to);
    if (!p->is_awake && !is_busy) {
        union {
            const struct world *in;
            void *out;
        } world = {.in = &s->world};
        p->is_awake = true;
        if (world_opening(world.out, e->row.to, e, &opening) && opening > 0)
            oracle_add(p, HONEST, opening);
    }
    for (int c = 0; c < CLAIMS; c++)
        oracle_add(p, (uint8_t)c, carried[c]);
    p->is_awake = true;
    oracle_add(p, HONEST, is_busy ? 0 : honest - stolen);
}

static void oracle_run(const struct setup *s, struct oracle *o)
{
    const struct trail_event *order[WORLD_EVENTS];
    unsigned count = 0;
    memset(o, 0, sizeof *o);
    for (unsigned i = 0; i < s->world.count; i++) {
        if (!s->world.is_known[i] || !oracle_counts(s, &s->world.events[i]))
            continue;
        unsigned at = count++;
        for (; at > 0 && world_before(&s->world.events[i], order[at - 1]); at--)
            order[at] = order[at - 1];
        order[at] = &s->world.events[i];
    }
    for (unsigned c = 0; c < s->claim_count; c++) {
        const struct trail_event *e = &s->world.events[s->claims[c]];
        if (!oracle_counts(s, e))
            continue;
        o->stolen[c] = o->carried[e->number][c] = (int)row_amount(&e->row);
        if (row_exit(&e->row) == EXIT_NONE && o->stolen[c] > 0)
            oracle_place(s, o, e->row.to);
    }
    for (unsigned i = 0; i < count; i++) {
        oracle_pay(s, o, order[i]);
        oracle_receive(s, o, order[i]);
    }
}

/* ---- what a case says, beside it ------------------------------------------------------------- */

static bool is_same_account(const struct trail_case *c, const struct purse *p, uint32_t account)
{
    uint32_t index = case_account_find(c, account);
    int64_t held[CLAIMS + 1] = {0};
    if (index != NONE) {
        const struct lots *l = &c->accounts[index]->stand.lots;
        for (uint32_t i = l->head; i < l->end; i++)
            held[l->at[i].owner == LOT_HONEST ? HONEST : l->at[i].owner] += l->at[i].minor;
    }
    for (int o = 0; o <= HONEST; o++)
        if (held[o] != oracle_of(p, o))
            return false;
    return true;
}

static bool is_same_event(const struct trail_case *c, const int *carried, unsigned number)
{
    int64_t held[CLAIMS] = {0};
    uint32_t e = case_event_find(c, number);
    if (e != NONE) {
        const struct portions *p = &case_event(c, e)->carried;
        for (uint32_t i = 0; i < p->count; i++)
            held[portion_at(p, i).owner] += portion_at(p, i).minor;
    }
    for (int i = 0; i < CLAIMS; i++)
        if (held[i] != carried[i])
            return false;
    return true;
}

static const char *difference(const struct setup *s, const struct trail_case *c)
{
    static struct oracle o;
    oracle_run(s, &o);
    for (unsigned i = 0; i < s->claim_count; i++) {
        struct case_sum sum = case_claim_sum(c, i);
        if (sum.stolen != o.stolen[i] || sum.exited != o.exited[i] || sum.unknown != o.unknown[i])
            return "sums";
    }
    for (uint32_t a = 0; a < WORLD_ACCOUNTS; a++)
        if (!is_same_account(c, &o.purses[a], a))
            return "account";
    for (unsigned e = 0; e < s->world.count; e++)
        if (!is_same_event(c, o.carried[e], e))
            return "event";
    return NULL;
}

/* The report adds up: each node's money, the edges', the exits', and the bounds hold the answer. */
static const char *report_difference(const struct setup *s, struct trail_case *c)
{
    struct arena arena;
    struct case_report r;
    static int64_t on[WORLD_ACCOUNTS];
    struct case_sum sum = {0};
    arena_init(&arena, 1 << 24);
    memset(on, 0, sizeof on);
    assert_false(failed(case_report(c, &arena, &r)));
    for (uint32_t i = 0; i < r.edge_count; i++) {
        const struct case_edge *e = &r.edges[i];
        const struct trail_event *of = &s->world.events[e->transfer];
        if (e->attributed != case_attributed(c, e->transfer) || e->amount != row_amount(&of->row) ||
            (i > 0 && !world_before(&s->world.events[r.edges[i - 1].transfer], of)))
            return "edge";
        if (!e->is_source && e->exit == EXIT_NONE && !e->is_beyond)
            on[e->from] += e->attributed;
    }
    for (uint32_t i = 0; i < r.exit_count; i++)
        sum.exited += r.exits[i].amount;
    for (uint32_t i = 0; i < r.node_count; i++) {
        const struct case_node *n = &r.nodes[i];
        sum.present += n->present;
        if (n->attributed != n->present + n->exited + n->unknown + on[n->account] || n->layer == 0)
            return "node";
    }
    for (uint32_t i = 0; i < r.ambiguity_count; i++) {
        const struct case_ambiguity *a = &r.ambiguities[i];
        int64_t present = case_present(c, a->account);
        if (a->present.low > present || a->present.high < present || a->transfer_count < 2 ||
            a->total_exited.low > r.total.exited || a->total_exited.high < r.total.exited)
            return "ambiguity";
    }
    arena_done(&arena);
    return sum.present == r.total.present && sum.exited == r.total.exited ? NULL : "totals";
}

/* When stolen money last went on from each account, by the report. */
static void leavings(const struct case_report *r, int64_t left_ms[WORLD_ACCOUNTS])
{
    memset(left_ms, 0, WORLD_ACCOUNTS * sizeof *left_ms);
    for (uint32_t i = 0; i < r->edge_count; i++) {
        const struct case_edge *e = &r->edges[i];
        if (!e->is_source && e->attributed > 0 && e->time_ms > left_ms[e->from])
            left_ms[e->from] = e->time_ms;
    }
}

static bool is_same_node(const struct case_node *a, const struct case_node *b)
{
    return a->account == b->account && a->layer == b->layer && a->received == b->received &&
           a->attributed == b->attributed && a->present == b->present && a->exited == b->exited &&
           a->unknown == b->unknown && a->first_ms == b->first_ms && a->last_ms == b->last_ms;
}

/* What is kept of the nodes is what the report says of them; who is not said to have changed has
 * not. */
static const char *kept_difference(struct trail_case *c, struct case_nodes *kept,
                                   struct arena *arena)
{
    static int64_t left_ms[WORLD_ACCOUNTS];
    static struct case_kept before[WORLD_ACCOUNTS];
    struct arena turn;
    struct case_report r;
    uint32_t known = kept->count;
    uint32_t nodes = 0;
    for (uint32_t i = 0; i < known; i++)
        before[i] = kept->at[i];
    arena_init(&turn, 1 << 24);
    assert_false(failed(case_nodes_look(kept, c, arena)));
    assert_false(failed(case_report(c, &turn, &r)));
    leavings(&r, left_ms);
    for (uint32_t i = 0; i < kept->count; i++)
        nodes += kept->at[i].node.layer != 0;
    bool is_same = nodes == r.node_count && kept->count == case_account_count(c);
    for (uint32_t i = 0; is_same && i < r.node_count; i++) {
        const struct case_node *n = &r.nodes[i];
        const struct case_kept *k = &kept->at[case_account_number(c, n->account)];
        is_same = is_same_node(&k->node, n) && k->left_ms == left_ms[n->account];
    }
    bool is_said[WORLD_ACCOUNTS] = {false};
    for (uint32_t i = 0; i < kept->changed_count; i++)
        is_said[kept->changed[i]] = true;
    for (uint32_t i = 0; is_same && !kept->is_anew && i < kept->count; i++)
        is_same =
            is_said[i] || (i < known && memcmp(&before[i], &kept->at[i], sizeof before[i]) == 0);
    arena_done(&turn);
    return is_same ? NULL : "kept";
}

/* ---- worlds ---------------------------------------------------------------------------------- */

static void event_draw(struct setup *s, unsigned number, unsigned accounts)
{
    struct world *w = &s->world;
    struct trail_event *e = &w->events[number];
    int64_t ms = one_in(2) ? below(8) * 1000 : below(8000);
    unsigned flags = TRANSFER_PENDING;
    if (one_in(8))
        flags |= (1 + below(4)) << ROW_EXIT_SHIFT;
    if (one_in(2))
        flags |= ROW_HAS_SEQ;
    if (one_in(5))
        flags |= ROW_HAS_BALANCE;
    if (one_in(25))
        flags |= 1U << ROW_CURRENCY_SHIFT;
    snprintf(w->ids[number], sizeof w->ids[number], "%u", below(60));
    *e = (struct trail_event){
        .number = number,
        .bank = below(3),
        .row = {.from = below(accounts),
                .to = below(accounts),
                .when = row_when(1000000 + ms, flags),
                .what = below(40)},
        .seq = (int64_t)below(5) - 2,
        .balance_minor = (int64_t)below(60) - 5,
        .id = str_from_c(w->ids[number]),
    };
}

static void world_draw(struct setup *s)
{
    unsigned accounts = 2 + below(8);
    *s = (struct setup){
        .settings = {.method = below(METHOD_COUNT),
                     .most_accounts = one_in(4) ? 1 + below(4) : 100,
                     .as_of_ms = one_in(8) ? 1004000 : 9000000}
    };
    s->world.count = 4 + below(one_in(10) ? WORLD_EVENTS - 4 : 40);
    for (unsigned i = 0; i < s->world.count; i++)
        event_draw(s, i, accounts);
    s->world.is_lean = below(2) == 1;
    for (unsigned a = 0; a < accounts; a++) {
        s->world.opening_kind[a] = below(3);
        s->world.opening[a] = (int64_t)below(50) - 5;
    }
}

/* A transfer arrives, is sent again, or goes on in its life. */
static void deliver(struct setup *s, struct trail_case *c)
{
    struct world *w = &s->world;
    unsigned i = below(w->count);
    struct trail_event *e = &w->events[i];
    struct trail_event said = *e;
    unsigned status = one_in(3) ? below(TRANSFER_STATUS_COUNT) : TRANSFER_BOOKED;
    if (!one_in(12) && status > TRANSFER_BOOKED)
        status = TRANSFER_BOOKED;
    world_status(&said, status);
    unsigned stands = w->is_known[i] ? transfer_further(row_status(&e->row), status) : status;
    world_status(e, stands);
    w->is_known[i] = true;
    assert_false(failed(case_put(c, &said)));
}

static void claim_draw(struct setup *s, struct trail_case *c)
{
    unsigned number = below(s->world.count);
    uint32_t claim = 0;
    if (s->claim_count == CLAIMS)
        return;
    bool is_again = claim_of(s, number) >= 0;
    if (!s->world.is_known[number])
        world_status(&s->world.events[number], TRANSFER_BOOKED);
    s->world.is_known[number] = true;
    err e = case_claim(c, &s->world.events[number], &claim);
    assert_int_equal(e.code, is_again ? ERR_CONFLICT : ERR_NONE);
    if (is_again)
        return;
    assert_int_equal(claim, s->claim_count);
    s->claims[s->claim_count++] = number;
}

static unsigned world_run(uint64_t seed)
{
    static struct setup s;
    struct arena arena;
    struct case_nodes kept = {0};
    arena_init(&arena, 1 << 20);
    chance_state = seed;
    world_draw(&s);
    s.settings.most_transfers = seed % 3 == 0 ? 1 + (uint32_t)(seed / 3 % 20) : WORLD_EVENTS;
    s.settings.most_partners = seed % 4 == 0 ? 1 + (uint32_t)(seed / 4 % 6) : WORLD_ACCOUNTS;
    s.settings.partner_minor = (int64_t)(seed % 5) * 10;
    struct case_port port = world_port(&s.world);
    struct trail_case *c = case_make(&arena, &s.settings, &port);
    if (!one_in(4))
        c->check_apart = 1 + below(4);
    unsigned operations = s.world.count * (1 + below(4));
    for (unsigned i = 0; i < operations; i++) {
        if (one_in(12) || i == operations / 2)
            claim_draw(&s, c);
        deliver(&s, c);
        if (!one_in(3) && i + 1 < operations)
            continue;
        assert_false(failed(case_settle(c)));
        const char *what = difference(&s, c);
        if (what == NULL && one_in(4))
            what = report_difference(&s, c);
        if (what == NULL && one_in(2))
            what = kept_difference(c, &kept, &arena);
        if (what != NULL)
            fail_msg("seed %llu, operation %u, %.*s: %s", (unsigned long long)seed, i,
                     STR_ARGS(method_name(s.settings.method)), what);
    }
    case_done(c);
    arena_done(&arena);
    return operations;
}

static uint64_t number_from(const char *name, uint64_t usual)
{
    const char *said = getenv(name);
    return said == NULL ? usual : strtoull(said, NULL, 10);
}

static void worlds_agree_with_the_oracle(void **state)
{
    (void)state;
    uint64_t wanted = number_from("YUMEN_TRAIL_OPERATIONS", USUAL_OPERATIONS);
    uint64_t seed = number_from("YUMEN_TRAIL_SEED", 1);
    uint64_t step = wanted <= USUAL_OPERATIONS ? wanted : wanted / 100;
    uint64_t done = 0;
    uint64_t worlds = 0;
    for (uint64_t next = step; done < wanted; next += step) {
        for (; done < next && done < wanted; worlds++)
            done += world_run(seed + worlds);
        print_message("%llu worlds, %llu operations; the next seed is %llu\n",
                      (unsigned long long)worlds, (unsigned long long)done,
                      (unsigned long long)(seed + worlds));
        (void)fflush(stdout);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(worlds_agree_with_the_oracle),
    };
    return cmocka_run_group_tests_name("trail/case_oracle", tests, NULL, NULL);
}
