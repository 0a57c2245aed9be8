/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_verify - the server's own replay (ledger/replay.h) over a store, at the command line.
 *
 * Shape     A reader of its own on DIR/yumen.db, in one snapshot: no lock is taken, so that it
 *           works beside a running server as well as without one. What is found is printed at once.
 *
 *               DIR/yumen.db --export_walk--> replay_run --> findings, verdict
 *
 * Owns      Its reader and arenas.   Lives  A call.
 * Fails     By exit code: 1 when anything was found.
 * Threads   Main.
 * Bounds    HEADS_MAX published heads; memory as replay.h says.
 */
#ifndef YUMEN_APP_CLI_AUDIT_VERIFY_H
#define YUMEN_APP_CLI_AUDIT_VERIFY_H

#include "app/cli/command.h"

struct audit_question {
    const struct command_line *line;
    const char *head_files[COMMAND_ARGS_MAX]; /* each holds heads, one a line */
    size_t head_file_count;
    const char *key; /* public key to trust, in hexadecimal; NULL: the store's own oldest */
};

int audit_verify(const struct audit_question *question);
/* Prints the public part of the store's oldest ledger key: what a verifier is told to trust. */
int audit_key(const struct command_line *line);

#endif
