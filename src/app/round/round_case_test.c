/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what a centre knows of an account becomes a record that a bank can follow: begun where it
 * holds least, every claim's money an entry of its own, what was paid back gone, nothing twice; and
 * no claim has more in it than came, or a refund more than is frozen.
 * Method: small accounts by hand, each with one thing to look at; then seeded accounts whose true
 * balances are known, of which parts belong to claims at random: each is computed to the end.
 */
#include "app/round/round_case.h"

#include "env/random.h"
#include "trail/refund.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

enum { ROWS = 128, CLAIMS = 8, PARTS = 256, BEGIN_MS = 1790000000 };
#define AT(second) (INT64_C(1000) * (BEGIN_MS + (second)))

struct world {
    struct arena arena;
    char ids[ROWS][16];
    struct round_row rows[ROWS];
    struct round_claim claims[CLAIMS];
    struct trail_part parts[PARTS];
    struct round_paid paid[CLAIMS];
    struct round_facts f;
    struct round_case made;
    struct refund_record record;
    struct refund refund;
};

static void begin(struct world *w, int64_t frozen, int64_t second)
{
    *w = (struct world){
        .f = {.account = STR("BKA:1"),
              .currency = STR("CNY"),
              .frozen = frozen,
              .executed_ms = AT(second),
              .rows = w->rows,
              .claims = w->claims,
              .parts = w->parts,
              .paid = w->paid}
    };
    arena_init(&w->arena, 64 << 20);
}

/* In, or out with a minus. */
static struct round_row *row(struct world *w, int64_t second, int64_t amount)
{
    size_t i = w->f.row_count++;
    (void)snprintf(w->ids[i], sizeof w->ids[i], "T%zu", i);
    w->rows[i] = (struct round_row){.id = str_from_c(w->ids[i]),
                                    .to = amount < 0 ? STR("BKB:9") : STR("BKA:1"),
                                    .time_ms = AT(second),
                                    .amount = amount < 0 ? -amount : amount,
                                    .ordinal = (uint32_t)i,
                                    .status = TRANSFER_BOOKED,
                                    .is_out = amount < 0};
    return &w->rows[i];
}

static struct round_row *out_of(struct world *w, int64_t second, int64_t amount, int64_t balance)
{
    struct round_row *r = row(w, second, -amount);
    r->has_balance = true;
    r->balance = balance;
    return r;
}

static void claim(struct world *w, const char *id, int64_t amount)
{
    w->claims[w->f.claim_count++] = (struct round_claim){
        .id = str_from_c(id), .incident = STR("I"), .amount = amount, .is_matched = true};
}

/* Of a transfer's money; in the order of transfers. */
static void part(struct world *w, const struct round_row *r, uint32_t claim, int64_t minor)
{
    w->parts[w->f.part_count++] =
        (struct trail_part){.ordinal = r->ordinal, .claim = claim, .minor = minor};
}

static void paid(struct world *w, const char *share, const char *claim, int64_t amount)
{
    w->paid[w->f.paid_count++] = (struct round_paid){.share = str_from_c(share),
                                                     .claim = str_from_c(claim),
                                                     .amount = amount,
                                                     .to = STR("BKB:9"),
                                                     .reference = STR(""),
                                                     .time_ms = AT(90000)};
}

static void make(struct world *w)
{
    assert_false(failed(round_case_make(&w->f, &w->arena, &w->made)));
}

static err try_record(struct world *w)
{
    struct refund_faults faults = {0};
    return refund_record_make(&w->made.of, &w->arena, &w->record, &faults);
}

static void compute(struct world *w)
{
    make(w);
    assert_false(failed(try_record(w)));
    assert_false(failed(refund_compute(&w->record, RULE_CN_2016, &w->arena, &w->refund)));
}

static int64_t amount_of(const struct world *w, const char *claim)
{
    for (uint32_t i = 0; i < w->made.of.claim_count; i++)
        if (str_equal(w->made.of.claims[i].id, str_from_c(claim)))
            return w->refund.parts[i].amount_minor;
    return -1;
}

static const struct refund_entry *entry(const struct world *w, const char *id)
{
    for (uint32_t i = 0; i < w->made.of.entry_count; i++)
        if (str_equal(w->made.of.entries[i].id, str_from_c(id)))
            return &w->made.of.entries[i];
    return NULL;
}

/* --- by hand --- */

