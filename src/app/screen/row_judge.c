/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/row_judge.h"

#include "app/screen/cover.h"
#include "app/screen/screening.h"

#include <assert.h>

#define LATE_US US_PER_S /* how old the tables may be */

enum { TURN_BYTES = 8 << 20 };

void row_judge_init(struct row_judge *j, struct house *house)
{
    *j = (struct row_judge){.house = house};
}

void row_judge_done(struct row_judge *j)
{
    if (j->reader == NULL)
        return;
    house_reader_give(j->house, j->reader);
    arena_done(&j->turn);
    j->reader = NULL;
}

static void ask_tables(const struct row_judge *j, struct screen_reader *tables,
                       const struct row_asked *asked, size_t count, uint32_t *ret_rows)
{
    struct screen_question questions[JUDGE_AT_ONCE];
    struct screen_answer answers[JUDGE_AT_ONCE];
    for (size_t i = 0; i < count; i++)
        questions[i] = (struct screen_question){asked[i].kind, asked[i].value};
    screen_ask_many(tables, questions, count, clock_now(&j->house->clock), answers);
    screen_rows(tables, answers, count, ret_rows);
    screen_leave(tables);
    for (size_t i = 0; i < count; i++)
        ret_rows[i] = answers[i].verdict == VERDICT_PASS ? 0 : ret_rows[i];
}

/* --- the store --- */

static err begin_store(struct row_judge *j)
{
    if (j->reader != NULL)
        return OK;
    arena_init(&j->turn, TURN_BYTES);
    j->known = arena_make_array(&j->turn, JUDGE_KNOWN, sizeof *j->known);
    if (j->known == NULL) {
        arena_done(&j->turn);
        return fail(ERR_LIMIT, "limit.memory", 0);
    }
    j->reader = house_reader_take(j->house);
    return OK;
}

static err row_of(struct row_judge *j, str listing, uint32_t *ret_row)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(reader_sql(j->reader), "SELECT rowid FROM listing WHERE \"id\" = $1", &row));
    sql_bind_str(row, 1, listing);
    err e = sql_next(row, &has_row);
    *ret_row = !failed(e) && has_row ? (uint32_t)sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

static err ask_store(struct row_judge *j, const struct row_asked *asked, uint32_t *ret_row)
{
    struct indicator indicator = {.kind = asked->kind, .value = asked->value};
    struct judgement judgement = {0};
    struct arena turn;
    arena_init(&turn, TURN_BYTES);
    err e = cover_judge(j->reader, &indicator, clock_now(&j->house->clock), &turn, &judgement);
    *ret_row = 0;
    if (!failed(e) && judgement.verdict != VERDICT_PASS)
        e = row_of(j, judgement.listing->id, ret_row);
    arena_done(&turn);
    return e;
}

static err ask_known(struct row_judge *j, const struct row_asked *asked, uint32_t *ret_row)
{
    struct judged *known = &j->known[asked->key % JUDGE_KNOWN];
    if (known->key != asked->key) {
        uint32_t row = 0;
        TRY(ask_store(j, asked, &row));
        *known = (struct judged){.key = asked->key, .row = row};
    }
    *ret_row = known->row;
    return OK;
}

err row_judge_many(struct row_judge *j, const struct row_asked *asked, size_t count,
                   uint32_t *ret_rows)
{
    struct screen_reader tables;
    assert(count <= JUDGE_AT_ONCE);
    if (screening_enter(j->house, &tables) || screening_enter_late(j->house, LATE_US, &tables)) {
        ask_tables(j, &tables, asked, count, ret_rows);
        return OK;
    }
    TRY(begin_store(j));
    for (size_t i = 0; i < count; i++)
        TRY(ask_known(j, &asked[i], &ret_rows[i]));
    return OK;
}
