/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a visit and a message become what they report, and whatever is wrong with one is named by
 * column and code; a broken link hides no good one, and text counts with consent alone.
 * Method: good rows of which a single column is changed at a time, read through the reader.
 */
#include "feed/online_row.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const str now_text = {.at = "2026-11-22T20:00:00+08:00", .size = 25};

struct book {
    struct arena arena;
    struct visit visit;
    struct link_message message;
    str column;
    const char *code;
};

static err on_row(void *self, const struct feed_row *row)
{
    struct book *b = self;
    struct online_rules rules = {.region = STR("CN")};
    assert_false(failed(instant_parse(now_text, &rules.now)));
    bool is_visit = row->shape->column_count == VISITS_COLUMN_COUNT;
    err e = is_visit ? visit_row_read(row, &rules, &b->arena, &b->visit, &b->column)
                     : message_row_read(row, &rules, &b->arena, &b->message, &b->column);
    b->code = failed(e) ? e.why : "";
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct book *b = self;
    b->code = refusal->code;
    b->column = str_copy(&b->arena, refusal->column);
    return OK;
}

static void read_file(struct book *b, const char *feed, const char *file)
{
    arena_done(&b->arena);
    *b = (struct book){0};
    arena_init(&b->arena, FEED_READER_BYTES + (1 << 20));
    struct feed_options options = {.format = FEED_CSV};
    assert_false(failed(feed_find(str_from_c(feed), &options.shape)));
    struct feed_sink sink = {.self = b, .row = on_row, .refused = on_refused};
    struct feed_reader *reader = NULL;
    assert_false(failed(feed_reader_init(&b->arena, options, sink, &reader)));
    assert_false(failed(feed_reader_put(reader, str_from_c(file))));
    assert_false(failed(feed_reader_end(reader)));
    feed_reader_done(reader);
}

/* The columns of both feeds, and a good row of each. */
static const struct feed {
    const char *name;
    const char *columns[6];
    const char *good[6];
    size_t count;
} feeds[] = {
    {"visits",
     {"time", "subscriber", "domain", "resolver"},
     {"2026-11-22T19:00:00.9+08:00", "13912345678", "WWW.Shop.example.", "r1"},
     4},
    {"messages",
     {"time", "sender", "subscriber", "urls", "text", "consent"},
     {"2026-11-22T19:00:00+08:00", "ICBC", "13912345678", "https://Shop.example/a", "", ""},
     6},
};

/* `also`: another column that is changed with it; NULL: none. */
static void read_with(struct book *b, const struct feed *f, const char *const changes[4])
{
    char file[4096];
    size_t size = 0;
    for (size_t i = 0; i < f->count; i++)
        size += (size_t)snprintf(file + size, sizeof file - size, "%s%s", i == 0 ? "" : ",",
                                 f->columns[i]);
    for (size_t i = 0; i < f->count; i++) {
        const char *value = f->good[i];
        for (size_t k = 0; k < 4 && changes[k] != NULL; k += 2)
            value = strcmp(f->columns[i], changes[k]) == 0 ? changes[k + 1] : value;
        size +=
            (size_t)snprintf(file + size, sizeof file - size, "%s%s", i == 0 ? "\n" : ",", value);
    }
    read_file(b, f->name, file);
}

static const char *const nothing[4] = {NULL};

static void whole_rows(void **state)
{
    (void)state;
    struct book b = {0};
    read_with(&b, &feeds[0], nothing);
    assert_string_equal(b.code, "");
    assert_true(b.visit.time_s == 1795345200);
    assert_true(str_equal(b.visit.subscriber, STR("+8613912345678")));
    assert_true(str_equal(b.visit.domain, STR("www.shop.example")));
    read_with(&b, &feeds[1], nothing);
    assert_string_equal(b.code, "");
    assert_true(str_equal(b.message.sender, STR("ICBC")) && !b.message.is_sender_number);
    assert_true(b.message.link_count == 1 && b.message.beyond == 0 && !b.message.has_text);
    assert_true(str_equal(b.message.links[0], STR("https://shop.example/a")));
    arena_done(&b.arena);
}

