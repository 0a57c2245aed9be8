/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/record.h"

#include <assert.h>

static const void *place(const struct field *f, const void *record)
{
    return (const char *)record + f->offset;
}

enum record_kind record_kind_find(str name)
{
    for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++)
        if (str_equal(name, str_from_c(record_shapes[kind].name)))
            return (enum record_kind)kind;
    return RECORD_KIND_COUNT;
}

str record_division(enum record_kind kind, const void *record)
{
    const struct record_shape *shape = &record_shapes[kind];
    for (size_t i = 0; i < shape->field_count; i++)
        if (strcmp(shape->fields[i].name, "division") == 0)
            return field_get_str(&shape->fields[i], record);
    assert(!"every record carries a division");
    return STR("");
}

str field_get_str(const struct field *f, const void *record)
{
    assert(f->type == FIELD_STR);
    str value;
    memcpy(&value, place(f, record), sizeof value);
    return value.at == NULL ? STR("") : value;
}

int64_t field_get_int(const struct field *f, const void *record)
{
    assert(f->type != FIELD_STR);
    if (f->type == FIELD_WORD) {
        unsigned word = 0;
        memcpy(&word, place(f, record), sizeof word);
        return word;
    }
    int64_t value = 0; /* an instant is one int64_t too */
    memcpy(&value, place(f, record), sizeof value);
    return value;
}

void field_put_str(const struct field *f, void *record, str value)
{
    assert(f->type == FIELD_STR);
    memcpy((char *)record + f->offset, &value, sizeof value);
}

void field_put_int(const struct field *f, void *record, int64_t value)
{
    assert(f->type != FIELD_STR);
    if (f->type == FIELD_WORD) {
        unsigned word = (unsigned)value;
        memcpy((char *)record + f->offset, &word, sizeof word);
        return;
    }
    memcpy((char *)record + f->offset, &value, sizeof value);
}

bool field_is_absent(const struct field *f, const void *record)
{
    if ((f->flags & FIELD_OPTIONAL) == 0 || f->type == FIELD_WORD)
        return false;
    if (f->type == FIELD_STR)
        return str_is_empty(field_get_str(f, record));
    return field_get_int(f, record) == 0;
}

const char *field_word(const struct field *f, const void *record)
{
    assert(f->type == FIELD_WORD && f->words != NULL);
    return f->words[field_get_int(f, record)];
}

bool word_parse(const char *const *words, str word, unsigned *ret_index)
{
    for (unsigned i = 0; words[i] != NULL; i++) {
        if (str_equal(word, str_from_c(words[i]))) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

err field_word_parse(const struct field *f, str word, unsigned *ret_index)
{
    assert(f->type == FIELD_WORD);
    if (!word_parse(f->words, word, ret_index))
        return fail(ERR_MALFORMED, "word.unknown", 0);
    return OK;
}
