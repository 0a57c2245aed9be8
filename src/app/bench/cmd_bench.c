/* SPDX-License-Identifier: Apache-2.0 */
/* yumen bench: what this machine does, each figure beside its peer's, with the machine it is of. */
#include "app/bench/bench.h"
#include "app/cli/cli.h"
#include "app/version.h"

#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

static int run(const struct command_line *line);

const struct command_entry cmd_bench = {
    .name = "bench",
    .usage = "[store] [ledger] [check] [screen] [trail] [race] [calls] [warn] [timers] [sip]",
    .help = "cli.help.bench",
    .run = run,
};

static const struct {
    const char *name;
    err (*run)(struct bench *b);
    bool needs_store; /* what the store's measurement makes */
    bool is_long;     /* only when asked for */
} measurements[] = {
    {.name = "store",  .run = bench_store,  .needs_store = true},
    {.name = "ledger", .run = bench_ledger, .needs_store = true},
    {.name = "check",  .run = bench_check,  .needs_store = true},
    {.name = "screen", .run = bench_screen, .is_long = true    },
    {.name = "trail",  .run = bench_trail,  .is_long = true    },
    {.name = "race",   .run = bench_race,   .is_long = true    },
    {.name = "calls",  .run = bench_calls,  .is_long = true    },
    {.name = "warn",   .run = bench_warn,   .is_long = true    },
    {.name = "timers", .run = bench_timers, .is_long = true    },
    {.name = "sip",    .run = bench_sip,    .is_long = true    },
};

/* --- the machine --- */

struct machine {
    str processor;
    str system;
    int64_t cores;
    int64_t memory_mib;
};

static str find_processor(const struct command_line *line)
{
    enum { CPU_BYTES = 1 << 20 };
    str rest = {0};
    str text = {0};
    char *room = arena_make(line->arena, CPU_BYTES);
    FILE *in = fopen("/proc/cpuinfo", "re");
    if (in == NULL || room == NULL)
        return STR("");
    rest = str_make(room, fread(room, 1, CPU_BYTES, in));
    (void)fclose(in);
    while (str_split(&rest, '\n', &text))
        if (str_starts(text, STR("model name")))
            return str_trim(str_from(text, str_find_char(text, ':') + 1));
    return STR("");
}

static void look_at_machine(const struct command_line *line, struct machine *m)
{
    struct utsname name;
    struct sysinfo info;
    struct text t;
    text_init(&t, line->arena);
    if (uname(&name) == 0)
        text_printf(&t, "%s %s %s", name.sysname, name.release, name.machine);
    *m = (struct machine){.processor = find_processor(line),
                          .system = text_str(&t),
                          .cores = sysconf(_SC_NPROCESSORS_ONLN)};
    if (sysinfo(&info) == 0)
        m->memory_mib = (int64_t)(info.totalram / 1024 * info.mem_unit / 1024);
}

/* --- figures --- */

static str label(const struct command_line *line, const char *before, const char *name)
{
    struct text t;
    text_init(&t, line->arena);
    text_put_c(&t, before);
    text_put_c(&t, name);
    return message(text_str(&t), line->language);
}

static str figure(const struct command_line *line, double value)
{
    struct text t;
    text_init(&t, line->arena);
    text_printf(&t, value < 100 ? "%.1f" : "%.0f", value);
    return text_str(&t);
}

/* How many times the peer's speed. */
static double ratio(const struct bench_result *r)
{
    if (r->ours <= 0 || r->peer <= 0)
        return 0;
    return r->is_time ? r->peer / r->ours : r->ours / r->peer;
}

/* Which of them are below what is asked of them, in words; how many. */
static size_t put_below(const struct command_line *line, const struct bench *b)
{
    size_t below = 0;
    for (size_t i = 0; i < b->count; i++) {
        const struct bench_result *r = &b->results[i];
        if (ratio(r) >= r->bar)
            continue;
        fprintf(stderr, "%.*s: %.2f < %.2f, %.*s\n", STR_ARGS(say(line, "cli.bench.below")),
                ratio(r), r->bar, STR_ARGS(label(line, "cli.bench.", r->name)));
        below++;
    }
    return below;
}

