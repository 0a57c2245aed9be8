/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/episode.h"

#include "warn/decay.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct sign) == 16, "four to a line");
static_assert(sizeof(struct episode) == 512, "eight lines");

/* --- who is stronger --- */

/* The logarithm of its strength at time 0, had it been there: the same distance at any time. */
static int64_t rank_of(const struct warn_rules *r, size_t kind, const struct sign *s)
{
    return (int64_t)s->time_s * Q16 / r->half_life_s[kind] + r->log2_q16[s->strength];
}

/* The same signal, or one that has to be told from it; no two different ones are equal. */
static bool is_stronger(const struct warn_rules *r, size_t kind, const struct sign *a,
                        const struct sign *b)
{
    int64_t one = rank_of(r, kind, a);
    int64_t other = rank_of(r, kind, b);
    if (one != other)
        return one > other;
    return memcmp(a, b, sizeof *a) > 0;
}

/* How deep it has sunk below its kind's whole weight; at least as deep as its strength says. */
static int64_t depth_of(const struct warn_rules *r, size_t kind, const struct sign *s,
                        uint32_t now_s)
{
    int64_t now = (int64_t)now_s * Q16 / r->half_life_s[kind];
    int64_t depth = now - rank_of(r, kind, s);
    int64_t least = -(int64_t)r->log2_q16[s->strength];
    return depth < least ? least : depth;
}

static bool is_there(const struct warn_rules *r, size_t kind, const struct sign *s, uint32_t now_s)
{
    return s->strength != 0 && depth_of(r, kind, s, now_s) <= r->gone_q16[kind];
}

/* --- putting --- */

static struct sign sign_of(const struct signal *s)
{
    return (struct sign){.time_s = s->time_s,
                         .strength = s->strength,
                         .source = s->source,
                         .id = (uint32_t)(s->id ^ s->id >> 32),
                         .evidence = (uint32_t)(s->evidence ^ s->evidence >> 32)};
}

static void drop_sign(struct sign *signs, size_t at)
{
    for (; at + 1 < EPISODE_KEEPS; at++)
        signs[at] = signs[at + 1];
    signs[at] = (struct sign){0};
}

/* Strongest first; the weakest falls off. */
static bool add_sign(const struct warn_rules *r, size_t kind, struct sign *signs,
                     const struct sign *new)
{
    size_t at = EPISODE_KEEPS;
    while (at > 0 && (signs[at - 1].strength == 0 || is_stronger(r, kind, new, &signs[at - 1])))
        at--;
    if (at == EPISODE_KEEPS)
        return false;
    for (size_t i = EPISODE_KEEPS - 1; i > at; i--)
        signs[i] = signs[i - 1];
    signs[at] = *new;
    return true;
}

/* Which one has its id; EPISODE_KEEPS: none. */
static size_t find_sign(const struct sign *signs, const struct sign *new)
{
    size_t at = 0;
    while (at < EPISODE_KEEPS &&
           (signs[at].strength == 0 || signs[at].id != new->id || signs[at].source != new->source))
        at++;
    return at;
}

enum episode_news episode_put(struct episode *e, const struct warn_rules *r, const struct signal *s,
                              uint32_t now_s)
{
    assert(s->kind < SIGNAL_KINDS && s->strength > 0 && s->strength <= SIGNAL_WHOLE);
    struct sign *signs = e->signs[s->kind];
    struct sign new = sign_of(s);
    if (s->time_s > now_s && s->time_s - now_s > r->ahead_s)
        return EPISODE_AHEAD;
    if (!is_there(r, s->kind, &new, now_s))
        return EPISODE_LATE;
    size_t same = find_sign(signs, &new);
    if (same < EPISODE_KEEPS && !is_stronger(r, s->kind, &new, &signs[same]))
        return EPISODE_AGAIN;
    if (same < EPISODE_KEEPS)
        drop_sign(signs, same);
    return add_sign(r, s->kind, signs, &new) ? EPISODE_NEW : EPISODE_WEAKER;
}

