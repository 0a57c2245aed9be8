/* SPDX-License-Identifier: Apache-2.0 */
/* yumen alerts: who is to be warned, by what means, and what became of it. */
#include "app/cli/cli.h"
#include "fact/alert.h"

#include <stdio.h>

static int run(const struct command_line *line);

const struct command_entry cmd_alerts = {
    .name = "alerts",
    .usage = "[list] [--tier TIER] [--state STATE] [--division CODE] [--officer NAME]\n"
             "                    [--waits late|check|unsent]\n"
             "       yumen alerts figures [--from MONTH] [--until MONTH] [--division CODE]\n"
             "       yumen alerts show ID [--purpose TEXT]\n"
             "       yumen alerts raise --number NUMBER --tier TIER --why TEXT [--division CODE]\n"
             "       yumen alerts outreach ID --means MEANS --result RESULT [--at TIME]\n"
             "                             [--note TEXT]\n"
             "       yumen alerts outcome ID --outcome OUTCOME [--paid FEN] [--saved FEN]\n"
             "                             [--at TIME] [--note TEXT]\n"
             "       yumen alerts take|refuse ID [--why TEXT]\n"
             "       yumen alerts assign|handover ID --officer NAME [--why TEXT]",
    .help = "cli.help.alerts",
    .options = {{"tier", "low|medium|high|urgent", "cli.option.alert_tier"},
                {"state", "open|assigned|reached|closed", "cli.option.alert_state"},
                {"division", "CODE", "cli.option.alert_division"},
                {"officer", "NAME", "cli.option.alert_officer"},
                {"waits", "late|check|unsent", "cli.option.alert_waits"},
                {"limit", "N", "cli.option.limit"},
                {"purpose", "TEXT", "cli.option.alert_purpose"},
                {"number", "NUMBER", "cli.option.alert_number"},
                {"means", "MEANS", "cli.option.alert_means"},
                {"result", "RESULT", "cli.option.alert_result"},
                {"outcome", "confirmed|refuted|unreachable", "cli.option.alert_outcome"},
                {"paid", "FEN", "cli.option.alert_paid"},
                {"saved", "FEN", "cli.option.alert_saved"},
                {"at", "TIME", "cli.option.alert_at"},
                {"note", "TEXT", "cli.option.alert_note"},
                {"from", "MONTH", "cli.option.alert_from"},
                {"until", "MONTH", "cli.option.alert_until"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

static void put_alert(const struct command_line *line, struct table *t, json_value a)
{
    bool is_late = str_equal(json_text(line, a, "is_late"), STR("1"));
    table_put(t, json_text(line, a, "alert"));
    table_put(t, say_word(line, "ui.alert_tier.", json_text(line, a, "tier")));
    table_put_tone(t, say_word(line, "ui.alert_state.", json_text(line, a, "state")),
                   is_late ? TONE_ALARM : TONE_PLAIN);
    table_put(t, say_word(line, "ui.means.", json_text(line, a, "means")));
    table_put(t, say_time(line, json_text(line, a, "step_due")));
    table_put(t, json_text(line, a, "division"));
    table_put(t, json_text(line, a, "officer"));
    table_put(t, say_word(line, "ui.alert_outcome.", json_text(line, a, "outcome")));
}

static void begin(const struct command_line *line, struct table *t)
{
    static const struct table_column columns[] = {
        {"cli.column.alert",    true },
        {"cli.column.tier",     true },
        {"cli.column.state",    true },
        {"cli.column.means",    true },
        {"cli.column.step_due", true },
        {"cli.column.division", true },
        {"cli.column.officer",  true },
        {"cli.column.outcome",  false},
    };
    table_init(t, line, columns, COUNT_OF(columns));
}

static int show_list(const struct command_line *line, json_value root)
{
    struct table t;
    json_value items = json_get(root, "items");
    begin(line, &t);
    for (size_t i = 0; i < json_count(items); i++)
        put_alert(line, &t, json_item(items, i));
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"tier",  "state", "division", "officer",
                                          "waits", "limit", NULL};
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_alerts, "/v1/alerts", filters)};
    return cli_show(line, &request, show_list);
}

