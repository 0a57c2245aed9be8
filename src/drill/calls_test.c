/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: people's calls have a day's rhythm; no line, no port and no card has two calls at once; the
 * truth is about calls and numbers that are in the feed, and look-alikes are as many as was said;
 * victims hear from somebody before they pay; one seed is one world, with telephones or without;
 * memory does not grow with the days. Method: a small world, every row kept; each rule over all.
 */
#include "drill/calls.h"

#include "drill/drill_test.h"
#include "kit/digest.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    SCALE = 3000,
    DAYS = 7,
    NUMBERS = 150000,
    TOLD = 200000,
    INCIDENTS = 400,
    CLOCKS_S = 5, /* carriers' clocks differ by less */
    ARENA_BYTES = 1 << 29,
};

struct seen {
    struct call_row row; /* setup or whole; with duration and answered of its end */
    int rows;
    bool has_setup, has_answer, has_end;
    bool is_scam;
};

struct watcher {
    struct drill *drill;
    struct params params;
    struct digest_stream calls;
    struct digest_stream money;
    struct seen *seen[COURIER_SENDERS];
    struct dialled_row *told;
    size_t told_count;
    int64_t kinds[KINDS_MOST];
    int64_t scam_lines;
    uint32_t first_scam_line, last_scam_line;
    int64_t first_pay_us[INCIDENTS];
    int64_t by_hour[HOURS];
    int64_t by_weekday[DAYS];
    int64_t rows;
};

static err pass_account(void *self, uint32_t account)
{
    (void)self;
    (void)account;
    return OK;
}

static err see_transfer(void *self, const struct transfer_row *row)
{
    struct watcher *w = self;
    digest_put(&w->money, str_make((const char *)&row->number, sizeof row->number));
    digest_put(&w->money, str_make((const char *)&row->fen, sizeof row->fen));
    return OK;
}

static err see_moved(void *self, const struct moved_row *row)
{
    struct watcher *w = self;
    if (row->layer == 1 && w->first_pay_us[row->incident] == 0)
        w->first_pay_us[row->incident] = w->drill->now_us;
    return OK;
}

static err pass_mule(void *self, const struct mule_row *row)
{
    (void)self;
    (void)row;
    return OK;
}

static err pass_told(void *self, const struct told_row *row)
{
    (void)self;
    (void)row;
    return OK;
}

static void put_digest(struct watcher *w, const struct call_row *r)
{
    char text[256];
    int size =
        snprintf(text, sizeof text, "%u %" PRIu64 " %" PRId64 " %u %u %u %u %u %u %u %d %d\n",
                 r->carrier, r->number, r->at_us, r->caller, r->callee, r->imei, r->cell,
                 r->duration_s, r->trunk, r->phase, r->is_answered, r->is_text);
    digest_put(&w->calls, str_make(text, (size_t)size));
}

static err see_call(void *self, const struct call_row *row)
{
    struct watcher *w = self;
    put_digest(w, row);
    w->rows++;
    assert_true(row->number >= 1 && row->number < NUMBERS && row->caller != row->callee);
    struct seen *s = &w->seen[row->carrier][row->number];
    bool is_first = s->rows++ == 0;
    assert_true(is_first || (s->row.caller == row->caller && s->row.callee == row->callee));
    if (is_first)
        s->row = *row;
    s->has_setup |= row->phase == PHASE_SETUP || row->phase == PHASE_WHOLE;
    s->has_answer |= row->phase == PHASE_ANSWER;
    s->has_end |= row->phase == PHASE_END || row->phase == PHASE_WHOLE;
    if (row->phase == PHASE_SETUP || row->phase == PHASE_WHOLE)
        s->row.at_us = row->at_us;
    return OK;
}

static err see_line(void *self, const struct line_row *row)
{
    struct watcher *w = self;
    if (!row->is_scam) {
        w->kinds[row->kind]++;
        return OK;
    }
    assert_true((row->rack != 0) == (row->kind == WAY_RACK || row->kind == WAY_BYPASS));
    w->first_scam_line = w->scam_lines++ == 0 ? row->line : w->first_scam_line;
    w->last_scam_line = row->line;
    return OK;
}

