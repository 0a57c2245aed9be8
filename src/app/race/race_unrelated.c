/* SPDX-License-Identifier: Apache-2.0 */
#include "app/race/race_unrelated.h"

#include "app/race/race_act_inside.h"
#include "desk/order_parts.h"

enum { LAYERS = 6, FIRST = 20, WINDOW_MS = 72 * 3600 * 1000 };

bool race_unrelated_may(const struct order *o)
{
    return o->kind == ORDER_FREEZE || str_is_empty(o->report);
}

bool race_unrelated_is_on_trail(const struct race_pass *p, str account)
{
    uint32_t number = 0;
    return !failed(runs_ask_account(p->runs, account, &number)) &&
           trail_doc_find(&p->doc, number) != NULL;
}

/* A victim says, or said before the bank took it back, that the money went there. */
static bool is_named(const struct race_pass *p, str account)
{
    for (size_t i = 0; i < p->claim_count; i++) {
        const struct claim *c = &p->claims[i];
        bool counts = c->state == CLAIM_TOLD || c->state == CLAIM_MATCHED;
        if (counts && str_equal(c->to, account))
            return true;
    }
    return false;
}

/* Asked once a pass, and only where the race's own trail leads nowhere. */
struct wide {
    struct trail_doc doc;
    bool is_asked;
    bool is_unknown; /* too wide to follow: then it may have come anywhere */
};

static void ask_wide(struct race_pass *p, struct wide *w)
{
    struct trail_question q = {
        .method = METHOD_REACH,
        .settings = {.layers = LAYERS, .first = FIRST, .window_ms = WINDOW_MS},
        .as_of_ms = p->now.us / US_PER_MS
    };
    str start = {0};
    w->is_asked = true;
    w->is_unknown = failed(race_deed_starts(p, &q)) ||
                    failed(trail_doc_make(p->runs, &q, p->arena, &w->doc, &start));
}

static bool is_reached(struct race_pass *p, struct wide *w, str account)
{
    if (!w->is_asked)
        ask_wide(p, w);
    for (size_t i = 0; !w->is_unknown && i < w->doc.node_count; i++)
        if (str_equal(w->doc.nodes[i].key, account))
            return true;
    return w->is_unknown;
}

static err is_related(struct race_pass *p, struct wide *w, const struct order *o, bool *ret_is)
{
    *ret_is = race_unrelated_is_on_trail(p, o->target) || is_named(p, o->target) ||
              is_reached(p, w, o->target);
    return *ret_is ? OK : race_deed_in_round(p, o, ret_is);
}

/* false: it stays as it was found. */
static bool deed_of(const struct race_pass *p, const struct order *o, bool is_related,
                    enum act *ret_act)
{
    bool was_found = o->unrelated_since.us != 0;
    bool is_due = o->release_by.us != 0 && o->release_by.us <= p->now.us;
    *ret_act = is_related ? ACT_ORDER_RELATE : was_found ? ACT_ORDER_RELEASE : ACT_ORDER_UNRELATE;
    return was_found ? is_related || is_due : !is_related;
}

static err find_one(struct race_pass *p, struct wide *w, const struct order *o)
{
    bool is_so = true;
    enum act act = ACT_ORDER_RELATE;
    TRY(is_related(p, w, o, &is_so));
    struct command *cmd = deed_of(p, o, is_so, &act) ? race_deed_more(p) : NULL;
    if (cmd != NULL)
        *cmd = race_deed_freeing(act, o, STR(""));
    return OK;
}

err race_unrelated_find(struct race_pass *p)
{
    struct wide w = {0};
    for (size_t i = 0; p->has_doc && i < p->standing_count; i++) {
        const struct order *o = &p->standing[i];
        bool is_money = o->target_kind == INDICATOR_ACCOUNT && o->kind <= ORDER_FREEZE;
        if (is_money && order_is_live(o->state) && race_unrelated_may(o))
            TRY(find_one(p, &w, o));
    }
    return OK;
}
