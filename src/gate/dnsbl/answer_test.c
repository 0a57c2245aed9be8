/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: everyone gets the answer the standards say, in a form ldns reads; nobody unknown gets more
 * bytes than he sent, nobody but the trusted more than ANSWER_GAIN times as many; and bytes that
 * are no question bring nothing down.
 * Method: a table of questions; each size, sender and kind measured; questions cut and bent at
 * random. The lists are a few lines of this file.
 */
#include "gate/dnsbl/answer.h"

#include "env/random.h"
#include "fact/listing.h"
#include "gate/dns/oracle.h"
#include "kit/kit.h"

#include <ldns/ldns.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define TRUSTED  "127.0.0.1"
#define CLIENT   "192.0.2.7"
#define STRANGER "203.0.113.9"

static struct list_rules rules;
static struct list_answerer *a;
static struct arena memory;
static size_t judged;
static size_t told;
static str long_words;

/* --- the list --- */

static uint32_t judge(void *self, enum dnsbl_lane lane, struct dnsbl_question *questions,
                      size_t count)
{
    (void)self;
    (void)lane;
    judged += count;
    for (size_t i = 0; i < count; i++) {
        struct dnsbl_question *q = &questions[i];
        bool is_number = q->kind == INDICATOR_NUMBER;
        if (str_equal(q->value, is_number ? STR("+8613912345678") : STR("evil.example")))
            q->verdict = VERDICT_BLOCK;
        if (str_equal(q->value, STR("doubtful.example")))
            q->verdict = VERDICT_WARN;
        if (str_equal(q->value, STR("brief.example")))
            q->verdict = VERDICT_BLOCK;
        q->left_s = str_equal(q->value, STR("brief.example")) ? 7 : 86400;
        q->has_below = str_equal(q->value, is_number ? STR("+86") : STR("example"));
        q->is_unknown = str_equal(q->value, STR("unknown.example"));
    }
    return 4711;
}

static err tell(void *self, enum dnsbl_lane lane, const struct dnsbl_question *question,
                struct text *words)
{
    (void)self;
    (void)lane;
    told++;
    if (str_equal(question->value, STR("doubtful.example")))
        return (err){.code = ERR_ABSENT, .why = "gone"};
    if (str_equal(question->value, STR("brief.example")))
        return (err){.code = ERR_OS, .why = "broken"};
    text_put_c(words, "Imitates a bank. Appeal: http://192.0.2.80/appeal?listing=1");
    text_put(words, long_words);
    return OK;
}

static int open(void **state)
{
    (void)state;
    struct zone_terms terms = {.server = STR("localhost."), .ttl_s = 300, .nothing_s = 60};
    arena_init(&memory, 8 << 20);
    if (failed(kit_boot()))
        return 1;
    a = arena_make(&memory, sizeof *a);
    long_words = STR("");
    rules = (struct list_rules){
        .ttl_s = 300, .port = {.judge = judge, .tell = tell}
    };
    nets_put_loopback(&rules.trusted);
    nets_put_loopback(&rules.clients);
    assert_false(failed(nets_put(&rules.clients, STR("192.0.2.0"), 24)));
    assert_false(failed(zone_make(STR("dbl.yumen."), INDICATOR_DOMAIN, &terms, &rules.zone[0])));
    assert_false(failed(zone_make(STR("num.yumen."), INDICATOR_NUMBER, &terms, &rules.zone[1])));
    a->rules = &rules;
    arena_init(&a->turn, ANSWER_TURN_BYTES);
    return 0;
}

static int done(void **state)
{
    (void)state;
    arena_done(&a->turn);
    arena_done(&memory);
    return 0;
}

/* --- asking --- */

static uint8_t reply_bytes[4096];
static struct sheet reply;

static void ask_bytes(const char *from, bool is_tcp, const uint8_t *packet, size_t size)
{
    struct sockaddr_storage sender;
    assert_false(failed(net_address_parse(str_from_c(from), 999, &sender)));
    struct list_ask ask = {packet, size, (struct sockaddr *)&sender, is_tcp};
    reply = (struct sheet){.at = reply_bytes, .room = is_tcp ? 4096 : 1280};
    list_answer(a, &ask, &reply, 1, 1000000);
    if (reply.size > DNS_HEADER_BYTES)
        assert_true(oracle_parses(reply.at, reply.size));
}

