/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions are taken a few dozen at a time, and each step is done for all of them before the next
 * begins: work out where to look and ask for that memory, then look. What has to look further, one
 * line on, asks for it and waits for the next round. So the memory's answers overlap, and nothing
 * ever waits for one line alone.
 */
#include "screen/hear.h"

#include "fact/url.h"

enum {
    PROBES_A_QUESTION = NAME_DEPTHS + 2, /* suffixes, the name itself, a url before its host */
    PROBES_AT_ONCE = ASK_AT_ONCE * PROBES_A_QUESTION,
};

/* --- who may look --- */

struct screen_reader screen_enter(struct screen *s)
{
    struct screen_reader r = {.screen = s, .seat = epoch_enter(&s->epoch)};
    r.mark = env_word_read(&s->mark); /* first: the view may be newer, never older */
    r.view = env_slot_load_in_order(&s->view);
    r.is_whole = r.view->is_whole;
    return r;
}

void screen_leave(struct screen_reader *r)
{
    epoch_leave(&r->screen->epoch, r->seat);
    r->view = NULL;
}

static const struct shard *shard_of(const struct screen_reader *r, uint64_t listing)
{
    return &r->view->shards[listing >> 40][(listing >> 32) & 0xFF];
}

uint32_t screen_row(const struct screen_reader *r, const struct screen_answer *answer)
{
    if ((answer->listing & LISTING_IS_ROW) != 0)
        return (uint32_t)answer->listing;
    const struct shard *s = shard_of(r, answer->listing);
    return s->rows[shard_rank(s, (uint32_t)answer->listing)];
}

/* Step by step for all of them, so that what one step asks of memory is there for the next. */
static void rows_of_some(const struct screen_reader *r, const struct screen_answer *answers,
                         size_t count, uint32_t *ret_rows)
{
    UNSET const uint32_t *rows[ASK_AT_ONCE];
    for (size_t i = 0; i < count; i++)
        if (answers[i].is_listed && (answers[i].listing & LISTING_IS_ROW) == 0)
            shard_expect_rank(shard_of(r, answers[i].listing), (uint32_t)answers[i].listing);
    for (size_t i = 0; i < count; i++) {
        ret_rows[i] = answers[i].is_listed ? (uint32_t)answers[i].listing : 0;
        rows[i] = &ret_rows[i];
        if (!answers[i].is_listed || (answers[i].listing & LISTING_IS_ROW) != 0)
            continue;
        const struct shard *s = shard_of(r, answers[i].listing);
        rows[i] = &s->rows[shard_rank(s, (uint32_t)answers[i].listing)];
        __builtin_prefetch(rows[i]);
    }
    for (size_t i = 0; i < count; i++)
        ret_rows[i] = *rows[i];
}

void screen_rows(const struct screen_reader *r, const struct screen_answer *answers, size_t count,
                 uint32_t *ret_rows)
{
    for (size_t at = 0; at < count; at += ASK_AT_ONCE) {
        size_t some = count - at < ASK_AT_ONCE ? count - at : ASK_AT_ONCE;
        rows_of_some(r, answers + at, some, ret_rows + at);
    }
}

static bool is_bytes(unsigned kind)
{
    return kind == INDICATOR_ACCOUNT || kind == INDICATOR_DEVICE || kind == INDICATOR_COMPANY;
}

/* How many of those that come next are of the bytes' lane. */
static size_t bytes_ahead(const struct screen_question *questions, size_t count)
{
    size_t ahead = 0;
    while (ahead < count && ahead < BYTES_AT_ONCE && is_bytes(questions[ahead].kind))
        ahead++;
    return ahead;
}

/* --- anything --- */

struct probe {
    struct place place;
    const struct shard *shard;
    const uint64_t *line;
    uint64_t slot;
    uint32_t question;
    unsigned found;      /* slots of the line that have the key */
    const uint8_t *text; /* of the first of them */
    bool is_whole;
    struct filter_places places;
};

struct asking {
    const struct screen_view *view;
    instant now;
    uint32_t depths;
    bool has_news[SHARD_CLASS_COUNT];
    uint32_t count;
    struct probe probes[PROBES_AT_ONCE];
    uint16_t open[PROBES_AT_ONCE];
    struct best best[ASK_AT_ONCE];
    bool has_mark[ASK_AT_ONCE];
};

static struct finding finding_of(const struct asking *a, const struct probe *p)
{
    return (struct finding){
        .size = (uint32_t)p->place.value.size, .is_whole = p->is_whole, .now_us = a->now.us};
}

