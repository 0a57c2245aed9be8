/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

extern const struct command_entry cmd_init;
extern const struct command_entry cmd_serve;

const struct command_entry *const command_entries[] = {&cmd_init, &cmd_serve, NULL};
