/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - a centre with its people, driven by one seed, and the model of it beside.
 *
 * Shape     Each step has chance of its own, made of seed and step: leaving one out leaves the
 *           others as they are, as far as the world still lets them.
 *
 *               step --world_make--> deed --store--> answer        checks: world_check_*
 *                                      `---model---> answer   -->  NULL or what is wrong
 *
 * Owns      A trial, the model, a reader on the same file.
 * Lives     From world_open to world_close.
 * Fails     Says so, in one sentence (`const char *`, NULL is well); never aborts on purpose.
 * Threads   One.
 * Bounds    As model; WORLD_STEPS_MOST steps.
 */
#ifndef YUMEN_TESTS_WORLD_H
#define YUMEN_TESTS_WORLD_H

#include "model.h"
#include "store/worker.h"
#include "trial.h"

enum {
    WORLD_STEPS_MOST = 5000,
    WORLD_MARKS = 60000,
    WORLD_ROWS = 200,
    WORLD_ROW_TEXT = 400,
    WORLD_FAULT_TEXT = 2400,
    WORLD_STORY = 1500
};

/* A row as a source sends it, perhaps again. */
struct world_row {
    char text[WORLD_ROW_TEXT]; /* of the CSV */
    struct deed deed;
    bool is_unreadable;
    bool is_seen;
    int64_t seen_at; /* when the batch was opened that brought it */
};

struct world {
    struct trial trial;
    struct model *model;
    struct clock clock;
    struct worker worker;
    struct arena reader_arena;
    struct reader *reader;
    struct random_source dice; /* of this step */
    uint64_t seed;
    unsigned step;
    struct sign_secret secret; /* that signs now */
    int key;
    bool delivers;
    struct deed doubtful; /* refused by a disk that may have kept it all the same */
    int64_t doubtful_at;
    int leaves_checked;
    int mark_count;
    int64_t kept_until[WORLD_MARKS]; /* words that are kept beside their record, by mark */
    int listing_of[WORLD_MARKS];     /* whose words they are; NOBODY */
    int appeal_of[WORLD_MARKS];
    int lifted_of[WORLD_MARKS]; /* the listing whose end an appeal's answer explains */
    struct world_row rows[WORLD_ROWS];
    int row_count;
    char story[WORLD_STORY];
    char fault[WORLD_FAULT_TEXT];
};

#define WRONG(w, ...) (snprintf((w)->fault, sizeof(w)->fault, __VA_ARGS__), (w)->fault)

/* world_open.c */
const char *world_open(struct world *w, uint64_t seed);
void world_close(struct world *w);
/* The store alone: as a machine that is started, and stopped. */
const char *world_up(struct world *w);
void world_down(struct world *w);

/* world.c */
/* One step of it: something is done, and looked at. */
const char *world_step(struct world *w, unsigned step);
/* The long look, in between and at the end. */
const char *world_look(struct world *w);

/* world_make.c */
int world_roll(struct world *w, int sides); /* 0 to sides - 1 */
bool world_chance(struct world *w, int percent);
void world_make(struct world *w, struct deed *d);
void world_make_listing(struct world *w, struct deed *d);
/* Somebody for this act: mostly one who may. */
int world_somebody(struct world *w, enum act act, const char *division);
int world_mark(struct world *w);
const char *world_host(const char *url);
extern const char *const world_divisions[];
struct actor world_actor(const struct world *w, int who);
void world_command(struct world *w, const struct deed *d, struct command *ret_command);
void world_tell(struct world *w, const struct deed *d);

/* world.c: after the store has answered. */
bool world_is_late(const struct world *w);
const char *world_settle(struct world *w, const struct deed *d, err e);
/* world_feed.c: one batch through src/app/report/intake.c. */
const char *world_feed(struct world *w);
/* world_out.c: what leaves the building. */
err world_deliver(void *world, struct store *store, instant now);

/* world_check.c */
const char *world_check_leaves(struct world *w);
const char *world_check_record(struct world *w, enum record_kind kind, int i);
const char *world_check_all(struct world *w);
const char *world_check_verdicts(struct world *w, int count);
const char *world_check_safeguards(struct world *w);
const char *world_check_zone(struct world *w);
/* world_out.c: on a file that nobody has open. */
const char *world_check_erased(struct world *w);

#endif
