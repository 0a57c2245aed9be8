/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen: the verdicts on many indicators. Machines send thousands of them, written plainly: such a
 * body is read where it lies. Any other (escapes, other members, anything unusual) is read as JSON,
 * and answered alike.
 */
#include "app/call/api_routes.h"
#include "app/door/asked.h"
#include "app/door/screen_pending.h"

enum {
    SCREEN_MOST = 10000,
    SCREEN_AT_ONCE_BYTES = 2048, /* a longer body is answered by a clerk */
    SCREEN_BYTES = 128 << 20,
    TURN_BYTES = 16 << 20,
};

struct item {
    str kind;
    str value;
    err refusal; /* it was no item */
};

struct items {
    struct item *at;
    size_t count;
};

/* --- read where it lies --- */

struct scan {
    const char *at;
    const char *end;
};

static void skip_space(struct scan *s)
{
    while (s->at < s->end && (*s->at == ' ' || *s->at == '\n' || *s->at == '\t' || *s->at == '\r'))
        s->at++;
}

static bool take(struct scan *s, char c)
{
    skip_space(s);
    bool is_there = s->at < s->end && *s->at == c;
    s->at += is_there;
    return is_there;
}

static bool ends_plain(char c)
{
    return c < ' ' || c == '"' || c == '\\' || c == 0x7F;
}

/* ASCII without an escape. */
static bool take_str(struct scan *s, str *ret_str)
{
    if (!take(s, '"'))
        return false;
    const char *from = s->at;
    const char *at = from;
    while (at < s->end && !ends_plain(*at))
        at++;
    s->at = at;
    *ret_str = str_make(from, (size_t)(s->at - from));
    return take(s, '"') && s->at[-1] == '"' && s->at - 1 == from + ret_str->size;
}

static bool take_key(struct scan *s, str *ret_key)
{
    return take_str(s, ret_key) && take(s, ':');
}

/* Kind and value, each once, and nothing else. */
static bool take_item(struct scan *s, struct item *item)
{
    str key = {0};
    bool has_value = false;
    *item = (struct item){.kind = STR("")};
    if (!take(s, '{'))
        return false;
    do {
        if (!take_key(s, &key))
            return false;
        bool is_value = str_equal(key, STR("value")) && !has_value;
        bool is_kind = str_equal(key, STR("kind")) && str_is_empty(item->kind);
        if ((!is_value && !is_kind) || !take_str(s, is_value ? &item->value : &item->kind))
            return false;
        has_value = has_value || is_value;
    } while (take(s, ','));
    return has_value && take(s, '}');
}

static bool put_item(struct items *items, const struct item *item, struct arena *arena)
{
    enum { FIRST = 64 };
    bool is_full =
        items->count == 0 || (items->count >= FIRST && (items->count & (items->count - 1)) == 0);
    if (items->count == SCREEN_MOST + 1)
        return true; /* one too many is enough to know */
    if (is_full) {
        size_t room = items->count == 0 ? FIRST : 2 * items->count;
        items->at = arena_grow(arena, items->at, items->count * sizeof *item, room * sizeof *item);
        if (items->at == NULL)
            return false;
    }
    items->at[items->count++] = *item;
    return true;
}

static bool scan_items(str body, struct arena *arena, struct items *items)
{
    struct scan s = {.at = body.at, .end = body.at + body.size};
    struct item item;
    str key = {0};
    if (!take(&s, '{') || !take_key(&s, &key) || !str_equal(key, STR("items")) || !take(&s, '['))
        return false;
    do {
        if (!take_item(&s, &item) || !put_item(items, &item, arena))
            return false;
    } while (take(&s, ','));
    if (!take(&s, ']') || !take(&s, '}'))
        return false;
    skip_space(&s);
    return s.at == s.end;
}

/* --- read as JSON --- */

static err read_item(json_value value, struct item *item)
{
    json_value kind = json_get(value, "kind");
    *item = (struct item){.kind = STR(""), .value = STR("")};
    if (!json_is_absent(kind))
        TRY(json_read_str(kind, &item->kind));
    return json_read_str(json_get(value, "value"), &item->value);
}

static err read_doc(struct call *call, struct items *items)
{
    if (!call->has_doc && !str_is_empty(call->request.body))
        TRY(api_body(call));
    json_value list = json_get(call->doc.root, "items");
    if (!call->has_doc || json_kind_of(list) != JSON_KIND_ARRAY)
        return fail(ERR_MALFORMED, "screen.items", 0);
    if (json_count(list) > SCREEN_MOST)
        return fail(ERR_LIMIT, "screen.too_many", SCREEN_MOST);
    *items = (struct items){.count = json_count(list)};
    items->at = arena_make_array(&call->arena, items->count + 1, sizeof *items->at);
    if (items->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < items->count; i++)
        items->at[i].refusal = read_item(json_item(list, i), &items->at[i]);
    return OK;
}

