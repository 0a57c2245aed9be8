/* SPDX-License-Identifier: Apache-2.0 */
/* Whose the money is that an incident's orders hold: computed, and made a round. */
#include "app/call/api_again.h"
#include "app/call/api_body.h"
#include "app/door/api_incident.h"
#include "app/door/print.h"
#include "app/house/ask.h"
#include "app/round/refund_write.h"
#include "app/round/round_compute.h"
#include "app/round/round_doc.h"
#include "fact/account.h"

enum { ACCOUNT_BYTES = 256 };

/* --- the question --- */

/* As people write it, or as a feed does. */
static str account_of(struct call *call, str said)
{
    struct account known = {0};
    return failed(account_parse(said, &call->arena, &known)) ? said : known.value;
}

struct asking {
    struct call *call;
    struct incident incident;
    enum refund_rule rule;
    struct round_question q;
    struct round_computed *made;
};

static err asking_begin(struct call *call, struct runs *runs, struct arena *a, struct asking *ret)
{
    *ret = (struct asking){.call = call};
    ret->made = arena_make(a, sizeof *ret->made);
    ret->q = (struct round_question){.db = reader_sql(call->reader),
                                     .runs = runs,
                                     .zone_min = call->house->law.zone_min,
                                     .arena = a};
    return ret->made == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err compute(struct asking *a, str account)
{
    a->q.account = account;
    a->q.rule = a->rule;
    err e = round_compute(&a->q, a->made);
    a->call->about = failed(e) ? str_copy(&a->call->arena, a->made->about) : STR("");
    TRY(e);
    return round_concerns(a->made, a->incident.id) ? OK
                                                   : fail(ERR_DENIED, "account.not_on_trail", 0);
}

/* --- reading --- */

static void put_words(struct json *j, const char *key, str words)
{
    json_key(j, str_from_c(key));
    json_array(j);
    for (str word = {0}; !str_is_empty(words) && str_split(&words, ' ', &word);)
        json_str(j, word);
    json_end(j);
}

static str display_of(struct call *call, str account)
{
    struct account known = {0};
    bool is_known =
        !failed(account_parse(account, &call->arena, &known)) && str_equal(known.value, account);
    return is_known ? known.display : account;
}

static void put_refund(struct asking *a, struct json *j)
{
    const struct round_computed *c = a->made;
    json_put_str(j, STR("display"), display_of(a->call, c->made.of.account));
    json_put_str_if_any(j, STR("bank"), c->hold.bank);
    json_put_str(j, STR("provider"), c->hold.provider);
    put_words(j, "orders", c->hold.orders);
    json_put_str_if_any(j, STR("round"), c->open);
    refund_write_fields(&c->refund, a->q.zone_min, j);
}

/* Why there is nothing to be read of an account, and what the bank has to say first. */
static void put_trouble(struct asking *a, struct json *j, str account, err e)
{
    str code = str_from_c(e.why);
    json_put_str(j, STR("account"), account);
    json_put_str(j, STR("display"), display_of(a->call, account));
    json_put_str(j, STR("code"), code);
    json_put_str_if_any(j, STR("entry"), a->call->about);
    json_put_str(j, STR("reason"), message(code, a->call->language));
    a->call->about = STR("");
}

struct reading {
    const struct asking *asking;
    str account;
};

/* The incident is the purpose, and the reading a leaf. */
static err write_reading(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct reading *r = self;
    struct call *call = r->asking->call;
    struct text t;
    (void)turn;
    text_init(&t, &call->arena);
    text_put_c(&t, "refund ");
    text_put(&t, r->account);
    struct command cmd = {.act = ACT_INCIDENT_READ,
                          .actor = call->actor,
                          .record = r->asking->incident.id,
                          .why = text_str(&t)};
    return store_apply(store, &cmd, at, &call->arena, NULL);
}

/* Of one that was named a refusal is the answer; of others it is said beside the rest. */
static err put_account(struct asking *a, struct json *j, str account, bool is_named)
{
    struct reading reading = {.asking = a, .account = account};
    err e = compute(a, account);
    bool is_said = !is_named && (e.code == ERR_CONFLICT || e.code == ERR_LIMIT);
    if (failed(e) && !is_said)
        return e;
    if (!failed(e))
        TRY(ask_store(a->call->house, write_reading, &reading));
    json_object(j);
    if (failed(e))
        put_trouble(a, j, account, e);
    else
        put_refund(a, j);
    json_end(j);
    return OK;
}

static err read_rule(struct call *call, enum refund_rule *ret_rule)
{
    str word = {0};
    unsigned rule = (unsigned)call->house->law.refund_rule;
    TRY(api_query_one_of(call, "rule", refund_rule_words, &word));
    if (!str_is_empty(word))
        (void)word_parse(refund_rule_words, word, &rule);
    *ret_rule = rule;
    return OK;
}

static err put_accounts(struct asking *a, struct json *j)
{
    struct call *call = a->call;
    str *accounts = NULL;
    size_t count = 0;
    str named = api_query(call, "account");
    if (!str_is_empty(named))
        return put_account(a, j, account_of(call, named), true);
    TRY(round_accounts_read(a->q.db, a->incident.id, a->q.arena, &accounts, &count));
    for (size_t i = 0; i < count; i++)
        TRY(put_account(a, j, accounts[i], false));
    return OK;
}

static err answer_refund_with(struct call *call, struct runs *runs, struct arena *arena)
{
    struct asking a;
    struct api_json made;
    TRY(asking_begin(call, runs, arena, &a));
    TRY(incident_of_path(call, &a.incident));
    TRY(read_rule(call, &a.rule));
    struct json *j = api_json(call, &made);
    json_key(j, STR("items"));
    json_array(j);
    TRY(put_accounts(&a, j));
    json_end(j);
    json_key(j, STR("next"));
    json_null(j);
    return api_json_done(call, &made, 200);
}

static err answer_refund(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, ROUND_COMPUTE_BYTES);
    err e = answer_refund_with(call, runs, &arena);
    arena_done(&arena);
    return e;
}

