/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screening_inside - what the two files of screening know of each other, and nobody else.
 *
 * Shape     struct screening, opened up: screening.c keeps it, screening_ask.c asks it.
 * Owns      See screening.h.   Lives  See screening.h.   Fails  -
 * Threads   Each field says whose it is.   Bounds  -
 */
#ifndef YUMEN_APP_SCREEN_SCREENING_INSIDE_H
#define YUMEN_APP_SCREEN_SCREENING_INSIDE_H

#include "app/screen/screening.h"

struct screening {
    struct house *house;
    struct screen *screen;
    struct reader *reader;      /* the thread's */
    struct reader *save_reader; /* the saver's */
    struct env_thread thread;
    struct env_thread saver;
    struct env_mutex mutex; /* of the two conditions */
    struct env_cond wake;
    struct env_cond wake_saver;
    struct env_counter committed;
    struct env_counter builds;
    struct env_counter saves;
    struct env_counter asked_tables;
    struct env_counter asked_store;
    struct env_word fresh_us; /* monotonic: when the tables were last up to date */
    struct env_flag is_ready;
    struct env_flag is_stopping;
    struct env_flag wants_save;
    struct env_flag is_saving;
    uint64_t taken;     /* leaves: the thread's own */
    bool is_flooded;    /* the last change was one of many to come */
    uint64_t saved;     /* of what the file holds */
    int64_t save_at_us; /* monotonic */
    char path[PATH_BYTES + 64];
};

#endif
