/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/round_read.h"

#include "desk/takeover.h"
#include "store/row.h"

enum { ROOM_FIRST = 16, ROUNDS_A_PAGE = 500 };

/* One more of `size` bytes in `items`; NULL when the arena is spent. */
static void *one_more(struct arena *turn, void **items, size_t *count, size_t size)
{
    if (*count % ROOM_FIRST == 0)
        *items = arena_grow(turn, *items, *count * size, (*count + ROOM_FIRST) * size);
    return *items == NULL ? NULL : (char *)*items + (*count)++ * size;
}

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- shares --- */

static err read_shares(struct sql_row *row, struct arena *turn, struct share_lines *lines)
{
    bool has_row = false;
    void *items = NULL;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        union record r;
        struct share_line *line = one_more(turn, &items, &lines->count, sizeof *line);
        if (line == NULL)
            return spent();
        TRY(row_read(row, 2, RECORD_SHARE, turn, &r));
        *line = (struct share_line){
            .is = r.share, .report = sql_str(row, 0, turn), .round_state = sql_str(row, 1, turn)};
        TRY(sql_next(row, &has_row));
    }
    lines->at = items;
    return OK;
}

static err ask_shares(struct sql *db, const char *where, str id, struct arena *turn,
                      struct share_lines *ret_lines)
{
    struct sql_row *row = NULL;
    struct text t;
    struct share_lines lines = {.count = 0};
    text_init(&t, turn);
    text_put_c(&t, "SELECT (SELECT c.\"report\" FROM claim c WHERE c.\"id\" = share.\"claim\"),"
                   " (SELECT r.\"state\" FROM round r WHERE r.\"id\" = share.\"round\"), ");
    text_printf(&t, "%s FROM share WHERE %s ORDER BY \"id\" LIMIT %d", row_columns(RECORD_SHARE),
                where, ROUND_SHARES_MOST);
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(db, text_str(&t), &row));
    sql_bind_str(row, 1, id);
    err e = read_shares(row, turn, &lines);
    sql_done(&row);
    *ret_lines = lines;
    return e;
}

err round_shares(struct sql *db, str round, struct arena *turn, struct share_lines *ret_lines)
{
    return ask_shares(db, "\"round\" = $1", round, turn, ret_lines);
}

err report_shares(struct sql *db, str report, struct arena *turn, struct share_lines *ret_lines)
{
    return ask_shares(db,
                      "\"claim\" IN (SELECT c.\"id\" FROM claim c WHERE c.\"report\" = $1)"
                      " AND EXISTS (SELECT 1 FROM round r WHERE r.\"id\" = share.\"round\""
                      " AND r.\"state\" <> 'void')",
                      report, turn, ret_lines);
}

static err read_words(struct sql_row *row, struct arena *turn, struct share_words *words)
{
    bool has_row = false;
    void *items = NULL;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        union record r;
        struct receipt *one = one_more(turn, &items, &words->count, sizeof *one);
        if (one == NULL)
            return spent();
        TRY(row_read(row, 0, RECORD_RECEIPT, turn, &r));
        *one = r.receipt;
        TRY(sql_next(row, &has_row));
    }
    words->at = items;
    return OK;
}

/* Whoever else named one of them said nothing about it. */
err round_words(struct sql *db, const struct round *r, struct arena *turn,
                struct share_words *ret_words)
{
    struct sql_row *row = NULL;
    struct text t;
    struct share_words words = {.count = 0};
    text_init(&t, turn);
    text_printf(&t, "SELECT * FROM (SELECT %s FROM receipt", row_columns(RECORD_RECEIPT));
    text_put_c(&t, " WHERE \"share\" IN (SELECT s.\"id\" FROM share s WHERE s.\"round\" = $1)"
                   " AND \"provider\" = $2 ORDER BY \"id\" DESC");
    text_printf(&t, " LIMIT %d) AS newest ORDER BY \"share\", \"id\"", ROUND_WORDS_MOST);
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(db, text_str(&t), &row));
    sql_bind_str(row, 1, r->id);
    sql_bind_str(row, 2, r->provider);
    err e = read_words(row, turn, &words);
    sql_done(&row);
    *ret_words = words;
    return e;
}

str claim_shown(str claim)
{
    return claim.size <= ROUND_CLAIM_SHOWN ? claim
                                           : str_from(claim, claim.size - ROUND_CLAIM_SHOWN);
}

/* --- orders --- */

/* Ids grow with time: by id is by age. */
static void keep_sorted(const struct order **at, size_t count)
{
    for (size_t i = count - 1; i > 0 && str_compare(at[i]->id, at[i - 1]->id) < 0; i--) {
        const struct order *later = at[i - 1];
        at[i - 1] = at[i];
        at[i] = later;
    }
}

