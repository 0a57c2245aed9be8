/* SPDX-License-Identifier: Apache-2.0 */
/* The centre itself: health, counters, profile, keys, clock, reconciliation. */
#include "app/call/api_again.h"
#include "app/call/api_routes.h"
#include "app/door/detection.h"
#include "app/door/house_state.h"
#include "app/door/metrics.h"
#include "app/house/keys.h"
#include "base/embedded.h"
#include "desk/permit.h"
#include "gate/dns/dns.h"
#include "store/counts.h"
#include "store/zone.h"

#include <assert.h>

static err plain(struct call *call, int status, str text)
{
    call->reply.status = status;
    call->reply.content_type = STR("text/plain; charset=utf-8");
    call->reply.body = text;
    return OK;
}

err health_get(struct call *call)
{
    return plain(call, 200, STR("ok\n"));
}

err ready_get(struct call *call)
{
    bool is_ready = env_flag_is_up(&call->house->is_ready);
    return plain(call, is_ready ? 200 : 503, is_ready ? STR("ready\n") : STR("starting\n"));
}

err metrics_get(struct call *call)
{
    struct text t;
    text_init(&t, &call->arena);
    TRY(metrics_put(call, &t));
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    call->reply.status = 200;
    call->reply.content_type = STR("text/plain; version=0.0.4; charset=utf-8");
    call->reply.body = text_str(&t);
    return OK;
}

extern const struct embedded_file openapi_files[];

err openapi_get(struct call *call)
{
    call->reply.status = 200;
    call->reply.content_type = STR("application/json");
    call->reply.body = openapi_files[0].bytes;
    return OK;
}

/* --- counters --- */

static err count(struct call *call, struct list_query q, int64_t *ret_count)
{
    q.scope = call->actor.kind == ACTOR_STAFF ? call->actor.division : STR("");
    int64_t n = 0;
    TRY(reader_count(call->reader, &q, &n));
    *ret_count += n;
    return OK;
}

static struct list_condition equal(const char *column, str text)
{
    return (struct list_condition){.column = column, .how = LIST_EQUAL, .text = text};
}

static err put_listing_counts(struct call *call, struct json *j)
{
    instant soon = instant_add_us(clock_now(&call->house->clock), US_PER_DAY);
    str scope = call->actor.kind == ACTOR_STAFF ? call->actor.division : STR("");
    int64_t in_force = 0;
    int64_t expiring = 0;
    int64_t proposed = 0;
    TRY(counts_of_state(call->reader, LISTING_IN_FORCE, scope, &in_force));
    TRY(counts_ending(call->reader, soon, scope, &expiring));
    TRY(counts_of_state(call->reader, LISTING_PROPOSED, scope, &proposed));
    json_put_i64(j, STR("in_force"), in_force);
    json_put_i64(j, STR("expiring_24h"), expiring);
    json_put_i64(j, STR("proposed"), proposed);
    return OK;
}

static err put_appeal_counts(struct call *call, struct json *j)
{
    const str open_states[] = {STR("filed"), STR("reviewing")};
    struct list_condition late = {.column = "is_late", .how = LIST_ABOVE, .number = 0};
    int64_t open = 0;
    int64_t overdue = 0;
    for (size_t i = 0; i < COUNT_OF(open_states); i++) {
        struct list_query q = {
            .kind = RECORD_APPEAL,
            .conditions = {equal("state", open_states[i]), late},
            .condition_count = 1
        };
        TRY(count(call, q, &open));
        q.condition_count = 2;
        TRY(count(call, q, &overdue));
    }
    json_put_i64(j, STR("appeals_open"), open);
    json_put_i64(j, STR("appeals_late"), overdue);
    return OK;
}

/* Silent providers that nobody above has said they have seen; of them, told of twice. */
static err put_alarms(struct call *call, struct json *j)
{
    int64_t alarms = 0;
    int64_t loud = 0;
    struct list_query q = {.kind = RECORD_ORDER,
                           .conditions = {{.column = "alarmed_at", .how = LIST_ABOVE}},
                           .condition_count = 1};
    TRY(count(call, q, &alarms));
    q.conditions[q.condition_count++] = equal("alarm", STR("loud"));
    TRY(count(call, q, &loud));
    json_put_i64(j, STR("orders_alarm"), alarms);
    json_put_i64(j, STR("orders_loud"), loud);
    return OK;
}

