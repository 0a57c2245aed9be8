/* SPDX-License-Identifier: Apache-2.0 */
/* A centre is founded, in the store and in the model, and its first people are taken in. */
#include "env/vfs.h"
#include "world.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)

enum { READER_BYTES = 64 << 20, WORKER_TURN_BYTES = 32 << 20 };

static void set_law(struct law_profile *law)
{
    static struct law_day days[16];
    assert(model_day_count <= (int)COUNT_OF(days));
    for (int i = 0; i < model_day_count; i++)
        days[i] = (struct law_day){.year = model_days[i].year,
                                   .month = model_days[i].month,
                                   .day = model_days[i].day,
                                   .is_working = model_days[i].is_working};
    for (unsigned k = 0; k < INDICATOR_KIND_COUNT; k++)
        for (unsigned a = 0; a < ACTION_COUNT; a++)
            law->listing_max_term_us[k][a] = model_term_days[k][a] * DAY_US;
    law->days = days;
    law->day_count = (size_t)model_day_count;
    law->zone_min = MODEL_ZONE_MIN;
    law->appeal_working_days = MODEL_APPEAL_DAYS;
    law->appeal_retention_days = MODEL_APPEAL_KEPT_DAYS;
    law->listing_retention_days = MODEL_LISTING_KEPT_DAYS;
    law->reject_retention_days = MODEL_REJECT_KEPT_DAYS;
    law->session_hours = MODEL_SESSION_HOURS;
    law->token_days = MODEL_TOKEN_DAYS;
    law->phone_region = STR("CN");
    law->notice = STR("This was used to deceive people.");
}

static void founder(struct model *m, const char *name, const char *roles)
{
    struct model_user *u = &m->users[m->user_count];
    *u = (struct model_user){.state = USER_ACTIVE, .revision = 1, .decided_at = TRIAL_T0};
    snprintf(u->id, sizeof u->id, "%s", name);
    err e = role_set_parse(str_from_c(roles), &u->roles);
    assert(!failed(e));
    model_leaf(m, ACT_USER_PROPOSE, WHO_CENTRE, m->user_count++, TRIAL_T0);
}

/* As trial.c founds it. */
static void found_model(struct model *m)
{
    *m = (struct model){.is_first_run = true, .centre_revision = 1, .key_count = 1};
    m->keys[0] = (struct model_key){.id = "k1", .kind = KEY_LEDGER, .revision = 1};
    model_leaf(m, ACT_CENTRE_OPEN, WHO_CENTRE, 0, TRIAL_T0);
    model_leaf(m, ACT_KEY_ADD, WHO_CENTRE, 0, TRIAL_T0);
    founder(m, "centre", "operator");
    founder(m, "ann", "analyst");
    founder(m, "fay", "feeder");
    founder(m, "bob", "approver");
    founder(m, "cat", "approver,commander");
    founder(m, "dan", "approver");
    founder(m, "sue", "commander");
}

static void on_trouble(void *world, const char *where, err e)
{
    struct world *w = world;
    WRONG(w, "trouble with %s: %s (%u)", where, e.why, e.at);
}

const char *world_up(struct world *w)
{
    w->trial.seed = random_u64(&w->dice); /* or ids would come again */
    err e = trial_open(&w->trial);
    if (failed(e))
        return WRONG(w, "the store does not open: %s (%u)", e.why, e.at);
    char id[32];
    snprintf(id, sizeof id, "k%d", w->key + 1);
    store_sign_with(w->trial.store, str_from_c(id), &w->secret);
    w->worker.store = w->trial.store;
    arena_reset(&w->reader_arena);
    e = reader_open(&w->reader_arena, w->trial.path, &w->reader);
    return failed(e) ? WRONG(w, "no reader opens: %s", e.why) : NULL;
}

void world_down(struct world *w)
{
    reader_close(w->reader);
    w->reader = NULL;
    trial_close(&w->trial);
}

/* Admins, some of them more than that, and people of provinces. */
static const char *take_in_people(struct world *w)
{
    static const struct {
        role_set roles;
        const char *division;
    } people[] = {
        {1 << ROLE_ADMIN,                        ""    },
        {1 << ROLE_ADMIN | 1 << ROLE_COMMANDER,  ""    },
        {1 << ROLE_ADMIN | 1 << ROLE_ANALYST,    "62"  },
        {1 << ROLE_ANALYST | 1 << ROLE_APPROVER, "62"  },
        {1 << ROLE_COMMANDER,                    "6201"},
        {1 << ROLE_AUDITOR,                      ""    },
        {1 << ROLE_FEEDER,                       "6201"},
        {1 << ROLE_OPERATOR,                     "62"  },
        {1 << ROLE_OFFICER,                      ""    },
    };
    const char *fault = NULL;
    for (size_t i = 0; i < COUNT_OF(people) && fault == NULL; i++) {
        struct deed d = {.act = ACT_USER_PROPOSE, .record = NEW, .division = people[i].division};
        d.user.roles = people[i].roles;
        struct command cmd;
        world_command(w, &d, &cmd);
        fault = world_settle(w, &d, trial_apply(&w->trial, &cmd));
    }
    return fault;
}

const char *world_open(struct world *w, uint64_t seed)
{
    memset(w, 0, sizeof *w);
    w->seed = seed;
    w->model = malloc(sizeof *w->model);
    assert(w->model != NULL);
    found_model(w->model);
    random_init_seeded(&w->dice, seed);
    trial_init(&w->trial, "world", seed);
    set_law(&w->trial.law);
    w->trial.centre_kind = CENTRE_REAL;
    w->trial.layer = VFS_FAULT_NAME;
    w->secret = w->trial.secret;
    arena_init(&w->reader_arena, READER_BYTES);
    clock_init_manual(&w->clock, w->trial.at);
    w->worker = (struct worker){
        .clock = &w->clock,
        .turn_bytes = WORKER_TURN_BYTES,
        .port = {.self = w, .deliver = world_deliver, .trouble = on_trouble},
    };
    const char *fault = world_up(w);
    return fault == NULL ? take_in_people(w) : fault;
}

void world_close(struct world *w)
{
    world_down(w);
    trial_done(&w->trial);
    arena_done(&w->reader_arena);
    free(w->model);
    w->model = NULL;
}
