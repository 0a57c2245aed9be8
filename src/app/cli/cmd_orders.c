/* SPDX-License-Identifier: Apache-2.0 */
/* yumen orders: what providers are told to do, who has to decide, and what became of it. */
#include "app/cli/cmd_disconnect.h"

static int run(const struct command_line *line);

const struct command_entry cmd_orders = {
    .name = "orders",
    .usage = "[list] [--state STATE] [--kind KIND] [--provider ID] [--incident ID] [--waits WHAT]\n"
             "       yumen orders late [--provider ID]\n"
             "       yumen orders heed ID --alarm late|loud --seen TIME [--why TEXT]\n"
             "       yumen orders heed --provider ID --seen TIME [--why TEXT]\n"
             "       yumen orders show ID [--purpose TEXT]\n"
             "       yumen orders receipts [--fate FATE] [--provider ID] [--limit N]\n"
             "       yumen orders approve ID\n"
             "       yumen orders countersign INCIDENT\n"
             "       yumen orders refuse|lift|keep|fail ID --why TEXT\n"
             "       yumen orders extend ID --until TIME --why TEXT\n"
             "       yumen orders freeze --takes ID --basis BASIS [--amount FEN] [--until TIME]\n"
             "                           [--reason REASON]\n"
             "       yumen orders disconnects INCIDENT | --listing ID\n"
             "       yumen orders propose-disconnect INCIDENT VALUE... --basis BASIS\n"
             "       yumen orders propose-disconnect --listing ID --basis BASIS",
    .help = "cli.help.orders",
    .options = {{"state", "STATE", "cli.option.order_state"},
                {"kind", "KIND", "cli.option.order_kind"},
                {"provider", "ID", "cli.option.order_provider"},
                {"incident", "ID", "cli.option.order_incident"},
                {"waits", "countersign|approval|late|heed|extension|unrelated",
                 "cli.option.order_waits"},
                {"fate", "FATE", "cli.option.receipt_fate"},
                {"limit", "N", "cli.option.limit"},
                {"purpose", "TEXT", "cli.option.order_purpose"},
                {"until", "TIME", "cli.option.until"},
                {"alarm", "late|loud", "cli.option.order_alarm"},
                {"seen", "TIME", "cli.option.order_seen"},
                {"takes", "ID", "cli.option.order_takes"},
                {"amount", "FEN", "cli.option.order_amount"},
                {"listing", "ID", "cli.option.order_listing"},
                {"basis", "BASIS", "cli.option.basis"},
                {"reason", "REASON", "cli.option.reason"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

static bool is_late(const struct command_line *line, json_value o)
{
    return str_equal(json_text(line, o, "is_late"), STR("1"));
}

static int show_list(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.order",    true },
        {"cli.column.kind",     true },
        {"cli.column.state",    true },
        {"cli.column.provider", true },
        {"cli.column.value",    false},
        {"cli.column.amount",   true },
        {"cli.column.held",     true },
        {"cli.column.until",    true },
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value o = json_item(items, i);
        table_put(&t, json_text(line, o, "order"));
        table_put(&t, say_word(line, "ui.order_kind.", json_text(line, o, "kind")));
        table_put_tone(&t, say_word(line, "ui.order_state.", json_text(line, o, "state")),
                       is_late(line, o) ? TONE_ALARM : TONE_PLAIN);
        table_put(&t, json_text(line, o, "provider"));
        table_put(&t, json_text(line, o, "display"));
        table_put(&t, json_text(line, o, "amount"));
        table_put(&t, json_text(line, o, "held"));
        table_put(&t, say_time(line, json_text(line, o, "until")));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

/* Of whose silence nobody above has said that they have seen it. */
static int show_late(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.order",      true },
        {"cli.column.provider",   true },
        {"cli.column.state",      true },
        {"cli.column.value",      false},
        {"cli.column.due_at",     true },
        {"cli.column.alarmed_at", true },
        {"cli.column.alarm",      true },
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    json_value items = json_get(root, "items");
    for (size_t i = 0; i < json_count(items); i++) {
        json_value o = json_item(items, i);
        bool is_loud = str_equal(json_text(line, o, "alarm"), STR("loud"));
        str due_at = json_text(line, o, "due_at");
        table_put(&t, json_text(line, o, "order"));
        table_put(&t, json_text(line, o, "provider"));
        table_put(&t, say_word(line, "ui.order_state.", json_text(line, o, "state")));
        table_put(&t, json_text(line, o, "display"));
        table_put(&t,
                  str_is_empty(due_at) ? say(line, "cli.orders.answered") : say_time(line, due_at));
        table_put(&t, json_text(line, o, "alarmed_at")); /* whole: as heed wants it */
        table_put_tone(&t, say_word(line, "ui.order_alarm.", json_text(line, o, "alarm")),
                       is_loud ? TONE_ALARM : TONE_PLAIN);
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int late(const struct command_line *line)
{
    const char *provider = command_value(line, &cmd_orders, "provider");
    struct local_request request = {.method = HTTP_GET, .target = STR("/v1/orders?waits=heed")};
    if (provider != NULL)
        request.target = cli_path(line, "/v1/orders?waits=heed&provider=", provider, "");
    return cli_show(line, &request, show_late);
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "kind",  "provider", "incident",
                                          "waits", "limit", NULL};
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_orders, "/v1/orders", filters)};
    return cli_show(line, &request, show_list);
}

static void put_receipts(const struct command_line *line, json_value o)
{
    static const struct table_column columns[] = {
        {"cli.column.at",     true },
        {"cli.column.result", true },
        {"cli.column.held",   true },
        {"cli.column.fate",   true },
        {"cli.column.reason", false},
    };
    struct table t;
    json_value receipts = json_get(o, "receipts");
    if (json_count(receipts) == 0)
        return;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(receipts); i++) {
        json_value r = json_item(receipts, i);
        table_put(&t, say_time(line, json_text(line, r, "received_at")));
        table_put(&t, say_word(line, "ui.receipt_result.", json_text(line, r, "result")));
        table_put(&t, json_text(line, r, "held"));
        table_put(&t, say_word(line, "ui.receipt_fate.", json_text(line, r, "fate")));
        table_put(&t, json_text(line, r, "reason"));
    }
    printf("\n");
    table_print(&t, stdout);
}

static void put_freeze(struct table *t, const struct command_line *line, json_value f)
{
    str amount = json_text(line, f, "amount");
    table_put(t, json_text(line, f, "rank"));
    table_put(t, json_text(line, f, "authority"));
    table_put(t, str_is_empty(amount) ? say(line, "cli.orders.whole") : amount);
    table_put(t, say_time(line, json_text(line, f, "until")));
    table_put(t, json_text(line, f, "reference"));
}

/* Who goes first on its account, as the newest receipt that says how it stands tells. */
static void put_freezes(const struct command_line *line, json_value o)
{
    static const struct table_column columns[] = {
        {"cli.column.rank",      true },
        {"cli.column.authority", true },
        {"cli.column.amount",    true },
        {"cli.column.until",     true },
        {"cli.column.reference", false},
    };
    struct table t;
    json_value receipts = json_get(o, "receipts");
    json_value freezes = {0};
    for (size_t i = json_count(receipts); i > 0 && json_count(freezes) == 0; i--)
        freezes = json_get(json_item(receipts, i - 1), "freezes");
    if (json_count(freezes) == 0 || json_is_absent(json_get(o, "ahead")))
        return;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(freezes); i++)
        put_freeze(&t, line, json_item(freezes, i));
    printf("\n%s\n", say(line, "cli.orders.freezes").at);
    table_print(&t, stdout);
}

static int show_order(const struct command_line *line, json_value o)
{
    static const struct {
        const char *label;
        const char *key;
        bool is_time;
    } rest[] = {
        {"cli.column.amount",         "amount",         false},
        {"cli.column.held",           "held",           false},
        {"cli.column.ahead",          "ahead",          false},
        {"cli.column.usable",         "usable",         false},
        {"cli.column.from",           "from",           true },
        {"cli.column.until",          "until",          true },
        {"cli.column.countersign_by", "countersign_by", true },
        {"cli.column.due_at",         "due_at",         true },
        {"cli.column.incident",       "incident",       false},
        {"cli.column.reason",         "reason_text",    false},
        {"cli.column.basis",          "basis_text",     false},
        {"cli.column.notice",         "notice",         false},
        {"cli.column.division",       "division",       false},
        {"cli.column.proposer",       "proposer",       false},
        {"cli.column.approver",       "approver",       false},
        {"cli.column.takes",          "takes",          false},
        {"cli.column.taker",          "taker",          false},
        {"cli.column.drafted_taker",  "drafted_taker",  false},
        {"cli.column.why",            "ended_why",      false},
    };
    struct table t;
    record_init(&t, line);
    record_put(&t, "cli.column.order", json_text(line, o, "order"));
    record_put(&t, "cli.column.kind", say_word(line, "ui.order_kind.", json_text(line, o, "kind")));
    record_put(&t, "cli.column.state",
               say_word(line, "ui.order_state.", json_text(line, o, "state")));
    record_put(&t, "cli.column.asked",
               say_word(line, "ui.order_ask.", json_text(line, o, "asked")));
    record_put(&t, "cli.column.provider", json_text(line, o, "provider"));
    record_put(&t, "cli.column.value", json_text(line, o, "display"));
    record_put(&t, "cli.column.holder", json_text(line, json_get(o, "target"), "name"));
    for (size_t i = 0; i < COUNT_OF(rest); i++) {
        str value = json_text(line, o, rest[i].key);
        record_put(&t, rest[i].label,
                   rest[i].is_time && !str_is_empty(value) ? say_time(line, value) : value);
    }
    record_put(&t, "cli.column.late", is_late(line, o) ? say(line, "ui.order.late") : STR(""));
    table_print(&t, stdout);
    put_freezes(line, o);
    put_receipts(line, o);
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    static const char *const filters[] = {"purpose", NULL};
    str path = cli_path(line, "/v1/orders/", line->words[0], "");
    char *c = str_to_c(line->arena, path);
    if (c == NULL)
        return command_fail(line, fail(ERR_LIMIT, "limit.memory", 0));
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_orders, c, filters)};
    return cli_show(line, &request, show_order);
}

