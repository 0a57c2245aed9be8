/* SPDX-License-Identifier: Apache-2.0 */
/*
 * demo - what a demonstration begins with: two people, and bundled real lists that one of them
 * sent in
 * and the other approved, but for a few left to be decided.
 *
 * Shape     Through the API like everybody else: users, a feed, approvals.
 * Owns      Nothing.   Lives  A call.   Threads  Main.
 * Fails     By exit code.   Bounds  The bundled files.
 */
#ifndef YUMEN_APP_CLI_DEMO_H
#define YUMEN_APP_CLI_DEMO_H

#include "app/cli/command.h"

int demo_fill(const struct command_line *line);

#endif
