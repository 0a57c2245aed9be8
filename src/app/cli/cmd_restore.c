/* SPDX-License-Identifier: Apache-2.0 */
/* yumen restore: a new data directory from a backup. */
#include "app/cli/cli.h"
#include "app/cli/cli_secret.h"
#include "app/keep/restore.h"

#include <stdio.h>

static int run(const struct command_line *line);

const struct command_entry cmd_restore = {
    .name = "restore",
    .usage = "FILE [--passphrase-file FILE|-] [--erasures FILE]... [--no-erasures]",
    .help = "cli.help.restore",
    .options = {{"passphrase-file", "FILE", "cli.option.passphrase_file"},
                {"erasures", "FILE", "cli.option.erasures", .may_repeat = true},
                {"no-erasures", NULL, "cli.option.no_erasures"}},
    .run = run,
};

static void found(void *self, const struct finding *f)
{
    const struct command_line *line = self;
    struct text t;
    text_init(&t, line->arena);
    finding_format(f, &t);
    put_line(line, stderr, text_str(&t));
}

static str count(const struct command_line *line, uint64_t n)
{
    return say_number(line, (int64_t)n);
}

static void say_all(const struct command_line *line, const struct restore_outcome *o)
{
    char room[INSTANT_TEXT_BYTES];
    str at = str_copy(line->arena, instant_format(o->manifest.at, o->zone_min, room));
    put_line(line, stderr,
             say_with(line, "cli.restore.done", str_from_c(line->data), say_time(line, at)));
    put_line(line, stderr,
             say_with(line, "cli.restore.erased", count(line, o->erased), count(line, o->ended)));
    put_line(
        line, stderr,
        say_with(line, "cli.restore.people", count(line, o->sessions), count(line, o->tokens)));
    put_line(line, stderr,
             say_with(line, "cli.restore.held", count(line, o->held), count(line, o->serial)));
}

static void put_json(const struct command_line *line, const struct restore_outcome *o)
{
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("centre"), o->manifest.store);
    json_put_i64(j, STR("leaves"), o->manifest.leaves);
    json_put_instant(j, STR("at"), o->manifest.at, 0);
    json_put_i64(j, STR("erased"), (int64_t)o->erased);
    json_put_i64(j, STR("ended"), (int64_t)o->ended);
    json_put_i64(j, STR("sessions_closed"), (int64_t)o->sessions);
    json_put_i64(j, STR("tokens_open"), (int64_t)o->tokens);
    json_put_i64(j, STR("outbox_held"), (int64_t)o->held);
    json_put_i64(j, STR("rpz_serial"), (int64_t)o->serial);
    printf("%s\n", cli_body_end(&body).at);
}

static err restore(const struct command_line *line, struct restore_outcome *outcome)
{
    const char **journals = arena_make_array(line->arena, COMMAND_ARGS_MAX, sizeof *journals);
    const char *first = command_value(line, &cmd_restore, "erasures");
    if (journals == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct command_line listener = *line;
    struct restore_order order = {
        .file = line->words[0],
        .dir = line->data,
        .journals = journals,
        .goes_without = command_value(line, &cmd_restore, "no-erasures") != NULL,
        .arena = line->arena,
        .found = found,
        .found_self = &listener,
    };
    if (first != NULL)
        journals[order.journal_count++] = first;
    for (int i = 0; i < line->more_count; i++)
        journals[order.journal_count++] = line->more[i];
    TRY(secret_passphrase(line, command_value(line, &cmd_restore, "passphrase-file"),
                          &order.passphrase));
    return restore_run(&order, outcome);
}

static int run(const struct command_line *line)
{
    if (line->word_count != 1)
        return command_usage(&cmd_restore, "cli.usage.restore");
    struct restore_outcome outcome = {0};
    err e = restore(line, &outcome);
    if (failed(e))
        return command_fail(line, e);
    if (line->wants_json)
        put_json(line, &outcome);
    else
        say_all(line, &outcome);
    return EXIT_DONE;
}
