/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/nouns.h"

#include "fact/provider.h"

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
const char *const detector_words[] = {"callers", "boxes", NULL};
const char *const suspicion_state_words[] = {"open", "listed", "dismissed", "lapsed", NULL};
const char *const sim_box_state_words[] = {"found", "confirmed", "dismissed", "lapsed", NULL};
const char *const guardian_state_words[] = {"invited", "agreed", "active",
                                            "revoked", "lapsed", NULL};
const char *const tip_state_words[] = {"open", "listed", "dismissed", "lapsed", NULL};
const char *const language_words[] = {"zh", "en", NULL};
const char *const alert_tier_words[] = {"low", "medium", "high", "urgent", NULL};
const char *const alert_state_words[] = {"open", "assigned", "reached", "closed", NULL};
const char *const alert_ending_words[] = {"none", "outcome", "faded", NULL};
const char *const alert_withheld_words[] = {"none", "hushed", "day", "number", "held_back", NULL};
const char *const alert_unsent_words[] = {"none", "place", "station", "nobody", NULL};
const char *const outreach_means_words[] = {"none",     "message", "call", "second_call",
                                            "guardian", "visit",   NULL};
const char *const outreach_result_words[] = {"sent",        "reached", "refused", "no_answer",
                                             "unreachable", "failed",  NULL};
const char *const alert_outcome_words[] = {"none", "confirmed", "refuted", "unreachable", NULL};
const char *const alert_checking_words[] = {"none", "asked", "agreed", "differed", NULL};
const char *const hush_state_words[] = {"in_force", "ended", NULL};
const char *const whereabouts_state_words[] = {"asked", "told", "erased", NULL};
const char *const incident_state_words[] = {"open", "following", "closed", NULL};
const char *const report_channel_words[] = {"96110", "110", "web", "counter", "bank", "app", NULL};
const char *const report_state_words[] = {"filed", "taken", "refused", "withdrawn", NULL};
const char *const claim_state_words[] = {"told", "matched", "mismatched", "withdrawn", NULL};
const char *const order_kind_words[] = {"hold",  "stop",  "freeze", "disconnect",
                                        "block", "query", NULL};
const char *const order_state_words[] = {
    "drafted", "approved", "sent",    "acknowledged", "executed", "partial", "refused",
    "lapsed",  "expired",  "lifting", "lifted",       "failed",   NULL};
const char *const order_ask_words[] = {"nothing", "place", "trim", "extend", "lift", NULL};
const char *const order_alarm_words[] = {"none", "late", "loud", NULL};
const char *const receipt_result_words[] = {"pending", "done",    "partial",
                                            "refused", "bounced", NULL};
const char *const receipt_fate_words[] = {"taken",         "stale",   "over",
                                          "contradicting", "unknown", NULL};
const char *const refund_rule_words[] = {"cn-2016", "fifo", "proportional", NULL};
const char *const refund_basis_words[] = {"direct", "timestamp", "proportional", NULL};
const char *const round_state_words[] = {"computed", "reviewed", "noticed", "objected", "approved",
                                         "sent",     "paid",     "closed",  "void",     NULL};
const char *const share_state_words[] = {"due", "paid", "failed", NULL};
const char *const provider_kind_words[] = {"bank",      "payment",  "carrier", "resolver",
                                           "registrar", "platform", NULL};
