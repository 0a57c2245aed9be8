/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sweep.h"

#include "store/part.h"

static err delete_before(struct sql *db, const char *literal, int64_t limit)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, literal, &row));
    sql_bind_i64(row, 1, limit);
    return sql_finish(&row);
}

static err sweep(struct sql *db, instant now)
{
    TRY(delete_before(db, "DELETE FROM batch_reject WHERE \"until\" <= $1", now.us));
    TRY(delete_before(db, "DELETE FROM idempotency WHERE \"until\" <= $1", now.us));
    return delete_before(db,
                         "DELETE FROM rpz_change WHERE \"serial\" <"
                         " (SELECT max(\"serial\") FROM rpz_serial) - $1",
                         SWEEP_ZONE_SERIALS);
}

err store_sweep(struct store *store, instant now)
{
    TRY(store_begin(store));
    err e = sweep(store->db, now);
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    return store_commit(store, now);
}
