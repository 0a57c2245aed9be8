/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_news.h"

#include <assert.h>

void race_news_init(struct race_news *n, int64_t learnt)
{
    *n = (struct race_news){.leaf = -1, .learnt = learnt};
}

static err last_leaf(struct sql *db, int64_t *ret_leaf)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db, "SELECT coalesce(max(\"idx\"), -1) FROM ledger_leaf", &row));
    err e = sql_next(row, &has_row);
    *ret_leaf = failed(e) ? -1 : sql_i64(row, 0);
    sql_done(&row);
    return e;
}

/* In portions, as a list taken in writes a million leaves. */
static int64_t portion_end(const struct race_news *n, int64_t last)
{
    return n->leaf < 0 || last - n->leaf <= NEWS_LEAVES ? last : n->leaf + NEWS_LEAVES;
}

static err grow(struct arena *a, void **items, size_t count, size_t size)
{
    if (count % 64 == 0)
        *items = arena_grow(a, *items, count * size, (count + 64) * size);
    return *items == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err take_incidents(struct sql_row *row, struct arena *a, struct race_heard *heard)
{
    bool has_row = false;
    void *items = heard->incidents;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = grow(a, &items, heard->incident_count, sizeof *heard->incidents);
        if (failed(e))
            break;
        heard->incidents = items;
        heard->incidents[heard->incident_count++] = sql_str(row, 0, a);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

static err all_open(struct sql *db, struct arena *a, struct race_heard *heard)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT i.\"id\" FROM incident i WHERE i.\"state\" <> 'closed' AND EXISTS (SELECT 1"
                " FROM report r WHERE r.\"incident\" = i.\"id\" AND r.\"state\" = 'taken')"
                " ORDER BY i.\"id\" DESC LIMIT 2000",
                &row));
    return take_incidents(row, a, heard);
}

static err concerned(struct sql *db, int64_t after, int64_t until, struct arena *a,
                     struct race_heard *heard)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT r.\"incident\" FROM ledger_leaf l JOIN report r ON r.\"id\" = l.\"record\""
                " WHERE l.\"idx\" > $1 AND l.\"idx\" <= $2 AND l.\"record_kind\" = 'report'"
                " AND r.\"state\" = 'taken'"
                " UNION SELECT o.\"incident\" FROM ledger_leaf l JOIN \"order\" o"
                " ON o.\"id\" = l.\"record\" WHERE l.\"idx\" > $1 AND l.\"idx\" <= $2"
                " AND l.\"record_kind\" = 'order' AND o.\"incident\" IS NOT NULL"
                " UNION SELECT n.\"incident\" FROM ledger_leaf l JOIN round n"
                " ON n.\"id\" = l.\"record\" WHERE l.\"idx\" > $1 AND l.\"idx\" <= $2"
                " AND l.\"record_kind\" = 'round'"
                " UNION SELECT i.\"id\" FROM ledger_leaf l JOIN incident i"
                " ON i.\"id\" = l.\"record\" JOIN report r ON r.\"incident\" = i.\"id\""
                " WHERE l.\"idx\" > $1 AND l.\"idx\" <= $2 AND l.\"record_kind\" = 'incident'",
                &row));
    sql_bind_i64(row, 1, after);
    sql_bind_i64(row, 2, until);
    return take_incidents(row, a, heard);
}

static err answers(struct sql *db, int64_t after, int64_t until, struct arena *a,
                   struct race_heard *heard)
{
    struct sql_row *row = NULL;
    void *items = NULL;
    bool has_row = false;
    TRY(sql_ask(db,
                "SELECT c.\"provider\", o.\"kind\" = 'stop', c.\"result\" <> 'refused', c.\"at\","
                " CASE o.\"is_emergency\" WHEN 1 THEN o.\"proposed_at\" ELSE o.\"decided_at\" END"
                " FROM ledger_leaf l JOIN receipt c ON c.\"id\" = l.\"record\""
                " JOIN \"order\" o ON o.\"id\" = c.\"order\" WHERE l.\"idx\" > $1"
                " AND l.\"idx\" <= $2 AND l.\"record_kind\" = 'receipt'"
                " AND c.\"fate\" IN ('taken', 'over') AND c.\"result\" <> 'pending'"
                " AND c.\"ask\" <= 1 AND o.\"ask\" <= 2 AND o.\"kind\" IN ('hold', 'stop')"
                " AND o.\"ended_at\" IS NULL",
                &row));
    sql_bind_i64(row, 1, after);
    sql_bind_i64(row, 2, until);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = grow(a, &items, heard->answer_count, sizeof *heard->answers);
        if (failed(e))
            break;
        heard->answers = items;
        heard->answers[heard->answer_count++] =
            (struct race_answer){.provider = sql_str(row, 0, a),
                                 .is_stop = sql_i64(row, 1) != 0,
                                 .is_done = sql_i64(row, 2) != 0,
                                 .landed = instant_from_us(sql_i64(row, 3)),
                                 .sent = instant_from_us(sql_i64(row, 4))};
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err race_news_take(struct race_news *n, struct sql *db, struct arena *a, struct race_heard *ret)
{
    int64_t last = -1;
    *ret = (struct race_heard){0};
    TRY(last_leaf(db, &last));
    int64_t until = portion_end(n, last);
    if (n->learnt < until - NEWS_PAST)
        n->learnt = until - NEWS_PAST;
    if (n->leaf < 0)
        TRY(all_open(db, a, ret));
    else if (until > n->leaf)
        TRY(concerned(db, n->leaf, until, a, ret));
    if (until > n->learnt)
        TRY(answers(db, n->learnt, until, a, ret));
    n->leaf = n->learnt = until;
    return OK;
}

static unsigned hour_of(instant at, int zone_min)
{
    int64_t us = at.us + zone_min * US_PER_MIN;
    return (unsigned)(us / US_PER_HOUR % HAZARD_HOURS);
}

void race_news_learn(const struct race_heard *heard, struct hazard *hazard,
                     const struct providers *providers, int zone_min)
{
    for (size_t i = 0; i < heard->answer_count; i++) {
        const struct race_answer *answer = &heard->answers[i];
        const struct provider *p = provider_find(providers, answer->provider);
        int64_t delay_ms = (answer->landed.us - answer->sent.us) / US_PER_MS;
        if (p == NULL)
            continue;
        struct hazard_cell cell = {.bank = (uint32_t)(p - providers->at),
                                   .kind = answer->is_stop ? HAZARD_STOP : HAZARD_HOLD,
                                   .hour = (uint8_t)hour_of(answer->sent, zone_min)};
        hazard_learn_receipt(hazard, cell, delay_ms < 0 ? 0 : delay_ms, answer->is_done);
    }
}
