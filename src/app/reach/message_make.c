/* SPDX-License-Identifier: Apache-2.0 */
#include "app/reach/message_make.h"

#include "app/reach/guardian_seal.h"
#include "show/messages.h"
#include "store/row.h"

enum { TAIL_DIGITS = 4 };

/* What one message is made of, and what it says. */
struct writing {
    struct house *house;
    struct store *store;
    struct arena *turn;
    struct person_message *message;
};

/* The parameter of the next has the same name as the catalogue's function. */
static str sentence(const char *key, bool is_en)
{
    return message(str_from_c(key), is_en ? LANGUAGE_EN : LANGUAGE_ZH);
}

err message_fill(const char *key, const struct blank *blanks, struct arena *turn,
                 struct person_message *message)
{
    struct text t;
    bool is_en = message->language == LANGUAGE_EN;
    str rest = sentence(key, is_en);
    text_init(&t, turn);
    while (rest.size > 0) {
        const struct blank *b = blanks;
        while (b->name != NULL && !str_starts(rest, str_from_c(b->name)))
            b++;
        text_put(&t, b->name != NULL ? b->value : str_until(rest, 1));
        rest = str_from(rest, b->name != NULL ? str_from_c(b->name).size : 1);
    }
    message->text = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* --- guardians --- */

static str tail_of(str number)
{
    return number.size > TAIL_DIGITS ? str_from(number, number.size - TAIL_DIGITS) : number;
}

/* What stands behind # stays in the browser: whose guardianship, and the key if there is one. */
static err link_of(const struct writing *w, const struct guardian *g, str key, str *ret_url)
{
    struct text t;
    text_init(&t, w->turn);
    text_put(&t, w->house->public_url);
    text_put_c(&t, "/guardian#");
    text_put(&t, g->id);
    if (!str_is_empty(key))
        text_put_char(&t, '.');
    text_put(&t, key);
    *ret_url = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* What an act writes: its sentence, who reads it, in which state it is still true. */
static const struct guardian_note {
    enum act act;
    unsigned state;
    enum guardian_part to;
    const char *key;
} guardian_notes[] = {
    {ACT_GUARDIAN_INVITE, GUARDIAN_INVITED, GUARDIAN_SUBSCRIBER, "sms.guardian.invite"},
    {ACT_GUARDIAN_AGREE,  GUARDIAN_AGREED,  GUARDIAN_PERSON,     "sms.guardian.agree" },
    {ACT_GUARDIAN_ACCEPT, GUARDIAN_ACTIVE,  GUARDIAN_SUBSCRIBER, "sms.guardian.accept"},
    {ACT_GUARDIAN_ASK,    GUARDIAN_ACTIVE,  GUARDIAN_PERSON,     "sms.guardian.ask"   },
};

static err write_guardian(const struct writing *w, const struct guardian *g,
                          const struct guardian_note *note)
{
    enum guardian_part other = note->to == GUARDIAN_PERSON ? GUARDIAN_SUBSCRIBER : GUARDIAN_PERSON;
    str far = {0};
    str code = {0};
    str key = {0};
    str page = {0};
    str url = {0};
    str called = STR("");
    TRY(guardian_number(w->house, g, note->to, w->turn, &w->message->to));
    TRY(guardian_number(w->house, g, other, w->turn, &far));
    TRY(guardian_code(w->house, g->id, note->to, w->turn, &code));
    TRY(guardian_key(w->house, g->id, GUARDIAN_SUBSCRIBER, w->turn, &key));
    TRY(link_of(w, g, STR(""), &page));
    TRY(link_of(w, g, key, &url));
    if (!str_is_empty(g->called))
        TRY(guardian_name(w->house, g, w->turn, &called));
    const struct blank blanks[] = {
        {"{centre}", store_centre(w->store)->name},
        {"{tail}",   tail_of(far)                },
        {"{code}",   code                        },
        {"{page}",   page                        },
        {"{url}",    url                         },
        {"{called}", called                      },
        {NULL,       {.at = NULL}                }
    };
    w->message->language = g->language;
    return message_fill(note->key, blanks, w->turn, w->message);
}

static err make_guardian(const struct writing *w, const struct message_ask *ask)
{
    union record r;
    err e = row_find(store_sql(w->store), RECORD_GUARDIAN, ask->record, w->turn, &r);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    for (size_t i = 0; i < COUNT_OF(guardian_notes); i++)
        if (guardian_notes[i].act == ask->act && guardian_notes[i].state == r.guardian.state)
            return write_guardian(w, &r.guardian, &guardian_notes[i]);
    return OK;
}

err message_make(struct house *house, struct store *store, const struct message_ask *ask,
                 struct arena *turn, struct person_message *ret_message)
{
    struct writing w = {.house = house, .store = store, .turn = turn, .message = ret_message};
    *ret_message = (struct person_message){.to = STR(""), .text = STR("")};
    return ask->kind == RECORD_GUARDIAN ? make_guardian(&w, ask) : OK;
}
