/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message - a SIP request as far as screening needs it (RFC 3261 7, 20, 25).
 *
 * Shape     packet --read--> slices of it: start line, and the headers that an answer repeats or a
 *           judgement asks for. All others are only walked over. Compact names, folded lines,
 *           blanks where RFC 3261 allows them; one message a datagram, or one after the other on a
 *           stream.
 *
 *               INVITE sip:b@y SIP/2.0 / v: SIP/2.0/UDP x;rport / f: <sip:+86...@x>;tag=1 / ...
 *
 *           What is wrong with it is said by a flaw; what could be read until then is there, so
 *           that it can be answered. A value may still be folded: see scan.h.
 * Owns      Nothing.
 * Lives     As long as the packet.
 * Fails     By its flaw.
 * Threads   Any.
 * Bounds    SIP_LINES header lines, SIP_VIAS of Via (as many hops as most requests may take),
 *           SIP_EACH of each other that may come often; more of those are not looked at.
 */
#ifndef YUMEN_GATE_SIP_MESSAGE_H
#define YUMEN_GATE_SIP_MESSAGE_H

#include "gate/sip/uri.h"

enum { SIP_LINES = 256, SIP_VIAS = 72, SIP_EACH = 4 };

enum sip_method { SIP_INVITE, SIP_ACK, SIP_CANCEL, SIP_OPTIONS, SIP_OTHER };

/* Status and words: what is said to the sender. */
#define SIP_FLAWS(X)                                                                               \
    X(SIP_SOUND, 0, "")                                                                            \
    X(SIP_NOT_ASKED, 0, "") /* a response, or no SIP at all */                                     \
    X(SIP_BAD_START, 400, "Bad Request-Line")                                                      \
    X(SIP_BAD_VERSION, 505, "Version Not Supported")                                               \
    X(SIP_BAD_URI, 400, "Bad Request-URI")                                                         \
    X(SIP_BAD_LINE, 400, "Bad Header Line")                                                        \
    X(SIP_NO_END, 400, "Headers Do Not End")                                                       \
    X(SIP_MANY_LINES, 400, "Too Many Headers")                                                     \
    X(SIP_TWICE, 400, "Header Given Twice")                                                        \
    X(SIP_BAD_VIA, 400, "Bad Via")                                                                 \
    X(SIP_BAD_FROM, 400, "Bad From")                                                               \
    X(SIP_BAD_TO, 400, "Bad To")                                                                   \
    X(SIP_BAD_CALL_ID, 400, "Bad Call-ID")                                                         \
    X(SIP_BAD_CSEQ, 400, "Bad CSeq")                                                               \
    X(SIP_BAD_HOPS, 400, "Bad Max-Forwards")                                                       \
    X(SIP_BAD_LENGTH, 400, "Bad Content-Length")

#define X(name, status, words) name,
enum sip_flaw { SIP_FLAWS(X) SIP_FLAW_COUNT };
#undef X

/* The topmost: who sent it to us, as it says itself. */
struct sip_via {
    str transport;
    str sent_by; /* host and port */
    str host;
    uint16_t port; /* 0: not said */
    str branch;
    str params; /* with the first ';'; may be folded */
    str others; /* what follows in the same line, after the ',' */
    bool has_rport;
};

struct sip_party {
    str name; /* with its quotes, or as it stands */
    struct sip_uri uri;
    str tag;
};

struct sip_list {
    str at[SIP_EACH];
    size_t count;
};

struct sip_message {
    enum sip_method method;
    str method_text;
    str uri_text;
    struct sip_uri uri;
    str vias[SIP_VIAS]; /* as they stand */
    size_t via_count;
    struct sip_via via;
    str from_text;
    str to_text;
    struct sip_party from;
    struct sip_party to;
    str call_id;
    str cseq;
    struct sip_list asserted;  /* P-Asserted-Identity */
    struct sip_list diversion; /* the topmost is the last who diverted */
    struct sip_list require;   /* and Proxy-Require */
    struct sip_list identity;
    str date; /* the first one */
    str max_forwards;
    str content_length;
    uint8_t hops;  /* UINT8_MAX when nothing is said */
    bool is_whole; /* all of its headers came */
};

/* `is_cut`: more of it came than there was room for; then its length is nothing to hold it to. */
enum sip_flaw sip_message_read(str packet, bool is_cut, struct sip_message *ret_message);

/*
 * Of a request on a stream, whose headers are whole: how many bytes follow them. Looked for apart
 * from all else, so that no flaw can hide it; false unless it is said exactly once, and every line
 * before the empty one is a line: then nobody can tell where the request ends.
 */
bool sip_body_bytes(str head, uint64_t most, uint64_t *ret_bytes);

/* A name-addr or an addr-spec, the first of a list; what follows it, after a ','. */
bool sip_party_read(str value, struct sip_party *ret_party, str *ret_rest);

#endif
