/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/begin.h"
#include "app/cli/cli.h"
#include "app/cli/demo.h"

#include <stdio.h>
#include <string.h>

static int run(const struct command_line *line);

const struct command_entry cmd_init = {
    .name = "init",
    .usage = "[--data DIR] [--name NAME] [--profile cn] [--demonstration | --drill]",
    .help = "cli.help.init",
    .options = {{"name", "NAME", "cli.option.init_name"},
                {"profile", "NAME", "cli.option.profile"},
                {"division", "CODE", "cli.option.init_division"},
                {"demonstration", NULL, "cli.option.demonstration"},
                {"drill", NULL, "cli.option.drill"}},
    .run = run,
};

static str value(const struct command_line *line, const char *name, const char *preset)
{
    const char *given = command_value(line, &cmd_init, name);
    return str_from_c(given == NULL ? preset : given);
}

static int run(const struct command_line *line)
{
    if (line->word_count > 0)
        return command_usage(&cmd_init, "cli.usage.too_many");
    bool is_demo = command_value(line, &cmd_init, "demonstration") != NULL;
    bool is_drill = command_value(line, &cmd_init, "drill") != NULL;
    if (is_demo && is_drill)
        return command_usage(&cmd_init, "cli.usage.either");
    struct begin_options options = {
        .dir = line->data,
        .name = value(line, "name", is_demo ? "玉门演示中心 · Yumen demonstration" : "玉门 Yumen"),
        .profile = value(line, "profile", "cn"),
        .division = value(line, "division", ""),
        .kind = is_demo    ? CENTRE_DEMONSTRATION
                : is_drill ? CENTRE_DRILL
                           : CENTRE_REAL,
    };
    err e = begin_centre(&options);
    if (failed(e))
        return command_fail(line, e);
    if (is_demo)
        return demo_fill(line);
    if (line->wants_json)
        return EXIT_DONE;
    put_line(line, stdout, say_with(line, "cli.init.made", str_from_c(line->data), STR("")));
    printf("  yumen user add NAME --role analyst --data %s\n"
           "  yumen serve --data %s\n",
           line->data, line->data);
    return EXIT_DONE;
}