struct query {
    const char *name;
    uint16_t type;
    uint16_t class;
    uint16_t udp_bytes; /* 0: no EDNS */
    uint8_t edns_version;
    uint16_t edns_flags;
    uint8_t opcode;
};

static size_t query_make(const struct query *q, uint8_t room[512])
{
    struct sheet s = {.at = room, .room = 512};
    sheet_u16(&s, 0xBEEF);
    sheet_u16(&s, (uint16_t)(DNS_RD | q->opcode << 11));
    sheet_u16(&s, 1);
    sheet_u32(&s, 0);
    sheet_u16(&s, q->udp_bytes > 0);
    ldns_rdf *name = ldns_dname_new_frm_str(q->name);
    assert_non_null(name);
    sheet_bytes(&s, ldns_rdf_data(name), ldns_rdf_size(name));
    ldns_rdf_deep_free(name);
    sheet_u16(&s, q->type);
    sheet_u16(&s, q->class == 0 ? DNS_IN : q->class);
    if (q->udp_bytes > 0) {
        sheet_u8(&s, 0);
        sheet_u16(&s, DNS_OPT);
        sheet_u16(&s, q->udp_bytes);
        sheet_u32(&s, (uint32_t)q->edns_version << 16 | q->edns_flags);
        sheet_u16(&s, 0);
    }
    assert_false(s.is_full);
    return s.size;
}

static size_t ask(const char *from, bool is_tcp, const struct query *q)
{
    uint8_t packet[512];
    size_t size = query_make(q, packet);
    ask_bytes(from, is_tcp, packet, size);
    if (reply.size >= DNS_HEADER_BYTES)
        assert_memory_equal(reply.at, packet, 2); /* the id */
    return size;
}

static unsigned rcode(void)
{
    return reply.at[3] & 0xFU;
}

static bool is_cut(void)
{
    return (reply.at[2] & (DNS_TC >> 8)) != 0;
}

/* The only record of the answer (or authority) section, as ldns writes it. */
static void assert_record(bool is_answer, const char *wanted)
{
    ldns_pkt *pkt = NULL;
    assert_int_equal(ldns_wire2pkt(&pkt, reply.at, reply.size), LDNS_STATUS_OK);
    const ldns_rr_list *list = is_answer ? ldns_pkt_answer(pkt) : ldns_pkt_authority(pkt);
    assert_int_equal(ldns_rr_list_rr_count(list), 1);
    assert_int_equal(ldns_pkt_ancount(pkt), is_answer);
    assert_int_equal(ldns_pkt_nscount(pkt), !is_answer);
    char *text = ldns_rr2str(ldns_rr_list_rr(list, 0));
    size_t size = strlen(text);
    text[size > 0 ? size - 1 : 0] = '\0'; /* its line end */
    assert_string_equal(text, wanted);
    LDNS_FREE(text);
    ldns_pkt_free(pkt);
}

#define DBL_SOA "dbl.yumen.\t60\tIN\tSOA\tlocalhost. nobody.invalid. 4711 3600 600 86400 60"
#define NUM_SOA "num.yumen.\t60\tIN\tSOA\tlocalhost. nobody.invalid. 4711 3600 600 86400 60"
#define NUMBER  "8.7.6.5.4.3.2.1.9.3.1.6.8.num.yumen."

