/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a book holds of every number exactly what the distinct parts of its calls make of it, in
 * whatever order and however often they came; it never grows, and those who really call survive
 * callers made up at random. Method: random months of finished records, live phases and both, sent
 * in random order with repetitions, against a model that keeps every call and works out each field
 * from the list; then a flood.
 */
#include "sense/feature.h"
#include "sense/sense_test.h"

#include <stdlib.h>

enum {
    NUMBERS = 60,
    CALLS = 4000,
    ROWS_MOST = CALLS * 8,
    MONTH_S = 45 * 86400,
    ZONE_S = 8 * 3600,
    BEGAN_S = 1795345200,
    ROOM_BYTES = 40 << 20,
};

static _Alignas(64) uint8_t room[ROOM_BYTES];
static struct sighting rows[ROWS_MOST];
static struct book_due due[ROWS_MOST];
static size_t row_count;

static void begin(struct book *b, const struct book_settings *settings)
{
    assert_true(book_room(settings) <= sizeof room);
    memset(room, 0, book_room(settings));
    book_init(b, settings, room);
}

/* --- calls --- */

static uint32_t pair_of(uint64_t one, uint64_t other)
{
    return (uint32_t)key_of(one + other + (one ^ other));
}

static void send(struct chance *c, const struct sighting *s)
{
    for (uint32_t times = draw_below(c, 3) == 0 ? 2 : 1; times > 0; times--) {
        assert_true(row_count < ROWS_MOST);
        rows[row_count++] = *s;
    }
}

static void draw_things(struct chance *c, struct sighting *s)
{
    s->is_from_abroad = draw_below(c, 10) == 0;
    s->imei = draw_below(c, 3) == 0 ? PLACE_NONE : (uint8_t)draw_below(c, CONDUCT_IMEI_PLACES);
    s->imsi = draw_below(c, 3) == 0 ? PLACE_NONE : (uint8_t)draw_below(c, CONDUCT_IMSI_PLACES);
    s->cell = draw_below(c, 3) == 0 ? PLACE_NONE : (uint8_t)draw_below(c, CONDUCT_CELL_PLACES);
}

static void draw_phases(struct chance *c, struct sighting s, bool is_answered)
{
    uint32_t duration_s = s.duration_s;
    uint8_t answer = is_answered ? CALL_ANSWER : 0;
    s.duration_s = 0;
    s.parts = CALL_SETUP;
    send(c, &s);
    s.time_s += draw_below(c, 40);
    s.parts = CALL_ANSWER;
    if (is_answered && draw_below(c, 9) != 0) /* some are lost */
        send(c, &s);
    s.time_s += duration_s;
    s.duration_s = duration_s;
    s.parts = CALL_END | answer;
    send(c, &s);
}

static void draw_call(struct chance *c, uint64_t id, uint32_t span_s)
{
    bool is_answered = draw_below(c, 2) == 0;
    bool is_live = draw_below(c, 2) == 0;
    uint64_t caller = key_of(draw_below(c, draw_below(c, NUMBERS) + 1));
    uint64_t callee = key_of(draw_below(c, NUMBERS));
    struct sighting s = {.caller = caller,
                         .callee = callee,
                         .pair = pair_of(caller, callee),
                         .id = key_of(id),
                         .time_s = BEGAN_S + draw_below(c, span_s),
                         .duration_s = is_answered ? draw_below(c, 5000) >> draw_below(c, 10) : 0,
                         .is_text = draw_below(c, 8) == 0};
    draw_things(c, &s);
    if (is_live && !s.is_text)
        draw_phases(c, s, is_answered);
    s.parts = CALL_SETUP | CALL_END | (is_answered ? CALL_ANSWER : 0);
    if (!is_live || s.is_text || draw_below(c, 2) == 0)
        send(c, &s);
}

static void shuffle(struct chance *c)
{
    for (size_t i = row_count; i > 1; i--) {
        size_t k = draw_below(c, (uint32_t)i);
        struct sighting was = rows[i - 1];
        rows[i - 1] = rows[k];
        rows[k] = was;
    }
}

static void draw_month(uint64_t seed, uint32_t span_s)
{
    struct chance c = {seed << 40};
    row_count = 0;
    for (uint64_t id = 0; id < CALLS; id++)
        draw_call(&c, seed * CALLS + id, span_s);
    shuffle(&c);
}

/* --- the model: every row, and which of its parts were new --- */

static uint8_t fresh[ROWS_MOST];

static int by_id(const void *a, const void *b)
{
    const struct sighting *one = &rows[*(const size_t *)a];
    const struct sighting *other = &rows[*(const size_t *)b];
    if (one->id != other->id)
        return one->id < other->id ? -1 : 1;
    return *(const size_t *)a < *(const size_t *)b ? -1 : 1;
}

