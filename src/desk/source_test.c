/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a source, its entries, a conflict and a list's batch have these arrows and no other; two
 * people approve a source, no entry enters under one that is not in force, none outlasts the law,
 * and who sends a list does not accept it.
 * Method: every state with every act against tables written here; then each rule at its edge.
 */
#include "desk/desk_test.h"

#include <stdio.h>
#include <string.h>

enum {
    APPROVER = 1 << ROLE_APPROVER,
    ANALYST = 1 << ROLE_ANALYST,
    FEEDER = 1 << ROLE_FEEDER,
    TERM_DAYS = 100
};
#define MONTH (30 * US_PER_DAY)

static struct source proposal(void)
{
    return (struct source){.name = STR("phish"),
                           .kind = INDICATOR_DOMAIN,
                           .action = ACTION_BLOCK,
                           .match = MATCH_SUFFIX,
                           .reason = STR("phishing"),
                           .basis = STR("fraud_law_24"),
                           .licence = STR("MIT"),
                           .origin = STR("a test"),
                           .evidence = STR("two reports"),
                           .notice = STR("You may appeal."),
                           .rpz = STR("notice"),
                           .term_us = TERM_DAYS * US_PER_DAY,
                           .shrink_milli = 200,
                           .grow_milli = 500,
                           .division = STR("6201")};
}

/* As it stands in a state, proposed by ann and, where it was, approved by bob. */
static struct source standing(const struct bench *b, unsigned state)
{
    struct source s = proposal();
    s.id = STR("S1");
    s.state = state;
    s.proposer = STR("ann");
    s.proposed_at = at_us(b->at.us - 2 * US_PER_DAY);
    s.profile = STR("cn");
    s.max_term_us = YEAR;
    s.revision = 7;
    if (state == SOURCE_IN_FORCE || state == SOURCE_ENDED) {
        s.approver = STR("bob");
        s.decided_at = at_us(b->at.us - US_PER_DAY);
        s.until = instant_add_us(s.decided_at, YEAR);
    }
    if (state == SOURCE_ENDED || state == SOURCE_REFUSED)
        s.ended_at = at_us(b->at.us - US_PER_S);
    return s;
}

static struct command act_of(enum act act, struct actor actor, const char *record)
{
    return (struct command){
        .act = act, .actor = actor, .record = str_from_c(record), .why = STR("because")};
}

static const char *propose(struct bench *b, const struct source *s)
{
    struct command cmd = act_of(ACT_SOURCE_PROPOSE, staff("ann", ANALYST), "S1");
    cmd.body.source = *s;
    bench_own(b, NULL);
    return decided(b, &cmd);
}

/* --- the arrows of a source --- */

enum { P = SOURCE_PROPOSED, F = SOURCE_IN_FORCE, E = SOURCE_ENDED, R = SOURCE_REFUSED, NO = 99 };

static const struct arrow {
    enum act act;
    unsigned to[SOURCE_STATE_COUNT]; /* from: proposed, in force, ended, refused */
    const char *refusal;
} arrows[] = {
    {ACT_SOURCE_PROPOSE, {NO, NO, NO, NO}, "source.exists"      },
    {ACT_SOURCE_APPROVE, {F, NO, NO, NO},  "source.not_proposed"},
    {ACT_SOURCE_REFUSE,  {R, NO, NO, NO},  "source.not_proposed"},
    {ACT_SOURCE_TAKE,    {NO, F, NO, NO},  "source.not_in_force"},
    {ACT_SOURCE_END,     {NO, E, NO, NO},  "source.not_in_force"},
    {ACT_SOURCE_EXPIRE,  {NO, E, NO, NO},  "source.not_in_force"},
};

static struct actor somebody_who_may(enum act act)
{
    if (act == ACT_SOURCE_EXPIRE)
        return centre_itself;
    return act == ACT_SOURCE_APPROVE || act == ACT_SOURCE_REFUSE ? staff("cat", APPROVER)
                                                                 : staff("eve", ANALYST);
}

