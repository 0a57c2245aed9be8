/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: what we write is ISO 20022, and says all that was asked; what banks answer is understood,
 * however they wrap it; what is odd is refused whole.
 * Method: letters of every kind and ask, read back by the bank's side and held against the schemas
 * with xmllint (both from tests/data; skipped without them); answers written by the bank's side;
 * answers by hand, with and without our supplementary data; one mistake each.
 */
#include "gate/bank/sample_test.h"

static void is_schema_valid(const struct bank_ask *ask)
{
    struct arena a;
    struct bank_letter letter;
    arena_init(&a, 4 << 20);
    works(bank_write(FORM_ISO20022, ask, &a, &letter));
    is_str(letter.content_type, STR("application/xml"));
    sample_is_valid(letter.bytes, "camt.056.001.08");
    arena_done(&a);
}

static void letters_say_what_is_asked(void **state)
{
    (void)state;
    static const unsigned kinds[] = {ORDER_HOLD, ORDER_STOP, ORDER_FREEZE};
    struct order o = sample_order();
    struct claim c = sample_payment();
    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        for (unsigned asked = ASK_PLACE; asked <= ASK_LIFT; asked++) {
            o.kind = kinds[k];
            o.asked = asked;
            o.ask = asked;
            struct bank_ask ask = sample_ask(&o, asked == ASK_PLACE ? &c : NULL);
            is_asked(FORM_ISO20022, &ask);
        }
    o.amount = 0;
    o.target = STR("DE89370400440532013000");
    o.name = STR("");
    o.bank = STR("");
    o.basis = STR("");
    struct bank_ask ask = sample_ask(&o, NULL);
    is_asked(FORM_ISO20022, &ask);
}

/* In words where there are any, and where the holder reads them; valid all the same. */
static void letters_tell_the_holder(void **state)
{
    (void)state;
    struct arena a;
    struct bank_letter letter;
    struct order o = sample_order();
    struct bank_ask ask = sample_ask(&o, NULL);
    arena_init(&a, 4 << 20);
    ask.notice_url = STR("https://yumen.example/notice/x-y");
    ask.reason = STR("涉案账户");
    ask.basis = STR("第二十条 & 其他");
    works(bank_write(FORM_ISO20022, &ask, &a, &letter));
    assert_true(str_has(letter.bytes, STR("<AddtlInf>涉案账户</AddtlInf>")));
    assert_true(str_has(letter.bytes, STR("<AddtlInf>第二十条 &amp; 其他</AddtlInf>")));
    assert_true(str_has(letter.bytes, STR("<Reason>fake_police</Reason>")));
    assert_true(str_has(letter.bytes, STR("<Notice>依法止付</Notice>")));
    assert_true(
        str_has(letter.bytes, STR("<NoticeURL>https://yumen.example/notice/x-y</NoticeURL>")));
    is_schema_valid(&ask);
    arena_done(&a);
}

static void letters_are_the_standards(void **state)
{
    (void)state;
    struct order o = sample_order();
    struct claim c = sample_payment();
    struct bank_ask ask = sample_ask(&o, &c);
    is_schema_valid(&ask);
    o.asked = ASK_LIFT;
    o.ask = 2;
    ask.payment = NULL;
    is_schema_valid(&ask);
    /* As long and as odd as they come. */
    struct text t;
    struct arena a;
    arena_init(&a, 1 << 20);
    text_init(&t, &a);
    for (int i = 0; i < 400; i++)
        text_put_c(&t, "冒充公检法 \x01<&>");
    o.reason = text_str(&t);
    o.basis = o.reason;
    o.name = o.reason;
    o.asked_at.us += 123456;
    o.amount = 0;
    o.target = STR("DE89370400440532013000");
    c.from = STR("alipay:+8613912345678");
    c.transfer = STR("0123456789012345678901234567890123456789");
    c.sent_at = (instant){0};
    ask.payment = &c;
    ask.centre = o.reason;
    is_schema_valid(&ask);
    o.currency = STR("JPY");
    o.amount = 7;
    is_schema_valid(&ask);
    arena_done(&a);
}

