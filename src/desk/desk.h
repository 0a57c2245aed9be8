/* SPDX-License-Identifier: Apache-2.0 */
/*
 * desk - decides. A record, a command, the law and the time go in; a change or a refusal comes out.
 *
 * Shape     One pure function a kind of record; desk_decide finds it. Permissions come first
 *           (permit.h), then the state table of the record, then the rules of the act.
 *
 *               record + command --permit, state, rules--> change | err
 *
 * Owns      Nothing; what a change points to lives in the turn arena handed in.
 * Lives     One turn.
 * Fails     ERR_DENIED who may not; ERR_CONFLICT the state forbids; ERR_MALFORMED a field;
 * ERR_ABSENT. `why` is a catalogue key. Threads   Any: no state, no clock, no input but the
 * arguments. Bounds    Same in, same out, bit for bit.
 */
#ifndef YUMEN_DESK_DESK_H
#define YUMEN_DESK_DESK_H

#include "fact/command.h"
#include "fact/law.h"
#include "fact/provider.h"

/* What was spent on warning already; of an alert's own number, without the alert itself. */
struct alert_spent {
    bool is_hushed; /* "do not warn me again": */
    unsigned hushed_to;
    int64_t a_number;                /* today */
    int64_t a_day[ALERT_TIER_COUNT]; /* likewise, of all */
};

/* What the store loaded for a decision. `own` is NULL when the record is to be made. */
struct desk_view {
    const union record *own;
    const struct listing *listing;   /* of an appeal: what it appeals against */
    const struct user_account *user; /* of a session: whose it is; of an alert: who is to have it */
    const struct source *source;     /* of a listing or conflict that comes from one */
    const struct order *order;       /* of a receipt: what it answers; of an appeal likewise */
    const struct order *taken;       /* of a freeze: the hold that it takes over, */
    bool is_paying;                  /* and a round is being paid out of that */
    const struct report *report;     /* of an order or a claim: under which it stands */
    const struct incident *incident; /* of a round, or an order that has no report */
    const struct round *round;       /* of a share; of an appeal: what it objects to */
    const struct share *share;       /* of a receipt: what it is about, with its round and claim */
    const struct claim *claim;       /* of a share: whose it is to be, */
    int64_t promised; /* and what open rounds owe it already; to erase: whether anything may come */
    int64_t ordered;  /* of an order by hand: the others like it of its incident, together */
    int64_t standing; /* of an incident to be closed: its orders over money that have not ended */
    int64_t guardians;         /* of one to be invited: the subscriber's that have not ended, */
    bool is_guardian;          /* and whether this is one of them */
    const struct alert *alert; /* of an outreach, a hush, whereabouts: about which */
    str whereabouts;           /* of an alert that is concluded or closed: what has to be erased */
    const struct alert_spent *spent; /* of an alert that rises, a hush: what its number had */
    const struct provider *provider; /* of an order: who carries it out; NULL: not known */
    const struct centre *centre;
    bool is_follow; /* a consequence of a change already permitted */
    struct arena *turn;
};

err desk_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change);

err listing_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change);
err appeal_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change);
err user_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change);
err session_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change);
err batch_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err source_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change);
err conflict_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change);
err suspicion_decide(const struct desk_view *view, const struct command *cmd,
                     const struct law_profile *law, instant at, struct change *ret_change);
err box_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change);
err guardian_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change);
err alert_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err outreach_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change);
err hush_decide(const struct desk_view *view, const struct command *cmd,
                const struct law_profile *law, instant at, struct change *ret_change);
err whereabouts_decide(const struct desk_view *view, const struct command *cmd,
                       const struct law_profile *law, instant at, struct change *ret_change);
err tip_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change);
err incident_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change);
err report_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change);
err claim_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err order_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err receipt_decide(const struct desk_view *view, const struct command *cmd,
                   const struct law_profile *law, instant at, struct change *ret_change);
err round_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err share_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change);
err key_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change);
err centre_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change);

#endif
