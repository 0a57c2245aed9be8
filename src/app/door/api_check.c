/* SPDX-License-Identifier: Apache-2.0 */
/* check: the verdict on one indicator. */
#include "app/door/asked.h"

#include "app/call/api_routes.h"
#include "app/screen/screening.h"
#include "env/id.h"
#include "store/listed.h"

static void put_why(struct call *call, struct json *j, const struct judgement *judgement)
{
    const struct listing *l = judgement->listing;
    if (l == NULL)
        return;
    int zone = call->house->law.zone_min;
    json_put_str(j, STR("listing"), l->id);
    json_put_str(j, STR("reason"), l->reason);
    json_put_str(j, STR("reason_text"), api_reason_text(call, l->reason));
    json_put_str(j, STR("basis"), l->basis);
    json_put_str(j, STR("basis_text"), api_basis_text(call, l->basis));
    json_put_instant(j, STR("from"), l->from, zone);
    json_put_instant(j, STR("until"), l->until, zone);
    json_put_str(j, STR("notice"), api_notice(call, l->notice));
    if (judgement->verdict == VERDICT_PASS)
        return;
    struct text url;
    text_init(&url, &call->arena);
    text_put(&url, call->house->public_url);
    text_put_c(&url, "/appeal?listing=");
    text_put(&url, l->id);
    json_put_str(j, STR("appeal_url"), text_str(&url));
}

err asked_parse(const struct call *call, struct asked *asked)
{
    unsigned kind = 0;
    str region = call->house->law.phone_region;
    if (str_is_empty(str_trim(asked->value)))
        return fail(ERR_MALFORMED, "value.missing", 0);
    if (str_is_empty(asked->kind))
        return indicator_guess(asked->value, region, asked->turn, &asked->indicator);
    if (!word_parse(indicator_kind_words, asked->kind, &kind))
        return fail(ERR_MALFORMED, "kind.unknown", 0);
    return indicator_parse(kind, asked->value, region, asked->turn, &asked->indicator);
}

/* --- what was told before --- */

static struct told_key key_of(const struct call *call, const struct asked *asked)
{
    return (struct told_key){
        .mark = asked->found.mark, .row = asked->found.row, .language = (unsigned)call->language};
}

/* False when its ids are none of ours: then nothing is kept of it. */
static bool origin_of(const struct listing *l, uint64_t ret_id[2], struct told_origin *ret_origin)
{
    bool is_of_source = !str_is_empty(l->source_id);
    struct told_origin o = {
        .revision = is_of_source ? 0 : l->revision, .from = l->from, .until = l->until};
    if (!id_number(l->id, ret_id) || !id_number(is_of_source ? l->source_id : l->id, o.who))
        return false;
    *ret_origin = o;
    return true;
}

/* What is kept of others of its source may do for it, too; unless it has ended since. */
static err join(struct call *call, struct asked *asked)
{
    struct listing l = {0};
    struct told_origin origin;
    struct told_key key = key_of(call, asked);
    err e = reader_find_brief(call->reader, key.row, asked->turn, &l);
    if (e.code == ERR_ABSENT)
        return OK;
    TRY(e);
    asked->is_told = l.state == LISTING_IN_FORCE && origin_of(&l, asked->words.id, &origin) &&
                     told_join(call->house->told, &key, &origin, &asked->words);
    return OK;
}

static err join_all(struct call *call, struct asked *const *asked, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (asked[i]->found.is_by_row && !asked[i]->is_told)
            TRY(join(call, asked[i]));
    return OK;
}

err asked_recall(struct call *call, struct asked *const *asked, size_t count)
{
    size_t unknown = 0;
    for (size_t i = 0; i < count; i++) {
        struct told_key key = key_of(call, asked[i]);
        if (asked[i]->found.is_by_row)
            told_expect(call->house->told, &key);
    }
    for (size_t i = 0; i < count; i++) {
        struct told_key key = key_of(call, asked[i]);
        asked[i]->is_told =
            asked[i]->found.is_by_row && told_look(call->house->told, &key, &asked[i]->words);
        unknown += asked[i]->found.is_by_row && !asked[i]->is_told;
    }
    if (unknown == 0)
        return OK;
    TRY(listed_begin(call->reader)); /* once for all: each reading alone locks and unlocks */
    err e = join_all(call, asked, count);
    listed_end(call->reader);
    return e;
}

/* --- what is told --- */

static void keep(struct call *call, const struct asked *asked, const struct listing *l, str words)
{
    struct told_origin origin;
    struct told_key key = key_of(call, asked);
    uint64_t id[2];
    if (origin_of(l, id, &origin))
        told_put(call->house->told, &key, &origin, id, words);
}