/* In place of a column or two of a good row: the code and the column named, or how many links. */
/* clang-format off */
static const struct {
    size_t feed;
    const char *changes[4];
    const char *code;
    size_t links;
    size_t beyond;
} changed[] = {
    {0, {"time", "2026-11-22T20:05:00+08:00"}, "", 0, 0},
    {0, {"time", "2026-11-22T20:05:01+08:00"}, "online.future", 0, 0},
    {0, {"time", "2026-11-23T20:00:00+08:00"}, "online.future", 0, 0},
    {0, {"time", "1989-12-31T23:59:59Z"}, "online.too_old", 0, 0},
    {0, {"time", "soon"}, "time.malformed", 0, 0},
    {0, {"subscriber", "somebody"}, "number.letters", 0, 0},
    {0, {"subscriber", ""}, "value.missing", 0, 0},
    {0, {"domain", "192.0.2.1"}, "domain.is_ip", 0, 0},
    {0, {"domain", "com"}, "domain.is_suffix", 0, 0},
    {1, {"time", "2026-11-22T20:05:01+08:00"}, "online.future", 0, 0},
    {1, {"sender", "13800138000"}, "", 1, 0},
    {1, {"sender", ""}, "value.missing", 0, 0},
    {1, {"subscriber", "12"}, "number.too_short", 0, 0},
    {1, {"urls", "https://a.example/ http://b.example/x"}, "", 2, 0},
    {1, {"urls", "c.example/x"}, "", 1, 0},
    {1, {"urls", "ftp://a.example/ https://b.example/"}, "", 1, 1},
    {1, {"urls", "ftp://a.example/"}, "message.urls", 0, 0},
    {1, {"text", "your parcel: https://p.example/x!"}, "message.consent", 0, 0},
    {1, {"text", "x", "consent", "no"}, "message.consent", 0, 0},
    {1, {"text", "parcel: https://p.example/x! now", "consent", "c-17"}, "", 2, 0},
    {1, {"text", "\xe7\x82\xb9https://p.example\xef\xbc\x8c", "consent", "1"}, "", 2, 0},
    {1, {"text", "http and https and ://", "consent", "1"}, "", 1, 0},
    {1, {"text", "https://", "consent", "1"}, "", 1, 1},
};
/* clang-format on */

static void columns_changed(void **state)
{
    (void)state;
    struct book b = {0};
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        read_with(&b, &feeds[changed[i].feed], changed[i].changes);
        assert_string_equal(b.code, changed[i].code);
        if (b.code[0] != '\0') {
            const char *column =
                strcmp(b.code, "message.consent") == 0 ? "consent" : changed[i].changes[0];
            assert_true(str_equal(b.column, str_from_c(column)));
            continue;
        }
        assert_int_equal(b.message.link_count, changed[i].links);
        assert_int_equal(b.message.beyond, changed[i].beyond);
    }
    arena_done(&b.arena);
}

/* Goal: a message of many links costs no more than MESSAGE_LINKS of them. */
static void too_many_links(void **state)
{
    (void)state;
    struct book b = {0};
    char urls[1024] = "";
    size_t size = 0;
    for (size_t i = 0; i < MESSAGE_LINKS + 3; i++)
        size += (size_t)snprintf(urls + size, sizeof urls - size, "%sa%zu.example",
                                 i == 0 ? "" : " ", i);
    const char *const changes[4] = {"urls", urls};
    read_with(&b, &feeds[1], changes);
    assert_string_equal(b.code, "");
    assert_int_equal(b.message.link_count, MESSAGE_LINKS);
    assert_int_equal(b.message.beyond, 3);
    arena_done(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_rows),
        cmocka_unit_test(columns_changed),
        cmocka_unit_test(too_many_links),
    };
    if (failed(kit_boot()))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
