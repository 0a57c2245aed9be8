/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an alert has these arrows and no other; a ladder goes on and never back; who was reached is
 * not reached for again; an outcome counts once; nothing about a person outlives its term.
 * Method: every state with every act against a table written here; then ladders, budgets, quiet
 * hours, late outcomes and what erasing leaves, each with its times.
 */
#include "desk/alert.h"
#include "desk/desk_test.h"

enum { OFFICER = 1 << ROLE_OFFICER, OPERATOR = 1 << ROLE_OPERATOR };
#define HOUR (60 * US_PER_MIN)

static void give_law(struct law_profile *law)
{
    law->ladders[ALERT_LOW] = (struct ladder){
        .steps = {{MEANS_MESSAGE, 240}}, .step_count = 1, .heeds_quiet = 1, .reached_is_enough = 1};
    law->ladders[ALERT_HIGH] = (struct ladder){
        .steps = {{MEANS_MESSAGE, 10},
                  {MEANS_CALL, 60},
                  {MEANS_SECOND_CALL, 240},
                  {MEANS_VISIT, 1440}},
        .step_count = 4,
        .due_min = 1440,
        .escalate_min = 60,
        .a_day = 10,
        .heeds_quiet = 1,
        .reached_is_enough = 1
    };
    law->ladders[ALERT_URGENT] = (struct ladder){
        .steps = {{MEANS_CALL, 10}, {MEANS_VISIT, 60}},
        .step_count = 2,
        .due_min = 60,
        .escalate_min = 15
    };
    law->alert_quiet_from_min = 22 * 60;
    law->alert_quiet_until_min = 7 * 60;
    law->alert_a_number = 2;
    law->alert_fade_hours = 72;
    law->alert_hush_days = 90;
    law->alert_retention_days = 180;
    law->whereabouts_hours = 6;
}

static int open_bench(void **state)
{
    bench_open(state);
    struct bench *b = *state;
    give_law(&b->law);
    return 0;
}

static struct alert standing(const struct bench *b, unsigned state)
{
    bool has_officer = state == ALERT_ASSIGNED;
    struct alert a = {.id = STR("A1"),
                      .pseudonym = STR("p1"),
                      .subscriber = STR("sealed"),
                      .tier = ALERT_HIGH,
                      .highest = ALERT_HIGH,
                      .micro = 700000,
                      .state = state,
                      .opened_at = at_us(b->at.us - HOUR),
                      .risen_at = at_us(b->at.us - HOUR),
                      .due_at = at_us(b->at.us + 23 * HOUR),
                      .means = MEANS_CALL,
                      .step = 1,
                      .tried = MEANS_MESSAGE,
                      .step_at = at_us(b->at.us - HOUR),
                      .step_due = b->at,
                      .rises = 1,
                      .parts = STR("[]"),
                      .rules = STR("r1"),
                      .division = STR("620102"),
                      .revision = 1};
    if (has_officer) {
        a.officer = STR("nan");
        a.assigned_at = a.opened_at;
    }
    if (state == ALERT_CLOSED) {
        a.ending = ENDING_FADED;
        a.closed_at = at_us(b->at.us - US_PER_MIN);
        a.until = at_us(b->at.us + 180 * US_PER_DAY);
        a.means = MEANS_NONE;
    }
    return a;
}

static struct command machine(enum act act)
{
    struct command cmd = {.act = act, .actor = centre_itself, .record = STR("A1")};
    cmd.body.alert = (struct alert){.pseudonym = STR("p1"),
                                    .subscriber = STR("sealed"),
                                    .tier = ALERT_URGENT,
                                    .micro = 950000,
                                    .rules = STR("r1"),
                                    .division = STR("620102")};
    return cmd;
}

static struct command person(enum act act, const char *user, role_set roles)
{
    return (struct command){
        .act = act, .actor = staff(user, roles), .record = STR("A1"), .why = STR("because")};
}

static struct user_account an_officer(const char *id)
{
    return (struct user_account){.id = str_from_c(id),
                                 .roles = STR("officer"),
                                 .state = USER_ACTIVE,
                                 .division = STR("6201")};
}

