/* SPDX-License-Identifier: Apache-2.0 */
/* Freezes of others, as every form tells them: what makes no sense in them is kept as it was. */
#include "fact/currency.h"
#include "gate/bank/inside.h"
#include "gate/bank/notation.h"

err said_prior_amount(str known, str amount, str currency, struct prior_freeze *freeze)
{
    bool is_below = str_starts(amount, STR("-"));
    freeze->is_whole = str_is_empty(amount);
    if (freeze->is_whole)
        return OK;
    TRY(money_parse(is_below ? str_from(amount, 1) : amount, currency, &freeze->amount));
    freeze->amount = is_below ? -freeze->amount : freeze->amount;
    freeze->currency = str_equal(currency, known) ? STR("") : currency;
    return OK;
}

err said_prior_rank(str rank, struct prior_freeze *freeze)
{
    if (str_is_empty(rank))
        return OK;
    return failed(str_parse_i64(rank, &freeze->rank)) ? fail(ERR_MALFORMED, "bank.rank", 0) : OK;
}

void said_prior_put_rank(struct xml *x, const struct prior_freeze *freeze)
{
    struct text t;
    if (freeze->rank == 0)
        return;
    text_init(&t, x->text->arena);
    text_put_i64(&t, freeze->rank);
    xml_put(x, "Rank", text_spent(&t) ? STR("") : text_str(&t));
}

err said_priors_make(struct said_room *room, size_t said, struct prior_list *ret_list,
                     struct prior_freeze **ret_at)
{
    size_t count = said < PRIOR_MOST ? said : PRIOR_MOST;
    *ret_at = NULL;
    *ret_list = (struct prior_list){.count = count, .said = said};
    if (count == 0)
        return OK;
    *ret_at = arena_make_array(room->arena, count, sizeof **ret_at);
    ret_list->at = *ret_at;
    return *ret_at == NULL ? no_room() : OK;
}

err said_prior_seal(const struct prior_freeze *freeze)
{
    bool is_short =
        freeze->authority.size <= PRIOR_TEXT_BYTES && freeze->reference.size <= PRIOR_TEXT_BYTES;
    return is_short ? OK : fail(ERR_LIMIT, "bank.too_long", 0);
}

bool said_priors_have_amount(const struct prior_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct prior_freeze *f = &list->at[i];
        if (!f->is_whole && f->amount >= 0 && str_is_empty(f->currency))
            return true;
    }
    return false;
}

str bank_freezes(const struct bank_said *said, struct arena *a)
{
    str text = STR("");
    return failed(prior_format(&said->freezes, a, &text)) ? STR("") : text;
}

/* --- in JSON ---- */

/* A text of jansson's, which ends with its document: kept in the arena. Absent: empty. */
static err keep_str(json_value from, const char *key, struct arena *a, str *ret_value)
{
    json_value v = json_get(from, key);
    *ret_value = STR("");
    if (json_is_absent(v))
        return OK;
    TRY(json_read_str(v, ret_value));
    *ret_value = str_copy(a, *ret_value);
    return ret_value->at == NULL ? no_room() : OK;
}

static err read_amount(json_value v, struct prior_freeze *f)
{
    int64_t limit = INT64_C(999999999999999999);
    f->is_whole = json_is_absent(v);
    if (f->is_whole)
        return OK;
    bool is_read = !failed(json_read_i64(v, &f->amount));
    return is_read && f->amount <= limit && f->amount >= -limit
               ? OK
               : fail(ERR_MALFORMED, "bank.amount", 0);
}

static err read_times(json_value from, struct arena *a, struct prior_freeze *f)
{
    json_value rank = json_get(from, "rank");
    str until = STR("");
    if (!json_is_absent(rank) && failed(json_read_i64(rank, &f->rank)))
        return fail(ERR_MALFORMED, "bank.rank", 0);
    TRY(keep_str(from, "until", a, &until));
    if (!str_is_empty(until) && failed(instant_parse(until, &f->until)))
        return fail(ERR_MALFORMED, "bank.time", 0);
    return OK;
}

static err read_one(json_value from, str currency, struct arena *a, struct prior_freeze *ret_freeze)
{
    struct prior_freeze f = {.amount = 0};
    if (json_kind_of(from) != JSON_KIND_OBJECT)
        return fail(ERR_MALFORMED, "bank.document", 0);
    TRY(keep_str(from, "authority", a, &f.authority));
    TRY(keep_str(from, "reference", a, &f.reference));
    TRY(keep_str(from, "currency", a, &f.currency));
    TRY(read_amount(json_get(from, "amount"), &f));
    TRY(read_times(from, a, &f));
    if (str_is_empty(f.authority))
        return fail(ERR_MALFORMED, "bank.absent", 0);
    if (!str_is_empty(f.currency) && currency_digits(f.currency) < 0)
        return fail(ERR_MALFORMED, "bank.currency", 0);
    if (f.is_whole || str_equal(f.currency, currency))
        f.currency = STR("");
    *ret_freeze = f;
    return said_prior_seal(&f);
}

err bank_freezes_read(json_value list, str currency, struct arena *a, struct prior_list *ret_list)
{
    struct said_room room = {.arena = a};
    struct prior_freeze *at = NULL;
    *ret_list = (struct prior_list){0};
    if (json_is_absent(list))
        return OK;
    if (json_kind_of(list) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "bank.document", 0);
    TRY(said_priors_make(&room, json_count(list), ret_list, &at));
    for (size_t i = 0; at != NULL && i < ret_list->count; i++)
        TRY(read_one(json_item(list, i), currency, a, &at[i]));
    return OK;
}
