/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a case says what a person with a pencil would. Method: small stories, each computed by
 * hand; the comments carry the sums. Account 1 is a victim; 2, 3, 4 … have the money after it.
 */
#include "trail/case_report.h"
#include "trail/case_world_test.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { NOON = 43200000, SECOND = 1000 };

struct story {
    struct world world;
    struct arena arena;
    struct trail_case *c;
    struct case_report said;
};

static void begin(struct story *s, const struct case_settings *settings)
{
    *s = (struct story){0};
    arena_init(&s->arena, 1 << 24);
    struct case_port port = world_port(&s->world);
    s->c = case_make(&s->arena, settings, &port);
    assert_non_null(s->c);
}

static void begin_with(struct story *s, enum trail_method method)
{
    begin(s, &(struct case_settings){.method = method});
}

static void end(struct story *s)
{
    case_done(s->c);
    arena_done(&s->arena);
}

static void opening_is(struct story *s, uint32_t account, int64_t minor)
{
    s->world.opening_kind[account] = OPENING_FIXED;
    s->world.opening[account] = minor;
}

/* A booked transfer `ms` after noon, written down but not told yet. */
static struct trail_event *write(struct story *s, uint32_t from, uint32_t to, int64_t minor,
                                 int64_t ms)
{
    struct world *w = &s->world;
    assert_true(w->count < WORLD_EVENTS);
    unsigned n = w->count++;
    int size = snprintf(w->ids[n], sizeof w->ids[n], "t%u", n);
    w->events[n] = (struct trail_event){
        .number = n,
        .row = {.from = from,
                .to = to,
                .when = row_when(NOON + ms, TRANSFER_BOOKED),
                .what = (uint64_t)minor},
        .id = str_make(w->ids[n], (size_t)size),
    };
    return &w->events[n];
}

static void tell(struct story *s, const struct trail_event *e)
{
    s->world.is_known[e->number] = true;
    assert_false(failed(case_put(s->c, e)));
}

static unsigned move(struct story *s, uint32_t from, uint32_t to, int64_t minor, int64_t ms)
{
    const struct trail_event *e = write(s, from, to, minor, ms);
    tell(s, e);
    return e->number;
}

static unsigned leave(struct story *s, uint32_t from, unsigned exit, int64_t minor, int64_t ms)
{
    struct trail_event *e = write(s, from, 9, minor, ms);
    e->row.when |= exit << ROW_EXIT_SHIFT;
    tell(s, e);
    return e->number;
}

static unsigned move_leaving(struct story *s, uint32_t to, int64_t minor, int64_t ms,
                             int64_t balance)
{
    struct trail_event *e = write(s, 2, to, minor, ms);
    e->row.when |= ROW_HAS_BALANCE;
    e->balance_minor = balance;
    tell(s, e);
    return e->number;
}

static void status(struct story *s, unsigned number, unsigned status)
{
    world_status(&s->world.events[number], status);
    tell(s, &s->world.events[number]);
}

static void claim(struct story *s, unsigned number)
{
    uint32_t ignored = 0;
    assert_false(failed(case_claim(s->c, &s->world.events[number], &ignored)));
}

static void settle(struct story *s)
{
    assert_false(failed(case_settle(s->c)));
    assert_false(failed(case_report(s->c, &s->arena, &s->said)));
}

static void expect_sums(const struct story *s, int64_t present, int64_t exited, int64_t unknown)
{
    assert_int_equal(s->said.total.present, present);
    assert_int_equal(s->said.total.exited, exited);
    assert_int_equal(s->said.total.unknown, unknown);
    assert_int_equal(s->said.total.stolen, present + exited + unknown);
}

static bool has_doubt(const struct story *s, enum case_doubt_kind kind, uint32_t account,
                      int64_t minor)
{
    for (uint32_t i = 0; i < s->said.doubt_count; i++) {
        const struct case_doubt *d = &s->said.doubts[i];
        if (d->kind == kind && d->account == account && d->minor == minor)
            return true;
    }
    return false;
}

