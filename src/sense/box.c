/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/box.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOUR_S = 3600, ROUNDS_MOST = 8, AROUND_S = 600, MILLI = 1000, PLAINLY = 2 * MILLI };

const struct box_rule box_rule_preset = {
    .handover_s = 30,
    .silence_s = {30, 900},
    .slack_s = 3,
    .turns_least = 4,
    .members_least = 4,
    .member_evidence = 7 * MILLI,
    .refused_share = 10,
    .refused_least = 3,
};

struct number {
    uint64_t key;
    uint64_t seconds;
    uint32_t turns;
    uint32_t handed;
    double chance; /* the sum over its ends */
    struct box_member best;
    bool is_in;
};

/* One side of a turn. */
struct end {
    uint32_t at_s;
    uint32_t number;
    uint64_t peer; /* of the call there */
};

struct trial {
    const struct box_rule *rule;
    struct box_call *calls; /* by start */
    uint32_t *owner;        /* of each call: its number */
    size_t count;
    struct number *numbers;
    uint32_t number_count;
    double density[BOX_DAY_HOURS]; /* of somebody's calls in all, those that start in a second */
    uint32_t first_s;
    uint32_t last_s;
    struct end *begins; /* by time, as are */
    struct end *ends;
    struct end *open; /* of each number: where its turn is over, as far as is seen; at 0: none */
    size_t turn_count;
};