/* What was asked in JSON for want of a word is answered in JSON. */
static void json_is_read_as_such(void **state)
{
    (void)state;
    struct arena a;
    struct bank_said_list said = {0};
    const struct bank_tongue tongue = {.form = FORM_ISO20022, .currency = STR("CNY")};
    arena_init(&a, 4 << 20);
    assert_int_equal(bank_read(&tongue, STR(" {\"result\": \"done\", \"ask\": 2}"), &a, &said).code,
                     ERR_NONE);
    assert_int_equal(said.count, 1);
    assert_int_equal(said.at[0].ask, 2);
    assert_int_equal(said.at[0].result, RECEIPT_DONE);
    arena_done(&a);
}

static void what_has_no_words_is_refused(void **state)
{
    (void)state;
    struct arena a;
    struct bank_letter letter;
    struct order o = sample_order();
    struct bank_ask ask = sample_ask(&o, NULL);
    arena_init(&a, 4 << 20);
    o.kind = ORDER_QUERY;
    fails(bank_write(FORM_ISO20022, &ask, &a, &letter), ERR_CONFLICT, "bank.no_word");
    o = sample_order();
    o.target_kind = INDICATOR_NUMBER;
    fails(bank_write(FORM_ISO20022, &ask, &a, &letter), ERR_CONFLICT, "bank.no_word");
    o = sample_order();
    o.currency = STR("ZZZ");
    fails(bank_write(FORM_ISO20022, &ask, &a, &letter), ERR_CONFLICT, "bank.currency");
    o = sample_order();
    o.target = STR("01234567890123456789012345678901234"); /* one more than the standard has */
    fails(bank_write(FORM_ISO20022, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    o = sample_order();
    o.ask = 1000000000;
    fails(bank_write(FORM_ISO20022, &ask, &a, &letter), ERR_LIMIT, "bank.too_long");
    o = sample_order();
    struct arena small;
    arena_init(&small, 2048);
    err e = bank_write(FORM_ISO20022, &ask, &small, &letter);
    assert_int_equal(e.code, ERR_LIMIT);
    arena_done(&small);
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
    struct bank_said said[4];
    for (unsigned r = RECEIPT_PENDING; r <= RECEIPT_REFUSED; r++)
        said[r] = sample_said(r);
    said[0].key = STR("K0");
    said[1].held = 5000050;
    said[1].balance = 0;
    said[1].currency = STR("CNY");
    said[1].freezes = (struct prior_list){freezes, 2, 2};
    said[2].ask = 3;
    said[2].held = 1;
    said[2].currency = STR("JPY");
    said[2].key = STR("a key of its own that is longer than what the standard has");
    said[3].code = STR("AC04");
    said[3].words = STR("account closed in 2019; see <letter>");
    for (size_t i = 0; i < 4; i++)
        survives(FORM_ISO20022, &said[i], 1);
    struct text t;
    struct arena a;
    arena_init(&a, 1 << 20);
    text_init(&t, &a);
    for (int i = 0; i < 20; i++)
        text_put_c(&t, "账户余额不足，已冻结部分 ");
    said[0].words = str_trim(text_str(&t));
    said[0].code = STR("OWN1-too-long");
    said[3].key = STR("K3");
    for (size_t i = 0; i < 4; i++)
        said[i].ask = (int64_t)i + 1; /* each its case */
    survives(FORM_ISO20022, said, 4);
    arena_done(&a);
}

static void returns_survive(void **state)
{
    (void)state;
    struct bank_said said[2] = {sample_said(RECEIPT_DONE), sample_said(RECEIPT_DONE)};
    for (size_t i = 0; i < 2; i++) {
        said[i].about = SAID_RETURN;
        said[i].payment = STR("T-20261123-000017");
        said[i].returned = 8800099;
        said[i].currency = STR("CNY");
        said[i].code = STR("FOCR");
    }
    said[1].order = STR("");
    said[1].ask = 0;
    said[1].key = STR("R2");
    survives(FORM_ISO20022, said, 2);
}

static void answers_are_the_standards(void **state)
{
    (void)state;
    struct arena a;
    struct bank_tongue tongue = sample_tongue(FORM_ISO20022);
    struct bank_said said[2] = {sample_said(RECEIPT_PARTIAL), sample_said(RECEIPT_REFUSED)};
    str bytes;
    arena_init(&a, 4 << 20);
    said[0].held = 100;
    said[0].currency = STR("CNY");
    said[1].code = STR("NOAS");
    works(far_write(&tongue, NULL, &(struct bank_said_list){said, 2}, &a, &bytes));
    sample_is_valid(bytes, "camt.029.001.09");
    said[0].about = SAID_RETURN;
    said[0].returned = 5;
    said[0].payment = STR("T1");
    works(far_write(&tongue, NULL, &(struct bank_said_list){said, 1}, &a, &bytes));
    sample_is_valid(bytes, "pacs.004.001.10");
    fails(far_write(&tongue, NULL, &(struct bank_said_list){said, 2}, &a, &bytes), ERR_CONFLICT,
          "bank.no_word");
    arena_done(&a);
}

/* --- by hand, as banks write ---- */

#define SPACE(version) "urn:iso:std:iso:20022:tech:xsd:camt.029.001." version
#define HEAD           "<Assgnmt><Id>B1</Id><CreDtTm>2026-11-23T09:50:00</CreDtTm></Assgnmt>"
#define CASE           "<RslvdCase><Id>" ORDER_ID "-1</Id></RslvdCase>"
#define OPEN           "<Document xmlns='" SPACE("09") "'><RsltnOfInvstgtn>"
#define CLOSE          "</RsltnOfInvstgtn></Document>"

static struct bank_said only_answer(const char *bytes, struct arena *a)
{
    struct bank_tongue tongue = sample_tongue(FORM_ISO20022);
    struct bank_said_list list;
    works(bank_read(&tongue, str_from_c(bytes), a, &list));
    assert_int_equal(list.count, 1);
    is_str(list.at[0].order, STR(ORDER_ID));
    assert_int_equal(list.at[0].ask, 1);
    return list.at[0];
}

static void every_status_has_its_meaning(void **state)
{
    (void)state;
    static const struct {
        const char *code;
        unsigned result;
    } conf[] = {
        {"CNCL", RECEIPT_DONE   },
        {"IPAY", RECEIPT_DONE   },
        {"PECR", RECEIPT_PARTIAL},
        {"PDCR", RECEIPT_PENDING},
        {"CWFW", RECEIPT_PENDING},
        {"RJCR", RECEIPT_REFUSED}
    };
    struct arena a;
    arena_init(&a, 4 << 20);
    for (size_t i = 0; i < COUNT_OF(conf); i++) {
        struct text t;
        text_init(&t, &a);
        text_printf(&t, OPEN HEAD CASE "<Sts><Conf>%s</Conf></Sts>" CLOSE, conf[i].code);
        struct bank_said said = only_answer(text_str(&t).at, &a);
        assert_int_equal(said.result, conf[i].result);
        is_str(said.key, STR("B1/1"));
        assert_int_equal(said.held, -1);
        assert_int_equal(said.at.us, sample_at.us + 270 * US_PER_S);
    }
    struct bank_said said =
        only_answer(OPEN HEAD CASE "<Sts><AssgnmtCxlConf>true</AssgnmtCxlConf></Sts>" CLOSE, &a);
    assert_int_equal(said.result, RECEIPT_DONE);
    said =
        only_answer(OPEN HEAD CASE "<Sts><AssgnmtCxlConf>false</AssgnmtCxlConf></Sts>" CLOSE, &a);
    assert_int_equal(said.result, RECEIPT_REFUSED);
    arena_done(&a);
}

static void every_reason_comes_through(void **state)
{
    (void)state;
    static const char *const codes[] = {"ARDT", "AC04", "AM04", "NOAS",
                                        "NOOR", "CUST", "LEGL", "AGNT"};
    struct arena a;
    arena_init(&a, 4 << 20);
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct text t;
        text_init(&t, &a);
        text_printf(&t,
                    OPEN HEAD "<Sts><Conf>RJCR</Conf></Sts><CxlDtls><TxInfAndSts>"
                              "<CxlStsId>S1</CxlStsId>" CASE "<TxCxlSts>RJCR</TxCxlSts>"
                              "<CxlStsRsnInf><Rsn><Cd>%s</Cd></Rsn><AddtlInf>one</AddtlInf>"
                              "<AddtlInf>two</AddtlInf></CxlStsRsnInf>"
                              "</TxInfAndSts></CxlDtls>" CLOSE,
                    codes[i]);
        struct bank_said said = only_answer(text_str(&t).at, &a);
        assert_int_equal(said.result, RECEIPT_REFUSED);
        is_str(said.code, str_from_c(codes[i]));
        is_str(said.words, STR("one two"));
        is_str(said.key, STR("S1"));
        struct text reason;
        text_init(&reason, &a);
        text_printf(&reason, "%s: one two", codes[i]);
        is_str(bank_reason(&said, &a), text_str(&reason));
    }
    arena_done(&a);
}

/* Prefixes, another version, an envelope with a header, an amount in the standard's own place. */
static void wrappings_do_not_matter(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 4 << 20);
    struct bank_said said = only_answer(
        "<?xml version='1.0'?><Envelope xmlns='urn:x'><h:AppHdr xmlns:h='urn:iso:std:iso:20022:tech"
        ":xsd:head.001.001.02'><h:Fr/></h:AppHdr><d:Document xmlns:d='" SPACE(
            "12") "'>"
                  "<d:RsltnOfInvstgtn><d:Assgnmt><d:Id>B1</d:Id><d:CreDtTm>2026-11-23T01:50:00Z</"
                  "d:CreDtTm>"
                  "</d:Assgnmt><d:RslvdCase><d:Id>" ORDER_ID
                  "-1</d:Id></d:RslvdCase><d:Sts><d:Conf>CNCL"
                  "</d:Conf></d:Sts><d:CxlDtls><d:TxInfAndSts><d:RsltnRltdInf><d:IntrBkSttlmAmt "
                  "Ccy='CNY'>"
                  "500.5</d:IntrBkSttlmAmt></d:RsltnRltdInf></d:TxInfAndSts></d:CxlDtls>"
                  "<x:Conf "
                  "xmlns:x='urn:other'>RJCR</x:Conf></d:RsltnOfInvstgtn></d:Document></Envelope>",
        &a);
    assert_int_equal(said.result, RECEIPT_DONE);
    assert_int_equal(said.held, 50050);
    is_str(said.currency, STR("CNY"));
    assert_int_equal(said.at.us, sample_at.us + 270 * US_PER_S);
    arena_done(&a);
}

