/* SPDX-License-Identifier: Apache-2.0 */
/* The files of lists that wait for a person: DIR/waiting/BATCH, bytes as they came. */
#include "app/take_inside.h"

#include <stdio.h>

err take_waiting_path(const struct house *house, str batch, char path[PATH_BYTES + 64])
{
    char name[128];
    char folder[PATH_BYTES + 64];
    int size = snprintf(name, sizeof name, "waiting/%.*s", STR_ARGS(batch));
    if (size < 0 || (size_t)size >= sizeof name)
        return fail(ERR_LIMIT, "house.path", 0);
    TRY(house_path(house, "waiting", folder));
    TRY(file_make_folder(folder));
    return house_path(house, name, path);
}

err take_forget(const struct house *house, str batch)
{
    char path[PATH_BYTES + 64];
    TRY(take_waiting_path(house, batch, path));
    return file_drop(path);
}

err take_keep_waiting(struct take *t)
{
    char path[PATH_BYTES + 64];
    struct arena a;
    str bytes = t->call->request.body;
    TRY(take_waiting_path(t->house, t->answer.batch, path));
    arena_init(&a, TAKE_BYTES);
    err e = OK;
    if (!str_is_empty(t->call->request.file)) {
        char *from = str_to_c(&t->call->arena, t->call->request.file);
        e = from == NULL ? fail(ERR_LIMIT, "limit.memory", 0)
                         : file_read(from, TAKE_BYTES, &a, &bytes);
    }
    if (!failed(e))
        e = file_write(path, bytes);
    arena_done(&a);
    return e;
}