static struct command each_act(enum act act)
{
    struct command cmd = machine(act);
    switch ((int)act) {
    case ACT_ALERT_FALL:
        cmd.body.alert.tier = ALERT_LOW;
        break;
    case ACT_ALERT_TAKE:
    case ACT_ALERT_REFUSE:
        cmd = person(act, "nan", OFFICER);
        break;
    case ACT_ALERT_HAND_OVER:
        cmd = person(act, "nan", OFFICER);
        cmd.body.alert.officer = STR("hua");
        break;
    case ACT_ALERT_ASSIGN:
        cmd.body.alert.officer = STR("hua");
        break;
    case ACT_ALERT_UNSENT:
        cmd.body.alert.unsent = UNSENT_NOBODY;
        break;
    case ACT_ALERT_PLACE:
        cmd = person(act, "lin", OPERATOR);
        cmd.body.alert.beat = STR("b1");
        break;
    case ACT_ALERT_CONCLUDE:
        cmd = person(act, "nan", OFFICER);
        cmd.body.alert.outcome = OUTCOME_CONFIRMED;
        cmd.body.alert.saved = 100;
        break;
    case ACT_ALERT_CHECK:
        cmd = person(act, "hua", OFFICER);
        cmd.body.alert.checking = CHECKING_AGREED;
        break;
    }
    return cmd;
}

static void arrows(void **state)
{
    enum { O = ALERT_OPEN, A = ALERT_ASSIGNED, R = ALERT_REACHED, C = ALERT_CLOSED, NO = 9 };
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[ALERT_STATE_COUNT];
        const char *refusals[ALERT_STATE_COUNT];
    } rows[] = {
        {ACT_ALERT_OPEN,
         {NO, NO, NO, NO},
         {"alert.exists", "alert.exists", "alert.exists", "alert.exists"}                },
        {ACT_ALERT_RISE,      {O, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_FALL,      {O, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_FADE,      {C, A, C, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_ASSIGN,    {A, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_TAKE,      {A, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_REFUSE,
         {NO, O, NO, NO},
         {"alert.not_yours", "", "alert.not_yours", "alert.closed"}                      },
        {ACT_ALERT_HAND_OVER,
         {NO, A, NO, NO},
         {"alert.nobodys", "", "alert.nobodys", "alert.closed"}                          },
        {ACT_ALERT_WITHDRAW,
         {NO, NO, NO, NO},
         {"alert.nobodys", "alert.nobodys", "alert.nobodys", "alert.closed"}             },
        {ACT_ALERT_UNSENT,    {O, NO, R, NO}, {"", "alert.assigned", "", "alert.closed"} },
        {ACT_ALERT_PLACE,     {O, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_LATE,      {O, A, R, NO},  {"", "", "", "alert.closed"}               },
        {ACT_ALERT_ESCALATE,
         {NO, NO, NO, NO},
         {"alert.not_late", "alert.not_late", "alert.not_late", "alert.closed"}          },
        {ACT_ALERT_CONCLUDE,  {C, C, C, C},   {"", "", "", ""}                           },
        {ACT_ALERT_CHECK,
         {NO, NO, NO, NO},
         {"alert.no_outcome", "alert.no_outcome", "alert.no_outcome", "alert.no_outcome"}},
        {ACT_ALERT_ERASE,
         {NO, NO, NO, NO},
         {"alert.not_ended", "alert.not_ended", "alert.not_ended", "alert.not_ended"}    },
    };
    struct user_account hua = an_officer("hua");
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < ALERT_STATE_COUNT; from++) {
            union record own = {.alert = standing(b, from)};
            struct command cmd = each_act(rows[i].act);
            bench_own(b, &own);
            b->view.user = &hua;
            const char *why = decided(b, &cmd);
            const char *want = rows[i].to[from] == NO ? rows[i].refusals[from] : "";
            if (strcmp(why, want) != 0 ||
                (why[0] == '\0' && b->change.after.alert.state != rows[i].to[from]))
                fail_msg("%s from %s: \"%s\", %s", act_name(rows[i].act), alert_state_words[from],
                         why, alert_state_words[b->change.after.alert.state]);
        }
}

/* --- ladders --- */

static void a_new_one_has_its_first_step(void **state)
{
    struct bench *b = *state;
    struct command cmd = machine(ACT_ALERT_OPEN);
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "");
    const struct alert *a = &b->change.after.alert;
    assert_int_equal(a->state, ALERT_OPEN);
    assert_int_equal(a->means, MEANS_CALL);
    assert_int_equal(a->step_due.us, T0 + 10 * US_PER_MIN);
    assert_int_equal(a->due_at.us, T0 + HOUR);
    assert_armed(&b->change, ACT_ALERT_LATE, a->step_due.us);
    assert_armed(&b->change, ACT_ALERT_FADE, T0 + 72 * HOUR);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
}

static void told_of(struct bench *b, union record *own, unsigned means, unsigned result)
{
    struct command cmd = {.act = ACT_ALERT_STEP, .actor = centre_itself, .record = STR("A1")};
    cmd.body.outreach = (struct outreach){.means = means, .result = result, .done_at = b->at};
    bench_own(b, own);
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "");
    b->view.is_follow = false;
    *own = b->change.after;
}

/* Never the same step again, and never back. */
static void what_was_refused_goes_on(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_OPEN)};
    told_of(b, &own, MEANS_CALL, RESULT_REFUSED);
    assert_int_equal(own.alert.means, MEANS_SECOND_CALL);
    assert_int_equal(own.alert.step_due.us, T0 + 240 * US_PER_MIN);
    told_of(b, &own, MEANS_MESSAGE, RESULT_SENT); /* of before, from a telephone without a line */
    assert_int_equal(own.alert.means, MEANS_SECOND_CALL);
    told_of(b, &own, MEANS_SECOND_CALL, RESULT_NO_ANSWER);
    assert_int_equal(own.alert.means, MEANS_VISIT);
    told_of(b, &own, MEANS_VISIT, RESULT_UNREACHABLE);
    assert_int_equal(own.alert.means, MEANS_NONE);
    assert_int_equal(own.alert.state, ALERT_OPEN);
    assert_int_equal(own.alert.tries, 4);
    assert_armed(&b->change, ACT_ALERT_LATE, own.alert.due_at.us); /* nobody was reached yet */
}

