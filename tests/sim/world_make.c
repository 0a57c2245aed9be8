/* SPDX-License-Identifier: Apache-2.0 */
/* What is done next: every act there is, by people who may and people who may not. */
#include "world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)

int world_roll(struct world *w, int sides)
{
    return (int)random_below(&w->dice, (uint64_t)sides);
}

bool world_chance(struct world *w, int percent)
{
    return world_roll(w, 100) < percent;
}

int world_mark(struct world *w)
{
    assert(w->mark_count < WORLD_MARKS);
    int mark = w->mark_count++;
    w->kept_until[mark] = 0;
    w->listing_of[mark] = w->appeal_of[mark] = w->lifted_of[mark] = NOBODY;
    return mark;
}

/* --- people and places --- */

const char *const world_divisions[] = {"", "62", "6201", "620102", "6202", "11", NULL};

static const char *some_division(struct world *w)
{
    return world_chance(w, 50) ? "" : world_divisions[world_roll(w, 6)];
}

/* The door lets only active users in; the machine and the street are always there. */
static int anybody(struct world *w)
{
    const struct model *m = w->model;
    int who = 1 + world_roll(w, m->user_count - 1);
    if (world_chance(w, 8))
        return WHO_PUBLIC;
    if (world_chance(w, 8) || m->users[who].state != USER_ACTIVE)
        return WHO_CENTRE;
    return who;
}

int world_somebody(struct world *w, enum act act, const char *division)
{
    int who = anybody(w);
    if (world_chance(w, 15))
        return who;
    for (int i = 0; i < 20 && !model_may(w->model, who, act, division); i++)
        who = anybody(w);
    return who;
}

/* --- words --- */

/* At times as long as some words may be, or one byte longer. */
static struct words some_words(struct world *w)
{
    static const int bounds[] = {400, 2000, 4000, 8000};
    struct words said = {.bytes = 20 + world_roll(w, 40)};
    int kind = world_roll(w, 30);
    if (kind == 0)
        said.bytes = 0;
    else if (kind == 1)
        said.is_foul = true;
    else if (kind < 8)
        said.bytes = bounds[world_roll(w, COUNT_OF(bounds))] + world_roll(w, 2);
    return said;
}

/* --- listings --- */

static const char *const numbers[] = {"+8613912340001", "+8613912340002", "+8613912340003"};
static const char *const domains[] = {
    "evil.example",         "a.evil.example",  "b.a.evil.example", "c.b.a.evil.example",
    "other.example",        "w.other.example", "notevil.example",  "x.notevil.example",
    "d.c.b.a.evil.example", "shop-a.example",  "s.shop-a.example", "evil.example.test",
};
static const char *const urls[] = {"https://evil.example/pay", "https://a.evil.example/pay",
                                   "https://x.notevil.example/", "https://w.other.example/q"};
static const char *const others[] = {"first", "second", "third"};

const char *world_host(const char *url)
{
    static const char *const hosts[] = {"evil.example", "a.evil.example", "x.notevil.example",
                                        "w.other.example"};
    for (size_t i = 0; i < COUNT_OF(urls); i++)
        if (strcmp(urls[i], url) == 0)
            return hosts[i];
    return NULL;
}

static const char *some_value(struct world *w, unsigned kind)
{
    switch (kind) {
    case INDICATOR_NUMBER:
        return numbers[world_roll(w, COUNT_OF(numbers))];
    case INDICATOR_DOMAIN:
        return domains[world_roll(w, COUNT_OF(domains))];
    case INDICATOR_URL:
        return urls[world_roll(w, COUNT_OF(urls))];
    }
    return others[world_roll(w, COUNT_OF(others))];
}

static int64_t some_span(struct world *w)
{
    static const int64_t longest[] = {INT64_C(60000000), DAY_US / 24, DAY_US, 20 * DAY_US};
    return 1 + (int64_t)random_below(&w->dice, (uint64_t)longest[world_roll(w, 4)]);
}

/* From and until: anywhere, and at each edge that a limit has. */
static void make_term(struct world *w, struct deed *d)
{
    int64_t now = w->trial.at.us;
    int64_t longest = model_term_days[d->listing.kind][d->listing.action] * DAY_US;
    int64_t from = now;
    if (world_chance(w, 30)) {
        from = world_chance(w, 60) ? now + some_span(w) : now - some_span(w);
        d->listing.from = from;
    }
    int64_t first = from < now ? from : now;
    switch (world_roll(w, 16)) {
    case 0:
        d->listing.until = first + longest;
        return;
    case 1:
        d->listing.until = first + longest + 1;
        return;
    case 2:
        d->listing.until = now + world_roll(w, 2);
        return;
    case 3:
        d->listing.until = from + world_roll(w, 2);
        return;
    }
    d->listing.until = (from > now ? from : now) + some_span(w);
}

