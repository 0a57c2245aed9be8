/* SPDX-License-Identifier: Apache-2.0 */
/* yumen rounds: frozen money on its way back, step by step, and who has to take the next. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_rounds = {
    .name = "rounds",
    .usage = "[list] [--state STATE] [--incident ID] [--waits WHAT]\n"
             "       yumen rounds show ID\n"
             "       yumen rounds compute INCIDENT ACCOUNT [--rule RULE]\n"
             "       yumen rounds review|notice|approve|close ID\n"
             "       yumen rounds void ID --why TEXT\n"
             "       yumen rounds receipt SHARE --result WORD [--reference TEXT] [--reason TEXT]"
             " [--at TIME] [--key KEY]",
    .help = "cli.help.rounds",
    .options = {{"state", "STATE", "cli.option.round_state"},
                {"incident", "ID", "cli.option.round_incident"},
                {"waits", "review|close|late", "cli.option.round_waits"},
                {"limit", "N", "cli.option.limit"},
                {"rule", "RULE", "cli.option.round_rule"},
                {"why", "TEXT", "cli.option.why"},
                {"result", "done|refused|bounced|pending", "cli.option.share_result"},
                {"reference", "TEXT", "cli.option.share_reference"},
                {"reason", "TEXT", "cli.option.why"},
                {"at", "TIME", "cli.option.share_at"},
                {"key", "KEY", "cli.option.share_key"}},
    .run = run,
};

static bool is_late(const struct command_line *line, json_value r)
{
    return str_equal(json_text(line, r, "is_late"), STR("1"));
}

static str state_of(const struct command_line *line, json_value r)
{
    return say_word(line, "ui.round_state.", json_text(line, r, "state"));
}

static str time_of(const struct command_line *line, json_value r, const char *key)
{
    str value = json_text(line, r, key);
    return str_is_empty(value) ? value : say_time(line, value);
}

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.round",        true },
        {"cli.column.state",        true },
        {"cli.column.account",      false},
        {"cli.column.shared",       true },
        {"cli.column.returned",     true },
        {"cli.column.notice_until", true },
        {"cli.column.due_at",       true },
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value r = json_item(items, i);
        table_put(&t, json_text(line, r, "round"));
        table_put_tone(&t, state_of(line, r), is_late(line, r) ? TONE_ALARM : TONE_PLAIN);
        table_put(&t, json_text(line, r, "display"));
        table_put(&t, json_text(line, r, "shared"));
        table_put(&t, json_text(line, r, "returned"));
        table_put(&t, time_of(line, r, "notice_until"));
        table_put(&t, time_of(line, r, "due_at"));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "incident", "waits", "limit", NULL};
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_rounds, "/v1/rounds", filters)};
    return cli_show(line, &request, show_list);
}

static void put_shares(const struct command_line *line, json_value r)
{
    static const struct table_column columns[] = {
        {"cli.column.share_id",  true },
        {"cli.column.claim",     true },
        {"cli.column.basis",     true },
        {"cli.column.loss",      true },
        {"cli.column.amount",    true },
        {"cli.column.state",     true },
        {"cli.column.reference", false},
        {"cli.column.why",       false},
    };
    struct table t;
    json_value shares = json_get(r, "shares");
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(shares); i++) {
        json_value s = json_item(shares, i);
        str state = json_text(line, s, "state");
        table_put(&t, json_text(line, s, "share"));
        table_put(&t, json_text(line, s, "claim"));
        table_put(&t, say_word(line, "refund.basis.", json_text(line, s, "basis")));
        table_put(&t, json_text(line, s, "loss"));
        table_put(&t, json_text(line, s, "amount"));
        table_put_tone(&t, say_word(line, "ui.share_state.", state),
                       str_equal(state, STR("failed")) ? TONE_ALARM : TONE_PLAIN);
        table_put(&t, json_text(line, s, "reference"));
        table_put(&t, json_text(line, s, "why"));
    }
    printf("\n");
    table_print(&t, stdout);
}

static void put_word(struct table *t, const struct command_line *line, str share, json_value word)
{
    str fate = json_text(line, word, "fate");
    bool is_odd = str_equal(fate, STR("contradicting"));
    table_put(t, share);
    table_put(t, time_of(line, word, "at"));
    table_put(t, say_word(line, "ui.receipt_result.", json_text(line, word, "result")));
    table_put_tone(t, say_word(line, "ui.receipt_fate.", fate), is_odd ? TONE_ALARM : TONE_PLAIN);
    table_put(t, json_text(line, word, "reference"));
    table_put(t, json_text(line, word, "reason"));
}

/* All that the provider said, share by share. */
static void put_words(const struct command_line *line, json_value r)
{
    static const struct table_column columns[] = {
        {"cli.column.share_id",  true },
        {"cli.column.at",        true },
        {"cli.column.result",    true },
        {"cli.column.fate",      true },
        {"cli.column.reference", false},
        {"cli.column.reason",    false},
    };
    struct table t;
    json_value shares = json_get(r, "shares");
    bool is_silent = true;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(shares); i++) {
        json_value s = json_item(shares, i);
        json_value words = json_get(s, "receipts");
        for (size_t k = 0; k < json_count(words); k++)
            put_word(&t, line, json_text(line, s, "share"), json_item(words, k));
        is_silent = is_silent && json_count(words) == 0;
    }
    if (is_silent)
        return;
    printf("\n");
    table_print(&t, stdout);
}