#define REFUSED(bytes, code, why) is_refused(FORM_ISO20022, bytes, code, why)

static void what_is_odd_is_refused(void **state)
{
    (void)state;
    enum err_code bad = ERR_MALFORMED;
    REFUSED("", bad, "xml.malformed");
    REFUSED("<!DOCTYPE d [<!ENTITY x 'CNCL'>]>" OPEN HEAD CASE "<Sts><Conf>&x;</Conf></Sts>" CLOSE,
            bad, "xml.doctype");
    REFUSED("<Document/>", bad, "bank.document");
    REFUSED("<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.056.001.08'/>", bad,
            "bank.document");
    REFUSED("<Document xmlns='" SPACE("0") "'/>", bad, "bank.document");
    REFUSED("<Document xmlns='" SPACE("099") "'/>", bad, "bank.document");
    REFUSED("<Document xmlns='" SPACE("09") "'/>", bad, "bank.document");
    REFUSED("<E>" OPEN CLOSE OPEN CLOSE "</E>", bad, "bank.document");
    REFUSED(OPEN CASE "<Sts><Conf>CNCL</Conf></Sts>" CLOSE, bad, "bank.absent");
    REFUSED(OPEN HEAD "<Sts><Conf>CNCL</Conf></Sts>" CLOSE, bad, "bank.reference");
    REFUSED(OPEN HEAD "<RslvdCase><Id>none</Id></RslvdCase><Sts><Conf>CNCL</Conf></Sts>" CLOSE, bad,
            "bank.reference");
    REFUSED(OPEN HEAD CASE CASE "<Sts><Conf>CNCL</Conf></Sts>" CLOSE, bad, "xml.repeated");
    REFUSED(OPEN HEAD CASE "<Sts><Conf>OKAY</Conf></Sts>" CLOSE, bad, "bank.result");
    REFUSED(OPEN HEAD CASE CLOSE, bad, "bank.result");
    REFUSED(OPEN HEAD CASE "<Conf xmlns='urn:x'>CNCL</Conf>" CLOSE, bad, "bank.result");
#define HELD(amount)                                                                               \
    OPEN HEAD CASE "<Sts><Conf>CNCL</Conf></Sts><CxlDtls><TxInfAndSts><RsltnRltdInf>" amount       \
                   "</RsltnRltdInf></TxInfAndSts></CxlDtls>" CLOSE
    REFUSED(HELD("<IntrBkSttlmAmt Ccy='CNY'>1.001</IntrBkSttlmAmt>"), bad, "bank.amount");
    REFUSED(HELD("<IntrBkSttlmAmt Ccy='CNY'>-1</IntrBkSttlmAmt>"), bad, "bank.amount");
    REFUSED(HELD("<IntrBkSttlmAmt Ccy='CNY'>99999999999999999999</IntrBkSttlmAmt>"), bad,
            "bank.amount");
    REFUSED(HELD("<IntrBkSttlmAmt Ccy='ZZZ'>1</IntrBkSttlmAmt>"), bad, "bank.currency");
    REFUSED(HELD("<IntrBkSttlmAmt>1</IntrBkSttlmAmt>"), bad, "bank.currency");
    REFUSED(HELD("<IntrBkSttlmAmt Ccy='CNY'>1</IntrBkSttlmAmt><IntrBkSttlmAmt Ccy='CNY'>2"
                 "</IntrBkSttlmAmt>"),
            bad, "xml.repeated");
#define WITH_OURS(ours)                                                                            \
    OPEN HEAD CASE "<Sts><Conf>CNCL</Conf></Sts><SplmtryData><Envlp><Receipt "                     \
                   "xmlns='urn:yumen:bank:1'><Case>" ORDER_ID "-1</Case>" ours                     \
                   "</Receipt></Envlp></SplmtryData>" CLOSE
    REFUSED(WITH_OURS("<Held Ccy='CNY'>1</Held><Balance Ccy='JPY'>1</Balance>"), bad,
            "bank.currency");
    REFUSED(WITH_OURS("<At>yesterday</At>"), bad, "bank.time");
    REFUSED(WITH_OURS("<Freeze><Amount Ccy='CNY'>1</Amount></Freeze>"), bad, "bank.absent");
    REFUSED(OPEN "<Assgnmt><Id>B1</Id><CreDtTm>today</CreDtTm></Assgnmt>" CASE
                 "<Sts><Conf>CNCL</Conf></Sts>" CLOSE,
            bad, "bank.time");
#define RETURN(tx)                                                                                 \
    "<Document xmlns='urn:iso:std:iso:20022:tech:xsd:pacs.004.001.10'><PmtRtr><GrpHdr><MsgId>M"    \
    "</MsgId><CreDtTm>2026-11-23T09:50:00</CreDtTm></GrpHdr>" tx "</PmtRtr></Document>"
    REFUSED(RETURN(""), bad, "bank.absent");
    REFUSED(RETURN("<TxInf><OrgnlTxId>T</OrgnlTxId></TxInf>"), bad, "bank.absent");
    REFUSED(RETURN("<TxInf><RtrdIntrBkSttlmAmt Ccy='CNY'>1</RtrdIntrBkSttlmAmt></TxInf>"), bad,
            "bank.absent");
}