static void who_is_reached_is_left_alone(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_OPEN)};
    told_of(b, &own, MEANS_CALL, RESULT_REACHED);
    assert_int_equal(own.alert.state, ALERT_REACHED);
    assert_int_equal(own.alert.means, MEANS_NONE);
    assert_int_equal(own.alert.reached_at.us, T0);
    assert_disarmed(&b->change, ACT_ALERT_LATE);
    own.alert = standing(b, ALERT_OPEN); /* an urgent one is seen at the door all the same */
    own.alert.highest = own.alert.tier = ALERT_URGENT;
    told_of(b, &own, MEANS_CALL, RESULT_REACHED);
    assert_int_equal(own.alert.means, MEANS_VISIT);
    assert_armed(&b->change, ACT_ALERT_LATE, T0 + 60 * US_PER_MIN);
}

/* From a message at once to the call of the higher ladder: nobody gets the message again. */
static void a_rise_goes_on_where_it_was(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_OPEN)};
    struct command cmd = machine(ACT_ALERT_RISE);
    own.alert.tier = own.alert.highest = ALERT_LOW;
    own.alert.means = MEANS_NONE;
    own.alert.due_at = (instant){0};
    cmd.body.alert.tier = ALERT_HIGH;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.means, MEANS_CALL);
    assert_int_equal(b->change.after.alert.step, 1);
    assert_int_equal(b->change.after.alert.rises, 2);
    assert_int_equal(b->change.after.alert.due_at.us, T0 + US_PER_DAY);
    assert_string_equal(decided(b, &cmd), ""); /* the same record again: the same */
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.no_rise");
}

