/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli_secret - a password or passphrase for a command: from a file, standard input, or a person.
 *
 * Shape     A file's first line is the secret. A person is asked twice, without an echo.
 * Owns      Nothing; the secret is in the arena of the command line.   Lives  A command.
 * Fails     "cli.password.unreadable", "cli.password.differ".
 * Threads   Main.   Bounds  4096 bytes.
 */
#ifndef YUMEN_APP_CLI_CLI_SECRET_H
#define YUMEN_APP_CLI_CLI_SECRET_H

#include "app/cli/command.h"

/* "-" is standard input. */
err secret_from_file(const struct command_line *line, const char *path, str *ret_secret);
/* `question` is a key of the catalogue. */
err secret_from_person(const struct command_line *line, const char *question, str *ret_secret);
/* The passphrase of a backup: from the file, or, where there is none, from the person there. */
err secret_passphrase(const struct command_line *line, const char *file, str *ret_secret);

#endif
