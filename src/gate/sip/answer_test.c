/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a call is passed, announced or rejected as its number, its trunk and the lists say; the
 * answer is one that a switch can use; the same request gets the same bytes; and nobody gets more
 * than he may.
 * Method: requests in, replies out, with a list of a few numbers.
 */
#include "gate/sip/house_test.h"

#define HOME    "192.0.2.1"
#define ABROAD  "192.0.2.2"
#define DECLINE "192.0.2.3"

#define STRANGE     "Require: 100rel, a\r\nProxy-Require: b ,c\r\n"
#define LONG_CALLER "sip:111111111111111111111111111111111111111111@a"

/* An INVITE from a number, with more lines. */
static str invite(const char *from_uri, const char *lines)
{
    static char packet[4096];
    int size = snprintf(packet, sizeof packet,
                        "INVITE sip:8008208820@192.0.2.9:5080;user=phone SIP/2.0\r\n"
                        "Via: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK77\r\n"
                        "Via: SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK76\r\n"
                        "Max-Forwards: 70\r\n"
                        "From: <%s>;tag=88\r\n"
                        "To: <sip:8008208820@carrier.example>\r\n"
                        "Call-ID: 1@10.1.1.1\r\n"
                        "CSeq: 1 INVITE\r\n"
                        "%s"
                        "Content-Length: 0\r\n\r\n",
                        from_uri, lines);
    assert_true(size > 0 && (size_t)size < sizeof packet);
    return str_make(packet, (size_t)size);
}

static str ask(const char *from, const char *from_uri, const char *lines)
{
    return house_ask_bytes(from, invite(from_uri, lines));
}

static void a_call_passes_to_where_it_was_going(void **state)
{
    (void)state;
    str reply = ask(HOME, "sip:+8613912345678@a.example", "");
    assert_int_equal(house_status(reply), 302);
    assert_true(str_has(reply, STR("\r\nContact: <sip:8008208820@192.0.2.9:5080;user=phone>\r\n")));
    assert_true(str_has(reply, STR("\r\nVia: SIP/2.0/UDP 192.0.2.1:5062;branch=z9hG4bK77\r\n"
                                   "Via: SIP/2.0/UDP 10.1.1.1;branch=z9hG4bK76\r\n")));
    assert_true(str_has(reply, STR("\r\nFrom: <sip:+8613912345678@a.example>;tag=88\r\n")));
    assert_true(str_has(reply, STR("\r\nTo: <sip:8008208820@carrier.example>;tag=")));
    assert_true(str_has(reply, STR("\r\nCall-ID: 1@10.1.1.1\r\nCSeq: 1 INVITE\r\n")));
    assert_true(str_ends(reply, STR("\r\nContent-Length: 0\r\n\r\n")));
}

static void a_listed_number_is_rejected_and_told_where_to_turn(void **state)
{
    (void)state;
    str reply = ask(HOME, "sip:13900000001@a.example", "");
    assert_int_equal(house_status(reply), 608);
    assert_true(str_starts(reply, STR("SIP/2.0 608 Rejected\r\n")));
    assert_true(
        str_has(reply, STR("\r\nCall-Info: <https://centre.example/redress>;purpose=jwscard\r\n")));
    assert_false(str_has(reply, STR("Contact")));
    assert_int_equal(house_status(ask(DECLINE, "sip:13900000001@a.example", "")), 603);
}

static void a_card_that_is_not_there_is_not_named(void **state)
{
    (void)state;
    house_has_no_card = true;
    str reply = ask(HOME, "sip:13900000001@a.example", "");
    house_has_no_card = false;
    assert_int_equal(house_status(reply), 608);
    assert_false(str_has(reply, STR("Call-Info")));
}

static void a_warning_is_words_for_a_phone(void **state)
{
    (void)state;
    str reply = ask(HOME, "tel:+86-139-0000-0002", "");
    assert_int_equal(house_status(reply), 302);
    assert_true(str_has(reply, STR("\r\nContact: \"Suspected \\\"scam\\\"\" <sip:8008208820@")));
}

