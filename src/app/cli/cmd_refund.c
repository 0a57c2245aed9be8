/* SPDX-License-Identifier: Apache-2.0 */
/* yumen refund: whose the money is that lies frozen in an account: of files alone, or of what a
 * centre's orders hold. */
#include "app/cli/refund_show.h"
#include "app/round/refund_read.h"
#include "app/round/refund_write.h"
#include "env/file.h"
#include "fact/currency.h"
#include "fact/record.h"

enum { SHOWN_REFUSALS = 20, FILES_ZONE_MIN = 480 };
#define CASE_BYTES ((size_t)1 << 30)

static int run(const struct command_line *line);

const struct command_entry cmd_refund = {
    .name = "refund",
    .usage = "--case FILE [--rule RULE | --rules] [--statement FILE]\n"
             "       yumen refund --incident ID [--account ACCOUNT] [--rule RULE]",
    .help = "cli.help.refund",
    .options = {{"case", "FILE", "cli.option.case"},
                {"rule", "RULE", "cli.option.refund_rule"},
                {"rules", NULL, "cli.option.refund_rules"},
                {"statement", "FILE", "cli.option.statement"},
                {"incident", "ID", "cli.option.refund_incident"},
                {"account", "ACCOUNT", "cli.option.refund_account"}},
    .run = run,
};

struct work {
    const struct command_line *line;
    struct arena *arena;
    struct refund_asked asked;
    struct refund_faults faults;
    struct refund_record record;
    struct refund refunds[RULE_COUNT]; /* those asked for, in their order */
    size_t count;
};

static const char *value_of(const struct command_line *line, const char *name)
{
    return command_value(line, &cmd_refund, name);
}

static str reason_of(void *self, const char *key)
{
    return say(self, key);
}

/* ---- the case -------------------------------------------------------------------------------- */

static err read_case(struct work *w, const char *path)
{
    str json = STR("");
    TRY(cli_bytes(path, REFUND_CASE_BYTES, w->arena, &json));
    TRY(refund_case_read(json, w->arena, &w->asked, &w->faults));
    return refund_record_make(&w->asked.of, w->arena, &w->record, &w->faults);
}

static err compute(struct work *w)
{
    bool is_all = value_of(w->line, "rules") != NULL;
    for (enum refund_rule rule = 0; rule < RULE_COUNT; rule++) {
        if (!is_all && rule != w->asked.rule)
            continue;
        TRY(refund_compute(&w->record, rule, w->arena, &w->refunds[w->count]));
        w->count++;
    }
    return OK;
}

/* ---- as JSON --------------------------------------------------------------------------------- */

static int print_json(const struct work *w)
{
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    json_init(&j, &t);
    if (value_of(w->line, "rules") == NULL) {
        refund_write(&w->refunds[0], FILES_ZONE_MIN, &j);
    } else {
        json_object(&j);
        json_key(&j, STR("refunds"));
        json_array(&j);
        for (size_t i = 0; i < w->count; i++)
            refund_write(&w->refunds[i], FILES_ZONE_MIN, &j);
        json_end(&j);
        json_end(&j);
    }
    if (text_spent(&t))
        return command_fail(w->line, fail(ERR_LIMIT, "limit.memory", 0));
    printf("%.*s\n", STR_ARGS(text_str(&t)));
    return EXIT_DONE;
}

static int write_statement(const struct work *w, const char *path)
{
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    json_init(&j, &t);
    refund_write_statement(&w->refunds[0], FILES_ZONE_MIN, &j);
    text_put_char(&t, '\n');
    err e = text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : file_write(path, text_str(&t));
    return failed(e) ? command_fail_at(w->line, str_from_c(path), e) : EXIT_DONE;
}

/* ---- for people ------------------------------------------------------------------------------ */

static str money(const struct work *w, int64_t minor)
{
    struct text t;
    text_init(&t, w->line->arena);
    currency_put(&t, minor, w->asked.of.currency);
    return text_str(&t);
}

/* Amounts stand under each other at their points: as wide as what is frozen or lost at most. */
static str column(const struct work *w, int64_t minor)
{
    size_t width = money(w, w->asked.of.frozen_minor).size;
    for (uint32_t i = 0; i < w->asked.of.claim_count; i++) {
        size_t size = money(w, w->asked.of.claims[i].loss_minor).size;
        width = size > width ? size : width;
    }
    str text = money(w, minor);
    struct text t;
    text_init(&t, w->line->arena);
    for (size_t i = text.size; i < width; i++)
        text_put_char(&t, ' ');
    text_put(&t, text);
    return text_str(&t);
}

