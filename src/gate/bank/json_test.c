/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: an order reads as the API has it, receipts as the API takes them; what is odd is refused.
 * Method: letters read back; receipts written and read; by hand, one mistake each.
 */
#include "gate/bank/sample_test.h"

static void letters_say_what_is_asked(void **state)
{
    (void)state;
    struct order o = sample_order();
    struct claim c = sample_payment();
    struct bank_ask ask = sample_ask(&o, &c);
    for (unsigned kind = 0; kind < ORDER_KIND_COUNT; kind++)
        for (unsigned asked = ASK_PLACE; asked <= ASK_LIFT; asked++) {
            o.kind = kind;
            o.asked = asked;
            is_asked(FORM_JSON, &ask);
        }
    struct arena a;
    struct bank_letter letter;
    arena_init(&a, 1 << 20);
    works(bank_write(FORM_JSON, &ask, &a, &letter));
    is_str(letter.key, STR(ORDER_ID "-1"));
    is_str(letter.content_type, STR("application/json"));
    assert_true(str_has(letter.bytes, STR("\"until\":\"2026-11-25T09:45:30+08:00\"")));
    assert_false(str_has(letter.bytes, STR("notice_url")));
    ask.notice_url = STR("https://yumen.example/notice/x-y");
    works(bank_write(FORM_JSON, &ask, &a, &letter));
    assert_true(str_has(letter.bytes, STR("\"notice\":\"依法止付\"")));
    assert_true(str_has(letter.bytes, STR("\"notice_url\":\"https://yumen.example/notice/x-y\"")));
    arena_done(&a);
}

static void answers_survive(void **state)
{
    (void)state;
    struct prior_freeze freezes[] = {
        {.authority = STR("某法院"),
         .reference = STR("1"),
         .amount = 1000000,
         .rank = 2,
         .until = {sample_at.us}},
        {.authority = STR("b"),                     .is_whole = true}
    };
    struct bank_said said[4];
    for (unsigned r = RECEIPT_PENDING; r <= RECEIPT_REFUSED; r++)
        said[r] = sample_said(r);
    said[0].order = STR(""); /* the path has said it */
    said[0].ask = 0;
    said[1].held = INT64_C(999999999999999999);
    said[1].currency = STR("CNY");
    said[1].freezes = (struct prior_list){freezes, 2, 2};
    said[2].about = SAID_RETURN;
    said[2].result = RECEIPT_DONE;
    said[2].returned = 7;
    said[2].payment = STR("T1");
    said[2].currency = STR("JPY");
    said[3].code = STR("AC04");
    said[3].words = STR("closed");
    for (size_t i = 0; i < 4; i++)
        survives(FORM_JSON, &said[i], 1);
    survives(FORM_JSON, said, 4);
}

static void a_plain_receipt_is_read(void **state)
{
    (void)state;
    struct arena a;
    struct bank_said_list list;
    struct bank_tongue tongue = sample_tongue(FORM_JSON);
    arena_init(&a, 1 << 20);
    works(bank_read(&tongue, STR("{\"result\":\"done\",\"held\":100,\"other\":1}"), &a, &list));
    assert_int_equal(list.count, 1);
    assert_int_equal(list.at[0].held, 100);
    assert_int_equal(list.at[0].balance, -1);
    is_str(list.at[0].currency, STR("CNY"));
    arena_done(&a);
}

static void what_is_odd_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        const char *why;
    } odd[] = {
        {"",                                                      "json.malformed"},
        {"[]",                                                    "bank.document" },
        {"{\"receipts\":[]}",                                     "bank.document" },
        {"{\"receipts\":{}}",                                     "bank.document" },
        {"{\"receipts\":[1]}",                                    "bank.document" },
        {"{}",                                                    "bank.result"   },
        {"{\"result\":\"maybe\"}",                                "bank.result"   },
        {"{\"result\":1}",                                        "bank.result"   },
        {"{\"result\":\"done\",\"held\":-1}",                     "bank.amount"   },
        {"{\"result\":\"done\",\"held\":1.5}",                    "bank.amount"   },
        {"{\"result\":\"done\",\"held\":1000000000000000000}",    "bank.amount"   },
        {"{\"result\":\"done\",\"held\":\"1\"}",                  "bank.amount"   },
        {"{\"result\":\"done\",\"held\":1,\"currency\":\"RMB\"}", "bank.currency" },
        {"{\"result\":\"done\",\"ask\":-1}",                      "bank.reference"},
        {"{\"result\":\"done\",\"at\":\"today\"}",                "bank.time"     },
        {"{\"result\":\"done\",\"result\":\"refused\"}",          "json.malformed"},
        {"{\"returned\":1}",                                      "bank.absent"   },
        {"{\"result\":\"done\",\"key\":1}",                       "json.kind"     },
    };
    for (size_t i = 0; i < COUNT_OF(odd); i++)
        is_refused(FORM_JSON, odd[i].bytes, ERR_MALFORMED, odd[i].why);
}

static void names_of_asks(void **state)
{
    (void)state;
    str order = STR("");
    int64_t ask = 0;
    works(bank_key_parse(STR("a-b-12"), &order, &ask));
    is_str(order, STR("a-b"));
    assert_int_equal(ask, 12);
    works(bank_key_parse(STR("a-0000000000000012"), &order, &ask));
    assert_int_equal(ask, 12);
    static const char *const wrong[] = {"",    "-",   "a",     "a-",    "-1",           "a-0",
                                        "a-x", "a--", "a b-1", "a/b-1", "a-1234567890", "a-+1"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        fails(bank_key_parse(str_from_c(wrong[i]), &order, &ask), ERR_MALFORMED, "bank.reference");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_say_what_is_asked),
        cmocka_unit_test(answers_survive),
        cmocka_unit_test(a_plain_receipt_is_read),
        cmocka_unit_test(what_is_odd_is_refused),
        cmocka_unit_test(names_of_asks),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
