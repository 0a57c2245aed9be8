/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a suspicion, and of a device that was found:
 *
 *     find          list: a person proposes a listing of it
 *    ------> open ------------------------------------------> listed
 *              | dismiss: it is none          | erase: nobody said anything
 *              v                              v
 *          dismissed                        lapsed
 *
 *     find           confirm: the field team has seen it
 *    ------> found ------------------------------------> confirmed
 *              | dismiss          | erase
 *              v                  v
 *          dismissed            lapsed
 *
 * Whatever became of it, its number, its cell and its cards are erased when `until` has passed: so
 * long after the last that was found or said. A device that is found again is the same.
 */
#include "desk/change.h"

enum { WHY_BYTES = 2000 };

/* The centre finds: who else may is permit.c's. */
static err find_suspicion(const struct desk_view *view, const struct command *cmd, instant at,
                          struct change *change)
{
    struct suspicion s = cmd->body.suspicion;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "suspicion.exists", 0);
    if (s.until.us <= at.us)
        return fail(ERR_MALFORMED, "suspicion.term", 0);
    s.id = cmd->record;
    s.state = SUSPICION_OPEN;
    s.found_at = at;
    s.listing = s.decider = s.decided_why = STR("");
    s.decided_at = (instant){0};
    s.revision = 0;
    change->after.suspicion = s;
    change_timer(change, ACT_SUSPICION_ERASE, s.until);
    return OK;
}

static err decide_open(const struct command *cmd, instant at, struct change *change)
{
    struct suspicion *s = &change->after.suspicion;
    bool is_listed = cmd->act == ACT_SUSPICION_LIST;
    if (s->state != SUSPICION_OPEN)
        return fail(ERR_CONFLICT, "suspicion.decided", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    if (is_listed && str_is_empty(cmd->body.suspicion.listing))
        return fail(ERR_MALFORMED, "listing.absent", 0);
    s->state = is_listed ? SUSPICION_LISTED : SUSPICION_DISMISSED;
    s->listing = is_listed ? cmd->body.suspicion.listing : STR("");
    s->decider = cmd->actor.user;
    s->until = instant_add_us(at, s->until.us - s->found_at.us);
    s->decided_at = at;
    s->decided_why = cmd->why;
    change_timer(change, ACT_SUSPICION_ERASE, s->until);
    return OK;
}

static err erase_suspicion(const struct desk_view *view, instant at, struct change *change)
{
    struct suspicion *s = &change->after.suspicion;
    struct text gone;
    if (s->until.us > at.us && !change_is_restored(view))
        return fail(ERR_CONFLICT, "suspicion.not_ended", 0);
    text_init(&gone, view->turn);
    text_put_c(&gone, "erased-");
    text_put(&gone, s->id);
    if (text_spent(&gone))
        return fail(ERR_LIMIT, "limit.memory", 0);
    change_timer_stop(change, ACT_SUSPICION_ERASE);
    s->number = text_str(&gone);
    s->reasons = s->decided_why = STR("");
    s->state = s->state == SUSPICION_OPEN ? SUSPICION_LAPSED : s->state;
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err suspicion_decide(const struct desk_view *view, const struct command *cmd,
                     const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    change_effect(ret_change, EFFECT_STREAM);
    if (cmd->act == ACT_SUSPICION_FIND)
        return find_suspicion(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "suspicion.absent", 0);
    if (cmd->act == ACT_SUSPICION_ERASE)
        return erase_suspicion(view, at, ret_change);
    return decide_open(cmd, at, ret_change);
}

/* --- devices --- */

static err find_box(const struct desk_view *view, const struct command *cmd, instant at,
                    struct change *change)
{
    struct sim_box b = cmd->body.box;
    if (view->own != NULL)
        return fail(ERR_CONFLICT, "box.exists", 0);
    if (b.until.us <= at.us)
        return fail(ERR_MALFORMED, "suspicion.term", 0);
    b.id = cmd->record;
    b.state = SIM_BOX_FOUND;
    b.found_at = b.seen_at = at;
    b.decider = b.decided_why = STR("");
    b.decided_at = (instant){0};
    b.revision = 0;
    change->after.box = b;
    change_timer(change, ACT_BOX_ERASE, b.until);
    return OK;
}

/* What is known of it now; what people said of it stays. */
static err renew_box(const struct command *cmd, instant at, struct change *change)
{
    const struct sim_box *seen = &cmd->body.box;
    struct sim_box *b = &change->after.box;
    if (str_is_empty(b->cell))
        return fail(ERR_CONFLICT, "box.ended", 0);
    if (seen->until.us <= at.us)
        return fail(ERR_MALFORMED, "suspicion.term", 0);
    b->channels = seen->channels;
    b->card_count = seen->card_count;
    b->starts = seen->starts;
    b->refused = seen->refused;
    b->evidence = seen->evidence;
    b->cards = seen->cards;
    b->first_at = seen->first_at;
    b->last_at = seen->last_at;
    b->seen_at = at;
    b->until = seen->until;
    change_timer(change, ACT_BOX_ERASE, b->until);
    return OK;
}

static err decide_box(const struct command *cmd, instant at, struct change *change)
{
    struct sim_box *b = &change->after.box;
    if (b->state != SIM_BOX_FOUND)
        return fail(ERR_CONFLICT, "box.decided", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    b->state = cmd->act == ACT_BOX_CONFIRM ? SIM_BOX_CONFIRMED : SIM_BOX_DISMISSED;
    b->until = instant_add_us(at, b->until.us - b->seen_at.us);
    b->decider = cmd->actor.user;
    b->decided_at = at;
    b->decided_why = cmd->why;
    change_timer(change, ACT_BOX_ERASE, b->until);
    return OK;
}

static err erase_box(const struct desk_view *view, instant at, struct change *change)
{
    struct sim_box *b = &change->after.box;
    if (b->until.us > at.us && !change_is_restored(view))
        return fail(ERR_CONFLICT, "suspicion.not_ended", 0);
    change_timer_stop(change, ACT_BOX_ERASE);
    b->cell = b->cards = b->decided_why = STR("");
    b->state = b->state == SIM_BOX_FOUND ? SIM_BOX_LAPSED : b->state;
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err box_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    if (cmd->act == ACT_BOX_READ) {
        ret_change->is_reading = true;
        if (view->own == NULL)
            return fail(ERR_ABSENT, "box.absent", 0);
        return words_check(cmd->why, WHY_BYTES, "purpose.missing", "why.too_long");
    }
    change_effect(ret_change, EFFECT_STREAM);
    if (cmd->act == ACT_BOX_FIND)
        return find_box(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "box.absent", 0);
    if (cmd->act == ACT_BOX_RENEW)
        return renew_box(cmd, at, ret_change);
    if (cmd->act == ACT_BOX_ERASE)
        return erase_box(view, at, ret_change);
    return decide_box(cmd, at, ret_change);
}
