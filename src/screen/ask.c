/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions are taken a few dozen at a time, and each step is done for all of them before the next
 * begins: work out where to look and ask for that memory, then look. What has to look further, one
 * line on, asks for it and waits for the next round. So the memory's answers overlap, and nothing
 * ever waits for one line alone.
 */
#include "screen/part.h"

#include "fact/url.h"

enum {
    NUMBERS_AT_ONCE = 64,
    QUESTIONS_AT_ONCE = 32,
    BYTES_AT_ONCE = 64,
    PROBES_A_QUESTION = NAME_DEPTHS + 2, /* suffixes, the name itself, a url before its host */
    PROBES_AT_ONCE = QUESTIONS_AT_ONCE * PROBES_A_QUESTION,
};

/* The build zeroes what is on the stack; here that would cost more than the asking. */
#define UNSET __attribute__((uninitialized))

/* A listing told by its row, not by its slot. */
#define LISTING_IS_ROW (UINT64_C(1) << 63)

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

/* --- judging --- */

/* By what was said, then by whose name is longer, then by who ends later, then by who is newer. */
struct best {
    uint64_t listing;
    int64_t until_us;
    uint32_t size;
    uint32_t rank; /* 0: nothing yet */
};

static const uint8_t ranks[TERM_ACTION + 1] = {
    [ACTION_WARN] = 1, [ACTION_BLOCK] = 2, [ACTION_ALLOW] = 3};
static const uint8_t verdicts[] = {VERDICT_PASS, VERDICT_WARN, VERDICT_BLOCK, VERDICT_PASS};

/* Under whose value a listing was found, and when it is asked. */
struct finding {
    uint32_t size;
    bool is_whole; /* not only a suffix of what is asked for */
    int64_t now_us;
};

static inline bool speaks(const struct term *t, const struct finding *f)
{
    bool covers = f->is_whole || (t->flags & TERM_SUFFIX) != 0;
    return covers && (t->flags & TERM_MARK) == 0 && (int64_t)t->from_us <= f->now_us &&
           f->now_us < t->until_us;
}

static inline bool outdoes(const struct best *b, uint32_t rank, uint32_t size, int64_t until_us,
                           uint64_t listing)
{
    if (rank != b->rank)
        return rank > b->rank;
    if (size != b->size)
        return size > b->size;
    return until_us != b->until_us ? until_us > b->until_us : listing > b->listing;
}

static inline void hear(struct best *b, const struct term *t, const struct finding *f,
                        uint64_t listing)
{
    uint32_t rank = ranks[t->flags & TERM_ACTION];
    if (speaks(t, f) && outdoes(b, rank, f->size, t->until_us, listing))
        *b = (struct best){listing, t->until_us, f->size, rank};
}

static uint64_t listing_of(const struct shard *s, uint32_t slot)
{
    return (uint64_t)s->head->class << 40 | (uint64_t)s->head->index << 32 | slot;
}

/* True when there is a mark: longer suffixes are to be looked for. */
static bool hear_slot(struct best *b, const struct shard *s, uint32_t slot, const struct finding *f)
{
    uint64_t term = s->lines[slot] & shard_terms_mask(s);
    if (term != TERM_SEVERAL) {
        hear(b, &s->terms[term], f, listing_of(s, slot));
        return (s->terms[term].flags & TERM_MARK) != 0;
    }
    struct shard_listings l = shard_listings(s, slot);
    const struct term *each = NULL;
    uint32_t row = 0;
    bool has_mark = false;
    while (shard_listing_next(s, &l, &row, &each)) {
        hear(b, each, f, LISTING_IS_ROW | row);
        has_mark = has_mark || (each->flags & TERM_MARK) != 0;
    }
    return has_mark;
}

static bool hear_item(struct best *b, const struct delta_item *item, const struct finding *f)
{
    bool has_mark = false;
    for (uint32_t i = 0; i < item->count; i++) {
        const struct delta_listing *l = &item->listings[i];
        hear(b, &l->term, f, LISTING_IS_ROW | l->row);
        has_mark = has_mark || (l->term.flags & TERM_MARK) != 0;
    }
    return has_mark;
}

static struct screen_answer answer_of(const struct best *b)
{
    return (struct screen_answer){.listing = b->listing,
                                  .until = {b->until_us},
                                  .verdict = verdicts[b->rank],
                                  .is_listed = b->rank > 0};
}

uint32_t screen_row(const struct screen_reader *r, const struct screen_answer *answer)
{
    if ((answer->listing & LISTING_IS_ROW) != 0)
        return (uint32_t)answer->listing;
    const struct shard *s = &r->view->shards[answer->listing >> 40][(answer->listing >> 32) & 0xFF];
    return s->rows[shard_rank(s, (uint32_t)answer->listing)];
}

