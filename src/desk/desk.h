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

/* What the store loaded for a decision. `own` is NULL when the record is to be made. */
struct desk_view {
    const union record *own;
    const struct listing *listing;   /* of an appeal: what it appeals against */
    const struct user_account *user; /* of a session: whose it is */
    const struct source *source;     /* of a listing or conflict that comes from one */
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
err incident_decide(const struct desk_view *view, const struct command *cmd,
                    const struct law_profile *law, instant at, struct change *ret_change);
err key_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change);
err centre_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change);

#endif
