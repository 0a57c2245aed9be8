/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_facts.h"

#include "app/money/held.h"
#include "base/instant.h"

#include <stdlib.h>

enum { GROWTH = 64 };

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* Later than every id. */
static str before_of(const struct round_source *s)
{
    return str_is_empty(s->before) ? STR("~") : s->before;
}

/* One more in `items`; NULL when the arena is spent. */
static void *one_more(struct arena *a, void **items, size_t count, size_t size)
{
    if (count % GROWTH == 0)
        *items = arena_grow(a, *items, count * size, (count + GROWTH) * size);
    return *items == NULL ? NULL : (char *)*items + count * size;
}

/* --- what is held --- */

static void put_word(struct text *t, str word)
{
    if (text_str(t).size > 0)
        text_put_char(t, ' ');
    text_put(t, word);
}

static int compare_ids(const void *a, const void *b)
{
    const struct held_order *x = a;
    const struct held_order *y = b;
    return str_compare(x->id, y->id);
}

static err check_alike(const struct round_hold *r, const struct held_order *o)
{
    if (!str_equal(o->provider, r->provider))
        return fail(ERR_CONFLICT, "round.providers", 0);
    if (!str_equal(o->currency, r->currency))
        return fail(ERR_CONFLICT, "round.currencies", 0);
    return OK;
}

err round_hold_read(const struct round_source *s, struct round_hold *ret)
{
    const struct held_query q = {
        .db = s->db, .account = s->account, .is_for_round = true, .arena = s->arena};
    struct held_order *found = NULL;
    size_t count = 0;
    struct text orders;
    struct text incidents;
    *ret = (struct round_hold){0};
    text_init(&orders, s->arena);
    text_init(&incidents, s->arena);
    TRY(held_read(&q, &found, &count));
    if (count == 0)
        return fail(ERR_CONFLICT, "round.not_held", 0);
    ret->amount = held_sum(found, count);
    qsort(found, count, sizeof *found, compare_ids);
    ret->bank = found[0].bank;
    ret->provider = found[0].provider;
    ret->currency = found[0].currency;
    for (size_t i = 0; i < count; i++) {
        int64_t executed_ms = found[i].executed_at.us / US_PER_MS;
        TRY(check_alike(ret, &found[i]));
        ret->executed_ms = executed_ms > ret->executed_ms ? executed_ms : ret->executed_ms;
        put_word(&orders, found[i].id);
        put_word(&incidents, found[i].incident);
    }
    ret->orders = text_str(&orders);
    ret->incidents = text_str(&incidents);
    if (text_spent(&orders) || text_spent(&incidents))
        return spent();
    return ret->amount > TRANSFER_AMOUNT_MOST ? fail(ERR_LIMIT, "refund.sum", 0) : OK;
}

err round_accounts_read(struct sql *db, str incident, struct arena *a, str **ret, size_t *ret_count)
{
    struct sql_row *row = NULL;
    void *items = NULL;
    bool has_row = false;
    *ret_count = 0;
    TRY(sql_ask(db,
                "SELECT DISTINCT \"target\" FROM \"order\" WHERE \"incident\" = $1 "
                "AND \"target_kind\" = 'account' AND \"state\" IN ('executed', 'partial') "
                "AND \"approver\" IS NOT NULL AND \"kind\" IN ('hold', 'stop', 'freeze') "
                "AND \"held\" > 0 ORDER BY \"target\" LIMIT 1000",
                &row));
    sql_bind_str(row, 1, incident);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str *at = one_more(a, &items, *ret_count, sizeof *at);
        e = at == NULL ? spent() : OK;
        if (failed(e))
            break;
        *at = sql_str(row, 0, a);
        (*ret_count)++;
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret = items;
    return e;
}

/* --- who claims --- */

static err take_claims(const struct round_source *s, struct sql_row *row, void **items,
                       size_t *ret_count)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        struct round_claim *c = one_more(s->arena, items, *ret_count, sizeof *c);
        if (c == NULL)
            return spent();
        *c = (struct round_claim){.id = sql_str(row, 0, s->arena),
                                  .incident = sql_str(row, 1, s->arena),
                                  .transfer = sql_str(row, 2, s->arena),
                                  .from = sql_str(row, 3, s->arena),
                                  .to = sql_str(row, 4, s->arena),
                                  .amount = sql_i64(row, 5),
                                  .settled = sql_i64(row, 6) + sql_i64(row, 7),
                                  .is_matched = sql_i64(row, 8) != 0,
                                  .is_doubtful = sql_i64(row, 9) != 0,
                                  .sent_ms = sql_i64(row, 10) / US_PER_MS};
        if (c->to.at == NULL || c->transfer.at == NULL || c->id.at == NULL)
            return spent();
        (*ret_count)++;
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

