/* SPDX-License-Identifier: Apache-2.0 */
/* Listings and appeals, by what README.md, docs/words.md and src/desk/README.md promise. */
#include "model.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define DAY_US INT64_C(86400000000)

const int model_term_days[INDICATOR_KIND_COUNT][ACTION_COUNT] = {
  /*                     block warn allow */
    [INDICATOR_NUMBER] = {20, 20, 200},
      [INDICATOR_DOMAIN] = {60, 60, 200},
    [INDICATOR_URL] = {30, 30, 200},
      [INDICATOR_ACCOUNT] = {30, 0,  200},
    [INDICATOR_DEVICE] = {60, 60, 0  },
      [INDICATOR_COMPANY] = {90, 20, 200},
};

void model_leaf(struct model *m, enum act act, int who, int record, int64_t at)
{
    assert(m->leaf_count < MODEL_LEAVES);
    m->leaves[m->leaf_count++] =
        (struct model_leaf){.act = act, .who = who, .record = record, .at = at};
}

const char *model_id(const struct model *m, enum record_kind kind, int record)
{
    switch (kind) {
    case RECORD_LISTING:
        return m->listings[record].id;
    case RECORD_APPEAL:
        return m->appeals[record].id;
    case RECORD_USER:
        return m->users[record].id;
    case RECORD_SESSION:
        return m->sessions[record].id;
    case RECORD_BATCH:
        return m->batches[record].id;
    case RECORD_KEY:
        return m->keys[record].id;
    case RECORD_CENTRE:
    case RECORD_SOURCE: /* not of this world yet: tests/scenario tells of them */
    case RECORD_CONFLICT:
    case RECORD_SUSPICION:
    case RECORD_BOX:
    case RECORD_GUARDIAN:
    case RECORD_ALERT:
    case RECORD_OUTREACH:
    case RECORD_HUSH:
    case RECORD_WHEREABOUTS:
    case RECORD_TIP:
    case RECORD_INCIDENT:
    case RECORD_REPORT:
    case RECORD_CLAIM:
    case RECORD_ORDER:
    case RECORD_RECEIPT:
    case RECORD_ROUND:
    case RECORD_SHARE:
    case RECORD_KIND_COUNT:
        break;
    }
    return "c1";
}

enum err_code model_judge_words(struct words said, int most)
{
    if (said.bytes == 0)
        return ERR_MALFORMED;
    if (said.bytes > most)
        return ERR_LIMIT;
    return said.is_foul ? ERR_MALFORMED : ERR_NONE;
}

/* --- what the answer must be --- */

static enum err_code judge_term(const struct deed *d, int64_t now)
{
    int64_t longest = model_term_days[d->listing.kind][d->listing.action] * DAY_US;
    int64_t from = d->listing.from == 0 ? now : d->listing.from;
    int64_t until = d->listing.until;
    if (longest == 0 || until <= now || until <= from)
        return ERR_MALFORMED;
    if (until - from > longest || until - now > longest)
        return ERR_LIMIT;
    return ERR_NONE;
}

static enum err_code judge_proposal(const struct deed *d, int64_t now)
{
    if (d->record != NEW)
        return ERR_CONFLICT;
    if (d->listing.flaw == FLAW_SCOPE)
        return ERR_MALFORMED;
    if (d->listing.match == MATCH_SUFFIX && d->listing.kind != INDICATOR_DOMAIN)
        return ERR_MALFORMED;
    enum err_code term = judge_term(d, now);
    if (term != ERR_NONE)
        return term;
    if (d->listing.flaw == FLAW_WORDS)
        return ERR_MALFORMED;
    return d->listing.flaw == FLAW_LONG ? ERR_LIMIT : ERR_NONE;
}

static enum err_code judge_refusal(const struct model *m, const struct deed *d)
{
    bool is_own = m->listings[d->record].proposer == d->who;
    bool is_approver = (m->users[d->who].roles >> ROLE_APPROVER & 1) != 0;
    return is_own || is_approver ? model_judge_words(d->why, 2000) : ERR_DENIED;
}

static enum err_code judge_listing(const struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_LISTING_PROPOSE)
        return judge_proposal(d, now);
    if (d->record < 0)
        return ERR_ABSENT;
    const struct model_listing *l = &m->listings[d->record];
    bool is_proposed = l->state == LISTING_PROPOSED;
    switch ((int)d->act) {
    case ACT_LISTING_APPROVE:
        if (!is_proposed)
            return ERR_CONFLICT;
        if (l->proposer == d->who)
            return ERR_DENIED;
        return l->until <= now ? ERR_CONFLICT : ERR_NONE;
    case ACT_LISTING_REFUSE:
        return is_proposed ? judge_refusal(m, d) : ERR_CONFLICT;
    case ACT_LISTING_LIFT:
        return l->state == LISTING_IN_FORCE ? model_judge_words(d->why, 2000) : ERR_CONFLICT;
    case ACT_LISTING_ERASE:
        return l->ended_at == 0 && !m->is_held ? ERR_CONFLICT : ERR_NONE;
    case ACT_LISTING_READ:
        return model_judge_words(d->why, 2000);
    }
    return ERR_NONE; /* hear */
}

