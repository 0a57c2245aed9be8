/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/detect.h"

#include "sense/suspect.h"

#include <assert.h>
#include <math.h>

#define MILLI 1000

enum { FEATURES = FEATURE_COUNT };

/* --- on the clerk's thread --- */

static uint64_t cell_key_of(str carrier, str cell)
{
    struct digest_stream s;
    uint64_t key = 0;
    digest_init(&s);
    digest_put(&s, carrier);
    digest_put(&s, STR("\n"));
    digest_put(&s, cell);
    struct digest d = digest_done(&s);
    memcpy(&key, d.bytes, sizeof key);
    return key | 1;
}

void detect_row_fill(struct detect_row *row, str carrier, const struct phone_call *call)
{
    *row = (struct detect_row){0};
    assert(call->caller.size <= sizeof row->number && call->cell.size <= sizeof row->cell);
    memcpy(row->number, call->caller.at, call->caller.size);
    if (str_is_empty(call->cell))
        return;
    memcpy(row->cell, call->cell.at, call->cell.size);
    row->cell_key = cell_key_of(carrier, call->cell);
}

/* --- scoring --- */

struct scoring {
    const struct detector *d;
    const struct detect_batch *batch;
    struct hits *hits;
};

static bool was_told(const struct detector *d, uint64_t caller)
{
    return d->told[caller % DETECT_TOLD] == caller;
}

/* Where it goes among the hits; NULL: it is one of them already, or lower than all. */
static struct hit *place_of(struct hits *hits, uint64_t caller, float margin)
{
    struct hit *lowest = NULL;
    for (uint32_t i = 0; i < hits->count; i++) {
        if (hits->at[i].caller == caller)
            return NULL;
        if (lowest == NULL || hits->at[i].margin < lowest->margin)
            lowest = &hits->at[i];
    }
    if (hits->count < HITS_MOST)
        return &hits->at[hits->count++];
    hits->beyond++;
    return lowest->margin < margin ? lowest : NULL;
}

static void explain(const struct model *m, const struct model_binding *binding,
                    const uint32_t values[FEATURES], struct hit *hit)
{
    double parts[MODEL_FEATURES];
    float row[FEATURES];
    struct model_reason reasons[HIT_REASONS];
    model_row(binding, values, row);
    (void)model_explain(m, row, parts);
    hit->reason_count = (uint32_t)model_reasons(m, parts, reasons, HIT_REASONS);
    for (uint32_t i = 0; i < hit->reason_count; i++) {
        enum feature f = binding->from[reasons[i].feature];
        hit->reasons[i] = (struct hit_reason){
            .feature = f, .value = values[f], .part_milli = llround(reasons[i].part * MILLI)};
    }
}

static void score(struct scoring *s, const struct conduct *c, struct handset_load load,
                  uint32_t row)
{
    const struct detector *d = s->d;
    uint32_t values[FEATURES];
    float asked[FEATURES];
    if ((suspect_look(c, load) & SUSPECT_CALLER) == 0 || was_told(d, c->key))
        return;
    feature_read(c, load, s->batch->zone_s, values);
    model_row(&d->binding, values, asked);
    float margin = model_score(&d->model, asked);
    if (margin < d->threshold)
        return;
    if (suspect_is_borrowed(c)) {
        s->hits->borrowed++;
        return;
    }
    struct hit *hit = place_of(s->hits, c->key, margin);
    if (hit == NULL)
        return;
    *hit = (struct hit){.caller = c->key, .row = row, .at_call = c->out_calls, .margin = margin};
    explain(&d->model, &d->binding, values, hit);
}

/* A slot may have been given away before the batch was over. */
static void score_due(struct scoring *s, const struct calls *calls)
{
    for (size_t i = 0; i < s->batch->due_count; i++) {
        const struct book_due *due = &s->batch->due[i];
        const struct conduct *c = calls_at(calls, due->slot);
        if (c->key == s->batch->sightings[due->sighting].caller)
            score(s, c, calls_handset(calls, &s->batch->sightings[due->sighting]), due->sighting);
    }
}

/* After a batch was cut off: what was found in it is found again in what comes again. */
static void score_again(struct scoring *s, const struct calls *calls)
{
    for (uint32_t i = 0; i < s->batch->count; i++) {
        uint64_t caller = s->batch->sightings[i].caller;
        bool is_same = i > 0 && s->batch->sightings[i - 1].caller == caller;
        bool is_again = s->batch->news[i] == 0 || s->batch->news[i] == BOOK_LATE;
        const struct conduct *c = is_again && !is_same ? calls_find(calls, caller) : NULL;
        if (c != NULL)
            score(s, c, calls_handset(calls, &s->batch->sightings[i]), i);
    }
}

/* --- cards --- */

/* A call is kept once it is over: its end tells how long it was. Kept twice it is tested once. */
static void keep_call(struct cards *cards, const struct calls *calls, const struct detect_batch *b,
                      uint32_t i)
{
    const struct sighting *s = &b->sightings[i];
    const struct detect_row *row = &b->rows[i];
    const struct conduct *c = NULL;
    if ((s->parts & CALL_END) != 0)
        c = calls_find(calls, s->caller);
    if (c == NULL || (suspect_look(c, (struct handset_load){0}) & SUSPECT_CARD) == 0)
        return;
    bool is_whole = (s->parts & CALL_SETUP) != 0;
    uint32_t before_s = is_whole || s->duration_s > s->time_s ? 0 : s->duration_s;
    const struct card_told told = {
        .call = {.key = s->caller,
                 .peer = s->callee,
                 .start_s = s->time_s - before_s,
                 .duration_s = s->duration_s},
        .number = str_make(row->number, strnlen(row->number, sizeof row->number)),
        .cell = row->cell_key,
        .cell_name = str_make(row->cell, strnlen(row->cell, sizeof row->cell)),
        .carrier = b->carrier,
    };
    cards_put(cards, &told);
}

static void keep_all(struct cards *cards, const struct calls *calls, const struct detect_batch *b)
{
    for (uint32_t i = 0; i < b->count; i++) {
        const struct sighting *s = &b->sightings[i];
        if (s->is_text || b->rows[i].cell_key == 0)
            continue;
        if ((s->parts & CALL_SETUP) != 0)
            cards_hear(cards, b->rows[i].cell_key, s->time_s);
        keep_call(cards, calls, b, i);
    }
}

void detect_take(struct detector *d, const struct calls *calls, const struct detect_batch *b,
                 struct hits *ret_hits)
{
    struct scoring s = {.d = d, .batch = b, .hits = ret_hits};
    ret_hits->count = ret_hits->beyond = ret_hits->borrowed = 0;
    env_mutex_lock(&d->mutex);
    if (d->has_threshold)
        score_due(&s, calls);
    if (d->has_threshold && d->rescores)
        score_again(&s, calls);
    if (d->has_cards)
        keep_all(&d->cards, calls, b);
    env_mutex_unlock(&d->mutex);
}
