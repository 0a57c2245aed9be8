/* SPDX-License-Identifier: Apache-2.0 */
/* The store beside its model. */
#include "world.h"

#include "app/screen/cover.h"
#include "store/row.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* --- records --- */

/* One thing that both say. */
#define SAME(w, id, what, found, want)                                                             \
    do {                                                                                           \
        int64_t found_ = (int64_t)(found);                                                         \
        int64_t want_ = (int64_t)(want);                                                           \
        if (found_ != want_)                                                                       \
            return WRONG(w, "%s: %s is %lld, not %lld", id, what, (long long)found_,               \
                         (long long)want_);                                                        \
    } while (0)
#define SAME_TEXT(w, id, what, found, want)                                                        \
    do {                                                                                           \
        str found_ = found;                                                                        \
        const char *want_ = want;                                                                  \
        if (!str_equal(found_, str_from_c(want_)))                                                 \
            return WRONG(w, "%s: %s is \"%.*s\", not \"%s\"", id, what, STR_ARGS(found_), want_);  \
    } while (0)

static const char *person(const struct world *w, int who)
{
    if (who == NOBODY)
        return "";
    return who == WHO_PUBLIC ? "public" : w->model->users[who].id;
}

static const char *check_deciders(struct world *w, const struct listing *l, uint64_t want)
{
    uint64_t found = 0;
    str people = l->deciders;
    str one = {0};
    while (str_split(&people, ' ', &one))
        for (int i = 0; i < w->model->user_count; i++)
            if (str_equal(one, str_from_c(w->model->users[i].id)))
                found |= (uint64_t)1 << i;
    return found == want ? NULL
                         : WRONG(w, "%.*s: deciders are \"%.*s\", not %llx", STR_ARGS(l->id),
                                 STR_ARGS(l->deciders), (unsigned long long)want);
}

static const char *why_ended(const struct model_listing *l, str found)
{
    if (l->is_erased || l->ended_at == 0)
        return "";
    if (!l->is_spoken)
        return "until.past";
    return str_starts(found, STR("private-")) ? NULL : "private-...";
}

static const char *check_listing(struct world *w, int i, const struct listing *l)
{
    const struct model_listing *want = &w->model->listings[i];
    SAME_TEXT(w, want->id, "state", str_from_c(listing_state_words[l->state]),
              listing_state_words[want->state]);
    SAME(w, want->id, "kind", l->kind, want->kind);
    SAME(w, want->id, "action", l->action, want->action);
    SAME(w, want->id, "match", l->match, want->match);
    SAME(w, want->id, "from", l->from.us, want->from);
    SAME(w, want->id, "until", l->until.us, want->until);
    SAME(w, want->id, "proposed_at", l->proposed_at.us, want->proposed_at);
    SAME(w, want->id, "decided_at", l->decided_at.us, want->decided_at);
    SAME(w, want->id, "ended_at", l->ended_at.us, want->ended_at);
    SAME(w, want->id, "revision", l->revision, want->revision);
    SAME_TEXT(w, want->id, "value", l->value, want->value);
    SAME_TEXT(w, want->id, "division", l->division, want->division);
    SAME_TEXT(w, want->id, "proposer", l->proposer, person(w, want->proposer));
    SAME_TEXT(w, want->id, "approver", l->approver, person(w, want->approver));
    SAME_TEXT(w, want->id, "batch", l->batch,
              want->batch == NOBODY ? "" : w->model->batches[want->batch].id);
    const char *why = why_ended(want, l->ended_why);
    if (why != NULL)
        SAME_TEXT(w, want->id, "ended_why", l->ended_why, why);
    if (want->is_erased)
        SAME_TEXT(w, want->id, "evidence", l->evidence, "erased");
    return check_deciders(w, l, want->deciders);
}