/* clang-format off */
static const struct {
    const char *name;
    uint16_t type;
    enum dns_rcode rcode;
    const char *answer; /* or else */
    const char *authority;
} rows[] = {
    {"evil.example.dbl.yumen.", DNS_A, DNS_NOERROR,
     "evil.example.dbl.yumen.\t300\tIN\tA\t127.0.0.2", NULL},
    {"EvIl.eXaMpLe.DbL.yUmEn.", DNS_A, DNS_NOERROR,
     "EvIl.eXaMpLe.DbL.yUmEn.\t300\tIN\tA\t127.0.0.2", NULL},
    {"doubtful.example.dbl.yumen.", DNS_A, DNS_NOERROR,
     "doubtful.example.dbl.yumen.\t300\tIN\tA\t127.0.0.3", NULL},
    {"brief.example.dbl.yumen.", DNS_A, DNS_NOERROR,
     "brief.example.dbl.yumen.\t7\tIN\tA\t127.0.0.2", NULL},
    {NUMBER, DNS_A, DNS_NOERROR, NUMBER "\t300\tIN\tA\t127.0.0.2", NULL},
    {"evil.example.dbl.yumen.", DNS_TXT, DNS_NOERROR,
     "evil.example.dbl.yumen.\t300\tIN\tTXT\t"
     "\"Imitates a bank. Appeal: http://192.0.2.80/appeal?listing=1\"", NULL},
    {"evil.example.dbl.yumen.", DNS_ANY_TYPE, DNS_NOERROR,
     "evil.example.dbl.yumen.\t300\tIN\tHINFO\t\"RFC8482\" \"\"", NULL},
    {"evil.example.dbl.yumen.", DNS_AAAA, DNS_NOERROR, NULL, DBL_SOA},
    {"evil.example.dbl.yumen.", DNS_NS, DNS_NOERROR, NULL, DBL_SOA},
    {"fine.example.dbl.yumen.", DNS_A, DNS_NXDOMAIN, NULL, DBL_SOA},
    {"fine.example.dbl.yumen.", DNS_ANY_TYPE, DNS_NXDOMAIN, NULL, DBL_SOA},
    {"example.dbl.yumen.", DNS_A, DNS_NOERROR, NULL, DBL_SOA},
    {"6.8.num.yumen.", DNS_A, DNS_NOERROR, NULL, NUM_SOA},
    {"a.num.yumen.", DNS_A, DNS_NXDOMAIN, NULL, NUM_SOA},
    {"test.dbl.yumen.", DNS_A, DNS_NOERROR, "test.dbl.yumen.\t300\tIN\tA\t127.0.0.2", NULL},
    {"invalid.dbl.yumen.", DNS_A, DNS_NXDOMAIN, NULL, DBL_SOA},
    {"2.0.0.127.num.yumen.", DNS_A, DNS_NOERROR,
     "2.0.0.127.num.yumen.\t300\tIN\tA\t127.0.0.2", NULL},
    {"2.0.0.127.num.yumen.", DNS_TXT, DNS_NOERROR,
     "2.0.0.127.num.yumen.\t300\tIN\tTXT\t\"The test point of this list (RFC 5782)\"", NULL},
    {"1.0.0.127.num.yumen.", DNS_A, DNS_NXDOMAIN, NULL, NUM_SOA},
    {"0.0.127.num.yumen.", DNS_A, DNS_NOERROR, NULL, NUM_SOA},
    {"2.0.0.0.0.0.0.num.yumen.", DNS_A, DNS_NOERROR,
     "2.0.0.0.0.0.0.num.yumen.\t300\tIN\tA\t127.0.0.2", NULL},
    {"dbl.yumen.", DNS_SOA, DNS_NOERROR, DBL_SOA, NULL},
    {"num.yumen.", DNS_NS, DNS_NOERROR, "num.yumen.\t300\tIN\tNS\tlocalhost.", NULL},
    {"dbl.yumen.", DNS_A, DNS_NOERROR, NULL, DBL_SOA},
    {"dbl.yumen.", DNS_ANY_TYPE, DNS_NOERROR,
     "dbl.yumen.\t300\tIN\tHINFO\t\"RFC8482\" \"\"", NULL},
};
/* clang-format on */

static void questions_are_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (int way = 0; way < 4; way++) {
            struct query q = {
                .name = rows[i].name, .type = rows[i].type, .udp_bytes = way % 2 == 0 ? 0 : 1232};
            ask(TRUSTED, way / 2 == 1, &q);
            assert_int_equal(rcode(), rows[i].rcode);
            assert_int_equal(reply.at[2] & 0x85, 0x85); /* QR, AA, RD as it came */
            bool is_answer = rows[i].answer != NULL;
            assert_record(is_answer, is_answer ? rows[i].answer : rows[i].authority);
            assert_int_equal(reply.at[11], way % 2); /* OPT to whom sent one */
        }
}

