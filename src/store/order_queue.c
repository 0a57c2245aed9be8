/* SPDX-License-Identifier: Apache-2.0 */
#include "store/order_queue.h"

#include "store/row.h"

#include <stdlib.h>

enum { ID_BYTES = 64, RECEIPTS_MOST = 200 };

/* --- a place --- */

static bool is_id(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!is_plain)
            return false;
    }
    return s.size >= 1 && s.size <= ID_BYTES;
}

static err malformed(void)
{
    return fail(ERR_MALFORMED, "cursor.malformed", 0);
}

/* "1795312536000000-412-01K…": instant, leaves, order. */
err queue_place_parse(str text, struct queue_place *ret_place)
{
    struct queue_place place = {.order = STR("")};
    str first = {0};
    str second = {0};
    if (str_is_empty(text)) {
        *ret_place = place;
        return OK;
    }
    bool has_parts = str_split(&text, '-', &first) && str_split(&text, '-', &second);
    if (!has_parts || !is_id(text))
        return malformed();
    if (failed(str_parse_i64(first, &place.asked_at.us)) ||
        failed(str_parse_i64(second, &place.leaves)))
        return malformed();
    if (place.asked_at.us < 0 || place.leaves < 0)
        return malformed();
    place.order = text;
    *ret_place = place;
    return OK;
}

str queue_place_format(const struct queue_place *place, struct arena *turn)
{
    struct text t;
    if (str_is_empty(place->order))
        return STR("");
    text_init(&t, turn);
    text_put_i64(&t, place->asked_at.us);
    text_put_char(&t, '-');
    text_put_i64(&t, place->leaves);
    text_put_char(&t, '-');
    text_put(&t, place->order);
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* --- the queue --- */

static err leaf_count(struct sql *db, int64_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db, "SELECT coalesce(max(\"idx\") + 1, 0) FROM ledger_leaf", &row));
    err e = sql_next(row, &has_row);
    if (!failed(e))
        *ret_count = sql_i64(row, 0);
    sql_done(&row);
    return e;
}

static err ask_queue(struct sql *db, int limit, struct arena *turn, struct sql_row **ret_row)
{
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "SELECT %s FROM \"order\" WHERE \"provider\" = $1", row_columns(RECORD_ORDER));
    text_put_c(&t, " AND \"asked\" <> 'nothing' AND \"asked_at\" >= $2"
                   " AND (\"asked_at\" > $2 OR \"id\" > $3 OR EXISTS (SELECT 1 FROM ledger_leaf l"
                   " WHERE l.\"record\" = \"order\".\"id\" AND l.\"idx\" >= $4 AND l.\"at\" = $2))"
                   " ORDER BY \"asked_at\", \"id\"");
    text_printf(&t, " LIMIT %d", limit);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return sql_ask_text(db, text_str(&t), ret_row);
}

/* Rows into a room of so many; *count grows. */
struct rows {
    union record *items;
    size_t room;
    size_t *count;
};