static bool has_news(const struct screen_view *v, enum shard_class class)
{
    return env_counter_read(&v->live->counts[class]) > 0 ||
           (v->frozen != NULL && env_counter_read(&v->frozen->counts[class]) > 0);
}

static const struct delta_item *find_news(const struct screen_view *v, const struct place *p)
{
    const struct delta_item *item = delta_find(v->live, p);
    return item != NULL || v->frozen == NULL ? item : delta_find(v->frozen, p);
}

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
    uint64_t key;
    uint32_t found;
};

static bool are_all_bytes(const struct screen_question *questions, size_t count)
{
    bool are = true;
    for (size_t i = 0; i < count; i++)
        are = are &&
              (questions[i].kind == INDICATOR_ACCOUNT || questions[i].kind == INDICATOR_DEVICE ||
               questions[i].kind == INDICATOR_COMPANY);
    return are;
}

static void aim_at_bytes(const struct screen_view *v, const struct screen_question *questions,
                         size_t count, struct bytes_probe *probes)
{
    for (size_t i = 0; i < count; i++) {
        struct bytes_probe *p = &probes[i];
        p->key = key_bytes(&v->seed, questions[i].kind, questions[i].value);
        p->shard = &v->shards[SHARD_BYTES][shard_index(SHARD_BYTES, p->key)];
        struct shard_want want = shard_want(p->shard, p->key);
        p->slot = want.slot;
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
        __builtin_prefetch(p->text +
                           24); /* most are not longer, and many begin near a line's end */
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

static void ask_bytes(const struct screen_view *v, const struct screen_question *questions,
                      size_t count, instant now, struct screen_answer *ret_answers)
{
    UNSET struct bytes_probe probes[QUESTIONS_AT_ONCE];
    UNSET uint8_t open[QUESTIONS_AT_ONCE];
    struct finding f = {.is_whole = true, .now_us = now.us};
    aim_at_bytes(v, questions, count, probes);
    memset(ret_answers, 0, count * sizeof *ret_answers);
    for (size_t i = 0; i < count; i++)
        open[i] = (uint8_t)i;
    while (count > 0) {
        size_t left = 0;
        find_bytes(probes, open, count);
        for (size_t k = 0; k < count; k++) {
            struct bytes_probe *p = &probes[open[k]];
            uint32_t slot = compare_bytes(p, &questions[open[k]]);
            if (slot < LINE_SLOTS) {
                struct best best = {0};
                uint32_t line = (uint32_t)(p->line - p->shard->lines);
                (void)hear_slot(&best, p->shard, line + slot, &f);
                ret_answers[open[k]] = answer_of(&best);
                continue;
            }
            bool goes_on = line_goes_on(p->line, p->slot, shard_terms_mask(p->shard));
            p->line += LINE_SLOTS;
            __builtin_prefetch(p->line);
            open[left] = open[k];
            left += goes_on;
        }
        count = left;
    }
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
    struct best best[QUESTIONS_AT_ONCE];
    bool has_mark[QUESTIONS_AT_ONCE];
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
    struct probe *p = &a->probes[a->count];
    const struct place *place = &p->place;
    const struct shard *s = &a->view->shards[place->class][shard_index(place->class, place->key)];
    p->shard = s;
    p->question = question;
    p->is_whole = is_whole;
    if (is_answered_by_news(a, p) || s->head == NULL)
        return;
    struct shard_want want = shard_want(s, place->key);
    p->line = s->lines + want.line * LINE_SLOTS;
    p->slot = want.slot;
    a->count++;
    if (s->filter_bytes == NULL) {
        __builtin_prefetch(p->line);
        return;
    }
    p->places = filter_find(&s->filter, place->key);
    for (int i = 0; i < 3; i++)
        __builtin_prefetch(s->filter_bytes + p->places.at[i]);
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
static size_t ask_filters(struct asking *a)
{
    size_t left = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        struct probe *p = &a->probes[i];
        const uint8_t *bytes = p->shard->filter_bytes;
        bool may_be = true;
        if (bytes != NULL) {
            may_be = (uint8_t)(bytes[p->places.at[0]] ^ bytes[p->places.at[1]] ^
                               bytes[p->places.at[2]]) == p->places.print;
            if (may_be)
                __builtin_prefetch(p->line);
        }
        a->open[left] = (uint16_t)i;
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
    size_t open = ask_filters(a);
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
    for (size_t at = 0; at < count; at += QUESTIONS_AT_ONCE) {
        size_t some = count - at < QUESTIONS_AT_ONCE ? count - at : QUESTIONS_AT_ONCE;
        if (are_all_bytes(questions + at, some)) {
            ask_bytes(r->view, questions + at, some, now, ret_answers + at);
            if (a.has_news[SHARD_BYTES])
                look_at_bytes_news(r->view, questions + at, some, now, ret_answers + at);
            continue;
        }
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
