/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What speaks against an entry, strongest first:
 *
 *     it is the centre's own name               own_name
 *     it stands on a list that protects,        protected
 *     of which the public suffixes are one
 *     it is below a name that is protected with
 *       all below it, and no shared platform     below_protected
 *     somebody says the opposite                opposed
 *     a person has lifted it before             lifted_before
 *
 * What was asked once is not asked again, whatever was decided: an entry that once was in conflict
 * enters by a person's decision only. Once what was listed by such a decision has expired, the
 * entry is judged anew.
 */
#include "app/lists/take_inside.h"
#include "fact/url.h"
#include "kit/suffix.h"
#include "store/sql.h"

#include <assert.h>

/* A number of the map: flags, and which source (or listing) said so first. */
enum { IS_NAME = 1, IS_WHOLE = 2, IS_SHARED = 4, HAS_BELOW = 8, WHO_SHIFT = 4 };

struct rules {
    struct take *t;
    struct reader *reader;
    struct strmap protected; /* names, and the names above them */
    struct strmap opposed;
    struct strmap lifted;
    struct strmap known; /* conflicts there are already */
    str *who;
    size_t who_count;
    size_t who_room;
    uint8_t key[SIPHASH_KEY_BYTES];
};

static err who_add(struct rules *r, str who, uint32_t *ret_index)
{
    if (r->who_count > 0 && str_equal(r->who[r->who_count - 1], who)) {
        *ret_index = (uint32_t)r->who_count - 1;
        return OK;
    }
    if (r->who_count == r->who_room) {
        size_t room = r->who_room == 0 ? 64 : r->who_room * 2;
        r->who =
            arena_grow(&r->t->keep, r->who, r->who_room * sizeof *r->who, room * sizeof *r->who);
        r->who_room = room;
    }
    if (r->who == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_index = (uint32_t)r->who_count;
    r->who[r->who_count++] = who;
    return OK;
}

static err note(struct rules *r, struct strmap *map, str value, uint32_t flags, str who)
{
    uint32_t *number = NULL;
    uint32_t index = 0;
    TRY(strmap_at(map, value, &number));
    bool is_new = (*number & ~(uint32_t)HAS_BELOW) == 0;
    if (is_new && flags != HAS_BELOW) {
        TRY(who_add(r, who, &index));
        *number |= index << WHO_SHIFT;
    }
    *number |= flags;
    return OK;
}

static str parent(str domain)
{
    return str_from(domain, str_find_char(domain, '.') + 1);
}

/* Whoever blocks one of these with all below it would block the protected name. */
static err note_above(struct rules *r, str value)
{
    for (str up = parent(value); !str_is_empty(up); up = parent(up))
        TRY(note(r, &r->protected, up, HAS_BELOW, STR("")));
    return OK;
}

/* Each row: value, who, and whether it goes for what is below. */
static err load(struct rules *r, struct sql_row *row, struct strmap *map)
{
    bool has_row = false;
    bool is_domain = r->t->source->kind == INDICATOR_DOMAIN;
    TRY(sql_next(row, &has_row));
    str last = STR("");
    while (has_row) {
        str value = sql_str(row, 0, &r->t->keep);
        str who = str_equal(sql_peek(row, 1), last) ? last : sql_str(row, 1, &r->t->keep);
        if (value.at == NULL || who.at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        last = who;
        uint32_t flags = IS_NAME | (sql_i64(row, 2) != 0 ? (uint32_t)IS_WHOLE : IS_SHARED);
        TRY(note(r, map, value, flags, who));
        if (is_domain && map == &r->protected)
            TRY(note_above(r, value));
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err load_by(struct rules *r, const char *literal, struct strmap *map, bool is_of_source)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(r->reader), literal, &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[r->t->source->kind]));
    if (is_of_source)
        sql_bind_str(row, 2, r->t->source->id);
    err e = load(r, row, map);
    sql_done(&row);
    return e;
}

/* Of an allow: what blocks. Nothing else speaks against setting free. */
static err load_opposed(struct rules *r)
{
    if (r->t->source->action == ACTION_ALLOW)
        return load_by(r,
                       "SELECT \"value\", \"id\", 0 FROM listing WHERE \"kind\" = $1"
                       " AND \"state\" = 'in_force' AND \"action\" <> 'allow'"
                       " AND coalesce(\"source_id\", '') <> $2",
                       &r->opposed, true);
    return load_by(r,
                   "SELECT \"value\", \"id\", \"match\" = 'suffix' FROM listing"
                   " WHERE \"kind\" = $1 AND \"state\" = 'in_force' AND \"action\" = 'allow'"
                   " AND coalesce(\"source_id\", '') <> $2",
                   &r->opposed, true);
}

static err load_protected(struct rules *r)
{
    return load_by(r,
                   "SELECT p.\"value\", s.\"name\", s.\"match\" = 'suffix'"
                   " FROM protected_value p JOIN source s ON s.\"id\" = p.\"source\""
                   " WHERE p.\"kind\" = $1 AND s.\"state\" = 'in_force' ORDER BY s.\"id\"",
                   &r->protected, false);
}

static err load_all(struct rules *r)
{
    TRY(load_opposed(r));
    TRY(load_protected(r));
    TRY(load_by(r,
                "SELECT \"value\", \"id\", 0 FROM listing WHERE \"kind\" = $1"
                " AND \"state\" = 'lifted' AND \"ended_why\" NOT IN"
                " ('source.vanished', 'source.ended', 'source.conflict', 'source.narrowed')",
                &r->lifted, false));
    return load_by(r,
                   "SELECT \"value\", \"id\", 0 FROM conflict WHERE \"kind\" = $1"
                   " AND \"source\" = $2 AND NOT EXISTS (SELECT 1 FROM listing l"
                   " WHERE l.\"id\" = conflict.\"listing\" AND l.\"state\" = 'expired')",
                   &r->known, true);
}

static bool conflict(struct entry *e, unsigned rule, str against)
{
    e->fate = FATE_CONFLICT;
    e->rule = (uint8_t)rule;
    e->other = against;
    return true;
}

static str who_of(const struct rules *r, uint32_t number)
{
    return r->who[number >> WHO_SHIFT];
}

static bool is_at_or_below(str name, str top)
{
    return str_equal(name, top) || (name.size > top.size && str_ends(name, top) &&
                                    name.at[name.size - top.size - 1] == '.');
}

static bool is_own(const struct take *t, str value)
{
    const str names[] = {url_host(t->house->public_url), t->house->conf.dns_notice_cname,
                         t->house->conf.dns_zone};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        str name = names[i];
        if (str_ends(name, STR(".")))
            name.size--;
        if (!str_is_empty(name) && (is_at_or_below(name, value) || is_at_or_below(value, name)))
            return true;
    }
    return false;
}

