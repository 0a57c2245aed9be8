/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a listing's life has these arrows and no other; two people make a measure, one sets free;
 * nothing outlasts the law or begins in the past; what ends is erased, and only what has ended.
 * Method: every state with every act against a table written here; then each rule at its edge, one
 * step on either side.
 */
#include "desk/desk_test.h"

#include <stdio.h>
#include <string.h>

enum { APPROVER = 1 << ROLE_APPROVER, ANALYST = 1 << ROLE_ANALYST };

static struct listing proposal(const struct bench *b)
{
    return (struct listing){.kind = INDICATOR_DOMAIN,
                            .value = STR("evil.com"),
                            .display = STR("evil.com"),
                            .action = ACTION_BLOCK,
                            .reason = STR("phishing"),
                            .evidence = STR("two reports"),
                            .basis = STR("fraud_law_24"),
                            .source = STR("desk"),
                            .notice = STR("You may appeal."),
                            .until = instant_add_us(b->at, 10 * US_PER_DAY),
                            .division = STR("6201")};
}

/* A listing as it stands in a state, proposed by ann and approved by bob. */
static union record standing(const struct bench *b, unsigned state)
{
    union record r = {.listing = proposal(b)};
    struct listing *l = &r.listing;
    l->id = STR("L1");
    l->state = state;
    l->from = l->proposed_at = at_us(b->at.us - US_PER_DAY);
    l->proposer = STR("ann");
    l->deciders = STR("ann");
    l->rpz = STR("notice");
    l->revision = 7;
    bool was_approved = state != LISTING_PROPOSED && state != LISTING_REFUSED;
    if (was_approved) {
        l->approver = STR("bob");
        l->deciders = STR("ann bob");
        l->decided_at = at_us(b->at.us - US_PER_HOUR);
    }
    if (state != LISTING_PROPOSED && state != LISTING_IN_FORCE)
        l->ended_at = at_us(b->at.us - US_PER_S);
    return r;
}

static struct command act_of(enum act act, struct actor actor)
{
    return (struct command){.act = act, .actor = actor, .record = STR("L1"), .why = STR("because")};
}

static const char *propose(struct bench *b, const struct listing *l)
{
    struct command cmd = act_of(ACT_LISTING_PROPOSE, staff("ann", ANALYST));
    cmd.body.listing = *l;
    bench_own(b, NULL);
    return decided(b, &cmd);
}

static const char *try(struct bench *b, unsigned state, enum act act, struct actor actor)
{
    union record own = standing(b, state);
    struct command cmd = act_of(act, actor);
    bench_own(b, &own);
    return decided(b, &cmd);
}

/* --- the arrows --- */

enum {
    P = LISTING_PROPOSED,
    F = LISTING_IN_FORCE,
    X = LISTING_EXPIRED,
    L = LISTING_LIFTED,
    R = LISTING_REFUSED,
    NO = LISTING_STATE_COUNT
};

static const struct arrow {
    enum act act;
    unsigned to[LISTING_STATE_COUNT]; /* from: proposed, in force, expired, lifted, refused */
    const char *refusal;
} arrows[] = {
    {ACT_LISTING_PROPOSE, {NO, NO, NO, NO, NO}, "listing.exists"      },
    {ACT_LISTING_APPROVE, {F, NO, NO, NO, NO},  "listing.not_proposed"},
    {ACT_LISTING_REFUSE,  {R, NO, NO, NO, NO},  "listing.not_proposed"},
    {ACT_LISTING_LIFT,    {NO, L, NO, NO, NO},  "listing.not_in_force"},
    {ACT_LISTING_BEGIN,   {NO, F, NO, NO, NO},  "listing.not_in_force"},
    {ACT_LISTING_EXPIRE,  {R, X, NO, NO, NO},   "listing.ended"       },
    {ACT_LISTING_HEAR,    {P, F, X, L, R},      ""                    },
    {ACT_LISTING_ERASE,   {NO, NO, X, L, R},    "listing.not_ended"   },
    {ACT_LISTING_READ,    {P, F, X, L, R},      ""                    },
};

static struct actor somebody_who_may(enum act act)
{
    if (act == ACT_LISTING_PROPOSE)
        return staff("eve", ANALYST);
    bool is_staffs =
        act == ACT_LISTING_APPROVE || act == ACT_LISTING_REFUSE || act == ACT_LISTING_LIFT;
    return is_staffs ? staff("cat", APPROVER) : centre_itself;
}