/* What waits for a second person, or for a provider. */
static err put_order_counts(struct call *call, struct json *j)
{
    struct list_condition late = {.column = "is_late", .how = LIST_ABOVE};
    int64_t waiting = 0;
    int64_t overdue = 0;
    int64_t drafted = 0;
    int64_t lifting = 0;
    struct list_query q = {
        .kind = RECORD_ORDER,
        .conditions = {{.column = "is_emergency", .how = LIST_ABOVE},
                       {.column = "approver", .how = LIST_ABSENT},
                       {.column = "ended_at", .how = LIST_ABSENT}},
        .condition_count = 3
    };
    TRY(count(call, q, &waiting));
    q = (struct list_query){.kind = RECORD_ORDER, .conditions = {late}, .condition_count = 1};
    TRY(count(call, q, &overdue));
    q.conditions[0] = equal("state", STR("drafted"));
    TRY(count(call, q, &drafted));
    q.conditions[0] = equal("state", STR("lifting"));
    TRY(count(call, q, &lifting));
    json_put_i64(j, STR("orders_countersign"), waiting);
    json_put_i64(j, STR("orders_drafted"), drafted);
    json_put_i64(j, STR("orders_late"), overdue);
    json_put_i64(j, STR("orders_lifting"), lifting);
    return put_alarms(call, j);
}

/* What waits for somebody to look at. */
static err put_found_counts(struct call *call, struct json *j)
{
    int64_t suspicions = 0;
    int64_t boxes = 0;
    struct list_query q = {.kind = RECORD_SUSPICION,
                           .conditions = {equal("state", STR("open"))},
                           .condition_count = 1};
    TRY(count(call, q, &suspicions));
    q.kind = RECORD_BOX;
    q.conditions[0] = equal("state", STR("found"));
    TRY(count(call, q, &boxes));
    json_put_i64(j, STR("suspicions_open"), suspicions);
    json_put_i64(j, STR("boxes_found"), boxes);
    return OK;
}

static err put_counts(struct call *call, struct json *j)
{
    json_key(j, STR("counts"));
    json_object(j);
    TRY(put_listing_counts(call, j));
    TRY(put_appeal_counts(call, j));
    TRY(put_order_counts(call, j));
    TRY(put_found_counts(call, j));
    json_end(j);
    return OK;
}

err centre_get(struct call *call)
{
    union record r;
    uint32_t serial = 0;
    TRY(api_centre(call, &r));
    TRY(zone_serial(reader_sql(call->reader), &serial));
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("centre"), r.centre.id);
    json_put_str(j, STR("name"), r.centre.name);
    json_put_str(j, STR("kind"), str_from_c(centre_kind_words[r.centre.kind]));
    json_put_bool(j, STR("outbox_held"), r.centre.is_outbox_held != 0);
    json_put_i64(j, STR("rpz_serial"), serial);
    house_state_put(call, j);
    TRY(put_counts(call, j));
    TRY(detection_put(call, j));
    return api_json_done(call, &made, 200);
}

static void put_words(struct json *j, str key, const struct law_word *words, size_t count)
{
    json_key(j, key);
    json_array(j);
    for (size_t i = 0; i < count; i++) {
        json_object(j);
        json_put_str(j, STR("code"), words[i].code);
        json_put_str(j, STR("zh"), words[i].zh);
        json_put_str(j, STR("en"), words[i].en);
        json_end(j);
    }
    json_end(j);
}

static void put_terms(struct json *j, const struct law_profile *law)
{
    json_key(j, STR("max_term_days"));
    json_object(j);
    for (unsigned kind = 0; kind < INDICATOR_KIND_COUNT; kind++) {
        json_key(j, str_from_c(indicator_kind_words[kind]));
        json_object(j);
        for (unsigned action = 0; action < ACTION_COUNT; action++)
            json_put_i64(j, str_from_c(listing_action_words[action]),
                         law->listing_max_term_us[kind][action] / US_PER_DAY);
        json_end(j);
    }
    json_end(j);
}

