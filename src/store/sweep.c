/* SPDX-License-Identifier: Apache-2.0 */
#include "store/sweep.h"

#include "store/part.h"
#include "store/zone.h"

static err delete_before(struct sql *db, const char *literal, int64_t limit)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db, literal, &row));
    sql_bind_i64(row, 1, limit);
    return sql_finish(&row);
}

/* A name that left the zone is forgotten when the listing that put it there is. */
static err sweep_zone(struct store *store, instant now)
{
    int64_t kept_us = store->law->listing_retention_days * US_PER_DAY;
    TRY(delete_before(store->db,
                      "DELETE FROM rpz_change WHERE \"serial\" <="
                      " (SELECT max(\"serial\") FROM rpz_change WHERE \"at\" <= $1)",
                      now.us - kept_us));
    uint32_t since = 0;
    TRY(zone_since(store->db, SWEEP_ZONE_CHANGES, &since));
    TRY(delete_before(store->db, "DELETE FROM rpz_change WHERE \"serial\" <= $1", since));
    return delete_before(store->db,
                         "DELETE FROM rpz_change WHERE \"serial\" <"
                         " (SELECT max(\"serial\") FROM rpz_serial) - $1",
                         SWEEP_ZONE_SERIALS);
}

/*
 * What a source sent is remembered as a digest, which whoever knows a number can recompute: it goes
 * when no listing of its batch can be in force or kept any more.
 */
static err sweep_seen(struct store *store, instant now)
{
    const struct law_profile *law = store->law;
    int64_t longest_us = 0;
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++)
        for (unsigned action = 0; action < ACTION_COUNT; action++)
            if (law->listing_max_term_us[kind][action] > longest_us)
                longest_us = law->listing_max_term_us[kind][action];
    return delete_before(store->db,
                         "DELETE FROM feed_seen WHERE \"batch\" IN"
                         " (SELECT \"id\" FROM batch WHERE \"opened_at\" <= $1)",
                         now.us - longest_us - law->listing_retention_days * US_PER_DAY);
}

static err sweep(struct store *store, instant now)
{
    struct sql *db = store->db;
    TRY(delete_before(db, "DELETE FROM batch_reject WHERE \"until\" <= $1", now.us));
    TRY(delete_before(db, "DELETE FROM idempotency WHERE \"until\" <= $1", now.us));
    int64_t day = now.us / US_PER_DAY - SWEEP_CALLS_DAYS;
    TRY(delete_before(db, "DELETE FROM call_screened WHERE \"day\" < $1", day));
    TRY(delete_before(db, "DELETE FROM call_match WHERE \"day\" < $1", day));
    TRY(sweep_seen(store, now));
    return sweep_zone(store, now);
}

err store_sweep(struct store *store, instant now)
{
    TRY(store_begin(store));
    err e = sweep(store, now);
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    return store_commit(store, now);
}