static void nobody_is_woken_but_for_urgent_ones(void **state)
{
    struct bench *b = *state;
    static const struct {
        int hour;
        int minute;
        int64_t waits_min;
    } rows[] = {
        {21, 59, 0  },
        {22, 0,  540},
        {23, 30, 450},
        {0,  0,  420},
        {6,  59, 1  },
        {7,  0,  0  },
        {12, 0,  0  },
    };
    instant midnight = instant_from_civil(2026, 11, 22, 480);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        b->at = instant_add_us(midnight, rows[i].hour * HOUR + rows[i].minute * US_PER_MIN);
        assert_int_equal(ladder_not_before(&b->law, b->at).us - b->at.us,
                         rows[i].waits_min * US_PER_MIN);
    }
    b->at = instant_add_us(midnight, 23 * HOUR);
    struct command cmd = machine(ACT_ALERT_OPEN);
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.step_at.us, b->at.us);
    cmd.body.alert.tier = ALERT_LOW;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.step_at.us, b->at.us + 8 * HOUR);
    assert_int_equal(b->change.after.alert.step_due.us, b->at.us + 12 * HOUR);
    b->law.alert_quiet_until_min = b->law.alert_quiet_from_min; /* no such hours */
    assert_int_equal(ladder_not_before(&b->law, b->at).us, b->at.us);
}

static void late_ones_are_told_of_above(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_OPEN)};
    struct command late = machine(ACT_ALERT_LATE);
    struct command above = machine(ACT_ALERT_ESCALATE);
    bench_own(b, &own);
    assert_string_equal(decided(b, &late), "");
    assert_str(b->change.after.alert.told, "620102");
    assert_armed(&b->change, ACT_ALERT_ESCALATE, T0 + HOUR);
    static const char *const told[] = {"6201", "62", DIVISION_TOP};
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        own = b->change.after;
        bench_own(b, &own);
        assert_string_equal(decided(b, &above), "");
        assert_str(b->change.after.alert.told, told[i]);
    }
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &above), "alert.not_late"); /* nobody is above */
    told_of(b, &own, MEANS_CALL, RESULT_NO_ANSWER);
    assert_int_equal(own.alert.is_late, 0);
    assert_disarmed(&b->change, ACT_ALERT_ESCALATE);
}

/* --- whom nobody reaches --- */

static void what_was_spent_is_not_spent_again(void **state)
{
    struct bench *b = *state;
    static const struct {
        struct alert_spent spent;
        unsigned tier;
        unsigned withheld;
    } rows[] = {
        {{.a_number = 1},                                ALERT_HIGH,   WITHHELD_NONE  },
        {{.a_number = 2},                                ALERT_HIGH,   WITHHELD_NUMBER},
        {{.a_number = 2},                                ALERT_URGENT, WITHHELD_NONE  },
        {{.a_number = 3},                                ALERT_URGENT, WITHHELD_NUMBER},
        {{.a_day = {[ALERT_HIGH] = 9}},                  ALERT_HIGH,   WITHHELD_NONE  },
        {{.a_day = {[ALERT_HIGH] = 10}},                 ALERT_HIGH,   WITHHELD_DAY   },
        {{.a_day = {[ALERT_LOW] = 1000}},                ALERT_LOW,    WITHHELD_NONE  },
        {{.is_hushed = true, .hushed_to = ALERT_MEDIUM}, ALERT_LOW,    WITHHELD_HUSHED},
        {{.is_hushed = true, .hushed_to = ALERT_MEDIUM}, ALERT_HIGH,   WITHHELD_NONE  },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct command cmd = machine(ACT_ALERT_OPEN);
        cmd.body.alert.tier = rows[i].tier;
        b->view.spent = &rows[i].spent;
        bench_own(b, NULL);
        assert_string_equal(decided(b, &cmd), "");
        assert_int_equal(b->change.after.alert.withheld, rows[i].withheld);
        assert_int_equal(b->change.after.alert.means == MEANS_NONE,
                         rows[i].withheld != WITHHELD_NONE);
    }
    /* Who asked to be left alone is told all the same when it gets serious. */
    union record own = {.alert = standing(b, ALERT_OPEN)};
    own.alert.tier = own.alert.highest = ALERT_LOW;
    own.alert.withheld = WITHHELD_HUSHED;
    own.alert.tried = MEANS_NONE;
    struct command cmd = machine(ACT_ALERT_RISE);
    b->view.spent = &rows[8].spent;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.withheld, WITHHELD_NONE);
    assert_int_equal(b->change.after.alert.means, MEANS_CALL);
}

