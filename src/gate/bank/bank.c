/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/currency.h"
#include "gate/bank/inside.h"
#include "gate/bank/notation.h"

#include <assert.h>

enum { ASK_DIGITS = 9 };

static const struct xml_limits xml_limits = {.bytes = BANK_BYTES, .nodes = BANK_NODES};

err no_room(void)
{
    return fail(ERR_LIMIT, "bank: no memory left for a document", 0);
}

/* --- names of asks ---- */

str bank_key(str order, int64_t ask, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put(&t, order);
    text_put_char(&t, '-');
    text_put_i64(&t, ask);
    return text_spent(&t) ? STR("") : text_str(&t);
}

static bool is_of_id(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
           c == '_' || c == '.';
}

err bank_key_parse(str key, str *ret_order, int64_t *ret_ask)
{
    size_t cut = key.size;
    while (cut > 0 && key.at[cut - 1] != '-')
        cut--;
    str digits = str_from(key, cut);
    while (str_starts(digits, STR("0"))) /* form cn fills its ids with them */
        digits = str_from(digits, 1);
    int64_t ask = 0;
    bool is_ours = cut > 1 && cut - 1 <= SAID_ORDER_BYTES && digits.size > 0 &&
                   digits.size <= ASK_DIGITS && !failed(str_parse_i64(digits, &ask)) && ask > 0;
    for (size_t i = 0; is_ours && i < key.size; i++)
        is_ours = is_of_id(key.at[i]);
    if (!is_ours)
        return fail(ERR_MALFORMED, "bank.reference", 0);
    *ret_order = str_until(key, cut - 1);
    *ret_ask = ask;
    return OK;
}

err said_reference(struct bank_said *said, str reference)
{
    return bank_key_parse(reference, &said->order, &said->ask);
}

str bank_reason(const struct bank_said *said, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put(&t, said->code);
    if (!str_is_empty(said->code) && !str_is_empty(said->words))
        text_put_c(&t, ": ");
    text_put(&t, said->words);
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* --- answers as they are read ---- */

struct bank_said *said_make(struct said_room *room, err *ret_failure)
{
    if (room->count == BANK_SAID_MOST) {
        *ret_failure = fail(ERR_LIMIT, "bank.too_many", BANK_SAID_MOST);
        return NULL;
    }
    if (room->count == room->room) {
        size_t more = room->room == 0 ? 4 : 2 * room->room;
        struct bank_said *at =
            arena_grow(room->arena, room->at, room->room * sizeof *at, more * sizeof *at);
        if (at == NULL) {
            *ret_failure = no_room();
            return NULL;
        }
        room->at = at;
        room->room = more;
    }
    struct bank_said *said = &room->at[room->count++];
    str none = STR("");
    *said = (struct bank_said){
        .order = none,
        .held = -1,
        .balance = -1,
        .payment = none,
        .currency = none,
        .code = none,
        .words = none,
        .key = none,
    };
    return said;
}

static bool is_short(str s, size_t bytes)
{
    return s.size <= bytes;
}

err said_seal(struct bank_said *said)
{
    if (!is_short(said->order, SAID_ORDER_BYTES) || !is_short(said->key, SAID_KEY_BYTES) ||
        !is_short(said->code, SAID_CODE_BYTES) || !is_short(said->payment, SAID_KEY_BYTES))
        return fail(ERR_LIMIT, "bank.too_long", 0);
    said->words = str_trim(cut_to(said->words, SAID_WORDS_RUNES));
    return OK;
}

err said_currency(struct bank_said *said, str currency)
{
    bool is_other = !str_is_empty(said->currency) && !str_equal(said->currency, currency);
    if (is_other || currency_digits(currency) < 0)
        return fail(ERR_MALFORMED, "bank.currency", 0);
    said->currency = currency;
    return OK;
}

err said_amount(struct bank_said *said, str amount, str currency, int64_t *ret_minor)
{
    if (str_is_empty(amount))
        return OK;
    TRY(said_currency(said, currency));
    return money_parse(amount, currency, ret_minor);
}

err text_at(const struct xml_node *from, const char *path, str *ret_text)
{
    const struct xml_node *node = NULL;
    TRY(xml_only(from, path, &node));
    *ret_text = xml_text(node);
    return OK;
}

err text_required(const struct xml_node *from, const char *path, str *ret_text)
{
    str words = STR("");
    TRY(text_at(from, path, &words));
    if (str_is_empty(words))
        return fail(ERR_MALFORMED, "bank.absent", from == NULL ? 0 : from->at);
    *ret_text = words;
    return OK;
}

/* --- which form ---- */

err bank_write(unsigned form, const struct bank_ask *ask, struct arena *a,
               struct bank_letter *ret_letter)
{
    const struct order *o = ask->order;
    struct bank_letter letter = {.key = bank_key(o->id, o->ask, a)};
    assert(o->asked != ASK_NOTHING && o->ask > 0 && o->amount >= 0);
    if (str_is_empty(letter.key))
        return no_room();
    switch ((enum provider_form)form) {
    case FORM_JSON:
        letter.content_type = STR("application/json");
        TRY(json_form_write(ask, a, &letter.bytes));
        break;
    case FORM_ISO20022:
        letter.content_type = STR("application/xml");
        TRY(iso_write(ask, a, &letter.bytes));
        break;
    case FORM_CN:
        letter.content_type = STR("application/xml");
        TRY(cn_write(ask, a, &letter.bytes));
        break;
    }
    *ret_letter = letter;
    return OK;
}

static err read_form(const struct bank_tongue *tongue, str bytes, struct said_room *said)
{
    bool is_json = tongue->form == FORM_JSON || str_starts(str_trim(bytes), STR("{"));
    if (is_json)
        return json_form_read(tongue, bytes, said);
    const struct xml_node *root = NULL;
    TRY(xml_parse(bytes, xml_limits, said->arena, &root));
    return tongue->form == FORM_CN ? cn_read(tongue, root, said) : iso_read(tongue, root, said);
}

err bank_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
              struct bank_said_list *ret_said)
{
    struct said_room said = {.arena = a};
    TRY(read_form(tongue, bytes, &said));
    *ret_said = (struct bank_said_list){said.at, said.count};
    return OK;
}

err far_read(const struct bank_tongue *tongue, str bytes, struct arena *a,
             struct bank_asked *ret_asked)
{
    if (tongue->form == FORM_JSON)
        return json_far_read(tongue, bytes, a, ret_asked);
    const struct xml_node *root = NULL;
    TRY(xml_parse(bytes, xml_limits, a, &root));
    return tongue->form == FORM_CN ? cn_far_read(tongue, root, ret_asked)
                                   : iso_far_read(tongue, root, ret_asked);
}

err far_write(const struct bank_tongue *tongue, const struct bank_asked *asked,
              const struct bank_said_list *said, struct arena *a, str *ret_bytes)
{
    assert(said->count > 0);
    switch ((enum provider_form)tongue->form) {
    case FORM_JSON:
        return json_far_write(tongue, said, a, ret_bytes);
    case FORM_ISO20022:
        return iso_far_write(tongue, said, a, ret_bytes);
    case FORM_CN:
        break;
    }
    return cn_far_write(tongue, asked, said, a, ret_bytes);
}