static const char *try(struct bench *b, unsigned state, enum act act, struct actor actor)
{
    union record own = {.source = standing(b, state)};
    struct command cmd = act_of(act, actor, "S1");
    bench_own(b, &own);
    return decided(b, &cmd);
}

static void every_arrow_and_no_other(void **state)
{
    struct bench *b = *state;
    for (size_t i = 0; i < COUNT_OF(arrows); i++)
        for (unsigned from = 0; from < SOURCE_STATE_COUNT; from++) {
            const struct arrow *a = &arrows[i];
            const char *why = try(b, from, a->act, somebody_who_may(a->act));
            bool may = a->to[from] != NO;
            if (strcmp(why, may ? "" : a->refusal) != 0)
                fail_msg("%s from %s: \"%s\"", act_name(a->act), source_state_words[from], why);
            if (!may)
                continue;
            const struct source *after = &b->change.after.source;
            assert_int_equal(after->state, a->to[from]);
            assert_int_equal(after->revision, 8);
            assert_int_equal(after->ended_at.us != 0, after->state == E || after->state == R);
        }
    for (size_t i = 1; i < COUNT_OF(arrows); i++) {
        struct command cmd = act_of(arrows[i].act, somebody_who_may(arrows[i].act), "S1");
        bench_own(b, NULL);
        assert_string_equal(decided(b, &cmd), "source.absent");
    }
}

/* --- proposing --- */

static void a_proposal_is_filled_in(void **state)
{
    struct bench *b = *state;
    struct source asked = proposal();
    asked.state = SOURCE_IN_FORCE; /* what a caller may not choose */
    asked.approver = STR("ann");
    asked.decided_at = asked.until = asked.taken_at = asked.ended_at = b->at;
    asked.size = 5;
    asked.revision = 99;
    assert_string_equal(propose(b, &asked), "");
    const struct source *s = &b->change.after.source;
    assert_true(b->change.is_new);
    assert_int_equal(s->state, SOURCE_PROPOSED);
    assert_str(s->id, "S1");
    assert_str(s->proposer, "ann");
    assert_str(s->approver, "");
    assert_str(s->profile, "cn");
    assert_int_equal(s->max_term_us, YEAR);
    assert_int_equal(s->decided_at.us + s->until.us + s->taken_at.us + s->ended_at.us, 0);
    assert_int_equal(s->size, 0);
    assert_int_equal(s->revision, 1);
}

static void names(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *name;
        const char *why;
    } rows[] = {
        {"a",            ""           },
        {"0",            ""           },
        {"phish-db_2.x", ""           },
        {"",             "source.name"},
        {"-a",           "source.name"},
        {".a",           "source.name"},
        {"A",            "source.name"},
        {"a b",          "source.name"},
        {"a/b",          "source.name"},
        {"名单",       "source.name"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source s = proposal();
        s.name = str_from_c(rows[i].name);
        assert_string_equal(propose(b, &s), rows[i].why);
    }
    static char room[65];
    memset(room, 'x', sizeof room);
    struct source s = proposal();
    s.name = str_make(room, 64);
    assert_string_equal(propose(b, &s), "");
    s.name = str_make(room, 65);
    assert_string_equal(propose(b, &s), "source.name");
}

/* Each text at its limit and one byte beyond; missing, blank, controlled. */
static void words(void **state)
{
    struct bench *b = *state;
    static const struct {
        size_t offset;
        size_t most;
        const char *name;
    } rows[] = {
        {offsetof(struct source, reason),   200,  "reason"  },
        {offsetof(struct source, basis),    200,  "basis"   },
        {offsetof(struct source, licence),  200,  "licence" },
        {offsetof(struct source, origin),   2000, "origin"  },
        {offsetof(struct source, evidence), 2000, "evidence"},
        {offsetof(struct source, notice),   2000, "notice"  },
    };
    static char room[2001];
    memset(room, 'x', sizeof room);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source s = proposal();
        str *text = (void *)((char *)&s + rows[i].offset);
        char missing[32];
        char too_long[32];
        snprintf(missing, sizeof missing, "%s.missing", rows[i].name);
        snprintf(too_long, sizeof too_long, "%s.too_long", rows[i].name);
        *text = str_make(room, rows[i].most);
        assert_string_equal(propose(b, &s), "");
        *text = str_make(room, rows[i].most + 1);
        assert_string_equal(propose(b, &s), too_long);
        *text = STR("");
        assert_string_equal(propose(b, &s), missing);
        *text = STR(" \t");
        assert_string_equal(propose(b, &s), missing);
        *text = STR("a\x01z");
        assert_string_equal(propose(b, &s), "text.control");
    }
}