static void put_head(const struct work *w, const struct refund *r)
{
    const struct refund_case *c = &w->asked.of;
    char room[INSTANT_TEXT_BYTES];
    struct text frozen;
    struct table t;
    text_init(&frozen, w->line->arena);
    text_put(&frozen, money(w, c->frozen_minor));
    text_put_char(&frozen, ' ');
    text_put(&frozen, c->currency);
    record_init(&t, w->line);
    record_put(&t, "ui.trail.account", c->account);
    if (r != NULL) {
        record_put(&t, "cli.column.rule", str_from_c(refund_rule_words[r->rule]));
        record_put(&t, "cli.column.rule_text", say(w->line, refund_rule_text(r->rule)));
    }
    record_put(&t, "cli.column.frozen", text_str(&frozen));
    str time = instant_format(instant_from_us(c->frozen_ms * US_PER_MS), FILES_ZONE_MIN, room);
    record_put(&t, "cli.column.frozen_at", say_time(w->line, time));
    table_print(&t, stdout);
    printf("\n");
}

static void put_claims(const struct work *w, const struct refund *r)
{
    static const struct table_column columns[] = {
        {"cli.column.claim",     true},
        {"cli.column.loss",      true},
        {"cli.column.deposited", true},
        {"cli.column.least",     true},
        {"cli.column.most",      true},
        {"cli.column.basis",     true},
        {"cli.column.returned",  true},
    };
    struct table t;
    table_init(&t, w->line, columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < w->asked.of.claim_count; i++) {
        const struct refund_part *p = &r->parts[i];
        table_put(&t, w->asked.of.claims[i].id);
        table_put(&t, column(w, p->loss_minor));
        table_put(&t, column(w, p->deposited_minor));
        table_put(&t, column(w, p->least_minor));
        table_put(&t, column(w, p->most_minor));
        table_put(&t, say_word(w->line, "refund.basis.", str_from_c(refund_basis_words[p->basis])));
        table_put(&t, column(w, p->amount_minor));
    }
    if (w->asked.of.claim_count > 0)
        table_print(&t, stdout);
    put_line(w->line, stdout,
             say_with(w->line, "cli.refund.unclaimed", money(w, r->unclaimed_minor),
                      w->asked.of.currency));
}

static void put_doubts(const struct work *w)
{
    const struct refund_record *r = &w->record;
    int64_t open = 0;
    for (uint32_t m = 1; m < r->moment_count; m++)
        open += refund_moment_is_open(r, m);
    if (open > 0)
        put_line(w->line, stdout,
                 say_with(w->line, "cli.refund.same_moment", say_number(w->line, open), STR("")));
    if (r->balance_minor != w->asked.of.frozen_minor)
        put_line(w->line, stdout,
                 say_with(w->line,
                          r->balance_minor > w->asked.of.frozen_minor ? "cli.refund.less_frozen"
                                                                      : "cli.refund.more_frozen",
                          money(w, r->balance_minor), money(w, w->asked.of.frozen_minor)));
}

/* All rules side by side. */
static void put_rules(const struct work *w)
{
    static const struct table_column columns[] = {
        {"cli.column.claim",              true},
        {"cli.column.loss",               true},
        {"refund.rule_name.cn_2016",      true},
        {"refund.rule_name.fifo",         true},
        {"refund.rule_name.proportional", true},
    };
    struct table t;
    table_init(&t, w->line, columns, COUNT_OF(columns));
    for (uint32_t i = 0; i < w->asked.of.claim_count; i++) {
        table_put(&t, w->asked.of.claims[i].id);
        table_put(&t, column(w, w->asked.of.claims[i].loss_minor));
        for (size_t k = 0; k < w->count; k++)
            table_put(&t, column(w, w->refunds[k].parts[i].amount_minor));
    }
    table_put(&t, say(w->line, "cli.column.unclaimed"));
    table_put(&t, STR(""));
    for (size_t k = 0; k < w->count; k++)
        table_put(&t, column(w, w->refunds[k].unclaimed_minor));
    table_print(&t, stdout);
}

