/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The life of a tip:
 *
 *     tell            tell: one more              list: a person proposes a listing of it
 *    ------> open ------------------> open ----------------------------------------------> listed
 *              | dismiss                 | erase: nobody said anything
 *              v                         v
 *          dismissed                   lapsed
 *
 * Told of again after it was decided it is only counted, until AGAIN_TIMES as many have told and
 * AGAIN_MORE besides: then it is open once more, of a listed one only when its listing has ended.
 * So one person's word is not asked about for ever, and no decision outlives what it rested on.
 */
#include "desk/change.h"

enum { WHY_BYTES = 2000, AGAIN_TIMES = 2, AGAIN_MORE = 2 };
#define KEPT_US (TIP_DAYS * US_PER_DAY)

static void keep_on(struct change *change, instant at)
{
    change->after.tip.until = instant_add_us(at, KEPT_US);
    change_timer(change, ACT_TIP_ERASE, change->after.tip.until);
}

static void begin(const struct command *cmd, instant at, struct change *change)
{
    const struct tip *said = &cmd->body.tip;
    change->after.tip = (struct tip){.id = cmd->record,
                                     .kind = said->kind,
                                     .value = said->value,
                                     .state = TIP_OPEN,
                                     .told = 1,
                                     .by_programs = said->by_programs != 0,
                                     .listing = STR(""),
                                     .first_at = at,
                                     .last_at = at,
                                     .decider = STR(""),
                                     .decided_why = STR(""),
                                     .division = said->division};
    keep_on(change, at);
}

static bool still_stands(const struct listing *l)
{
    return l != NULL && (l->state == LISTING_PROPOSED || l->state == LISTING_IN_FORCE);
}

/* The decision is in the ledger; what stands here is what has to be decided. */
static void open_again(struct tip *t)
{
    t->state = TIP_OPEN;
    t->decided_told = 0;
    t->decided_at = (instant){0};
    t->listing = t->decider = t->decided_why = STR("");
}

static err tell(const struct desk_view *view, const struct command *cmd, instant at,
                struct change *change)
{
    struct tip *t = &change->after.tip;
    if (view->own == NULL) {
        begin(cmd, at, change);
        return OK;
    }
    if (t->state == TIP_LAPSED)
        return fail(ERR_CONFLICT, "tip.ended", 0);
    t->told++;
    t->by_programs += cmd->body.tip.by_programs != 0;
    t->last_at = at;
    if (t->state != TIP_OPEN && t->told >= AGAIN_TIMES * t->decided_told + AGAIN_MORE &&
        !still_stands(view->listing))
        open_again(t);
    keep_on(change, at);
    return OK;
}

static err decide_open(const struct command *cmd, instant at, struct change *change)
{
    struct tip *t = &change->after.tip;
    bool is_listed = cmd->act == ACT_TIP_LIST;
    if (t->state != TIP_OPEN)
        return fail(ERR_CONFLICT, "tip.decided", 0);
    TRY(words_check(cmd->why, WHY_BYTES, "why.missing", "why.too_long"));
    if (is_listed && str_is_empty(cmd->body.tip.listing))
        return fail(ERR_MALFORMED, "listing.absent", 0);
    t->state = is_listed ? TIP_LISTED : TIP_DISMISSED;
    t->listing = is_listed ? cmd->body.tip.listing : STR("");
    t->decided_told = t->told;
    t->decider = cmd->actor.user;
    t->decided_at = at;
    t->decided_why = cmd->why;
    keep_on(change, at);
    return OK;
}

static err erase(const struct desk_view *view, instant at, struct change *change)
{
    struct tip *t = &change->after.tip;
    struct text gone;
    if (t->until.us > at.us && !change_is_restored(view))
        return fail(ERR_CONFLICT, "tip.not_ended", 0);
    text_init(&gone, view->turn);
    text_put_c(&gone, "erased-");
    text_put(&gone, t->id);
    if (text_spent(&gone))
        return fail(ERR_LIMIT, "limit.memory", 0);
    change_timer_stop(change, ACT_TIP_ERASE);
    t->value = text_str(&gone);
    t->decided_why = STR("");
    t->state = t->state == TIP_OPEN ? TIP_LAPSED : t->state;
    change->is_erasing = true;
    change_effect(change, EFFECT_ERASURE);
    return OK;
}

err tip_decide(const struct desk_view *view, const struct command *cmd,
               const struct law_profile *law, instant at, struct change *ret_change)
{
    (void)law;
    change_begin(ret_change, view);
    change_effect(ret_change, EFFECT_STREAM);
    if (cmd->act == ACT_TIP_TELL)
        return tell(view, cmd, at, ret_change);
    if (view->own == NULL)
        return fail(ERR_ABSENT, "tip.absent", 0);
    if (cmd->act == ACT_TIP_ERASE)
        return erase(view, at, ret_change);
    return decide_open(cmd, at, ret_change);
}