/* The shard is not asked what the delta knows. */
static bool is_answered_by_news(struct asking *a, const struct probe *p)
{
    if (!a->has_news[p->place.class])
        return false;
    const struct delta_item *item = find_news(a->view, &p->place);
    struct finding f = finding_of(a, p);
    if (item == NULL)
        return false;
    if (hear_item(&a->best[p->question], item, &f))
        a->has_mark[p->question] = true;
    return true;
}

static struct place *next_place(struct asking *a)
{
    return &a->probes[a->count].place;
}

/* Looks where next_place said. */
static void put_probe(struct asking *a, uint32_t question, bool is_whole)
{
    struct probe *p = &a->probes[a->count++];
    const struct place *place = &p->place;
    p->shard = &a->view->shards[place->class][shard_index(place->class, place->key)];
    p->question = question;
    p->is_whole = is_whole;
    if (a->has_news[place->class])
        expect_news(a->view, place);
}

static void aim_probe(struct probe *p)
{
    const struct shard *s = p->shard;
    struct shard_want want = shard_want(s, p->place.key);
    p->line = s->lines + want.line * LINE_SLOTS;
    p->slot = want.slot;
    if (s->filter_bytes == NULL) {
        __builtin_prefetch(p->line);
        return;
    }
    p->places = filter_find(&s->filter, p->place.key);
    for (int i = 0; i < 3; i++)
        __builtin_prefetch(s->filter_bytes + p->places.at[i]);
}

/* At all that the deltas do not answer. */
static size_t aim_all(struct asking *a)
{
    size_t left = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        struct probe *p = &a->probes[i];
        if (is_answered_by_news(a, p) || p->shard->head == NULL)
            continue;
        aim_probe(p);
        a->open[left++] = (uint16_t)i;
    }
    return left;
}

static void put_suffix(struct asking *a, str suffix, uint64_t key)
{
    struct place *place = next_place(a);
    place->class = SHARD_NAMES;
    place->key = key;
    place->kind = INDICATOR_DOMAIN;
    place->value = suffix;
}

static void put_name(struct asking *a, str name, uint32_t question)
{
    UNSET struct key_suffix suffixes[NAME_DEPTHS + 1];
    size_t labels = 0;
    size_t count = key_suffixes(&a->view->seed, name, NAME_DEPTHS + 1, suffixes, &labels);
    for (size_t i = 0; i < count; i++) {
        bool is_whole = i + 1 == count;
        if (!is_whole && (a->depths >> (i + 1) & 1) == 0)
            continue;
        put_suffix(a, str_from(name, suffixes[i].at), suffixes[i].key);
        put_probe(a, question, is_whole);
    }
}

static void put_question(struct asking *a, const struct screen_question *q, uint32_t question)
{
    if (q->kind == INDICATOR_DOMAIN) {
        put_name(a, q->value, question);
        return;
    }
    *next_place(a) = place_of(&a->view->seed, q->kind, q->value);
    put_probe(a, question, true);
    if (q->kind == INDICATOR_URL)
        put_name(a, url_host(q->value), question);
}

/* Names of which the filter says that they are not there are done with. */
static size_t ask_filters(struct asking *a, size_t open)
{
    size_t left = 0;
    for (size_t k = 0; k < open; k++) {
        const struct probe *p = &a->probes[a->open[k]];
        const uint8_t *bytes = p->shard->filter_bytes;
        bool may_be = true;
        if (bytes != NULL) {
            may_be = (uint8_t)(bytes[p->places.at[0]] ^ bytes[p->places.at[1]] ^
                               bytes[p->places.at[2]]) == p->places.print;
            if (may_be)
                __builtin_prefetch(p->line);
        }
        a->open[left] = a->open[k];
        left += may_be;
    }
    return left;
}

/* Finds the slots that have the key, and sends for the first one's text and term. */
static void find_slots(struct asking *a, size_t open)
{
    for (size_t k = 0; k < open; k++) {
        struct probe *p = &a->probes[a->open[k]];
        uint64_t terms = shard_terms_mask(p->shard);
        bool has_text = p->place.class != SHARD_NUMBERS;
        p->found = line_find(p->line, p->slot, terms) & (has_text ? 0xFEU : 0xFFU);
        if (p->found == 0)
            continue;
        uint32_t slot = (uint32_t)__builtin_ctz(p->found);
        __builtin_prefetch(&p->shard->terms[p->line[slot] & terms]);
        if (!has_text)
            continue;
        p->text = shard_text(p->shard, p->line, slot);
        __builtin_prefetch(p->text);
        __builtin_prefetch(p->text + TEXT_HEAD_BYTES + p->place.value.size - 1);
    }
}

