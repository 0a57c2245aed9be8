/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever somebody sends as a report, nothing of it is gone without a word: it is read, or
 *   refused by its place and kept as it was typed, or what there was no room for is said.
 * Method: forms with one thing wrong each; forms that are too long; then forms drawn at random, of
 *   which every line must be found again.
 */
#include "app/report/report_form.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROOM = 1 << 20, SAID_MOST = 8000 };

static struct arena arena;
static struct report_form form;
static const struct law_profile law = {
    .currency = {"CNY", 3},
      .phone_region = {"CN",  2},
      .zone_min = 480
};

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 64 << 20);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_done(&arena);
    return 0;
}

static void read_text(const char *text)
{
    struct json_doc doc = {0};
    const struct report_reading reading = {.law = &law, .now = {1800000000000000}, .arena = &arena};
    assert_false(failed(json_doc_parse(str_from_c(text), ROOM, &doc)));
    assert_false(failed(report_form_read(&reading, doc.root, &form)));
    /* what is looked at afterwards, the words and what was kept, lies in the arena */
    json_doc_done(&doc);
}

static bool has(str whole, const char *part)
{
    return memmem(whole.at, whole.size, part, strlen(part)) != NULL;
}

static void assert_refused(const char *column, const char *code, const char *kept)
{
    assert_int_equal(form.line_count, 0);
    assert_int_equal(form.refusal_count, 1);
    assert_string_equal(form.refusals[0].code, code);
    assert_true(str_equal(form.refusals[0].column, str_from_c(column)));
    assert_true(has(form.said.said, kept));
}

static void one_wrong_thing(void **state)
{
    (void)state;
    read_text("{\"transfers\":{\"to\":\"BKA:1\",\"amount\":5}}");
    assert_refused("transfers", "transfers.not_list", "transfers {\"to\":\"BKA:1\",\"amount\":5}");
    read_text("{\"transfers\":\"500\"}");
    assert_refused("transfers", "transfers.not_list", "transfers \"500\"");
    read_text("{\"transfers\":false}");
    assert_refused("transfers", "transfers.not_list", "transfers false");
    read_text("{\"victim\":\"139\"}");
    assert_refused("victim", "json.kind", "victim \"139\"");
    read_text("{\"victim\":{\"name\":7}}");
    assert_refused("victim.name", "json.kind", "victim.name 7");
    read_text("{\"victim\":{\"number\":\"a\\u0001b\"}}");
    assert_refused("victim.number", "text.control", "victim.number \"a\\u0001b\"");
    read_text("{\"transfers\":[{\"to\":\"BKA:1\",\"amount\":12.5}]}");
    assert_refused("amount", "amount.fractional", "#1 {\"to\":\"BKA:1\",\"amount\":12.5}");
    read_text("{\"transfers\":[{\"to\":\"BKA:1\",\"amount\":0.1}]}");
    assert_refused("amount", "amount.fractional", "\"amount\":0.1}");
    read_text("{\"transfers\":[\"all of it\"]}");
    assert_refused("", "claim.not_object", "#1 \"all of it\"");
    read_text("{\"transfers\":[{\"to\":[1,{\"a\":null}]}]}");
    assert_refused("to", "json.kind", "#1 {\"to\":[1,{\"a\":null}]}");
    read_text("{\"transfers\":[{\"name\":\"\\u007f\"}]}");
    assert_refused("name", "text.control", "#1 {\"name\":\"\\u007f\"}");
    read_text("{\"transfers\":[{\"whom\":\"a neighbour\"}]}");
    assert_refused("to", "claim.to", "#1 {\"whom\":\"a neighbour\"}");
    read_text("{\"transfers\":[{\"from\":\"BKA:1000\",\"to\":\"BKA:1000\",\"amount\":5}]}");
    assert_refused("to", "claim.to_oneself", "#1 {\"from\":\"BKA:1000\"");
    read_text("{\"transfers\":[{\"from\":\"1000\",\"to\":\"BKA:1000\",\"amount\":5}]}");
    assert_refused("to", "claim.to_oneself", "#1 {\"from\":\"1000\"");
    read_text("{\"transfers\":null,\"victim\":null,\"said\":null}");
    assert_int_equal(form.refusal_count, 0);
    assert_true(str_is_empty(form.said.said));
}

static void put_repeated(struct text *t, const char *what, size_t times)
{
    for (size_t i = 0; i < times; i++)
        text_put_c(t, what);
}