static void what_is_not_ours_is_refused(void **state)
{
    (void)state;
    /* clang-format off */
    static const struct query queries[] = {
        {.name = "yumen.", .type = DNS_SOA},
        {.name = ".", .type = DNS_NS},
        {.name = "xdbl.yumen.", .type = DNS_A},
        {.name = "evil.example.", .type = DNS_A},
        {.name = "evil.example.dbl.yumen.", .type = DNS_AXFR},
        {.name = "dbl.yumen.", .type = DNS_IXFR},
        {.name = "version.bind.", .type = DNS_TXT, .class = 3},
        {.name = "evil.example.dbl.yumen.", .type = DNS_A, .class = 3},
        {.name = "evil.example.dbl.yumen.", .type = DNS_A, .class = DNS_ANY_CLASS},
    };
    /* clang-format on */
    judged = 0;
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        for (int is_tcp = 0; is_tcp < 2; is_tcp++) {
            ask(TRUSTED, is_tcp != 0, &queries[i]);
            assert_int_equal(rcode(), DNS_REFUSED);
            assert_int_equal(reply.at[7] + reply.at[9], 0);
        }
    assert_int_equal(judged, 0);
}

/* RFC 3225 3: DO as it came; RFC 6891 6.1.4: nothing of what is not known. */
static void of_the_edns_flags_do_comes_back(void **state)
{
    static const char *const names[] = {"evil.example.dbl.yumen.", "fine.example.dbl.yumen.",
                                        "elsewhere.example."};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        for (int is_tcp = 0; is_tcp < 2; is_tcp++) {
            struct query q = {.name = names[i], .type = DNS_A, .udp_bytes = 1232};
            ask(TRUSTED, is_tcp != 0, &q);
            assert_int_equal(reply.at[reply.size - 4] | reply.at[reply.size - 3], 0);
            q.edns_flags = 0xFFFF;
            ask(TRUSTED, is_tcp != 0, &q);
            assert_int_equal(reply.at[reply.size - 4], DNS_DO >> 8);
            assert_int_equal(reply.at[reply.size - 3], 0);
        }
}

static void other_versions_and_operations(void **state)
{
    (void)state;
    struct query q = {.name = "evil.example.dbl.yumen.", .type = DNS_A, .udp_bytes = 1232};
    q.edns_version = 1;
    ask(TRUSTED, false, &q);
    assert_int_equal(rcode(), DNS_BADVERS & 15);
    assert_int_equal(reply.at[reply.size - 6], DNS_BADVERS >> 4); /* the rest is in OPT */
    q.edns_version = 0;
    for (uint8_t opcode = 1; opcode < 16; opcode++) {
        q.opcode = opcode;
        ask(TRUSTED, false, &q);
        assert_int_equal(rcode(), DNS_NOTIMP);
        assert_int_equal(reply.size, DNS_HEADER_BYTES);
        assert_int_equal(reply.at[2] >> 3 & 15, opcode);
    }
}

static void what_cannot_be_said_is_servfail(void **state)
{
    (void)state;
    struct query q = {.name = "unknown.example.dbl.yumen.", .type = DNS_A, .udp_bytes = 1232};
    ask(TRUSTED, false, &q);
    assert_int_equal(rcode(), DNS_SERVFAIL);
    q = (struct query){.name = "brief.example.dbl.yumen.", .type = DNS_TXT, .udp_bytes = 1232};
    ask(TRUSTED, false, &q);
    assert_int_equal(rcode(), DNS_SERVFAIL);
    assert_int_equal(reply.at[11], 1);
    q.name = "doubtful.example.dbl.yumen."; /* ended between judging and telling */
    ask(TRUSTED, false, &q);
    assert_int_equal(rcode(), DNS_NOERROR);
    assert_record(false, DBL_SOA);
}

static void long_words_are_cut_and_fetched(void **state)
{
    (void)state;
    static char many[600];
    memset(many, 'w', sizeof many);
    long_words = str_make(many, sizeof many);
    struct query q = {.name = "evil.example.dbl.yumen.", .type = DNS_TXT};
    ask(TRUSTED, false, &q);
    assert_false(is_cut()); /* DNSBL_WORDS_BYTES fit 512 with a short name */
    assert_true(reply.size <= DNS_PLAIN_UDP_BYTES);
    ask(CLIENT, false, &q);
    assert_true(is_cut());
    assert_int_equal(reply.at[7], 0);
    ask(CLIENT, true, &q);
    assert_false(is_cut());
    ldns_pkt *pkt = NULL;
    assert_int_equal(ldns_wire2pkt(&pkt, reply.at, reply.size), LDNS_STATUS_OK);
    const ldns_rr *rr = ldns_rr_list_rr(ldns_pkt_answer(pkt), 0);
    assert_int_equal(ldns_rr_rd_count(rr), 2);
    assert_int_equal(ldns_rdf_size(ldns_rr_rdf(rr, 0)) + ldns_rdf_size(ldns_rr_rdf(rr, 1)),
                     DNSBL_WORDS_BYTES + 2);
    ldns_pkt_free(pkt);
}

