/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a suspicion and a device have these arrows and no other; the machine finds and decides
 * nothing; what was found ends, and takes its number, its cell and its cards with it.
 * Method: every state with every act against tables written here; then terms and what erasing
 * leaves.
 */
#include "desk/desk_test.h"

enum { ANALYST = 1 << ROLE_ANALYST, NO = 99 };
enum { YES = SIM_BOX_CONFIRMED, OUT = SIM_BOX_DISMISSED, GONE = SIM_BOX_LAPSED };
#define MONTH (30 * US_PER_DAY)

static struct command act_of(enum act act, struct actor actor)
{
    return (struct command){.act = act, .actor = actor, .record = STR("S1"), .why = STR("because")};
}

static struct suspicion suspected(const struct bench *b, unsigned state)
{
    return (struct suspicion){.id = STR("S1"),
                              .number = STR("+8613912345678"),
                              .digest = STR("d"),
                              .reasons = STR("[]"),
                              .state = state,
                              .found_at = at_us(b->at.us - US_PER_DAY),
                              .until = at_us(b->at.us - US_PER_DAY + MONTH),
                              .decided_why = STR("x"),
                              .revision = 1};
}

static struct sim_box device(const struct bench *b, unsigned state)
{
    return (struct sim_box){.id = STR("S1"),
                            .cell = STR("460-00-1-2"),
                            .cards = STR("[]"),
                            .state = state,
                            .found_at = at_us(b->at.us - US_PER_DAY),
                            .seen_at = at_us(b->at.us - US_PER_DAY),
                            .until = at_us(b->at.us - US_PER_DAY + MONTH),
                            .revision = 1};
}

static bool is_the_machines(enum act act)
{
    return act == ACT_SUSPICION_FIND || act == ACT_SUSPICION_ERASE || act == ACT_BOX_FIND ||
           act == ACT_BOX_RENEW || act == ACT_BOX_ERASE;
}

static const char *try(struct bench *b, const union record *own, enum act act)
{
    struct command cmd = act_of(act, is_the_machines(act) ? centre_itself : staff("eve", ANALYST));
    if (act_record_kind(act) == RECORD_BOX)
        cmd.body.box = device(b, SIM_BOX_FOUND);
    else
        cmd.body.suspicion = suspected(b, SUSPICION_OPEN);
    cmd.body.suspicion.listing = act == ACT_SUSPICION_LIST ? STR("L9") : STR("");
    bench_own(b, own);
    return decided(b, &cmd);
}

static void arrows_of_a_suspicion(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[4];
        const char *refusal;
    } arrows[] = {
        {ACT_SUSPICION_FIND,    {NO, NO, NO, NO},                  "suspicion.exists"   },
        {ACT_SUSPICION_LIST,    {SUSPICION_LISTED, NO, NO, NO},    "suspicion.decided"  },
        {ACT_SUSPICION_DISMISS, {SUSPICION_DISMISSED, NO, NO, NO}, "suspicion.decided"  },
        {ACT_SUSPICION_ERASE,   {NO, NO, NO, NO},                  "suspicion.not_ended"},
    };
    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        for (unsigned from = SUSPICION_OPEN; from <= SUSPICION_LAPSED; from++) {
            union record own = {.suspicion = suspected(b, from)};
            const char *why = try(b, &own, arrows[i].act);
            bool may = arrows[i].to[from] != NO;
            assert_string_equal(why, may ? "" : arrows[i].refusal);
            if (may)
                assert_int_equal(b->change.after.suspicion.state, arrows[i].to[from]);
        }
    assert_string_equal(try(b, NULL, ACT_SUSPICION_LIST), "suspicion.absent");
}

