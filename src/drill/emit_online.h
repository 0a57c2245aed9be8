/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit_online - the lines of visits.csv and messages.csv, and what the truth says of episodes.
 *
 * Shape     One function a file; emit.c opens them.
 * Owns      Nothing.   Lives  A call.   Threads  One.
 * Fails     ERR_OS, through the sheet.
 * Bounds    A line each.
 */
#ifndef YUMEN_DRILL_EMIT_ONLINE_H
#define YUMEN_DRILL_EMIT_ONLINE_H

#include "drill/online_rows.h"
#include "drill/sheet.h"
#include "drill/world.h"

extern const char emit_visits_head[];
extern const char emit_messages_head[];
extern const char emit_episodes_head[];

struct drill;

err emit_visit_line(const struct world *w, struct sheet *s, const struct visit_row *row);
err emit_message_line(const struct world *w, struct sheet *s, const struct message_row *row);
err emit_episode_line(const struct drill *d, struct sheet *s, const struct episode_row *row);

#endif
