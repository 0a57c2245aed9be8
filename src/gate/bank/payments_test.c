/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: of payments as banks send them to each other every one becomes a row, with the words that
 * the feed knows; what one of them lacks is the feed's to refuse, and a document that is another is
 * refused whole.
 * Method: a document that the schema holds to be right (xmllint; skipped without it), against its
 * rows; the same in an older version, in an envelope, with prefixes; one oddity each.
 */
#include "gate/bank/payments.h"
#include "gate/bank/sample_test.h"

#define SPACE(version) "urn:iso:std:iso:20022:tech:xsd:pacs.008.001." version

static const char three[] = "<?xml version='1.0' encoding='UTF-8'?>\n<Document xmlns='" SPACE(
    "08") "'>"
          "<FIToFICstmrCdtTrf><GrpHdr><MsgId>M-7</MsgId><CreDtTm>2026-11-23T09:46:00+08:00</"
          "CreDtTm>"
          "<NbOfTxs>3</NbOfTxs><SttlmInf><SttlmMtd>CLRG</SttlmMtd></SttlmInf></GrpHdr>"
          "<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>NOTPROVIDED</EndToEndId>"
          "<TxId>T-20261123-000017</TxId><UETR>eb6305c9-1f7f-49de-aed0-16487c27b42d</UETR></PmtId>"
          "<IntrBkSttlmAmt "
          "Ccy='CNY'>88000.99</IntrBkSttlmAmt><IntrBkSttlmDt>2026-11-23</IntrBkSttlmDt>"
          "<AccptncDtTm>2026-11-23T09:45:30.125+08:00</AccptncDtTm><ChrgBr>SLEV</ChrgBr>"
          "<Dbtr><Nm>李某</Nm></Dbtr><DbtrAcct><Id><Othr><Id>0200123456</Id></Othr></Id></DbtrAcct>"
          "<DbtrAgt><FinInstnId><ClrSysMmbId><MmbId>102100099996</MmbId></ClrSysMmbId></"
          "FinInstnId></DbtrAgt>"
          "<CdtrAgt><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></CdtrAgt><Cdtr><Nm>张三</Nm></"
          "Cdtr>"
          "<CdtrAcct><Id><Othr><Id>6222021234567890128</Id></Othr></Id></CdtrAcct></CdtTrfTxInf>"
          "<CdtTrfTxInf><PmtId><EndToEndId>E-2</EndToEndId></PmtId>"
          "<IntrBkSttlmAmt Ccy='JPY'>500</IntrBkSttlmAmt>"
          "<SttlmTmIndctn><DbtDtTm>2026-11-23T09:45:31</DbtDtTm></SttlmTmIndctn><ChrgBr>SHAR</"
          "ChrgBr><Dbtr/>"
          "<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>"
          "<DbtrAgt><FinInstnId><Othr><Id>bank-x</Id></Othr></FinInstnId></DbtrAgt>"
          "<CdtrAgt><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></CdtrAgt><Cdtr/>"
          "<CdtrAcct><Id><Othr><Id>2000001</Id><Issr>BKB</Issr></Othr></Id></CdtrAcct></"
          "CdtTrfTxInf>"
          "<CdtTrfTxInf><PmtId><InstrId>I-3</InstrId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId>"
          "<IntrBkSttlmAmt Ccy='CNY'>1.005</IntrBkSttlmAmt><ChrgBr>SLEV</ChrgBr><Dbtr/>"
          "<DbtrAgt><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></DbtrAgt>"
          "<CdtrAgt><FinInstnId><BICFI>ICBKCNBJ</BICFI></FinInstnId></CdtrAgt><Cdtr/></CdtTrfTxInf>"
          "</FIToFICstmrCdtTrf></Document>";

static err read_at(const char *bytes, int zone_min, struct arena *a, str *ret_rows)
{
    return payments_read(str_from_c(bytes), zone_min, a, ret_rows);
}

static void check_rows(const char *bytes, const char *rows)
{
    struct arena a;
    str found = STR("");
    arena_init(&a, PAYMENTS_ROOM);
    works(read_at(bytes, ZONE, &a, &found));
    is_str(found, str_from_c(rows));
    arena_done(&a);
}

static void a_row_for_each(void **state)
{
    (void)state;
    sample_is_valid(str_from_c(three), "pacs.008.001.08");
    check_rows(three,
               "{\"id\":\"T-20261123-000017\",\"time\":1795398330125,\"from\":\"0200123456\","
               "\"from_bank\":\"102100099996\",\"to\":\"6222021234567890128\","
               "\"to_bank\":\"ICBKCNBJ\",\"currency\":\"CNY\",\"amount\":8800099}\n"
               "{\"id\":\"E-2\",\"time\":1795398331000,\"from\":\"DE89370400440532013000\","
               "\"from_bank\":\"bank-x\",\"to\":\"2000001\",\"to_bank\":\"BKB\","
               "\"currency\":\"JPY\",\"amount\":500}\n"
               "{\"id\":\"I-3\",\"time\":1795398360000,\"from_bank\":\"ICBKCNBJ\","
               "\"to_bank\":\"ICBKCNBJ\",\"currency\":\"CNY\",\"amount\":\"1.005 CNY\"}\n");
}

/* --- other wrappings --- */

