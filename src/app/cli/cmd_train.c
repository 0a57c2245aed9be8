/* SPDX-License-Identifier: Apache-2.0 */
/* yumen train: models of examples. It becomes yumen-train, a program of its own, so that this one
 * links no libxgboost (docs/decisions/0113-the-server-reads-trees-it-does-not-grow-them.md). */
#include "app/cli/cli.h"
#include "env/child.h"

#include <stdio.h>
#include <unistd.h>

static int run(const struct command_line *line);

const struct command_entry cmd_train = {
    .name = "train",
    .usage = "TABLE --out MODEL [...]\n"
             "       yumen train show MODEL\n"
             "       yumen train score MODEL TABLE [--reasons N]\n"
             "       yumen train bench TABLE\n"
             "       yumen train calls CALLS... --truth FILE --out TABLE\n"
             "       yumen train warn EPISODES... --out MODEL\n"
             "       yumen train sichuan SUBSCRIBERS --out TABLE",
    .help = "cli.help.train",
    .options = {{"out", "FILE", "train.option.out"},
                {"name", "NAME", "train.option.name"},
                {"without", "COLUMN,...", "train.option.without"},
                {"set", "NAME=VALUE,...", "train.option.set"},
                {"folds", "N", "train.option.folds"},
                {"repeats", "N", "train.option.repeats"},
                {"seed", "N", "train.option.seed"},
                {"at", "TIME", "train.option.at"},
                {"reasons", "N", "train.option.reasons"},
                {"truth", "FILE", "train.option.truth"},
                {"model", "MODEL", "train.option.model"},
                {"keep", "N", "train.option.keep"},
                {"region", "CC", "train.option.region"},
                {"zone", "MINUTES", "train.option.zone"}},
    .run = run,
};

/* "--out=FILE" */
static char *option_word(const struct command_line *line, const char *name, const char *value)
{
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, "--");
    text_put_c(&t, name);
    text_put_char(&t, '=');
    text_put_c(&t, value);
    return text_spent(&t) ? NULL : str_to_c(line->arena, text_str(&t));
}

static int run(const struct command_line *line)
{
    char path[CHILD_PATH_BYTES];
    char *words[COMMAND_ARGS_MAX + COMMAND_OPTIONS_MAX + 3];
    size_t count = 0;
    child_find("yumen-train", path);
    words[count++] = path;
    for (int i = 0; i < line->word_count; i++)
        words[count++] = str_to_c(line->arena, str_from_c(line->words[i]));
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX; i++)
        if (line->values[i] != NULL)
            words[count++] = option_word(line, cmd_train.options[i].name, line->values[i]);
    if (line->wants_json)
        words[count++] = str_to_c(line->arena, STR("--json"));
    for (size_t i = 0; i < count; i++)
        if (words[i] == NULL)
            return command_fail(line, fail(ERR_LIMIT, "memory.spent", 0));
    words[count] = NULL;
    (void)fflush(NULL);
    (void)execvp(path, words);
    return command_fail(line, fail(ERR_OS, "train.unavailable", 0));
}
