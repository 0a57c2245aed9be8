/* SPDX-License-Identifier: Apache-2.0 */
#include "screen/delta.h"

#include "screen/seal.h"

#include <assert.h>

#define ARENA_BYTES ((size_t)1 << 30)

err delta_open(struct delta *d)
{
    size_t words = DELTA_SLOTS * sizeof *d->words;
    *d = (struct delta){0};
    TRY(pages_make(words + DELTA_SLOTS * sizeof *d->items, &d->room));
    d->words = d->room.at;
    d->items = (void *)((char *)d->room.at + words);
    arena_init(&d->arena, ARENA_BYTES);
    return OK;
}

void delta_close(struct delta *d)
{
    pages_drop(&d->room);
    arena_done(&d->arena);
    d->words = NULL;
    d->items = NULL;
}

uint32_t delta_room(const struct delta *d)
{
    return d->made < DELTA_MOST ? DELTA_MOST - d->made : 0;
}

static bool is_of(const struct delta_item *item, const struct place *p)
{
    if (p->class == SHARD_NUMBERS)
        return true;
    unsigned kind = 0;
    str value = text_value(item->text, &kind);
    return kind == p->kind && str_equal(value, p->value);
}

/* The value's slot; else the free one where it would stand. */
static uint32_t find_slot(const struct delta *d, const struct place *p, bool *ret_is_there)
{
    uint64_t wanted = delta_word(p);
    for (uint32_t i = delta_slot(p->key);; i = (i + 1) & (DELTA_SLOTS - 1U)) {
        uint64_t word = env_word_read(&d->words[i]);
        *ret_is_there = word == wanted && is_of(env_slot_load(&d->items[i]), p);
        if (*ret_is_there || word == 0)
            return i;
    }
}

const struct delta_item *delta_find(const struct delta *d, const struct place *p)
{
    bool is_there = false;
    uint32_t slot = find_slot(d, p, &is_there);
    return is_there ? env_slot_load(&d->items[slot]) : NULL;
}

static err copy_text(struct delta *d, const struct place *p, const uint8_t **ret_text)
{
    *ret_text = NULL;
    if (p->class == SHARD_NUMBERS)
        return OK;
    uint8_t *text = arena_make(&d->arena, TEXT_HEAD_BYTES + p->value.size);
    if (text == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    text_write(text, p->kind, p->value);
    *ret_text = text;
    return OK;
}

static void note_depth(struct delta *d, const struct place *p, const struct delta_item *item)
{
    if (p->class != SHARD_NAMES)
        return;
    size_t labels = seal_labels(p->value);
    for (uint32_t i = 0; i < item->count && labels <= NAME_DEPTHS; i++)
        if ((item->listings[i].term.flags & (TERM_SUFFIX | TERM_MARK)) != 0)
            env_word_put(&d->depths, env_word_read(&d->depths) | UINT64_C(1) << labels);
}

err delta_put(struct delta *d, const struct place *p, const struct delta_listing *listings,
              uint32_t count)
{
    bool is_there = false;
    uint32_t slot = find_slot(d, p, &is_there);
    assert(delta_room(d) > 0);
    struct delta_item *item =
        arena_make(&d->arena, sizeof *item + count * sizeof item->listings[0]);
    if (item == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    item->word = delta_word(p);
    item->count = count;
    if (count > 0)
        memcpy(item->listings, listings, count * sizeof *listings);
    if (is_there)
        item->text = ((const struct delta_item *)env_slot_load(&d->items[slot]))->text;
    else
        TRY(copy_text(d, p, &item->text));
    d->made++;
    note_depth(d, p, item); /* first: whoever finds the item looks that deep */
    env_slot_publish(&d->items[slot], item);
    if (is_there)
        return OK;
    env_word_put(&d->words[slot], item->word);
    env_counter_add(&d->counts[p->class], 1);
    return OK;
}

const struct delta_item *delta_next(const struct delta *d, uint32_t *at)
{
    while (*at < DELTA_SLOTS)
        if (env_word_read(&d->words[(*at)++]) != 0)
            return env_slot_load(&d->items[*at - 1]);
    return NULL;
}

struct place delta_place(const struct delta_item *item)
{
    struct place p = {.key = item->word >> 2, .class = (unsigned)(item->word & 3) - 1};
    if (item->text != NULL)
        p.value = text_value(item->text, &p.kind);
    return p;
}
