/* SPDX-License-Identifier: Apache-2.0 */
/* From a deed to the command that the store is given. Words about a record carry its mark. */
#include "world.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct actor world_actor(const struct world *w, int who)
{
    if (who == WHO_PUBLIC)
        return trial_public;
    if (who == WHO_CENTRE)
        return trial_centre;
    const struct model_user *u = &w->model->users[who];
    return (struct actor){.user = str_from_c(u->id),
                          .roles = u->roles,
                          .division = str_from_c(u->division),
                          .kind = ACTOR_STAFF};
}

/* "private-000123 xxxx": found again in the file, if it is there. */
static str say(struct world *w, struct words said, int mark)
{
    char *room = arena_make_array(&w->trial.turn, 1, (size_t)said.bytes + 32);
    assert(room != NULL && mark < w->mark_count);
    if (said.bytes == 0)
        return STR("");
    memset(room, 'x', (size_t)said.bytes + 31);
    if (mark != NOBODY)
        snprintf(room, 32, "private-%06d", mark);
    for (int i = 0; i < said.bytes; i++)
        room[i] = room[i] == '\0' ? ' ' : room[i];
    if (said.is_foul)
        room[said.bytes / 2] = said.bytes % 2 == 0 ? '\x01' : '\xff';
    return str_make(room, (size_t)said.bytes);
}

static str new_id(struct world *w, const char *letter, int number)
{
    struct text t;
    text_init(&t, &w->trial.turn);
    text_printf(&t,
                letter[0] == 'k'    ? "%s%d"
                : letter[1] != '\0' ? "%s%02d"
                                    : "%s%05d",
                letter, letter[0] == 'k' ? number + 1 : number);
    return text_str(&t);
}

