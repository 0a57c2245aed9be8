/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: names are read and written as RFC 1035 has them, and no packet leads the reader outside
 * itself, round in circles, or to an answer where none belongs.
 * Method: tables of texts and bytes with what must come of them; every truncation of a full packet.
 */
#include "gate/dns/request.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define BYTES(literal) (const uint8_t *)("" literal), sizeof(literal) - 1

static void texts_become_names(void **state)
{
    (void)state;
    static const struct {
        str text;
        const char *wire; /* NULL: refused */
    } rows[] = {
        {STR("."),             ""                       },
        {STR("com"),           "\003com"                },
        {STR("EVIL.Com."),     "\004evil\003com"        },
        {STR("*.evil.com"),    "\001*\004evil\003com"   },
        {STR("_dmarc.a-b.c1"), "\006_dmarc\003a-b\002c1"},
        {STR(""),              NULL                     },
        {STR(".."),            NULL                     },
        {STR(".com"),          NULL                     },
        {STR("a..b"),          NULL                     },
        {STR("a.*"),           NULL                     },
        {STR("a*.com"),        NULL                     },
        {STR("a b"),           NULL                     },
        {STR("a\\.b"),         NULL                     },
        {STR("\xc3\xa9.com"),  NULL                     },
        {STR("a\0b"),          NULL                     },
    };
    struct dns_name unused;
    char label[65] = {0};
    memset(label, 'a', 64);
    assert_true(failed(dns_name_parse(str_from_c(label), &unused)));
    assert_false(failed(dns_name_parse(str_make(label, 63), &unused)));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct dns_name name;
        bool is_refused = failed(dns_name_parse(rows[i].text, &name));
        assert_int_equal(is_refused, rows[i].wire == NULL);
        if (is_refused)
            continue;
        assert_int_equal(name.size, strlen(rows[i].wire) + 1);
        assert_memory_equal(name.at, rows[i].wire, name.size);
    }
}

static void within_is_by_label(void **state)
{
    (void)state;
    struct dns_name zone, name;
    size_t size = 0;
    assert_false(failed(dns_name_parse(STR("rpz.yumen"), &zone)));
    assert_true(dns_name_within(&zone, &zone, &size) && size == 0);
    assert_false(failed(dns_name_parse(STR("evil.com.rpz.yumen"), &name)));
    assert_true(dns_name_within(&name, &zone, &size) && size == 9);
    assert_false(failed(dns_name_parse(STR("yumen"), &name)));
    assert_false(dns_name_within(&name, &zone, &size));
    /* A label that ends like the zone: 14 bytes "xxxx\3rpz\5yumen" in one label. */
    struct dns_name odd = {16, "\016xxxx\003rpz\005yumen"};
    assert_false(dns_name_within(&odd, &zone, &size));
}

static void names_are_read_from_packets(void **state)
{
    (void)state;
    /* Twelve bytes of header, then: a name, a pointer to it, one with a label before it. */
    static const uint8_t packet[] = "hhhhhhhhhhhh\003Foo\003bar\0\300\014\001a\300\020";
    struct wire w = {.at = packet, .size = sizeof packet - 1, .pos = 12};
    struct dns_name name;
    wire_name(&w, &name);
    assert_memory_equal(name.at, "\003foo\003bar", 9);
    wire_name(&w, &name);
    assert_memory_equal(name.at, "\003foo\003bar", 9);
    wire_name(&w, &name);
    assert_memory_equal(name.at, "\001a\003bar", 7);
    assert_true(!w.is_bad && w.pos == w.size);
}