static void terms_and_bounds(void **state)
{
    struct bench *b = *state;
    enum { DOMAIN = INDICATOR_DOMAIN, NUMBER = INDICATOR_NUMBER, DEVICE = INDICATOR_DEVICE };
    enum { BLOCK = ACTION_BLOCK, WARN = ACTION_WARN };
    static const struct {
        unsigned kind;
        unsigned action;
        int64_t term_us;
        int64_t shrink;
        int64_t grow;
        const char *why;
    } rows[] = {
        {DOMAIN, BLOCK, YEAR,      1000, 100000, ""                        },
        {DOMAIN, BLOCK, YEAR + 1,  0,    0,      "until.beyond_limit"      },
        {DOMAIN, BLOCK, 1,         0,    0,      ""                        },
        {DOMAIN, BLOCK, 0,         0,    0,      "source.term"             },
        {DOMAIN, BLOCK, -1,        0,    0,      "source.term"             },
        {DOMAIN, BLOCK, 1,         -1,   0,      "source.bounds"           },
        {DOMAIN, BLOCK, 1,         1001, 0,      "source.bounds"           },
        {DOMAIN, BLOCK, 1,         0,    -1,     "source.bounds"           },
        {DOMAIN, BLOCK, 1,         0,    100001, "source.bounds"           },
        {DOMAIN, WARN,  1,         0,    0,      "action.not_allowed"      },
        {DEVICE, BLOCK, 1,         0,    0,      "match.suffix_domain_only"},
        {NUMBER, BLOCK, MONTH,     0,    0,      ""                        },
        {NUMBER, BLOCK, MONTH + 1, 0,    0,      "until.beyond_limit"      },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source s = proposal();
        s.kind = rows[i].kind;
        s.match = s.kind == INDICATOR_NUMBER ? MATCH_EXACT : MATCH_SUFFIX;
        s.action = rows[i].action;
        s.term_us = rows[i].term_us;
        s.shrink_milli = rows[i].shrink;
        s.grow_milli = rows[i].grow;
        const char *why = propose(b, &s);
        if (strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].why);
    }
}

/* Whose numbers they are is said of numbers, in two letters. */
static void region(void **state)
{
    struct bench *b = *state;
    static const struct {
        unsigned kind;
        const char *region;
        const char *why;
    } rows[] = {
        {INDICATOR_NUMBER, "",    ""                  },
        {INDICATOR_NUMBER, "ES",  ""                  },
        {INDICATOR_NUMBER, "es",  "region.malformed"  },
        {INDICATOR_NUMBER, "E",   "region.malformed"  },
        {INDICATOR_NUMBER, "ESP", "region.malformed"  },
        {INDICATOR_NUMBER, "3S",  "region.malformed"  },
        {INDICATOR_DOMAIN, "ES",  "region.number_only"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct source s = proposal();
        s.kind = rows[i].kind;
        s.match = MATCH_EXACT;
        s.term_us = MONTH;
        s.region = str_from_c(rows[i].region);
        const char *why = propose(b, &s);
        if (strcmp(why, rows[i].why) != 0)
            fail_msg("row %zu: \"%s\", not \"%s\"", i, why, rows[i].why);
    }
}

/* --- deciding --- */

static void two_people(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, P, ACT_SOURCE_APPROVE, staff("ann", ANALYST | APPROVER)),
                        "source.same_person");
    assert_string_equal(try(b, P, ACT_SOURCE_APPROVE, staff("cat", APPROVER)), "");
    const struct source *s = &b->change.after.source;
    assert_str(s->approver, "cat");
    assert_int_equal(s->decided_at.us, b->at.us);
    assert_int_equal(s->until.us,
                     b->at.us + YEAR); /* the approval, no longer than the law's term */
    assert_armed(&b->change, ACT_SOURCE_EXPIRE, b->at.us + YEAR);
    assert_string_equal(try(b, P, ACT_SOURCE_REFUSE, staff("ann", ANALYST)),
                        ""); /* takes it back */
    assert_string_equal(try(b, P, ACT_SOURCE_REFUSE, staff("eve", ANALYST)), "permit.role");
}

