/* SPDX-License-Identifier: Apache-2.0 */
/* The part of the parameters that is about telephones. */
#include "drill/params_read.h"

#include "drill/dice.h"

/* clang-format off */
#define AT(member) offsetof(struct call_params, member)
#define SHARE(key, member) {key, "share", MICRO, 0, MICRO, AT(member)}
#define SIGMA(key, member) {key, "sigma", MICRO, 0, 4 * MICRO, AT(member)}
#define WHOLE(key, unit, low, high, member) {key, unit, 1, low, high, AT(member)}
static const struct figure people[] = {
    WHOLE("contacts", "persons", 1, 2000, people.contacts),
    SIGMA("contacts_sigma", people.contacts_sigma),
    SIGMA("activity", people.activity),
    WHOLE("favour", "power", 1, 6, people.favour),
    SHARE("outside", people.outside),
    SHARE("answered", people.answered),
    WHOLE("talk_s", "seconds", 1, 86400, people.talk_s),
    SIGMA("talk_sigma", people.talk_sigma),
    WHOLE("ring_s", "seconds", 1, 60, people.ring_s),
    SHARE("back", people.back),
    SHARE("back_unknown", people.back_unknown),
    WHOLE("back_min", "minutes", 1, 1440, people.back_min),
    WHOLE("per_cell", "persons", 1, 1000000, people.per_cell),
    SHARE("away", people.away),
    SHARE("flips", people.flips),
    WHOLE("imei_days", "days", 1, 100000, people.imei_days),
    SHARE("handed", people.handed),
};

static const struct figure scam[] = {
    WHOLE("rack_per", "persons", 1, INT64_C(1000000000), scam.rack_per),
    WHOLE("racks_least", "racks", 0, 10000, scam.racks_least),
    WHOLE("bypass_per", "persons", 1, INT64_C(1000000000), scam.bypass_per),
    WHOLE("bypasses_least", "racks", 0, 10000, scam.bypasses_least),
    SHARE("outside", scam.outside),
    SHARE("answered", scam.answered),
    WHOLE("talk_s", "seconds", 1, 86400, scam.talk_s),
    SIGMA("talk_sigma", scam.talk_sigma),
    WHOLE("pause_s", "seconds", 1, 86400, scam.pause_s),
    SIGMA("pause_sigma", scam.pause_sigma),
    SHARE("again", scam.again),
    SHARE("texts", scam.texts),
    WHOLE("cap", "calls a day", 1, 100000, scam.cap),
    WHOLE("swap_s", "seconds", 1, 3600, scam.swap_s),
    WHOLE("life_days", "days", 1, 3660, scam.life_days),
    WHOLE("move_days", "days", 1, 3660, scam.move_days),
    SHARE("friends", scam.friends),
    WHOLE("mimic_s", "seconds", 1, 86400, scam.mimic_s),
    WHOLE("at_once", "calls", 1, 1000, scam.at_once),
    WHOLE("shown", "calls", 1, 100000, scam.shown),
    SHARE("borrowed", scam.borrowed),
    WHOLE("trunks", "trunks", 1, 1000, scam.trunks),
    SHARE("by_rack", scam.by_rack),
    SHARE("by_handset", scam.by_handset),
    SHARE("by_abroad", scam.by_abroad),
    WHOLE("lure_s", "seconds", 1, 86400, scam.lure_s),
    SIGMA("lure_sigma", scam.lure_sigma),
    SHARE("lure_again", scam.lure_again),
};
#undef AT
#define PLAIN(key, low, high, member) {key, NULL, 1, low, high, AT(member)}
#define PART(key, member) {key, NULL, MICRO, 0, MICRO, AT(member)}
#define RATE(key, member) {key, NULL, MICRO, 0, 1000 * MICRO, AT(member)}
#define AT(member) offsetof(struct talk_params, member)
static const struct figure talk_figures[] = {RATE("per_day", per_day)};
#undef AT
#define AT(member) offsetof(struct dialler_params, member)
static const struct figure dialler_figures[] = {
    PLAIN("per", 1, INT64_C(1000000000), per),
    PLAIN("least", 0, 10000, least),
};
#undef AT
#define AT(member) offsetof(struct carrier_params, member)
static const struct figure carrier_figures[] = {
    PART("share", share),
    PLAIN("skew_ms", -86400000, 86400000, skew_ms),
    PLAIN("tick_ms", 1, 60000, tick_ms),
    PLAIN("every_s", 1, 86400, every_s),
    PLAIN("phases", 0, 1, phases),
    PLAIN("gives_cell", 0, 1, gives_cell),
    PLAIN("gives_imei", 0, 1, gives_imei),
    PART("late", late),
    PLAIN("late_hours", 0, 2400, late_hours),
    PART("resent", resent),
    PART("doubled", doubled),
};
#undef AT
#define AT(member) offsetof(struct kind_params, member)
static const struct figure kind_figures[] = {
    PLAIN("per", 1, INT64_C(1000000000), per),
    PLAIN("least", 0, 100000, least),
    PLAIN("shared", 1, 1000000, shared),
    PLAIN("cards", 1, 100000, cards),
    PART("lends", lends),
    RATE("own", own),
    RATE("work", work),
    RATE("rung", rung),
    PLAIN("regular", 0, 1, is_regular),
    PLAIN("regulars", 1, 100000, regulars),
    PART("again", again),
    PART("near", near),
    PART("centre", centre),
    PART("answered", answered),
    PLAIN("talk_s", 1, 86400, talk_s),
    {"sigma", NULL, MICRO, 0, 4 * MICRO, AT(sigma)},
    PART("back", back),
    PART("texts", texts),
    PLAIN("range", 0, 10000, range),
    PLAIN("step_min", 1, 1440, step_min),
    PLAIN("sleeps", 0, 1, sleeps),
    PLAIN("abroad", 0, 1, abroad),
};
#undef AT
#define AT(member) offsetof(struct rack_params, member)
static const struct figure rack_figures[] = {
    PART("share", share),
    PLAIN("ports", 1, 512, ports),
    PLAIN("sims", 1, 64, sims),
    PLAIN("swap_calls", 1, 100000, swap_calls),
    PART("mimic", mimic),
    PART("sectors", sectors),
};
static const struct figure bypass_figures[] = {
    PART("share", share),
    PLAIN("ports", 1, 512, ports),
    PLAIN("sims", 1, 64, sims),
    PLAIN("swap_calls", 1, 100000, swap_calls),
    PART("mimic", mimic),
    PART("sectors", sectors),
    PLAIN("pause_s", 1, 86400, pause_s),
    PLAIN("regulars", 1, 100000, regulars),
    PART("again", again),
    PART("answered", answered),
    PLAIN("talk_s", 1, 86400, talk_s),
    {"sigma", NULL, MICRO, 0, 4 * MICRO, AT(sigma)},
    PLAIN("life_days", 1, 3660, life_days),
};
#undef AT
/* clang-format on */

