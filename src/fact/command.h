/* SPDX-License-Identifier: Apache-2.0 */
/*
 * command - what somebody asks to have done to one record, and the change that answers it.
 *
 * Shape     A command names an act, who acts, the record and what they said. The desk turns record
 *           and command into a change; the store writes the change, its leaf and its effects in one
 *           transaction. Nothing else writes a record.
 *
 *               command --desk--> change --store--> row + leaf + outbox + timers
 *
 * Owns      Nothing: spans live in the turn arena.
 * Lives     One turn.
 * Fails     -
 * Threads   Any.
 * Bounds    CHANGE_EFFECTS_MAX effects, CHANGE_TIMERS_MAX timers, one follow-up command.
 */
#ifndef YUMEN_FACT_COMMAND_H
#define YUMEN_FACT_COMMAND_H

#include "fact/nouns.h"

/* act, its name in the ledger and on the wire, the kind of record it acts on */
#define ACT_LIST(X)                                                                                \
    X(ACT_LISTING_PROPOSE, "listing.propose", RECORD_LISTING)                                      \
    X(ACT_LISTING_ENTER, "listing.enter", RECORD_LISTING)                                          \
    X(ACT_LISTING_RENEW, "listing.renew", RECORD_LISTING)                                          \
    X(ACT_LISTING_VANISH, "listing.vanish", RECORD_LISTING)                                        \
    X(ACT_LISTING_APPROVE, "listing.approve", RECORD_LISTING)                                      \
    X(ACT_LISTING_REFUSE, "listing.refuse", RECORD_LISTING)                                        \
    X(ACT_LISTING_LIFT, "listing.lift", RECORD_LISTING)                                            \
    X(ACT_LISTING_BEGIN, "listing.begin", RECORD_LISTING)                                          \
    X(ACT_LISTING_EXPIRE, "listing.expire", RECORD_LISTING)                                        \
    X(ACT_LISTING_HEAR, "listing.hear", RECORD_LISTING)                                            \
    X(ACT_LISTING_ERASE, "listing.erase", RECORD_LISTING)                                          \
    X(ACT_LISTING_READ, "listing.read", RECORD_LISTING)                                            \
    X(ACT_APPEAL_FILE, "appeal.file", RECORD_APPEAL)                                               \
    X(ACT_APPEAL_REVIEW, "appeal.review", RECORD_APPEAL)                                           \
    X(ACT_APPEAL_GRANT, "appeal.grant", RECORD_APPEAL)                                             \
    X(ACT_APPEAL_REJECT, "appeal.reject", RECORD_APPEAL)                                           \
    X(ACT_APPEAL_WITHDRAW, "appeal.withdraw", RECORD_APPEAL)                                       \
    X(ACT_APPEAL_LATE, "appeal.late", RECORD_APPEAL)                                               \
    X(ACT_APPEAL_ERASE, "appeal.erase", RECORD_APPEAL)                                             \
    X(ACT_APPEAL_READ, "appeal.read", RECORD_APPEAL)                                               \
    X(ACT_USER_PROPOSE, "user.propose", RECORD_USER)                                               \
    X(ACT_USER_APPROVE, "user.approve", RECORD_USER)                                               \
    X(ACT_USER_REFUSE, "user.refuse", RECORD_USER)                                                 \
    X(ACT_USER_DISABLE, "user.disable", RECORD_USER)                                               \
    X(ACT_USER_PASSWORD, "user.password", RECORD_USER)                                             \
    X(ACT_SESSION_OPEN, "session.open", RECORD_SESSION)                                            \
    X(ACT_SESSION_CLOSE, "session.close", RECORD_SESSION)                                          \
    X(ACT_SESSION_EXPIRE, "session.expire", RECORD_SESSION)                                        \
    X(ACT_BATCH_OPEN, "batch.open", RECORD_BATCH)                                                  \
    X(ACT_BATCH_HOLD, "batch.hold", RECORD_BATCH)                                                  \
    X(ACT_BATCH_ACCEPT, "batch.accept", RECORD_BATCH)                                              \
    X(ACT_BATCH_DISMISS, "batch.dismiss", RECORD_BATCH)                                            \
    X(ACT_BATCH_LAPSE, "batch.lapse", RECORD_BATCH)                                                \
    X(ACT_BATCH_CLOSE, "batch.close", RECORD_BATCH)                                                \
    X(ACT_BATCH_READ, "batch.read", RECORD_BATCH)                                                  \
    X(ACT_SOURCE_PROPOSE, "source.propose", RECORD_SOURCE)                                         \
    X(ACT_SOURCE_APPROVE, "source.approve", RECORD_SOURCE)                                         \
    X(ACT_SOURCE_REFUSE, "source.refuse", RECORD_SOURCE)                                           \
    X(ACT_SOURCE_TAKE, "source.take", RECORD_SOURCE)                                               \
    X(ACT_SOURCE_END, "source.end", RECORD_SOURCE)                                                 \
    X(ACT_SOURCE_EXPIRE, "source.expire", RECORD_SOURCE)                                           \
    X(ACT_CONFLICT_FIND, "conflict.find", RECORD_CONFLICT)                                         \
    X(ACT_CONFLICT_DISMISS, "conflict.dismiss", RECORD_CONFLICT)                                   \
    X(ACT_CONFLICT_LIST, "conflict.list", RECORD_CONFLICT)                                         \
    X(ACT_INCIDENT_OPEN, "incident.open", RECORD_INCIDENT)                                         \
    X(ACT_INCIDENT_FOLLOW, "incident.follow", RECORD_INCIDENT)                                     \
    X(ACT_INCIDENT_CLOSE, "incident.close", RECORD_INCIDENT)                                       \
    X(ACT_INCIDENT_READ, "incident.read", RECORD_INCIDENT)                                         \
    X(ACT_KEY_ADD, "key.add", RECORD_KEY)                                                          \
    X(ACT_KEY_RETIRE, "key.retire", RECORD_KEY)                                                    \
    X(ACT_CENTRE_OPEN, "centre.open", RECORD_CENTRE)                                               \
    X(ACT_CENTRE_BACKUP, "centre.backup", RECORD_CENTRE)                                           \
    X(ACT_CENTRE_RESTORE, "centre.restore", RECORD_CENTRE)                                         \
    X(ACT_CENTRE_RECONCILE, "centre.reconcile", RECORD_CENTRE)                                     \
    X(ACT_CENTRE_EXPORT, "centre.export", RECORD_CENTRE)                                           \
    X(ACT_CENTRE_AUDIT, "centre.audit", RECORD_CENTRE)                                             \
    X(ACT_CENTRE_LAW, "centre.law", RECORD_CENTRE)                                                 \
    X(ACT_CENTRE_SETTLE, "centre.settle", RECORD_CENTRE)