static int show_round(const struct command_line *line, json_value r)
{
    static const struct {
        const char *label;
        const char *key;
        bool is_time;
    } rest[] = {
        {"cli.column.account",        "display",        false},
        {"cli.column.provider",       "provider",       false},
        {"cli.column.incident",       "incident",       false},
        {"cli.column.frozen",         "frozen",         false},
        {"cli.column.shared",         "shared",         false},
        {"cli.column.unclaimed",      "unclaimed",      false},
        {"cli.column.returned",       "returned",       false},
        {"cli.column.failed_amount",  "failed",         false},
        {"cli.column.computer",       "computer",       false},
        {"cli.column.reviewer",       "reviewer",       false},
        {"cli.column.notice_until",   "notice_until",   true },
        {"cli.column.objections",     "objections",     false},
        {"cli.column.first_approver", "first_approver", false},
        {"cli.column.approver",       "approver",       false},
        {"cli.column.due_at",         "due_at",         true },
        {"cli.column.why",            "ended_why",      false},
        {"cli.column.digest",         "digest",         false},
        {"cli.column.division",       "division",       false},
    };
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.column.round", json_text(line, r, "round"));
    record_put(&t, "cli.column.state", state_of(line, r));
    record_put(&t, "cli.column.rule", json_text(line, r, "rule"));
    for (size_t i = 0; i < COUNT_OF(rest); i++)
        record_put(&t, rest[i].label,
                   rest[i].is_time ? time_of(line, r, rest[i].key)
                                   : json_text(line, r, rest[i].key));
    record_put(&t, "cli.column.hindered", json_text(line, json_get(r, "hindered"), "reason"));
    record_put(&t, "cli.column.late", is_late(line, r) ? say(line, "cli.rounds.late") : STR(""));
    str odd = json_text(line, r, "contradictions");
    record_put(&t, "cli.column.contradictions", str_equal(odd, STR("0")) ? STR("") : odd);
    table_print(&t, stdout);
    put_shares(line, r);
    put_words(line, r);
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_path(line, "/v1/rounds/", line->words[0], "")};
    return cli_show(line, &request, show_round);
}

static int compute(const struct command_line *line)
{
    static const char *const fields[] = {"rule", NULL};
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("incident"), str_from_c(line->words[0]));
    json_put_str(j, STR("account"), str_from_c(line->words[1]));
    cli_body_options(j, line, &cmd_rounds, fields);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/rounds"), .body = cli_body_end(&body)};
    return cli_show(line, &request, show_round);
}

static int show_decided(const struct command_line *line, json_value r)
{
    put_line(line, stdout,
             say_with(line, "cli.rounds.decided", json_text(line, r, "round"), state_of(line, r)));
    return EXIT_DONE;
}

static int decide(const struct command_line *line, const char *act, const char *const *fields)
{
    return cli_post(line, &cmd_rounds, cli_path(line, "/v1/rounds/", line->words[0], act), fields,
                    show_decided);
}

static const char *const nothing[] = {NULL};

static int review(const struct command_line *line)
{
    return decide(line, "/review", nothing);
}

static int notice(const struct command_line *line)
{
    return decide(line, "/notice", nothing);
}

static int approve(const struct command_line *line)
{
    return decide(line, "/approve", nothing);
}

static int close_round(const struct command_line *line)
{
    return decide(line, "/close", nothing);
}

static int make_void(const struct command_line *line)
{
    static const char *const only_why[] = {"why", NULL};
    return decide(line, "/void", only_why);
}

static int show_said(const struct command_line *line, json_value s)
{
    str state = say_word(line, "ui.share_state.", json_text(line, s, "state"));
    put_line(line, stdout, say_with(line, "cli.rounds.said", json_text(line, s, "share"), state));
    if (!str_equal(json_text(line, s, "fate"), STR("taken")))
        put_line(line, stdout, say_word(line, "ui.receipt_fate.", json_text(line, s, "fate")));
    return EXIT_DONE;
}

/* What the bank said on paper, or by telephone. */
static int receipt(const struct command_line *line)
{
    static const char *const fields[] = {"result", "reference", "reason", "at", "key", NULL};
    str target = cli_path(line, "/v1/shares/", line->words[0], "/receipt");
    return cli_post(line, &cmd_rounds, target, fields, show_said);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",    0, 0, list       },
        {"show",    1, 1, show       },
        {"compute", 2, 2, compute    },
        {"review",  1, 1, review     },
        {"notice",  1, 1, notice     },
        {"approve", 1, 1, approve    },
        {"void",    1, 1, make_void  },
        {"close",   1, 1, close_round},
        {"receipt", 1, 1, receipt    },
    };
    return cli_verbs(line, &cmd_rounds, verbs, COUNT_OF(verbs));
}
