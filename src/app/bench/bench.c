/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/bench.h"

#include "app/centre/house_open.h"
#include "app/cli/begin.h"
#include "app/cli/command.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_BYTES = 256 << 20 };

void bench_add(struct bench *b, const struct bench_result *result)
{
    assert(b->count < BENCH_RESULTS_MAX);
    b->results[b->count++] = *result;
}

double bench_median(double samples[BENCH_ROUNDS])
{
    for (int i = 1; i < BENCH_ROUNDS; i++)
        for (int k = i; k > 0 && samples[k] < samples[k - 1]; k--) {
            double one = samples[k];
            samples[k] = samples[k - 1];
            samples[k - 1] = one;
        }
    return samples[BENCH_ROUNDS / 2];
}

err bench_open(struct bench *b)
{
    const char *temporary = command_environment("TMPDIR");
    arena_init(&b->arena, ARENA_BYTES);
    int size = snprintf(b->folder, sizeof b->folder, "%s/yumen-bench-XXXXXX",
                        temporary == NULL ? "/var/tmp" : temporary);
    bool fits = size > 0 && (size_t)size < sizeof b->folder;
    if (!fits || mkdtemp(b->folder) == NULL) {
        b->folder[0] = '\0';
        return fail(ERR_OS, "cli.bench.folder", (uint32_t)errno);
    }
    struct begin_options begin = {.dir = b->folder,
                                  .name = STR("bench"),
                                  .profile = STR("cn"),
                                  .division = STR(""),
                                  .kind = CENTRE_DRILL};
    TRY(begin_centre(&begin));
    struct house_options options = {.dir = b->folder, .holder = STR("bench\n"), .is_quiet = true};
    return house_open(&options, &b->house);
}

void bench_drop_folder(struct bench *b, const char *folder)
{
    struct file_names names = {0};
    if (failed(file_list(folder, &b->arena, &names)))
        return;
    for (size_t i = 0; i < names.count; i++) {
        char path[PATH_BYTES + 256];
        snprintf(path, sizeof path, "%s/%s", folder, names.at[i].at);
        (void)unlink(path);
    }
    (void)rmdir(folder);
}

void bench_close(struct bench *b)
{
    house_close(b->house);
    if (b->folder[0] != '\0') {
        char keys[PATH_BYTES + 16];
        snprintf(keys, sizeof keys, "%s/keys", b->folder);
        bench_drop_folder(b, keys);
        bench_drop_folder(b, b->folder);
    }
    arena_done(&b->arena);
}

err bench_bodies(struct bench *b, const char *act, size_t most, struct bench_bodies *ret_bodies)
{
    struct sql_row *row = NULL;
    struct reader *reader = house_reader_take(b->house);
    *ret_bodies = (struct bench_bodies){.at = arena_make_array(&b->arena, most, sizeof(str))};
    err e =
        ret_bodies->at == NULL
            ? fail(ERR_LIMIT, "limit.memory", 0)
            : sql_ask(reader_sql(reader),
                      "SELECT \"body\" FROM ledger_text WHERE \"act\" = $1 ORDER BY \"idx\"", &row);
    bool has_row = !failed(e);
    if (has_row)
        sql_bind_str(row, 1, str_from_c(act));
    while (!failed(e) && has_row && ret_bodies->count < most) {
        e = sql_next(row, &has_row);
        if (!failed(e) && has_row)
            ret_bodies->at[ret_bodies->count++] = sql_str(row, 0, &b->arena);
    }
    sql_done(&row);
    house_reader_give(b->house, reader);
    return e;
}