static void find_fresh(void)
{
    static size_t order[ROWS_MOST];
    for (size_t i = 0; i < row_count; i++)
        order[i] = i;
    qsort(order, row_count, sizeof *order, by_id);
    unsigned known = 0;
    for (size_t i = 0; i < row_count; i++) {
        const struct sighting *s = &rows[order[i]];
        if (i == 0 || s->id != rows[order[i - 1]].id)
            known = 0;
        fresh[order[i]] = (uint8_t)(s->parts & ~known);
        known |= s->parts;
    }
}

static bool hears(const struct sighting *s, uint64_t key)
{
    return s->caller == key || (s->callee == key && !s->is_text && s->parts & CALL_ANSWER);
}

static uint32_t local_day(uint32_t time_s)
{
    return (time_s + ZONE_S) / 86400;
}

static bool is_start(size_t i, uint64_t key)
{
    return rows[i].caller == key && !rows[i].is_text && fresh[i] & CALL_SETUP;
}

static bool model_times(struct conduct *m)
{
    m->first_s = UINT32_MAX;
    for (size_t i = 0; i < row_count; i++) {
        if (!hears(&rows[i], m->key))
            continue;
        m->first_s = rows[i].time_s < m->first_s ? rows[i].time_s : m->first_s;
        m->heard_s = rows[i].time_s > m->heard_s ? rows[i].time_s : m->heard_s;
        if (is_start(i, m->key) && rows[i].time_s > m->newest_s)
            m->newest_s = rows[i].time_s;
    }
    return m->heard_s != 0;
}

static void model_sums(struct conduct *m, size_t i)
{
    const struct sighting *s = &rows[i];
    if (s->caller == m->key && s->is_text)
        m->texts = (uint16_t)(m->texts + (fresh[i] & CALL_SETUP));
    if (s->is_text)
        return;
    bool is_over = fresh[i] & CALL_END && s->parts & CALL_ANSWER;
    if (s->caller == m->key) {
        m->out_calls += (fresh[i] & CALL_SETUP) != 0;
        m->out_answered += (fresh[i] & CALL_ANSWER) != 0;
        m->out_seconds += is_over ? s->duration_s : 0;
        m->out_short += is_over && s->duration_s <= CONDUCT_SHORT_S;
        m->from_abroad = (uint16_t)(m->from_abroad + (fresh[i] & CALL_SETUP && s->is_from_abroad));
    }
    if (s->callee == m->key) {
        m->in_calls += (fresh[i] & CALL_ANSWER) != 0;
        m->in_seconds += is_over ? s->duration_s : 0;
    }
}

static void model_sets(struct conduct *m, size_t i)
{
    const struct sighting *s = &rows[i];
    if (hears(s, m->key) && local_day(m->heard_s) - local_day(s->time_s) < 32)
        m->days |= UINT32_C(1) << (local_day(m->heard_s) - local_day(s->time_s));
    if (s->callee == m->key && hears(s, m->key) && !s->is_text && s->parts & CALL_ANSWER)
        sketch_put(m->in_peers, 32, s->pair);
    if (s->caller != m->key)
        return;
    if (s->imei != PLACE_NONE)
        m->imeis |= UINT32_C(1) << s->imei;
    if (s->imsi != PLACE_NONE)
        m->imsis = (uint16_t)(m->imsis | 1U << s->imsi);
    if (s->cell != PLACE_NONE)
        m->cells |= UINT64_C(1) << s->cell;
    if (!is_start(i, m->key))
        return;
    sketch_put(m->out_peers, 64, s->pair);
    if (local_day(s->time_s) == local_day(m->newest_s))
        m->day_peers |= UINT32_C(1) << (s->pair >> 27);
}

static int by_time(const void *a, const void *b)
{
    uint32_t one = *(const uint32_t *)a;
    uint32_t other = *(const uint32_t *)b;
    return one < other ? 1 : -1;
}

static void model_starts(struct conduct *m)
{
    static uint32_t starts[ROWS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < row_count; i++)
        if (is_start(i, m->key))
            starts[count++] = rows[i].time_s;
    qsort(starts, count, sizeof *starts, by_time);
    for (size_t i = 0; i < count; i++) {
        uint32_t hours = m->newest_s / 3600 - starts[i] / 3600;
        uint8_t *calls = &m->hours[starts[i] / 3600 % 24];
        if (hours < 24 && *calls < UINT8_MAX)
            ++*calls;
    }
    memset(m->gaps, 0xFF, sizeof m->gaps);
    for (size_t i = 1; i < count && i <= CONDUCT_GAPS; i++)
        if (m->newest_s - starts[i] < CONDUCT_GAP_MOST)
            m->gaps[i - 1] = (uint16_t)(m->newest_s - starts[i]);
}

