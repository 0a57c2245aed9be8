/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_manners.h"

#include "base/embedded.h"
#include "drill/figure.h"

#include <assert.h>
#include <string.h>

extern const struct embedded_file manners_files[];

const char *const bank_kind_words[BANK_KIND_COUNT] = {
    [BANK_HOLD] = "hold",     [BANK_STOP] = "stop",
    [BANK_FREEZE] = "freeze", [BANK_DISCONNECT] = "disconnect",
    [BANK_BLOCK] = "block",   [BANK_QUERY] = "query",
};

struct figure {
    const char *key;
    const char *unit;
    int64_t one; /* MICRO where decimals are meant */
    int64_t high;
    size_t offset;
};

#define AT(member) offsetof(struct bank_manners, member)
#define SHARE(member)                                                                              \
    {                                                                                              \
#member, "share", MICRO, MICRO, AT(member)                                                 \
    }
#define SIGMA(member)                                                                              \
    {                                                                                              \
#member, "sigma", MICRO, 4 * MICRO, AT(member)                                             \
    }
#define WHOLE(member, unit, high)                                                                  \
    {                                                                                              \
#member, unit, 1, high, AT(member)                                                         \
    }
static const struct figure figures[] = {
    WHOLE(answer_s, "seconds", 10000000),
    SIGMA(answer_sigma),
    SHARE(acks),
    SHARE(refuses),
    SHARE(doubles),
    SHARE(disorders),
    SHARE(strangers),
    SHARE(over),
    {"over_part", "share",   MICRO, 100 * MICRO,  AT(over_part)},
    SHARE(stubborn),
    SHARE(deaf),
    SHARE(unpaid),
    {"outages",   "a month", MICRO, 1000 * MICRO, AT(outages)  },
    WHOLE(outage_min, "minutes", 100000),
    SIGMA(outage_sigma),
    WHOLE(silent_from_h, "hours", 100000),
    WHOLE(silent_h, "hours", 100000),
    WHOLE(memory_s, "seconds", 10000000),
    WHOLE(booking_s, "seconds", 10000000),
    SHARE(frozen),
    WHOLE(frozen_fen, "fen", INT64_C(1000000000000)),
};
#undef AT
#undef SHARE
#undef SIGMA
#undef WHOLE

static err refuse(struct params_fault *fault, const struct yaml_node *node, str key,
                  const char *why)
{
    *fault = (struct params_fault){node->line, key};
    return fail(ERR_MALFORMED, why, node->line);
}

/* {value: 0.42, unit: share, source: "…"} */
static err figure_read(const struct yaml_node *node, const struct figure *f, struct bank_manners *m,
                       struct params_fault *fault)
{
    static const char *const known[] = {"value", "unit", "source"};
    int64_t value = 0;
    str key = str_from_c(f->key);
    if (node->kind != YAML_KIND_MAP)
        return refuse(fault, node, key, "conf.not_map");
    const struct yaml_node *unknown = yaml_find_unknown(node, known, COUNT_OF(known));
    if (unknown != NULL)
        return refuse(fault, unknown, key, "conf.unknown_key");
    const char *why = figure_explained(node, str_from_c(f->unit));
    if (why != NULL)
        return refuse(fault, node, key, why);
    if (!figure_parse(yaml_text(yaml_find(node, "value")), f->one, &value))
        return refuse(fault, node, key, f->one == 1 ? "conf.integer" : "drill.number");
    if (value < 0 || value > f->high)
        return refuse(fault, node, key, "conf.range");
    memcpy((char *)m + f->offset, &value, sizeof value);
    return OK;
}

static err can_read(const struct yaml_node *list, unsigned *ret_can, struct params_fault *fault)
{
    unsigned can = 0;
    if (list->kind != YAML_KIND_LIST)
        return refuse(fault, list, STR("can"), "conf.not_list");
    for (const struct yaml_node *n = list->first; n != NULL; n = n->next) {
        unsigned kind = 0;
        while (kind < BANK_KIND_COUNT &&
               !str_equal(yaml_text(n), str_from_c(bank_kind_words[kind])))
            kind++;
        if (kind == BANK_KIND_COUNT)
            return refuse(fault, n, STR("can"), "drill.can");
        can |= 1U << kind;
    }
    *ret_can = can;
    return OK;
}

/* What the map says; the rest stays as it is. */
static err manners_put(const struct yaml_node *map, struct bank_manners *m,
                       struct params_fault *fault)
{
    if (map->kind != YAML_KIND_MAP)
        return refuse(fault, map, map->key, "conf.not_map");
    for (const struct yaml_node *n = map->first; n != NULL; n = n->next) {
        size_t i = 0;
        while (i < COUNT_OF(figures) && !str_equal(n->key, str_from_c(figures[i].key)))
            i++;
        if (i < COUNT_OF(figures))
            TRY(figure_read(n, &figures[i], m, fault));
        else if (str_equal(n->key, STR("can")))
            TRY(can_read(n, &m->can, fault));
        else
            return refuse(fault, n, n->key, "conf.unknown_key");
    }
    return OK;
}

