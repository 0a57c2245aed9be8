/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever is listed, lifted, expired and erased, in whatever order and company, a resolver
 * that holds the zone blocks exactly what the listings block and nothing that one of them allows;
 * and the history of changes leads to the zone.
 * Method: a small universe of names, random listings straight into the table (the desk has tests of
 * its own), zone updates after random groups of changes. After each, every name of the universe is
 * looked up in the zone as RFC 4592 says and judged by the listings alone, by code that shares
 * nothing with zone.c; and the changes written down so far are replayed into an empty zone.
 */
#include "store/zone.h"

#include "env/file.h"
#include "kit/kit.h"
#include "store/zone_oracle_test.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#define T0 INT64_C(1795349880000000)

enum { LISTINGS = 24, STEPS = 1500, NAME_ROOM = 32, DEPTH = 5 };

struct fixture {
    struct arena boot;
    struct arena turn;
    struct random_source random;
    struct id_source ids;
    struct law_profile law;
    struct store *store;
    char path[64];
};

/* What a listing of the model says. */
struct item {
    char id[24];
    char name[NAME_ROOM];
    bool is_allow;
    bool is_suffix;
    const char *policy;
    bool is_in_force;
    bool is_erased;
    bool is_dirty; /* the zone has not heard of its last change */
};

struct world {
    struct fixture *f;
    struct item items[LISTINGS];
    unsigned made;
    struct oracle_zone zone;
    struct oracle_zone replayed;
};

static void must(err e)
{
    if (failed(e))
        fail_msg("%s (%u)", e.why, (unsigned)e.at);
}

static int open_store(void **state)
{
    must(kit_boot());
    struct fixture *f = calloc(1, sizeof *f);
    arena_init(&f->boot, 64 << 20);
    arena_init(&f->turn, 64 << 20);
    random_init_seeded(&f->random, 11);
    id_source_init(&f->ids, &f->random);
    f->law = (struct law_profile){.name = STR("cn"), .listing_retention_days = 90};
    f->law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_BLOCK] = 365 * US_PER_DAY;
    f->law.listing_max_term_us[INDICATOR_DOMAIN][ACTION_ALLOW] = 365 * US_PER_DAY;
    snprintf(f->path, sizeof f->path, "/tmp/yumen-zone-%d.db", (int)getpid());
    unlink(f->path);
    struct store_options options = {
        .path = f->path, .law = &f->law, .ids = &f->ids, .random = &f->random};
    must(store_open(&f->boot, &options, &f->store));
    must(sql_run(store_sql(f->store), "PRAGMA synchronous=OFF"));
    must(sql_run(store_sql(f->store), "PRAGMA foreign_keys=OFF")); /* no people, no centre */
    *state = f;
    return 0;
}

static int close_store(void **state)
{
    struct fixture *f = *state;
    store_close(f->store);
    arena_done(&f->boot);
    arena_done(&f->turn);
    unlink(f->path);
    free(f);
    return 0;
}

static unsigned pick(struct world *w, unsigned below)
{
    return (unsigned)(random_u64(&w->f->random) % below);
}

/* Of the labels a and b, below one top: few enough to meet all the time. */
static void make_name(struct world *w, char room[NAME_ROOM])
{
    size_t size = 0;
    for (unsigned labels = pick(w, DEPTH); labels > 0; labels--)
        size += (size_t)snprintf(room + size, NAME_ROOM - size, "%c.", pick(w, 2) ? 'a' : 'b');
    snprintf(room + size, NAME_ROOM - size, "top");
}

static void run(struct world *w, const char *literal, struct item *item)
{
    struct sql_row *row = NULL;
    must(sql_ask(store_sql(w->f->store), literal, &row));
    sql_bind_str(row, 1, str_from_c(item->id));
    must(sql_finish(&row));
    item->is_dirty = true;
}

