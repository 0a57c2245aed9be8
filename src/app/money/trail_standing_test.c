/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a case that is told only what is new says what a case made from nothing says, and the race
 * that stays ranks and learns as one that is put all accounts each time; what is wholly held is not
 * seen to leave.
 * Method: random worlds of few accounts, in a store with small tails that are sealed and merged
 * meanwhile. Transfers come late, from the future, and with further statuses; walls rise and fall,
 * victims join, the clock goes back; orders go out, end, and are answered; banks say what they know
 * of accounts. After each step nodes, ranks and what was learnt are compared.
 */
#include "app/money/race_live.h"

#include "env/file.h"
#include "env/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { ACCOUNTS = 9, MOST = 600, STEPS = 90, WORLDS = 40, TAIL_ROWS = 64, MINUTE = 60000 };
enum { KEY_BYTES = 24, ARENA_BYTES = 64 << 20, ORDERS = 12 };
#define BEGAN (INT64_C(1790000000000))

struct bed {
    struct random_source random;
    struct arena arena; /* a world's */
    struct arena turn;  /* a step's */
    struct arena past;  /* the last ranking's accounts */
    char folder[64];
    struct runs *runs;
    struct runs_reader *reader;
    struct trail_standing standing;
    struct race_live live;
    struct race_rank rank; /* the live one's */
    struct hazard *hazard; /* the other's, */
    struct race_accounts before;
    struct order orders[ORDERS];
    size_t order_count;
    struct transfer sent[MOST];
    char ids[MOST][KEY_BYTES];
    uint32_t count;
    str starts[3];
    size_t start_count;
    struct trail_wall walls[ACCOUNTS];
    size_t wall_count;
    int64_t now_ms;
    uint32_t most_partners; /* 0: as usual, nobody is busy */
    uint32_t most_transfers;
    uint64_t made; /* from nothing */
};

static const char *const keys[ACCOUNTS] = {"BKA:1000001", "BKA:1000002", "BKA:1000003",
                                           "BKB:2000001", "BKB:2000002", "BKB:2000003",
                                           "BKC:3000001", "BKC:3000002", "BKC:3000003"};
static const char *const codes[] = {"BKA", "BKB", "BKC"};
static struct provider banks[3];

static uint32_t draw(struct bed *b, uint32_t below)
{
    return (uint32_t)random_below(&b->random, below);
}

static void begin(struct bed *b, uint64_t seed)
{
    *b = (struct bed){.folder = "/tmp/yumen-standing-XXXXXX", .now_ms = BEGAN};
    random_init_seeded(&b->random, seed);
    arena_init(&b->arena, ARENA_BYTES);
    arena_init(&b->turn, ARENA_BYTES);
    arena_init(&b->past, ARENA_BYTES);
    assert_non_null(mkdtemp(b->folder));
    struct runs_options options = {.folder = b->folder, .tail_rows = TAIL_ROWS};
    assert_false(failed(runs_open(&options, &b->runs)));
    assert_false(failed(runs_reader_make(b->runs, &b->reader)));
    assert_false(failed(hazard_make(&b->arena, &b->hazard)));
    assert_false(failed(race_rank_open(&b->rank)));
    trail_standing_init(&b->standing, b->runs, b->reader);
    race_live_init(&b->live, &b->standing);
}

static void end(struct bed *b)
{
    struct file_names names = {0};
    race_live_done(&b->live);
    trail_standing_done(&b->standing);
    race_rank_close(&b->rank);
    runs_reader_done(b->reader);
    runs_close(b->runs);
    assert_false(failed(file_list(b->folder, &b->arena, &names)));
    for (size_t i = 0; i < names.count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%.*s", b->folder, STR_ARGS(names.at[i]));
        assert_false(failed(file_drop(path)));
    }
    assert_int_equal(rmdir(b->folder), 0);
    arena_done(&b->past);
    arena_done(&b->turn);
    arena_done(&b->arena);
}

static void take(struct bed *b, const struct transfer *t)
{
    uint8_t fate = 0;
    struct runs_batch batch = {.rows = t, .count = 1, .scope = 1, .ret_fates = &fate};
    assert_false(failed(runs_take(b->runs, &batch)));
}

