/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drill_bank - `yumen drill bank`: one bank of the drill as a process, until it is told to end.
 *
 * Shape     Options to settings; the bank runs in a thread of its own, this one waits for a signal.
 * Owns      Nothing.   Lives  The command.   Threads  The main thread.
 * Fails     By exit code (command.h); the sentence has been said.
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_DRILL_BANK_H
#define YUMEN_APP_CLI_DRILL_BANK_H

#include "app/cli/command.h"

int drill_bank(const struct command_line *line, const struct command_entry *entry);

#endif
