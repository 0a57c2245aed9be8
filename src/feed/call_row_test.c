/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a carrier's row becomes the parts of a call that it tells of, and whatever is wrong with
 * one is named by column and code. Method: one good row of which a single column is changed at a
 * time, read through the reader.
 */
#include "feed/call_row.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static const str now_text = {.at = "2026-11-22T20:00:00+08:00", .size = 25};

struct book {
    struct arena arena;
    struct phone_call call;
    str column;
    const char *code;
};

static err on_row(void *self, const struct feed_row *row)
{
    struct book *b = self;
    struct call_rules rules = {.region = STR("CN")};
    assert_false(failed(instant_parse(now_text, &rules.now)));
    err e = call_row_read(row, &rules, &b->arena, &b->call, &b->column);
    b->code = failed(e) ? e.why : "";
    b->call.id = str_copy(&b->arena, b->call.id);
    b->call.caller = str_copy(&b->arena, b->call.caller);
    b->call.callee = str_copy(&b->arena, b->call.callee);
    b->call.imei = str_copy(&b->arena, b->call.imei);
    b->call.cell = str_copy(&b->arena, b->call.cell);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    struct book *b = self;
    b->code = refusal->code;
    b->column = str_copy(&b->arena, refusal->column);
    return OK;
}

static void read_file(struct book *b, const char *file)
{
    arena_done(&b->arena);
    *b = (struct book){0};
    arena_init(&b->arena, FEED_READER_BYTES + (1 << 20));
    struct feed_options options = {.format = FEED_CSV};
    assert_false(failed(feed_find(STR("calls"), &options.shape)));
    struct feed_sink sink = {.self = b, .row = on_row, .refused = on_refused};
    struct feed_reader *reader = NULL;
    assert_false(failed(feed_reader_init(&b->arena, options, sink, &reader)));
    assert_false(failed(feed_reader_put(reader, str_from_c(file))));
    assert_false(failed(feed_reader_end(reader)));
    feed_reader_done(reader);
}

static const char *const names[] = {
    "id",         "time",        "caller",      "callee",      "phase",   "kind", "answered",
    "duration_s", "caller_imsi", "caller_imei", "caller_cell", "ingress", "trunk"};
static const char *const good[] = {"c-1",
                                   "2026-11-22T19:00:00.9+08:00",
                                   "13912345678",
                                   "09318765432",
                                   "",
                                   "",
                                   "1",
                                   "61",
                                   "460001234567890",
                                   "352099001761481",
                                   "460-00-1-2",
                                   "",
                                   "t1"};

static void read_with(struct book *b, const char *column, const char *value)
{
    char file[1024];
    size_t size = 0;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        size +=
            (size_t)snprintf(file + size, sizeof file - size, "%s%s", i == 0 ? "" : ",", names[i]);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        size += (size_t)snprintf(file + size, sizeof file - size, "%s%s", i == 0 ? "\n" : ",",
                                 strcmp(names[i], column) == 0 ? value : good[i]);
    read_file(b, file);
}

static void a_whole_row(void **state)
{
    (void)state;
    struct book b = {0};
    read_with(&b, "none", "");
    const struct phone_call *c = &b.call;
    assert_string_equal(b.code, "");
    assert_true(str_equal(c->id, STR("c-1")) && c->time_s == 1795345200);
    assert_true(str_equal(c->caller, STR("+8613912345678")));
    assert_true(str_equal(c->callee, STR("+869318765432")));
    assert_true(c->parts == (CALL_SETUP | CALL_ANSWER | CALL_END) && c->duration_s == 61);
    assert_true(!c->is_text && !c->is_from_abroad);
    assert_true(str_equal(c->imei, STR("35209900176148")));
    read_file(&b, "callee,time,caller,id\n538,1795345200123,+8696110,x\n");
    assert_string_equal(b.code, "");
    assert_true(str_equal(c->callee, STR("538"))); /* as the network shows it */
    assert_true(c->parts == (CALL_SETUP | CALL_END) && c->duration_s == 0);
    arena_done(&b.arena);
}

/* In place of one column of the good row: the code, or the parts and seconds. */
static const struct {
    const char *column;
    const char *value;
    const char *code;
    unsigned parts; /* setup 1, answer 2, end 4 */
    uint32_t duration_s;
} changed[] = {
    {"phase",       "setup",                             "",                   1, 61    },
    {"phase",       "answer",                            "",                   2, 61    },
    {"phase",       "end",                               "",                   6, 61    },
    {"phase",       "ring",                              "phase.unknown",      0, 0     },
    {"answered",    "0",                                 "",                   5, 0     },
    {"answered",    "",                                  "",                   7, 61    },
    {"answered",    "yes",                               "answered.malformed", 0, 0     },
    {"duration_s",  "",                                  "",                   7, 0     },
    {"duration_s",  "-1",                                "duration.malformed", 0, 0     },
    {"duration_s",  "1.5",                               "duration.malformed", 0, 0     },
    {"duration_s",  "604800",                            "",                   7, 604800},
    {"duration_s",  "604801",                            "duration.malformed", 0, 0     },
    {"duration_s",  "99999999999",                       "duration.malformed", 0, 0     },
    {"kind",        "voice",                             "",                   7, 61    },
    {"kind",        "sms",                               "",                   7, 61    },
    {"kind",        "fax",                               "call.kind",          0, 0     },
    {"ingress",     "domestic",                          "",                   7, 61    },
    {"ingress",     "international",                     "",                   7, 61    },
    {"ingress",     "space",                             "ingress.unknown",    0, 0     },
    {"caller_imei", "35-20",                             "",                   7, 61    },
    {"time",        "2026-11-22T20:05:00+08:00",         "",                   7, 61    },
    {"time",        "2026-11-22T20:05:01+08:00",         "call.future",        0, 0     },
    {"time",        "1989-12-31T23:59:59Z",              "call.too_old",       0, 0     },
    {"time",        "soon",                              "time.malformed",     0, 0     },
    {"time",        "",                                  "value.missing",      0, 0     },
    {"caller",      "anonymous",                         "call.number",        0, 0     },
    {"callee",      "12345678901234567890123456789012",  "",                   7, 61    },
    {"callee",      "123456789012345678901234567890123", "call.number",        0, 0     },
    {"id",          "",                                  "value.missing",      0, 0     },
};

static void one_column_changed(void **state)
{
    (void)state;
    struct book b = {0};
    for (size_t i = 0; i < COUNT_OF(changed); i++) {
        read_with(&b, changed[i].column, changed[i].value);
        assert_string_equal(b.code, changed[i].code);
        if (b.code[0] != '\0') {
            assert_true(str_equal(b.column, str_from_c(changed[i].column)));
            continue;
        }
        assert_int_equal(b.call.parts, changed[i].parts);
        assert_int_equal(b.call.duration_s, changed[i].duration_s);
        assert_int_equal(b.call.is_text, strcmp(changed[i].value, "sms") == 0);
        assert_int_equal(b.call.is_from_abroad, strcmp(changed[i].value, "international") == 0);
    }
    arena_done(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_row),
        cmocka_unit_test(one_column_changed),
    };
    if (failed(kit_boot()))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
