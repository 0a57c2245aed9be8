/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/screen_pending.h"

#include "app/call/api_body.h"
#include "app/door/asked.h"
#include "app/door/screen_request.h"
#include "app/warned/watch.h"
#include "fact/provider.h"

enum { ID_BYTES = 128, VALUE_BYTES = 256 };

enum pending_verdict { PENDING_PASS, PENDING_WARN, PENDING_HOLD };
static const char *const verdicts[] = {"pass", "warn", "hold"};
static const char *const forms[] = {"transfer", "call", "request"};

/* --- reading --- */

/* {"items":…}, as nearly every body begins: not looked at here. */
static bool begins_with_items(str body)
{
    static const char blanks[] = " \t\r\n";
    size_t at = 0;
    const str marks[] = {STR("{"), STR("\"items\"")};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        while (at < body.size && memchr(blanks, body.at[at], sizeof blanks - 1) != NULL)
            at++;
        if (!str_starts(str_from(body, at), marks[i]))
            return false;
        at += marks[i].size;
    }
    return true;
}

err screen_pending_asks(struct call *call, bool *ret_asks)
{
    str body = call->request.body;
    *ret_asks = false;
    if (str_is_empty(body) || body.size > SCREEN_PENDING_BYTES || begins_with_items(body))
        return OK;
    TRY(api_body(call));
    int things = 0;
    for (size_t i = 0; i < COUNT_OF(forms); i++)
        things += !json_is_absent(json_get(call->doc.root, forms[i]));
    *ret_asks = things > 0;
    return things > 1 ? fail(ERR_MALFORMED, "screen.one_thing", 0) : OK;
}

static err wrong(struct call *call, const char *column, err e)
{
    if (failed(e))
        call->column = str_from_c(column);
    return e;
}

static err read_indicator(struct call *call, json_value of, const char *column, unsigned kind,
                          struct indicator *ret_indicator)
{
    str text = STR("");
    TRY(body_text(call, of, column, VALUE_BYTES, &text));
    if (str_is_empty(text))
        return wrong(call, column, fail(ERR_MALFORMED, "value.missing", 0));
    str region = call->house->law.phone_region;
    return wrong(call, column, indicator_parse(kind, text, region, &call->arena, ret_indicator));
}

struct pending {
    str id;
    struct indicator from;
    struct asked to; /* payee, or who calls */
    str number;      /* of the payer; empty: its bank does not say */
    int64_t amount;
    bool is_known_payee;
};

/* What only the payer's own bank may say: an account behind another's letters is not its own. */
static err check_own(struct call *call, const struct pending *p)
{
    str provider = call->actor.provider;
    size_t colon = str_find_char(p->from.value, ':');
    const struct provider *bank = provider_find(&call->house->conf.providers, provider);
    const struct provider *other = NULL;
    if (colon < p->from.value.size)
        other = provider_of_bank(&call->house->conf.providers, str_until(p->from.value, colon));
    bool is_bank = !str_is_empty(provider) && bank != NULL &&
                   (bank->kind == PROVIDER_BANK || bank->kind == PROVIDER_PAYMENT);
    bool is_own = is_bank && (colon == p->from.value.size || other == bank);
    return is_own ? OK : wrong(call, "number", fail(ERR_DENIED, "screen.not_own", 0));
}

static err read_number(struct call *call, json_value t, struct pending *p)
{
    struct indicator number;
    if (json_is_absent(json_get(t, "number")))
        return OK;
    TRY(read_indicator(call, t, "number", INDICATOR_NUMBER, &number));
    TRY(check_own(call, p));
    p->number = number.value;
    return OK;
}

static err read_transfer(struct call *call, json_value t, struct pending *p)
{
    json_value known = json_get(t, "known_payee");
    TRY(body_text(call, t, "id", ID_BYTES, &p->id));
    if (str_is_empty(p->id))
        return wrong(call, "id", fail(ERR_MALFORMED, "screen.id", 0));
    TRY(read_indicator(call, t, "from", INDICATOR_ACCOUNT, &p->from));
    TRY(read_indicator(call, t, "to", INDICATOR_ACCOUNT, &p->to.indicator));
    json_value amount = json_get(t, "amount");
    if (!json_is_absent(amount))
        TRY(wrong(call, "amount", json_read_i64(amount, &p->amount)));
    if (p->amount <= 0)
        return wrong(call, "amount", fail(ERR_MALFORMED, "screen.amount", 0));
    if (!json_is_absent(known))
        TRY(wrong(call, "known_payee", json_read_bool(known, &p->is_known_payee)));
    return read_number(call, t, p);
}

/* --- judging --- */

static bool is_listed(const struct pending *p)
{
    return p->to.found.judgement.verdict != VERDICT_PASS;
}

/* The ask is a signal itself: a payment waits, to somebody new, perhaps to somebody listed. Told
 * after it was looked at what it makes of the episode. */