/* From which number, over which trunk: the status, whether it is announced, and for what reason. */
static const struct {
    const char *trunk;
    const char *from;
    unsigned status;
    bool is_announced;
    enum sip_reason reason;
} reasons[] = {
    {HOME,   "sip:+8613912345678@a",              302, false, SIP_REASON_clear     },
    {HOME,   "sip:013912345678@a",                302, false, SIP_REASON_clear     },
    {HOME,   "sip:8613900000001@a",               608, false, SIP_REASON_listed    },
    {HOME,   "sip:%2B86139%30%30000001@a",        608, false, SIP_REASON_listed    },
    {HOME,   "sip:+8613900000001;npdi:pw@a",      608, false, SIP_REASON_listed    },
    {HOME,   "sip:008613900000001@a",             608, false, SIP_REASON_listed    },
    {HOME,   "tel:13900000001;phone-context=+86", 608, false, SIP_REASON_listed    },
    {HOME,   "sips:+12125550100@a",               608, false, SIP_REASON_listed    },
    {HOME,   "sip:0012125550100@a",               608, false, SIP_REASON_listed    },
    {HOME,   "sip:96110@a",                       302, false, SIP_REASON_clear     },
    {HOME,   "sip:110@a",                         302, false, SIP_REASON_clear     },
    {HOME,   "sip:+8696110@a",                    608, false, SIP_REASON_short_code},
    {HOME,   "sip:008696110@a",                   608, false, SIP_REASON_short_code},
    {HOME,   "sip:+86110@a",                      608, false, SIP_REASON_short_code},
    {HOME,   "sip:8001@a",                        302, false, SIP_REASON_nameless  },
    {HOME,   "sip:anonymous@anonymous.invalid",   302, false, SIP_REASON_nameless  },
    {HOME,   "sip:a.example",                     302, false, SIP_REASON_nameless  },
    {HOME,   "tel:+861391234567",                 608, false, SIP_REASON_impossible},
    {HOME,   "tel:+86139123456789",               608, false, SIP_REASON_impossible},
    {HOME,   "tel:+1234567890123456",             608, false, SIP_REASON_impossible},
    {HOME,   LONG_CALLER,                         608, false, SIP_REASON_impossible},
    {HOME,   "sip:+8613900000009@a",              302, false, SIP_REASON_unjudged  },
    {HOME,   "sip:+0123456789@a",                 302, true,  SIP_REASON_unassigned},
    {HOME,   "sip:+8617912345678@a",              302, true,  SIP_REASON_unassigned},
    {HOME,   "sip:17912345678@a",                 302, true,  SIP_REASON_unassigned},
    {HOME,   "sip:12012345678@a",                 302, true,  SIP_REASON_unassigned},
    {HOME,   "sip:+8617900000001@a",              608, false, SIP_REASON_listed    },
    {HOME,   "sip:+8617900000002@a",              302, false, SIP_REASON_clear     },
    {HOME,   "sip:02612345678@a",                 302, true,  SIP_REASON_unassigned},
    {ABROAD, "sip:+8617912345678@a",              302, true,  SIP_REASON_domestic  },
    {ABROAD, "sip:+999123456789@a",               302, true,  SIP_REASON_unassigned},
    {ABROAD, "sip:+1212555010@a",                 302, true,  SIP_REASON_unassigned},
    {ABROAD, "sip:+12125550111@a",                302, false, SIP_REASON_clear     },
    {ABROAD, "sip:12125550100@a",                 608, false, SIP_REASON_listed    },
    {ABROAD, "sip:+8613912345678@a",              302, true,  SIP_REASON_domestic  },
    {ABROAD, "sip:8613912345678@a",               302, true,  SIP_REASON_domestic  },
    {ABROAD, "sip:093112345678@a",                302, true,  SIP_REASON_unassigned},
    {ABROAD, "sip:09318234567@a",                 302, true,  SIP_REASON_domestic  },
    {ABROAD, "sip:+861058118888@a",               608, false, SIP_REASON_official  },
    {ABROAD, "sip:+8696110@a",                    608, false, SIP_REASON_short_code},
    {ABROAD, "sip:96110@a",                       608, false, SIP_REASON_short_code},
    {ABROAD, "tel:110;phone-context=+86",         608, false, SIP_REASON_short_code},
    {ABROAD, "sip:+8613900000001@a",              608, false, SIP_REASON_listed    },
};

