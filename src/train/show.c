/* SPDX-License-Identifier: Apache-2.0 */
#include "train/show.h"

#include "kit/json_write.h"
#include "sense/model_file.h"
#include "train/sheet.h"

#include <inttypes.h>
#include <math.h>

enum { CELL_BYTES = 96 };

/* ---- cells ----------------------------------------------------------------------------------- */

static str cell(const struct words *w, const char *text)
{
    return str_copy(w->arena, str_from_c(text));
}

static double share(int32_t value)
{
    return (double)value / MODEL_WHOLE;
}

static str share_cell(const struct words *w, int32_t value)
{
    char room[CELL_BYTES];
    (void)snprintf(room, sizeof room, "%.4f", share(value));
    return cell(w, room);
}

/* "80.1 % (78.2–82.0)" */
static str percent_cell(const struct words *w, struct model_share s)
{
    char room[CELL_BYTES];
    (void)snprintf(room, sizeof room, "%.3g %% (%.3g–%.3g)", 100 * share(s.value),
                   100 * share(s.low), 100 * share(s.high));
    return cell(w, room);
}

/* ---- for people ------------------------------------------------------------------------------ */

static void put_head(const struct words *w, const struct model *m)
{
    char room[INSTANT_TEXT_BYTES];
    char hex[2 * DIGEST_BYTES];
    hex_put(hex, m->data_digest.bytes, DIGEST_BYTES);
    printf("**%.*s**\n\n", STR_ARGS(m->name));
    printf("- %.*s %.*s, %.*s\n", STR_ARGS(say(w, "train.show.made")),
           STR_ARGS(instant_format(m->made, 0, room)), STR_ARGS(m->trainer));
    printf("- %.*s `%.*s`: %" PRIu64 " %.*s, %" PRIu64 " %.*s\n",
           STR_ARGS(say(w, "train.show.data")), STR_ARGS(m->data), m->rows,
           STR_ARGS(say(w, "train.show.rows")), m->positive,
           STR_ARGS(say(w, "train.show.positive")));
    printf("- SHA-256 `%.*s`\n", (int)sizeof hex, hex);
    printf("- %.*s", STR_ARGS(say(w, "train.show.settings")));
    for (uint32_t i = 0; i < m->parameter_count; i++)
        printf(" %.*s %.*s,", STR_ARGS(m->parameters[i].name), STR_ARGS(m->parameters[i].value));
    printf(" seed %" PRIu64 "\n", m->seed);
    printf("- %" PRIu32 " %.*s, %" PRIu32 " %.*s\n\n", m->tree_count,
           STR_ARGS(say(w, "train.show.trees")), m->feature_count,
           STR_ARGS(say(w, "train.show.features")));
}

static void put_figures(const struct words *w, const struct model *m, struct sheet *s)
{
    static const char *const heads[] = {"train.show.figure", "train.show.value", "train.show.low",
                                        "train.show.high"};
    sheet_init(s, COUNT_OF(heads));
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        sheet_put(s, say(w, heads[i]));
    for (uint32_t i = 0; i < m->figure_count; i++) {
        sheet_put(s, m->figures[i].name);
        sheet_put(s, share_cell(w, m->figures[i].share.value));
        sheet_put(s, share_cell(w, m->figures[i].share.low));
        sheet_put(s, share_cell(w, m->figures[i].share.high));
    }
    sheet_print(s, stdout);
    printf("\n");
}

static void put_points(const struct words *w, const struct model *m, struct sheet *s)
{
    static const char *const heads[] = {"train.show.threshold",   "train.show.recall",
                                        "train.show.alarms",      "train.show.precision_data",
                                        "train.show.precision_3", "train.show.precision_4"};
    sheet_init(s, COUNT_OF(heads));
    for (size_t i = 0; i < COUNT_OF(heads); i++)
        sheet_put(s, say(w, heads[i]));
    for (uint32_t i = 0; i < m->point_count; i++) {
        const struct model_point *p = &m->points[i];
        char room[CELL_BYTES];
        (void)snprintf(room, sizeof room, "%.3f", (double)p->margin);
        sheet_put(s, cell(w, room));
        sheet_put(s, percent_cell(w, p->recall));
        sheet_put(s, percent_cell(w, p->alarms));
        for (size_t k = 0; k < COUNT_OF(p->precision); k++)
            sheet_put(s, percent_cell(w, p->precision[k]));
    }
    sheet_print(s, stdout);
}

/* ---- for programs ---------------------------------------------------------------------------- */

static void put_share(struct json *j, const char *key, struct model_share s)
{
    const int32_t values[] = {s.value, s.low, s.high};
    json_key(j, str_from_c(key));
    json_array(j);
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        char room[CELL_BYTES];
        int size = snprintf(room, sizeof room, "%.9f", share(values[i]));
        json_raw(j, str_make(room, (size_t)size));
    }
    json_end(j);
}

static void put_real(struct json *j, const char *key, double value)
{
    char room[CELL_BYTES];
    int size = snprintf(room, sizeof room, "%.9g", value);
    json_key(j, str_from_c(key));
    json_raw(j, str_make(room, (size_t)size));
}

