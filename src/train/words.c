/* SPDX-License-Identifier: Apache-2.0 */
#include "train/words.h"

#include "train/boost.h"

#include <assert.h>
#include <inttypes.h>

static const struct {
    const char *name;
    const char *value;
    const char *help;
} options[OPTION_COUNT] = {
#define X(code, name, value, help) [code] = {name, value, help},
    OPTION_LIST(X)
#undef X
};

str say(const struct words *w, const char *key)
{
    return message(str_from_c(key), w->language);
}

void words_put_usage(const struct words *w, FILE *out)
{
    fprintf(out,
            "%.*s yumen train TABLE --out MODEL [...]\n"
            "       yumen train show MODEL\n"
            "       yumen train score MODEL TABLE\n"
            "       yumen train bench TABLE\n"
            "       yumen train calls CALLS... --truth FILE --out TABLE\n"
            "       yumen train warn EPISODES... --out MODEL\n"
            "       yumen train sichuan SUBSCRIBERS --out TABLE\n\n",
            STR_ARGS(say(w, "cli.usage")));
    for (enum option i = 0; i < OPTION_COUNT; i++) {
        char left[64];
        (void)snprintf(left, sizeof left, "--%s %s", options[i].name,
                       options[i].value == NULL ? "" : options[i].value);
        fprintf(out, "  %-24s %.*s\n", left, STR_ARGS(say(w, options[i].help)));
    }
}

bool words_complain(const struct words *w, const char *word, const char *key)
{
    fprintf(stderr, "yumen-train: %s: %.*s\n", word, STR_ARGS(say(w, key)));
    words_put_usage(w, stderr);
    return false;
}

const char *words_option(enum option option, char room[WORDS_OPTION_BYTES])
{
    (void)snprintf(room, WORDS_OPTION_BYTES, "--%s", options[option].name);
    return room;
}

static enum option find_option(str name)
{
    enum option i = 0;
    while (i < OPTION_COUNT && !str_equal(name, str_from_c(options[i].name)))
        i++;
    return i;
}

/* Returns how many words it took; 0: it has complained. */
static int read_option(struct words *w, char **words, int count)
{
    str rest = str_from_c(words[0] + 2);
    size_t equals = str_find_char(rest, '=');
    enum option option = find_option(str_until(rest, equals));
    bool has_value = equals < rest.size;
    if (option == OPTION_COUNT)
        return words_complain(w, words[0], "cli.usage.no_option");
    if (w->options[option] != NULL)
        return words_complain(w, words[0], "cli.usage.twice");
    if (options[option].value == NULL) {
        w->options[option] = "";
        return has_value ? words_complain(w, words[0], "cli.usage.takes_no_value") : 1;
    }
    if (!has_value && count < 2)
        return words_complain(w, words[0], "cli.usage.no_value");
    w->options[option] = has_value ? rest.at + equals + 1 : words[1];
    return has_value ? 1 : 2;
}

bool words_read(int count, char **argv, struct words *w)
{
    for (int i = 0, taken = 1; i < count; i += taken) {
        str word = str_from_c(argv[i]);
        taken = 1;
        if (str_equal(word, STR("--help")) || str_equal(word, STR("-h"))) {
            w->wants_help = true;
            return true;
        }
        if (str_starts(word, STR("--"))) {
            taken = read_option(w, argv + i, count - i);
            if (taken == 0)
                return false;
            continue;
        }
        if (w->count == WORDS_MOST)
            return words_complain(w, argv[i], "cli.usage.too_many");
        w->words[w->count++] = argv[i];
    }
    return true;
}

err words_number(const struct words *w, enum option option, int64_t usual, int64_t most,
                 int64_t *ret_value)
{
    int64_t value = usual;
    if (w->options[option] != NULL &&
        (failed(str_parse_i64(str_from_c(w->options[option]), &value)) || value < 0 ||
         value > most))
        return fail(ERR_MALFORMED, "train.option_number", 0);
    *ret_value = value;
    return OK;
}

int words_refuse(const struct words *w, const char *file, const struct rows_fault *fault, err e)
{
    fprintf(stderr, "yumen-train: %s", file);
    if (fault != NULL && fault->line > 0)
        fprintf(stderr, ":%" PRIu64, fault->line);
    if (fault != NULL && fault->column[0] != '\0')
        fprintf(stderr, ": %s", fault->column);
    fprintf(stderr, ": %.*s (%s)\n", STR_ARGS(say(w, e.why)), e.why);
    if (str_equal(str_from_c(e.why), STR("train.library")))
        fprintf(stderr, "libxgboost: %s\n", boost_complaint());
    return e.code == ERR_OS || e.code == ERR_ABSENT ? EXIT_SYSTEM : EXIT_REFUSED;
}