static const struct case_node *node(const struct story *s, uint32_t account)
{
    static const struct case_node none;
    for (uint32_t i = 0; i < s->said.node_count; i++)
        if (s->said.nodes[i].account == account)
            return &s->said.nodes[i];
    return &none;
}

/* 2 held 200 of its own, receives 1000 that were stolen, and pays 500. */
static void each_method_in_one_account(void **state)
{
    (void)state;
    static const int64_t expected[METHOD_COUNT] = {
        [METHOD_FIFO] = 300,    /* 200 of its own first */
        [METHOD_LIFO] = 500,    /* the stolen money came last */
        [METHOD_HAIRCUT] = 417, /* 500 x 1000 / 1200 = 416.67, and .67 is the larger part */
        [METHOD_POISON] = 500,
    };
    for (enum trail_method m = 0; m < METHOD_COUNT; m++) {
        struct story s;
        begin_with(&s, m);
        opening_is(&s, 2, 200);
        claim(&s, move(&s, 1, 2, 1000, 0));
        unsigned paid = move(&s, 2, 3, 500, SECOND);
        settle(&s);
        assert_int_equal(case_attributed(s.c, paid), expected[m]);
        assert_int_equal(case_present(s.c, 2), 1000 - expected[m]);
        assert_int_equal(case_present(s.c, 3), expected[m]);
        expect_sums(&s, 1000, 0, 0);
        end(&s);
    }
}

/* 1 -> 2 1000, 2 -> 3 600, 3 -> cash 250, 2 -> crypto 400: nothing is left at 2, 350 at 3. */
static void a_trail_is_told_layer_by_layer(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    opening_is(&s, 2, 0);
    opening_is(&s, 3, 0);
    claim(&s, move(&s, 1, 2, 1000, 0));
    move(&s, 2, 3, 600, 1 * SECOND);
    leave(&s, 3, EXIT_ATM, 250, 2 * SECOND);
    leave(&s, 2, EXIT_CRYPTO, 400, 3 * SECOND);
    settle(&s);
    expect_sums(&s, 350, 650, 0);
    assert_int_equal(s.said.node_count, 2);
    const struct case_node *two = &s.said.nodes[0];
    const struct case_node *three = &s.said.nodes[1];
    assert_int_equal(two->account, 2);
    assert_int_equal(two->layer, 1);
    assert_int_equal(two->attributed, 1000);
    assert_int_equal(two->present, 0);
    assert_int_equal(two->exited, 400);
    assert_int_equal(three->account, 3);
    assert_int_equal(three->layer, 2);
    assert_int_equal(three->received, 600);
    assert_int_equal(three->present, 350);
    assert_int_equal(three->exited, 250);
    assert_int_equal(three->first_ms, NOON + SECOND);
    assert_int_equal(s.said.edge_count, 4);
    assert_int_equal(s.said.edges[2].attributed, 250);
    assert_int_equal(s.said.edges[2].layer, 3);
    assert_int_equal(s.said.exit_count, 2);
    assert_int_equal(s.said.exits[0].account, 2);
    assert_int_equal(s.said.exits[0].kind, EXIT_CRYPTO);
    assert_int_equal(s.said.exits[1].amount, 250);
    assert_int_equal(s.said.doubt_count, 0);
    assert_int_equal(s.said.ambiguity_count, 0);
    end(&s);
}

/* 600 of one victim, 400 of another; 2 pays 700 to 3. FIFO: 600 + 100. Haircut: 420 + 280. */
static void claims_are_kept_apart(void **state)
{
    (void)state;
    for (enum trail_method m = METHOD_FIFO; m <= METHOD_HAIRCUT; m += METHOD_HAIRCUT) {
        struct story s;
        begin_with(&s, m);
        claim(&s, move(&s, 1, 2, 600, 0));
        claim(&s, move(&s, 5, 2, 400, 1 * SECOND));
        move(&s, 2, 3, 700, 2 * SECOND);
        settle(&s);
        const struct case_node *three = node(&s, 3);
        assert_int_equal(three->shares.count, 2);
        assert_int_equal(three->shares.at[0].minor, m == METHOD_FIFO ? 600 : 420);
        assert_int_equal(three->shares.at[1].claim, 1);
        assert_int_equal(three->shares.at[1].minor, m == METHOD_FIFO ? 100 : 280);
        end(&s);
    }
}