err incident_refund(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_refund);
}

/* --- making a round --- */

/* What was computed may have been overtaken between the reader and this transaction. */
static err still_so(const struct asking *a, struct store *store, struct arena *turn)
{
    const struct round_computed *c = a->made;
    const struct round_source s = {
        .db = store_sql(store), .account = c->made.of.account, .arena = turn};
    struct round_hold hold = {0};
    int64_t number = 0;
    str open = {0};
    TRY(round_number_read(&s, &number, &open));
    if (!str_is_empty(open))
        return fail(ERR_CONFLICT, "round.exists", 0);
    TRY(round_hold_read(&s, &hold));
    bool is_same = number == c->number && hold.amount == c->hold.amount &&
                   str_equal(hold.orders, c->hold.orders);
    return is_same ? OK : fail(ERR_BUSY, "limit.busy", 0);
}

static struct round round_of(const struct asking *a)
{
    const struct round_computed *c = a->made;
    return (struct round){.incident = a->incident.id,
                          .account = c->made.of.account,
                          .bank = c->hold.bank,
                          .provider = c->hold.provider,
                          .orders = c->hold.orders,
                          .rule = a->rule,
                          .currency = c->hold.currency,
                          .number = c->number,
                          .frozen = c->made.of.frozen_minor,
                          .shared = round_shared(c),
                          .unclaimed = c->refund.unclaimed_minor,
                          .doubts = refund_doubtful(&c->refund),
                          .frozen_at = instant_from_us(c->made.of.frozen_ms * US_PER_MS),
                          .statement = c->statement,
                          .digest = c->digest,
                          .division = a->incident.division};
}

/* A round in the making, in an open transaction. */
struct making {
    const struct asking *asking;
    struct store *store;
    instant at;
    str round;
};

static err make_share(const struct making *m, uint32_t i)
{
    const struct round_computed *c = m->asking->made;
    const struct refund_part *part = &c->refund.parts[i];
    const struct round_claim *claim = round_claim_of(c, i);
    struct arena turn; /* each loads the round, and with it the whole statement */
    struct command cmd = {.act = ACT_SHARE_MAKE, .actor = m->asking->call->actor};
    arena_init(&turn, API_CALL_BYTES);
    cmd.record = store_id(m->store, m->at, &turn);
    cmd.body.share = (struct share){.round = m->round,
                                    .claim = claim->id,
                                    .incident = claim->incident,
                                    .to = claim->from,
                                    .basis = part->basis,
                                    .loss = part->loss_minor,
                                    .amount = part->amount_minor,
                                    .division = m->asking->incident.division};
    err e = store_apply(m->store, &cmd, m->at, &turn, NULL);
    arena_done(&turn);
    return e;
}

