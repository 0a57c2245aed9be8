/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/audit_limits.h"

#include "app/centre/house_open.h"
#include "app/house/house.h"

struct limit {
    str kind;
    str action;
    int64_t max_term_us;
};

static bool is_of_law(const struct law_profile *law, const struct limit *limit)
{
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++)
        for (unsigned action = 0; action < ACTION_COUNT; action++)
            if (str_equal(limit->kind, str_from_c(indicator_kind_words[kind])) &&
                str_equal(limit->action, str_from_c(listing_action_words[action])))
                return law->listing_max_term_us[kind][action] == limit->max_term_us;
    return false;
}

/* Whether a listing was ever made under it: an earlier text of the profile set it. */
static err is_in_ledger(const struct audit_limits *q, const struct limit *limit, bool *ret_is)
{
    struct sql_row *row = NULL;
    struct text like;
    text_init(&like, q->line->arena);
    text_printf(&like, "%%\nfield max_term_us=%lld\n%%", (long long)limit->max_term_us);
    TRY(sql_ask(q->db,
                "SELECT \"idx\" FROM ledger_text WHERE \"record_kind\" = 'listing'"
                " AND \"body\" LIKE $1 LIMIT 1",
                &row));
    sql_bind_str(row, 1, text_str(&like));
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

static void tell(const struct audit_limits *q, const char *table, str place)
{
    struct finding f = {.kind = FINDING_LIMIT_FOREIGN,
                        .kind_name = str_from_c(table),
                        .record = place,
                        .field = STR("max_term_us")};
    q->found(q->found_self, &f);
}

static err judge(const struct audit_limits *q, const struct law_profile *law,
                 const struct limit *limit, uint64_t *findings)
{
    bool is_known = is_of_law(law, limit);
    if (!is_known)
        TRY(is_in_ledger(q, limit, &is_known));
    if (is_known)
        return OK;
    struct text place;
    text_init(&place, q->line->arena);
    text_printf(&place, "%.*s %.*s %.*s %lld", STR_ARGS(law->name), STR_ARGS(limit->kind),
                STR_ARGS(limit->action), (long long)limit->max_term_us);
    tell(q, "law_limit", text_str(&place));
    ++*findings;
    return OK;
}

static err judge_all(const struct audit_limits *q, const struct law_profile *law,
                     uint64_t *findings)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(q->db,
                "SELECT \"kind\", \"action\", \"max_term_us\" FROM law_limit"
                " WHERE \"profile\" = $1 ORDER BY \"kind\", \"action\", \"max_term_us\"",
                &row));
    sql_bind_str(row, 1, law->name);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        struct limit limit = {.kind = sql_str(row, 0, q->line->arena),
                              .action = sql_str(row, 1, q->line->arena),
                              .max_term_us = sql_i64(row, 2)};
        e = judge(q, law, &limit, findings);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* --- of orders --- */

struct order_limit {
    str kind;
    int64_t max_term_us;
    int64_t max_repeats;
};

static bool is_order_of_law(const struct law_profile *law, const struct order_limit *limit)
{
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++)
        if (str_equal(limit->kind, str_from_c(order_kind_words[kind])))
            return law->order_max_term_us[kind] == limit->max_term_us &&
                   law->order_max_repeats[kind] == limit->max_repeats;
    return false;
}

static err is_order_in_ledger(const struct audit_limits *q, const struct order_limit *limit,
                              bool *ret_is)
{
    struct sql_row *row = NULL;
    struct text like;
    text_init(&like, q->line->arena);
    text_printf(&like, "%%\nfield max_term_us=%lld\n%%\nfield max_repeats=%lld\n%%",
                (long long)limit->max_term_us, (long long)limit->max_repeats);
    TRY(sql_ask(q->db,
                "SELECT \"idx\" FROM ledger_text WHERE \"record_kind\" = 'order'"
                " AND \"body\" LIKE $1 LIMIT 1",
                &row));
    sql_bind_str(row, 1, text_str(&like));
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

static err judge_order(const struct audit_limits *q, const struct law_profile *law,
                       const struct order_limit *limit, uint64_t *findings)
{
    bool is_known = is_order_of_law(law, limit);
    if (!is_known)
        TRY(is_order_in_ledger(q, limit, &is_known));
    if (is_known)
        return OK;
    struct text place;
    text_init(&place, q->line->arena);
    text_printf(&place, "%.*s %.*s %lld %lld", STR_ARGS(law->name), STR_ARGS(limit->kind),
                (long long)limit->max_term_us, (long long)limit->max_repeats);
    tell(q, "order_limit", text_str(&place));
    ++*findings;
    return OK;
}

static err judge_orders(const struct audit_limits *q, const struct law_profile *law,
                        uint64_t *findings)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(q->db,
                "SELECT \"kind\", \"max_term_us\", \"max_repeats\" FROM order_limit"
                " WHERE \"profile\" = $1 ORDER BY \"kind\", \"max_term_us\", \"max_repeats\"",
                &row));
    sql_bind_str(row, 1, law->name);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        struct order_limit limit = {.kind = sql_str(row, 0, q->line->arena),
                                    .max_term_us = sql_i64(row, 1),
                                    .max_repeats = sql_i64(row, 2)};
        e = judge_order(q, law, &limit, findings);
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
    err e = judge_all(question, &house->law, ret_findings);
    if (!failed(e))
        e = judge_orders(question, &house->law, ret_findings);
    house_close(house);
    return e;
}