static void two_victims(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 130, 100);
    claim(&w, "A", 100);
    claim(&w, "B", 50);
    part(&w, row(&w, 10, 100), 0, 100);
    row(&w, 20, -20);
    part(&w, row(&w, 30, 50), 1, 50);
    compute(&w);
    assert_int_equal(w.made.of.entry_count, 3);
    assert_int_equal(w.made.of.opening_minor, 0);
    assert_int_equal(amount_of(&w, "A"), 80);
    assert_int_equal(amount_of(&w, "B"), 50);
    assert_int_equal(w.refund.unclaimed_minor, 0);
    arena_done(&w.arena);
}

/* 60 of A and 30 of B came mixed with 10 that nobody claims, from an account before. */
static void money_that_came_mixed(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "A", 500);
    claim(&w, "B", 500);
    struct round_row *mixed = row(&w, 10, 100);
    part(&w, mixed, 0, 60);
    part(&w, mixed, 1, 30);
    compute(&w);
    assert_int_equal(w.made.of.entry_count, 3);
    assert_int_equal(entry(&w, "T0#A")->amount_minor, 60);
    assert_int_equal(entry(&w, "T0#B")->amount_minor, 30);
    assert_int_equal(entry(&w, "T0#rest")->amount_minor, 10);
    assert_int_equal(entry(&w, "T0#rest")->claim, REFUND_NOBODY);
    assert_int_equal(amount_of(&w, "A"), 60);
    assert_int_equal(amount_of(&w, "B"), 30);
    assert_int_equal(w.refund.unclaimed_minor, 10);
    arena_done(&w.arena);
}

static void a_long_id_keeps_its_end(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "01M83EN1VE5J01JAKDXW38SW42", 500);
    struct round_row *r = row(&w, 10, 100);
    r->id = STR("0123456789012345678901234567890123456789012345678901234567890END");
    part(&w, r, 0, 60);
    compute(&w);
    assert_non_null(entry(&w, "7890123456789012345678901234567890END#01M83EN1VE5J01JAKDXW38SW42"));
    assert_int_equal(w.made.of.entries[0].id.size, 64);
    arena_done(&w.arena);
}

static void it_begins_with_the_last_known_balance(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "A", 100);
    row(&w, 1, 700);
    out_of(&w, 2, 700, 0);
    out_of(&w, 5, 5, 3); /* the bank knows of money that we do not */
    row(&w, 6, 40);
    part(&w, row(&w, 10, 100), 0, 100);
    out_of(&w, 11, 43, 100);
    compute(&w);
    assert_int_equal(w.made.of.entry_count, 3);
    assert_int_equal(w.made.of.opening_minor, 3);
    assert_int_equal(w.record.balance_minor, 100);
    arena_done(&w.arena);
}

static void else_with_what_the_first_balance_says(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "A", 100);
    row(&w, 3, 15);
    part(&w, row(&w, 10, 100), 0, 100);
    out_of(&w, 11, 20, 130);
    compute(&w);
    assert_int_equal(w.made.of.opening_minor, 35);
    assert_int_equal(w.record.balance_minor, 130);
    arena_done(&w.arena);
}

static void else_with_what_it_must_have_held(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "A", 100);
    row(&w, 3, -15);
    row(&w, 4, 40);
    row(&w, 5, -45);
    part(&w, row(&w, 10, 100), 0, 100);
    compute(&w);
    assert_int_equal(w.made.of.opening_minor, 20);
    assert_int_equal(w.record.balance_minor, 100);
    arena_done(&w.arena);
}

/* A balance that two payments of one second share says nothing of either. */
static void a_second_is_not_cut(void **state)
{
    struct world w;
    (void)state;
    for (int has_seq = 0; has_seq < 2; has_seq++) {
        begin(&w, 100, 100);
        claim(&w, "A", 100);
        row(&w, 1, 50);
        struct round_row *one = out_of(&w, 2, 10, 40);
        struct round_row *two = out_of(&w, 2, 40, 0);
        part(&w, row(&w, 10, 100), 0, 100);
        one->has_seq = two->has_seq = has_seq;
        one->seq = 1;
        two->seq = 2;
        compute(&w);
        assert_int_equal(w.made.of.entry_count, has_seq ? 1 : 4);
        assert_int_equal(w.made.of.opening_minor, 0);
        arena_done(&w.arena);
    }
}

static void only_what_is_booked_has_moved(void **state)
{
    struct world w;
    (void)state;
    static const uint8_t statuses[] = {TRANSFER_PENDING, TRANSFER_REJECTED, TRANSFER_REVERSED};
    for (size_t i = 0; i < COUNT_OF(statuses); i++) {
        begin(&w, 100, 100);
        claim(&w, "A", 100);
        claim(&w, "B", 70);
        part(&w, row(&w, 10, 100), 0, 100);
        struct round_row *r = row(&w, 11, 70);
        r->status = statuses[i];
        part(&w, r, 1, 70); /* whoever says so */
        row(&w, 12, -30)->status = statuses[i];
        compute(&w);
        assert_int_equal(w.made.of.entry_count, 3);
        assert_int_equal(w.record.balance_minor, 100);
        assert_int_equal(w.made.of.claim_count, 1);
        assert_int_equal(amount_of(&w, "A"), 100);
        arena_done(&w.arena);
    }
}

