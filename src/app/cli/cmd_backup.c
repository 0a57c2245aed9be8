/* SPDX-License-Identifier: Apache-2.0 */
/* yumen backup: the centre in one file, while it runs. */
#include "app/cli/cli.h"
#include "app/cli/cli_secret.h"
#include "app/cli/progress.h"
#include "app/keep/backup.h"

#include <stdio.h>

static int run(const struct command_line *line);

const struct command_entry cmd_backup = {
    .name = "backup",
    .usage = "FILE [--passphrase-file FILE|-] [--purpose TEXT]",
    .help = "cli.help.backup",
    .options = {{"passphrase-file", "FILE", "cli.option.passphrase_file"},
                {"purpose", "TEXT", "cli.option.backup_purpose"}},
    .run = run,
};

struct copying {
    struct env_counter done;
};

static void tell(void *self, int64_t done_pages, int64_t all_pages)
{
    struct copying *copying = self;
    (void)all_pages;
    env_counter_put(&copying->done, (uint64_t)done_pages);
}

static int64_t pages_done(void *self)
{
    const struct copying *copying = self;
    return (int64_t)env_counter_read(&copying->done);
}

/* The ledger says so before it is so: who took a copy of everything, and what for. */
static int put_on_record(const struct command_line *line)
{
    const char *purpose = command_value(line, &cmd_backup, "purpose");
    struct cli_body body;
    struct local_reply reply = {0};
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("purpose"),
                 purpose == NULL ? say(line, "cli.backup.purpose") : str_from_c(purpose));
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/centre/backup"), .body = cli_body_end(&body)};
    return cli_ask(line, &request, &reply);
}

static err copy(const struct command_line *line, str passphrase, struct backup_manifest *manifest)
{
    struct copying copying = {0};
    struct snapshot_progress told = {.self = &copying, .tell = tell};
    struct progress_work work = {.name = say(line, "cli.backup.progress"),
                                 .unit = "cli.unit.pages",
                                 .done = pages_done,
                                 .self = &copying};
    struct backup_order order = {.dir = line->data,
                                 .file = line->words[0],
                                 .passphrase = passphrase,
                                 .arena = line->arena,
                                 .progress = &told};
    struct progress progress;
    progress_begin(&progress, line, &work);
    err e = backup_make(&order, manifest);
    progress_end(&progress);
    return e;
}

static int say_done(const struct command_line *line, const struct backup_manifest *m)
{
    if (!line->wants_json) {
        put_line(line, stderr,
                 say_with(line, "cli.backup.done", str_from_c(line->words[0]),
                          say_number(line, m->leaves)));
        return EXIT_DONE;
    }
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("file"), str_from_c(line->words[0]));
    json_put_str(j, STR("centre"), m->store);
    json_put_i64(j, STR("leaves"), m->leaves);
    json_put_str(j, STR("root"), m->root);
    json_put_instant(j, STR("at"), m->at, 0);
    printf("%s\n", cli_body_end(&body).at);
    return EXIT_DONE;
}

static int run(const struct command_line *line)
{
    if (line->word_count != 1)
        return command_usage(&cmd_backup, "cli.usage.backup");
    str passphrase = {0};
    struct backup_manifest manifest = {0};
    err e = file_exists(line->words[0]) ? fail(ERR_CONFLICT, "backup.exists", 0) : OK;
    if (!failed(e))
        e = secret_passphrase(line, command_value(line, &cmd_backup, "passphrase-file"),
                              &passphrase);
    if (failed(e))
        return command_fail(line, e);
    int code = put_on_record(line);
    if (code != EXIT_DONE)
        return code;
    e = copy(line, passphrase, &manifest);
    return failed(e) ? command_fail(line, e) : say_done(line, &manifest);
}
