/* SPDX-License-Identifier: Apache-2.0 */
#include "train/boost.h"

#include "train/boost_json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <xgboost/c_api.h>

enum { VALUE_BYTES = 32, PREDICT_MARGIN = 1, PREDICT_PARTS = 2 };

const char *boost_complaint(void)
{
    return XGBGetLastError();
}

str boost_version(char room[32])
{
    int major = 0;
    int minor = 0;
    int patch = 0;
    XGBoostVersion(&major, &minor, &patch);
    int size = snprintf(room, 32, "%d.%d.%d", major, minor, patch);
    return str_make(room, (size_t)size);
}

static err said(int answer)
{
    return answer == 0 ? OK : fail(ERR_OS, "train.library", 0);
}

/* ---- settings -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    double usual;
    double least;
    double most;
} parameters[BOOST_PARAMETER_COUNT] = {
#define X(code, name, usual, least, most) [code] = {name, usual, least, most},
    BOOST_LIST(X)
#undef X
};

const char *boost_name(enum boost_parameter p)
{
    assert(p < BOOST_PARAMETER_COUNT);
    return parameters[p].name;
}

struct boost_settings boost_usual(void)
{
    struct boost_settings s = {.seed = 1};
    for (enum boost_parameter p = 0; p < BOOST_PARAMETER_COUNT; p++)
        s.values[p] = parameters[p].usual;
    return s;
}

static bool is_whole(enum boost_parameter p)
{
    return p == BOOST_ROUNDS || p == BOOST_DEPTH;
}

err boost_set(struct boost_settings *s, str assignment)
{
    char room[VALUE_BYTES];
    char *end = room;
    str value = assignment;
    str name = STR("");
    enum boost_parameter p = 0;
    if (!str_split(&value, '=', &name) || value.size == 0 || value.size >= sizeof room)
        return fail(ERR_MALFORMED, "train.parameter", 0);
    while (p < BOOST_PARAMETER_COUNT && !str_equal(name, str_from_c(parameters[p].name)))
        p++;
    memcpy(room, value.at, value.size);
    room[value.size] = '\0';
    double number = strtod(room, &end);
    if (p == BOOST_PARAMETER_COUNT || end != room + value.size ||
        !(number >= parameters[p].least && number <= parameters[p].most) ||
        (is_whole(p) && number > floor(number)))
        return fail(ERR_MALFORMED, "train.parameter", 0);
    s->values[p] = number;
    return OK;
}

/* ---- training -------------------------------------------------------------------------------- */

static void matrix_end(DMatrixHandle *matrix)
{
    if (*matrix != NULL)
        (void)XGDMatrixFree(*matrix);
    *matrix = NULL;
}

static err matrix_make(const struct boost_rows *rows, DMatrixHandle *ret_matrix)
{
    return said(
        XGDMatrixCreateFromMat(rows->values, rows->rows, rows->feature_count, NAN, ret_matrix));
}

static err set_labels(DMatrixHandle matrix, const struct boost_rows *rows, struct arena *a)
{
    float *labels = arena_make_array(a, rows->rows, sizeof *labels);
    if (labels == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (uint32_t i = 0; i < rows->rows; i++)
        labels[i] = rows->labels[i];
    return said(XGDMatrixSetFloatInfo(matrix, "label", labels, rows->rows));
}

static err set_parameters(BoosterHandle booster, const struct boost_settings *s)
{
    /* One thread: with more, sums of floats come in another order from time to time. Even odds
     * before the first tree: a base that every reader has exactly. */
    static const char *const fixed[][2] = {
        {"objective",                   "binary:logistic"},
        {"tree_method",                 "hist"           },
        {"base_score",                  "0.5"            },
        {"nthread",                     "1"              },
        {"verbosity",                   "0"              },
        {"disable_default_eval_metric", "1"              },
    };
    char room[VALUE_BYTES];
    for (size_t i = 0; i < COUNT_OF(fixed); i++)
        TRY(said(XGBoosterSetParam(booster, fixed[i][0], fixed[i][1])));
    for (enum boost_parameter p = 0; p < BOOST_PARAMETER_COUNT; p++) {
        (void)snprintf(room, sizeof room, "%.9g", s->values[p]);
        if (p != BOOST_ROUNDS)
            TRY(said(XGBoosterSetParam(booster, parameters[p].name, room)));
    }
    (void)snprintf(room, sizeof room, "%llu", (unsigned long long)s->seed);
    return said(XGBoosterSetParam(booster, "seed", room));
}

static err grow(BoosterHandle booster, DMatrixHandle matrix, const struct boost_settings *s)
{
    TRY(set_parameters(booster, s));
    for (int i = 0; i < (int)s->values[BOOST_ROUNDS]; i++)
        TRY(said(XGBoosterUpdateOneIter(booster, i, matrix)));
    return OK;
}

err boost_train(const struct boost_rows *rows, const struct boost_settings *s, struct arena *a,
                struct boost *ret_boost)
{
    SCOPED(matrix_end) DMatrixHandle matrix = NULL;
    struct boost made = {.handle = NULL};
    assert(rows->labels != NULL && rows->rows > 0 && rows->feature_count > 0);
    TRY(matrix_make(rows, &matrix));
    TRY(set_labels(matrix, rows, a));
    TRY(said(XGBoosterCreate(&matrix, 1, &made.handle)));
    err e = grow(made.handle, matrix, s);
    if (failed(e))
        boost_done(&made);
    TRY(e);
    *ret_boost = made;
    return OK;
}

void boost_done(struct boost *b)
{
    if (b->handle != NULL)
        (void)XGBoosterFree(b->handle);
    b->handle = NULL;
}

err boost_trees(const struct boost *b, struct arena *a, struct model *m)
{
    bst_ulong size = 0;
    const char *bytes = NULL;
    TRY(said(XGBoosterSaveModelToBuffer(b->handle, "{\"format\":\"json\"}", &size, &bytes)));
    return boost_json_read(str_make(bytes, size), a, m);
}

/* ---- its own scores -------------------------------------------------------------------------- */

static err predict(const struct boost *b, const struct boost_rows *rows, int kind,
                   float *ret_values)
{
    SCOPED(matrix_end) DMatrixHandle matrix = NULL;
    char config[160];
    const bst_ulong *shape = NULL;
    bst_ulong dimensions = 0;
    const float *values = NULL;
    TRY(matrix_make(rows, &matrix));
    (void)snprintf(config, sizeof config,
                   "{\"type\":%d,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,"
                   "\"strict_shape\":false}",
                   kind);
    TRY(said(XGBoosterPredictFromDMatrix(b->handle, matrix, config, &shape, &dimensions, &values)));
    size_t width = kind == PREDICT_PARTS ? (size_t)rows->feature_count + 1 : 1;
    assert(dimensions >= 1 && shape[0] == rows->rows);
    memcpy(ret_values, values, rows->rows * width * sizeof *values);
    return OK;
}

err boost_margins(const struct boost *b, const struct boost_rows *rows, float *ret_margins)
{
    return predict(b, rows, PREDICT_MARGIN, ret_margins);
}

err boost_parts(const struct boost *b, const struct boost_rows *rows, float *ret_parts)
{
    return predict(b, rows, PREDICT_PARTS, ret_parts);
}
