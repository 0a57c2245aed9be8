/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two judges. A row without a quote is what stands between two line feeds, parted at commas; that
 * is nearly every row, and it is not copied. For the others, the scanner finds where a row ends by
 * counting quotes, which RFC 4180 allows without knowing anything else: a line feed ends the row
 * when the count is even. That gives bounded memory and a place to go on from. libcsv, strict, then
 * says whether the row is one and what its fields are.
 */
#include "kit/csvline.h"

#include <assert.h>
#include <csv.h>

enum { REFILL_BYTES = 64 << 10, KEPT_BYTES = 1 << 10, LIBCSV_GROWTH_BYTES = 16 << 10 };

#define NOWHERE SIZE_MAX

/* What is known of the row that begins the unread bytes. Sizes count from its beginning. */
struct scan {
    size_t size; /* of the part looked at */
    size_t first_newline;
    uint64_t newlines;
    bool in_quotes;
};

enum skip { SKIP_NOT, SKIP_ROW, SKIP_LINE };

struct csvline {
    struct csvline_limits limits;
    struct csv_parser libcsv;
    char *bytes; /* [begin, end) is unread */
    size_t room;
    size_t begin;
    size_t end;
    struct scan scan;
    uint64_t row; /* of the row at `begin` */
    uint64_t line;
    char *texts; /* the fields' bytes */
    size_t texts_size;
    str *fields;
    size_t field_count;
    enum skip skip; /* an oversize row is passing; its first bytes are kept before `begin` */
    size_t kept_bytes;
};

static int is_never(unsigned char c)
{
    (void)c;
    return 0;
}

static int is_line_feed(unsigned char c)
{
    return c == '\n';
}

static void libcsv_begin(struct csvline *c)
{
    int answer = csv_init(&c->libcsv, CSV_STRICT | CSV_STRICT_FINI);
    assert(answer == 0);
    csv_set_space_func(&c->libcsv, is_never); /* RFC 4180: spaces are part of a field */
    csv_set_term_func(&c->libcsv, is_line_feed);
    csv_set_blk_size(&c->libcsv, LIBCSV_GROWTH_BYTES);
}

static void libcsv_again(struct csvline *c)
{
    csv_free(&c->libcsv);
    libcsv_begin(c);
}

err csvline_init(struct arena *a, struct csvline_limits limits, struct csvline **ret_reader)
{
    struct csvline *c = arena_make(a, sizeof *c);
    if (c == NULL)
        return fail(ERR_LIMIT, "csvline: the arena is spent", 0);
    c->limits.row_bytes = limits.row_bytes == 0 ? CSVLINE_ROW_BYTES : limits.row_bytes;
    c->limits.columns = limits.columns == 0 ? CSVLINE_COLUMNS : limits.columns;
    c->kept_bytes = c->limits.row_bytes < KEPT_BYTES ? c->limits.row_bytes : KEPT_BYTES;
    c->room = c->limits.row_bytes + KEPT_BYTES + REFILL_BYTES;
    c->bytes = arena_make(a, c->room);
    c->texts = arena_make(a, c->limits.row_bytes);
    c->fields = arena_make_array(a, c->limits.columns, sizeof *c->fields);
    if (c->bytes == NULL || c->texts == NULL || c->fields == NULL)
        return fail(ERR_LIMIT, "csvline: the arena is spent", 0);
    c->scan.first_newline = NOWHERE;
    c->row = 1;
    c->line = 1;
    libcsv_begin(c);
    *ret_reader = c;
    return OK;
}

void csvline_done(struct csvline *c)
{
    if (c != NULL)
        csv_free(&c->libcsv);
}

static void on_field(void *bytes, size_t size, void *context)
{
    struct csvline *c = context;
    if (c->field_count < c->limits.columns) {
        assert(c->texts_size + size <= c->limits.row_bytes); /* unquoting only shortens */
        if (size > 0)
            memcpy(c->texts + c->texts_size, bytes, size);
        c->fields[c->field_count] = str_make(c->texts + c->texts_size, size);
        c->texts_size += size;
    }
    c->field_count++;
}

/* Lets libcsv see a row, or the beginning of one. False: a quote stands where none may, and libcsv
 * must begin again. */
static bool split(struct csvline *c, str raw)
{
    c->texts_size = 0;
    c->field_count = 0;
    size_t done = csv_parse(&c->libcsv, raw.at, raw.size, on_field, NULL, c);
    if (done == raw.size)
        return true;
    assert(csv_error(&c->libcsv) == CSV_EPARSE); /* else out of memory */
    return false;
}