static void put_attempts(const struct command_line *line, json_value attempts)
{
    static const struct table_column columns[] = {
        {"cli.column.means",  true},
        {"cli.column.at",     true},
        {"cli.column.result", true},
    };
    struct table t;
    if (json_count(attempts) == 0)
        return;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(attempts); i++) {
        json_value o = json_item(attempts, i);
        table_put(&t, say_word(line, "ui.means.", json_text(line, o, "means")));
        table_put(&t, say_time(line, json_text(line, o, "done_at")));
        table_put(&t, say_word(line, "ui.outreach_result.", json_text(line, o, "result")));
    }
    table_print(&t, stdout);
}

/* Whom it tells: an officer, or a division that it is late. */
static str told(const struct command_line *line, json_value step)
{
    str act = json_text(line, step, "act");
    if (str_equal(act, STR("alert.assign")) || str_equal(act, STR("alert.hand_over")))
        return json_text(line, step, "officer");
    bool is_late = str_equal(act, STR("alert.late")) || str_equal(act, STR("alert.escalate"));
    return is_late ? json_text(line, step, "told") : STR("");
}

static void put_history(const struct command_line *line, json_value history)
{
    static const struct table_column columns[] = {
        {"cli.column.at",    true },
        {"cli.column.act",   true },
        {"cli.column.actor", true },
        {"cli.column.to",    true },
        {"cli.column.leaf",  true },
        {"cli.column.why",   false},
    };
    struct table t;
    if (json_count(history) == 0)
        return;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(history); i++) {
        json_value step = json_item(history, i);
        table_put(&t, say_time(line, json_text(line, step, "at")));
        table_put(&t, say_word(line, "ui.deed.", json_text(line, step, "act")));
        table_put(&t, json_text(line, step, "actor"));
        table_put(&t, told(line, step));
        table_put(&t, json_text(line, step, "index"));
        table_put(&t, say_word(line, "ui.why.", json_text(line, step, "why")));
    }
    table_print(&t, stdout);
}

static int show_one(const struct command_line *line, json_value root)
{
    struct table t;
    struct table more;
    begin(line, &t);
    put_alert(line, &t, root);
    table_print(&t, stdout);
    record_init(&more, line);
    record_put(&more, "cli.column.number", json_text(line, root, "number"));
    record_put(&more, "cli.column.note", json_text(line, root, "note"));
    table_print(&more, stdout);
    put_attempts(line, json_get(root, "outreach"));
    put_history(line, json_get(root, "history"));
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    static const char *const purpose[] = {"purpose", NULL};
    str path = cli_path(line, "/v1/alerts/", line->words[0], "");
    const char *text = str_to_c(line->arena, path);
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_target(line, &cmd_alerts, text == NULL ? "/v1/alerts" : text, purpose)};
    return cli_show(line, &request, show_one);
}

static int raise_one(const struct command_line *line)
{
    static const char *const said[] = {"number", "tier", "division", "why", NULL};
    return cli_post(line, &cmd_alerts, STR("/v1/alerts"), said, show_one);
}

static int post(const struct command_line *line, const char *door, const char *const *said)
{
    return cli_post(line, &cmd_alerts, cli_path(line, "/v1/alerts/", line->words[0], door), said,
                    show_one);
}

static int outreach(const struct command_line *line)
{
    static const char *const said[] = {"means", "result", "at", "note", NULL};
    return post(line, "/outreach", said);
}

/* Fen; what is no number is for the API to refuse, by its column. */
static void put_fen(struct json *j, const struct command_line *line, const char *option)
{
    const char *given = command_value(line, &cmd_alerts, option);
    int64_t fen = 0;
    if (given == NULL)
        return;
    if (failed(str_parse_i64(str_from_c(given), &fen)))
        json_put_str(j, str_from_c(option), str_from_c(given));
    else
        json_put_i64(j, str_from_c(option), fen);
}

static int outcome(const struct command_line *line)
{
    static const char *const said[] = {"outcome", "at", "note", NULL};
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    cli_body_options(j, line, &cmd_alerts, said);
    put_fen(j, line, "paid");
    put_fen(j, line, "saved");
    struct local_request request = {.method = HTTP_POST,
                                    .target =
                                        cli_path(line, "/v1/alerts/", line->words[0], "/outcome"),
                                    .body = cli_body_end(&body)};
    return cli_show(line, &request, show_one);
}

