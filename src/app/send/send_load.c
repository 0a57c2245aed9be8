/* SPDX-License-Identifier: Apache-2.0 */
#include "app/send/send_load.h"

#include "fact/people.h"
#include "store/row.h"

#include <assert.h>

enum { VISIT_HOURS = 3 };

static err no_memory(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static uint32_t seconds(int64_t us)
{
    return us <= 0 ? 0 : (uint32_t)(us / US_PER_S < UINT32_MAX ? us / US_PER_S : UINT32_MAX);
}

static void put_division(char room[DIVISION_BYTES], str division)
{
    assert(division.size < DIVISION_BYTES);
    memset(room, 0, DIVISION_BYTES);
    memcpy(room, division.at, division.size);
}

/* --- officers --- */

/* Their account has the key of their row in the feed for its name. */
static const char on_duty[] =
    "SELECT u.\"id\", u.\"roles\", u.\"division\", o.\"station\", o.\"on_until\", s.\"division\""
    " FROM officer o JOIN user_account u ON u.\"name\" = o.\"id\" AND u.\"state\" = 'active'"
    " JOIN station s ON s.\"id\" = o.\"station\""
    " WHERE o.\"on_from\" <= $1 AND o.\"on_until\" > $1 ORDER BY u.\"id\" LIMIT $2";

static err take_officer(struct send_scene *s, struct sql_row *row)
{
    role_set roles = 0;
    uint32_t place = send_map_station(s->map, sql_peek(row, 3));
    bool may_go = !failed(role_set_parse(sql_peek(row, 1), &roles)) &&
                  (roles & 1U << ROLE_OFFICER) != 0 && place != PLACE_NONE;
    if (!may_go)
        return OK;
    struct send_officer *o = &s->officers[s->officer_count++];
    *o = (struct send_officer){
        .user = sql_str(row, 0, s->turn), .place = place, .on_until_s = seconds(sql_i64(row, 4))};
    put_division(o->sees, sql_peek(row, 2));
    put_division(o->division, sql_peek(row, 5));
    return o->user.at == NULL ? no_memory() : OK;
}

static err load_officers(struct send_scene *s)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    s->officers = arena_make_array(s->turn, OFFICERS_MOST, sizeof *s->officers);
    if (s->officers == NULL)
        return no_memory();
    TRY(sql_ask(store_sql(s->store), on_duty, &row));
    sql_bind_i64(row, 1, s->now.us);
    sql_bind_i64(row, 2, OFFICERS_MOST);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = take_officer(s, row);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

uint32_t send_find_officer(const struct send_scene *s, str user)
{
    uint32_t low = 0;
    uint32_t high = s->officer_count;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (str_compare(s->officers[mid].user, user) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    bool is_there = low < s->officer_count && str_equal(s->officers[low].user, user);
    return is_there ? low : OFFICER_NONE;
}

/* --- alerts --- */

/* Of urgent alerts at once; of others when the ladder has come to the door. */
static const char at_doors[] =
    "SELECT \"id\", \"officer\", \"passed\", \"division\", \"beat\", \"highest\", \"means\","
    " \"tried\", \"opened_at\", \"due_at\", \"step_at\", \"step_due\", \"assigned_at\","
    " \"taken_at\", \"is_sent\", \"unsent\", (SELECT max(o.\"done_at\") FROM outreach o WHERE"
    " o.\"alert\" = alert.\"id\" AND o.\"means\" = 'visit') FROM alert WHERE \"state\" <> 'closed'"
    " AND \"withheld\" = 'none' AND (\"highest\" = 'urgent' OR \"means\" = 'visit' OR"
    " \"tried\" = 'visit') ORDER BY \"id\" LIMIT $1";

enum {
    AT_ID,
    AT_OFFICER,
    AT_PASSED,
    AT_DIVISION,
    AT_BEAT,
    AT_HIGHEST,
    AT_MEANS,
    AT_TRIED,
    AT_OPENED,
    AT_DUE,
    AT_STEP,
    AT_STEP_DUE,
    AT_ASSIGNED,
    AT_TAKEN,
    AT_IS_SENT,
    AT_UNSENT,
    AT_VISITED
};

static bool is_word(struct sql_row *row, int column, const char *word)
{
    return str_equal(sql_peek(row, column), str_from_c(word));
}

static uint8_t state_of(struct sql_row *row)
{
    if (sql_is_null(row, AT_OFFICER))
        return WORK_OPEN;
    if (is_word(row, AT_TRIED, "visit"))
        return WORK_HERE;
    bool is_asked = sql_is_null(row, AT_TAKEN) && sql_i64(row, AT_IS_SENT) != 0;
    return is_asked ? WORK_ASKED : WORK_TAKEN; /* a person's word stands as if it were accepted */
}

static uint32_t due_of(struct sql_row *row, bool is_urgent)
{
    int64_t due = sql_i64(row, AT_DUE);
    int64_t step = is_word(row, AT_MEANS, "visit") && !is_urgent ? sql_i64(row, AT_STEP_DUE) : 0;
    due = step > 0 && (due == 0 || step < due) ? step : due;
    return due == 0 ? UINT32_MAX / 2 : seconds(due);
}

static int64_t since_of(struct sql_row *row, uint8_t state)
{
    if (state == WORK_HERE)
        return sql_i64(row, AT_VISITED);
    return sql_is_null(row, AT_TAKEN) ? sql_i64(row, AT_ASSIGNED) : sql_i64(row, AT_TAKEN);
}

static void find_place(const struct send_map *map, str beat, struct send_alert *a)
{
    static const unsigned nowhere[] = {[FOUND_HERE] = UNSENT_NONE,
                                       [FOUND_ABOVE] = UNSENT_NONE,
                                       [FOUND_NOWHERE] = UNSENT_PLACE,
                                       [FOUND_NO_STATION] = UNSENT_STATION};
    a->place = send_map_beat(map, beat);
    if (a->place != PLACE_NONE)
        return;
    enum send_found found = send_map_division(map, a->division, &a->place);
    a->nowhere = nowhere[found];
    a->is_above = found == FOUND_ABOVE;
}

static err take_alert(struct send_scene *s, struct sql_row *row)
{
    bool is_urgent = is_word(row, AT_HIGHEST, "urgent");
    bool may_begin = is_urgent || sql_i64(row, AT_STEP) <= s->now.us;
    uint8_t state = state_of(row);
    bool is_visited = is_word(row, AT_TRIED, "visit");
    /* Nobody is sent twice; nobody waits who was there. */
    if (state == WORK_OPEN && (is_visited || !may_begin))
        return OK;
    struct send_alert *a = &s->alerts[s->alert_count++];
    *a = (struct send_alert){.id = sql_str(row, AT_ID, s->turn),
                             .officer = sql_str(row, AT_OFFICER, s->turn),
                             .passed = sql_str(row, AT_PASSED, s->turn),
                             .division = sql_str(row, AT_DIVISION, s->turn),
                             .due_s = due_of(row, is_urgent),
                             .since_s = seconds(since_of(row, state)),
                             .came_s = seconds(sql_i64(row, AT_OPENED)),
                             .tier = is_urgent ? WORK_URGENT : WORK_HIGH,
                             .state = state,
                             .work = WORK_NONE};
    if (a->id.at == NULL || a->officer.at == NULL || a->passed.at == NULL || a->division.at == NULL)
        return no_memory();
    if (!word_parse(alert_unsent_words, sql_peek(row, AT_UNSENT), &a->unsent))
        return fail(ERR_CORRUPT, "store: a word the program does not know", 0);
    find_place(s->map, sql_peek(row, AT_BEAT), a);
    return OK;
}

static err load_alerts(struct send_scene *s)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    s->alerts = arena_make_array(s->turn, WORK_MOST, sizeof *s->alerts);
    if (s->alerts == NULL)
        return no_memory();
    TRY(sql_ask(store_sql(s->store), at_doors, &row));
    sql_bind_i64(row, 1, WORK_MOST);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row) {
        e = take_alert(s, row);
        if (!failed(e))
            e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

/* --- where they were last, as they said themselves --- */

static const char visited[] =
    "SELECT o.\"by\", max(o.\"done_at\"), a.\"beat\", a.\"division\" FROM outreach o JOIN alert a"
    " ON a.\"id\" = o.\"alert\" WHERE o.\"means\" = 'visit' AND o.\"done_at\" >= $1"
    " AND o.\"done_at\" <= $2 GROUP BY o.\"by\" LIMIT $3";

static void take_visit(struct send_scene *s, struct sql_row *row)
{
    uint32_t place = send_map_beat(s->map, sql_peek(row, 2));
    uint32_t officer = send_find_officer(s, sql_peek(row, 0));
    enum send_found found = FOUND_HERE;
    if (place == PLACE_NONE)
        found = send_map_division(s->map, sql_peek(row, 3), &place);
    bool is_somewhere = found == FOUND_HERE || found == FOUND_ABOVE;
    if (officer != OFFICER_NONE && is_somewhere)
        s->visits[s->visit_count++] = (struct send_visit){officer, place, seconds(sql_i64(row, 1))};
}

static err load_visits(struct send_scene *s)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    s->visits = arena_make_array(s->turn, s->officer_count + 1, sizeof *s->visits);
    if (s->visits == NULL)
        return no_memory();
    TRY(sql_ask(store_sql(s->store), visited, &row));
    sql_bind_i64(row, 1, s->now.us - VISIT_HOURS * US_PER_HOUR);
    sql_bind_i64(row, 2, s->now.us);
    sql_bind_i64(row, 3, OFFICERS_MOST);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && s->visit_count < s->officer_count) {
        take_visit(s, row);
        e = sql_next(row, &has_row);
    }
    sql_done(&row);
    return e;
}

err send_load(struct send_scene *s)
{
    TRY(load_alerts(s));
    if (s->alert_count == 0)
        return OK;
    TRY(load_officers(s));
    return load_visits(s);
}
