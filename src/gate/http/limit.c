/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/limit.h"

#include <arpa/inet.h>
#include <assert.h>
#include <sodium.h>

enum { MILLI = 1000 };
#define US_PER_TURN_HOUR INT64_C(3600000000)

err http_limit_open(struct http_limit *l, struct arena *a, struct random_source *random,
                    const struct http_limit_options *options)
{
    assert(options->class_count > 0 && options->sets > 0);
    *l = (struct http_limit){.classes = options->classes, .class_count = options->class_count};
    l->sets = 1;
    while (l->sets < options->sets)
        l->sets *= 2;
    l->buckets = arena_make_array(a, l->sets * HTTP_LIMIT_WAYS, sizeof *l->buckets);
    if (l->buckets == NULL)
        return fail(ERR_LIMIT, "limit: no memory", 0);
    random_fill(random, l->key, sizeof l->key);
    env_mutex_init(&l->mutex);
    l->is_open = true;
    return OK;
}

void http_limit_close(struct http_limit *l)
{
    if (l->is_open)
        env_mutex_done(&l->mutex);
    l->is_open = false;
}

size_t http_peer_prefix(str peer, unsigned char room[8])
{
    static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
    char text[INET6_ADDRSTRLEN];
    unsigned char address[16];
    if (peer.size >= sizeof text)
        return 0;
    memcpy(text, peer.at, peer.size);
    text[peer.size] = '\0';
    if (inet_pton(AF_INET, text, address) == 1) {
        memcpy(room, address, 4);
        return 4;
    }
    if (inet_pton(AF_INET6, text, address) != 1)
        return 0;
    bool is_mapped = memcmp(address, mapped, sizeof mapped) == 0;
    memcpy(room, is_mapped ? address + 12 : address, is_mapped ? 4 : 8);
    return is_mapped ? 4 : 8;
}

static uint64_t hash(const struct http_limit *l, str peer, size_t class_index)
{
    unsigned char bytes[17] = {(unsigned char)class_index};
    unsigned char out[crypto_shorthash_BYTES];
    size_t size = 1 + http_peer_prefix(peer, bytes + 1);
    uint64_t value = 0;
    (void)crypto_shorthash(out, bytes, size, l->key);
    memcpy(&value, out, sizeof value);
    return value;
}

/* What the bucket holds now. */
static uint32_t level(const struct http_limit_bucket *b, const struct http_limit_class *c,
                      int64_t now_us)
{
    uint64_t full = (uint64_t)c->burst * MILLI;
    uint64_t waited = now_us > b->touched_us ? (uint64_t)(now_us - b->touched_us) : 0;
    if (waited > (uint64_t)US_PER_TURN_HOUR * 24 * 365)
        return (uint32_t)full;
    /* per_hour tokens in 3.6e9 us: a thousandth of a token in 3.6e6 us / per_hour */
    uint64_t gained = waited / 1000 * c->per_hour / 3600;
    return (uint32_t)(b->milli + gained < full ? b->milli + gained : full);
}

static struct http_limit_bucket *find(const struct http_limit *l, uint64_t h, size_t class_index,
                                      int64_t now_us)
{
    const struct http_limit_class *c = &l->classes[class_index];
    struct http_limit_bucket *set = &l->buckets[(h & (l->sets - 1)) * HTTP_LIMIT_WAYS];
    uint32_t tag = (uint32_t)(h >> 32) | 1; /* never 0 */
    struct http_limit_bucket *out = &set[0];
    for (size_t i = 0; i < HTTP_LIMIT_WAYS; i++) {
        if (set[i].tag == tag)
            return &set[i];
        if (out->tag != 0 && (set[i].tag == 0 || set[i].touched_us < out->touched_us))
            out = &set[i];
    }
    *out = (struct http_limit_bucket){tag, c->burst * MILLI, now_us};
    return out;
}

bool http_limit_take(struct http_limit *l, str peer, size_t class_index, int64_t monotonic_us,
                     int64_t *ret_retry_after_s)
{
    assert(class_index < l->class_count);
    const struct http_limit_class *c = &l->classes[class_index];
    assert(c->burst > 0 && c->burst <= 4000 && c->per_hour > 0);
    uint64_t h = hash(l, peer, class_index);
    env_mutex_lock(&l->mutex);
    struct http_limit_bucket *b = find(l, h, class_index, monotonic_us);
    uint32_t milli = level(b, c, monotonic_us);
    bool is_allowed = milli >= MILLI;
    if (is_allowed)
        *b = (struct http_limit_bucket){b->tag, milli - MILLI, monotonic_us};
    env_mutex_unlock(&l->mutex);
    uint64_t lack = is_allowed ? 0 : MILLI - milli;
    *ret_retry_after_s = (int64_t)((lack * 3600 / MILLI + c->per_hour) / c->per_hour);
    return is_allowed;
}

void http_limit_give(struct http_limit *l, str peer, size_t class_index, int64_t monotonic_us)
{
    assert(class_index < l->class_count);
    const struct http_limit_class *c = &l->classes[class_index];
    uint64_t h = hash(l, peer, class_index);
    env_mutex_lock(&l->mutex);
    struct http_limit_bucket *b = find(l, h, class_index, monotonic_us);
    uint32_t milli = level(b, c, monotonic_us) + MILLI;
    uint32_t full = c->burst * MILLI;
    *b = (struct http_limit_bucket){b->tag, milli < full ? milli : full, monotonic_us};
    env_mutex_unlock(&l->mutex);
}
