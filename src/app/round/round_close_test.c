/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: closing a round lets go of exactly what was paid, of each order once and of the one that
 * took over its money instead of it; and nobody closes it who said that it was paid, or who stands
 * below the division of an order that it lets go of.
 * Method: orders and shares by hand, as rows of a database in memory that has their columns and
 * none of the schema's other rules; the sums stand beside them.
 */
#include "app/round/round_close.h"

#include "desk/relief.h"
#include "desk/takeover.h"
#include "store/row.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { PAID_US = 1000, SENT_US = 500, ROOM_BYTES = 8 << 20 };

struct place {
    struct arena arena;
    struct sql *db;
    struct round round;
    struct round_reliefs reliefs;
};

static void must(err e)
{
    if (failed(e))
        fail_msg("%s", e.why);
}

static void make_table(struct place *p, const char *name, enum record_kind kind)
{
    struct text t;
    text_init(&t, &p->arena);
    text_printf(&t, "CREATE TABLE \"%s\" (%s)", name, row_columns_stored(kind));
    must(sql_run_script(p->db, text_str(&t)));
}

static int begin(void **state)
{
    static struct arena boot;
    static struct place place;
    struct place *p = &place;
    if (boot.budget_bytes == 0) {
        arena_init(&boot, 1 << 20);
        sql_boot();
        must(row_boot(&boot));
    }
    *p = (struct place){
        .round = {.id = STR("D1"), .paid_at = {PAID_US}, .sent_at = {SENT_US}}
    };
    arena_init(&p->arena, ROOM_BYTES);
    must(sql_open(":memory:", SQL_ALONE, NULL, &p->db));
    make_table(p, "order", RECORD_ORDER);
    make_table(p, "share", RECORD_SHARE);
    *state = p;
    return 0;
}

static int end(void **state)
{
    struct place *p = *state;
    sql_close(p->db);
    arena_done(&p->arena);
    return 0;
}

static struct order held(const char *id, int64_t amount, int64_t kept)
{
    return (struct order){.id = str_from_c(id),
                          .kind = ORDER_FREEZE,
                          .state = ORDER_EXECUTED,
                          .amount = amount,
                          .held = kept,
                          .balance = -1,
                          .said_at = {PAID_US - 1},
                          .division = STR("6201")};
}

static void put_order(struct place *p, const struct order *o)
{
    const union record r = {.order = *o};
    must(row_insert(p->db, RECORD_ORDER, &r));
}

static void put_share(struct place *p, const char *id, const char *round, const char *settler)
{
    const union record r = {
        .share = {
                  .id = str_from_c(id), .round = str_from_c(round), .settler = str_from_c(settler)}
    };
    must(row_insert(p->db, RECORD_SHARE, &r));
}

static void relieve(struct place *p, const char *orders, int64_t returned)
{
    p->round.orders = str_from_c(orders);
    p->round.returned = returned;
    must(round_reliefs(p->db, &p->round, &p->arena, &p->reliefs));
    for (size_t i = 0; i < p->reliefs.count; i++)
        assert_true(str_equal(p->reliefs.at[i].why, STR("round.returned")));
}

static void check(const struct place *p, size_t i, const char *order, enum act act, int64_t amount)
{
    assert_true(i < p->reliefs.count);
    const struct command *cmd = &p->reliefs.at[i];
    assert_true(str_equal(cmd->record, str_from_c(order)));
    assert_int_equal(cmd->act, act);
    assert_int_equal(act == ACT_ORDER_LOWER ? cmd->body.order.held : cmd->body.order.amount,
                     amount);
}

/* --- what is let go of --- */

static void the_oldest_first_and_no_more_than_was_paid(void **state)
{
    struct place *p = *state;
    const struct order one = held("O1", 500, 500);
    const struct order two = held("O2", 300, 300);
    put_order(p, &two);
    put_order(p, &one);
    relieve(p, "O2 O1", 600); /* 500 of the first, 100 of the second */
    assert_int_equal(p->reliefs.count, 2);
    check(p, 0, "O1", ACT_ORDER_LIFT, 0);
    check(p, 1, "O2", ACT_ORDER_TRIM, 200);
    relieve(p, "O1 O2", 500);
    assert_int_equal(p->reliefs.count, 1);
    check(p, 0, "O1", ACT_ORDER_LIFT, 0);
    relieve(p, "O1 O2", 0); /* every payment failed */
    assert_int_equal(p->reliefs.count, 0);
    relieve(p, "O1 O2", 900); /* more than they hold: there is no more to let go of */
    assert_int_equal(p->reliefs.count, 2);
    check(p, 1, "O2", ACT_ORDER_LIFT, 0);
}

