/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model - what a centre must be like after any commands, said a second time in plain arrays: no
 * SQL, no spans, nothing of src/desk or src/store.
 *
 * Shape     A deed is a command in numbers. The model says how it must be answered, and what is so
 *           afterwards: records, the timers that follow from them, one leaf after another.
 *
 *               deed --model_judge--> ERR_NONE | the class of refusal
 *               deed --model_do-----> records, leaves          time --model_pass--> records, leaves
 *
 * Owns      Nothing: one flat struct, a copy is another world.
 * Lives     A run of one seed.
 * Fails     Never; model_do wants a deed that model_judge lets pass (assert).
 * Threads   Any.
 * Bounds    The sizes below (assert).
 */
#ifndef YUMEN_TESTS_MODEL_H
#define YUMEN_TESTS_MODEL_H

#include "deed.h"

enum {
    MODEL_USERS = 60,
    MODEL_LISTINGS = 4000,
    MODEL_APPEALS = 1500,
    MODEL_SESSIONS = 1500,
    MODEL_BATCHES = 500,
    MODEL_KEYS = 500,
    MODEL_LEAVES = 60000,
};
struct model_listing {
    char id[28];
    unsigned kind, action, match, rpz, state;
    char value[64];
    char division[16];
    int64_t from, until, proposed_at, decided_at, ended_at, revision;
    int proposer, approver, batch, mark;
    uint64_t deciders; /* bit i: user i */
    bool will_begin;   /* a timer waits for `from` */
    bool is_spoken;    /* words were given for its end */
    bool is_erased, is_journaled;
    bool was_zoned; /* in the zone, or about to be */
    int64_t unzoned_at;
};

struct model_appeal {
    char id[28];
    int listing, reviewer, decider, mark;
    unsigned state;
    char division[16];
    int64_t filed_at, due_at, decided_at, revision;
    bool is_late, is_erased, is_journaled;
};

struct model_user {
    char id[28];
    role_set roles;
    unsigned state;
    char division[16];
    int proposer, approver;
    int64_t decided_at, revision;
};

struct model_session {
    char id[28];
    int user;
    unsigned kind, state;
    char division[16];
    int64_t until, revision;
};

struct model_batch {
    char id[28];
    int user;
    unsigned state;
    char division[16];
    int64_t accepted, duplicate, refused, opened_at, revision;
};

struct model_key {
    char id[28];
    unsigned kind, state;
    int64_t revision;
};

struct model_leaf {
    enum act act;
    int who;
    int record;
    int64_t at;
};

struct model {
    struct model_user users[MODEL_USERS];
    struct model_listing listings[MODEL_LISTINGS];
    struct model_appeal appeals[MODEL_APPEALS];
    struct model_session sessions[MODEL_SESSIONS];
    struct model_batch batches[MODEL_BATCHES];
    struct model_key keys[MODEL_KEYS];
    struct model_leaf leaves[MODEL_LEAVES];
    int user_count, listing_count, appeal_count, session_count, batch_count, key_count, leaf_count;
    bool is_held, is_first_run;
    int64_t centre_revision;
};

/* The law of this world, as the store is told it too (world.c). */
extern const int model_term_days[INDICATOR_KIND_COUNT][ACTION_COUNT];
enum {
    MODEL_ZONE_MIN = 480,
    MODEL_APPEAL_DAYS = 5,
    MODEL_APPEAL_KEPT_DAYS = 30,
    MODEL_LISTING_KEPT_DAYS = 90,
    MODEL_REJECT_KEPT_DAYS = 20,
    MODEL_SESSION_HOURS = 8,
    MODEL_TOKEN_DAYS = 30,
};
/* Days that are not as their weekday says: days since 1970. */
struct model_day {
    int year, month, day;
    bool is_working;
};
extern const struct model_day model_days[];
extern const int model_day_count;

enum err_code model_judge(const struct model *m, const struct deed *d, int64_t now);
void model_do(struct model *m, const struct deed *d, int64_t now);

/* model_house.c: users, sessions, batches, keys, the centre. */
bool model_may(const struct model *m, int who, enum act act, const char *division);
enum err_code model_judge_house(const struct model *m, const struct deed *d);
void model_do_house(struct model *m, const struct deed *d, int64_t now);
enum err_code model_judge_words(struct words said, int most);

/* model_time.c: what happens by itself up to `now`: each at its own moment, or late, at `now`. */
void model_pass(struct model *m, int64_t now, bool is_late);
/* The next moment at which something happens by itself; false: none. */
bool model_next(const struct model *m, int64_t *ret_due);
int64_t model_appeal_due(int64_t filed_at);

/* By brute force over all listings: VERDICT_* (screen/verdict.h). A URL comes with its host. */
int model_verdict(const struct model *m, const struct deed *asked, const char *host, int64_t at);
bool model_covers(const struct model_listing *l, unsigned kind, const char *value, int64_t at);

void model_leaf(struct model *m, enum act act, int who, int record, int64_t at);
const char *model_id(const struct model *m, enum record_kind kind, int record);

#endif