/* 2 has 1000 and pays 500; its bank says 480 are left: a fee of 20 that no feed had. */
static void what_the_balance_misses_is_unknown(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    opening_is(&s, 2, 0);
    claim(&s, move(&s, 1, 2, 1000, 0));
    unsigned paid = move_leaving(&s, 3, 500, SECOND, 480);
    settle(&s);
    assert_int_equal(case_attributed(s.c, paid), 500);
    expect_sums(&s, 980, 0, 20);
    assert_int_equal(node(&s, 2)->unknown, 20);
    assert_true(has_doubt(&s, DOUBT_UNSEEN, 2, 20));
    end(&s);
}

/* 2 has 1000 stolen, pays 600, and 900 are left: 500 of its own came unseen, before it paid. */
static void what_the_balance_has_too_much_is_honest(void **state)
{
    (void)state;
    static const int64_t expected[METHOD_COUNT] = {
        [METHOD_FIFO] = 600,
        [METHOD_LIFO] = 100,
        [METHOD_HAIRCUT] = 400, /* 600 x 1000 / 1500 */
        [METHOD_POISON] = 600,
    };
    for (enum trail_method m = 0; m < METHOD_COUNT; m++) {
        struct story s;
        begin_with(&s, m);
        claim(&s, move(&s, 1, 2, 1000, 0));
        unsigned paid = move_leaving(&s, 3, 600, SECOND, 900);
        settle(&s);
        assert_int_equal(case_attributed(s.c, paid), expected[m]);
        assert_true(has_doubt(&s, DOUBT_OPENING, 2, 0));
        assert_false(has_doubt(&s, DOUBT_OVERDRAWN, 2, 0));
        end(&s);
    }
}

/* 2 is known to have 100, and pays 150: 100 are stolen, of 50 nothing is known. */
static void what_is_paid_beyond_what_is_known_is_not_stolen(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    unsigned paid = move(&s, 2, 3, 150, SECOND);
    settle(&s);
    assert_int_equal(case_attributed(s.c, paid), 100);
    assert_int_equal(node(&s, 3)->present, 100);
    assert_true(has_doubt(&s, DOUBT_OVERDRAWN, 2, 0));
    end(&s);
}

/* 2 holds 300 of a claim and 100 of its own when it is deceived itself and pays 250: its own 100
 * first, then 150 of the claim's, of which nobody can say where they are. */
static void a_victim_that_holds_stolen_money(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    opening_is(&s, 2, 100);
    claim(&s, move(&s, 1, 2, 300, 0));
    claim(&s, move(&s, 2, 3, 250, SECOND));
    settle(&s);
    expect_sums(&s, 400, 0, 150);
    assert_int_equal(case_present(s.c, 2), 150);
    assert_int_equal(case_present(s.c, 3), 250);
    assert_true(has_doubt(&s, DOUBT_TAKEN, 2, 150));
    end(&s);
}

/* 2 -> 3 -> 2 -> 3 -> 4: the same 100 go round; every edge carries them, none is made. */
static void money_may_go_in_rings(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    move(&s, 2, 3, 100, 1 * SECOND);
    move(&s, 3, 2, 100, 2 * SECOND);
    move(&s, 2, 3, 100, 3 * SECOND);
    move(&s, 3, 4, 100, 4 * SECOND);
    move(&s, 2, 2, 100, 5 * SECOND); /* to itself: nothing */
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    assert_int_equal(case_present(s.c, 4), 100);
    assert_int_equal(s.said.edge_count, 5);
    assert_int_equal(node(&s, 2)->attributed, 200);
    assert_int_equal(node(&s, 2)->layer, 1);
    assert_int_equal(node(&s, 4)->layer, 3);
    end(&s);
}

