/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no file of call records does more than give calls and refusals; a call that was taken is
 * within its bounds, and, written as a row again, is the same call: to a person, and to the book.
 * Method: bytes --reader--> rows --> call --> row --> call; the two and their sightings compared.
 */
#include "feed/call_row.h"
#include "kit/kit.h"
#include "sense/sighting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct reading {
    struct arena turn;
    struct call_rules rules;
};

static void must(bool is_so)
{
    if (!is_so)
        abort();
}

static void row_write(const struct phone_call *call, char room[2][24], struct feed_row *row)
{
    static const char *const phases[] = {
        [CALL_SETUP] = "setup",       [CALL_ANSWER] = "answer",
        [CALL_END] = "end",           [CALL_END | CALL_ANSWER] = "end",
        [CALL_SETUP | CALL_END] = "", [CALL_SETUP | CALL_END | CALL_ANSWER] = "",
    };
    int time_size = snprintf(room[0], sizeof room[0], "%" PRIu32 "000", call->time_s);
    int seconds_size = snprintf(room[1], sizeof room[1], "%" PRIu32, call->duration_s);
    must(call->parts < COUNT_OF(phases) && phases[call->parts] != NULL);
    bool is_answered = (call->parts & CALL_ANSWER) != 0 || call->duration_s > 0;
    row->values[CALLS_ID] = call->id;
    row->values[CALLS_TIME] = str_make(room[0], (size_t)time_size);
    row->values[CALLS_CALLER] = call->caller;
    row->values[CALLS_CALLEE] = call->callee;
    row->values[CALLS_PHASE] = str_from_c(phases[call->parts]);
    row->values[CALLS_KIND] = call->is_text ? STR("sms") : STR("voice");
    row->values[CALLS_ANSWERED] = is_answered ? STR("1") : STR("0");
    row->values[CALLS_DURATION_S] = str_make(room[1], (size_t)seconds_size);
    row->values[CALLS_CALLER_IMSI] = call->imsi;
    row->values[CALLS_CALLER_IMEI] = call->imei;
    row->values[CALLS_CALLER_CELL] = call->cell;
    row->values[CALLS_INGRESS] = call->is_from_abroad ? STR("international") : STR("domestic");
    row->values[CALLS_TRUNK] = call->trunk;
}

static void must_be_same(const struct phone_call *a, const struct phone_call *b)
{
    static const uint8_t secret[SIGHT_SECRET_BYTES] = {7};
    struct sight_keys keys;
    struct sighting one;
    struct sighting other;
    must(str_equal(a->id, b->id) && str_equal(a->caller, b->caller));
    must(str_equal(a->callee, b->callee) && str_equal(a->imei, b->imei));
    must(a->time_s == b->time_s && a->duration_s == b->duration_s && a->parts == b->parts);
    sight_keys_make(secret, &keys);
    sight(&keys, STR("c"), a, &one);
    sight(&keys, STR("c"), b, &other);
    must(one.caller == other.caller && one.callee == other.callee && one.pair == other.pair);
    must(one.id == other.id && one.imei == other.imei && one.cell == other.cell);
    must(one.caller != 0 && one.callee != 0);
}

static err on_row(void *self, const struct feed_row *row)
{
    struct reading *r = self;
    struct phone_call call;
    struct phone_call again;
    str column = STR("");
    char room[2][24];
    arena_reset(&r->turn);
    err e = call_row_read(row, &r->rules, &r->turn, &call, &column);
    if (failed(e)) {
        must(e.why != NULL && feed_column_find(row->shape, column) < CALLS_COLUMN_COUNT);
        return OK;
    }
    must(call.id.size > 0 && call.id.size <= 64 && call.caller.size > 0);
    must(call.caller.size <= 32 && call.callee.size <= 32 && call.callee.size > 0);
    must(call.parts != 0 && call.duration_s <= CALL_DURATION_MOST_S);
    must((int64_t)call.time_s * US_PER_S <= instant_add_us(r->rules.now, CALL_AHEAD_US).us);
    struct feed_row written = {.shape = row->shape};
    row_write(&call, room, &written);
    must(!failed(call_row_read(&written, &r->rules, &r->turn, &again, &column)));
    must_be_same(&call, &again);
    return OK;
}

static err on_refused(void *self, const struct feed_refusal *refusal)
{
    (void)self;
    must(refusal->code != NULL);
    return OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool is_booted;
    if (!is_booted)
        must(!failed(kit_boot()));
    is_booted = true;
    struct reading r = {
        .rules = {.region = STR("CN"), .now = {.us = INT64_C(1795345200) * US_PER_S}}
    };
    struct arena a;
    struct feed_options options = {.format = FEED_GUESS};
    struct feed_sink sink = {.self = &r, .row = on_row, .refused = on_refused};
    struct feed_reader *reader = NULL;
    arena_init(&a, FEED_READER_BYTES);
    arena_init(&r.turn, 64 << 10);
    must(!failed(feed_find(STR("calls"), &options.shape)));
    must(!failed(feed_reader_init(&a, options, sink, &reader)));
    must(!failed(feed_reader_put(reader, str_make((const char *)data, size))));
    must(!failed(feed_reader_end(reader)));
    feed_reader_done(reader);
    arena_done(&r.turn);
    arena_done(&a);
    return 0;
}