static void write_digest(struct json *j, const char *key, const struct digest *d)
{
    char hex[2 * DIGEST_BYTES];
    hex_put(hex, d->bytes, DIGEST_BYTES);
    json_put_str(j, str_from_c(key), str_make(hex, sizeof hex));
}

static void write_worth(const struct model *m, struct json *j)
{
    static const char *const precisions[] = {"precision", "precision_1e3", "precision_1e4"};
    json_key(j, STR("figures"));
    json_object(j);
    for (uint32_t i = 0; i < m->figure_count; i++) {
        char name[MODEL_NAME_BYTES + 1];
        (void)snprintf(name, sizeof name, "%.*s", STR_ARGS(m->figures[i].name));
        put_share(j, name, m->figures[i].share);
    }
    json_end(j);
    json_key(j, STR("points"));
    json_array(j);
    for (uint32_t i = 0; i < m->point_count; i++) {
        json_object(j);
        put_real(j, "margin", (double)m->points[i].margin);
        put_share(j, "recall", m->points[i].recall);
        put_share(j, "alarms", m->points[i].alarms);
        for (size_t k = 0; k < COUNT_OF(precisions); k++)
            put_share(j, precisions[k], m->points[i].precision[k]);
        json_end(j);
    }
    json_end(j);
}

static void write_model(const struct model *m, struct json *j)
{
    char room[INSTANT_TEXT_BYTES];
    json_object(j);
    json_put_str(j, STR("name"), m->name);
    json_put_str(j, STR("made"), instant_format(m->made, 0, room));
    json_put_str(j, STR("trainer"), m->trainer);
    write_digest(j, "digest", &m->digest);
    json_put_str(j, STR("data"), m->data);
    write_digest(j, "data_digest", &m->data_digest);
    json_put_i64(j, STR("rows"), (int64_t)m->rows);
    json_put_i64(j, STR("positive"), (int64_t)m->positive);
    json_put_i64(j, STR("seed"), (int64_t)m->seed);
    json_key(j, STR("parameters"));
    json_object(j);
    for (uint32_t i = 0; i < m->parameter_count; i++)
        json_put_str(j, m->parameters[i].name, m->parameters[i].value);
    json_end(j);
    write_worth(m, j);
    json_key(j, STR("features"));
    json_array(j);
    for (uint32_t i = 0; i < m->feature_count; i++)
        json_str(j, m->features[i]);
    json_end(j);
    json_put_i64(j, STR("trees"), m->tree_count);
    json_put_i64(j, STR("nodes"), m->node_count);
    json_end(j);
}

