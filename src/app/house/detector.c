/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/detector.h"

#include "app/house/house.h"
#include "base/embedded.h"
#include "sense/model_file.h"

extern const struct embedded_file model_files[];

/* One number in 10,000: the last of a point's (sense/model.h). */
enum { RARE = 2 };

static void find_threshold(struct detector *d, int64_t percent)
{
    const struct model *m = &d->model;
    int64_t least = percent * (MODEL_WHOLE / 100);
    for (uint32_t i = 0; i < m->point_count; i++) {
        if (m->points[i].precision[RARE].low < least)
            continue;
        d->threshold = m->points[i].margin; /* they fall */
        d->has_threshold = true;
    }
}

/* What `detect.callers` names, or the model that comes with the program. */
static err model_bytes(struct house *house, str said, str *ret_bytes)
{
    char path[PATH_BYTES + 64];
    char *name = str_to_c(&house->boot, said);
    if (name == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (str_is_empty(said)) {
        *ret_bytes = model_files[0].bytes;
        return OK;
    }
    TRY(house_path(house, name, path));
    err e = file_read(path, MODEL_FILE_BYTES, &house->boot, ret_bytes);
    return e.code == ERR_ABSENT ? fail(ERR_ABSENT, "detect.absent", 0) : e;
}

static err read_model(struct house *house, str bytes)
{
    struct detector *d = house->detector;
    TRY(model_read(bytes, &house->boot, &d->model));
    TRY(model_bind(&d->model, &d->binding));
    d->has_model = true;
    find_threshold(d, house->conf.detect_precision_percent);
    return OK;
}

static err open_model(struct house *house)
{
    const struct detector *d = house->detector;
    str said = house->conf.detect_callers;
    str bytes = {0};
    if (str_equal(said, STR("none")))
        return OK;
    TRY(model_bytes(house, said, &bytes));
    TRY(read_model(house, bytes));
    if (!d->has_threshold)
        LOG(&house->log, LOG_WARN, "detect.no_threshold",
            LOG_INT("percent", house->conf.detect_precision_percent));
    return OK;
}

static err open_cards(struct house *house)
{
    struct detector *d = house->detector;
    uint32_t most = (uint32_t)house->conf.detect_candidates_most;
    const struct cards_settings settings = {
        .cards_most = most > CARDS_LOOK ? most : CARDS_LOOK,
        .calls_most = (most > CARDS_LOOK ? most : CARDS_LOOK) * DETECT_CALLS,
        .cells_most = DETECT_CELLS_LEAST + DETECT_CELLS * most,
    };
    if (most == 0)
        return OK;
    TRY(pages_make_sparse(cards_room(&settings), &d->room));
    cards_init(&d->cards, &settings, d->room.at);
    d->has_cards = true;
    return OK;
}

/* Before it is mended: a batch of calls that nobody closed. */
static err find_cut_off(struct house *house)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(store_sql(house->store),
                "SELECT 1 FROM batch WHERE \"feed\" = 'calls' AND \"state\" = 'open' LIMIT 1",
                &row));
    err e = sql_next(row, &house->detector->rescores);
    sql_done(&row);
    return e;
}

err detector_open(struct house *house)
{
    struct detector *d = arena_make(&house->boot, sizeof *d);
    if (d == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    env_mutex_init(&d->mutex);
    house->detector = d;
    TRY(find_cut_off(house));
    TRY(open_model(house));
    return open_cards(house);
}

static err forget_cards(struct detector *d)
{
    const struct cards_settings settings = d->cards.settings;
    d->has_cards = false;
    pages_drop(&d->room);
    TRY(pages_make_sparse(cards_room(&settings), &d->room));
    cards_init(&d->cards, &settings, d->room.at);
    d->has_cards = true;
    return OK;
}

err detector_forget(struct detector *d)
{
    if (d == NULL)
        return OK;
    env_mutex_lock(&d->mutex);
    memset(d->told, 0, sizeof d->told);
    d->tested_h = 0;
    err e = d->has_cards ? forget_cards(d) : OK;
    env_mutex_unlock(&d->mutex);
    return e;
}

void detector_close(struct detector *d)
{
    if (d == NULL)
        return;
    if (d->has_cards)
        pages_drop(&d->room);
    env_mutex_done(&d->mutex);
}