static void ending(void **state)
{
    struct bench *b = *state;
    assert_string_equal(try(b, F, ACT_SOURCE_END, staff("eve", ANALYST)), "");
    assert_str(b->change.after.source.ended_why, "because");
    assert_str(b->change.after.source.approver, "bob");
    assert_disarmed(&b->change, ACT_SOURCE_EXPIRE);
    assert_string_equal(try(b, F, ACT_SOURCE_EXPIRE, centre_itself), "");
    assert_str(b->change.after.source.ended_why, "until.past");
    union record own = {.source = standing(b, F)};
    struct command cmd = act_of(ACT_SOURCE_END, staff("eve", ANALYST), "S1");
    cmd.why = STR(" ");
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "why.missing");
}

static void taking(void **state)
{
    struct bench *b = *state;
    union record own = {.source = standing(b, F)};
    struct command cmd = act_of(ACT_SOURCE_TAKE, staff("fay", FEEDER), "S1");
    cmd.body.source.size = 12;
    cmd.body.source.approver = STR("fay"); /* of what it brings only the size is taken */
    bench_own(b, &own);
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.source.size, 12);
    assert_int_equal(b->change.after.source.taken_at.us, b->at.us);
    assert_str(b->change.after.source.approver, "bob");
}

/* --- its entries --- */

static const char *enter(struct bench *b, const struct source *source, const char *value)
{
    struct command cmd = act_of(ACT_LISTING_ENTER, staff("fay", FEEDER), "L1");
    cmd.body.listing = (struct listing){.value = str_from_c(value),
                                        .display = str_from_c(value),
                                        .match = MATCH_SUFFIX,
                                        .reason = STR("because I say so"),
                                        .until = at_us(INSTANT_MAX_US),
                                        .proposer = STR("fay"),
                                        .approver = STR("eve"),
                                        .division = STR("6201"),
                                        .batch = STR("B1")};
    b->view.source = source;
    bench_own(b, NULL);
    return decided(b, &cmd);
}

static void entries_enter_under_an_approval(void **state)
{
    struct bench *b = *state;
    struct source s = standing(b, F);
    assert_string_equal(enter(b, &s, "evil.com"), "");
    const struct listing *l = &b->change.after.listing;
    assert_int_equal(l->state, LISTING_IN_FORCE);
    assert_str(l->source_id, "S1");
    assert_str(l->proposer, ""); /* its two people are those of the source, whatever it says */
    assert_str(l->approver, "");
    assert_str(l->reason, "");
    assert_str(l->batch, "B1");
    assert_int_equal(l->until.us, b->at.us + TERM_DAYS * US_PER_DAY);
    assert_int_equal(l->max_term_us, YEAR);
    assert_int_equal(l->match, MATCH_SUFFIX);
    assert_true(has_effect(&b->change, EFFECT_RPZ));
    s.match = MATCH_EXACT; /* an entry may be narrower than its source, never wider */
    assert_string_equal(enter(b, &s, "evil.com"), "");
    assert_int_equal(b->change.after.listing.match, MATCH_EXACT);
    assert_string_equal(enter(b, &s, ""), "value.missing");
    assert_string_equal(enter(b, NULL, "evil.com"), "source.absent");
    for (unsigned from = 0; from < SOURCE_STATE_COUNT; from++) {
        s = standing(b, from);
        assert_string_equal(enter(b, &s, "evil.com"), from == F ? "" : "source.not_in_force");
    }
    s = standing(b, F);
    s.role = SOURCE_PROTECTS;
    assert_string_equal(enter(b, &s, "evil.com"), "source.not_in_force");
    s = standing(b, F);
    s.until = b->at; /* also before its timer has rung */
    assert_string_equal(enter(b, &s, "evil.com"), "source.not_in_force");
    s.until = at_us(b->at.us + 1);
    assert_string_equal(enter(b, &s, "evil.com"), "");
}