static void floods_are_refused(void **state)
{
    (void)state;
    struct arena a;
    struct text t;
    arena_init(&a, 8 << 20);
    text_init(&t, &a);
    text_put_c(&t, OPEN HEAD CASE "<Sts><Conf>CNCL</Conf></Sts><CxlDtls>");
    for (int i = 0; i <= BANK_SAID_MOST; i++)
        text_put_c(&t, "<TxInfAndSts/>");
    text_put_c(&t, "</CxlDtls>" CLOSE);
    REFUSED(text_str(&t).at, ERR_LIMIT, "bank.too_many");
    text_init(&t, &a);
    for (int i = 0; i <= PRIOR_MOST; i++)
        text_put_c(&t, "<Freeze><Authority>a</Authority></Freeze>");
    struct text whole;
    struct bank_said_list list;
    struct bank_tongue tongue = sample_tongue(FORM_ISO20022);
    text_init(&whole, &a);
    text_printf(&whole, WITH_OURS("%s"), text_str(&t).at);
    works(bank_read(&tongue, text_str(&whole), &a, &list)); /* a person has to see it */
    assert_int_equal(list.at[0].freezes.count, PRIOR_MOST);
    assert_int_equal(list.at[0].freezes.said, PRIOR_MOST + 1);
    arena_done(&a);
}