static err make_round(struct making *m)
{
    struct call *call = m->asking->call;
    const struct round_computed *c = m->asking->made;
    struct command cmd = {.act = ACT_ROUND_COMPUTE, .actor = call->actor};
    cmd.record = m->round = store_id(m->store, m->at, &call->arena);
    cmd.body.round = round_of(m->asking);
    TRY(store_apply(m->store, &cmd, m->at, &call->arena, NULL));
    for (uint32_t i = 0; i < c->made.of.claim_count; i++)
        if (c->refund.parts[i].amount_minor > 0)
            TRY(make_share(m, i));
    return OK;
}

/* As it stands in this transaction: the call's reader does not see it yet. */
static err answer_made(struct call *call, str round)
{
    union record r;
    struct api_json made;
    struct reader *reader = call->reader;
    call->reader = NULL;
    err e = api_row(call, RECORD_ROUND, round, &r);
    if (!failed(e))
        e = round_doc_put(call, api_json(call, &made), &r.round);
    call->reader = reader;
    TRY(e);
    return api_json_done(call, &made, 201);
}

static err write_round(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct asking *a = self;
    struct call *call = a->call;
    struct making m = {.asking = a, .store = store, .at = at};
    TRY(still_so(a, store, turn));
    TRY(make_round(&m));
    TRY(answer_made(call, m.round));
    return again_keep(call, store, at);
}

static err find_again(void *self, struct store *store, instant at, struct arena *turn)
{
    struct call *call = self;
    bool is_answered = false; /* the call knows it, too */
    (void)at;
    (void)turn;
    return again_find(call, store, &is_answered);
}

static err answer_round_with(struct call *call, struct runs *runs, struct arena *arena)
{
    struct asking a;
    union record r;
    str account = {0};
    str incident = {0};
    unsigned rule = (unsigned)call->house->law.refund_rule;
    json_value root = call->doc.root;
    TRY(ask_store(call->house, find_again, call));
    if (call->is_answered)
        return OK;
    TRY(asking_begin(call, runs, arena, &a));
    TRY(body_text(call, root, "incident", ACCOUNT_BYTES, &incident));
    TRY(body_text(call, root, "account", ACCOUNT_BYTES, &account));
    TRY(body_word(call, root, "rule", refund_rule_words, &rule));
    call->column = STR("account");
    if (str_is_empty(account))
        return fail(ERR_MALFORMED, "value.missing", 0);
    call->column = STR("incident");
    TRY(api_find(call, RECORD_INCIDENT, incident, &r));
    call->column = STR("");
    a.incident = r.incident;
    a.rule = rule;
    TRY(compute(&a, account_of(call, account)));
    if (!str_is_empty(a.made->open))
        return fail(ERR_CONFLICT, "round.exists", 0);
    if (round_shared(a.made) == 0)
        return fail(ERR_CONFLICT, "round.nothing", 0);
    return ask_store(call->house, write_round, &a);
}

static err answer_round(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, ROUND_COMPUTE_BYTES);
    err e = answer_round_with(call, runs, &arena);
    arena_done(&arena);
    return e;
}

err rounds_post(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_COMPUTE));
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    return incident_ask(call, answer_round);
}

/* --- the statement of a round --- */

struct statement {
    struct call *call;
    struct round round;
};

static err write_statement_read(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct statement *s = self;
    struct call *call = s->call;
    struct command cmd = {.act = ACT_ROUND_READ,
                          .actor = call->actor,
                          .record = s->round.id,
                          .why = api_query(call, "purpose")};
    return store_apply(store, &cmd, at, turn, NULL);
}

/* The bytes as they were kept: their digest stands in the round. */
static err answer_statement(struct call *call, struct runs *runs)
{
    struct statement s = {.call = call};
    (void)runs;
    TRY(round_find(call, api_param(call, 0), &s.round));
    TRY(ask_store(call->house, write_statement_read, &s));
    call->reply = (struct api_reply){
        .status = 200, .content_type = STR("application/json"), .body = s.round.statement};
    if (!str_has(call->request.accept, STR("application/pdf")))
        return OK;
    str lang = call->language == LANGUAGE_EN ? STR("en") : STR("zh");
    call->reply.content_type = STR("application/pdf");
    return print_pdf(STR("refund"), s.round.statement, lang, &call->arena, &call->reply.body);
}

err round_statement(struct call *call)
{
    TRY(api_permit(call, ACT_ROUND_READ));
    return incident_ask(call, answer_statement);
}
