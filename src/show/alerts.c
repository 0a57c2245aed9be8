/* SPDX-License-Identifier: Apache-2.0 */
#include "show/alerts.h"

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool is_user(const struct field *f)
{
    static const char *const users[] = {"officer", "outcome_by", "checker",
                                        "by",      "asker",      "teller"};
    return is_one_of(f->name, users, COUNT_OF(users));
}

static bool is_shown(const struct field *f, const struct viewer *v)
{
    static const char *const notes[] = {"note", "check_note"};
    if (strcmp(f->name, "passed") == 0)
        return false;
    if ((f->flags & (FIELD_PERSONAL | FIELD_SECRET)) == 0)
        return true;
    return v->sees_personal && is_one_of(f->name, notes, COUNT_OF(notes));
}

static void put_field(struct json *j, const struct field *f, const void *record,
                      const struct viewer *v)
{
    str key = str_from_c(f->name);
    if (f->type == FIELD_INSTANT)
        json_put_instant(j, key, instant_from_us(field_get_int(f, record)), v->zone_min);
    else if (f->type == FIELD_WORD)
        json_put_str(j, key, str_from_c(field_word(f, record)));
    else if (f->type == FIELD_INT)
        json_put_i64(j, key, field_get_int(f, record));
    else if (is_user(f) && !str_is_empty(field_get_str(f, record)))
        json_put_str(j, key, v->name_of(v->self, field_get_str(f, record)));
    else if ((f->flags & FIELD_OPTIONAL) == 0)
        json_put_str(j, key, field_get_str(f, record));
    else
        json_put_str_if_any(j, key, field_get_str(f, record));
}

static void put(struct json *j, enum record_kind kind, const void *record, const struct viewer *v)
{
    const struct record_shape *shape = &record_shapes[kind];
    json_put_str(j, str_from_c(shape->name), field_get_str(&shape->fields[0], record));
    for (size_t i = 1; i < shape->field_count; i++)
        if (is_shown(&shape->fields[i], v))
            put_field(j, &shape->fields[i], record, v);
}

void alert_put(struct json *j, const struct alert *a, const struct viewer *v)
{
    put(j, RECORD_ALERT, a, v);
}

void outreach_put(struct json *j, const struct outreach *o, const struct viewer *v)
{
    const struct record_shape *shape = &record_shapes[RECORD_OUTREACH];
    json_put_str(j, STR("outreach"), o->id);
    for (size_t i = 2; i < shape->field_count; i++) /* whose it is stands around it */
        if (is_shown(&shape->fields[i], v))
            put_field(j, &shape->fields[i], o, v);
}

void whereabouts_put(struct json *j, const struct whereabouts *w, const struct viewer *v)
{
    put(j, RECORD_WHEREABOUTS, w, v);
}

void hush_put(struct json *j, const struct hush *h, const struct viewer *v)
{
    put(j, RECORD_HUSH, h, v);
}
