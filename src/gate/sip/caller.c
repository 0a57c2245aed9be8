/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/caller.h"

#include "fact/digits.h"
#include "gate/sip/scan.h"
#include "kit/phone.h"

#include <assert.h>

enum { DIGITS_MOST = 32, E164_MOST = 15, E164_LEAST = 8 };

/* A number as it is written: its digits, and whether a '+' stands before them. */
struct written {
    char room[1 + DIGITS_MOST + 1]; /* '+' first */
    size_t digits;
    bool has_plus;
};

/* "+86%2D139-1234-5678": RFC 3966 has these separators. False: it is no number. */
static bool written_read(str user, struct written *w)
{
    *w = (struct written){.room = "+"};
    for (size_t i = 0; i < user.size; i++) {
        char c = user.at[i];
        if (c == '%' && i + 2 < user.size) {
            c = (char)(sip_hex(user.at[i + 1]) << 4 | sip_hex(user.at[i + 2]));
            i += 2;
        }
        if (c == '+' && w->digits == 0 && !w->has_plus)
            w->has_plus = true;
        else if (digit_is(c) && w->digits < DIGITS_MOST)
            w->room[1 + w->digits++] = c; /* what does not fit is too long in any case */
        else if (!digit_is(c) && !char_is_of(c, STR("-.()")))
            return false;
    }
    return w->digits > 0;
}

static str digits_of(const struct written *w)
{
    return str_make(w->room + 1, w->digits);
}

static void prefix_drop(struct written *w, size_t count)
{
    memmove(w->room + 1, w->room + 1 + count, w->digits - count);
    w->digits -= count;
}

/* What fact/number.h says of a number that it refuses. */
static enum caller_state state_of(err e)
{
    static const struct {
        const char *why;
        enum caller_state state;
    } states[] = {
        {"number.too_short",  CALLER_IMPOSSIBLE},
        {"number.too_long",   CALLER_IMPOSSIBLE},
        {"number.unassigned", CALLER_UNASSIGNED},
        {"number.area",       CALLER_UNASSIGNED},
    };
    for (size_t i = 0; i < COUNT_OF(states); i++)
        if (strcmp(e.why, states[i].why) == 0)
            return states[i].state;
    return CALLER_NAMELESS;
}

static struct caller caller_of(enum number_class class, str number)
{
    bool is_given = true; /* of what has no ranges that we know of */
    if (class == NUMBER_MOBILE)
        is_given = number_is_given(number);
    else if (class == NUMBER_FOREIGN)
        is_given = phone_is_possible(number);
    return (struct caller){CALLER_KNOWN, class, number, is_given};
}

static struct caller caller_parse(str text, struct arena *turn)
{
    struct number number = {0};
    err e = number_parse(text, STR("CN"), turn, &number);
    if (failed(e))
        return (struct caller){.state = state_of(e)};
    return caller_of(number.class, number.value);
}

/* With its country's code. */
static struct caller abroad(const struct written *w, struct arena *turn)
{
    str digits = digits_of(w);
    str whole = str_make(w->room, 1 + w->digits);
    if (str_starts(digits, STR("86")) || digits.size < E164_LEAST)
        return caller_parse(whole, turn);
    if (digits.size > E164_MOST)
        return (struct caller){.state = CALLER_IMPOSSIBLE};
    if (digits.at[0] == '0') /* no country's code begins so */
        return (struct caller){.state = CALLER_UNASSIGNED};
    str number = str_copy(turn, whole);
    if (number.at == NULL)
        return (struct caller){.state = CALLER_NAMELESS};
    return caller_of(NUMBER_FOREIGN, number);
}

/* As dialled here. What is too short for the plan is an extension, or a local number. */
static struct caller at_home(const struct written *w, struct arena *turn)
{
    struct caller c = caller_parse(digits_of(w), turn);
    if (c.state == CALLER_IMPOSSIBLE && w->digits < E164_LEAST)
        c.state = CALLER_NAMELESS;
    return c;
}

/* `context`: of which country a number without '+' is (RFC 3966); empty: as the trunk has it. */
static struct caller number_read(str user, str context, const struct sip_trunk *trunk,
                                 struct arena *turn)
{
    struct written w;
    if (!written_read(str_until(user, str_find_char(user, ';')), &w))
        return (struct caller){.state = CALLER_NAMELESS};
    if (!w.has_plus && w.digits > 2 && str_starts(digits_of(&w), STR("00"))) {
        prefix_drop(&w, 2);
        w.has_plus = true;
    }
    bool is_of_home = str_equal(context, STR("+86"));
    bool is_as_dialled = is_of_home || w.room[1] == '0' || trunk->is_national;
    return w.has_plus || !is_as_dialled ? abroad(&w, turn) : at_home(&w, turn);
}