static err see_rack(void *self, const struct rack_row *row)
{
    const struct watcher *w = self;
    assert_true(row->cell != CELL_NONE &&
                row->type < w->params.calls.rack_count + w->params.calls.bypass_count);
    return OK;
}

static err see_dialled(void *self, const struct dialled_row *row)
{
    struct watcher *w = self;
    assert_true(w->told_count < TOLD);
    w->told[w->told_count++] = *row;
    w->seen[row->carrier][row->number].is_scam = true;
    return OK;
}

/* Of watcher's parameters, which are filled in already. */
static struct drill *open_given(struct watcher *w, uint64_t seed, uint32_t days, struct arena *a)
{
    struct drill *d = NULL;
    struct drill_port port = {w,         pass_account, see_transfer, see_moved, pass_mule,
                              pass_told, see_call,     see_line,     see_rack,  see_dialled};
    for (size_t i = 0; i < w->params.calls.carrier_count; i++)
        w->seen[i] = arena_make_array(a, NUMBERS, sizeof(struct seen));
    w->told = arena_make_array(a, TOLD, sizeof *w->told);
    digest_init(&w->calls);
    digest_init(&w->money);
    struct drill_settings settings = {
        .seed = seed, .scale = SCALE, .days = days, .params = &w->params};
    works(drill_open(&settings, &port, a, &d));
    w->drill = d;
    return d;
}

static struct drill *open_world(struct watcher *w, uint64_t seed, uint32_t days, struct arena *a)
{
    *w = (struct watcher){0};
    bundled(a, &w->params);
    return open_given(w, seed, days, a);
}

/* --- spans of time in which something is taken --- */

struct span {
    uint64_t what;
    int64_t from_us;
    int64_t until_us;
};

static int by_what_and_time(const void *a, const void *b)
{
    const struct span *x = a;
    const struct span *y = b;
    if (x->what != y->what)
        return x->what < y->what ? -1 : 1;
    return x->from_us < y->from_us ? -1 : x->from_us > y->from_us;
}

static void none_overlap(struct span *spans, size_t count, int64_t slack_us)
{
    qsort(spans, count, sizeof *spans, by_what_and_time);
    for (size_t i = 1; i < count; i++)
        if (spans[i].what == spans[i - 1].what)
            assert_true(spans[i].from_us + slack_us >= spans[i - 1].until_us);
}

static struct watcher watcher;
static struct arena arena;
static struct span *spans;

/* A line's own calls, and those that it answered. */
static size_t spans_of_lines(const struct watcher *w)
{
    const struct lines *l = &w->drill->calls->lines;
    size_t count = 0;
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++) {
            const struct seen *s = &w->seen[c][n];
            const struct call_row *r = &s->row;
            uint32_t kind = 0;
            if (s->rows == 0 || r->is_text)
                continue;
            int64_t until_us = r->at_us + r->duration_s * SECOND_US;
            bool is_own = !s->is_scam || r->trunk == 0;
            if (is_own && (line_is_person(l, r->caller) || line_kind(l, r->caller, &kind)))
                spans[count++] = (struct span){r->caller, r->at_us, until_us};
            if (r->is_answered && (line_is_person(l, r->callee) || line_kind(l, r->callee, &kind)))
                spans[count++] = (struct span){r->callee, r->at_us, until_us};
        }
    return count;
}

static void no_line_has_two_calls(void **state)
{
    (void)state;
    size_t count = spans_of_lines(&watcher);
    assert_true(count > SCALE * DAYS);
    none_overlap(spans, count, CLOCKS_S * SECOND_US);
}

static const struct seen *seen_of(const struct watcher *w, const struct dialled_row *row)
{
    return &w->seen[row->carrier][row->number];
}

