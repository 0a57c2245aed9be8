/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/command.h"

extern const struct command_entry cmd_alerts;
extern const struct command_entry cmd_appeals;
extern const struct command_entry cmd_audit;
extern const struct command_entry cmd_backup;
extern const struct command_entry cmd_bench;
extern const struct command_entry cmd_boxes;
extern const struct command_entry cmd_check;
extern const struct command_entry cmd_conflicts;
extern const struct command_entry cmd_drill;
extern const struct command_entry cmd_ingest;
extern const struct command_entry cmd_init;
extern const struct command_entry cmd_keys;
extern const struct command_entry cmd_listings;
extern const struct command_entry cmd_orders;
extern const struct command_entry cmd_rejects;
extern const struct command_entry cmd_refund;
extern const struct command_entry cmd_report;
extern const struct command_entry cmd_restore;
extern const struct command_entry cmd_rounds;
extern const struct command_entry cmd_serve;
extern const struct command_entry cmd_sources;
extern const struct command_entry cmd_tallies;
extern const struct command_entry cmd_trace;
extern const struct command_entry cmd_train;
extern const struct command_entry cmd_user;
extern const struct command_entry cmd_version;

const struct command_entry *const command_entries[] = {
    &cmd_serve,   &cmd_ingest,  &cmd_check,   &cmd_listings, &cmd_sources, &cmd_conflicts,
    &cmd_appeals, &cmd_alerts,  &cmd_boxes,   &cmd_report,   &cmd_orders,  &cmd_rounds,
    &cmd_trace,   &cmd_refund,  &cmd_tallies, &cmd_audit,    &cmd_drill,   &cmd_train,
    &cmd_bench,   &cmd_rejects, &cmd_user,    &cmd_keys,     &cmd_backup,  &cmd_restore,
    &cmd_init,    &cmd_version, NULL,
};
