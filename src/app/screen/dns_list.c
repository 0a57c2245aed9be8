/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/dns_list.h"

#include "app/screen/cover.h"
#include "app/screen/screening.h"
#include "env/memory.h"
#include "fact/digits.h"
#include "gate/dnsbl/between.h"
#include "gate/dnsbl/dnsbl.h"
#include "store/listed.h"

enum { STORE_AT_ONCE = 8, URL_ROOM = 200, TURN_BYTES = 4 << 20 };
#define LATE_US US_PER_S /* how old the tables may be, for many questions */

/* A thread that asks. */
struct list_lane {
    struct reader *reader;
    struct arena turn;
};

struct dns_list {
    struct house *house;
    struct dnsbl_options options;
    struct dnsbl_gate *gate;
    struct between between;
    struct env_flag is_open; /* the gate is there */
    struct env_thread filler;
    struct reader *filler_reader;
    struct list_lane lane[DNSBL_LANE_COUNT];
};

/* --- judging --- */

/* "+8613912345678" -> its digits */
static str digits_of(str number)
{
    return str_from(number, 1);
}

static void answer_put(const struct dns_list *l, struct dnsbl_question *q, enum verdict verdict,
                       int64_t left_us)
{
    q->verdict = verdict;
    if (verdict != VERDICT_PASS) {
        int64_t left_s = left_us / US_PER_S;
        q->left_s = left_s < 0 ? 0 : left_s > INT32_MAX ? INT32_MAX : (uint32_t)left_s;
        return;
    }
    q->has_below = q->kind == INDICATOR_NUMBER
                       ? between_has_number(&l->between, digits_of(q->value))
                       : between_has_domain(&l->between, q->value);
}

static uint32_t judge_by_tables(const struct dns_list *l, struct screen_reader *tables,
                                struct dnsbl_question *questions, size_t count)
{
    struct screen_question asked[DNSBL_AT_ONCE];
    struct screen_answer answers[DNSBL_AT_ONCE];
    instant now = clock_now(&l->house->clock);
    uint32_t serial = (uint32_t)tables->mark;
    for (size_t i = 0; i < count; i++) {
        asked[i] = (struct screen_question){questions[i].kind, questions[i].value};
        if (questions[i].kind == INDICATOR_DOMAIN)
            between_prefetch_domain(&l->between, questions[i].value);
    }
    screen_ask_many(tables, asked, count, now, answers);
    screen_leave(tables);
    for (size_t i = 0; i < count; i++)
        answer_put(l, &questions[i], answers[i].verdict, answers[i].until.us - now.us);
    return serial;
}

static void judge_one(const struct dns_list *l, struct list_lane *lane, struct dnsbl_question *q)
{
    struct indicator indicator = {.kind = q->kind, .value = q->value};
    struct judgement judgement;
    instant now = clock_now(&l->house->clock);
    err e = cover_judge(lane->reader, &indicator, now, &lane->turn, &judgement);
    q->is_unknown = failed(e);
    if (failed(e))
        return;
    int64_t until_us = judgement.listing == NULL ? now.us : judgement.listing->until.us;
    answer_put(l, q, judgement.verdict, until_us - now.us);
    q->has_below = true; /* in doubt: the names between are gathered with the tables */
}

static uint32_t judge_by_store(const struct dns_list *l, struct list_lane *lane,
                               struct dnsbl_question *questions, size_t count)
{
    uint64_t leaves = 0;
    err e = listed_ledger(lane->reader, &leaves);
    for (size_t i = 0; i < count; i++) {
        arena_reset(&lane->turn);
        judge_one(l, lane, &questions[i]);
    }
    return failed(e) ? 0 : (uint32_t)leaves;
}

static uint32_t judge(void *self, enum dnsbl_lane lane, struct dnsbl_question *questions,
                      size_t count)
{
    struct dns_list *l = self;
    struct screen_reader tables;
    if (screening_enter(l->house, &tables) ||
        (count > STORE_AT_ONCE && screening_enter_late(l->house, LATE_US, &tables)))
        return judge_by_tables(l, &tables, questions, count);
    return judge_by_store(l, &l->lane[lane], questions, count);
}

/* --- words --- */

static str reason_of(const struct house *house, str code)
{
    const struct law_profile *law = &house->law;
    for (size_t i = 0; i < law->reason_count; i++)
        if (str_equal(law->reasons[i].code, code))
            return law->reasons[i].en;
    return code;
}

/* "Imitates a bank. Appeal: http://…/appeal?listing=…": English, since it ends in the refusals of
 * mail servers; what does not fit is taken from the reason. */
static err tell(void *self, enum dnsbl_lane lane, const struct dnsbl_question *question,
                struct text *words)
{
    struct dns_list *l = self;
    struct list_lane *own = &l->lane[lane];
    struct indicator indicator = {.kind = question->kind, .value = question->value};
    struct screening_found found = {0};
    struct screening_question asked = {&indicator, &found};
    arena_reset(&own->turn);
    TRY(screening_find(l->house, own->reader, &asked, &own->turn));
    if (found.is_by_row)
        TRY(screening_read(l->house, own->reader, &asked, &own->turn));
    const struct listing *listing = found.judgement.listing;
    if (found.judgement.verdict == VERDICT_PASS || listing == NULL)
        return fail(ERR_ABSENT, "dnsbl: not listed any more", 0);
    str reason = reason_of(l->house, listing->reason);
    text_put(words, str_until(reason, DNSBL_WORDS_BYTES - URL_ROOM));
    text_put_c(words, ". Appeal: ");
    text_put(words, l->house->public_url);
    text_put_c(words, "/appeal?listing=");
    text_put(words, listing->id);
    return OK;
}

