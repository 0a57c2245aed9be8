/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screening - keeps the screening tables of a running centre equal to its store, and asks them.
 *
 * Shape     At start the tables come from their file, and what leaves have said since is taken in;
 *           without a file that fits, they are built from the listings, in the background. After
 *           each commit the thread takes in what it changed, and now and then has the tables
 *           written.
 *
 *               commit --screening_committed--> thread: leaves since -> screen_change, screen_step
 *                                                  -> saver: the file, every few minutes
 *               question --screening_enter--> tables        or, when they are not up to the last
 *                                                       commit, the store: cover.h
 *
 * Owns      Tables, two threads, a reader each.
 * Lives     From screening_open to screening_close, which writes the file a last time.
 * Fails     screening_open: ERR_OS, ERR_LIMIT. Later trouble is logged; the tables are then built
 *           anew, and until they are, questions go to the store.
 * Threads   open and close: main. committed: the store thread. The rest: any.
 * Bounds    As screen.h. Leaves since the file: SCREENING_CATCH_UP; more, and it is not used.
 */
#ifndef YUMEN_APP_SCREEN_SCREENING_H
#define YUMEN_APP_SCREEN_SCREENING_H

#include "app/house/house.h"
#include "fact/indicator.h"
#include "screen/screen.h"

enum { SCREENING_CATCH_UP = 200000 };

struct screening;

err screening_open(struct house *house);
/* Accepts a house without. */
void screening_close(struct house *house);
void screening_committed(struct house *house, uint64_t leaf_count);

/* False when the tables are not there, or not up to the last commit that was told of: then the
 * store is to be asked. */
bool screening_enter(struct house *house, struct screen_reader *ret_reader);

/* For a flood of questions: also false when the tables were last up to date longer ago than that;
 * what was committed since is then not seen yet. */
bool screening_enter_late(struct house *house, int64_t age_us, struct screen_reader *ret_reader);

/* A verdict. The tables know the row of the listing that speaks; whoever wants to tell of it reads
 * it, or has what was told of it before (told.h). */
struct screening_found {
    struct judgement judgement; /* of one found by row without its listing, until that is read */
    bool is_by_row;
    uint32_t row;
    uint64_t mark; /* leaves that the tables reflected, at least */
};

struct screening_question {
    const struct indicator *indicator;
    struct screening_found *found; /* the answer */
};

/* From the tables where they can say, else as cover_judge. */
err screening_find(struct house *house, struct reader *reader,
                   const struct screening_question *question, struct arena *turn);
/* Many at once; a batch waits a moment for tables that are a commit behind. */
enum { SCREENING_AT_ONCE = 64 };
err screening_find_many(struct house *house, struct reader *reader,
                        const struct screening_question *questions, size_t count,
                        struct arena *turn);
/* The listing of one found by row, as reader_find_told has it. When it has ended since, the
 * verdict is the store's, and nothing was found by row. */
err screening_read(struct house *house, struct reader *reader,
                   const struct screening_question *question, struct arena *turn);

struct screening_figures {
    struct screen_figures screen;
    bool is_ready;
    uint64_t committed; /* leaves */
    int64_t age_us;     /* since the tables last took something in or were up to date */
    uint64_t builds;    /* from the store */
    uint64_t saves;
    uint64_t asked_tables; /* single questions answered from the tables, */
    uint64_t asked_store;  /* and from the store */
};
struct screening_figures screening_figures(struct house *house);

#endif
