/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/answer.h"

#include "gate/sip/notary.h"
#include "gate/sip/scan.h"

#include <assert.h>

/* --- what is refused, whoever calls --- */

#define ALLOWED "INVITE, ACK, CANCEL, OPTIONS"

/* What changes nothing for somebody who only sends a call on; anything else is refused, 420. */
static const str understood[] = {
    {"100rel",            6 },
    {"timer",             5 },
    {"precondition",      12},
    {"histinfo",          8 },
    {"from-change",       11},
    {"199",               3 },
    {"replaces",          8 },
    {"resource-priority", 17},
};

static bool is_understood(str tag)
{
    for (size_t i = 0; i < COUNT_OF(understood); i++)
        if (str_equal_nocase(tag, understood[i]))
            return true;
    return false;
}

/* The next tag of Require that is not understood. */
static bool next_strange(struct scan *s, str *ret_tag)
{
    while (scan_separator(s, ',') || !scan_at_end(s)) {
        str tag = {0};
        scan_blanks(s);
        if (!scan_token(s, &tag)) {
            s->at = s->end;
            return false;
        }
        if (is_understood(tag))
            continue;
        *ret_tag = tag;
        return true;
    }
    return false;
}

/* "Unsupported: a, b" with all of them; only whether there is one, when `s` is NULL. */
static bool put_strange(struct sip_sheet *s, const struct sip_message *m)
{
    bool has_any = false;
    for (size_t i = 0; i < m->require.count; i++) {
        struct scan scan = scan_of(m->require.at[i]);
        str tag = {0};
        while (next_strange(&scan, &tag)) {
            if (s != NULL) {
                sip_put(s, has_any ? STR(", ") : STR("Unsupported: "));
                sip_put(s, tag);
            }
            has_any = true;
        }
    }
    if (s != NULL)
        sip_put(s, STR("\r\n"));
    return has_any;
}

static struct sip_status flaw_status(enum sip_flaw flaw)
{
#define X(name, code, words) [name] = {code, words},
    static const struct {
        unsigned code;
        const char *words;
    } statuses[SIP_FLAW_COUNT] = {SIP_FLAWS(X)};
#undef X
    return (struct sip_status){statuses[flaw].code, str_from_c(statuses[flaw].words)};
}

enum refusal {
    REFUSE_NOTHING,
    REFUSE_LENGTH,
    REFUSE_METHOD,
    REFUSE_SCHEME,
    REFUSE_EXTENSION,
    REFUSE_DIALOG,
    REFUSE_HOPS,
    REFUSE_STRANGER,
    REFUSE_CROWD
};

static const struct {
    struct sip_status status;
    enum sip_reason reason;
} refusals[] = {
    [REFUSE_LENGTH] = {{513, {"Message Too Large", 17}},               SIP_REASON_unsupported},
    [REFUSE_METHOD] = {{405, {"Method Not Allowed", 18}},              SIP_REASON_unsupported},
    [REFUSE_SCHEME] = {{416, {"Unsupported URI Scheme", 22}},          SIP_REASON_unsupported},
    [REFUSE_EXTENSION] = {{420, {"Bad Extension", 13}},                   SIP_REASON_unsupported},
    [REFUSE_DIALOG] = {{481, {"Call/Transaction Does Not Exist", 31}}, SIP_REASON_unsupported},
    [REFUSE_HOPS] = {{483, {"Too Many Hops", 13}},                   SIP_REASON_looping    },
    [REFUSE_STRANGER] = {{403, {"Forbidden", 9}},                        SIP_REASON_unsupported},
    [REFUSE_CROWD] = {{503, {"Service Unavailable", 19}},             SIP_REASON_crowded    },
};

