/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_read.h"

#include "store/row.h"

static err ask(const struct report_under_query *q, enum record_kind kind, struct sql_row **ret_row)
{
    struct text t;
    text_init(&t, q->arena);
    text_put_c(&t, "SELECT ");
    text_put_c(&t, row_columns(kind));
    text_put_c(&t, " FROM \"");
    text_put_c(&t, record_shapes[kind].name);
    text_put_c(&t, "\" WHERE \"");
    text_put_c(&t, q->under == UNDER_REPORT ? "report" : "incident");
    text_put_c(&t, "\" = $1 ORDER BY \"id\" LIMIT ");
    text_put_i64(&t, REPORT_CHILDREN_MOST);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(sql_ask_text(q->db, text_str(&t), ret_row));
    sql_bind_str(*ret_row, 1, q->id);
    return OK;
}

/* One more in `items`, of `size` bytes each; NULL when the arena is spent. */
static void *one_more(struct arena *a, void **items, size_t count, size_t size)
{
    if (count % 64 == 0)
        *items = arena_grow(a, *items, count * size, (count + 64) * size);
    return *items == NULL ? NULL : (char *)*items + count * size;
}

static err read_all(const struct report_under_query *q, enum record_kind kind, void **ret_items,
                    size_t *ret_count)
{
    struct sql_row *row = NULL;
    size_t size = record_shapes[kind].size;
    bool has_row = false;
    *ret_items = NULL;
    *ret_count = 0;
    TRY(ask(q, kind, &row));
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        union record r;
        void *at = one_more(q->arena, ret_items, *ret_count, size);
        e = at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : row_read(row, 0, kind, q->arena, &r);
        if (failed(e))
            break;
        memcpy(at, &r, size); /* every record of the union begins where it begins */
        (*ret_count)++;
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err report_claims(const struct report_under_query *q, struct claim **ret, size_t *ret_count)
{
    void *items = NULL;
    TRY(read_all(q, RECORD_CLAIM, &items, ret_count));
    *ret = items;
    return OK;
}

err report_orders(const struct report_under_query *q, struct order **ret, size_t *ret_count)
{
    void *items = NULL;
    TRY(read_all(q, RECORD_ORDER, &items, ret_count));
    *ret = items;
    return OK;
}

err report_reports(const struct report_under_query *q, struct report **ret, size_t *ret_count)
{
    void *items = NULL;
    TRY(read_all(q, RECORD_REPORT, &items, ret_count));
    *ret = items;
    return OK;
}
