/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sheet - a table for people, in Markdown, with its columns under each other.
 *
 * Shape     sheet_init(columns); sheet_put for every cell, the header first; sheet_print.
 * Owns      Nothing; cells are the arena's.   Lives  As long as that.   Threads  One.
 * Fails     Cells beyond SHEET_CELLS are our mistake: assert.
 * Bounds    SHEET_CELLS.
 */
#ifndef YUMEN_TRAIN_SHEET_H
#define YUMEN_TRAIN_SHEET_H

#include "base/str.h"

#include <stdio.h>

enum { SHEET_CELLS = 2048 };

struct sheet {
    uint32_t columns;
    uint32_t count;
    str cells[SHEET_CELLS];
};

void sheet_init(struct sheet *s, uint32_t columns);
void sheet_put(struct sheet *s, str cell);
void sheet_print(const struct sheet *s, FILE *out);

#endif
