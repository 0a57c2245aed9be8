/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/nouns.h"

#include <assert.h>

const char *const indicator_kind_words[] = {"number", "domain",  "url", "account",
                                            "device", "company", NULL};
const char *const listing_action_words[] = {"block", "warn", "allow", NULL};
const char *const listing_match_words[] = {"exact", "suffix", NULL};
const char *const listing_state_words[] = {"proposed", "in_force", "expired",
                                           "lifted",   "refused",  NULL};
const char *const appeal_state_words[] = {"filed",    "reviewing", "granted",
                                          "rejected", "withdrawn", NULL};
const char *const role_words[] = {"operator", "analyst", "approver", "officer", "commander",
                                  "auditor",  "feeder",  "provider", "admin",   NULL};
const char *const user_state_words[] = {"proposed", "active", "disabled", "refused", NULL};
const char *const session_kind_words[] = {"browser", "token", NULL};
const char *const session_state_words[] = {"open", "closed", NULL};
const char *const batch_state_words[] = {"open", "waiting", "done", "dismissed", NULL};
const char *const source_role_words[] = {"enforces", "protects", NULL};
const char *const source_state_words[] = {"proposed", "in_force", "ended", "refused", NULL};
const char *const conflict_rule_words[] = {"protected", "below_protected", "lifted_before",
                                           "opposed",   "own_name",        NULL};
const char *const conflict_state_words[] = {"open", "dismissed", "listed", NULL};
const char *const incident_state_words[] = {"open", "following", "closed", NULL};
const char *const key_kind_words[] = {"ledger", "tsig", "pseudonym", NULL};
const char *const key_state_words[] = {"current", "retired", NULL};
const char *const centre_kind_words[] = {"real", "demonstration", "drill", NULL};

/* One line a field: name, type, flags. The order is the order in the leaf and in SQL. */
#define F(record, member, column, kind, flag, vocabulary)                                          \
    {                                                                                              \
        .name = column, .words = vocabulary, .offset = offsetof(struct record, member),            \
        .type = kind, .flags = flag                                                                \
    }
#define TEXT(record, member, flag)  F(record, member, #member, FIELD_STR, flag, NULL)
#define COUNT(record, member)       F(record, member, #member, FIELD_INT, 0, NULL)
#define WHEN(record, member, flag)  F(record, member, #member, FIELD_INSTANT, flag, NULL)
#define WORD(record, member, words) F(record, member, #member, FIELD_WORD, 0, words)

