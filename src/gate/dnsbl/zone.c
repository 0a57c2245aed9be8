/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dnsbl/zone.h"

#include "fact/domain.h"
#include "fact/listing.h"

#include <assert.h>

/* --- its own records --- */

enum { HEAD_BYTES = 10, REFRESH_S = 3600, RETRY_S = 600, EXPIRE_S = 86400 };

/* Type, class, time, and room for the size of what follows. */
static struct sheet record_begin(struct zone_record *record, enum dns_type type, uint32_t ttl_s)
{
    struct sheet s = {.at = record->at, .room = sizeof record->at};
    sheet_u16(&s, (uint16_t)type);
    sheet_u16(&s, DNS_IN);
    sheet_u32(&s, ttl_s);
    sheet_u16(&s, 0);
    return s;
}

static void record_end(struct zone_record *record, struct sheet *s)
{
    assert(!s->is_full);
    sheet_set_u16(s, HEAD_BYTES - 2, (uint16_t)(s->size - HEAD_BYTES));
    record->size = s->size;
}

static void soa_make(struct list_zone *z, const struct dns_name *server,
                     const struct zone_terms *terms)
{
    static const struct dns_name mailbox = {16, "\006nobody\007invalid"};
    struct sheet s = record_begin(&z->soa, DNS_SOA, terms->nothing_s);
    sheet_bytes(&s, server->at, server->size);
    sheet_bytes(&s, mailbox.at, mailbox.size);
    z->serial_at = s.size;
    sheet_u32(&s, 0);
    sheet_u32(&s, REFRESH_S);
    sheet_u32(&s, RETRY_S);
    sheet_u32(&s, EXPIRE_S);
    sheet_u32(&s, terms->nothing_s); /* RFC 2308 4 */
    record_end(&z->soa, &s);
}

err zone_make(str name, unsigned kind, const struct zone_terms *terms, struct list_zone *ret_zone)
{
    struct list_zone z = {.kind = kind};
    struct dns_name server = {0};
    TRY(dns_name_parse(name, &z.name));
    TRY(dns_name_parse(terms->server, &server));
    if (z.name.size < 2 || z.name.at[1] == '*')
        return fail(ERR_MALFORMED, "dnsbl: a zone needs a name of its own", 0);
    if (server.size > ZONE_SERVER_BYTES) /* so that an answer stays small */
        return fail(ERR_LIMIT, "dnsbl: the server's name is too long", ZONE_SERVER_BYTES);
    soa_make(&z, &server, terms);
    struct sheet s = record_begin(&z.ns, DNS_NS, terms->ttl_s);
    sheet_bytes(&s, server.at, server.size);
    record_end(&z.ns, &s);
    *ret_zone = z;
    return OK;
}

/* --- what a name stands for --- */

#define TEST_DIGITS STR("0000002")
#define NOT_DIGITS  STR("0000001")

/* Labels that an IPv4 list would have for its test address, and what stands above it. */
static bool is_address_point(str labels, enum zone_place *ret_place)
{
    static const struct {
        const char *labels;
        enum zone_place place;
    } points[] = {
        {"\0012\0010\0010\003127", ZONE_POINT  },
        {"\0010\0010\003127",      ZONE_BETWEEN},
        {"\0010\003127",           ZONE_BETWEEN},
        {"\003127",                ZONE_BETWEEN},
    };
    for (size_t i = 0; i < COUNT_OF(points); i++) {
        if (!str_equal(labels, str_from_c(points[i].labels)))
            continue;
        *ret_place = points[i].place;
        return true;
    }
    return false;
}

static enum zone_place digits_place(str digits)
{
    if (str_equal(digits, TEST_DIGITS))
        return ZONE_POINT;
    if (str_equal(digits, NOT_DIGITS))
        return ZONE_NOTHING;
    return str_starts(TEST_DIGITS, digits) ? ZONE_BETWEEN : ZONE_VALUE;
}

static enum zone_place number_find(str labels, char room[DNS_NAME_MAX], str *ret_value)
{
    enum zone_place place = ZONE_NOTHING;
    size_t count = labels.size / 2;
    if (is_address_point(labels, &place))
        return place;
    if (labels.size % 2 != 0 || count > ZONE_DIGITS)
        return ZONE_NOTHING;
    room[0] = '+';
    for (size_t i = 0; i < count; i++) {
        char digit = labels.at[2 * i + 1];
        if (labels.at[2 * i] != 1 || digit < '0' || digit > '9')
            return ZONE_NOTHING;
        room[count - i] = digit;
    }
    *ret_value = str_make(room, count + 1);
    return digits_place(str_make(room + 1, count));
}

/* What a label holds beyond letters, digits, '-' and '_'. */
enum label { LABEL_PLAIN, LABEL_OF_OTHERS, LABEL_BROKEN };

static enum label label_look(str label)
{
    enum label found = LABEL_PLAIN;
    for (size_t i = 0; i < label.size; i++) {
        unsigned char c = (unsigned char)label.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_plain && c < 0x80)
            return LABEL_BROKEN; /* a dot inside, a space: nothing of ours */
        if (!is_plain)
            found = LABEL_OF_OTHERS;
    }
    return str_starts(label, STR("xn--")) ? LABEL_OF_OTHERS : found;
}

/* "evil", "example" -> "evil.example" */
static enum label domain_text(str labels, char room[DNS_NAME_MAX], str *ret_text)
{
    enum label all = LABEL_PLAIN;
    size_t at = 0;
    while (at < labels.size) {
        size_t size = (unsigned char)labels.at[at];
        enum label one = label_look(str_make(labels.at + at + 1, size));
        if (one == LABEL_BROKEN)
            return one;
        all = one == LABEL_PLAIN ? all : one;
        memcpy(room + at, labels.at + at + 1, size);
        room[at + size] = '.';
        at += size + 1;
    }
    *ret_text = str_make(room, at - 1);
    return all;
}

static enum zone_place domain_find(str labels, char room[DNS_NAME_MAX], struct arena *turn,
                                   str *ret_value)
{
    str text = {0};
    enum label look = domain_text(labels, room, &text);
    if (look == LABEL_BROKEN)
        return ZONE_NOTHING;
    if (str_equal(text, STR("test")))
        return ZONE_POINT;
    /* "invalid" is asked like any other: it cannot be listed, but what is below it can. */
    /* A plain name in lower case is canonical already, if it is a name at all. */
    err e = look == LABEL_OF_OTHERS ? domain_parse(text, turn, &text) : OK;
    if (failed(e))
        return e.code == ERR_LIMIT ? ZONE_UNKNOWN : ZONE_NOTHING;
    *ret_value = text;
    return ZONE_VALUE;
}

enum zone_place zone_find(const struct list_zone *z, str labels, char room[DNS_NAME_MAX],
                          struct arena *turn, str *ret_value)
{
    if (str_is_empty(labels))
        return ZONE_APEX;
    return z->kind == INDICATOR_NUMBER ? number_find(labels, room, ret_value)
                                       : domain_find(labels, room, turn, ret_value);
}