static const char *check_appeal(struct world *w, int i, const struct appeal *a)
{
    const struct model_appeal *want = &w->model->appeals[i];
    SAME_TEXT(w, want->id, "state", str_from_c(appeal_state_words[a->state]),
              appeal_state_words[want->state]);
    SAME(w, want->id, "filed_at", a->filed_at.us, want->filed_at);
    SAME(w, want->id, "due_at", a->due_at.us, want->due_at);
    SAME(w, want->id, "decided_at", a->decided_at.us, want->decided_at);
    SAME(w, want->id, "is_late", a->is_late, want->is_late);
    SAME(w, want->id, "revision", a->revision, want->revision);
    SAME_TEXT(w, want->id, "listing", a->listing, w->model->listings[want->listing].id);
    SAME_TEXT(w, want->id, "division", a->division, want->division);
    SAME_TEXT(w, want->id, "reviewer", a->reviewer, person(w, want->reviewer));
    SAME_TEXT(w, want->id, "decider", a->decider, person(w, want->decider));
    if (want->is_erased)
        SAME_TEXT(w, want->id, "statement", a->statement, "erased");
    return NULL;
}

static const char *check_user(struct world *w, int i, const struct user_account *u)
{
    const struct model_user *want = &w->model->users[i];
    role_set roles = 0;
    err e = role_set_parse(u->roles, &roles);
    SAME_TEXT(w, want->id, "state", str_from_c(user_state_words[u->state]),
              user_state_words[want->state]);
    SAME(w, want->id, "roles", failed(e) ? 0 : roles, want->roles);
    SAME(w, want->id, "decided_at", u->decided_at.us, want->decided_at);
    SAME(w, want->id, "revision", u->revision, want->revision);
    SAME_TEXT(w, want->id, "division", u->division, want->division);
    SAME_TEXT(w, want->id, "proposer", u->proposer, person(w, want->proposer));
    SAME_TEXT(w, want->id, "approver", u->approver, person(w, want->approver));
    return NULL;
}

static const char *check_house(struct world *w, enum record_kind kind, int i, const union record *r)
{
    const struct model *m = w->model;
    if (kind == RECORD_SESSION) {
        SAME(w, m->sessions[i].id, "state", r->session.state, m->sessions[i].state);
        SAME(w, m->sessions[i].id, "until", r->session.until.us, m->sessions[i].until);
        SAME(w, m->sessions[i].id, "revision", r->session.revision, m->sessions[i].revision);
        SAME_TEXT(w, m->sessions[i].id, "user", r->session.user, person(w, m->sessions[i].user));
    } else if (kind == RECORD_BATCH) {
        SAME(w, m->batches[i].id, "state", r->batch.state, m->batches[i].state);
        SAME(w, m->batches[i].id, "accepted", r->batch.accepted, m->batches[i].accepted);
        SAME(w, m->batches[i].id, "duplicate", r->batch.duplicate, m->batches[i].duplicate);
        SAME(w, m->batches[i].id, "refused", r->batch.refused, m->batches[i].refused);
        SAME(w, m->batches[i].id, "revision", r->batch.revision, m->batches[i].revision);
    } else if (kind == RECORD_KEY) {
        SAME(w, m->keys[i].id, "state", r->key.state, m->keys[i].state);
        SAME(w, m->keys[i].id, "revision", r->key.revision, m->keys[i].revision);
    } else {
        SAME(w, "c1", "is_outbox_held", r->centre.is_outbox_held, m->is_held);
        SAME(w, "c1", "is_first_run", r->centre.is_first_run, m->is_first_run);
        SAME(w, "c1", "revision", r->centre.revision, m->centre_revision);
    }
    return NULL;
}

const char *world_check_record(struct world *w, enum record_kind kind, int i)
{
    union record r;
    const char *id = model_id(w->model, kind, i);
    err e = row_find(store_sql(w->trial.store), kind, str_from_c(id), &w->trial.turn, &r);
    if (failed(e))
        return WRONG(w, "%s: %s", id, e.why);
    if (kind == RECORD_LISTING)
        return check_listing(w, i, &r.listing);
    if (kind == RECORD_APPEAL)
        return check_appeal(w, i, &r.appeal);
    return kind == RECORD_USER ? check_user(w, i, &r.user) : check_house(w, kind, i, &r);
}