/* --- people --- */

static void of_two_one_has_it(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_ASSIGNED)}; /* to nan */
    struct command hua = person(ACT_ALERT_TAKE, "hua", OFFICER);
    struct command nan = person(ACT_ALERT_TAKE, "nan", OFFICER);
    struct user_account other = an_officer("lin");
    bench_own(b, &own);
    assert_string_equal(decided(b, &hua), "");
    own = b->change.after;
    bench_own(b, &own);
    assert_str(own.alert.officer, "hua");
    assert_string_equal(decided(b, &nan), "alert.taken");
    assert_string_equal(decided(b, &hua), "alert.yours");
    struct command to_lin = machine(ACT_ALERT_ASSIGN); /* what was accepted is not given away */
    to_lin.body.alert.officer = STR("lin");
    b->view.user = &other;
    assert_string_equal(decided(b, &to_lin), "alert.taken");
    struct command over = person(ACT_ALERT_HAND_OVER, "nan", OFFICER);
    over.body.alert.officer = STR("lin");
    assert_string_equal(decided(b, &over), "alert.not_yours");
    over.actor = staff("hua", OFFICER);
    assert_string_equal(decided(b, &over), "");
    assert_str(b->change.after.alert.officer, "lin");
    assert_int_equal(b->change.after.alert.taken_at.us, 0);
}

static void only_who_can_go_is_sent(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_OPEN)};
    struct command cmd = machine(ACT_ALERT_ASSIGN);
    struct user_account u = an_officer("hua");
    cmd.body.alert.officer = STR("hua");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.officer"); /* nobody of that name */
    b->view.user = &u;
    u.state = USER_DISABLED;
    assert_string_equal(decided(b, &cmd), "alert.officer");
    u = an_officer("hua");
    u.roles = STR("operator");
    assert_string_equal(decided(b, &cmd), "alert.officer");
    u = an_officer("hua");
    u.division = STR("6202");
    assert_string_equal(decided(b, &cmd), "alert.officer_division");
}

static struct command concluded(const char *user, unsigned outcome)
{
    struct command cmd = person(ACT_ALERT_CONCLUDE, user, OFFICER);
    cmd.body.alert.outcome = outcome;
    return cmd;
}

static void an_outcome_counts_once(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_CLOSED)}; /* faded while there was no line */
    struct command cmd = concluded("nan", OUTCOME_CONFIRMED);
    cmd.body.alert.saved = 5000;
    cmd.body.alert.outcome_at = at_us(T0 - 30 * US_PER_MIN);
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    const struct alert *a = &b->change.after.alert;
    assert_int_equal(a->ending, ENDING_OUTCOME);
    assert_int_equal(a->closed_at.us, own.alert.closed_at.us); /* that stays */
    assert_int_equal(a->outcome_at.us, T0 - 30 * US_PER_MIN);
    assert_int_equal(a->reached_at.us, a->outcome_at.us);
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.concluded");
    own.alert = standing(b, ALERT_OPEN);
    bench_own(b, &own);
    cmd.body.alert.outcome_at = at_us(T0 + 5 * US_PER_MIN); /* their clock is a little off */
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.outcome_at.us, T0);
    cmd.body.alert.outcome_at = at_us(T0 + 5 * US_PER_MIN + 1);
    assert_string_equal(decided(b, &cmd), "alert.outcome_time");
    cmd.body.alert.outcome_at = at_us(own.alert.opened_at.us - 5 * US_PER_MIN);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.outcome_at.us, own.alert.opened_at.us);
    cmd.body.alert.outcome_at = at_us(own.alert.opened_at.us - 5 * US_PER_MIN - 1);
    assert_string_equal(decided(b, &cmd), "alert.outcome_time");
    cmd = concluded("nan", OUTCOME_REFUTED);
    cmd.body.alert.saved = 1;
    assert_string_equal(decided(b, &cmd), "alert.money");
    cmd = concluded("nan", OUTCOME_NONE);
    assert_string_equal(decided(b, &cmd), "alert.outcome");
    cmd = concluded("nan", OUTCOME_UNREACHABLE);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.reached_at.us, 0);
}

