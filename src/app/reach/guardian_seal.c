/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reach/guardian_seal.h"

#include "app/alert/alert_turn.h"

static const char *const columns[] = {
    [GUARDIAN_SUBSCRIBER] = "guardian.subscriber",
    [GUARDIAN_PERSON] = "guardian.contact",
};

err guardian_pseudonym(const struct house *house, str number, struct arena *a, str *ret_name)
{
    return alert_pseudonym(house, number, a, ret_name);
}

err guardian_shut(const struct house *house, enum guardian_part part, str number, struct arena *a,
                  str *ret_sealed)
{
    return seal_put(&house->seal, str_from_c(columns[part]), number, a, ret_sealed);
}

err guardian_number(const struct house *house, const struct guardian *g, enum guardian_part part,
                    struct arena *a, str *ret_number)
{
    str sealed = part == GUARDIAN_SUBSCRIBER ? g->subscriber : g->contact;
    return seal_get(&house->seal, str_from_c(columns[part]), sealed, a, ret_number);
}

err guardian_name_shut(const struct house *house, str called, struct arena *a, str *ret_sealed)
{
    return seal_put(&house->seal, STR("guardian.called"), called, a, ret_sealed);
}

err guardian_name(const struct house *house, const struct guardian *g, struct arena *a,
                  str *ret_called)
{
    return seal_get(&house->seal, STR("guardian.called"), g->called, a, ret_called);
}

static err words_of(const char *what, str guardian, enum guardian_part part, struct arena *a,
                    str *ret_words)
{
    struct text t;
    text_init(&t, a);
    text_printf(&t, "%s %s %.*s", what, columns[part], STR_ARGS(guardian));
    *ret_words = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err guardian_code(const struct house *house, str guardian, enum guardian_part part, struct arena *a,
                  str *ret_code)
{
    str words = {0};
    struct text t;
    text_init(&t, a);
    TRY(words_of("code", guardian, part, a, &words));
    text_printf(&t, "%0*u", GUARDIAN_CODE_DIGITS, (unsigned)seal_code(&house->seal, words));
    *ret_code = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

err guardian_key(const struct house *house, str guardian, enum guardian_part part, struct arena *a,
                 str *ret_key)
{
    str name = {0};
    TRY(seal_name(&house->seal, str_from_c(columns[part]), guardian, a, &name));
    *ret_key = str_until(name, GUARDIAN_KEY_LETTERS);
    return OK;
}