/* The order; or the freeze that took over what it held. */
static err find_order(struct sql *db, str id, struct arena *turn, union record *ret)
{
    TRY(row_find(db, RECORD_ORDER, id, turn, ret));
    bool is_taken = str_equal(ret->order.ended_why, STR(ORDER_WHY_TAKEN));
    return is_taken ? row_find(db, RECORD_ORDER, ret->order.taker, turn, ret) : OK;
}

err round_orders(struct sql *db, const struct round *r, struct arena *turn,
                 struct round_orders *ret_orders)
{
    struct round_orders orders = {.count = 0};
    void *items = NULL;
    str ids = r->orders;
    str id = {0};
    while (str_split(&ids, ' ', &id)) {
        union record *found = arena_make(turn, sizeof *found);
        if (found == NULL)
            return spent();
        err e = find_order(db, id, turn, found);
        if (e.code == ERR_ABSENT)
            continue;
        TRY(e);
        const struct order **one = one_more(turn, &items, &orders.count, sizeof *one);
        if (one == NULL)
            return spent();
        *one = &found->order;
        orders.at = items;
        keep_sorted(orders.at, orders.count);
    }
    *ret_orders = orders;
    return OK;
}

/* --- objections --- */

err round_appeals(struct sql *db, str round, struct arena *turn, struct round_appeals *ret_appeals)
{
    struct sql_row *row = NULL;
    struct round_appeals appeals = {.count = 0};
    void *items = NULL;
    bool has_row = false;
    struct text t;
    text_init(&t, turn);
    text_printf(&t, "SELECT %s FROM appeal WHERE \"round\" = $1 ORDER BY \"filed_at\", \"id\"",
                row_columns(RECORD_APPEAL));
    text_printf(&t, " LIMIT %d", ROUND_APPEALS_MOST);
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(db, text_str(&t), &row));
    sql_bind_str(row, 1, round);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        union record r;
        struct appeal *one = one_more(turn, &items, &appeals.count, sizeof *one);
        e = one == NULL ? spent() : row_read(row, 0, RECORD_APPEAL, turn, &r);
        if (failed(e))
            break;
        *one = r.appeal;
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    appeals.at = items;
    *ret_appeals = appeals;
    return e;
}

/* --- a provider's queue --- */

/* By which it was sent, or last asked for again. */
#define SENT_LEAF                                                                                  \
    "(SELECT max(l.\"idx\") FROM ledger_leaf l WHERE l.\"record\" = round.\"id\""                  \
    " AND l.\"act\" IN ('round.send', 'round.reopen'))"

static err ask_queue(struct sql *db, const struct round_ask *ask, struct arena *turn,
                     struct sql_row **ret_row)
{
    struct text t;
    text_init(&t, turn);
    text_put_c(&t, "SELECT " SENT_LEAF " AS sent_leaf, ");
    text_put_c(&t, row_columns_listed(RECORD_ROUND));
    text_put_c(&t, " FROM round WHERE \"provider\" = $1 AND \"state\" = 'sent' AND " SENT_LEAF
                   " > $2 ORDER BY sent_leaf");
    text_printf(&t, " LIMIT %d", ask->limit > ROUNDS_A_PAGE ? ROUNDS_A_PAGE : ask->limit);
    if (text_spent(&t))
        return spent();
    TRY(sql_ask_text(db, text_str(&t), ret_row));
    sql_bind_str(*ret_row, 1, ask->provider);
    sql_bind_i64(*ret_row, 2, ask->after);
    return OK;
}

err round_queue_read(struct sql *db, const struct round_ask *ask, struct arena *turn,
                     struct round_page *ret_page)
{
    struct sql_row *row = NULL;
    struct round_page page = {.next = ask->after};
    void *items = NULL;
    bool has_row = false;
    TRY(ask_queue(db, ask, turn, &row));
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        union record r;
        struct round *one = one_more(turn, &items, &page.count, sizeof *one);
        e = one == NULL ? spent() : row_read(row, 1, RECORD_ROUND, turn, &r);
        if (failed(e))
            break;
        *one = r.round;
        page.next = sql_i64(row, 0);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    page.at = items;
    *ret_page = page;
    return e;
}

/* --- a report that is withdrawn --- */

err rounds_on_report(struct sql *db, str report, struct arena *turn, struct round_ids *ret_ids)
{
    struct sql_row *row = NULL;
    struct round_ids ids = {.count = 0};
    void *items = NULL;
    bool has_row = false;
    TRY(sql_ask(db,
                "SELECT DISTINCT r.\"id\" FROM claim c JOIN share s ON s.\"claim\" = c.\"id\""
                " JOIN round r ON r.\"id\" = s.\"round\" WHERE c.\"report\" = $1 AND r.\"state\""
                " IN ('computed', 'reviewed', 'noticed', 'objected') ORDER BY r.\"id\"",
                &row));
    sql_bind_str(row, 1, report);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        str *one = one_more(turn, &items, &ids.count, sizeof *one);
        if (one == NULL) {
            e = spent();
            break;
        }
        *one = sql_str(row, 0, turn);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    ids.at = items;
    *ret_ids = ids;
    return e;
}
