/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/model.h"

#include "base/embedded.h"
#include "warn/fields.h"

#include <assert.h>
#include <string.h>

enum { HEX_BYTES = 2 * DIGEST_BYTES };

extern const struct embedded_file warning_files[];

static const char version_line[] = "yumen-warning 1\n";
static const char stamp_word[] = "sha256 ";

/* --- writing --- */

static void put_line(struct text *t, const char *word, const char *value)
{
    text_put_c(t, word);
    text_put_char(t, ' ');
    text_put_c(t, value);
    text_put_char(t, '\n');
}

static void put_number(struct text *t, int64_t value, char end)
{
    text_put_i64(t, value);
    text_put_char(t, end);
}

static void put_head(const struct warn_model *m, struct text *t)
{
    text_put_c(t, version_line);
    put_line(t, "name", m->name);
    put_line(t, "made", m->made);
    text_put_c(t, "data ");
    text_put_hex(t, m->data.bytes, DIGEST_BYTES);
    text_put_char(t, '\n');
    for (uint32_t i = 0; i < m->figure_count; i++) {
        text_put_c(t, "figure ");
        text_put_c(t, m->figures[i].name);
        text_put_char(t, ' ');
        put_number(t, m->figures[i].value, '\n');
    }
}

static void put_rules(const struct warn_model *m, struct text *t)
{
    const struct warn_rules *r = &m->rules;
    for (enum tier tier = TIER_LOW; tier < TIER_COUNT; tier++) {
        text_put_c(t, "tier ");
        text_put(t, tier_name(tier));
        text_put_char(t, ' ');
        put_number(t, r->from_micro[tier], '\n');
    }
    text_put_c(t, "stays ");
    put_number(t, r->stays_micro, '\n');
    text_put_c(t, "ahead ");
    put_number(t, r->ahead_s, '\n');
    for (enum signal_kind kind = 0; kind < SIGNAL_KINDS; kind++) {
        text_put_c(t, "kind ");
        text_put(t, signal_kind_name(kind));
        text_put_char(t, ' ');
        put_number(t, r->weight_mn[kind], ' ');
        put_number(t, r->half_life_s[kind], ' ');
        text_put_c(t, m->is_learnt[kind] ? "learnt\n" : "assumed\n");
    }
    for (uint32_t i = 0; i < r->pair_count; i++) {
        text_put_c(t, "pair ");
        text_put(t, signal_kind_name((enum signal_kind)r->pairs[i].first));
        text_put_char(t, ' ');
        text_put(t, signal_kind_name((enum signal_kind)r->pairs[i].second));
        text_put_char(t, ' ');
        put_number(t, r->pairs[i].weight_mn, '\n');
    }
}

void warn_model_write(const struct warn_model *m, struct text *t)
{
    assert(t->size == 0);
    put_head(m, t);
    put_rules(m, t);
    for (uint32_t i = 0; i < m->curve.count; i++) {
        text_put_c(t, "point ");
        put_number(t, m->curve.points[i].evidence_mn, ' ');
        put_number(t, m->curve.points[i].micro, '\n');
    }
    if (text_spent(t))
        return;
    struct digest d = digest_of(text_str(t));
    text_put_c(t, stamp_word);
    text_put_hex(t, d.bytes, DIGEST_BYTES);
    text_put_char(t, '\n');
}

/* --- reading --- */

static void copy_rest(struct fields *l, char room[WARN_MODEL_WORD])
{
    str rest = fields_rest(l);
    l->is_wrong = l->is_wrong || rest.size >= WARN_MODEL_WORD || room[0] != '\0';
    if (!l->is_wrong)
        memcpy(room, rest.at, rest.size);
}

static void take_name(struct fields *l, struct warn_model *m)
{
    copy_rest(l, m->name);
}

static void take_made(struct fields *l, struct warn_model *m)
{
    copy_rest(l, m->made);
}

static void take_data(struct fields *l, struct warn_model *m)
{
    if (failed(hex_parse(fields_rest(l), m->data.bytes, DIGEST_BYTES)))
        l->is_wrong = true;
}

static void take_figure(struct fields *l, struct warn_model *m)
{
    if (m->figure_count == WARN_MODEL_FIGURES) {
        l->is_wrong = true;
        return;
    }
    struct warn_figure *f = &m->figures[m->figure_count++];
    str name = fields_word(l);
    f->value = fields_number(l, INT64_MIN / 2, INT64_MAX / 2);
    l->is_wrong = l->is_wrong || name.size >= WARN_MODEL_WORD;
    if (!l->is_wrong)
        memcpy(f->name, name.at, name.size);
}

static void take_tier(struct fields *l, struct warn_model *m)
{
    str word = fields_word(l);
    enum tier tier = TIER_LOW;
    while (tier < TIER_COUNT && !str_equal(word, tier_name(tier)))
        tier++;
    l->is_wrong = l->is_wrong || tier == TIER_COUNT;
    if (!l->is_wrong)
        m->rules.from_micro[tier] = (int32_t)fields_number(l, 1, RULES_MICRO);
}

static void take_stays(struct fields *l, struct warn_model *m)
{
    m->rules.stays_micro = (int32_t)fields_number(l, 1, RULES_MICRO);
}

