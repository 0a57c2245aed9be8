/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/fields.h"

bool fields_begin(str bytes, const char *word, struct fields *ret_fields)
{
    str begin = str_from_c(word);
    bool has_it =
        str_starts(bytes, begin) && bytes.size > begin.size && bytes.at[begin.size] == ' ';
    if (has_it)
        *ret_fields = (struct fields){.rest = str_from(bytes, begin.size + 1)};
    return has_it;
}

str fields_word(struct fields *l)
{
    str word = STR("");
    if (!str_split(&l->rest, ' ', &word) || str_is_empty(word))
        l->is_wrong = true;
    return word;
}

str fields_rest(struct fields *l)
{
    str rest = l->rest;
    l->is_wrong = l->is_wrong || str_is_empty(rest);
    l->rest = (str){0};
    return rest;
}

int64_t fields_number(struct fields *l, int64_t least, int64_t most)
{
    int64_t value = least;
    str word = fields_word(l);
    if (l->is_wrong || failed(str_parse_i64(word, &value)) || value < least || value > most) {
        l->is_wrong = true;
        return least;
    }
    return value;
}

enum signal_kind fields_kind(struct fields *l)
{
    str word = fields_word(l);
    enum signal_kind kind = 0;
    while (kind < SIGNAL_KINDS && !str_equal(word, signal_kind_name(kind)))
        kind++;
    l->is_wrong = l->is_wrong || kind == SIGNAL_KINDS;
    return l->is_wrong ? 0 : kind;
}

bool fields_is_done(const struct fields *l)
{
    return !l->is_wrong && l->rest.at == NULL;
}
