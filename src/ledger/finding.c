/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/finding.h"

#include <assert.h>

static const struct {
    const char *key;
    const char *text;
} kinds[FINDING_KIND_COUNT] = {
#define X(kind, key, text) [kind] = {key, text},
    FINDING_LIST(X)
#undef X
};

const char *finding_key(enum finding_kind kind)
{
    assert(kind < FINDING_KIND_COUNT);
    return kinds[kind].key;
}

const char *finding_text(enum finding_kind kind)
{
    assert(kind < FINDING_KIND_COUNT);
    return kinds[kind].text;
}

static void put_record(const struct finding *f, struct text *line)
{
    text_put(line, f->kind_name);
    text_put_char(line, ' ');
    text_put(line, f->record);
}

static void put_leaf(const struct finding *f, struct text *line)
{
    text_put(line, STR("leaf "));
    text_put_u64(line, f->leaf);
    if (f->leaf_end > f->leaf + 1) {
        text_put(line, STR(" to "));
        text_put_u64(line, f->leaf_end - 1);
    }
    if (f->act.size == 0)
        return;
    text_put(line, STR(" ("));
    text_put(line, f->act);
    text_put(line, STR(" of "));
    put_record(f, line);
    text_put_char(line, ')');
}

static void put_head(const struct finding *f, struct text *line)
{
    char room[INSTANT_TEXT_BYTES];
    text_put(line, STR("head of "));
    text_put(line, instant_format(f->at, 0, room));
    text_put(line, STR(" with "));
    text_put_u64(line, f->size);
    text_put(line, STR(" leaves"));
}

static void put_both(const struct finding *f, struct text *line)
{
    if (f->said.size == 0 && f->found.size == 0)
        return;
    text_put(line, STR(": the ledger says \""));
    text_put(line, f->said);
    text_put(line, STR("\", the record \""));
    text_put(line, f->found);
    text_put_char(line, '"');
}

void finding_format(const struct finding *f, struct text *line)
{
    assert(f != NULL && line != NULL);
    bool is_of_head = f->size > 0 || f->at.us > 0;
    if (is_of_head)
        put_head(f, line);
    if (is_of_head && f->has_leaf)
        text_put(line, STR(", "));
    if (f->has_leaf)
        put_leaf(f, line);
    else if (f->record.size > 0)
        put_record(f, line);
    if (f->field.size > 0) {
        text_put(line, STR(", field "));
        text_put(line, f->field);
    }
    text_put(line, STR(": "));
    text_put_c(line, finding_text(f->kind));
    put_both(f, line);
    if (f->kind == FINDING_TAIL_CUT) {
        text_put(line, STR(" than the "));
        text_put_u64(line, f->leaf_end);
        text_put(line, STR(" that are there"));
    }
}
