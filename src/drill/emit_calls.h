/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emit_calls - the lines of calls.csv, and of what the truth says of numbers, racks and calls.
 *
 * Shape     One function a file; emit.c opens them.
 * Owns      Nothing.   Lives  A call.   Threads  One.
 * Fails     ERR_OS, through the sheet.
 * Bounds    A line each.
 */
#ifndef YUMEN_DRILL_EMIT_CALLS_H
#define YUMEN_DRILL_EMIT_CALLS_H

#include "drill/rows.h"
#include "drill/sheet.h"
#include "drill/world.h"

extern const char emit_calls_head[];
extern const char emit_numbers_head[];
extern const char emit_racks_head[];
extern const char emit_scam_calls_head[];

err emit_call_line(const struct world *w, struct sheet *s, const struct call_row *row);
err emit_number_line(const struct world *w, struct sheet *s, const struct line_row *row);
err emit_rack_line(const struct world *w, struct sheet *s, const struct rack_row *row);
err emit_dialled_line(const struct world *w, struct sheet *s, const struct dialled_row *row);

#endif