/* Looks on for the row's end, a line feed outside quotes. */
static bool scan_on(struct csvline *c)
{
    struct scan *s = &c->scan;
    const char *row = c->bytes + c->begin;
    size_t size = c->end - c->begin;
    while (s->size < size) {
        char b = row[s->size];
        if (b == '"')
            s->in_quotes = !s->in_quotes;
        if (b == '\n' && !s->in_quotes)
            return true;
        if (b == '\n') {
            s->newlines++;
            if (s->first_newline == NOWHERE)
                s->first_newline = s->size;
        }
        s->size++;
    }
    return false;
}

/* The row is `size` bytes and its line feed, if there is one; the next one begins behind. */
static void row_drop(struct csvline *c, size_t size, uint64_t newlines)
{
    size_t begin = c->begin + size + 1;
    c->begin = begin < c->end ? begin : c->end;
    c->row++;
    c->line += newlines + 1;
    c->scan = (struct scan){.first_newline = NOWHERE};
}

static str without_cr(str line)
{
    return str_ends(line, STR("\r")) ? str_until(line, line.size - 1) : line;
}

/* Of a row beyond its limit the beginning is enough, and the same beginning however it came. */
static void row_begin(const struct csvline *c, str raw, struct csvline_row *ret_row)
{
    if (raw.size > c->limits.row_bytes)
        raw = str_until(raw, c->kept_bytes);
    *ret_row = (struct csvline_row){.row = c->row, .line = c->line, .raw = raw};
}

static uint32_t clamp(uint64_t row)
{
    return row < UINT32_MAX ? (uint32_t)row : UINT32_MAX;
}

/* A row whose quotes are broken is its first line; the others get their own chance. */
static void row_broken(struct csvline *c, const char *why, struct csvline_row *ret_row)
{
    bool is_more = c->scan.first_newline != NOWHERE;
    size_t size = is_more ? c->scan.first_newline : c->scan.size;
    row_begin(c, without_cr(str_make(c->bytes + c->begin, size)), ret_row);
    ret_row->fault = fail(ERR_MALFORMED, why, clamp(c->row));
    row_drop(c, size, 0);
}

/* A row that is one, but not for us. */
static void row_refused(struct csvline *c, err fault, struct csvline_row *ret_row)
{
    ret_row->fault = fault;
    row_drop(c, c->scan.size, c->scan.newlines);
}

static err too_long(const struct csvline *c)
{
    return fail(ERR_LIMIT, "row.too_long", clamp(c->row));
}

static err quote_open(const struct csvline *c)
{
    return fail(ERR_MALFORMED, "csv.quote_open", clamp(c->row));
}

static void row_answer(struct csvline *c, struct csvline_row *ret_row)
{
    if (c->field_count > c->limits.columns) {
        row_refused(c, fail(ERR_LIMIT, "row.too_many_columns", clamp(c->row)), ret_row);
        return;
    }
    ret_row->fields = c->fields;
    ret_row->field_count = c->field_count;
    row_drop(c, c->scan.size, c->scan.newlines);
}

static void row_split(struct csvline *c, struct csvline_row *ret_row)
{
    int answer = csv_fini(&c->libcsv, on_field, NULL, c);
    assert(answer == 0);
    row_answer(c, ret_row);
}

/* A whole row is in sight, or the last bytes of the file. False: a blank line, which is no row. */
static bool row_take(struct csvline *c, struct csvline_row *ret_row)
{
    str raw = without_cr(str_make(c->bytes + c->begin, c->scan.size));
    if (raw.size == 0) {
        row_drop(c, c->scan.size, 0);
        return false;
    }
    bool is_over = raw.size > c->limits.row_bytes;
    bool is_right = split(c, str_until(raw, c->limits.row_bytes));
    row_begin(c, raw, ret_row);
    if (is_right && !is_over && !c->scan.in_quotes) {
        row_split(c, ret_row);
        return true;
    }
    libcsv_again(c);
    if (!is_right)
        row_broken(c, "csv.quote", ret_row);
    else if (is_over)
        row_refused(c, c->scan.in_quotes ? quote_open(c) : too_long(c), ret_row);
    else
        row_broken(c, "csv.quote_open", ret_row);
    return true;
}

