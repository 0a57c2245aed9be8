/* SPDX-License-Identifier: Apache-2.0 */
#include "warn/history.h"

#include "warn/fields.h"

#include <assert.h>
#include <stdlib.h>

static const char version_line[] = "yumen-episodes 1\n";

/* --- writing --- */

static void put_numbers(struct text *t, const char *word, const int64_t *values, size_t count)
{
    text_put_c(t, word);
    for (size_t i = 0; i < count; i++) {
        text_put_char(t, ' ');
        text_put_i64(t, values[i]);
    }
}

static void put_signal(const struct history_signal *r, struct text *t)
{
    const struct signal *s = &r->signal;
    const int64_t before[] = {r->at_s, (int64_t)s->about};
    const int64_t after[] = {s->time_s, s->strength, s->source,
                             (int64_t)((s->id ^ s->id >> 32) & UINT32_MAX)};
    put_numbers(t, "signal", before, COUNT_OF(before));
    text_put_char(t, ' ');
    text_put(t, signal_kind_name((enum signal_kind)s->kind));
    put_numbers(t, "", after, COUNT_OF(after));
    text_put_char(t, '\n');
}

static void put_outcome(const struct history_outcome *o, struct text *t)
{
    const int64_t before[] = {o->about, o->from_s, o->until_s};
    const int64_t after[] = {o->reported_s, o->answers};
    put_numbers(t, "outcome", before, COUNT_OF(before));
    text_put_c(t, o->is_scam ? " scam" : " touched");
    put_numbers(t, "", after, COUNT_OF(after));
    text_put_char(t, '\n');
}

void history_write(const struct history *r, struct text *t)
{
    const int64_t head[] = {r->times, r->numbers, r->days};
    assert(t->size == 0);
    text_put_c(t, version_line);
    put_numbers(t, "world", head, COUNT_OF(head));
    text_put_char(t, '\n');
    for (size_t i = 0; i < r->outcome_count; i++)
        put_outcome(&r->outcomes[i], t);
    for (size_t i = 0; i < r->payment_count; i++) {
        const struct history_payment *p = &r->payments[i];
        const int64_t values[] = {p->about, p->at_s, p->booked_s, p->fen};
        put_numbers(t, "payment", values, COUNT_OF(values));
        text_put_char(t, '\n');
    }
    for (size_t i = 0; i < r->signal_count; i++)
        put_signal(&r->signals[i], t);
}

/* --- reading --- */

static uint32_t take_time(struct fields *t)
{
    return (uint32_t)fields_number(t, 0, UINT32_MAX);
}

static uint32_t take_about(struct fields *t, const struct history *r)
{
    return (uint32_t)fields_number(t, 1, r->numbers);
}

static void take_world(struct fields *t, struct history *r)
{
    t->is_wrong = t->is_wrong || r->numbers != 0;
    r->times = (uint32_t)fields_number(t, 0, HISTORY_TIMES_MOST);
    r->numbers = (uint32_t)fields_number(t, 1, HISTORY_NUMBERS);
    r->days = (uint32_t)fields_number(t, 1, 36600);
}

static void take_signal(struct fields *t, struct history *r)
{
    struct history_signal *s = &r->signals[r->signal_count++];
    s->at_s = take_time(t);
    s->signal.about = take_about(t, r);
    s->signal.kind = (uint8_t)fields_kind(t);
    s->signal.time_s = take_time(t);
    s->signal.strength = (uint16_t)fields_number(t, 1, SIGNAL_WHOLE);
    s->signal.source = (uint16_t)fields_number(t, 0, UINT16_MAX);
    s->signal.id = (uint64_t)fields_number(t, 0, UINT32_MAX);
    if (r->signal_count > 1 && s[-1].at_s > s->at_s)
        t->is_wrong = true;
}

static void take_outcome(struct fields *t, struct history *r)
{
    struct history_outcome *o = &r->outcomes[r->outcome_count++];
    o->about = take_about(t, r);
    o->from_s = take_time(t);
    o->until_s = take_time(t);
    str word = fields_word(t);
    o->is_scam = str_equal(word, STR("scam"));
    t->is_wrong = t->is_wrong || (!o->is_scam && !str_equal(word, STR("touched")));
    o->reported_s = take_time(t);
    o->answers = fields_number(t, 0, 1) == 1;
}