static void each_number_has_its_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(reasons); i++) {
        bool is_home = strcmp(reasons[i].trunk, HOME) == 0;
        size_t trunk = is_home ? TRUNK_HOME : TRUNK_ABROAD;
        uint64_t before = house_count(trunk, reasons[i].reason);
        str reply = ask(reasons[i].trunk, reasons[i].from, "");
        bool is_announced = str_has(reply, STR("Contact: \""));
        bool is_so = house_status(reply) == reasons[i].status &&
                     is_announced == reasons[i].is_announced &&
                     house_count(trunk, reasons[i].reason) == before + 1;
        if (!is_so)
            fail_msg("%s: %.*s", reasons[i].from, (int)reply.size, reply.at);
    }
}

static void whom_a_trunk_asserts_counts_as_well_as_whom_it_shows(void **state)
{
    static const char lines[] = "P-Asserted-Identity: \"A, B\" <sip:13900000001@x>, <tel:+1>\r\n";
    static const char clean[] = "P-Asserted-Identity: <sip:+8613912345678@x>\r\n";
    static const char second[] = "P-Asserted-Identity: <sip:+8613912345678@x>\r\n"
                                 "P-Asserted-Identity: <tel:13900000001>\r\n";
    (void)state;
    assert_int_equal(house_status(ask(HOME, "sip:13912345678@a", lines)), 608);
    assert_int_equal(house_status(ask(ABROAD, "sip:+12125550111@a", lines)), 302);
    assert_int_equal(house_status(ask(HOME, "sip:13912345679@a", clean)), 302);
    assert_int_equal(house_status(ask(HOME, "sip:13900000001@a", clean)), 608);
    assert_int_equal(house_status(ask(HOME, "sip:+8696110@a", clean)), 608);
    assert_int_equal(house_status(ask(HOME, "sip:13912345679@a", second)), 608);
    assert_int_equal(
        house_status(ask(HOME, "sip:anonymous@a", "p-asserted-identity:tel:13900000001\r\n")), 608);
    /* Nothing in it is a number: what is shown counts. */
    assert_int_equal(
        house_status(ask(HOME, "sip:13900000001@a", "P-Asserted-Identity: <sip:alice@x>\r\n")),
        608);
}

#define DIVERSIONS_5                                                                               \
    "Diversion: <sip:1@x>\r\nDiversion: <sip:2@x>\r\nDiversion: <sip:3@x>\r\n"                     \
    "Diversion: <sip:4@x>\r\nDiversion: <sip:5@x>\r\n"

/* What is wrong with a request: who is listed gets 608, who is not what he is owed. */
static void nothing_else_in_a_request_lets_a_listed_number_through(void **state)
{
    static const struct {
        const char *lines;
        unsigned otherwise;
    } rows[] = {
        {"Proxy-Require: x\r\n",                                           420},
        {"Require: x\r\n",                                                 420},
        {"Require: 100rel\r\nRequire: timer\r\nRequire: 199\r\nRequire: replaces\r\nRequire: "
         "199\r\n",                                               302},
        {DIVERSIONS_5,                                                     302},
        {"P-Asserted-Identity: <sip:13912345678@x>\r\n",                   302},
        {"P-Asserted-Identity: <tel:+861391234567>\r\nCSeq: 2 INVITE\r\n", 608},
        {"Max-Forwards: 70\r\n",                                           400},
        {"Call-ID: 2\r\n",                                                 400},
        {"To: <sip:b@y>;tag=z\r\n",                                        400},
        {"From: <sip:13912345679@y>;tag=z\r\n",                            400},
        {"no header\r\n",                                                  400},
        {"l: 7\r\n",                                                       400},
        {"Route: <sip:192.0.2.9;lr>\r\n",                                  302},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        str reply = ask(HOME, "sip:13900000001@a", rows[i].lines);
        if (house_status(reply) != 608)
            fail_msg("%s: %.*s", rows[i].lines, (int)reply.size, reply.at);
        reply = ask(HOME, "sip:13912345679@a", rows[i].lines);
        if (house_status(reply) != rows[i].otherwise)
            fail_msg("%s: %.*s", rows[i].lines, (int)reply.size, reply.at);
    }
    assert_int_equal(house_status(ask(DECLINE, "sip:13900000001@a", "Require: x\r\n")), 603);
}