static struct transfer *pay(struct bed *b, uint32_t from, uint32_t to, int64_t amount)
{
    assert_true(b->count < MOST);
    struct transfer *t = &b->sent[b->count];
    snprintf(b->ids[b->count], KEY_BYTES, "t%u", b->count);
    *t = (struct transfer){.id = str_from_c(b->ids[b->count]),
                           .time_ms = b->now_ms,
                           .from = str_from_c(keys[from]),
                           .to = str_from_c(keys[to]),
                           .amount_minor = amount,
                           .currency = "CNY",
                           .status = TRANSFER_BOOKED,
                           .exit = EXIT_NONE,
                           .from_bank = str_from_c(codes[from / 3]),
                           .to_bank = str_from_c(codes[to / 3])};
    b->count++;
    return t;
}

/* Mostly now, some late, some by a clock that is ahead. */
static void send_one(struct bed *b)
{
    struct transfer *t =
        pay(b, draw(b, ACCOUNTS), draw(b, ACCOUNTS), 1 + (int64_t)draw(b, 100) * 1000);
    uint32_t kind = draw(b, 10);
    t->time_ms += kind == 0   ? -(int64_t)draw(b, 90) * MINUTE
                  : kind == 1 ? (int64_t)draw(b, 20) * MINUTE
                              : -(int64_t)draw(b, 30) * 1000;
    t->status = draw(b, 6) == 0 ? TRANSFER_PENDING : TRANSFER_BOOKED;
    t->exit = draw(b, 8) == 0 ? EXIT_ATM : EXIT_NONE;
    t->has_balance = draw(b, 5) == 0;
    t->balance_minor = t->has_balance ? draw(b, 300000) : 0;
    if (draw(b, 3) == 0) /* who paid did not say at which bank, or said it wrongly */
        t->to_bank = draw(b, 2) == 0 ? STR("") : STR("BKB");
    take(b, t);
}

/* A bank says whose the account is, and at times that it is another's. */
static void tell_one(struct bed *b)
{
    uint32_t account = draw(b, ACCOUNTS);
    const struct account_facts facts = {.account = str_from_c(keys[account]),
                                        .bank = draw(b, 2) == 0 ? STR("") : STR("BKC"),
                                        .holder_kind =
                                            draw(b, 2) == 0 ? STR("person") : STR("company")};
    assert_false(failed(runs_take_account(b->runs, &facts)));
}

/* A new one, or what became of one. */
static void order_one(struct bed *b)
{
    static const uint8_t states[] = {ORDER_DRAFTED, ORDER_SENT,    ORDER_EXECUTED,
                                     ORDER_PARTIAL, ORDER_REFUSED, ORDER_LIFTED};
    bool is_new = b->order_count < ORDERS && draw(b, 2) == 0;
    if (!is_new && b->order_count == 0)
        return;
    struct order *o = &b->orders[is_new ? b->order_count++ : draw(b, (uint32_t)b->order_count)];
    *o = (struct order){.kind = draw(b, 4) == 0 ? ORDER_STOP : ORDER_HOLD,
                        .state = states[draw(b, COUNT_OF(states))],
                        .target_kind = INDICATOR_ACCOUNT,
                        .target = str_from_c(keys[draw(b, ACCOUNTS)]),
                        .amount = 1 + (int64_t)draw(b, 100) * 1000,
                        .asked = draw(b, 2) == 0 ? ASK_PLACE : ASK_NOTHING,
                        .ask = draw(b, 2),
                        .balance = draw(b, 2) == 0 ? -1 : (int64_t)draw(b, 200000),
                        .said_at = {.us = (b->now_ms - (int64_t)draw(b, 9) * MINUTE) * US_PER_MS}};
    o->ended_at = o->said_at;
    o->held = o->state == ORDER_PARTIAL ? o->amount / 2 : o->amount;
}

static void amend_one(struct bed *b)
{
    struct transfer *t = &b->sent[draw(b, b->count)];
    t->status = draw(b, 3) == 0 ? TRANSFER_REVERSED : TRANSFER_BOOKED;
    take(b, t);
}

