/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/disconnects.h"

#include "app/report/report_plan.h"
#include "app/report/report_read.h"
#include "fact/account.h"
#include "store/row.h"

enum { ROWS_MOST = 64 };

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- what records say of one instrument --- */

struct rows {
    enum record_kind kind;
    const char *where; /* of $1, the instrument's kind, and $2, its value; and in which order */
};

struct read_rows {
    void *items;
    size_t count;
};

/* allow, block, warn: what would be cut off is what matters least */
static const struct rows listings_on = {
    RECORD_LISTING, "\"kind\" = $1 AND \"value\" = $2 AND \"state\" = 'in_force'"
                    " ORDER BY \"action\", \"id\" DESC"};
static const struct rows orders_on = {
    RECORD_ORDER, "\"target_kind\" = $1 AND \"target\" = $2 ORDER BY \"id\" DESC"};

static err take_rows(struct sql_row *row, enum record_kind kind, struct arena *a,
                     struct read_rows *ret)
{
    size_t size = record_shapes[kind].size;
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        union record r;
        TRY(row_read(row, 0, kind, a, &r));
        memcpy((char *)ret->items + ret->count++ * size, &r, size);
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err read_rows(struct sql *db, const struct rows *rows, const struct disconnect_item *item,
                     struct arena *a, struct read_rows *ret)
{
    struct sql_row *row = NULL;
    struct text t;
    text_init(&t, a);
    text_printf(&t, "SELECT %s FROM \"%s\" WHERE %s LIMIT %d", row_columns(rows->kind),
                record_shapes[rows->kind].name, rows->where, ROWS_MOST);
    *ret = (struct read_rows){arena_make_array(a, ROWS_MOST, record_shapes[rows->kind].size), 0};
    if (text_spent(&t) || ret->items == NULL)
        return spent();
    TRY(sql_ask_text(db, text_str(&t), &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[item->facts.kind]));
    sql_bind_str(row, 2, item->value);
    err e = take_rows(row, rows->kind, a, ret);
    sql_done(&row);
    return e;
}

err disconnects_read_rows(struct sql *db, struct arena *a, instant now,
                          struct disconnect_item *item)
{
    struct read_rows listings = {0};
    struct read_rows orders = {0};
    TRY(read_rows(db, &listings_on, item, a, &listings));
    TRY(read_rows(db, &orders_on, item, a, &orders));
    item->facts.listings = listings.items;
    item->facts.listing_count = listings.count;
    item->facts.orders = orders.items;
    item->facts.order_count = orders.count;
    item->view = disconnect_judge(&item->facts, now);
    return OK;
}

/* --- who issued it --- */

static err find_bank(const struct disconnects *d, struct disconnect_item *item)
{
    struct account account = {0};
    struct account_facts facts = {0};
    uint32_t number = 0;
    err e = runs_ask_account(d->runs, item->value, &number);
    if (!failed(e))
        e = runs_ask_facts(d->runs, number, d->arena, &facts);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    if (!failed(e) && !str_is_empty(facts.bank))
        item->bank = facts.bank;
    size_t cut = str_find_char(item->value, ':');
    if (str_is_empty(item->bank) && cut < item->value.size)
        item->bank = str_until(item->value, cut);
    if (str_is_empty(item->bank) && !failed(account_parse(item->value, d->arena, &account)))
        item->bank = account.bank.code;
    return OK;
}

static err find_issuer(const struct disconnects *d, struct disconnect_item *item)
{
    const struct providers *all = &d->house->conf.providers;
    if (item->facts.kind == INDICATOR_NUMBER)
        item->facts.issuer = provider_of_number(all, item->value);
    if (item->facts.kind != INDICATOR_ACCOUNT)
        return OK;
    TRY(find_bank(d, item));
    item->facts.issuer = provider_of_bank(all, item->bank);
    return OK;
}

static err find_shop(const struct disconnects *d, struct disconnect_item *item)
{
    const struct report_planning planning = {.runs = d->runs,
                                             .reader = d->reader,
                                             .providers = &d->house->conf.providers,
                                             .arena = d->arena,
                                             .now = d->now};
    const char *guard = NULL;
    if (item->facts.kind != INDICATOR_ACCOUNT)
        return OK;
    TRY(report_guard(&planning, item->value, &guard));
    item->facts.is_shop = guard != NULL && strcmp(guard, "order.merchant") == 0;
    return OK;
}

/* --- the items --- */

static err put_item(struct disconnects *d, const struct disconnect_item *one)
{
    if (d->count == DISCONNECTS_MOST) {
        d->is_cut = true;
        return OK;
    }
    struct disconnect_item *item = &d->items[d->count];
    *item = *one;
    TRY(find_issuer(d, item));
    TRY(find_shop(d, item));
    TRY(disconnects_read_rows(reader_sql(d->reader), d->arena, d->now, item));
    /* of what no record speaks, nothing is said: most of a trail is somebody's business */
    d->count += item->facts.listing_count + item->facts.order_count > 0;
    return OK;
}

static bool is_victims_own(const struct trail_doc *doc, str account)
{
    for (size_t i = 0; i < doc->source_count; i++)
        if (str_equal(doc->sources[i].transfer.from, account))
            return true;
    return false;
}

static bool is_there(const struct disconnects *d, unsigned kind, str value)
{
    for (size_t i = 0; i < d->count; i++)
        if (d->items[i].facts.kind == kind && str_equal(d->items[i].value, value))
            return true;
    return false;
}

static err put_nodes(struct disconnects *d, const struct trail_doc *doc, str incident)
{
    for (size_t i = 0; i < doc->node_count; i++) {
        const struct trail_node *node = &doc->nodes[i];
        if (i == DISCONNECTS_LOOKED) {
            d->is_cut = true;
            return OK;
        }
        struct disconnect_item item = {
            .value = node->key, .bank = node->bank, .layer = node->layer};
        item.facts = (struct disconnect_facts){.kind = INDICATOR_ACCOUNT,
                                               .incident = incident,
                                               .has_stolen = node->attributed > 0 &&
                                                             !is_victims_own(doc, node->key)};
        if (!is_there(d, INDICATOR_ACCOUNT, node->key))
            TRY(put_item(d, &item));
    }
    return OK;
}

/* What was ordered of the incident without its money having come there, as far as banks say. */
static err put_ordered(struct disconnects *d, str incident)
{
    const struct report_under_query q = {
        .db = reader_sql(d->reader), .under = UNDER_INCIDENT, .id = incident, .arena = d->arena};
    struct order *orders = NULL;
    size_t count = 0;
    TRY(report_orders(&q, &orders, &count));
    for (size_t i = 0; i < count; i++) {
        struct disconnect_item item = {.value = orders[i].target, .bank = orders[i].bank};
        item.facts = (struct disconnect_facts){.kind = orders[i].target_kind, .incident = incident};
        if (!is_there(d, orders[i].target_kind, orders[i].target))
            TRY(put_item(d, &item));
    }
    return OK;
}

static err begin(struct disconnects *d)
{
    d->items = arena_make_array(d->arena, DISCONNECTS_MOST, sizeof *d->items);
    d->count = 0;
    return d->items == NULL ? spent() : OK;
}

/* False while no bank's transfer of it is known, or they are no longer. */
static err follow(const struct disconnects *d, const struct incident *i, struct trail_doc *doc,
                  bool *ret_has)
{
    struct trail_question q = {.method = METHOD_LIFO, .as_of_ms = d->now.us / US_PER_MS};
    str *starts = arena_make_array(d->arena, INCIDENT_TRANSFERS, sizeof *starts);
    str rest = i->transfers;
    str id = {0};
    *ret_has = false;
    if (starts == NULL)
        return spent();
    while (!str_is_empty(i->transfers) && q.start_count < INCIDENT_TRANSFERS &&
           str_split(&rest, '\n', &id))
        starts[q.start_count++] = id;
    if (q.start_count == 0)
        return OK;
    q.starts = starts;
    err e = trail_doc_make(d->runs, &q, d->arena, doc, &id);
    *ret_has = !failed(e);
    return e.code == ERR_ABSENT || e.code == ERR_CONFLICT ? OK : e;
}

err disconnects_of_incident(struct disconnects *d, const struct incident *i)
{
    struct trail_doc doc = {0};
    bool has_doc = false;
    TRY(begin(d));
    TRY(follow(d, i, &doc, &has_doc));
    if (has_doc)
        TRY(put_nodes(d, &doc, i->id));
    return put_ordered(d, i->id);
}

err disconnects_of_listing(struct disconnects *d, const struct listing *l)
{
    struct disconnect_item item = {.value = l->value, .facts = {.kind = l->kind}};
    TRY(begin(d));
    TRY(put_item(d, &item));
    if (d->count == 0) /* nothing is in force: say so */
        d->count = 1;
    return OK;
}

/* --- what rests on a record --- */

str disconnects_evidence(const char *kind, str id, struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put_c(&t, kind);
    text_put_char(&t, ' ');
    text_put(&t, id);
    return text_spent(&t) ? (str){0} : text_str(&t);
}

/* The record that the evidence names; what a person wrote by hand names none. */
static err find_ground(struct sql *db, str evidence, struct arena *a, union record *r,
                       struct disconnect_rest *rest)
{
    str id = evidence;
    str kind = {0};
    if (!str_split(&id, ' ', &kind))
        return OK;
    bool is_listing = str_equal(kind, STR("listing"));
    if (!is_listing && !str_equal(kind, STR("order")))
        return OK;
    err e = row_find(db, is_listing ? RECORD_LISTING : RECORD_ORDER, id, a, r);
    rest->listing = !failed(e) && is_listing ? &r->listing : NULL;
    rest->hold = !failed(e) && !is_listing ? &r->order : NULL;
    return e.code == ERR_ABSENT ? OK : e;
}

err disconnects_judge_again(struct sql *db, struct arena *a, instant now, const struct order *order,
                            const char **ret_why)
{
    const struct disconnect_item item = {.value = order->target,
                                         .facts = {.kind = order->target_kind}};
    struct disconnect_rest rest = {0};
    struct read_rows listings = {0};
    union record ground;
    TRY(read_rows(db, &listings_on, &item, a, &listings));
    TRY(find_ground(db, order->evidence, a, &ground, &rest));
    rest.listings = listings.items;
    rest.listing_count = listings.count;
    *ret_why = disconnect_judge_again(&rest, now);
    return OK;
}

/* What the appeal was about, as an order to disconnect would name it. */
static err find_subject(struct sql *db, const struct appeal *appeal, struct arena *turn,
                        struct order *ret)
{
    union record r;
    if (!str_is_empty(appeal->listing)) {
        TRY(row_find(db, RECORD_LISTING, appeal->listing, turn, &r));
        *ret = (struct order){.target_kind = r.listing.kind,
                              .target = r.listing.value,
                              .evidence = disconnects_evidence("listing", r.listing.id, turn)};
    } else {
        TRY(row_find(db, RECORD_ORDER, appeal->order, turn, &r));
        *ret = (struct order){.target_kind = r.order.target_kind,
                              .target = r.order.target,
                              .evidence = disconnects_evidence("order", r.order.id, turn)};
    }
    return ret->evidence.at == NULL ? spent() : OK;
}

static err find_resting(struct sql *db, const struct order *subject, struct arena *turn,
                        str ret_ids[ROWS_MOST], size_t *ret_count)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    size_t count = 0;
    TRY(sql_ask(db,
                "SELECT \"id\" FROM \"order\" WHERE \"target_kind\" = $1 AND \"target\" = $2"
                " AND \"kind\" = 'disconnect' AND \"evidence\" = $3 AND \"ended_at\" IS NULL",
                &row));
    sql_bind_str(row, 1, str_from_c(indicator_kind_words[subject->target_kind]));
    sql_bind_str(row, 2, subject->target);
    sql_bind_str(row, 3, subject->evidence);
    err e = sql_next(row, &has_row);
    while (!failed(e) && has_row && count < ROWS_MOST) { /* one stands at a time: there is room */
        ret_ids[count] = sql_str(row, 0, turn);
        e = ret_ids[count++].at == NULL ? spent() : sql_next(row, &has_row);
    }
    sql_done(&row);
    *ret_count = count;
    return e;
}

err disconnects_release(struct store *store, instant at, struct arena *turn,
                        const struct appeal *appeal)
{
    static const struct actor centre = {
        .user = {.at = "centre", .size = 6},
          .kind = ACTOR_CENTRE
    };
    str ids[ROWS_MOST];
    size_t count = 0;
    struct order subject = {0};
    if (str_is_empty(appeal->listing) && str_is_empty(appeal->order))
        return OK;
    TRY(find_subject(store_sql(store), appeal, turn, &subject));
    TRY(find_resting(store_sql(store), &subject, turn, ids, &count));
    for (size_t i = 0; i < count; i++) {
        const struct command cmd = {.act = ACT_ORDER_LIFT,
                                    .actor = centre,
                                    .record = ids[i],
                                    .why = STR("order.ground_gone")};
        TRY(store_apply(store, &cmd, at, turn, NULL));
    }
    return OK;
}
