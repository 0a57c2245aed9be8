/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer - requests in, replies out: what becomes of a call.
 *
 * Shape     Many at once, in three steps: read them all, have their numbers judged in one call,
 *           write.
 *
 *               packets --read--> turns --judge--> turns --write--> replies
 *
 *           A stateless server (RFC 3261 8.2.7, 8.3): an INVITE is sent on by 302 to where it was
 *           going, or rejected; the same INVITE gets the same bytes as long as the lists say the
 *           same. ACK and CANCEL are taken in silence. Of all that a call shows, the worst counts;
 *           at the same answer a listing before what the number says of itself.
 *           Who calls is judged before anything is refused: an INVITE that is to be rejected is
 *           rejected whatever else is wrong with it, else one could choose to be refused instead,
 *           which a switch may take for no judgement. And nothing is asked of a call to a number
 *           that is never screened.
 *           Over UDP an address may be somebody else's: a stranger gets no more bytes than came, a
 *           trunk at most ANSWER_GAIN times as many; what would be longer loses what it could lose.
 * Owns      Nothing but its scratch.
 * Lives     As its lane.
 * Fails     A reply of size 0: no answer.
 * Threads   One.
 * Bounds    SIP_AT_ONCE; `turn` holds numbers, SIP_TURN_BYTES: beyond, a call passes unjudged.
 */
#ifndef YUMEN_GATE_SIP_ANSWER_H
#define YUMEN_GATE_SIP_ANSWER_H

#include "gate/sip/caller.h"
#include "gate/sip/reply.h"

enum { SIP_GAIN = 3, SIP_TURN_BYTES = 256 * 1024 };

/* What becomes of a call for a reason that is not a listing. */
enum sip_action { SIP_ACT_PASS, SIP_ACT_WARN, SIP_ACT_REJECT };

struct sip_notary;

/* What all lanes share; constant. */
struct sip_rules {
    struct sip_trunks trunks;
    struct sip_port port;
    enum sip_action actions[SIP_REASON_COUNT];
    str warning;     /* what a phone shows; UTF-8 */
    str redress_url; /* of the signed jCard (RFC 8688); empty: none */
    bool refuses_strangers;
    struct sip_numbers exempt; /* calls to them pass, whoever calls */
    uint64_t seed;             /* of tags */
    struct sip_notary *notary; /* NULL: what networks sign is not looked at */
};

struct sip_ask {
    str packet;
    const struct sockaddr *sender;
    bool is_cut;     /* there was more of it than could be taken */
    bool is_tcp;     /* then the sender is who he says, and an answer may be long */
    bool is_endless; /* of a stream, and nobody can say where it ends */
};

/* A number that a call shows. */
struct sip_shown {
    struct caller caller;
    struct sip_question *asked; /* NULL: nothing to ask for */
};

struct sip_turn {
    const struct sip_ask *ask;
    struct sip_sheet *reply;
    struct sip_message message;
    size_t trunk; /* SIP_NO_TRUNK */
    enum sip_flaw flaw;
    struct sip_shown shown[SIP_CALLERS];
    size_t shown_count;
    struct sip_question *by_whom; /* who diverted */
    bool is_open;                 /* waits to be written */
};

struct sip_counts {
    struct sip_trunk_counts trunks[SIP_TRUNKS];
    bool has_news[SIP_TRUNKS];
    uint64_t strangers; /* requests of no trunk */
    uint64_t strays;    /* datagrams that were no request */
};

struct sip_answerer {
    const struct sip_rules *rules;
    enum sip_lane lane;
    struct arena turn;
    struct sip_counts counts;
    struct guard numbers;
    struct guard_bucket trunks[SIP_TRUNKS];
    int64_t now_us;
    struct net_host last; /* who asked before, and his trunk: most often the same again */
    size_t last_trunk;
    size_t question_count;
    struct sip_turn turns[SIP_AT_ONCE];
    struct sip_question questions[SIP_QUESTIONS];
};

/* Replies are empty sheets; the time is monotonic. */
void sip_answer(struct sip_answerer *a, const struct sip_ask *asks, struct sip_sheet *replies,
                size_t count, int64_t now_us);

#endif