void world_make_listing(struct world *w, struct deed *d)
{
    d->act = ACT_LISTING_PROPOSE;
    d->record = NEW;
    d->division = some_division(w);
    d->listing.mark = world_mark(w);
    d->listing.batch = NOBODY;
    d->listing.kind =
        world_chance(w, 60) ? INDICATOR_DOMAIN : (unsigned)world_roll(w, INDICATOR_KIND_COUNT);
    d->listing.action = (unsigned)(world_chance(w, 60) ? 0 : world_roll(w, ACTION_COUNT));
    bool is_wide = d->listing.kind == INDICATOR_DOMAIN ? world_chance(w, 50) : world_chance(w, 2);
    d->listing.match = is_wide ? MATCH_SUFFIX : MATCH_EXACT;
    d->listing.rpz = d->listing.kind == INDICATOR_DOMAIN ? (unsigned)world_roll(w, 3) : 0;
    const char *value = some_value(w, d->listing.kind);
    snprintf(d->listing.value, sizeof d->listing.value, "%s", value);
    if (world_chance(w, 25) && d->listing.kind != INDICATOR_NUMBER) /* one that only it has */
        snprintf(d->listing.value, sizeof d->listing.value,
                 d->listing.kind == INDICATOR_URL ? "https://w.example/private-%06d"
                                                  : "private-%06d.evil.example",
                 d->listing.mark);
    make_term(w, d);
    if (world_chance(w, 6))
        d->listing.flaw = (enum flaw)world_roll(w, FLAW_COUNT);
}

/* --- which record --- */

static int count_of(const struct model *m, enum record_kind kind)
{
    const int counts[RECORD_KIND_COUNT] = {
        [RECORD_LISTING] = m->listing_count,
        [RECORD_APPEAL] = m->appeal_count,
        [RECORD_USER] = m->user_count,
        [RECORD_SESSION] = m->session_count,
        [RECORD_BATCH] = m->batch_count,
        [RECORD_KEY] = m->key_count,
        [RECORD_CENTRE] = 1,
    };
    return counts[kind];
}

/* Mostly of the newest: those are still alive. */
static int some_record(struct world *w, enum record_kind kind)
{
    int count = count_of(w->model, kind);
    if (count == 0 || (kind != RECORD_CENTRE && world_chance(w, 2)))
        return ABSENT;
    int room = count > 24 && world_chance(w, 80) ? 24 : count;
    return count - 1 - world_roll(w, room);
}

static int listing_in(struct world *w, unsigned state)
{
    int found = some_record(w, RECORD_LISTING);
    for (int i = 0; i < 12 && found >= 0 && w->model->listings[found].state != state; i++)
        found = some_record(w, RECORD_LISTING);
    return found;
}

static int open_appeal(struct world *w)
{
    int found = some_record(w, RECORD_APPEAL);
    for (int i = 0; i < 8 && found >= 0 && w->model->appeals[found].decided_at != 0; i++)
        found = some_record(w, RECORD_APPEAL);
    return found;
}

static const char *division_at(const struct world *w, const struct deed *d)
{
    if (d->record < 0)
        return d->division;
    switch (act_record_kind(d->act)) {
    case RECORD_LISTING:
        return w->model->listings[d->record].division;
    case RECORD_APPEAL:
        return w->model->appeals[d->record].division;
    case RECORD_USER:
        return w->model->users[d->record].division;
    case RECORD_BATCH:
        return w->model->batches[d->record].division;
    case RECORD_SESSION:
    case RECORD_KEY:
    case RECORD_CENTRE:
    case RECORD_SOURCE:
    case RECORD_CONFLICT:
    case RECORD_SUSPICION:
    case RECORD_BOX:
    case RECORD_GUARDIAN:
    case RECORD_ALERT:
    case RECORD_OUTREACH:
    case RECORD_HUSH:
    case RECORD_WHEREABOUTS:
    case RECORD_TIP:
    case RECORD_INCIDENT:
    case RECORD_REPORT:
    case RECORD_CLAIM:
    case RECORD_ORDER:
    case RECORD_RECEIPT:
    case RECORD_ROUND:
    case RECORD_SHARE:
    case RECORD_KIND_COUNT:
        break;
    }
    return "";
}

/* --- acts --- */

/* How often, in all; 0: only where the world does it itself. */
static const uint8_t weights[ACT_COUNT] = {
    [ACT_LISTING_PROPOSE] = 90, [ACT_LISTING_APPROVE] = 90, [ACT_LISTING_REFUSE] = 20,
    [ACT_LISTING_LIFT] = 24,    [ACT_LISTING_BEGIN] = 1,    [ACT_LISTING_EXPIRE] = 1,
    [ACT_LISTING_HEAR] = 1,     [ACT_LISTING_ERASE] = 4,    [ACT_LISTING_READ] = 5,
    [ACT_APPEAL_FILE] = 30,     [ACT_APPEAL_REVIEW] = 14,   [ACT_APPEAL_GRANT] = 14,
    [ACT_APPEAL_REJECT] = 12,   [ACT_APPEAL_WITHDRAW] = 5,  [ACT_APPEAL_LATE] = 1,
    [ACT_APPEAL_ERASE] = 2,     [ACT_APPEAL_READ] = 5,      [ACT_USER_PROPOSE] = 8,
    [ACT_USER_APPROVE] = 10,    [ACT_USER_REFUSE] = 1,      [ACT_USER_DISABLE] = 1,
    [ACT_USER_PASSWORD] = 3,    [ACT_SESSION_OPEN] = 8,     [ACT_SESSION_CLOSE] = 5,
    [ACT_SESSION_EXPIRE] = 1,   [ACT_BATCH_OPEN] = 2,       [ACT_BATCH_CLOSE] = 3,
    [ACT_BATCH_READ] = 2,       [ACT_KEY_ADD] = 2,          [ACT_KEY_RETIRE] = 1,
    [ACT_CENTRE_OPEN] = 1,      [ACT_CENTRE_BACKUP] = 2,    [ACT_CENTRE_RESTORE] = 1,
    [ACT_CENTRE_RECONCILE] = 5, [ACT_CENTRE_EXPORT] = 2,    [ACT_CENTRE_AUDIT] = 2,
    [ACT_CENTRE_LAW] = 1,       [ACT_CENTRE_SETTLE] = 0,
};