/* What is told of the listing that speaks, as members: `,"listing":…`. */
static err tell(struct call *call, struct asked *asked, str *ret_words)
{
    struct screening_found *found = &asked->found;
    struct screening_question question = {&asked->indicator, found};
    *ret_words = STR("");
    if (found->is_by_row)
        TRY(screening_read(call->house, call->reader, &question, asked->turn));
    if (found->judgement.listing == NULL)
        return OK;
    struct text t;
    struct json members;
    text_init(&t, asked->turn);
    json_init(&members, &t);
    json_object(&members);
    put_why(call, &members, &found->judgement);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    t.at[0] = ','; /* they follow others */
    *ret_words = text_str(&t);
    if (found->is_by_row)
        keep(call, asked, found->judgement.listing, *ret_words);
    return OK;
}

/* Stands in JSON as it is. */
static bool is_plain(str s)
{
    bool is = true;
    for (size_t i = 0; i < s.size; i++)
        is = is && s.at[i] >= ' ' && s.at[i] < 0x7F && s.at[i] != '"' && s.at[i] != '\\' &&
             s.at[i] != '<';
    return is;
}

/* Most of what is written of a question is always the same. */
static void put_plain(struct text *t, const struct indicator *indicator, enum verdict verdict)
{
#define BEGIN(kind)  STR("\"kind\":\"" kind "\",\"value\":\"")
#define END(verdict) STR("\",\"verdict\":\"" verdict "\"")
    static const str begins[INDICATOR_KIND_COUNT] = {
        [INDICATOR_NUMBER] = BEGIN("number"), [INDICATOR_DOMAIN] = BEGIN("domain"),
        [INDICATOR_URL] = BEGIN("url"),       [INDICATOR_ACCOUNT] = BEGIN("account"),
        [INDICATOR_DEVICE] = BEGIN("device"), [INDICATOR_COMPANY] = BEGIN("company")};
    static const str ends[] = {
        [VERDICT_PASS] = END("pass"), [VERDICT_WARN] = END("warn"), [VERDICT_BLOCK] = END("block")};
#undef BEGIN
#undef END
    const str parts[] = {begins[indicator->kind], indicator->value, STR("\",\"display\":\""),
                         indicator->display, ends[verdict]};
    text_put_all(t, parts, COUNT_OF(parts));
}

/* A canonical name is letters, digits, hyphens and dots. */
static bool is_question_plain(const struct indicator *i)
{
    bool is_shown_as_is = i->display.at == i->value.at && i->display.size == i->value.size;
    if (is_shown_as_is && i->kind == INDICATOR_DOMAIN)
        return true;
    return is_plain(i->value) && (is_shown_as_is || is_plain(i->display));
}

static void put_question(struct json *j, const struct indicator *indicator, enum verdict verdict)
{
    if (is_question_plain(indicator)) {
        put_plain(j->text, indicator, verdict);
        return;
    }
    json_put_str(j, STR("kind"), str_from_c(indicator_kind_words[indicator->kind]));
    json_put_str(j, STR("value"), indicator->value);
    json_put_str(j, STR("display"), indicator->display);
    json_put_str(j, STR("verdict"), str_from_c(verdict_words[verdict]));
}

/* False, and nothing put, when what was kept has gone. */
static bool put_kept(struct call *call, struct json *j, const struct asked *asked)
{
    struct json before = *j;
    size_t size = j->text->size;
    put_question(j, &asked->indicator, asked->found.judgement.verdict);
    if (told_write(call->house->told, &asked->words, asked->pen, j->text))
        return true;
    *j = before;
    j->text->size = size;
    return false;
}

err asked_put(struct call *call, struct json *j, struct asked *asked)
{
    str words = {0};
    if (asked->is_told && put_kept(call, j, asked))
        return OK;
    TRY(tell(call, asked, &words)); /* first: it may change the verdict */
    put_question(j, &asked->indicator, asked->found.judgement.verdict);
    text_put(j->text, words);
    return OK;
}

err check_get(struct call *call)
{
    TRY(api_limit(call, HOUSE_LIMIT_PUBLIC));
    struct told_pen pen;
    pen.form = 0;
    struct asked asked = {.kind = api_query(call, "kind"), .turn = &call->arena, .pen = &pen};
    asked.value = api_query(call, str_is_empty(asked.kind) ? "q" : "value");
    struct screening_question question = {&asked.indicator, &asked.found};
    TRY(asked_parse(call, &asked));
    TRY(screening_find(call->house, call->reader, &question, asked.turn));
    TRY(asked_recall(call, &(struct asked *){&asked}, 1));
    struct api_json made;
    TRY(asked_put(call, api_json(call, &made), &asked));
    return api_json_done(call, &made, 200);
}