static bool model(uint64_t key, struct conduct *m)
{
    *m = (struct conduct){.key = key};
    if (!model_times(m))
        return false;
    for (size_t i = 0; i < row_count; i++) {
        model_sums(m, i);
        model_sets(m, i);
    }
    model_starts(m);
    return true;
}

static void compare(const struct book *b)
{
    for (uint64_t n = 0; n < NUMBERS; n++) {
        struct conduct m;
        const struct conduct *c = book_find(b, key_of(n));
        assert_int_equal(model(key_of(n), &m), c != NULL);
        if (c != NULL)
            assert_memory_equal(c, &m, sizeof m);
    }
}

/* --- what holds --- */

/* A window longer than the month: nothing is late, and order must not be seen at all. */
static void the_same_calls_in_any_order_are_the_same(void **state)
{
    (void)state;
    static const struct book_settings settings = {
        .numbers_most = NUMBERS, .calls_most = CALLS * 2, .window_h = 2000, .zone_s = ZONE_S};
    for (uint64_t seed = 1; seed <= 6; seed++) {
        draw_month(seed, seed % 2 == 0 ? MONTH_S : 86400);
        struct chance c = {seed};
        for (int order = 0; order < 3; order++) {
            struct book b;
            begin(&b, &settings);
            for (size_t at = 0; at < row_count;) {
                size_t left = row_count - at;
                size_t some = 1 + draw_below(&c, 100);
                some = some < left ? some : left;
                (void)book_take(&b, rows + at, some, due);
                at += some;
            }
            find_fresh();
            compare(&b);
            assert_true(b.counts.taken == row_count && b.counts.late == 0);
            assert_true(b.recent.forgotten == 0 && b.counts.dropped == 0);
            shuffle(&c);
        }
    }
}

static struct sighting a_call(uint64_t id, uint64_t caller, uint64_t callee, uint32_t time_s)
{
    return (struct sighting){.caller = key_of(caller),
                             .callee = key_of(callee),
                             .pair = pair_of(key_of(caller), key_of(callee)),
                             .id = key_of(id),
                             .time_s = time_s,
                             .parts = CALL_SETUP | CALL_END,
                             .imei = PLACE_NONE,
                             .imsi = PLACE_NONE,
                             .cell = PLACE_NONE};
}

static const struct book_settings small = {
    .numbers_most = 100, .calls_most = 100000, .window_h = BOOK_WINDOW_H, .zone_s = ZONE_S};

static void later_than_the_window_counts_nothing(void **state)
{
    (void)state;
    struct book b;
    begin(&b, &small);
    uint32_t edge_s = BEGAN_S / 3600 * 3600 - BOOK_WINDOW_H * 3600;
    struct sighting in[] = {a_call(1, 1, 2, BEGAN_S), a_call(2, 1, 2, edge_s),
                            a_call(3, 1, 2, edge_s - 1), a_call(2, 1, 2, edge_s)};
    uint8_t news[COUNT_OF(in)] = {0};
    const uint8_t all = CALL_SETUP | CALL_END;
    const uint8_t told[] = {all, all, BOOK_LATE, 0};
    book_tell(&b, news);
    assert_int_equal(book_take(&b, in, COUNT_OF(in), due), 2); /* the first and the second */
    assert_memory_equal(news, told, sizeof told);
    assert_int_equal(book_find(&b, key_of(1))->out_calls, 2);
    assert_true(b.counts.late == 1 && b.counts.again == 1 && b.counts.taken == 4);
    assert_null(book_find(&b, key_of(2))); /* never answered */
}

static void due_at_powers_of_two(void **state)
{
    (void)state;
    struct book b;
    struct sighting in[100];
    begin(&b, &small);
    for (uint32_t i = 0; i < COUNT_OF(in); i++)
        in[i] = a_call(i, 1, 2 + i, BEGAN_S + i * 60);
    size_t count = book_take(&b, in, COUNT_OF(in), due);
    assert_int_equal(count, 7);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(due[i].sighting + 1, 1 << i);
        assert_true(b.conducts[due[i].slot].key == key_of(1));
    }
}