static enum tier weigh(struct call *call, const struct pending *p)
{
    struct warned_tell tell;
    struct warned_seen seen[WATCH_SIGNALS];
    uint32_t now_s = (uint32_t)(clock_now(&call->house->clock).us / US_PER_S);
    const struct watch_asked asked = {.from = p->from.value,
                                      .to = p->to.indicator.value,
                                      .row = p->to.found.is_by_row ? p->to.found.row : 0,
                                      .is_listed = is_listed(p),
                                      .minor = p->amount,
                                      .time_s = now_s,
                                      .is_known_payee = p->is_known_payee};
    const struct warned_seen payment = {.kind = SIGNAL_PENDING,
                                        .time_s = now_s,
                                        .id = warned_hash(call->house, p->id),
                                        .number = p->number};
    struct watch_risk risk = watch_ask(call->house, &asked);
    size_t count = watch_risk_signals(&risk, &payment, seen);
    struct warned_peek peek = warned_peek(call->house, p->number, seen, count);
    warned_tell_begin(&tell, call->house, STR("transfers"), call->actor.provider);
    for (size_t i = 0; i < count; i++)
        warned_tell_put(&tell, &seen[i]);
    warned_tell_end(&tell);
    return peek.tier;
}

static enum pending_verdict judge(const struct call *call, const struct pending *p, enum tier tier)
{
    bool is_blocked = p->to.found.judgement.verdict == VERDICT_BLOCK;
    if (call->house->law.ask_hold_min > 0 && (is_blocked || tier >= TIER_HIGH))
        return PENDING_HOLD;
    return is_listed(p) || tier >= TIER_LOW ? PENDING_WARN : PENDING_PASS;
}

/* --- answering --- */

static void put_text(struct json *j, const char *key)
{
    json_key(j, STR("text"));
    json_object(j);
    json_put_str(j, STR("en"), message(str_from_c(key), LANGUAGE_EN));
    json_put_str(j, STR("zh"), message(str_from_c(key), LANGUAGE_ZH));
    json_end(j);
}

static void put_hold(struct call *call, struct json *j)
{
    const struct law_profile *law = &call->house->law;
    instant until = instant_add_us(clock_now(&call->house->clock), law->ask_hold_min * US_PER_MIN);
    json_key(j, STR("hold"));
    json_object(j);
    json_put_instant(j, STR("until"), until, law->zone_min);
    json_put_str(j, STR("basis"), law->ask_hold_basis);
    json_put_str(j, STR("basis_text"), api_basis_text(call, law->ask_hold_basis));
    json_end(j);
}

static err put_judged(struct call *call, struct json *j, struct asked *asked, const char *key)
{
    json_key(j, str_from_c(key));
    json_object(j);
    TRY(asked_put(call, j, asked));
    json_end(j);
    return OK;
}

static err answer_transfer(struct call *call, struct pending *p, struct json *j)
{
    bool is_weighed = !str_is_empty(p->number) && warned_keys(call->house) != NULL;
    enum tier tier = is_weighed ? weigh(call, p) : TIER_NONE;
    enum pending_verdict verdict = judge(call, p, tier);
    json_put_str(j, STR("id"), p->id);
    json_put_str(j, STR("verdict"), str_from_c(verdicts[verdict]));
    if (verdict != PENDING_PASS)
        put_text(j, is_listed(p) ? "screen.tell_payer_listed" : "screen.tell_payer");
    if (verdict == PENDING_HOLD)
        put_hold(call, j);
    return put_judged(call, j, &p->to, "payee");
}

static err answer_call(struct call *call, struct pending *p, struct json *j)
{
    enum pending_verdict verdict = is_listed(p) ? PENDING_WARN : PENDING_PASS;
    json_put_str(j, STR("verdict"), str_from_c(verdicts[verdict]));
    if (verdict == PENDING_WARN)
        put_text(j, "screen.tell_called");
    return put_judged(call, j, &p->to, "caller");
}

err screen_pending(struct call *call)
{
    if (!json_is_absent(json_get(call->doc.root, "request")))
        return screen_request(call);
    struct api_json made;
    struct told_pen pen = {.form = 0};
    struct pending p = {.id = STR(""), .number = STR("")};
    struct screening_question question = {&p.to.indicator, &p.to.found};
    json_value t = json_get(call->doc.root, "transfer");
    bool is_transfer = !json_is_absent(t);
    p.to.turn = &call->arena;
    p.to.pen = &pen;
    if (is_transfer)
        TRY(read_transfer(call, t, &p));
    else
        TRY(read_indicator(call, json_get(call->doc.root, "call"), "caller", INDICATOR_NUMBER,
                           &p.to.indicator));
    TRY(screening_find(call->house, call->reader, &question, &call->arena));
    TRY(asked_recall(call, &(struct asked *){&p.to}, 1));
    struct json *j = api_json(call, &made);
    json_key(j, is_transfer ? STR("transfer") : STR("call"));
    json_object(j);
    TRY(is_transfer ? answer_transfer(call, &p, j) : answer_call(call, &p, j));
    json_end(j);
    return api_json_done(call, &made, 200);
}
