/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: whatever a provider sends, in whatever form, is read whole and within bounds or refused;
 * and what was read, written again in the form it came in, reads as the same.
 * Method: the first byte chooses form and zone; the rest is the document, for both sides' readers.
 */
#include "gate/bank/far.h"

#include "kit_fuzz.h"

static bool has_bounds(const struct bank_said *s)
{
    return s->order.size <= 64 && s->key.size <= 128 && s->result <= RECEIPT_REFUSED &&
           s->held >= -1 && s->balance >= -1 && s->returned >= 0 && s->ask >= 0 && s->at.us >= 0 &&
           s->freezes.count <= PRIOR_MOST && s->freezes.count <= s->freezes.said;
}

static bool is_same(const struct bank_said *x, const struct bank_said *y)
{
    return str_equal(x->order, y->order) && str_equal(x->key, y->key) &&
           str_equal(x->code, y->code) && str_equal(x->words, y->words) &&
           str_equal(x->currency, y->currency) && str_equal(x->payment, y->payment) &&
           x->about == y->about && x->ask == y->ask && x->result == y->result &&
           x->held == y->held && x->balance == y->balance && x->returned == y->returned &&
           x->at.us == y->at.us && x->freezes.count == y->freezes.count;
}

/* As a receipt keeps them: judged, and the same when they are read again. */
static void keep_freezes(const struct prior_list *list, struct arena *a)
{
    struct prior_list again;
    str text;
    must(!failed(prior_format(list, a, &text)));
    must(!failed(prior_parse(text, a, &again)));
    must(again.count == list->count && prior_judge(&again) == prior_judge(list));
    must(prior_ahead(&again) == prior_ahead(list));
}

/* What a form cannot say back (a moment that nobody said, a case twice) may be refused. */
static void write_again(const struct bank_tongue *tongue, struct bank_said_list said,
                        struct arena *a)
{
    struct bank_said_list again;
    str bytes;
    for (size_t i = 0; i < said.count; i++) {
        struct bank_said_list one = {&said.at[i], 1};
        if (failed(far_write(tongue, NULL, &one, a, &bytes)))
            continue;
        must(!failed(bank_read(tongue, bytes, a, &again)));
        must(again.count == 1 && has_bounds(&again.at[0]));
        must(is_same(&again.at[0], &said.at[i]));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct bank_said_list said = {NULL, 0};
    struct bank_asked asked;
    str in = str_make((const char *)data, size);
    uint8_t choice = take_byte(&in);
    struct bank_tongue tongue = {
        .form = choice % 3,
        .zone_min = choice & 64 ? 480 : 0,
        .currency = STR("CNY"),
        .provider_kind = choice & 128 ? PROVIDER_PAYMENT : PROVIDER_BANK,
    };
    arena_init(&a, 64 << 20);
    if (!failed(bank_read(&tongue, in, &a, &said))) {
        must(said.count > 0 && said.count <= BANK_SAID_MOST);
        if (str_starts(str_trim(in), STR("{")))
            tongue.form = FORM_JSON; /* which every bank may answer in */
        for (size_t i = 0; i < said.count; i++) {
            must(has_bounds(&said.at[i]));
            keep_freezes(&said.at[i].freezes, &a);
        }
        write_again(&tongue, said, &a);
    }
    if (!failed(far_read(&tongue, in, &a, &asked)))
        must(asked.amount >= 0 && asked.paid >= 0 && asked.ask >= 0);
    arena_done(&a);
    return 0;
}
