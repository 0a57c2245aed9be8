/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/list.h"

#include "kit/charset.h"

#include <assert.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static str first_word(str s)
{
    size_t end = 0;
    while (end < s.size && !is_blank(s.at[end]))
        end++;
    return str_until(s, end);
}

/* "||name^$third-party" */
static str filter_value(str s)
{
    s = str_from(s, 2);
    size_t end = 0;
    while (end < s.size && s.at[end] != '^' && s.at[end] != '$')
        end++;
    return str_until(s, end);
}

/* "server=/name/114.114.114.114", "address=/name/" */
static str dnsmasq_value(str s)
{
    s = str_from(s, str_find_char(s, '/') + 1);
    return str_until(s, str_find_char(s, '/'));
}

static bool leads_nowhere(str word)
{
    return str_equal(word, STR("0.0.0.0")) || str_equal(word, STR("127.0.0.1")) ||
           str_equal(word, STR("::")) || str_equal(word, STR("::1"));
}

str list_value(str line)
{
    str s = str_trim(line);
    if (s.size == 0 || s.at[0] == '#' || s.at[0] == '!' || s.at[0] == ';')
        return STR("");
    if (str_starts(s, STR("||")))
        return filter_value(s);
    if (str_starts(s, STR("server=/")) || str_starts(s, STR("address=/")))
        return dnsmasq_value(s);
    str word = first_word(s);
    if (!leads_nowhere(word) || word.size == s.size)
        return word;
    return first_word(str_trim(str_from(s, word.size)));
}

static err take_line(struct list_reader *r, const struct line *line)
{
    if (failed(line->fault) || line->text.size > LIST_LINE_BYTES)
        return r->sink.line(r->sink.self, line->number, str_until(line->text, LIST_LINE_BYTES),
                            "row.too_long");
    str value = list_value(line->text);
    if (str_is_empty(value))
        return OK;
    bool is_text = !str_has(value, STR("\xEF\xBF\xBD"));
    return r->sink.line(r->sink.self, line->number, value, is_text ? NULL : "text.not_utf8");
}

static err text_take(void *self, str utf8)
{
    struct list_reader *r = self;
    str text = str_trim(utf8);
    if (!r->has_begun && text.size > 0) {
        r->has_begun = true;
        if (text.at[0] == '<')
            r->fault = "feed.is_html";
    }
    struct line line;
    while (r->fault == NULL && lines_step(&r->lines, &utf8, &line))
        TRY(take_line(r, &line));
    return OK;
}

err list_init(struct arena *a, enum charset charset, struct list_sink sink,
              struct list_reader *ret_reader)
{
    assert(sink.line != NULL);
    *ret_reader = (struct list_reader){.sink = sink};
    ret_reader->inlet = (struct inlet){.sink = text_take, .self = ret_reader};
    TRY(lines_init(&ret_reader->lines, a));
    return inlet_init(&ret_reader->inlet, a, charset);
}

void list_done(struct list_reader *r)
{
    inlet_done(&r->inlet);
}

err list_put(struct list_reader *r, str bytes)
{
    return inlet_put(&r->inlet, bytes);
}

err list_end(struct list_reader *r, const char **ret_fault)
{
    struct line line;
    TRY(inlet_end(&r->inlet));
    if (r->fault == NULL && failed(r->inlet.damage))
        r->fault = r->inlet.damage.why;
    if (r->fault == NULL && lines_end(&r->lines, &line))
        TRY(take_line(r, &line));
    *ret_fault = r->fault;
    return OK;
}