static err bundled(struct arena *a, struct bank_manners *m, const struct yaml_node **ret_root)
{
    struct params_fault fault;
    *m = (struct bank_manners){0};
    TRY(yaml_parse(manners_files[0].bytes, a, ret_root));
    return manners_put(yaml_find(*ret_root, "prompt"), m, &fault);
}

err bank_manners_find(str name, struct arena *a, struct bank_manners *ret_manners)
{
    struct params_fault fault;
    const struct yaml_node *root = NULL;
    const char *key = str_to_c(a, name);
    TRY(bundled(a, ret_manners, &root));
    if (key == NULL || yaml_find(root, key) == NULL)
        return fail(ERR_ABSENT, "drill.manners", 0);
    return manners_put(yaml_find(root, key), ret_manners, &fault);
}

err bank_manners_read(str yaml, struct arena *a, struct bank_manners *ret_manners,
                      struct params_fault *ret_fault)
{
    const struct yaml_node *root = NULL;
    *ret_fault = (struct params_fault){.key = STR("")};
    TRY(bundled(a, ret_manners, &root));
    err e = yaml_parse(yaml, a, &root);
    if (failed(e)) {
        ret_fault->line = e.at;
        return e;
    }
    return manners_put(root, ret_manners, ret_fault);
}

/* ---- whims -------------------------------------------------------------------------------- */

static void plan_outage(struct bank_whims *w, instant after)
{
    const struct bank_manners *m = w->manners;
    const int64_t month_us = 30 * US_PER_DAY;
    w->out_from = w->out_until = instant_from_us(INSTANT_MAX_US);
    if (m->outages == 0)
        return;
    int64_t gap_us = dice_wait(&w->outages, (int64_t)((__int128)month_us * MICRO / m->outages));
    int64_t minutes = dice_about(&w->outages, m->outage_min, m->outage_sigma);
    w->out_from = instant_add_us(after, gap_us);
    w->out_until = instant_add_us(w->out_from, (minutes + 1) * US_PER_MIN);
}

void bank_whims_begin(struct bank_whims *w, const struct bank_manners *m, uint64_t seed,
                      instant begun_at)
{
    *w = (struct bank_whims){.manners = m, .begun_at = begun_at};
    dice_fork(&w->answers, seed, STR("bank answers"));
    dice_fork(&w->outages, seed, STR("bank outages"));
    dice_fork(&w->bookings, seed, STR("bank bookings"));
    dice_fork(&w->returns, seed, STR("bank returns"));
    plan_outage(w, begun_at);
}

bool bank_whims_is_out(struct bank_whims *w, instant now)
{
    instant silent = instant_add_us(w->begun_at, w->manners->silent_from_h * US_PER_HOUR);
    while (now.us >= w->out_until.us && w->out_until.us < INSTANT_MAX_US)
        plan_outage(w, w->out_until);
    bool is_silent = now.us >= silent.us &&
                     now.us < instant_add_us(silent, w->manners->silent_h * US_PER_HOUR).us;
    return is_silent || (now.us >= w->out_from.us && now.us < w->out_until.us);
}

struct bank_whim bank_whim_next(struct bank_whims *w, const struct bank_instruction *i)
{
    const struct bank_manners *m = w->manners;
    struct dice *d = &w->answers;
    bool is_amount = i->kind == BANK_HOLD || i->kind == BANK_FREEZE;
    struct bank_whim whim = {0};
    whim.wait_us = dice_about(d, m->answer_s * MICRO, m->answer_sigma);
    whim.is_refused = dice_hits(d, m->refuses);
    whim.has_ack = dice_hits(d, m->acks);
    whim.is_ack_late = dice_hits(d, m->disorders) && whim.has_ack;
    whim.is_doubled = dice_hits(d, m->doubles);
    whim.has_stranger = dice_hits(d, m->strangers);
    if (dice_hits(d, m->over) && is_amount && i->ask == BANK_PLACE)
        whim.over_fen = (int64_t)((__int128)i->fen * m->over_part / MICRO);
    whim.is_stubborn = dice_hits(d, m->stubborn) && i->ask == BANK_TRIM;
    whim.is_deaf = dice_hits(d, m->deaf) && i->ask == BANK_LIFT;
    return whim;
}

bool bank_whims_unpaid(struct bank_whims *w)
{
    return dice_hits(&w->returns, w->manners->unpaid);
}

int64_t bank_whims_booking_us(struct bank_whims *w)
{
    return dice_about(&w->bookings, w->manners->booking_s * MICRO, MICRO / 2);
}