static void the_machine_closes_nothing_that_is_worked_on(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_ASSIGNED)};
    struct command gone = machine(ACT_ALERT_FALL);
    gone.body.alert.tier = ALERT_LOW;
    gone.body.alert.is_faint = 1;
    bench_own(b, &own);
    assert_string_equal(decided(b, &gone), "");
    assert_int_equal(b->change.after.alert.state, ALERT_ASSIGNED);
    assert_int_equal(b->change.after.alert.is_faint, 1);
    own = b->change.after;
    bench_own(b, &own);
    b->view.whereabouts = STR("W1");
    struct command back = person(ACT_ALERT_REFUSE, "nan", OFFICER);
    assert_string_equal(decided(b, &back), ""); /* now nobody works on it */
    assert_int_equal(b->change.after.alert.ending, ENDING_FADED);
    assert_int_equal(b->change.follow.act, ACT_WHEREABOUTS_ERASE);
    assert_armed(&b->change, ACT_ALERT_ERASE, T0 + 180 * US_PER_DAY);
}

/* The machine asks, and takes back what it asked; never what a person decided or an officer
 * accepted. Who did not go stands in `passed`, the last twelve of them. */
static void the_machine_asks_and_takes_back(void **state)
{
    struct bench *b = *state;
    struct user_account hua = an_officer("hua");
    union record own = {.alert = standing(b, ALERT_OPEN)};
    struct command unsent = machine(ACT_ALERT_UNSENT);
    unsent.body.alert.unsent = UNSENT_NOBODY;
    bench_own(b, &own);
    assert_string_equal(decided(b, &unsent), "");
    own = b->change.after;
    bench_own(b, &own);
    assert_int_equal(own.alert.unsent, UNSENT_NOBODY);
    struct command asks = machine(ACT_ALERT_ASSIGN);
    struct command back = machine(ACT_ALERT_WITHDRAW);
    asks.body.alert.officer = STR("hua");
    b->view.user = &hua;
    assert_string_equal(decided(b, &asks), "");
    own = b->change.after;
    bench_own(b, &own);
    assert_int_equal(own.alert.is_sent, 1);
    assert_int_equal(own.alert.unsent, UNSENT_NONE);
    assert_string_equal(decided(b, &back), "");
    assert_int_equal(b->change.after.alert.state, ALERT_OPEN);
    assert_true(str_equal(b->change.after.alert.passed, STR("hua")));
    own.alert.passed = STR("a b c d e f g h i j k l");
    bench_own(b, &own);
    assert_string_equal(decided(b, &back), "");
    assert_true(str_equal(b->change.after.alert.passed, STR("b c d e f g h i j k l hua")));
    own.alert.taken_at = b->at;
    bench_own(b, &own);
    assert_string_equal(decided(b, &back), "alert.taken");
    own.alert.taken_at = (instant){0};
    own.alert.is_sent = 0; /* an operator chose hua */
    bench_own(b, &own);
    assert_string_equal(decided(b, &back), "alert.nobodys");
}