static void take_ahead(struct fields *l, struct warn_model *m)
{
    m->rules.ahead_s = (uint32_t)fields_number(l, 0, HALF_LIFE_MOST_S);
}

static void take_kind(struct fields *l, struct warn_model *m)
{
    enum signal_kind kind = fields_kind(l);
    m->rules.weight_mn[kind] = (int32_t)fields_number(l, -WEIGHT_MOST_MN, WEIGHT_MOST_MN);
    m->rules.half_life_s[kind] = (uint32_t)fields_number(l, HALF_LIFE_LEAST_S, HALF_LIFE_MOST_S);
    str word = fields_word(l);
    m->is_learnt[kind] = str_equal(word, STR("learnt"));
    l->is_wrong = l->is_wrong || (!m->is_learnt[kind] && !str_equal(word, STR("assumed")));
}

/* Only pairs that the program has a name for. */
static void take_pair(struct fields *l, struct warn_model *m)
{
    enum signal_kind first = fields_kind(l);
    enum signal_kind second = fields_kind(l);
    int32_t weight_mn = (int32_t)fields_number(l, 0, WEIGHT_MOST_MN);
    uint32_t which = 0;
    struct warn_rules *r = &m->rules;
    while (which < r->pair_count &&
           (r->pairs[which].first != first || r->pairs[which].second != second))
        which++;
    l->is_wrong = l->is_wrong || which == r->pair_count;
    if (!l->is_wrong)
        r->pairs[which].weight_mn = weight_mn;
}

static void take_point(struct fields *l, struct warn_model *m)
{
    struct calibration *c = &m->curve;
    if (c->count == CALIBRATION_POINTS) {
        l->is_wrong = true;
        return;
    }
    struct calibration_point *p = &c->points[c->count++];
    p->evidence_mn = (int32_t)fields_number(l, -CALIBRATION_MOST_MN, CALIBRATION_MOST_MN);
    p->micro = (int32_t)fields_number(l, 0, RULES_MICRO);
    if (c->count > 1 && (p->evidence_mn <= p[-1].evidence_mn || p->micro < p[-1].micro))
        l->is_wrong = true;
}

static const struct {
    const char *word;
    void (*take)(struct fields *l, struct warn_model *m);
} rows[] = {
    {"name",   take_name  },
    {"made",   take_made  },
    {"data",   take_data  },
    {"figure", take_figure},
    {"tier",   take_tier  },
    {"stays",  take_stays },
    {"ahead",  take_ahead },
    {"kind",   take_kind  },
    {"pair",   take_pair  },
    {"point",  take_point },
};

static bool take_row(str bytes, struct warn_model *m)
{
    struct fields line = {0};
    size_t which = 0;
    while (which < COUNT_OF(rows) && !fields_begin(bytes, rows[which].word, &line))
        which++;
    if (which == COUNT_OF(rows))
        return false;
    rows[which].take(&line, m);
    return fields_is_done(&line);
}

static bool has_stamp(str body, str stamp)
{
    char want[sizeof stamp_word + HEX_BYTES];
    struct digest d = digest_of(body);
    memcpy(want, stamp_word, sizeof stamp_word - 1);
    hex_put(want + sizeof stamp_word - 1, d.bytes, DIGEST_BYTES);
    want[sizeof want - 1] = '\n';
    return str_equal(stamp, str_make(want, sizeof want));
}

/* What is assumed has its weights of nothing yet: every kind must be said. */
static void begin(struct warn_model *m)
{
    *m = (struct warn_model){0};
    rules_usual(&m->rules);
    memset(m->rules.weight_mn, 0, sizeof m->rules.weight_mn);
    for (uint32_t i = 0; i < m->rules.pair_count; i++)
        m->rules.pairs[i].weight_mn = 0;
}

err warn_model_read(str bytes, struct warn_model *ret_model)
{
    enum { STAMP_BYTES = sizeof stamp_word + HEX_BYTES };
    struct warn_model m;
    if (bytes.size > WARN_MODEL_BYTES)
        return fail(ERR_LIMIT, "warning.too_large", 0);
    if (!str_starts(bytes, str_from_c(version_line)))
        return fail(ERR_MALFORMED, "warning.version", 1);
    if (bytes.size < sizeof version_line - 1 + STAMP_BYTES)
        return fail(ERR_CORRUPT, "warning.damaged", 0);
    str body = str_until(bytes, bytes.size - STAMP_BYTES);
    if (!str_ends(body, STR("\n")) || !has_stamp(body, str_from(bytes, body.size)))
        return fail(ERR_CORRUPT, "warning.damaged", 0);
    begin(&m);
    body = str_from(body, sizeof version_line - 1);
    for (uint32_t number = 2; !str_is_empty(body); number++) {
        size_t end = str_find_char(body, '\n');
        if (!take_row(str_until(body, end), &m))
            return fail(ERR_MALFORMED, "warning.line", number);
        body = str_from(body, end + 1);
    }
    if (m.curve.count == 0 || m.name[0] == '\0' || m.made[0] == '\0')
        return fail(ERR_MALFORMED, "warning.line", 2);
    TRY(rules_prepare(&m.rules));
    *ret_model = m;
    return OK;
}

void warn_model_usual(struct warn_model *ret_model)
{
    err e = warn_model_read(warning_files[0].bytes, ret_model);
    assert(!failed(e));
    (void)e;
}
