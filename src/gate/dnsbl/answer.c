/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dnsbl/answer.h"

#include "env/clock.h"
#include "gate/dns/tsig.h"

#include <assert.h>

enum { POINTER = 0xC000, RECORD_HEAD_BYTES = 12, STRING_MOST = 255 };
enum { CODE_BLOCK = 2, CODE_WARN = 3 }; /* 127.0.0.x */

/* --- the frame --- */

static uint8_t *u16_put(uint8_t *at, unsigned value)
{
    at[0] = (uint8_t)(value >> 8);
    at[1] = (uint8_t)value;
    return at + 2;
}

/* The message begins anew: header, question, and what follows when that has been counted. */
static void frame_put(struct list_turn *t, enum dns_rcode rcode, unsigned flags, bool is_echoed)
{
    uint8_t header[DNS_HEADER_BYTES] = {0};
    unsigned echoed = (unsigned)t->opcode << 11 | (t->flags & DNS_RD);
    u16_put(header, t->id);
    u16_put(header + 2, DNS_QR | flags | echoed | ((unsigned)rcode & 0xF));
    header[5] = is_echoed;
    sheet_cut(t->message, 0);
    sheet_bytes(t->message, header, sizeof header);
    if (is_echoed)
        sheet_bytes(t->message, t->question, t->question_size);
}

enum section { ANSWER_SECTION = 6, AUTHORITY_SECTION = 8, ADDITIONAL_SECTION = 10 };

static void count_put(struct list_turn *t, enum section section)
{
    t->message->at[section + 1]++;
}

static void tail_put(struct list_turn *t, enum dns_rcode rcode)
{
    if (!t->has_edns)
        return;
    dns_opt_put(t->message, rcode, t->edns_flags);
    count_put(t, ADDITIONAL_SECTION);
}

static void cut(struct list_turn *t)
{
    frame_put(t, DNS_NOERROR, DNS_AA | DNS_TC, true);
    tail_put(t, DNS_NOERROR);
}

/* What an answer may have, OPT excepted. */
static size_t room_bytes(const struct list_turn *t)
{
    size_t room = t->message->room;
    if (!t->ask->is_tcp) {
        size_t udp = t->udp_bytes < DNS_PLAIN_UDP_BYTES ? DNS_PLAIN_UDP_BYTES : t->udp_bytes;
        udp = udp > DNS_SAFE_UDP_BYTES ? DNS_SAFE_UDP_BYTES : udp;
        room = udp < room ? udp : room;
    }
    size_t gain = ANSWER_GAIN * t->ask->size;
    if (!t->ask->is_tcp && !t->is_trusted && gain < room)
        room = gain;
    return room - (t->has_edns ? DNS_OPT_BYTES : 0);
}

static void error_put(struct list_turn *t, enum dns_rcode rcode, enum dnsbl_count count)
{
    t->count = count;
    frame_put(t, rcode, 0, true);
    tail_put(t, rcode);
}

/* --- records --- */

/* Owner: the question's name, or the zone's, which is its end. */
static void record_put(struct list_turn *t, enum section section, size_t owner_at,
                       const struct zone_record *record)
{
    uint8_t pointer[2];
    u16_put(pointer, POINTER | (unsigned)owner_at);
    sheet_bytes(t->message, pointer, sizeof pointer);
    sheet_bytes(t->message, record->at, record->size);
    count_put(t, section);
}

static void soa_put(struct list_turn *t, enum section section, uint32_t serial)
{
    record_put(t, section, t->zone_at, &t->zone->soa);
    if (t->message->is_full)
        return;
    size_t at = t->message->size - t->zone->soa.size + t->zone->serial_at;
    sheet_set_u16(t->message, at, (uint16_t)(serial >> 16));
    sheet_set_u16(t->message, at + 2, (uint16_t)serial);
}

/* The head of a record that answers the question. */
static uint8_t *head_put(uint8_t head[RECORD_HEAD_BYTES], enum dns_type type, uint32_t ttl_s,
                         size_t size)
{
    uint8_t *at = u16_put(head, POINTER | DNS_HEADER_BYTES);
    at = u16_put(at, type);
    at = u16_put(at, DNS_IN);
    at = u16_put(at, ttl_s >> 16);
    at = u16_put(at, ttl_s & 0xFFFF);
    return u16_put(at, (unsigned)size);
}

