/* SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox.h"

#include "store/part.h"

#include <assert.h>

/* Due at once, also when the world's clock is set back before it is delivered. */
err outbox_put(struct store *store, enum effect_topic topic, str record, uint64_t first_leaf,
               uint64_t leaf)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO outbox (\"topic\", \"record\", \"first_leaf\", \"leaf\", \"attempts\","
                " \"next_at\") VALUES ($1, $2, $3, $4, 0, 0)",
                &row));
    sql_bind_str(row, 1, str_from_c(effect_topic_words[topic]));
    sql_bind_str(row, 2, record);
    sql_bind_i64(row, 3, (int64_t)first_leaf);
    sql_bind_i64(row, 4, (int64_t)leaf);
    return sql_finish(&row);
}

static err read_entry(struct sql_row *row, enum effect_topic topic, struct arena *turn,
                      struct outbox_entry *entry)
{
    *entry = (struct outbox_entry){.id = sql_i64(row, 0),
                                   .topic = topic,
                                   .record = sql_str(row, 1, turn),
                                   .first_leaf = (uint64_t)sql_i64(row, 2),
                                   .leaf = (uint64_t)sql_i64(row, 3),
                                   .attempts = sql_i64(row, 4)};
    return entry->record.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err read_entries(struct sql_row *row, enum effect_topic topic, struct arena *turn,
                        struct outbox_entries *entries)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row && entries->count < OUTBOX_MOST) {
        TRY(read_entry(row, topic, turn, &entries->at[entries->count++]));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

err outbox_take(struct store *store, enum effect_topic topic, instant now, struct arena *turn,
                struct outbox_entries *ret_entries)
{
    *ret_entries = (struct outbox_entries){0};
    if (store_is_held(store))
        return OK;
    struct outbox_entries entries = {
        .at = arena_make_array(turn, OUTBOX_MOST, sizeof(struct outbox_entry))};
    if (entries.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT \"id\", \"record\", \"first_leaf\", \"leaf\", \"attempts\" FROM outbox"
                " WHERE \"topic\" = $1 AND \"next_at\" <= $2 ORDER BY \"id\" LIMIT $3",
                &row));
    sql_bind_str(row, 1, str_from_c(effect_topic_words[topic]));
    sql_bind_i64(row, 2, now.us);
    sql_bind_i64(row, 3, OUTBOX_MOST);
    err e = read_entries(row, topic, turn, &entries);
    sql_done(&row);
    if (!failed(e))
        *ret_entries = entries;
    return e;
}

static err add_span(struct store *store, const struct outbox_entry *entry, struct arena *turn,
                    struct outbox_listings *all)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "SELECT \"record\" FROM ledger_leaf WHERE \"idx\" BETWEEN $1 AND $2"
                " AND \"record_kind\" = 'listing' ORDER BY \"idx\"",
                &row));
    sql_bind_i64(row, 1, (int64_t)entry->first_leaf);
    sql_bind_i64(row, 2, (int64_t)entry->leaf);
    bool has_row = false;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str id = sql_str(row, 0, turn);
        e = id.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : sql_next(row, &has_row);
        all->at[all->count++] = id;
    }
    sql_done(&row);
    return e;
}

err outbox_listings(struct store *store, const struct outbox_entries *taken, size_t most,
                    struct arena *turn, struct outbox_listings *ret_listings)
{
    struct outbox_listings all = {0};
    size_t room = 0;
    size_t entries = 0;
    for (; entries < taken->count && (entries == 0 || room < most); entries++)
        room += (size_t)(taken->at[entries].leaf - taken->at[entries].first_leaf) + 1;
    all.at = arena_make_array(turn, room, sizeof *all.at);
    if (all.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (; all.entries < entries; all.entries++) {
        const struct outbox_entry *entry = &taken->at[all.entries];
        bool is_one = entry->topic != EFFECT_RPZ_MANY && entry->first_leaf == entry->leaf;
        if (is_one) /* of many its subject is their source, or the last of them */
            all.at[all.count++] = entry->record;
        else
            TRY(add_span(store, entry, turn, &all));
    }
    *ret_listings = all;
    return OK;
}

err outbox_drop(struct store *store, const struct outbox_entries *taken, instant now)
{
    if (taken->count == 0)
        return OK;
    const struct outbox_entry *last = &taken->at[taken->count - 1];
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "DELETE FROM outbox WHERE \"topic\" = $1 AND \"id\" <= $2 AND \"next_at\" <= $3",
                &row));
    sql_bind_str(row, 1, str_from_c(effect_topic_words[last->topic]));
    sql_bind_i64(row, 2, last->id);
    sql_bind_i64(row, 3, now.us);
    return sql_finish(&row);
}

