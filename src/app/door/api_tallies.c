/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tallies: of the accounts that bank outlets opened in a year, how many turned bad. Counts only;
 * what a line must stand for is in tally/outlet.h.
 *
 * Bad is an account with a block listing in force that two people decided by itself, or with a hold
 * that two people decided and its bank carried out, unless it was lifted for any other reason than
 * that its term was over or its money went back, or an appeal against it was granted.
 */
#include "app/door/api_incident.h"
#include "desk/order_parts.h"
#include "fact/provider.h"
#include "kit/strmap.h"
#include "tally/interval.h"
#include "tally/outlet.h"

enum { YEAR_LEAST = 1950, YEAR_MOST = 2199, YEARS_MOST = 20, YEARS_USUAL = 3, YEAR_DIGITS = 4 };

static const char bad_accounts[] =
    "SELECT \"value\" FROM listing WHERE \"state\" = 'in_force' AND \"kind\" = 'account'"
    " AND \"action\" = 'block' AND \"from\" <= $1 AND \"until\" > $1"
    " AND \"approver\" IS NOT NULL AND \"source_id\" IS NULL"
    " UNION SELECT \"target\" FROM \"order\" WHERE \"target_kind\" = 'account'"
    " AND \"kind\" IN ('hold', 'stop', 'freeze')"
    " AND \"approver\" IS NOT NULL AND \"executed_at\" IS NOT NULL"
    " AND (\"state\" IN ('executed', 'partial', 'expired') OR (\"state\" IN ('lifting', 'lifted')"
    " AND \"ended_why\" IN ('" ORDER_WHY_EXPIRED "', 'round.returned')))"
    " AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.\"order\" = \"order\".\"id\""
    " AND +a.\"state\" = 'granted')";

struct tallying {
    struct call *call;
    struct arena *arena;
    int64_t from; /* years */
    int64_t to;
    struct strmap bad;    /* 1: an account that is */
    struct strmap places; /* bank, outlet, year: which count, from 1 */
    struct outlet_count *counts;
    size_t count;
    size_t room;
    int64_t unplaced; /* nobody says by which bank, or when */
};

static err spent(void)
{
    return fail(ERR_LIMIT, "limit.memory", 0);
}

/* --- what is bad --- */

static err take_bad(struct tallying *t, struct sql_row *row)
{
    bool has_row = false;
    TRY(sql_next(row, &has_row));
    while (has_row) {
        uint32_t *is_bad = NULL;
        str account = sql_str(row, 0, t->arena);
        if (account.at == NULL)
            return spent();
        TRY(strmap_at(&t->bad, account, &is_bad));
        *is_bad = 1;
        TRY(sql_next(row, &has_row));
    }
    return OK;
}

static err read_bad(struct tallying *t)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(reader_sql(t->call->reader), bad_accounts, &row));
    sql_bind_i64(row, 1, clock_now(&t->call->house->clock).us);
    err e = take_bad(t, row);
    sql_done(&row);
    return e;
}

/* --- what was issued --- */

/* The year as the bank wrote it: a day, or a time. */
static bool read_year(str opened, int64_t *ret_year)
{
    int64_t year = 0;
    for (size_t i = 0; i < YEAR_DIGITS; i++) {
        if (i >= opened.size || opened.at[i] < '0' || opened.at[i] > '9')
            return false;
        year = 10 * year + (opened.at[i] - '0');
    }
    *ret_year = year;
    return true;
}

static int64_t staff_of(const struct provider *p, str outlet)
{
    for (size_t i = 0; p != NULL && i < p->outlet_count; i++)
        if (str_equal(p->outlets[i].code, outlet))
            return p->outlets[i].staff;
    return OUTLET_STAFF_UNKNOWN;
}

static err new_count(struct tallying *t, const struct account_facts *f, int64_t year)
{
    const struct provider *p = provider_of_bank(&t->call->house->conf.providers, f->bank);
    if (t->count == t->room) {
        size_t room = t->room == 0 ? 256 : 2 * t->room;
        t->counts =
            arena_grow(t->arena, t->counts, t->room * sizeof *t->counts, room * sizeof *t->counts);
        if (t->counts == NULL)
            return spent();
        t->room = room;
    }
    struct outlet_count *c = &t->counts[t->count++];
    *c = (struct outlet_count){.bank = p != NULL ? p->id : str_copy(t->arena, f->bank),
                               .outlet = str_copy(t->arena, f->outlet),
                               .year = year,
                               .staff = staff_of(p, f->outlet)};
    return c->bank.at == NULL || c->outlet.at == NULL ? spent() : OK;
}