static void bad_names_are_refused(void **state)
{
    (void)state;
    static const struct {
        const uint8_t *packet;
        size_t size;
    } rows[] = {
        {BYTES("hhhhhhhhhhhh")},                 /* nothing there */
        {BYTES("hhhhhhhhhhhh\003fo")},           /* cut in a label */
        {BYTES("hhhhhhhhhhhh\003foo")},          /* no end */
        {BYTES("hhhhhhhhhhhh\300")},             /* half a pointer */
        {BYTES("hhhhhhhhhhhh\300\014")},         /* to itself */
        {BYTES("hhhhhhhhhhhh\001a\300\014")},    /* round and round */
        {BYTES("hhhhhhhhhhhh\300\020\0\0\0\0")}, /* forwards */
        {BYTES("hhhhhhhhhhhh\300\000")},         /* into the header */
        {BYTES("hhhhhhhhhhhh\100a\0")},          /* label types of old */
        {BYTES("hhhhhhhhhhhh\200a\0")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct wire w = {.at = rows[i].packet, .size = rows[i].size, .pos = 12};
        struct dns_name name = {0};
        wire_name(&w, &name);
        assert_true(w.is_bad);
        assert_int_equal(name.size, 0);
    }
    uint8_t packet[600] = {0}; /* 128 one-byte labels are one too many */
    for (size_t i = 0; i < 128; i++)
        memcpy(packet + 12 + 2 * i, "\001a", 2);
    struct wire w = {.at = packet, .size = sizeof packet, .pos = 12};
    struct dns_name name = {0};
    wire_name(&w, &name);
    assert_true(w.is_bad);
    memset(packet + 12 + 2 * 127, 0, 2);
    w = (struct wire){.at = packet, .size = sizeof packet, .pos = 12};
    wire_name(&w, &name);
    assert_true(!w.is_bad && name.size == 255);
}

static const char ixfr[] = "\x12\x34\x01\x00\0\1\0\0\0\1\0\2"              /* header */
                           "\003RPZ\005yumen\0\0\373\0\1"                  /* rpz.yumen. IXFR IN */
                           "\300\014\0\006\0\1\0\0\0\0\0\026"              /* its SOA */
                           "\0\0\0\0\0\052zzzzzzzzzzzzzzzz"                /* serial 42 */
                           "\0\0\051\020\0\0\0\0\0\0\0"                    /* OPT, 4096 */
                           "\001k\0\0\372\0\377\0\0\0\0\0\035"             /* TSIG of k. */
                           "\001a\0\0\0\0\0\0\007\001\054\0\012mmmmmmmmmm" /* alg a., mac 10 */
                           "\x12\x34\0\0\0\0";

static void a_full_request_is_taken_apart(void **state)
{
    (void)state;
    struct dns_request r;
    const uint8_t *packet = (const uint8_t *)ixfr;
    assert_int_equal(request_parse(packet, sizeof ixfr - 1, &r), REQUEST_OK);
    assert_int_equal(r.id, 0x1234);
    assert_int_equal(r.type, DNS_IXFR);
    assert_int_equal(r.name.size, 11);
    assert_memory_equal(r.name.at, "\003rpz\005yumen", 11);
    assert_memory_equal(r.question, "\003RPZ", 4);
    assert_true(r.has_soa && r.soa_serial == 42);
    assert_true(r.has_edns && r.udp_bytes == 4096 && r.edns_version == 0);
    assert_true(r.has_tsig && r.tsig.mac_size == 10 && r.tsig.signed_s == 7);
    assert_memory_equal(r.tsig.mac, "mmmmmmmmmm", 10);
    assert_memory_equal(packet + r.tsig.at, "\001k", 2);
    /* No part of it is whole without the rest, and nothing may follow. */
    for (size_t size = 0; size < sizeof ixfr - 1; size++)
        assert_int_equal(request_parse(packet, size, &r),
                         size < 12 ? REQUEST_DROP : REQUEST_MALFORMED);
    assert_int_equal(request_parse(packet, sizeof ixfr, &r), REQUEST_MALFORMED);
}

/* One byte of the full request changed. */
static enum request_verdict changed(size_t at, uint8_t value)
{
    static uint8_t packet[sizeof ixfr];
    struct dns_request r;
    memcpy(packet, ixfr, sizeof ixfr);
    packet[at] = value;
    return request_parse(packet, sizeof ixfr - 1, &r);
}

static void what_is_out_of_place_is_malformed(void **state)
{
    (void)state;
    enum { TSIG_AT = 72 };
    assert_int_equal(ixfr[TSIG_AT], 1);
    assert_int_equal(changed(4, 1), REQUEST_MALFORMED);            /* 257 questions */
    assert_int_equal(changed(5, 0), REQUEST_MALFORMED);            /* none */
    assert_int_equal(changed(TSIG_AT + 5, 1), REQUEST_MALFORMED);  /* TSIG of class 511 */
    assert_int_equal(changed(TSIG_AT + 10, 1), REQUEST_MALFORMED); /* with a TTL */
    assert_int_equal(changed(9, 3), REQUEST_MALFORMED);            /* TSIG among the authority */
    assert_int_equal(changed(2, 0x28), REQUEST_NOT_IMPLEMENTED);   /* UPDATE */
    for (unsigned at = 0; at < sizeof ixfr - 1; at++) /* whatever happens, it returns */
        for (unsigned value = 0; value < 256; value++)
            (void)changed(at, (uint8_t)value);
}

static void serials_go_round(void **state)
{
    (void)state;
    assert_true(serial_is_after(1, 0));
    assert_true(serial_is_after(0, UINT32_MAX));
    assert_true(serial_is_after(0x7FFFFFFF, 0));
    assert_false(serial_is_after(0x80000000, 0)); /* RFC 1982: undefined; nobody is ahead */
    assert_false(serial_is_after(0, 0x80000000));
    assert_false(serial_is_after(5, 5));
    assert_false(serial_is_after(5, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_become_names),
        cmocka_unit_test(within_is_by_label),
        cmocka_unit_test(names_are_read_from_packets),
        cmocka_unit_test(bad_names_are_refused),
        cmocka_unit_test(a_full_request_is_taken_apart),
        cmocka_unit_test(what_is_out_of_place_is_malformed),
        cmocka_unit_test(serials_go_round),
    };
    return cmocka_run_group_tests_name("gate/dns/wire", tests, NULL, NULL);
}
