/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/notary.h"

#include "env/atomic.h"
#include "env/clock.h"
#include "env/thread.h"
#include "gate/sip/caller.h"
#include "kit/hash.h"

#include <assert.h>
#include <stdlib.h>

enum { NAP_US = 5000, TURN_BYTES = 4 << 20 };

struct paper {
    size_t trunk;
    size_t size;
    instant at;
    char bytes[SIP_WAITING_BYTES];
};

/* One lane lays on, the thread takes off. */
struct belt {
    struct paper *papers; /* SIP_WAITING */
    struct env_word laid;
    struct env_word taken;
};

struct sip_notary {
    struct sip_notary_options options;
    struct sip_port port;
    struct belt belts[SIP_LANE_COUNT];
    struct env_thread thread;
    struct env_flag is_stopping;
    struct env_counter counts[SIP_TRUNKS][SIP_FINDING_COUNT];
    struct env_word marks[SIP_MARKS]; /* half a hash, and when it was made, in seconds */
    struct env_mutex lock;
    struct sip_unknown unknown[SIP_UNKNOWN]; /* under the lock */
    size_t unknown_count;
    struct sip_checking checking; /* what follows is the thread's */
    struct sip_message message;
    struct arena turn;
    int64_t asked_us;
};

/* --- marks --- */

struct mark {
    size_t place;
    uint64_t half;
};

static struct mark mark_of(const struct sip_notary *n, size_t trunk, str number)
{
    uint64_t key = hash_key(number.at, number.size, ~n->options.seed + trunk);
    return (struct mark){key % SIP_MARKS, key >> 32 << 32};
}

static void mark(struct sip_notary *n, size_t trunk, str number)
{
    struct mark m = mark_of(n, trunk, number);
    uint32_t now_s = (uint32_t)(env_monotonic_us() / US_PER_S) + 1; /* 0: none was made */
    env_word_put(&n->marks[m.place], m.half | now_s);
}

bool sip_notary_is_marked(const struct sip_notary *n, size_t trunk, str number, int64_t now_us)
{
    struct mark m = mark_of(n, trunk, number);
    uint64_t found = env_word_read(&n->marks[m.place]);
    uint32_t made_s = (uint32_t)found;
    uint32_t now_s = (uint32_t)(now_us / US_PER_S) + 1;
    int32_t age_s = (int32_t)(now_s - made_s); /* a lane's time is that of its turn: also less */
    return made_s != 0 && found >> 32 << 32 == m.half && age_s < SIP_FORGED_S;
}

/* --- certificates that are not here --- */

static struct sip_unknown *unknown_place(struct sip_notary *n, str url)
{
    struct sip_unknown *least = &n->unknown[0];
    for (size_t i = 0; i < n->unknown_count; i++) {
        struct sip_unknown *u = &n->unknown[i];
        if (str_equal(str_make(u->url, u->url_size), url))
            return u;
        if (u->count < least->count || (u->count == least->count && u->last.us < least->last.us))
            least = u;
    }
    if (n->unknown_count < SIP_UNKNOWN)
        least = &n->unknown[n->unknown_count++];
    *least = (struct sip_unknown){.url_size = url.size};
    memcpy(least->url, url.at, url.size);
    return least;
}

static void unknown_note(struct sip_notary *n, str url, instant at)
{
    assert(url.size < SIP_URL_BYTES);
    env_mutex_lock(&n->lock);
    struct sip_unknown *u = unknown_place(n, url);
    if (u->count++ == 0)
        u->first = at;
    u->last = at;
    env_mutex_unlock(&n->lock);
}

static int by_count(const void *a, const void *b)
{
    const struct sip_unknown *left = a;
    const struct sip_unknown *right = b;
    return (left->count < right->count) - (left->count > right->count);
}

size_t sip_notary_unknown(struct sip_notary *n, struct sip_unknown ret_unknown[SIP_UNKNOWN])
{
    env_mutex_lock(&n->lock);
    size_t count = n->unknown_count;
    memcpy(ret_unknown, n->unknown, count * sizeof *ret_unknown);
    env_mutex_unlock(&n->lock);
    qsort(ret_unknown, count, sizeof *ret_unknown, by_count);
    return count;
}

/* --- the belts --- */

