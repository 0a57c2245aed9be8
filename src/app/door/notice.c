/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/notice.h"

#include "app/door/console.h"
#include "app/screen/cover.h"

struct words {
    const struct house *house;
    const struct listing *listing; /* NULL: not blocked */
    str display;
    str centre;
    str banner; /* the centre's kind: a rehearsal says so */
    struct arena *arena;
};

static str appeal_url(const struct words *w)
{
    struct text t;
    text_init(&t, w->arena);
    text_put(&t, w->house->public_url);
    text_put_c(&t, "/appeal?listing=");
    text_put(&t, w->listing->id);
    return text_str(&t);
}

static str word_of(const void *self, str name)
{
    const struct words *w = self;
    const struct law_profile *law = &w->house->law;
    bool is_en = str_ends(name, STR("_en"));
    if (str_equal(name, STR("display")))
        return w->display;
    if (str_equal(name, STR("centre")))
        return w->centre;
    if (str_equal(name, STR("banner")))
        return w->banner;
    if (str_equal(name, STR("state")))
        return w->listing == NULL ? STR("free") : STR("blocked");
    if (w->listing == NULL)
        return STR("");
    if (str_starts(name, STR("notice")))
        return law_notice(law, w->listing->notice, is_en);
    if (str_starts(name, STR("reason")))
        return law_reason(law, w->listing->reason, is_en);
    if (str_starts(name, STR("basis")))
        return law_basis(law, w->listing->basis, is_en);
    if (str_equal(name, STR("until")))
        return notice_when(w->listing->until, law->zone_min, w->arena);
    if (str_equal(name, STR("listing")))
        return w->listing->id;
    return str_equal(name, STR("appeal_url")) ? appeal_url(w) : STR("");
}

static void put_escaped(struct text *t, str s)
{
    for (size_t i = 0; i < s.size; i++) {
        switch (s.at[i]) {
        case '&':
            text_put_c(t, "&amp;");
            break;
        case '<':
            text_put_c(t, "&lt;");
            break;
        case '>':
            text_put_c(t, "&gt;");
            break;
        case '"':
            text_put_c(t, "&quot;");
            break;
        case '\'':
            text_put_c(t, "&#39;");
            break;
        default:
            text_put_char(t, s.at[i]);
        }
    }
}

str notice_when(instant at, int zone_min, struct arena *a)
{
    char room[INSTANT_TEXT_BYTES];
    str whole = instant_format(at, zone_min, room);
    struct text t;
    text_init(&t, a);
    text_put(&t, str_until(whole, 10)); /* the date */
    text_put_char(&t, ' ');
    text_put(&t, str_until(str_from(whole, 11), 5));
    return text_str(&t);
}

static void fill(struct text *t, str page, const struct notice_words *w)
{
    while (page.size > 0) {
        const char *open = memmem(page.at, page.size, "{{", 2);
        size_t before = open == NULL ? page.size : (size_t)(open - page.at);
        text_put(t, str_until(page, before));
        page = str_from(page, before);
        const char *close = page.size == 0 ? NULL : memmem(page.at, page.size, "}}", 2);
        if (close == NULL) {
            text_put(t, page);
            return;
        }
        str name = str_make(page.at + 2, (size_t)(close - page.at) - 2);
        put_escaped(t, w->word(w->self, name));
        page = str_from(page, (size_t)(close - page.at) + 2);
    }
}

err notice_fill(const char *path, const struct notice_words *w, struct arena *a, str *ret_html)
{
    struct text t;
    text_init(&t, a);
    fill(&t, console_file(str_from_c(path)), w);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    *ret_html = text_str(&t);
    return OK;
}

static err judge(struct house *house, struct reader *reader, str value, struct words *w)
{
    struct indicator indicator = {0};
    struct judgement judgement = {0};
    w->display = value;
    if (failed(indicator_guess(value, house->law.phone_region, w->arena, &indicator)))
        return OK;
    w->display = indicator.display;
    TRY(cover_judge(reader, &indicator, clock_now(&house->clock), w->arena, &judgement));
    if (judgement.verdict != VERDICT_PASS)
        w->listing = judgement.listing;
    return OK;
}

err notice_page(struct house *house, str value, struct arena *arena, str *ret_html)
{
    struct words w = {.house = house, .arena = arena};
    struct list_query q = {.kind = RECORD_CENTRE, .limit = 1};
    struct list_page page = {0};
    struct reader *reader = house_reader_take(house);
    err e = reader_list(reader, &q, arena, &page);
    if (!failed(e) && page.count > 0) {
        w.centre = page.items[0].centre.name;
        w.banner = str_from_c(centre_kind_words[page.items[0].centre.kind]);
    }
    if (!failed(e))
        e = judge(house, reader, value, &w);
    house_reader_give(house, reader);
    TRY(e);
    const struct notice_words words = {word_of, &w};
    return notice_fill("/notice.html", &words, arena, ret_html);
}
