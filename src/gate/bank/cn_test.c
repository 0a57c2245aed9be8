/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: each order has its code and the fields and lengths of the set; replies are understood, with
 * earlier freezes; what is odd is refused whole.
 * Method: a table of kinds, asks and codes; letters read back by the bank's side; replies written
 * by it; replies by hand; one mistake each.
 */
#include "gate/bank/cn.h"
#include "gate/bank/sample_test.h"

static str letter_of(const struct bank_ask *ask, struct arena *a)
{
    struct bank_letter letter;
    works(bank_write(FORM_CN, ask, a, &letter));
    is_str(letter.content_type, STR("application/xml"));
    return letter.bytes;
}

static str field(str bytes, const char *path, struct arena *a)
{
    const struct xml_node *root = NULL;
    str text = STR("");
    works(xml_parse(bytes, (struct xml_limits){1 << 20, 1000}, a, &root));
    works(text_at(root, path, &text));
    return text;
}

static void is_firms_reply(str code)
{
    assert_true(cn_is_reply(code, PROVIDER_PAYMENT));
    assert_false(cn_is_reply(code, PROVIDER_BANK));
}

static void each_order_has_its_code(void **state)
{
    (void)state;
    static const struct {
        unsigned kind;
        unsigned asked;
        unsigned query;
        const char *bank;
        const char *payment;
        const char *reply;
    } rows[] = {
        {ORDER_STOP,       ASK_PLACE,  0,                  "100101", "A00105", "100102"},
        {ORDER_STOP,       ASK_LIFT,   0,                  "100103", "A00107", "100104"},
        {ORDER_STOP,       ASK_EXTEND, 0,                  "100105", "A00107", "100106"},
        {ORDER_STOP,       ASK_TRIM,   0,                  NULL,     NULL,     NULL    },
        {ORDER_HOLD,       ASK_PLACE,  0,                  "100201", "A00205", "100202"},
        {ORDER_FREEZE,     ASK_PLACE,  0,                  "100201", "A00205", "100202"},
        {ORDER_FREEZE,     ASK_LIFT,   0,                  "100203", "A00207", "100204"},
        {ORDER_HOLD,       ASK_TRIM,   0,                  "100203", "A00207", "100204"},
        {ORDER_FREEZE,     ASK_EXTEND, 0,                  "100205", "A00207", "100206"},
        {ORDER_QUERY,      ASK_PLACE,  QUERY_TRANSACTIONS, "100301", "A00311", "100302"},
        {ORDER_QUERY,      ASK_PLACE,  QUERY_HOLDER,       "100303", NULL,     "100304"},
        {ORDER_QUERY,      ASK_PLACE,  QUERY_WATCH,        "100305", NULL,     "100306"},
        {ORDER_QUERY,      ASK_LIFT,   QUERY_WATCH,        "100307", NULL,     "100308"},
        {ORDER_QUERY,      ASK_PLACE,  QUERY_ACCOUNTS,     "100309", NULL,     "100310"},
        {ORDER_QUERY,      ASK_LIFT,   QUERY_HOLDER,       NULL,     NULL,     NULL    },
        {ORDER_DISCONNECT, ASK_PLACE,  0,                  NULL,     NULL,     NULL    },
        {ORDER_BLOCK,      ASK_PLACE,  0,                  NULL,     NULL,     NULL    },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a;
        struct bank_letter letter;
        char room[6];
        struct order o = sample_order();
        struct bank_ask ask = sample_ask(&o, NULL);
        arena_init(&a, 4 << 20);
        o.kind = rows[i].kind;
        o.asked = rows[i].asked;
        ask.query = rows[i].query;
        if (rows[i].bank == NULL)
            fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_CONFLICT, "bank.no_word");
        else
            is_str(field(letter_of(&ask, &a), "Head/TxCode", &a), str_from_c(rows[i].bank));
        ask.provider_kind = PROVIDER_PAYMENT;
        if (rows[i].payment == NULL)
            fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_CONFLICT, "bank.no_word");
        else
            is_str(field(letter_of(&ask, &a), "Head/TxCode", &a), str_from_c(rows[i].payment));
        if (rows[i].reply != NULL) {
            is_str(cn_reply_code(str_from_c(rows[i].bank), room), str_from_c(rows[i].reply));
            assert_true(cn_is_reply(str_from_c(rows[i].reply), PROVIDER_BANK));
            assert_false(cn_is_reply(str_from_c(rows[i].reply), PROVIDER_PAYMENT));
            assert_false(cn_is_reply(str_from_c(rows[i].bank), PROVIDER_BANK));
        }
        if (rows[i].payment != NULL)
            is_firms_reply(cn_reply_code(str_from_c(rows[i].payment), room));
        arena_done(&a);
    }
}

