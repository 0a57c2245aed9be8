/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/handsets.h"

#include "sense/sketch.h"

#include <assert.h>
#include <stdbool.h>

static_assert(sizeof(struct handset) == 16, "the book's bounds and the file's form");

/* told: term 12 | calls of the term before 10 | calls 10. Terms go round after 78 years. */
enum { CALLS_BITS = 10, CALLS_MOST = (1 << CALLS_BITS) - 1, TERM_BITS = 12 };
enum { TERM_MASK = (1 << TERM_BITS) - 1, TERM_HALF = 1 << (TERM_BITS - 1) };

static uint32_t lines_for(uint32_t handsets_most)
{
    return (handsets_most + HANDSETS_LINE - 1) / HANDSETS_LINE;
}

size_t handsets_room(uint32_t handsets_most)
{
    return lines_for(handsets_most) * HANDSETS_LINE * sizeof(struct handset);
}

void handsets_init(struct handsets *h, void *room, uint32_t handsets_most)
{
    assert(h != NULL && (room != NULL || handsets_most == 0));
    *h = (struct handsets){.rows = room, .lines = lines_for(handsets_most)};
}

/* --- a row --- */

static uint32_t term_of(uint32_t time_s)
{
    return time_s / HANDSET_TERM_S & TERM_MASK;
}

static uint32_t row_term(const struct handset *r)
{
    return r->told >> 2 * CALLS_BITS;
}

static uint32_t row_calls(const struct handset *r)
{
    return r->told & CALLS_MOST;
}

static uint32_t row_calls_before(const struct handset *r)
{
    return r->told >> CALLS_BITS & CALLS_MOST;
}

static uint32_t told_of(uint32_t term, uint32_t before, uint32_t calls)
{
    return term << 2 * CALLS_BITS | before << CALLS_BITS | calls;
}

static uint32_t terms_on(uint32_t from, uint32_t to)
{
    return (to - from) & TERM_MASK;
}

/* Nothing in it is of this term or the one before. */
static bool is_past(const struct handset *r, uint32_t now)
{
    uint32_t since = terms_on(row_term(r), now);
    return r->key == 0 || (since > 1 && since < TERM_HALF);
}

static uint32_t more(uint32_t calls, uint32_t by)
{
    return calls + by < CALLS_MOST ? calls + by : CALLS_MOST;
}

static void move_to(struct handset *r, uint32_t term)
{
    bool is_next = terms_on(row_term(r), term) == 1;
    uint32_t calls = row_calls(r);
    r->before = is_next ? r->numbers : 0;
    r->numbers = 0;
    r->told = told_of(term, is_next ? calls : 0, 0);
}

static void put(struct handset *r, uint32_t term, uint32_t place, uint32_t calls)
{
    uint32_t on = terms_on(row_term(r), term);
    if (on != 0 && on < TERM_HALF)
        move_to(r, term);
    uint32_t back = terms_on(term, row_term(r));
    if (back == 0) {
        r->numbers |= place;
        r->told = told_of(term, row_calls_before(r), more(row_calls(r), calls));
    } else if (back == 1) {
        r->before |= place;
        r->told = told_of(row_term(r), more(row_calls_before(r), calls), row_calls(r));
    }
}

/* --- the table --- */

static struct handset *line_at(const struct handsets *h, uint32_t spread)
{
    return h->rows + ((uint64_t)spread * h->lines >> 32) * HANDSETS_LINE;
}

static struct handset *other_line(const struct handsets *h, uint32_t handset)
{
    return line_at(h, handset * UINT32_C(0x9e3779b1));
}

void handsets_call(const struct handsets *h, uint32_t handset)
{
    if (h->lines == 0 || handset == 0)
        return;
    __builtin_prefetch(line_at(h, handset), 1);
    __builtin_prefetch(other_line(h, handset), 1);
}

static struct handset *find_in(struct handset *line, uint32_t handset)
{
    for (unsigned i = 0; i < HANDSETS_LINE; i++)
        if (line[i].key == handset)
            return &line[i];
    return NULL;
}

static struct handset *find(const struct handsets *h, uint32_t handset)
{
    struct handset *found = find_in(line_at(h, handset), handset);
    return found != NULL ? found : find_in(other_line(h, handset), handset);
}

/* Whoever stands for the least: first what is past, then who carries fewest. */
static unsigned weight(const struct handset *r, uint32_t now)
{
    return is_past(r, now) ? 0 : 1 + (unsigned)__builtin_popcount(r->numbers | r->before);
}

static struct handset *lightest(struct handset *line, uint32_t now)
{
    struct handset *least = line;
    for (unsigned i = 1; i < HANDSETS_LINE; i++)
        if (weight(&line[i], now) < weight(least, now))
            least = &line[i];
    return least;
}

static unsigned count_past(const struct handset *line, uint32_t now)
{
    unsigned past = 0;
    for (unsigned i = 0; i < HANDSETS_LINE; i++)
        past += is_past(&line[i], now);
    return past;
}

/* In the emptier line. */
static struct handset *find_place(struct handsets *h, uint32_t handset, uint32_t now)
{
    struct handset *one = line_at(h, handset);
    struct handset *other = other_line(h, handset);
    unsigned past = count_past(one, now);
    unsigned others = count_past(other, now);
    struct handset *place = lightest(others > past ? other : one, now);
    if (past == 0 && others == 0) {
        struct handset *there = lightest(other, now);
        place = weight(there, now) < weight(place, now) ? there : place;
        h->forgotten++;
    }
    return place;
}

/* Both are hashes under a secret. */
static uint32_t place_of(uint32_t handset, uint64_t number)
{
    uint64_t both = (number ^ (uint64_t)handset << 16) * UINT64_C(0x9e3779b97f4a7c15);
    both = (both ^ both >> 29) * UINT64_C(0xbf58476d1ce4e5b9);
    return UINT32_C(1) << (both >> 32) % HANDSET_PLACES;
}

void handsets_put(struct handsets *h, const struct handset_told *told, uint32_t now_s)
{
    assert(told->handset != 0 && told->calls <= 1 && told->time_s <= now_s);
    uint32_t term = term_of(told->time_s);
    if (h->lines == 0)
        return;
    struct handset *r = find(h, told->handset);
    if (r == NULL) {
        r = find_place(h, told->handset, term_of(now_s));
        *r = (struct handset){.key = told->handset, .told = told_of(term, 0, 0)};
    }
    marks_put(&h->marks, r, sizeof *r);
    put(r, term, place_of(told->handset, told->number), told->calls);
}

struct handset_load handsets_find(const struct handsets *h, uint32_t handset)
{
    const struct handset *r = h->lines == 0 || handset == 0 ? NULL : find(h, handset);
    if (r == NULL)
        return (struct handset_load){0};
    return (struct handset_load){.numbers =
                                     sketch_bits_count(r->numbers | r->before, HANDSET_PLACES),
                                 .calls = row_calls(r) + row_calls_before(r)};
}