static const char *const hours_only[] = {"hours", NULL};

static err carriers_read(struct reading *r, const struct yaml_node *root, struct call_params *c)
{
    static const char *const texts[] = {"code", "name", NULL};
    const struct row row = {carrier_figures, COUNT_OF(carrier_figures), texts};
    const struct yaml_node *list = NULL;
    int64_t shares = 0;
    TRY(params_list(r, root, "carriers", CARRIERS_MOST, &list));
    r->part = "carriers";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct carrier_params *carrier = &c->carriers[c->carrier_count++];
        TRY(params_row(r, node, &row, carrier));
        TRY(params_text(r, node, "code", &carrier->code));
        TRY(params_text(r, node, "name", &carrier->name));
        if (!params_is_code(carrier->code))
            return params_refuse(r, node, "code", "account.bank");
        shares += carrier->share;
    }
    r->part = NULL;
    return shares == MICRO ? OK : params_refuse(r, list, "carriers", "drill.shares");
}

static err kinds_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"name", "hours", NULL};
    const struct row row = {kind_figures, COUNT_OF(kind_figures), texts};
    const struct yaml_node *list = NULL;
    TRY(params_list(r, root, "lines", KINDS_MOST, &list));
    r->part = "lines";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct kind_params *kind = &p->calls.kinds[p->calls.kind_count++];
        TRY(params_row(r, node, &row, kind));
        TRY(params_text(r, node, "name", &kind->name));
        TRY(params_profile(r, node, p, &kind->profile));
    }
    r->part = NULL;
    return OK;
}

