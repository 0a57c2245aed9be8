/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/book.h"

#include <assert.h>

enum { HOUR_S = 3600, DAY_H = 24, LINE_BYTES = 64, RECEIVED_BYTES = 44, BOOK_LEAD = 4 };

static size_t whole_lines(size_t bytes)
{
    return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
}

static size_t conducts_room(const struct book_settings *s)
{
    return whole_lines((size_t)s->numbers_most * sizeof(struct conduct));
}

size_t book_room(const struct book_settings *settings)
{
    assert(settings != NULL && settings->numbers_most > 0);
    return conducts_room(settings) + index_room(settings->numbers_most) +
           recent_room(settings->calls_most) + handsets_room(settings->handsets_most);
}

/* About the golden section of n, and without a common factor. */
static uint32_t stride_of(uint32_t n)
{
    uint32_t stride = (uint32_t)(n * UINT64_C(618034) / 1000000) + 1;
    for (;; stride++) {
        uint32_t a = n;
        uint32_t b = stride;
        while (b != 0) {
            uint32_t rest = a % b;
            a = b;
            b = rest;
        }
        if (a == 1)
            return stride;
    }
}

void book_init(struct book *b, const struct book_settings *settings, void *room)
{
    assert(b != NULL && settings != NULL && room != NULL);
    assert((uintptr_t)room % LINE_BYTES == 0);
    uint8_t *at = room;
    *b = (struct book){
        .conducts = room, .settings = *settings, .stride = stride_of(settings->numbers_most)};
    at += conducts_room(settings);
    index_init(&b->index, at, b->conducts, settings->numbers_most);
    at += index_room(settings->numbers_most);
    recent_init(&b->recent, at, settings->calls_most, settings->window_h);
    at += recent_room(settings->calls_most);
    handsets_init(&b->handsets, at, settings->handsets_most);
}

void book_watch(struct book *b, uint8_t *pages)
{
    b->marks.room = (const char *)b->conducts;
    b->marks.pages = pages;
    b->index.marks = b->marks;
    b->recent.marks = b->marks;
    b->handsets.marks = b->marks;
}

void book_tell(struct book *b, uint8_t *news)
{
    b->news = news;
}

const struct conduct *book_find(const struct book *b, uint64_t key)
{
    uint32_t slot = index_find(&b->index, key);
    return slot == INDEX_NONE ? NULL : &b->conducts[slot];
}

/* --- who has to go --- */

static uint64_t calls_of(const struct conduct *c)
{
    return (uint64_t)c->out_calls + c->in_calls + c->texts;
}

static bool is_heard_once(const struct conduct *c)
{
    return calls_of(c) <= 1;
}

/* Hours of silence beyond those that its calls have earned: three days for two, twice that for each
 * twice as many. */
static int64_t silence_h(const struct book *b, const struct conduct *c)
{
    uint64_t calls = calls_of(c);
    unsigned doubled = calls < 2 ? 0 : 63U - (unsigned)__builtin_clzll(calls);
    int64_t earned = doubled == 0 ? 0 : (INT64_C(3) * DAY_H) << (doubled < 8 ? doubled - 1 : 7);
    return (int64_t)b->newest_h - c->heard_s / HOUR_S - earned;
}

/* Those who came first stand side by side; the hand goes far, so that it does not meet them all in
 * a row. What it comes to after BOOK_LEAD looks is called for now. */
static uint32_t after(const struct book *b, uint32_t slot, uint64_t steps)
{
    return (uint32_t)((slot + steps * b->stride) % b->settings.numbers_most);
}

static uint32_t take_hand(struct book *b)
{
    uint32_t slot = b->hand;
    __builtin_prefetch(&b->conducts[after(b, slot, BOOK_LEAD)].out_calls, 0);
    b->hand = after(b, slot, 1);
    return slot;
}

static uint32_t find_weakest(struct book *b)
{
    uint32_t weakest = b->hand;
    int64_t most = INT64_MIN;
    for (unsigned i = 0; i < BOOK_LOOK; i++) {
        uint32_t slot = take_hand(b);
        const struct conduct *c = &b->conducts[slot];
        if (is_heard_once(c))
            return slot;
        int64_t silence = silence_h(b, c);
        if (silence > most) {
            most = silence;
            weakest = slot;
        }
    }
    return weakest;
}

static uint32_t find_place(struct book *b)
{
    if (b->held < b->settings.numbers_most)
        return b->held++;
    uint32_t slot = find_weakest(b);
    index_drop(&b->index, slot);
    b->counts.dropped++;
    return slot;
}

static struct conduct *make_conduct(struct book *b, uint64_t key, const struct sighting *s)
{
    uint32_t slot = find_place(b);
    marks_put(&b->marks, &b->conducts[slot], sizeof(struct conduct));
    conduct_init(&b->conducts[slot], key, s);
    index_put(&b->index, slot);
    b->counts.made++;
    return &b->conducts[slot];
}

/* --- one sighting --- */

/* Where the two probably are. */
struct guess {
    uint32_t caller;
    uint32_t callee;
};

static void take_callee(struct book *b, const struct sighting *s, unsigned parts, uint32_t guess)
{
    if (s->is_text || (s->parts & CALL_ANSWER) == 0)
        return;
    uint32_t slot = index_find_near(&b->index, s->callee, guess);
    if (slot == INDEX_NONE && (parts & CALL_ANSWER) == 0)
        return;
    struct conduct *c = slot == INDEX_NONE ? make_conduct(b, s->callee, s) : &b->conducts[slot];
    marks_put(&b->marks, c, sizeof *c);
    conduct_received(c, s, parts, b->settings.zone_s);
}