static int by_start(const void *a, const void *b)
{
    const struct box_call *x = a;
    const struct box_call *y = b;
    if (x->start_s != y->start_s)
        return x->start_s < y->start_s ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_key(const void *a, const void *b)
{
    const struct number *x = a;
    const struct number *y = b;
    return x->key < y->key ? -1 : x->key > y->key;
}

static int by_time(const void *a, const void *b)
{
    const struct end *x = a;
    const struct end *y = b;
    if (x->at_s != y->at_s)
        return x->at_s < y->at_s ? -1 : 1;
    return x->number < y->number ? -1 : x->number > y->number;
}

static int by_evidence(const void *a, const void *b)
{
    const struct box_member *x = a;
    const struct box_member *y = b;
    if (x->evidence != y->evidence)
        return x->evidence > y->evidence ? -1 : 1;
    return x->key < y->key ? -1 : x->key > y->key;
}

static unsigned hour_of(uint32_t at_s)
{
    return at_s / HOUR_S % BOX_DAY_HOURS;
}

/* Never 0: that says that there is none. */
static uint32_t call_end(const struct box_call *c)
{
    uint32_t end_s = 0;
    if (__builtin_add_overflow(c->start_s, c->duration_s, &end_s))
        return UINT32_MAX;
    return end_s > 0 ? end_s : 1;
}

static err room(struct trial *t, struct arena *arena)
{
    t->calls = arena_make_array(arena, t->count, sizeof *t->calls);
    t->owner = arena_make_array(arena, t->count, sizeof *t->owner);
    t->numbers = arena_make_array(arena, t->count, sizeof *t->numbers);
    t->begins = arena_make_array(arena, t->count, sizeof *t->begins);
    t->ends = arena_make_array(arena, t->count, sizeof *t->ends);
    t->open = arena_make_array(arena, t->count, sizeof *t->open);
    bool is_short = t->calls == NULL || t->owner == NULL || t->numbers == NULL ||
                    t->begins == NULL || t->ends == NULL || t->open == NULL;
    return is_short ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static void count_numbers(struct trial *t)
{
    struct number *all = t->numbers;
    uint32_t kept = 0;
    for (size_t i = 0; i < t->count; i++)
        all[i].key = t->calls[i].key;
    qsort(all, t->count, sizeof *all, by_key);
    for (size_t i = 0; i < t->count; i++)
        if (i == 0 || all[i].key != all[kept - 1].key)
            all[kept++].key = all[i].key;
    t->number_count = kept;
    for (size_t i = 0; i < t->count; i++) {
        struct number wanted = {.key = t->calls[i].key};
        struct number *n = bsearch(&wanted, all, kept, sizeof *all, by_key);
        assert(n != NULL);
        t->owner[i] = (uint32_t)(n - all);
        n->seconds += t->calls[i].duration_s;
        n->is_in = true;
    }
}

/* The load by hour of the day, over all hours that these calls span. */
static void weigh_load(struct trial *t, const uint32_t load[BOX_DAY_HOURS])
{
    uint64_t own[BOX_DAY_HOURS] = {0};
    uint64_t all = 0;
    double whole = 0;
    for (unsigned h = 0; h < BOX_DAY_HOURS; h++)
        all += own[h] = load[h];
    for (size_t i = 0; i < t->count && all == 0; i++)
        own[hour_of(t->calls[i].start_s)]++;
    for (uint32_t hour = t->first_s / HOUR_S; hour <= t->last_s / HOUR_S; hour++)
        whole += (double)(own[hour % BOX_DAY_HOURS] + 1);
    for (unsigned h = 0; h < BOX_DAY_HOURS; h++)
        t->density[h] = (double)(own[h] + 1) / whole / HOUR_S;
}

/* --- turns --- */

static void end_turn(struct trial *t, uint32_t number, size_t *ends)
{
    t->ends[(*ends)++] = t->open[number];
    t->open[number].at_s = 0;
}

static void make_turns(struct trial *t, uint32_t silence_s)
{
    size_t begins = 0;
    size_t ends = 0;
    for (uint32_t n = 0; n < t->number_count; n++) {
        t->open[n] = (struct end){.number = n};
        t->numbers[n].turns = t->numbers[n].handed = 0;
        t->numbers[n].chance = 0;
    }
    for (size_t i = 0; i < t->count; i++) {
        uint32_t n = t->owner[i];
        const struct box_call *c = &t->calls[i];
        struct end *open = &t->open[n];
        if (!t->numbers[n].is_in)
            continue;
        if (open->at_s != 0 && c->start_s > open->at_s && c->start_s - open->at_s > silence_s)
            end_turn(t, n, &ends);
        if (open->at_s == 0) {
            t->begins[begins++] = (struct end){c->start_s, n, c->peer};
            t->numbers[n].turns++;
        }
        if (call_end(c) >= open->at_s)
            *open = (struct end){call_end(c), n, c->peer};
    }
    for (uint32_t n = 0; n < t->number_count; n++)
        if (t->open[n].at_s != 0)
            end_turn(t, n, &ends);
    assert(begins == ends);
    qsort(t->ends, ends, sizeof *t->ends, by_time);
    t->turn_count = begins;
}

/* The first of them that is not before. */
static size_t seek(const struct end *ends, size_t count, int64_t at_s)
{
    size_t low = 0;
    while (low < count) {
        size_t middle = low + (count - low) / 2;
        if (ends[middle].at_s < at_s)
            low = middle + 1;
        else
            count = middle;
    }
    return low;
}

/* One side of a turn against the other sides of the others': is one of them within reach? By chance
 * one is as often as the load of this hour gives, or as it is around here at other distances,
 * whichever is more: when a shift ends many end and begin. */
static void look(struct trial *t, const struct end *e, const struct end *others, int64_t from_s,
                 int64_t until_s)
{
    struct number *n = &t->numbers[e->number];
    size_t near = seek(others, t->turn_count, from_s);
    size_t past = seek(others, t->turn_count, until_s + 1);
    size_t first = seek(others, t->turn_count, from_s - AROUND_S);
    size_t last = seek(others, t->turn_count, until_s + AROUND_S + 1);
    double reach_s = (double)(until_s - from_s);
    double load = (double)(t->turn_count - n->turns) * t->density[hour_of(e->at_s)];
    double around = (double)(near - first + last - past) / (2 * AROUND_S);
    n->chance += -expm1(-(load > around ? load : around) * reach_s);
    while (near < past && (others[near].number == e->number || others[near].peer == e->peer))
        near++;
    n->handed += near < past;
}

static void match(struct trial *t)
{
    int64_t slack_s = t->rule->slack_s;
    int64_t handover_s = t->rule->handover_s;
    for (size_t i = 0; i < t->turn_count; i++) {
        const struct end *b = &t->begins[i];
        const struct end *e = &t->ends[i];
        look(t, b, t->ends, b->at_s - handover_s, b->at_s + slack_s);
        look(t, e, t->begins, e->at_s - slack_s, e->at_s + handover_s);
    }
}

/* --- evidence --- */

/* How much better its own share explains them than chance does. */
static double evidence_of(double handed, double ends, double chance)
{
    double share = handed / ends;
    if (share <= chance)
        return 0;
    double nats = handed * log(share / chance);
    return share < 1 ? nats + (ends - handed) * log((1 - share) / (1 - chance)) : nats;
}

static uint32_t milli(double nats)
{
    return nats > UINT32_MAX / MILLI ? UINT32_MAX : (uint32_t)(nats * MILLI);
}

static void judge(const struct trial *t, struct number *n)
{
    uint32_t ends = 2 * n->turns;
    if (n->turns < t->rule->turns_least)
        return;
    double chance = n->chance / ends;
    double nats = evidence_of(n->handed, ends, chance) - log(BOX_TURN_KINDS);
    if (nats > 0 && milli(nats) > n->best.evidence)
        n->best = (struct box_member){
            .key = n->key,
            .turns = n->turns,
            .ends = ends,
            .handed = n->handed,
            .chance = (uint32_t)(chance * MILLI),
            .evidence = milli(nats),
        };
}

static void weigh_all(struct trial *t)
{
    for (uint32_t n = 0; n < t->number_count; n++)
        t->numbers[n].best = (struct box_member){0};
    for (unsigned kind = 0; kind < BOX_TURN_KINDS; kind++) {
        make_turns(t, t->rule->silence_s[kind]);
        match(t);
        for (uint32_t n = 0; n < t->number_count; n++)
            if (t->numbers[n].is_in)
                judge(t, &t->numbers[n]);
    }
}

/* Returns how many went. */
static uint32_t part(struct trial *t, uint32_t least)
{
    uint32_t gone = 0;
    for (uint32_t n = 0; n < t->number_count; n++) {
        bool goes = t->numbers[n].is_in && t->numbers[n].best.evidence < least;
        gone += goes;
        t->numbers[n].is_in = t->numbers[n].is_in && !goes;
    }
    return gone;
}

/* Who plainly hands over to nobody goes first, and is then in nobody's way; what is asked of a
 * member is asked once, at the end: without those who just fail it, the next ones would. */
static void choose(struct trial *t)
{
    weigh_all(t);
    for (unsigned round = 1; round < ROUNDS_MOST && part(t, PLAINLY) > 0; round++)
        weigh_all(t);
    (void)part(t, t->rule->member_evidence + milli(log(t->number_count)));
}

/* --- channels --- */

static uint32_t most_at_once(struct trial *t, uint32_t *ret_starts)
{
    size_t calls = 0;
    for (size_t i = 0; i < t->count; i++) {
        const struct box_call *c = &t->calls[i];
        uint32_t end_s = call_end(c);
        if (!t->numbers[t->owner[i]].is_in)
            continue;
        t->begins[calls] = (struct end){.at_s = c->start_s};
        t->ends[calls++] = (struct end){
            .at_s = end_s > c->start_s + t->rule->slack_s ? end_s - t->rule->slack_s : c->start_s};
    }
    qsort(t->ends, calls, sizeof *t->ends, by_time);
    size_t over = 0;
    size_t most = 0;
    for (size_t i = 0; i < calls; i++) {
        while (over < i && t->ends[over].at_s <= t->begins[i].at_s)
            over++;
        most = i + 1 - over > most ? i + 1 - over : most;
    }
    *ret_starts = (uint32_t)calls;
    return (uint32_t)most;
}

static uint32_t find_busiest(const struct trial *t)
{
    uint32_t busiest = 0;
    uint64_t most_s = 0;
    for (uint32_t n = 0; n < t->number_count; n++)
        if (t->numbers[n].is_in && t->numbers[n].seconds >= most_s) {
            most_s = t->numbers[n].seconds;
            busiest = n;
        }
    return busiest;
}

/* That so many or more of these numbers are in a call at a second of that hour, if none regards
 * another; busy[k]: that k are. Who starts a call is in none: as if it always were the busiest. */
static double full(const struct trial *t, unsigned hour, uint32_t channels, double *busy)
{
    uint32_t idle = find_busiest(t);
    memset(busy, 0, (channels + 1) * sizeof *busy);
    busy[0] = 1;
    for (uint32_t n = 0; n < t->number_count; n++) {
        if (!t->numbers[n].is_in || n == idle)
            continue;
        double p = (double)t->numbers[n].seconds * t->density[hour];
        p = p < 1 ? p : 1;
        busy[channels] += busy[channels - 1] * p;
        for (uint32_t k = channels - 1; k > 0; k--)
            busy[k] = busy[k] * (1 - p) + busy[k - 1] * p;
        busy[0] *= 1 - p;
    }
    return busy[channels];
}

static err exclude(struct trial *t, struct arena *arena, struct box *box)
{
    uint32_t starts[BOX_DAY_HOURS] = {0};
    double refused = 0;
    box->channels = most_at_once(t, &box->starts);
    if (box->channels >= box->count) { /* each has a line of its own */
        box->count = 0;
        return OK;
    }
    double *busy = arena_make_array(arena, box->channels + 1, sizeof *busy);
    if (busy == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (uint32_t i = 0; i < box->starts; i++)
        starts[hour_of(t->begins[i].at_s)]++;
    for (unsigned h = 0; h < BOX_DAY_HOURS; h++)
        if (starts[h] > 0)
            refused += starts[h] * full(t, h, box->channels, busy);
    box->refused = (uint32_t)refused;
    bool is_limit = box->refused >= t->rule->refused_least &&
                    box->refused >= (uint64_t)box->starts * t->rule->refused_share / MILLI;
    box->count = is_limit ? box->count : 0;
    return OK;
}

static err gather(struct trial *t, struct arena *arena, struct box *box)
{
    for (uint32_t n = 0; n < t->number_count; n++)
        box->count += t->numbers[n].is_in;
    if (box->count < t->rule->members_least) {
        box->count = 0;
        return OK;
    }
    box->members = arena_make_array(arena, box->count, sizeof *box->members);
    if (box->members == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    uint32_t at = 0;
    for (uint32_t n = 0; n < t->number_count; n++)
        if (t->numbers[n].is_in)
            box->members[at++] = t->numbers[n].best;
    qsort(box->members, at, sizeof *box->members, by_evidence);
    return exclude(t, arena, box);
}

err box_find(const struct box_rule *rule, const struct box_cell *cell, struct arena *arena,
             struct box *ret_box)
{
    assert(rule->silence_s[0] >= rule->handover_s && rule->members_least > 0);
    assert(cell->count <= BOX_CALLS_MOST);
    *ret_box = (struct box){0};
    struct trial t = {.rule = rule, .count = cell->count};
    if (t.count == 0)
        return OK;
    TRY(room(&t, arena));
    memcpy(t.calls, cell->calls, t.count * sizeof *t.calls);
    qsort(t.calls, t.count, sizeof *t.calls, by_start);
    ret_box->first_s = t.first_s = t.calls[0].start_s;
    ret_box->last_s = t.last_s = t.calls[t.count - 1].start_s;
    count_numbers(&t);
    weigh_load(&t, cell->load);
    choose(&t);
    return gather(&t, arena, ret_box);
}
