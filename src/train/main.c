/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yumen-train: examples in, a model out. A program of its own, so that the server links no
 * libxgboost (docs/decisions/0113-the-server-reads-trees-it-does-not-grow-them.md).
 */
#include "env/clock.h"
#include "env/file.h"
#include "env/random.h"
#include "kit/kit.h"
#include "kit/secret.h"
#include "sense/model_file.h"
#include "train/calls.h"
#include "train/fit.h"
#include "train/fold.h"
#include "train/show.h"
#include "train/sichuan.h"
#include "train/warn_files.h"

#include <stdlib.h>
#include <unistd.h>

#define ARENA_BYTES ((size_t)1 << 34)

enum { FOLDS = 5, REPEATS = 3, REASONS = 5, COMPLAINTS = 20, ZONE_MIN = 480, ZONE_MOST = 840 };

/* ---- fit ------------------------------------------------------------------------------------- */

struct told {
    int64_t began_us;
    bool is_terminal;
};

static void tell(void *self, uint32_t done, uint32_t of)
{
    struct told *t = self;
    int64_t spent_us = env_monotonic_us() - t->began_us;
    if (!t->is_terminal)
        return;
    fprintf(stderr, "\r%u/%u  %lld s \033[K", done, of,
            (long long)(spent_us / done * (of - done) / US_PER_S));
    if (done == of)
        fprintf(stderr, "\r\033[K");
}

static uint32_t split_list(const char *list, str *ret_items, uint32_t most)
{
    str rest = str_from_c(list);
    uint32_t count = 0;
    while (!str_is_empty(rest) && count < most)
        if (!str_split(&rest, ',', &ret_items[count++]))
            break;
    return count;
}

static err read_at(const struct words *w, instant *ret_at)
{
    const char *at = w->options[OPTION_AT];
    *ret_at = env_now();
    ret_at->us -= ret_at->us % US_PER_S;
    return at == NULL ? OK : instant_parse(str_from_c(at), ret_at);
}

static err read_order(const struct words *w, struct fit_order *o)
{
    int64_t folds = 0;
    int64_t repeats = 0;
    int64_t seed = 0;
    str sets[BOOST_PARAMETER_COUNT];
    uint32_t count = split_list(w->options[OPTION_SET], sets, COUNT_OF(sets));
    o->settings = boost_usual();
    TRY(words_number(w, OPTION_FOLDS, FOLDS, FOLD_MOST, &folds));
    TRY(words_number(w, OPTION_REPEATS, REPEATS, FIT_REPEATS, &repeats));
    TRY(words_number(w, OPTION_SEED, 1, INT32_MAX, &seed));
    if (folds < FOLD_LEAST || repeats < 1)
        return fail(ERR_MALFORMED, "train.option_number", 0);
    for (uint32_t i = 0; i < count; i++)
        TRY(boost_set(&o->settings, sets[i]));
    o->settings.seed = (uint64_t)seed;
    o->folds = (uint32_t)folds;
    o->repeats = (uint32_t)repeats;
    return read_at(w, &o->made);
}

static int run_fit(const struct words *w)
{
    struct fit_order order = {.told = tell};
    struct told told = {.began_us = env_monotonic_us(), .is_terminal = isatty(STDERR_FILENO) != 0};
    struct table table;
    struct rows_fault fault = {.line = 0};
    str without[MODEL_FEATURES];
    struct table_wish wish = {.without = without};
    struct model model;
    str file = STR("");
    err e = read_order(w, &order);
    if (failed(e))
        return words_refuse(w, "--", NULL, e);
    wish.without_count = split_list(w->options[OPTION_WITHOUT], without, COUNT_OF(without));
    e = table_read(w->words[0], &wish, w->arena, &table, &fault);
    if (failed(e))
        return words_refuse(w, w->words[0], &fault, e);
    order.table = &table;
    order.self = &told;
    const char *name = w->options[OPTION_NAME];
    order.name = name == NULL ? table.name : str_from_c(name);
    e = fit_model(&order, w->arena, &model, &file);
    if (failed(e))
        return words_refuse(w, w->words[0], NULL, e);
    e = file_write(w->options[OPTION_OUT], file);
    if (failed(e))
        return words_refuse(w, w->options[OPTION_OUT], NULL, fail(ERR_OS, "cli.output", 0));
    e = show_model(w, &model);
    return failed(e) ? words_refuse(w, w->words[0], NULL, e) : EXIT_DONE;
}

