/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a drill's files are whole or not there, whatever write fails; a folder that is not a
 * drill's is left as it is. Method: a tiny world into a temporary folder, with the n-th write,
 * sync or rename failing until none does.
 */
#include "drill/emit.h"

#include "drill/drill_test.h"
#include "env/fault.h"
#include "env/file.h"
#include "kit/kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ARENA_BYTES = 1 << 28, LABEL_BYTES = 1 << 12 };

static char folder[] = "/tmp/yumen_drill_XXXXXX";
static struct params params;
static struct arena boot;

static int setup(void **state)
{
    (void)state;
    arena_init(&boot, 1 << 24);
    works(kit_boot());
    bundled(&boot, &params);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static const char *const files[] = {
    "drill.json",       "world.yaml",        "accounts.csv",           "transfers.csv",
    "asks.csv",         "truth/moves.csv",   "truth/incidents.ndjson", "truth/mules.csv",
    "calls.csv",        "truth/numbers.csv", "truth/racks.csv",        "truth/scam_calls.csv",
    "visits.csv",       "messages.csv",      "truth/episodes.csv",     "truth",
    "somebody's.thesis"};

static const char *path_in(const char *name)
{
    static char path[FILE_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void clear_folder(void)
{
    for (size_t i = 0; i < COUNT_OF(files); i++)
        (void)remove(path_in(files[i]));
}

static int teardown(void **state)
{
    (void)state;
    clear_folder();
    arena_done(&boot);
    kit_done();
    return rmdir(folder);
}

static err play(struct emit *e, const struct drill_settings *s, struct arena *a)
{
    struct drill *d = NULL;
    struct drill_port port = emit_port(e);
    TRY(drill_open(s, &port, a, &d));
    emit_attach(e, d);
    err done = drill_accounts(d);
    if (!failed(done))
        done = drill_run(d, INT64_MAX);
    if (!failed(done))
        done = drill_tell(d);
    if (!failed(done))
        done = emit_seal(e);
    drill_close(d);
    return done;
}

static err emit_once(void)
{
    struct arena a;
    struct emit *e = NULL;
    struct drill_settings s = {.seed = 1, .scale = 1000, .days = 1, .params = &params};
    arena_init(&a, ARENA_BYTES);
    err done = emit_open(folder, &s, params_bundled(), &a, &e);
    if (!failed(done))
        done = play(e, &s, &a);
    emit_close(e);
    arena_done(&a);
    return done;
}

static bool label_says(const char *words)
{
    struct arena a;
    str label = {0};
    arena_init(&a, LABEL_BYTES * 2);
    bool says = !failed(file_read(path_in("drill.json"), LABEL_BYTES, &a, &label)) &&
                str_has(label, str_from_c(words));
    arena_done(&a);
    return says;
}

static bool all_are_there(void)
{
    for (size_t i = 0; i + 1 < COUNT_OF(files); i++)
        if (!file_exists(path_in(files[i])))
            return false;
    return true;
}

static void every_failure_is_an_answer(void **state)
{
    (void)state;
    static const enum fault_kind kinds[] = {FAULT_OPEN, FAULT_FULL, FAULT_SYNC, FAULT_RENAME};
    for (size_t kind = 0; kind < COUNT_OF(kinds); kind++) {
        uint64_t n = 1;
        for (err e = {.code = ERR_OS}; failed(e) && n < 100; n++) {
            clear_folder();
            env_fault_at(kinds[kind], n);
            e = emit_once();
            env_fault_clear();
            bool is_complete = label_says("\"complete\"");
            assert_true(failed(e) || is_complete);
            assert_true(!is_complete || all_are_there());
        }
        assert_true(n > 2 && n < 100);
    }
}

static void own_folder_is_written_over(void **state)
{
    (void)state;
    clear_folder();
    works(emit_once());
    works(emit_once());
    assert_true(label_says("\"complete\"") && label_says("\"scale\":1000"));
}

static void others_folder_is_left_alone(void **state)
{
    (void)state;
    clear_folder();
    works(file_write(path_in("somebody's.thesis"), STR("years")));
    fails(emit_once(), "drill.folder");
    assert_false(file_exists(path_in("drill.json")));
    assert_false(file_exists(path_in("truth")));
    works(file_write(path_in("drill.json"), STR("{\"something\":\"else\"}")));
    fails(emit_once(), "drill.folder");
    clear_folder();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failure_is_an_answer),
        cmocka_unit_test(own_folder_is_written_over),
        cmocka_unit_test(others_folder_is_left_alone),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