/* A freeze in whole seconds takes in all of its second; one in milliseconds does not. */
static void after_the_freeze_nothing_counts(void **state)
{
    struct world w;
    (void)state;
    for (int64_t ms = 0; ms < 500; ms += 400) {
        begin(&w, 100, 50);
        w.f.executed_ms += ms;
        claim(&w, "A", 100);
        part(&w, row(&w, 10, 100), 0, 100);
        row(&w, 50, 5)->time_ms += 401;
        row(&w, 51, 7);
        compute(&w);
        assert_int_equal(w.made.of.entry_count, ms == 0 ? 2 : 1);
        arena_done(&w.arena);
    }
}

static void what_was_settled_is_no_loss(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 100, 100);
    claim(&w, "A", 100);
    w.claims[0].settled = 40;
    part(&w, row(&w, 10, 100), 0, 100);
    compute(&w);
    assert_int_equal(w.made.of.claims[0].loss_minor, 60);
    assert_int_equal(amount_of(&w, "A"), 60);
    arena_done(&w.arena);
}

/* ---- a later round --- */

/* A alone was known: 60 went back. B comes: 40 are still there. */
static void a_later_victim(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 40, 100);
    claim(&w, "A", 60);
    claim(&w, "B", 90);
    w.claims[0].settled = 60;
    part(&w, row(&w, 10, 60), 0, 60);
    part(&w, row(&w, 20, 90), 1, 90);
    row(&w, 30, -50);
    paid(&w, "S1", "A", 60);
    compute(&w);
    assert_true(entry(&w, "S1")->is_out);
    assert_int_equal(entry(&w, "S1")->claim, 0);
    assert_int_equal(w.made.of.frozen_ms, AT(90000));
    assert_int_equal(w.record.balance_minor, 40);
    assert_int_equal(amount_of(&w, "A"), 0);
    assert_int_equal(amount_of(&w, "B"), 40);
    arena_done(&w.arena);
}

/* More was held since: the record goes on, and the bank's own entry of the payment is the share. */
static void a_payment_counts_once(void **state)
{
    struct world w;
    (void)state;
    for (int is_named = 0; is_named < 2; is_named++) {
        begin(&w, 90, 100000);
        claim(&w, "A", 60);
        claim(&w, "B", 90);
        w.claims[0].settled = 60;
        part(&w, row(&w, 10, 60), 0, 60);
        struct round_row *back = out_of(&w, 89999, 60, 0);
        part(&w, row(&w, 99000, 90), 1, 90);
        paid(&w, "S1", "A", 60);
        if (is_named) {
            back->to = STR("BKB:otherwise");
            w.paid[0].reference = STR("T1");
        }
        compute(&w);
        assert_null(entry(&w, "T1"));
        assert_int_equal(w.record.balance_minor, 90);
        assert_int_equal(w.made.of.opening_minor, 0);
        assert_int_equal(amount_of(&w, "B"), 90);
        arena_done(&w.arena);
    }
}

/* Whoever was paid and has withdrawn since: nothing begins behind what they were paid. */
static void paid_and_withdrawn(void **state)
{
    struct world w;
    (void)state;
    begin(&w, 30, 100000);
    claim(&w, "A", 60);
    claim(&w, "B", 30);
    w.claims[0].settled = 60;
    w.claims[0].is_matched = false;
    row(&w, 10, 60);
    out_of(&w, 89000, 10, 50);
    out_of(&w, 91000, 5, 0); /* the bank counts the payment in */
    part(&w, row(&w, 99000, 30), 1, 30);
    paid(&w, "S1", "A", 45);
    compute(&w);
    assert_non_null(entry(&w, "S1"));
    assert_int_equal(w.made.of.entry_count, 3);
    assert_int_equal(w.made.of.opening_minor, 50);
    assert_int_equal(w.record.balance_minor, 30);
    assert_int_equal(w.made.of.claims[0].loss_minor, 0);
    assert_int_equal(amount_of(&w, "B"), 30);
    arena_done(&w.arena);
}

/* --- seeded --- */

static int64_t draw(struct random_source *r, int64_t below)
{
    return (int64_t)random_below(r, (uint64_t)below);
}