/* The caller's slot, INDEX_NONE when nothing of it is new. */
static uint32_t take_caller(struct book *b, const struct sighting *s, unsigned parts,
                            uint32_t guess)
{
    uint32_t slot = index_find_near(&b->index, s->caller, guess);
    if (slot == INDEX_NONE && parts == 0)
        return INDEX_NONE;
    struct conduct *c = slot == INDEX_NONE ? make_conduct(b, s->caller, s) : &b->conducts[slot];
    marks_put(&b->marks, c, sizeof *c);
    conduct_made(c, s, parts, b->settings.zone_s);
    return (uint32_t)(c - b->conducts);
}

static bool is_due(const struct conduct *c, const struct sighting *s, unsigned parts)
{
    bool is_counted = parts & CALL_SETUP && !s->is_text;
    return is_counted && (c->out_calls & (c->out_calls - 1)) == 0;
}

/* Whoever called or wrote was in this handset; a repeat says so again. */
static void take_handset(struct book *b, const struct sighting *s, unsigned parts)
{
    struct handset_told told = {.handset = s->handset,
                                .time_s = s->time_s,
                                .number = s->caller,
                                .calls = (parts & CALL_SETUP) != 0 && !s->is_text};
    if (s->handset != 0)
        handsets_put(&b->handsets, &told, b->newest_h * HOUR_S + HOUR_S - 1);
}

bool book_is_late(const struct sighting *s, uint32_t window_h, uint32_t *newest_h)
{
    uint32_t hour = s->time_s / HOUR_S;
    if (hour > *newest_h)
        *newest_h = hour;
    return *newest_h - hour > window_h;
}

/* The callee comes first, so that the caller's slot is still its own when this returns. */
static uint32_t take_one(struct book *b, const struct sighting *s, const struct guess *guess,
                         uint8_t *ret_news)
{
    assert(s->caller != 0 && s->callee != 0 && s->time_s > DAY_H * HOUR_S);
    uint32_t hour = s->time_s / HOUR_S;
    b->counts.taken++;
    if (book_is_late(s, b->settings.window_h, &b->newest_h)) {
        b->counts.late++;
        *ret_news = BOOK_LATE;
        return INDEX_NONE;
    }
    unsigned parts = recent_put(&b->recent, s->id, hour, b->newest_h, s->parts);
    *ret_news = (uint8_t)parts;
    b->counts.again += parts == 0;
    take_handset(b, s, parts);
    take_callee(b, s, parts, guess->callee);
    uint32_t slot = take_caller(b, s, parts, guess->caller);
    bool is_wanted = slot != INDEX_NONE && is_due(&b->conducts[slot], s, parts);
    return is_wanted ? slot : INDEX_NONE;
}

/* --- batches: the lines that are needed are called for before any is waited for --- */

static void call_lines(const struct book *b, const struct sighting *s)
{
    struct recent_lines lines = recent_find(&b->recent, s->id);
    __builtin_prefetch(index_home(&b->index, s->caller), 0);
    __builtin_prefetch(index_home(&b->index, s->callee), 0);
    __builtin_prefetch(lines.one, 1);
    __builtin_prefetch(lines.other, 1);
    handsets_call(&b->handsets, s->handset);
}

static uint32_t call_conduct(const struct book *b, uint64_t key, size_t bytes)
{
    uint32_t slot = index_guess(&b->index, key);
    if (slot == INDEX_NONE)
        return slot;
    const char *at = (const char *)&b->conducts[slot];
    for (size_t i = 0; i < bytes; i += LINE_BYTES)
        __builtin_prefetch(at + i, 1);
    __builtin_prefetch(at + bytes - 1, 1);
    return slot;
}

static struct guess call_conducts(const struct book *b, const struct sighting *s)
{
    struct guess guess = {.callee = INDEX_NONE};
    guess.caller = call_conduct(b, s->caller, sizeof(struct conduct));
    if (s->parts & CALL_ANSWER)
        guess.callee = call_conduct(b, s->callee, RECEIVED_BYTES);
    return guess;
}

static size_t piece(size_t count, size_t from)
{
    return count - from < BOOK_BATCH ? count - from : BOOK_BATCH;
}

size_t book_take(struct book *b, const struct sighting *sightings, size_t count,
                 struct book_due *ret_due)
{
    assert(b != NULL && (count == 0 || (sightings != NULL && ret_due != NULL)));
    assert(count < UINT32_MAX);
    struct guess guesses[BOOK_BATCH];
    size_t due = 0;
    for (size_t from = 0; from < count; from += BOOK_BATCH) {
        size_t some = piece(count, from);
        for (size_t i = 0; i < some; i++)
            call_lines(b, &sightings[from + i]);
        for (size_t i = 0; i < some; i++)
            guesses[i] = call_conducts(b, &sightings[from + i]);
        for (size_t i = from; i < from + some; i++) {
            uint8_t news = 0;
            uint32_t slot = take_one(b, &sightings[i], &guesses[i - from],
                                     b->news == NULL ? &news : &b->news[i]);
            if (slot != INDEX_NONE)
                ret_due[due++] = (struct book_due){.sighting = (uint32_t)i, .slot = slot};
        }
    }
    return due;
}