static void fields_have_their_lengths(void **state)
{
    (void)state;
    struct arena a;
    struct order o = sample_order();
    struct claim c = sample_payment();
    struct bank_ask ask = sample_ask(&o, &c);
    arena_init(&a, 4 << 20);
    str bytes = letter_of(&ask, &a);
    is_str(field(bytes, "Body/ApplicationID", &a), STR(ORDER_ID "-000000001"));
    str serial = field(bytes, "Head/TransSerialNumber", &a);
    is_str(serial, STR("000000620981"
                       "20261123094530"
                       "4N5P6Q7R8S9T0V1W2-000000001"));
    assert_int_equal(serial.size, CN_SERIAL);
    arena_done(&a);
}

static void letters_say_what_is_asked(void **state)
{
    (void)state;
    static const unsigned kinds[] = {ORDER_HOLD, ORDER_STOP, ORDER_FREEZE, ORDER_QUERY};
    struct order o = sample_order();
    struct claim c = sample_payment();
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (unsigned asked = ASK_PLACE; asked <= ASK_LIFT; asked++) {
            o.kind = kinds[k];
            o.asked = asked;
            o.ask = asked;
            o.amount = o.kind == ORDER_QUERY ? 0 : 5000050;
            if (cn_code_of(o.kind, asked, QUERY_TRANSACTIONS) == NULL)
                continue;
            struct bank_ask ask = sample_ask(&o, asked == ASK_PLACE ? &c : NULL);
            is_asked(FORM_CN, &ask);
        }
    o.kind = ORDER_FREEZE;
    o.asked = ASK_PLACE;
    o.amount = 0; /* the whole account */
    o.target = STR("ICBC:1234567890");
    struct bank_ask ask = sample_ask(&o, NULL);
    is_asked(FORM_CN, &ask);
    struct arena a;
    arena_init(&a, 4 << 20);
    str bytes = letter_of(&ask, &a);
    is_str(field(bytes, "Body/FreezeMode", &a), STR("02"));
    is_str(field(bytes, "Body/AccountNumber", &a), STR("1234567890"));
    o.amount = 1;
    bytes = letter_of(&ask, &a);
    is_str(field(bytes, "Body/FreezeMode", &a), STR("01"));
    is_str(field(bytes, "Body/FreezeAmount", &a), STR("0.01"));
    is_str(field(bytes, "Body/ExpireTime", &a), STR("20261125094530"));
    is_str(field(bytes, "Body/Reason", &a), STR("fake_police"));
    is_str(field(bytes, "Body/HolderNotice", &a), STR("依法止付"));
    ask.notice_url = STR("https://yumen.example/notice/x-y");
    ask.reason = STR("涉案账户");
    ask.basis = STR("第二十条");
    bytes = letter_of(&ask, &a);
    is_str(field(bytes, "Body/Reason", &a), STR("涉案账户"));
    is_str(field(bytes, "Body/LegalBasis", &a), STR("第二十条"));
    is_str(field(bytes, "Body/HolderNoticeURL", &a), STR("https://yumen.example/notice/x-y"));
    arena_done(&a);
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct arena a;
    struct bank_letter letter;
    struct order o = sample_order();
    struct bank_ask ask = sample_ask(&o, NULL);
    arena_init(&a, 4 << 20);
    o.id = STR("01234567890123456789012345678901234");
    fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    o = sample_order();
    o.ask = 1000000000;
    fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    o = sample_order();
    ask.provider_code = STR("1021000999961");
    fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    ask = sample_ask(&o, NULL);
    o.target = STR("012345678901234567890123456789012345678901234567890");
    fails(bank_write(FORM_CN, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    arena_done(&a);
}

static void answers_survive(void **state)
{
    (void)state;
    struct prior_freeze freezes[] = {
        {.authority = STR("某法院"),
         .reference = STR("(2026)甘01执1号"),
         .amount = 1000000,
         .rank = 2,
         .until = {sample_at.us + 90 * US_PER_DAY}},
        {.authority = STR("A&B"),                     .is_whole = true},
    };
    struct bank_said said[6];
    for (unsigned i = 0; i < 6; i++) {
        said[i] = sample_said(i < 4 ? i : RECEIPT_PENDING);
        said[i].ask = i + 1;
    }
    said[1].held = 5000050;
    said[1].balance = 0;
    said[1].currency = STR("CNY");
    said[1].freezes = (struct prior_list){freezes, 2, 2};
    said[2].words = STR("余额不足");
    said[3].code = STR("200010");
    said[3].words = STR("无此账户");
    said[4].code = STR("200002");
    said[5].code = STR("200003");
    for (size_t i = 0; i < 6; i++)
        survives(FORM_CN, &said[i], 1);
    survives(FORM_CN, said, 6);
}

/* --- by hand ---- */

#define HEAD(code)                                                                                 \
    "<Message><Head><TxCode>" code "</TxCode><TransSerialNumber>S1</TransSerialNumber>"            \
    "<CreateTime>20261123095000</CreateTime></Head>"
#define BODY(rest)  "<Body><ApplicationID>" ORDER_ID "-000000001</ApplicationID>" rest "</Body>"
#define REPLY(rest) HEAD("100202") BODY(rest) "</Message>"
#define DONE        "<Result>100000</Result>"

static void a_reply_is_understood(void **state)
{
    (void)state;
    struct arena a;
    struct bank_said_list list;
    struct bank_tongue tongue = sample_tongue(FORM_CN);
    arena_init(&a, 4 << 20);
    works(bank_read(&tongue,
                    STR(REPLY(DONE "<AccountBalance>0.50</AccountBalance><FrozenAmount>1.00"
                                   "</FrozenAmount><PriorFreezes><PriorFreeze><Authority>c"
                                   "</Authority><Amount>7</Amount></PriorFreeze></PriorFreezes>")),
                    &a, &list));
    assert_int_equal(list.count, 1);
    is_str(list.at[0].order, STR(ORDER_ID));
    is_str(list.at[0].currency, STR("CNY")); /* the centre's */
    is_str(list.at[0].key, STR("S1"));
    assert_int_equal(list.at[0].ask, 1);
    assert_int_equal(list.at[0].held, 100);
    assert_int_equal(list.at[0].balance, 50);
    assert_int_equal(list.at[0].at.us, sample_at.us + 270 * US_PER_S);
    assert_int_equal(list.at[0].freezes.at[0].amount, 700);
    works(bank_read(&tongue,
                    STR(REPLY("<Result>200009</Result><FailureCause>closed</FailureCause>"
                              "<FeedbackRemark>2019</FeedbackRemark>")),
                    &a, &list));
    assert_int_equal(list.at[0].result, RECEIPT_REFUSED);
    is_str(list.at[0].words, STR("closed; 2019"));
    is_str(list.at[0].currency, STR(""));
    arena_done(&a);
}

/* In the codes of payment firms, and of nobody else. */
static void a_payment_firm_is_understood(void **state)
{
    (void)state;
    static const char *const replies[] = {"A00106", "A00108", "A00206", "A00208", "A00312"};
    struct bank_tongue firm = sample_tongue(FORM_CN);
    struct bank_tongue bank = firm;
    struct bank_said_list list;
    firm.provider_kind = PROVIDER_PAYMENT;
    assert_false(cn_is_reply(STR("100108"), PROVIDER_BANK));
    assert_false(cn_is_reply(STR("A00105"), PROVIDER_PAYMENT));
    assert_false(cn_is_reply(STR(""), PROVIDER_PAYMENT));
    for (size_t i = 0; i < COUNT_OF(replies); i++) {
        struct arena a;
        struct text t;
        arena_init(&a, 4 << 20);
        text_init(&t, &a);
        text_put_c(&t, "<Message><Head><TxCode>");
        text_put_c(&t, replies[i]);
        text_put_c(&t, "</TxCode><TransSerialNumber>S1</TransSerialNumber></Head>" BODY(
                           DONE "<FrozenAmount>1.00</FrozenAmount>") "</Message>");
        works(bank_read(&firm, text_str(&t), &a, &list));
        assert_int_equal(list.at[0].held, 100);
        fails(bank_read(&bank, text_str(&t), &a, &list), ERR_MALFORMED, "bank.document");
        fails(bank_read(&firm, STR(REPLY(DONE)), &a, &list), ERR_MALFORMED, "bank.document");
        str bytes;
        struct bank_said said = sample_said(RECEIPT_DONE);
        const struct bank_said_list one = {&said, 1};
        works(far_write(&firm, NULL, &one, &a, &bytes)); /* a firm of ours speaks them, too */
        works(bank_read(&firm, bytes, &a, &list));
        arena_done(&a);
    }
}

#define REFUSED(bytes, code, why) is_refused(FORM_CN, bytes, code, why)

static void what_is_odd_is_refused(void **state)
{
    (void)state;
    enum err_code bad = ERR_MALFORMED;
    REFUSED("<Message/>", bad, "bank.absent");
    REFUSED("<Message xmlns='urn:x'/>", bad, "bank.document");
    REFUSED("<Other/>", bad, "bank.document");
    REFUSED("<!DOCTYPE Message><Message/>", bad, "xml.doctype");
    REFUSED(HEAD("100201") BODY(DONE) "</Message>", bad, "bank.document"); /* a request */
    REFUSED(HEAD("999998") BODY(DONE) "</Message>", bad, "bank.document");
    REFUSED(HEAD("100202") "</Message>", bad, "bank.absent");
    REFUSED(HEAD("100202") "<Body>" DONE "</Body></Message>", bad, "bank.absent");
    REFUSED(HEAD("100202") "<Body><ApplicationID>x</ApplicationID>" DONE "</Body></Message>", bad,
            "bank.reference");
    REFUSED(HEAD("100202") BODY(DONE) BODY(DONE) "</Message>", bad, "bank.absent");
    REFUSED(REPLY(""), bad, "bank.absent");
    REFUSED(REPLY("<Result>OK</Result>"), bad, "bank.result");
    REFUSED(REPLY("<Result>100009</Result>"), bad, "bank.result");
    REFUSED(REPLY(DONE DONE), bad, "xml.repeated");
    REFUSED(REPLY(DONE "<FrozenAmount>1.234</FrozenAmount>"), bad, "bank.amount");
    REFUSED(REPLY(DONE "<FrozenAmount>1e9</FrozenAmount>"), bad, "bank.amount");
    REFUSED(REPLY(DONE "<Currency>RMB</Currency><FrozenAmount>1</FrozenAmount>"), bad,
            "bank.currency");
    REFUSED(REPLY(DONE "<FeedbackTime>2026-11-23</FeedbackTime>"), bad, "bank.time");
    REFUSED(REPLY(DONE "<PriorFreezes><PriorFreeze/></PriorFreezes>"), bad, "bank.absent");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_order_has_its_code),   cmocka_unit_test(fields_have_their_lengths),
        cmocka_unit_test(letters_say_what_is_asked), cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(answers_survive),           cmocka_unit_test(a_reply_is_understood),
        cmocka_unit_test(what_is_odd_is_refused),    cmocka_unit_test(a_payment_firm_is_understood),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
