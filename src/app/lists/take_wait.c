/* SPDX-License-Identifier: Apache-2.0 */
/* The files of lists that wait for a person: DIR/waiting/BATCH, bytes as they came. */
#include "app/lists/take_inside.h"

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

static err forget_unless_waiting(const struct house *house, struct reader *reader, str name)
{
    struct arena turn;
    union record r;
    arena_init(&turn, 1 << 16);
    err e = reader_find(reader, RECORD_BATCH, name, &turn, &r);
    bool is_over = !failed(e) && (r.batch.state == BATCH_DISMISSED || r.batch.state == BATCH_DONE);
    arena_done(&turn);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    return is_over ? take_forget(house, name) : OK;
}

err take_forget_lapsed(struct house *house, struct reader *reader)
{
    char folder[PATH_BYTES + 64];
    struct arena names_arena;
    struct file_names names = {0};
    TRY(house_path(house, "waiting", folder));
    if (!file_exists(folder))
        return OK;
    arena_init(&names_arena, 1 << 20);
    err e = file_list(folder, &names_arena, &names);
    for (size_t i = 0; !failed(e) && i < names.count; i++)
        e = forget_unless_waiting(house, reader, names.at[i]);
    arena_done(&names_arena);
    return e;
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
