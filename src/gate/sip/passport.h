/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passport - what a network has signed of a call: an Identity header (RFC 8224) with a PASSporT
 * (RFC 8225, 8588), and what is to be thought of it.
 *
 * Shape     Identity: HEADER.CLAIMS.SIGNATURE;info=<URL>;alg=ES256;ppt=shaken
 *           Each value gets one finding, by the first question that it does not stand: what it is,
 *           whose certificate it names, whether that was valid and may sign for the number, whether
 *           it is fresh, of this caller, to this callee, whether the signature is right, and
 *           whether another call has shown it before. The signature costs most and comes when the
 *           rest is right.
 *           The compact form "..SIGNATURE" is made whole from the request, its Date and `info`.
 * Owns      Nothing; what it makes is in `turn`. The memory of what was shown is the caller's.
 * Lives     As the request.
 * Fails     By its finding.
 * Threads   One.
 * Bounds    SIP_PASSPORT_BYTES of a value; 0.1 ms for a signature, not on the way of a call.
 *           SIP_SHOWN_LINES of what was shown, 1 MiB: beyond, the oldest is forgotten.
 */
#ifndef YUMEN_GATE_SIP_PASSPORT_H
#define YUMEN_GATE_SIP_PASSPORT_H

#include "base/instant.h"
#include "gate/sip/message.h"
#include "gate/sip/trunk.h"
#include "kit/tncert.h"

enum {
    SIP_PASSPORT_BYTES = 4096,
    SIP_URL_BYTES = 256,
    SIP_SHOWN_LINES = 16384,
    SIP_SHOWN_SLOTS = 4
};

#define SIP_FINDINGS(X)                                                                            \
    X(attested_a, "The network knows the caller, and that the number is his")                      \
    X(attested_b, "The network knows the caller")                                                  \
    X(attested_c, "The network knows where the call came in")                                      \
    X(signed, "Signed, and nothing is said of the caller")                                         \
    X(other_kind, "Of a kind that is not checked (div, rcd, ...)")                                 \
    X(malformed, "No PASSporT")                                                                    \
    X(algorithm, "Not signed with ES256")                                                          \
    X(unknown_certificate, "Its certificate is not here")                                          \
    X(ended_certificate, "Its certificate was not valid then")                                     \
    X(not_entitled, "Its certificate is not for this number")                                      \
    X(stale, "Signed too long ago, or in the future")                                              \
    X(other_caller, "Signed of another caller than the call shows")                                \
    X(other_callee, "Signed of a call to somebody else")                                           \
    X(forged, "Not signed with the key of its certificate")                                        \
    X(replayed, "Another call has shown it before")                                                \
    X(unread, "Too many waited to be checked")

#define X(name, help) SIP_FOUND_##name,
enum sip_finding { SIP_FINDINGS(X) SIP_FINDING_COUNT };
#undef X

struct sip_signer {
    str url; /* where others find the certificate */
    const struct tncert *certificate;
};

/* By url, in the order of str_compare. */
struct sip_signers {
    const struct sip_signer *at;
    size_t count;
};

/* One that was shown, and by which call. */
struct sip_shown_once {
    uint64_t passport; /* of its signature */
    uint32_t call;
    uint32_t at_s;
};

struct sip_shown_line {
    struct sip_shown_once slot[SIP_SHOWN_SLOTS];
};

struct sip_checking {
    const struct sip_signers *signers;
    struct sip_shown_line *shown; /* SIP_SHOWN_LINES, zeroed */
    uint64_t seed;
    int64_t fresh_s; /* as long ago, or ahead, as may be */
};

/* A request as it came, and when. */
struct sip_came {
    const struct sip_message *message;
    const struct sip_trunk *trunk;
    instant at;
};

/* `ret_url`: which certificate it names; empty when it could not be read. */
enum sip_finding sip_passport_check(const struct sip_checking *by, const struct sip_came *call,
                                    str identity, struct arena *turn, str *ret_url);

#endif
