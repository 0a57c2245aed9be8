/* SPDX-License-Identifier: Apache-2.0 */
#include "train/sichuan.h"

#include "sense/model_file.h"

#include <assert.h>
#include <math.h>

/* Its columns, in its own words. */
static const char *const columns[] = {
    /* calls: how many, to how many, how often to one, how long, when */
    "opposite_count",
    "opposite_unique",
    "voccalltype1",
    "imeis",
    "voc_calltype1",
    "phone2opposite_mean",
    "phone2opposite_median",
    "phone2opposite_max",
    "phone2oppo_sum_mean",
    "phone2oppo_sum_median",
    "phone2oppo_sum_max",
    "call_dur_mean",
    "call_dur_median",
    "call_dur_max",
    "call_dur_min",
    "calltype_id_unique",
    "voc_hour_mode",
    "voc_hour_mode_count",
    "voc_hour_nunique",
    "voc_day_mode",
    "voc_day_mode_count",
    "voc_day_nunique",
    /* messages */
    "sms_count",
    "sms_nunique",
    "sms_rate",
    "calltype_2",
    "calltype_rate",
    "hour_mode",
    "hour_mode_count",
    "hour_nunique",
    "day_mode",
    "day_mode_count",
    "day_nunique",
    /* data */
    "busi_count",
    "flow_mean",
    "flow_median",
    "flow_min",
    "flow_max",
    "flow_var",
    "flow_sum",
    "month_ids",
    "flow_month",
    /* the number's bill */
    "arpu_mean",
    "arpu_var",
    "arpu_max",
    "arpu_min",
    "arpu_median",
    "arpu_sum",
    "arpu_skew",
    "arpu_sem",
    "arpu_quantile",
};

enum { COLUMN_COUNT = COUNT_OF(columns) };

/* above / below; a missing side, or nothing below, makes nothing. */
static const struct ratio {
    const char *name;
    const char *above;
    const char *below;
} ratios[] = {
    {"unique_share",     "opposite_unique",     "opposite_count" }, /* how few are called again */
    {"calls_a_day",      "opposite_count",      "voc_day_nunique"}, /* of days with calls */
    {"callees_a_day",    "opposite_unique",     "voc_day_nunique"},
    {"made_a_day",       "voccalltype1",        "voc_day_nunique"},
    {"hour_share",       "voc_hour_mode_count", "opposite_count" }, /* in the busiest hour */
    {"day_share",        "voc_day_mode_count",  "opposite_count" },
    {"top_share",        "phone2opposite_max",  "opposite_count" }, /* with one other */
    {"imeis_a_day",      "imeis",               "voc_day_nunique"},
    {"callees_an_imei",  "opposite_unique",     "imeis"          },
    {"duration_skew",    "call_dur_mean",       "call_dur_median"},
    {"texts_a_day",      "sms_count",           "day_nunique"    },
    {"texts_day_share",  "day_mode_count",      "sms_count"      },
    {"texts_hour_share", "hour_mode_count",     "sms_count"      },
    {"flow_a_session",   "flow_sum",            "busi_count"     },
    {"flow_top_share",   "flow_max",            "flow_sum"       },
};

/* What is no plain ratio, from several. */
enum made { MADE_IN_CALLS, MADE_TEXTS_SHARE, MADE_TOP_TIME_SHARE, MADE_BILL_RANGE, MADE_COUNT };
static const char *const made_names[MADE_COUNT] = {
    [MADE_IN_CALLS] = "calls_received",
    [MADE_TEXTS_SHARE] = "texts_share",
    [MADE_TOP_TIME_SHARE] = "top_time_share",
    [MADE_BILL_RANGE] = "bill_range",
};

struct making {
    struct text csv;
    uint32_t places[COLUMN_COUNT];
    uint32_t node;
    uint32_t label;
};

static uint32_t index_of(const char *name)
{
    uint32_t i = 0;
    while (i < COLUMN_COUNT && !str_equal(str_from_c(columns[i]), str_from_c(name)))
        i++;
    assert(i < COLUMN_COUNT);
    return i;
}