static void put_table(const struct command_line *line, const struct bench *b,
                      const struct machine *m)
{
    static const struct table_column columns[] = {
        {"cli.bench.what",  true },
        {"cli.bench.yumen", true },
        {"cli.bench.plain", true },
        {"cli.bench.ratio", true },
        {"cli.bench.peer",  false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < b->count; i++) {
        const struct bench_result *r = &b->results[i];
        struct text times;
        text_init(&times, line->arena);
        text_printf(&times, "%.2f", ratio(r));
        table_put(&t, label(line, "cli.bench.", r->name));
        table_put(&t, figure(line, r->ours));
        table_put(&t, figure(line, r->peer));
        table_put(&t, text_str(&times));
        table_put(&t, label(line, "cli.bench.peer.", r->name));
    }
    table_print(&t, stdout);
    printf("\n");
    record_init(&t, line);
    record_put(&t, "cli.bench.processor", m->processor);
    record_put(&t, "cli.bench.cores", say_number(line, m->cores));
    record_put(&t, "cli.bench.memory", say_number(line, m->memory_mib));
    record_put(&t, "cli.bench.system", m->system);
    record_put(&t, "cli.version.source", STR(YUMEN_SOURCE));
    record_put(&t, "cli.version.compiler", STR(YUMEN_COMPILER));
    table_print(&t, stdout);
}

static void put_json(const struct command_line *line, const struct bench *b,
                     const struct machine *m)
{
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_key(j, STR("machine"));
    json_object(j);
    json_put_str(j, STR("processor"), m->processor);
    json_put_i64(j, STR("cores"), m->cores);
    json_put_i64(j, STR("memory_mib"), m->memory_mib);
    json_put_str(j, STR("system"), m->system);
    json_put_str(j, STR("source"), STR(YUMEN_SOURCE));
    json_put_str(j, STR("compiler"), STR(YUMEN_COMPILER));
    json_end(j);
    json_key(j, STR("results"));
    json_array(j);
    for (size_t i = 0; i < b->count; i++) {
        const struct bench_result *r = &b->results[i];
        json_object(j);
        json_put_str(j, STR("name"), str_from_c(r->name));
        json_put_str(j, STR("unit"), str_from_c(r->unit));
        json_key(j, STR("yumen"));
        json_milli(j, (int64_t)(r->ours * 1000));
        json_key(j, STR("peer"));
        json_milli(j, (int64_t)(r->peer * 1000));
        json_key(j, STR("ratio"));
        json_milli(j, (int64_t)(ratio(r) * 1000));
        json_end(j);
    }
    json_end(j);
    printf("%s\n", cli_body_end(&body).at);
}

/* --- which --- */

static bool is_asked(const struct command_line *line, size_t which)
{
    bool is_found = line->word_count == 0 && !measurements[which].is_long;
    for (int i = 0; i < line->word_count; i++)
        is_found = is_found || strcmp(line->words[i], measurements[which].name) == 0;
    return is_found;
}

static bool knows(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(measurements); i++)
        if (strcmp(measurements[i].name, word) == 0)
            return true;
    return false;
}

/* The store is run whenever another looks at what it makes. */
static err measure(const struct command_line *line, struct bench *b)
{
    bool needs_store = false;
    TRY(bench_open(b));
    for (size_t i = 0; i < COUNT_OF(measurements); i++)
        needs_store = needs_store || (is_asked(line, i) && measurements[i].needs_store);
    for (size_t i = 0; i < COUNT_OF(measurements); i++) {
        bool is_wanted = is_asked(line, i);
        size_t before = b->count;
        if (is_wanted || (i == 0 && needs_store))
            TRY(measurements[i].run(b));
        if (!is_wanted)
            b->count = before;
    }
    return OK;
}

static int run(const struct command_line *line)
{
    for (int i = 0; i < line->word_count; i++)
        if (!knows(line->words[i]))
            return command_usage(&cmd_bench, "cli.usage.unknown_verb");
    struct bench *b = arena_make(line->arena, sizeof *b);
    struct machine machine;
    if (b == NULL)
        return command_fail(line, fail(ERR_LIMIT, "limit.memory", 0));
    look_at_machine(line, &machine);
    err e = measure(line, b);
    bench_close(b);
    if (failed(e))
        return command_fail(line, e);
    if (b->skipped != NULL)
        fprintf(stderr, "%s\n", message(str_from_c(b->skipped), line->language).at);
    if (line->wants_json)
        put_json(line, b, &machine);
    else
        put_table(line, b, &machine);
    return put_below(line, b) == 0 ? EXIT_DONE : EXIT_NEGATIVE;
}
