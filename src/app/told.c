/* SPDX-License-Identifier: Apache-2.0 */
#include "app/told.h"

#include "env/pages.h"
#include "env/thread.h"

#include <assert.h>

enum { WAYS = 4, SETS = TOLD_MOST / WAYS, SHELVES = 16 };

struct tag {
    uint64_t mark;
    uint32_t row;
    uint16_t size; /* 0: nothing is kept here */
    uint8_t language;
};

/* One line: what shares a place is told apart by looking there once. */
struct set {
    _Alignas(64) struct tag tags[WAYS];
};

struct told {
    struct pages pages; /* in which all of it lies */
    struct env_mutex shelves[SHELVES];
    struct set sets[SETS];
    char words[SETS][WAYS][TOLD_BYTES];
};

err told_open(struct told **ret_told)
{
    struct pages pages = {0};
    TRY(pages_make(sizeof(struct told), &pages));
    struct told *t = pages.at;
    t->pages = pages;
    for (size_t i = 0; i < SHELVES; i++)
        env_mutex_init(&t->shelves[i]);
    *ret_told = t;
    return OK;
}

void told_close(struct told *t)
{
    if (t == NULL)
        return;
    for (size_t i = 0; i < SHELVES; i++)
        env_mutex_done(&t->shelves[i]);
    struct pages pages = t->pages;
    pages_drop(&pages);
}

static size_t set_of(const struct told_key *key)
{
    uint64_t mixed = ((uint64_t)key->row << 8 | key->language) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 40) % SETS;
}

static bool is_of(const struct tag *tag, const struct told_key *key)
{
    return tag->size > 0 && tag->row == key->row && tag->language == key->language;
}

bool told_find(struct told *t, const struct told_key *key, char room[TOLD_BYTES], str *ret_words)
{
    size_t at = set_of(key);
    bool is_there = false;
    env_mutex_lock(&t->shelves[at % SHELVES]);
    for (size_t i = 0; i < WAYS && !is_there; i++) {
        const struct tag *tag = &t->sets[at].tags[i];
        if (!is_of(tag, key) || tag->mark != key->mark)
            continue;
        is_there = true;
        memcpy(room, t->words[at][i], tag->size);
        *ret_words = str_make(room, tag->size);
    }
    env_mutex_unlock(&t->shelves[at % SHELVES]);
    return is_there;
}

/* Its own place, or that of the oldest. */
static size_t place_of_words(const struct set *set, const struct told_key *key)
{
    size_t oldest = 0;
    for (size_t i = 0; i < WAYS; i++) {
        if (is_of(&set->tags[i], key))
            return i;
        if (set->tags[i].mark < set->tags[oldest].mark)
            oldest = i;
    }
    bool are_as_old = set->tags[oldest].mark == key->mark;
    return are_as_old ? key->row % WAYS : oldest;
}

void told_put(struct told *t, const struct told_key *key, str words)
{
    size_t at = set_of(key);
    if (words.size == 0 || words.size > TOLD_BYTES)
        return;
    assert(key->language <= UINT8_MAX);
    env_mutex_lock(&t->shelves[at % SHELVES]);
    size_t i = place_of_words(&t->sets[at], key);
    if (!is_of(&t->sets[at].tags[i], key) || t->sets[at].tags[i].mark <= key->mark) {
        memcpy(t->words[at][i], words.at, words.size);
        t->sets[at].tags[i] = (struct tag){.mark = key->mark,
                                           .row = key->row,
                                           .size = (uint16_t)words.size,
                                           .language = (uint8_t)key->language};
    }
    env_mutex_unlock(&t->shelves[at % SHELVES]);
}