static enum err_code judge_filing(const struct model *m, const struct deed *d)
{
    if (d->record != NEW)
        return ERR_CONFLICT;
    if (d->appeal.listing < 0)
        return ERR_ABSENT;
    if (m->listings[d->appeal.listing].state != LISTING_IN_FORCE)
        return ERR_CONFLICT;
    enum err_code words = model_judge_words(d->appeal.statement, 8000);
    if (words != ERR_NONE || d->appeal.name.bytes == 0)
        return words;
    return model_judge_words(d->appeal.name, 400);
}

static bool has_decided(const struct model *m, const struct deed *d)
{
    uint64_t deciders = m->listings[m->appeals[d->record].listing].deciders;
    return (deciders >> d->who & 1) != 0;
}

static enum err_code judge_appeal(const struct model *m, const struct deed *d)
{
    if (d->act == ACT_APPEAL_FILE)
        return judge_filing(m, d);
    if (d->record < 0)
        return ERR_ABSENT;
    const struct model_appeal *a = &m->appeals[d->record];
    bool is_open = a->state == APPEAL_FILED || a->state == APPEAL_REVIEWING;
    if (d->act == ACT_APPEAL_READ)
        return model_judge_words(d->why, 400);
    if (d->act == ACT_APPEAL_ERASE)
        return is_open && !m->is_held ? ERR_CONFLICT : ERR_NONE;
    if (d->act == ACT_APPEAL_WITHDRAW && (d->appeal.is_strangers || a->is_erased))
        return ERR_ABSENT;
    if (!is_open)
        return ERR_CONFLICT;
    if (d->act == ACT_APPEAL_WITHDRAW)
        return ERR_NONE;
    if (has_decided(m, d))
        return ERR_DENIED;
    return d->act == ACT_APPEAL_REVIEW ? ERR_NONE : model_judge_words(d->why, 4000);
}

/* Where the record stands, or is to stand; what is not there stands nowhere. */
static const char *division_of(const struct model *m, const struct deed *d)
{
    if (d->record == NEW)
        return d->division;
    if (d->record < 0)
        return "";
    switch (act_record_kind(d->act)) {
    case RECORD_LISTING:
        return m->listings[d->record].division;
    case RECORD_APPEAL:
        return m->appeals[d->record].division;
    case RECORD_USER:
        return m->users[d->record].division;
    case RECORD_SESSION:
        return m->sessions[d->record].division;
    case RECORD_BATCH:
        return m->batches[d->record].division;
    case RECORD_KEY:
    case RECORD_CENTRE:
    case RECORD_SOURCE:
    case RECORD_CONFLICT:
    case RECORD_SUSPICION:
    case RECORD_BOX:
    case RECORD_GUARDIAN:
    case RECORD_ALERT:
    case RECORD_OUTREACH:
    case RECORD_HUSH:
    case RECORD_WHEREABOUTS:
    case RECORD_TIP:
    case RECORD_INCIDENT:
    case RECORD_REPORT:
    case RECORD_CLAIM:
    case RECORD_ORDER:
    case RECORD_RECEIPT:
    case RECORD_ROUND:
    case RECORD_SHARE:
    case RECORD_KIND_COUNT:
        break;
    }
    return "";
}

enum err_code model_judge(const struct model *m, const struct deed *d, int64_t now)
{
    if (!model_may(m, d->who, d->act, division_of(m, d)))
        return ERR_DENIED;
    if (act_record_kind(d->act) == RECORD_LISTING)
        return judge_listing(m, d, now);
    return act_record_kind(d->act) == RECORD_APPEAL ? judge_appeal(m, d) : model_judge_house(m, d);
}

/* --- what is so afterwards --- */

static void propose(struct model *m, const struct deed *d, int64_t now)
{
    assert(m->listing_count < MODEL_LISTINGS);
    struct model_listing *l = &m->listings[m->listing_count];
    *l = (struct model_listing){
        .kind = d->listing.kind,
        .action = d->listing.action,
        .match = d->listing.match,
        .rpz = d->listing.rpz,
        .from = d->listing.from == 0 ? now : d->listing.from,
        .until = d->listing.until,
        .proposed_at = now,
        .proposer = d->who,
        .approver = NOBODY,
        .batch = d->listing.batch,
        .mark = d->listing.mark,
        .deciders = (uint64_t)1 << d->who,
        .revision = 1,
    };
    memcpy(l->value, d->listing.value, sizeof l->value);
    snprintf(l->division, sizeof l->division, "%s", d->division);
    snprintf(l->id, sizeof l->id, "L%05d", m->listing_count);
    model_leaf(m, d->act, d->who, m->listing_count++, now);
}

static void end_listing(struct model_listing *l, unsigned state, int64_t now)
{
    l->state = state;
    l->ended_at = now;
    l->will_begin = false;
}

