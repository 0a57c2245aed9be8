/* SPDX-License-Identifier: Apache-2.0 */
/* Questions: to the tables where they can say, else to the store. */
#include "app/screen/cover.h"
#include "app/screen/screening_inside.h"

#include <assert.h>

enum { SOON_NAP_US = 500 };
#define SOON_US (100 * US_PER_MS)

bool screening_enter(struct house *house, struct screen_reader *ret_reader)
{
    struct screening *l = house->screening;
    if (l == NULL || !env_flag_is_up(&l->is_ready))
        return false;
    uint64_t committed = env_counter_read(&l->committed);
    *ret_reader = screen_enter(l->screen);
    if (ret_reader->mark >= committed && ret_reader->is_whole)
        return true;
    screen_leave(ret_reader);
    return false;
}

bool screening_enter_late(struct house *house, int64_t age_us, struct screen_reader *ret_reader)
{
    struct screening *l = house->screening;
    if (l == NULL || !env_flag_is_up(&l->is_ready) ||
        env_monotonic_us() - (int64_t)env_word_read(&l->fresh_us) > age_us)
        return false;
    *ret_reader = screen_enter(l->screen);
    if (ret_reader->is_whole)
        return true;
    screen_leave(ret_reader);
    return false;
}

static bool enter_soon(struct house *house, struct screen_reader *ret_reader)
{
    struct screening *l = house->screening;
    if (screening_enter(house, ret_reader))
        return true;
    int64_t until = env_monotonic_us() + SOON_US;
    while (l != NULL && env_flag_is_up(&l->is_ready) && env_monotonic_us() < until) {
        env_nap_us(SOON_NAP_US);
        if (screening_enter(house, ret_reader))
            return true;
    }
    return false;
}

static err judge_by_store(struct house *house, struct reader *reader,
                          const struct screening_question *q, struct arena *turn)
{
    if (house->screening != NULL)
        env_counter_add(&house->screening->asked_store, 1);
    q->found->is_by_row = false;
    return cover_judge(reader, q->indicator, clock_now(&house->clock), turn, &q->found->judgement);
}

err screening_read(struct house *house, struct reader *reader,
                   const struct screening_question *question, struct arena *turn)
{
    struct screening_found *found = question->found;
    struct listing *listing = arena_make(turn, sizeof *listing);
    assert(found->is_by_row && found->judgement.listing == NULL);
    if (listing == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = reader_find_told(reader, found->row, turn, listing);
    if (failed(e) || listing->state != LISTING_IN_FORCE)
        return judge_by_store(house, reader, question, turn);
    found->judgement.listing = listing;
    return OK;
}

static void ask_tables(struct house *house, struct screen_reader *tables,
                       const struct screening_question *questions, size_t count)
{
    struct screen_question asked[SCREENING_AT_ONCE];
    struct screen_answer answers[SCREENING_AT_ONCE];
    uint32_t rows[SCREENING_AT_ONCE];
    for (size_t i = 0; i < count; i++)
        asked[i] =
            (struct screen_question){questions[i].indicator->kind, questions[i].indicator->value};
    screen_ask_many(tables, asked, count, clock_now(&house->clock), answers);
    screen_rows(tables, answers, count, rows);
    for (size_t i = 0; i < count; i++) {
        struct screening_found *found = questions[i].found;
        *found = (struct screening_found){.judgement = {.verdict = answers[i].verdict},
                                          .is_by_row = answers[i].is_listed,
                                          .row = rows[i],
                                          .mark = tables->mark};
    }
    screen_leave(tables);
    env_counter_add(&house->screening->asked_tables, count);
}

err screening_find_many(struct house *house, struct reader *reader,
                        const struct screening_question *questions, size_t count,
                        struct arena *turn)
{
    struct screen_reader tables;
    assert(count <= SCREENING_AT_ONCE);
    if (enter_soon(house, &tables)) {
        ask_tables(house, &tables, questions, count);
        return OK;
    }
    for (size_t i = 0; i < count; i++)
        TRY(judge_by_store(house, reader, &questions[i], turn));
    return OK;
}

err screening_find(struct house *house, struct reader *reader,
                   const struct screening_question *question, struct arena *turn)
{
    struct screen_reader tables;
    if (!screening_enter(house, &tables))
        return judge_by_store(house, reader, question, turn);
    ask_tables(house, &tables, question, 1);
    return OK;
}

struct screening_figures screening_figures(struct house *house)
{
    struct screening *l = house->screening;
    struct screening_figures f = {0};
    if (l == NULL || !env_flag_is_up(&l->is_ready))
        return f;
    f.screen = screen_figures(l->screen);
    f.is_ready = true;
    f.committed = env_counter_read(&l->committed);
    f.age_us = env_monotonic_us() - (int64_t)env_word_read(&l->fresh_us);
    f.builds = env_counter_read(&l->builds);
    f.saves = env_counter_read(&l->saves);
    f.asked_tables = env_counter_read(&l->asked_tables);
    f.asked_store = env_counter_read(&l->asked_store);
    return f;
}
