/* SPDX-License-Identifier: Apache-2.0 */
/* The trail of an incident, and an account on it. */
#include "app/api_incident.h"
#include "app/ask.h"
#include "app/print.h"
#include "app/trail_write.h"
#include "desk/permit.h"
#include "fact/account.h"

#include <stdlib.h>

/* --- the trail --- */

static err read_method(struct call *call, unsigned *ret_method)
{
    str name = api_query(call, "method");
    *ret_method = str_is_empty(name) ? (unsigned)METHOD_FIFO : trail_method_find(name);
    call->column = STR("method");
    if (*ret_method > METHOD_REACH)
        return fail(ERR_MALFORMED, "trail.method", 0);
    call->column = STR("");
    return OK;
}

static err api_query_within(struct call *call, const char *name, int64_t preset, int64_t most,
                            int64_t *ret_value)
{
    TRY(api_query_i64(call, name, preset, ret_value));
    call->column = str_from_c(name);
    if (*ret_value < 0 || *ret_value > most)
        return fail(ERR_MALFORMED, "trail.setting", 0);
    call->column = STR("");
    return OK;
}

static err read_question(struct call *call, const struct incident *i, struct trail_question *ret)
{
    struct trail_question q = {0};
    int64_t layers = 0;
    int64_t hours = 0;
    int64_t first = 0;
    str *starts = NULL;
    TRY(read_method(call, &q.method));
    TRY(api_query_within(call, "layers", 6, REACH_LAYERS, &layers));
    TRY(api_query_within(call, "hours", 72, 24 * 366, &hours));
    TRY(api_query_within(call, "first", 20, REACH_FIRST, &first));
    q.settings = (struct reach_settings){
        .layers = (unsigned)layers, .first = (unsigned)first, .window_ms = hours * 3600 * 1000};
    q.as_of_ms = clock_now(&call->house->clock).us / US_PER_MS;
    TRY(incident_starts(call, i, &starts, &q.start_count));
    q.starts = starts;
    *ret = q;
    return OK;
}

err incident_listing_on(struct call *call, str account, str *ret_listing)
{
    struct list_page page = {0};
    instant now = clock_now(&call->house->clock);
    *ret_listing = STR("");
    TRY(reader_candidates(call->reader, INDICATOR_ACCOUNT, account, &call->arena, &page));
    for (size_t i = 0; i < page.count; i++) {
        const struct listing *l = &page.items[i].listing;
        bool is_now = l->from.us <= now.us && now.us < l->until.us;
        if (is_now && str_is_empty(*ret_listing))
            *ret_listing = l->id;
    }
    return OK;
}

static str reason_of(void *self, const char *key)
{
    const struct call *call = self;
    return message(str_from_c(key), call->language);
}

static struct trail_form form_of(struct call *call, const struct incident *i)
{
    return (struct trail_form){
        .incident = i->id, .zone_min = call->house->law.zone_min, .say = reason_of, .self = call};
}

static err write_doc(struct call *call, const struct trail_doc *doc, const struct trail_form *form)
{
    struct text t;
    bool wants_csv = str_has(call->request.accept, STR("text/csv"));
    bool wants_pdf = str_has(call->request.accept, STR("application/pdf"));
    text_init(&t, &call->arena);
    if (wants_csv)
        trail_write_csv(doc, form, &t);
    else
        trail_write_json(doc, form, &t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->reply = (struct api_reply){.status = 200,
                                     .content_type = wants_csv ? STR("text/csv; charset=utf-8")
                                                               : STR("application/json"),
                                     .body = text_str(&t)};
    if (!wants_pdf)
        return OK;
    str lang = call->language == LANGUAGE_EN ? STR("en") : STR("zh");
    call->reply.content_type = STR("application/pdf");
    return print_pdf(STR("trail"), text_str(&t), lang, &call->arena, &call->reply.body);
}

static err answer_with(struct call *call, struct runs *runs, struct arena *arena)
{
    struct incident incident = {0};
    struct trail_question q = {0};
    struct trail_doc doc = {0};
    str start = {0};
    TRY(incident_of_path(call, &incident));
    TRY(read_question(call, &incident, &q));
    TRY(trail_doc_make(runs, &q, arena, &doc, &start));
    for (size_t i = 0; i < doc.node_count; i++)
        TRY(incident_listing_on(call, doc.nodes[i].key, &doc.nodes[i].listing));
    struct trail_form form = form_of(call, &incident);
    return write_doc(call, &doc, &form);
}

static err answer_trail(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, TRAIL_DOC_BYTES);
    err e = answer_with(call, runs, &arena);
    arena_done(&arena);
    return e;
}

