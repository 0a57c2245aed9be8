/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_show - what a centre says of the money that an incident's orders hold, for people.
 *
 * Shape     GET /v1/incidents/{id}/refund --> a table an account
 * Owns      Nothing.   Lives  A command.   Fails  By exit code.   Threads  The main thread.
 * Bounds    -
 */
#ifndef YUMEN_APP_CLI_REFUND_SHOW_H
#define YUMEN_APP_CLI_REFUND_SHOW_H

#include "app/cli/cli.h"

int refund_show(const struct command_line *line, json_value root);

#endif
