/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/params.h"

#include "base/embedded.h"
#include "base/instant.h"
#include "drill/dice.h"
#include "drill/figure.h"

#include <assert.h>

extern const struct embedded_file world_files[];

enum { KEYS_MOST = 64 };

struct reading {
    struct arena *arena;
    struct params_fault *fault;
    const char *part; /* of the file that is being read; NULL: its top */
};

/* How a figure is written and what it may be. */
struct figure {
    const char *key;
    const char *unit; /* NULL in a list of equals, whose head explains the units */
    int64_t one;      /* MICRO where decimals are meant */
    int64_t low;
    int64_t high;
    size_t offset;
};

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

static err refuse(struct reading *r, const struct yaml_node *node, const char *key, const char *why)
{
    struct text t;
    text_init(&t, r->arena);
    if (r->part != NULL) {
        text_put_c(&t, r->part);
        text_put_char(&t, '.');
    }
    text_put_c(&t, key);
    *r->fault = (struct params_fault){node == NULL ? 0 : node->line, text_str(&t)};
    return fail(ERR_MALFORMED, why, r->fault->line);
}

static err child(struct reading *r, const struct yaml_node *map, const char *key,
                 const struct yaml_node **ret_child)
{
    const struct yaml_node *found = yaml_find(map, key);
    if (found == NULL)
        return refuse(r, map, key, "conf.required");
    *ret_child = found;
    return OK;
}

static err only(struct reading *r, const struct yaml_node *map, const char *const *known,
                size_t count)
{
    assert(map != NULL);
    if (map->kind != YAML_KIND_MAP)
        return refuse(r, map, "", "conf.not_map");
    const struct yaml_node *unknown = yaml_find_unknown(map, known, count);
    if (unknown == NULL)
        return OK;
    err e = refuse(r, map, str_to_c(r->arena, unknown->key), "conf.unknown_key");
    r->fault->line = e.at = unknown->key_line;
    return e;
}

static err figure_put(struct reading *r, const struct yaml_node *node, const struct figure *f,
                      void *into)
{
    int64_t value = 0;
    if (node->kind != YAML_KIND_SCALAR || !figure_parse(yaml_text(node), f->one, &value))
        return refuse(r, node, f->key, f->one == 1 ? "conf.integer" : "drill.number");
    if (value < f->low || value > f->high)
        return refuse(r, node, f->key, "conf.range");
    memcpy((char *)into + f->offset, &value, sizeof value);
    return OK;
}

/* {value: 0.42, unit: share, source: "…"} */
static err explained_put(struct reading *r, const struct yaml_node *node, const struct figure *f,
                         void *into)
{
    static const char *const known[] = {"value", "unit", "source"};
    const struct yaml_node *value = NULL;
    TRY(only(r, node, known, COUNT_OF(known)));
    TRY(child(r, node, "value", &value));
    const char *why = figure_explained(node, str_from_c(f->unit));
    if (why != NULL)
        return refuse(r, node, f->key, why);
    return figure_put(r, value, f, into);
}

struct group {
    const char *key;
    const struct figure *figures;
    size_t count;
};

static err group_read(struct reading *r, const struct yaml_node *root, const struct group *g,
                      struct params *p)
{
    const char *known[KEYS_MOST];
    const struct yaml_node *map = NULL;
    assert(g->count <= KEYS_MOST);
    TRY(child(r, root, g->key, &map));
    r->part = g->key;
    for (size_t i = 0; i < g->count; i++)
        known[i] = g->figures[i].key;
    TRY(only(r, map, known, g->count));
    for (size_t i = 0; i < g->count; i++) {
        const struct yaml_node *node = NULL;
        TRY(child(r, map, g->figures[i].key, &node));
        TRY(explained_put(r, node, &g->figures[i], p));
    }
    r->part = NULL;
    return OK;
}

/* One of several equals: figures and texts side by side, and a source for all of them. */
struct row {
    const struct figure *figures;
    size_t count;
    const char *const *texts; /* ended by NULL */
};

static err row_read(struct reading *r, const struct yaml_node *node, const struct row *row,
                    void *into)
{
    const char *known[KEYS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < row->count; i++)
        known[count++] = row->figures[i].key;
    for (const char *const *text = row->texts; *text != NULL; text++)
        known[count++] = *text;
    known[count++] = "source";
    TRY(only(r, node, known, count));
    if (str_is_blank(yaml_text(yaml_find(node, "source"))))
        return refuse(r, node, "source", "drill.source");
    for (size_t i = 0; i < row->count; i++) {
        const struct yaml_node *value = NULL;
        TRY(child(r, node, row->figures[i].key, &value));
        TRY(figure_put(r, value, &row->figures[i], into));
    }
    return OK;
}

static err text_read(struct reading *r, const struct yaml_node *map, const char *key, str *ret_text)
{
    const struct yaml_node *node = NULL;
    TRY(child(r, map, key, &node));
    if (str_is_blank(yaml_text(node)) || yaml_text(node).size > 64)
        return refuse(r, node, key, "drill.word");
    *ret_text = str_copy(r->arena, yaml_text(node));
    return ret_text->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err list_of(struct reading *r, const struct yaml_node *root, const char *key, size_t most,
                   const struct yaml_node **ret_list)
{
    const struct yaml_node *list = NULL;
    TRY(child(r, root, key, &list));
    assert(list != NULL);
    if (list->kind != YAML_KIND_LIST)
        return refuse(r, list, key, "conf.not_list");
    if (list->count == 0 || list->count > most)
        return refuse(r, list, key, "drill.count");
    *ret_list = list;
    return OK;
}

/* 2 to 11 capitals: as an account behind a bank's code is written. */
static bool is_code(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] < 'A' || s.at[i] > 'Z')
            return false;
    return s.size >= 2 && s.size <= 11;
}