static void odd_freezes_are_kept(void **state)
{
    (void)state;
    struct arena a;
    struct bank_said_list list;
    struct bank_tongue tongue = sample_tongue(FORM_ISO20022);
    arena_init(&a, 8 << 20);
    works(bank_read(&tongue,
                    STR(WITH_OURS("<Held Ccy='CNY'>5.00</Held><Freeze><Authority>a</Authority>"
                                  "<Amount Ccy='CNY'>-7.00</Amount></Freeze>"
                                  "<Freeze><Authority>b</Authority><Amount Ccy='USD'>1</Amount>"
                                  "<Rank>2</Rank></Freeze>")),
                    &a, &list));
    assert_int_equal(list.at[0].held, 500);
    assert_int_equal(list.at[0].freezes.at[0].amount, -700);
    is_str(list.at[0].freezes.at[1].currency, STR("USD"));
    assert_int_equal(list.at[0].freezes.at[1].rank, 2);
    assert_int_equal(prior_judge(&list.at[0].freezes), PRIOR_AMOUNT);
    REFUSED(WITH_OURS("<Freeze><Authority>a</Authority><Amount Ccy='CNY'>some</Amount></Freeze>"),
            ERR_MALFORMED, "bank.amount");
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(letters_say_what_is_asked),
        cmocka_unit_test(letters_are_the_standards),
        cmocka_unit_test(letters_tell_the_holder),
        cmocka_unit_test(what_has_no_words_is_refused),
        cmocka_unit_test(json_is_read_as_such),
        cmocka_unit_test(answers_survive),
        cmocka_unit_test(odd_freezes_are_kept),
        cmocka_unit_test(returns_survive),
        cmocka_unit_test(answers_are_the_standards),
        cmocka_unit_test(every_status_has_its_meaning),
        cmocka_unit_test(every_reason_comes_through),
        cmocka_unit_test(wrappings_do_not_matter),
        cmocka_unit_test(what_is_odd_is_refused),
        cmocka_unit_test(floods_are_refused),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
