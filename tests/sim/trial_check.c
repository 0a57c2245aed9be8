/* SPDX-License-Identifier: Apache-2.0 */
/* What must hold of a store whatever was done to it; each by a way of its own. */
#include "app/call/export.h"
#include "store/snapshot.h"
#include "store/zone.h"
#include "store/zone_oracle_test.h"
#include "trial.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEEP_BYTES = 64 << 20 };

#define FAULT(t, ...) (snprintf((t)->fault, sizeof(t)->fault, __VA_ARGS__), (t)->fault)

/* --- the ledger, through a reader of its own --- */

static void on_finding(void *self, const struct finding *f)
{
    struct trial *t = self;
    struct text line;
    if (t->fault[0] != '\0')
        return; /* the first says most */
    text_init(&line, &t->turn);
    finding_format(f, &line);
    FAULT(t, "replay: %.*s", STR_ARGS(text_str(&line)));
}

static err check_tree(struct reader *reader, const struct head *head, bool *ret_fits)
{
    struct tile_source tiles = reader_tiles(reader);
    struct digest root;
    TRY(proof_root(&tiles, head->size, &root));
    *ret_fits = digest_equal(&root, &head->root);
    return OK;
}

static err replay(struct trial *t, struct reader *reader, bool *ret_fits)
{
    struct arena keep;
    struct arena turn;
    struct export_walk walk;
    struct head head = {0};
    struct replay_verdict verdict = {0};
    struct replay_source source = {
        .self = &walk, .entry = export_entry, .row = export_row, .head = export_head};
    struct replay_setup setup = {.source = &source,
                                 .store = STR("c1"),
                                 .key_id = STR("k1"),
                                 .keep = &keep,
                                 .turn = &turn,
                                 .found = on_finding,
                                 .found_self = t};
    memcpy(setup.key.bytes, t->secret.bytes + 32, SIGN_PUBLIC_BYTES);
    arena_init(&keep, KEEP_BYTES);
    arena_init(&turn, KEEP_BYTES);
    export_walk_init(&walk, reader, &turn);
    err e = export_leaf_count(reader, &source.leaf_count);
    if (!failed(e))
        e = replay_run(&setup, &verdict);
    if (!failed(e))
        e = reader_head(reader, UINT64_MAX, &turn, &head);
    if (!failed(e))
        e = check_tree(reader, &head, ret_fits);
    export_walk_done(&walk);
    arena_done(&keep);
    arena_done(&turn);
    *ret_fits = *ret_fits && verdict.findings == 0 && head.size == source.leaf_count;
    return e;
}

static const char *check_ledger(struct trial *t)
{
    struct reader *reader = NULL;
    bool fits = false;
    t->fault[0] = '\0';
    err e = reader_open(&t->turn, t->path, &reader);
    if (!failed(e))
        e = replay(t, reader, &fits);
    reader_close(reader);
    if (failed(e))
        return FAULT(t, "replay: %s (%u)", e.why, e.at);
    if (!fits && t->fault[0] == '\0')
        FAULT(t, "tiles, head and leaves do not agree");
    return fits ? NULL : t->fault;
}

/* --- tables against tables, in SQL that the program does not use --- */

/* Each finds rows that should not be there. */
/* clang-format off */
static const struct {
    const char *what;
    const char *query;
} wrong[] = {
    {"a proposed or running listing without its end",
     "SELECT id FROM listing l WHERE state IN ('proposed', 'in_force') AND ends IS NOT until"},
    {"an approved listing whose beginning is forgotten",
     "SELECT id FROM listing l WHERE state = 'in_force' AND \"from\" > decided_at AND NOT EXISTS"
     " (SELECT 1 FROM ledger_leaf g WHERE g.record = l.id AND g.act = 'listing.begin')"
     " AND NOT EXISTS (SELECT 1 FROM timer t WHERE t.record = l.id AND t.act = 'listing.begin'"
     " AND t.due = l.\"from\")"},
    {"an ended listing that nobody will erase",
     "SELECT id FROM listing l WHERE ended_at IS NOT NULL AND value <> 'erased-' || id AND NOT EXISTS"
     " (SELECT 1 FROM timer t WHERE t.record = l.id AND t.act = 'listing.erase')"},
    {"an open appeal without its deadline",
     "SELECT id FROM appeal a WHERE state IN ('filed', 'reviewing') AND is_late = 0 AND NOT EXISTS"
     " (SELECT 1 FROM timer t WHERE t.record = a.id AND t.act = 'appeal.late' AND t.due = a.due_at)"},
    {"a decided appeal that nobody will erase",
     "SELECT id FROM appeal a WHERE decided_at IS NOT NULL AND statement <> 'erased' AND NOT EXISTS"
     " (SELECT 1 FROM timer t WHERE t.record = a.id AND t.act = 'appeal.erase')"},
    {"a timer of a listing that is not there, or not in that state",
     "SELECT record FROM timer t WHERE act = 'listing.begin' AND NOT EXISTS"
     " (SELECT 1 FROM listing l WHERE l.id = t.record AND l.state IN ('proposed', 'in_force'))"},
    {"an erasing timer of something erased or running",
     "SELECT record FROM timer t WHERE act = 'listing.erase' AND NOT EXISTS (SELECT 1 FROM listing l"
     " WHERE l.id = t.record AND l.ended_at IS NOT NULL AND l.value <> 'erased-' || l.id)"},
    {"an outbox entry without its leaf",
     "SELECT record FROM outbox o WHERE NOT EXISTS (SELECT 1 FROM ledger_leaf g WHERE g.idx = o.leaf"
     " AND (g.record = o.record OR EXISTS (SELECT 1 FROM source s WHERE s.id = o.record)))"},
    {"leaves that do not count up from 0",
     "SELECT count(*) FROM ledger_leaf HAVING count(*) <> max(idx) + 1"},
    {"a granted appeal beside a listing in force",
     "SELECT a.id FROM appeal a JOIN listing l ON l.id = a.listing WHERE a.state = 'granted'"
     " AND l.state = 'in_force'"},
    {"a batch that counts what is not there",
     "SELECT id FROM batch b WHERE state = 'done' AND accepted <> (SELECT count(*) FROM listing l"
     " WHERE l.batch = b.id)"},
    {"a reason of something erased",
     "SELECT record FROM ledger_leaf g WHERE why IS NOT NULL AND idx < (SELECT max(e.idx) FROM"
     " ledger_leaf e WHERE e.record = g.record AND e.act LIKE '%.erase')"},
    {"a count of listings that is not their count",
     "SELECT what, minute, division FROM (SELECT state AS what, 0 AS minute, division, count(*) AS n"
     " FROM listing GROUP BY 1, 3 UNION ALL SELECT 'ends', until / 60000000, division, count(*)"
     " FROM listing WHERE state = 'in_force' GROUP BY 2, 3 UNION ALL SELECT what, minute, division,"
     " -count FROM listing_count) GROUP BY 1, 2, 3 HAVING sum(n) <> 0"},
    {"an effect without a record",
     "SELECT id FROM listing l WHERE state <> 'proposed' AND NOT EXISTS (SELECT 1 FROM ledger_leaf g"
     " WHERE g.record = l.id AND g.act IN ('listing.approve', 'listing.enter', 'listing.refuse',"
     " 'listing.expire', 'listing.erase'))"},
};
/* clang-format on */