/* The nearest name above that somebody protects, told apart by whether strangers live below it. */
static bool judge_below(struct rules *r, struct entry *e)
{
    for (str up = parent(e->value); str_has(up, STR(".")); up = parent(up)) {
        bool is_public = suffix_is_public(up); /* most are none, and then it is the only question */
        if (is_public && suffix_is_icann(up))
            return false;
        uint32_t number = strmap_get(&r->protected, up);
        bool is_whole = (number & IS_WHOLE) != 0; /* somebody says so, whoever else has the name */
        bool is_shared = is_public || (!is_whole && (number & IS_SHARED) != 0);
        e->is_exact = e->is_exact || is_shared;
        if (is_shared)
            return false;
        if (is_whole)
            return conflict(e, CONFLICT_BELOW_PROTECTED, who_of(r, number));
    }
    return false;
}

static bool judge_opposed(struct rules *r, struct entry *e)
{
    uint32_t number = strmap_get(&r->opposed, e->value);
    for (str up = parent(e->value); number == 0 && !str_is_empty(up); up = parent(up)) {
        uint32_t above = strmap_get(&r->opposed, up);
        number = (above & IS_WHOLE) != 0 ? above : 0;
    }
    return number != 0 && conflict(e, CONFLICT_OPPOSED, who_of(r, number));
}

/* What protects; and whether only the host itself may be listed. */
static bool judge_domain(struct rules *r, struct entry *e, bool is_wide)
{
    uint32_t number = strmap_get(&r->protected, e->value);
    if (is_own(r->t, e->value))
        return conflict(e, CONFLICT_OWN_NAME, STR(""));
    if ((number & IS_NAME) != 0)
        return conflict(e, CONFLICT_PROTECTED, who_of(r, number));
    if (e->is_public) /* strangers below it, and everybody's door above them */
        return conflict(e, CONFLICT_PROTECTED, STR("public suffix list"));
    if (judge_below(r, e))
        return true;
    /* A host is still listed where the whole of it may not be. */
    e->is_exact = e->is_exact || (is_wide && (number & HAS_BELOW) != 0);
    return false;
}

static bool judge_other(struct rules *r, struct entry *e)
{
    uint32_t number = strmap_get(&r->protected, e->value);
    if (r->t->source->kind == INDICATOR_URL && is_own(r->t, url_host(e->value)))
        return conflict(e, CONFLICT_OWN_NAME, STR(""));
    return number != 0 && conflict(e, CONFLICT_PROTECTED, who_of(r, number));
}

static bool judge_guarded(struct rules *r, struct entry *e, bool is_wide)
{
    return r->t->source->kind == INDICATOR_DOMAIN ? judge_domain(r, e, is_wide) : judge_other(r, e);
}

static void judge_entry(struct rules *r, struct entry *e)
{
    if (strmap_get(&r->known, e->value) != 0) {
        e->fate = FATE_KNOWN_CONFLICT;
        return;
    }
    if (r->t->source->action == ACTION_ALLOW) {
        judge_opposed(r, e);
        return;
    }
    bool is_wide = r->t->source->match == MATCH_SUFFIX;
    if (judge_guarded(r, e, is_wide) || judge_opposed(r, e))
        return;
    uint32_t lifted = strmap_get(&r->lifted, e->value);
    if (lifted != 0)
        conflict(e, CONFLICT_LIFTED_BEFORE, who_of(r, lifted));
}

static err make(struct take *t, struct reader *reader, struct rules **ret_rules)
{
    struct rules *r = arena_make(&t->keep, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    r->t = t;
    r->reader = reader;
    random_fill(&t->house->random, r->key, sizeof r->key);
    struct strmap *maps[] = {&r->protected, &r->opposed, &r->lifted, &r->known};
    for (size_t i = 0; i < COUNT_OF(maps); i++)
        strmap_init(maps[i], r->key, &t->keep);
    *ret_rules = r;
    return OK;
}

err take_judge(struct take *t, struct reader *reader)
{
    struct rules *r = NULL;
    TRY(make(t, reader, &r));
    TRY(load_all(r));
    for (size_t i = 0; i < t->count; i++)
        judge_entry(r, &t->entries[i]);
    return OK;
}

err take_rules_make(struct take *t, struct reader *reader, struct rules **ret_rules)
{
    struct rules *r = NULL;
    TRY(make(t, reader, &r));
    TRY(load_protected(r));
    *ret_rules = r;
    return OK;
}

void take_judge_standing(struct rules *rules, struct entry *e, bool is_wide)
{
    judge_guarded(rules, e, is_wide);
}