static void take_payment(struct fields *t, struct history *r)
{
    struct history_payment *p = &r->payments[r->payment_count++];
    p->about = take_about(t, r);
    p->at_s = take_time(t);
    p->booked_s = take_time(t);
    p->fen = fields_number(t, 1, INT64_C(1) << 50);
}

enum row { ROW_WORLD, ROW_SIGNAL, ROW_OUTCOME, ROW_PAYMENT, ROW_COUNT };

static const struct {
    const char *word;
    void (*take)(struct fields *t, struct history *r);
} rows[ROW_COUNT] = {
    [ROW_WORLD] = {"world",   take_world  },
    [ROW_SIGNAL] = {"signal",  take_signal },
    [ROW_OUTCOME] = {"outcome", take_outcome},
    [ROW_PAYMENT] = {"payment", take_payment},
};

static enum row row_of(str bytes, struct fields *ret_fields)
{
    enum row which = 0;
    while (which < ROW_COUNT && !fields_begin(bytes, rows[which].word, ret_fields))
        which++;
    return which;
}

static err make_room(str body, struct arena *a, struct history *r)
{
    size_t counts[ROW_COUNT + 1] = {0};
    struct fields line = {0};
    str bytes = STR("");
    while (str_split(&body, '\n', &bytes))
        counts[row_of(bytes, &line)]++;
    r->signals = arena_make_array(a, counts[ROW_SIGNAL] + 1, sizeof *r->signals);
    r->outcomes = arena_make_array(a, counts[ROW_OUTCOME] + 1, sizeof *r->outcomes);
    r->payments = arena_make_array(a, counts[ROW_PAYMENT] + 1, sizeof *r->payments);
    bool has_all = r->signals != NULL && r->outcomes != NULL && r->payments != NULL;
    return has_all ? OK : fail(ERR_LIMIT, "memory.spent", 0);
}

static bool take_row(str bytes, struct history *r)
{
    struct fields line = {0};
    enum row which = row_of(bytes, &line);
    if (which == ROW_COUNT || (which != ROW_WORLD && r->numbers == 0))
        return false;
    rows[which].take(&line, r);
    return fields_is_done(&line);
}

static int by_about(const void *a, const void *b)
{
    const struct history_outcome *one = a;
    const struct history_outcome *other = b;
    if (one->about != other->about)
        return one->about < other->about ? -1 : 1;
    return (one->from_s > other->from_s) - (one->from_s < other->from_s);
}

void history_sort(struct history *r)
{
    qsort(r->outcomes, r->outcome_count, sizeof *r->outcomes, by_about);
}

err history_read(str bytes, struct arena *a, struct history *ret_history)
{
    struct history r = {0};
    if (bytes.size > HISTORY_BYTES)
        return fail(ERR_LIMIT, "memory.spent", 0);
    if (!str_starts(bytes, str_from_c(version_line)))
        return fail(ERR_MALFORMED, "episodes.version", 1);
    str body = str_from(bytes, sizeof version_line - 1);
    TRY(make_room(body, a, &r));
    for (uint32_t number = 2; !str_is_empty(body); number++) {
        size_t end = str_find_char(body, '\n');
        if (end == body.size || !take_row(str_until(body, end), &r))
            return fail(ERR_MALFORMED, "episodes.line", number);
        body = str_from(body, end + 1);
    }
    if (r.numbers == 0)
        return fail(ERR_MALFORMED, "episodes.line", 2);
    history_sort(&r);
    *ret_history = r;
    return OK;
}

/* Where the outcomes of a number begin, or would. */
static size_t find_first(const struct history *r, uint32_t about)
{
    size_t low = 0;
    size_t high = r->outcome_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->outcomes[middle].about < about)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct history_outcome *history_find(const struct history *r, uint32_t about, uint32_t at_s)
{
    const struct history_outcome *found = NULL;
    for (size_t i = find_first(r, about); i < r->outcome_count; i++) {
        const struct history_outcome *o = &r->outcomes[i];
        if (o->about != about)
            break;
        bool is_then = at_s >= o->from_s && at_s < o->until_s;
        if (is_then && (found == NULL || o->is_scam))
            found = o;
    }
    return found;
}
