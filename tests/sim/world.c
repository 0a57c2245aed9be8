/* SPDX-License-Identifier: Apache-2.0 */
/* One step after the other: commands alone and in groups, time, trouble with the disk. */
#include "world.h"

#include "env/fault.h"
#include "env/vfs.h"

#include <assert.h>
#include <stdio.h>

#define DAY_US INT64_C(86400000000)

/* --- commands --- */

static void remember(struct world *w, const struct deed *d)
{
    const struct model *m = w->model;
    if (d->act == ACT_LISTING_PROPOSE)
        w->listing_of[d->listing.mark] = m->listing_count - 1;
    if (d->act == ACT_APPEAL_FILE)
        w->appeal_of[d->appeal.mark] = m->appeal_count - 1;
    if (d->act == ACT_APPEAL_GRANT && m->leaves[m->leaf_count - 1].act == ACT_LISTING_LIFT)
        w->lifted_of[m->appeals[d->record].mark] = m->appeals[d->record].listing;
}

const char *world_settle(struct world *w, const struct deed *d, err e)
{
    enum err_code want = model_judge(w->model, d, w->trial.at.us);
    if (e.code != want)
        return WRONG(w, "answered \"%s\" (%s), not \"%s\"", err_name(e.code),
                     failed(e) ? e.why : "", err_name(want));
    if (failed(e))
        return NULL;
    model_do(w->model, d, w->trial.at.us);
    remember(w, d);
    return NULL;
}

static void make(struct world *w, struct deed *d, struct command *cmd)
{
    world_make(w, d);
    world_command(w, d, cmd);
    world_tell(w, d);
}

static const char *give_one(struct world *w)
{
    struct deed d;
    struct command cmd;
    make(w, &d, &cmd);
    return world_settle(w, &d, trial_apply(&w->trial, &cmd));
}

struct worker_job {
    struct job job; /* first: a job is it */
    struct command cmd;
    err outcome;
};

static err run_job(struct job *job, struct store *store, instant at, struct arena *turn)
{
    return store_apply(store, &((struct worker_job *)job)->cmd, at, turn, NULL);
}

static void job_done(struct job *job, err outcome)
{
    ((struct worker_job *)job)->outcome = outcome;
}

/* As a command line does: the job, then what is due, late where the clock has leapt. */
static const char *give_worker(struct world *w)
{
    struct deed d;
    struct worker_job job = {
        .job = {.run = run_job, .done = job_done}
    };
    make(w, &d, &job.cmd);
    err e = worker_run_one(&w->worker, &job.job);
    const char *fault = failed(e) ? e.why : world_settle(w, &d, job.outcome);
    model_pass(w->model, w->trial.at.us, true);
    return fault == NULL && w->fault[0] != '\0' ? w->fault : fault;
}

/* One of many in a transaction. A job may fail after its command was taken: then it never was. */
static const char *give_marked(struct world *w)
{
    struct deed d;
    struct command cmd;
    make(w, &d, &cmd);
    struct store *store = w->trial.store;
    err marked = store_mark(store);
    err e = store_apply(store, &cmd, w->trial.at, &w->trial.turn, NULL);
    bool is_lost = failed(e) || world_chance(w, 15);
    err ended = is_lost ? store_undo(store) : store_keep(store);
    if (failed(marked) || failed(ended))
        return WRONG(w, "a mark fails");
    if (!failed(e) && is_lost) {
        enum err_code want = model_judge(w->model, &d, w->trial.at.us);
        return want == ERR_NONE ? NULL : WRONG(w, "accepted, not \"%s\"", err_name(want));
    }
    return world_settle(w, &d, e);
}

static const char *give_group(struct world *w)
{
    err e = store_begin(w->trial.store);
    const char *fault = failed(e) ? e.why : NULL;
    for (int left = 2 + world_roll(w, 5); left > 0 && fault == NULL; left--)
        fault = give_marked(w);
    e = store_commit(w->trial.store, w->trial.at);
    return fault == NULL && failed(e) ? WRONG(w, "commit: %s", e.why) : fault;
}

