/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/bank/replay.h"

#include "kit/digest.h"
#include "kit/httpsig.h"
#include "kit/secret.h"

#include <assert.h>

/* A nonce can come again until `created` is a window ago, and `created` may lie a window ahead. */
#define KEPT_US (2 * HTTPSIG_WINDOW_S * US_PER_S)
enum { TEXT_BYTES = 512 };

static_assert(sizeof((struct replay){0}.keys[0]) == SIPHASH_KEY_BYTES, "SipHash");

err replay_open(struct replay *r, struct arena *a, size_t most)
{
    assert(most > 0);
    *r = (struct replay){.most = most, .room = 16};
    while (r->room * 3 / 4 < most)
        r->room *= 2;
    for (size_t i = 0; i < COUNT_OF(r->tables); i++) {
        r->tables[i].at = arena_make_array(a, r->room, sizeof *r->tables[i].at);
        if (r->tables[i].at == NULL)
            return fail(ERR_LIMIT, "replay: no memory left", 0);
    }
    secret_random(r->keys, sizeof r->keys);
    env_mutex_init(&r->mutex);
    r->is_open = true;
    return OK;
}

void replay_close(struct replay *r)
{
    if (r->is_open)
        env_mutex_done(&r->mutex);
    *r = (struct replay){0};
}

/* Its place, or the free one where it belongs: a table is never full. */
static struct replay_print *place_of(const struct replay *r, const struct replay_table *t,
                                     struct replay_print print)
{
    size_t i = print.word[0] & (r->room - 1);
    while (t->at[i].word[1] != 0) {
        if (t->at[i].word[0] == print.word[0] && t->at[i].word[1] == print.word[1])
            break;
        i = (i + 1) & (r->room - 1);
    }
    return &t->at[i];
}

static bool knows(const struct replay *r, const struct replay_table *t, struct replay_print print)
{
    return place_of(r, t, print)->word[1] == print.word[1];
}

static struct replay_print print_of(const struct replay *r, str who, str nonce)
{
    char bytes[TEXT_BYTES];
    assert(who.size + nonce.size + 1 <= sizeof bytes); /* an id of ours; HTTPSIG_NONCE_BYTES */
    memcpy(bytes, who.at, who.size);
    bytes[who.size] = '\0';
    memcpy(bytes + who.size + 1, nonce.at, nonce.size);
    str whole = str_make(bytes, who.size + nonce.size + 1);
    struct replay_print print;
    print.word[0] = digest_siphash(r->keys[0], whole);
    print.word[1] = digest_siphash(r->keys[1], whole) | 1; /* never that of a free place */
    return print;
}

static void empty(const struct replay *r, struct replay_table *t)
{
    memset(t->at, 0, r->room * sizeof *t->at);
    t->used = 0;
}

/* Two turns when nothing was heard for that long: both are stale then. */
static void turn(struct replay *r, instant now)
{
    if (r->turned_at.us == 0)
        r->turned_at = now;
    for (int i = 0; i < 2 && now.us - r->turned_at.us >= KEPT_US; i++) {
        struct replay_table older = r->tables[1];
        empty(r, &older);
        r->tables[1] = r->tables[0];
        r->tables[0] = older;
        r->turned_at = instant_add_us(r->turned_at, KEPT_US);
    }
    if (now.us - r->turned_at.us >= KEPT_US)
        r->turned_at = now;
}

static err take(struct replay *r, struct replay_print print)
{
    struct replay_table *t = &r->tables[0];
    if (knows(r, t, print) || knows(r, &r->tables[1], print))
        return fail(ERR_DENIED, "signature.replayed", 0);
    if (t->used == r->most)
        return fail(ERR_BUSY, "signature.replay_full", 0);
    *place_of(r, t, print) = print;
    t->used++;
    return OK;
}

err replay_take(struct replay *r, str who, str nonce, instant now)
{
    struct replay_print print = print_of(r, who, nonce);
    env_mutex_lock(&r->mutex);
    turn(r, now);
    err e = take(r, print);
    env_mutex_unlock(&r->mutex);
    return e;
}