err incident_trail(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_trail);
}

/* --- an account on it --- */

struct reading {
    struct call *call;
    str incident;
    str account;
};

/* The incident is the purpose, and the reading a leaf. */
static err write_reading(void *self, struct store *store, instant at, struct arena *turn)
{
    const struct reading *r = self;
    struct text t;
    (void)turn;
    text_init(&t, &r->call->arena);
    text_put_c(&t, "account ");
    text_put(&t, r->account);
    struct command cmd = {.act = ACT_INCIDENT_READ,
                          .actor = r->call->actor,
                          .record = r->incident,
                          .why = text_str(&t)};
    return store_apply(store, &cmd, at, &r->call->arena, NULL);
}

static void put_facts(struct json *j, const struct account_facts *f)
{
    const struct {
        const char *key;
        str value;
    } fields[] = {
        {"bank",        f->bank       },
        {"outlet",      f->outlet     },
        {"holder_kind", f->holder_kind},
        {"opened",      f->opened     },
        {"device",      f->device     },
        {"contact",     f->contact    },
        {"address",     f->address    },
        {"ip",          f->ip         },
        {"company",     f->company    },
    };
    for (size_t i = 0; i < COUNT_OF(fields); i++)
        json_put_str_if_any(j, str_from_c(fields[i].key), fields[i].value);
}

static err put_head(struct call *call, struct runs *runs, struct json *j, str key, uint32_t account)
{
    struct account known = {0};
    struct account_facts facts = {0};
    str listing = {0};
    bool is_known =
        !failed(account_parse(key, &call->arena, &known)) && str_equal(known.value, key);
    err e = runs_ask_facts(runs, account, &call->arena, &facts);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    if (is_known && str_is_empty(facts.bank))
        facts.bank = known.bank.code;
    TRY(incident_listing_on(call, key, &listing));
    json_put_str(j, STR("account"), key);
    json_put_str(j, STR("display"), is_known ? known.display : key);
    put_facts(j, &facts);
    json_put_str_if_any(j, STR("listing"), listing);
    return OK;
}

static void put_transfer(struct call *call, struct json *j, const struct transfer *t,
                         const int64_t *attributed)
{
    json_object(j);
    json_put_str(j, STR("transfer"), t->id);
    json_put_str(j, STR("from"), t->from);
    json_put_str(j, STR("to"), t->to);
    json_put_instant(j, STR("time"), instant_from_us(t->time_ms * US_PER_MS),
                     call->house->law.zone_min);
    json_put_i64(j, STR("amount"), t->amount_minor);
    json_put_str(j, STR("currency"), str_from_c(t->currency));
    json_put_str(j, STR("status"), transfer_status_name(t->status));
    if (t->has_seq)
        json_put_i64(j, STR("seq"), t->seq);
    json_put_str_if_any(j, STR("exit"), transfer_exit_name(t->exit));
    if (t->has_balance)
        json_put_i64(j, STR("balance_after"), t->balance_minor);
    json_put_str_if_any(j, STR("channel"), t->channel);
    if (attributed != NULL)
        json_put_i64(j, STR("attributed"), *attributed);
    json_end(j);
}

struct page {
    struct trail_event_ref {
        uint64_t when;
        uint32_t ordinal;
    } * items;
    size_t count;
    size_t room;
};