/* Byte by byte to where the answer would be more than ANSWER_GAIN times the question. */
static void the_gain_is_exact(void **state)
{
    (void)state;
    static char many[200];
    memset(many, 'w', sizeof many);
    struct query q = {.name = "evil.example.dbl.yumen.", .type = DNS_TXT};
    size_t whole = 0;
    for (size_t more = 0; more < sizeof many; more++) {
        long_words = str_make(many, more);
        ask(TRUSTED, false, &q);
        size_t full = reply.size;
        size_t sent = ask(CLIENT, false, &q);
        assert_int_equal(is_cut(), full > ANSWER_GAIN * sent);
        whole += !is_cut();
    }
    assert_in_range(whole, 1, sizeof many - 1);
}

/* Every row, from everybody, with and without EDNS of every size. */
static void nobody_gets_more_than_he_may(void **state)
{
    (void)state;
    static const uint16_t sizes[] = {0, 1, 512, 1232, 4096, 65535};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t k = 0; k < COUNT_OF(sizes); k++) {
            struct query q = {.name = rows[i].name, .type = rows[i].type, .udp_bytes = sizes[k]};
            size_t sent = ask(STRANGER, false, &q);
            assert_int_equal(rcode(), DNS_REFUSED);
            assert_true(reply.size <= sent);
            sent = ask(CLIENT, false, &q);
            assert_true(reply.size <= ANSWER_GAIN * sent);
            assert_true(reply.size <= (sizes[k] < 512 ? 512 : sizes[k]) && reply.size <= 1232);
            assert_false(is_cut()); /* all that is usual fits */
        }
}

static void a_strangers_question_is_not_judged(void **state)
{
    (void)state;
    struct query q = {.name = "evil.example.dbl.yumen.", .type = DNS_TXT};
    judged = told = 0;
    ask(STRANGER, false, &q);
    assert_int_equal(judged + told, 0);
}

static void beyond_the_rate_is_cut_or_dropped(void **state)
{
    (void)state;
    static struct rate_line lines[RATE_LINES];
    struct rate rate = {.lines = lines, .seed = 1, .cost_us = 100000, .slip = 2};
    struct query listed = {.name = "evil.example.dbl.yumen.", .type = DNS_TXT, .udp_bytes = 1232};
    struct query fine = {.name = "fine.example.dbl.yumen.", .type = DNS_A};
    unsigned whole = 0;
    unsigned cut = 0;
    unsigned none = 0;
    a->rate = &rate;
    told = 0;
    for (int i = 0; i < 110; i++) {
        size_t sent = ask(CLIENT, false, &listed);
        none += reply.size == 0;
        cut += reply.size > 0 && is_cut();
        whole += reply.size > 0 && !is_cut();
        assert_true(reply.size == 0 || !is_cut() || reply.size <= sent);
    }
    assert_int_equal(whole, 10);
    assert_int_equal(cut, 50);
    assert_int_equal(none, 50);
    assert_int_equal(told, 10); /* the costly way is not gone for nothing */
    ask(CLIENT, false, &fine);  /* another kind */
    assert_int_equal(rcode(), DNS_NXDOMAIN);
    ask(CLIENT, true, &listed); /* TCP is who it says */
    assert_int_equal(rcode(), DNS_NOERROR);
    for (int i = 0; i < 100; i++)
        ask(TRUSTED, false, &listed);
    assert_false(is_cut());
    for (int i = 0; i < 100; i++)
        ask(STRANGER, false, &listed); /* a refusal is an answer, too */
    assert_int_equal(reply.size, 0);
    a->rate = NULL;
}