err show_model(const struct words *w, const struct model *m)
{
    if (w->options[OPTION_JSON] != NULL) {
        struct text t;
        struct json j;
        text_init(&t, w->arena);
        json_init(&j, &t);
        write_model(m, &j);
        if (text_spent(&t))
            return fail(ERR_LIMIT, "memory.spent", 0);
        printf("%.*s\n", STR_ARGS(text_str(&t)));
        return OK;
    }
    struct sheet *s = arena_make(w->arena, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    put_head(w, m);
    put_figures(w, m, s);
    put_points(w, m, s);
    return OK;
}

/* ---- speed ----------------------------------------------------------------------------------- */

err show_speed(const struct words *w, const struct speed *s)
{
    const struct {
        const char *key;
        const char *name;
        double us;
    } figures[] = {
        {"train.show.score_us",   "score_us",   s->score_us  },
        {"train.show.library_us", "library_us", s->library_us},
        {"train.show.explain_us", "explain_us", s->explain_us},
    };
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    json_init(&j, &t);
    json_object(&j);
    json_put_i64(&j, STR("rows"), s->rows);
    json_put_i64(&j, STR("trees"), s->trees);
    json_put_i64(&j, STR("nodes"), s->nodes);
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        put_real(&j, figures[i].name, figures[i].us);
    json_end(&j);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    if (w->options[OPTION_JSON] != NULL) {
        printf("%.*s\n", STR_ARGS(text_str(&t)));
        return OK;
    }
    printf("%" PRIu32 " %.*s, %" PRIu32 " %.*s\n", s->rows, STR_ARGS(say(w, "train.show.rows")),
           s->trees, STR_ARGS(say(w, "train.show.trees")));
    for (size_t i = 0; i < COUNT_OF(figures); i++)
        printf("%10.2f µs  %.*s\n", figures[i].us, STR_ARGS(say(w, figures[i].key)));
    return OK;
}

/* ---- calls ----------------------------------------------------------------------------------- */

err show_calls(const struct words *w, const struct calls_counts *c)
{
    const struct {
        const char *key;
        const char *name;
        uint64_t count;
    } lines[] = {
        {"train.calls.taken",     "taken",     c->heard.book.taken  },
        {"train.calls.again",     "again",     c->heard.book.again  },
        {"train.calls.late",      "late",      c->heard.book.late   },
        {"train.calls.refused",   "refused",   c->heard.refused     },
        {"train.calls.numbers",   "numbers",   c->heard.numbers     },
        {"train.calls.dropped",   "dropped",   c->heard.book.dropped},
        {"train.calls.forgotten", "forgotten", c->heard.forgotten   },
        {"train.calls.bad",       "bad",       c->bad               },
        {"train.calls.good",      "good",      c->good              },
        {"train.calls.rows",      "rows",      c->rows              },
    };
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    json_init(&j, &t);
    json_object(&j);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        json_put_i64(&j, str_from_c(lines[i].name), (int64_t)lines[i].count);
    json_end(&j);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    if (w->options[OPTION_JSON] != NULL) {
        printf("%.*s\n", STR_ARGS(text_str(&t)));
        return OK;
    }
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        printf("%12" PRIu64 "  %.*s\n", lines[i].count, STR_ARGS(say(w, lines[i].key)));
    return OK;
}

/* ---- scores ---------------------------------------------------------------------------------- */

struct judged {
    const struct model *model;
    uint32_t row; /* from 1 */
    str id;       /* empty: it has none */
    const float *values;
    float margin;
    double base;
    struct model_reason reasons[MODEL_FEATURES];
    size_t reason_count;
    double rest; /* what the features that are not among the reasons add */
};

static void put_value(struct text *t, float value)
{
    if (isnan(value))
        text_put_c(t, "null");
    else
        model_number_put(t, value);
}

static void put_judged(const struct words *w, const struct judged *d)
{
    printf("%" PRIu32 "%s%.*s  %+.4f\n", d->row, str_is_empty(d->id) ? "" : " ", STR_ARGS(d->id),
           (double)d->margin);
    for (size_t i = 0; i < d->reason_count; i++) {
        const struct model_reason *r = &d->reasons[i];
        char room[CELL_BYTES];
        float value = d->values[r->feature];
        (void)snprintf(room, sizeof room, "%.6g", (double)value);
        printf("    %+8.4f  %.*s = %s\n", r->part, STR_ARGS(d->model->features[r->feature]),
               isnan(value) ? "-" : room);
    }
    printf("    %+8.4f  %.*s\n    %+8.4f  %.*s\n", d->rest, STR_ARGS(say(w, "train.show.rest")),
           d->base, STR_ARGS(say(w, "train.show.base")));
}

static err write_judged(const struct words *w, const struct judged *d)
{
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    json_init(&j, &t);
    json_object(&j);
    json_put_i64(&j, STR("row"), d->row);
    json_put_str_if_any(&j, STR("id"), d->id);
    put_real(&j, "margin", (double)d->margin);
    put_real(&j, "base", d->base);
    json_key(&j, STR("reasons"));
    json_array(&j);
    for (size_t i = 0; i < d->reason_count; i++) {
        const struct model_reason *r = &d->reasons[i];
        struct text value;
        text_init(&value, w->arena);
        put_value(&value, d->values[r->feature]);
        json_object(&j);
        json_put_str(&j, STR("feature"), d->model->features[r->feature]);
        json_key(&j, STR("value"));
        json_raw(&j, text_str(&value));
        put_real(&j, "part", r->part);
        json_end(&j);
    }
    json_end(&j);
    put_real(&j, "rest", d->rest);
    json_end(&j);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    printf("%.*s\n", STR_ARGS(text_str(&t)));
    return OK;
}

static void judge(struct judged *d, size_t reasons)
{
    double parts[MODEL_FEATURES];
    d->margin = model_score(d->model, d->values);
    d->base = model_explain(d->model, d->values, parts);
    d->reason_count = model_reasons(d->model, parts, d->reasons, reasons);
    d->rest = 0;
    for (uint32_t f = 0; f < d->model->feature_count; f++)
        d->rest += parts[f];
    for (size_t i = 0; i < d->reason_count; i++)
        d->rest -= d->reasons[i].part;
}

err show_scores(const struct words *w, const struct model *m, const struct table *t, size_t reasons)
{
    struct arena turn;
    arena_init(&turn, w->arena->budget_bytes);
    struct words here = *w;
    here.arena = &turn;
    err e = OK;
    for (uint32_t i = 0; i < t->rows && !failed(e); i++) {
        struct judged d = {.model = m,
                           .row = i + 1,
                           .id = t->ids == NULL ? STR("") : t->ids[i],
                           .values = t->values + (size_t)i * t->feature_count};
        judge(&d, reasons);
        if (w->options[OPTION_JSON] != NULL)
            e = write_judged(&here, &d);
        else
            put_judged(w, &d);
        arena_reset(&turn);
    }
    arena_done(&turn);
    return e;
}

/* ---- warnings -------------------------------------------------------------------------------- */

/* The file is text and says it all. */
err show_warn(const struct words *w, const struct warn_model *m)
{
    struct text t;
    struct json j;
    text_init(&t, w->arena);
    if (w->options[OPTION_JSON] == NULL) {
        warn_model_write(m, &t);
    } else {
        json_init(&j, &t);
        json_object(&j);
        for (uint32_t i = 0; i < m->figure_count; i++)
            json_put_i64(&j, str_from_c(m->figures[i].name), m->figures[i].value);
        json_end(&j);
        text_put_char(&t, '\n');
    }
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    printf("%.*s", STR_ARGS(text_str(&t)));
    return OK;
}
