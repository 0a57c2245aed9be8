/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/order_reach.h"

#include "app/money/trail_doc.h"
#include "fact/currency.h"
#include "fact/indicator.h"

enum { LAYERS = 6, FIRST = 20, WINDOW_MS = 72 * 3600 * 1000 };

struct reached {
    bool is_known;
    int64_t stolen;
    int64_t most;
};

bool order_reach_binds(const struct order *o)
{
    bool is_money = o->kind == ORDER_HOLD || o->kind == ORDER_STOP || o->kind == ORDER_FREEZE;
    return is_money && o->target_kind == INDICATOR_ACCOUNT && o->amount > 0 &&
           !str_is_empty(o->incident) && str_is_empty(o->takes);
}

static int64_t came_to(const struct trail_doc *doc, str account)
{
    int64_t sum = 0;
    for (size_t i = 0; i < doc->node_count; i++) {
        const struct trail_node *n = &doc->nodes[i];
        int64_t came = doc->method == METHOD_REACH ? n->received : n->attributed;
        bool is_it = str_equal(n->key, account);
        if (is_it && __builtin_add_overflow(sum, came, &sum))
            return INT64_MAX;
    }
    return sum;
}

/* By one story. What cannot be followed says nothing. */
static err tell(struct runs *runs, const struct trail_question *q, str account, struct reached *r)
{
    struct arena arena;
    struct trail_doc doc = {0};
    str start = {0};
    arena_init(&arena, TRAIL_DOC_BYTES);
    err e = trail_doc_make(runs, q, &arena, &doc, &start);
    if (!failed(e)) {
        int64_t came = came_to(&doc, account);
        r->stolen = doc.stolen;
        r->is_known = r->is_known || came > 0;
        r->most = came > r->most ? came : r->most;
    }
    arena_done(&arena);
    bool is_unknown = e.code == ERR_ABSENT || e.code == ERR_CONFLICT || e.code == ERR_LIMIT;
    return is_unknown ? OK : e;
}

static err follow(struct call *call, struct runs *runs, const struct order *o, struct reached *ret)
{
    union record r;
    struct reached found = {.is_known = false};
    struct trail_question q = {
        .settings = {.layers = LAYERS, .first = FIRST, .window_ms = WINDOW_MS},
        .as_of_ms = clock_now(&call->house->clock).us / US_PER_MS
    };
    str *starts = NULL;
    TRY(api_find(call, RECORD_INCIDENT, o->incident, &r));
    TRY(incident_starts(call, &r.incident, &starts, &q.start_count));
    q.starts = starts;
    *ret = found;
    if (q.start_count == 0)
        return OK;
    q.method = METHOD_POISON;
    TRY(tell(runs, &q, o->target, &found));
    q.method = METHOD_REACH;
    TRY(tell(runs, &q, o->target, &found));
    found.most = found.most < found.stolen ? found.most : found.stolen;
    *ret = found;
    return OK;
}

/* By orders like it: of reports, whose loss they share, or by hand. A freeze by hand may be of what
 * a report's hold keeps. */
static err asked_for(struct call *call, const struct order *o, int64_t *ret_sum)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    *ret_sum = 0;
    TRY(sql_ask(reader_sql(call->reader),
                "SELECT coalesce(sum(\"amount\"), 0) FROM \"order\" WHERE \"incident\" = $1"
                " AND \"target\" = $2 AND \"takes\" IS NULL"
                " AND (\"report\" IS NULL AND $3 = '' OR \"report\" IS NOT NULL AND $3 <> '')"
                " AND \"kind\" IN ('hold', 'stop', 'freeze') AND \"state\" IN ('drafted',"
                " 'approved', 'sent', 'acknowledged', 'executed', 'partial', 'lifting')",
                &row));
    sql_bind_str(row, 1, o->incident);
    sql_bind_str(row, 2, o->target);
    sql_bind_str(row, 3, o->report);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_sum = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

err order_reach_check(struct call *call, struct runs *runs, const struct order *o)
{
    struct reached reach = {0};
    struct text t;
    int64_t asked = 0;
    TRY(follow(call, runs, o, &reach));
    TRY(asked_for(call, o, &asked));
    int64_t left = reach.most > asked ? reach.most - asked : 0;
    if (!reach.is_known || o->amount <= left)
        return OK;
    text_init(&t, &call->arena);
    currency_put(&t, left, o->currency);
    text_put_char(&t, ' ');
    text_put(&t, o->currency);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->about = text_str(&t);
    call->column = STR("amount");
    return fail(ERR_LIMIT, "order.beyond_reach", 0);
}
