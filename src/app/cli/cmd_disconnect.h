/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_disconnect - two verbs of `yumen orders`: what may be disconnected, and drafts of it.
 *
 * Shape     disconnects: the instruments of an incident or listing. propose-disconnect: drafts.
 * Owns, Lives, Threads, Bounds   As cli.h.
 * Fails     By exit code: 1 nothing may be proposed, 3 something was refused.
 */
#ifndef YUMEN_APP_CLI_CMD_DISCONNECT_H
#define YUMEN_APP_CLI_CMD_DISCONNECT_H

#include "app/cli/cli.h"

int disconnect_list(const struct command_line *line, const struct command_entry *entry);
int disconnect_propose(const struct command_line *line, const struct command_entry *entry);

#endif