/* As a number stands in it; empty: there is none. */
static str user_of(const struct sip_uri *uri)
{
    if (uri->scheme == SIP_SCHEME_OTHER)
        return STR("");
    return uri->scheme == SIP_SCHEME_TEL ? uri->user
                                         : str_until(uri->user, str_find_char(uri->user, ':'));
}

static struct caller uri_read(const struct sip_uri *uri, const struct sip_trunk *trunk,
                              struct arena *turn)
{
    str user = user_of(uri); /* without a password */
    if (user.size == 0)
        return (struct caller){.state = CALLER_NAMELESS};
    str params =
        uri->scheme == SIP_SCHEME_TEL ? uri->params : str_from(user, str_find_char(user, ';') + 1);
    return number_read(user, sip_uri_param(params, STR("phone-context")), trunk, turn);
}

/* The first `most` of the list that show a number. */
static size_t list_read(const struct sip_list *list, const struct sip_trunk *trunk,
                        struct arena *turn, size_t most, struct caller *ret_callers)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        str rest = list->at[i];
        struct sip_party party = {0};
        while (count < most && rest.size > 0 && sip_party_read(rest, &party, &rest)) {
            ret_callers[count] = uri_read(&party.uri, trunk, turn);
            count += ret_callers[count].state != CALLER_NAMELESS;
        }
    }
    return count;
}

size_t sip_callers(const struct sip_message *m, const struct sip_trunk *trunk, struct arena *turn,
                   struct caller ret_callers[SIP_CALLERS])
{
    assert(m != NULL && trunk != NULL);
    size_t count = 0;
    if (trunk->is_asserting)
        count = list_read(&m->asserted, trunk, turn, SIP_CALLERS - 1, ret_callers);
    ret_callers[count] = uri_read(&m->from.uri, trunk, turn);
    bool is_needed = count == 0 || ret_callers[count].state != CALLER_NAMELESS;
    return count + is_needed;
}

struct caller sip_diverter(const struct sip_message *m, const struct sip_trunk *trunk,
                           struct arena *turn)
{
    assert(m != NULL && trunk != NULL);
    struct caller c = {.state = CALLER_NAMELESS};
    return list_read(&m->diversion, trunk, turn, 1, &c) > 0 ? c : (struct caller){0};
}

str sip_number_of(const struct sip_uri *uri, const struct sip_trunk *trunk, struct arena *turn)
{
    assert(uri != NULL && trunk != NULL);
    struct caller c = uri_read(uri, trunk, turn);
    return c.state == CALLER_KNOWN ? c.number : STR("");
}

bool sip_is_number_of(const struct sip_uri *uri, const struct sip_trunk *trunk, str digits,
                      struct arena *turn)
{
    struct written w;
    str number = sip_number_of(uri, trunk, turn);
    str user = user_of(uri);
    if (number.size > 0)
        return str_equal(str_from(number, str_starts(number, STR("+"))), digits);
    return written_read(str_until(user, str_find_char(user, ';')), &w) &&
           str_equal(digits_of(&w), digits);
}

/* "110", "+86110", "0086110", and "010110": with an area's code it is that city's. */
static bool is_number(const struct written *w, str number)
{
    str digits = digits_of(w);
    size_t before = digits.size - number.size;
    if (!str_ends(digits, number))
        return false;
    str prefix = str_until(digits, before);
    bool is_of_home =
        str_equal(prefix, STR("0086")) || (w->has_plus && str_equal(prefix, STR("86")));
    bool is_of_area = !w->has_plus && str_starts(prefix, STR("0")) && (before == 3 || before == 4);
    return is_of_home || is_of_area || (before == 0 && !w->has_plus);
}

bool sip_is_exempt(const struct sip_message *m, const struct sip_numbers *exempt)
{
    static const str service = {"urn:service:", 12};
    struct written w;
    if (str_equal_nocase(str_until(m->uri_text, service.size), service))
        return m->uri_text.size > service.size;
    str user = user_of(&m->uri);
    if (!written_read(str_until(user, str_find_char(user, ';')), &w))
        return false;
    for (size_t i = 0; i < exempt->count; i++)
        if (is_number(&w, exempt->at[i]))
            return true;
    return false;
}