static void list(struct world *w, struct item *item)
{
    static const char *const policies[] = {"notice", "nxdomain", "nodata", "tcp_only"};
    *item = (struct item){.is_allow = pick(w, 3) == 0,
                          .is_suffix = pick(w, 2) == 0,
                          .policy = policies[pick(w, COUNT_OF(policies))],
                          .is_in_force = true,
                          .is_dirty = true};
    snprintf(item->id, sizeof item->id, "L%06u", w->made++);
    make_name(w, item->name);
    struct sql_row *row = NULL;
    must(sql_ask(
        store_sql(w->f->store),
        "INSERT INTO listing VALUES ($1, 'domain', $2, $2, $3, $4, 'r', 'e', 'b', 's', NULL,"
        " 0,"
        " $6, $7, 'in_force', 'p', 'a', 'n', '', NULL, 'cn', $8, $5, $6, $6, NULL, NULL,"
        " 'p a', 1)",
        &row));
    sql_bind_str(row, 1, str_from_c(item->id));
    sql_bind_str(row, 2, str_from_c(item->name));
    sql_bind_str(row, 3, item->is_allow ? STR("allow") : STR("block"));
    sql_bind_str(row, 4, item->is_suffix ? STR("suffix") : STR("exact"));
    sql_bind_str(row, 5, str_from_c(item->policy));
    sql_bind_i64(row, 6, T0);
    sql_bind_i64(row, 7, T0 + 300 * US_PER_DAY);
    sql_bind_i64(row, 8, 365 * US_PER_DAY);
    must(sql_finish(&row));
}

/* Sometimes erased before the zone has heard that it ended. */
static void end(struct world *w, struct item *item)
{
    run(w, "UPDATE listing SET \"state\" = 'lifted', \"ended_at\" = \"from\" WHERE \"id\" = $1",
        item);
    item->is_in_force = false;
    item->is_erased = pick(w, 4) == 0;
    if (item->is_erased)
        run(w, "UPDATE listing SET \"value\" = 'erased-' || \"id\" WHERE \"id\" = $1", item);
}

static void publish(struct world *w)
{
    static const enum zone_way ways[] = {ZONE_CHEAPER, ZONE_ONE_BY_ONE, ZONE_ALL_AT_ONCE};
    str ids[LISTINGS];
    struct zone_listings changed = {.at = ids};
    struct zone_changes changes = {0};
    for (size_t i = 0; i < LISTINGS; i++) {
        if (!w->items[i].is_dirty)
            continue;
        w->items[i].is_dirty = false;
        ids[changed.count++] = str_from_c(w->items[i].id);
    }
    must(store_begin(w->f->store));
    struct zone_ask ask = {
        .now = instant_from_us(T0 + 1), .turn = &w->f->turn, .way = ways[pick(w, 3)]};
    must(zone_update(w->f->store, changed, ask, &changes));
    must(store_commit(w->f->store, instant_from_us(T0 + 1)));
}

static err on_name(void *self, str turned, str policy)
{
    struct world *w = self;
    char room[ORACLE_NAME + 2];
    oracle_put(&w->zone, oracle_owner(turned, room), policy);
    return OK;
}

static err on_change(void *self, uint32_t serial, const struct zone_change *change)
{
    struct world *w = self;
    char name[ORACLE_NAME + 2];
    char room[ORACLE_NAME + 2];
    str owner = oracle_owner(change->turned, room);
    snprintf(name, sizeof name, "%.*s", STR_ARGS(owner));
    if (!str_equal(change->before, str_from_c(oracle_policy(&w->replayed, name))))
        fail_msg("%s: serial %u does not say what was there", name, serial);
    if (str_is_empty(change->after))
        oracle_drop(&w->replayed, owner);
    else
        oracle_put(&w->replayed, owner, change->after);
    return OK;
}

static size_t in_force(const struct world *w, struct oracle_listing at[LISTINGS])
{
    size_t count = 0;
    for (size_t i = 0; i < LISTINGS; i++) {
        const struct item *it = &w->items[i];
        if (it->is_in_force)
            at[count++] = (struct oracle_listing){.id = it->id,
                                                  .name = it->name,
                                                  .is_allow = it->is_allow,
                                                  .is_suffix = it->is_suffix,
                                                  .policy = it->policy};
    }
    return count;
}

