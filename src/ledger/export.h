/* SPDX-License-Identifier: Apache-2.0 */
/*
 * export - the lines of an export of the ledger, which anybody's verifier can read
 * (docs/formats/ledger.md). One JSON object a line, in the order of the functions below.
 *
 * Shape     put_start, put_entry..., put_row..., put_head...
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     text_spent() after the last put.
 * Bounds    What is said must be UTF-8: that is the store's promise for all its text.
 */
#ifndef YUMEN_LEDGER_EXPORT_H
#define YUMEN_LEDGER_EXPORT_H

#include "ledger/entry.h"
#include "ledger/head.h"

void export_put_start(struct text *line, str store);
/* The caller leaves out the openings of LEAF_SECRET fields: they never leave the server. */
void export_put_entry(struct text *line, const struct entry *entry);
/* The caller leaves out secret fields. */
void export_put_row(struct text *line, const struct row *row);
/* Also what an outsider is given to keep, and hands to the verifier later. */
void export_put_head(struct text *line, const struct head *head);

#endif