static void a_put(struct list_turn *t, uint32_t ttl_s, unsigned code)
{
    uint8_t record[RECORD_HEAD_BYTES + 4];
    uint8_t *at = head_put(record, DNS_A, ttl_s, 4);
    at[0] = 127;
    at[1] = 0;
    at[2] = 0;
    at[3] = (uint8_t)code;
    sheet_bytes(t->message, record, sizeof record);
    count_put(t, ANSWER_SECTION);
}

/* RFC 8482 4.2 */
static void any_put(struct list_turn *t, uint32_t ttl_s)
{
    static const uint8_t hinfo[] = "\007RFC8482"; /* and the empty string that ends it */
    uint8_t head[RECORD_HEAD_BYTES];
    head_put(head, DNS_HINFO, ttl_s, sizeof hinfo);
    sheet_bytes(t->message, head, sizeof head);
    sheet_bytes(t->message, hinfo, sizeof hinfo);
    count_put(t, ANSWER_SECTION);
}

static void txt_put(struct list_turn *t, uint32_t ttl_s, str words)
{
    size_t strings = (words.size + STRING_MOST - 1) / STRING_MOST;
    uint8_t head[RECORD_HEAD_BYTES];
    head_put(head, DNS_TXT, ttl_s, words.size + strings);
    sheet_bytes(t->message, head, sizeof head);
    for (str rest = words; rest.size > 0;) {
        str part = str_until(rest, rest.size < STRING_MOST ? rest.size : STRING_MOST);
        sheet_u8(t->message, (uint8_t)part.size);
        sheet_bytes(t->message, part.at, part.size);
        rest = str_from(rest, part.size);
    }
    count_put(t, ANSWER_SECTION);
}

/* Of what cannot be listed, or is known anyway. */
static const struct dnsbl_question no_question = {.verdict = VERDICT_PASS};

/* --- reading: what needs no judgement is answered here --- */

/* Nobody we do not know gets more bytes than he sent. */
static void refuse_stranger(struct list_turn *t)
{
    error_put(t, DNS_REFUSED, DNSBL_COUNT_refused);
    if (!t->ask->is_tcp && t->message->size > t->ask->size)
        frame_put(t, DNS_REFUSED, 0, false);
}

/* We hold no key: whoever signs is told so, as RFC 8945 5.2.1 says. */
static void refuse_key(struct list_turn *t, const struct tsig_record *record)
{
    static const struct tsig_keys none;
    struct tsig_session session;
    uint64_t now_s = (uint64_t)(env_now().us / US_PER_S);
    enum tsig_error e = tsig_check(&none, t->ask->packet, record, now_s, &session);
    error_put(t, e == TSIG_MALFORMED ? DNS_FORMERR : DNS_NOTAUTH, DNSBL_COUNT_unsigned);
    if (e != TSIG_MALFORMED)
        tsig_sign(&session, t->message, now_s);
    if (!t->ask->is_tcp && t->message->size > t->ask->size)
        frame_put(t, DNS_NOTAUTH, 0, false);
}

static const struct list_zone *zone_of(const struct list_rules *rules, const struct dns_name *name,
                                       size_t *ret_before)
{
    for (size_t i = 0; i < LIST_ZONES; i++)
        if (dns_name_within(name, &rules->zone[i].name, ret_before))
            return &rules->zone[i];
    return NULL;
}

/* True when the name is one of ours, and where it lies. */
static bool place_find(struct list_answerer *a, struct list_turn *t, str *ret_value)
{
    const struct dns_name *name = &a->request.name;
    size_t before = 0;
    t->zone = zone_of(a->rules, name, &before);
    if (t->zone == NULL)
        return false;
    t->zone_at = (uint16_t)(DNS_HEADER_BYTES + before);
    str labels = str_make((const char *)name->at, before);
    t->place = zone_find(t->zone, labels, t->room, &a->turn, ret_value);
    return true;
}

static void question_put(struct list_answerer *a, struct list_turn *t, str value)
{
    struct dnsbl_question *q = &a->questions[a->question_count++];
    *q = (struct dnsbl_question){.kind = t->zone->kind, .value = value};
    t->asked = q;
}