static err read_items(struct call *call, struct items *items)
{
    bool is_json = str_equal_nocase(call->request.content_type, STR("application/json"));
    if (!is_json || !scan_items(call->request.body, &call->arena, items))
        return read_doc(call, items);
    return items->count > SCREEN_MOST ? fail(ERR_LIMIT, "screen.too_many", SCREEN_MOST) : OK;
}

/* --- answering --- */

static void put_refusal(struct call *call, struct json *j, const struct item *item, err refusal)
{
    json_object(j);
    json_put_str(j, STR("kind"), item->kind);
    json_put_str(j, STR("value"), item->value);
    json_put_str(j, STR("code"), str_from_c(refusal.why));
    json_put_str(j, STR("reason"), message(str_from_c(refusal.why), call->language));
    json_end(j);
}

static err put_answer(struct call *call, struct json *j, struct asked *asked)
{
    json_object(j);
    TRY(asked_put(call, j, asked));
    json_end(j);
    return OK;
}

struct portion {
    struct asked asked[SCREENING_AT_ONCE];
    err refusals[SCREENING_AT_ONCE];
    struct screening_question questions[SCREENING_AT_ONCE];
    struct asked *found[SCREENING_AT_ONCE];
    struct told_pen pen;
    struct arena turn;
};

/* One bad item refuses itself only. */
static err answer_portion(struct call *call, struct portion *p, const struct items *some,
                          struct json *j)
{
    size_t count = 0;
    p->pen.form = 0;
    for (size_t i = 0; i < some->count; i++) {
        struct asked *asked = &p->asked[i];
        const struct item *item = &some->at[i];
        *asked = (struct asked){
            .kind = item->kind, .value = item->value, .turn = &p->turn, .pen = &p->pen};
        p->refusals[i] = failed(item->refusal) ? item->refusal : asked_parse(call, asked);
        enum err_code code = p->refusals[i].code;
        if (code == ERR_NONE) {
            p->found[count] = asked;
            p->questions[count++] = (struct screening_question){&asked->indicator, &asked->found};
        } else if (code != ERR_MALFORMED && code != ERR_ABSENT) {
            return p->refusals[i];
        }
    }
    TRY(screening_find_many(call->house, call->reader, p->questions, count, &p->turn));
    TRY(asked_recall(call, p->found, count));
    for (size_t i = 0; i < some->count; i++)
        if (failed(p->refusals[i]))
            put_refusal(call, j, &some->at[i], p->refusals[i]);
        else
            TRY(put_answer(call, j, &p->asked[i]));
    return OK;
}

static err answer_items(struct call *call, const struct items *items, struct json *j)
{
    struct portion *p = arena_make(&call->arena, sizeof *p);
    err e = p == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
    if (failed(e))
        return e;
    size_t before = j->text->size;
    arena_init(&p->turn, TURN_BYTES);
    for (size_t at = 0; at < items->count && !failed(e); at += SCREENING_AT_ONCE) {
        size_t left = items->count - at;
        struct items some = {.at = items->at + at,
                             .count = left < SCREENING_AT_ONCE ? left : SCREENING_AT_ONCE};
        arena_reset(&p->turn);
        e = env_flag_is_up(&call->house->is_stopping) ? fail(ERR_BUSY, "limit.stopping", 0)
                                                      : answer_portion(call, p, &some, j);
        if (at == 0) /* the rest will be about as long, each of them */
            text_expect(j->text, (j->text->size - before) / some.count * left);
    }
    arena_done(&p->turn);
    return e;
}

static err answer_screening(struct call *call)
{
    struct api_json made;
    struct items items = {0};
    TRY(read_items(call, &items));
    struct json *j = api_json(call, &made);
    json_key(j, STR("verdicts"));
    json_array(j);
    TRY(answer_items(call, &items, j));
    json_end(j);
    return api_json_done(call, &made, 200);
}

static void run_screening(struct call *call)
{
    call->reader = house_reader_take(call->house);
    err e = answer_screening(call);
    house_reader_give(call->house, call->reader);
    call->reader = NULL;
    api_finish(call, e);
}

err screen_post(struct call *call)
{
    bool is_pending = false;
    call->arena.budget_bytes = SCREEN_BYTES;
    TRY(screen_pending_asks(call, &is_pending));
    if (is_pending)
        return screen_pending(call);
    if (call->request.body.size <= SCREEN_AT_ONCE_BYTES)
        return answer_screening(call);
    call->clerk = &call->house->screens; /* a web thread has others to answer */
    call->work = run_screening;
    return OK;
}