static int print_text(const struct work *w)
{
    bool is_all = value_of(w->line, "rules") != NULL;
    put_head(w, is_all ? NULL : &w->refunds[0]);
    if (is_all)
        put_rules(w);
    else
        put_claims(w, &w->refunds[0]);
    put_doubts(w);
    return EXIT_DONE;
}

/* ---- what was refused ------------------------------------------------------------------------ */

static int refuse(const struct work *w)
{
    union {
        const struct command_line *line;
        void *self;
    } who = {.line = w->line};
    struct refund_refusal_form form = {.of = &w->asked.of, .say = reason_of, .self = who.self};
    const struct refund_faults *f = &w->faults;
    put_line(w->line, stderr, say(w->line, "refund.refused"));
    for (uint32_t i = 0; i < f->count && i < SHOWN_REFUSALS; i++) {
        const struct refund_fault *fault = &f->at[i];
        struct text t;
        text_init(&t, w->line->arena);
        text_put_c(&t, "  ");
        if (fault->entry >= 0) {
            text_put_i64(&t, fault->entry + 1);
            text_put_c(&t, "  ");
            text_put(&t, w->asked.of.entries[fault->entry].id);
            text_put_c(&t, "  ");
        }
        text_put_c(&t, fault->column);
        text_put_c(&t, "  ");
        text_put(&t, say(w->line, fault->why));
        text_put_c(&t, " (");
        text_put_c(&t, fault->why);
        text_put_c(&t, ")");
        put_line(w->line, stderr, text_str(&t));
    }
    if (w->line->wants_json) {
        struct text t;
        struct json j;
        text_init(&t, w->arena);
        json_init(&j, &t);
        refund_write_faults(f, &form, &j);
        printf("%.*s\n", STR_ARGS(text_str(&t)));
    }
    return EXIT_REFUSED;
}

static int answer(struct work *w)
{
    const char *path = value_of(w->line, "case");
    err e = read_case(w, path);
    if (failed(e) && w->faults.count > 0)
        return refuse(w);
    if (failed(e))
        return command_fail_at(w->line, str_from_c(path), e);
    const char *rule = value_of(w->line, "rule");
    if (rule != NULL) /* run() has seen that there is such a rule */
        (void)word_parse(refund_rule_words, str_from_c(rule), &w->asked.rule);
    e = compute(w);
    if (failed(e))
        return command_fail(w->line, e);
    const char *statement = value_of(w->line, "statement");
    int code = statement == NULL ? EXIT_DONE : write_statement(w, statement);
    if (code != EXIT_DONE)
        return code;
    return w->line->wants_json ? print_json(w) : print_text(w);
}

/* ---- of a centre ----------------------------------------------------------------------------- */

static int ask_centre(const struct command_line *line)
{
    static const char *const filters[] = {"account", "rule", NULL};
    str path = cli_path(line, "/v1/incidents/", value_of(line, "incident"), "/refund");
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_target(line, &cmd_refund, str_to_c(line->arena, path), filters)};
    return cli_show(line, &request, refund_show);
}

/* What is wrong with the options as they were given; NULL: nothing. */
static const char *complaint_of(const struct command_line *line)
{
    const char *rule = value_of(line, "rule");
    bool is_file = value_of(line, "case") != NULL;
    bool is_centre = value_of(line, "incident") != NULL;
    bool is_all = value_of(line, "rules") != NULL;
    bool has_statement = value_of(line, "statement") != NULL;
    unsigned known = 0;
    if (line->word_count > 0 || is_file == is_centre)
        return "cli.usage.refund";
    if (rule != NULL && !word_parse(refund_rule_words, str_from_c(rule), &known))
        return "refund.rule";
    if (is_all && (rule != NULL || has_statement))
        return "cli.usage.refund_rules";
    bool is_mixed = is_file ? value_of(line, "account") != NULL : is_all || has_statement;
    return is_mixed ? "cli.usage.refund_mixed" : NULL;
}

static int run(const struct command_line *line)
{
    const char *complaint = complaint_of(line);
    if (complaint != NULL)
        return command_usage(&cmd_refund, complaint);
    if (value_of(line, "incident") != NULL)
        return ask_centre(line);
    struct arena arena;
    arena_init(&arena, CASE_BYTES);
    struct work *w = arena_make(&arena, sizeof *w);
    int code = EXIT_SYSTEM;
    if (w != NULL) {
        w->line = line;
        w->arena = &arena;
        code = answer(w);
    }
    arena_done(&arena);
    return code;
}
