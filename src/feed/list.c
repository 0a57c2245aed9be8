/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/list.h"

#include "fact/digits.h"
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

/* One cell of a row; of what stands in quotes, what is within. */
static str next_cell(str *rest, char separator)
{
    size_t end = 0;
    bool is_quoted = false;
    for (; end < rest->size && (is_quoted || rest->at[end] != separator); end++)
        is_quoted ^= rest->at[end] == '"';
    str cell = str_trim(str_until(*rest, end));
    *rest = str_from(*rest, end < rest->size ? end + 1 : end);
    bool has_quotes = cell.size >= 2 && cell.at[0] == '"' && cell.at[cell.size - 1] == '"';
    return has_quotes ? str_trim(str_make(cell.at + 1, cell.size - 2)) : cell;
}

static str cell_of(const struct list_form *form, str s)
{
    str cell = next_cell(&s, form->separator);
    for (size_t i = 0; i < form->column; i++)
        cell = next_cell(&s, form->separator);
    return cell;
}

static bool names_value(str cell, enum indicator_kind kind)
{
    static const char *const of_numbers[] = {"phone", "phonenumber", "phone_number", "telephone"};
    if (str_equal_nocase(cell, STR("value")) ||
        str_equal_nocase(cell, str_from_c(indicator_kind_words[kind])))
        return true;
    for (size_t i = 0; kind == INDICATOR_NUMBER && i < COUNT_OF(of_numbers); i++)
        if (str_equal_nocase(cell, str_from_c(of_numbers[i])))
            return true;
    return false;
}

bool list_header(str line, struct list_form *form)
{
    static const char separators[] = {'\t', ',', ';'};
    for (size_t i = 0; i < sizeof separators; i++) {
        str rest = str_trim(line);
        for (size_t column = 0; rest.size > 0; column++) {
            if (!names_value(next_cell(&rest, separators[i]), form->kind))
                continue;
            form->separator = separators[i];
            form->column = column;
            return true;
        }
    }
    return false;
}

/* "+86 21 2891 3888<TAB>who" "+56908985137,who" "600123123 # who": spaces are a number's own. */
static str number_value(str s)
{
    size_t end = 0;
    while (end < s.size && s.at[end] != '\t' && s.at[end] != ',' &&
           !(s.at[end] == '#' && is_blank(s.at[end - 1])))
        end++;
    return str_trim(str_until(s, end));
}

/* "0.0.0.0 evil.example": the name behind an address that leads nowhere. */
static str word_value(str s, enum indicator_kind kind)
{
    str word = first_word(s);
    if (leads_nowhere(word) && word.size < s.size)
        word = first_word(str_trim(str_from(s, word.size)));
    return kind == INDICATOR_URL ? word : str_until(word, str_find_char(word, ','));
}

str list_value(const struct list_form *form, str line)
{
    str s = str_trim(line);
    if (s.size == 0 || s.at[0] == '#' || s.at[0] == '!' || s.at[0] == ';')
        return STR("");
    if (form->separator != '\0')
        return cell_of(form, s);
    if (str_starts(s, STR("||")))
        return filter_value(s);
    if (str_starts(s, STR("server=/")) || str_starts(s, STR("address=/")))
        return dnsmasq_value(s);
    return form->kind == INDICATOR_NUMBER ? number_value(s) : word_value(s, form->kind);
}

/* A site or a link is never one label alone, but a row may go on after a comma. */
static bool may_be_site(str word)
{
    static const char *const marks[] = {".", ":", ",", "。", "．", "｡"};
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (str_has(word, str_from_c(marks[i])))
            return true;
    return false;
}

bool list_is_words(const struct list_form *form, str line)
{
    str s = str_trim(line);
    bool is_of_sites = form->kind == INDICATOR_DOMAIN || form->kind == INDICATOR_URL;
    str word = first_word(s);
    if (leads_nowhere(word)) {
        s = str_trim(str_from(s, word.size));
        word = first_word(s);
    }
    bool has_more = word.size < s.size && s.at[word.size] == ' ';
    return form->separator == '\0' && is_of_sites && has_more && !may_be_site(word);
}

static err take_line(struct list_reader *r, const struct line *line)
{
    if (failed(line->fault) || line->text.size > LIST_LINE_BYTES)
        return r->sink.line(r->sink.self, line->number, str_until(line->text, LIST_LINE_BYTES),
                            "row.too_long");
    str value = list_value(&r->form, line->text);
    if (str_is_empty(value))
        return OK;
    bool is_first = !r->has_entry;
    r->has_entry = true;
    if (is_first && list_header(line->text, &r->form))
        return OK;
    if (str_has(value, STR("\xEF\xBF\xBD")))
        return r->sink.line(r->sink.self, line->number, value, "text.not_utf8");
    if (list_is_words(&r->form, line->text))
        return r->sink.line(r->sink.self, line->number, str_trim(line->text), "row.words");
    return r->sink.line(r->sink.self, line->number, value, NULL);
}

/* By its first character; "[Adblock Plus 2.0]" begins a list. */
static const char *find_fault(str text)
{
    char first = text.at[0];
    char second = text.size > 1 ? text.at[1] : '\n';
    if (first == '<')
        return "feed.is_html";
    if (first == '{' || (first == '[' && char_is_of(second, STR(" \n\t{[\""))))
        return "feed.is_json";
    return NULL;
}

static err text_take(void *self, str utf8)
{
    struct list_reader *r = self;
    str text = str_trim(utf8);
    if (!r->has_begun && text.size > 0) {
        r->has_begun = true;
        r->fault = find_fault(text);
    }
    struct line line;
    while (r->fault == NULL && lines_step(&r->lines, &utf8, &line))
        TRY(take_line(r, &line));
    return OK;
}

err list_init(struct arena *a, enum indicator_kind kind, struct list_sink sink,
              struct list_reader *ret_reader)
{
    assert(sink.line != NULL);
    *ret_reader = (struct list_reader){.sink = sink, .form = {.kind = kind}};
    ret_reader->inlet = (struct inlet){.sink = text_take, .self = ret_reader};
    TRY(lines_init(&ret_reader->lines, a));
    return inlet_init(&ret_reader->inlet, a, CHARSET_UNKNOWN);
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