static err move(struct store *store, const struct outbox_entry *entry, int64_t attempts,
                instant next_at)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "UPDATE outbox SET \"attempts\" = $2, \"next_at\" = $3 WHERE \"id\" = $1", &row));
    sql_bind_i64(row, 1, entry->id);
    sql_bind_i64(row, 2, attempts);
    sql_bind_i64(row, 3, next_at.us);
    return sql_finish(&row);
}

err outbox_put_off(struct store *store, const struct outbox_entry *entry, instant now)
{
    int64_t doubled = entry->attempts < 8 ? entry->attempts : 8;
    return move(store, entry, entry->attempts + 1, instant_add_us(now, US_PER_S << doubled));
}

err outbox_keep(struct store *store, const struct outbox_entry *entry, instant until)
{
    return move(store, entry, entry->attempts, until);
}

/* --- one by one --- */

err outbox_find(struct store *store, enum effect_topic topic, int64_t id, struct arena *turn,
                struct outbox_entry *ret_entry)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store->db,
                "SELECT \"id\", \"record\", \"first_leaf\", \"leaf\", \"attempts\" FROM outbox"
                " WHERE \"id\" = $1 AND \"topic\" = $2",
                &row));
    sql_bind_i64(row, 1, id);
    sql_bind_str(row, 2, str_from_c(effect_topic_words[topic]));
    err e = sql_next(row, &has_row);
    if (!failed(e))
        e = has_row ? read_entry(row, topic, turn, ret_entry)
                    : fail(ERR_ABSENT, "record.absent", 0);
    sql_done(&row);
    return e;
}

err outbox_drop_one(struct store *store, const struct outbox_entry *entry)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "DELETE FROM outbox WHERE \"id\" = $1", &row));
    sql_bind_i64(row, 1, entry->id);
    return sql_finish(&row);
}

err outbox_hurry(struct store *store, enum effect_topic topic)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db, "UPDATE outbox SET \"next_at\" = 0 WHERE \"topic\" = $1", &row));
    sql_bind_str(row, 1, str_from_c(effect_topic_words[topic]));
    return sql_finish(&row);
}

err outbox_hurry_kept(struct store *store, enum effect_topic topic)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "UPDATE outbox SET \"next_at\" = 0 WHERE \"topic\" = $1 AND \"attempts\" = 0",
                &row));
    sql_bind_str(row, 1, str_from_c(effect_topic_words[topic]));
    return sql_finish(&row);
}

err outbox_mend_orders(struct store *store, str provider)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store->db,
                "INSERT INTO outbox (\"topic\", \"record\", \"first_leaf\", \"leaf\", \"attempts\","
                " \"next_at\") SELECT 'order', o.\"id\", l.\"idx\", l.\"idx\", 0, 0"
                " FROM \"order\" o JOIN ledger_leaf l ON l.\"idx\" ="
                "  (SELECT max(\"idx\") FROM ledger_leaf WHERE \"record\" = o.\"id\")"
                " WHERE o.\"provider\" = $1 AND o.\"asked\" <> 'nothing'"
                " AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.\"order\" = o.\"id\""
                "  AND r.\"provider\" = o.\"provider\" AND r.\"ask\" = o.\"ask\")"
                " AND o.\"id\" NOT IN (SELECT \"record\" FROM outbox WHERE \"topic\" = 'order')"
                " ORDER BY o.\"asked_at\", o.\"id\"",
                &row));
    sql_bind_str(row, 1, provider);
    return sql_finish(&row);
}
