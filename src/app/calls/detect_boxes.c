/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/detect_boxes.h"

#include "kit/secret.h"

#include <stdlib.h>

enum { HOUR_S = 3600 };
#define TEST_BYTES ((size_t)256 << 20)

struct test {
    struct findings *findings;
    struct detector *d;
    struct pages pages;
    struct card_call *calls; /* by cell, key and start; none twice */
    size_t count;
    struct arena arena; /* of a cell */
};

static int by_cell(const void *a, const void *b)
{
    const struct card_call *x = a;
    const struct card_call *y = b;
    if (x->cell != y->cell)
        return x->cell < y->cell ? -1 : 1;
    if (x->call.key != y->call.key)
        return x->call.key < y->call.key ? -1 : 1;
    if (x->call.start_s != y->call.start_s)
        return x->call.start_s < y->call.start_s ? -1 : 1;
    return x->call.peer < y->call.peer ? -1 : x->call.peer > y->call.peer;
}

/* A file that comes again brings the same calls again. */
static size_t drop_repeats(struct card_call *calls, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || by_cell(&calls[kept - 1], &calls[i]) != 0)
            calls[kept++] = calls[i];
    return kept;
}

/* The calls thread waits for this, and for no more. */
static err copy(struct test *t)
{
    struct cards *c = &t->d->cards;
    env_mutex_lock(&t->d->mutex);
    cards_sweep(c);
    uint64_t held = c->at < c->settings.calls_most ? c->at : c->settings.calls_most;
    err e = pages_make_sparse((held + 1) * sizeof *t->calls, &t->pages);
    t->calls = t->pages.at;
    for (uint64_t i = 0; i < held && !failed(e); i++)
        if (c->calls[i].call.key != 0)
            t->calls[t->count++] = c->calls[i];
    env_mutex_unlock(&t->d->mutex);
    return e;
}

/* What is known of the cell and of the members' numbers, as of now. */
static err look_up(struct test *t, uint32_t cell, const struct box *box, struct card_cell *ret_cell,
                   struct card **ret_cards)
{
    const struct card none = {0};
    struct card *cards = arena_make_array(&t->arena, box->count + 1, sizeof *cards);
    if (cards == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    env_mutex_lock(&t->d->mutex);
    *ret_cell = t->d->cards.cells[cell];
    for (uint32_t i = 0; i < box->count; i++) {
        const struct card *card = cards_find(&t->d->cards, box->members[i].key);
        cards[i] = card == NULL ? none : *card;
    }
    env_mutex_unlock(&t->d->mutex);
    *ret_cards = cards;
    return OK;
}

static err say(struct test *t, uint32_t cell, const struct box *box, const struct box_cell *tested)
{
    struct card_cell known;
    struct card *cards = NULL;
    TRY(look_up(t, cell, box, &known, &cards));
    struct box_found found = {.findings = t->findings,
                              .box = box,
                              .cell = &known,
                              .calls = tested->calls,
                              .call_count = tested->count,
                              .cards = cards};
    return box_found_say(&found);
}

static bool has_enough(const struct card_call *calls, size_t count)
{
    uint32_t numbers = 0;
    for (size_t i = 0; i < count; i++)
        numbers += i == 0 || calls[i].call.key != calls[i - 1].call.key;
    return numbers >= box_rule_preset.members_least;
}

static err test_cell(struct test *t, const struct card_call *calls, size_t count)
{
    struct box box;
    struct box_cell cell = {.count = count < BOX_CALLS_MOST ? count : BOX_CALLS_MOST};
    struct box_call *own = arena_make_array(&t->arena, cell.count, sizeof *own);
    if (own == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < cell.count; i++)
        own[i] = calls[i].call;
    cell.calls = own;
    env_mutex_lock(&t->d->mutex);
    memcpy(cell.load, t->d->cards.cells[calls[0].cell].load, sizeof cell.load);
    env_mutex_unlock(&t->d->mutex);
    TRY(box_find(&box_rule_preset, &cell, &t->arena, &box));
    return box.count == 0 ? OK : say(t, calls[0].cell, &box, &cell);
}

/* A cell that is too much to test is left out, and the others are tested. */
static err test_all(struct test *t)
{
    err e = OK;
    for (size_t i = 0, next = 0; i < t->count && !failed(e); i = next) {
        for (next = i; next < t->count && t->calls[next].cell == t->calls[i].cell;)
            next++;
        if (!has_enough(&t->calls[i], next - i))
            continue;
        arena_reset(&t->arena);
        e = test_cell(t, &t->calls[i], next - i);
        if (e.code == ERR_LIMIT)
            e = OK;
    }
    return e;
}

static bool begin(struct detector *d, enum detect_when when)
{
    env_mutex_lock(&d->mutex);
    uint32_t hour = d->cards.newest_s / HOUR_S;
    bool is_due = when == DETECT_NOW || hour > d->tested_h;
    bool may = is_due && !d->is_testing && d->cards.at > 0;
    if (may) {
        d->is_testing = true;
        d->tested_h = hour;
    }
    env_mutex_unlock(&d->mutex);
    return may;
}

static void end(struct test *t)
{
    if (t->pages.at != NULL)
        secret_wipe(t->pages.at, t->pages.size);
    pages_drop(&t->pages);
    env_mutex_lock(&t->d->mutex);
    t->d->is_testing = false;
    env_mutex_unlock(&t->d->mutex);
}

err detect_boxes(struct findings *f, enum detect_when when)
{
    struct detector *d = f->house->detector;
    struct test t = {.findings = f, .d = d};
    if (!d->has_cards || !begin(d, when))
        return OK;
    arena_init(&t.arena, TEST_BYTES);
    err e = copy(&t);
    if (!failed(e)) {
        qsort(t.calls, t.count, sizeof *t.calls, by_cell);
        t.count = drop_repeats(t.calls, t.count);
        e = test_all(&t);
    }
    arena_done(&t.arena);
    end(&t);
    return e;
}