static void no_port_and_no_card_has_two_calls(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    size_t ports = 0;
    for (size_t i = 0; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        int64_t talk_us = seen_of(w, t)->row.duration_s * SECOND_US;
        if (t->rack != 0)
            spans[ports++] =
                (struct span){(uint64_t)t->rack << 32 | t->port, t->at_us, t->at_us + talk_us};
    }
    assert_true(ports > 1000);
    none_overlap(spans, ports, 0);
    size_t cards = 0;
    for (size_t i = 0; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        int64_t until_us = t->at_us + seen_of(w, t)->row.duration_s * SECOND_US;
        if (t->rack == 0)
            continue;
        spans[cards++] = (struct span){t->caller, t->at_us, until_us};
        if (t->aim == AIM_MIMIC)
            spans[cards++] = (struct span){t->callee, t->at_us, until_us};
    }
    none_overlap(spans, cards, 0);
}

/* Also where there are hardly more cards than ports, and they are swapped after each call. */
static void cards_are_in_one_port(void **state)
{
    (void)state;
    struct arena a;
    struct watcher *w = calloc(1, sizeof *w);
    assert_non_null(w);
    arena_init(&a, ARENA_BYTES);
    bundled(&a, &w->params);
    for (size_t i = 0; i < w->params.calls.rack_count + w->params.calls.bypass_count; i++) {
        w->params.calls.racks[i].sims = 1;
        w->params.calls.racks[i].swap_calls = 1;
    }
    struct drill *d = open_given(w, 9, 2, &a);
    for (int64_t at = d->params.begin_us; drill_goes_on(d); at += 10 * MINUTE_US) {
        works(drill_run(d, at));
        const struct calls *c = d->calls;
        for (uint32_t i = c->scammer_first[WAY_RACK]; i < c->scammer_first[WAY_RACK + 1]; i++)
            for (uint32_t k = c->scammer_first[WAY_RACK]; k < i; k++)
                assert_true(c->scammers[i].card == 0 ||
                            c->scammers[i].line != c->scammers[k].line || c->scammers[k].card == 0);
    }
    assert_true(w->told_count > 500);
    (void)digest_done(&w->calls);
    (void)digest_done(&w->money);
    drill_close(d);
    arena_done(&a);
    free(w);
}

/* One card's last call and the next card's first lie minutes apart, again and again. */
static void cards_hand_over_abruptly(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    static struct dialled_row last[512];
    int64_t swaps = 0;
    int64_t abrupt = 0;
    memset(last, 0, sizeof last);
    for (size_t i = 0; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        if (t->rack == 0)
            continue;
        struct dialled_row *before = &last[t->rack * 32 + t->port];
        if (before->number != 0 && before->caller != t->caller) {
            swaps++;
            abrupt += t->at_us - before->at_us < 15 * MINUTE_US;
        }
        *before = *t;
    }
    assert_true(swaps > 100 && abrupt * 10 > swaps * 6);
}

static void policies_show(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    uint32_t lines[IMEI_COUNT] = {0};
    for (size_t i = 1; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        if (t->rack == 0)
            continue;
        const struct rack *rack = &w->drill->calls->racks[t->rack - 1];
        int64_t policy = w->params.calls.racks[rack->type].imei;
        for (size_t k = i; k-- > 0;) {
            const struct dialled_row *b = &w->told[k];
            if (b->rack != t->rack || b->port != t->port)
                continue;
            bool is_same_imei = seen_of(w, b)->row.imei == seen_of(w, t)->row.imei;
            bool is_same_card = b->caller == t->caller;
            if (policy == IMEI_FIXED || policy == IMEI_DEVICE)
                assert_true(is_same_imei);
            if (policy == IMEI_SLOT && is_same_card)
                assert_true(is_same_imei);
            lines[policy] += !is_same_card && !is_same_imei;
            break;
        }
    }
    assert_true(lines[IMEI_FIXED] == 0 && lines[IMEI_SLOT] > 10 && lines[IMEI_RANDOM] > 10);
    assert_int_equal(lines[IMEI_DEVICE], 0);
}

