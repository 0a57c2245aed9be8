/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/live.h"

#include <assert.h>
#include <string.h>

enum { LINE_BYTES = 64 };

static size_t episodes_room(uint32_t numbers_most)
{
    return (size_t)numbers_most * sizeof(struct episode);
}

size_t live_room(uint32_t numbers_most)
{
    assert(numbers_most > 0);
    return episodes_room(numbers_most) + places_room(numbers_most);
}

void live_init(struct live *t, const struct live_settings *s, void *room)
{
    assert((uintptr_t)room % LINE_BYTES == 0);
    *t = (struct live){.episodes = room,
                       .rules = s->rules,
                       .calibration = s->calibration,
                       .budget = s->budget,
                       .numbers_most = s->numbers_most};
    places_init(&t->places, (char *)room + episodes_room(s->numbers_most), t->episodes,
                s->numbers_most);
}

struct episode *live_find(const struct live *t, uint64_t about)
{
    uint32_t slot = places_find(&t->places, about);
    return slot == SLOT_NONE ? NULL : &t->episodes[slot];
}

static void wipe(struct live *t, uint32_t slot)
{
    struct episode *e = &t->episodes[slot];
    places_drop(&t->places, slot);
    memset(e, 0, sizeof *e);
    e->next = t->free;
    t->free = slot + 1;
    t->held--;
}

void live_forget(struct live *t, uint64_t about)
{
    uint32_t slot = places_find(&t->places, about);
    if (slot != SLOT_NONE)
        wipe(t, slot);
}

/* --- tiers --- */

/* Says so when its tier is another than it was. */
static bool turn_of(struct live *t, uint32_t slot, struct warn_turn *ret_turn)
{
    struct episode *e = &t->episodes[slot];
    int64_t evidence = episode_evidence(e, t->rules, t->now_s);
    int32_t micro = calibration_micro(t->calibration, evidence);
    enum tier was = (enum tier)e->tier;
    enum tier tier = tier_of(t->rules, micro, was);
    e->tier = tier;
    *ret_turn = (struct warn_turn){.about = e->about,
                                   .slot = slot,
                                   .evidence_mn = (int32_t)evidence,
                                   .micro = micro,
                                   .tier = (uint8_t)tier,
                                   .was = (uint8_t)was};
    return tier != was;
}

/* Wiped when everything has faded; of somebody who was reached today nothing else is kept. */
static void end_if_gone(struct live *t, uint32_t slot)
{
    struct episode *e = &t->episodes[slot];
    if (!episode_is_gone(e, t->rules, t->now_s))
        return;
    memset(e->signs, 0, sizeof e->signs);
    if (budget_holds(t->budget, e, t->now_s))
        return;
    t->counts.ended++;
    wipe(t, slot);
}

/* --- who has to go --- */

static bool take_free(struct live *t, uint32_t *ret_slot)
{
    if (t->free != 0) {
        *ret_slot = t->free - 1;
        t->free = t->episodes[*ret_slot].next;
        return true;
    }
    *ret_slot = t->used;
    t->used += t->used < t->numbers_most;
    return *ret_slot < t->numbers_most;
}

/* The weakest that is no alert, and was not reached; SLOT_NONE: they all are. */
static uint32_t find_weakest(struct live *t, int64_t less_mn)
{
    uint32_t weakest = SLOT_NONE;
    for (unsigned i = 0; i < LIVE_LOOK; i++) {
        const struct episode *e = &t->episodes[t->hand];
        uint32_t slot = t->hand;
        t->hand = (t->hand + 1) % t->numbers_most;
        if (e->tier != TIER_NONE || budget_holds(t->budget, e, t->now_s))
            continue;
        int64_t evidence = episode_evidence(e, t->rules, t->now_s);
        if (evidence >= less_mn)
            continue;
        weakest = slot;
        less_mn = evidence;
    }
    return weakest;
}