/* What a form needs to know of the law: terms, bases and reasons. */
err profile_get(struct call *call)
{
    const struct law_profile *law = &call->house->law;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_str(j, STR("profile"), law->name);
    json_put_str(j, STR("zh"), law->title_zh);
    json_put_str(j, STR("en"), law->title_en);
    json_put_i64(j, STR("zone_min"), law->zone_min);
    json_put_str(j, STR("currency"), law->currency);
    json_put_i64(j, STR("appeal_working_days"), law->appeal_working_days);
    json_key(j, STR("notice"));
    json_object(j);
    json_put_str(j, STR("zh"), law->notice_zh);
    json_put_str(j, STR("en"), law->notice_en);
    json_end(j);
    put_terms(j, law);
    put_words(j, STR("bases"), law->bases, law->basis_count);
    put_words(j, STR("reasons"), law->reasons, law->reason_count);
    return api_json_done(call, &made, 200);
}

/* --- after a restore --- */

static err write_reconcile(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_CENTRE_RECONCILE,
                          .actor = call->actor,
                          .record = store_centre(store)->id,
                          .why = api_body_str(call, "why")};
    union record after;
    TRY(store_apply(store, &cmd, at, &call->arena, &after));
    struct api_json made;
    json_put_bool(api_json(call, &made), STR("outbox_held"), after.centre.is_outbox_held != 0);
    return api_json_done(call, &made, 200);
}

err centre_reconcile(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_RECONCILE));
    call->write = write_reconcile;
    return OK;
}

/* --- before a backup: the copy is the command line's, the leaf is the store's --- */

static err write_backup(struct call *call, struct store *store, instant at)
{
    struct command cmd = {.act = ACT_CENTRE_BACKUP,
                          .actor = call->actor,
                          .record = store_centre(store)->id,
                          .why = api_body_str(call, "purpose")};
    TRY(store_apply(store, &cmd, at, &call->arena, NULL));
    return api_empty(call, 204);
}

err centre_backup(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_BACKUP));
    call->write = write_backup;
    return OK;
}

/* --- keys --- */

static err put_key(struct call *call, struct json *j, const union record *r)
{
    struct viewer viewer = api_viewer(call);
    key_put(j, &r->key, &viewer);
    return OK;
}

err keys_get(struct call *call)
{
    TRY(api_permit(call, ACT_CENTRE_AUDIT));
    struct list_query q = {.kind = RECORD_KEY, .wants_total = true};
    struct list_page page = {0};
    TRY(api_list(call, &q, &page));
    return api_page_answer(call, &page, put_key);
}

struct rotation {
    unsigned kind;
};

/*
 * The new key's record is added under a head the old key still signs; from the next commit on the
 * new one signs, and then the old one's retirement is written under it (ledger/keyring.h).
 */
static err write_rotation(struct call *call, struct store *store, instant at)
{
    const struct rotation *r = call->own;
    str old = {0};
    str public_hex = {0};
    TRY(key_find_current(store, r->kind, &call->arena, &old));
    struct command add = {
        .act = ACT_KEY_ADD, .actor = call->actor, .record = store_id(store, at, &call->arena)};
    TRY(key_make(call->house, r->kind, add.record, &call->arena, &public_hex));
    add.body.key = (struct signing_key){.kind = r->kind, .public_part = public_hex};
    union record after;
    TRY(store_apply(store, &add, at, &call->arena, &after));
    if (!str_is_empty(old)) {
        struct command retire = {.act = ACT_KEY_RETIRE, .actor = call->actor, .record = old};
        TRY(store_apply(store, &retire, at, &call->arena, NULL));
    }
    struct viewer viewer = api_viewer(call);
    struct api_json made;
    key_put(api_json(call, &made), &after.key, &viewer);
    return api_json_done(call, &made, 201);
}

/* On the store thread, after the commit that the old key has signed. */
static void use_new_key(struct call *call)
{
    api_finish(call, key_use_current(call->house));
}