/* RFC 3261 8.2.1 to 8.2.2, in its order. */
static enum refusal refusal_of(const struct sip_message *m, bool is_cut)
{
    bool is_enough = m->method == SIP_INVITE && m->is_whole; /* nobody asks for its body */
    if (is_cut && !is_enough)
        return REFUSE_LENGTH;
    if (m->method == SIP_OTHER)
        return REFUSE_METHOD;
    if (m->uri.scheme == SIP_SCHEME_OTHER)
        return REFUSE_SCHEME;
    if (put_strange(NULL, m))
        return REFUSE_EXTENSION;
    if (m->to.tag.size > 0)
        return REFUSE_DIALOG; /* no dialog leads through here */
    if (m->method == SIP_INVITE && m->hops == 0)
        return REFUSE_HOPS; /* it has not reached its target, and would only come round again */
    return REFUSE_NOTHING;
}

/* --- writing --- */

static void count(struct sip_answerer *a, const struct sip_turn *t, enum sip_reason reason,
                  enum sip_said said)
{
    if (t->trunk == SIP_NO_TRUNK)
        return;
    a->counts.trunks[t->trunk].answered[reason][said]++;
    a->counts.has_news[t->trunk] = true;
}

static void begin(struct sip_answerer *a, struct sip_turn *t, struct sip_status status)
{
    sip_reply_begin(t->reply, &t->message, status, t->ask->sender,
                    sip_reply_tag(&t->message, a->rules->seed));
}

/* False: it would be longer than what may be sent for what came. */
static bool end(struct sip_turn *t, size_t gain)
{
    sip_reply_end(t->reply);
    bool is_too_long = !t->ask->is_tcp && t->reply->size > gain * t->ask->packet.size;
    if (!t->reply->is_spent && !is_too_long)
        return true;
    t->reply->size = 0;
    t->reply->is_spent = false;
    return false;
}

static void refuse(struct sip_answerer *a, struct sip_turn *t, enum refusal refusal)
{
    bool is_stranger = t->trunk == SIP_NO_TRUNK;
    begin(a, t, refusals[refusal].status);
    if (refusal == REFUSE_METHOD)
        sip_reply_line(t->reply, STR("Allow"), STR(ALLOWED));
    if (refusal == REFUSE_EXTENSION)
        put_strange(t->reply, &t->message);
    if (refusal == REFUSE_CROWD)
        sip_reply_line(t->reply, STR("Retry-After"), STR("1"));
    bool is_sent = end(t, is_stranger ? 1 : SIP_GAIN);
    count(a, t, refusals[refusal].reason, is_sent ? SIP_SAID_fault : SIP_SAID_silence);
}

static void refuse_flaw(struct sip_answerer *a, struct sip_turn *t, enum sip_flaw flaw)
{
    struct sip_status status = flaw_status(flaw);
    bool is_sent = status.code != 0 && t->message.via.sent_by.size > 0;
    if (is_sent) {
        begin(a, t, status);
        is_sent = end(t, SIP_GAIN);
    }
    count(a, t, SIP_REASON_malformed, is_sent ? SIP_SAID_fault : SIP_SAID_silence);
}

static void answer_options(struct sip_answerer *a, struct sip_turn *t)
{
    begin(a, t, (struct sip_status){200, STR("OK")});
    sip_reply_line(t->reply, STR("Allow"), STR(ALLOWED));
    bool is_sent = end(t, SIP_GAIN);
    count(a, t, SIP_REASON_upkeep, is_sent ? SIP_SAID_fine : SIP_SAID_silence);
}

/* `is_bare`: without what can be left out. */
static void put_302(struct sip_answerer *a, struct sip_turn *t, str shown)
{
    begin(a, t, (struct sip_status){302, STR("Moved Temporarily")});
    sip_put(t->reply, STR("Contact: "));
    if (shown.size > 0) {
        sip_put_quoted(t->reply, shown);
        sip_put(t->reply, STR(" "));
    }
    sip_put(t->reply, STR("<"));
    sip_put(t->reply, t->message.uri_text);
    sip_put(t->reply, STR(">\r\n"));
}