static void check_arrow(struct bench *b, const struct arrow *a, unsigned from)
{
    const char *why = try(b, from, a->act, somebody_who_may(a->act));
    bool may = a->to[from] != NO;
    if (strcmp(why, may ? "" : a->refusal) != 0)
        fail_msg("%s from %s: \"%s\"", act_name(a->act), listing_state_words[from], why);
    if (!may)
        return;
    const struct listing *after = &b->change.after.listing;
    assert_int_equal(after->state, a->to[from]);
    assert_false(b->change.is_new);
    assert_int_equal(b->change.is_reading, a->act == ACT_LISTING_READ);
    assert_int_equal(b->change.is_erasing, a->act == ACT_LISTING_ERASE);
    assert_int_equal(after->revision, a->act == ACT_LISTING_READ ? 7 : 8);
    bool has_ended = after->state != P && after->state != F;
    assert_int_equal(after->ended_at.us != 0, has_ended);
}

static void every_arrow_and_no_other(void **state)
{
    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        for (unsigned from = 0; from < LISTING_STATE_COUNT; from++)
            check_arrow(*state, &arrows[i], from);
}

static void what_is_not_there(void **state)
{
    struct bench *b = *state;
    for (size_t i = 1; i < COUNT_OF(arrows); i++) {
        struct command cmd = act_of(arrows[i].act, somebody_who_may(arrows[i].act));
        cmd.body.listing = proposal(b);
        bench_own(b, NULL);
        assert_string_equal(decided(b, &cmd), "listing.absent");
    }
}

/* --- proposing --- */

static void a_proposal_is_filled_in(void **state)
{
    struct bench *b = *state;
    struct listing asked = proposal(b);
    asked.state = LISTING_IN_FORCE; /* what a caller may not choose */
    asked.approver = STR("ann");
    asked.deciders = STR("nobody");
    asked.decided_at = asked.ended_at = b->at;
    asked.revision = 99;
    assert_string_equal(propose(b, &asked), "");
    const struct listing *l = &b->change.after.listing;
    assert_true(b->change.is_new);
    assert_int_equal(l->state, LISTING_PROPOSED);
    assert_str(l->id, "L1");
    assert_str(l->proposer, "ann");
    assert_str(l->deciders, "ann");
    assert_str(l->approver, "");
    assert_str(l->profile, "cn");
    assert_str(l->rpz, "notice");
    assert_int_equal(l->max_term_us, YEAR);
    assert_int_equal(l->from.us, b->at.us);
    assert_int_equal(l->decided_at.us + l->ended_at.us, 0);
    assert_int_equal(l->revision, 1);
    assert_true(has_effect(&b->change, EFFECT_STREAM));
    assert_false(has_effect(&b->change, EFFECT_RPZ));
    assert_false(b->change.has_follow);
}

static void the_laws_terms(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned kind;
        unsigned action;
        int64_t from; /* from now on; 0: not said */
        int64_t until;
        const char *why;
    } rows[] = {
  /* a term counts from today, or from its beginning when that has passed */
        {INDICATOR_DOMAIN, ACTION_BLOCK, 0,           YEAR,                  ""                  },
        {INDICATOR_DOMAIN, ACTION_BLOCK, 0,           YEAR + 1,              "until.beyond_limit"},
        {INDICATOR_DOMAIN, ACTION_BLOCK, 0,           1,                     ""                  },
        {INDICATOR_DOMAIN, ACTION_BLOCK, 0,           0,                     "until.past"        },
        {INDICATOR_DOMAIN, ACTION_BLOCK, 0,           -1,                    "until.past"        },
        {INDICATOR_DOMAIN, ACTION_BLOCK, US_PER_DAY,  US_PER_DAY,            "until.before_from" },
        {INDICATOR_DOMAIN, ACTION_BLOCK, US_PER_DAY,  US_PER_DAY + 1,        ""                  },
        {INDICATOR_DOMAIN, ACTION_BLOCK, US_PER_DAY,  YEAR,                  ""                  },
        {INDICATOR_DOMAIN, ACTION_BLOCK, US_PER_DAY,  YEAR + 1,              "until.beyond_limit"},
        {INDICATOR_DOMAIN, ACTION_BLOCK, -US_PER_DAY, YEAR - US_PER_DAY,     ""                  },
        {INDICATOR_DOMAIN, ACTION_BLOCK, -US_PER_DAY, YEAR - US_PER_DAY + 1, "until.beyond_limit"},
        {INDICATOR_DOMAIN, ACTION_BLOCK, -YEAR,       1,                     "until.beyond_limit"},
        {INDICATOR_NUMBER, ACTION_BLOCK, 0,           30 * US_PER_DAY,       ""                  },
        {INDICATOR_NUMBER, ACTION_BLOCK, 0,           30 * US_PER_DAY + 1,   "until.beyond_limit"},
        {INDICATOR_DOMAIN, ACTION_WARN,  0,           US_PER_DAY,            "action.not_allowed"},
        {INDICATOR_DEVICE, ACTION_BLOCK, 0,           US_PER_DAY,            "action.not_allowed"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct listing l = proposal(b);
        l.kind = rows[i].kind;
        l.action = rows[i].action;
        l.from = at_us(rows[i].from == 0 ? 0 : b->at.us + rows[i].from);
        l.until = at_us(b->at.us + rows[i].until);
        const char *why = propose(b, &l);
        if (strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].why);
    }
}

