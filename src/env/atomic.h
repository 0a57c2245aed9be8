/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomic - the few shapes in which threads may share a word without a mutex.
 *
 * Shape     env_counter  counts events; relaxed, so only sums mean anything, never an order.
 *           env_flag     raised once or rarely ("stop", "held"); what was written before raising is
 *                    seen by whoever sees it raised.
 *           env_word     a number, put by one thread, that says something else is there now.
 *           env_slot     publishes a pointer to something finished and sealed; readers see it
 * whole. Owns      A slot owns nothing: whoever publishes decides when the old value may go. Lives
 * As long as the struct they sit in; a zeroed one is 0, lowered, NULL. Fails     - Threads   Any.
 * Bounds    counter wraps at 2^64.
 */
#ifndef YUMEN_ENV_ATOMIC_H
#define YUMEN_ENV_ATOMIC_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct env_counter {
    _Atomic uint64_t value;
};

static inline void env_counter_add(struct env_counter *c, uint64_t n)
{
    atomic_fetch_add_explicit(&c->value, n, memory_order_relaxed);
}

static inline void env_counter_drop(struct env_counter *c, uint64_t n)
{
    atomic_fetch_sub_explicit(&c->value, n, memory_order_relaxed);
}

static inline uint64_t env_counter_read(const struct env_counter *c)
{
    return atomic_load_explicit(&c->value, memory_order_relaxed);
}

static inline void env_counter_put(struct env_counter *c, uint64_t value)
{
    atomic_store_explicit(&c->value, value, memory_order_relaxed);
}

/* Adds n; what it says then. */
static inline uint64_t env_counter_raise(struct env_counter *c, uint64_t n)
{
    return atomic_fetch_add_explicit(&c->value, n, memory_order_relaxed) + n;
}

/* For a high-water mark. */
static inline void env_counter_at_least(struct env_counter *c, uint64_t least)
{
    uint64_t now = env_counter_read(c);
    while (now < least && !atomic_compare_exchange_weak_explicit(
                              &c->value, &now, least, memory_order_relaxed, memory_order_relaxed)) {
    }
}

/* Adds n unless the sum would exceed `most`; false when it would. A budget many threads draw on. */
static inline bool env_counter_claim(struct env_counter *c, uint64_t n, uint64_t most)
{
    uint64_t now = env_counter_read(c);
    do {
        if (n > most || now > most - n)
            return false;
    } while (!atomic_compare_exchange_weak_explicit(&c->value, &now, now + n, memory_order_relaxed,
                                                    memory_order_relaxed));
    return true;
}

struct env_flag {
    _Atomic bool is_up;
};

static inline void env_flag_raise(struct env_flag *f)
{
    atomic_store_explicit(&f->is_up, true, memory_order_release);
}

static inline void env_flag_lower(struct env_flag *f)
{
    atomic_store_explicit(&f->is_up, false, memory_order_release);
}

static inline bool env_flag_is_up(const struct env_flag *f)
{
    return atomic_load_explicit(&f->is_up, memory_order_acquire);
}

/* Raises it; true for the one caller that found it lowered. */
static inline bool env_flag_claim(struct env_flag *f)
{
    return !atomic_exchange_explicit(&f->is_up, true, memory_order_acq_rel);
}

/* A number that says that something else is there now: what was written before it was put is seen
 * by whoever finds it. */
struct env_word {
    _Atomic uint64_t value;
};

static inline void env_word_put(struct env_word *w, uint64_t value)
{
    atomic_store_explicit(&w->value, value, memory_order_release);
}

static inline uint64_t env_word_read(const struct env_word *w)
{
    return atomic_load_explicit(&w->value, memory_order_acquire);
}

static inline void env_word_raise_bits(struct env_word *w, uint64_t bits)
{
    atomic_fetch_or_explicit(&w->value, bits, memory_order_release);
}

struct env_slot {
    _Atomic(void *) at;
};

static inline void env_slot_publish(struct env_slot *s, void *value)
{
    atomic_store_explicit(&s->at, value, memory_order_release);
}

static inline void *env_slot_load(const struct env_slot *s)
{
    return atomic_load_explicit(&s->at, memory_order_acquire);
}

/* In the one order in which all threads see what goes on, as epoch.h needs it. */
static inline void env_slot_publish_in_order(struct env_slot *s, void *value)
{
    atomic_store(&s->at, value);
}

static inline void *env_slot_load_in_order(const struct env_slot *s)
{
    return atomic_load(&s->at);
}

/* Publishes and hands back what was there. */
static inline void *env_slot_swap(struct env_slot *s, void *value)
{
    return atomic_exchange_explicit(&s->at, value, memory_order_acq_rel);
}

#endif
