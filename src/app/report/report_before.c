/* SPDX-License-Identifier: Apache-2.0 */
#include "app/report/report_before.h"

#include "fact/division.h"

#include <assert.h>

static bool may_join(const struct report_past *past, str division)
{
    bool is_provider = !str_is_empty(past->actor->provider);
    return is_provider || division_covers(past->actor->division, division);
}

static err take_first(struct sql_row *row, struct arena *a, str *ret_claim, str *ret_incident)
{
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row) {
        *ret_claim = sql_str(row, 0, a);
        *ret_incident = sql_str(row, 1, a);
    }
    sql_done(&row);
    return e;
}

static err find_same_transfer(const struct report_past *past, struct report_line *line)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(
        past->db,
        "SELECT c.\"id\", c.\"incident\" FROM claim c JOIN report r ON r.\"id\" = c.\"report\""
        " WHERE c.\"transfer\" = $1 AND c.\"to\" = $2 AND c.\"state\" = 'matched'"
        " AND r.\"state\" = 'taken' AND c.\"id\" <> $3 ORDER BY c.\"id\" LIMIT 1",
        &row));
    sql_bind_str(row, 1, line->transfer);
    sql_bind_str(row, 2, line->to);
    sql_bind_str(row, 3, line->claim);
    return take_first(row, past->arena, &line->before, &line->incident);
}

/* Two victims may pay one account the same within minutes: so the payer or the caller is the same
 * too. A claim that was matched is another payment than one that is matched to another. */
static err find_same_payment(const struct report_past *past, const struct report *said,
                             struct report_line *line)
{
    struct sql_row *row = NULL;
    bool has_time = line->at.us != 0;
    TRY(sql_ask(
        past->db,
        "SELECT c.\"id\", c.\"incident\" FROM claim c JOIN report r ON r.\"id\" = c.\"report\""
        " WHERE c.\"to\" = $1 AND c.\"amount\" = $2 AND r.\"state\" = 'taken'"
        " AND (c.\"state\" = 'told' OR (c.\"state\" = 'matched' AND $3 = 0))"
        " AND (c.\"sent_at\" IS NULL OR c.\"sent_at\" BETWEEN $4 AND $5)"
        " AND ((c.\"from\" = $6 AND $6 <> '') OR (r.\"victim_number\" = $7 AND $7 <> ''))"
        " AND c.\"id\" <> $8 ORDER BY c.\"id\" LIMIT 1",
        &row));
    sql_bind_str(row, 1, line->to);
    sql_bind_i64(row, 2, line->amount);
    sql_bind_i64(row, 3, line->is_known);
    sql_bind_i64(row, 4, has_time ? line->at.us - past->window_us : 0);
    sql_bind_i64(row, 5, has_time ? line->at.us + past->window_us : INSTANT_MAX_US);
    sql_bind_str(row, 6, line->from);
    sql_bind_str(row, 7, said->victim_number);
    sql_bind_str(row, 8, line->claim);
    TRY(take_first(row, past->arena, &line->before, &line->incident));
    line->is_found = !str_is_empty(line->before) && line->is_known;
    return OK;
}

/* Frauds have prices: two may well have paid the same. Who did not say when they paid, paid when
 * they called. */
static err find_perhaps(const struct report_past *past, struct report_line *line)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    int64_t at_us = line->at.us != 0 ? line->at.us : past->now.us;
    TRY(sql_ask(past->db,
                "SELECT i.\"id\", i.\"division\" FROM claim c"
                " JOIN report r ON r.\"id\" = c.\"report\""
                " JOIN incident i ON i.\"id\" = c.\"incident\""
                " WHERE c.\"to\" = $1 AND c.\"amount\" = $2 AND c.\"state\" = 'told'"
                " AND r.\"state\" = 'taken'"
                " AND COALESCE(c.\"sent_at\", r.\"taken_at\") BETWEEN $3 AND $4"
                " AND (COALESCE(c.\"from\", '') = '' OR $5 = '')"
                " AND c.\"id\" <> $6 ORDER BY c.\"id\" LIMIT 1",
                &row));
    sql_bind_str(row, 1, line->to);
    sql_bind_i64(row, 2, line->amount);
    sql_bind_i64(row, 3, at_us - past->window_us);
    sql_bind_i64(row, 4, at_us + past->window_us);
    sql_bind_str(row, 5, line->from);
    sql_bind_str(row, 6, line->claim);
    err e = sql_next(row, &has_row);
    line->is_perhaps = !failed(e) && has_row;
    if (line->is_perhaps && may_join(past, sql_peek(row, 1)))
        line->perhaps = sql_str(row, 0, past->arena);
    sql_done(&row);
    return e;
}