static err read_rows(struct sql_row *row, enum record_kind kind, const struct rows *into,
                     struct arena *turn)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row && *into->count < into->room) {
        TRY(row_read(row, 0, kind, turn, &into->items[(*into->count)++]));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

/* A whole page goes on behind its last; the end of the queue never lies before where we were. */
static struct queue_place place_behind(const struct queue_page *page, bool is_whole,
                                       const struct queue_place *after)
{
    struct queue_place next = *after;
    const struct order *last = page->count > 0 ? &page->items[page->count - 1].order : NULL;
    if (last == NULL)
        return next;
    bool is_further =
        last->asked_at.us > after->asked_at.us || str_compare(last->id, after->order) > 0;
    if (is_whole || is_further) {
        next.asked_at = last->asked_at;
        next.order = last->id;
    }
    return next;
}

err order_queue_read(struct sql *db, const struct queue_ask *ask, struct arena *turn,
                     struct queue_page *ret_page)
{
    struct sql_row *row = NULL;
    int64_t leaves = 0;
    TRY(leaf_count(db, &leaves)); /* before the rows: what comes between is found again */
    size_t room = ask->limit < 1 ? 1 : ask->limit > LIST_MOST ? LIST_MOST : (size_t)ask->limit;
    struct queue_page page = {.items = arena_make_array(turn, room, sizeof *page.items)};
    if (page.items == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(ask_queue(db, (int)room, turn, &row));
    sql_bind_str(row, 1, ask->provider);
    sql_bind_i64(row, 2, ask->after.asked_at.us);
    sql_bind_str(row, 3, ask->after.order);
    sql_bind_i64(row, 4, ask->after.leaves);
    struct rows into = {page.items, room, &page.count};
    err e = read_rows(row, RECORD_ORDER, &into, turn);
    sql_done(&row);
    TRY(e);
    page.next = place_behind(&page, page.count == room, &ask->after);
    page.next.leaves = leaves;
    *ret_page = page;
    return OK;
}

/* --- receipts --- */

static err ask_receipts(struct sql *db, const char *where, struct arena *turn,
                        struct sql_row **ret_row)
{
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "SELECT %s FROM receipt WHERE %s ORDER BY \"id\" LIMIT %d",
                row_columns(RECORD_RECEIPT), where, RECEIPTS_MOST);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return sql_ask_text(db, text_str(&t), ret_row);
}

err receipt_find_key(struct sql *db, str provider, str key, struct arena *turn,
                     struct receipt *ret_receipt)
{
    struct sql_row *row = NULL;
    union record found;
    size_t count = 0;
    TRY(ask_receipts(db, "\"provider\" = $1 AND \"key\" = $2", turn, &row));
    sql_bind_str(row, 1, provider);
    sql_bind_str(row, 2, key);
    struct rows into = {&found, 1, &count};
    err e = read_rows(row, RECORD_RECEIPT, &into, turn);
    sql_done(&row);
    TRY(e);
    if (count == 0)
        return fail(ERR_ABSENT, "record.absent", 0);
    *ret_receipt = found.receipt;
    return OK;
}

err receipt_names_ask(struct sql *db, const struct order *o, bool *ret_is_named)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT 1 FROM receipt WHERE \"order\" = $1 AND \"provider\" = $2 AND \"ask\" = $3"
                " LIMIT 1",
                &row));
    sql_bind_str(row, 1, o->id);
    sql_bind_str(row, 2, o->provider);
    sql_bind_i64(row, 3, o->ask);
    err e = sql_next(row, ret_is_named);
    sql_done(&row);
    return e;
}

static err receipts_of(struct sql *db, const char *where, str id, struct arena *turn,
                       struct list_page *ret_page)
{
    struct sql_row *row = NULL;
    struct list_page page = {.items = arena_make_array(turn, RECEIPTS_MOST, sizeof *page.items)};
    if (page.items == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(ask_receipts(db, where, turn, &row));
    sql_bind_str(row, 1, id);
    struct rows into = {page.items, RECEIPTS_MOST, &page.count};
    err e = read_rows(row, RECORD_RECEIPT, &into, turn);
    sql_done(&row);
    TRY(e);
    *ret_page = page;
    return OK;
}

err receipts_of_order(struct sql *db, str order, struct arena *turn, struct list_page *ret_page)
{
    return receipts_of(db, "\"order\" = $1", order, turn, ret_page);
}

err receipts_of_share(struct sql *db, str share, struct arena *turn, struct list_page *ret_page)
{
    return receipts_of(db, "\"share\" = $1", share, turn, ret_page);
}

/* --- what may take it over --- */

err order_is_paying(struct sql *db, const struct order *o, bool *ret_is_paying)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT 1 FROM round WHERE \"account\" = $1 AND \"state\" IN ('approved', 'sent',"
                " 'paid') AND ' ' || \"orders\" || ' ' LIKE '% ' || $2 || ' %'",
                &row));
    sql_bind_str(row, 1, o->target);
    sql_bind_str(row, 2, o->id);
    err e = sql_next(row, ret_is_paying);
    sql_done(&row);
    return e;
}