static int64_t rows_of(struct world *w, enum record_kind kind)
{
    static const char *const counts[RECORD_KIND_COUNT] = {
        [RECORD_LISTING] = "SELECT count(*) FROM listing",
        [RECORD_APPEAL] = "SELECT count(*) FROM appeal",
        [RECORD_USER] = "SELECT count(*) FROM user_account",
        [RECORD_SESSION] = "SELECT count(*) FROM session",
        [RECORD_BATCH] = "SELECT count(*) FROM batch",
        [RECORD_SOURCE] = "SELECT count(*) FROM source",
        [RECORD_CONFLICT] = "SELECT count(*) FROM conflict",
        [RECORD_SUSPICION] = "SELECT count(*) FROM suspicion",
        [RECORD_BOX] = "SELECT count(*) FROM sim_box",
        [RECORD_GUARDIAN] = "SELECT count(*) FROM guardian",
        [RECORD_ALERT] = "SELECT count(*) FROM alert",
        [RECORD_OUTREACH] = "SELECT count(*) FROM outreach",
        [RECORD_HUSH] = "SELECT count(*) FROM hush",
        [RECORD_WHEREABOUTS] = "SELECT count(*) FROM whereabouts",
        [RECORD_TIP] = "SELECT count(*) FROM tip",
        [RECORD_INCIDENT] = "SELECT count(*) FROM incident",
        [RECORD_REPORT] = "SELECT count(*) FROM report",
        [RECORD_CLAIM] = "SELECT count(*) FROM claim",
        [RECORD_ORDER] = "SELECT count(*) FROM \"order\"",
        [RECORD_RECEIPT] = "SELECT count(*) FROM receipt",
        [RECORD_ROUND] = "SELECT count(*) FROM round",
        [RECORD_SHARE] = "SELECT count(*) FROM share",
        [RECORD_KEY] = "SELECT count(*) FROM signing_key",
        [RECORD_CENTRE] = "SELECT count(*) FROM centre",
    };
    struct sql_row *row = NULL;
    bool has_row = false;
    err e = sql_ask(store_sql(w->trial.store), counts[kind], &row);
    if (!failed(e))
        e = sql_next(row, &has_row);
    int64_t count = failed(e) ? -1 : sql_i64(row, 0);
    sql_done(&row);
    return count;
}

const char *world_check_all(struct world *w)
{
    const struct model *m = w->model;
    const int counts[RECORD_KIND_COUNT] = {
        [RECORD_LISTING] = m->listing_count,
        [RECORD_APPEAL] = m->appeal_count,
        [RECORD_USER] = m->user_count,
        [RECORD_SESSION] = m->session_count,
        [RECORD_BATCH] = m->batch_count,
        [RECORD_KEY] = m->key_count,
        [RECORD_CENTRE] = 1,
    };
    for (unsigned kind = 0; kind < RECORD_KIND_COUNT; kind++) {
        SAME(w, record_shapes[kind].name, "count", rows_of(w, (enum record_kind)kind),
             counts[kind]);
        for (int i = 0; i < counts[kind]; i++)
            if (world_check_record(w, (enum record_kind)kind, i) != NULL)
                return w->fault;
    }
    return NULL;
}

/* --- leaves: what was done, by whom, to what, when, in this order and nothing else --- */

/* An id that the store made itself: the model learns it here. */
static void learn_id(struct world *w, enum record_kind kind, int i, str id)
{
    char *room = kind == RECORD_LISTING ? w->model->listings[i].id : w->model->batches[i].id;
    bool is_ours = kind != RECORD_LISTING && kind != RECORD_BATCH;
    if (is_ours || room[0] != '?' || id.size >= sizeof w->model->listings[i].id)
        return;
    memcpy(room, id.at, id.size);
    room[id.size] = '\0';
}

