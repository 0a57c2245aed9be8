/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/xml.h"

#include <assert.h>

void xml_init(struct xml *x, struct text *t)
{
    *x = (struct xml){.text = t};
    text_put_c(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

/* XML 1.0, 2.2: nothing below a space but three, no surrogates, no U+FFFE and U+FFFF. Those that
 * are UTF-8 at all and still forbidden begin with EF BF. */
static size_t rune_bytes(str s)
{
    unsigned char c = (unsigned char)s.at[0];
    if (c < 0x80)
        return c >= 0x20 ? 1 : 0;
    size_t size = c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    if (!str_is_utf8(str_until(s, size)) || s.size < size)
        return 0;
    bool is_none = c == 0xEF && (unsigned char)s.at[1] == 0xBF && (unsigned char)s.at[2] >= 0xBE;
    return is_none ? 0 : size;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

static void put_escaped(struct text *t, str s)
{
    while (!str_is_empty(s)) {
        const char *escape = escape_of(s.at[0]);
        size_t size = escape != NULL ? 1 : rune_bytes(s);
        if (escape != NULL)
            text_put_c(t, escape);
        else if (size > 0)
            text_put(t, str_until(s, size));
        else
            text_put_c(t, "\xEF\xBF\xBD");
        s = str_from(s, size > 0 ? size : 1);
    }
}

static void put_line(struct xml *x)
{
    text_put_char(x->text, '\n');
    for (uint8_t i = 0; i < x->depth; i++)
        text_put_c(x->text, "  ");
}

static void end_tag(struct xml *x)
{
    if (x->is_in_tag)
        text_put_char(x->text, '>');
    x->is_in_tag = false;
}

void xml_begin(struct xml *x, const char *name)
{
    assert(x->depth < XML_DEPTH);
    end_tag(x);
    if (x->depth > 0)
        put_line(x);
    text_put_char(x->text, '<');
    text_put_c(x->text, name);
    x->open[x->depth++] = name;
    x->is_in_tag = true;
    x->has_children = false;
}

void xml_attribute(struct xml *x, const char *name, str value)
{
    assert(x->is_in_tag);
    text_put_char(x->text, ' ');
    text_put_c(x->text, name);
    text_put_c(x->text, "=\"");
    put_escaped(x->text, value);
    text_put_char(x->text, '"');
}

void xml_words(struct xml *x, str words)
{
    assert(x->depth > 0);
    end_tag(x);
    put_escaped(x->text, words);
}

void xml_end(struct xml *x)
{
    assert(x->depth > 0);
    end_tag(x);
    x->depth--;
    if (x->has_children)
        put_line(x);
    text_put_c(x->text, "</");
    text_put_c(x->text, x->open[x->depth]);
    text_put_char(x->text, '>');
    x->has_children = true;
    if (x->depth == 0)
        text_put_char(x->text, '\n');
}

void xml_put(struct xml *x, const char *name, str words)
{
    xml_begin(x, name);
    xml_words(x, words);
    xml_end(x);
}

void xml_put_if_any(struct xml *x, const char *name, str words)
{
    if (!str_is_empty(words))
        xml_put(x, name, words);
}
