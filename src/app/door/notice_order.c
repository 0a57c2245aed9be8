/* SPDX-License-Identifier: Apache-2.0 */
/* What the holder of an account or number reads: no word of whose money it was. */
#include "app/call/holder.h"
#include "app/door/notice.h"
#include "fact/currency.h"
#include "show/messages.h"
#include "store/row.h"

enum { SHOWN_TAIL = 4 };

struct words {
    const struct house *house;
    struct order order;
    struct centre centre;
    struct arena *arena;
};

static bool is_standing(const struct order *o)
{
    return o->state == ORDER_SENT || o->state == ORDER_ACKNOWLEDGED || o->state == ORDER_EXECUTED ||
           o->state == ORDER_PARTIAL || o->state == ORDER_LIFTING;
}

/* The holder knows the rest. */
static str display(const struct words *w)
{
    str target = w->order.target;
    struct text t;
    text_init(&t, w->arena);
    text_put_c(&t, "**** ");
    text_put(&t, target.size > SHOWN_TAIL ? str_from(target, target.size - SHOWN_TAIL) : target);
    return text_str(&t);
}

static str amount(const struct words *w)
{
    struct text t;
    text_init(&t, w->arena);
    if (w->order.amount > 0) {
        currency_put(&t, w->order.amount, w->order.currency);
        text_put_char(&t, ' ');
        text_put(&t, w->order.currency);
    }
    return text_str(&t);
}

static str measure(const struct words *w, bool is_en)
{
    struct text key;
    text_init(&key, w->arena);
    text_put_c(&key, "ui.order_kind.");
    text_put_c(&key, order_kind_words[w->order.kind]);
    return message(text_str(&key), is_en ? LANGUAGE_EN : LANGUAGE_ZH);
}

static str appeal_url(const struct words *w)
{
    struct text t;
    text_init(&t, w->arena);
    text_put(&t, w->house->public_url);
    text_put_c(&t, "/appeal?order=");
    text_put(&t, w->order.id);
    return text_str(&t);
}

static str in_words(const struct words *w, str name)
{
    const struct law_profile *law = &w->house->law;
    bool is_en = str_ends(name, STR("_en"));
    if (str_starts(name, STR("notice")))
        return law_notice(law, w->order.notice, is_en);
    if (str_starts(name, STR("reason")))
        return law_reason(law, w->order.reason, is_en);
    if (str_starts(name, STR("basis")))
        return law_basis(law, w->order.basis, is_en);
    if (str_starts(name, STR("measure")))
        return measure(w, is_en);
    return is_en ? law->order_papers_en : law->order_papers_zh;
}

static str word_of(const void *self, str name)
{
    const struct words *w = self;
    if (str_ends(name, STR("_en")) || str_ends(name, STR("_zh")))
        return in_words(w, name);
    if (str_equal(name, STR("display")))
        return display(w);
    if (str_equal(name, STR("amount")))
        return amount(w);
    if (str_equal(name, STR("from")))
        return notice_when(w->order.from, w->house->law.zone_min, w->arena);
    if (str_equal(name, STR("until")))
        return notice_when(w->order.until, w->house->law.zone_min, w->arena);
    if (str_equal(name, STR("state")))
        return is_standing(&w->order) ? STR("blocked") : STR("free");
    if (str_equal(name, STR("centre")))
        return w->centre.name;
    if (str_equal(name, STR("banner")))
        return str_from_c(centre_kind_words[w->centre.kind]);
    return str_equal(name, STR("appeal_url")) ? appeal_url(w) : w->order.id;
}

/* Whoever has no mark does not learn whether there is such an order. */
static err find(struct words *w, struct reader *reader, str key)
{
    union record r;
    struct list_query q = {.kind = RECORD_CENTRE, .limit = 1};
    struct list_page page = {0};
    bool is_own = false;
    size_t cut = str_find_char(key, '-');
    if (cut >= key.size)
        return fail(ERR_ABSENT, "order.absent", 0);
    TRY(row_find(reader_sql(reader), RECORD_ORDER, str_until(key, cut), w->arena, &r));
    w->order = r.order;
    const struct holder_desk desk = {w->house, reader_sql(reader), w->arena};
    TRY(holder_check(&desk, &w->order, str_from(key, cut + 1), &is_own));
    if (!is_own || w->order.state == ORDER_DRAFTED)
        return fail(ERR_ABSENT, "order.absent", 0);
    TRY(reader_list(reader, &q, w->arena, &page));
    w->centre = page.count > 0 ? page.items[0].centre : (struct centre){0};
    return OK;
}

err notice_order_page(struct house *house, str key, struct arena *arena, str *ret_html)
{
    struct words w = {.house = house, .arena = arena};
    struct reader *reader = house_reader_take(house);
    err e = find(&w, reader, key);
    house_reader_give(house, reader);
    TRY(e);
    const struct notice_words words = {word_of, &w};
    return notice_fill("/measure.html", &words, arena, ret_html);
}