/* A bank has several names, and one id. */
static err find_count(struct tallying *t, const struct account_facts *f, int64_t year,
                      struct outlet_count **ret_count)
{
    const struct provider *p = provider_of_bank(&t->call->house->conf.providers, f->bank);
    uint32_t *place = NULL;
    struct text key;
    struct arena turn;
    arena_init(&turn, 1 << 16);
    text_init(&key, &turn);
    text_put(&key, p != NULL ? p->id : f->bank);
    text_put_c(&key, p != NULL ? "\n\n" : "\n");
    text_put(&key, f->outlet);
    text_put_c(&key, "\n");
    text_put_i64(&key, year);
    uint32_t known = text_spent(&key) ? 0 : strmap_get(&t->places, text_str(&key));
    err e = text_spent(&key) ? spent() : OK;
    if (!failed(e) && known == 0) {
        str kept = str_copy(t->arena, text_str(&key));
        e = kept.at == NULL ? spent() : strmap_at(&t->places, kept, &place);
        if (!failed(e))
            e = new_count(t, f, year);
        if (!failed(e))
            known = *place = (uint32_t)t->count;
    }
    arena_done(&turn);
    TRY(e);
    *ret_count = &t->counts[known - 1];
    return OK;
}

static err take_account(void *self, const struct account_facts *f)
{
    struct tallying *t = self;
    struct outlet_count *c = NULL;
    int64_t year = 0;
    if (str_is_empty(f->bank) || !read_year(f->opened, &year)) {
        t->unplaced++;
        return OK;
    }
    if (year < t->from || year > t->to)
        return OK;
    TRY(find_count(t, f, year, &c));
    c->issued++;
    c->bad += strmap_get(&t->bad, f->account);
    return OK;
}

/* --- the answer --- */

struct shown {
    int64_t share;
    struct interval interval;
};

static struct shown shown_of(const struct outlet_line *l)
{
    return (struct shown){interval_share_milli(l->bad, l->issued),
                          interval_wilson(l->bad, l->issued)};
}

static void put_milli(struct json *j, const char *key, int64_t milli)
{
    json_key(j, str_from_c(key));
    json_milli(j, milli);
}

static void put_line(struct json *j, const struct outlet_line *l)
{
    struct shown s = shown_of(l);
    json_object(j);
    json_put_str_if_any(j, STR("bank"), l->bank);
    json_put_str_if_any(j, STR("outlet"), l->outlet);
    json_put_bool(j, STR("is_pooled"), str_is_empty(l->outlet));
    json_put_i64(j, STR("year"), l->year);
    json_put_i64(j, STR("outlets"), l->outlets);
    json_put_i64(j, STR("issued"), l->issued);
    json_put_bool(j, STR("is_few"), l->is_few);
    if (!l->is_few) {
        json_put_i64(j, STR("bad"), l->bad);
        put_milli(j, "share_percent", s.share);
        put_milli(j, "low_percent", s.interval.low_milli);
        put_milli(j, "high_percent", s.interval.high_milli);
    }
    json_end(j);
}

static err put_json(struct tallying *t, const struct outlet_lines *lines)
{
    struct api_json made;
    struct json *j = api_json(t->call, &made);
    json_put_str(j, STR("of"), STR("outlet"));
    json_put_str(j, STR("kind"), STR("account"));
    json_put_i64(j, STR("from"), t->from);
    json_put_i64(j, STR("to"), t->to);
    json_key(j, STR("items"));
    json_array(j);
    for (size_t i = 0; i < lines->count; i++)
        put_line(j, &lines->at[i]);
    json_end(j);
    json_key(j, STR("withheld"));
    json_object(j);
    json_put_i64(j, STR("outlets"), lines->withheld_outlets);
    json_put_i64(j, STR("issued"), lines->withheld_issued);
    json_end(j);
    json_put_i64(j, STR("unplaced"), t->unplaced);
    json_key(j, STR("least"));
    json_object(j);
    json_put_i64(j, STR("issued"), OUTLET_ISSUED);
    json_put_i64(j, STR("staff"), OUTLET_STAFF);
    json_put_i64(j, STR("bad"), OUTLET_BAD);
    json_end(j);
    return api_json_done(t->call, &made, 200);
}