static void put_rejection(struct sip_answerer *a, struct sip_turn *t, str redress_url)
{
    const struct sip_port *port = &a->rules->port;
    bool is_608 = a->rules->trunks.at[t->trunk].reject_with == 608;
    begin(a, t,
          is_608 ? (struct sip_status){608, STR("Rejected")}
                 : (struct sip_status){603, STR("Decline")});
    if (redress_url.size == 0 || !port->has_card(port->self))
        return;
    sip_put(t->reply, STR("Call-Info: <"));
    sip_put(t->reply, redress_url);
    sip_put(t->reply, STR(">;purpose=jwscard\r\n"));
}

static void decide(struct sip_answerer *a, struct sip_turn *t, enum sip_reason reason,
                   enum sip_action action)
{
    static const enum sip_said said[] = {[SIP_ACT_PASS] = SIP_SAID_pass,
                                         [SIP_ACT_WARN] = SIP_SAID_warn,
                                         [SIP_ACT_REJECT] = SIP_SAID_reject};
    bool is_sent = false;
    for (int is_bare = 0; is_bare < 2 && !is_sent; is_bare++) {
        if (action == SIP_ACT_REJECT)
            put_rejection(a, t, is_bare ? STR("") : a->rules->redress_url);
        else
            put_302(a, t, action == SIP_ACT_PASS || is_bare ? STR("") : a->rules->warning);
        is_sent = end(t, SIP_GAIN);
    }
    count(a, t, reason, is_sent ? said[action] : SIP_SAID_silence);
}

/* --- the call --- */

static enum sip_action action_of(enum verdict verdict)
{
    static const enum sip_action actions[] = {[VERDICT_PASS] = SIP_ACT_PASS,
                                              [VERDICT_WARN] = SIP_ACT_WARN,
                                              [VERDICT_BLOCK] = SIP_ACT_REJECT};
    return actions[verdict];
}

static bool is_protected(const struct sip_question *q)
{
    return q != NULL && q->is_listed && q->verdict == VERDICT_PASS;
}

/* What the number itself says, whether or not it is listed. */
static enum sip_reason reason_of(const struct sip_shown *shown, const struct sip_trunk *trunk)
{
    const struct caller *c = &shown->caller;
    const struct sip_question *asked = shown->asked;
    bool is_abroad = trunk->kind == TRUNK_INTERNATIONAL;
    if (c->state == CALLER_NAMELESS)
        return SIP_REASON_nameless;
    if (c->state == CALLER_IMPOSSIBLE)
        return SIP_REASON_impossible;
    if (c->state == CALLER_UNASSIGNED)
        return SIP_REASON_unassigned;
    if (c->class == NUMBER_SPOOF || (is_abroad && c->class == NUMBER_SHORT))
        return SIP_REASON_short_code;
    if (is_abroad && c->class != NUMBER_FOREIGN)
        return is_protected(asked) ? SIP_REASON_official : SIP_REASON_domestic;
    return asked == NULL || asked->is_unknown ? SIP_REASON_unjudged : SIP_REASON_clear;
}

/* Tells this call from others of the same trunk or number. */
static uint32_t call_of(const struct sip_answerer *a, const struct sip_turn *t)
{
    return (uint32_t)sip_reply_tag(&t->message, a->rules->seed);
}

/* One too many of its number? Who is protected may call as much as he likes. */
static bool is_burst(struct sip_answerer *a, const struct sip_turn *t)
{
    const struct sip_question *q = t->shown[0].asked;
    return q != NULL && !is_protected(q) &&
           !guard_take(&a->numbers, (struct guard_key){t->trunk, q->number}, call_of(a, t),
                       a->now_us);
}