err order_drafted_taker(struct sql *db, str order, struct arena *turn, str *ret_id)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    *ret_id = STR("");
    /* of all drafts there may be many (+) */
    TRY(sql_ask(db,
                "SELECT min(\"id\") FROM \"order\" WHERE \"takes\" = $1"
                " AND +\"state\" = 'drafted'",
                &row));
    sql_bind_str(row, 1, order);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row && !sql_is_null(row, 0))
        *ret_id = sql_str(row, 0, turn);
    sql_done(&row);
    TRY(e);
    return ret_id->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* --- a provider's figures --- */

static err count_open(struct sql *db, str provider, struct provider_figures *f)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(db,
                "SELECT count(*), coalesce(sum(\"is_late\"), 0),"
                " coalesce(sum(CASE WHEN \"state\" = 'lifting' THEN 1 ELSE 0 END), 0)"
                " FROM \"order\" WHERE \"provider\" = $1 AND \"asked\" <> 'nothing'",
                &row));
    sql_bind_str(row, 1, provider);
    err e = sql_next(row, &has_row);
    if (!failed(e)) {
        f->open = sql_i64(row, 0);
        f->late = sql_i64(row, 1);
        f->lifting = sql_i64(row, 2);
    }
    sql_done(&row);
    return e;
}

/* How long each of the newest orders waited for its first word, in microseconds. */
static err read_waits(struct sql *db, str provider, struct provider_figures *f,
                      int64_t waits[ANSWERS_MOST], size_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    size_t count = 0;
    TRY(sql_ask(db,
                "SELECT o.\"is_emergency\", o.\"proposed_at\", coalesce(o.\"decided_at\", 0),"
                " o.\"from\", min(r.\"received_at\"), max(r.\"received_at\") FROM"
                " (SELECT * FROM \"order\" WHERE \"provider\" = $1 AND \"ask\" > 0"
                "  ORDER BY \"id\" DESC LIMIT 200) AS o"
                " JOIN receipt r ON r.\"order\" = o.\"id\" AND r.\"provider\" = $1"
                " AND (r.\"result\" <> 'pending' OR r.\"receiver\" <> 'centre')"
                " GROUP BY o.\"id\", o.\"is_emergency\", o.\"proposed_at\", o.\"decided_at\","
                " o.\"from\"",
                &row));
    sql_bind_str(row, 1, provider);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && count < ANSWERS_MOST) {
        int64_t decided = sql_i64(row, 2);
        int64_t from = sql_i64(row, 3);
        int64_t sent = sql_i64(row, 0) != 0 ? sql_i64(row, 1) : decided > from ? decided : from;
        int64_t first = sql_i64(row, 4);
        int64_t last = sql_i64(row, 5);
        waits[count++] = first > sent ? first - sent : 0;
        f->last_heard.us = last > f->last_heard.us ? last : f->last_heard.us;
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_count = count;
    return e;
}

static int compare(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}

err provider_figures_read(struct sql *db, str provider, struct arena *turn,
                          struct provider_figures *ret_figures)
{
    struct provider_figures f = {.median_ms = -1, .p90_ms = -1};
    size_t count = 0;
    int64_t *waits = arena_make_array(turn, ANSWERS_MOST, sizeof *waits);
    if (waits == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(count_open(db, provider, &f));
    TRY(read_waits(db, provider, &f, waits, &count));
    if (count > 0) {
        qsort(waits, count, sizeof *waits, compare);
        f.median_ms = waits[(count - 1) / 2] / US_PER_MS;
        f.p90_ms = waits[(count - 1) * 9 / 10] / US_PER_MS;
    }
    *ret_figures = f;
    return OK;
}