static void a_reversal_puts_the_money_back(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    unsigned paid = move(&s, 2, 3, 80, 1 * SECOND);
    move(&s, 3, 4, 80, 2 * SECOND);
    settle(&s);
    assert_int_equal(case_present(s.c, 4), 80);
    status(&s, paid, TRANSFER_REVERSED);
    settle(&s);
    assert_int_equal(case_present(s.c, 2), 100);
    assert_int_equal(s.said.node_count, 1);
    assert_int_equal(s.said.edge_count, 1);
    status(&s, paid, TRANSFER_BOOKED); /* an old message, late: the reversal stands */
    world_status(&s.world.events[paid], TRANSFER_REVERSED);
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    assert_int_equal(case_present(s.c, 2), 100);
    end(&s);
}

static void what_waits_is_shown_and_does_not_move(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    struct trail_event *e = write(&s, 2, 3, 70, SECOND);
    world_status(e, TRANSFER_PENDING);
    tell(&s, e);
    settle(&s);
    assert_int_equal(s.said.edge_count, 2);
    assert_int_equal(s.said.edges[1].status, TRANSFER_PENDING);
    assert_int_equal(s.said.edges[1].attributed, 0);
    assert_int_equal(case_present(s.c, 2), 100);
    status(&s, e->number, TRANSFER_BOOKED);
    settle(&s);
    assert_int_equal(case_present(s.c, 3), 70);
    status(&s, 0, TRANSFER_REVERSED); /* the victim has it back: nothing is stolen any more */
    settle(&s);
    expect_sums(&s, 0, 0, 0);
    assert_int_equal(s.said.node_count, 0);
    assert_true(has_doubt(&s, DOUBT_SOURCE, 1, 100));
    end(&s);
}

static void another_currency_is_a_doubt(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    struct trail_event *e = write(&s, 2, 3, 70, SECOND);
    e->row.when |= 1U << ROW_CURRENCY_SHIFT;
    tell(&s, e);
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    assert_true(has_doubt(&s, DOUBT_CURRENCY, 2, 0));
    end(&s);
}

/* Room for two accounts: 2 and 3. What goes to 4 is not followed; nothing is lost from the sums. */
static void one_account_too_many(void **state)
{
    (void)state;
    struct story s;
    begin(&s, &(struct case_settings){.most_accounts = 2});
    claim(&s, move(&s, 1, 2, 100, 0));
    move(&s, 2, 4, 30, 2 * SECOND);
    move(&s, 2, 3, 50, 1 * SECOND); /* arrives last, happened first */
    settle(&s);
    expect_sums(&s, 70, 0, 30);
    assert_true(has_doubt(&s, DOUBT_BEYOND, 2, 30));
    assert_int_equal(node(&s, 2)->unknown, 30);
    assert_int_equal(node(&s, 4)->account, 0);
    end(&s);
}

/* Four transfers at once: 4 has three, with what is there already five. What went there is told as
 * not followed; a victim's payee is followed however much it does. */
static void what_would_be_too_much_at_once(void **state)
{
    (void)state;
    struct story s;
    begin(&s, &(struct case_settings){.most_at_once = 4});
    claim(&s, move(&s, 1, 2, 100, 0));
    move(&s, 2, 4, 30, 2 * SECOND);
    move(&s, 2, 3, 50, 1 * SECOND);
    move(&s, 4, 5, 1, 3 * SECOND);
    move(&s, 4, 5, 1, 4 * SECOND);
    settle(&s);
    expect_sums(&s, 70, 0, 30);
    assert_int_equal(case_present(s.c, 3), 50);
    assert_true(has_doubt(&s, DOUBT_BEYOND, 2, 30));
    assert_int_equal(node(&s, 4)->account, 0);
    end(&s);

    begin(&s, &(struct case_settings){.most_at_once = 1});
    claim(&s, move(&s, 1, 2, 100, 0));
    move(&s, 2, 3, 60, 1 * SECOND);
    leave(&s, 2, EXIT_ATM, 10, 2 * SECOND);
    settle(&s);
    expect_sums(&s, 30, 10, 60);
    end(&s);
}

/* 2 pays two accounts 10 and a third 9: three partners, but two of 10 or more; of two it is not
 * busy. With a fourth of 10 it is, until that payment is reversed; one that was rejected, one in
 * another currency and many to the same account make nobody busy. */