static int show_receipts(const struct command_line *line, json_value root)
{
    static const struct table_column columns[] = {
        {"cli.column.at",       true },
        {"cli.column.provider", true },
        {"cli.column.order",    true },
        {"cli.column.result",   true },
        {"cli.column.fate",     true },
        {"cli.column.held",     true },
        {"cli.column.reason",   false},
    };
    struct table t;
    json_value items = json_get(root, "items");
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(items); i++) {
        json_value r = json_item(items, i);
        table_put(&t, say_time(line, json_text(line, r, "received_at")));
        table_put(&t, json_text(line, r, "provider"));
        table_put(&t, json_text(line, r, "order"));
        table_put(&t, say_word(line, "ui.receipt_result.", json_text(line, r, "result")));
        table_put(&t, say_word(line, "ui.receipt_fate.", json_text(line, r, "fate")));
        table_put(&t, json_text(line, r, "held"));
        table_put(&t, json_text(line, r, "reason"));
    }
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int receipts(const struct command_line *line)
{
    static const char *const filters[] = {"fate", "provider", "limit", NULL};
    struct local_request request = {
        .method = HTTP_GET, .target = cli_target(line, &cmd_orders, "/v1/receipts", filters)};
    return cli_show(line, &request, show_receipts);
}

static int show_decided(const struct command_line *line, json_value o)
{
    put_line(line, stdout,
             say_with(line, "cli.orders.decided", json_text(line, o, "display"),
                      say_word(line, "ui.order_state.", json_text(line, o, "state"))));
    return EXIT_DONE;
}