static err banks_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"code", "name", NULL};
    const struct row row = {bank_figures, COUNT_OF(bank_figures), texts};
    const struct yaml_node *list = NULL;
    TRY(list_of(r, root, "banks", BANKS_MOST, &list));
    r->part = "banks";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct bank_params *bank = &p->banks[p->bank_count++];
        TRY(row_read(r, node, &row, bank));
        TRY(text_read(r, node, "code", &bank->code));
        TRY(text_read(r, node, "name", &bank->name));
        if (!is_code(bank->code))
            return refuse(r, node, "code", "account.bank");
    }
    r->part = NULL;
    return OK;
}

static err scams_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"name", NULL};
    const struct row row = {scam_figures, COUNT_OF(scam_figures), texts};
    const struct yaml_node *list = NULL;
    TRY(list_of(r, root, "scams", SCAMS_MOST, &list));
    r->part = "scams";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct scam_params *kind = &p->scams[p->scam_count++];
        TRY(row_read(r, node, &row, kind));
        TRY(text_read(r, node, "name", &kind->name));
    }
    r->part = NULL;
    return OK;
}

/* So many whole numbers, of which one at least is not 0. */
static err numbers_read(struct reading *r, const struct yaml_node *map, const char *key,
                        size_t count, int64_t *ret_numbers)
{
    const struct yaml_node *list = NULL;
    const struct figure each = {.key = key, .one = 1, .high = 1000000};
    int64_t sum = 0;
    TRY(list_of(r, map, key, count, &list));
    if (list->count != count)
        return refuse(r, list, key, "drill.count");
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        TRY(figure_put(r, node, &each, ret_numbers));
        sum += *ret_numbers++;
    }
    return sum == 0 ? refuse(r, list, key, "conf.range") : OK;
}

static err profiles_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const struct figure figures[] = {
        {"weekend", NULL, MICRO, 0, 10 * MICRO, offsetof(struct profile_params, weekend)},
    };
    static const char *const texts[] = {"name", "hours", NULL};
    const struct row row = {figures, COUNT_OF(figures), texts};
    const struct yaml_node *list = NULL;
    TRY(list_of(r, root, "profiles", PROFILES_MOST, &list));
    r->part = "profiles";
    for (const struct yaml_node *node = list->first; node != NULL; node = node->next) {
        struct profile_params *profile = &p->profiles[p->profile_count++];
        TRY(row_read(r, node, &row, profile));
        TRY(text_read(r, node, "name", &profile->name));
        TRY(numbers_read(r, node, "hours", HOURS, profile->hours));
    }
    r->part = NULL;
    return OK;
}

static err profile_find(struct reading *r, const struct yaml_node *node, const struct params *p,
                        uint32_t *ret_index)
{
    str name = {0};
    TRY(text_read(r, node, "hours", &name));
    for (uint32_t i = 0; i < p->profile_count; i++)
        if (str_equal(name, p->profiles[i].name)) {
            *ret_index = i;
            return OK;
        }
    return refuse(r, node, "hours", "drill.profile");
}

static err habits_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    static const char *const texts[] = {"hours", NULL};
    const struct row row = {habit_figures, COUNT_OF(habit_figures), texts};
    const struct yaml_node *map = NULL;
    TRY(child(r, root, "habits", &map));
    r->part = "habits";
    TRY(only(r, map, habit_words, HABIT_COUNT));
    for (size_t i = 0; i < HABIT_COUNT; i++) {
        const struct yaml_node *node = NULL;
        TRY(child(r, map, habit_words[i], &node));
        TRY(row_read(r, node, &row, &p->habits[i]));
        TRY(profile_find(r, node, p, &p->habits[i].profile));
    }
    r->part = NULL;
    return OK;
}

static err begin_read(struct reading *r, const struct yaml_node *root, struct params *p)
{
    str date = {0};
    instant at = {0};
    struct text t;
    TRY(text_read(r, root, "begin", &date));
    text_init(&t, r->arena);
    text_printf(&t, "%.*sT00:00:00+08:00", STR_ARGS(date));
    if (date.size != 10 || failed(instant_parse(text_str(&t), &at)))
        return refuse(r, yaml_find(root, "begin"), "begin", "drill.date");
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
        return refuse(r, yaml_find(root, "people"), "people", "drill.shares");
    if (banks != MICRO)
        return refuse(r, yaml_find(root, "banks"), "banks", "drill.shares");
    if (scams != MICRO)
        return refuse(r, yaml_find(root, "scams"), "scams", "drill.shares");
    const struct exit_params *e = &p->exits;
    if (e->atm + e->crypto + e->merchant + e->abroad + e->outside != MICRO)
        return refuse(r, yaml_find(root, "exits"), "exits", "drill.shares");
    return OK;
}

err params_read(str yaml, struct arena *a, struct params *ret_params,
                struct params_fault *ret_fault)
{
    static const char *const known[] = {"begin",  "people",   "firms", "scam",   "exits",
                                        "depths", "profiles", "banks", "habits", "scams"};
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
    TRY(only(&r, root, known, COUNT_OF(known)));
    TRY(begin_read(&r, root, p));
    for (size_t i = 0; i < COUNT_OF(groups); i++)
        TRY(group_read(&r, root, &groups[i], p));
    TRY(numbers_read(&r, root, "depths", LAYERS_MOST, p->depths));
    TRY(profiles_read(&r, root, p));
    TRY(banks_read(&r, root, p));
    TRY(scams_read(&r, root, p));
    TRY(habits_read(&r, root, p));
    TRY(shares_check(&r, root, p));
    *ret_params = *p;
    return OK;
}

str params_bundled(void)
{
    return world_files[0].bytes;
}