static str record_id(struct world *w, const struct deed *d)
{
    const struct model *m = w->model;
    enum record_kind kind = act_record_kind(d->act);
    if (d->record >= 0)
        return d->act == ACT_CENTRE_OPEN && d->why.bytes % 2 != 0
                   ? STR("c2")
                   : str_from_c(model_id(m, kind, d->record));
    if (d->record == ABSENT)
        return STR("NOT-THERE");
    switch (kind) {
    case RECORD_LISTING:
        return new_id(w, "L", m->listing_count);
    case RECORD_APPEAL:
        return new_id(w, "A", m->appeal_count);
    case RECORD_USER:
        return new_id(w, "user", m->user_count);
    case RECORD_SESSION:
        return new_id(w, "S", m->session_count);
    case RECORD_BATCH:
        return new_id(w, "B", m->batch_count);
    case RECORD_KEY:
        return new_id(w, "k", m->key_count);
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
    assert(!"nothing else is made");
    return STR("");
}

/* Whose words these are: they have to go when it is erased. What is said later has none. */
static int mark_of(const struct world *w, const struct deed *d)
{
    const struct model *m = w->model;
    enum record_kind kind = act_record_kind(d->act);
    if (d->record < 0 || (kind != RECORD_LISTING && kind != RECORD_APPEAL))
        return NOBODY;
    if (kind == RECORD_LISTING)
        return m->listings[d->record].is_erased ? NOBODY : m->listings[d->record].mark;
    return m->appeals[d->record].is_erased ? NOBODY : m->appeals[d->record].mark;
}

static void say_listing(struct world *w, const struct deed *d, struct listing *l)
{
    static const char *const policies[] = {"notice", "nxdomain", "nodata"};
    struct words fine = {.bytes = 30};
    str about = say(w, fine, d->listing.mark);
    *l = (struct listing){.kind = d->listing.kind,
                          .value = str_from_c(d->listing.value),
                          .display = about,
                          .action = d->listing.action,
                          .match = d->listing.match,
                          .reason = STR("phishing"),
                          .evidence = about,
                          .basis = STR("fraud_law_24"),
                          .source = STR("world"),
                          .notice = about,
                          .score_milli = 100000,
                          .rpz = str_from_c(policies[d->listing.rpz]),
                          .division = str_from_c(d->division),
                          .from = {d->listing.from},
                          .until = {d->listing.until}};
    str *words[] = {&l->reason, &l->basis, &l->source, &l->evidence, &l->notice};
    int which = d->listing.mark % (int)COUNT_OF(words);
    if (d->listing.flaw == FLAW_WORDS)
        *words[which] = d->listing.mark % 2 == 0 ? STR(" ") : STR("ring\a");
    if (d->listing.flaw == FLAW_LONG)
        *words[which] = say(w, (struct words){.bytes = 4001}, d->listing.mark);
    if (d->listing.flaw == FLAW_SCOPE && which == 0)
        l->value = STR("");
    else if (d->listing.flaw == FLAW_SCOPE)
        l->score_milli = which % 2 == 0 ? 100001 : -1;
}

static void say_user(struct world *w, const struct deed *d, struct user_account *u)
{
    str roles = role_set_format(d->user.roles, &w->trial.turn);
    *u = (struct user_account){.name = d->user.is_misnamed ? STR("No Name") : record_id(w, d),
                               .roles = roles,
                               .division = str_from_c(d->division)};
}

/* The digest of an appeal's key, as personal as its words. */
static str say_key(struct world *w, const struct deed *d, int mark)
{
    return say(w, (struct words){.bytes = d->appeal.is_strangers ? 63 : 64}, mark);
}

static void say_body(struct world *w, const struct deed *d, union record *body)
{
    switch ((int)d->act) {
    case ACT_LISTING_PROPOSE:
        say_listing(w, d, &body->listing);
        return;
    case ACT_APPEAL_FILE:
        body->appeal = (struct appeal){
            .listing = d->appeal.listing < 0 ? STR("NOT-THERE")
                                             : str_from_c(w->model->listings[d->appeal.listing].id),
            .statement = say(w, d->appeal.statement, d->appeal.mark),
            .name = say(w, d->appeal.name, d->appeal.mark),
            .secret = say_key(w, d, d->appeal.mark)};
        return;
    case ACT_APPEAL_WITHDRAW:
        body->appeal = (struct appeal){.secret = say_key(w, d, mark_of(w, d))};
        return;
    case ACT_USER_PROPOSE:
        say_user(w, d, &body->user);
        return;
    case ACT_USER_PASSWORD:
        body->user.password = STR("$argon2id$of-the-world");
        return;
    case ACT_SESSION_OPEN:
        body->session = (struct session){
            .kind = d->session.kind,
            .secret = record_id(w, d),
            .user = d->session.user < 0 ? STR("nobody")
                                        : str_from_c(w->model->users[d->session.user].id)};
        return;
    case ACT_BATCH_OPEN:
        body->batch = (struct batch){.feed = STR("listings"), .division = str_from_c(d->division)};
        return;
    case ACT_BATCH_CLOSE:
        body->batch = (struct batch){
            .accepted = d->accepted, .duplicate = d->duplicate, .refused = d->refused};
        return;
    case ACT_KEY_ADD:
        body->key = (struct signing_key){.kind = d->key_kind};
        return;
    case ACT_CENTRE_OPEN:
        body->centre = (struct centre){.name = STR("another"), .kind = CENTRE_DRILL};
        return;
    }
}

static bool gives_reason(enum act act)
{
    static const enum act acts[] = {
        ACT_LISTING_REFUSE, ACT_LISTING_LIFT, ACT_LISTING_READ, ACT_APPEAL_GRANT,
        ACT_APPEAL_REJECT,  ACT_APPEAL_READ,  ACT_BATCH_READ,   ACT_CENTRE_BACKUP,
        ACT_CENTRE_EXPORT,  ACT_CENTRE_AUDIT, ACT_CENTRE_LAW,
    };
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (acts[i] == act)
            return true;
    return false;
}

void world_command(struct world *w, const struct deed *d, struct command *ret_command)
{
    *ret_command =
        (struct command){.act = d->act,
                         .actor = world_actor(w, d->who),
                         .record = record_id(w, d),
                         .why = gives_reason(d->act) ? say(w, d->why, mark_of(w, d)) : STR("")};
    say_body(w, d, &ret_command->body);
}

static const char *name_of(const struct world *w, int who)
{
    return who == WHO_PUBLIC ? "the public" : w->model->users[who].id;
}

/* Added to what else this step did. */
static void tell(struct world *w, const struct text *t)
{
    size_t size = strlen(w->story);
    snprintf(w->story + size, sizeof w->story - size, "%s%.*s", size > 0 ? "; " : "",
             STR_ARGS(text_str(t)));
}

void world_tell(struct world *w, const struct deed *d)
{
    struct command cmd;
    struct text t;
    int64_t now = w->trial.at.us;
    world_command(w, d, &cmd);
    text_init(&t, &w->trial.turn);
    text_printf(&t, "%s of %.*s by %s (why: %d bytes)", act_name(d->act), STR_ARGS(cmd.record),
                name_of(w, d->who), (int)cmd.why.size);
    if (d->act == ACT_LISTING_PROPOSE)
        text_printf(&t, ": %s %s %s %s, from %+lld s until %+lld s, division \"%s\", flaw %d",
                    listing_action_words[d->listing.action], indicator_kind_words[d->listing.kind],
                    listing_match_words[d->listing.match], d->listing.value,
                    d->listing.from == 0 ? 0LL : (long long)(d->listing.from - now) / 1000000,
                    (long long)(d->listing.until - now) / 1000000, d->division,
                    (int)d->listing.flaw);
    if (d->act == ACT_APPEAL_FILE)
        text_printf(&t, " against %.*s", STR_ARGS(cmd.body.appeal.listing));
    tell(w, &t);
}