static void truth_is_about_the_feed(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    int64_t by_way[WAY_COUNT] = {0};
    for (size_t i = 0; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        const struct seen *s = seen_of(w, t);
        assert_true(s->rows > 0 && s->row.caller == t->caller && s->row.callee == t->callee);
        assert_true((s->row.trunk != 0) == (t->way == WAY_ABROAD));
        bool is_rack = t->way == WAY_RACK || t->way == WAY_BYPASS;
        assert_true((t->rack != 0) == is_rack && is_rack == (t->port != 0));
        assert_true((t->way == WAY_BYPASS) == (t->aim == AIM_CARRIED) || t->aim == AIM_MIMIC);
        by_way[t->way]++;
    }
    for (size_t way = 0; way < WAY_COUNT; way++)
        assert_true(by_way[way] > 100);
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++) {
            const struct seen *s = &w->seen[c][n];
            bool is_theirs = s->rows > 0 && s->row.caller >= w->first_scam_line &&
                             s->row.caller <= w->last_scam_line;
            assert_true(!is_theirs || s->is_scam);
            assert_true(s->rows == 0 || s->row.is_text || (s->has_setup && s->has_end));
        }
    struct drill_counts counts = drill_counted(w->drill);
    assert_int_equal(counts.scam_calls, w->told_count);
    assert_int_equal(counts.scam_numbers, w->scam_lines);
    assert_int_equal(counts.call_rows, w->rows);
    assert_true(counts.calls_again > 0);
}

static void look_alikes_are_as_many_as_was_said(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    const struct lines *l = &w->drill->calls->lines;
    static uint8_t calls[KINDS_MOST];
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++) {
            uint32_t kind = 0;
            if (w->seen[c][n].rows > 0 && line_kind(l, w->seen[c][n].row.caller, &kind))
                calls[kind] = 1;
        }
    assert_int_equal(w->params.calls.kind_count, 13);
    for (size_t k = 0; k < w->params.calls.kind_count; k++) {
        const struct kind_params *kind = &w->params.calls.kinds[k];
        int64_t many = SCALE / kind->per;
        assert_int_equal(w->kinds[k], many < kind->least ? kind->least : many);
        assert_true(calls[k]);
    }
}

/* --- who shares a handset --- */

static uint32_t kind_named(const struct watcher *w, const char *name)
{
    uint32_t kind = 0;
    while (!str_equal(w->params.calls.kinds[kind].name, str_from_c(name)))
        kind++;
    return kind;
}

/* (handset, number), each pair once, in order. */
static size_t pairs_of(const struct watcher *w)
{
    size_t count = 0;
    size_t kept = 0;
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++)
            if (w->seen[c][n].rows > 0 && w->seen[c][n].row.imei != 0)
                spans[count++] = (struct span){w->seen[c][n].row.imei, w->seen[c][n].row.caller, 0};
    qsort(spans, count, sizeof *spans, by_what_and_time);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || spans[i].what != spans[kept - 1].what ||
            spans[i].from_us != spans[kept - 1].from_us)
            spans[kept++] = spans[i];
    return kept;
}

static int64_t numbers_in(size_t pairs, uint32_t imei)
{
    int64_t numbers = 0;
    for (size_t i = 0; i < pairs; i++)
        numbers += spans[i].what == imei;
    return numbers;
}

