/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table - rows for people at a terminal: aligned by what is seen, Chinese being two columns wide.
 *
 * Shape     Cells in the order of reading; table_print lays them out. On a terminal that is too
 *           narrow the widest columns are cut, but for those that must be copied whole; in a pipe
 *           nothing is cut. Without headings a table of two columns is a record: label, value.
 *           Headings are bold and alarms red, on a terminal without NO_COLOR only.
 *           What a terminal would obey (escapes, controls, marks that turn text around) is never
 *           passed on: cells hold other people's text.
 * Owns      Cells, in the arena of the command line.
 * Lives     As long as that arena.
 * Fails     A cell that no longer fits in the arena is left out.
 * Threads   The main thread.
 * Bounds    TABLE_COLUMNS_MAX columns; all rows in memory.
 */
#ifndef YUMEN_APP_CLI_TABLE_H
#define YUMEN_APP_CLI_TABLE_H

#include "app/cli/command.h"

#include <stdio.h>

enum { TABLE_COLUMNS_MAX = 10 };
enum tone { TONE_PLAIN, TONE_ALARM };

/* A column of a table. */
struct table_column {
    const char *heading; /* catalogue key */
    bool is_whole;       /* never cut: an id, a date */
};

struct table_cell {
    str text;
    size_t width;
    enum tone tone;
};

struct table {
    const struct command_line *line;
    const struct table_column *columns; /* NULL: a record */
    size_t column_count;
    struct table_cell *cells;
    size_t count;
    size_t room;
};

void table_init(struct table *t, const struct command_line *line,
                const struct table_column *columns, size_t column_count);
void table_put(struct table *t, str text);
void table_put_tone(struct table *t, str text, enum tone tone);
void table_print(const struct table *t, FILE *out);

/* A record: labels are catalogue keys; an empty value is left out. */
void record_init(struct table *t, const struct command_line *line);
void record_put(struct table *t, const char *label, str value);

/* Columns a terminal needs for it. */
size_t table_width(str text);
/* The same text, harmless to a terminal. */
str table_harmless(struct arena *arena, str text);

#endif