static void erase_listing(const struct model *m, struct model_listing *l, int64_t now)
{
    if (l->ended_at == 0) {
        assert(m->is_held);
        bool was_proposed = l->state == LISTING_PROPOSED;
        end_listing(l, was_proposed ? LISTING_REFUSED : LISTING_LIFTED, now);
    }
    memcpy(l->value, "erased-", sizeof "erased-");
    memcpy(l->value + strlen(l->value), l->id, strlen(l->id) + 1);
    l->is_spoken = false;
    l->is_erased = true;
}

static void approve(struct model *m, const struct deed *d, int64_t now)
{
    struct model_listing *l = &m->listings[d->record];
    l->state = LISTING_IN_FORCE;
    l->approver = d->who;
    l->decided_at = now;
    l->will_begin = l->from > now;
    l->was_zoned = l->kind == INDICATOR_DOMAIN;
    if (!m->is_first_run)
        return;
    m->is_first_run = false; /* nobody is taken in by the machine alone from here on */
    m->centre_revision++;
    model_leaf(m, ACT_CENTRE_SETTLE, d->who, 0, now);
}

static void do_listing(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_LISTING_PROPOSE) {
        propose(m, d, now);
        return;
    }
    struct model_listing *l = &m->listings[d->record];
    model_leaf(m, d->act, d->who, d->record, now);
    if (d->act == ACT_LISTING_READ)
        return;
    l->revision++;
    if (d->who != WHO_CENTRE)
        l->deciders |= (uint64_t)1 << d->who;
    switch ((int)d->act) {
    case ACT_LISTING_APPROVE:
        approve(m, d, now);
        break;
    case ACT_LISTING_REFUSE:
    case ACT_LISTING_LIFT:
        l->is_spoken = true;
        end_listing(l, d->act == ACT_LISTING_LIFT ? LISTING_LIFTED : LISTING_REFUSED, now);
        break;
    case ACT_LISTING_ERASE:
        erase_listing(m, l, now);
        break;
    }
}

static void file(struct model *m, const struct deed *d, int64_t now)
{
    assert(m->appeal_count < MODEL_APPEALS);
    struct model_appeal *a = &m->appeals[m->appeal_count];
    *a = (struct model_appeal){.listing = d->appeal.listing,
                               .reviewer = NOBODY,
                               .decider = NOBODY,
                               .mark = d->appeal.mark,
                               .filed_at = now,
                               .due_at = model_appeal_due(now),
                               .revision = 1};
    memcpy(a->division, m->listings[a->listing].division, sizeof a->division);
    snprintf(a->id, sizeof a->id, "A%05d", m->appeal_count);
    model_leaf(m, d->act, d->who, m->appeal_count++, now);
}

/* Whoever heard an appeal will not hear the next; a granted one sets free at once. */
static void hear(struct model *m, const struct deed *d, int64_t now)
{
    int listing = m->appeals[d->record].listing;
    struct model_listing *l = &m->listings[listing];
    bool lifts = d->act == ACT_APPEAL_GRANT && l->state == LISTING_IN_FORCE;
    if (lifts) {
        end_listing(l, LISTING_LIFTED, now);
        l->is_spoken = true;
    }
    l->deciders |= (uint64_t)1 << d->who;
    l->revision++;
    model_leaf(m, lifts ? ACT_LISTING_LIFT : ACT_LISTING_HEAR, d->who, listing, now);
}

static void do_appeal(struct model *m, const struct deed *d, int64_t now)
{
    if (d->act == ACT_APPEAL_FILE) {
        file(m, d, now);
        return;
    }
    struct model_appeal *a = &m->appeals[d->record];
    model_leaf(m, d->act, d->who, d->record, now);
    if (d->act == ACT_APPEAL_READ)
        return;
    a->revision++;
    switch ((int)d->act) {
    case ACT_APPEAL_REVIEW:
        a->state = APPEAL_REVIEWING;
        a->reviewer = d->who;
        return;
    case ACT_APPEAL_ERASE:
        if (a->decided_at == 0) {
            a->state = APPEAL_WITHDRAWN;
            a->decided_at = now;
        }
        a->is_erased = true;
        return;
    case ACT_APPEAL_WITHDRAW:
        a->state = APPEAL_WITHDRAWN;
        a->decided_at = now;
        return;
    }
    a->state = d->act == ACT_APPEAL_GRANT ? APPEAL_GRANTED : APPEAL_REJECTED;
    a->decider = d->who;
    a->decided_at = now;
    hear(m, d, now);
}

void model_do(struct model *m, const struct deed *d, int64_t now)
{
    assert(model_judge(m, d, now) == ERR_NONE);
    if (act_record_kind(d->act) == RECORD_LISTING)
        do_listing(m, d, now);
    else if (act_record_kind(d->act) == RECORD_APPEAL)
        do_appeal(m, d, now);
    else
        model_do_house(m, d, now);
}
