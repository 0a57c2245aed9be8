/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/cards.h"

#include <assert.h>
#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400, LINE = 64 };

static size_t lined(size_t bytes)
{
    return (bytes + LINE - 1) / LINE * LINE;
}

size_t cards_room(const struct cards_settings *s)
{
    return lined(s->cards_most * sizeof(struct card)) +
           lined(s->cells_most * sizeof(struct card_cell)) +
           lined(s->calls_most * sizeof(struct card_call));
}

void cards_init(struct cards *c, const struct cards_settings *settings, void *room)
{
    assert(settings->cards_most >= CARDS_LOOK && settings->cells_most >= CARDS_LOOK);
    assert(settings->calls_most > 0);
    char *at = room;
    *c = (struct cards){.settings = *settings, .cards = (void *)at};
    at += lined(settings->cards_most * sizeof(struct card));
    c->cells = (void *)at;
    at += lined(settings->cells_most * sizeof(struct card_cell));
    c->calls = (void *)at;
}

/* The first of the places where it may be. Keys are hashes. */
static uint32_t home(uint64_t key, uint32_t places)
{
    return (uint32_t)((key >> 32) * (places - CARDS_LOOK + 1) >> 32);
}

static bool is_past(const struct cards *c, uint32_t time_s)
{
    return (uint64_t)time_s + CARDS_KEPT_S < c->newest_s;
}

static void put_text(char *room, size_t size, str text)
{
    size_t bytes = text.size < size ? text.size : size;
    memset(room, 0, size);
    if (bytes > 0)
        memcpy(room, text.at, bytes);
}

/* NULL: no room. */
static struct card_cell *cell_of(struct cards *c, uint64_t key)
{
    struct card_cell *at = &c->cells[home(key, c->settings.cells_most)];
    struct card_cell *free = NULL;
    for (unsigned i = 0; i < CARDS_LOOK; i++) {
        if (at[i].key == key)
            return &at[i];
        if (free == NULL && at[i].key == 0)
            free = &at[i];
    }
    if (free != NULL)
        free->key = key;
    return free;
}

void cards_hear(struct cards *c, uint64_t cell, uint32_t time_s)
{
    assert(cell != 0);
    c->newest_s = time_s > c->newest_s ? time_s : c->newest_s;
    struct card_cell *at = cell_of(c, cell);
    if (at == NULL)
        return;
    for (; at->day < time_s / DAY_S; at->day = time_s / DAY_S)
        for (unsigned h = 0; h < BOX_DAY_HOURS; h++)
            at->load[h] /= 2;
    at->load[time_s / HOUR_S % BOX_DAY_HOURS]++;
}

static struct card *card_of(const struct cards *c, uint64_t key)
{
    struct card *at = &c->cards[home(key, c->settings.cards_most)];
    for (unsigned i = 0; i < CARDS_LOOK; i++)
        if (at[i].key == key)
            return &at[i];
    return NULL;
}

const struct card *cards_find(const struct cards *c, uint64_t key)
{
    return card_of(c, key);
}

static struct card *card_make(const struct cards *c, const struct card_told *told)
{
    struct card *at = &c->cards[home(told->call.key, c->settings.cards_most)];
    for (unsigned i = 0; i < CARDS_LOOK; i++) {
        if (at[i].key != 0 && !is_past(c, at[i].heard_s))
            continue;
        at[i] = (struct card){.key = told->call.key};
        put_text(at[i].number, sizeof at[i].number, told->number);
        return &at[i];
    }
    return NULL;
}

void cards_put(struct cards *c, const struct card_told *told)
{
    assert(told->call.key != 0 && told->cell != 0);
    struct card *card = card_of(c, told->call.key);
    struct card_cell *cell = cell_of(c, told->cell);
    if (is_past(c, told->call.start_s))
        return;
    if (card == NULL)
        card = card_make(c, told);
    if (card == NULL || cell == NULL) {
        c->refused++;
        return;
    }
    if (told->call.start_s > card->heard_s)
        card->heard_s = told->call.start_s;
    if (cell->name[0] == '\0') {
        put_text(cell->name, sizeof cell->name, told->cell_name);
        put_text(cell->carrier, sizeof cell->carrier, told->carrier);
    }
    c->calls[c->at++ % c->settings.calls_most] =
        (struct card_call){.call = told->call, .cell = (uint32_t)(cell - c->cells)};
}

void cards_sweep(struct cards *c)
{
    uint64_t count = c->at < c->settings.calls_most ? c->at : c->settings.calls_most;
    for (uint64_t i = 0; i < count; i++)
        if (is_past(c, c->calls[i].call.start_s))
            c->calls[i] = (struct card_call){0};
    for (uint32_t i = 0; i < c->settings.cards_most; i++)
        if (is_past(c, c->cards[i].heard_s))
            c->cards[i] = (struct card){0};
}