/* The key that signs goes, another comes, as src/app/door/api_centre.c does it. */
static const char *rotate(struct world *w)
{
    struct sign_secret secret;
    struct sign_public public_part;
    struct text hex;
    sign_key_make(&secret, &public_part);
    text_init(&hex, &w->trial.turn);
    text_put_hex(&hex, public_part.bytes, SIGN_PUBLIC_BYTES);
    struct deed deeds[] = {
        {.act = ACT_KEY_ADD, .record = NEW, .division = "",          .key_kind = KEY_LEDGER},
        {.act = ACT_KEY_RETIRE,                  .record = w->key,           .division = ""},
    };
    err e = store_begin(w->trial.store);
    const char *fault = NULL;
    for (size_t i = 0; i < COUNT_OF(deeds) && !failed(e) && fault == NULL; i++) {
        struct command cmd;
        world_command(w, &deeds[i], &cmd);
        cmd.body.key.public_part = text_str(&hex);
        world_tell(w, &deeds[i]);
        fault = world_settle(w, &deeds[i],
                             store_apply(w->trial.store, &cmd, w->trial.at, &w->trial.turn, NULL));
    }
    if (!failed(e))
        e = store_commit(w->trial.store, w->trial.at);
    if (failed(e) || fault != NULL)
        return fault != NULL ? fault : WRONG(w, "a new key: %s", e.why);
    w->key = w->model->key_count - 1;
    w->secret = secret;
    store_sign_with(w->trial.store, str_from_c(w->model->keys[w->key].id), &secret);
    return NULL;
}

/* --- time --- */

/* Something is due and has not happened. */
bool world_is_late(const struct world *w)
{
    int64_t due = 0;
    return model_next(w->model, &due) && due <= w->trial.at.us;
}

static int64_t some_moment(struct world *w)
{
    int64_t now = w->trial.at.us;
    int64_t due = 0;
    bool has_due = model_next(w->model, &due) && due > now;
    switch (world_roll(w, 8)) {
    case 0:
    case 1:
        return has_due ? due - 1 : now + 1;
    case 2:
    case 3:
        return has_due ? due : now;
    case 4:
        return now + world_roll(w, 30) * DAY_US;
    }
    return now + (int64_t)random_below(&w->dice, 3 * DAY_US);
}

static void set_time(struct world *w, int64_t to)
{
    w->trial.at.us = to;
    err e = clock_set(&w->clock, w->trial.at);
    assert(!failed(e));
}

/* As a drill's clock is set: everything on the way happens at its own moment. */
static const char *pass(struct world *w)
{
    if (world_is_late(w))
        return give_worker(w);
    int64_t to = some_moment(w);
    snprintf(w->story, sizeof w->story, "the clock is set by %lld us",
             (long long)(to - w->trial.at.us));
    err e = worker_clock_set(&w->worker, instant_from_us(to));
    model_pass(w->model, to, false);
    set_time(w, to);
    if (failed(e))
        return WRONG(w, "the clock: %s", e.why);
    return w->fault[0] != '\0' ? w->fault : NULL;
}

/* The machine slept: what was due has not happened yet. */
static const char *leap(struct world *w)
{
    int64_t to = some_moment(w);
    snprintf(w->story, sizeof w->story, "the clock leaps by %lld us",
             (long long)(to - w->trial.at.us));
    set_time(w, to);
    return NULL;
}

/* --- trouble --- */

static void arm(struct world *w)
{
    static const enum fault_kind kinds[] = {FAULT_VFS_FULL, FAULT_VFS_WRITE, FAULT_VFS_SYNC,
                                            FAULT_VFS_TEAR};
    vfs_tear((size_t)world_roll(w, 4096), VFS_TEAR_REFUSE);
    enum fault_kind kind = kinds[world_roll(w, COUNT_OF(kinds))];
    uint64_t n = 1 + random_below(&w->dice, kind == FAULT_VFS_SYNC ? 2 : 12);
    if (world_chance(w, 50))
        env_fault_at(kind, n);
    else
        env_fault_from(kind, n);
}

/* A write fails: nothing was done, and the same handle goes on. */
static const char *give_refused(struct world *w)
{
    struct deed d;
    struct command cmd;
    make(w, &d, &cmd);
    arm(w);
    err e = trial_apply(&w->trial, &cmd);
    env_fault_clear();
    if (e.code != ERR_OS)
        return world_settle(w, &d, e);
    w->doubtful = d;
    w->doubtful_at = w->trial.at.us;
    return NULL;
}

