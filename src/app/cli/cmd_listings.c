/* SPDX-License-Identifier: Apache-2.0 */
/* yumen listings: look at the lists, propose, decide, export. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_listings = {
    .name = "listings",
    .usage = "[list] [--state STATE] [--kind KIND] [--action ACTION] [--q PART] ...\n"
             "       yumen listings show ID\n"
             "       yumen listings add KIND VALUE --action ACTION --reason R --basis B --until T\n"
             "             --evidence TEXT [...]\n"
             "       yumen listings approve ID | approve --batch ID\n"
             "       yumen listings refuse ID --why TEXT\n"
             "       yumen listings lift ID --why TEXT\n"
             "       yumen listings export [--kind KIND] [--since MARK] [--csv]",
    .help = "cli.help.listings",
    .options = {{"state", "STATE", "cli.option.state"},
                {"kind", "KIND", "cli.option.kind"},
                {"action", "ACTION", "cli.option.action"},
                {"q", "PART", "cli.option.q"},
                {"source", "NAME", "cli.option.source"},
                {"batch", "ID", "cli.option.batch"},
                {"limit", "N", "cli.option.limit"},
                {"since", "MARK", "cli.option.since"},
                {"csv", NULL, "cli.option.csv"},
                {"reason", "CODE", "cli.option.reason"},
                {"basis", "CODE", "cli.option.basis"},
                {"until", "TIME", "cli.option.until"},
                {"evidence", "TEXT", "cli.option.evidence"},
                {"match", "exact|suffix", "cli.option.match"},
                {"notice", "TEXT", "cli.option.notice"},
                {"score", "0..100", "cli.option.score"},
                {"division", "CODE", "cli.option.division"},
                {"rpz", "WORD", "cli.option.rpz"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

/* --- looking --- */

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.listing", true },
        {"cli.column.kind",    true },
        {"cli.column.value",   false},
        {"cli.column.action",  true },
        {"cli.column.state",   true },
        {"cli.column.until",   true },
    };
    enum { DATE = 10 };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value l = json_item(items, i);
        str state = json_text(line, l, "state");
        bool is_refused = str_equal(state, STR("refused"));
        table_put(&t, json_text(line, l, "listing"));
        table_put(&t, say_word(line, "ui.kind.", json_text(line, l, "kind")));
        table_put(&t, json_text(line, l, "display"));
        table_put(&t, say_word(line, "ui.action.", json_text(line, l, "action")));
        table_put_tone(&t, say_word(line, "ui.state.", state),
                       is_refused ? TONE_ALARM : TONE_PLAIN);
        table_put(&t, str_until(json_text(line, l, "until"), DATE));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state",  "kind",  "action", "q",
                                          "source", "batch", "limit",  NULL};
    const char *limit = command_value(line, &cmd_listings, "limit");
    int64_t most = 0;
    bool is_wrong = limit != NULL && (failed(str_parse_i64(str_from_c(limit), &most)) || most < 1 ||
                                      most > LIST_MOST);
    if (is_wrong)
        return command_usage(&cmd_listings, "cli.usage.limit");
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_listings, "/v1/listings", filters)};
    return cli_show(line, &request, show_list);
}

static void put_history(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.at",    true },
        {"cli.column.act",   true },
        {"cli.column.actor", false},
        {"cli.column.why",   false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value history = json_get(root, "history");
    for (size_t i = 0; i < json_count(history); i++) {
        json_value step = json_item(history, i);
        table_put(&t, say_time(line, json_text(line, step, "at")));
        table_put(&t, say_word(line, "ui.deed.", json_text(line, step, "act")));
        table_put(&t, json_text(line, step, "actor"));
        table_put(&t, json_text(line, step, "why"));
    }
    if (json_count(history) == 0)
        return;
    printf("\n");
    table_print(&t, stdout);
}

static int show_listing(const struct command_line *line, json_value l)
{
    static const struct {
        const char *label;
        const char *key;
        const char *words; /* of the catalogue; NULL: as it is */
    } rest[] = {
        {"cli.column.match",    "match",       "ui.match."},
        {"cli.column.reason",   "reason_text", NULL       },
        {"cli.column.basis",    "basis_text",  NULL       },
        {"cli.column.source",   "source",      NULL       },
        {"cli.column.score",    "score",       NULL       },
        {"cli.column.evidence", "evidence",    NULL       },
        {"cli.column.notice",   "notice",      NULL       },
        {"cli.column.rpz",      "rpz",         "ui.rpz."  },
        {"cli.column.division", "division",    NULL       },
        {"cli.column.batch",    "batch",       NULL       },
        {"cli.column.proposer", "proposer",    NULL       },
        {"cli.column.approver", "approver",    NULL       },
        {"cli.column.why",      "ended_why",   NULL       },
    };
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.column.listing", json_text(line, l, "listing"));
    record_put(&t, "cli.column.kind", say_word(line, "ui.kind.", json_text(line, l, "kind")));
    record_put(&t, "cli.column.value", json_text(line, l, "display"));
    record_put(&t, "cli.column.action", say_word(line, "ui.action.", json_text(line, l, "action")));
    record_put(&t, "cli.column.state", say_word(line, "ui.state.", json_text(line, l, "state")));
    record_put(&t, "cli.column.from", say_time(line, json_text(line, l, "from")));
    record_put(&t, "cli.column.until", say_time(line, json_text(line, l, "until")));
    for (size_t i = 0; i < COUNT_OF(rest); i++)
        record_put(&t, rest[i].label,
                   rest[i].words == NULL
                       ? json_text(line, l, rest[i].key)
                       : say_word(line, rest[i].words, json_text(line, l, rest[i].key)));
    table_print(&t, stdout);
    put_history(line, l);
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_path(line, "/v1/listings/", line->words[0], "")};
    return cli_show(line, &request, show_listing);
}