static int take(const struct command_line *line)
{
    static const char *const said[] = {NULL};
    return post(line, "/take", said);
}

static int refuse(const struct command_line *line)
{
    static const char *const said[] = {"why", NULL};
    return post(line, "/refuse", said);
}

static int assign(const struct command_line *line)
{
    static const char *const said[] = {"officer", NULL};
    return post(line, "/assign", said);
}

static int handover(const struct command_line *line)
{
    static const char *const said[] = {"officer", "why", NULL};
    return post(line, "/handover", said);
}

/* --- what became of them --- */

static str with_percent(const struct command_line *line, json_value share, const char *key)
{
    struct text t;
    str number = json_text(line, share, key);
    text_init(&t, line->arena);
    text_put(&t, number);
    text_put_c(&t, str_is_empty(number) ? "-" : " %");
    return text_str(&t);
}

static str between(const struct command_line *line, json_value share)
{
    struct text t;
    if (json_is_absent(json_get(share, "low_percent")))
        return STR("-");
    text_init(&t, line->arena);
    text_put(&t, json_text(line, share, "low_percent"));
    text_put_c(&t, " - ");
    text_put(&t, with_percent(line, share, "high_percent"));
    return text_str(&t);
}

static void put_tier(const struct command_line *line, struct table *t, json_value tier)
{
    static const char *const counts[] = {"opened",    "reached", "late",
                                         "confirmed", "refuted", "unreachable"};
    json_value precision = json_get(tier, "precision");
    table_put(t, say_word(line, "ui.alert_tier.", json_text(line, tier, "tier")));
    for (size_t i = 0; i < COUNT_OF(counts); i++)
        table_put(t, json_text(line, tier, counts[i]));
    table_put(t, with_percent(line, precision, "percent"));
    table_put(t, between(line, precision));
}

static void put_lead(const struct command_line *line, struct table *t, json_value lead)
{
    int64_t median_s = 0;
    char room[32];
    if (failed(json_read_i64(json_get(lead, "median_s"), &median_s)))
        return;
    int size = snprintf(room, sizeof room, "%lld", (long long)(median_s / 60));
    record_put(t, "cli.column.lead_min", str_copy(line->arena, str_make(room, (size_t)size)));
}

static int show_figures(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.tier",      true},
        {"cli.column.raised",    true},
        {"cli.column.reached",   true},
        {"cli.column.late",      true},
        {"cli.column.confirmed", true},
        {"cli.column.refuted",   true},
        {"cli.column.nobody",    true},
        {"cli.column.precision", true},
        {"cli.column.interval",  true},
    };
    struct table t;
    struct table more;
    json_value tiers = json_get(root, "tiers");
    json_value recall = json_item(json_get(root, "recall"), ALERT_TIER_COUNT - 1);
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(tiers); i++)
        put_tier(line, &t, json_item(tiers, i));
    put_tier(line, &t, json_get(root, "all"));
    table_print(&t, stdout);
    record_init(&more, line);
    record_put(&more, "cli.column.checked",
               between(line, json_get(json_get(root, "all"), "checked")));
    record_put(&more, "cli.column.recall", with_percent(line, recall, "percent"));
    record_put(&more, "cli.column.money_in_time",
               with_percent(line, json_get(root, "money"), "percent"));
    put_lead(line, &more, json_get(root, "lead"));
    record_put(&more, "cli.column.calibration",
               with_percent(line, json_get(root, "calibration"), "error_percent"));
    table_print(&more, stdout);
    return EXIT_DONE;
}

static int figures(const struct command_line *line)
{
    static const char *const span[] = {"from", "until", "division", NULL};
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_alerts, "/v1/alerts/figures", span)};
    return cli_show(line, &request, show_figures);
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",     0, 0, list     },
        {"figures",  0, 0, figures  },
        {"show",     1, 1, show     },
        {"raise",    0, 0, raise_one},
        {"outreach", 1, 1, outreach },
        {"outcome",  1, 1, outcome  },
        {"take",     1, 1, take     },
        {"refuse",   1, 1, refuse   },
        {"assign",   1, 1, assign   },
        {"handover", 1, 1, handover },
    };
    return cli_verbs(line, &cmd_alerts, verbs, COUNT_OF(verbs));
}