static const struct field listing_fields[] = {
    TEXT(listing, id, FIELD_KEY),
    WORD(listing, kind, indicator_kind_words),
    TEXT(listing, value, FIELD_PERSONAL),
    TEXT(listing, display, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(listing, action, listing_action_words),
    WORD(listing, match, listing_match_words),
    TEXT(listing, reason, FIELD_OPTIONAL),
    TEXT(listing, evidence, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(listing, basis, FIELD_OPTIONAL),
    TEXT(listing, source, FIELD_OPTIONAL),
    TEXT(listing, source_id, FIELD_OPTIONAL),
    COUNT(listing, score_milli),
    WHEN(listing, from, 0),
    WHEN(listing, until, 0),
    WORD(listing, state, listing_state_words),
    TEXT(listing, proposer, FIELD_OPTIONAL),
    TEXT(listing, approver, FIELD_OPTIONAL),
    TEXT(listing, notice, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(listing, division, 0),
    TEXT(listing, batch, FIELD_OPTIONAL),
    TEXT(listing, profile, 0),
    COUNT(listing, max_term_us),
    TEXT(listing, rpz, 0),
    WHEN(listing, proposed_at, 0),
    WHEN(listing, decided_at, FIELD_OPTIONAL),
    WHEN(listing, ended_at, FIELD_OPTIONAL),
    TEXT(listing, ended_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(listing, deciders, FIELD_OPTIONAL),
    COUNT(listing, revision),
};

static const struct field appeal_fields[] = {
    TEXT(appeal, id, FIELD_KEY),
    TEXT(appeal, listing, 0),
    TEXT(appeal, statement, FIELD_PERSONAL),
    TEXT(appeal, name, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(appeal, contact, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(appeal, state, appeal_state_words),
    WHEN(appeal, filed_at, 0),
    WHEN(appeal, due_at, 0),
    TEXT(appeal, reviewer, FIELD_OPTIONAL),
    TEXT(appeal, decider, FIELD_OPTIONAL),
    WHEN(appeal, decided_at, FIELD_OPTIONAL),
    TEXT(appeal, answer, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(appeal, division, 0),
    COUNT(appeal, is_late),
    COUNT(appeal, revision),
};

static const struct field user_fields[] = {
    TEXT(user_account, id, FIELD_KEY),
    TEXT(user_account, name, FIELD_PERSONAL),
    TEXT(user_account, roles, 0),
    TEXT(user_account, division, 0),
    TEXT(user_account, provider, FIELD_OPTIONAL),
    WORD(user_account, state, user_state_words),
    TEXT(user_account, password, FIELD_SECRET | FIELD_OPTIONAL),
    TEXT(user_account, proposer, 0),
    TEXT(user_account, approver, FIELD_OPTIONAL),
    WHEN(user_account, proposed_at, 0),
    WHEN(user_account, decided_at, FIELD_OPTIONAL),
    COUNT(user_account, revision),
};

static const struct field session_fields[] = {
    TEXT(session, id, FIELD_KEY),
    TEXT(session, user, 0),
    WORD(session, kind, session_kind_words),
    WORD(session, state, session_state_words),
    TEXT(session, secret, FIELD_SECRET),
    WHEN(session, opened_at, 0),
    WHEN(session, until, 0),
    TEXT(session, division, 0),
    COUNT(session, revision),
};

static const struct field batch_fields[] = {
    TEXT(batch, id, FIELD_KEY),
    TEXT(batch, feed, 0),
    TEXT(batch, source, 0),
    TEXT(batch, source_id, FIELD_OPTIONAL),
    TEXT(batch, user, 0),
    WORD(batch, state, batch_state_words),
    TEXT(batch, waits_for, FIELD_OPTIONAL),
    COUNT(batch, accepted),
    COUNT(batch, duplicate),
    COUNT(batch, refused),
    COUNT(batch, entered),
    COUNT(batch, renewed),
    COUNT(batch, vanished),
    COUNT(batch, conflicts),
    WHEN(batch, opened_at, 0),
    WHEN(batch, closed_at, FIELD_OPTIONAL),
    TEXT(batch, division, 0),
    COUNT(batch, revision),
};

static const struct field source_fields[] = {
    TEXT(source, id, FIELD_KEY),
    TEXT(source, name, 0),
    WORD(source, role, source_role_words),
    WORD(source, kind, indicator_kind_words),
    WORD(source, action, listing_action_words),
    WORD(source, match, listing_match_words),
    TEXT(source, reason, 0),
    TEXT(source, basis, 0),
    TEXT(source, licence, 0),
    TEXT(source, origin, 0),
    TEXT(source, evidence, 0),
    TEXT(source, notice, 0),
    TEXT(source, rpz, 0),
    TEXT(source, region, FIELD_OPTIONAL),
    COUNT(source, term_us),
    COUNT(source, shrink_milli),
    COUNT(source, grow_milli),
    COUNT(source, size),
    WORD(source, state, source_state_words),
    TEXT(source, proposer, 0),
    TEXT(source, approver, FIELD_OPTIONAL),
    WHEN(source, proposed_at, 0),
    WHEN(source, decided_at, FIELD_OPTIONAL),
    WHEN(source, until, FIELD_OPTIONAL),
    WHEN(source, taken_at, FIELD_OPTIONAL),
    WHEN(source, ended_at, FIELD_OPTIONAL),
    TEXT(source, ended_why, FIELD_OPTIONAL),
    TEXT(source, division, 0),
    TEXT(source, profile, 0),
    COUNT(source, max_term_us),
    COUNT(source, revision),
};

static const struct field conflict_fields[] = {
    TEXT(conflict, id, FIELD_KEY),
    TEXT(conflict, source, 0),
    TEXT(conflict, batch, 0),
    WORD(conflict, kind, indicator_kind_words),
    TEXT(conflict, value, FIELD_PERSONAL),
    WORD(conflict, rule, conflict_rule_words),
    TEXT(conflict, against, 0),
    WORD(conflict, state, conflict_state_words),
    TEXT(conflict, listing, FIELD_OPTIONAL),
    WHEN(conflict, found_at, 0),
    TEXT(conflict, decider, FIELD_OPTIONAL),
    WHEN(conflict, decided_at, FIELD_OPTIONAL),
    TEXT(conflict, decided_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(conflict, division, 0),
    COUNT(conflict, revision),
};

static const struct field incident_fields[] = {
    TEXT(incident, id, FIELD_KEY),
    WORD(incident, state, incident_state_words),
    TEXT(incident, transfers, FIELD_PERSONAL),
    TEXT(incident, currency, 0),
    COUNT(incident, stolen),
    TEXT(incident, said, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(incident, opener, 0),
    WHEN(incident, opened_at, 0),
    TEXT(incident, closer, FIELD_OPTIONAL),
    WHEN(incident, closed_at, FIELD_OPTIONAL),
    TEXT(incident, closed_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(incident, division, 0),
    COUNT(incident, revision),
};

static const struct field key_fields[] = {
    TEXT(signing_key, id, FIELD_KEY),
    WORD(signing_key, kind, key_kind_words),
    WORD(signing_key, state, key_state_words),
    TEXT(signing_key, public_part, FIELD_OPTIONAL),
    WHEN(signing_key, made_at, 0),
    WHEN(signing_key, retired_at, FIELD_OPTIONAL),
    TEXT(signing_key, division, 0),
    COUNT(signing_key, revision),
};

static const struct field centre_fields[] = {
    TEXT(centre, id, FIELD_KEY),
    TEXT(centre, name, 0),
    WORD(centre, kind, centre_kind_words),
    TEXT(centre, profile, 0),
    TEXT(centre, division, 0),
    COUNT(centre, is_outbox_held),
    COUNT(centre, is_first_run),
    WHEN(centre, made_at, 0),
    WHEN(centre, restored_at, FIELD_OPTIONAL),
    COUNT(centre, revision),
};

#undef F
#undef TEXT
#undef COUNT
#undef WHEN
#undef WORD

#define SHAPE(table, list)                                                                         \
    {                                                                                              \
        .name = #table, .fields = list, .field_count = COUNT_OF(list),                             \
        .size = sizeof(struct table)                                                               \
    }

const struct record_shape record_shapes[RECORD_KIND_COUNT] = {
    [RECORD_LISTING] = SHAPE(listing, listing_fields),
    [RECORD_APPEAL] = SHAPE(appeal, appeal_fields),
    [RECORD_USER] = SHAPE(user_account, user_fields),
    [RECORD_SESSION] = SHAPE(session, session_fields),
    [RECORD_BATCH] = SHAPE(batch, batch_fields),
    [RECORD_SOURCE] = SHAPE(source, source_fields),
    [RECORD_CONFLICT] = SHAPE(conflict, conflict_fields),
    [RECORD_INCIDENT] = SHAPE(incident, incident_fields),
    [RECORD_KEY] = SHAPE(signing_key, key_fields),
    [RECORD_CENTRE] = SHAPE(centre, centre_fields),
};

#undef SHAPE

err role_set_parse(str s, role_set *ret_roles)
{
    role_set roles = 0;
    str part = {0};
    while (str_split(&s, ',', &part)) {
        unsigned role = 0;
        if (!word_parse(role_words, str_trim(part), &role))
            return fail(ERR_MALFORMED, "role.unknown", 0);
        roles |= (role_set)1 << role;
    }
    if (roles == 0)
        return fail(ERR_MALFORMED, "role.unknown", 0);
    *ret_roles = roles;
    return OK;
}

str role_set_format(role_set roles, struct arena *turn)
{
    struct text t;
    text_init(&t, turn);
    for (unsigned role = 0; role < ROLE_COUNT; role++) {
        if ((roles >> role & 1) == 0)
            continue;
        if (text_str(&t).size > 0)
            text_put_char(&t, ',');
        text_put_c(&t, role_words[role]);
    }
    return text_str(&t);
}