static void handsets_are_shared_as_was_said(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    const struct lines *l = &w->drill->calls->lines;
    int64_t begin_us = w->params.begin_us;
    size_t pairs = pairs_of(w);
    uint32_t copied = l->kind_first[kind_named(w, "copied")];
    uint32_t repair = l->kind_first[kind_named(w, "repair")];
    uint32_t two = l->kind_first[kind_named(w, "two_cards")];
    uint32_t handed = 0;
    assert_in_range(numbers_in(pairs, line_imei(l, copied, begin_us)), 30, 40); /* 40 lines */
    assert_true(numbers_in(pairs, line_imei(l, repair, begin_us)) >= 20);
    assert_int_equal(numbers_in(pairs, line_imei(l, two, begin_us)), 2);
    assert_int_equal(line_telephone(l, two + 1), two);
    for (uint32_t person = 0; person < SCALE; person++) {
        uint32_t other =
            world_person_at(&w->drill->world, world_home(&w->drill->world, person) ^ 1);
        int64_t end_us = begin_us + 600 * DAY_US;
        handed += line_imei(l, person, end_us) == line_imei(l, other, begin_us);
    }
    assert_in_range(handed, SCALE / 50, SCALE / 10);
    for (size_t i = 0; i < w->told_count; i++)
        if (w->told[i].way == WAY_BYPASS) { /* and a device with one IMEI shows it for all cards */
            assert_true(numbers_in(pairs, seen_of(w, &w->told[i])->row.imei) >= 8);
            return;
        }
    fail();
}

/* A telephone with two cards has one call at a time, too. */
static void two_cards_have_one_call(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    const struct lines *l = &w->drill->calls->lines;
    uint32_t kind = kind_named(w, "two_courier");
    size_t count = 0;
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++) {
            const struct call_row *r = &w->seen[c][n].row;
            uint32_t of = 0;
            bool is_own = w->seen[c][n].rows > 0 && !r->is_text && line_kind(l, r->caller, &of);
            if (is_own && of == kind)
                spans[count++] = (struct span){line_telephone(l, r->caller), r->at_us,
                                               r->at_us + r->duration_s * SECOND_US};
        }
    assert_true(count > 300);
    none_overlap(spans, count, CLOCKS_S * SECOND_US);
}

static void victims_hear_first(void **state)
{
    (void)state;
    const struct watcher *w = &watcher;
    int64_t called = 0;
    for (size_t i = 0; i < w->told_count; i++) {
        const struct dialled_row *t = &w->told[i];
        if (t->aim != AIM_VICTIM)
            continue;
        const struct told_row *incident = stolen_incident(w->drill, t->incident);
        assert_int_equal(t->callee, incident->victim);
        assert_true(t->at_us >= incident->begun_us && seen_of(w, t)->row.is_answered);
        bool is_known = t->incident < INCIDENTS && w->first_pay_us[t->incident] != 0;
        called += is_known && t->at_us <= w->first_pay_us[t->incident];
    }
    assert_true(called >= DAYS);
}

static void days_have_a_rhythm(void **state)
{
    (void)state;
    struct watcher *w = &watcher;
    const struct lines *l = &w->drill->calls->lines;
    for (size_t c = 0; c < w->params.calls.carrier_count; c++)
        for (size_t n = 1; n < NUMBERS; n++) {
            const struct seen *s = &w->seen[c][n];
            int64_t since = s->row.at_us - w->params.begin_us;
            if (s->rows == 0 || since < 0 || !line_is_person(l, s->row.caller))
                continue;
            w->by_hour[since / HOUR_US % HOURS]++;
            w->by_weekday[since / DAY_US < DAYS ? since / DAY_US : DAYS - 1]++;
        }
    assert_true(w->by_hour[11] > 10 * w->by_hour[3] && w->by_hour[17] > 2 * w->by_hour[7]);
    assert_true(w->by_weekday[0] > w->by_weekday[5] && w->by_weekday[6] > w->by_weekday[0] / 2);
}

/* --- one seed --- */

static void digests_of(uint64_t seed, int64_t step_us, char ret_calls[17], char ret_money[17])
{
    struct arena a;
    struct watcher *w = calloc(1, sizeof *w);
    assert_non_null(w);
    arena_init(&a, ARENA_BYTES);
    struct drill *d = open_world(w, seed, 3, &a);
    for (int64_t at = d->params.begin_us; drill_goes_on(d); at += step_us)
        works(drill_run(d, at));
    struct digest calls = digest_done(&w->calls);
    struct digest money = digest_done(&w->money);
    hex_put(ret_calls, calls.bytes, 8);
    hex_put(ret_money, money.bytes, 8);
    ret_calls[16] = ret_money[16] = '\0';
    drill_close(d);
    arena_done(&a);
    free(w);
}