static void many_at_once_do_not_mix(void **state)
{
    (void)state;
    static uint8_t packets[DNSBL_AT_ONCE][512];
    static uint8_t bytes[DNSBL_AT_ONCE][1280];
    struct list_ask asks[DNSBL_AT_ONCE];
    struct sheet messages[DNSBL_AT_ONCE];
    struct sockaddr_storage sender;
    assert_false(failed(net_address_parse(STR(TRUSTED), 999, &sender)));
    for (size_t i = 0; i < DNSBL_AT_ONCE; i++) {
        struct query q = {.name = rows[i % COUNT_OF(rows)].name,
                          .type = rows[i % COUNT_OF(rows)].type};
        size_t size = i % 7 == 6 ? 5 : query_make(&q, packets[i]);
        asks[i] = (struct list_ask){packets[i], size, (struct sockaddr *)&sender, false};
        messages[i] = (struct sheet){.at = bytes[i], .room = sizeof bytes[i]};
    }
    list_answer(a, asks, messages, DNSBL_AT_ONCE, 1000000);
    for (size_t i = 0; i < DNSBL_AT_ONCE; i++) {
        assert_int_equal(messages[i].size == 0, i % 7 == 6);
        if (messages[i].size == 0)
            continue;
        reply = messages[i];
        assert_int_equal(rcode(), rows[i % COUNT_OF(rows)].rcode);
        bool is_answer = rows[i % COUNT_OF(rows)].answer != NULL;
        assert_record(is_answer, is_answer ? rows[i % COUNT_OF(rows)].answer
                                           : rows[i % COUNT_OF(rows)].authority);
    }
}

static void signed_questions_are_told_that_there_is_no_key(void **state)
{
    (void)state;
    struct oracle_key key = {.name = "k.x",
                             .algorithm = "hmac-sha256.",
                             .secret = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="};
    uint8_t packet[1024];
    size_t size = oracle_request(packet, "dbl.yumen.", DNS_SOA, 0, &key);
    ask_bytes(TRUSTED, true, packet, size);
    assert_int_equal(rcode(), DNS_NOTAUTH);
    assert_int_equal(reply.at[11], 1); /* the TSIG record */
    ask_bytes(CLIENT, false, packet, size);
    assert_true(reply.size <= size);
}

static void noise_brings_nothing_down(void **state)
{
    (void)state;
    struct random_source random;
    random_init_seeded(&random, 20261122);
    for (int i = 0; i < 200000; i++) {
        const size_t row = (size_t)random_below(&random, COUNT_OF(rows));
        struct query q = {
            .name = rows[row].name, .type = rows[row].type, .udp_bytes = i % 2 == 0 ? 0 : 1232};
        uint8_t packet[512];
        size_t size = query_make(&q, packet);
        for (uint64_t bent = random_below(&random, 5); bent > 0; bent--)
            packet[random_below(&random, size)] = (uint8_t)random_u64(&random);
        if (i % 3 == 0)
            size = (size_t)random_below(&random, size + 1);
        const char *from = i % 4 == 0 ? STRANGER : i % 4 == 1 ? TRUSTED : CLIENT;
        ask_bytes(from, i % 5 == 0, packet, size);
        if (i % 5 != 0 && i % 4 == 0)
            assert_true(reply.size <= size);
        if (i % 5 != 0 && i % 4 > 1)
            assert_true(reply.size <= ANSWER_GAIN * size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(questions_are_answered, open, done),
        cmocka_unit_test_setup_teardown(what_is_not_ours_is_refused, open, done),
        cmocka_unit_test_setup_teardown(of_the_edns_flags_do_comes_back, open, done),
        cmocka_unit_test_setup_teardown(other_versions_and_operations, open, done),
        cmocka_unit_test_setup_teardown(what_cannot_be_said_is_servfail, open, done),
        cmocka_unit_test_setup_teardown(long_words_are_cut_and_fetched, open, done),
        cmocka_unit_test_setup_teardown(the_gain_is_exact, open, done),
        cmocka_unit_test_setup_teardown(nobody_gets_more_than_he_may, open, done),
        cmocka_unit_test_setup_teardown(a_strangers_question_is_not_judged, open, done),
        cmocka_unit_test_setup_teardown(beyond_the_rate_is_cut_or_dropped, open, done),
        cmocka_unit_test_setup_teardown(many_at_once_do_not_mix, open, done),
        cmocka_unit_test_setup_teardown(signed_questions_are_told_that_there_is_no_key, open, done),
        cmocka_unit_test_setup_teardown(noise_brings_nothing_down, open, done),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
