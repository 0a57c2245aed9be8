/* SPDX-License-Identifier: Apache-2.0 */
/* yumen boxes: devices full of cards that were found in call records, and what the field found. */
#include "app/cli/cli.h"

static int run(const struct command_line *line);

const struct command_entry cmd_boxes = {
    .name = "boxes",
    .usage = "[list] [--state STATE] [--limit N]\n"
             "       yumen boxes show ID [--purpose TEXT]\n"
             "       yumen boxes confirm ID --why TEXT\n"
             "       yumen boxes dismiss ID --why TEXT",
    .help = "cli.help.boxes",
    .options = {{"state", "STATE", "cli.option.box_state"},
                {"limit", "N", "cli.option.limit"},
                {"purpose", "TEXT", "cli.option.purpose"},
                {"why", "TEXT", "cli.option.why"}},
    .run = run,
};

static void put_box(const struct command_line *line, struct table *t, json_value b)
{
    table_put(t, json_text(line, b, "box"));
    table_put(t, say_word(line, "ui.box_state.", json_text(line, b, "state")));
    table_put(t, json_text(line, b, "channels"));
    table_put(t, json_text(line, b, "card_count"));
    table_put(t, say_time(line, json_text(line, b, "seen_at")));
    table_put(t, json_text(line, b, "cell"));
}

static void begin(const struct command_line *line, struct table *t)
{
    static const struct table_column columns[] = {
        {"cli.column.box",      true },
        {"cli.column.state",    true },
        {"cli.column.channels", true },
        {"cli.column.cards",    true },
        {"cli.column.seen",     true },
        {"cli.column.cell",     false},
    };
    table_init(t, line, columns, COUNT_OF(columns));
}

static int show_list(const struct command_line *line, json_value root)
{
    struct table t;
    json_value items = json_get(root, "items");
    begin(line, &t);
    for (size_t i = 0; i < json_count(items); i++)
        put_box(line, &t, json_item(items, i));
    table_print(&t, stdout);
    cli_put_shown(line, root);
    return EXIT_DONE;
}

static int list(const struct command_line *line)
{
    static const char *const filters[] = {"state", "limit", NULL};
    struct local_request request = {.method = HTTP_GET,
                                    .target = cli_target(line, &cmd_boxes, "/v1/boxes", filters)};
    return cli_show(line, &request, show_list);
}

static void put_cards(const struct command_line *line, json_value cards)
{
    static const struct table_column columns[] = {
        {"cli.column.value",     true },
        {"cli.column.turns",     true },
        {"cli.column.evidence",  true },
        {"cli.column.suspicion", false},
    };
    struct table t;
    table_init(&t, line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(cards); i++) {
        json_value c = json_item(cards, i);
        table_put(&t, json_text(line, c, "number"));
        table_put(&t, json_text(line, c, "turns"));
        table_put(&t, json_text(line, c, "evidence"));
        table_put(&t, json_text(line, c, "suspicion"));
    }
    table_print(&t, stdout);
}

static int show_one(const struct command_line *line, json_value root)
{
    struct table t;
    json_value cards = json_get(root, "cards");
    begin(line, &t);
    put_box(line, &t, root);
    table_print(&t, stdout);
    if (json_count(cards) > 0)
        put_cards(line, cards);
    return EXIT_DONE;
}

static int show(const struct command_line *line)
{
    static const char *const purpose[] = {"purpose", NULL};
    str path = cli_path(line, "/v1/boxes/", line->words[0], "");
    const char *text = str_to_c(line->arena, path);
    struct local_request request = {
        .method = HTTP_GET,
        .target = cli_target(line, &cmd_boxes, text == NULL ? "/v1/boxes" : text, purpose)};
    return cli_show(line, &request, show_one);
}

static int say_outcome(const struct command_line *line, const char *act)
{
    static const char *const why[] = {"why", NULL};
    return cli_post(line, &cmd_boxes, cli_path(line, "/v1/boxes/", line->words[0], act), why,
                    show_one);
}

static int confirm(const struct command_line *line)
{
    return say_outcome(line, "/confirm");
}

static int dismiss(const struct command_line *line)
{
    return say_outcome(line, "/dismiss");
}

static int run(const struct command_line *line)
{
    static const struct verb verbs[] = {
        {"list",    0, 0, list   },
        {"show",    1, 1, show   },
        {"confirm", 1, 1, confirm},
        {"dismiss", 1, 1, dismiss},
    };
    return cli_verbs(line, &cmd_boxes, verbs, COUNT_OF(verbs));
}