static int run_bench(const struct words *w)
{
    static const struct table_wish all = {.without_count = 0};
    struct boost_settings settings = boost_usual();
    struct table table;
    struct rows_fault fault = {.line = 0};
    struct speed speed;
    err e = table_read(w->words[0], &all, w->arena, &table, &fault);
    if (!failed(e))
        e = speed_measure(&table, &settings, w->arena, &speed);
    if (!failed(e))
        e = show_speed(w, &speed);
    return failed(e) ? words_refuse(w, w->words[0], &fault, e) : EXIT_DONE;
}

/* ---- what is there already ------------------------------------------------------------------- */

static int read_model(const struct words *w, const char *path, struct model *ret_model)
{
    str bytes = STR("");
    struct rows_fault fault = {.line = 0};
    err e = file_read(path, MODEL_FILE_BYTES, w->arena, &bytes);
    if (failed(e))
        return words_refuse(w, path, NULL,
                            e.code == ERR_LIMIT ? e : fail(ERR_OS, "file.absent", 0));
    e = model_read(bytes, w->arena, ret_model);
    fault.line = e.at;
    return failed(e) ? words_refuse(w, path, &fault, e) : EXIT_DONE;
}

static int run_show(const struct words *w)
{
    struct model m;
    int code = read_model(w, w->words[0], &m);
    if (code != EXIT_DONE)
        return code;
    err e = show_model(w, &m);
    return failed(e) ? words_refuse(w, w->words[0], NULL, e) : EXIT_DONE;
}

static int run_score(const struct words *w)
{
    struct model m;
    struct table t;
    struct rows_fault fault = {.line = 0};
    int64_t reasons = 0;
    err e = words_number(w, OPTION_REASONS, REASONS, MODEL_FEATURES, &reasons);
    if (failed(e))
        return words_refuse(w, "--reasons", NULL, e);
    int code = read_model(w, w->words[0], &m);
    if (code != EXIT_DONE)
        return code;
    struct table_wish wish = {
        .features = m.features, .feature_count = m.feature_count, .has_no_labels = true};
    e = table_read(w->words[1], &wish, w->arena, &t, &fault);
    if (!failed(e))
        e = show_scores(w, &m, &t, (size_t)reasons);
    return failed(e) ? words_refuse(w, w->words[1], &fault, e) : EXIT_DONE;
}

static int run_sichuan(const struct words *w)
{
    struct rows_fault fault = {.line = 0};
    str csv = STR("");
    err e = sichuan_table(w->words[0], w->arena, &csv, &fault);
    if (failed(e))
        return words_refuse(w, w->words[0], &fault, e);
    e = file_write(w->options[OPTION_OUT], csv);
    return failed(e) ? words_refuse(w, w->options[OPTION_OUT], NULL, fail(ERR_OS, "cli.output", 0))
                     : EXIT_DONE;
}

/* ---- calls ----------------------------------------------------------------------------------- */

struct complaints {
    const struct words *w;
    uint64_t count;
};

static void complain(void *self, const char *path, const struct feed_refusal *refusal)
{
    struct complaints *c = self;
    if (c->count++ >= COMPLAINTS)
        return;
    fprintf(stderr, "yumen-train: %s:%lld: %.*s%s%.*s (%s)\n", path, (long long)refusal->line,
            STR_ARGS(refusal->column), str_is_empty(refusal->column) ? "" : ": ",
            STR_ARGS(say(c->w, refusal->code)), refusal->code);
}