#define X(act, name, kind) act,
enum act { ACT_LIST(X) ACT_COUNT };
#undef X

const char *act_name(enum act act);
enum record_kind act_record_kind(enum act act);
/* ACT_COUNT when there is no such act. */
enum act act_find(str name);

enum actor_kind {
    ACTOR_PUBLIC, /* anybody, from the street: user "public" */
    ACTOR_STAFF,  /* a signed-in user or a token */
    ACTOR_CENTRE, /* the centre itself: timers, first run, the command line on the machine */
};

/* Who acts. */
struct actor {
    str user;
    role_set roles;
    str division;
    enum actor_kind kind;
};

struct command {
    enum act act;
    struct actor actor;
    str record;        /* id; for a new record the id it will have */
    str why;           /* reason for a refusal, lift or answer; purpose of a read */
    union record body; /* what is proposed, filed, opened: the fields the caller may choose */
};

enum effect_topic {
    EFFECT_RPZ,      /* the zone has to be looked at again: subject is the listing */
    EFFECT_RPZ_MANY, /* likewise, for many listings at once: subject is their source */
    EFFECT_STREAM,   /* people looking at the console hear of it, or hear no more */
    EFFECT_ERASURE,  /* the journal beside the store has to name it: erased, disabled or closed */
    EFFECT_TOPIC_COUNT
};
extern const char *const effect_topic_words[];

/* A timer belongs to a record and has a name; arming it again moves it. */
struct timer {
    enum act act; /* the command that is given when it is due */
    instant due;  /* 0 disarms it */
};

enum { CHANGE_EFFECTS_MAX = 4, CHANGE_TIMERS_MAX = 4 };

struct change {
    union record after;
    bool is_new;
    bool is_reading; /* nothing is written but the leaf */
    bool is_erasing; /* the salts of all its leaves go */
    enum effect_topic effects[CHANGE_EFFECTS_MAX];
    size_t effect_count;
    struct timer timers[CHANGE_TIMERS_MAX];
    size_t timer_count;
    struct command follow; /* applied in the same transaction, as the same actor, when has_follow */
    bool has_follow;
};

#endif