/* Quoted always: a bank's name may hold anything. */
static void put_quoted(struct text *t, str value)
{
    text_put_char(t, '"');
    for (size_t i = 0; i < value.size; i++) {
        if (value.at[i] == '"')
            text_put_char(t, '"');
        text_put_char(t, value.at[i]);
    }
    text_put_c(t, "\",");
}

static void put_percents(struct text *t, const struct outlet_line *l)
{
    struct shown s = shown_of(l);
    const int64_t milli[] = {s.share, s.interval.low_milli, s.interval.high_milli};
    text_put_i64(t, l->bad);
    for (size_t i = 0; i < COUNT_OF(milli); i++)
        text_printf(t, ",%lld.%03lld", (long long)milli[i] / 1000, (long long)milli[i] % 1000);
    text_put_c(t, "\r\n");
}

static err put_csv(struct call *call, const struct outlet_lines *lines)
{
    struct text t;
    text_init(&t, &call->arena);
    text_put_c(&t,
               "bank,outlet,year,outlets,issued,bad,share_percent,low_percent,high_percent\r\n");
    for (size_t i = 0; i < lines->count; i++) {
        const struct outlet_line *l = &lines->at[i];
        put_quoted(&t, l->bank);
        put_quoted(&t, l->outlet);
        text_printf(&t, "%lld,%lld,%lld,", (long long)l->year, (long long)l->outlets,
                    (long long)l->issued);
        if (l->is_few)
            text_put_c(&t, ",,,\r\n");
        else
            put_percents(&t, l);
    }
    call->reply = (struct api_reply){
        .status = 200, .content_type = STR("text/csv; charset=utf-8"), .body = text_str(&t)};
    api_header_put(call, STR("Vary"), STR("Accept, Authorization, Cookie"));
    return text_spent(&t) ? spent() : OK;
}

static err read_years(struct tallying *t)
{
    struct call *call = t->call;
    char room[INSTANT_TEXT_BYTES];
    int64_t year = 0;
    str now = instant_format(clock_now(&call->house->clock), call->house->law.zone_min, room);
    if (!read_year(now, &year))
        return fail(ERR_MALFORMED, "tally.years", 0);
    TRY(api_query_i64(call, "to", year, &t->to));
    TRY(api_query_i64(call, "from", t->to - YEARS_USUAL + 1, &t->from));
    call->column = STR("from");
    if (t->from < YEAR_LEAST || t->to > YEAR_MOST || t->from > t->to ||
        t->to - t->from >= YEARS_MOST)
        return fail(ERR_MALFORMED, "tally.years", 0);
    call->column = STR("");
    return OK;
}

static err tally(struct tallying *t, struct runs *runs)
{
    struct outlet_lines lines = {0};
    uint8_t key[SIPHASH_KEY_BYTES];
    TRY(read_years(t));
    random_fill(&t->call->house->random, key, sizeof key);
    strmap_init(&t->bad, key, t->arena);
    strmap_init(&t->places, key, t->arena);
    TRY(read_bad(t));
    TRY(runs_ask_register(runs, take_account, t));
    TRY(outlet_tally(t->counts, t->count, t->arena, &lines));
    if (str_has(t->call->request.accept, STR("text/csv")))
        return put_csv(t->call, &lines);
    return put_json(t, &lines);
}

static err answer_tallies(struct call *call, struct runs *runs)
{
    struct arena arena;
    arena_init(&arena, INCIDENT_ANSWER_BYTES);
    struct tallying t = {.call = call, .arena = &arena};
    err e = tally(&t, runs);
    arena_done(&arena);
    return e;
}

/* Of the whole country: what of it is within a division, an outlet does not say. */
err tallies_get(struct call *call)
{
    static const char *const ofs[] = {"outlet", NULL};
    static const char *const kinds[] = {"account", NULL};
    str word = {0};
    TRY(api_permit(call, ACT_INCIDENT_READ));
    if (!str_is_empty(api_scope(call)))
        return fail(ERR_DENIED, "permit.division", 0);
    TRY(api_query_one_of(call, "of", ofs, &word));
    TRY(api_query_one_of(call, "kind", kinds, &word));
    return incident_ask(call, answer_tallies);
}
