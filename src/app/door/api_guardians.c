/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guardians: a subscriber names somebody, both confirm by the code that was sent to them, either
 * ends it with a key. Open to anybody: so what is answered never says whether a number is known
 * here, whose guardian somebody is, or how many a number has (docs/decisions/0131).
 */
#include "app/call/api_body.h"
#include "app/call/api_key.h"
#include "app/call/api_routes.h"
#include "app/reach/guardian_seal.h"
#include "desk/change.h"
#include "fact/number.h"
#include "kit/secret.h"
#include "store/row.h"

enum { NUMBER_BYTES = 64, CODE_BYTES = 16 };

/* --- inviting --- */

struct pair {
    str numbers[GUARDIAN_PERSON + 1];
    unsigned language;
};

/* Of a kind that messages reach. */
static err read_number(struct call *call, const char *key, str *ret_number)
{
    struct number n;
    str said = STR("");
    TRY(body_text(call, call->doc.root, key, NUMBER_BYTES, &said));
    err e = number_parse(said, call->house->law.phone_region, &call->arena, &n);
    if (!failed(e) && n.class != NUMBER_MOBILE && n.class != NUMBER_FOREIGN)
        e = fail(ERR_MALFORMED, "guardian.not_mobile", 0);
    if (failed(e))
        call->column = str_from_c(key);
    *ret_number = failed(e) ? STR("") : n.value;
    return e;
}

static err count_invites(struct store *store, str pseudonym, instant after, int64_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(store_sql(store),
                "SELECT (SELECT count(*) FROM guardian WHERE \"pseudonym\" = $1 AND"
                " \"invited_at\" > $2) + (SELECT count(*) FROM guardian WHERE \"person\" = $1 AND"
                " \"invited_at\" > $2)",
                &row));
    sql_bind_str(row, 1, pseudonym);
    sql_bind_i64(row, 2, after.us);
    err e = sql_next(row, &has_row);
    *ret_count = !failed(e) && has_row ? sql_i64(row, 0) : 0;
    sql_done(&row);
    return e;
}

static err fill_invite(struct call *call, struct store *store, struct guardian *g)
{
    const struct pair *p = call->own;
    struct house *house = call->house;
    g->language = p->language;
    g->division = store_centre(store)->division;
    TRY(guardian_pseudonym(house, p->numbers[GUARDIAN_SUBSCRIBER], &call->arena, &g->pseudonym));
    TRY(guardian_pseudonym(house, p->numbers[GUARDIAN_PERSON], &call->arena, &g->person));
    TRY(guardian_shut(house, GUARDIAN_SUBSCRIBER, p->numbers[GUARDIAN_SUBSCRIBER], &call->arena,
                      &g->subscriber));
    return guardian_shut(house, GUARDIAN_PERSON, p->numbers[GUARDIAN_PERSON], &call->arena,
                         &g->contact);
}

static bool is_told(err e)
{
    return !failed(e) ||
           (e.code == ERR_CONFLICT && str_starts(str_from_c(e.why), STR("guardian.")));
}

/* What is refused because of others looks as if it had been done: their secrets are not ours. */
static err invite(struct call *call, struct store *store, instant at, struct command *cmd)
{
    int64_t of_subscriber = 0;
    int64_t of_person = 0;
    instant yesterday = instant_add_us(at, -US_PER_DAY);
    TRY(fill_invite(call, store, &cmd->body.guardian));
    TRY(count_invites(store, cmd->body.guardian.pseudonym, yesterday, &of_subscriber));
    TRY(count_invites(store, cmd->body.guardian.person, yesterday, &of_person));
    if (of_subscriber >= GUARDIAN_INVITES_A_DAY || of_person >= GUARDIAN_INVITES_A_DAY)
        return OK;
    err e = store_apply(store, cmd, at, &call->arena, NULL);
    return is_told(e) ? OK : e;
}

static err answer(struct call *call, str id, unsigned state, str key, int status)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("guardian"), id);
    json_put_str(j, STR("state"), str_from_c(guardian_state_words[state]));
    TRY(api_json_done(call, &made, status));
    return str_is_empty(key) ? OK : api_key_say(call, key);
}

static err write_invite(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_GUARDIAN_INVITE,
                          .actor = call->actor,
                          .record = store_id(store, at, &call->arena)};
    TRY(invite(call, store, at, &cmd));
    return answer(call, cmd.record, GUARDIAN_INVITED, STR(""), 202);
}

static err check_open(const struct call *call)
{
    bool has_gateway = !str_is_empty(call->house->conf.sms_url);
    return has_gateway ? OK : fail(ERR_CONFLICT, "sms.none", 0);
}

