/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/table.h"

#include <assert.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { NARROWEST = 8, GAP = 2 };

#define BOLD  "\033[1m"
#define RED   "\033[31m"
#define RESET "\033[0m"

/* --- what is seen --- */

struct range {
    uint32_t first;
    uint32_t last;
};

static bool is_in(const struct range *ranges, size_t count, uint32_t rune)
{
    for (size_t i = 0; i < count; i++)
        if (rune >= ranges[i].first && rune <= ranges[i].last)
            return true;
    return false;
}

/* East Asian Wide and Fullwidth (UAX 11), by block. */
static bool is_wide(uint32_t rune)
{
    static const struct range wide[] = {
        {0x1100,  0x115F },
        {0x2E80,  0x303E },
        {0x3041,  0x33FF },
        {0x3400,  0x4DBF },
        {0x4E00,  0xA4CF },
        {0xAC00,  0xD7A3 },
        {0xF900,  0xFAFF },
        {0xFE30,  0xFE6F },
        {0xFF00,  0xFF60 },
        {0xFFE0,  0xFFE6 },
        {0x1F300, 0x1F64F},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD}
    };
    return rune >= 0x1100 && is_in(wide, COUNT_OF(wide), rune);
}

static bool is_mark(uint32_t rune)
{
    static const struct range marks[] = {
        {0x0300, 0x036F},
        {0x200B, 0x200D},
        {0x20D0, 0x20FF},
        {0xFE00, 0xFE0F}
    };
    return rune >= 0x0300 && is_in(marks, COUNT_OF(marks), rune);
}

/* Controls of ASCII and Latin-1, line and paragraph ends, and what turns text around. */
static bool is_obeyed(uint32_t rune)
{
    static const struct range obeyed[] = {
        {0x00,   0x1F  },
        {0x7F,   0x9F  },
        {0x061C, 0x061C},
        {0x200E, 0x200F},
        {0x2028, 0x202E},
        {0x2066, 0x2069},
        {0xFEFF, 0xFEFF}
    };
    return is_in(obeyed, COUNT_OF(obeyed), rune);
}

static size_t rune_bytes(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xF0)
        return 4;
    return lead >= 0xE0 ? 3 : 2;
}

/* The code point at `i` of text that is UTF-8; moves `i` past it. */
static uint32_t rune_take(str s, size_t *i)
{
    unsigned char lead = (unsigned char)s.at[*i];
    size_t bytes = rune_bytes(lead);
    uint32_t rune = bytes == 1 ? lead : lead & (0x7Fu >> bytes);
    for (size_t k = 1; k < bytes && *i + k < s.size; k++)
        rune = rune << 6 | ((unsigned char)s.at[*i + k] & 0x3Fu);
    *i += bytes;
    return rune;
}

static size_t rune_width(uint32_t rune)
{
    if (is_mark(rune))
        return 0;
    return is_wide(rune) ? 2 : 1;
}

size_t table_width(str text)
{
    size_t width = 0;
    for (size_t i = 0; i < text.size;)
        width += rune_width(rune_take(text, &i));
    return width;
}

/* Byte by byte: whatever is not ASCII becomes a question mark. */
static void put_bytes(struct text *t, str s)
{
    for (size_t i = 0; i < s.size; i++)
        text_put_char(t, s.at[i] >= ' ' && s.at[i] < 0x7F ? s.at[i] : '?');
}

static void put_runes(struct text *t, str s)
{
    for (size_t i = 0; i < s.size;) {
        size_t start = i;
        uint32_t rune = rune_take(s, &i);
        if (rune == '\n' || rune == '\t')
            text_put_char(t, ' ');
        else if (is_obeyed(rune))
            text_put(t, STR("\xEF\xBF\xBD"));
        else
            text_put(t, str_make(s.at + start, i - start));
    }
}

