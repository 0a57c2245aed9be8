/* SPDX-License-Identifier: Apache-2.0 */
/* The whole zone in one pass: in order, ancestors come before what they cover. */
#include "store/part.h"
#include "store/zone_part.h"

#include <assert.h>

void zone_reader_begin(struct zone_reader *r, struct zone_source source)
{
    r->source = source;
    r->key_size = 0;
    r->level_count = 0;
    r->visit = 0;
    r->has_below = false;
}

/* How many bytes of whole labels two names share. */
static size_t labels_shared(const struct zone_reader *r, str turned)
{
    size_t most = r->key_size < turned.size ? r->key_size : turned.size;
    size_t shared = 0;
    for (size_t i = 0; i < most && r->key[i] == turned.at[i]; i++)
        if (turned.at[i] == '.')
            shared = i + 1;
    return shared;
}

/* The end of the label that begins here. */
static size_t label_end(const struct zone_reader *r, size_t at)
{
    while (r->key[at] != '.')
        at++;
    return at + 1;
}

static err read_domain(struct zone_reader *r, bool *ret_has)
{
    str turned = {0};
    TRY(r->source.next(r->source.self, &turned, &r->word, ret_has));
    if (!*ret_has)
        return OK;
    assert(turned.size > 0 && turned.size < ZONE_TURNED_MAX && turned.at[turned.size - 1] == '.');
    size_t shared = labels_shared(r, turned);
    assert(shared < turned.size); /* in order, and once each */
    while (r->level_count > 0 && r->levels[r->level_count - 1].size > shared)
        r->level_count--;
    memcpy(r->key, turned.at, turned.size);
    r->key_size = turned.size;
    r->visit = shared; /* the parents up to there have been given with those before */
    return OK;
}

static struct zone_cover cover_here(const struct zone_reader *r)
{
    return r->level_count == 0 ? (struct zone_cover){0} : r->levels[r->level_count - 1].cover;
}

/* Steps to the next name on the way to the domain, or to it: its policies. */
static void visit_next(struct zone_reader *r)
{
    r->visit = label_end(r, r->visit);
    struct zone_cover cover = cover_here(r);
    bool is_domain = r->visit == r->key_size;
    struct zone_word word = is_domain ? r->word : (struct zone_word){0};
    r->policies = zone_policies(word, cover, true);
    if (!is_domain)
        return;
    assert(r->level_count < ZONE_LABELS_MAX);
    r->levels[r->level_count++] =
        (struct zone_level){.size = r->key_size, .cover = zone_cover_below(word, cover)};
}

static struct zone_owner owner_make(struct zone_reader *r, bool is_below)
{
    size_t size = r->visit;
    memcpy(r->owner, r->key, size);
    if (is_below)
        memcpy(r->owner + size, "*.", 2);
    return (struct zone_owner){.turned = str_make(r->owner, size + (is_below ? 2 : 0)),
                               .policy = is_below ? r->policies.below : r->policies.exact};
}

err zone_reader_next(struct zone_reader *r, struct zone_owner *ret_owner, bool *ret_has)
{
    for (;;) {
        if (r->has_below) {
            r->has_below = false;
            if (r->policies.below == ZONE_NOTHING)
                continue;
            *ret_owner = owner_make(r, true);
            *ret_has = true;
            return OK;
        }
        if (r->visit == r->key_size) {
            TRY(read_domain(r, ret_has));
            if (!*ret_has)
                return OK;
        }
        visit_next(r);
        r->has_below = true;
        if (r->policies.exact == ZONE_NOTHING)
            continue;
        *ret_owner = owner_make(r, false);
        *ret_has = true;
        return OK;
    }
}

/* --- the table --- */

#define TABLE "SELECT \"turned\", \"allow\", \"block\", \"block_below\" FROM rpz_domain"
#define ORDER " ORDER BY \"turned\""

err zone_table_open(struct sql *db, enum zone_reading reading, struct zone_table *t)
{
    /* A statement can be read once at a time: two texts for the same. */
    return reading == ZONE_READING ? sql_ask(db, TABLE ORDER, &t->row)
                                   : sql_ask(db, TABLE " WHERE \"turned\" <> ''" ORDER, &t->row);
}

void zone_table_close(struct zone_table *t)
{
    sql_done(&t->row);
}

static err table_next(void *self, str *ret_turned, struct zone_word *ret_word, bool *ret_has)
{
    struct zone_table *t = self;
    TRY(sql_next(t->row, ret_has));
    if (!*ret_has)
        return OK;
    *ret_turned = sql_peek(t->row, 0);
    *ret_word = (struct zone_word){.allow = (uint8_t)sql_i64(t->row, 1),
                                   .block = zone_policy_parse(sql_peek(t->row, 2)),
                                   .block_below = zone_policy_parse(sql_peek(t->row, 3))};
    return OK;
}

struct zone_source zone_table_source(struct zone_table *t)
{
    return (struct zone_source){.self = t, .next = table_next};
}
