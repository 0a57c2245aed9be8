/* SPDX-License-Identifier: Apache-2.0 */
#include "feed/call_row.h"

#include "fact/number.h"

#include <assert.h>

#define OLDEST_US (INT64_C(631152000) * US_PER_S) /* 1990-01-01T00:00:00Z */
#define NEWEST_US (INT64_C(4294967295) * US_PER_S)

enum { HANDSET_DIGITS = 14, SHOWN_NUMBER_BYTES = 32 };

struct reading {
    const struct feed_row *row;
    const struct call_rules *rules;
    struct arena *turn;
    struct phone_call *call;
};

static str text_of(const struct reading *r, enum calls_column column)
{
    return r->row->values[column];
}

static err malformed(const char *why)
{
    return fail(ERR_MALFORMED, why, 0);
}

static err read_time(const struct reading *r)
{
    instant at = {0};
    TRY(instant_parse(text_of(r, CALLS_TIME), &at));
    if (at.us > instant_add_us(r->rules->now, CALL_AHEAD_US).us)
        return malformed("call.future");
    if (at.us < OLDEST_US)
        return malformed("call.too_old");
    r->call->time_s = (uint32_t)(at.us / US_PER_S);
    return at.us > NEWEST_US ? malformed("time.range") : OK;
}

static bool is_shown(str s)
{
    bool is_all = s.size > 0 && s.size <= SHOWN_NUMBER_BYTES;
    for (size_t i = 0; i < s.size; i++)
        is_all = is_all && memchr("0123456789+*#", s.at[i], 13) != NULL;
    return is_all;
}

static err read_number(const struct reading *r, enum calls_column column, str *ret_number)
{
    struct number n = {0};
    str text = text_of(r, column);
    err e = number_parse(text, r->rules->region, r->turn, &n);
    if (e.code == ERR_LIMIT)
        return e;
    *ret_number = failed(e) ? text : n.value;
    return failed(e) && !is_shown(text) ? malformed("call.number") : OK;
}

static err read_caller(const struct reading *r)
{
    return read_number(r, CALLS_CALLER, &r->call->caller);
}

static err read_callee(const struct reading *r)
{
    return read_number(r, CALLS_CALLEE, &r->call->callee);
}

static err read_kind(const struct reading *r)
{
    str kind = text_of(r, CALLS_KIND);
    r->call->is_text = str_equal(kind, STR("sms"));
    bool is_known = r->call->is_text || str_is_empty(kind) || str_equal(kind, STR("voice"));
    return is_known ? OK : malformed("call.kind");
}

static err read_duration(const struct reading *r)
{
    int64_t seconds = 0;
    str text = text_of(r, CALLS_DURATION_S);
    if (str_is_empty(text))
        return OK;
    err e = str_parse_i64(text, &seconds);
    if (failed(e) || seconds < 0 || seconds > CALL_DURATION_MOST_S)
        return malformed("duration.malformed");
    r->call->duration_s = (uint32_t)seconds;
    return OK;
}

/* A call that lasted was answered, where nobody says that it was not. */
static err read_answered(const struct reading *r)
{
    str text = text_of(r, CALLS_ANSWERED);
    bool is_answered = str_equal(text, STR("1"));
    if (!is_answered && !str_is_empty(text) && !str_equal(text, STR("0")))
        return malformed("answered.malformed");
    if (is_answered || (str_is_empty(text) && r->call->duration_s > 0))
        r->call->parts = CALL_ANSWER;
    else
        r->call->duration_s = 0;
    return OK;
}

static err read_phase(const struct reading *r)
{
    static const struct {
        const char *name;
        uint8_t says;
        uint8_t may_say; /* if it is otherwise told */
    } phases[] = {
        {"",       CALL_SETUP | CALL_END, CALL_ANSWER},
        {"setup",  CALL_SETUP,            0          },
        {"answer", CALL_ANSWER,           0          },
        {"end",    CALL_END,              CALL_ANSWER},
    };
    for (size_t i = 0; i < COUNT_OF(phases); i++)
        if (str_equal(text_of(r, CALLS_PHASE), str_from_c(phases[i].name))) {
            r->call->parts = (uint8_t)((r->call->parts & phases[i].may_say) | phases[i].says);
            return OK;
        }
    return malformed("phase.unknown");
}

static err read_ingress(const struct reading *r)
{
    str from = text_of(r, CALLS_INGRESS);
    r->call->is_from_abroad = str_equal(from, STR("international"));
    bool is_known =
        r->call->is_from_abroad || str_is_empty(from) || str_equal(from, STR("domestic"));
    return is_known ? OK : malformed("ingress.unknown");
}

/* The parts are what `answered` and then `phase` leave of them. */
static const struct {
    enum calls_column column;
    err (*read)(const struct reading *r);
} steps[] = {
    {CALLS_TIME,       read_time    },
    {CALLS_CALLER,     read_caller  },
    {CALLS_CALLEE,     read_callee  },
    {CALLS_KIND,       read_kind    },
    {CALLS_DURATION_S, read_duration},
    {CALLS_ANSWERED,   read_answered},
    {CALLS_PHASE,      read_phase   },
    {CALLS_INGRESS,    read_ingress },
};

static str handset(str imei)
{
    for (size_t i = 0; i < imei.size; i++)
        if (imei.at[i] < '0' || imei.at[i] > '9')
            return STR("");
    return imei.size < HANDSET_DIGITS ? STR("") : str_until(imei, HANDSET_DIGITS);
}

err call_row_read(const struct feed_row *row, const struct call_rules *rules, struct arena *turn,
                  struct phone_call *ret_call, str *ret_column)
{
    assert(row != NULL && rules != NULL && row->shape->column_count == CALLS_COLUMN_COUNT);
    assert(turn != NULL && ret_call != NULL && ret_column != NULL);
    *ret_call = (struct phone_call){
        .id = row->values[CALLS_ID],
        .imsi = row->values[CALLS_CALLER_IMSI],
        .imei = handset(row->values[CALLS_CALLER_IMEI]),
        .cell = row->values[CALLS_CALLER_CELL],
        .trunk = row->values[CALLS_TRUNK],
    };
    const struct reading r = {row, rules, turn, ret_call};
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        err e = steps[i].read(&r);
        if (!failed(e))
            continue;
        *ret_column = str_from_c(row->shape->columns[steps[i].column].name);
        return e;
    }
    assert(ret_call->parts != 0);
    return OK;
}