/* --- proposing --- */

static int show_made(const struct command_line *line, json_value l)
{
    put_line(line, stdout, json_text(line, l, "listing"));
    put_line(line, stderr,
             say_with(line, "cli.listings.added", json_text(line, l, "display"),
                      say_word(line, "ui.state.", json_text(line, l, "state"))));
    return EXIT_DONE;
}

static int add(const struct command_line *line)
{
    static const char *const fields[] = {"action",   "reason", "basis",  "evidence",
                                         "source",   "match",  "notice", "score",
                                         "division", "rpz",    "until",  NULL};
    static const char *const needed[] = {"action", "reason", "basis", "until", "evidence"};
    for (size_t i = 0; i < COUNT_OF(needed); i++)
        if (command_value(line, &cmd_listings, needed[i]) == NULL)
            return command_usage(&cmd_listings, "cli.usage.add_needs");
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("kind"), str_from_c(line->words[0]));
    json_put_str(j, STR("value"), str_from_c(line->words[1]));
    cli_body_options(j, line, &cmd_listings, fields);
    bool is_machine = line->token == NULL || line->token[0] == '\0';
    if (is_machine && command_value(line, &cmd_listings, "source") == NULL)
        json_put_str(j, STR("source"), STR("centre"));
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/listings"), .body = cli_body_end(&body)};
    return cli_show(line, &request, show_made);
}

/* --- deciding --- */

static int show_decided(const struct command_line *line, json_value l)
{
    put_line(line, stdout,
             say_with(line, "cli.listings.decided", json_text(line, l, "display"),
                      say_word(line, "ui.state.", json_text(line, l, "state"))));
    return EXIT_DONE;
}

static int decide(const struct command_line *line, const char *act)
{
    static const char *const why[] = {"why", NULL};
    return cli_post(line, &cmd_listings, cli_path(line, "/v1/listings/", line->words[0], act), why,
                    show_decided);
}

static int show_batch(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.listing", true },
        {"cli.column.code",    true },
        {"cli.column.reason",  false},
    };
    put_line(line, stdout,
             say_with(line, "cli.listings.batch", json_text(line, root, "approved"),
                      json_text(line, root, "refused")));
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value refusals = json_get(root, "refusals");
    for (size_t i = 0; i < json_count(refusals); i++) {
        json_value refusal = json_item(refusals, i);
        table_put(&t, json_text(line, refusal, "listing"));
        table_put_tone(&t, json_text(line, refusal, "code"), TONE_ALARM);
        table_put(&t, json_text(line, refusal, "reason"));
    }
    if (json_count(refusals) == 0)
        return EXIT_DONE;
    table_print(&t, stdout);
    return EXIT_REFUSED;
}

static int approve(const struct command_line *line)
{
    const char *batch = command_value(line, &cmd_listings, "batch");
    if ((batch == NULL) == (line->word_count == 0))
        return command_usage(&cmd_listings, "cli.usage.approve");
    if (batch == NULL)
        return decide(line, "/approve");
    struct local_request request = {.method = HTTP_POST,
                                    .target = cli_path(line, "/v1/batches/", batch, "/approve"),
                                    .body = STR("{}")};
    return cli_show(line, &request, show_batch);
}

static int refuse(const struct command_line *line)
{
    return decide(line, "/refuse");
}

static int lift(const struct command_line *line)
{
    return decide(line, "/lift");
}

/* One object or row a line, as it comes: no table would hold a whole list. */
static int export(const struct command_line *line)
{
    static const char *const filters[] = {"kind", "since", NULL};
    bool is_csv = command_value(line, &cmd_listings, "csv") != NULL;
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_target(line, &cmd_listings, "/v1/listings/export", filters),
        .accept = is_csv ? STR("text/csv") : STR("")};
    struct local_reply reply = {0};
    int code = cli_ask(line, &request, &reply);
    if (code != EXIT_DONE)
        return code;
    (void)fwrite(reply.body.at, 1, reply.body.size, stdout);
    put_line(line, stderr, say_with(line, "cli.listings.mark", reply.etag, STR("")));
    return code;
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",    0, 0, list   },
        {"show",    1, 1, show   },
        {"add",     2, 2, add    },
        {"approve", 0, 1, approve},
        {"refuse",  1, 1, refuse },
        {"lift",    1, 1, lift   },
        {"export",  0, 0, export },
    };
    return cli_verbs(line, &cmd_listings, verbs, COUNT_OF(verbs));
}
