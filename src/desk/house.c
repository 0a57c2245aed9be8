/* SPDX-License-Identifier: Apache-2.0 */
/* Batches, keys and the centre itself: the records that keep the house. */
#include "desk/change.h"

#include <assert.h>

enum { SOURCE_BYTES = 1000, WHY_BYTES = 2000 };

static unsigned state_after(enum act act)
{
    if (act == ACT_BATCH_HOLD)
        return BATCH_WAITING;
    if (act == ACT_BATCH_ACCEPT)
        return BATCH_OPEN;
    bool is_dropped = act == ACT_BATCH_DISMISS || act == ACT_BATCH_LAPSE;
    return is_dropped ? BATCH_DISMISSED : BATCH_DONE;
}

static void count(struct batch *b, const struct batch *said)
{
    b->accepted = said->accepted;
    b->duplicate = said->duplicate;
    b->late = said->late;
    b->refused = said->refused;
    b->entered = said->entered;
    b->renewed = said->renewed;
    b->vanished = said->vanished;
    b->conflicts = said->conflicts;
}

/*
 *         close
 *     open ----> done
 *     |  ^
 *     |  | accept: a person has looked at it
 *     v  |          dismiss; lapse: nobody has
 *     waiting -------------------------------> dismissed
 *     (hold)
 */
static err batch_move(const struct command *cmd, instant at, struct batch *b)
{
    bool is_waiting = b->state == BATCH_WAITING;
    bool ends_waiting = cmd->act == ACT_BATCH_ACCEPT || cmd->act == ACT_BATCH_DISMISS ||
                        cmd->act == ACT_BATCH_LAPSE;
    if (ends_waiting && !is_waiting)
        return fail(ERR_CONFLICT, "batch.not_waiting", 0);
    if (!ends_waiting && b->state != BATCH_OPEN)
        return fail(ERR_CONFLICT, is_waiting ? "batch.waits" : "batch.done", 0);
    if (cmd->act == ACT_BATCH_DISMISS)
        TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    if (!ends_waiting)
        count(b, &cmd->body.batch);
    b->waits_for = cmd->act == ACT_BATCH_HOLD ? cmd->body.batch.waits_for : STR("");
    b->state = state_after(cmd->act);
    if (b->state == BATCH_DONE || b->state == BATCH_DISMISSED)
        b->closed_at = at;
    return OK;
}

err batch_decide(const struct desk_view *view, const struct command *cmd,
                 const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    struct batch *b = &ret_change->after.batch;
    if (cmd->act == ACT_BATCH_OPEN) {
        if (view->own != NULL)
            return fail(ERR_CONFLICT, "batch.exists", 0);
        if (!str_is_empty(cmd->body.batch.source))
            TRY(words_check(cmd->body.batch.source, SOURCE_BYTES, "source.missing",
                            "batch.source_too_long"));
        *b = (struct batch){
            .id = cmd->record,
            .feed = cmd->body.batch.feed,
            .source = cmd->body.batch.source,
            .source_id = cmd->body.batch.source_id,
            .user = cmd->actor.user,
            .opened_at = at,
            .division = cmd->body.batch.division,
        };
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "batch.absent", 0);
    if (cmd->act == ACT_BATCH_READ) {
        ret_change->is_reading = true;
        return words_check(cmd->why, 400, "purpose.missing", "why.too_long");
    }
    TRY(batch_move(cmd, at, b));
    if (cmd->act == ACT_BATCH_HOLD)
        change_timer(ret_change, ACT_BATCH_LAPSE,
                     instant_add_us(at, law->reject_retention_days * US_PER_DAY));
    else if (cmd->act != ACT_BATCH_CLOSE)
        change_timer_stop(ret_change, ACT_BATCH_LAPSE);
    return OK;
}

err key_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    struct signing_key *k = &ret_change->after.key;
    if (cmd->act == ACT_KEY_ADD) {
        if (view->own != NULL)
            return fail(ERR_CONFLICT, "key.exists", 0);
        *k = (struct signing_key){
            .id = cmd->record,
            .kind = cmd->body.key.kind,
            .public_part = cmd->body.key.public_part,
            .made_at = at,
        };
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "key.absent", 0);
    if (k->state == KEY_RETIRED)
        return fail(ERR_CONFLICT, "key.retired", 0);
    k->state = KEY_RETIRED;
    k->retired_at = at;
    return OK;
}

err centre_decide(const struct desk_view *view, const struct command *cmd,
                  const struct law_profile *law, instant at, struct change *ret_change)
{
    change_begin(ret_change, view);
    struct centre *c = &ret_change->after.centre;
    if (cmd->act == ACT_CENTRE_OPEN) {
        if (view->own != NULL || view->centre != NULL) /* a store is one centre's */
            return fail(ERR_CONFLICT, "centre.exists", 0);
        *c = cmd->body.centre;
        c->id = cmd->record;
        c->profile = law->name;
        c->is_outbox_held = 0;
        c->is_first_run = 1;
        c->made_at = at;
        c->restored_at = (instant){0};
        c->revision = 0;
        return OK;
    }
    if (view->own == NULL)
        return fail(ERR_ABSENT, "centre.absent", 0);
    switch ((int)cmd->act) { /* only this record's acts come here */
    case ACT_CENTRE_RESTORE:
        c->is_outbox_held = 1;
        c->restored_at = at;
        return OK;
    case ACT_CENTRE_RECONCILE:
        if (c->is_outbox_held == 0)
            return fail(ERR_CONFLICT, "centre.not_held", 0);
        c->is_outbox_held = 0;
        return OK;
    case ACT_CENTRE_SETTLE:
        c->is_first_run = 0;
        return OK;
    }
    /* backup, export, audit: what was read, by whom, and what for; law: which text holds now */
    ret_change->is_reading = true;
    return words_check(cmd->why, 400, "purpose.missing", "why.too_long");
}
