/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/detect_write.h"

#include "app/calls/suspect_rules.h"
#include "app/house/ask.h"
#include "kit/json.h"
#include "kit/secret.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define MILLI 1000

err findings_open(struct house *house, str division, struct findings *ret_findings)
{
    *ret_findings = (struct findings){.house = house, .division = division};
    TRY(pages_make_sparse(FOUND_MOST * sizeof(struct found), &ret_findings->pages));
    ret_findings->found = ret_findings->pages.at;
    return OK;
}

static void forget(struct findings *f)
{
    secret_wipe(f->found, f->count * sizeof *f->found);
    f->count = f->beyond = f->borrowed = 0;
}

void findings_close(struct findings *f)
{
    if (f->found == NULL)
        return;
    forget(f);
    pages_drop(&f->pages);
    f->found = NULL;
}

static void put_one(struct findings *f, const struct hit *hit, const struct detect_row *row)
{
    for (uint32_t i = 0; i < f->count; i++)
        if (f->found[i].hit.caller == hit->caller)
            return;
    struct found *found = &f->found[f->count++];
    found->hit = *hit;
    memcpy(found->number, row->number, sizeof found->number);
}

err findings_put(struct findings *f, const struct hits *hits, const struct detect_row *rows)
{
    f->beyond += hits->beyond;
    f->borrowed += hits->borrowed;
    for (uint32_t i = 0; i < hits->count; i++) {
        if (f->count == FOUND_MOST)
            TRY(findings_say(f));
        put_one(f, &hits->at[i], &rows[hits->at[i].row]);
    }
    return OK;
}

/* --- on the store thread --- */

static str number_of(const struct found *found)
{
    return str_make(found->number, strnlen(found->number, sizeof found->number));
}

static err put_reasons(const struct hit *hit, struct arena *turn, str *ret_reasons)
{
    struct text t;
    struct json j;
    text_init(&t, turn);
    json_init(&j, &t);
    json_array(&j);
    for (uint32_t i = 0; i < hit->reason_count; i++) {
        json_object(&j);
        json_put_str(&j, STR("feature"),
                     str_from_c(feature_name((enum feature)hit->reasons[i].feature)));
        json_put_i64(&j, STR("value"), hit->reasons[i].value);
        json_key(&j, STR("part"));
        json_milli(&j, hit->reasons[i].part_milli);
        json_end(&j);
    }
    json_end(&j);
    *ret_reasons = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err say_one(const struct findings *f, struct store *store, const struct suspect_rules *r,
                   const struct found *found)
{
    const struct model *m = &f->house->detector->model;
    char hex[2 * DIGEST_BYTES];
    struct command cmd = {
        .act = ACT_SUSPICION_FIND,
        .actor = {.user = STR("centre"), .kind = ACTOR_CENTRE},
        .record = store_id(store, r->at, r->turn)
    };
    struct suspicion *s = &cmd.body.suspicion;
    hex_put(hex, m->digest.bytes, DIGEST_BYTES);
    *s = (struct suspicion){.number = number_of(found),
                            .detector = DETECTOR_CALLERS,
                            .model = m->name,
                            .digest = str_make(hex, sizeof hex),
                            .margin = llround((double)found->hit.margin * MILLI),
                            .at_call = found->hit.at_call,
                            .until = suspect_rules_until(r),
                            .division = f->division};
    TRY(put_reasons(&found->hit, r->turn, &s->reasons));
    return store_apply(store, &cmd, r->at, r->turn, NULL);
}

static int by_margin(const void *a, const void *b)
{
    const struct found *x = a;
    const struct found *y = b;
    if (x->hit.margin != y->hit.margin)
        return x->hit.margin > y->hit.margin ? -1 : 1;
    return memcmp(x->number, y->number, sizeof x->number);
}

static err write_found(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct findings *f = self;
    struct suspect_rules rules = {.turn = turn};
    TRY(suspect_rules_begin(&rules, f->house, store, at));
    for (uint32_t i = 0; i < f->count; i++) {
        enum found_fate fate = FOUND_KNOWN;
        str open = {0};
        TRY(suspect_rules_judge(&rules, number_of(&f->found[i]), DETECTOR_CALLERS, &fate, &open));
        if (fate == FOUND_SAID)
            TRY(say_one(f, store, &rules, &f->found[i]));
    }
    rules.counts[FOUND_BEYOND] += f->beyond;
    rules.counts[FOUND_KNOWN] += f->borrowed;
    return suspect_rules_end(&rules);
}

/* For a day: then what was beyond its budget, or known, is judged again. */
static void remember(const struct findings *f)
{
    struct detector *d = f->house->detector;
    int64_t day = clock_now(&f->house->clock).us / US_PER_DAY;
    env_mutex_lock(&d->mutex);
    if (d->told_day != day)
        memset(d->told, 0, sizeof d->told);
    d->told_day = day;
    for (uint32_t i = 0; i < f->count; i++)
        d->told[f->found[i].hit.caller % DETECT_TOLD] = f->found[i].hit.caller;
    env_mutex_unlock(&d->mutex);
}

err findings_say(struct findings *f)
{
    if (f->count + f->beyond + f->borrowed == 0)
        return OK;
    qsort(f->found, f->count, sizeof *f->found, by_margin);
    TRY(ask_store(f->house, write_found, f));
    remember(f);
    forget(f);
    return OK;
}

void findings_settled(struct findings *f)
{
    struct detector *d = f->house->detector;
    env_mutex_lock(&d->mutex);
    d->rescores = false;
    env_mutex_unlock(&d->mutex);
}