static void an_account_of_many_partners(void **state)
{
    (void)state;
    struct story s;
    begin(&s, &(struct case_settings){.most_partners = 3, .partner_minor = 10});
    claim(&s, move(&s, 1, 2, 100, 0)); /* 1 is a partner, too */
    move(&s, 2, 3, 10, 1 * SECOND);
    move(&s, 2, 4, 9, 2 * SECOND);
    move(&s, 2, 5, 10, 3 * SECOND);
    for (int i = 0; i < 8; i++)
        move(&s, 2, 5, 1, (4 + i) * SECOND);
    struct trail_event *other = write(&s, 2, 7, 20, 20 * SECOND);
    other->row.when |= UINT64_C(1) << ROW_CURRENCY_SHIFT;
    tell(&s, other);
    struct trail_event *refused = write(&s, 2, 8, 20, 21 * SECOND);
    world_status(refused, TRANSFER_REJECTED);
    tell(&s, refused);
    settle(&s);
    assert_int_equal(case_present(s.c, 2), 63);
    assert_int_equal(case_present(s.c, 4), 9);

    unsigned fourth = move(&s, 2, 6, 10, 30 * SECOND);
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    assert_int_equal(case_present(s.c, 2), 100);
    assert_true(has_doubt(&s, DOUBT_BUSY, 2, 100));

    world_status(&s.world.events[fourth], TRANSFER_REVERSED);
    tell(&s, &s.world.events[fourth]);
    settle(&s);
    assert_int_equal(case_present(s.c, 2), 63);
    end(&s);
}

static void what_is_later_than_as_of_does_not_exist(void **state)
{
    (void)state;
    struct story s;
    begin(&s, &(struct case_settings){.as_of_ms = NOON + 2 * SECOND});
    claim(&s, move(&s, 1, 2, 100, 0));
    move(&s, 2, 3, 60, 2 * SECOND);
    move(&s, 2, 3, 40, 3 * SECOND);
    settle(&s);
    assert_int_equal(case_present(s.c, 2), 40);
    assert_int_equal(case_present(s.c, 3), 60);
    end(&s);
}

/* 2 receives 100 and pays 100 in the same second, and nobody says which was first. By the order of
 * ids it received first; had it paid first, the 100 would still be there, and not have gone on. */
static void same_second_both_outcomes_are_told(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 0));
    leave(&s, 2, EXIT_ATM, 100, 0);
    settle(&s);
    expect_sums(&s, 0, 100, 0);
    assert_int_equal(s.said.ambiguity_count, 1);
    const struct case_ambiguity *a = &s.said.ambiguities[0];
    assert_int_equal(a->account, 2);
    assert_int_equal(a->transfer_count, 2);
    assert_int_equal(a->transfers[1], 1);
    assert_int_equal(a->present.low, 0);
    assert_int_equal(a->present.high, 100);
    assert_int_equal(a->total_exited.low, 0);
    assert_int_equal(a->total_exited.high, 100);
    assert_int_equal(a->total_unknown.high, 0);
    end(&s);
}

/* One bank says 12:00:00, another 12:00:00.500: the cash may well have been taken after that. By
 * the order of times it was taken first; had the money come first, it would be what was taken. */
static void a_whole_second_may_be_any_part_of_it(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    leave(&s, 2, EXIT_ATM, 100, 0);
    claim(&s, move(&s, 1, 2, 100, 500));
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    assert_int_equal(s.said.ambiguity_count, 1);
    assert_int_equal(s.said.ambiguities[0].present.low, 0);
    assert_int_equal(s.said.ambiguities[0].present.high, 100);
    assert_int_equal(s.said.ambiguities[0].total_exited.high, 100);
    end(&s);
}

/* With milliseconds, or numbered by one bank, the order is known; and where it makes no difference
 * nothing is said. */
