/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/listing_row.h"

#include "fact/division.h"
#include "fact/indicator.h"
#include "feed/value.h"

#include <assert.h>

enum { SCORE_FULL_MILLI = 100000 };

struct reading {
    const struct feed_row *row;
    const struct listing_row_rules *rules;
    struct arena *turn;
    struct listing *listing;
};

static str text_of(const struct reading *r, enum listings_column column)
{
    return r->row->values[column];
}

static err word_read(const struct reading *r, enum listings_column column, const char *const *words,
                     const char *why, unsigned *ret_word)
{
    return word_parse(words, text_of(r, column), ret_word) ? OK : fail(ERR_MALFORMED, why, 0);
}

static err read_kind(const struct reading *r)
{
    return word_read(r, LISTINGS_KIND, indicator_kind_words, "kind.unknown", &r->listing->kind);
}

static err read_action(const struct reading *r)
{
    return word_read(r, LISTINGS_ACTION, listing_action_words, "action.unknown",
                     &r->listing->action);
}

static err read_value(const struct reading *r)
{
    struct indicator found = {0};
    TRY(indicator_parse(r->listing->kind, text_of(r, LISTINGS_VALUE), r->rules->phone_region,
                        r->turn, &found));
    r->listing->value = found.value;
    r->listing->display = found.display;
    return OK;
}

static err read_match(const struct reading *r)
{
    r->listing->match = MATCH_EXACT;
    if (str_is_empty(text_of(r, LISTINGS_MATCH)))
        return OK;
    TRY(word_read(r, LISTINGS_MATCH, listing_match_words, "match.unknown", &r->listing->match));
    if (r->listing->match == MATCH_EXACT)
        return OK;
    if (r->listing->kind != INDICATOR_DOMAIN)
        return fail(ERR_MALFORMED, "match.suffix_domain_only", 0);
    return domain_check_suffix(r->listing->value);
}

static err read_score(const struct reading *r)
{
    r->listing->score_milli = SCORE_FULL_MILLI;
    if (str_is_empty(text_of(r, LISTINGS_SCORE)))
        return OK;
    int64_t milli = 0;
    if (failed(value_parse_milli(text_of(r, LISTINGS_SCORE), &milli)))
        return fail(ERR_MALFORMED, "score.malformed", 0);
    if (milli < 0 || milli > SCORE_FULL_MILLI)
        return fail(ERR_MALFORMED, "score.range", 0);
    r->listing->score_milli = milli;
    return OK;
}

static err read_from(const struct reading *r)
{
    r->listing->from = r->rules->now;
    str text = text_of(r, LISTINGS_FROM);
    return str_is_empty(text) ? OK : instant_parse(text, &r->listing->from);
}

static err read_until(const struct reading *r)
{
    TRY(instant_parse(text_of(r, LISTINGS_UNTIL), &r->listing->until));
    if (r->listing->until.us <= r->rules->now.us)
        return fail(ERR_MALFORMED, "until.past", 0);
    if (r->listing->until.us <= r->listing->from.us)
        return fail(ERR_MALFORMED, "until.before_from", 0);
    return OK;
}

static err read_division(const struct reading *r)
{
    char *room = arena_make(r->turn, DIVISION_BYTES);
    if (room == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    return division_parse(text_of(r, LISTINGS_DIVISION), room, &r->listing->division);
}

static err read_rpz(const struct reading *r)
{
    static const char *const words[] = {"notice", "nxdomain", "nodata", "tcp_only", NULL};
    r->listing->rpz = STR("notice");
    if (str_is_empty(text_of(r, LISTINGS_RPZ)))
        return OK;
    unsigned word = 0;
    TRY(word_read(r, LISTINGS_RPZ, words, "rpz.unknown", &word));
    if (r->listing->kind != INDICATOR_DOMAIN)
        return fail(ERR_MALFORMED, "rpz.not_domain", 0);
    r->listing->rpz = str_from_c(words[word]);
    return OK;
}

/* Nothing stands without evidence: a row that brings none is evidenced by where it came from. */
static err read_evidence(const struct reading *r)
{
    r->listing->evidence = text_of(r, LISTINGS_EVIDENCE);
    if (!str_is_empty(r->listing->evidence))
        return OK;
    struct text t;
    text_init(&t, r->turn);
    text_printf(&t, "批次第 %lld 行 / row %lld of the batch", (long long)r->row->number,
                (long long)r->row->number);
    r->listing->evidence = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}

static err read_notice(const struct reading *r)
{
    str own = text_of(r, LISTINGS_NOTICE);
    r->listing->notice = str_is_empty(own) ? r->rules->notice : own;
    return OK;
}

static err read_reason(const struct reading *r)
{
    r->listing->reason = text_of(r, LISTINGS_REASON);
    return OK;
}

static err read_basis(const struct reading *r)
{
    r->listing->basis = text_of(r, LISTINGS_BASIS);
    return OK;
}

static err read_source(const struct reading *r)
{
    r->listing->source = text_of(r, LISTINGS_SOURCE);
    return OK;
}

/* In this order: a value is read as its kind, a match and an rpz need the kind, until needs from.
 */
static const struct {
    enum listings_column column;
    err (*read)(const struct reading *r);
} steps[] = {
    {LISTINGS_KIND,     read_kind    },
    {LISTINGS_VALUE,    read_value   },
    {LISTINGS_ACTION,   read_action  },
    {LISTINGS_MATCH,    read_match   },
    {LISTINGS_REASON,   read_reason  },
    {LISTINGS_BASIS,    read_basis   },
    {LISTINGS_SOURCE,   read_source  },
    {LISTINGS_SCORE,    read_score   },
    {LISTINGS_FROM,     read_from    },
    {LISTINGS_UNTIL,    read_until   },
    {LISTINGS_EVIDENCE, read_evidence},
    {LISTINGS_NOTICE,   read_notice  },
    {LISTINGS_DIVISION, read_division},
    {LISTINGS_RPZ,      read_rpz     },
};

err listing_row_read(const struct feed_row *row, const struct listing_row_rules *rules,
                     struct arena *turn, struct listing *ret_listing, str *ret_column)
{
    assert(row != NULL && rules != NULL && row->shape->column_count == LISTINGS_COLUMN_COUNT);
    struct listing listing = {0};
    struct reading r = {.row = row, .rules = rules, .turn = turn, .listing = &listing};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        err e = steps[i].read(&r);
        if (!failed(e))
            continue;
        *ret_column = str_from_c(row->shape->columns[steps[i].column].name);
        return e;
    }
    *ret_listing = listing;
    return OK;
}