static void report_one(struct bed *b)
{
    const struct transfer *t = &b->sent[draw(b, b->count)];
    if (b->start_count < COUNT_OF(b->starts) && t->time_ms <= b->now_ms &&
        !str_equal(t->from, t->to))
        b->starts[b->start_count++] = t->id;
}

/* Each account has one or not, anywhere; in the order of accounts. */
static void build_walls(struct bed *b)
{
    b->wall_count = 0;
    for (uint32_t account = 0; account < ACCOUNTS; account++)
        if (draw(b, 3) == 0)
            b->walls[b->wall_count++] = (struct trail_wall){
                account, b->now_ms - (int64_t)draw(b, 30) * MINUTE + 10 * (int64_t)MINUTE};
}

static struct trail_question question(const struct bed *b)
{
    return (struct trail_question){.method = METHOD_LIFO,
                                   .as_of_ms = b->now_ms,
                                   .starts = b->starts,
                                   .start_count = b->start_count,
                                   .walls = b->walls,
                                   .wall_count = b->wall_count,
                                   .most_partners = b->most_partners,
                                   .most_transfers = b->most_transfers};
}

static int compare_nodes(const void *x, const void *y)
{
    const struct trail_node *a = x;
    const struct trail_node *b = y;
    return (a->account > b->account) - (a->account < b->account);
}

/* Those that money came to, by account. */
static size_t list_nodes(struct bed *b, const struct trail_doc *doc, struct trail_node **ret)
{
    size_t count = 0;
    *ret = arena_make_array(&b->turn, doc->node_count + 1, sizeof **ret);
    assert_non_null(*ret);
    for (size_t i = 0; i < doc->node_count; i++)
        if (doc->nodes[i].attributed > 0)
            (*ret)[count++] = doc->nodes[i];
    qsort(*ret, count, sizeof **ret, compare_nodes);
    return count;
}

static void same_nodes(struct bed *bed, const struct trail_doc *x, const struct trail_doc *y)
{
    struct trail_node *these = NULL;
    struct trail_node *others = NULL;
    size_t count = list_nodes(bed, x, &these);
    assert_int_equal(list_nodes(bed, y, &others), count);
    for (size_t i = 0; i < count; i++) {
        const struct trail_node *a = &these[i];
        const struct trail_node *b = &others[i];
        assert_int_equal(a->account, b->account);
        assert_int_equal(a->layer, b->layer);
        assert_int_equal(a->received, b->received);
        assert_int_equal(a->attributed, b->attributed);
        assert_int_equal(a->present, b->present);
        assert_int_equal(a->exited, b->exited);
        assert_int_equal(a->unknown, b->unknown);
        assert_int_equal(a->first_ms, b->first_ms);
        assert_int_equal(a->last_ms, b->last_ms);
        assert_int_equal(a->is_company, b->is_company);
        assert_true(str_equal(a->key, b->key) && str_equal(a->bank, b->bank));
    }
}

static void same_documents(struct bed *b, const struct trail_doc *x, const struct trail_doc *y)
{
    assert_int_equal(x->stolen, y->stolen);
    assert_int_equal(x->present, y->present);
    assert_int_equal(x->exited, y->exited);
    assert_int_equal(x->unknown, y->unknown);
    assert_int_equal(x->source_count, y->source_count);
    for (size_t i = 0; i < x->source_count; i++) {
        assert_int_equal(x->sources[i].ordinal, y->sources[i].ordinal);
        assert_int_equal(x->sources[i].transfer.status, y->sources[i].transfer.status);
    }
    same_nodes(b, x, y);
}

static struct race_scene scene(struct bed *b, const struct trail_doc *doc)
{
    static const struct providers providers = {.at = banks, .count = COUNT_OF(banks)};
    return (struct race_scene){.providers = &providers,
                               .doc = doc,
                               .orders = b->orders,
                               .order_count = b->order_count,
                               .now = {.us = b->now_ms * US_PER_MS},
                               .arena = &b->turn};
}