/* The row has outgrown its limit and no end is in sight. False: it is now being skipped. */
static bool row_overlong(struct csvline *c, struct csvline_row *ret_row)
{
    bool is_right = split(c, str_make(c->bytes + c->begin, c->limits.row_bytes));
    libcsv_again(c);
    if (!is_right && c->scan.first_newline != NOWHERE) {
        row_broken(c, "csv.quote", ret_row);
        return true;
    }
    c->skip = is_right ? SKIP_ROW : SKIP_LINE;
    memmove(c->bytes, c->bytes + c->begin, c->kept_bytes);
    c->begin = c->kept_bytes;
    c->end = c->kept_bytes;
    c->scan.size = 0;
    return false;
}

static void skip_report(struct csvline *c, struct csvline_row *ret_row)
{
    row_begin(c, str_make(c->bytes, c->kept_bytes), ret_row);
    err fault = fail(ERR_MALFORMED, "csv.quote", clamp(c->row));
    if (c->skip == SKIP_ROW)
        fault = c->scan.in_quotes ? quote_open(c) : too_long(c);
    c->skip = SKIP_NOT;
    row_refused(c, fault, ret_row);
}

static bool skip_line(struct csvline *c)
{
    const char *rest = c->bytes + c->begin;
    const char *feed = memchr(rest, '\n', c->end - c->begin);
    c->scan.size = feed == NULL ? c->end - c->begin : (size_t)(feed - rest);
    return feed != NULL;
}

static bool skip_on(struct csvline *c, struct csvline_row *ret_row)
{
    if (c->skip == SKIP_ROW ? scan_on(c) : skip_line(c)) {
        skip_report(c, ret_row);
        return true;
    }
    c->begin = c->kept_bytes;
    c->end = c->kept_bytes;
    c->scan.size = 0;
    return false;
}

/* The fields of a row without quotes lie in the buffer as they are. */
static void plain_split(struct csvline *c, str raw, struct csvline_row *ret_row)
{
    c->field_count = 0;
    for (const char *at = raw.at, *end = raw.at + raw.size; at <= end; c->field_count++) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma == NULL ? end : comma;
        if (c->field_count < c->limits.columns)
            c->fields[c->field_count] = str_make(at, (size_t)(stop - at));
        at = stop + 1;
    }
    row_begin(c, raw, ret_row);
    row_answer(c, ret_row);
}

/* The next row, when it lies here whole, is not too long and has no quotes. */
static bool plain_take(struct csvline *c, struct csvline_row *ret_row)
{
    while (c->scan.size == 0 && !c->limits.is_all_libcsv) {
        const char *row = c->bytes + c->begin;
        const char *feed = memchr(row, '\n', c->end - c->begin);
        size_t size = feed == NULL ? 0 : (size_t)(feed - row);
        if (feed == NULL || size > c->limits.row_bytes || memchr(row, '"', size) != NULL)
            return false;
        c->scan.size = size;
        str raw = without_cr(str_make(row, size));
        if (raw.size > 0) {
            plain_split(c, raw, ret_row);
            return true;
        }
        row_drop(c, size, 0);
    }
    return false;
}

/* Goes through what is in the buffer. */
static bool advance(struct csvline *c, struct csvline_row *ret_row)
{
    if (c->skip != SKIP_NOT)
        return skip_on(c, ret_row);
    if (plain_take(c, ret_row))
        return true;
    while (scan_on(c))
        if (row_take(c, ret_row))
            return true;
    bool is_over = c->scan.size > c->limits.row_bytes + 1; /* a CR may be part of the line end */
    return is_over && row_overlong(c, ret_row);
}

static void refill(struct csvline *c, str *in)
{
    size_t front = c->skip == SKIP_NOT ? 0 : c->kept_bytes;
    memmove(c->bytes + front, c->bytes + c->begin, c->end - c->begin);
    c->end = front + (c->end - c->begin);
    c->begin = front;
    size_t size = c->room - c->end < in->size ? c->room - c->end : in->size;
    assert(size > 0);
    memcpy(c->bytes + c->end, in->at, size);
    c->end += size;
    *in = str_from(*in, size);
}

bool csvline_step(struct csvline *c, str *in, struct csvline_row *ret_row)
{
    while (!advance(c, ret_row)) {
        if (in->size == 0)
            return false;
        refill(c, in);
    }
    return true;
}

bool csvline_end(struct csvline *c, struct csvline_row *ret_row)
{
    if (advance(c, ret_row))
        return true;
    if (c->skip != SKIP_NOT) {
        skip_report(c, ret_row);
        return true;
    }
    return c->begin < c->end && row_take(c, ret_row);
}