/* A call from `caller` to `uri`. */
static unsigned status_of(const char *trunk, const char *caller, const char *uri, const char *lines)
{
    char packet[1024];
    int size = snprintf(packet, sizeof packet,
                        "INVITE %s SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
                        "From: <sip:%s@a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\n"
                        "CSeq: 1 INVITE\r\n%s\r\n",
                        uri, caller, lines);
    return house_status(house_ask_bytes(trunk, str_make(packet, (size_t)size)));
}

static void who_may_not_call_may_call_for_help(void **state)
{
    static const char *const pass[] = {
        "urn:service:sos",
        "URN:service:sos.police",
        "sip:110@x",
        "tel:110",
        "sip:+86110@x",
        "sip:0086110@x",
        "tel:110;phone-context=x",
        "sip:010110@x",
        "sip:093196110@x",
        "sip:96110;a=b@x",
        "sip:1%310:pw@x",
    };
    static const char *const judged[] = {
        "sip:8008208820@x", "sip:1100@x",  "sip:13900110110@x", "sip:96@110",   "sip:+110@x",
        "sip:95110@x",      "sip:86110@x", "sip:00110@x",       "sip:x110@x",   "sip:x",
        "urn:service:",     "urn:x:sos",   "sip:96110?a=b@x",   "mailto:110@x",
    };
    static const char *const callers[] = {"13900000001", "+8696110", "+861391234567", "x", "+1"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pass); i++)
        for (size_t k = 0; k < COUNT_OF(callers); k++) {
            uint64_t before = house_count(TRUNK_ABROAD, SIP_REASON_exempt);
            if (status_of(HOME, callers[k], pass[i], "") != 302 ||
                status_of(ABROAD, callers[k], pass[i], "Require: x\r\nCSeq: 2 y\r\n") != 302)
                fail_msg("%s to %s", callers[k], pass[i]);
            assert_int_equal(house_count(TRUNK_ABROAD, SIP_REASON_exempt), before + 1);
        }
    for (size_t i = 0; i < COUNT_OF(judged); i++)
        if (status_of(HOME, "13900000001", judged[i], "") != 608)
            fail_msg("to %s", judged[i]);
    house_rules.trunks.at[TRUNK_HOME].rate = guard_rate_of(1, 1000000);
    for (int i = 0; i < 5; i++)
        assert_int_equal(status_of(HOME, "13912345678", "sip:110@x", ""), 302);
    house_rules.trunks.at[TRUNK_HOME].rate = (struct guard_rate){0};
}

static void who_diverts_counts_too(void **state)
{
    (void)state;
    str reply =
        ask(HOME, "sip:13912345678@a", "Diversion: <sip:13900000001@x>;reason=unconditional\r\n");
    assert_int_equal(house_status(reply), 608);
    assert_int_equal(house_count(TRUNK_HOME, SIP_REASON_diverted), 1);
    reply = ask(HOME, "sip:13900000001@a", "Diversion: <sip:13900000002@x>\r\n");
    assert_int_equal(house_status(reply), 608);
    assert_int_equal(house_count(TRUNK_HOME, SIP_REASON_diverted), 1);
}

static void the_same_again_gets_the_same(void **state)
{
    char first[4096];
    (void)state;
    str reply = ask(HOME, "sip:13900000001@a", "");
    assert_true(reply.size < sizeof first);
    memcpy(first, reply.at, reply.size);
    str again = ask(HOME, "sip:13900000001@a", "");
    assert_int_equal(again.size, reply.size);
    assert_memory_equal(again.at, first, again.size);
    str other = ask(HOME, "sip:13900000001@a;tag=x", "");
    assert_true(other.size != reply.size || memcmp(other.at, first, other.size) != 0);
}

