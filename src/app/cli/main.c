/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/command.h"
#include "env/loop.h"
#include "env/memory.h"
#include "kit/kit.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { LINE_BYTES = 1 << 30 };

static enum language terminal_language = LANGUAGE_EN;

const char *command_value(const struct command_line *line, const struct command_entry *entry,
                          const char *name)
{
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && entry->options[i].name != NULL; i++)
        if (strcmp(entry->options[i].name, name) == 0)
            return line->values[i];
    return NULL;
}

int command_fail(const struct command_line *line, err e)
{
    return command_fail_at(line, STR(""), e);
}

int command_fail_at(const struct command_line *line, str what, err e)
{
    str sentence = message(str_from_c(e.why), line->language);
    fprintf(stderr, "yumen: %.*s%s%.*s (%s)\n", STR_ARGS(what), str_is_empty(what) ? "" : ": ",
            STR_ARGS(sentence), err_name(e.code));
    switch (e.code) {
    case ERR_MALFORMED:
    case ERR_CONFLICT:
    case ERR_DENIED:
    case ERR_LIMIT:
        return EXIT_REFUSED;
    case ERR_ABSENT:
        return EXIT_NEGATIVE;
    case ERR_NONE:
    case ERR_BUSY:
    case ERR_OS:
    case ERR_CORRUPT:
    case ERR_CODE_COUNT:
        return EXIT_SYSTEM;
    }
    return EXIT_SYSTEM;
}

static str said(const char *key)
{
    return message(str_from_c(key), terminal_language);
}

static void put_option(FILE *out, const struct command_option *o)
{
    char left[64];
    snprintf(left, sizeof left, "--%s%s%s", o->name, o->value == NULL ? "" : " ",
             o->value == NULL ? "" : o->value);
    fprintf(out, "  %-24s %.*s\n", left, STR_ARGS(said(o->help)));
}

static void put_entry_help(FILE *out, const struct command_entry *entry)
{
    static const struct command_option shared[] = {
        {.name = "data", .value = "DIR", .help = "cli.option.data"},
        {.name = "json",              .help = "cli.option.json"              },
    };
    fprintf(out, "%.*s yumen %s %s\n\n%.*s\n\n", STR_ARGS(said("cli.usage")), entry->name,
            entry->usage, STR_ARGS(said(entry->help)));
    for (size_t i = 0; i < COMMAND_OPTIONS_MAX && entry->options[i].name != NULL; i++)
        put_option(out, &entry->options[i]);
    for (size_t i = 0; i < COUNT_OF(shared); i++)
        put_option(out, &shared[i]);
}

int command_usage(const struct command_entry *entry, const char *complaint)
{
    fprintf(stderr, "yumen %s: %.*s\n\n%.*s yumen %s %s\n", entry->name, STR_ARGS(said(complaint)),
            STR_ARGS(said("cli.usage")), entry->name, entry->usage);
    fprintf(stderr, "%.*s yumen %s --help\n", STR_ARGS(said("cli.usage.more")), entry->name);
    return EXIT_USAGE;
}

static void put_help(FILE *out)
{
    fprintf(out, "%.*s yumen COMMAND ...\n\n%.*s\n\n", STR_ARGS(said("cli.usage")),
            STR_ARGS(said("cli.help")));
    for (size_t i = 0; command_entries[i] != NULL; i++)
        fprintf(out, "  %-10s %.*s\n", command_entries[i]->name,
                STR_ARGS(said(command_entries[i]->help)));
    fprintf(out, "  %-10s %.*s\n", "help", STR_ARGS(said("cli.help.help")));
    fprintf(out, "\n%.*s\n", STR_ARGS(said("cli.help.more")));
}

/* "--name value" or "--name=value"; the index of the option, or -1. */
static int find_option(const struct command_entry *entry, const char *word)
{
    size_t size = strcspn(word, "=");
    for (int i = 0; i < COMMAND_OPTIONS_MAX && entry->options[i].name != NULL; i++)
        if (strlen(entry->options[i].name) == size &&
            strncmp(entry->options[i].name, word, size) == 0)
            return i;
    return -1;
}

struct words {
    char **at;
    int count;
    int next;
};

/* The value of the option just read: behind '=', or the next word. NULL when there is none. */
static const char *take_value(struct words *words, const char *word)
{
    const char *equals = strchr(word, '=');
    if (equals != NULL)
        return equals + 1;
    return words->next < words->count ? words->at[words->next++] : NULL;
}

/* NULL, or what is wrong. */
static const char *keep_value(const struct command_entry *entry, int option, const char *value,
                              struct command_line *line)
{
    static const char *more[COMMAND_ARGS_MAX];
    if (value == NULL)
        return "cli.usage.no_value";
    if (line->values[option] == NULL) {
        line->values[option] = value;
        return NULL;
    }
    if (!entry->options[option].may_repeat)
        return "cli.usage.twice";
    if (line->more_count == COMMAND_ARGS_MAX - 1)
        return "cli.usage.too_many";
    more[line->more_count++] = value;
    line->more = more;
    return NULL;
}