/* Each text at its limit and one byte beyond; missing, blank, controlled, not UTF-8. */
static void words(void **state)
{
    struct bench *b = *state;
    static const struct {
        size_t offset;
        size_t most;
        const char *name;
    } rows[] = {
        {offsetof(struct listing, reason),   200,  "reason"  },
        {offsetof(struct listing, basis),    200,  "basis"   },
        {offsetof(struct listing, source),   200,  "source"  },
        {offsetof(struct listing, evidence), 4000, "evidence"},
        {offsetof(struct listing, notice),   2000, "notice"  },
    };
    static char room[4001];
    memset(room, 'x', sizeof room);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct listing l = proposal(b);
        str *text = (void *)((char *)&l + rows[i].offset);
        char missing[32];
        char too_long[32];
        snprintf(missing, sizeof missing, "%s.missing", rows[i].name);
        snprintf(too_long, sizeof too_long, "%s.too_long", rows[i].name);
        *text = str_make(room, rows[i].most);
        assert_string_equal(propose(b, &l), "");
        *text = str_make(room, rows[i].most + 1);
        assert_string_equal(propose(b, &l), too_long);
        *text = STR("");
        assert_string_equal(propose(b, &l), missing);
        *text = STR(" \t\n");
        assert_string_equal(propose(b, &l), missing);
        *text = STR("a\x01z");
        assert_string_equal(propose(b, &l), "text.control");
        *text = STR("a\x7fz");
        assert_string_equal(propose(b, &l), "text.control");
        *text = STR("a\xffz");
        assert_string_equal(propose(b, &l), "text.not_utf8");
        *text = STR("两个举报\r\n\tline");
        assert_string_equal(propose(b, &l), "");
    }
}

static void other_fields(void **state)
{
    struct bench *b = *state;
    struct listing l = proposal(b);
    l.value = STR("");
    assert_string_equal(propose(b, &l), "value.missing");
    l = proposal(b);
    l.match = MATCH_SUFFIX;
    assert_string_equal(propose(b, &l), "");
    l.kind = INDICATOR_NUMBER;
    assert_string_equal(propose(b, &l), "match.suffix_domain_only");
    static const struct {
        int64_t milli;
        const char *why;
    } scores[] = {
        {0,      ""           },
        {100000, ""           },
        {-1,     "score.range"},
        {100001, "score.range"},
    };
    for (size_t i = 0; i < COUNT_OF(scores); i++) {
        l = proposal(b);
        l.score_milli = scores[i].milli;
        assert_string_equal(propose(b, &l), scores[i].why);
    }
}

/* --- deciding --- */

static void two_people(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, staff("ann", APPROVER | ANALYST)),
                        "listing.same_person");
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, staff("cat", APPROVER)), "");
    const struct change *c = &b->change;
    assert_str(c->after.listing.approver, "cat");
    assert_str(c->after.listing.deciders, "ann cat");
    assert_int_equal(c->after.listing.decided_at.us, b->at.us);
    assert_true(has_effect(c, EFFECT_RPZ) && has_effect(c, EFFECT_STREAM));
    bool has_timer = true;
    timer_of(c, ACT_LISTING_BEGIN, &has_timer);
    assert_false(has_timer); /* it began when it was proposed */
}