static const char *check_leaf(struct world *w, struct sql_row *row, const struct model_leaf *want)
{
    enum record_kind kind = act_record_kind(want->act);
    char place[32];
    snprintf(place, sizeof place, "leaf %d", w->leaves_checked);
    SAME(w, place, "index", sql_i64(row, 0), w->leaves_checked);
    SAME_TEXT(w, place, "act", sql_peek(row, 1), act_name(want->act));
    learn_id(w, kind, want->record, sql_peek(row, 3));
    SAME_TEXT(w, place, "record", sql_peek(row, 3), model_id(w->model, kind, want->record));
    SAME_TEXT(w, place, "actor", sql_peek(row, 2),
              want->who == WHO_PUBLIC ? "" : person(w, want->who));
    SAME(w, place, "moment", sql_i64(row, 4), want->at);
    return NULL;
}

static const char *check_new_leaves(struct world *w, struct sql_row *row)
{
    const struct model *m = w->model;
    bool has_row = false;
    while (!failed(sql_next(row, &has_row)) && has_row) {
        if (w->leaves_checked == m->leaf_count)
            return WRONG(w, "a leaf too many: %.*s of %.*s", STR_ARGS(sql_peek(row, 1)),
                         STR_ARGS(sql_peek(row, 3)));
        const struct model_leaf *want = &m->leaves[w->leaves_checked];
        if (check_leaf(w, row, want) != NULL)
            return w->fault;
        w->leaves_checked++;
    }
    if (w->leaves_checked < m->leaf_count)
        return WRONG(w, "no leaf %d: %s of %s", w->leaves_checked,
                     act_name(m->leaves[w->leaves_checked].act),
                     model_id(m, act_record_kind(m->leaves[w->leaves_checked].act),
                              m->leaves[w->leaves_checked].record));
    return NULL;
}

const char *world_check_leaves(struct world *w)
{
    struct sql_row *row = NULL;
    int first = w->leaves_checked;
    err e = sql_ask(store_sql(w->trial.store),
                    "SELECT \"idx\", \"act\", \"actor\", \"record\", \"at\" FROM ledger_leaf"
                    " WHERE \"idx\" >= $1 ORDER BY \"idx\"",
                    &row);
    if (failed(e))
        return WRONG(w, "leaves: %s", e.why);
    sql_bind_i64(row, 1, first);
    const char *fault = check_new_leaves(w, row);
    sql_done(&row);
    for (int i = first; i < w->leaves_checked && fault == NULL; i++)
        fault = world_check_record(w, act_record_kind(w->model->leaves[i].act),
                                   w->model->leaves[i].record);
    return fault;
}

/* --- verdicts --- */

static int64_t some_instant(struct world *w, const struct model_listing *l)
{
    switch (world_roll(w, 5)) {
    case 0:
        return l->from - world_roll(w, 2);
    case 1:
        return l->until - world_roll(w, 2);
    case 2:
        return l->until;
    }
    return w->trial.at.us;
}

static const char *check_why(struct world *w, const struct deed *asked, const char *host,
                             const struct listing *why)
{
    const struct model *m = w->model;
    for (int i = 0; i < m->listing_count; i++) {
        const struct model_listing *l = &m->listings[i];
        if (!str_equal(why->id, str_from_c(l->id)))
            continue;
        bool covers =
            model_covers(l, asked->listing.kind, asked->listing.value, asked->listing.from) ||
            (host != NULL && model_covers(l, INDICATOR_DOMAIN, host, asked->listing.from));
        return covers ? NULL : WRONG(w, "%s says why, and covers nothing", l->id);
    }
    return WRONG(w, "a listing that is not there says why");
}