static void features_by_hand(void **state)
{
    (void)state;
    struct book b;
    uint32_t v[FEATURE_COUNT];
    begin(&b, &small);
    for (uint32_t i = 0; i < 10; i++) {
        struct sighting s = a_call(i, 1, 2 + i % 5, BEGAN_S + i * 60);
        s.parts |= i % 2 == 0 ? CALL_ANSWER : 0;
        s.duration_s = i % 2 == 0 ? 10 + (i > 4) : 0;
        (void)book_take(&b, &s, 1, due);
    }
    struct sighting back = a_call(99, 2, 1, BEGAN_S + 900);
    back.parts |= CALL_ANSWER;
    back.duration_s = 30;
    (void)book_take(&b, &back, 1, due);
    feature_read(book_find(&b, key_of(1)), (struct handset_load){3, 40}, ZONE_S, v);
    assert_int_equal(v[FEATURE_OUT], 10);
    assert_int_equal(v[FEATURE_IN], 1);
    assert_int_equal(v[FEATURE_OUT_SHARE], 909);
    assert_int_equal(v[FEATURE_ANSWERED], 500);
    assert_int_equal(v[FEATURE_SHORT], 600);
    assert_int_equal(v[FEATURE_MEAN], 10);
    assert_int_equal(v[FEATURE_IN_MEAN], 30);
    assert_in_range(v[FEATURE_CALLEES], 4, 6); /* 1 in 7: two of five in one register */
    assert_int_equal(v[FEATURE_CALLERS], 1);
    assert_int_equal(v[FEATURE_PER_CALLEE], 1000 / v[FEATURE_CALLEES]);
    assert_int_equal(v[FEATURE_MUTUAL], 1000 / v[FEATURE_CALLEES]);
    assert_int_equal(v[FEATURE_DAY], 10);
    assert_int_equal(v[FEATURE_NIGHT], 0); /* 19:00 */
    assert_int_equal(v[FEATURE_GAP_LEAST], 60);
    assert_int_equal(v[FEATURE_GAP_MIDDLE], 60);
    assert_int_equal(v[FEATURE_DAYS], 1);
    assert_int_equal(v[FEATURE_CARRIED], 3);
    assert_int_equal(v[FEATURE_CARRIES], 40);
    feature_read(book_find(&b, key_of(1)), (struct handset_load){0}, -11 * 3600, v);
    assert_int_equal(v[FEATURE_NIGHT], 1000);
    assert_string_equal(feature_name(FEATURE_GAP_LEAST), "gap_least_s");
}

/* --- a flood --- */

enum { REAL = 12000, PLACES = 20000, RANDOM = 1500000, FLOOD_CALLS = 3000000 };

static void check_index(const struct book *b)
{
    uint64_t entries = 0;
    for (uint32_t l = 0; l < b->index.line_count; l++)
        for (unsigned i = 0; i < INDEX_LINE; i++)
            entries += b->index.lines[l].at[i] != 0;
    assert_true(entries == b->held);
    for (uint32_t slot = 0; slot < b->held; slot++)
        assert_int_equal(index_find(&b->index, b->conducts[slot].key), slot);
}

static void those_who_call_survive_random_callers(void **state)
{
    (void)state;
    static const struct book_settings settings = {
        .numbers_most = PLACES, .calls_most = FLOOD_CALLS, .window_h = BOOK_WINDOW_H};
    struct book b;
    begin(&b, &settings);
    for (uint32_t i = 0; i < REAL * 2; i++) {
        struct sighting s = a_call(i, i % REAL, REAL + i % REAL, BEGAN_S + i / 8);
        (void)book_take(&b, &s, 1, due);
    }
    for (uint32_t i = 0; i < RANDOM; i++) {
        struct sighting s =
            a_call(REAL * 2 + i, REAL * 10 + i, REAL * 9 + RANDOM + i, BEGAN_S + 3600 + i / 20);
        (void)book_take(&b, &s, 1, due);
    }
    uint32_t alive = 0;
    for (uint32_t i = 0; i < REAL; i++)
        alive += book_find(&b, key_of(i)) != NULL;
    assert_int_equal(alive, REAL);
    assert_int_equal(b.held, PLACES);
    assert_true(b.counts.made == b.counts.dropped + PLACES);
    check_index(&b);
}

/* Nobody here was heard once: the one that was silent longest goes, and a newcomer stays. */
static void the_silent_make_room(void **state)
{
    (void)state;
    struct book b;
    begin(&b, &small);
    for (uint32_t i = 0; i < 200; i++) {
        struct sighting s = a_call(i, i % 100, 500, BEGAN_S + (i % 100 == 20 ? 0 : i * 120));
        (void)book_take(&b, &s, 1, due);
    }
    struct sighting s = a_call(1000, 1000, 500, BEGAN_S + 30000);
    (void)book_take(&b, &s, 1, due);
    assert_non_null(book_find(&b, key_of(1000)));
    assert_null(book_find(&b, key_of(20)));
    assert_int_equal(b.held, 100);
    check_index(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_calls_in_any_order_are_the_same),
        cmocka_unit_test(later_than_the_window_counts_nothing),
        cmocka_unit_test(due_at_powers_of_two),
        cmocka_unit_test(features_by_hand),
        cmocka_unit_test(those_who_call_survive_random_callers),
        cmocka_unit_test(the_silent_make_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