static void approving_too_late_or_too_early(void **state)
{
    struct bench *b = *state;
    union record own = standing(b, P);
    struct command cmd = act_of(ACT_LISTING_APPROVE, staff("cat", APPROVER));
    own.listing.until = b->at;
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "until.past");
    own.listing.until = at_us(b->at.us + 1);
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    own.listing.until = at_us(b->at.us + 2 * US_PER_DAY);
    own.listing.from = at_us(b->at.us + US_PER_DAY);
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_armed(&b->change, ACT_LISTING_BEGIN, b->at.us + US_PER_DAY);
}

static void refusing(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, P, ACT_LISTING_REFUSE, staff("ann", ANALYST)),
                        ""); /* takes it back */
    assert_string_equal(try(b, P, ACT_LISTING_REFUSE, staff("eve", ANALYST)), "permit.role");
    assert_string_equal(try(b, P, ACT_LISTING_REFUSE, staff("cat", APPROVER)), "");
    assert_str(b->change.after.listing.approver, "");
    assert_false(has_effect(&b->change, EFFECT_RPZ)); /* it never was in the zone */
    struct command cmd = act_of(ACT_LISTING_REFUSE, staff("cat", APPROVER));
    cmd.why = STR(" \u3000"); /* as a Chinese keyboard types it */
    assert_string_equal(decided(b, &cmd), "why.missing");
}

/* What ends has one timer left: the one that erases it. */
static void ending(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned from;
        enum act act;
        const char *why;
        bool has_rpz;
    } rows[] = {
        {P, ACT_LISTING_REFUSE, "because",    false},
        {P, ACT_LISTING_EXPIRE, "until.past", false},
        {F, ACT_LISTING_LIFT,   "because",    true },
        {F, ACT_LISTING_EXPIRE, "until.past", true },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_string_equal(try(b, rows[i].from, rows[i].act, somebody_who_may(rows[i].act)), "");
        const struct change *c = &b->change;
        assert_str(c->after.listing.ended_why, rows[i].why);
        assert_int_equal(c->after.listing.ended_at.us, b->at.us);
        assert_disarmed(c, ACT_LISTING_BEGIN);
        assert_armed(c, ACT_LISTING_ERASE, b->at.us + 90 * US_PER_DAY);
        assert_int_equal(has_effect(c, EFFECT_RPZ), rows[i].has_rpz);
        assert_true(has_effect(c, EFFECT_STREAM));
        assert_false(c->has_follow);
    }
}

static void lifting_wants_a_reason(void **state)
{
    struct bench *b = *state;
    union record own = standing(b, F);
    struct command cmd =
        act_of(ACT_LISTING_LIFT, staff("ann", ANALYST)); /* her own: one is enough */
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "why.missing");
}

/* The answer to an appeal may be longer than a reason of one's own. */
static void a_granted_appeal_lifts_with_its_answer(void **state)
{
    struct bench *b = *state;
    static char answer[4000];
    union record own = standing(b, F);
    struct command cmd = act_of(ACT_LISTING_LIFT, staff("sue", ROLES(ROLE_COMMANDER)));
    memset(answer, 'x', sizeof answer);
    cmd.why = str_make(answer, sizeof answer);
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "why.too_long");
    b->view.is_follow = true;
    assert_string_equal(decided(b, &cmd), "");
    b->view.is_follow = false;
}

static void first_run_ends(void **state)
{
    struct bench *b = *state;
    b->centre.is_first_run = 1;
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, staff("cat", APPROVER)), "");
    assert_true(b->change.has_follow);
    assert_int_equal(b->change.follow.act, ACT_CENTRE_SETTLE);
    assert_str(b->change.follow.record, "c1");
    b->centre.is_first_run = 0;
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, staff("cat", APPROVER)), "");
    assert_false(b->change.has_follow);
}