/* Was a number that it shows signed by somebody else, here, a moment ago? */
static bool is_forged(const struct sip_answerer *a, const struct sip_turn *t)
{
    const struct sip_notary *notary = a->rules->notary;
    if (notary == NULL || a->rules->actions[SIP_REASON_forged] == SIP_ACT_PASS)
        return false;
    for (size_t i = 0; i < t->shown_count; i++) {
        const struct sip_question *q = t->shown[i].asked;
        if (q != NULL && !is_protected(q) &&
            sip_notary_is_marked(notary, t->trunk, q->number, a->now_us))
            return true;
    }
    return false;
}

struct judged {
    enum sip_reason reason;
    enum sip_action action;
};

/* A listing counts before what the number says of itself. */
static void weigh_listing(struct judged *worst, const struct sip_question *q,
                          enum sip_reason reason)
{
    if (q == NULL || q->is_unknown || q->verdict == VERDICT_PASS)
        return;
    enum sip_action action = action_of(q->verdict);
    if (action >= worst->action)
        *worst = (struct judged){reason, action};
}

static void weigh(struct sip_answerer *a, struct judged *worst, enum sip_reason reason)
{
    enum sip_action action = a->rules->actions[reason];
    if (action > worst->action)
        *worst = (struct judged){reason, action};
}

/* Of a range that nobody was given, as far as is known: who is protected has it all the same. */
static bool is_nobodys(const struct sip_shown *shown)
{
    const struct caller *c = &shown->caller;
    return c->state == CALLER_KNOWN && !c->is_given && !is_protected(shown->asked);
}

static struct judged judged_of(struct sip_answerer *a, const struct sip_turn *t)
{
    const struct sip_trunk *trunk = &a->rules->trunks.at[t->trunk];
    enum sip_reason first = reason_of(&t->shown[0], trunk);
    struct judged worst = {first, a->rules->actions[first]};
    for (size_t i = 0; i < t->shown_count; i++) {
        const struct sip_shown *shown = &t->shown[i];
        weigh(a, &worst, reason_of(shown, trunk));
        if (is_nobodys(shown))
            weigh(a, &worst, SIP_REASON_unassigned);
    }
    if (is_burst(a, t))
        weigh(a, &worst, SIP_REASON_burst);
    if (is_forged(a, t))
        weigh(a, &worst, SIP_REASON_forged);
    weigh_listing(&worst, t->by_whom, SIP_REASON_diverted);
    for (size_t i = 0; i < t->shown_count; i++)
        weigh_listing(&worst, t->shown[i].asked, SIP_REASON_listed);
    return worst;
}

static void judge_call(struct sip_answerer *a, struct sip_turn *t)
{
    struct judged judged = judged_of(a, t);
    enum refusal refusal = refusal_of(&t->message, t->ask->is_cut);
    bool is_rejected = judged.action == SIP_ACT_REJECT; /* whatever else is wrong with it */
    bool is_sound = t->flaw == SIP_SOUND && !t->ask->is_cut;
    if (a->rules->notary != NULL && is_sound && t->message.identity.count > 0)
        sip_notary_offer(a->rules->notary, a->lane, t->trunk, t->ask->packet);
    if (!is_rejected && t->flaw != SIP_SOUND)
        refuse_flaw(a, t, t->flaw);
    else if (!is_rejected && refusal != REFUSE_NOTHING)
        refuse(a, t, refusal);
    else
        decide(a, t, judged.reason, judged.action);
}

/* --- reading --- */

static size_t trunk_of(struct sip_answerer *a, const struct sockaddr *sender)
{
    struct net_host host = net_host_of(sender);
    bool is_same =
        host.family == a->last.family && memcmp(host.bytes, a->last.bytes, sizeof host.bytes) == 0;
    if (!is_same) {
        a->last = host;
        a->last_trunk = sip_trunk_find(&a->rules->trunks, &host);
    }
    return a->last_trunk;
}

static struct sip_question *question_make(struct sip_answerer *a, const struct caller *c)
{
    if (c->state != CALLER_KNOWN)
        return NULL;
    assert(a->question_count < SIP_QUESTIONS);
    struct sip_question *q = &a->questions[a->question_count++];
    *q = (struct sip_question){.number = c->number};
    return q;
}

