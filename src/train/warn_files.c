/* SPDX-License-Identifier: Apache-2.0 */
#include "train/warn_files.h"

#include "env/file.h"

#include <assert.h>
#include <string.h>

static err read_all(const struct warn_files_order *o, struct arena *a, struct history *histories,
                    struct digest *ret_data, const char **ret_path)
{
    struct digest_stream stream;
    digest_init(&stream);
    for (int i = 0; i < o->path_count; i++) {
        str bytes = STR("");
        *ret_path = o->paths[i];
        err e = file_read(o->paths[i], HISTORY_BYTES, a, &bytes);
        if (failed(e))
            return e.code == ERR_LIMIT ? e : fail(ERR_ABSENT, "file.absent", 0);
        TRY(history_read(bytes, a, &histories[i]));
        struct digest each = digest_of(bytes);
        digest_put(&stream, str_make((const char *)each.bytes, DIGEST_BYTES));
        if (histories[i].times != histories[0].times)
            return fail(ERR_MALFORMED, "episodes.times", 2);
    }
    *ret_data = digest_done(&stream);
    return OK;
}

static void put_word(char room[WARN_MODEL_WORD], str word)
{
    size_t size = word.size < WARN_MODEL_WORD - 1 ? word.size : WARN_MODEL_WORD - 1;
    memcpy(room, word.at, size);
}

static err write_model(const struct warn_files_order *o, struct arena *a,
                       const struct warn_model *m)
{
    struct text t;
    text_init(&t, a);
    warn_model_write(m, &t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    err e = file_write(o->out, text_str(&t));
    return failed(e) ? fail(ERR_OS, "cli.output", 0) : OK;
}

err warn_files(const struct warn_files_order *order, struct arena *a, struct warn_model *ret_model,
               const char **ret_path)
{
    static struct history histories[WARN_HISTORIES];
    char made[INSTANT_TEXT_BYTES];
    struct warn_model *m = ret_model;
    assert(order->path_count > 0 && order->path_count <= WARN_HISTORIES);
    *m = (struct warn_model){0};
    put_word(m->name, order->name);
    put_word(m->made, instant_format(order->made, 0, made));
    TRY(read_all(order, a, histories, &m->data, ret_path));
    const struct warn_order train = {histories, (size_t)order->path_count, true};
    TRY(warn_train(&train, a, m));
    *ret_path = order->out;
    return write_model(order, a, m);
}
