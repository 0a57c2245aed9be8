/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cells - where a carrier's cells stand, as a file of the centre's own says (calls.cells).
 *
 * Shape     cell,lon,lat,name --cells_open, at start--> sorted --cells_find--> a point
 *           Degrees as they stand in the file, to the millionth. A row that cannot be taken is
 *           named in the log, by its number and what is wrong with it, and the others count.
 * Owns      Nothing; carved from the boot arena.
 * Lives     As the house.
 * Fails     open: "cells.file", "cells.header", ERR_LIMIT. A row: "cells.columns", "cells.cell",
 *           "cells.degrees", "cells.repeated", csvline's.
 * Threads   open: main, before the doors. find: any.
 * Bounds    CELLS_MOST rows in CELLS_FILE_BYTES; CELLS_NAMED bad rows are named, all are counted.
 */
#ifndef YUMEN_APP_HOUSE_CELLS_H
#define YUMEN_APP_HOUSE_CELLS_H

#include "app/house/cells_file.h"
#include "app/house/house.h"

enum { CELLS_FILE_BYTES = 64 << 20 };

/* Nothing to do when the option is empty. */
err cells_open(struct house *house);
/* NULL: nobody has said. */
const struct cell_place *cells_find(const struct house *house, str cell);

#endif
