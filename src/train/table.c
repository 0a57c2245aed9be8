/* SPDX-License-Identifier: Apache-2.0 */
#include "train/table.h"

#include "kit/strmap.h"
#include "sense/model_file.h"

#include <assert.h>

/* A row as it was read, until all are there and it is known how many. */
struct draft {
    struct draft *next;
    str id;
    uint32_t group;
    uint8_t label;
    uint8_t part;
    float values[];
};

struct making {
    const struct table_wish *wish;
    struct arena *arena;
    struct table table;
    struct strmap ids;
    str *features;
    uint32_t columns[MODEL_FEATURES]; /* where each feature stands */
    uint32_t label;
    uint32_t id;
    uint32_t part;
    struct draft *first;
    struct draft **end;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

/* ---- the header ------------------------------------------------------------------------------ */

static bool is_among(str name, const str *names, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        if (str_equal(name, names[i]))
            return true;
    return false;
}

static bool is_reserved(str name)
{
    return str_equal(name, STR("label")) || str_equal(name, STR("id")) ||
           str_equal(name, STR("part"));
}

static err add_feature(struct making *m, str name, uint32_t column)
{
    if (!model_name_is_good(name))
        return fail(ERR_MALFORMED, "train.column_name", 0);
    if (table_is_person(name))
        return fail(ERR_DENIED, "train.person", 0);
    if (m->table.feature_count == MODEL_FEATURES)
        return fail(ERR_LIMIT, "train.too_many_columns", 0);
    str copy = str_copy(m->arena, name);
    if (copy.at == NULL)
        return spent();
    m->columns[m->table.feature_count] = column;
    m->features[m->table.feature_count++] = copy;
    return OK;
}

/* All that are neither reserved nor left out. */
static err take_all_features(struct making *m, const struct csvline_row *row,
                             struct rows_fault *fault)
{
    for (uint32_t i = 0; i < row->field_count; i++) {
        str name = row->fields[i];
        if (is_reserved(name) || is_among(name, m->wish->without, m->wish->without_count))
            continue;
        rows_blame(fault, name);
        TRY(add_feature(m, name, i));
    }
    return OK;
}

static err take_named_features(struct making *m, const struct csvline_row *row,
                               struct rows_fault *fault)
{
    for (uint32_t i = 0; i < m->wish->feature_count; i++) {
        str name = m->wish->features[i];
        uint32_t column = rows_column(row, name);
        rows_blame(fault, name);
        if (column == ROWS_NOWHERE)
            return fail(ERR_MALFORMED, "column.missing", 0);
        TRY(add_feature(m, name, column));
    }
    return OK;
}

static err take_header(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    m->label = m->wish->has_no_labels ? ROWS_NOWHERE : rows_column(row, STR("label"));
    m->id = rows_column(row, STR("id"));
    m->part = rows_column(row, STR("part"));
    if (m->label == ROWS_NOWHERE && !m->wish->has_no_labels) {
        rows_blame(fault, STR("label"));
        return fail(ERR_MALFORMED, "column.missing", 0);
    }
    TRY(m->wish->features == NULL ? take_all_features(m, row, fault)
                                  : take_named_features(m, row, fault));
    return m->table.feature_count > 0 ? OK : fail(ERR_MALFORMED, "train.empty", 0);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static err read_label(const struct making *m, const struct csvline_row *row, uint8_t *ret_label)
{
    *ret_label = 0;
    if (m->label == ROWS_NOWHERE)
        return OK;
    str field = row->fields[m->label];
    *ret_label = str_equal(field, STR("1"));
    return *ret_label || str_equal(field, STR("0")) ? OK : fail(ERR_MALFORMED, "train.label", 0);
}

static err read_part(struct making *m, const struct csvline_row *row, uint8_t *ret_part)
{
    struct table *t = &m->table;
    *ret_part = 0;
    if (m->part == ROWS_NOWHERE)
        return OK;
    str field = row->fields[m->part];
    if (!model_name_is_good(field) || field.size > TABLE_PART_BYTES)
        return fail(ERR_MALFORMED, "train.part", 0);
    uint32_t i = 0;
    while (i < t->part_count && !str_equal(t->part_names[i], field))
        i++;
    if (i == TABLE_PARTS)
        return fail(ERR_LIMIT, "train.too_many_parts", 0);
    if (i == t->part_count) {
        t->part_names[i] = str_copy(m->arena, field);
        t->part_count++;
    }
    *ret_part = (uint8_t)i;
    return t->part_names[i].at == NULL ? spent() : OK;
}

/* Rows of one id are one group; without ids every row is. */
static err read_group(struct making *m, const struct csvline_row *row, struct draft *d)
{
    uint32_t *number = NULL;
    d->group = m->table.group_count;
    if (m->id == ROWS_NOWHERE) {
        m->table.group_count++;
        return OK;
    }
    str id = row->fields[m->id];
    if (str_is_empty(id) || id.size > TABLE_ID_BYTES)
        return fail(ERR_MALFORMED, "train.id", 0);
    d->id = str_copy(m->arena, id);
    if (d->id.at == NULL)
        return spent();
    TRY(strmap_at(&m->ids, d->id, &number));
    if (*number == 0)
        *number = ++m->table.group_count;
    d->group = *number - 1;
    return OK;
}

static err read_values(const struct making *m, const struct csvline_row *row, float *ret_values,
                       struct rows_fault *fault)
{
    for (uint32_t i = 0; i < m->table.feature_count; i++) {
        double value = 0;
        err e = rows_number(row->fields[m->columns[i]], &value);
        if (failed(e))
            rows_blame(fault, m->features[i]);
        TRY(e);
        ret_values[i] = (float)value;
    }
    return OK;
}

static err take_row(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    if (m->table.rows == TABLE_ROWS)
        return fail(ERR_LIMIT, "train.too_many_rows", 0);
    struct draft *d =
        arena_make(m->arena, sizeof *d + m->table.feature_count * sizeof d->values[0]);
    if (d == NULL)
        return spent();
    rows_blame(fault, STR("label"));
    TRY(read_label(m, row, &d->label));
    rows_blame(fault, STR("part"));
    TRY(read_part(m, row, &d->part));
    rows_blame(fault, STR("id"));
    TRY(read_group(m, row, d));
    TRY(read_values(m, row, d->values, fault));
    m->table.rows++;
    m->table.positive += d->label;
    *m->end = d;
    m->end = &d->next;
    return OK;
}

/* ---- the whole ------------------------------------------------------------------------------- */

/* One behind the other, as they are trained on. */
static err lay_out(struct making *m)
{
    struct table *t = &m->table;
    size_t row_bytes = t->feature_count * sizeof(float);
    float *values = arena_make_array(m->arena, t->rows, row_bytes);
    uint8_t *labels = arena_make_array(m->arena, t->rows, sizeof *labels);
    uint32_t *groups = arena_make_array(m->arena, t->rows, sizeof *groups);
    uint8_t *parts = arena_make_array(m->arena, t->rows, sizeof *parts);
    str *ids = arena_make_array(m->arena, t->rows, sizeof *ids);
    if (values == NULL || labels == NULL || groups == NULL || parts == NULL || ids == NULL)
        return spent();
    uint32_t i = 0;
    for (const struct draft *d = m->first; d != NULL; d = d->next, i++) {
        memcpy(values + (size_t)i * t->feature_count, d->values, row_bytes);
        labels[i] = d->label;
        groups[i] = d->group;
        parts[i] = d->part;
        ids[i] = d->id;
    }
    assert(i == t->rows);
    t->values = values;
    t->labels = labels;
    t->groups = groups;
    t->parts = t->part_count > 0 ? parts : NULL;
    t->ids = m->id == ROWS_NOWHERE ? NULL : ids;
    return OK;
}

static str base_name(const char *path)
{
    str name = str_from_c(path);
    for (size_t slash = str_find_char(name, '/'); slash < name.size;
         slash = str_find_char(name, '/'))
        name = str_from(name, slash + 1);
    return name;
}

err table_read(const char *path, const struct table_wish *wish, struct arena *a,
               struct table *ret_table, struct rows_fault *ret_fault)
{
    static const uint8_t key[SIPHASH_KEY_BYTES] = {0}; /* our own files, read once */
    assert(wish != NULL && (wish->features != NULL || wish->feature_count == 0));
    struct making *m = arena_make(a, sizeof *m);
    if (m == NULL)
        return spent();
    m->wish = wish;
    m->arena = a;
    m->end = &m->first;
    m->features = arena_make_array(a, MODEL_FEATURES, sizeof *m->features);
    if (m->features == NULL)
        return spent();
    m->table.features = m->features;
    strmap_init(&m->ids, key, a);
    struct rows_sink sink = {.self = m, .header = take_header, .row = take_row};
    TRY(rows_read(path, &sink, a, &m->table.digest, ret_fault));
    m->table.name = base_name(path);
    TRY(lay_out(m));
    *ret_table = m->table;
    return OK;
}