static int decide(const struct command_line *line, const char *act, const char *const *fields)
{
    return cli_post(line, &cmd_orders, cli_path(line, "/v1/orders/", line->words[0], act), fields,
                    show_decided);
}

static const char *const only_why[] = {"why", NULL};

static int approve(const struct command_line *line)
{
    static const char *const nothing[] = {NULL};
    return decide(line, "/approve", nothing);
}

static int refuse(const struct command_line *line)
{
    return decide(line, "/refuse", only_why);
}

static int lift(const struct command_line *line)
{
    return decide(line, "/lift", only_why);
}

static int keep(const struct command_line *line)
{
    return decide(line, "/keep", only_why);
}

static int write_off(const struct command_line *line)
{
    return decide(line, "/fail", only_why);
}

static int show_heeded(const struct command_line *line, json_value root)
{
    put_line(line, stdout,
             say_with(line, "cli.orders.heeded", json_text(line, root, "heeded"), STR("")));
    return cli_put_refusals(line, json_get(root, "refusals"), "order", "cli.column.order");
}

static void put_option(struct json *j, const struct command_line *line, const char *name,
                       const char *field)
{
    const char *value = command_value(line, &cmd_orders, name);
    if (value != NULL)
        json_put_str(j, str_from_c(field), str_from_c(value));
}

