/* SPDX-License-Identifier: Apache-2.0 */
/*
 * world - small worlds of listings that resemble each other, and what is right about them, found
 * the long way: every listing looked at for every question, and screen_judge asked.
 *
 * Shape     world_make draws listings; world_ask is the oracle.
 * Owns      Its arena.   Lives  A test.   Fails  By assertion.   Threads  One.
 * Bounds    WORLD_MOST listings.
 */
#ifndef YUMEN_SCREEN_WORLD_TEST_H
#define YUMEN_SCREEN_WORLD_TEST_H

#include "env/random.h"
#include "screen/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { WORLD_MOST = 6000, WORLD_NOW_US = 1000 };

struct world {
    struct arena arena;
    struct random_source random;
    struct screen_entry entries[WORLD_MOST];
    bool is_listed[WORLD_MOST];
    uint32_t count;
};

static inline unsigned draw(struct world *w, unsigned n)
{
    return (unsigned)random_below(&w->random, n);
}

/* Few labels, alike, so that names share suffixes and differ by a byte or a label. */
static inline str draw_name(struct world *w)
{
    static const char *const labels[] = {"a", "b", "aa", "ab", "x-longer-label", "com", "co", "c"};
    struct text t;
    text_init(&t, &w->arena);
    unsigned count = 1 + draw(w, draw(w, 4) == 0 ? 9 : 4);
    for (unsigned i = 0; i < count; i++) {
        if (i > 0)
            text_put_char(&t, '.');
        text_put_c(&t, labels[draw(w, COUNT_OF(labels))]);
    }
    return text_str(&t);
}

static inline str draw_digits(struct world *w)
{
    struct text t;
    text_init(&t, &w->arena);
    if (draw(w, 2) == 0)
        text_put_char(&t, '+');
    unsigned count = draw(w, 3) == 0 ? 1 + draw(w, 24) : 3;
    for (unsigned i = 0; i < count; i++)
        text_put_char(&t, (char)('0' + draw(w, i < 12 ? 10 : 2)));
    return text_str(&t);
}

static inline str draw_bytes(struct world *w)
{
    struct text t;
    text_init(&t, &w->arena);
    unsigned count = draw(w, 10) == 0 ? 1 + draw(w, 60) : 20;
    for (unsigned i = 0; i < count; i++)
        text_put_char(&t, i < count - 2 ? '6' : (char)('0' + draw(w, 10)));
    return text_str(&t);
}

static inline str draw_url(struct world *w)
{
    struct text t;
    str host = draw_name(w);
    text_init(&t, &w->arena);
    text_put_c(&t, draw(w, 2) == 0 ? "http://" : "https://");
    text_put(&t, host);
    text_put_c(&t, draw(w, 2) == 0 ? "/" : "/a?b=c");
    return text_str(&t);
}

static inline str draw_value(struct world *w, unsigned kind)
{
    if (kind == INDICATOR_DOMAIN)
        return draw_name(w);
    if (kind == INDICATOR_NUMBER)
        return draw_digits(w);
    return kind == INDICATOR_URL ? draw_url(w) : draw_bytes(w);
}

static inline unsigned draw_kind(struct world *w)
{
    return draw(w, 2) == 0 ? INDICATOR_DOMAIN : draw(w, INDICATOR_KIND_COUNT);
}

static inline void draw_entry(struct world *w)
{
    assert_true(w->count < WORLD_MOST);
    struct screen_entry *e = &w->entries[w->count];
    e->kind = draw_kind(w);
    e->value = draw_value(w, e->kind);
    e->action = draw(w, ACTION_COUNT);
    e->match = e->kind == INDICATOR_DOMAIN && draw(w, 2) == 0 ? MATCH_SUFFIX : MATCH_EXACT;
    e->from.us = WORLD_NOW_US - 2 + (int64_t)draw(w, 4);
    e->until.us = WORLD_NOW_US - 1 + (int64_t)draw(w, 5);
    e->row = w->count;
    w->is_listed[w->count++] = true;
}

static inline void world_make(struct world *w, uint64_t seed, uint32_t count)
{
    *w = (struct world){0};
    arena_init(&w->arena, (size_t)1 << 30);
    random_init_seeded(&w->random, seed);
    for (uint32_t i = 0; i < count; i++)
        draw_entry(w);
}

/* --- what is right --- */

static inline int before(const void *a, const void *b)
{
    const struct listing *x = &((const union record *)a)->listing;
    const struct listing *y = &((const union record *)b)->listing;
    if (x->action != y->action)
        return x->action < y->action ? -1 : 1; /* any order by action will do */
    return x->revision > y->revision ? -1 : 1;
}

/* As cover.c in the program: the listings of exactly this value, newest first. */
static inline struct judgement judge_value(const struct world *w, unsigned kind, str listed,
                                           str value)
{
    static union record found[WORLD_MOST];
    size_t count = 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const struct screen_entry *e = &w->entries[i];
        if (w->is_listed[i] && e->kind == kind && str_equal(e->value, listed))
            found[count++].listing = (struct listing){.state = LISTING_IN_FORCE,
                                                      .value = e->value,
                                                      .action = e->action,
                                                      .match = e->match,
                                                      .from = e->from,
                                                      .until = e->until,
                                                      .revision = e->row};
    }
    qsort(found, count, sizeof found[0], before);
    struct judgement j = screen_judge(found, count, value, (instant){WORLD_NOW_US});
    static struct listing kept[2];
    static unsigned turn;
    if (j.listing != NULL) {
        kept[turn++ % 2] = *j.listing;
        j.listing = &kept[(turn - 1) % 2];
    }
    return j;
}

struct right {
    enum verdict verdict;
    bool is_listed;
    uint32_t row;
    int64_t until_us;
};

static inline void combine(struct right *r, struct judgement j)
{
    bool allows = r->is_listed && r->verdict == VERDICT_PASS;
    bool is_more = !r->is_listed || j.verdict == VERDICT_PASS || j.verdict > r->verdict;
    if (!allows && j.listing != NULL && is_more)
        *r = (struct right){j.verdict, true, (uint32_t)j.listing->revision, j.listing->until.us};
}

static inline void judge_name(const struct world *w, str name, struct right *r)
{
    for (str rest = name;;) {
        combine(r, judge_value(w, INDICATOR_DOMAIN, rest, name));
        size_t dot = str_find_char(rest, '.');
        if (dot == rest.size)
            return;
        rest = str_from(rest, dot + 1);
    }
}

static inline struct right world_ask(const struct world *w, unsigned kind, str value)
{
    struct right r = {.verdict = VERDICT_PASS};
    if (kind == INDICATOR_DOMAIN) {
        judge_name(w, value, &r);
        return r;
    }
    combine(&r, judge_value(w, kind, value, value));
    if (kind == INDICATOR_URL) {
        str host = str_from(value, str_find_char(value, ':') + 3);
        judge_name(w, str_until(host, str_find_char(host, '/')), &r);
    }
    return r;
}

#endif