/* Pseudonyms nobody can make again; those of a seed for calls that nobody made. */
static err draw_secret(const struct words *w, uint8_t ret_secret[SIGHT_SECRET_BYTES])
{
    struct random_source random;
    int64_t seed = 0;
    TRY(words_number(w, OPTION_SEED, 0, INT32_MAX, &seed));
    if (w->options[OPTION_SEED] == NULL)
        random_init_secure(&random);
    else
        random_init_seeded(&random, (uint64_t)seed);
    random_fill(&random, ret_secret, SIGHT_SECRET_BYTES);
    return OK;
}

static err read_calls_order(const struct words *w, struct calls_order *o)
{
    int64_t keep = 0;
    int64_t zone_min = 0;
    const char *region = w->options[OPTION_REGION];
    o->paths = w->words;
    o->path_count = w->count;
    o->truth = w->options[OPTION_TRUTH];
    o->out = w->options[OPTION_OUT];
    o->region = region == NULL ? STR("CN") : str_from_c(region);
    TRY(words_number(w, OPTION_KEEP, 1, INT32_MAX, &keep));
    TRY(words_number(w, OPTION_ZONE, ZONE_MIN, ZONE_MOST, &zone_min));
    TRY(draw_secret(w, o->secret));
    o->keep = (uint32_t)keep;
    o->zone_s = (int32_t)(60 * zone_min);
    if (keep < 1)
        return fail(ERR_MALFORMED, "train.option_number", 0);
    return read_at(w, &o->now);
}

static int run_calls(const struct words *w)
{
    struct model model;
    struct complaints complaints = {.w = w};
    struct calls_order order = {.self = &complaints, .refused = complain};
    struct calls_counts counts;
    struct rows_fault fault = {.line = 0};
    const char *path = w->words[0];
    const char *model_path = w->options[OPTION_MODEL];
    int code = model_path == NULL ? EXIT_DONE : read_model(w, model_path, &model);
    if (code != EXIT_DONE)
        return code;
    order.model = model_path == NULL ? NULL : &model;
    err e = read_calls_order(w, &order);
    if (failed(e))
        return words_refuse(w, "--", NULL, e);
    e = calls_table(&order, w->arena, &counts, &fault, &path);
    secret_wipe(order.secret, sizeof order.secret);
    if (!failed(e))
        e = show_calls(w, &counts);
    return failed(e) ? words_refuse(w, path, &fault, e) : EXIT_DONE;
}

/* ---- warn ------------------------------------------------------------------------------------ */

static int run_warn(const struct words *w)
{
    static struct warn_model model;
    const char *name = w->options[OPTION_NAME];
    const char *path = w->words[0];
    struct warn_files_order order = {.paths = w->words,
                                     .path_count = w->count,
                                     .out = w->options[OPTION_OUT],
                                     .name = name == NULL ? STR("warning") : str_from_c(name)};
    struct rows_fault fault = {.line = 0};
    err e = read_at(w, &order.made);
    if (failed(e))
        return words_refuse(w, "--at", NULL, e);
    e = warn_files(&order, w->arena, &model, &path);
    if (!failed(e))
        e = show_warn(w, &model);
    fault.line = e.at;
    return failed(e) ? words_refuse(w, path, &fault, e) : EXIT_DONE;
}

/* ---- verbs ----------------------------------------------------------------------------------- */

#define BIT(option) (UINT32_C(1) << (option))
#define OF_FIT                                                                                     \
    (BIT(OPTION_OUT) | BIT(OPTION_NAME) | BIT(OPTION_WITHOUT) | BIT(OPTION_SET) |                  \
     BIT(OPTION_FOLDS) | BIT(OPTION_REPEATS) | BIT(OPTION_SEED) | BIT(OPTION_AT))

#define NEED_CALLS (BIT(OPTION_OUT) | BIT(OPTION_TRUTH))
#define OUT_ONLY   BIT(OPTION_OUT)
#define OF_WARN    (BIT(OPTION_OUT) | BIT(OPTION_NAME) | BIT(OPTION_AT))
#define OF_CALLS                                                                                   \
    (NEED_CALLS | BIT(OPTION_MODEL) | BIT(OPTION_KEEP) | BIT(OPTION_REGION) | BIT(OPTION_ZONE) |   \
     BIT(OPTION_SEED) | BIT(OPTION_AT))

