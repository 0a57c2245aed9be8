/* SPDX-License-Identifier: Apache-2.0 */
/* A house of three trunks for the tests of the SIP gate, and a list of a few numbers. */
#ifndef YUMEN_GATE_SIP_HOUSE_TEST_H
#define YUMEN_GATE_SIP_HOUSE_TEST_H

#include "gate/sip/answer.h"
#include "kit/kit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { TRUNK_HOME, TRUNK_ABROAD, TRUNK_DECLINER };

static const str house_exempt[] = {
    {"110",   3},
    {"96110", 5},
};
static struct sip_rules house_rules;
static struct sip_answerer house;
static char house_reply[16384];
static int64_t house_now_us = 1;

static void house_judge(void *self, enum sip_lane lane, struct sip_question *questions,
                        size_t count)
{
    static const struct {
        const char *number;
        enum verdict verdict;
    } listed[] = {
        {"+8613900000001", VERDICT_BLOCK},
        {"+8613900000002", VERDICT_WARN },
        {"+861058118888",  VERDICT_PASS }, /* a bank's */
        {"+12125550100",   VERDICT_BLOCK},
        {"96110",          VERDICT_PASS },
        {"+8617900000001", VERDICT_BLOCK}, /* of a range that nobody has */
        {"+8617900000002", VERDICT_PASS },
    };
    (void)self;
    (void)lane;
    for (size_t i = 0; i < count; i++) {
        struct sip_question *q = &questions[i];
        q->is_unknown = str_equal(q->number, STR("+8613900000009"));
        for (size_t k = 0; k < COUNT_OF(listed); k++) {
            if (!str_equal(q->number, str_from_c(listed[k].number)))
                continue;
            q->verdict = listed[k].verdict;
            q->is_listed = true;
        }
    }
}

static bool house_has_no_card;

static bool house_has_card(void *self)
{
    (void)self;
    return !house_has_no_card;
}

static inline void house_trunk(size_t at, struct sip_trunk trunk, const char *from)
{
    house_rules.trunks.at[at] = trunk;
    assert_false(failed(nets_put(&house_rules.trunks.at[at].from, str_from_c(from), 32)));
    house_rules.trunks.count = at + 1;
}

static inline int house_open(void **state)
{
    (void)state;
    assert_false(failed(kit_boot()));
    house_rules = (struct sip_rules){
        .port = {.judge = house_judge,                     .has_card = house_has_card},
        .actions = {[SIP_REASON_official] = SIP_ACT_REJECT,
                 [SIP_REASON_short_code] = SIP_ACT_REJECT,
                 [SIP_REASON_domestic] = SIP_ACT_WARN,
                 [SIP_REASON_impossible] = SIP_ACT_REJECT,
                 [SIP_REASON_unassigned] = SIP_ACT_WARN},
        .warning = STR("Suspected \"scam\""),
        .redress_url = STR("https://centre.example/redress"),
        .exempt = {house_exempt, COUNT_OF(house_exempt)                              },
        .seed = 7,
    };
    struct sip_trunk home = {
        .name = STR("home"), .is_asserting = true, .is_national = true, .reject_with = 608};
    struct sip_trunk abroad = {
        .name = STR("abroad"), .kind = TRUNK_INTERNATIONAL, .reject_with = 608};
    struct sip_trunk decliner = {.name = STR("decliner"), .is_national = true, .reject_with = 603};
    house_trunk(TRUNK_HOME, home, "192.0.2.1");
    house_trunk(TRUNK_ABROAD, abroad, "192.0.2.2");
    house_trunk(TRUNK_DECLINER, decliner, "192.0.2.3");
    house.rules = &house_rules;
    house.last_trunk = SIP_NO_TRUNK;
    arena_init(&house.turn, SIP_TURN_BYTES);
    return 0;
}

static inline int house_close(void **state)
{
    (void)state;
    arena_done(&house.turn);
    house = (struct sip_answerer){0};
    return 0;
}

/* What comes back; empty: nothing. */
static inline str house_ask_bytes(const char *from, str packet)
{
    struct sockaddr_storage sender;
    assert_false(failed(net_address_parse(str_from_c(from), 5099, &sender)));
    struct sip_ask ask = {.packet = packet, .sender = (const struct sockaddr *)&sender};
    struct sip_sheet reply = {.at = house_reply, .room = sizeof house_reply};
    sip_answer(&house, &ask, &reply, 1, house_now_us);
    return str_make(reply.at, reply.size);
}

static inline uint64_t house_count(size_t trunk, enum sip_reason reason)
{
    return sip_count_of_reason(&house.counts.trunks[trunk], reason);
}

static inline unsigned house_status(str reply)
{
    int64_t status = 0;
    if (reply.size == 0)
        return 0;
    assert_true(str_starts(reply, STR("SIP/2.0 ")) && str_ends(reply, STR("\r\n\r\n")));
    assert_false(failed(str_parse_i64(str_until(str_from(reply, 8), 3), &status)));
    return (unsigned)status;
}

#endif