static void hearing_and_reading(void **state)
{
    struct bench *b = *state;
    union record own = standing(b, F);
    struct command cmd = act_of(ACT_LISTING_HEAR, staff("sue", ROLES(ROLE_COMMANDER)));
    bench_own(b, &own);
    b->view.is_follow = true; /* of an appeal's decision */
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.listing.deciders, "ann bob sue");
    cmd.actor = staff("bob", APPROVER);
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.listing.deciders, "ann bob");
    b->view.is_follow = false;
    cmd = act_of(ACT_LISTING_READ, staff("eve", ROLES(ROLE_AUDITOR)));
    assert_string_equal(decided(b, &cmd), "");
    assert_str(b->change.after.listing.deciders, "ann bob"); /* a reader decides nothing */
    cmd.why = STR("");
    assert_string_equal(decided(b, &cmd), "purpose.missing");
}

/* --- erasing --- */

static void check_blank(const struct bench *b)
{
    const struct listing *l = &b->change.after.listing;
    assert_str(l->value, "erased-L1");
    assert_str(l->display, "");
    assert_str(l->evidence, "erased");
    assert_str(l->notice, "erased");
    assert_str(l->ended_why, "");
    assert_str(l->basis, "fraud_law_24"); /* what is no personal data stays for the statistics */
    assert_true(b->change.is_erasing && has_effect(&b->change, EFFECT_ERASURE));
    assert_disarmed(&b->change, ACT_LISTING_ERASE);
}

static void erasing(void **state)
{
    struct bench *b = *state;
    static const unsigned ended[] = {X, L, R};
    for (size_t i = 0; i < COUNT_OF(ended); i++) {
        union record own = standing(b, ended[i]);
        assert_string_equal(try(b, ended[i], ACT_LISTING_ERASE, centre_itself), "");
        check_blank(b);
        assert_int_equal(b->change.after.listing.ended_at.us, own.listing.ended_at.us);
        assert_false(has_effect(&b->change, EFFECT_RPZ));
    }
}

/* Goal: what a journal names is erased in a restored store from any state, and has ended then. */
static void erasing_after_a_restore(void **state)
{
    struct bench *b = *state;
    b->centre.is_outbox_held = 1;
    static const unsigned to[LISTING_STATE_COUNT] = {[P] = R, [F] = L, [X] = X, [L] = L, [R] = R};
    for (unsigned from = 0; from < LISTING_STATE_COUNT; from++) {
        bool was_running = from == P || from == F;
        assert_string_equal(try(b, from, ACT_LISTING_ERASE, centre_itself), "");
        check_blank(b);
        assert_int_equal(b->change.after.listing.state, to[from]);
        assert_int_equal(b->change.after.listing.ended_at.us,
                         was_running ? b->at.us : b->at.us - US_PER_S);
        assert_int_equal(has_effect(&b->change, EFFECT_RPZ), from == F);
        if (!was_running)
            continue;
        assert_disarmed(&b->change, ACT_LISTING_BEGIN);
    }
    b->view.centre = NULL; /* before the centre is opened nothing is restored */
    assert_string_equal(try(b, F, ACT_LISTING_ERASE, centre_itself), "listing.not_ended");
}

/* Goal: nobody acts outside their division, and the record's counts, not the body's. */
static void divisions(void **state)
{
    struct bench *b = *state;
    struct actor cat = staff("cat", APPROVER);
    cat.division = STR("6201");
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, cat), "");
    cat.division = STR("6202");
    assert_string_equal(try(b, P, ACT_LISTING_APPROVE, cat), "permit.division");
    struct command cmd = act_of(ACT_LISTING_APPROVE, cat);
    cmd.body.listing.division = STR("6202");
    assert_string_equal(decided(b, &cmd), "permit.division");
    struct listing l = proposal(b);
    struct command new = act_of(ACT_LISTING_PROPOSE, staff("ann", ANALYST));
    new.actor.division = STR("6202");
    new.body.listing = l;
    bench_own(b, NULL);
    assert_string_equal(decided(b, &new), "permit.division");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_arrow_and_no_other),
        TEST(what_is_not_there),
        TEST(a_proposal_is_filled_in),
        TEST(the_laws_terms),
        TEST(words),
        TEST(other_fields),
        TEST(two_people),
        TEST(approving_too_late_or_too_early),
        TEST(refusing),
        TEST(ending),
        TEST(lifting_wants_a_reason),
        TEST(a_granted_appeal_lifts_with_its_answer),
        TEST(first_run_ends),
        TEST(hearing_and_reading),
        TEST(erasing),
        TEST(erasing_after_a_restore),
        TEST(divisions),
    };
    return cmocka_run_group_tests_name("desk/listing", tests, NULL, NULL);
}
