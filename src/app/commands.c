/* SPDX-License-Identifier: Apache-2.0 */
#include "app/command.h"

/* clang-format off */
extern const struct command_entry cmd_appeals, cmd_audit, cmd_check, cmd_ingest, cmd_init, cmd_keys,
    cmd_listings, cmd_rejects, cmd_serve, cmd_user, cmd_version;

const struct command_entry *const command_entries[] = {
    &cmd_serve, &cmd_ingest, &cmd_check, &cmd_listings, &cmd_appeals, &cmd_audit, &cmd_rejects,
    &cmd_user, &cmd_keys, &cmd_init, &cmd_version, NULL,
};
/* clang-format on */
