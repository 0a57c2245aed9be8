/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/audit_counts.h"

static str number_text(struct arena *arena, int64_t number)
{
    struct text t;
    text_init(&t, arena);
    text_put_i64(&t, number);
    return text_str(&t);
}

/* What a report says is pledged of its loss, and what its orders ask for or hold (desk/order.c). */
static err tell_pledge(const struct audit_counts *q, struct sql_row *row)
{
    struct finding f = {.kind = FINDING_COUNT_WRONG,
                        .kind_name = STR("report"),
                        .record = sql_str(row, 0, q->arena),
                        .field = STR("pledged"),
                        .said = number_text(q->arena, sql_i64(row, 2)),
                        .found = number_text(q->arena, sql_i64(row, 1))};
    if (f.record.at == NULL || f.said.size == 0 || f.found.size == 0)
        return fail(ERR_LIMIT, "limit.memory", 0);
    q->found(q->found_self, &f);
    return OK;
}

err audit_pledges(const struct audit_counts *question, uint64_t *ret_findings)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    uint64_t findings = 0;
    TRY(sql_ask(question->db,
                "SELECT \"id\", \"pledged\", \"bound\" FROM ("
                "SELECT r.\"id\", r.\"pledged\", (SELECT coalesce(sum(o.\"bound\"), 0)"
                " FROM \"order\" o WHERE o.\"report\" = r.\"id\" AND o.\"state\" IN"
                " ('approved', 'sent', 'acknowledged', 'executed', 'partial', 'lifting'))"
                " AS \"bound\" FROM report r) AS p"
                " WHERE \"pledged\" <> \"bound\" ORDER BY \"id\"",
                &row));
    err e = sql_next(row, &has_row);
    for (; !failed(e) && has_row; findings++) {
        e = tell_pledge(question, row);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_findings = findings;
    return e;
}

/* What is counted: a state, or "ends" and the minute; and the division, if it is one's own. */
static err tell(const struct audit_counts *q, struct sql_row *row)
{
    str division = sql_peek(row, 2);
    struct text place;
    text_init(&place, q->arena);
    text_put(&place, sql_peek(row, 0));
    if (sql_i64(row, 1) != 0)
        text_printf(&place, " %lld", (long long)sql_i64(row, 1));
    if (!str_is_empty(division))
        text_printf(&place, " %.*s", STR_ARGS(division));
    struct finding f = {.kind = FINDING_COUNT_WRONG,
                        .kind_name = STR("listing_count"),
                        .record = text_str(&place),
                        .field = STR("count"),
                        .said = number_text(q->arena, sql_i64(row, 3)),
                        .found = number_text(q->arena, sql_i64(row, 4))};
    if (text_spent(&place) || f.said.size == 0 || f.found.size == 0)
        return fail(ERR_LIMIT, "limit.memory", 0);
    q->found(q->found_self, &f);
    return OK;
}

err audit_counts(const struct audit_counts *question, uint64_t *ret_findings)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    uint64_t findings = 0;
    TRY(sql_ask(
        question->db,
        "SELECT \"what\", \"minute\", \"division\", sum(\"there\"), sum(\"kept\") FROM ("
        "SELECT \"state\" AS \"what\", 0 AS \"minute\", \"division\","
        " count(*) AS \"there\", 0 AS \"kept\" FROM listing GROUP BY \"state\", \"division\""
        " UNION ALL SELECT 'ends', \"until\" / 60000000, \"division\", count(*), 0"
        " FROM listing WHERE \"state\" = 'in_force'"
        " GROUP BY \"until\" / 60000000, \"division\""
        " UNION ALL SELECT \"what\", \"minute\", \"division\", 0, \"count\""
        " FROM listing_count) AS c GROUP BY \"what\", \"minute\", \"division\""
        " HAVING sum(\"there\") <> sum(\"kept\")"
        " ORDER BY \"what\", \"minute\", \"division\"",
        &row));
    err e = sql_next(row, &has_row);
    for (; !failed(e) && has_row; findings++) {
        e = tell(question, row);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_findings = findings;
    return e;
}