static void money_alone(uint64_t seed, char ret_money[17])
{
    struct arena a;
    struct watcher *w = calloc(1, sizeof *w);
    struct drill *d = NULL;
    assert_non_null(w);
    arena_init(&a, ARENA_BYTES);
    bundled(&a, &w->params);
    digest_init(&w->money);
    struct drill_port port = {.self = w,
                              .account = pass_account,
                              .transfer = see_transfer,
                              .moved = see_moved,
                              .mule = pass_mule,
                              .told = pass_told};
    struct drill_settings s = {.seed = seed, .scale = SCALE, .days = 3, .params = &w->params};
    works(drill_open(&s, &port, &a, &d));
    w->drill = d;
    works(drill_run(d, INT64_MAX));
    struct digest money = digest_done(&w->money);
    hex_put(ret_money, money.bytes, 8);
    ret_money[16] = '\0';
    assert_int_equal(drill_counted(d).calls, 0);
    drill_close(d);
    arena_done(&a);
    free(w);
}

static void one_seed_is_one_world(void **state)
{
    (void)state;
    char whole[17], by_hours[17], another[17], money[17], other_money[17], silent[17];
    digests_of(1, 400 * DAY_US, whole, money);
    digests_of(1, HOUR_US, by_hours, other_money);
    money_alone(1, silent);
    assert_string_equal(whole, by_hours);
    assert_string_equal(money, silent); /* telephones change nobody's payments */
    digests_of(2, 400 * DAY_US, another, other_money);
    assert_string_not_equal(whole, another);
    /* The same everywhere. A change of the world changes it: write down the new one then. */
    assert_string_equal(whole, "a17c77c890964b85");
}

static void memory_does_not_grow_with_days(void **state)
{
    (void)state;
    struct arena a;
    struct watcher *w = calloc(1, sizeof *w);
    assert_non_null(w);
    arena_init(&a, ARENA_BYTES);
    struct drill *d = open_world(w, 8, DAYS, &a);
    works(drill_run(d, d->params.begin_us + 3 * DAY_US));
    size_t early = a.used_bytes;
    works(drill_run(d, d->params.begin_us + DAYS * DAY_US));
    assert_true(a.used_bytes - early < 4 << 20);
    assert_true(d->calls->exchange.calls.count < SCALE / 4);
    drill_close(d);
    arena_done(&a);
    free(w);
}

static int setup(void **state)
{
    (void)state;
    works(kit_boot());
    arena_init(&arena, ARENA_BYTES);
    spans = arena_make_array(&arena, 4 * NUMBERS, sizeof *spans);
    assert_non_null(spans);
    struct drill *d = open_world(&watcher, 5, DAYS, &arena);
    works(drill_run(d, INT64_MAX));
    (void)digest_done(&watcher.calls);
    (void)digest_done(&watcher.money);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    drill_close(watcher.drill);
    arena_done(&arena);
    kit_done();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_line_has_two_calls),
        cmocka_unit_test(no_port_and_no_card_has_two_calls),
        cmocka_unit_test(cards_are_in_one_port),
        cmocka_unit_test(cards_hand_over_abruptly),
        cmocka_unit_test(policies_show),
        cmocka_unit_test(truth_is_about_the_feed),
        cmocka_unit_test(look_alikes_are_as_many_as_was_said),
        cmocka_unit_test(handsets_are_shared_as_was_said),
        cmocka_unit_test(two_cards_have_one_call),
        cmocka_unit_test(victims_hear_first),
        cmocka_unit_test(days_have_a_rhythm),
        cmocka_unit_test(one_seed_is_one_world),
        cmocka_unit_test(memory_does_not_grow_with_days),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
