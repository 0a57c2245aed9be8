/* SPDX-License-Identifier: Apache-2.0 */
/* The trail of an incident, and an account on it. */
#include "app/door/api_incident.h"
#include "app/door/print.h"
#include "app/money/held.h"
#include "app/money/trail_page.h"
#include "app/money/trail_write.h"
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
    if (q.start_count == 0) /* a report has named no payment that a bank knows yet */
        return fail(ERR_CONFLICT, "trail.no_start", 0);
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

static int compare_nodes(const void *a, const void *b)
{
    const struct trail_node *const *x = a;
    const struct trail_node *const *y = b;
    return str_compare((*x)->key, (*y)->key);
}

static struct trail_node *find_node(struct trail_node **sorted, size_t count, str account)
{
    const struct trail_node wanted = {.key = account};
    const struct trail_node *const key = &wanted;
    struct trail_node **found =
        count == 0 ? NULL : bsearch(&key, sorted, count, sizeof *sorted, compare_nodes);
    return found == NULL ? NULL : *found;
}

/* What banks say that they hold under the incident's orders: of the stolen money that is there; and
 * what they hold of accounts that the trail does not show. */
static err put_held(struct call *call, str incident, struct trail_doc *doc)
{
    const struct held_query q = {
        .db = reader_sql(call->reader), .incident = incident, .arena = &call->arena};
    struct held_order *orders = NULL;
    size_t count = 0;
    TRY(held_read(&q, &orders, &count));
    struct trail_node **nodes = arena_make_array(&call->arena, doc->node_count + 1, sizeof *nodes);
    doc->elsewhere = arena_make_array(&call->arena, count + 1, sizeof *doc->elsewhere);
    if (nodes == NULL || doc->elsewhere == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < doc->node_count; i++)
        nodes[i] = &doc->nodes[i];
    if (doc->node_count > 1)
        qsort(nodes, doc->node_count, sizeof *nodes, compare_nodes);
    for (size_t i = 0, run = 0; i < count; i += run) {
        run = held_run(orders + i, count - i);
        int64_t held = held_sum(orders + i, run);
        struct trail_node *node = find_node(nodes, doc->node_count, orders[i].account);
        if (node == NULL) {
            doc->elsewhere[doc->elsewhere_count++] =
                (struct trail_elsewhere){.account = orders[i].account, .held = held};
            continue;
        }
        node->held = held < node->present ? held : node->present;
        doc->held += node->held;
    }
    return OK;
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
    TRY(put_held(call, incident.id, &doc));
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

/* The incident is the purpose, and the reading a leaf. */
static err note_reading(struct call *call, str incident, str account)
{
    struct text t;
    text_init(&t, &call->arena);
    text_put_c(&t, "account ");
    text_put(&t, account);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0)
                          : incident_note_reading(call, incident, text_str(&t));
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

/* `is_open`: the incident opens the account at its other end, too. */
static void put_transfer(struct call *call, struct json *j, const struct transfer *t,
                         const int64_t *attributed, bool is_open)
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
    json_put_bool(j, STR("on_trail"), is_open);
    json_end(j);
}

/* Where the page begins: `cursor` is one more than the ordinal that the page before ended with. */
static err find_page(struct call *call, struct runs *runs, uint32_t account, struct arena *a,
                     struct trail_page *ret)
{
    int64_t cursor = 0;
    int limit = 0;
    struct transfer last = {0};
    TRY(api_query_i64(call, "cursor", 0, &cursor));
    TRY(api_query_limit(call, LIST_USUAL, &limit));
    if (cursor != 0) {
        bool is_one = cursor > 0 && cursor <= UINT32_MAX;
        err e = !is_one ? fail(ERR_ABSENT, "transfer.unknown", 0)
                        : runs_ask_details(runs, (uint32_t)(cursor - 1), a, &last);
        call->column = STR("cursor");
        bool is_its = str_equal(last.from, api_param(call, 1)) ||
                      str_equal(last.to, api_param(call, 1)); /* nobody else's time is told */
        if (!failed(e) && !is_its)
            e = fail(ERR_ABSENT, "transfer.unknown", 0);
        if (failed(e))
            return e.code == ERR_ABSENT ? fail(ERR_MALFORMED, "cursor.malformed", 0) : e;
        call->column = STR("");
    }
    struct trail_place after = {.time_ms = last.time_ms, .ordinal = (uint32_t)(cursor - 1)};
    struct runs_seat seat;
    runs_enter(runs, &seat);
    const struct trail_page_question q = {
        .account = account, .after = cursor == 0 ? NULL : &after, .limit = (size_t)limit};
    err e = trail_page_make(seat.view, &q, a, ret);
    runs_leave(runs, &seat);
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
                         const struct trail_doc *doc, const struct trail_page *p)
{
    json_key(j, STR("transfers"));
    json_object(j);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < p->count; i++) {
        struct transfer t = {0};
        TRY(runs_ask_details(runs, p->places[i].ordinal, &call->arena, &t));
        bool has_part = doc->method != METHOD_REACH;
        t.has_balance = t.has_balance && str_equal(t.from, api_param(call, 1)); /* its payer's */
        str other = str_equal(t.from, api_param(call, 1)) ? t.to : t.from;
        uint32_t account = 0;
        TRY(runs_ask_account(runs, other, &account));
        put_transfer(call, j, &t, has_part ? attributed_of(doc, p->places[i].ordinal) : NULL,
                     is_on_trail(doc, account));
    }
    json_end(j);
    api_next_i64(j, p->is_more ? (int64_t)p->places[p->count - 1].ordinal + 1 : -1);
    json_put_i64(j, STR("total"), (int64_t)p->total);
    json_end(j);
    return OK;
}

static err answer_account_with(struct call *call, struct runs *runs, struct arena *arena)
{
    struct incident incident = {0};
    struct trail_question q = {0};
    struct trail_doc doc = {0};
    struct trail_page page = {0};
    uint32_t account = 0;
    str start = {0};
    struct api_json made;
    TRY(incident_of_path(call, &incident));
    str key = api_param(call, 1);
    TRY(runs_ask_account(runs, key, &account));
    TRY(read_question(call, &incident, &q));
    TRY(trail_doc_make(runs, &q, arena, &doc, &start));
    if (!is_on_trail(&doc, account))
        return fail(ERR_DENIED, "account.not_on_trail", 0);
    TRY(find_page(call, runs, account, arena, &page));
    TRY(put_held(call, incident.id, &doc));
    TRY(note_reading(call, incident.id, key));
    struct json *j = api_json(call, &made);
    TRY(put_head(call, runs, j, key, account));
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
