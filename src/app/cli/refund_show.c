/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/refund_show.h"

#include "fact/currency.h"

struct shown {
    const struct command_line *line;
    json_value item;
    str currency;
};

static str money(const struct shown *s, json_value of, const char *key)
{
    int64_t minor = 0;
    struct text t;
    if (failed(json_read_i64(json_get(of, key), &minor)))
        return STR("");
    text_init(&t, s->line->arena);
    currency_put(&t, minor, s->currency);
    return text_str(&t);
}

static str text_of(const struct shown *s, const char *key)
{
    return json_text(s->line, s->item, key);
}

static void put_head(const struct shown *s)
{
    struct table t;
    struct text frozen;
    text_init(&frozen, s->line->arena);
    text_put(&frozen, money(s, s->item, "frozen"));
    text_put_char(&frozen, ' ');
    text_put(&frozen, s->currency);
    json_value time = json_get(json_get(s->item, "statement"), "frozen");
    record_init(&t, s->line);
    record_put(&t, "ui.trail.account", text_of(s, "display"));
    record_put(&t, "cli.column.provider", text_of(s, "provider"));
    record_put(&t, "cli.column.rule", text_of(s, "rule"));
    record_put(&t, "cli.column.frozen", text_str(&frozen));
    record_put(&t, "cli.column.frozen_at", say_time(s->line, json_text(s->line, time, "time")));
    record_put(&t, "cli.column.round", text_of(s, "round"));
    table_print(&t, stdout);
    printf("\n");
}

/* Those of the statement: it says what is left of each, too. */
static void put_claims(const struct shown *s)
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
    static const char *const sums[] = {"loss", "deposited", "least", "most"};
    json_value claims = json_get(json_get(s->item, "statement"), "claims");
    struct table t;
    table_init(&t, s->line, columns, COUNT_OF(columns));
    for (size_t i = 0; i < json_count(claims); i++) {
        json_value c = json_item(claims, i);
        table_put(&t, json_text(s->line, c, "claim"));
        for (size_t k = 0; k < COUNT_OF(sums); k++)
            table_put(&t, money(s, c, sums[k]));
        table_put(&t, say_word(s->line, "refund.basis.", json_text(s->line, c, "basis")));
        table_put(&t, money(s, c, "amount"));
    }
    if (json_count(claims) > 0)
        table_print(&t, stdout);
    put_line(
        s->line, stdout,
        say_with(s->line, "cli.refund.unclaimed", money(s, s->item, "unclaimed"), s->currency));
}

static void put_doubts(const struct shown *s)
{
    json_value doubts = json_get(json_get(s->item, "statement"), "doubts");
    const char *language = s->line->language == LANGUAGE_EN ? "en" : "zh";
    for (size_t i = 0; i < json_count(doubts); i++)
        put_line(s->line, stdout,
                 json_text(s->line, json_get(json_item(doubts, i), "says"), language));
}

/* Nothing can be said of it before the bank has said more. */
static void put_trouble(const struct shown *s)
{
    struct text t;
    text_init(&t, s->line->arena);
    text_put(&t, text_of(s, "display"));
    text_put_c(&t, ": ");
    text_put(&t, text_of(s, "entry"));
    text_put_c(&t, str_is_empty(text_of(s, "entry")) ? "" : ": ");
    text_put(&t, text_of(s, "reason"));
    text_put_c(&t, " (");
    text_put(&t, text_of(s, "code"));
    text_put_c(&t, ")");
    put_line(s->line, stderr, text_str(&t));
}

int refund_show(const struct command_line *line, json_value root)
{
    json_value items = json_get(root, "items");
    int code = json_count(items) == 0 ? EXIT_NEGATIVE : EXIT_DONE;
    if (json_count(items) == 0)
        put_line(line, stderr, say(line, "cli.refund.nothing_held"));
    for (size_t i = 0; i < json_count(items); i++) {
        struct shown s = {.line = line, .item = json_item(items, i)};
        s.currency = text_of(&s, "currency");
        if (i > 0)
            printf("\n");
        if (!str_is_empty(text_of(&s, "code"))) {
            put_trouble(&s);
            code = EXIT_REFUSED;
            continue;
        }
        put_head(&s);
        put_claims(&s);
        put_doubts(&s);
    }
    return code;
}
