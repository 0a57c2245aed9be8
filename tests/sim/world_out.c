/* SPDX-License-Identifier: Apache-2.0 */
/* What leaves the building, and what must not stay in it. */
#include "world.h"

#include "env/file.h"
#include "store/outbox.h"
#include "store/zone.h"
#include "store/zone_oracle_test.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)

enum { FILE_BYTES = 256 << 20 };

/* --- delivering --- */

static void journal(struct world *w, const struct outbox_entries *entries)
{
    struct model *m = w->model;
    for (size_t i = 0; i < entries->count; i++) {
        str id = entries->at[i].record;
        for (int k = 0; k < m->listing_count; k++)
            if (str_equal(id, str_from_c(m->listings[k].id)))
                m->listings[k].is_journaled = true;
        for (int k = 0; k < m->appeal_count; k++)
            if (str_equal(id, str_from_c(m->appeals[k].id)))
                m->appeals[k].is_journaled = true;
    }
}

static err take_to_zone(struct world *w, const struct outbox_entries *entries, instant now)
{
    struct arena *turn = &w->trial.turn;
    struct zone_changes changes = {0};
    struct outbox_listings told = {0};
    TRY(outbox_listings(w->trial.store, entries, SIZE_MAX, turn, &told));
    return zone_update(w->trial.store, (struct zone_listings){told.at, told.count},
                       (struct zone_ask){.now = now, .turn = turn}, &changes);
}

static err count_waiting(struct world *w, int64_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(w->trial.store), "SELECT count(*) FROM outbox", &row));
    err e = sql_next(row, &has_row);
    *ret_count = failed(e) ? -1 : sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* A name that leaves the zone stays in its history for a while. */
static void note_zone(struct world *w, instant now)
{
    struct model *m = w->model;
    int64_t waiting = 0;
    bool is_all = !failed(count_waiting(w, &waiting)) && waiting == 0;
    for (int i = 0; i < m->listing_count; i++) {
        struct model_listing *l = &m->listings[i];
        if (!l->was_zoned)
            continue;
        w->kept_until[l->mark] = now.us + MODEL_LISTING_KEPT_DAYS * DAY_US;
        l->was_zoned = l->state == LISTING_IN_FORCE || !is_all;
    }
}

static err deliver_topic(struct world *w, enum effect_topic topic, instant now)
{
    struct store *store = w->trial.store;
    struct outbox_entries entries = {0};
    TRY(outbox_take(store, topic, now, &w->trial.turn, &entries));
    if (entries.count > 0 && !w->delivers) /* nobody answers: again later */
        return outbox_put_off(store, &entries.at[0], now);
    if (topic == EFFECT_RPZ)
        TRY(take_to_zone(w, &entries, now));
    if (topic == EFFECT_ERASURE)
        journal(w, &entries);
    return outbox_drop(store, &entries, now);
}

err world_deliver(void *world, struct store *store, instant now)
{
    struct world *w = world;
    TRY(store_begin(store));
    err e = OK;
    for (unsigned topic = 0; topic < EFFECT_TOPIC_COUNT && !failed(e); topic++)
        e = deliver_topic(w, (enum effect_topic)topic, now);
    if (failed(e)) {
        store_rollback(store);
        return e;
    }
    TRY(store_commit(store, now));
    if (w->delivers && !w->model->is_held)
        note_zone(w, now);
    return OK;
}

/* --- the zone, once nothing is on its way --- */

static const char *check_journal(struct world *w)
{
    const struct model *m = w->model;
    for (int i = 0; i < m->listing_count; i++)
        if (m->listings[i].is_erased && !m->listings[i].is_journaled)
            return WRONG(w, "the journal does not name %s", m->listings[i].id);
    for (int i = 0; i < m->appeal_count; i++)
        if (m->appeals[i].is_erased && !m->appeals[i].is_journaled)
            return WRONG(w, "the journal does not name %s", m->appeals[i].id);
    return NULL;
}