static const char *read_option(const struct command_entry *entry, struct words *words,
                               const char *word, struct command_line *line)
{
    if (strcmp(word, "json") == 0) {
        line->wants_json = true;
        return NULL;
    }
    if (strncmp(word, "data", 4) == 0 && (word[4] == '\0' || word[4] == '=')) {
        line->data = take_value(words, word);
        return line->data == NULL ? "cli.usage.no_value" : NULL;
    }
    int option = find_option(entry, word);
    if (option < 0)
        return "cli.usage.no_option";
    bool takes_value = entry->options[option].value != NULL;
    if (!takes_value && strchr(word, '=') != NULL)
        return "cli.usage.takes_no_value";
    return keep_value(entry, option, takes_value ? take_value(words, word) : "", line);
}

static int run_entry(const struct command_entry *entry, struct words *words,
                     struct command_line *line)
{
    static const char *kept[COMMAND_ARGS_MAX];
    bool is_only_words = false;
    while (words->next < words->count) {
        const char *word = words->at[words->next++];
        if (!is_only_words && strcmp(word, "--") == 0) {
            is_only_words = true;
            continue;
        }
        if (!is_only_words && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            put_entry_help(stdout, entry);
            return EXIT_DONE;
        }
        bool is_option = !is_only_words && word[0] == '-' && word[1] == '-';
        if (!is_option && line->word_count == COMMAND_ARGS_MAX)
            return command_usage(entry, "cli.usage.too_many");
        if (!is_option) {
            kept[line->word_count++] = word;
            continue;
        }
        const char *complaint = read_option(entry, words, word + 2, line);
        if (complaint != NULL) {
            fprintf(stderr, "yumen %s: %s\n", entry->name, word);
            return command_usage(entry, complaint);
        }
    }
    line->words = kept;
    return entry->run(line);
}

static const struct command_entry *find_entry(const char *name)
{
    for (size_t i = 0; command_entries[i] != NULL; i++)
        if (strcmp(command_entries[i]->name, name) == 0)
            return command_entries[i];
    return NULL;
}

static int no_command(const char *name)
{
    fprintf(stderr, "yumen %s: %.*s\n\n", name, STR_ARGS(said("cli.usage.no_command")));
    put_help(stderr);
    return EXIT_USAGE;
}

/* `yumen help`, `yumen help COMMAND`, `yumen --help`; without any word it is a complaint. */
static int run_help(int argc, char **argv)
{
    const struct command_entry *entry = argc > 2 ? find_entry(argv[2]) : NULL;
    if (argc > 2 && entry == NULL)
        return no_command(argv[2]);
    if (entry != NULL)
        put_entry_help(stdout, entry);
    else
        put_help(argc < 2 ? stderr : stdout);
    return argc < 2 ? EXIT_USAGE : EXIT_DONE;
}

static enum language language_of_terminal(void)
{
    const char *lang = command_environment("LC_ALL");
    if (lang == NULL)
        lang = command_environment("LANG");
    return lang != NULL && strncmp(lang, "zh", 2) == 0 ? LANGUAGE_ZH : LANGUAGE_EN;
}

/* An answer that could not be written was not given. */
static int finish(int code)
{
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return code;
    fprintf(stderr, "yumen: %.*s\n", STR_ARGS(said("cli.output")));
    return EXIT_SYSTEM;
}

int main(int argc, char **argv)
{
    struct arena arena;
    memory_boot();
    umask(077); /* whatever a centre writes is its own */
    arena_init(&arena, LINE_BYTES);
    const char *data = command_environment("YUMEN_DATA");
    terminal_language = language_of_terminal();
    struct command_line line = {.data = data == NULL ? "./data" : data,
                                .token = command_environment("YUMEN_TOKEN"),
                                .language = terminal_language,
                                .arena = &arena};
    err e = kit_boot();
    if (!failed(e))
        e = messages_boot(&arena);
    if (failed(e)) {
        fprintf(stderr, "yumen: %s\n", e.why);
        return EXIT_SYSTEM;
    }
    int code = EXIT_USAGE;
    const char *name = argc < 2 ? "--help" : argv[1];
    bool is_help =
        strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
    const struct command_entry *entry = find_entry(name);
    struct words words = {.at = argv, .count = argc, .next = 2};
    if (entry != NULL)
        code = run_entry(entry, &words, &line);
    else
        code = is_help ? run_help(argc, argv) : no_command(name);
    code = finish(code);
    arena_done(&arena);
    kit_done();
    return code;
}