static enum act some_act(struct world *w)
{
    int all = 0;
    for (unsigned act = 0; act < ACT_COUNT; act++)
        all += weights[act];
    int at = world_roll(w, all);
    unsigned act = 0;
    for (; at >= weights[act]; act++)
        at -= weights[act];
    return (enum act)act;
}

/* What only a timer gives, the machine does not do here: then nobody may. */
static bool is_timers(enum act act)
{
    return act == ACT_LISTING_BEGIN || act == ACT_LISTING_EXPIRE || act == ACT_LISTING_HEAR ||
           act == ACT_APPEAL_LATE || act == ACT_SESSION_EXPIRE;
}

static bool makes_one(enum act act)
{
    return act == ACT_LISTING_PROPOSE || act == ACT_APPEAL_FILE || act == ACT_USER_PROPOSE ||
           act == ACT_SESSION_OPEN || act == ACT_BATCH_OPEN || act == ACT_KEY_ADD;
}

static void make_new(struct world *w, struct deed *d)
{
    d->division = d->act == ACT_KEY_ADD ? "" : some_division(w);
    d->record = NEW;
    if (d->act == ACT_LISTING_PROPOSE)
        world_make_listing(w, d);
    d->appeal.listing = listing_in(w, LISTING_IN_FORCE);
    d->appeal.statement = some_words(w);
    d->appeal.name = some_words(w);
    d->appeal.mark = d->act == ACT_APPEAL_FILE ? world_mark(w) : 0;
    d->user.roles = (role_set)1 << world_roll(w, ROLE_COUNT);
    d->user.roles |= world_chance(w, 40) ? (role_set)1 << world_roll(w, ROLE_COUNT) : 0;
    d->user.is_misnamed = world_chance(w, 5);
    d->session.user = some_record(w, RECORD_USER);
    d->session.kind = (unsigned)world_roll(w, 2);
    d->key_kind = KEY_TSIG;
    if (world_chance(w, 3)) /* of one that is there already */
        d->record = some_record(w, act_record_kind(d->act));
    if (d->record == ABSENT)
        d->record = NEW;
}

static void choose_record(struct world *w, struct deed *d)
{
    enum record_kind kind = act_record_kind(d->act);
    if (d->act == ACT_LISTING_APPROVE || d->act == ACT_LISTING_REFUSE)
        d->record = listing_in(w, LISTING_PROPOSED);
    else if (d->act == ACT_LISTING_LIFT)
        d->record = listing_in(w, LISTING_IN_FORCE);
    else if (kind == RECORD_APPEAL && d->act != ACT_APPEAL_ERASE && d->act != ACT_APPEAL_READ)
        d->record = open_appeal(w);
    else
        d->record = some_record(w, kind);
    for (int i = 0; i < w->model->listing_count && d->act == ACT_BATCH_CLOSE; i++)
        d->accepted += w->model->listings[i].batch == d->record;
    d->appeal.is_strangers = d->act == ACT_APPEAL_WITHDRAW && world_chance(w, 30);
    bool signs = kind == RECORD_KEY && d->record == w->key;
    if (signs) /* only a rotation takes the key away that signs */
        d->record = ABSENT;
}

void world_make(struct world *w, struct deed *d)
{
    *d = (struct deed){.division = ""};
    d->act = some_act(w);
    bool is_full = d->act == ACT_USER_PROPOSE && w->model->user_count == MODEL_USERS;
    if (is_full)
        d->act = ACT_LISTING_PROPOSE;
    d->why = some_words(w);
    if (makes_one(d->act))
        make_new(w, d);
    else
        choose_record(w, d);
    d->who = world_somebody(w, d->act, division_at(w, d));
    bool is_own = d->act == ACT_SESSION_CLOSE || d->act == ACT_USER_PASSWORD;
    if (is_own && d->record > 0 && world_chance(w, 60)) {
        int own = d->act == ACT_USER_PASSWORD ? d->record : w->model->sessions[d->record].user;
        d->who = w->model->users[own].state == USER_ACTIVE ? own : d->who;
    }
    if (is_timers(d->act) && d->who == WHO_CENTRE)
        d->who = WHO_PUBLIC;
}