static void a_whole_account_is_lowered(void **state)
{
    struct place *p = *state;
    struct order whole = held("O1", 0, 700);
    put_order(p, &whole);
    relieve(p, "O1", 600);
    assert_int_equal(p->reliefs.count, 1);
    check(p, 0, "O1", ACT_ORDER_LOWER, 100);
    relieve(p, "O1", 700);
    check(p, 0, "O1", ACT_ORDER_LIFT, 0);
}

/* What ended since the round was sent may have held what was paid: no other lets go for it. */
static void what_has_ended_needs_nothing(void **state)
{
    struct place *p = *state;
    struct order gone = held("O1", 400, 400);
    gone.state = ORDER_EXPIRED;
    gone.ended_at = (instant){SENT_US + 1};
    struct order long_gone = held("O2", 1000, 1000);
    long_gone.state = ORDER_LIFTED;
    long_gone.ended_at = (instant){SENT_US - 1};
    const struct order stands = held("O3", 300, 300);
    put_order(p, &gone);
    put_order(p, &long_gone);
    put_order(p, &stands);
    relieve(p, "O1 O2 O3 O9", 600); /* 400 may have been the first's; O9 is not there */
    assert_int_equal(p->reliefs.count, 1);
    check(p, 0, "O3", ACT_ORDER_TRIM, 100);
    relieve(p, "O1 O2 O3", 400);
    assert_int_equal(p->reliefs.count, 0);
}

static void the_freeze_that_took_over_stands_for_its_hold(void **state)
{
    struct place *p = *state;
    struct order hold = held("O1", 500, 0);
    hold.state = ORDER_LIFTED;
    hold.ended_at = (instant){SENT_US + 1};
    hold.ended_why = STR(ORDER_WHY_TAKEN);
    hold.taker = STR("O2");
    struct order freeze = held("O2", 500, 500);
    freeze.takes = STR("O1");
    freeze.division = STR("62");
    put_order(p, &hold);
    put_order(p, &freeze);
    relieve(p, "O1", 200);
    assert_int_equal(p->reliefs.count, 1);
    check(p, 0, "O2", ACT_ORDER_TRIM, 300);
    assert_true(str_equal(p->reliefs.divisions[0], STR("62")));
}

/* --- who may --- */

static const char *may(struct place *p, const char *user, const char *division)
{
    const struct actor actor = {
        .user = str_from_c(user), .division = str_from_c(division), .kind = ACTOR_STAFF};
    err e = round_may_close(p->db, &p->round, &actor, &p->reliefs);
    return failed(e) ? e.why : "";
}

static void not_who_said_that_it_was_paid(void **state)
{
    struct place *p = *state;
    put_share(p, "S1", "D1", "ann");
    put_share(p, "S2", "D1", "bank");
    put_share(p, "S3", "D2", "eve");
    relieve(p, "", 0);
    assert_string_equal(may(p, "ann", ""), "round.settler");
    assert_string_equal(may(p, "bank", ""), "round.settler");
    assert_string_equal(may(p, "eve", ""), ""); /* of another round */
    assert_string_equal(may(p, "an", ""), "");
    assert_string_equal(may(p, "bob", ""), "");
}

static void only_who_stands_above_every_order(void **state)
{
    struct place *p = *state;
    struct order own = held("O1", 500, 500);
    struct order others = held("O2", 500, 500);
    others.division = STR("6202");
    put_order(p, &own);
    put_order(p, &others);
    relieve(p, "O1 O2", 1000);
    assert_string_equal(may(p, "bob", "6201"), "round.close_above");
    assert_string_equal(may(p, "bob", "6202"), "round.close_above");
    assert_string_equal(may(p, "bob", "62"), "");
    assert_string_equal(may(p, "bob", ""), "");
    relieve(p, "O1 O2", 500); /* the other one is not touched */
    assert_string_equal(may(p, "bob", "6201"), "");
    assert_string_equal(may(p, "bob", "620101"), "round.close_above");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_oldest_first_and_no_more_than_was_paid),
        TEST(a_whole_account_is_lowered),
        TEST(what_has_ended_needs_nothing),
        TEST(the_freeze_that_took_over_stands_for_its_hold),
        TEST(not_who_said_that_it_was_paid),
        TEST(only_who_stands_above_every_order),
    };
    return cmocka_run_group_tests_name("app/round_close", tests, NULL, NULL);
}
