/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/refuse.h"

#include "store/sql.h"

err refuse_row(struct refusals *all, struct store *store, const struct feed_refusal *refusal,
               instant at)
{
    struct sql_row *r = NULL;
    TRY(sql_ask(
        store_sql(store),
        "INSERT INTO batch_reject (\"batch\", \"row\", \"seq\", \"column\", \"code\", \"raw\","
        " \"until\") VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &r));
    sql_bind_str(r, 1, all->batch);
    sql_bind_i64(r, 2, refusal->number);
    sql_bind_i64(r, 3, all->seq++);
    sql_bind_str(r, 4, refusal->column);
    sql_bind_str(r, 5, str_from_c(refusal->code));
    sql_bind_str(r, 6, refusal->raw);
    sql_bind_i64(r, 7, instant_add_us(at, all->keep_days * US_PER_DAY).us);
    return sql_finish(&r);
}