/* The slot that has the value, of those that have its key; LINE_SLOTS: none. */
static uint32_t find_value(const struct probe *p)
{
    unsigned found = p->found;
    uint32_t slot = (uint32_t)__builtin_ctz(found);
    if (p->place.class == SHARD_NUMBERS || text_is(p->text, p->place.kind, p->place.value))
        return slot;
    for (found &= found - 1; found != 0; found &= found - 1) {
        slot = (uint32_t)__builtin_ctz(found);
        if (text_is(shard_text(p->shard, p->line, slot), p->place.kind, p->place.value))
            return slot;
    }
    return LINE_SLOTS;
}

/* True when the value was found in this line. */
static bool look_at_line(struct asking *a, const struct probe *p)
{
    uint32_t slot = find_value(p);
    struct finding f = finding_of(a, p);
    if (slot == LINE_SLOTS)
        return false;
    slot += (uint32_t)(p->line - p->shard->lines);
    if (hear_slot(&a->best[p->question], p->shard, slot, &f))
        a->has_mark[p->question] = true;
    return true;
}

static void look_at_lines(struct asking *a)
{
    size_t open = ask_filters(a, aim_all(a));
    while (open > 0) {
        size_t left = 0;
        find_slots(a, open);
        for (size_t k = 0; k < open; k++) {
            struct probe *p = &a->probes[a->open[k]];
            bool is_found = p->found != 0 && look_at_line(a, p);
            if (is_found || !line_goes_on(p->line, p->slot, shard_terms_mask(p->shard)))
                continue;
            p->line += LINE_SLOTS;
            __builtin_prefetch(p->line);
            a->open[left++] = a->open[k];
        }
        open = left;
    }
}

/* Below a mark: the suffixes that are not looked for otherwise. Rare. */
static void look_deeper(struct asking *a, str name, uint32_t question)
{
    struct key_suffix suffixes[KEY_LABELS];
    size_t labels = 0;
    size_t count = key_suffixes(&a->view->seed, name, KEY_LABELS, suffixes, &labels);
    for (size_t i = NAME_DEPTHS; i + 1 < count; i++) {
        a->count = 0;
        put_suffix(a, str_from(name, suffixes[i].at), suffixes[i].key);
        put_probe(a, question, false);
        look_at_lines(a);
    }
}

static void ask_some(struct asking *a, const struct screen_question *questions, uint32_t count,
                     struct screen_answer *ret_answers)
{
    a->count = 0;
    memset(a->best, 0, sizeof a->best);
    memset(a->has_mark, 0, sizeof a->has_mark);
    for (uint32_t i = 0; i < count; i++)
        put_question(a, &questions[i], i);
    look_at_lines(a);
    for (uint32_t i = 0; i < count; i++) {
        str value = questions[i].value;
        if (a->has_mark[i])
            look_deeper(a, questions[i].kind == INDICATOR_URL ? url_host(value) : value, i);
        ret_answers[i] = answer_of(&a->best[i]);
    }
}

static void begin_asking(struct asking *a, const struct screen_reader *r, instant now)
{
    a->view = r->view;
    a->now = now;
    for (int class = 0; class < SHARD_CLASS_COUNT; class ++)
        a->has_news[class] = has_news(r->view, (enum shard_class) class);
    a->depths = r->view->depths | (uint32_t)env_word_read(&r->view->live->depths);
    if (r->view->frozen != NULL)
        a->depths |= (uint32_t)env_word_read(&r->view->frozen->depths);
}

void screen_ask_many(const struct screen_reader *r, const struct screen_question *questions,
                     size_t count, instant now, struct screen_answer *ret_answers)
{
    UNSET struct asking a;
    begin_asking(&a, r, now);
    for (size_t at = 0, some = 0; at < count; at += some) {
        size_t left = count - at;
        some = bytes_ahead(questions + at, left);
        if (some == left || some >= ASK_AT_ONCE) {
            ask_bytes(r, questions + at, some, now, ret_answers + at);
            continue;
        }
        some = left < ASK_AT_ONCE ? left : ASK_AT_ONCE;
        ask_some(&a, questions + at, (uint32_t)some, ret_answers + at);
    }
}

struct screen_answer screen_ask(const struct screen_reader *r, unsigned kind, str value,
                                instant now)
{
    struct screen_question question = {.kind = kind, .value = value};
    struct screen_answer answer;
    screen_ask_many(r, &question, 1, now, &answer);
    return answer;
}