static void check_name(const struct world *w, const struct oracle_listings *listings,
                       const char *query, unsigned step)
{
    const char *found = oracle_answer(&w->zone, query);
    const char *want = oracle_verdict(listings, query);
    if (strcmp(found, want) != 0)
        fail_msg("step %u, %s: the zone says \"%s\", the listings \"%s\"", step, query, found,
                 want);
}

/* Every name of up to DEPTH labels, and one label that nobody lists. */
static void check_names(struct world *w, unsigned step)
{
    struct oracle_listing at[LISTINGS];
    struct oracle_listings listings = {.at = at, .count = in_force(w, at)};
    for (unsigned labels = 0; labels <= DEPTH; labels++) {
        unsigned all = 1;
        for (unsigned i = 0; i < labels; i++)
            all *= 3;
        for (unsigned n = 0; n < all; n++) {
            char query[NAME_ROOM];
            size_t size = 0;
            for (unsigned i = 0, rest = n; i < labels; i++, rest /= 3)
                size += (size_t)snprintf(query + size, sizeof query - size, "%c.", "abx"[rest % 3]);
            snprintf(query + size, sizeof query - size, "top");
            check_name(w, &listings, query, step);
        }
    }
}

static void check(struct world *w, unsigned step)
{
    struct zone_walk walk = {.self = w, .name = on_name, .change = on_change};
    w->zone.count = w->replayed.count = 0;
    must(zone_walk_names(store_sql(w->f->store), &walk));
    must(zone_walk_changes(store_sql(w->f->store), 0, &walk));
    assert_int_equal(w->zone.count, w->replayed.count);
    for (size_t i = 0; i < w->zone.count; i++)
        assert_string_equal(oracle_policy(&w->replayed, w->zone.at[i].name), w->zone.at[i].policy);
    check_names(w, step);
}

static void the_zone_says_what_the_listings_say(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->f = *state;
    for (unsigned step = 0; step < STEPS; step++) {
        arena_reset(&w->f->turn);
        struct item *item = &w->items[pick(w, LISTINGS)];
        if (item->is_in_force)
            end(w, item);
        else if (!item->is_dirty)
            list(w, item);
        if (pick(w, 3) == 0) {
            publish(w);
            check(w, step);
        }
    }
    free(w);
}

/* Goal: nothing is left when nothing is listed. */
static void an_empty_list_is_an_empty_zone(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->f = *state;
    for (size_t i = 0; i < LISTINGS; i++)
        list(w, &w->items[i]);
    publish(w);
    for (size_t i = 0; i < LISTINGS; i++)
        end(w, &w->items[i]);
    publish(w);
    check(w, 0);
    assert_int_equal(w->zone.count, 0);
    free(w);
}

/* Goal: who has the zone of some serial is behind since the first change it lacks. */
static void behind_since_the_first_change_it_lacks(void **state)
{
    struct world *w = calloc(1, sizeof *w);
    w->f = *state;
    struct sql *db = store_sql(w->f->store);
    instant since = {0};
    must(zone_behind_since(db, 0, &since));
    assert_int_equal(since.us, 0); /* there is none */
    list(w, &w->items[0]);
    publish(w);
    must(zone_behind_since(db, 0, &since));
    assert_int_equal(since.us, T0 + 1);
    since = (instant){0};
    must(zone_behind_since(db, UINT32_MAX, &since));
    assert_int_equal(since.us, 0);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_zone_says_what_the_listings_say, open_store,
                                        close_store),
        cmocka_unit_test_setup_teardown(an_empty_list_is_an_empty_zone, open_store, close_store),
        cmocka_unit_test_setup_teardown(behind_since_the_first_change_it_lacks, open_store,
                                        close_store),
    };
    return cmocka_run_group_tests_name("store/zone", tests, NULL, NULL);
}