err key_rotate(struct call *call)
{
    TRY(api_permit(call, ACT_KEY_ADD));
    struct rotation *r = arena_make(&call->arena, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (!word_parse(key_kind_words, api_param(call, 0), &r->kind))
        return fail(ERR_MALFORMED, "key.kind", 0);
    call->own = r;
    call->write = write_rotation;
    if (r->kind == KEY_LEDGER)
        call->after_group = use_new_key;
    return OK;
}

/* --- resolvers --- */

static void put_trouble(struct json *j, const char *trouble, instant at, int zone_min)
{
    if (trouble == NULL)
        return;
    json_put_str(j, STR("trouble"), str_from_c(trouble));
    json_put_instant(j, STR("trouble_at"), at, zone_min);
}

static err put_standing(struct call *call, struct json *j, uint32_t serial)
{
    instant since = {0};
    json_put_i64(j, STR("serial"), serial);
    if (serial != dns_gate_serial(call->house->dns))
        TRY(zone_behind_since(reader_sql(call->reader), serial, &since));
    json_put_instant(j, STR("behind_since"), since, call->house->law.zone_min);
    return OK;
}

static err put_secondaries(struct call *call, struct json *j)
{
    const struct house *house = call->house;
    struct dns_secondary_state states[CONF_LIST_MAX];
    int zone = house->law.zone_min;
    size_t n = house->dns == NULL ? 0 : dns_gate_secondaries(house->dns, states, COUNT_OF(states));
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        json_put_str(j, STR("address"), house->conf.dns_secondaries.at[i].address);
        TRY(put_standing(call, j, states[i].serial));
        json_put_instant(j, STR("served_at"), states[i].served_at, zone);
        json_put_instant(j, STR("acknowledged_at"), states[i].acknowledged_at, zone);
        json_put_bool(j, STR("signed"), states[i].is_signed);
        put_trouble(j, states[i].trouble, states[i].trouble_at, zone);
        json_end(j);
    }
    json_end(j);
    return OK;
}

static err put_files(struct call *call, struct json *j)
{
    const struct house *house = call->house;
    struct dns_file_state states[DNS_FILES_MAX];
    int zone = house->law.zone_min;
    size_t n = house->dns == NULL ? 0 : dns_gate_files(house->dns, states, COUNT_OF(states));
    json_key(j, STR("files"));
    json_array(j);
    for (size_t i = 0; i < n; i++) {
        json_object(j);
        json_put_str(j, STR("path"), house->conf.dns_files.at[i]);
        TRY(put_standing(call, j, states[i].serial));
        json_put_instant(j, STR("written_at"), states[i].written_at, zone);
        put_trouble(j, states[i].trouble, states[i].trouble_at, zone);
        json_end(j);
    }
    json_end(j);
    return OK;
}

err resolvers_get(struct call *call)
{
    TRY(api_permit(call, ACT_LISTING_READ));
    const struct house *house = call->house;
    struct api_json made;
    struct json *j = api_json(call, &made);
    json_put_i64(j, STR("serial"), house->dns == NULL ? 0 : dns_gate_serial(house->dns));
    TRY(put_secondaries(call, j));
    TRY(put_files(call, j));
    return api_json_done(call, &made, 200);
}

/* --- the clock of a drill --- */

struct clock_step {
    instant to;
};

/* Runs on the store thread, outside any transaction: it makes its own, one a moment. */
static void step_clock(struct call *call)
{
    const struct clock_step *step = call->own;
    struct house *house = call->house;
    err e = worker_clock_set(&house->worker, step->to);
    struct api_json made;
    json_put_instant(api_json(call, &made), STR("now"), clock_now(&house->clock),
                     house->law.zone_min);
    if (!failed(e))
        e = api_json_done(call, &made, 200);
    if (!failed(e))
        e = again_keep_alone(call, house->store, clock_now(&house->clock));
    api_finish(call, e);
}

static err parse_now(json_value now, instant *ret_at)
{
    int64_t ms = 0;
    str text = STR("");
    bool is_ms = !failed(json_read_i64(now, &ms));
    if (is_ms && ms >= 0 && ms <= INSTANT_MAX_US / US_PER_MS) {
        *ret_at = instant_from_us(ms * US_PER_MS);
        return OK;
    }
    if (failed(json_read_str(now, &text)))
        return fail(ERR_MALFORMED, "clock.now", 0);
    return instant_parse(text, ret_at);
}

err clock_post(struct call *call)
{
    if (!call->house->clock.is_manual)
        return fail(ERR_CONFLICT, "clock.not_manual", 0);
    struct clock_step *step = arena_make(&call->arena, sizeof *step);
    if (step == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(parse_now(json_get(call->doc.root, "now"), &step->to));
    call->own = step;
    call->after_group = step_clock;
    return OK;
}
