/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/params.h"

#include "base/embedded.h"
#include "base/instant.h"
#include "drill/dice.h"
#include "drill/params_read.h"

#include <assert.h>

extern const struct embedded_file world_files[];

#define AT(member) offsetof(struct params, member)
#define SHARE(key, member)                                                                         \
    {                                                                                              \
        key, "share", MICRO, 0, MICRO, AT(member)                                                  \
    }
#define SIGMA(key, member)                                                                         \
    {                                                                                              \
        key, "sigma", MICRO, 0, 4 * MICRO, AT(member)                                              \
    }
#define WHOLE(key, unit, member)                                                                   \
    {                                                                                              \
        key, unit, 1, 0, INT64_C(1000000000000), AT(member)                                        \
    }
#define AMONG(key, unit, member)                                                                   \
    {                                                                                              \
        key, unit, 1, 1, INT64_C(1000000000), AT(member)                                           \
    }
#define HOUR(key, member)                                                                          \
    {                                                                                              \
        key, "hour", 1, 0, 24, AT(member)                                                          \
    }

/* clang-format off */
static const struct figure people[] = {
    SHARE("salaried", people.salaried),
    SHARE("pensioners", people.pensioners),
    SHARE("farmers", people.farmers),
    SHARE("owners", people.owners),
    SHARE("second", people.second),
    AMONG("town", "persons", people.town),
    WHOLE("wage", "fen a month", people.wage),
    SIGMA("wage_sigma", people.wage_sigma),
    WHOLE("pension", "fen a month", people.pension),
    SIGMA("pension_sigma", people.pension_sigma),
    WHOLE("other", "fen a month", people.other),
    SIGMA("other_sigma", people.other_sigma),
    {"opening", "months of income", MICRO, 0, 1000 * MICRO, AT(people.opening)},
    SIGMA("opening_sigma", people.opening_sigma),
    SHARE("busy", people.busy),
};

static const struct figure firms[] = {
    AMONG("staff", "persons", firms.staff),
    SIGMA("staff_sigma", firms.staff_sigma),
    AMONG("office", "pensioners", firms.office),
    AMONG("per_shop", "persons", firms.per_shop),
    AMONG("per_buyer", "farmers", firms.per_buyer),
    AMONG("sham_per", "persons", firms.sham_per),
    WHOLE("opening", "fen", firms.opening),
    {"runs_per_s", "payments a second", 1, 1, 1000000, AT(firms.runs_per_s)},
    {"season_from", "month", 1, 1, 12, AT(firms.season_from)},
    {"season_until", "month", 1, 1, 12, AT(firms.season_until)},
};

static const struct figure scam[] = {
    {"victims", "a million persons a day", MICRO, 0, 100000 * MICRO, AT(scam.victims)},
    {"least", "a day", MICRO, 0, 100000 * MICRO, AT(scam.least)},
    {"tries", "persons", 1, 1, 1000, AT(scam.tries)},
    SHARE("borrow", scam.borrow),
    AMONG("ring_per", "persons", scam.ring_per),
    {"rings_least", "rings", 1, 1, 10000, AT(scam.rings_least)},
    {"crew", "accounts a layer", 1, 2, 1000, AT(scam.crew)},
    {"crew_days", "days", 1, 1, 365, AT(scam.crew_days)},
    SHARE("spare", scam.spare),
    SHARE("sham", scam.sham),
    SHARE("automated", scam.automated),
    {"dwell_s", "seconds", 1, 1, 3600, AT(scam.dwell_s)},
    {"human_min", "minutes", 1, 1, 10000, AT(scam.human_min)},
    SIGMA("human_sigma", scam.human_sigma),
    HOUR("night_from", scam.night_from),
    HOUR("night_until", scam.night_until),
    {"parts", "payments", 1, 1, 20, AT(scam.parts)},
    AMONG("part_least", "fen", scam.part_least),
    SHARE("keeps", scam.keeps),
    SHARE("early", scam.early),
    SHARE("abandons", scam.abandons),
    {"limit", "fen", 1, 10000, INT64_C(1000000000), AT(scam.limit)},
    {"cash_limit", "fen", 1, 10000, INT64_C(1000000000), AT(scam.cash_limit)},
    {"cash_times", "payments", 1, 1, 100, AT(scam.cash_times)},
};

