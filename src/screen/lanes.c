/* SPDX-License-Identifier: Apache-2.0 */
/* The two lanes for many questions of one kind: as ask.c, with less to carry from step to step. */
#include "screen/hear.h"

#include <assert.h>

enum { NUMBERS_AT_ONCE = 64, USUAL_BYTES = 24 };

/* --- numbers --- */

struct number_probe {
    const uint64_t *line;
    uint64_t slot; /* what is looked for; then what was found */
    const struct shard *shard;
};

static void aim(const struct screen_view *v, const uint64_t *numbers, size_t count,
                struct number_probe *probes)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t key = key_mix(&v->seed, numbers[i]);
        const struct shard *s = &v->shards[SHARD_NUMBERS][shard_index(SHARD_NUMBERS, key)];
        struct shard_want want = shard_want(s, key);
        probes[i] = (struct number_probe){s->lines + want.line * LINE_SLOTS, want.slot, s};
        __builtin_prefetch(probes[i].line);
    }
}

/* Those that are there: their numbers to `found`, and how many; their terms are sent for. */
static size_t look(struct number_probe *probes, size_t count, uint8_t *found)
{
    UNSET uint8_t open[NUMBERS_AT_ONCE];
    size_t found_count = 0;
    for (size_t i = 0; i < count; i++)
        open[i] = (uint8_t)i;
    while (count > 0) {
        size_t left = 0;
        for (size_t k = 0; k < count; k++) {
            uint8_t i = open[k];
            struct number_probe *p = &probes[i];
            uint64_t terms = shard_terms_mask(p->shard);
            unsigned here = line_find(p->line, p->slot, terms);
            bool goes_on = line_goes_on(p->line, p->slot, terms);
            if (here != 0) {
                p->line += __builtin_ctz(here);
                p->slot = *p->line;
                __builtin_prefetch(&p->shard->terms[p->slot & terms]);
                found[found_count++] = i;
                continue;
            }
            p->line += LINE_SLOTS;
            __builtin_prefetch(p->line);
            open[left] = i;
            left += goes_on;
        }
        count = left;
    }
    return found_count;
}

static void hear_numbers(const struct number_probe *probes, const uint8_t *found, size_t count,
                         instant now, struct screen_answer *answers)
{
    struct finding f = {.is_whole = true, .now_us = now.us};
    for (size_t k = 0; k < count; k++) {
        const struct number_probe *p = &probes[found[k]];
        struct best best = {0};
        (void)hear_slot(&best, p->shard, (uint32_t)(p->line - p->shard->lines), &f);
        answers[found[k]] = answer_of(&best);
    }
}

static void look_at_news(const struct screen_view *v, const uint64_t *numbers, size_t count,
                         instant now, struct screen_answer *answers)
{
    struct finding f = {.is_whole = true, .now_us = now.us};
    for (size_t i = 0; i < count; i++) {
        struct place p = {.class = SHARD_NUMBERS, .key = key_mix(&v->seed, numbers[i])};
        const struct delta_item *item = find_news(v, &p);
        struct best best = {0};
        if (item == NULL)
            continue;
        (void)hear_item(&best, item, &f);
        answers[i] = answer_of(&best);
    }
}

void screen_ask_numbers(const struct screen_reader *r, const uint64_t *numbers, size_t count,
                        instant now, struct screen_answer *ret_answers)
{
    UNSET struct number_probe probes[NUMBERS_AT_ONCE];
    UNSET uint8_t found[NUMBERS_AT_ONCE];
    for (size_t at = 0; at < count; at += NUMBERS_AT_ONCE) {
        size_t some = count - at < NUMBERS_AT_ONCE ? count - at : NUMBERS_AT_ONCE;
        aim(r->view, numbers + at, some, probes);
        memset(ret_answers + at, 0, some * sizeof *ret_answers);
        size_t found_count = look(probes, some, found);
        hear_numbers(probes, found, found_count, now, ret_answers + at);
        if (has_news(r->view, SHARD_NUMBERS))
            look_at_news(r->view, numbers + at, some, now, ret_answers + at);
    }
}

/* --- bytes: as numbers, and what was found is compared --- */

struct bytes_probe {
    const uint64_t *line;
    uint64_t slot;
    const struct shard *shard;
    const uint8_t *text;
    uint32_t found; /* slots of the line that have the key */
};