/* Matched ones, and those that something was paid on: of those, what was paid still counts. */
err round_claims_read(const struct round_source *s, str currency, struct round_claim **ret,
                      size_t *ret_count)
{
    struct sql_row *row = NULL;
    void *items = NULL;
    *ret_count = 0;
    TRY(sql_ask(
        s->db,
        "SELECT * FROM (SELECT c.\"id\", c.\"incident\", c.\"transfer\", c.\"from\", "
        "c.\"to\", c.\"amount\", c.\"returned\", coalesce((SELECT sum(s.\"amount\") "
        "FROM share s JOIN round r ON r.\"id\" = s.\"round\" WHERE s.\"claim\" = c.\"id\" "
        "AND s.\"state\" <> 'paid' AND r.\"state\" NOT IN ('closed', 'void') "
        "AND r.\"id\" < $2), 0), c.\"state\" = 'matched', "
        "EXISTS (SELECT 1 FROM claim d WHERE d.\"to\" = c.\"from\" AND d.\"report\" <> "
        "c.\"report\" AND d.\"state\" = 'matched'), coalesce(c.\"sent_at\", 0) FROM claim c "
        "WHERE (c.\"state\" = 'matched' OR c.\"returned\" > 0) "
        "AND c.\"transfer\" IS NOT NULL AND c.\"currency\" = $1 "
        "ORDER BY c.\"id\" DESC LIMIT 65536) AS newest ORDER BY 1",
        &row));
    sql_bind_str(row, 1, currency);
    sql_bind_str(row, 2, before_of(s));
    err e = take_claims(s, row, &items, ret_count);
    sql_done(&row);
    *ret = items;
    return e;
}

/* --- what was given back --- */

static err take_paid(const struct round_source *s, struct sql_row *row, void **items,
                     size_t *ret_count)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        struct round_paid *p = one_more(s->arena, items, *ret_count, sizeof *p);
        if (p == NULL)
            return spent();
        *p = (struct round_paid){.share = sql_str(row, 0, s->arena),
                                 .claim = sql_str(row, 1, s->arena),
                                 .to = sql_str(row, 2, s->arena),
                                 .reference = sql_str(row, 3, s->arena),
                                 .amount = sql_i64(row, 4),
                                 .time_ms = sql_i64(row, 5) / US_PER_MS};
        if (p->share.at == NULL || p->claim.at == NULL)
            return spent();
        (*ret_count)++;
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

err round_paid_read(const struct round_source *s, struct round_paid **ret, size_t *ret_count)
{
    struct sql_row *row = NULL;
    void *items = NULL;
    *ret_count = 0;
    TRY(sql_ask(s->db,
                "SELECT s.\"id\", s.\"claim\", s.\"to\", s.\"reference\", s.\"amount\", "
                "s.\"settled_at\" FROM share s JOIN round r ON r.\"id\" = s.\"round\" "
                "WHERE r.\"account\" = $1 AND r.\"id\" < $2 AND s.\"state\" = 'paid' "
                "ORDER BY s.\"id\"",
                &row));
    sql_bind_str(row, 1, s->account);
    sql_bind_str(row, 2, before_of(s));
    err e = take_paid(s, row, &items, ret_count);
    sql_done(&row);
    *ret = items;
    return e;
}

err round_number_read(const struct round_source *s, int64_t *ret_number, str *ret_open)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(s->db,
                "SELECT coalesce(max(\"number\"), 0) + 1, max(CASE WHEN \"state\" NOT IN "
                "('closed', 'void') THEN \"id\" END) FROM round WHERE \"account\" = $1",
                &row));
    sql_bind_str(row, 1, s->account);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row) {
        *ret_number = sql_i64(row, 0);
        *ret_open = sql_str(row, 1, s->arena);
        e = ret_open->at == NULL ? spent() : OK;
    }
    sql_done(&row);
    return e;
}
