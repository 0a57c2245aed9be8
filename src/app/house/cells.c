/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/cells.h"

enum { READ_BYTES = 1 << 20 };

struct cells {
    struct cells_file file;
};

static err read_file(struct house *house, struct arena *turn)
{
    char path[PATH_BYTES + 64];
    str bytes = {0};
    char *name = str_to_c(turn, house->conf.calls_cells);
    struct cells *cells = arena_make(&house->boot, sizeof *cells);
    if (name == NULL || cells == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(house_path(house, name, path));
    if (failed(file_read(path, CELLS_FILE_BYTES, turn, &bytes)))
        return fail(ERR_OS, "cells.file", 0);
    struct cells_file *f = &cells->file;
    TRY(cells_read(bytes, &house->boot, turn, f));
    for (uint64_t i = 0; i < f->bad && i < CELLS_NAMED; i++)
        LOG(&house->log, LOG_WARN, "cells_row", LOG_INT("row", f->named[i].row),
            LOG_WHY(f->named[i].why));
    house->cells = cells;
    LOG(&house->log, LOG_INFO, "cells_read", LOG_INT("cells", f->count), LOG_INT("bad", f->bad));
    return OK;
}

err cells_open(struct house *house)
{
    struct arena turn;
    if (str_is_empty(house->conf.calls_cells))
        return OK;
    arena_init(&turn, CELLS_FILE_BYTES + 2 * READ_BYTES);
    err e = read_file(house, &turn);
    arena_done(&turn);
    return e;
}

const struct cell_place *cells_find(const struct house *house, str cell)
{
    return house->cells == NULL ? NULL : cells_file_find(&house->cells->file, cell);
}