static void put_column(struct text *t, const char *name)
{
    text_put_char(t, ',');
    text_put_c(t, name);
}

static err find_column(const struct csvline_row *header, const char *name, uint32_t *ret_place,
                       struct rows_fault *fault)
{
    *ret_place = rows_column(header, str_from_c(name));
    if (*ret_place != ROWS_NOWHERE)
        return OK;
    rows_blame(fault, str_from_c(name));
    return fail(ERR_MALFORMED, "column.missing", 0);
}

static err take_header(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    TRY(find_column(row, "node", &m->node, fault));
    TRY(find_column(row, "label", &m->label, fault));
    text_put_c(&m->csv, "label,id,part");
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        TRY(find_column(row, columns[i], &m->places[i], fault));
        put_column(&m->csv, columns[i]);
    }
    for (uint32_t i = 0; i < COUNT_OF(ratios); i++)
        put_column(&m->csv, ratios[i].name);
    for (uint32_t i = 0; i < MADE_COUNT; i++)
        put_column(&m->csv, made_names[i]);
    text_put_char(&m->csv, '\n');
    return OK;
}

static double divide(double above, double below)
{
    return fpclassify(below) == FP_ZERO ? (double)NAN : above / below; /* of NaN: NaN */
}

static double make(enum made what, const double *v)
{
    double calls = v[index_of("opposite_count")];
    double texts = v[index_of("sms_count")];
    switch (what) {
    case MADE_IN_CALLS:
        return calls - v[index_of("voccalltype1")];
    case MADE_TEXTS_SHARE: /* who never called has only texts */
        return divide(texts, texts + (isnan(calls) ? 0 : calls));
    case MADE_TOP_TIME_SHARE: /* of all seconds, those with one other */
        return divide(v[index_of("phone2oppo_sum_max")], v[index_of("call_dur_mean")] * calls);
    case MADE_BILL_RANGE:
        return v[index_of("arpu_max")] - v[index_of("arpu_min")];
    case MADE_COUNT:
        break;
    }
    return (double)NAN;
}

static void put_value(struct text *t, double value)
{
    text_put_char(t, ',');
    if (!isnan(value))
        model_number_put(t, (float)value);
}

/* Which half: the parity of the first byte of the node's SHA-256. */
static const char *part_of(str node)
{
    return digest_of(node).bytes[0] % 2 == 0 ? "chosen" : "unseen";
}

static err take_row(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    double v[COLUMN_COUNT];
    str label = row->fields[m->label];
    str node = row->fields[m->node];
    int64_t number = 0;
    if (failed(str_parse_i64(node, &number)))
        return fail(ERR_MALFORMED, "train.id", 0);
    if (!str_equal(label, STR("0")) && !str_equal(label, STR("1")))
        return fail(ERR_MALFORMED, "train.label", 0);
    text_put(&m->csv, label);
    text_put_char(&m->csv, ',');
    text_put(&m->csv, node);
    put_column(&m->csv, part_of(node));
    for (uint32_t i = 0; i < COLUMN_COUNT; i++) {
        rows_blame(fault, str_from_c(columns[i]));
        TRY(rows_number(row->fields[m->places[i]], &v[i]));
        put_value(&m->csv, v[i]);
    }
    for (uint32_t i = 0; i < COUNT_OF(ratios); i++)
        put_value(&m->csv, divide(v[index_of(ratios[i].above)], v[index_of(ratios[i].below)]));
    for (enum made i = 0; i < MADE_COUNT; i++)
        put_value(&m->csv, make(i, v));
    text_put_char(&m->csv, '\n');
    return text_spent(&m->csv) ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}

err sichuan_table(const char *path, struct arena *a, str *ret_csv, struct rows_fault *ret_fault)
{
    struct making *m = arena_make(a, sizeof *m);
    if (m == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    text_init(&m->csv, a);
    struct rows_sink sink = {.self = m, .header = take_header, .row = take_row};
    TRY(rows_read(path, &sink, a, NULL, ret_fault));
    *ret_csv = text_str(&m->csv);
    return OK;
}