const char *const provider_way_words[] = {"pull", "push", NULL};
const char *const provider_form_words[] = {"json", "iso20022", "cn", NULL};
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
    TEXT(appeal, listing, FIELD_OPTIONAL),
    TEXT(appeal, order, FIELD_OPTIONAL),
    TEXT(appeal, round, FIELD_OPTIONAL),
    TEXT(appeal, statement, FIELD_PERSONAL),
    TEXT(appeal, name, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(appeal, contact, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(appeal, secret, FIELD_SECRET | FIELD_PERSONAL | FIELD_OPTIONAL),
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
    COUNT(batch, late),
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

static const struct field suspicion_fields[] = {
    TEXT(suspicion, id, FIELD_KEY),
    TEXT(suspicion, number, FIELD_PERSONAL),
    WORD(suspicion, detector, detector_words),
    TEXT(suspicion, model, FIELD_OPTIONAL),
    TEXT(suspicion, digest, FIELD_OPTIONAL),
    COUNT(suspicion, margin),
    COUNT(suspicion, at_call),
    TEXT(suspicion, reasons, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(suspicion, box, FIELD_OPTIONAL),
    WORD(suspicion, state, suspicion_state_words),
    TEXT(suspicion, listing, FIELD_OPTIONAL),
    WHEN(suspicion, found_at, 0),
    WHEN(suspicion, until, 0),
    TEXT(suspicion, decider, FIELD_OPTIONAL),
    WHEN(suspicion, decided_at, FIELD_OPTIONAL),
    TEXT(suspicion, decided_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(suspicion, division, 0),
    COUNT(suspicion, revision),
};

static const struct field sim_box_fields[] = {
    TEXT(sim_box, id, FIELD_KEY),
    TEXT(sim_box, carrier, FIELD_OPTIONAL),
    TEXT(sim_box, cell, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(sim_box, state, sim_box_state_words),
    COUNT(sim_box, channels),
    COUNT(sim_box, card_count),
    COUNT(sim_box, starts),
    COUNT(sim_box, refused),
    COUNT(sim_box, evidence),
    TEXT(sim_box, cards, FIELD_PERSONAL | FIELD_OPTIONAL),
    WHEN(sim_box, first_at, 0),
    WHEN(sim_box, last_at, 0),
    WHEN(sim_box, found_at, 0),
    WHEN(sim_box, seen_at, 0),
    WHEN(sim_box, until, 0),
    TEXT(sim_box, decider, FIELD_OPTIONAL),
    WHEN(sim_box, decided_at, FIELD_OPTIONAL),
    TEXT(sim_box, decided_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(sim_box, division, 0),
    COUNT(sim_box, revision),
};

static const struct field guardian_fields[] = {
    TEXT(guardian, id, FIELD_KEY),
    TEXT(guardian, pseudonym, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(guardian, subscriber, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(guardian, person, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(guardian, contact, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(guardian, called, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(guardian, language, language_words),
    WORD(guardian, state, guardian_state_words),
    COUNT(guardian, tries),
    WHEN(guardian, invited_at, 0),
    WHEN(guardian, until, 0),
    WHEN(guardian, active_at, FIELD_OPTIONAL),
    WHEN(guardian, ended_at, FIELD_OPTIONAL),
    COUNT(guardian, asked_day),
    TEXT(guardian, division, 0),
    COUNT(guardian, revision),
};

static const struct field alert_fields[] = {
    TEXT(alert, id, FIELD_KEY),
    TEXT(alert, pseudonym, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(alert, subscriber, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(alert, language, FIELD_OPTIONAL),
    WORD(alert, tier, alert_tier_words),
    WORD(alert, highest, alert_tier_words),
    COUNT(alert, micro),
    TEXT(alert, scam, FIELD_OPTIONAL),
    WORD(alert, state, alert_state_words),
    WORD(alert, ending, alert_ending_words),
    WORD(alert, withheld, alert_withheld_words),
    WHEN(alert, opened_at, 0),
    WHEN(alert, risen_at, 0),
    WHEN(alert, due_at, FIELD_OPTIONAL),
    WHEN(alert, closed_at, FIELD_OPTIONAL),
    TEXT(alert, officer, FIELD_OPTIONAL),
    WHEN(alert, assigned_at, FIELD_OPTIONAL),
    WHEN(alert, taken_at, FIELD_OPTIONAL),
    COUNT(alert, is_sent),
    TEXT(alert, passed, FIELD_OPTIONAL),
    WORD(alert, unsent, alert_unsent_words),
    TEXT(alert, beat, FIELD_OPTIONAL),
    WHEN(alert, reached_at, FIELD_OPTIONAL),
    COUNT(alert, step),
    WORD(alert, means, outreach_means_words),
    WHEN(alert, step_at, FIELD_OPTIONAL),
    WHEN(alert, step_due, FIELD_OPTIONAL),
    WORD(alert, tried, outreach_means_words),
    COUNT(alert, tries),
    COUNT(alert, is_late),
    TEXT(alert, told, FIELD_OPTIONAL),
    WHEN(alert, told_at, FIELD_OPTIONAL),
    COUNT(alert, is_faint),
    COUNT(alert, rises),
    TEXT(alert, parts, FIELD_PERSONAL | FIELD_OPTIONAL),
    COUNT(alert, risen_micro),
    TEXT(alert, cause, FIELD_OPTIONAL),
    COUNT(alert, source),
    TEXT(alert, rules, 0),
    WORD(alert, outcome, alert_outcome_words),
    COUNT(alert, paid),
    COUNT(alert, saved),
    TEXT(alert, note, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(alert, outcome_by, FIELD_OPTIONAL),
    WHEN(alert, outcome_at, FIELD_OPTIONAL),
    WORD(alert, checking, alert_checking_words),
    TEXT(alert, checker, FIELD_OPTIONAL),
    WHEN(alert, checked_at, FIELD_OPTIONAL),
    TEXT(alert, check_note, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(alert, report, FIELD_OPTIONAL),
    COUNT(alert, is_missed),
    COUNT(alert, is_warned),
    COUNT(alert, lead_s),
    COUNT(alert, lost),
    WHEN(alert, until, FIELD_OPTIONAL),
    TEXT(alert, division, 0),
    COUNT(alert, revision),
};

static const struct field outreach_fields[] = {
    TEXT(outreach, id, FIELD_KEY),
    TEXT(outreach, alert, 0),
    COUNT(outreach, step),
    WORD(outreach, means, outreach_means_words),
    WHEN(outreach, due_at, FIELD_OPTIONAL),
    WHEN(outreach, done_at, 0),
    WHEN(outreach, told_at, 0),
    WORD(outreach, result, outreach_result_words),
    TEXT(outreach, by, 0),
    TEXT(outreach, note, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(outreach, division, 0),
    COUNT(outreach, revision),
};

static const struct field hush_fields[] = {
    TEXT(hush, id, FIELD_KEY),
    TEXT(hush, alert, 0),
    TEXT(hush, pseudonym, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(hush, highest, alert_tier_words),
    WORD(hush, state, hush_state_words),
    TEXT(hush, by, 0),
    WHEN(hush, asked_at, 0),
    WHEN(hush, until, 0),
    TEXT(hush, division, 0),
    COUNT(hush, revision),
};

static const struct field whereabouts_fields[] = {
    TEXT(whereabouts, id, FIELD_KEY),
    TEXT(whereabouts, alert, 0),
    WORD(whereabouts, state, whereabouts_state_words),
    TEXT(whereabouts, address, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(whereabouts, asker, 0),
    WHEN(whereabouts, asked_at, 0),
    TEXT(whereabouts, teller, FIELD_OPTIONAL),
    WHEN(whereabouts, told_at, FIELD_OPTIONAL),
    WHEN(whereabouts, erased_at, FIELD_OPTIONAL),
    WHEN(whereabouts, until, 0),
    TEXT(whereabouts, division, 0),
    COUNT(whereabouts, revision),
};

static const struct field tip_fields[] = {
    TEXT(tip, id, FIELD_KEY),
    WORD(tip, kind, indicator_kind_words),
    TEXT(tip, value, FIELD_PERSONAL),
    WORD(tip, state, tip_state_words),
    COUNT(tip, told),
    COUNT(tip, by_programs),
    COUNT(tip, decided_told),
    TEXT(tip, listing, FIELD_OPTIONAL),
    WHEN(tip, first_at, 0),
    WHEN(tip, last_at, 0),
    WHEN(tip, until, 0),
    TEXT(tip, decider, FIELD_OPTIONAL),
    WHEN(tip, decided_at, FIELD_OPTIONAL),
    TEXT(tip, decided_why, FIELD_OPTIONAL | FIELD_PERSONAL),
    TEXT(tip, division, 0),
    COUNT(tip, revision),
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

static const struct field report_fields[] = {
    TEXT(report, id, FIELD_KEY),
    WORD(report, channel, report_channel_words),
    WORD(report, state, report_state_words),
    TEXT(report, incident, FIELD_OPTIONAL),
    TEXT(report, victim_number, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(report, victim_name, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(report, said, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(report, currency, 0),
    COUNT(report, loss),
    COUNT(report, pledged),
    TEXT(report, secret, FIELD_SECRET | FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(report, filer, 0),
    WHEN(report, filed_at, 0),
    TEXT(report, taker, FIELD_OPTIONAL),
    WHEN(report, taken_at, FIELD_OPTIONAL),
    WHEN(report, ended_at, FIELD_OPTIONAL),
    TEXT(report, ended_why, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(report, division, 0),
    COUNT(report, revision),
};

static const struct field claim_fields[] = {
    TEXT(claim, id, FIELD_KEY),
    TEXT(claim, report, 0),
    TEXT(claim, incident, FIELD_OPTIONAL),
    WORD(claim, state, claim_state_words),
    TEXT(claim, transfer, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(claim, from, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(claim, to, FIELD_PERSONAL),
    TEXT(claim, bank, FIELD_OPTIONAL),
    TEXT(claim, name, FIELD_PERSONAL | FIELD_OPTIONAL),
    COUNT(claim, amount),
    TEXT(claim, currency, 0),
    WHEN(claim, sent_at, FIELD_OPTIONAL),
    TEXT(claim, mismatch, FIELD_OPTIONAL),
    COUNT(claim, returned),
    TEXT(claim, division, 0),
    COUNT(claim, revision),
};

static const struct field order_fields[] = {
    TEXT(order, id, FIELD_KEY),
    TEXT(order, incident, FIELD_OPTIONAL),
    TEXT(order, report, FIELD_OPTIONAL),
    WORD(order, kind, order_kind_words),
    WORD(order, state, order_state_words),
    COUNT(order, is_emergency),
    WORD(order, target_kind, indicator_kind_words),
    TEXT(order, target, FIELD_PERSONAL),
    TEXT(order, bank, FIELD_OPTIONAL),
    TEXT(order, name, FIELD_PERSONAL | FIELD_OPTIONAL),
    COUNT(order, amount),
    COUNT(order, bound),
    TEXT(order, currency, 0),
    TEXT(order, claim, FIELD_OPTIONAL),
    TEXT(order, takes, FIELD_OPTIONAL),
    TEXT(order, taker, FIELD_OPTIONAL),
    COUNT(order, yielded),
    TEXT(order, basis, 0),
    TEXT(order, reason, 0),
    TEXT(order, evidence, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(order, notice, FIELD_PERSONAL),
    WHEN(order, from, 0),
    WHEN(order, until, 0),
    WHEN(order, countersign_by, FIELD_OPTIONAL),
    TEXT(order, provider, 0),
    COUNT(order, layer),
    COUNT(order, rank),
    TEXT(order, rank_why, FIELD_OPTIONAL),
    WORD(order, asked, order_ask_words),
    COUNT(order, ask),
    WHEN(order, asked_at, FIELD_OPTIONAL),
    WHEN(order, due_at, FIELD_OPTIONAL),
    COUNT(order, is_late),
    WORD(order, alarm, order_alarm_words),
    WHEN(order, alarmed_at, FIELD_OPTIONAL),
    TEXT(order, heeder, FIELD_OPTIONAL),
    WHEN(order, heeded_at, FIELD_OPTIONAL),
    WHEN(order, unrelated_since, FIELD_OPTIONAL),
    WHEN(order, release_by, FIELD_OPTIONAL),
    TEXT(order, keeper, FIELD_OPTIONAL),
    COUNT(order, held),
    COUNT(order, balance),
    COUNT(order, ahead),
    WHEN(order, said_at, FIELD_OPTIONAL),
    COUNT(order, repeats),
    WHEN(order, agreed_until, FIELD_OPTIONAL),
    WHEN(order, wanted_until, FIELD_OPTIONAL),
    TEXT(order, wanted_by, FIELD_OPTIONAL),
    TEXT(order, proposer, 0),
    TEXT(order, approver, FIELD_OPTIONAL),
    WHEN(order, proposed_at, 0),
    WHEN(order, decided_at, FIELD_OPTIONAL),
    WHEN(order, executed_at, FIELD_OPTIONAL),
    WHEN(order, ended_at, FIELD_OPTIONAL),
    TEXT(order, ended_why, FIELD_PERSONAL | FIELD_OPTIONAL),
    WHEN(order, released_at, FIELD_OPTIONAL),
    TEXT(order, deciders, 0),
    TEXT(order, profile, 0),
    COUNT(order, max_term_us),
    COUNT(order, max_repeats),
    TEXT(order, division, 0),
    COUNT(order, revision),
};

static const struct field receipt_fields[] = {
    TEXT(receipt, id, FIELD_KEY),
    TEXT(receipt, order, FIELD_OPTIONAL),
    TEXT(receipt, share, FIELD_OPTIONAL),
    TEXT(receipt, provider, 0),
    TEXT(receipt, key, FIELD_OPTIONAL),
    WORD(receipt, result, receipt_result_words),
    WORD(receipt, fate, receipt_fate_words),
    COUNT(receipt, ask),
    COUNT(receipt, held),
    COUNT(receipt, balance),
    TEXT(receipt, freezes, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(receipt, wrong, prior_wrong_words),
    COUNT(receipt, ahead),
    TEXT(receipt, reference, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(receipt, reason, FIELD_PERSONAL | FIELD_OPTIONAL),
    WHEN(receipt, at, 0),
    WHEN(receipt, received_at, 0),
    TEXT(receipt, receiver, 0),
    TEXT(receipt, division, 0),
    COUNT(receipt, revision),
};

static const struct field round_fields[] = {
    TEXT(round, id, FIELD_KEY),
    TEXT(round, incident, 0),
    TEXT(round, account, FIELD_PERSONAL),
    TEXT(round, bank, FIELD_OPTIONAL),
    TEXT(round, provider, 0),
    TEXT(round, orders, 0),
    WORD(round, state, round_state_words),
    WORD(round, rule, refund_rule_words),
    TEXT(round, currency, 0),
    COUNT(round, number),
    COUNT(round, frozen),
    COUNT(round, shared),
    COUNT(round, unclaimed),
    COUNT(round, allotted),
    COUNT(round, returned),
    COUNT(round, failed),
    WHEN(round, frozen_at, 0),
    TEXT(round, statement, FIELD_PERSONAL),
    TEXT(round, digest, 0),
    COUNT(round, doubts),
    COUNT(round, needs_notice),
    COUNT(round, notice_us),
    COUNT(round, objections),
    TEXT(round, computer, 0),
    WHEN(round, computed_at, 0),
    TEXT(round, reviewer, FIELD_OPTIONAL),
    WHEN(round, reviewed_at, FIELD_OPTIONAL),
    TEXT(round, noticer, FIELD_OPTIONAL),
    WHEN(round, noticed_at, FIELD_OPTIONAL),
    WHEN(round, notice_until, FIELD_OPTIONAL),
    TEXT(round, first_approver, FIELD_OPTIONAL),
    WHEN(round, first_approved_at, FIELD_OPTIONAL),
    TEXT(round, approver, FIELD_OPTIONAL),
    WHEN(round, approved_at, FIELD_OPTIONAL),
    WHEN(round, sent_at, FIELD_OPTIONAL),
    WHEN(round, paid_at, FIELD_OPTIONAL),
    WHEN(round, ended_at, FIELD_OPTIONAL),
    TEXT(round, ended_why, FIELD_PERSONAL | FIELD_OPTIONAL),
    WHEN(round, due_at, FIELD_OPTIONAL),
    COUNT(round, is_late),
    TEXT(round, deciders, 0),
    TEXT(round, profile, 0),
    TEXT(round, division, 0),
    COUNT(round, revision),
};

static const struct field share_fields[] = {
    TEXT(share, id, FIELD_KEY),
    TEXT(share, round, 0),
    TEXT(share, claim, 0),
    TEXT(share, incident, 0),
    TEXT(share, to, FIELD_PERSONAL | FIELD_OPTIONAL),
    WORD(share, basis, refund_basis_words),
    WORD(share, state, share_state_words),
    WORD(share, was, share_state_words),
    COUNT(share, loss),
    COUNT(share, amount),
    WHEN(share, settled_at, FIELD_OPTIONAL),
    WHEN(share, said_at, FIELD_OPTIONAL),
    TEXT(share, reference, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(share, failure, FIELD_PERSONAL | FIELD_OPTIONAL),
    TEXT(share, settler, FIELD_OPTIONAL),
    TEXT(share, division, 0),
    COUNT(share, revision),
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
    [RECORD_SUSPICION] = SHAPE(suspicion, suspicion_fields),
    [RECORD_BOX] = SHAPE(sim_box, sim_box_fields),
    [RECORD_GUARDIAN] = SHAPE(guardian, guardian_fields),
    [RECORD_ALERT] = SHAPE(alert, alert_fields),
    [RECORD_OUTREACH] = SHAPE(outreach, outreach_fields),
    [RECORD_HUSH] = SHAPE(hush, hush_fields),
    [RECORD_WHEREABOUTS] = SHAPE(whereabouts, whereabouts_fields),
    [RECORD_TIP] = SHAPE(tip, tip_fields),
    [RECORD_INCIDENT] = SHAPE(incident, incident_fields),
    [RECORD_REPORT] = SHAPE(report, report_fields),
    [RECORD_CLAIM] = SHAPE(claim, claim_fields),
    [RECORD_ORDER] = SHAPE(order, order_fields),
    [RECORD_RECEIPT] = SHAPE(receipt, receipt_fields),
    [RECORD_ROUND] = SHAPE(round, round_fields),
    [RECORD_SHARE] = SHAPE(share, share_fields),
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