static void question_read(struct list_answerer *a, struct list_turn *t)
{
    const struct dns_request *r = &a->request;
    str value = {0};
    bool is_transfer = r->type == DNS_AXFR || r->type == DNS_IXFR;
    if (!t->is_client) {
        refuse_stranger(t);
    } else if (r->has_tsig) {
        refuse_key(t, &r->tsig);
    } else if (r->has_edns && r->edns_version != 0) {
        error_put(t, DNS_BADVERS, DNSBL_COUNT_unimplemented);
    } else if (r->class != DNS_IN || is_transfer || !place_find(a, t, &value)) {
        error_put(t, DNS_REFUSED, DNSBL_COUNT_refused);
    } else {
        t->is_open = true;
        a->has_open = true;
        if (t->place == ZONE_VALUE)
            question_put(a, t, value);
    }
}

static void sender_find(struct list_answerer *a, struct list_turn *t)
{
    t->sender = net_host_of(t->ask->sender);
    bool is_last = a->last.family == t->sender.family &&
                   memcmp(a->last.bytes, t->sender.bytes, sizeof a->last.bytes) == 0;
    if (!is_last) {
        a->last = t->sender;
        a->last_is_client = nets_has(&a->rules->clients, &t->sender);
        a->last_is_trusted = nets_has(&a->rules->trusted, &t->sender);
    }
    t->is_client = a->last_is_client;
    t->is_trusted = a->last_is_trusted;
}

static void turn_read(struct list_answerer *a, struct list_turn *t)
{
    struct dns_request *r = &a->request;
    enum request_verdict verdict = request_parse(t->ask->packet, t->ask->size, r);
    t->asked = &no_question;
    t->is_open = false;
    t->count = DNSBL_COUNT_dropped;
    if (verdict == REQUEST_DROP || r->is_response)
        return;
    t->id = r->id;
    t->flags = r->flags;
    t->opcode = r->opcode;
    t->type = r->type;
    t->question = r->question;
    t->question_size = r->question_size;
    t->has_edns = r->has_edns;
    t->edns_flags = r->edns_flags;
    t->udp_bytes = r->udp_bytes;
    sender_find(a, t);
    if (verdict == REQUEST_OK && r->opcode == DNS_QUERY) {
        question_read(a, t);
        return;
    }
    bool is_malformed = verdict == REQUEST_MALFORMED;
    t->count = is_malformed ? DNSBL_COUNT_malformed : DNSBL_COUNT_unimplemented;
    frame_put(t, is_malformed ? DNS_FORMERR : DNS_NOTIMP, 0, false);
}

/* --- writing --- */

/* Not there, or nothing of that type: the SOA says for how long that holds. */
static void nothing_put(struct list_turn *t, enum dns_rcode rcode, uint32_t serial)
{
    t->count = rcode == DNS_NXDOMAIN ? DNSBL_COUNT_nxdomain : DNSBL_COUNT_nodata;
    frame_put(t, rcode, DNS_AA, true);
    soa_put(t, AUTHORITY_SECTION, serial);
}

static void apex_put(struct list_answerer *a, struct list_turn *t)
{
    frame_put(t, DNS_NOERROR, DNS_AA, true);
    t->count = DNSBL_COUNT_zone;
    if (t->type == DNS_SOA)
        soa_put(t, ANSWER_SECTION, a->serial);
    else if (t->type == DNS_NS)
        record_put(t, ANSWER_SECTION, DNS_HEADER_BYTES, &t->zone->ns);
    else if (t->type == DNS_ANY_TYPE)
        any_put(t, a->rules->ttl_s);
    else
        nothing_put(t, DNS_NOERROR, a->serial);
}

static void words_put(struct list_answerer *a, struct list_turn *t, uint32_t ttl_s)
{
    struct text words;
    text_init(&words, &a->turn);
    err e = OK;
    if (t->place == ZONE_POINT)
        text_put_c(&words, "The test point of this list (RFC 5782)");
    else
        e = a->rules->port.tell(a->rules->port.self, a->lane, t->asked, &words);
    if (failed(e) && e.code == ERR_ABSENT) {
        nothing_put(t, DNS_NOERROR, a->serial); /* it ended a moment ago */
    } else if (failed(e) || text_spent(&words)) {
        error_put(t, DNS_SERVFAIL, DNSBL_COUNT_failed);
    } else {
        t->count = DNSBL_COUNT_words;
        txt_put(t, ttl_s, str_until(text_str(&words), DNSBL_WORDS_BYTES));
    }
}