static void same_second_known_orders_are_not_told(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    struct trail_event *in = write(&s, 1, 2, 100, 0);
    struct trail_event *out = write(&s, 2, 3, 100, 0);
    in->row.when |= ROW_HAS_SEQ;
    out->row.when |= ROW_HAS_SEQ;
    in->seq = 7;
    out->seq = 8;
    tell(&s, in);
    tell(&s, out);
    claim(&s, in->number);
    move(&s, 3, 4, 50, 5 * SECOND + 1);
    move(&s, 3, 4, 50, 5 * SECOND + 2); /* both have milliseconds */
    move(&s, 4, 5, 30, 6 * SECOND);
    move(&s, 4, 5, 30, 6 * SECOND); /* one is as good as the other */
    settle(&s);
    assert_int_equal(case_present(s.c, 4), 40);
    assert_int_equal(s.said.ambiguity_count, 0);
    end(&s);
}

/* 4 has it over 2, 3 at second 3 and pays 5 at second 4; over 6 directly only at second 9. The
 * money that 5 has came by four transfers, though 4 is two from a victim by then. */
static void a_layer_counts_transfers_in_time(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    claim(&s, move(&s, 1, 2, 100, 1 * SECOND));
    move(&s, 2, 3, 100, 2 * SECOND);
    move(&s, 3, 4, 100, 3 * SECOND);
    move(&s, 4, 5, 100, 4 * SECOND);
    claim(&s, move(&s, 1, 6, 10, 8 * SECOND));
    move(&s, 6, 4, 10, 9 * SECOND);
    settle(&s);
    assert_int_equal(node(&s, 5)->layer, 4);
    assert_int_equal(node(&s, 4)->layer, 2);
    assert_int_equal(s.said.edges[3].layer, 4);
    end(&s);
}

static void spent_memory_is_said_and_stays_said(void **state)
{
    (void)state;
    struct story s;
    begin(&s, &(struct case_settings){.budget_bytes = 200000});
    uint32_t ignored = 0;
    const struct trail_event *e = write(&s, 1, 2, 100, 0);
    assert_int_equal(case_claim(s.c, e, &ignored).code, ERR_LIMIT);
    assert_int_equal(case_settle(s.c).code, ERR_LIMIT);
    assert_int_equal(case_put(s.c, e).code, ERR_LIMIT);
    end(&s);
}

static void a_transfer_is_claimed_once(void **state)
{
    (void)state;
    struct story s;
    begin_with(&s, METHOD_FIFO);
    unsigned n = move(&s, 1, 2, 100, 0);
    uint32_t ignored = 0;
    claim(&s, n);
    assert_int_equal(case_claim(s.c, &s.world.events[n], &ignored).code, ERR_CONFLICT);
    settle(&s);
    expect_sums(&s, 100, 0, 0);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_method_in_one_account),
        cmocka_unit_test(a_trail_is_told_layer_by_layer),
        cmocka_unit_test(claims_are_kept_apart),
        cmocka_unit_test(what_the_balance_misses_is_unknown),
        cmocka_unit_test(what_the_balance_has_too_much_is_honest),
        cmocka_unit_test(what_is_paid_beyond_what_is_known_is_not_stolen),
        cmocka_unit_test(a_victim_that_holds_stolen_money),
        cmocka_unit_test(money_may_go_in_rings),
        cmocka_unit_test(a_reversal_puts_the_money_back),
        cmocka_unit_test(what_waits_is_shown_and_does_not_move),
        cmocka_unit_test(another_currency_is_a_doubt),
        cmocka_unit_test(one_account_too_many),
        cmocka_unit_test(what_would_be_too_much_at_once),
        cmocka_unit_test(an_account_of_many_partners),
        cmocka_unit_test(what_is_later_than_as_of_does_not_exist),
        cmocka_unit_test(same_second_both_outcomes_are_told),
        cmocka_unit_test(a_whole_second_may_be_any_part_of_it),
        cmocka_unit_test(same_second_known_orders_are_not_told),
        cmocka_unit_test(a_layer_counts_transfers_in_time),
        cmocka_unit_test(spent_memory_is_said_and_stays_said),
        cmocka_unit_test(a_transfer_is_claimed_once),
    };
    return cmocka_run_group_tests_name("trail/case", tests, NULL, NULL);
}