/* An account that never pays more than it holds. */
static int64_t draw_account(struct world *w, struct random_source *r)
{
    int64_t balance = draw(r, 3) * 50;
    int64_t second = 0;
    uint32_t count = 1 + (uint32_t)draw(r, 40);
    for (uint32_t i = 0; i < CLAIMS; i++)
        claim(w, (const char *[]){"A", "B", "C", "D", "E", "F", "G", "H"}[i], 1 + draw(r, 900));
    for (uint32_t i = 0; i < count; i++) {
        second += draw(r, 3);
        if (balance > 0 && draw(r, 2) == 0) {
            int64_t amount = draw(r, 3) == 0 ? balance : 1 + draw(r, balance);
            struct round_row *out = row(w, second, -amount);
            balance -= amount;
            out->balance = balance;
            out->has_balance = draw(r, 2) == 0;
            out->has_seq = draw(r, 2) == 0;
            out->seq = i;
            continue;
        }
        struct round_row *in = row(w, second, 1 + draw(r, 300));
        int64_t rest = in->amount;
        balance += in->amount;
        in->has_seq = draw(r, 2) == 0;
        in->seq = i;
        for (uint32_t k = 0; k < CLAIMS && rest > 0; k++)
            if (draw(r, 6) == 0) {
                int64_t minor = draw(r, 2) == 0 ? rest : 1 + draw(r, rest);
                part(w, in, k, minor);
                rest -= minor;
            }
    }
    w->f.executed_ms = AT(second);
    return balance;
}

static void shuffle(struct world *w, struct random_source *r)
{
    for (size_t i = w->f.row_count; i > 1; i--) {
        size_t k = (size_t)draw(r, (int64_t)i);
        struct round_row kept = w->rows[i - 1];
        w->rows[i - 1] = w->rows[k];
        w->rows[k] = kept;
    }
}

/* What a claim's entries bring is what its parts say; what all bring, what came. */
static void check_conserved(const struct world *w)
{
    int64_t of_claims[CLAIMS] = {0};
    int64_t of_parts[CLAIMS] = {0};
    int64_t shared = 0;
    const struct refund_case *c = &w->made.of;
    for (uint32_t i = 0; i < c->entry_count; i++)
        if (c->entries[i].claim != REFUND_NOBODY)
            of_claims[w->made.claims[c->entries[i].claim]] += c->entries[i].amount_minor;
    for (size_t i = 0; i < w->f.part_count; i++)
        of_parts[w->parts[i].claim] += w->parts[i].minor;
    for (uint32_t i = 0; i < CLAIMS; i++)
        assert_int_equal(of_claims[i], of_parts[i]);
    for (uint32_t i = 0; i < c->claim_count; i++) {
        const struct refund_part *p = &w->refund.parts[i];
        assert_true(p->amount_minor <= of_claims[w->made.claims[i]]);
        assert_true(p->amount_minor <= w->claims[w->made.claims[i]].amount);
        shared += p->amount_minor;
    }
    assert_int_equal(shared + w->refund.unclaimed_minor, w->f.frozen);
}

static void accounts_at_random(void **state)
{
    static struct world w;
    struct random_source random;
    unsigned exact = 0;
    (void)state;
    random_init_seeded(&random, 20261123);
    for (int round = 0; round < 3000; round++) {
        begin(&w, 0, 0);
        int64_t balance = draw_account(&w, &random);
        w.f.frozen = draw(&random, 3) == 0 ? draw(&random, balance + 1) : balance;
        shuffle(&w, &random);
        compute(&w);
        check_conserved(&w);
        assert_true(w.record.balance_minor <= balance || w.made.of.opening_minor > 0);
        exact += w.record.balance_minor == balance;
        arena_done(&w.arena);
    }
    assert_true(exact > 1500); /* where one balance is known, all are */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_victims),
        cmocka_unit_test(money_that_came_mixed),
        cmocka_unit_test(a_long_id_keeps_its_end),
        cmocka_unit_test(it_begins_with_the_last_known_balance),
        cmocka_unit_test(else_with_what_the_first_balance_says),
        cmocka_unit_test(else_with_what_it_must_have_held),
        cmocka_unit_test(a_second_is_not_cut),
        cmocka_unit_test(only_what_is_booked_has_moved),
        cmocka_unit_test(after_the_freeze_nothing_counts),
        cmocka_unit_test(what_was_settled_is_no_loss),
        cmocka_unit_test(a_later_victim),
        cmocka_unit_test(a_payment_counts_once),
        cmocka_unit_test(paid_and_withdrawn),
        cmocka_unit_test(accounts_at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
