/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/call_matches.h"

#include <assert.h>

static_assert(MATCHES_MOST < MATCH_PLACES, "a search ends");

void call_matches_put(struct call_matches *m, uint32_t row, uint32_t day, bool is_text)
{
    assert(row != 0 && m->count <= MATCHES_MOST);
    uint32_t at = (row * UINT32_C(2654435761) + day) % MATCH_PLACES;
    while (m->places[at].row != 0 && (m->places[at].row != row || m->places[at].day != day))
        at = (at + 1) % MATCH_PLACES;
    struct call_match *p = &m->places[at];
    m->count += p->row == 0;
    p->row = row;
    p->day = day;
    p->calls += !is_text;
    p->texts += is_text;
}

static err add_one(struct sql *db, const struct call_match *p)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "INSERT INTO call_match (\"listing\", \"day\", \"calls\", \"texts\")"
                " SELECT \"id\", $2, $3, $4 FROM listing WHERE rowid = $1"
                " ON CONFLICT (\"listing\", \"day\") DO UPDATE SET"
                " \"calls\" = call_match.\"calls\" + excluded.\"calls\","
                " \"texts\" = call_match.\"texts\" + excluded.\"texts\"",
                &row));
    sql_bind_i64(row, 1, p->row);
    sql_bind_i64(row, 2, p->day);
    sql_bind_i64(row, 3, p->calls);
    sql_bind_i64(row, 4, p->texts);
    return sql_finish(&row);
}

err call_matches_add(struct call_matches *m, struct sql *db)
{
    for (size_t i = 0; m->count > 0 && i < MATCH_PLACES; i++)
        if (m->places[i].row != 0)
            TRY(add_one(db, &m->places[i]));
    *m = (struct call_matches){0};
    return OK;
}

err call_matches_read(struct sql *db, str listing, struct call_days *ret_days)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(db,
                "SELECT \"day\", \"calls\", \"texts\" FROM call_match WHERE \"listing\" = $1"
                " ORDER BY \"day\" DESC LIMIT $2",
                &row));
    sql_bind_str(row, 1, listing);
    sql_bind_i64(row, 2, MATCH_DAYS_SHOWN);
    bool has_row = false;
    ret_days->count = 0;
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && ret_days->count < MATCH_DAYS_SHOWN) {
        ret_days->at[ret_days->count++] = (struct call_match){.day = (uint32_t)sql_i64(row, 0),
                                                              .calls = (uint32_t)sql_i64(row, 1),
                                                              .texts = (uint32_t)sql_i64(row, 2)};
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}
