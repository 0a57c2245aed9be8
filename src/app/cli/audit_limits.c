/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/audit_limits.h"

#include "app/centre/house_open.h"
#include "app/house/house.h"

/* What a row of either table allows. */
struct limit {
    str kind;
    str action; /* of a listing; an order has none */
    int64_t max_term_us;
    int64_t max_repeats; /* of an order; a listing has none */
};

/* One of the two tables, and how its rows are known. */
struct shelf {
    const char *table;
    const char *rows;  /* the four of struct limit */
    const char *texts; /* in the ledger, of what stands under it */
    bool (*is_of_law)(const struct law_profile *law, const struct limit *limit);
    bool has_repeats;
};

static bool is_listing_of_law(const struct law_profile *law, const struct limit *limit)
{
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++)
        for (unsigned action = 0; action < ACTION_COUNT; action++)
            if (str_equal(limit->kind, str_from_c(indicator_kind_words[kind])) &&
                str_equal(limit->action, str_from_c(listing_action_words[action])))
                return law->listing_max_term_us[kind][action] == limit->max_term_us;
    return false;
}

static bool is_order_of_law(const struct law_profile *law, const struct limit *limit)
{
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++)
        if (str_equal(limit->kind, str_from_c(order_kind_words[kind])))
            return law->order_max_term_us[kind] == limit->max_term_us &&
                   law->order_max_repeats[kind] == limit->max_repeats;
    return false;
}

#define ASKS_TEXTS(kind)                                                                           \
    "SELECT \"idx\" FROM ledger_text WHERE \"record_kind\" = '" kind                               \
    "' AND \"body\" LIKE $1 LIMIT 1"

static const struct shelf of_listings = {
    .table = "law_limit",
    .rows = "SELECT \"kind\", \"action\", \"max_term_us\", 0 FROM law_limit"
            " WHERE \"profile\" = $1 ORDER BY \"kind\", \"action\", \"max_term_us\"",
    .texts = ASKS_TEXTS("listing"),
    .is_of_law = is_listing_of_law,
};

static const struct shelf of_orders = {
    .table = "order_limit",
    .rows = "SELECT \"kind\", '', \"max_term_us\", \"max_repeats\" FROM order_limit"
            " WHERE \"profile\" = $1 ORDER BY \"kind\", \"max_term_us\", \"max_repeats\"",
    .texts = ASKS_TEXTS("order"),
    .is_of_law = is_order_of_law,
    .has_repeats = true,
};

/* Whether anything was ever made under it: an earlier text of the profile set it. */
static err is_in_ledger(const struct audit_limits *q, const struct shelf *shelf,
                        const struct limit *limit, bool *ret_is)
{
    struct sql_row *row = NULL;
    struct text like;
    text_init(&like, q->line->arena);
    text_printf(&like, "%%\nfield max_term_us=%lld\n%%", (long long)limit->max_term_us);
    if (shelf->has_repeats)
        text_printf(&like, "\nfield max_repeats=%lld\n%%", (long long)limit->max_repeats);
    TRY(sql_ask(q->db, shelf->texts, &row));
    sql_bind_str(row, 1, text_str(&like));
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

static void tell(const struct audit_limits *q, const struct shelf *shelf, str law,
                 const struct limit *limit)
{
    struct text place;
    text_init(&place, q->line->arena);
    text_printf(&place, "%.*s %.*s", STR_ARGS(law), STR_ARGS(limit->kind));
    if (!shelf->has_repeats)
        text_printf(&place, " %.*s", STR_ARGS(limit->action));
    text_printf(&place, " %lld", (long long)limit->max_term_us);
    if (shelf->has_repeats)
        text_printf(&place, " %lld", (long long)limit->max_repeats);
    struct finding f = {.kind = FINDING_LIMIT_FOREIGN,
                        .kind_name = str_from_c(shelf->table),
                        .record = text_str(&place),
                        .field = STR("max_term_us")};
    q->found(q->found_self, &f);
}

static err judge_shelf(const struct audit_limits *q, const struct shelf *shelf,
                       const struct law_profile *law, uint64_t *findings)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(q->db, shelf->rows, &row));
    sql_bind_str(row, 1, law->name);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        const struct limit limit = {.kind = sql_str(row, 0, q->line->arena),
                                    .action = sql_str(row, 1, q->line->arena),
                                    .max_term_us = sql_i64(row, 2),
                                    .max_repeats = sql_i64(row, 3)};
        bool is_known = shelf->is_of_law(law, &limit);
        if (!is_known)
            e = is_in_ledger(q, shelf, &limit, &is_known);
        if (!failed(e) && !is_known) {
            tell(q, shelf, law->name, &limit);
            ++*findings;
        }
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err audit_limits(const struct audit_limits *question, uint64_t *ret_findings)
{
    struct house *house = NULL;
    *ret_findings = 0;
    TRY(house_prepare(question->line->data, &house));
    err e = judge_shelf(question, &of_listings, &house->law, ret_findings);
    if (!failed(e))
        e = judge_shelf(question, &of_orders, &house->law, ret_findings);
    house_close(house);
    return e;
}