static err imei_read(struct reading *r, const struct yaml_node *node, int64_t *ret_policy)
{
    static const char *const words[IMEI_COUNT] = {"fixed", "slot", "random", "device"};
    str word = {0};
    TRY(params_text(r, node, "imei", &word));
    for (int64_t i = 0; i < IMEI_COUNT; i++)
        if (str_equal(word, str_from_c(words[i]))) {
            *ret_policy = i;
            return OK;
        }
    return params_refuse(r, node, "imei", "drill.imei");
}

/* A list of types whose shares are a whole; they go behind `*count` of them. */
struct rack_list {
    const char *key;
    const struct figure *figures;
    size_t figure_count;
    struct rack_params *racks;
    size_t *count;
};

static err rack_list_read(struct reading *r, const struct yaml_node *root, struct params *p,
                          const struct rack_list *l)
{
    static const char *const texts[] = {"name", "hours", "imei", NULL};
    const struct row row = {l->figures, l->figure_count, texts};
    const struct yaml_node *list = NULL;
    int64_t shares = 0;
    TRY(params_list(r, root, l->key, RACKS_MOST, &list));
    r->part = l->key;
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct rack_params *rack = &l->racks[(*l->count)++];
        TRY(params_row(r, node, &row, rack));
        TRY(params_text(r, node, "name", &rack->name));
        TRY(params_profile(r, node, p, &rack->profile));
        TRY(imei_read(r, node, &rack->imei));
        shares += rack->share;
    }
    r->part = NULL;
    return shares == MICRO ? OK : params_refuse(r, list, l->key, "drill.shares");
}

static err racks_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    struct call_params *c = &p->calls;
    const struct rack_list racks = {"racks", rack_figures, COUNT_OF(rack_figures), c->racks,
                                    &c->rack_count};
    TRY(rack_list_read(r, root, p, &racks));
    const struct rack_list bypasses = {"bypasses", bypass_figures, COUNT_OF(bypass_figures),
                                       c->racks + c->rack_count, &c->bypass_count};
    return rack_list_read(r, root, p, &bypasses);
}

/* A map of equals, each with its hours. */
static err talks_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const words[TALK_COUNT] = {"friends", "errands", "firms", "texts"};
    const struct row row = {talk_figures, COUNT_OF(talk_figures), hours_only};
    const struct yaml_node *map = NULL;
    TRY(params_child(r, root, "talks", &map));
    r->part = "talks";
    TRY(params_only(r, map, words, TALK_COUNT));
    for (size_t i = 0; i < TALK_COUNT; i++) {
        const struct yaml_node *node = NULL;
        TRY(params_child(r, map, words[i], &node));
        TRY(params_row(r, node, &row, &p->calls.talks[i]));
        TRY(params_profile(r, node, p, &p->calls.talks[i].profile));
    }
    r->part = NULL;
    return OK;
}

static err diallers_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const words[DIALLER_COUNT] = {"handset", "abroad"};
    const struct row row = {dialler_figures, COUNT_OF(dialler_figures), hours_only};
    const struct yaml_node *map = NULL;
    TRY(params_child(r, root, "diallers", &map));
    r->part = "diallers";
    TRY(params_only(r, map, words, DIALLER_COUNT));
    for (size_t i = 0; i < DIALLER_COUNT; i++) {
        const struct yaml_node *node = NULL;
        TRY(params_child(r, map, words[i], &node));
        TRY(params_row(r, node, &row, &p->calls.diallers[i]));
        TRY(params_profile(r, node, p, &p->calls.diallers[i].profile));
    }
    r->part = NULL;
    return OK;
}

err params_calls(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const struct group groups[] = {
        {"telephones", people, COUNT_OF(people)},
        {"dialling",   scam,   COUNT_OF(scam)  },
    };
    const struct call_params *c = &p->calls;
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        TRY(params_group(r, root, &groups[i], &p->calls));
    TRY(talks_read(r, root, p));
    TRY(diallers_read(r, root, p));
    TRY(carriers_read(r, root, &p->calls));
    TRY(kinds_read(r, root, p));
    TRY(racks_read(r, root, p));
    if (c->scam.by_rack + c->scam.by_handset + c->scam.by_abroad > MICRO)
        return params_refuse(r, yaml_find(root, "dialling"), "dialling", "drill.shares");
    return OK;
}
