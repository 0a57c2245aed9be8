/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever arrives, the SIP gate asks its judge for canonical numbers only, answers with
 * whole lines or not at all, never with more bytes than a stranger sent nor SIP_GAIN times what a
 * trunk did, never to an ACK or a response, and twice the same.
 * Method: the first byte says who sends it; the rest is the packet.
 */
#include "gate/sip/answer.h"
#include "kit/kit.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct sip_rules rules;
static struct sip_answerer a;

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void judge(void *self, enum sip_lane lane, struct sip_question *questions, size_t count)
{
    (void)self;
    (void)lane;
    for (size_t i = 0; i < count; i++) {
        str number = questions[i].number;
        size_t plus = str_starts(number, STR("+"));
        must(number.size > plus && number.size <= 32);
        for (size_t k = plus; k < number.size; k++)
            must(number.at[k] >= '0' && number.at[k] <= '9');
        questions[i].verdict = (enum verdict)(number.at[number.size - 1] % 3);
        questions[i].is_listed = number.size % 2 == 0;
    }
}

static bool has_card(void *self)
{
    (void)self;
    return true;
}

static void trunk_put(const char *from, enum trunk_kind kind, uint16_t reject_with)
{
    struct sip_trunk *t = &rules.trunks.at[rules.trunks.count++];
    *t = (struct sip_trunk){.name = STR("t"),
                            .kind = kind,
                            .is_asserting = kind == TRUNK_DOMESTIC,
                            .is_national = kind == TRUNK_DOMESTIC,
                            .reject_with = reject_with};
    must(!failed(nets_put(&t->from, str_from_c(from), 32)));
}

static void open_all(void)
{
    static const str exempt = {"110", 3};
    must(!failed(kit_boot()));
    rules = (struct sip_rules){
        .port = {.judge = judge,                           .has_card = has_card},
        .actions = {[SIP_REASON_official] = SIP_ACT_REJECT,
                 [SIP_REASON_short_code] = SIP_ACT_REJECT,
                 [SIP_REASON_domestic] = SIP_ACT_WARN,
                 [SIP_REASON_impossible] = SIP_ACT_REJECT,
                 [SIP_REASON_unassigned] = SIP_ACT_WARN},
        .warning = STR("\"?\\"),
        .redress_url = STR("https://centre.example/redress"),
        .refuses_strangers = true,
        .exempt = {&exempt, 1                        },
        .seed = 1,
    };
    trunk_put("192.0.2.1", TRUNK_DOMESTIC, 608);
    trunk_put("192.0.2.2", TRUNK_INTERNATIONAL, 603);
    a.rules = &rules;
    a.last_trunk = SIP_NO_TRUNK;
    arena_init(&a.turn, SIP_TURN_BYTES);
}

/* Lines, each ended by CRLF; the empty one is the last. */
static void must_be_whole(str reply)
{
    must(str_starts(reply, STR("SIP/2.0 ")) && str_ends(reply, STR("\r\n\r\n")));
    for (size_t i = 0; i < reply.size; i++) {
        bool is_feed = reply.at[i] == '\n';
        must(is_feed == (i > 0 && reply.at[i - 1] == '\r'));
        must(!is_feed || i + 1 == reply.size || i + 3 == reply.size || reply.at[i + 1] != '\r');
    }
}

static struct sip_sheet ask(const struct sip_ask *of, char *room, size_t bytes)
{
    struct sip_sheet reply = {.at = room, .room = bytes};
    sip_answer(&a, of, &reply, 1, 1);
    return reply;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { SENDERS = 3, STRANGER = 2 };
    static const char *const senders[SENDERS] = {"192.0.2.1", "192.0.2.2", "203.0.113.9"};
    static char first[65536];
    static char second[65536];
    struct sockaddr_storage from;
    if (a.rules == NULL)
        open_all();
    if (size == 0)
        return 0;
    unsigned sender = (data[0] & 3) % SENDERS;
    must(!failed(net_address_parse(str_from_c(senders[sender]), 5060, &from)));
    str packet = str_make((const char *)data + 1, size - 1);
    struct sip_ask of = {packet, (const struct sockaddr *)&from, (data[0] & 4) != 0};
    struct sip_sheet reply = ask(&of, first, sizeof first);
    struct sip_sheet again = ask(&of, second, sizeof second);
    must(reply.size == again.size && memcmp(first, second, reply.size) == 0);
    if (reply.size == 0)
        return 0;
    must_be_whole(str_make(first, reply.size));
    must(!str_starts(packet, STR("ACK ")) && !str_starts(packet, STR("SIP/")));
    must(reply.size <= (sender == STRANGER ? 1 : SIP_GAIN) * packet.size);
    return 0;
}
