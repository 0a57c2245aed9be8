/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sichuan - features of the published Sichuan set of 2020, to measure the trainer with.
 *
 * Shape     subscribers.csv, a row a subscriber --> a table (docs/formats/model.md)
 *
 *               label, id (its node)                         as they are
 *               part    "chosen" or "unseen": by a hash of the node, one half of the rows was used
 *                       to choose these features and the usual settings; the other never was
 *               columns of behaviour                         as they are
 *               ratios of two of them, one row at a time     sichuan.c, a table
 *
 *           Left out: city_name_call, county_name_call, city_name_nunique, county_name_nunique,
 *           which say where somebody goes. Nothing is made of labels, nor of other rows, so nothing
 *           can leak from one fold into another; the set's edges are not used.
 * Owns      Nothing; the text is in the arena.   Lives  As long as that.   Threads  One.
 * Fails     As rows_read; ERR_MALFORMED "column.missing", "train.number", "train.label",
 *           "train.id".
 * Bounds    TABLE_ROWS.
 */
#ifndef YUMEN_TRAIN_SICHUAN_H
#define YUMEN_TRAIN_SICHUAN_H

#include "train/rows.h"

err sichuan_table(const char *path, struct arena *a, str *ret_csv, struct rows_fault *ret_fault);

#endif