err guardians_post(struct call *call)
{
    struct pair *p = arena_make(&call->arena, sizeof *p);
    TRY(api_limit(call, HOUSE_LIMIT_APPEAL));
    TRY(check_open(call));
    if (p == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    *p = (struct pair){.language = 0};
    TRY(read_number(call, "number", &p->numbers[GUARDIAN_SUBSCRIBER]));
    TRY(read_number(call, "guardian", &p->numbers[GUARDIAN_PERSON]));
    TRY(body_word(call, call->doc.root, "language", language_words, &p->language));
    if (str_equal(p->numbers[GUARDIAN_SUBSCRIBER], p->numbers[GUARDIAN_PERSON])) {
        call->column = STR("guardian");
        return fail(ERR_MALFORMED, "guardian.oneself", 0);
    }
    call->own = p;
    call->write = write_invite;
    return OK;
}

/* --- with a code, or a key --- */

struct proof {
    str said;   /* a code, or a key */
    str called; /* shut */
};

static bool fits(str said, str right)
{
    return said.size == right.size && secret_equal(said.at, right.at, right.size);
}

static err find_guardian(struct call *call, struct store *store, union record *ret_guardian)
{
    err e =
        row_find(store_sql(store), RECORD_GUARDIAN, api_param(call, 0), &call->arena, ret_guardian);
    return e.code == ERR_ABSENT ? fail(ERR_DENIED, "guardian.code", 0) : e;
}

/* A wrong one is counted although it is refused. */
static err miss(struct call *call, struct store *store, instant at)
{
    struct command cmd = {
        .act = ACT_GUARDIAN_MISS, .actor = call->actor, .record = api_param(call, 0)};
    err e = store_apply(store, &cmd, at, &call->arena, NULL);
    if (!is_told(e))
        return e;
    api_problem(call, fail(ERR_DENIED, "guardian.code", 0));
    return OK;
}

static err write_confirm(struct call *call, struct store *store, instant at)
{
    const struct proof *p = call->own;
    union record r;
    str right = {0};
    str key = {0};
    struct command cmd = {.actor = call->actor, .record = api_param(call, 0)};
    TRY(find_guardian(call, store, &r));
    bool is_first = r.guardian.state == GUARDIAN_INVITED;
    enum guardian_part part = is_first ? GUARDIAN_SUBSCRIBER : GUARDIAN_PERSON;
    TRY(guardian_code(call->house, r.guardian.id, part, &call->arena, &right));
    if ((!is_first && r.guardian.state != GUARDIAN_AGREED) || !fits(p->said, right))
        return miss(call, store, at);
    cmd.act = is_first ? ACT_GUARDIAN_AGREE : ACT_GUARDIAN_ACCEPT;
    cmd.body.guardian.called = p->called;
    TRY(store_apply(store, &cmd, at, &call->arena, &r));
    TRY(guardian_key(call->house, r.guardian.id, part, &call->arena, &key));
    api_key_fitted(call);
    return answer(call, r.guardian.id, r.guardian.state, key, 200);
}

static err read_called(struct call *call, struct proof *p)
{
    str called = STR("");
    TRY(body_text(call, call->doc.root, "called", GUARDIAN_CALLED_BYTES, &called));
    if (str_is_empty(called))
        return OK; /* only the second step wants it: the desk says so */
    err e = words_check(called, GUARDIAN_CALLED_BYTES, "called.missing", "column.too_long");
    if (failed(e)) {
        call->column = STR("called");
        return e;
    }
    return guardian_name_shut(call->house, called, &call->arena, &p->called);
}

static struct proof *begin(struct call *call)
{
    struct proof *p = arena_make(&call->arena, sizeof *p);
    if (p != NULL)
        *p = (struct proof){.said = STR(""), .called = STR("")};
    call->own = p;
    return p;
}

err guardian_confirm(struct call *call)
{
    TRY(api_key_try(call));
    struct proof *p = begin(call);
    if (p == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(body_text(call, call->doc.root, "code", CODE_BYTES, &p->said));
    TRY(read_called(call, p));
    call->write = write_confirm;
    return OK;
}

/* Either of the two, with the key they were given. */
static err fits_either(struct call *call, const struct guardian *g, str said, bool *ret_fits)
{
    *ret_fits = false;
    for (unsigned part = GUARDIAN_SUBSCRIBER; part <= GUARDIAN_PERSON; part++) {
        str key = {0};
        TRY(guardian_key(call->house, g->id, part, &call->arena, &key));
        *ret_fits = fits(said, key) || *ret_fits;
    }
    return OK;
}

static err write_revoke(struct call *call, struct store *store, instant at)
{
    const struct proof *p = call->own;
    union record r;
    bool is_theirs = false;
    struct command cmd = {
        .act = ACT_GUARDIAN_REVOKE, .actor = call->actor, .record = api_param(call, 0)};
    TRY(find_guardian(call, store, &r));
    TRY(fits_either(call, &r.guardian, p->said, &is_theirs));
    if (!is_theirs)
        return fail(ERR_DENIED, "guardian.code", 0);
    api_key_fitted(call);
    if (r.guardian.state == GUARDIAN_REVOKED) /* once more: it is */
        return answer(call, r.guardian.id, r.guardian.state, STR(""), 200);
    TRY(store_apply(store, &cmd, at, &call->arena, &r));
    return answer(call, r.guardian.id, r.guardian.state, STR(""), 200);
}

err guardian_revoke(struct call *call)
{
    TRY(api_key_try(call));
    struct proof *p = begin(call);
    if (p == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(body_text(call, call->doc.root, "secret", NUMBER_BYTES, &p->said));
    call->write = write_revoke;
    return OK;
}