/* What it needs and what it takes; the first is meant where none is named. */
static const struct verb {
    const char *name;
    int words;
    int most;
    uint32_t needs; /* options, a bit each */
    uint32_t takes;
    int (*run)(const struct words *w);
} verbs[] = {
    {"fit",     1, 1,          OUT_ONLY,   OF_FIT | BIT(OPTION_JSON),              run_fit    },
    {"show",    1, 1,          0,          BIT(OPTION_JSON),                       run_show   },
    {"score",   2, 2,          0,          BIT(OPTION_REASONS) | BIT(OPTION_JSON), run_score  },
    {"bench",   1, 1,          0,          BIT(OPTION_JSON),                       run_bench  },
    {"sichuan", 1, 1,          OUT_ONLY,   OUT_ONLY,                               run_sichuan},
    {"calls",   1, WORDS_MOST, NEED_CALLS, OF_CALLS | BIT(OPTION_JSON),            run_calls  },
    {"warn",    1, WORDS_MOST, OUT_ONLY,   OF_WARN | BIT(OPTION_JSON),             run_warn   },
};

static const struct verb *find_verb(int *count, char ***words)
{
    for (size_t i = 0; *count > 0 && i < COUNT_OF(verbs); i++) {
        if (!str_equal(str_from_c((*words)[0]), str_from_c(verbs[i].name)))
            continue;
        (*count)--;
        (*words)++;
        return &verbs[i];
    }
    return &verbs[0];
}

/* The lowest of them. */
static enum option first_of(uint32_t bits)
{
    enum option i = 0;
    while ((bits & BIT(i)) == 0)
        i++;
    return i;
}

/* Says what is missing or too much. */
static bool is_right(const struct words *w, const struct verb *verb, uint32_t given)
{
    char room[WORDS_OPTION_BYTES];
    uint32_t missing = verb->needs & ~given;
    uint32_t strange = given & ~verb->takes;
    if (w->count < verb->words)
        return words_complain(w, verb->name, "train.needs_file");
    if (w->count > verb->most)
        return words_complain(w, verb->name, "cli.usage.too_many");
    if (missing != 0)
        return words_complain(w, words_option(first_of(missing), room), "train.needs_option");
    if (strange != 0)
        return words_complain(w, words_option(first_of(strange), room), "train.takes_no_option");
    return true;
}

static int run_words(struct words *w, int count, char **argv)
{
    const struct verb *verb = find_verb(&count, &argv);
    uint32_t given = 0;
    if (!words_read(count, argv, w))
        return EXIT_USAGE;
    for (enum option i = 0; i < OPTION_COUNT; i++)
        given |= w->options[i] == NULL ? 0 : BIT(i);
    if (w->wants_help) {
        words_put_usage(w, stdout);
        return EXIT_DONE;
    }
    if (!is_right(w, verb, given))
        return EXIT_USAGE;
    int code = verb->run(w);
    bool is_written = fflush(stdout) == 0 && ferror(stdout) == 0;
    return is_written ? code : words_refuse(w, "-", NULL, fail(ERR_OS, "cli.output", 0));
}

static enum language language_of_terminal(void)
{
    const char *lang = getenv("LC_ALL"); // NOLINT(concurrency-mt-unsafe): one thread
    if (lang == NULL)
        lang = getenv("LANG"); // NOLINT(concurrency-mt-unsafe): one thread
    return lang != NULL && str_starts(str_from_c(lang), STR("zh")) ? LANGUAGE_ZH : LANGUAGE_EN;
}

int main(int argc, char **argv)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct words words = {.arena = &arena, .language = language_of_terminal()};
    err e = kit_boot();
    if (!failed(e))
        e = messages_boot(&arena);
    int code = EXIT_SYSTEM;
    if (failed(e))
        fprintf(stderr, "yumen-train: %s\n", e.why);
    else
        code = run_words(&words, argc - 1, argv + 1);
    arena_done(&arena);
    kit_done();
    return code;
}