void sip_notary_offer(struct sip_notary *n, enum sip_lane lane, size_t trunk, str request)
{
    struct belt *b = &n->belts[lane];
    uint64_t laid = env_word_read(&b->laid);
    bool is_full = laid - env_word_read(&b->taken) == SIP_WAITING;
    if (is_full || request.size > SIP_WAITING_BYTES) {
        env_counter_add(&n->counts[trunk][SIP_FOUND_unread], 1);
        return;
    }
    struct paper *p = &b->papers[laid % SIP_WAITING];
    p->trunk = trunk;
    p->size = request.size;
    p->at = n->port.now(n->port.self);
    memcpy(p->bytes, request.at, request.size);
    env_word_put(&b->laid, laid + 1);
}

static void mark_shown(struct sip_notary *n, const struct paper *p)
{
    struct caller callers[SIP_CALLERS];
    const struct sip_trunk *trunk = &n->options.trunks->at[p->trunk];
    size_t count = sip_callers(&n->message, trunk, &n->turn, callers);
    for (size_t i = 0; i < count; i++)
        if (callers[i].state == CALLER_KNOWN)
            mark(n, p->trunk, callers[i].number);
}

static void check(struct sip_notary *n, const struct paper *p)
{
    str request = str_make(p->bytes, p->size);
    struct sip_came call = {&n->message, &n->options.trunks->at[p->trunk], p->at};
    if (sip_message_read(request, true, &n->message) != SIP_SOUND)
        return; /* it was sound when it was laid here */
    for (size_t i = 0; i < n->message.identity.count; i++) {
        str url = STR("");
        arena_reset(&n->turn);
        enum sip_finding found =
            sip_passport_check(&n->checking, &call, n->message.identity.at[i], &n->turn, &url);
        if (found == SIP_FOUND_unknown_certificate)
            unknown_note(n, url, p->at);
        if (found == SIP_FOUND_forged)
            mark_shown(n, p);
        env_counter_add(&n->counts[p->trunk][found], 1);
    }
}

/* Whether there was one. */
static bool take(struct sip_notary *n, struct belt *b)
{
    uint64_t taken = env_word_read(&b->taken);
    if (env_word_read(&b->laid) == taken)
        return false;
    struct paper *p = &b->papers[taken % SIP_WAITING];
    check(n, p);
    memset(p, 0, sizeof *p); /* whom somebody called is nowhere any more */
    env_word_put(&b->taken, taken + 1);
    return true;
}

static void ask_signers(struct sip_notary *n)
{
    int64_t now_us = env_monotonic_us();
    if (n->checking.signers != NULL && now_us - n->asked_us < SIP_SIGNERS_S * US_PER_S)
        return;
    n->asked_us = now_us;
    n->checking.signers = n->port.signers(n->port.self);
}

static void run(void *self)
{
    struct sip_notary *n = self;
    while (!env_flag_is_up(&n->is_stopping)) {
        bool has_any = false;
        ask_signers(n);
        for (size_t i = 0; i < SIP_LANE_COUNT; i++)
            has_any = take(n, &n->belts[i]) || has_any;
        if (!has_any)
            env_nap_us(NAP_US);
    }
}

/* --- life --- */

err sip_notary_start(const struct sip_notary_options *o, struct arena *boot,
                     struct sip_notary **ret_notary)
{
    struct sip_notary *n = arena_make(boot, sizeof *n);
    struct sip_shown_line *shown = arena_make_array(boot, SIP_SHOWN_LINES, sizeof *shown);
    if (n == NULL || shown == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    n->options = *o;
    n->port = *o->port;
    n->checking = (struct sip_checking){.shown = shown, .seed = o->seed, .fresh_s = o->fresh_s};
    for (size_t i = 0; i < SIP_LANE_COUNT; i++) {
        n->belts[i].papers = arena_make_array(boot, SIP_WAITING, sizeof *n->belts[i].papers);
        if (n->belts[i].papers == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    env_mutex_init(&n->lock);
    arena_init(&n->turn, TURN_BYTES);
    *ret_notary = n;
    return env_thread_start(&n->thread, "sip-notary", run, n);
}

void sip_notary_stop(struct sip_notary *n)
{
    if (n == NULL)
        return;
    env_flag_raise(&n->is_stopping);
    env_thread_join(&n->thread);
    arena_done(&n->turn);
    env_mutex_done(&n->lock);
}

uint64_t sip_notary_count(const struct sip_notary *n, size_t trunk, enum sip_finding finding)
{
    assert(trunk < SIP_TRUNKS && finding < SIP_FINDING_COUNT);
    return env_counter_read(&n->counts[trunk][finding]);
}