str table_harmless(struct arena *arena, str text)
{
    struct text t;
    text_init(&t, arena);
    if (str_is_utf8(text))
        put_runes(&t, text);
    else
        put_bytes(&t, text);
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* --- cells --- */

void table_init(struct table *t, const struct command_line *line,
                const struct table_column *columns, size_t column_count)
{
    assert(column_count > 0 && column_count <= TABLE_COLUMNS_MAX);
    *t = (struct table){.line = line, .columns = columns, .column_count = column_count};
}

void record_init(struct table *t, const struct command_line *line)
{
    table_init(t, line, NULL, 2);
}

void table_put_tone(struct table *t, str text, enum tone tone)
{
    if (t->count == t->room) {
        size_t room = t->room == 0 ? 64 : 2 * t->room;
        struct table_cell *cells =
            arena_grow(t->line->arena, t->cells, t->room * sizeof *cells, room * sizeof *cells);
        if (cells == NULL)
            return;
        t->cells = cells;
        t->room = room;
    }
    str shown = table_harmless(t->line->arena, text);
    t->cells[t->count++] =
        (struct table_cell){.text = shown, .width = table_width(shown), .tone = tone};
}

void table_put(struct table *t, str text)
{
    table_put_tone(t, text, TONE_PLAIN);
}

void record_put(struct table *t, const char *label, str value)
{
    if (str_is_empty(value))
        return;
    table_put(t, message(str_from_c(label), t->line->language));
    table_put(t, value);
}

/* --- layout --- */

struct layout {
    const struct table *table;
    FILE *out;
    size_t widths[TABLE_COLUMNS_MAX];
    bool is_coloured;
    bool is_cut;
    size_t gap; /* to be filled before the next cell that is not empty */
};

static size_t terminal_width(FILE *out)
{
    struct winsize size = {0};
    int fd = fileno(out);
    if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
        return 0;
    return size.ws_col;
}

static bool has_colour(FILE *out)
{
    const char *term = command_environment("TERM");
    bool is_dumb = term == NULL || strcmp(term, "dumb") == 0;
    return isatty(fileno(out)) && !is_dumb && command_environment("NO_COLOR") == NULL;
}

static void measure(struct layout *l)
{
    const struct table *t = l->table;
    assert(t->column_count > 0);
    for (size_t c = 0; t->columns != NULL && c < t->column_count; c++)
        l->widths[c] = table_width(message(str_from_c(t->columns[c].heading), t->line->language));
    for (size_t i = 0; i < t->count; i++) {
        size_t *width = &l->widths[i % t->column_count];
        if (t->cells[i].width > *width)
            *width = t->cells[i].width;
    }
}

/* Takes a column from the widest that may be cut, until all fit or none can give any more. */
static void narrow(struct layout *l, size_t most)
{
    const struct table *t = l->table;
    for (;;) {
        size_t sum = GAP * (t->column_count - 1);
        size_t widest = t->column_count;
        for (size_t c = 0; c < t->column_count; c++) {
            sum += l->widths[c];
            bool may_give = !t->columns[c].is_whole && l->widths[c] > NARROWEST;
            if (may_give && (widest == t->column_count || l->widths[c] > l->widths[widest]))
                widest = c;
        }
        if (sum <= most || widest == t->column_count)
            return;
        l->widths[widest]--;
        l->is_cut = true;
    }
}

static str cut(str text, size_t width)
{
    size_t used = 0;
    for (size_t i = 0; i < text.size;) {
        size_t start = i;
        used += rune_width(rune_take(text, &i));
        if (used > width - 1)
            return str_until(text, start);
    }
    return text;
}

static void put_cell(struct layout *l, struct table_cell cell, size_t column, bool is_bold)
{
    size_t most = l->widths[column];
    bool is_long = l->is_cut && cell.width > most;
    const char *colour = is_bold ? BOLD : cell.tone == TONE_ALARM ? RED : "";
    bool is_coloured = l->is_coloured && colour[0] != '\0';
    if (is_long) {
        cell.text = cut(cell.text, most);
        cell.width = table_width(cell.text) + 1;
    }
    if (cell.width > 0) {
        fprintf(l->out, "%*s%s", (int)l->gap, "", is_coloured ? colour : "");
        fprintf(l->out, "%.*s%s%s", STR_ARGS(cell.text), is_long ? "…" : "",
                is_coloured ? RESET : "");
        l->gap = 0;
    }
    l->gap += most - cell.width + GAP;
    if (column + 1 < l->table->column_count)
        return;
    (void)fputc('\n', l->out);
    l->gap = 0;
}

void table_print(const struct table *t, FILE *out)
{
    if (t->count == 0)
        return; /* headings alone say nothing */
    const size_t columns = t->column_count;
    assert(columns > 0);
    struct layout l = {.table = t, .out = out, .is_coloured = has_colour(out)};
    measure(&l);
    size_t most = terminal_width(out);
    if (t->columns != NULL && most > 0)
        narrow(&l, most);
    for (size_t c = 0; t->columns != NULL && c < columns; c++) {
        str heading = message(str_from_c(t->columns[c].heading), t->line->language);
        put_cell(&l, (struct table_cell){.text = heading, .width = table_width(heading)}, c, true);
    }
    bool is_record = t->columns == NULL;
    for (size_t i = 0; i < t->count; i++)
        put_cell(&l, t->cells[i], i % columns, is_record && i % 2 == 0);
}
