/* SPDX-License-Identifier: Apache-2.0 */
/*
 * warn_report - the figures of a pool of histories, for people. For tests/sim alone.
 *
 * Shape     Markdown on standard output. Precision at another prevalence follows from the alerts
 *           that were counted: scams and touched count `share` times over, the rest once; the
 *           bounds are those of scams among scams and rest, carried over.
 * Owns      Nothing.   Lives  -   Threads  One.   Fails  Never.   Bounds  -
 */
#ifndef YUMEN_SIM_WARN_REPORT_H
#define YUMEN_SIM_WARN_REPORT_H

#include "warn_judge.h"

/* `prevalence`: of how common scams are; 1: as they are. */
void report_pool(const char *title, struct judge_sums *s, double prevalence);
void report_curve(const struct judge_sums *s);
void report_line(const char *title, struct judge_sums *s);
void report_line_head(void);

#endif