static const char *check_verdict(struct world *w, const struct deed *asked)
{
    const char *host =
        asked->listing.kind == INDICATOR_URL ? world_host(asked->listing.value) : NULL;
    struct indicator indicator = {.kind = asked->listing.kind,
                                  .value = str_from_c(asked->listing.value)};
    struct judgement found = {0};
    instant at = {asked->listing.from};
    if (asked->listing.kind == INDICATOR_URL && host == NULL)
        return NULL; /* no host that the model knows */
    err e = cover_judge(w->reader, &indicator, at, &w->trial.turn, &found);
    if (failed(e))
        return WRONG(w, "verdict: %s", e.why);
    int want = model_verdict(w->model, asked, host, at.us);
    if ((int)found.verdict != want)
        return WRONG(w, "%s %s is judged \"%s\", not \"%s\", %lld us from now",
                     indicator_kind_words[asked->listing.kind], asked->listing.value,
                     verdict_words[found.verdict], verdict_words[want],
                     (long long)(at.us - w->trial.at.us));
    return found.listing == NULL ? NULL : check_why(w, asked, host, found.listing);
}

const char *world_check_verdicts(struct world *w, int count)
{
    const struct model *m = w->model;
    const char *fault = NULL;
    for (int n = 0; n < count && fault == NULL && m->listing_count > 0; n++) {
        struct deed asked = {.division = ""};
        int marks = w->mark_count;
        const struct model_listing *l = &m->listings[world_roll(w, m->listing_count)];
        world_make_listing(w, &asked);
        w->mark_count = marks; /* nothing of it is said */
        if (world_chance(w, 60)) {
            asked.listing.kind = l->kind;
            snprintf(asked.listing.value, sizeof asked.listing.value, "%s%s",
                     l->kind != INDICATOR_DOMAIN || world_chance(w, 50) ? ""
                     : world_chance(w, 50)                              ? "x."
                                                                        : "x",
                     l->value);
        }
        asked.listing.from = some_instant(w, l);
        fault = check_verdict(w, &asked);
    }
    return fault;
}

/* --- safeguards, whatever the model thinks --- */

/* clang-format off */
static const struct {
    const char *what;
    const char *query; /* finds what must not be */
} never[] = {
    {"a listing approved by who proposed it",
     "SELECT id FROM listing WHERE approver = proposer"},
    {"a listing approved by an admin or by no approver",
     "SELECT l.id FROM listing l JOIN user_account u ON u.id = l.approver"
     " WHERE u.roles LIKE '%admin%' OR u.roles NOT LIKE '%approver%'"},
    {"an appeal decided by an admin",
     "SELECT a.id FROM appeal a JOIN user_account u ON u.id = a.decider WHERE u.roles LIKE '%admin%'"},
    {"an appeal decided by who proposed or approved the listing",
     "SELECT a.id FROM appeal a JOIN listing l ON l.id = a.listing"
     " WHERE a.decider IN (l.proposer, l.approver)"},
    {"two appeals against a listing decided by one",
     "SELECT a.id FROM appeal a JOIN appeal b ON b.listing = a.listing AND b.id < a.id"
     " WHERE a.decider = b.decider"},
    {"a user approved by who proposed them, or by an admin",
     "SELECT u.id FROM user_account u JOIN user_account a ON a.id = u.approver"
     " WHERE u.proposer <> 'centre' AND (u.approver = u.proposer OR a.roles LIKE '%admin%')"},
    {"an admin who approves",
     "SELECT id FROM user_account WHERE roles LIKE '%admin%' AND roles LIKE '%approver%'"},
    {"a measure without reason, evidence, basis or notice",
     "SELECT id FROM listing WHERE reason = '' OR evidence = '' OR basis = '' OR notice = ''"},
    {"a second centre", "SELECT id FROM centre WHERE id <> 'c1'"},
};
/* clang-format on */

const char *world_check_safeguards(struct world *w)
{
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        struct sql_row *row = NULL;
        bool has_row = false;
        err e = sql_ask_text(store_sql(w->trial.store), str_from_c(never[i].query), &row);
        if (!failed(e))
            e = sql_next(row, &has_row);
        if (failed(e))
            return WRONG(w, "%s: %s", never[i].what, e.why);
        if (has_row)
            WRONG(w, "%s: %.*s", never[i].what, STR_ARGS(sql_peek(row, 0)));
        sql_done(&row);
        if (has_row)
            return w->fault;
    }
    return NULL;
}