static void renewing_never_beyond_the_law(void **state)
{
    struct bench *b = *state;
    struct source s = standing(b, F);
    static const struct {
        int64_t age; /* days since it entered */
        int64_t left;
        int64_t until; /* days from now; 0: not longer */
    } rows[] = {
        {50,  50,        TERM_DAYS},
        {0,   99,        TERM_DAYS},
        {0,   TERM_DAYS, 0        },
        {264, 50,        TERM_DAYS}, /* 264 + 100 is within 365 */
        {265, 50,        TERM_DAYS},
        {266, 50,        99       },
        {300, 50,        65       },
        {315, 50,        0        },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        union record own = {
            .listing = {.id = STR("L1"),
                        .kind = INDICATOR_DOMAIN,
                        .value = STR("evil.com"),
                        .source_id = STR("S1"),
                        .state = LISTING_IN_FORCE,
                        .from = {b->at.us - rows[i].age * US_PER_DAY},
                        .proposed_at = {b->at.us - rows[i].age * US_PER_DAY},
                        .until = {b->at.us + rows[i].left * US_PER_DAY},
                        .max_term_us = YEAR,
                        .division = STR("6201"),
                        .revision = 1}
        };
        struct command cmd = act_of(ACT_LISTING_RENEW, staff("fay", FEEDER), "L1");
        b->view.source = &s;
        bench_own(b, &own);
        const char *why = decided(b, &cmd);
        assert_string_equal(why, rows[i].until == 0 ? "listing.not_longer" : "");
        if (rows[i].until != 0)
            assert_int_equal(b->change.after.listing.until.us,
                             b->at.us + rows[i].until * US_PER_DAY);
    }
}

/* --- conflicts --- */

static const char *decide_conflict(struct bench *b, unsigned state, struct command *cmd)
{
    union record own = {
        .conflict = {.id = STR("C1"),
                     .source = STR("S1"),
                     .value = STR("bank.com"),
                     .state = state,
                     .division = STR("6201"),
                     .revision = 1}
    };
    bench_own(b, &own);
    return decided(b, cmd);
}

static void conflicts(void **state)
{
    struct bench *b = *state;
    static const enum act acts[] = {ACT_CONFLICT_FIND, ACT_CONFLICT_DISMISS, ACT_CONFLICT_LIST};
    static const unsigned to[] = {NO, CONFLICT_DISMISSED, CONFLICT_LISTED};
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        for (unsigned from = CONFLICT_OPEN; from <= CONFLICT_LISTED; from++) {
            struct command cmd = act_of(acts[i], staff("eve", ANALYST), "C1");
            cmd.body.conflict.listing = STR("L9");
            const char *why = decide_conflict(b, from, &cmd);
            if (i == 0) /* again, once what was listed has expired */
                assert_string_equal(why, from == CONFLICT_LISTED ? "" : "conflict.exists");
            else
                assert_string_equal(why, from == CONFLICT_OPEN ? "" : "conflict.decided");
            if (i == 0 && *why == '\0')
                assert_int_equal(b->change.after.conflict.state, CONFLICT_OPEN);
            if (i == 0 || *why != '\0')
                continue;
            const struct conflict *c = &b->change.after.conflict;
            assert_int_equal(c->state, to[i]);
            assert_str(c->decider, "eve");
            assert_str(c->decided_why, "because");
            assert_str(c->listing, to[i] == CONFLICT_LISTED ? "L9" : "");
        }
    struct command cmd = act_of(ACT_CONFLICT_LIST, staff("eve", ANALYST), "C1");
    assert_string_equal(decide_conflict(b, CONFLICT_OPEN, &cmd), "listing.absent");
    cmd.why = STR("");
    assert_string_equal(decide_conflict(b, CONFLICT_OPEN, &cmd), "why.missing");
    bench_own(b, NULL);
    assert_string_equal(decided(b, &cmd), "conflict.absent");
    cmd = act_of(ACT_CONFLICT_FIND, staff("fay", FEEDER), "C1");
    cmd.body.conflict = (struct conflict){.source = STR("S1"),
                                          .value = STR("bank.com"),
                                          .state = CONFLICT_LISTED,
                                          .division = STR("6201")};
    assert_string_equal(decided(b, &cmd), "");
    assert_int_equal(b->change.after.conflict.state, CONFLICT_OPEN);
    assert_int_equal(b->change.after.conflict.found_at.us, b->at.us);
}

