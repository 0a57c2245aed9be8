/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run - sorted packs laid together, each as what differs from the one before.
 *
 * Shape     A million names, each with its wildcard, are twelve bytes a name:
 *
 *               policy | twin     shared     rest     rest bytes
 *                 NOTICE | twin      9         6       "evil.", …
 *
 *           "shared" bytes come from the key before. A twin is two packs in one: the name, and the
 *           wildcard right below it with the same policy, as most listings by suffix are.
 *           Packs go in and come out in order, whole, one by one.
 *
 *               pack --run_put--> writer --> pack_run --> reader --run_next--> pack
 *
 * Owns      A writer's bytes are its arena's; a reader borrows its run.
 * Lives     What run_next gives: until the next one.
 * Fails     A writer without memory is_spent, and its run may not be used.
 * Threads   One each; a run that nobody writes any more, any.
 * Bounds    The order is the caller's promise: asserted.
 */
#ifndef YUMEN_GATE_DNS_RUN_H
#define YUMEN_GATE_DNS_RUN_H

#include "base/arena.h"
#include "gate/dns/pack.h"

enum { RUN_HEAD = 3, RUN_TWIN = 0x80 };

typedef struct {
    const uint8_t *at;
    size_t size;
} pack_run;

struct run_reader {
    pack_run left;
    bool has_twin; /* the wildcard of `pack` comes next */
    uint8_t pack[RPZ_PACK_MAX];
    uint8_t base_size; /* of the key that the next one shares with */
};

struct run_writer {
    struct arena *arena;
    uint8_t *at;
    size_t size;
    size_t room;
    size_t count;   /* twins are two */
    size_t last_at; /* where the last one's head is; may still become a twin */
    bool has_last;
    bool is_spent;
    uint8_t last[RPZ_PACK_MAX];
};

void run_open(struct run_reader *r, pack_run run);
/* NULL at the end. */
const uint8_t *run_next(struct run_reader *r);

void run_begin(struct run_writer *w, struct arena *arena);
/* Does the pack come after what has been put? */
bool run_follows(const struct run_writer *w, const uint8_t *pack);
void run_put(struct run_writer *w, const uint8_t *pack);
/* Empties it; keeps its room. */
void run_reset(struct run_writer *w);

static inline pack_run run_of(const struct run_writer *w)
{
    return (pack_run){.at = w->at, .size = w->size};
}

/* How the first pack of a run that is not empty compares with this one. */
int run_compare_first(pack_run run, const uint8_t *pack);

#endif
