/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/export.h"

#include <assert.h>

/* RFC 8259 7, with the short escape for the one control character that is common here. */
static void put_string(struct text *line, str s)
{
    text_put_char(line, '"');
    size_t start = 0;
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        if ((unsigned char)c >= 0x20 && c != '"' && c != '\\')
            continue;
        text_put(line, str_make(s.at + start, i - start));
        start = i + 1;
        if (c == '\n')
            text_put(line, STR("\\n"));
        else if (c == '"' || c == '\\')
            text_put(line, c == '"' ? STR("\\\"") : STR("\\\\"));
        else
            text_printf(line, "\\u%04x", (unsigned)c);
    }
    text_put(line, str_from(s, start));
    text_put_char(line, '"');
}

static void put_member(struct text *line, str label, str value)
{
    text_put(line, label);
    put_string(line, value);
}

static void put_hex(struct text *line, str label, const uint8_t *bytes, size_t count)
{
    text_put(line, label);
    text_put_char(line, '"');
    text_put_hex(line, bytes, count);
    text_put_char(line, '"');
}

void export_put_start(struct text *line, str store)
{
    assert(line != NULL);
    put_member(line, STR("{\"type\":\"export\",\"version\":1,\"store\":"), store);
    text_put(line, STR("}\n"));
}

void export_put_entry(struct text *line, const struct entry *entry)
{
    assert(line != NULL && entry != NULL);
    text_put(line, STR("{\"type\":\"leaf\",\"index\":"));
    text_put_u64(line, entry->index);
    put_hex(line, STR(",\"hash\":"), entry->hash.bytes, sizeof entry->hash.bytes);
    put_member(line, STR(",\"body\":"), entry->body);
    text_put(line, STR(",\"open\":{"));
    for (size_t i = 0; i < entry->opening_count; i++) {
        const struct opening *o = &entry->openings[i];
        put_member(line, i == 0 ? STR("") : STR(","), o->field);
        put_hex(line, STR(":{\"salt\":"), o->salt, sizeof o->salt);
        put_member(line, STR(",\"value\":"), o->value);
        text_put_char(line, '}');
    }
    text_put(line, STR("}}\n"));
}

void export_put_row(struct text *line, const struct row *row)
{
    assert(line != NULL && row != NULL);
    put_member(line, STR("{\"type\":\"record\",\"kind\":"), row->kind);
    put_member(line, STR(",\"id\":"), row->id);
    text_put(line, STR(",\"fields\":{"));
    for (size_t i = 0; i < row->value_count; i++) {
        put_member(line, i == 0 ? STR("") : STR(","), row->values[i].name);
        put_member(line, STR(":"), row->values[i].value);
    }
    text_put(line, STR("}}\n"));
}

void export_put_head(struct text *line, const struct head *head)
{
    assert(line != NULL && head != NULL);
    text_put(line, STR("{\"type\":\"head\",\"size\":"));
    text_put_u64(line, head->size);
    put_hex(line, STR(",\"root\":"), head->root.bytes, sizeof head->root.bytes);
    text_put(line, STR(",\"at\":"));
    text_put_i64(line, head->at.us);
    put_member(line, STR(",\"key\":"), head->key);
    put_hex(line, STR(",\"signature\":"), head->signature.bytes, sizeof head->signature.bytes);
    text_put(line, STR("}\n"));
}