static err page_put(struct arena *a, struct page *p, const struct trail_run *run, uint32_t place)
{
    if (p->count == p->room) {
        size_t room = p->room == 0 ? 256 : 2 * p->room;
        p->items = arena_grow(a, p->items, p->room * sizeof *p->items, room * sizeof *p->items);
        if (p->items == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
        p->room = room;
    }
    p->items[p->count++] = (struct trail_event_ref){.when = run->rows[place].when >> ROW_TIME_SHIFT,
                                                    .ordinal = run->ordinals[place]};
    return OK;
}

/* Newest first; of one millisecond the one that came last. */
static int compare_newest(const void *a, const void *b)
{
    const struct trail_event_ref *x = a;
    const struct trail_event_ref *y = b;
    if (x->when != y->when)
        return x->when < y->when ? 1 : -1;
    return (x->ordinal < y->ordinal) - (x->ordinal > y->ordinal);
}

static err gather(struct runs *runs, struct arena *a, uint32_t account, struct page *p)
{
    struct runs_seat seat;
    err e = OK;
    runs_enter(runs, &seat);
    for (uint32_t i = 0; i < seat.view->run_count && !failed(e); i++) {
        const struct trail_run *run = seat.view->runs[i];
        struct trail_range out = trail_directory_range(&run->out, account);
        struct trail_range in = trail_directory_range(&run->in, account);
        for (uint32_t k = out.begin; k < out.end && !failed(e); k++)
            e = page_put(a, p, run, k);
        for (uint32_t k = in.begin; k < in.end && !failed(e); k++)
            if (run->rows[run->ins[k]].from != account)
                e = page_put(a, p, run, run->ins[k]);
    }
    runs_leave(runs, &seat);
    if (!failed(e) && p->count > 0)
        qsort(p->items, p->count, sizeof *p->items, compare_newest);
    return e;
}

static const int64_t *attributed_of(const struct trail_doc *doc, uint32_t ordinal)
{
    for (size_t i = 0; i < doc->edge_count; i++)
        if (doc->edges[i].ordinal == ordinal)
            return &doc->edges[i].attributed;
    return NULL;
}

/* An incident opens the accounts that its money came to, its victims' own, and no others. */
static bool is_on_trail(const struct trail_doc *doc, uint32_t account)
{
    for (size_t i = 0; i < doc->node_count; i++)
        if (doc->nodes[i].account == account)
            return true;
    for (size_t i = 0; i < doc->source_count; i++)
        if (doc->sources[i].from_account == account)
            return true;
    return false;
}

static err put_transfers(struct call *call, struct runs *runs, struct json *j,
                         const struct trail_doc *doc, const struct page *p)
{
    int64_t at = 0;
    int limit = 0;
    TRY(api_query_i64(call, "cursor", 0, &at));
    TRY(api_query_limit(call, LIST_USUAL, &limit));
    size_t begin = at < 0 || (size_t)at > p->count ? p->count : (size_t)at;
    size_t end = p->count - begin > (size_t)limit ? begin + (size_t)limit : p->count;
    json_key(j, STR("transfers"));
    json_object(j);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = begin; i < end; i++) {
        struct transfer t = {0};
        TRY(runs_ask_details(runs, p->items[i].ordinal, &call->arena, &t));
        bool has_part = doc->method != METHOD_REACH;
        t.has_balance = t.has_balance && str_equal(t.from, api_param(call, 1)); /* its payer's */
        put_transfer(call, j, &t, has_part ? attributed_of(doc, p->items[i].ordinal) : NULL);
    }
    json_end(j);
    api_next_i64(j, end < p->count ? (int64_t)end : -1);
    json_put_i64(j, STR("total"), (int64_t)p->count);
    json_end(j);
    return OK;
}

static err answer_account_with(struct call *call, struct runs *runs, struct arena *arena)
{
    struct incident incident = {0};
    struct trail_question q = {0};
    struct trail_doc doc = {0};
    struct page page = {0};
    uint32_t account = 0;
    str start = {0};
    struct api_json made;
    TRY(incident_of_path(call, &incident));
    struct reading reading = {.call = call, .incident = incident.id, .account = api_param(call, 1)};
    TRY(runs_ask_account(runs, reading.account, &account));
    TRY(read_question(call, &incident, &q));
    TRY(trail_doc_make(runs, &q, arena, &doc, &start));
    if (!is_on_trail(&doc, account))
        return fail(ERR_DENIED, "account.not_on_trail", 0);
    TRY(ask_store(call->house, write_reading, &reading));
    TRY(gather(runs, arena, account, &page));
    struct json *j = api_json(call, &made);
    TRY(put_head(call, runs, j, reading.account, account));
    struct trail_form form = form_of(call, &incident);
    for (size_t i = 0; i < doc.node_count; i++)
        if (doc.nodes[i].account == account) {
            json_key(j, STR("node"));
            json_object(j);
            trail_write_node(&doc, &form, &doc.nodes[i], j);
            json_end(j);
            break;
        }
    TRY(put_transfers(call, runs, j, &doc, &page));
    return api_json_done(call, &made, 200);
}

static err answer_account(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, TRAIL_DOC_BYTES);
    err e = answer_account_with(call, runs, &arena);
    arena_done(&arena);
    return e;
}

err incident_account(struct call *call)
{
    TRY(api_permit(call, ACT_INCIDENT_READ));
    return incident_ask(call, answer_account);
}