static void the_answer_finds_its_way_through_a_nat(void **state)
{
    static const char packet[] = "INVITE sip:1@b SIP/2.0\r\n"
                                 "v: SIP/2.0/UDP a.example:5070;rport;received=203.0.113.1"
                                 ";branch=z9hG4bK1, SIP/2.0/TCP c\r\n"
                                 "f: <sip:13912345678@a>;tag=1\r\nt: \"B\"\r\n <sip:1@b>\r\n"
                                 "i: 1\r\nCSeq: 1 INVITE\r\n"
                                 "Subject: long enough that the answer may be as long as it is\r\n"
                                 "\r\n";
    (void)state;
    str reply = house_ask_bytes(HOME, str_from_c(packet));
    assert_int_equal(house_status(reply), 302);
    assert_true(str_has(reply, STR("\r\nVia: SIP/2.0/UDP a.example:5070;branch=z9hG4bK1"
                                   ";received=192.0.2.1;rport=5099, SIP/2.0/TCP c\r\n")));
    assert_true(str_has(reply, STR("\r\nTo: \"B\" <sip:1@b>;tag=")));
}

static void what_is_not_for_us_is_refused_as_it_should_be(void **state)
{
    /* clang-format off */
    static const struct {
        const char *method;
        const char *uri;
        const char *line;
        unsigned status;
        const char *says;
    } rows[] = {
        {"OPTIONS", "sip:b", "", 200, "\r\nAllow: INVITE, ACK, "},
        {"OPTIONS", "sip:b", "Max-Forwards: 0\r\n", 200, ""},
        {"INVITE", "sip:b", "Max-Forwards: 0\r\n", 483, ""},
        {"REGISTER", "sip:b", "", 405, "\r\nAllow: INVITE, "},
        {"invite", "sip:b", "", 405, ""},
        {"INVITE", "urn:x:y", "", 416, ""},
        {"INVITE", "urn:service:sos", "", 302, "\r\nContact: <urn:service:sos>\r\n"},
        {"INVITE", "sip:b", "Require: 100rel, timer\r\n", 302, ""},
        {"INVITE", "sip:b", STRANGE, 420, "\r\nUnsupported: a, b, c\r\n"},
        {"BYE", "sip:b", "", 405, ""},
        {"ACK", "sip:b", "", 0, ""},
        {"ACK", "sip:b", "Require: a\r\n", 0, ""},
        {"ACK", "sip:b", "Max-Forwards: x\r\n", 0, ""},
        {"CANCEL", "sip:b", "", 0, ""},
        {"INVITE", "sip:b", "Max-Forwards: 256\r\n", 400, " Bad Max-Forwards\r\n"},
        {"INVITE", "sip:b", "Content-Length: 1\r\n", 400, " Bad Content-Length\r\n"},
        {"INVITE", "sip:b", "Call-ID: 2\r\n", 400, " Header Given Twice\r\n"},
    };
    /* clang-format on */
    char packet[1024];
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int size = snprintf(packet, sizeof packet,
                            "%s %s SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\n"
                            "From: <sip:13912345678@a>;tag=1\r\nTo: <sip:b>\r\nCall-ID: 1\r\n"
                            "CSeq: 1 %s\r\n%s\r\n",
                            rows[i].method, rows[i].uri, rows[i].method, rows[i].line);
        str reply = house_ask_bytes(HOME, str_make(packet, (size_t)size));
        if (house_status(reply) != rows[i].status || !str_has(reply, str_from_c(rows[i].says)))
            fail_msg("row %zu: %.*s", i, (int)reply.size, reply.at);
    }
}

/* The `i`th call of a number. */
static str invite_again(const char *number, int i)
{
    static char packet[1024];
    int size = snprintf(packet, sizeof packet,
                        "INVITE sip:1@b SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK%d\r\n"
                        "From: <sip:%s@a>;tag=1\r\nTo: <sip:1@b>\r\nCall-ID: %d\r\n"
                        "CSeq: 1 INVITE\r\n\r\n",
                        i, number, i);
    return str_make(packet, (size_t)size);
}

static void who_calls_too_much_is_announced_or_sent_away(void **state)
{
    static struct guard_line lines[GUARD_LINES];
    unsigned announced = 0;
    unsigned crowded = 0;
    (void)state;
    house_rules.actions[SIP_REASON_burst] = SIP_ACT_WARN;
    house.numbers = (struct guard){.lines = lines, .rate = guard_rate_of(5, 60000000)};
    house_rules.trunks.at[TRUNK_HOME].rate = guard_rate_of(20, 1000000);
    for (int i = 0; i < 30; i++) {
        str reply = house_ask_bytes(HOME, invite_again("13912345678", i));
        announced += str_has(reply, STR("Contact: \""));
        crowded += house_status(reply) == 503 && str_has(reply, STR("\r\nRetry-After: 1\r\n"));
        str again = house_ask_bytes(HOME, invite_again("13912345678", i));
        assert_true(house_status(again) == 302 || house_status(again) == 503);
    }
    assert_int_equal(announced, 15);
    assert_int_equal(crowded, 10);
    house_rules.trunks.at[TRUNK_HOME].rate = (struct guard_rate){0};
    house.numbers = (struct guard){0};
}