/* All accounts as they were, and as they are, to a race that begins with them. */
static struct race_plan rank_anew(struct bed *b, const struct trail_doc *doc, int64_t budget)
{
    struct race_scene s = scene(b, doc);
    struct race_accounts accounts;
    struct race_plan plan;
    s.before = &b->before;
    assert_false(failed(race_scene_accounts(&s, &accounts)));
    assert_false(failed(race_scene_rank(&s, b->hazard, budget, &accounts, &plan)));
    arena_reset(&b->past);
    b->before = (struct race_accounts){
        .at = arena_make_array(&b->past, accounts.count + 1, sizeof *b->before.at)};
    for (; b->before.count < accounts.count; b->before.count++)
        b->before.at[b->before.count] = accounts.at[b->before.count];
    return plan;
}

static void same_ranks(struct bed *b, const struct trail_doc *x, const struct trail_doc *y)
{
    int64_t budget = draw(b, 3) == 0 ? (int64_t)draw(b, 300000) : INT64_MAX;
    struct race_scene s = scene(b, y);
    struct race_plan c;
    s.before = &b->before;
    assert_false(failed(race_live_rank(&b->live, &s, &b->rank, budget, &c)));
    struct race_plan a = rank_anew(b, x, budget);
    assert_int_equal(a.count, c.count);
    assert_int_equal(a.asks, c.asks);
    assert_int_equal(a.expected, c.expected);
    if (a.count > 0)
        assert_memory_equal(a.picks, c.picks, a.count * sizeof *a.picks);
    str learnt = hazard_saved(b->hazard);
    assert_true(str_equal(learnt, hazard_saved(b->rank.hazard)));
}

static void forget_ranks(struct bed *b)
{
    race_live_forget(&b->live);
    b->before = (struct race_accounts){0};
}

/* The case makes room for another's, and comes again: its accounts were written down. */
static void make_room_for_another(struct bed *b)
{
    b->made += b->standing.made;
    race_live_done(&b->live);
    trail_standing_done(&b->standing);
    trail_standing_init(&b->standing, b->runs, b->reader);
    race_live_init(&b->live, &b->standing);
}

static void compare(struct bed *b)
{
    struct trail_question q = question(b);
    struct trail_doc from_nothing;
    struct trail_doc followed;
    str start = {0};
    if (q.start_count == 0)
        return;
    if (draw(b, 60) == 0)
        make_room_for_another(b);
    arena_reset(&b->turn);
    err one = trail_doc_make(b->runs, &q, &b->turn, &from_nothing, &start);
    err other = trail_standing_follow(&b->standing, &q, &b->turn, &followed, &start);
    assert_int_equal(one.code, other.code);
    if (failed(one)) {
        forget_ranks(b);
        return;
    }
    same_documents(b, &from_nothing, &followed);
    if (draw(b, 4) != 0) /* at times it is followed twice before anybody ranks */
        same_ranks(b, &from_nothing, &followed);
}

static void step(struct bed *b)
{
    uint32_t rows = draw(b, 4);
    for (uint32_t i = 0; i < rows; i++)
        send_one(b);
    if (draw(b, 5) == 0 && b->count > 0)
        amend_one(b);
    if ((b->start_count == 0 || draw(b, 30) == 0) && b->count > 0)
        report_one(b);
    if (draw(b, 12) == 0)
        build_walls(b);
    if (draw(b, 4) == 0)
        order_one(b);
    if (draw(b, 20) == 0)
        tell_one(b);
    if (draw(b, 8) == 0)
        assert_false(failed(runs_tend(b->runs, b->now_ms)));
    assert_false(failed(runs_sync(b->runs)));
    b->now_ms += draw(b, 40) == 0 ? -(int64_t)MINUTE : (int64_t)draw(b, 3 * MINUTE);
}