static void somebody_else_looks_again(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_CLOSED)};
    own.alert.outcome = OUTCOME_REFUTED;
    own.alert.outcome_by = STR("nan");
    own.alert.outcome_at = b->at;
    struct command cmd = person(ACT_ALERT_CHECK, "nan", OFFICER);
    cmd.body.alert.checking = CHECKING_DIFFERED;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.same_person");
    cmd.actor = staff("hua", OFFICER);
    assert_string_equal(decided(b, &cmd), "why.missing"); /* what they found instead */
    cmd.body.alert.check_note = STR("she paid after all");
    assert_string_equal(decided(b, &cmd), "");
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.checked");
    int asked = 0;
    b->law.alert_check_milli = 100;
    for (unsigned i = 0; i < 1000; i++) {
        char id[8] = {'A', (char)('a' + i % 26), (char)('a' + i / 26 % 26), (char)('a' + i / 676)};
        own.alert = standing(b, ALERT_OPEN);
        own.alert.id = str_from_c(id);
        bench_own(b, &own);
        cmd = concluded("nan", OUTCOME_REFUTED);
        assert_string_equal(decided(b, &cmd), "");
        asked += b->change.after.alert.checking == CHECKING_ASKED;
    }
    assert_in_range(asked, 60, 140);
}

static void a_later_report_counts_against_it(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_CLOSED)};
    struct command cmd = machine(ACT_ALERT_REPORT);
    cmd.body.alert.report = STR("R1");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.is_missed, 1);
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "alert.reported");
}

static void erasing_leaves_nobody(void **state)
{
    struct bench *b = *state;
    union record own = {.alert = standing(b, ALERT_CLOSED)};
    struct command cmd = machine(ACT_ALERT_ERASE);
    own.alert.note = own.alert.check_note = STR("x");
    b->at = own.alert.until;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    const struct alert *a = &b->change.after.alert;
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));
    const str gone[] = {a->pseudonym, a->subscriber, a->parts, a->note, a->check_note};
    for (size_t i = 0; i < COUNT_OF(gone); i++)
        assert_true(str_is_empty(gone[i]));
    own = b->change.after;
    bench_own(b, &own);
    cmd = concluded("nan", OUTCOME_CONFIRMED);
    assert_string_equal(decided(b, &cmd), "alert.erased");
    own.alert = standing(b, ALERT_OPEN); /* as a backup has it, and a journal says it is gone */
    b->centre.is_outbox_held = 1;
    bench_own(b, &own);
    cmd = machine(ACT_ALERT_ERASE);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.alert.state, ALERT_CLOSED);
    assert_disarmed(&b->change, ACT_ALERT_ERASE);
}

/* --- what stands beside an alert --- */

static void an_attempt_moves_the_ladder(void **state)
{
    struct bench *b = *state;
    struct alert a = standing(b, ALERT_OPEN);
    struct command cmd = person(ACT_OUTREACH_TAKE, "nan", OFFICER);
    cmd.record = STR("O1");
    cmd.body.outreach = (struct outreach){.alert = STR("A1"),
                                          .means = MEANS_CALL,
                                          .result = RESULT_REFUSED,
                                          .division = STR("620102")};
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "alert.absent");
    b->view.alert = &a;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.follow.act, ACT_ALERT_STEP);
    assert_int_equal(b->change.follow.body.outreach.result, RESULT_REFUSED);
    assert_int_equal(b->change.after.outreach.due_at.us, a.step_due.us);
    cmd.body.outreach.division = STR("6202"); /* of another's area */
    assert_string_equal(decided(b, &cmd), "permit.division");
    cmd.body.outreach.division = STR("620102");
    cmd.body.outreach.done_at = at_us(T0 + 5 * US_PER_MIN);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.outreach.done_at.us, T0);
    assert_int_equal(b->change.follow.body.outreach.done_at.us, T0);
    cmd.body.outreach.done_at = at_us(T0 + 5 * US_PER_MIN + 1);
    assert_string_equal(decided(b, &cmd), "outreach.time");
    a = standing(b, ALERT_CLOSED);
    cmd.body.outreach.done_at = at_us(a.closed_at.us); /* told late: counted */
    assert_string_equal(decided(b, &cmd), "");
    cmd.body.outreach.done_at = at_us(a.closed_at.us + 1);
    assert_string_equal(decided(b, &cmd), "alert.closed");
    a = standing(b, ALERT_OPEN);
    cmd.body.outreach.done_at = (instant){0};
    cmd.actor = centre_itself; /* the machine does what is next, when it may */
    cmd.body.outreach.means = MEANS_MESSAGE;
    assert_string_equal(decided(b, &cmd), "outreach.not_next");
    cmd.body.outreach.means = MEANS_CALL;
    a.step_at = at_us(T0 + 1);
    assert_string_equal(decided(b, &cmd), "outreach.quiet");
    a.step_at = b->at;
    assert_string_equal(decided(b, &cmd), "");
}