/* --- the batch of a list --- */

static void batches_that_wait(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum act act;
        unsigned to[4]; /* from: open, waiting, done, dismissed */
        const char *refusals[4];
    } rows[] = {
        {ACT_BATCH_CLOSE,
         {BATCH_DONE, NO, NO, NO},
         {"", "batch.waits", "batch.done", "batch.done"}                    },
        {ACT_BATCH_HOLD,
         {BATCH_WAITING, NO, NO, NO},
         {"", "batch.waits", "batch.done", "batch.done"}                    },
        {ACT_BATCH_ACCEPT,
         {NO, BATCH_OPEN, NO, NO},
         {"batch.not_waiting", "", "batch.not_waiting", "batch.not_waiting"}},
        {ACT_BATCH_LAPSE,
         {NO, BATCH_DISMISSED, NO, NO},
         {"batch.not_waiting", "", "batch.not_waiting", "batch.not_waiting"}},
        {ACT_BATCH_DISMISS,
         {NO, BATCH_DISMISSED, NO, NO},
         {"batch.not_waiting", "", "batch.not_waiting", "batch.not_waiting"}},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (unsigned from = 0; from < 4; from++) {
            union record own = {
                .batch = {.id = STR("B1"),
                          .state = from,
                          .waits_for = from == BATCH_WAITING ? STR("source.shrank") : STR(""),
                          .division = STR("6201"),
                          .revision = 1}
            };
            bool is_ours = rows[i].act == ACT_BATCH_LAPSE;
            struct actor actor = is_ours ? centre_itself : staff("eve", ANALYST);
            struct command cmd = act_of(rows[i].act, actor, "B1");
            cmd.body.batch = (struct batch){.accepted = 5, .waits_for = STR("source.grew")};
            bench_own(b, &own);
            assert_string_equal(decided(b, &cmd), rows[i].refusals[from]);
            if (rows[i].to[from] == NO)
                continue;
            const struct batch *after = &b->change.after.batch;
            assert_int_equal(after->state, rows[i].to[from]);
            assert_str(after->waits_for, after->state == BATCH_WAITING ? "source.grew" : "");
            bool is_over = after->state == BATCH_DONE || after->state == BATCH_DISMISSED;
            assert_int_equal(after->closed_at.us != 0, is_over);
            cmd.actor = staff("fay", FEEDER); /* who sends it does not say that it is right */
            bool is_senders = rows[i].act == ACT_BATCH_CLOSE || rows[i].act == ACT_BATCH_HOLD;
            assert_string_equal(decided(b, &cmd), is_senders ? "" : "permit.role");
        }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_arrow_and_no_other),
        TEST(a_proposal_is_filled_in),
        TEST(names),
        TEST(words),
        TEST(terms_and_bounds),
        TEST(region),
        TEST(two_people),
        TEST(ending),
        TEST(taking),
        TEST(entries_enter_under_an_approval),
        TEST(renewing_never_beyond_the_law),
        TEST(conflicts),
        TEST(batches_that_wait),
    };
    return cmocka_run_group_tests_name("desk/source", tests, NULL, NULL);
}
