/* SPDX-License-Identifier: Apache-2.0 */
#include "train/fit.h"

#include "sense/model_file.h"
#include "train/figures.h"
#include "train/fold.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

enum { VALUE_BYTES = 32, FIGURE_NAME_BYTES = MODEL_NAME_BYTES + 1 };

struct work {
    const struct fit_order *order;
    struct arena *arena; /* for what is kept */
    struct arena turn;   /* for one training */
    float *margins;      /* by repeat, then row */
    uint8_t *folds;
    uint32_t done;
    struct model_figure *figures;
    uint32_t figure_count;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static void tell(struct work *w)
{
    const struct fit_order *o = w->order;
    w->done++;
    if (o->told != NULL)
        o->told(o->self, w->done, o->folds * o->repeats + 1);
}

/* ---- one training ---------------------------------------------------------------------------- */

/* One part of a table: the rows of a fold, or all the others. */
struct part {
    struct boost_rows of;
    const uint32_t *rows; /* which they were */
};

static err gather(struct work *w, const uint8_t *fold_of, uint32_t fold, bool is_in,
                  struct part *ret_part)
{
    const struct table *t = w->order->table;
    size_t row_bytes = t->feature_count * sizeof(float);
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->rows; i++)
        count += (fold_of[i] == fold) == is_in;
    float *values = arena_make_array(&w->turn, count, row_bytes);
    uint8_t *labels = arena_make_array(&w->turn, count, sizeof *labels);
    uint32_t *rows = arena_make_array(&w->turn, count, sizeof *rows);
    if (values == NULL || labels == NULL || rows == NULL)
        return spent();
    count = 0;
    for (uint32_t i = 0; i < t->rows; i++) {
        if ((fold_of[i] == fold) != is_in)
            continue;
        memcpy(values + (size_t)count * t->feature_count, t->values + (size_t)i * t->feature_count,
               row_bytes);
        labels[count] = t->labels[i];
        rows[count++] = i;
    }
    *ret_part = (struct part){
        {values, labels, count, t->feature_count},
        rows
    };
    return OK;
}

/* Ours, once the library has said the same to the bit. */
static err score(const struct boost *b, const struct model *m, const struct boost_rows *rows,
                 struct arena *a, float **ret_margins)
{
    float *ours = arena_make_array(a, rows->rows, sizeof *ours);
    float *theirs = arena_make_array(a, rows->rows, sizeof *theirs);
    if (ours == NULL || theirs == NULL)
        return spent();
    TRY(boost_margins(b, rows, theirs));
    for (uint32_t i = 0; i < rows->rows; i++)
        ours[i] = model_score(m, rows->values + (size_t)i * rows->feature_count);
    if (memcmp(ours, theirs, rows->rows * sizeof *ours) != 0)
        return fail(ERR_CORRUPT, "train.differs", 0);
    *ret_margins = ours;
    return OK;
}

static err judge_with(struct work *w, const struct boost *b, const struct boost_rows *rows,
                      float **ret_margins)
{
    struct model m = {.features = w->order->table->features,
                      .feature_count = w->order->table->feature_count};
    TRY(boost_trees(b, &w->turn, &m));
    return score(b, &m, rows, &w->turn, ret_margins);
}

static err judge_fold(struct work *w, uint32_t repeat, uint32_t fold)
{
    const struct table *t = w->order->table;
    const uint8_t *fold_of = w->folds + (size_t)repeat * t->rows;
    struct part seen;
    struct part unseen;
    struct boost boost = {.handle = NULL};
    float *margins = NULL;
    TRY(gather(w, fold_of, fold, false, &seen));
    TRY(gather(w, fold_of, fold, true, &unseen));
    TRY(boost_train(&seen.of, &w->order->settings, &w->turn, &boost));
    err e = judge_with(w, &boost, &unseen.of, &margins);
    boost_done(&boost);
    TRY(e);
    for (uint32_t i = 0; i < unseen.of.rows; i++)
        w->margins[(size_t)repeat * t->rows + unseen.rows[i]] = margins[i];
    return OK;
}

