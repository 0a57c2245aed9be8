/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/run.h"

#include <assert.h>

/* --- reading --- */

void run_open(struct run_reader *r, pack_run run)
{
    r->left = run;
    r->has_twin = false;
    r->base_size = 0;
}

static const uint8_t *twin_of(struct run_reader *r)
{
    uint8_t *end = r->pack + RPZ_PACK_HEAD + r->base_size;
    end[0] = '*';
    end[1] = '.';
    r->pack[1] = (uint8_t)(r->base_size + 2);
    r->has_twin = false;
    return r->pack;
}

const uint8_t *run_next(struct run_reader *r)
{
    if (r->has_twin)
        return twin_of(r);
    if (r->left.size == 0)
        return NULL;
    const uint8_t *at = r->left.at;
    size_t shared = at[1];
    size_t rest = at[2];
    assert(shared <= r->base_size && RUN_HEAD + rest <= r->left.size);
    r->pack[0] = at[0] & (uint8_t)~RUN_TWIN;
    r->pack[1] = (uint8_t)(shared + rest);
    memcpy(r->pack + RPZ_PACK_HEAD + shared, at + RUN_HEAD, rest);
    r->base_size = r->pack[1];
    r->has_twin = (at[0] & RUN_TWIN) != 0;
    r->left.at += RUN_HEAD + rest;
    r->left.size -= RUN_HEAD + rest;
    return r->pack;
}

int run_compare_first(pack_run run, const uint8_t *pack)
{
    assert(run.size > RUN_HEAD && run.at[1] == 0);
    size_t size = run.at[2];
    size_t shared = size < pack[1] ? size : pack[1];
    int order = memcmp(run.at + RUN_HEAD, pack_key(pack), shared);
    return order != 0 ? order : (int)size - (int)pack[1];
}

/* --- writing --- */

void run_begin(struct run_writer *w, struct arena *arena)
{
    *w = (struct run_writer){.arena = arena};
}

void run_reset(struct run_writer *w)
{
    w->size = 0;
    w->count = 0;
    w->has_last = false;
}

static bool make_room(struct run_writer *w, size_t bytes)
{
    enum { FIRST_BYTES = 256 };
    if (w->size + bytes <= w->room)
        return true;
    size_t room = w->room == 0 ? FIRST_BYTES : w->room * 2;
    room = room < w->size + bytes ? w->size + bytes : room;
    uint8_t *grown = arena_grow(w->arena, w->at, w->room, room);
    w->is_spent = w->is_spent || grown == NULL;
    if (grown == NULL)
        return false;
    w->at = grown;
    w->room = room;
    return true;
}

static bool is_wildcard_of_last(const struct run_writer *w, const uint8_t *pack)
{
    size_t size = w->last[1];
    return pack[1] == size + 2 && pack_key(pack)[size] == '*' &&
           memcmp(pack_key(pack), pack_key(w->last), size) == 0;
}

static bool has_twin(const struct run_writer *w)
{
    return (w->at[w->last_at] & RUN_TWIN) != 0;
}

bool run_follows(const struct run_writer *w, const uint8_t *pack)
{
    if (!w->has_last)
        return true;
    return pack_compare(w->last, pack) < 0 && !(has_twin(w) && is_wildcard_of_last(w, pack));
}

static size_t shared_bytes(const struct run_writer *w, const uint8_t *pack)
{
    size_t most = !w->has_last ? 0 : w->last[1] < pack[1] ? w->last[1] : pack[1];
    size_t shared = 0;
    while (shared < most && pack_key(w->last)[shared] == pack_key(pack)[shared])
        shared++;
    return shared;
}

void run_put(struct run_writer *w, const uint8_t *pack)
{
    assert(run_follows(w, pack));
    if (w->has_last && pack[0] == w->last[0] && is_wildcard_of_last(w, pack)) {
        w->at[w->last_at] |= RUN_TWIN; /* `last` stays the name: what follows shares with it */
        w->count++;
        return;
    }
    size_t shared = shared_bytes(w, pack);
    size_t rest = pack[1] - shared;
    if (!make_room(w, RUN_HEAD + rest))
        return;
    uint8_t *at = w->at + w->size;
    at[0] = pack[0];
    at[1] = (uint8_t)shared;
    at[2] = (uint8_t)rest;
    memcpy(at + RUN_HEAD, pack_key(pack) + shared, rest);
    w->last_at = w->size;
    w->size += RUN_HEAD + rest;
    w->count++;
    memcpy(w->last, pack, pack_bytes(pack));
    w->has_last = true;
}