static const struct figure exits[] = {
    SHARE("atm", exits.atm), SHARE("crypto", exits.crypto), SHARE("merchant", exits.merchant),
    SHARE("abroad", exits.abroad), SHARE("outside", exits.outside),
};

#undef AT
#define AT(member) offsetof(struct bank_params, member)
#define PLAIN(key, low, high, member) {key, NULL, 1, low, high, AT(member)}
#define PART(key, member) {key, NULL, MICRO, 0, MICRO, AT(member)}
static const struct figure bank_figures[] = {
    PART("share", share),
    PLAIN("skew_ms", -86400000, 86400000, skew_ms),
    PLAIN("tick_ms", 1, 60000, tick_ms),
    PLAIN("every_s", 1, 86400, every_s),
    PLAIN("gives_seq", 0, 1, gives_seq),
    PLAIN("gives_balance", 0, 1, gives_balance),
    PART("late", late),
    PLAIN("late_hours", 0, 2400, late_hours),
    PART("resent", resent),
    PART("doubled", doubled),
    PART("pending", pending),
    PLAIN("pending_min", 0, 100000, pending_min),
    PART("rejected", rejected),
    PART("reversed", reversed),
    PLAIN("asks", 0, 1, asks),
};
#undef AT
#define AT(member) offsetof(struct scam_params, member)
static const struct figure scam_figures[] = {
    PART("share", share),
    PLAIN("median", 100, INT64_C(100000000000), median),
    {"sigma", NULL, MICRO, 0, 4 * MICRO, AT(sigma)},
    PLAIN("payments", 1, 100, payments),
    PLAIN("gap_min", 1, 100000, gap_min),
    PLAIN("told_min", 1, 1000000, told_min),
    PART("texted", texted),
    PART("visited", visited),
    PLAIN("visits", 1, 100, visits),
};
#undef AT
#define AT(member) offsetof(struct habit_params, member)
static const struct figure habit_figures[] = {
    {"per_day", NULL, MICRO, 0, 1000 * MICRO, AT(per_day)},
    PLAIN("median", 1, INT64_C(100000000000), median),
    {"sigma", NULL, MICRO, 0, 4 * MICRO, AT(sigma)},
};
#undef AT
/* clang-format on */

static const char *const habit_words[HABIT_COUNT] = {
#define X(name, word) [HABIT_##name] = word,
    HABIT_LIST(X)
#undef X
};

static err banks_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"code", "name", NULL};
    const struct row row = {bank_figures, COUNT_OF(bank_figures), texts};
    const struct yaml_node *list = NULL;
    TRY(params_list(r, root, "banks", BANKS_MOST, &list));
    r->part = "banks";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct bank_params *bank = &p->banks[p->bank_count++];
        TRY(params_row(r, node, &row, bank));
        TRY(params_text(r, node, "code", &bank->code));
        TRY(params_text(r, node, "name", &bank->name));
        if (!params_is_code(bank->code))
            return params_refuse(r, node, "code", "account.bank");
    }
    r->part = NULL;
    return OK;
}

static err scams_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"name", NULL};
    const struct row row = {scam_figures, COUNT_OF(scam_figures), texts};
    const struct yaml_node *list = NULL;
    TRY(params_list(r, root, "scams", SCAMS_MOST, &list));
    r->part = "scams";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct scam_params *kind = &p->scams[p->scam_count++];
        TRY(params_row(r, node, &row, kind));
        TRY(params_text(r, node, "name", &kind->name));
    }
    r->part = NULL;
    return OK;
}

static err profiles_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const struct figure figures[] = {
        {"weekend", NULL, MICRO, 0, 10 * MICRO, offsetof(struct profile_params, weekend)},
    };
    static const char *const texts[] = {"name", "hours", NULL};
    const struct row row = {figures, COUNT_OF(figures), texts};
    const struct yaml_node *list = NULL;
    TRY(params_list(r, root, "profiles", PROFILES_MOST, &list));
    r->part = "profiles";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct profile_params *profile = &p->profiles[p->profile_count++];
        TRY(params_row(r, node, &row, profile));
        TRY(params_text(r, node, "name", &profile->name));
        TRY(params_numbers(r, node, "hours", HOURS, profile->hours));
    }
    r->part = NULL;
    return OK;
}