const char *world_check_zone(struct world *w)
{
    static const char *const policies[] = {"notice", "nxdomain", "nodata"};
    const struct model *m = w->model;
    struct oracle_listing *at = arena_make_array(&w->trial.turn, ORACLE_OWNERS, sizeof *at);
    struct oracle_listings all = {.at = at};
    int64_t waiting = 0;
    if (failed(count_waiting(w, &waiting)) || m->is_held || world_is_late(w))
        return NULL; /* a step behind, as it may be */
    if (waiting > 0) /* put off before: its time has not come again */
        return NULL;
    for (int i = 0; i < m->listing_count; i++) {
        const struct model_listing *l = &m->listings[i];
        bool speaks = l->kind == INDICATOR_DOMAIN && l->state == LISTING_IN_FORCE &&
                      l->action != ACTION_WARN && l->from <= w->trial.at.us;
        if (!speaks)
            continue;
        assert(all.count < ORACLE_OWNERS);
        at[all.count++] = (struct oracle_listing){.id = l->id,
                                                  .name = l->value,
                                                  .is_allow = l->action == ACTION_ALLOW,
                                                  .is_suffix = l->match == MATCH_SUFFIX,
                                                  .policy = policies[l->rpz]};
    }
    const char *fault = trial_check_zone_of(&w->trial, &all);
    return fault == NULL ? check_journal(w) : fault;
}

/* --- what was erased is nowhere in the file --- */

static bool may_stay(const struct world *w, int mark)
{
    const struct model *m = w->model;
    int listing = w->listing_of[mark];
    int appeal = w->appeal_of[mark];
    int lifted = w->lifted_of[mark];
    bool in_zone = listing >= 0 && m->listings[listing].was_zoned;
    return (listing >= 0 && !m->listings[listing].is_erased) ||
           (appeal >= 0 && !m->appeals[appeal].is_erased) ||
           (lifted >= 0 && !m->listings[lifted].is_erased) || in_zone ||
           w->kept_until[mark] > w->worker.swept_at.us;
}

/* The mark whose words begin here; NOBODY where a page ends in the middle of them. */
static int mark_at(const struct world *w, const char *at, const char *end)
{
    int mark = 0;
    for (int i = 0; i < 6; i++) {
        if (at + i >= end || at[i] < '0' || at[i] > '9')
            return NOBODY;
        mark = mark * 10 + (at[i] - '0');
    }
    return mark < w->mark_count ? mark : NOBODY;
}

static size_t number_at(const char *at)
{
    return (size_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

/*
 * Between the pointers and the content of a page in use. When SQLite moves rows from page to page
 * it leaves copies of them there, which no secure_delete reaches (src/store/README.md).
 */
static bool is_in_gap(str file, size_t offset)
{
    const size_t page_bytes = number_at(file.at + 16);
    const size_t page = offset / page_bytes;
    const char *head = file.at + page * page_bytes + (page == 0 ? 100 : 0);
    bool is_leaf = head[0] == 0x0d || head[0] == 0x0a;
    if (!is_leaf && head[0] != 0x05 && head[0] != 0x02)
        return false;
    size_t from = (page == 0 ? 100 : 0) + (is_leaf ? 8U : 12U) + 2 * number_at(head + 3);
    return offset % page_bytes >= from && offset % page_bytes < number_at(head + 5);
}

static const char *check_bytes(struct world *w, str bytes)
{
    static const char prefix[] = "private-";
    const size_t size = sizeof prefix - 1;
    const char *end = bytes.at + bytes.size;
    const char *at = memmem(bytes.at, bytes.size, prefix, size);
    for (; at != NULL; at = memmem(at, (size_t)(end - at), prefix, size)) {
        at += size;
        int mark = mark_at(w, at, end);
        bool is_left = is_in_gap(bytes, (size_t)(at - bytes.at));
        if (mark != NOBODY && !may_stay(w, mark) && !is_left)
            return WRONG(w, "\"private-%06d\" (listing %d, appeal %d) is still in the file", mark,
                         w->listing_of[mark], w->appeal_of[mark]);
    }
    return NULL;
}

const char *world_check_erased(struct world *w)
{
    struct arena a;
    str bytes = {0};
    arena_init(&a, FILE_BYTES);
    err e = file_read(w->trial.path, FILE_BYTES, &a, &bytes);
    const char *fault =
        failed(e) ? WRONG(w, "the file cannot be read: %s", e.why) : check_bytes(w, bytes);
    arena_done(&a);
    return fault;
}