static void arrows_of_a_device(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[4];
        const char *refusal;
    } arrows[] = {
        {ACT_BOX_FIND,    {NO, NO, NO, NO},                "box.exists"         },
        {ACT_BOX_RENEW,   {SIM_BOX_FOUND, YES, OUT, GONE}, ""                   },
        {ACT_BOX_CONFIRM, {YES, NO, NO, NO},               "box.decided"        },
        {ACT_BOX_DISMISS, {OUT, NO, NO, NO},               "box.decided"        },
        {ACT_BOX_ERASE,   {NO, NO, NO, NO},                "suspicion.not_ended"},
    };
    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        for (unsigned from = SIM_BOX_FOUND; from <= SIM_BOX_LAPSED; from++) {
            union record own = {.box = device(b, from)};
            const char *why = try(b, &own, arrows[i].act);
            bool may = arrows[i].to[from] != NO;
            assert_string_equal(why, may ? "" : arrows[i].refusal);
            if (may)
                assert_int_equal(b->change.after.box.state, arrows[i].to[from]);
        }
    union record gone = {.box = device(b, SIM_BOX_LAPSED)};
    gone.box.cell = STR("");
    assert_string_equal(try(b, &gone, ACT_BOX_RENEW), "box.ended");
    assert_string_equal(try(b, NULL, ACT_BOX_READ), "box.absent");
}

/* It finds; a person decides. */
static void the_machine_decides_nothing(void **state)
{
    struct bench *b = *state;
    static const enum act acts[] = {ACT_SUSPICION_LIST, ACT_SUSPICION_DISMISS, ACT_BOX_CONFIRM,
                                    ACT_BOX_DISMISS};
    for (size_t i = 0; i < COUNT_OF(acts); i++) {
        struct command cmd = act_of(acts[i], centre_itself);
        union record own = {.suspicion = suspected(b, SUSPICION_OPEN)};
        if (act_record_kind(acts[i]) == RECORD_BOX)
            own.box = device(b, SIM_BOX_FOUND);
        bench_own(b, &own);
        assert_string_equal(decided(b, &cmd), "permit.machine");
    }
    struct command cmd = act_of(ACT_SUSPICION_FIND, staff("eve", ANALYST));
    cmd.body.suspicion = suspected(b, SUSPICION_OPEN);
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "permit.role");
}

static void what_is_found_ends(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, NULL, ACT_SUSPICION_FIND), "");
    assert_armed(&b->change, ACT_SUSPICION_ERASE, b->at.us - US_PER_DAY + MONTH);
    union record own = {.suspicion = b->change.after.suspicion};
    own.suspicion.found_at = at_us(b->at.us - US_PER_DAY); /* so its term is 30 days */
    assert_string_equal(try(b, &own, ACT_SUSPICION_DISMISS), "");
    assert_armed(&b->change, ACT_SUSPICION_ERASE, b->at.us + MONTH);

    own = (union record){.suspicion = suspected(b, SUSPICION_OPEN)};
    b->at = own.suspicion.until;
    assert_string_equal(try(b, &own, ACT_SUSPICION_ERASE), "");
    assert_str(b->change.after.suspicion.number, "erased-S1");
    assert_str(b->change.after.suspicion.reasons, "");
    assert_int_equal(b->change.after.suspicion.state, SUSPICION_LAPSED);
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));

    own = (union record){.box = device(b, SIM_BOX_CONFIRMED)};
    b->at = own.box.until;
    assert_string_equal(try(b, &own, ACT_BOX_ERASE), "");
    assert_str(b->change.after.box.cell, "");
    assert_str(b->change.after.box.cards, "");
    assert_int_equal(b->change.after.box.state, SIM_BOX_CONFIRMED);
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));
}

static void words(void **state)
{
    struct bench *b = *state;
    union record own = {.box = device(b, SIM_BOX_FOUND)};
    struct command cmd = act_of(ACT_BOX_READ, staff("eve", ANALYST));
    cmd.why = STR(" ");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "purpose.missing");
    cmd.act = ACT_BOX_CONFIRM;
    assert_string_equal(decided(b, &cmd), "why.missing");
    own = (union record){.suspicion = suspected(b, SUSPICION_OPEN)};
    cmd = act_of(ACT_SUSPICION_LIST, staff("eve", ANALYST));
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "listing.absent");
    cmd = act_of(ACT_SUSPICION_FIND, centre_itself);
    cmd.body.suspicion = suspected(b, SUSPICION_OPEN);
    cmd.body.suspicion.until = b->at;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "suspicion.term");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(arrows_of_a_suspicion),
        TEST(arrows_of_a_device),
        TEST(the_machine_decides_nothing),
        TEST(what_is_found_ends),
        TEST(words),
    };
    return cmocka_run_group_tests_name("desk/suspicion", tests, NULL, NULL);
}