/* `new` is the newcomer as it would be alone. */
static uint32_t make_place(struct live *t, const struct episode *new)
{
    uint32_t slot = 0;
    if (!take_free(t, &slot)) {
        uint32_t weakest = find_weakest(t, episode_evidence(new, t->rules, t->now_s));
        if (weakest == SLOT_NONE)
            return SLOT_NONE;
        t->counts.pushed++;
        wipe(t, weakest);
        (void)take_free(t, &slot);
    }
    t->episodes[slot] = *new;
    t->episodes[slot].next = 0;
    places_put(&t->places, slot);
    t->held++;
    t->counts.made++;
    return slot;
}

static bool is_sound(const struct episode *e)
{
    bool is = e->about != 0 && e->tier < TIER_COUNT;
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        for (size_t i = 0; i < EPISODE_KEEPS; i++)
            is = is && e->signs[kind][i].strength <= SIGNAL_WHOLE;
    return is;
}

bool live_restore(struct live *t, const struct episode *e)
{
    uint32_t slot = 0;
    if (!is_sound(e) || places_find(&t->places, e->about) != SLOT_NONE || !take_free(t, &slot))
        return false;
    t->episodes[slot] = *e;
    t->episodes[slot].next = 0;
    places_put(&t->places, slot);
    t->held++;
    return true;
}

/* --- one signal --- */

static void count(struct live_counts *c, enum episode_news news)
{
    c->taken++;
    switch (news) {
    case EPISODE_NEW:
        c->news++;
        break;
    case EPISODE_AGAIN:
        c->again++;
        break;
    case EPISODE_WEAKER:
        c->weaker++;
        break;
    case EPISODE_LATE:
        c->late++;
        break;
    case EPISODE_AHEAD:
        c->ahead++;
        break;
    }
}

/* The slot, where its evidence may have changed. */
static uint32_t take_one(struct live *t, const struct signal *s)
{
    assert(s->about != 0);
    uint32_t slot = places_find(&t->places, s->about);
    struct episode new = {.about = s->about};
    struct episode *e = slot == SLOT_NONE ? &new : &t->episodes[slot];
    enum episode_news news = episode_put(e, t->rules, s, t->now_s);
    count(&t->counts, news);
    if (news != EPISODE_NEW)
        return SLOT_NONE;
    if (slot != SLOT_NONE)
        return slot;
    slot = make_place(t, &new);
    t->counts.dropped += slot == SLOT_NONE;
    return slot;
}

/* --- batches: the lines that are needed are called for before any is waited for --- */

static void call_lines(const struct live *t, const struct signal *s, size_t count)
{
    for (size_t i = 0; i < count; i++)
        __builtin_prefetch(places_home(&t->places, s[i].about), 0);
    for (size_t i = 0; i < count; i++) {
        uint32_t slot = places_guess(&t->places, s[i].about);
        if (slot == SLOT_NONE)
            continue;
        const char *at = (const char *)&t->episodes[slot];
        for (size_t line = 0; line < sizeof(struct episode); line += LINE_BYTES)
            __builtin_prefetch(at + line, 1);
    }
}

static void set_clock(struct live *t, uint32_t now_s)
{
    t->now_s = now_s > t->now_s ? now_s : t->now_s;
}

size_t live_take(struct live *t, const struct signal *signals, size_t count, uint32_t now_s,
                 struct warn_turn *ret_turns)
{
    size_t turns = 0;
    set_clock(t, now_s);
    for (size_t i = 0; i < count; i++) {
        if (i % LIVE_BATCH == 0)
            call_lines(t, signals + i, count - i < LIVE_BATCH ? count - i : LIVE_BATCH);
        uint32_t slot = take_one(t, &signals[i]);
        if (slot != SLOT_NONE && turn_of(t, slot, &ret_turns[turns]))
            turns++;
    }
    return turns;
}

size_t live_sweep(struct live *t, size_t count, uint32_t now_s, struct warn_turn *ret_turns)
{
    size_t turns = 0;
    set_clock(t, now_s);
    count = count < t->used ? count : t->used; /* nobody twice */
    for (size_t i = 0; i < count; i++) {
        t->hand = t->hand < t->used ? t->hand : 0;
        uint32_t slot = t->hand++;
        if (t->episodes[slot].about == 0)
            continue;
        if (turn_of(t, slot, &ret_turns[turns]))
            turns++;
        end_if_gone(t, slot);
    }
    t->hand = t->hand < t->numbers_most ? t->hand : 0;
    return turns;
}
