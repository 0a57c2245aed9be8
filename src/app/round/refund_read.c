/* SPDX-License-Identifier: Apache-2.0 */
#include "app/round/refund_read.h"

#include "base/instant.h"
#include "fact/currency.h"
#include "fact/record.h"
#include "kit/json_read.h"

#include <assert.h>
#include <stdlib.h>

struct reading {
    struct arena *arena;
    struct refund_faults *faults;
    struct refund_asked *asked;
    struct refund_claim *claims;
    struct refund_entry *entries;
    int64_t at; /* the entry being read; -1: the case */
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

static err malformed(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

/* A fault is kept and reading goes on; anything else ends it. */
static err note(const struct reading *r, const char *column, err e)
{
    if (e.code != ERR_MALFORMED)
        return e;
    refund_fault_put(r->faults, r->at, column, e.why);
    return OK;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool is_printable(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        unsigned char c = (unsigned char)s.at[i];
        bool is_c1 = c == 0xc2 && i + 1 < s.size && (unsigned char)s.at[i + 1] < 0xa0;
        if (c < 0x20 || c == 0x7f || is_c1)
            return false;
    }
    return !str_is_blank(s);
}

static err read_text(const struct reading *r, json_value v, str *ret)
{
    str text = STR("");
    if (json_is_absent(v))
        return malformed("json.absent");
    if (failed(json_read_str(v, &text)))
        return malformed("json.kind");
    if (str_is_empty(text) || text.size > REFUND_TEXT_BYTES || !is_printable(text))
        return malformed("refund.text");
    *ret = str_copy(r->arena, text);
    return ret->at == NULL ? spent() : OK;
}

static err read_amount(json_value v, int64_t least, int64_t *ret)
{
    int64_t amount = 0;
    if (json_is_absent(v))
        return malformed("json.absent");
    if (json_kind_of(v) == JSON_KIND_REAL)
        return malformed("amount.fractional");
    if (json_kind_of(v) != JSON_KIND_I64 || failed(json_read_i64(v, &amount)))
        return malformed("amount.malformed");
    if (amount < 0)
        return malformed("amount.negative");
    if (amount > TRANSFER_AMOUNT_MOST)
        return malformed("amount.too_large");
    *ret = amount;
    return amount < least ? malformed("amount.zero") : OK;
}

/* RFC 3339, or milliseconds as a number. */
static err read_time(json_value v, int64_t *ret_ms)
{
    str text = STR("");
    int64_t ms = 0;
    if (json_is_absent(v))
        return malformed("json.absent");
    if (json_kind_of(v) == JSON_KIND_I64 && !failed(json_read_i64(v, &ms))) {
        bool is_within = ms >= 0 && ms <= INSTANT_MAX_US / US_PER_MS;
        *ret_ms = is_within ? ms : 0;
        return is_within ? OK : malformed("time.range");
    }
    instant at = {0};
    if (failed(json_read_str(v, &text)))
        return malformed("time.malformed");
    TRY(instant_parse(text, &at));
    *ret_ms = at.us / US_PER_MS;
    return OK;
}

static err read_seq(json_value v, struct refund_entry *e)
{
    if (json_is_absent(v))
        return OK;
    bool is_whole = json_kind_of(v) == JSON_KIND_I64 && !failed(json_read_i64(v, &e->seq));
    e->has_seq = true;
    return is_whole && e->seq >= 0 ? OK : malformed("seq.malformed");
}

static err read_direction(json_value v, struct refund_entry *e)
{
    str word = STR("");
    if (json_is_absent(v))
        return malformed("json.absent");
    bool is_word = !failed(json_read_str(v, &word));
    e->is_out = str_equal(word, STR("out"));
    return is_word && (e->is_out || str_equal(word, STR("in"))) ? OK
                                                                : malformed("refund.direction");
}

static err read_status(json_value v, struct refund_entry *e)
{
    str word = STR("booked");
    if (!json_is_absent(v) && failed(json_read_str(v, &word)))
        return malformed("status.unknown");
    unsigned status = transfer_status_find(word);
    e->status = status < TRANSFER_STATUS_COUNT ? (uint8_t)status : 0;
    return status < TRANSFER_STATUS_COUNT ? OK : malformed("status.unknown");
}

/* ---- losses ---------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    return str_compare(((const struct refund_claim *)a)->id, ((const struct refund_claim *)b)->id);
}

/* "losses.A": which of them. */
static const char *losses_column(const struct reading *r, str claim)
{
    struct text t;
    text_init(&t, r->arena);
    text_put_c(&t, "losses.");
    text_put(&t, str_until(claim, REFUND_TEXT_BYTES));
    return text_spent(&t) || !str_is_utf8(text_str(&t)) ? "losses" : text_str(&t).at;
}

static err read_losses(struct reading *r, json_value losses)
{
    size_t count = json_count(losses);
    struct json_cursor cursor = {0};
    json_value v = {0};
    str key = STR("");
    if (json_kind_of(losses) != JSON_KIND_OBJECT)
        return note(r, "losses", malformed(json_is_absent(losses) ? "json.absent" : "json.kind"));
    if (count > REFUND_CLAIMS_MOST)
        return fail(ERR_LIMIT, "refund.too_many", 0);
    r->claims = arena_make_array(r->arena, count + 1, sizeof *r->claims);
    if (r->claims == NULL)
        return spent();
    for (uint32_t i = 0; json_next(losses, &cursor, &key, &v); i++) {
        bool is_id = key.size > 0 && key.size <= REFUND_TEXT_BYTES && is_printable(key);
        r->claims[i].id = str_copy(r->arena, key);
        if (r->claims[i].id.at == NULL)
            return spent();
        if (!is_id)
            TRY(note(r, "losses", malformed("refund.text")));
        err e = read_amount(v, 0, &r->claims[i].loss_minor);
        TRY(note(r, failed(e) ? losses_column(r, key) : "losses", e));
    }
    qsort(r->claims, count, sizeof *r->claims, by_id);
    r->asked->of.claims = r->claims;
    r->asked->of.claim_count = (uint32_t)count;
    return OK;
}

static err read_claim(const struct reading *r, json_value v, struct refund_entry *e)
{
    struct refund_claim wanted = {0};
    e->claim = REFUND_NOBODY;
    if (json_is_absent(v))
        return OK;
    TRY(read_text(r, v, &wanted.id));
    const struct refund_claim *found =
        r->claims == NULL
            ? NULL
            : bsearch(&wanted, r->claims, r->asked->of.claim_count, sizeof *r->claims, by_id);
    if (found == NULL)
        return malformed("refund.no_loss");
    e->claim = (int32_t)(found - r->claims);
    return OK;
}

/* ---- entries --------------------------------------------------------------------------------- */

static err read_entry(struct reading *r, json_value v, struct refund_entry *e)
{
    if (json_kind_of(v) != JSON_KIND_OBJECT)
        return note(r, "entries", malformed("json.kind"));
    TRY(note(r, "id", read_text(r, json_get(v, "id"), &e->id)));
    TRY(note(r, "time", read_time(json_get(v, "time"), &e->time_ms)));
    TRY(note(r, "seq", read_seq(json_get(v, "seq"), e)));
    TRY(note(r, "direction", read_direction(json_get(v, "direction"), e)));
    TRY(note(r, "amount", read_amount(json_get(v, "amount"), 1, &e->amount_minor)));
    TRY(note(r, "claim", read_claim(r, json_get(v, "claim"), e)));
    TRY(note(r, "status", read_status(json_get(v, "status"), e)));
    return OK;
}

static err read_entries(struct reading *r, json_value entries)
{
    size_t count = json_count(entries);
    if (json_kind_of(entries) != JSON_KIND_ARRAY)
        return note(r, "entries", malformed(json_is_absent(entries) ? "json.absent" : "json.kind"));
    if (count > REFUND_ENTRIES_MOST)
        return fail(ERR_LIMIT, "refund.too_many", 0);
    r->entries = arena_make_array(r->arena, count + 1, sizeof *r->entries);
    if (r->entries == NULL)
        return spent();
    r->asked->of.entries = r->entries;
    r->asked->of.entry_count = (uint32_t)count;
    for (size_t i = 0; i < count; i++) {
        r->at = (int64_t)i;
        TRY(read_entry(r, json_item(entries, i), &r->entries[i]));
    }
    r->at = -1;
    return OK;
}

/* ---- the case -------------------------------------------------------------------------------- */

static err read_currency(const struct reading *r, json_value v)
{
    str code = STR("CNY");
    bool is_text = json_is_absent(v) || !failed(json_read_str(v, &code));
    if (!is_text || currency_digits(code) < 0)
        return malformed("currency.unknown");
    r->asked->of.currency = str_copy(r->arena, code);
    return r->asked->of.currency.at == NULL ? spent() : OK;
}

static err read_rule(const struct reading *r, json_value v)
{
    str name = STR("cn-2016");
    bool is_text = json_is_absent(v) || !failed(json_read_str(v, &name));
    unsigned rule = RULE_CN_2016;
    bool is_known = is_text && word_parse(refund_rule_words, name, &rule);
    r->asked->rule = is_known ? rule : RULE_CN_2016;
    return is_known ? OK : malformed("refund.rule");
}

static err read_case(struct reading *r, json_value root)
{
    struct refund_case *c = &r->asked->of;
    json_value frozen = json_get(root, "frozen");
    json_value opening = json_get(root, "opening");
    TRY(note(r, "rule", read_rule(r, json_get(root, "rule"))));
    TRY(note(r, "currency", read_currency(r, json_get(root, "currency"))));
    TRY(note(r, "account", read_text(r, json_get(root, "account"), &c->account)));
    TRY(note(r, "frozen.amount", read_amount(json_get(frozen, "amount"), 0, &c->frozen_minor)));
    TRY(note(r, "frozen.time", read_time(json_get(frozen, "time"), &c->frozen_ms)));
    if (!json_is_absent(opening))
        TRY(note(r, "opening", read_amount(opening, 0, &c->opening_minor)));
    TRY(read_losses(r, json_get(root, "losses")));
    return read_entries(r, json_get(root, "entries"));
}

err refund_case_read(str json, struct arena *a, struct refund_asked *ret_asked,
                     struct refund_faults *ret_faults)
{
    struct json_doc doc = {0};
    struct refund_asked asked = {0};
    struct reading r = {.arena = a, .faults = ret_faults, .asked = &asked, .at = -1};
    TRY(json_doc_parse(json, REFUND_CASE_BYTES, &doc));
    err e = json_kind_of(doc.root) == JSON_KIND_OBJECT ? read_case(&r, doc.root)
                                                       : malformed("json.kind");
    json_doc_done(&doc);
    TRY(e);
    *ret_asked = asked;
    return ret_faults->count == 0 ? OK : fail(ERR_MALFORMED, "refund.refused", ret_faults->count);
}