static const char *check_tables(struct trial *t)
{
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct sql_row *row = NULL;
        bool has_row = false;
        err e = sql_ask_text(store_sql(t->store), str_from_c(wrong[i].query), &row);
        if (!failed(e))
            e = sql_next(row, &has_row);
        if (failed(e))
            return FAULT(t, "%s: %s", wrong[i].what, sql_last_message(store_sql(t->store)));
        if (has_row)
            FAULT(t, "%s: %.*s", wrong[i].what, STR_ARGS(sql_peek(row, 0)));
        sql_done(&row);
        if (has_row)
            return t->fault;
    }
    return NULL;
}

const char *trial_check(struct trial *t)
{
    err e = snapshot_check(store_sql(t->store));
    if (failed(e))
        return FAULT(t, "integrity: %s", e.why);
    const char *fault = check_tables(t);
    return fault != NULL ? fault : check_ledger(t);
}

/* --- the zone --- */

static err on_name(void *self, str turned, str policy)
{
    char room[ORACLE_NAME + 2];
    oracle_put(self, oracle_owner(turned, room), policy);
    return OK;
}

static size_t read_listings(struct trial *t, struct oracle_listing *at, size_t room)
{
    struct sql_row *row = NULL;
    size_t count = 0;
    bool has_row = true;
    err e = sql_ask(store_sql(t->store),
                    "SELECT id, value, action = 'allow', match = 'suffix', rpz FROM listing"
                    " WHERE kind = 'domain' AND state = 'in_force' AND action <> 'warn'"
                    " AND \"from\" <= $1",
                    &row);
    if (failed(e))
        abort();
    sql_bind_i64(row, 1, t->at.us);
    while (!failed(sql_next(row, &has_row)) && has_row && count < room)
        at[count++] = (struct oracle_listing){.id = sql_str(row, 0, &t->turn).at,
                                              .name = sql_str(row, 1, &t->turn).at,
                                              .is_allow = sql_i64(row, 2) != 0,
                                              .is_suffix = sql_i64(row, 3) != 0,
                                              .policy = sql_str(row, 4, &t->turn).at};
    sql_done(&row);
    return count;
}

static const char *check_name(struct trial *t, const struct oracle_zone *zone,
                              const struct oracle_listings *listings, const char *name)
{
    const char *found = oracle_answer(zone, name);
    const char *want = oracle_verdict(listings, name);
    if (strcmp(found, want) == 0)
        return NULL;
    return FAULT(t, "%s: the zone says \"%s\", the listings \"%s\"", name, found, want);
}

/* Every name that either side speaks of, and one below each. */
const char *trial_check_zone_of(struct trial *t, const struct oracle_listings *listings)
{
    struct oracle_zone *zone = arena_make(&t->turn, sizeof *zone);
    struct zone_walk walk = {.self = zone, .name = on_name};
    assert(zone != NULL);
    zone->count = 0;
    if (failed(zone_walk_names(store_sql(t->store), &walk)))
        return FAULT(t, "the zone cannot be read");
    for (size_t i = 0; i < zone->count + listings->count; i++) {
        const char *name = i < zone->count ? zone->at[i].name : listings->at[i - zone->count].name;
        char below[ORACLE_NAME + 8];
        name += strncmp(name, "*.", 2) == 0 ? 2 : 0;
        snprintf(below, sizeof below, "x.%s", name);
        if (check_name(t, zone, listings, name) != NULL ||
            check_name(t, zone, listings, below) != NULL)
            return t->fault;
    }
    return NULL;
}

const char *trial_check_zone(struct trial *t)
{
    struct oracle_listing *at = arena_make_array(&t->turn, ORACLE_OWNERS, sizeof *at);
    assert(at != NULL);
    struct oracle_listings listings = {.at = at, .count = read_listings(t, at, ORACLE_OWNERS)};
    return trial_check_zone_of(t, &listings);
}
