/* SPDX-License-Identifier: Apache-2.0 */
/*
 * words - what yumen-train was asked: a verb, words, options; and how it says what went wrong.
 *
 * Shape     yumen-train [VERB] WORD... [--option VALUE | --option=VALUE] [--flag]
 * Owns      Nothing: they are argv's.   Lives  The process.   Threads  One.
 * Fails     words_read: false, and the complaint has been said.
 * Bounds    WORDS_MOST words.
 */
#ifndef YUMEN_TRAIN_WORDS_H
#define YUMEN_TRAIN_WORDS_H

#include "show/messages.h"
#include "train/rows.h"

#include <stdio.h>

enum exit_code { EXIT_DONE = 0, EXIT_USAGE = 2, EXIT_REFUSED = 3, EXIT_SYSTEM = 4 };

enum { WORDS_MOST = 32, WORDS_OPTION_BYTES = 64 };

#define OPTION_LIST(X)                                                                             \
    X(OPTION_OUT, "out", "FILE", "train.option.out")                                               \
    X(OPTION_NAME, "name", "NAME", "train.option.name")                                            \
    X(OPTION_WITHOUT, "without", "COLUMN,...", "train.option.without")                             \
    X(OPTION_SET, "set", "NAME=VALUE,...", "train.option.set")                                     \
    X(OPTION_FOLDS, "folds", "N", "train.option.folds")                                            \
    X(OPTION_REPEATS, "repeats", "N", "train.option.repeats")                                      \
    X(OPTION_SEED, "seed", "N", "train.option.seed")                                               \
    X(OPTION_AT, "at", "TIME", "train.option.at")                                                  \
    X(OPTION_REASONS, "reasons", "N", "train.option.reasons")                                      \
    X(OPTION_TRUTH, "truth", "FILE", "train.option.truth")                                         \
    X(OPTION_MODEL, "model", "MODEL", "train.option.model")                                        \
    X(OPTION_KEEP, "keep", "N", "train.option.keep")                                               \
    X(OPTION_REGION, "region", "CC", "train.option.region")                                        \
    X(OPTION_ZONE, "zone", "MINUTES", "train.option.zone")                                         \
    X(OPTION_JSON, "json", NULL, "cli.option.json")

#define X(code, name, value, help) code,
enum option { OPTION_LIST(X) OPTION_COUNT };
#undef X

struct words {
    const char *words[WORDS_MOST];
    int count;
    const char *options[OPTION_COUNT]; /* NULL: not given; "" for a flag */
    bool wants_help;
    enum language language;
    struct arena *arena;
};

bool words_read(int count, char **argv, struct words *w);
void words_put_usage(const struct words *w, FILE *out);
/* What is wrong with which word, and the usage; false. */
bool words_complain(const struct words *w, const char *word, const char *key);
/* "--out" */
const char *words_option(enum option option, char room[WORDS_OPTION_BYTES]);

str say(const struct words *w, const char *key);
/* A whole number from `least` to `most`; `usual` where the option is not given. */
err words_number(const struct words *w, enum option option, int64_t usual, int64_t most,
                 int64_t *ret_value);

/* "yumen-train: FILE, line 7, column label: sentence (key)"; the exit code that goes with it. */
int words_refuse(const struct words *w, const char *file, const struct rows_fault *fault, err e);

#endif