static void listed_put(struct list_answerer *a, struct list_turn *t)
{
    const struct dnsbl_question *q = t->asked;
    bool is_warn = t->place == ZONE_VALUE && q->verdict == VERDICT_WARN;
    bool is_short = t->place == ZONE_VALUE && q->left_s < a->rules->ttl_s;
    uint32_t ttl_s = is_short ? q->left_s : a->rules->ttl_s;
    frame_put(t, DNS_NOERROR, DNS_AA, true);
    t->count = is_warn ? DNSBL_COUNT_warn : DNSBL_COUNT_block;
    if (t->type == DNS_A)
        a_put(t, ttl_s, is_warn ? CODE_WARN : CODE_BLOCK);
    else if (t->type == DNS_TXT)
        words_put(a, t, ttl_s);
    else if (t->type == DNS_ANY_TYPE)
        any_put(t, ttl_s);
    else
        nothing_put(t, DNS_NOERROR, a->serial);
}

static void turn_write(struct list_answerer *a, struct list_turn *t)
{
    const struct dnsbl_question *q = t->asked;
    size_t whole = t->message->room;
    bool is_listed = t->place == ZONE_POINT || q->verdict != VERDICT_PASS;
    t->message->room = room_bytes(t);
    if (t->place == ZONE_APEX)
        apex_put(a, t);
    else if (t->place == ZONE_UNKNOWN || q->is_unknown)
        error_put(t, DNS_SERVFAIL, DNSBL_COUNT_failed);
    else if (is_listed)
        listed_put(a, t);
    else
        nothing_put(t, t->place == ZONE_BETWEEN || q->has_below ? DNS_NOERROR : DNS_NXDOMAIN,
                    a->serial);
    bool is_full = t->message->is_full;
    t->message->room = whole;
    if (is_full)
        t->count = DNSBL_COUNT_cut;
    if (is_full)
        cut(t);
    else if (t->count != DNSBL_COUNT_failed)
        tail_put(t, DNS_NOERROR);
}

/* --- many --- */

/* Kinds of answer that are counted apart: who hunts for one does not use up another. */
static unsigned rate_kind(const struct list_turn *t)
{
    enum { KIND_LISTED, KIND_WORDS, KIND_NOTHING, KIND_ERROR };
    if (!t->is_open)
        return KIND_ERROR;
    const struct dnsbl_question *q = t->asked;
    if (t->place != ZONE_POINT && q->verdict == VERDICT_PASS)
        return KIND_NOTHING;
    return t->type == DNS_TXT ? KIND_WORDS : KIND_LISTED;
}

/* False when this one is not written any more. An error is never cut: it is small. */
static bool rate_allows(struct list_answerer *a, struct list_turn *t, int64_t now_us)
{
    if (a->rate == NULL || t->is_trusted || t->ask->is_tcp)
        return true;
    enum rate_verdict verdict = rate_take(a->rate, &t->sender, rate_kind(t), now_us);
    if (verdict == RATE_PASS)
        return true;
    sheet_cut(t->message, 0);
    bool is_cut = verdict == RATE_CUT && t->is_open;
    t->count = is_cut ? DNSBL_COUNT_slipped : DNSBL_COUNT_limited;
    if (is_cut)
        cut(t);
    return false;
}

static void judge(struct list_answerer *a)
{
    const struct dnsbl_port *port = &a->rules->port;
    if (a->has_open)
        a->serial = port->judge(port->self, a->lane, a->questions, a->question_count);
}

void list_answer(struct list_answerer *a, const struct list_ask *asks, struct sheet *messages,
                 size_t count, int64_t now_us)
{
    assert(count <= DNSBL_AT_ONCE);
    arena_reset(&a->turn);
    a->question_count = 0;
    a->has_open = false;
    for (size_t i = 0; i < count; i++) {
        struct list_turn *t = &a->turns[i];
        assert(messages[i].size == 0 && messages[i].room >= DNS_SAFE_UDP_BYTES);
        t->ask = &asks[i];
        t->message = &messages[i];
        turn_read(a, t);
    }
    judge(a);
    for (size_t i = 0; i < count; i++) {
        struct list_turn *t = &a->turns[i];
        bool is_answered = t->is_open || t->message->size > 0;
        if (is_answered && rate_allows(a, t, now_us) && t->is_open)
            turn_write(a, t);
        a->counts[t->count]++;
    }
}
