/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - the sub-commands of `yumen`, one const entry each, one file each.
 *
 * Shape     main finds the entry by name, reads the options all commands share, and runs it.
 *
 *               exit 0 done | 1 negative answer | 2 usage | 3 refused input | 4 system error
 *
 * Owns      Nothing.   Lives  The process.   Threads  The main thread.
 * Fails     By exit code; the sentence goes to standard error, in the language of LANG.
 * Bounds    COMMAND_ARGS_MAX words.
 */
#ifndef YUMEN_APP_CLI_COMMAND_H
#define YUMEN_APP_CLI_COMMAND_H

#include "app/call/api.h"

#include <stdlib.h>

enum {
    EXIT_DONE = 0,
    EXIT_NEGATIVE = 1,
    EXIT_USAGE = 2,
    EXIT_REFUSED = 3,
    EXIT_SYSTEM = 4,
    COMMAND_ARGS_MAX = 256,
    COMMAND_OPTIONS_MAX = 20
};

/* A flag of one command: "--role ROLE" or "--json". */
struct command_option {
    const char *name;  /* "role" */
    const char *value; /* what stands for its value in the help; NULL: it takes none */
    const char *help;  /* here and below: a key of the catalogue, or a plain English sentence */
    bool may_repeat;   /* at most one option of a command */
};

struct command_line {
    const char *data;  /* --data, else YUMEN_DATA, else ./data */
    const char *token; /* of the person who acts: YUMEN_TOKEN; NULL: the machine itself */
    bool wants_json;
    const char *values[COMMAND_OPTIONS_MAX]; /* by the entry's options; NULL: not given */
    const char *const *more;                 /* further values of the option that may repeat */
    int more_count;
    const char *const *words; /* what is no option */
    int word_count;
    enum language language;
    struct arena *arena;
};

struct command_entry {
    const char *name;
    const char *usage; /* behind the name */
    const char *help;  /* one line */
    struct command_option options[COMMAND_OPTIONS_MAX];
    int (*run)(const struct command_line *line);
};

extern const struct command_entry *const command_entries[]; /* ended by NULL */

/* From the environment; NULL when absent or empty. */
static inline const char *command_environment(const char *name)
{
    const char *value = getenv(name); /* NOLINT(concurrency-mt-unsafe): nobody here ever sets it */
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* Says what is wrong on standard error; the exit code that goes with it. */
int command_fail(const struct command_line *line, err e);
/* Likewise, of one thing among several: a file, an id. Empty: of none in particular. */
int command_fail_at(const struct command_line *line, str what, err e);
int command_usage(const struct command_entry *entry, const char *complaint);
/* The value of an option of this entry, or NULL. */
const char *command_value(const struct command_line *line, const struct command_entry *entry,
                          const char *name);

#endif
