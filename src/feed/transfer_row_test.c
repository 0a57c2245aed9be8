/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a bank's row becomes its transfer, and whatever is wrong with one is named by column and
 * code. Method: one good row of which a single column is changed at a time, read
 * through the reader.
 */
#include "feed/account_row.h"
#include "feed/transfer_row.h"

#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define BYTES_65 "0123456789012345678901234567890123456789012345678901234567890123x"

static const str now_text = {.at = "2026-11-22T20:00:00+08:00", .size = 25};

struct book {
    struct arena arena;
    struct transfer transfer;
    struct account_facts facts;
    str column;
    const char *code;
    int rows;
};

static err on_row(void *self, const struct feed_row *row)
{
    struct book *b = self;
    struct transfer_rules rules = {.currency = STR("CNY")};
    assert_false(failed(instant_parse(now_text, &rules.now)));
    bool is_transfer = str_equal(str_from_c(row->shape->name), STR("transfers"));
    err e = is_transfer ? transfer_row_read(row, &rules, &b->arena, &b->transfer, &b->column)
                        : account_row_read(row, &b->arena, &b->facts, &b->column);
    b->code = failed(e) ? e.why : "";
    b->transfer.id = str_copy(&b->arena, b->transfer.id);
    b->transfer.from = str_copy(&b->arena, b->transfer.from);
    b->transfer.to = str_copy(&b->arena, b->transfer.to);
    b->facts.account = str_copy(&b->arena, b->facts.account);
    b->rows++;
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

static void a_whole_row(void **state)
{
    (void)state;
    struct book b = {0};
    read_file(&b, "transfers",
              "id,time,from,to,amount,currency,from_bank,to_bank,channel,status,seq,balance_after,"
              "exit,device,ip\n"
              "t-1,2026-11-22T19:00:00.1239+08:00,6222021234567890128,1234567890,5000000,CNY,ICBC,"
              "ABC,mobile,pending,7,-12,atm,d1,10.0.0.1\n");
    const struct transfer *t = &b.transfer;
    assert_string_equal(b.code, "");
    assert_true(str_equal(t->id, STR("t-1")));
    assert_true(t->time_ms == INT64_C(1795345200123));
    assert_true(str_equal(t->from, STR("6222021234567890128")));
    assert_true(str_equal(t->to, STR("ABC:1234567890")));
    assert_true(t->amount_minor == 5000000 && t->status == TRANSFER_PENDING);
    assert_true(t->exit == EXIT_ATM && t->has_seq && t->seq == 7);
    assert_true(t->has_balance && t->balance_minor == -12);
    assert_string_equal(t->currency, "CNY");
    read_file(&b, "transfers",
              "amount,to,from,time,id\n"
              "1,a-token,a-token,1795345200123,x\n");
    assert_string_equal(b.code, "");
    assert_true(t->status == TRANSFER_BOOKED && t->exit == EXIT_NONE && !t->has_seq);
    assert_true(str_equal(t->from, t->to)); /* to oneself: accepted */
    assert_string_equal(t->currency, "CNY");
    arena_done(&b.arena);
}

/* Each of these in place of one column of a good row. */
static const struct {
    const char *column;
    const char *value;
    const char *code;
} wrong[] = {
    {"id",            "",                                 "value.missing"    },
    {"id",            BYTES_65,                           "value.too_long"   },
    {"time",          "",                                 "value.missing"    },
    {"time",          "yesterday",                        "time.malformed"   },
    {"time",          "2026-11-22T20:05:00+08:00",        ""                 },
    {"time",          "2026-11-22T20:05:00.001+08:00",    "transfer.future"  },
    {"time",          "9999999999999999",                 "time.range"       },
    {"time",          "1989-12-31T23:59:59Z",             "transfer.too_old" },
    {"time",          "1990-01-01T00:00:00Z",             ""                 },
    {"from",          "",                                 "value.missing"    },
    {"from",          "11010519491231002X",               "account.is_person"},
    {"from",          "two words",                        "account.token"    },
    {"from",          BYTES_65,                           "account.token"    },
    {"to",            "110105194912310021",               ""                 },
    {"to",            "二号账户",                     ""                 },
    {"amount",        "",                                 "value.missing"    },
    {"amount",        "0",                                "amount.zero"      },
    {"amount",        "000",                              "amount.zero"      },
    {"amount",        "-5",                               "amount.negative"  },
    {"amount",        "-5.5",                             "amount.negative"  },
    {"amount",        "1.5",                              "amount.fractional"},
    {"amount",        "100.00",                           "amount.fractional"},
    {"amount",        "1.5.5",                            "amount.malformed" },
    {"amount",        "+5",                               "amount.malformed" },
    {"amount",        "1e5",                              "amount.malformed" },
    {"amount",        "5 000",                            "amount.malformed" },
    {"amount",        "281474976710655",                  ""                 },
    {"amount",        "281474976710656",                  "amount.too_large" },
    {"amount",        "99999999999999999999999999999999", "amount.too_large" },
    {"currency",      "EUR",                              ""                 },
    {"currency",      "RMB",                              "currency.unknown" },
    {"currency",      "cny",                              "currency.unknown" },
    {"status",        "done",                             "status.unknown"   },
    {"status",        "Booked",                           "status.unknown"   },
    {"seq",           "-1",                               "seq.malformed"    },
    {"seq",           "1.5",                              "seq.malformed"    },
    {"balance_after", "x",                                "balance.malformed"},
    {"balance_after", "9999999999999999",                 "balance.malformed"},
    {"exit",          "casino",                           "exit.unknown"     },
};

static void what_is_wrong_is_named(void **state)
{
    (void)state;
    static const char *const columns[] = {
        "id", "time", "from", "to", "amount", "currency", "status", "seq", "balance_after", "exit"};
    static const char *const good[] = {
        "t1", "2026-11-22T19:00:00+08:00", "a", "b", "1", "", "", "", "", ""};
    struct book b = {0};
    struct arena turn;
    arena_init(&turn, 1 << 20);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        struct text t;
        arena_reset(&turn);
        text_init(&t, &turn);
        for (size_t c = 0; c < COUNT_OF(columns); c++)
            text_printf(&t, "%s%s", c == 0 ? "" : ",", columns[c]);
        for (size_t c = 0; c < COUNT_OF(columns); c++) {
            bool is_here = strcmp(columns[c], wrong[i].column) == 0;
            text_printf(&t, "%s%s", c == 0 ? "\n" : ",", is_here ? wrong[i].value : good[c]);
        }
        read_file(&b, "transfers", text_str(&t).at);
        assert_string_equal(b.code, wrong[i].code);
        if (wrong[i].code[0] != '\0')
            assert_true(str_equal(b.column, str_from_c(wrong[i].column)));
    }
    arena_done(&turn);
    arena_done(&b.arena);
}

static void an_account_of_a_bank(void **state)
{
    (void)state;
    struct book b = {0};
    read_file(&b, "accounts", "account,bank,holder_kind,opened\n12345678,ICBC,person,2025-01-31\n");
    assert_string_equal(b.code, "");
    assert_true(str_equal(b.facts.account, STR("ICBC:12345678")));
    read_file(&b, "accounts", "account,holder_kind\nx1,human\n");
    assert_string_equal(b.code, "holder_kind.unknown");
    read_file(&b, "accounts", "account,opened\nx1,2025-02-30\n");
    assert_string_equal(b.code, "opened.malformed");
    read_file(&b, "accounts", "account\n11010519491231002X\n");
    assert_string_equal(b.code, "account.is_person");
    arena_done(&b.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_whole_row),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(an_account_of_a_bank),
    };
    if (failed(kit_boot()))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