/* Is this what the first leaf says that the model does not know? */
static bool is_found(struct world *w, const struct deed *d, int64_t at)
{
    struct command cmd;
    struct sql_row *row = NULL;
    bool has_row = false;
    if (model_judge(w->model, d, at) != ERR_NONE)
        return false;
    world_command(w, d, &cmd);
    err e = sql_ask(store_sql(w->trial.store),
                    "SELECT \"act\", \"record\", \"at\" FROM ledger_leaf WHERE \"idx\" = $1", &row);
    assert(!failed(e));
    sql_bind_i64(row, 1, w->model->leaf_count);
    bool is_it = !failed(sql_next(row, &has_row)) && has_row &&
                 str_equal(sql_peek(row, 0), str_from_c(act_name(d->act))) &&
                 str_equal(sql_peek(row, 1), cmd.record) && sql_i64(row, 2) == at;
    sql_done(&row);
    return is_it;
}

/*
 * What was refused may be there, but then whole: this command, or one before it whose sync failed
 * and which nothing has been written over since (src/store/README.md).
 */
static void find_doubtful(struct world *w, const struct deed *d)
{
    bool is_this = d != NULL && is_found(w, d, w->trial.at.us);
    if (!is_this && !is_found(w, &w->doubtful, w->doubtful_at))
        return;
    int64_t now = w->trial.at.us;
    w->trial.at.us = is_this ? now : w->doubtful_at;
    const char *fault = world_settle(w, is_this ? d : &w->doubtful, OK);
    assert(fault == NULL); /* is_found has judged it */
    w->trial.at.us = now;
}

/* The machine stops in the middle: what was told is there; what was not is there whole or not. */
static const char *crash(struct world *w)
{
    struct deed d;
    struct command cmd;
    make(w, &d, &cmd);
    arm(w);
    err e = trial_apply(&w->trial, &cmd);
    env_fault_clear();
    const char *fault = e.code == ERR_OS ? NULL : world_settle(w, &d, e);
    for (unsigned kind = FAULT_VFS_FULL; kind < FAULT_KIND_COUNT; kind++)
        env_fault_from((enum fault_kind)kind, 1);
    world_down(w);
    env_fault_clear();
    if (fault == NULL)
        fault = world_up(w);
    if (fault == NULL)
        find_doubtful(w, e.code == ERR_OS ? &d : NULL);
    return fault;
}

static const char *come_back(struct world *w)
{
    snprintf(w->story, sizeof w->story, "the centre is closed and opened");
    world_down(w);
    const char *fault = world_check_erased(w);
    const char *trouble = world_up(w);
    return fault != NULL ? fault : trouble;
}

static const char *deliver(struct world *w)
{
    snprintf(w->story, sizeof w->story, "the outbox is emptied");
    w->delivers = true;
    err e = world_deliver(w, w->trial.store, w->trial.at);
    return failed(e) ? WRONG(w, "delivery: %s", e.why) : world_check_zone(w);
}

/* --- a step --- */

static const struct {
    int weight;
    const char *(*run)(struct world *w);
} happenings[] = {
    {60, give_one    },
    {14, give_worker },
    {6,  give_group  },
    {4,  world_feed  },
    {14, pass        },
    {3,  leap        },
    {5,  deliver     },
    {3,  give_refused},
    {2,  crash       },
    {2,  come_back   },
    {1,  rotate      },
};

static const char *check_step(struct world *w)
{
    const char *fault = world_check_leaves(w);
    if (fault == NULL)
        fault = world_check_verdicts(w, 3);
    return fault == NULL && w->step % 10 == 0 ? world_check_safeguards(w) : fault;
}

const char *world_step(struct world *w, unsigned step)
{
    int all = 0;
    size_t i = 0;
    w->step = step;
    w->story[0] = w->fault[0] = '\0';
    random_init_seeded(&w->dice, w->seed + step * UINT64_C(0x9e3779b97f4a7c15));
    arena_reset(&w->trial.turn);
    w->delivers = world_chance(w, 70);
    for (size_t k = 0; k < COUNT_OF(happenings); k++)
        all += happenings[k].weight;
    if (world_chance(w, 50))
        set_time(w, w->trial.at.us + world_roll(w, 1000000));
    for (int at = world_roll(w, all); at >= happenings[i].weight; i++)
        at -= happenings[i].weight;
    const char *fault = happenings[i].run(w);
    return fault == NULL ? check_step(w) : fault;
}

const char *world_look(struct world *w)
{
    const char *fault = world_check_all(w);
    if (fault == NULL)
        fault = world_check_safeguards(w);
    if (fault == NULL)
        fault = world_check_verdicts(w, 100);
    if (fault == NULL)
        fault = trial_check(&w->trial);
    return fault == NULL ? come_back(w) : fault;
}
