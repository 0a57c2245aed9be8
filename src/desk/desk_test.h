/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk_test - what the desk's tests share: a law, people, and one decision.
 *
 * Shape     desk_setup a turn arena; decided(...) puts the question and keeps the change.
 * Owns      The turn.   Lives  A test.   Fails  Asserts.   Threads  One.   Bounds  -
 */
#ifndef YUMEN_DESK_DESK_TEST_H
#define YUMEN_DESK_DESK_TEST_H

#include "desk/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define T0          INT64_C(1795349880000000) /* 2026-11-22 20:18 in Beijing, a Sunday */
#define YEAR        (365 * US_PER_DAY)
#define ROLES(role) ((role_set)1 << (role))

static const struct actor centre_itself = {
    .user = {.at = "centre", .size = 6},
      .kind = ACTOR_CENTRE
};
static const struct actor anybody = {
    .user = {.at = "public", .size = 6},
      .kind = ACTOR_PUBLIC
};

static inline struct actor staff(const char *user, role_set roles)
{
    return (struct actor){.user = str_from_c(user), .roles = roles, .kind = ACTOR_STAFF};
}

static inline instant at_us(int64_t us)
{
    return instant_from_us(us);
}

struct bench {
    struct arena turn;
    struct law_profile law;
    struct desk_view view;
    union record own;
    struct centre centre;
    struct change change;
    instant at;
};

static inline int bench_open(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    arena_init(&b->turn, 1 << 20);
    b->law = (struct law_profile){.name = STR("cn"),
                                  .zone_min = 480,
                                  .appeal_working_days = 5,
                                  .appeal_retention_days = 30,
                                  .listing_retention_days = 90,
                                  .session_hours = 8,
                                  .token_days = 30,
                                  .working_weekdays = 0x3e};
    b->law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_BLOCK] = YEAR;
    b->law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_ALLOW] = YEAR;
    b->law.listing_max_term_us[INDICATOR_NUMBER][ACTION_BLOCK] = 30 * US_PER_DAY;
    b->centre = (struct centre){.id = STR("c1"), .kind = CENTRE_REAL};
    b->view = (struct desk_view){.turn = &b->turn, .centre = &b->centre};
    b->at = at_us(T0);
    *state = b;
    return 0;
}

static inline int bench_close(void **state)
{
    struct bench *b = *state;
    arena_done(&b->turn);
    free(b);
    return 0;
}

/* The record the next command finds; NULL: none. */
static inline void bench_own(struct bench *b, const union record *own)
{
    b->view.own = NULL;
    if (own == NULL)
        return;
    b->own = *own;
    b->view.own = &b->own;
}

/* "" or the refusal's key. */
static inline const char *decided(struct bench *b, const struct command *cmd)
{
    struct change before = b->change;
    err e = desk_decide(&b->view, cmd, &b->law, b->at, &b->change);
    if (failed(e))
        assert_memory_equal(&b->change, &before, sizeof before); /* written only on success */
    return failed(e) ? e.why : "";
}

static inline instant timer_of(const struct change *c, enum act act, bool *ret_has)
{
    instant due = {0};
    *ret_has = false;
    for (size_t i = 0; i < c->timer_count; i++) {
        if (c->timers[i].act != act)
            continue;
        due = c->timers[i].due; /* the last word counts */
        *ret_has = true;
    }
    return due;
}

#define assert_armed(change, act, when_us)                                                         \
    do {                                                                                           \
        bool has_ = false;                                                                         \
        assert_int_equal(timer_of(change, act, &has_).us, when_us);                                \
        assert_true(has_);                                                                         \
    } while (0)
#define assert_disarmed(change, act) assert_armed(change, act, 0)

static inline bool has_effect(const struct change *c, enum effect_topic topic)
{
    for (size_t i = 0; i < c->effect_count; i++)
        if (c->effects[i] == topic)
            return true;
    return false;
}

static inline void assert_str(str found, const char *want)
{
    if (!str_equal(found, str_from_c(want)))
        fail_msg("\"%.*s\", not \"%s\"", STR_ARGS(found), want);
}

#endif
