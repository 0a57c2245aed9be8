/* SPDX-License-Identifier: Apache-2.0 */
#include "train/moments.h"

#include <string.h>

/* One history after the other through episodes of its numbers. */
struct walk {
    const struct warn_rules *rules;
    struct episode *episodes; /* by number */
    const struct history *history;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static err begin_walk(struct walk *w, const struct history *histories, size_t count,
                      const struct warn_rules *rules, struct arena *a)
{
    uint32_t most = 0;
    for (size_t i = 0; i < count; i++)
        most = histories[i].numbers > most ? histories[i].numbers : most;
    *w = (struct walk){.rules = rules};
    w->episodes = arena_make_array(a, (size_t)most + 1, sizeof *w->episodes);
    return w->episodes == NULL ? spent() : OK;
}

static void begin_history(struct walk *w, const struct history *h)
{
    w->history = h;
    memset(w->episodes, 0, ((size_t)h->numbers + 1) * sizeof *w->episodes);
}

/* False: it said nothing new. */
static bool take(struct walk *w, const struct history_signal *s)
{
    struct episode *e = &w->episodes[s->signal.about];
    return episode_put(e, w->rules, &s->signal, s->at_s) == EPISODE_NEW;
}

/* What a moment of that number counts: whoever was not reached stands for all the others. */
static float weight_of(const struct walk *w, const struct history_outcome *outcome)
{
    return outcome != NULL || w->history->times == 0 ? 1.0F : (float)w->history->times;
}

size_t moments_signals(const struct history *histories, size_t count)
{
    size_t signals = 0;
    for (size_t i = 0; i < count; i++)
        signals += histories[i].signal_count;
    return signals;
}

/* --- moments --- */

/* The rules with every weight as large as may be: a part then says how much of it is there. */
static err make_whole(const struct warn_rules *rules, struct warn_rules *ret_whole)
{
    *ret_whole = *rules;
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        ret_whole->weight_mn[kind] = kind == SIGNAL_CALM ? -WEIGHT_MOST_MN : WEIGHT_MOST_MN;
    for (uint32_t i = 0; i < rules->pair_count; i++)
        ret_whole->pairs[i].weight_mn = WEIGHT_MOST_MN;
    return rules_prepare(ret_whole);
}

static void put_moment(struct moments *m, const struct episode_part *parts, size_t count)
{
    float shares[MOMENT_COLUMNS] = {0};
    struct moment *at = &m->at[m->count++];
    at->first = (uint32_t)m->value_count;
    for (size_t i = 0; i < count; i++) {
        bool is_kind = parts[i].pair == PAIRS_MOST;
        uint32_t column = is_kind ? parts[i].kind : SIGNAL_KINDS + parts[i].pair;
        shares[column] += (float)parts[i].given_mn / WEIGHT_MOST_MN;
    }
    for (uint32_t column = 0; column < MOMENT_COLUMNS; column++)
        if (shares[column] != 0)
            m->values[m->value_count++] = (struct moment_value){column, shares[column]};
    at->count = (uint8_t)(m->value_count - at->first);
}

static void add_history(struct walk *w, struct moments *m, uint8_t half)
{
    struct episode_part parts[EPISODE_PARTS];
    for (size_t i = 0; i < w->history->signal_count; i++) {
        const struct history_signal *s = &w->history->signals[i];
        uint32_t about = (uint32_t)s->signal.about;
        if (!take(w, s))
            continue;
        const struct history_outcome *o = history_find(w->history, about, s->at_s);
        put_moment(m, parts, episode_explain(&w->episodes[about], w->rules, s->at_s, parts));
        struct moment *at = &m->at[m->count - 1];
        at->half = half;
        at->is_scam = o != NULL && o->is_scam;
        at->weight = weight_of(w, o);
    }
}

err moments_make(const struct history *histories, size_t count, const struct warn_rules *rules,
                 struct arena *a, struct moments *ret_moments)
{
    struct warn_rules whole;
    struct walk w;
    struct moments m = {0};
    size_t signals = moments_signals(histories, count);
    TRY(make_whole(rules, &whole));
    TRY(begin_walk(&w, histories, count, &whole, a));
    m.at = arena_make_array(a, signals + 1, sizeof *m.at);
    m.values = arena_make_array(a, (signals + 1) * MOMENT_COLUMNS / 2, sizeof *m.values);
    if (m.at == NULL || m.values == NULL)
        return spent();
    for (size_t i = 0; i < count; i++) {
        begin_history(&w, &histories[i]);
        add_history(&w, &m, (uint8_t)(i % 2));
    }
    *ret_moments = m;
    return OK;
}

/* --- rises --- */

static void add_rises(struct walk *w, int32_t *most_mn, struct rises *rises)
{
    for (size_t i = 0; i < w->history->signal_count; i++) {
        const struct history_signal *s = &w->history->signals[i];
        uint32_t about = (uint32_t)s->signal.about;
        struct episode *e = &w->episodes[about];
        if (episode_is_gone(e, w->rules, s->at_s))
            most_mn[about] = 0;
        if (!take(w, s))
            continue;
        int32_t evidence_mn = (int32_t)episode_evidence(e, w->rules, s->at_s);
        if (evidence_mn <= most_mn[about] || rises->count == rises->room)
            continue;
        most_mn[about] = evidence_mn;
        const struct history_outcome *o = history_find(w->history, about, s->at_s);
        rises->at[rises->count++] =
            (struct rise){evidence_mn, o != NULL && o->is_scam, weight_of(w, o)};
    }
}

err moments_rises(const struct history *h, const struct warn_rules *rules, struct arena *a,
                  struct rises *rises)
{
    struct walk w;
    TRY(begin_walk(&w, h, 1, rules, a));
    int32_t *most_mn = arena_make_array(a, (size_t)h->numbers + 1, sizeof *most_mn);
    if (most_mn == NULL)
        return spent();
    begin_history(&w, h);
    add_rises(&w, most_mn, rises);
    return OK;
}