static err judge_all(struct work *w)
{
    const struct fit_order *o = w->order;
    for (uint32_t r = 0; r < o->repeats; r++) {
        uint8_t *folds = w->folds + (size_t)r * o->table->rows;
        TRY(fold_part(o->table, o->folds, o->settings.seed + r, &w->turn, folds));
        for (uint32_t fold = 0; fold < o->folds; fold++) {
            TRY(judge_fold(w, r, fold));
            arena_reset(&w->turn);
            tell(w);
        }
    }
    return OK;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* What is judged is who a row is about: an id is alarmed when one of its rows is, and bad when one
 * of them is. All rows of an id were in one fold, so that their margins are of the same trees. */
struct judged {
    struct table table; /* a row an id */
    uint8_t *labels;
    uint8_t *parts;
    uint32_t *groups;
    float *margins; /* by repeat, then id */
    uint8_t *folds;
};

static err make_judged(struct work *w, struct judged *j)
{
    const struct table *t = w->order->table;
    size_t all = (size_t)t->group_count * w->order->repeats;
    j->labels = arena_make_array(w->arena, t->group_count, sizeof *j->labels);
    j->parts = arena_make_array(w->arena, t->group_count, sizeof *j->parts);
    j->groups = arena_make_array(w->arena, t->group_count, sizeof *j->groups);
    j->margins = arena_make_array(w->arena, all, sizeof *j->margins);
    j->folds = arena_make_array(w->arena, all, sizeof *j->folds);
    if (j->labels == NULL || j->parts == NULL || j->groups == NULL || j->margins == NULL ||
        j->folds == NULL)
        return spent();
    for (size_t i = 0; i < all; i++)
        j->margins[i] = -INFINITY;
    return OK;
}

static err judge_ids(struct work *w, struct judged *j)
{
    const struct table *t = w->order->table;
    TRY(make_judged(w, j));
    for (uint32_t i = t->rows; i-- > 0;) { /* an id's part is that of its first row */
        uint32_t id = t->groups[i];
        j->groups[id] = id;
        j->labels[id] |= t->labels[i];
        j->parts[id] = t->parts == NULL ? 0 : t->parts[i];
        for (uint32_t r = 0; r < w->order->repeats; r++) {
            float margin = w->margins[(size_t)r * t->rows + i];
            float *most = &j->margins[(size_t)r * t->group_count + id];
            *most = margin > *most ? margin : *most;
            j->folds[(size_t)r * t->group_count + id] = w->folds[(size_t)r * t->rows + i];
        }
    }
    j->table = *t;
    j->table.rows = t->group_count;
    j->table.labels = j->labels;
    j->table.parts = t->parts == NULL ? NULL : j->parts;
    j->table.groups = j->groups;
    j->table.values = NULL;
    j->table.ids = NULL;
    return OK;
}

static err put_figure(struct work *w, const char *name, struct model_share share)
{
    str copy = str_copy(w->arena, str_from_c(name));
    if (copy.at == NULL)
        return spent();
    assert(w->figure_count < MODEL_FIGURES && model_name_is_good(copy));
    w->figures[w->figure_count++] = (struct model_figure){copy, share};
    return OK;
}

static err put_part_figure(struct work *w, str part, const char *name, struct model_share share)
{
    char room[FIGURE_NAME_BYTES];
    (void)snprintf(room, sizeof room, "part_%.*s_%s", STR_ARGS(part), name);
    return put_figure(w, room, share);
}

static err judge_part(struct work *w, struct figures_of *of, int part)
{
    str name = w->order->table->part_names[part];
    struct figures f;
    of->part = part;
    TRY(figures_make(of, &w->turn, &f));
    if (f.has_both) {
        TRY(put_part_figure(w, name, "macro_f1", f.macro_f1));
        TRY(put_part_figure(w, name, "auc", f.auc));
    }
    if (f.positive > 0)
        TRY(put_part_figure(w, name, "recall", f.recall));
    if (f.positive < f.rows)
        TRY(put_part_figure(w, name, "alarms", f.alarms));
    arena_reset(&w->turn);
    return OK;
}

static err judge(struct work *w, struct model *m)
{
    const struct fit_order *o = w->order;
    struct figures f;
    struct judged ids;
    TRY(judge_ids(w, &ids));
    struct figures_of of = {.table = &ids.table,
                            .repeats = o->repeats,
                            .folds = o->folds,
                            .margins = ids.margins,
                            .fold_of = ids.folds,
                            .seed = o->settings.seed,
                            .part = -1};
    TRY(figures_make(&of, w->arena, &f));
    assert(f.has_both); /* else it could not be parted into folds */
    TRY(put_figure(w, "macro_f1", f.macro_f1));
    TRY(put_figure(w, "macro_f1_repeats", f.macro_f1_repeats));
    TRY(put_figure(w, "macro_f1_folds", f.macro_f1_folds));
    TRY(put_figure(w, "auc", f.auc));
    TRY(put_figure(w, "auc_repeats", f.auc_repeats));
    TRY(put_figure(w, "auc_folds", f.auc_folds));
    for (uint32_t i = 0; i < o->table->part_count; i++)
        TRY(judge_part(w, &of, (int)i));
    m->figures = w->figures;
    m->figure_count = w->figure_count;
    m->points = f.points;
    m->point_count = f.point_count;
    return OK;
}

/* ---- the model ------------------------------------------------------------------------------- */

static err put_parameter(struct arena *a, struct model_parameter *list, uint32_t *count,
                         const char *name, double value)
{
    char room[VALUE_BYTES];
    int size = snprintf(room, sizeof room, "%.9g", value);
    str copy = str_copy(a, str_make(room, (size_t)size));
    if (copy.at == NULL)
        return spent();
    assert(*count < MODEL_PARAMETERS);
    list[(*count)++] = (struct model_parameter){str_from_c(name), copy};
    return OK;
}

static err put_parameters(const struct fit_order *o, struct arena *a, struct model *m)
{
    struct model_parameter *list = arena_make_array(a, MODEL_PARAMETERS, sizeof *list);
    uint32_t count = 0;
    if (list == NULL)
        return spent();
    for (enum boost_parameter p = 0; p < BOOST_PARAMETER_COUNT; p++)
        TRY(put_parameter(a, list, &count, boost_name(p), o->settings.values[p]));
    TRY(put_parameter(a, list, &count, "folds", o->folds));
    TRY(put_parameter(a, list, &count, "repeats", o->repeats));
    m->parameters = list;
    m->parameter_count = count;
    return OK;
}

static err put_head(const struct fit_order *o, struct arena *a, struct model *m)
{
    char version[32];
    struct text trainer;
    text_init(&trainer, a);
    text_put_c(&trainer, "libxgboost ");
    text_put(&trainer, boost_version(version));
    if (text_spent(&trainer))
        return spent();
    m->name = o->name;
    m->made = o->made;
    m->trainer = text_str(&trainer);
    m->data = o->table->name;
    m->rows = o->table->rows;
    m->positive = o->table->positive;
    m->data_digest = o->table->digest;
    m->seed = o->settings.seed;
    m->features = o->table->features;
    m->feature_count = o->table->feature_count;
    return put_parameters(o, a, m);
}

/* Writes it down, reads it back, and holds what was read against the library. */
static err keep(struct work *w, const struct boost *b, const struct boost_rows *rows,
                struct model *m, str *ret_file)
{
    struct text file;
    float *margins = NULL;
    TRY(boost_trees(b, w->arena, m));
    text_init(&file, w->arena);
    model_write(m, &file);
    if (text_spent(&file))
        return spent();
    TRY(model_read(text_str(&file), w->arena, m));
    TRY(score(b, m, rows, &w->turn, &margins));
    *ret_file = text_str(&file);
    return OK;
}

static err train_all(struct work *w, struct model *m, str *ret_file)
{
    const struct table *t = w->order->table;
    struct boost_rows rows = {t->values, t->labels, t->rows, t->feature_count};
    struct boost boost = {.handle = NULL};
    TRY(boost_train(&rows, &w->order->settings, &w->turn, &boost));
    err e = keep(w, &boost, &rows, m, ret_file);
    boost_done(&boost);
    tell(w);
    return e;
}

static err run(struct work *w, struct model *ret_model, str *ret_file)
{
    const struct fit_order *o = w->order;
    struct model m = {.rows = 0};
    size_t all = (size_t)o->table->rows * o->repeats;
    w->margins = arena_make_array(w->arena, all, sizeof *w->margins);
    w->folds = arena_make_array(w->arena, all, sizeof *w->folds);
    w->figures = arena_make_array(w->arena, MODEL_FIGURES, sizeof *w->figures);
    if (w->margins == NULL || w->folds == NULL || w->figures == NULL)
        return spent();
    TRY(put_head(o, w->arena, &m));
    TRY(judge_all(w));
    TRY(judge(w, &m));
    TRY(train_all(w, &m, ret_file));
    *ret_model = m;
    return OK;
}

err fit_model(const struct fit_order *order, struct arena *a, struct model *ret_model,
              str *ret_file)
{
    struct work w = {.order = order, .arena = a};
    assert(order->folds >= FOLD_LEAST && order->folds <= FOLD_MOST);
    assert(order->repeats > 0 && order->repeats <= FIT_REPEATS);
    arena_init(&w.turn, a->budget_bytes);
    err e = run(&w, ret_model, ret_file);
    arena_done(&w.turn);
    return e;
}
