/* SPDX-License-Identifier: Apache-2.0 */
/*
 * list - reads the lists that others keep: one value a line, in the forms they have.
 *
 * Shape     put, put, … end; each entry comes out through the sink with its line.
 *
 *               bytes --inlet--> UTF-8 --lines--> entry     plain        evil.example
 *                                                           columns      evil.example<TAB>2024-…
 *                                                           with names   date,domain,who
 *                                                           hosts file   0.0.0.0 evil.example
 *                                                           filter       ||evil.example^
 *                                                           dnsmasq      server=/evil.example/…
 *
 *           Blank lines and comments (#, !, ;) are passed over. A first line that names its columns
 *           says which of them to read. A page of HTML is no list, nor is JSON, and one that breaks
 *           off within its compression is not whole: nothing may be concluded from what it does
 *           not say.
 * Owns      Library windows, until list_done.
 * Lives     In the caller's arena. An entry, until the sink returns.
 * Fails     put and end return what the sink failed with. list_end's verdict says what was wrong
 *           with the file: "feed.is_html", "feed.is_json", "compressed.*".
 * Threads   One.
 * Bounds    LIST_LINE_BYTES a line; LIST_READER_BYTES of arena, whatever the file.
 */
#ifndef YUMEN_FEED_LIST_H
#define YUMEN_FEED_LIST_H

#include "fact/listing.h"
#include "feed/inlet.h"
#include "feed/lines.h"

enum { LIST_LINE_BYTES = 4096, LIST_READER_BYTES = 16 << 20 };

struct list_sink {
    void *self;
    /* `code` is NULL for an entry; else the line is refused for it. */
    err (*line)(void *self, int64_t number, str value, const char *code);
};

/* Where the value of a line stands. */
struct list_form {
    enum indicator_kind kind; /* numbers are written with spaces, and addresses with commas */
    char separator;           /* of columns that the first line has named; else '\0' */
    size_t column;
};

struct list_reader {
    struct list_sink sink;
    struct list_form form;
    struct inlet inlet;
    struct lines lines;
    const char *fault; /* of the file as a whole */
    bool has_begun;
    bool has_entry; /* the first line that is no comment may name the columns */
};

/* A list of `kind`, in UTF-8 or GB 18030. */
err list_init(struct arena *a, enum indicator_kind kind, struct list_sink sink,
              struct list_reader *ret_reader);
void list_done(struct list_reader *r);
err list_put(struct list_reader *r, str bytes);
/* ret_fault: NULL, or a catalogue key when the file is not to be believed. */
err list_end(struct list_reader *r, const char **ret_fault);

/* What a line says: the value, or the empty str for a comment. For tests and fuzzing. */
str list_value(const struct list_form *form, str line);
/* Whether it holds several words, the first of which cannot be a value: a sentence, or a name with
 * blanks in it. What follows a value after a blank is a column, and stays unread. */
bool list_is_words(const struct list_form *form, str line);
/* Whether this line names the columns of those that follow; then *form says so. */
bool list_header(str line, struct list_form *form);

#endif