static void no_room(void **state)
{
    (void)state;
    for (size_t letters = 2650; letters < 2670; letters++) {
        struct text t;
        text_init(&t, &arena);
        text_put_c(&t, "{\"transfers\":[\"");
        put_repeated(&t, "\xe5\xa5\xbd", letters);
        text_put_c(&t, "\"]}");
        text_put_char(&t, '\0');
        read_text(text_str(&t).at);
        bool is_whole = strlen("#1 \"\"") + 3 * letters < SAID_MOST;
        assert_int_equal(form.is_cut, !is_whole);
        assert_int_equal(form.refusal_count, is_whole ? 1 : 2);
        assert_string_equal(form.refusals[form.refusal_count - 1].code,
                            is_whole ? "claim.not_object" : "report.cut");
        assert_true(form.said.said.size <= SAID_MOST && str_is_utf8(form.said.said));
    }
}

/* In whichever place it is said, an amount of another money is not taken for ours. */
static void another_currency(void **state)
{
    (void)state;
    read_text("{\"transfers\":[{\"to\":\"BKA:1\",\"amount\":5,\"currency\":\"USD\"}]}");
    assert_refused("currency", "claim.currency", "#1 {\"to\":\"BKA:1\",\"amount\":5,\"currency\":");
    read_text("{\"currency\":\"USD\",\"transfers\":[{\"to\":\"BKA:1\",\"amount\":5}]}");
    assert_refused("currency", "claim.currency", "currency \"USD\"\n#1 {\"to\":\"BKA:1\"");
    assert_true(str_equal(form.said.currency, STR("CNY")));
    read_text("{\"transfers\":[{\"to\":\"BKA:1\",\"amount\":5,\"currency\":\"money\"}]}");
    assert_refused("currency", "currency.unknown", "#1 {\"to\":\"BKA:1\"");
    read_text("{\"transfers\":[{\"id\":\"t-9\",\"currency\":7}]}");
    assert_refused("currency", "currency.unknown", "#1 {\"id\":\"t-9\"");
    read_text("{\"currency\":\"USD\",\"transfers\":[{\"to\":\"BKA:1000\",\"amount\":5,"
              "\"currency\":\"CNY\"}]}");
    assert_int_equal(form.line_count, 1);
    assert_int_equal(form.refusal_count, 0);
    read_text("{\"currency\":\"CNY\",\"transfers\":[{\"to\":\"BKA:1000\",\"amount\":5}]}");
    assert_int_equal(form.line_count, 1);
    assert_true(str_is_empty(form.said.said));
}

/* A line is refused after it was read: what was typed is there all the same. */
static void refused_later(void **state)
{
    (void)state;
    read_text("{\"said\":\"he said so\",\"transfers\":[{\"id\":\"t-9\"}]}");
    assert_int_equal(form.line_count, 1);
    assert_true(str_equal(form.said.said, STR("he said so")));
    assert_false(failed(report_form_keep(&form, &form.lines[0], &arena)));
    assert_true(str_equal(form.said.said, STR("he said so\n#1 {\"id\":\"t-9\"}")));
}

static const char *const words[] = {
    "\"BKA:2000001\"", "5", "5.25", "true", "null", "[]", "{}", "\"\"", "-1", "\"7\""};
static const char *const keys[] = {"id", "from", "to", "amount", "time", "bank", "name", "odd"};

/* Every line that was sent is a line, or a refusal whose text is kept. */
static void drawn_at_random(void **state)
{
    (void)state;
    uint64_t seed = 20261123;
    for (int round = 0; round < 2000; round++) {
        struct text t;
        text_init(&t, &arena);
        text_put_c(&t, "{\"transfers\":[");
        size_t count = 1 + (size_t)(round % 4);
        for (size_t i = 0; i < count; i++) {
            text_put_c(&t, i == 0 ? "{" : ",{");
            for (size_t k = 0; k < COUNT_OF(keys); k++) {
                seed = seed * 6364136223846793005U + 1442695040888963407U;
                text_put_c(&t, k == 0 ? "\"" : ",\"");
                text_put_c(&t, keys[k]);
                text_put_c(&t, "\":");
                text_put_c(&t, words[(seed >> 33) % COUNT_OF(words)]);
            }
            text_put_c(&t, "}");
        }
        text_put_c(&t, "]}");
        text_put_char(&t, '\0');
        read_text(text_str(&t).at);
        assert_int_equal(form.line_count + form.refusal_count, count);
        for (size_t i = 0; i < form.refusal_count; i++) {
            char place[16];
            snprintf(place, sizeof place, "#%d {\"id\":", (int)form.refusals[i].line + 1);
            assert_true(has(form.said.said, place));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_wrong_thing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(no_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_currency, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refused_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(drawn_at_random, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
