/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The lane for many questions of one kind. Each goes through three steps: work out its line, look
 * at the line, compare and hear; what a step needs of the memory was asked for by the one before,
 * AHEAD questions ago. So memory and processor are both busy all the time. Those that have to look
 * one line on wait in a row of their own.
 */
#include "screen/hear.h"

#include <assert.h>

enum { AHEAD = 16, RING = 32, LATE = 32, USUAL_BYTES = 24 };

/* The functions below are made twice, for numbers and for bytes, and know which. */
#define FOR_EACH_CLASS static inline __attribute__((always_inline))

struct probe {
    const uint64_t *line;
    uint64_t slot; /* what is looked for */
    const struct shard *shard;
    const uint8_t *text; /* of the first found */
    uint32_t found;      /* slots of the line that have the key */
    uint32_t question;
};

struct lane {
    const struct screen_view *view;
    const struct screen_question *questions; /* of bytes */
    const uint64_t *numbers;                 /* of numbers */
    struct screen_answer *answers;
    struct finding finding;
    uint32_t late_count;
    struct probe ring[RING];
    struct probe late[LATE];
};

FOR_EACH_CLASS uint64_t key_of(const struct lane *l, enum shard_class class, size_t question)
{
    if (class == SHARD_NUMBERS)
        return key_mix(&l->view->seed, l->numbers[question]);
    const struct screen_question *q = &l->questions[question];
    return key_bytes(&l->view->seed, q->kind, q->value);
}

FOR_EACH_CLASS void aim(const struct lane *l, enum shard_class class, size_t question,
                        struct probe *p)
{
    uint64_t key = key_of(l, class, question);
    p->shard = &l->view->shards[class][shard_index(class, key)];
    struct shard_want want = shard_want(p->shard, key);
    p->slot = want.slot;
    p->line = p->shard->lines + want.line * LINE_SLOTS;
    p->question = (uint32_t)question;
    __builtin_prefetch(p->line);
}

/* Finds the slots that have the key, and sends for the first one's text and term. */
FOR_EACH_CLASS void look(enum shard_class class, struct probe *p)
{
    bool has_text = class != SHARD_NUMBERS;
    uint64_t terms = shard_terms_mask(p->shard);
    p->found = line_find(p->line, p->slot, terms) & (has_text ? 0xFEU : 0xFFU);
    if (p->found == 0)
        return;
    uint32_t slot = (uint32_t)__builtin_ctz(p->found);
    __builtin_prefetch(&p->shard->terms[p->line[slot] & terms]);
    if (!has_text)
        return;
    p->text = shard_text(p->shard, p->line, slot);
    __builtin_prefetch(p->text);
    __builtin_prefetch(p->text + USUAL_BYTES); /* many begin near a line's end */
}

/* The slot of the line, or LINE_SLOTS. */
FOR_EACH_CLASS uint32_t compare(const struct lane *l, enum shard_class class, const struct probe *p)
{
    uint32_t found = p->found;
    const uint8_t *text = p->text;
    if (class == SHARD_NUMBERS)
        return found != 0 ? (uint32_t)__builtin_ctz(found) : LINE_SLOTS;
    const struct screen_question *q = &l->questions[p->question];
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

/* False when it is to be looked for one line on. */
FOR_EACH_CLASS bool tell(const struct lane *l, enum shard_class class, struct probe *p)
{
    struct best best = {0};
    uint32_t slot = compare(l, class, p);
    if (slot < LINE_SLOTS) {
        slot += (uint32_t)(p->line - p->shard->lines);
        (void)hear_slot(&best, p->shard, slot, &l->finding);
    } else if (line_goes_on(p->line, p->slot, shard_terms_mask(p->shard))) {
        p->line += LINE_SLOTS;
        __builtin_prefetch(p->line);
        return false;
    }
    l->answers[p->question] = answer_of(&best);
    return true;
}

FOR_EACH_CLASS void tell_late(struct lane *l, enum shard_class class)
{
    while (l->late_count > 0) {
        uint32_t left = 0;
        for (uint32_t i = 0; i < l->late_count; i++)
            look(class, &l->late[i]);
        for (uint32_t i = 0; i < l->late_count; i++)
            if (!tell(l, class, &l->late[i]))
                l->late[left++] = l->late[i];
        l->late_count = left;
    }
}

FOR_EACH_CLASS void tell_or_wait(struct lane *l, enum shard_class class, struct probe *p)
{
    if (tell(l, class, p))
        return;
    l->late[l->late_count++] = *p;
    if (l->late_count == LATE)
        tell_late(l, class);
}

/* What has changed since goes before. */
FOR_EACH_CLASS void look_at_news(const struct lane *l, enum shard_class class, size_t question)
{
    struct place p = {.class = class, .key = key_of(l, class, question)};
    if (class != SHARD_NUMBERS) {
        p.kind = l->questions[question].kind;
        p.value = l->questions[question].value;
    }
    const struct delta_item *item = find_news(l->view, &p);
    struct best best = {0};
    if (item == NULL)
        return;
    (void)hear_item(&best, item, &l->finding);
    l->answers[question] = answer_of(&best);
}

FOR_EACH_CLASS void ask(struct lane *l, enum shard_class class, size_t count)
{
    assert(count <= UINT32_MAX - RING);
    l->late_count = 0;
    for (size_t i = 0; i < count + 2 * AHEAD; i++) {
        if (i >= 2 * AHEAD)
            tell_or_wait(l, class, &l->ring[i % RING]);
        if (i < count)
            aim(l, class, i, &l->ring[i % RING]);
        if (i >= AHEAD && i < count + AHEAD)
            look(class, &l->ring[(i - AHEAD) % RING]);
    }
    tell_late(l, class);
    for (size_t i = 0; i < count && has_news(l->view, class); i++)
        look_at_news(l, class, i);
}
_Static_assert(RING == 2 * AHEAD, "a place is free again when its question has been told");

void screen_ask_numbers(const struct screen_reader *r, const uint64_t *numbers, size_t count,
                        instant now, struct screen_answer *ret_answers)
{
    UNSET struct lane l;
    l.view = r->view;
    l.numbers = numbers;
    l.answers = ret_answers;
    l.finding = (struct finding){.is_whole = true, .now_us = now.us};
    ask(&l, SHARD_NUMBERS, count);
}

void ask_bytes(const struct screen_reader *r, const struct screen_question *questions, size_t count,
               instant now, struct screen_answer *ret_answers)
{
    UNSET struct lane l;
    l.view = r->view;
    l.questions = questions;
    l.answers = ret_answers;
    l.finding = (struct finding){.is_whole = true, .now_us = now.us};
    ask(&l, SHARD_BYTES, count);
}