/* Within one report a line may come twice. */
static bool is_repeated(const struct report_form *form, size_t at)
{
    const struct report_line *line = &form->lines[at];
    for (size_t i = 0; i < at; i++) {
        const struct report_line *other = &form->lines[i];
        bool is_same =
            line->is_known && other->is_known
                ? str_equal(line->transfer, other->transfer) && str_equal(line->to, other->to)
                : !line->is_known && !other->is_known && line->at.us != 0 &&
                      line->at.us == other->at.us && line->amount == other->amount &&
                      str_equal(line->to, other->to);
        if (is_same)
            return true;
    }
    return false;
}

static void drop_repeated(struct report_form *form)
{
    for (size_t i = form->line_count; i-- > 0;) {
        if (!is_repeated(form, i) || !str_is_empty(form->lines[i].claim))
            continue;
        report_refuse(form, form->lines[i].index, "id", "claim.repeated");
        for (size_t k = i + 1; k < form->line_count; k++)
            form->lines[k - 1] = form->lines[k];
        form->line_count--;
    }
}

/* --- the incident --- */

static err take_if_open(const struct report_past *past, struct sql_row *row, str *ret_incident)
{
    bool has_row = false;
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row && may_join(past, sql_peek(row, 1)))
        *ret_incident = sql_str(row, 0, past->arena);
    sql_done(&row);
    return e;
}

static err join_by_claim(const struct report_past *past, str incident, str *ret_incident)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(past->db,
                "SELECT \"id\", \"division\" FROM incident WHERE \"id\" = $1"
                " AND \"state\" <> 'closed'",
                &row));
    sql_bind_str(row, 1, incident);
    return take_if_open(past, row, ret_incident);
}

static err join_by_caller(const struct report_past *past, const struct report *said,
                          str *ret_incident)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(past->db,
                "SELECT i.\"id\", i.\"division\" FROM report r JOIN incident i"
                " ON i.\"id\" = r.\"incident\" WHERE r.\"victim_number\" = $1"
                " AND r.\"state\" = 'taken' AND i.\"state\" <> 'closed'"
                " AND i.\"currency\" = $2 ORDER BY r.\"id\" DESC LIMIT 1",
                &row));
    sql_bind_str(row, 1, said->victim_number);
    sql_bind_str(row, 2, said->currency);
    return take_if_open(past, row, ret_incident);
}

static err look_up(const struct report_past *past, const struct report *said,
                   struct report_line *line)
{
    line->before = line->incident = line->perhaps = STR("");
    line->is_found = line->is_perhaps = false;
    if (!str_is_empty(line->mismatch))
        return OK;
    if (line->is_known)
        TRY(find_same_transfer(past, line));
    if (str_is_empty(line->before))
        TRY(find_same_payment(past, said, line));
    return !line->is_known && str_is_empty(line->before) ? find_perhaps(past, line) : OK;
}

err report_find_before(const struct report_past *past, struct report_form *form, str *ret_incident)
{
    assert(past->window_us > 0);
    *ret_incident = STR("");
    drop_repeated(form);
    for (size_t i = 0; i < form->line_count; i++) {
        struct report_line *line = &form->lines[i];
        TRY(look_up(past, &form->said, line));
        if (str_is_empty(*ret_incident) && !str_is_empty(line->incident))
            TRY(join_by_claim(past, line->incident, ret_incident));
    }
    if (!str_is_empty(*ret_incident) || str_is_empty(form->said.victim_number))
        return OK;
    return join_by_caller(past, &form->said, ret_incident);
}