static void aim_at_bytes(const struct screen_view *v, const struct screen_question *questions,
                         size_t count, struct bytes_probe *probes)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes_probe *p = &probes[i];
        uint64_t key = key_bytes(&v->seed, questions[i].kind, questions[i].value);
        p->shard = &v->shards[SHARD_BYTES][shard_index(SHARD_BYTES, key)];
        struct shard_want want = shard_want(p->shard, key);
        p->slot = want.slot;
        p->text = NULL;
        p->line = p->shard->lines + want.line * LINE_SLOTS;
        __builtin_prefetch(p->line);
    }
}

static void find_bytes(struct bytes_probe *probes, const uint8_t *open, size_t count)
{
    for (size_t k = 0; k < count; k++) {
        struct bytes_probe *p = &probes[open[k]];
        uint64_t terms = shard_terms_mask(p->shard);
        p->found = line_find(p->line, p->slot, terms) & 0xFE;
        if (p->found == 0)
            continue;
        uint32_t slot = (uint32_t)__builtin_ctz(p->found);
        p->text = shard_text(p->shard, p->line, slot);
        __builtin_prefetch(p->text);
        __builtin_prefetch(p->text + USUAL_BYTES); /* many begin near a line's end */
        __builtin_prefetch(&p->shard->terms[p->line[slot] & terms]);
    }
}

/* The slot of the line, or LINE_SLOTS. */
static uint32_t compare_bytes(const struct bytes_probe *p, const struct screen_question *q)
{
    uint32_t found = p->found;
    const uint8_t *text = p->text;
    while (found != 0) {
        uint32_t slot = (uint32_t)__builtin_ctz(found);
        if (text_is(text, q->kind, q->value))
            return slot;
        found &= found - 1;
        if (found != 0)
            text = shard_text(p->shard, p->line, (uint32_t)__builtin_ctz(found));
    }
    return LINE_SLOTS;
}

static void look_at_bytes_news(const struct screen_view *v, const struct screen_question *questions,
                               size_t count, instant now, struct screen_answer *answers)
{
    struct finding f = {.is_whole = true, .now_us = now.us};
    for (size_t i = 0; i < count; i++) {
        struct place p = place_of(&v->seed, questions[i].kind, questions[i].value);
        const struct delta_item *item = find_news(v, &p);
        struct best best = {0};
        if (item == NULL)
            continue;
        (void)hear_item(&best, item, &f);
        answers[i] = answer_of(&best);
    }
}

/* Those that are there: their numbers to `found`, and how many; their lines then point to them. */
static size_t look_for_bytes(struct bytes_probe *probes, const struct screen_question *questions,
                             size_t count, uint8_t *found)
{
    UNSET uint8_t open[BYTES_AT_ONCE];
    size_t found_count = 0;
    for (size_t i = 0; i < count; i++)
        open[i] = (uint8_t)i;
    while (count > 0) {
        size_t left = 0;
        find_bytes(probes, open, count);
        for (size_t k = 0; k < count; k++) {
            uint8_t i = open[k];
            struct bytes_probe *p = &probes[i];
            uint32_t slot = compare_bytes(p, &questions[i]);
            if (slot < LINE_SLOTS) {
                p->line += slot;
                found[found_count++] = i;
                continue;
            }
            bool goes_on = line_goes_on(p->line, p->slot, shard_terms_mask(p->shard));
            p->line += LINE_SLOTS;
            __builtin_prefetch(p->line);
            open[left] = i;
            left += goes_on;
        }
        count = left;
    }
    return found_count;
}

void ask_bytes(const struct screen_reader *r, const struct screen_question *questions, size_t count,
               instant now, struct screen_answer *ret_answers)
{
    UNSET struct bytes_probe probes[BYTES_AT_ONCE];
    UNSET uint8_t found[BYTES_AT_ONCE];
    struct finding f = {.is_whole = true, .now_us = now.us};
    assert(count <= BYTES_AT_ONCE);
    aim_at_bytes(r->view, questions, count, probes);
    memset(ret_answers, 0, count * sizeof *ret_answers);
    size_t found_count = look_for_bytes(probes, questions, count, found);
    for (size_t k = 0; k < found_count; k++) {
        const struct bytes_probe *p = &probes[found[k]];
        struct best best = {0};
        (void)hear_slot(&best, p->shard, (uint32_t)(p->line - p->shard->lines), &f);
        ret_answers[found[k]] = answer_of(&best);
    }
    if (has_news(r->view, SHARD_BYTES))
        look_at_bytes_news(r->view, questions, count, now, ret_answers);
}
