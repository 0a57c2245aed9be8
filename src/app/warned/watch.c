/* SPDX-License-Identifier: Apache-2.0 */
#include "app/warned/watch.h"

#include "app/warned/watch_inside.h"
#include "fact/call.h"

#include <assert.h>

/* Of a thousand. */
enum { LISTED = 1000, SUSPECTED = 700, UNDER_WAY_PART = 4 };

/* --- the room's memory --- */

static err make(struct watch *w)
{
    size_t set = SUSPECT_PLACES * sizeof w->suspects[0];
    size_t contacts = CONTACTS * sizeof w->contacts[0];
    size_t standing = STANDING_PLACES * sizeof w->standing[0];
    TRY(pages_make_sparse(PAYEES_ROOM + contacts + standing + 2 * set, &w->pages));
    w->payees = w->pages.at;
    w->contacts = (void *)(w->payees + 1);
    w->standing = (void *)(w->contacts + CONTACTS);
    w->suspects = (void *)(w->standing + STANDING_PLACES);
    w->filling = w->suspects + SUSPECT_PLACES;
    return OK;
}

void watch_open(struct house *house)
{
    struct watch *w = arena_make(&house->boot, sizeof *w);
    if (w == NULL || warned_keys(house) == NULL)
        return;
    err e = make(w);
    if (failed(e)) {
        LOG(&house->log, LOG_ERROR, "watch_open", LOG_WHY(e));
        return;
    }
    env_mutex_init(&w->mutex);
    house->watch = w;
}

void watch_close(struct house *house)
{
    struct watch *w = house->watch;
    if (w == NULL)
        return;
    house->watch = NULL;
    env_mutex_done(&w->mutex);
    pages_drop(&w->pages);
}

/* --- calls --- */

void watch_calls_begin(struct watch_calls *w, struct house *house, str carrier)
{
    w->house = house;
    warned_tell_begin(&w->tell, house, STR("calls"), carrier);
    suspects_refresh(house);
}

static bool is_suspected(const struct house *house, uint64_t hash)
{
    struct watch *w = house->watch;
    env_mutex_lock(&w->mutex);
    bool is = suspects_has(w, hash);
    env_mutex_unlock(&w->mutex);
    return is;
}

/* Nobody is talked into anything in a minute. */
static uint32_t share_of(uint32_t duration_s)
{
    static const struct {
        uint32_t below_s;
        uint32_t percent;
    } shares[] = {
        {60,         0  },
        {180,        30 },
        {420,        60 },
        {UINT32_MAX, 100},
    };
    size_t i = 0;
    while (duration_s >= shares[i].below_s && i + 1 < COUNT_OF(shares))
        i++;
    return shares[i].percent;
}

/* What it says, and how surely, of a thousand; 0: nothing. A phase "answer" begins, its end says
 * how long it was. The end is never weaker than the beginning. */
static uint32_t strength_of(const struct watched_call *call, uint32_t suspected,
                            enum signal_kind *ret_kind)
{
    bool is_over = (call->parts & CALL_END) != 0;
    *ret_kind = is_over ? SIGNAL_CALLED : SIGNAL_CALL;
    if (call->is_text || (call->parts & CALL_ANSWER) == 0)
        return 0;
    return is_over ? suspected * share_of(call->duration_s) / 100 : suspected / UNDER_WAY_PART;
}

void watch_calls_put(struct watch_calls *w, const struct watched_call *call)
{
    enum signal_kind kind = SIGNAL_CALL;
    bool is_listed = call->row != 0;
    if (w->house->watch == NULL || (!is_listed && !is_suspected(w->house, call->caller)))
        return;
    uint32_t strength = strength_of(call, is_listed ? LISTED : SUSPECTED, &kind);
    if (strength == 0)
        return;
    /* A finished record's time is when it was set up. */
    bool is_whole = (call->parts & CALL_SETUP) != 0 && kind == SIGNAL_CALLED;
    const struct warned_seen seen = {
        .kind = kind,
        .basis = is_listed ? WARNED_LISTING : WARNED_SUSPICION,
        .row = call->row,
        .time_s = call->time_s + (is_whole ? call->duration_s : 0),
        .strength = (uint16_t)strength,
        .id = call->id,
        .number = call->callee,
    };
    warned_tell_put(&w->tell, &seen);
}

void watch_calls_end(struct watch_calls *w)
{
    warned_tell_end(&w->tell);
    suspects_refresh(w->house);
}