/* --- adding up --- */

/* A call in progress whose end is known is none, nor does a payment wait that is booked. */
static bool is_over(const struct episode *e, size_t kind, const struct sign *s)
{
    static const uint8_t ends[SIGNAL_KINDS] = {
        [SIGNAL_CALL] = SIGNAL_CALLED, [SIGNAL_PENDING] = SIGNAL_BOOKED};
    return ends[kind] != 0 && find_sign(e->signs[ends[kind]], s) < EPISODE_KEEPS;
}

/* What of a kind is there, and how much of its weight is, in Q16; strongest first. */
struct there {
    const struct sign *signs[EPISODE_KEEPS];
    int64_t shares[EPISODE_KEEPS];
    size_t count;
};

struct adding {
    struct episode_part *parts;
    size_t count;
    struct there kinds[SIGNAL_KINDS];
};

static void add_part(struct adding *a, const struct episode_part *part)
{
    if (part->given_mn != 0)
        a->parts[a->count++] = *part;
}

static void add_kind(struct adding *a, const struct episode *e, const struct warn_rules *r,
                     size_t kind, uint32_t now_s)
{
    struct there *there = &a->kinds[kind];
    int64_t discount = 1;
    for (size_t i = 0; i < EPISODE_KEEPS; i++) {
        const struct sign *s = &e->signs[kind][i];
        if (!is_there(r, kind, s, now_s))
            break;
        if (is_over(e, kind, s))
            continue;
        int64_t share = decay_exp2(-depth_of(r, kind, s, now_s));
        there->signs[there->count] = s;
        there->shares[there->count++] = share;
        int64_t given = r->weight_mn[kind] * share / Q16 / discount;
        add_part(a, &(struct episode_part){(int32_t)given, PAIRS_MOST, (uint8_t)kind, *s});
        discount *= 2;
    }
}

/* The two of them that are most there, in their order: a second call after a payment takes nothing
 * from the first one before it. */
static void add_pair(struct adding *a, const struct warn_rules *r, uint32_t which)
{
    const struct warn_pair *p = &r->pairs[which];
    const struct there *first = &a->kinds[p->first];
    const struct there *second = &a->kinds[p->second];
    const struct sign *found = NULL;
    int64_t most = 0;
    for (size_t n = 0; n < first->count * second->count; n++) {
        size_t i = n / second->count;
        size_t k = n % second->count;
        int64_t one = first->shares[i];
        int64_t other = second->shares[k];
        int64_t share = one < other ? one : other;
        bool is_in_order = !p->is_after || second->signs[k]->time_s >= first->signs[i]->time_s;
        if (!is_in_order || share <= most)
            continue;
        most = share;
        found = second->signs[k];
    }
    if (found == NULL)
        return;
    int64_t given = p->weight_mn * most / Q16;
    add_part(a, &(struct episode_part){(int32_t)given, which, p->second, *found});
}

size_t episode_explain(const struct episode *e, const struct warn_rules *r, uint32_t now_s,
                       struct episode_part ret_parts[EPISODE_PARTS])
{
    struct adding a = {.parts = ret_parts};
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        if (e->signs[kind][0].strength != 0)
            add_kind(&a, e, r, kind, now_s);
    for (uint32_t i = 0; i < r->pair_count; i++)
        add_pair(&a, r, i);
    return a.count;
}

int64_t episode_evidence(const struct episode *e, const struct warn_rules *r, uint32_t now_s)
{
    struct episode_part parts[EPISODE_PARTS];
    int64_t sum = 0;
    size_t count = episode_explain(e, r, now_s, parts);
    for (size_t i = 0; i < count; i++)
        sum += parts[i].given_mn;
    return sum;
}

bool episode_is_gone(const struct episode *e, const struct warn_rules *r, uint32_t now_s)
{
    for (size_t kind = 0; kind < SIGNAL_KINDS; kind++)
        if (is_there(r, kind, &e->signs[kind][0], now_s))
            return false;
    return true;
}
