/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells_file - the bytes of a file that says where cells stand (cells.h).
 *
 * Shape     cell,lon,lat,name --cells_read--> sorted --cells_file_find--> a point
 * Owns      Nothing; carved from `boot`.
 * Lives     As `boot`.
 * Fails     "cells.header", "cells.file", ERR_LIMIT. A row that cannot be taken is named.
 * Threads   Any.
 * Bounds    CELLS_MOST rows; CELLS_NAMED bad ones are named, all are counted.
 */
#ifndef YUMEN_APP_HOUSE_CELLS_FILE_H
#define YUMEN_APP_HOUSE_CELLS_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { CELLS_MOST = 1000000, CELLS_NAMED = 16 };

struct cell_place {
    str cell;
    str name;       /* may be empty */
    int64_t lon_e6; /* millionths of a degree */
    int64_t lat_e6;
    uint64_t row;
};

struct cells_bad {
    uint64_t row;
    err why;
};

struct cells_file {
    struct cell_place *at; /* by cell, each once */
    size_t count;
    uint64_t bad;
    struct cells_bad named[CELLS_NAMED];
};

/* turn: 2 MiB. */
err cells_read(str bytes, struct arena *boot, struct arena *turn, struct cells_file *ret_cells);
const struct cell_place *cells_file_find(const struct cells_file *c, str cell);

#endif