/* Somebody abroad shows a number again and again: its owner at home calls as before. */
static void a_number_is_not_borrowed_at_its_owners_cost(void **state)
{
    static struct guard_line lines[GUARD_LINES];
    (void)state;
    house_rules.actions[SIP_REASON_burst] = SIP_ACT_WARN;
    house.numbers = (struct guard){.lines = lines, .rate = guard_rate_of(5, 60000000)};
    for (int i = 0; i < 20; i++)
        (void)house_ask_bytes(ABROAD, invite_again("+8613912345678", i));
    str reply = house_ask_bytes(HOME, invite_again("+8613912345678", 20));
    assert_int_equal(house_status(reply), 302);
    assert_false(str_has(reply, STR("Contact: \"")));
    house.numbers = (struct guard){0};
}

static void strangers_get_nothing_or_no_more_than_they_sent(void **state)
{
    (void)state;
    assert_int_equal(ask("203.0.113.5", "sip:13900000001@a", "").size, 0);
    house_rules.refuses_strangers = true;
    str packet = invite("sip:13900000001@a", "");
    size_t sent = packet.size;
    str reply = house_ask_bytes("203.0.113.5", packet);
    house_rules.refuses_strangers = false;
    assert_int_equal(house_status(reply), 403);
    assert_true(reply.size <= sent);
    assert_int_equal(house.counts.strangers, 2);
}

static void a_short_request_gets_a_short_answer(void **state)
{
    static const char packet[] = "INVITE sip:1@b SIP/2.0\r\nv:SIP/2.0/UDP a\r\n"
                                 "f:<sip:13900000001@a>\r\nt:<sip:b>\r\ni:1\r\n"
                                 "CSeq:1 INVITE\r\n\r\n";
    (void)state;
    str packet_str = str_from_c(packet);
    str reply = house_ask_bytes(HOME, packet_str);
    assert_int_equal(house_status(reply), 608);
    assert_true(reply.size <= SIP_GAIN * packet_str.size);
    house_rules.redress_url = STR("https://centre.example/a/long/way/to/redress/that/would/make/"
                                  "the/answer/longer/than/what/a/request/like/this/may/get/back/"
                                  "so/that/it/must/be/left/out/of/it");
    reply = house_ask_bytes(HOME, packet_str);
    assert_int_equal(house_status(reply), 608);
    assert_false(str_has(reply, STR("Call-Info")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_passes_to_where_it_was_going),
        cmocka_unit_test(a_listed_number_is_rejected_and_told_where_to_turn),
        cmocka_unit_test(a_card_that_is_not_there_is_not_named),
        cmocka_unit_test(a_warning_is_words_for_a_phone),
        cmocka_unit_test(each_number_has_its_reason),
        cmocka_unit_test(whom_a_trunk_asserts_counts_as_well_as_whom_it_shows),
        cmocka_unit_test(nothing_else_in_a_request_lets_a_listed_number_through),
        cmocka_unit_test(who_may_not_call_may_call_for_help),
        cmocka_unit_test(a_number_is_not_borrowed_at_its_owners_cost),
        cmocka_unit_test(who_diverts_counts_too),
        cmocka_unit_test(the_same_again_gets_the_same),
        cmocka_unit_test(the_answer_finds_its_way_through_a_nat),
        cmocka_unit_test(what_is_not_for_us_is_refused_as_it_should_be),
        cmocka_unit_test(who_calls_too_much_is_announced_or_sent_away),
        cmocka_unit_test(strangers_get_nothing_or_no_more_than_they_sent),
        cmocka_unit_test(a_short_request_gets_a_short_answer),
    };
    return cmocka_run_group_tests(tests, house_open, house_close);
}