static void who_wants_to_be_left_alone(void **state)
{
    struct bench *b = *state;
    struct alert a = standing(b, ALERT_OPEN);
    struct command cmd = person(ACT_HUSH_ASK, "nan", OFFICER);
    cmd.record = STR("H1");
    cmd.body.hush = (struct hush){.alert = STR("A1"), .division = STR("620102")};
    struct alert_spent spent = {.is_hushed = true};
    b->view.alert = &a;
    b->view.spent = &spent;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "hush.exists");
    spent.is_hushed = false;
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.hush.highest, ALERT_MEDIUM);
    assert_armed(&b->change, ACT_HUSH_END, T0 + 90 * US_PER_DAY);
    union record own = b->change.after;
    cmd.body.hush.until = at_us(T0 + 91 * US_PER_DAY);
    assert_string_equal(decided(b, &cmd), "hush.term");
    struct command end = {.act = ACT_HUSH_END, .actor = centre_itself, .record = STR("H1")};
    bench_own(b, &own);
    assert_string_equal(decided(b, &end), "");
    assert_true(str_is_empty(b->change.after.hush.pseudonym) && b->change.is_erasing);
}

static void an_address_is_for_one_urgent_alert(void **state)
{
    struct bench *b = *state;
    struct alert a = standing(b, ALERT_OPEN);
    struct command cmd = person(ACT_WHEREABOUTS_ASK, "nan", OFFICER);
    cmd.record = STR("W1");
    cmd.body.whereabouts = (struct whereabouts){.alert = STR("A1"), .division = STR("620102")};
    b->view.alert = &a;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "whereabouts.not_urgent");
    a.highest = ALERT_URGENT;
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
    cmd.why = STR("nobody answers");
    assert_string_equal(decided(b, &cmd), "");
    assert_armed(&b->change, ACT_WHEREABOUTS_ERASE, T0 + 6 * HOUR);
    union record own = b->change.after;
    bench_own(b, &own);
    struct command read = person(ACT_WHEREABOUTS_READ, "nan", OFFICER);
    assert_string_equal(decided(b, &read), "whereabouts.not_told");
    struct command tell = person(ACT_WHEREABOUTS_TELL, "op", OPERATOR);
    tell.body.whereabouts.address = STR("sealed too");
    assert_string_equal(decided(b, &tell), "");
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &read), "");
    assert_true(b->change.is_reading);
    assert_string_equal(decided(b, &tell), "whereabouts.told");
    struct command erase = {.act = ACT_WHEREABOUTS_ERASE, .actor = centre_itself};
    assert_string_equal(decided(b, &erase), "");
    assert_true(str_is_empty(b->change.after.whereabouts.address) && b->change.is_erasing);
    own = b->change.after;
    bench_own(b, &own);
    assert_string_equal(decided(b, &erase), "whereabouts.erased");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_bench, bench_close)
        TEST(arrows),
        TEST(a_new_one_has_its_first_step),
        TEST(what_was_refused_goes_on),
        TEST(who_is_reached_is_left_alone),
        TEST(a_rise_goes_on_where_it_was),
        TEST(nobody_is_woken_but_for_urgent_ones),
        TEST(late_ones_are_told_of_above),
        TEST(what_was_spent_is_not_spent_again),
        TEST(of_two_one_has_it),
        TEST(only_who_can_go_is_sent),
        TEST(an_outcome_counts_once),
        TEST(the_machine_closes_nothing_that_is_worked_on),
        TEST(the_machine_asks_and_takes_back),
        TEST(somebody_else_looks_again),
        TEST(a_later_report_counts_against_it),
        TEST(erasing_leaves_nobody),
        TEST(an_attempt_moves_the_ladder),
        TEST(who_wants_to_be_left_alone),
        TEST(an_address_is_for_one_urgent_alert),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