static void however_it_is_wrapped(void **state)
{
    (void)state;
    check_rows(
        "<message><AppHdr xmlns='urn:iso:std:iso:20022:tech:xsd:head.001.001.01'/>"
        "<p:Document xmlns:p='" SPACE(
            "07") "'><p:FIToFICstmrCdtTrf><p:CdtTrfTxInf>"
                  "<p:PmtId><p:TxId>1</p:TxId></p:PmtId></p:CdtTrfTxInf></p:FIToFICstmrCdtTrf>"
                  "</p:Document></message>",
        "{\"id\":\"1\"}\n");
}

#define ONE(inside)                                                                                \
    "<Document xmlns='" SPACE("10") "'><FIToFICstmrCdtTrf><CdtTrfTxInf>" inside                    \
                                    "</CdtTrfTxInf></FIToFICstmrCdtTrf></Document>"

static void what_one_lacks(void **state)
{
    (void)state;
    check_rows(ONE(""), "{}\n");
    check_rows(ONE("<PmtId><EndToEndId>NOTPROVIDED</EndToEndId><UETR>u</UETR></PmtId>"),
               "{\"id\":\"u\"}\n");
    check_rows(ONE("<PmtId><EndToEndId>NOTPROVIDED</EndToEndId></PmtId>"), "{}\n");
    check_rows(ONE("<IntrBkSttlmAmt>5000</IntrBkSttlmAmt>"), "{\"amount\":\"5000 ?\"}\n");
    check_rows(ONE("<IntrBkSttlmAmt Ccy='XXQ'>5000</IntrBkSttlmAmt>"),
               "{\"currency\":\"XXQ\",\"amount\":\"5000 XXQ\"}\n");
    check_rows(ONE("<IntrBkSttlmAmt Ccy='CNY'>-1</IntrBkSttlmAmt>"),
               "{\"currency\":\"CNY\",\"amount\":\"-1 CNY\"}\n");
    check_rows(ONE("<AccptncDtTm>2026-11-23</AccptncDtTm>"), "{\"time\":\"2026-11-23\"}\n");
    /* said twice is not said: nobody chooses */
    check_rows(ONE("<IntrBkSttlmAmt Ccy='CNY'>1</IntrBkSttlmAmt>"
                   "<IntrBkSttlmAmt Ccy='CNY'>2</IntrBkSttlmAmt>"),
               "{}\n");
    check_rows(ONE("<DbtrAcct><Id><IBAN>A</IBAN><IBAN>B</IBAN></Id></DbtrAcct>"), "{}\n");
    /* a stranger's element of the same name is not ours */
    check_rows(ONE("<x:PmtId xmlns:x='urn:x'><x:TxId>1</x:TxId></x:PmtId>"), "{}\n");
}

static void a_time_without_offset_is_the_centres(void **state)
{
    struct arena a;
    str rows = {0};
    (void)state;
    arena_init(&a, PAYMENTS_ROOM);
    works(read_at(ONE("<AccptncDtTm>1970-01-01T08:00:01</AccptncDtTm>"), 480, &a, &rows));
    is_str(rows, STR("{\"time\":1000}\n"));
    works(read_at(ONE("<AccptncDtTm>1970-01-01T08:00:01</AccptncDtTm>"), 0, &a, &rows));
    is_str(rows, STR("{\"time\":28801000}\n"));
    arena_done(&a);
}

/* --- refused --- */

#define WITH(inside) "<Document xmlns='" SPACE("08") "'>" inside "</Document>"

static void another_document(void **state)
{
    static const char *const rows[][2] = {
        {"",                                                                   "xml.malformed"},
        {"{\"id\":1}",                                                         "xml.malformed"},
        {"<Document/>",                                                        "bank.document"},
        {"<Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.056.001.08'/>", "bank.document"},
        {"<Document xmlns='" SPACE("08") "'/>",                                "bank.document"},
        {WITH("<FIToFICstmrCdtTrf/>"),                                         "bank.document"},
        {WITH("<FIToFICstmrCdtTrf/><FIToFICstmrCdtTrf/>"),                     "xml.repeated" },
        {"<!DOCTYPE x [<!ENTITY a 'aaaa'>]>" WITH("<FIToFICstmrCdtTrf/>"),     "xml.doctype"  },
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct arena a;
        str found = {0};
        arena_init(&a, PAYMENTS_ROOM);
        err e = read_at(rows[i][0], ZONE, &a, &found);
        if (!failed(e) || strcmp(e.why, rows[i][1]) != 0)
            fail_msg("row %zu: %s", i, failed(e) ? e.why : "taken");
        arena_done(&a);
    }
}

static void what_is_meant(void **state)
{
    (void)state;
    assert_true(payments_are_meant(STR("application/xml")));
    assert_true(payments_are_meant(STR("Text/XML ; charset=utf-8")));
    assert_false(payments_are_meant(STR("application/x-ndjson")));
    assert_false(payments_are_meant(STR("application/xml-dtd")));
    assert_false(payments_are_meant(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_for_each),   cmocka_unit_test(however_it_is_wrapped),
        cmocka_unit_test(what_one_lacks),   cmocka_unit_test(a_time_without_offset_is_the_centres),
        cmocka_unit_test(another_document), cmocka_unit_test(what_is_meant),
    };
    return cmocka_run_group_tests_name("gate/bank/payments", tests, boot, done);
}