static err habits_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"hours", NULL};
    const struct row row = {habit_figures, COUNT_OF(habit_figures), texts};
    const struct yaml_node *map = NULL;
    TRY(params_child(r, root, "habits", &map));
    r->part = "habits";
    TRY(params_only(r, map, habit_words, HABIT_COUNT));
    for (size_t i = 0; i < HABIT_COUNT; i++) {
        const struct yaml_node *node = NULL;
        TRY(params_child(r, map, habit_words[i], &node));
        TRY(params_row(r, node, &row, &p->habits[i]));
        TRY(params_profile(r, node, p, &p->habits[i].profile));
    }
    r->part = NULL;
    return OK;
}

static err begin_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    str date = {0};
    instant at = {0};
    struct text t;
    TRY(params_text(r, root, "begin", &date));
    text_init(&t, r->arena);
    text_printf(&t, "%.*sT00:00:00+08:00", STR_ARGS(date));
    if (date.size != 10 || failed(instant_parse(text_str(&t), &at)))
        return params_refuse(r, yaml_find(root, "begin"), "begin", "drill.date");
    p->begin_us = at.us;
    return OK;
}

static err shares_check(struct reading *r, const struct yaml_node *root, const struct params *p)
{
    int64_t trades =
        p->people.salaried + p->people.pensioners + p->people.farmers + p->people.owners;
    int64_t banks = 0;
    int64_t scams = 0;
    for (size_t i = 0; i < p->bank_count; i++)
        banks += p->banks[i].share;
    for (size_t i = 0; i < p->scam_count; i++)
        scams += p->scams[i].share;
    if (trades > MICRO)
        return params_refuse(r, yaml_find(root, "people"), "people", "drill.shares");
    if (banks != MICRO)
        return params_refuse(r, yaml_find(root, "banks"), "banks", "drill.shares");
    if (scams != MICRO)
        return params_refuse(r, yaml_find(root, "scams"), "scams", "drill.shares");
    const struct exit_params *e = &p->exits;
    if (e->atm + e->crypto + e->merchant + e->abroad + e->outside != MICRO)
        return params_refuse(r, yaml_find(root, "exits"), "exits", "drill.shares");
    return OK;
}

err params_read(str yaml, struct arena *a, struct params *ret_params,
                struct params_fault *ret_fault)
{
    static const char *const known[] = {"begin",      "people",   "firms",    "scam",   "exits",
                                        "depths",     "profiles", "banks",    "habits", "scams",
                                        "telephones", "talks",    "carriers", "lines",  "dialling",
                                        "diallers",   "racks",    "bypasses", "online", "asking"};
    static const struct group groups[] = {
        {"people", people, COUNT_OF(people)},
        {"firms",  firms,  COUNT_OF(firms) },
        {"scam",   scam,   COUNT_OF(scam)  },
        {"exits",  exits,  COUNT_OF(exits) },
    };
    struct reading r = {.arena = a, .fault = ret_fault};
    struct params *p = arena_make(a, sizeof *p);
    const struct yaml_node *root = NULL;
    *ret_fault = (struct params_fault){.key = STR("")};
    if (p == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    err e = yaml_parse(yaml, a, &root);
    if (failed(e)) {
        ret_fault->line = e.at;
        return e;
    }
    TRY(params_only(&r, root, known, COUNT_OF(known)));
    TRY(begin_read(&r, root, p));
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        TRY(params_group(&r, root, &groups[i], p));
    TRY(params_numbers(&r, root, "depths", LAYERS_MOST, p->depths));
    TRY(profiles_read(&r, root, p));
    TRY(banks_read(&r, root, p));
    TRY(scams_read(&r, root, p));
    TRY(habits_read(&r, root, p));
    TRY(params_calls(&r, root, p));
    TRY(params_online(&r, root, p));
    TRY(params_asking(&r, root, p));
    TRY(shares_check(&r, root, p));
    *ret_params = *p;
    return OK;
}

str params_bundled(void)
{
    return world_files[0].bytes;
}