/* What was seen, as `orders late` shows it: what was told since stands. */
static int heed(const struct command_line *line)
{
    const char *provider = command_value(line, &cmd_orders, "provider");
    bool is_one = line->word_count > 0;
    struct cli_body body;
    if (is_one == (provider != NULL))
        return command_usage(&cmd_orders,
                             "heed: name either an order, or a provider with --provider");
    struct json *j = cli_body_begin(line, &body);
    put_option(j, line, "why", "why");
    put_option(j, line, "alarm", "alarm");
    put_option(j, line, "seen", is_one ? "alarmed_at" : "alarmed_until");
    struct local_request request = {.method = HTTP_POST, .body = cli_body_end(&body)};
    request.target = is_one ? cli_path(line, "/v1/orders/", line->words[0], "/heed")
                            : cli_path(line, "/v1/providers/", provider, "/heed");
    return cli_show(line, &request, is_one ? show_decided : show_heeded);
}

static int extend(const struct command_line *line)
{
    static const char *const fields[] = {"until", "why", NULL};
    return decide(line, "/extend", fields);
}

/* The amount and the reason are those of what it takes over, unless they are said. */
static int freeze(const struct command_line *line)
{
    static const char *const fields[] = {"takes", "basis", "reason", "until", NULL};
    const char *said = command_value(line, &cmd_orders, "amount");
    int64_t amount = 0;
    bool is_sound = said == NULL || !failed(str_parse_i64(str_from_c(said), &amount));
    if (!is_sound || command_value(line, &cmd_orders, "takes") == NULL)
        return command_usage(&cmd_orders, "cli.usage.orders_freeze");
    struct cli_body body;
    struct json *j = cli_body_begin(line, &body);
    json_put_str(j, STR("kind"), STR("freeze"));
    cli_body_options(j, line, &cmd_orders, fields);
    if (said != NULL)
        json_put_i64(j, STR("amount"), amount);
    struct local_request request = {
        .method = HTTP_POST, .target = STR("/v1/orders"), .body = cli_body_end(&body)};
    return cli_show(line, &request, show_order);
}

static int show_countersigned(const struct command_line *line, json_value root)
{
    json_value refusals = json_get(root, "refusals");
    put_line(line, stdout,
             say_with(line, "cli.orders.countersigned", json_text(line, root, "approved"),
                      say_number(line, (int64_t)json_count(refusals))));
    return cli_put_refusals(line, refusals, "order", "cli.column.order");
}

static int countersign(const struct command_line *line)
{
    struct local_request request = {
        .method = HTTP_POST,
        .target = cli_path(line, "/v1/incidents/", line->words[0], "/countersign"),
        .body = STR("{}")};
    return cli_show(line, &request, show_countersigned);
}

static int disconnects(const struct command_line *line)
{
    return disconnect_list(line, &cmd_orders);
}

static int propose_disconnect(const struct command_line *line)
{
    return disconnect_propose(line, &cmd_orders);
}

static int run(const struct command_line *line)
{
    enum { TARGETS_MOST = 101 }; /* and the incident before them */
    static const struct verb verbs[] = {
        {"list",               0, 0,            list              },
        {"late",               0, 0,            late              },
        {"heed",               0, 1,            heed              },
        {"show",               1, 1,            show              },
        {"receipts",           0, 0,            receipts          },
        {"approve",            1, 1,            approve           },
        {"countersign",        1, 1,            countersign       },
        {"refuse",             1, 1,            refuse            },
        {"lift",               1, 1,            lift              },
        {"keep",               1, 1,            keep              },
        {"fail",               1, 1,            write_off         },
        {"extend",             1, 1,            extend            },
        {"freeze",             0, 0,            freeze            },
        {"disconnects",        0, 1,            disconnects       },
        {"propose-disconnect", 0, TARGETS_MOST, propose_disconnect},
    };
    return cli_verbs(line, &cmd_orders, verbs, COUNT_OF(verbs));
}