/* --- names between --- */

void dns_list_hear(struct house *house, unsigned kind, str value)
{
    struct dns_list *l = house->dns_list;
    if (l == NULL)
        return;
    if (kind == INDICATOR_DOMAIN)
        between_put_domain(&l->between, value);
    bool has_e164 = str_starts(value, STR("+")) && digits_only(digits_of(value));
    if (kind == INDICATOR_NUMBER && has_e164)
        between_put_number(&l->between, digits_of(value));
}

static err hear_one(void *self, const struct listed *listing)
{
    struct dns_list *l = self;
    if (env_flag_is_up(&l->house->is_stopping))
        return fail(ERR_BUSY, "stopping", 0);
    dns_list_hear(l->house, listing->kind, listing->value);
    return OK;
}

/* What was listed before the tables told of it. Until it is done, nothing is NXDOMAIN. */
static void fill(void *self)
{
    struct dns_list *l = self;
    struct listed_visit visit = {.self = l, .visit = hear_one};
    err e = listed_begin(l->filler_reader);
    if (!failed(e)) {
        e = listed_all(l->filler_reader, &visit);
        listed_end(l->filler_reader);
        sql_rest(reader_sql(l->filler_reader)); /* a million names are not asked for again */
        memory_rest();
    }
    if (!failed(e))
        between_settle(&l->between);
    else if (!env_flag_is_up(&l->house->is_stopping))
        LOG(&l->house->log, LOG_ERROR, "dns_list_names", LOG_WHY(e), LOG_INT("at", e.at));
}

/* --- life --- */

/* At least as many as there are: it only says how large the filter is to be. */
static err count_names(struct house *house, size_t *ret_count)
{
    struct reader *reader = house_reader_take(house);
    struct sql_row *row = NULL;
    bool has_row = false;
    err e = sql_ask(reader_sql(reader), "SELECT coalesce(max(rowid), 0) FROM listing", &row);
    if (!failed(e))
        e = sql_next(row, &has_row);
    *ret_count = !failed(e) && has_row ? (size_t)sql_i64(row, 0) : 0;
    sql_done(&row);
    house_reader_give(house, reader);
    return e;
}

static err nets_make(struct house *house, const struct conf_nets *nets,
                     const struct dnsbl_net **ret_nets)
{
    struct dnsbl_net *made = arena_make_array(&house->boot, nets->count + 1, sizeof *made);
    if (made == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < nets->count; i++)
        made[i] = (struct dnsbl_net){.address = nets->at[i].address, .bits = nets->at[i].bits};
    *ret_nets = made;
    return OK;
}

static err make_options(struct house *house, struct dnsbl_options *o)
{
    const struct conf *conf = &house->conf;
    *o = (struct dnsbl_options){
        .domains = conf->list_domains,
        .numbers = conf->list_numbers,
        .server = conf->list_server,
        .ttl_s = (uint32_t)conf->list_ttl_s,
        .nothing_s = (uint32_t)conf->list_nothing_s,
        .client_count = conf->list_clients.count,
        .trusted_count = conf->list_trusted.count,
        .answers_per_s = (uint32_t)conf->list_answers_per_s,
        .slip = (uint32_t)conf->list_slip,
    };
    TRY(nets_make(house, &conf->list_clients, &o->clients));
    TRY(nets_make(house, &conf->list_trusted, &o->trusted));
    return conf_address_parse(conf->list_listen, &o->host, &o->port);
}

err dns_list_prepare(struct house *house)
{
    size_t names = 0;
    if (str_is_empty(house->conf.list_listen))
        return OK;
    struct dns_list *l = arena_make(&house->boot, sizeof *l);
    if (l == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    l->house = house;
    TRY(count_names(house, &names));
    TRY(between_open(&l->between, &house->boot, names, random_u64(&house->random)));
    for (size_t i = 0; i < DNSBL_LANE_COUNT; i++) {
        arena_init(&l->lane[i].turn, TURN_BYTES);
        l->lane[i].reader = house_reader_take(house);
    }
    l->filler_reader = house_reader_take(house);
    house->dns_list = l;
    return make_options(house, &l->options);
}

err dns_list_open(struct house *house)
{
    struct dns_list *l = house->dns_list;
    struct dnsbl_port port = {.self = l, .judge = judge, .tell = tell};
    if (l == NULL)
        return OK;
    TRY(dnsbl_gate_start(&l->options, &port, &l->gate));
    env_flag_raise(&l->is_open);
    LOG(&house->log, LOG_INFO, "dns_list_open", LOG_INT("port", dnsbl_gate_port(l->gate)));
    return env_thread_start(&l->filler, "dnsbl-names", fill, l);
}

void dns_list_close(struct house *house)
{
    struct dns_list *l = house->dns_list;
    if (l == NULL)
        return;
    env_flag_lower(&l->is_open);
    dnsbl_gate_close(l->gate);
    env_thread_join(&l->filler);
    for (size_t i = 0; i < DNSBL_LANE_COUNT; i++) {
        house_reader_give(house, l->lane[i].reader);
        arena_done(&l->lane[i].turn);
    }
    house_reader_give(house, l->filler_reader);
}

bool dns_list_counts(struct house *house, struct dnsbl_counts *ret_counts)
{
    struct dns_list *l = house->dns_list;
    if (l == NULL || !env_flag_is_up(&l->is_open))
        return false;
    *ret_counts = dnsbl_gate_counts(l->gate);
    return true;
}
