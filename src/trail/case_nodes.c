/* SPDX-License-Identifier: Apache-2.0 */
#include "trail/case_nodes.h"
#include "trail/case_inside.h"

#include <string.h>

static err spent(void)
{
    return fail(ERR_LIMIT, "trail.case_too_large", 0);
}

/* ---- room ------------------------------------------------------------------------------------ */

/* Doubled: how much of `old` is kept in all is less than its last room. */
static void *wider(struct arena *a, const void *old, size_t old_bytes, size_t bytes)
{
    char *at = arena_make(a, bytes);
    if (at != NULL && old_bytes > 0)
        memcpy(at, old, old_bytes);
    return at;
}

static err accounts_room(struct case_nodes *n, uint32_t count, struct arena *a)
{
    uint32_t room = n->room == 0 ? 64 : n->room;
    while (room < count)
        room *= 2;
    if (room == n->room)
        return OK;
    n->at = wider(a, n->at, n->room * sizeof *n->at, room * sizeof *n->at);
    n->changed = wider(a, NULL, 0, room * sizeof *n->changed);
    n->waiting = wider(a, NULL, 0, room * sizeof *n->waiting);
    n->is_waiting = wider(a, NULL, 0, room);
    n->is_changed = wider(a, NULL, 0, room);
    n->room = room;
    bool has_all = n->at != NULL && n->changed != NULL && n->waiting != NULL &&
                   n->is_waiting != NULL && n->is_changed != NULL;
    return has_all ? OK : spent();
}

static err layers_room(struct case_nodes *n, uint32_t count, struct arena *a)
{
    uint32_t room = n->layer_room == 0 ? 256 : n->layer_room;
    while (room < count)
        room *= 2;
    if (room == n->layer_room)
        return OK;
    n->layers = wider(a, n->layers, n->layer_room * sizeof *n->layers, room * sizeof *n->layers);
    n->layer_room = room;
    return n->layers == NULL ? spent() : OK;
}

/* ---- one account ----------------------------------------------------------------------------- */

/* First come, first looked at: nobody is looked at more often than there are accounts. */
static void wait(struct case_nodes *n, uint32_t account)
{
    if (n->is_waiting[account])
        return;
    n->is_waiting[account] = true;
    n->waiting[(n->waiting_at + n->waiting_count++) % n->room] = account;
}

static bool goes_on(const struct event *e)
{
    return event_exit(e) == EXIT_NONE && (e->when & EVENT_BEYOND) == 0;
}

static void layer_on(struct case_nodes *n, const struct trail_case *c, uint32_t event,
                     uint32_t layer)
{
    const struct event *e = case_event(c, event);
    if (n->layers[event] == layer)
        return;
    n->layers[event] = layer;
    if (goes_on(e))
        wait(n, case_account_find(c, e->to));
}

static void leave(struct case_nodes *n, const struct trail_case *c, uint32_t event,
                  struct case_kept *kept)
{
    const struct event *e = case_event(c, event);
    int64_t attributed = portions_sum(&e->carried);
    kept->node.unknown += portions_sum(&e->lost);
    if ((e->when & EVENT_SOURCE) != 0 || attributed == 0)
        return;
    if (event_exit(e) != EXIT_NONE)
        kept->node.exited += attributed;
    else if ((e->when & EVENT_BEYOND) != 0)
        kept->node.unknown += attributed;
    kept->left_ms = event_ms(e) > kept->left_ms ? event_ms(e) : kept->left_ms;
    if (kept->node.layer != 0) /* else whoever paid it waits, and it is looked at again */
        layer_on(n, c, event, kept->node.layer + 1);
}

static void arrive(const struct case_nodes *n, const struct trail_case *c, uint32_t event,
                   struct case_node *node)
{
    const struct event *e = case_event(c, event);
    int64_t attributed = portions_sum(&e->carried);
    if (attributed == 0 || !goes_on(e))
        return;
    uint32_t layer = (e->when & EVENT_SOURCE) != 0 ? 1 : n->layers[event];
    if (layer != 0 && (node->layer == 0 || layer < node->layer))
        node->layer = layer;
    if (node->received == 0)
        node->first_ms = event_ms(e);
    node->last_ms = event_ms(e);
    node->received += e->amount_minor;
    node->attributed += attributed;
}

static void look_at(struct case_nodes *n, const struct trail_case *c, uint32_t index)
{
    const struct account *a = c->accounts[index];
    struct case_kept kept = {.node = {.account = a->id}};
    for (uint32_t i = 0; a->stand.start != NONE && i < a->count; i++) {
        uint32_t event = a->items[i].event;
        const struct event *e = case_event(c, event);
        if (e->from == a->id)
            leave(n, c, event, &kept);
        if (e->to == a->id)
            arrive(n, c, event, &kept.node);
    }
    kept.node.present = a->stand.start == NONE ? 0 : a->stand.lots.stolen_minor;
    n->at[index] = kept;
    if (!n->is_changed[index])
        n->changed[n->changed_count++] = index;
    n->is_changed[index] = true;
}

/* ---- all that changed ------------------------------------------------------------------------ */

static void begin(struct case_nodes *n, struct trail_case *c)
{
    n->is_anew = n->rebuilds != c->rebuilds;
    n->rebuilds = c->rebuilds;
    n->count = c->account_count;
    memset(n->is_changed, 0, n->room);
    n->changed_count = 0;
    n->waiting_at = n->waiting_count = 0;
    if (n->is_anew)
        memset(n->layers, 0, n->layer_room * sizeof *n->layers);
    for (uint32_t i = 0; n->is_anew && i < c->account_count; i++)
        wait(n, i);
    for (uint32_t i = 0; !n->is_anew && i < c->touched_count; i++)
        wait(n, c->touched[i]);
    for (uint32_t i = 0; i < c->touched_count; i++)
        c->accounts[c->touched[i]]->is_touched = false;
    c->touched_count = 0;
}

err case_nodes_look(struct case_nodes *n, struct trail_case *c, struct arena *a)
{
    TRY(c->broken);
    assert(c->heap_count == 0 && !c->must_rebuild);
    TRY(accounts_room(n, c->account_count, a));
    TRY(layers_room(n, c->event_count, a));
    begin(n, c);
    while (n->waiting_count > 0) {
        uint32_t next = n->waiting[n->waiting_at];
        n->waiting_at = (n->waiting_at + 1) % n->room;
        n->waiting_count--;
        n->is_waiting[next] = false;
        look_at(n, c, next);
    }
    return c->unread;
}

bool case_nodes_arrival(const struct trail_case *c, uint32_t account, uint32_t *cursor,
                        uint32_t *ret_number)
{
    assert(account < c->account_count);
    const struct account *a = c->accounts[account];
    for (; *cursor < a->count; ++*cursor) {
        uint32_t event = a->items[*cursor].event;
        const struct event *e = case_event(c, event);
        if (e->to != a->id || portions_sum(&e->carried) == 0 || !goes_on(e))
            continue;
        *ret_number = case_more(c, event)->number;
        ++*cursor;
        return true;
    }
    return false;
}