static void ask_for(struct sip_answerer *a, struct sip_turn *t)
{
    const struct sip_trunk *trunk = &a->rules->trunks.at[t->trunk];
    struct caller callers[SIP_CALLERS];
    if (!guard_bucket_take(&a->trunks[t->trunk], &trunk->rate, call_of(a, t), a->now_us)) {
        refuse(a, t, REFUSE_CROWD);
        return;
    }
    t->shown_count = sip_callers(&t->message, trunk, &a->turn, callers);
    for (size_t i = 0; i < t->shown_count; i++)
        t->shown[i] = (struct sip_shown){callers[i], question_make(a, &callers[i])};
    if (t->message.diversion.count > 0) {
        struct caller by_whom = sip_diverter(&t->message, trunk, &a->turn);
        t->by_whom = question_make(a, &by_whom);
    }
    t->is_open = true;
}

static void read_invite(struct sip_answerer *a, struct sip_turn *t)
{
    bool has_target =
        t->flaw != SIP_BAD_START && t->flaw != SIP_BAD_VERSION && t->flaw != SIP_BAD_URI;
    if (t->message.via.sent_by.size == 0) /* there is nowhere to answer to */
        refuse_flaw(a, t, t->flaw);
    else if (has_target && sip_is_exempt(&t->message, &a->rules->exempt))
        decide(a, t, SIP_REASON_exempt, SIP_ACT_PASS);
    else
        ask_for(a, t);
}

static void read_stranger(struct sip_answerer *a, struct sip_turn *t, enum sip_flaw flaw)
{
    a->counts.strangers++;
    if (a->rules->refuses_strangers && flaw == SIP_SOUND && t->message.method != SIP_ACK)
        refuse(a, t, REFUSE_STRANGER);
}

static void read_one(struct sip_answerer *a, struct sip_turn *t)
{
    const struct sip_message *m = &t->message;
    enum sip_flaw flaw = sip_message_read(t->ask->packet, t->ask->is_cut, &t->message);
    if (flaw == SIP_SOUND && t->ask->is_endless)
        flaw = SIP_BAD_LENGTH;
    t->flaw = flaw;
    if (flaw == SIP_NOT_ASKED) {
        a->counts.strays++;
        return;
    }
    if (t->trunk == SIP_NO_TRUNK) {
        read_stranger(a, t, flaw);
        return;
    }
    if (m->method == SIP_ACK || (m->method == SIP_CANCEL && flaw == SIP_SOUND)) {
        count(a, t, SIP_REASON_upkeep, SIP_SAID_silence);
        return;
    }
    enum refusal refusal = refusal_of(m, t->ask->is_cut);
    if (m->method == SIP_INVITE)
        read_invite(a, t);
    else if (flaw != SIP_SOUND)
        refuse_flaw(a, t, flaw);
    else if (refusal != REFUSE_NOTHING)
        refuse(a, t, refusal);
    else
        answer_options(a, t);
}

void sip_answer(struct sip_answerer *a, const struct sip_ask *asks, struct sip_sheet *replies,
                size_t count, int64_t now_us)
{
    assert(count <= SIP_AT_ONCE);
    a->now_us = now_us;
    arena_reset(&a->turn);
    a->question_count = 0;
    for (size_t i = 0; i < count; i++) {
        struct sip_turn *t = &a->turns[i];
        t->ask = &asks[i];
        t->reply = &replies[i];
        t->trunk = trunk_of(a, asks[i].sender);
        t->by_whom = NULL;
        t->shown_count = 0;
        t->is_open = false;
        read_one(a, t);
    }
    if (a->question_count > 0)
        a->rules->port.judge(a->rules->port.self, a->lane, a->questions, a->question_count);
    for (size_t i = 0; i < count; i++)
        if (a->turns[i].is_open)
            judge_call(a, &a->turns[i]);
}