static void what_is_new_is_enough(void **state)
{
    (void)state;
    static struct bed b;
    uint64_t made = 0;
    for (size_t i = 0; i < COUNT_OF(banks); i++)
        banks[i] = (struct provider){.id = str_from_c(codes[i]),
                                     .can = 1U << ORDER_HOLD | 1U << ORDER_STOP};
    for (uint64_t world = 1; world <= WORLDS; world++) {
        begin(&b, world);
        b.most_partners = world % 4 == 1 ? 6 : 0;
        b.most_transfers = world % 4 == 2 ? 30 : 0;
        for (unsigned i = 0; i < STEPS; i++) {
            step(&b);
            compare(&b);
        }
        made += b.made + b.standing.made;
        end(&b);
    }
    print_message("made from nothing %u times in %u looks\n", (unsigned)made, WORLDS * STEPS);
    assert_true(made < WORLDS * STEPS / 3);
}

static const struct trail_node *node_of(const struct trail_doc *doc, const char *key)
{
    for (size_t i = 0; i < doc->node_count; i++)
        if (doc->nodes[i].attributed > 0 && str_equal(doc->nodes[i].key, str_from_c(key)))
            return &doc->nodes[i];
    return NULL;
}

/* The mule's own wages go on after the stolen money was held: the grocer has none of it. */
static void what_is_held_does_not_leave(void **state)
{
    (void)state;
    static struct bed b;
    struct trail_doc doc;
    str start = {0};
    begin(&b, 1);
    b.starts[0] = pay(&b, 0, 3, 100000)->id;
    b.start_count = 1;
    take(&b, &b.sent[0]);
    b.now_ms += 10 * MINUTE;
    int64_t held_ms = b.now_ms;
    b.now_ms += MINUTE;
    take(&b, pay(&b, 3, 6, 40000));
    assert_false(failed(runs_sync(b.runs)));
    struct trail_question q = question(&b);
    assert_false(failed(trail_standing_follow(&b.standing, &q, &b.turn, &doc, &start)));
    assert_int_equal(node_of(&doc, keys[3])->present, 60000);
    assert_int_equal(node_of(&doc, keys[6])->present, 40000);
    const struct trail_wall wall = {node_of(&doc, keys[3])->account, held_ms};
    q.walls = &wall;
    q.wall_count = 1;
    assert_false(failed(trail_standing_follow(&b.standing, &q, &b.turn, &doc, &start)));
    assert_int_equal(node_of(&doc, keys[3])->present, 100000);
    assert_null(node_of(&doc, keys[6]));
    assert_int_equal(b.standing.made, 2);
    q.wall_count = 0; /* it was let go */
    assert_false(failed(trail_standing_follow(&b.standing, &q, &b.turn, &doc, &start)));
    assert_int_equal(node_of(&doc, keys[6])->present, 40000);
    end(&b);
}

/* A payment to the third partner is reversed: the account is busy no more, though nobody told the
 * case of that payment. */
static void busy_no_more(void **state)
{
    (void)state;
    static struct bed b;
    struct trail_doc doc;
    str start = {0};
    begin(&b, 1);
    b.most_partners = 2;
    b.starts[0] = pay(&b, 0, 3, 100000)->id;
    b.start_count = 1;
    take(&b, &b.sent[0]);
    b.now_ms += MINUTE;
    take(&b, pay(&b, 3, 6, 40000));
    b.now_ms += MINUTE;
    struct transfer *third = pay(&b, 3, 7, 30000);
    take(&b, third);
    assert_false(failed(runs_sync(b.runs)));
    struct trail_question q = question(&b);
    assert_false(failed(trail_standing_follow(&b.standing, &q, &b.turn, &doc, &start)));
    assert_int_equal(node_of(&doc, keys[3])->present, 100000);
    assert_null(node_of(&doc, keys[6]));
    third->status = TRANSFER_REVERSED;
    take(&b, third);
    assert_false(failed(runs_sync(b.runs)));
    assert_false(failed(trail_standing_follow(&b.standing, &q, &b.turn, &doc, &start)));
    assert_int_equal(node_of(&doc, keys[3])->present, 60000);
    assert_int_equal(node_of(&doc, keys[6])->present, 40000);
    assert_int_equal(b.standing.made, 1);
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_new_is_enough),
        cmocka_unit_test(what_is_held_does_not_leave),
        cmocka_unit_test(busy_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
