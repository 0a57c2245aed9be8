/* SPDX-License-Identifier: Apache-2.0 */
/*
 * act - everything that can be done to a record: one line an act.
 *
 * Shape     The name stands in the ledger, in timers and on the wire.
 * Owns      Nothing.   Lives  For ever.   Fails  -   Threads  Any.   Bounds  -
 */
#ifndef YUMEN_FACT_ACT_H
#define YUMEN_FACT_ACT_H

#include "fact/alert.h"
#include "fact/guardian.h"
#include "fact/source.h"
#include "fact/suspicion.h"
#include "fact/tip.h"

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
    SOURCE_ACT_LIST(X)    /* source.h */                                                           \
    SUSPICION_ACT_LIST(X) /* suspicion.h */                                                        \
    ALERT_ACT_LIST(X)     /* alert.h, outreach.h */                                                \
    GUARDIAN_ACT_LIST(X)  /* guardian.h */                                                         \
    TIP_ACT_LIST(X)       /* tip.h */                                                              \
    X(ACT_INCIDENT_OPEN, "incident.open", RECORD_INCIDENT)                                         \
    X(ACT_INCIDENT_FOLLOW, "incident.follow", RECORD_INCIDENT)                                     \
    X(ACT_INCIDENT_CLOSE, "incident.close", RECORD_INCIDENT)                                       \
    X(ACT_INCIDENT_READ, "incident.read", RECORD_INCIDENT)                                         \
    X(ACT_INCIDENT_JOIN, "incident.join", RECORD_INCIDENT)                                         \
    X(ACT_REPORT_FILE, "report.file", RECORD_REPORT)                                               \
    X(ACT_REPORT_TAKE, "report.take", RECORD_REPORT)                                               \
    X(ACT_REPORT_REFUSE, "report.refuse", RECORD_REPORT)                                           \
    X(ACT_REPORT_WITHDRAW, "report.withdraw", RECORD_REPORT)                                       \
    X(ACT_REPORT_PLEDGE, "report.pledge", RECORD_REPORT)                                           \
    X(ACT_REPORT_COUNT, "report.count", RECORD_REPORT)                                             \
    X(ACT_REPORT_READ, "report.read", RECORD_REPORT)                                               \
    X(ACT_REPORT_ERASE, "report.erase", RECORD_REPORT)                                             \
    X(ACT_CLAIM_TELL, "claim.tell", RECORD_CLAIM)                                                  \
    X(ACT_CLAIM_MATCH, "claim.match", RECORD_CLAIM)                                                \
    X(ACT_CLAIM_MISMATCH, "claim.mismatch", RECORD_CLAIM)                                          \
    X(ACT_CLAIM_WITHDRAW, "claim.withdraw", RECORD_CLAIM)                                          \
    X(ACT_CLAIM_ERASE, "claim.erase", RECORD_CLAIM)                                                \
    X(ACT_ORDER_DRAFT, "order.draft", RECORD_ORDER)                                                \
    X(ACT_ORDER_EMERGENCY, "order.emergency", RECORD_ORDER)                                        \
    X(ACT_ORDER_APPROVE, "order.approve", RECORD_ORDER)                                            \
    X(ACT_ORDER_REFUSE, "order.refuse", RECORD_ORDER)                                              \
    X(ACT_ORDER_BEGIN, "order.begin", RECORD_ORDER)                                                \
    X(ACT_ORDER_TRIM, "order.trim", RECORD_ORDER)                                                  \
    X(ACT_ORDER_LOWER, "order.lower", RECORD_ORDER)                                                \
    X(ACT_ORDER_YIELD, "order.yield", RECORD_ORDER)                                                \
    X(ACT_ORDER_EXTEND, "order.extend", RECORD_ORDER)                                              \
    X(ACT_ORDER_LIFT, "order.lift", RECORD_ORDER)                                                  \
    X(ACT_ORDER_LAPSE, "order.lapse", RECORD_ORDER)                                                \
    X(ACT_ORDER_EXPIRE, "order.expire", RECORD_ORDER)                                              \
    X(ACT_ORDER_LATE, "order.late", RECORD_ORDER)                                                  \
    X(ACT_ORDER_ESCALATE, "order.escalate", RECORD_ORDER)                                          \
    X(ACT_ORDER_HEED, "order.heed", RECORD_ORDER)                                                  \
    X(ACT_ORDER_UNRELATE, "order.unrelate", RECORD_ORDER)                                          \
    X(ACT_ORDER_RELATE, "order.relate", RECORD_ORDER)                                              \
    X(ACT_ORDER_KEEP, "order.keep", RECORD_ORDER)                                                  \
    X(ACT_ORDER_DUE, "order.due", RECORD_ORDER)                                                    \
    X(ACT_ORDER_RELEASE, "order.release", RECORD_ORDER)                                            \
    X(ACT_ORDER_FREED, "order.freed", RECORD_ORDER)                                                \
    X(ACT_ORDER_RECEIVE, "order.receive", RECORD_ORDER)                                            \
    X(ACT_ORDER_HEAR, "order.hear", RECORD_ORDER)                                                  \
    X(ACT_ORDER_FAIL, "order.fail", RECORD_ORDER)                                                  \
    X(ACT_ORDER_READ, "order.read", RECORD_ORDER)                                                  \
    X(ACT_ORDER_ERASE, "order.erase", RECORD_ORDER)                                                \
    X(ACT_RECEIPT_TAKE, "receipt.take", RECORD_RECEIPT)                                            \
    X(ACT_RECEIPT_ERASE, "receipt.erase", RECORD_RECEIPT)                                          \
    X(ACT_CLAIM_RETURN, "claim.return", RECORD_CLAIM)                                              \
    X(ACT_CLAIM_BOUNCE, "claim.bounce", RECORD_CLAIM)                                              \
    X(ACT_ROUND_COMPUTE, "round.compute", RECORD_ROUND)                                            \
    X(ACT_ROUND_ALLOT, "round.allot", RECORD_ROUND)                                                \
    X(ACT_ROUND_REVIEW, "round.review", RECORD_ROUND)                                              \
    X(ACT_ROUND_NOTICE, "round.notice", RECORD_ROUND)                                              \
    X(ACT_ROUND_OBJECT, "round.object", RECORD_ROUND)                                              \
    X(ACT_ROUND_HEAR, "round.hear", RECORD_ROUND)                                                  \
    X(ACT_ROUND_APPROVE, "round.approve", RECORD_ROUND)                                            \
    X(ACT_ROUND_SEND, "round.send", RECORD_ROUND)                                                  \
    X(ACT_ROUND_TALLY, "round.tally", RECORD_ROUND)                                                \
    X(ACT_ROUND_REOPEN, "round.reopen", RECORD_ROUND)                                              \
    X(ACT_ROUND_CLOSE, "round.close", RECORD_ROUND)                                                \
    X(ACT_ROUND_VOID, "round.void", RECORD_ROUND)                                                  \
    X(ACT_ROUND_LATE, "round.late", RECORD_ROUND)                                                  \
    X(ACT_ROUND_ERASE, "round.erase", RECORD_ROUND)                                                \
    X(ACT_ROUND_READ, "round.read", RECORD_ROUND)                                                  \
    X(ACT_SHARE_MAKE, "share.make", RECORD_SHARE)                                                  \
    X(ACT_SHARE_PAY, "share.pay", RECORD_SHARE)                                                    \
    X(ACT_SHARE_FAIL, "share.fail", RECORD_SHARE)                                                  \
    X(ACT_SHARE_BOUNCE, "share.bounce", RECORD_SHARE)                                              \
    X(ACT_SHARE_ERASE, "share.erase", RECORD_SHARE)                                                \
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

#endif
