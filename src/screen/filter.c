/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Building peels: a byte that only one key still wants is that key's to set, last; the key leaves
 * its other two, which may then be wanted by one key only in turn. When all keys are gone, bytes
 * are set in the opposite order.
 */
#include "screen/filter.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { LEAST_SEGMENT_BITS = 2, MOST_SEGMENT_BITS = 18 };

struct filter_shape filter_shape_for(size_t count)
{
    double n = count < 2 ? 2.0 : (double)count;
    double bits = floor(log(n) / log(3.33) + 2.25);
    bits = bits > MOST_SEGMENT_BITS ? MOST_SEGMENT_BITS : bits;
    double factor = 0.875 + 0.25 * log(1e6) / log(n);
    factor = factor < 1.125 ? 1.125 : factor;
    uint32_t segment = UINT32_C(1) << (uint32_t)(bits < LEAST_SEGMENT_BITS ? 2 : bits);
    uint64_t bytes = (uint64_t)(n * factor + 0.5);
    uint64_t segments = (bytes + segment - 1) / segment;
    segments = segments < 3 ? 3 : segments;
    return (struct filter_shape){.segment_bytes = segment, .segments = (uint32_t)segments - 2};
}

size_t filter_bytes(const struct filter_shape *f)
{
    return ((size_t)f->segments + 2) * f->segment_bytes;
}

struct wanted {
    uint64_t keys; /* xored: when one is left, it is that one */
    uint32_t count;
};

struct peeled {
    uint64_t key;
    uint32_t at; /* the byte that is its to set */
};

struct peeling {
    const struct filter_shape *shape;
    struct wanted *wanted;
    uint32_t *lonely; /* bytes that one key wants */
    size_t lonely_count;
    struct peeled *order;
    size_t done;
};

static void want_all(struct peeling *p, const uint64_t *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct filter_places places = filter_find(p->shape, keys[i]);
        for (int k = 0; k < 3; k++) {
            p->wanted[places.at[k]].keys ^= keys[i];
            p->wanted[places.at[k]].count++;
        }
    }
    for (size_t i = 0; i < filter_bytes(p->shape); i++)
        if (p->wanted[i].count == 1)
            p->lonely[p->lonely_count++] = (uint32_t)i;
}

static void leave(struct peeling *p, uint64_t key)
{
    struct filter_places places = filter_find(p->shape, key);
    for (int k = 0; k < 3; k++) {
        struct wanted *w = &p->wanted[places.at[k]];
        w->keys ^= key;
        w->count--;
        if (w->count == 1)
            p->lonely[p->lonely_count++] = places.at[k];
    }
}

static bool peel(struct peeling *p, const uint64_t *keys, size_t count)
{
    want_all(p, keys, count);
    while (p->lonely_count > 0) {
        uint32_t at = p->lonely[--p->lonely_count];
        if (p->wanted[at].count != 1)
            continue;
        uint64_t key = p->wanted[at].keys;
        p->order[p->done++] = (struct peeled){key, at};
        leave(p, key);
    }
    return p->done == count;
}

static void set_bytes(const struct peeling *p, uint8_t *bytes)
{
    for (size_t i = p->done; i-- > 0;) {
        const struct peeled *one = &p->order[i];
        struct filter_places places = filter_find(p->shape, one->key);
        bytes[one->at] = 0;
        bytes[one->at] = (uint8_t)(places.print ^ bytes[places.at[0]] ^ bytes[places.at[1]] ^
                                   bytes[places.at[2]]);
    }
}

bool filter_build(struct filter_shape *f, const uint64_t *keys, size_t count, struct arena *scratch,
                  uint8_t *ret_bytes)
{
    size_t room = filter_bytes(f);
    struct peeling p = {.shape = f,
                        .wanted = arena_make_array(scratch, room, sizeof *p.wanted),
                        .lonely = arena_make_array(scratch, room, sizeof *p.lonely),
                        .order = arena_make_array(scratch, count + 1, sizeof *p.order)};
    if (p.wanted == NULL || p.lonely == NULL || p.order == NULL)
        return false;
    assert(room <= UINT32_MAX);
    for (f->seed = 1; f->seed <= FILTER_TRIES; f->seed++) {
        memset(p.wanted, 0, room * sizeof *p.wanted);
        p.lonely_count = 0;
        p.done = 0;
        if (peel(&p, keys, count)) {
            memset(ret_bytes, 0, room);
            set_bytes(&p, ret_bytes);
            return true;
        }
    }
    return false;
}
