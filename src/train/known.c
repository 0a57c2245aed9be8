/* SPDX-License-Identifier: Apache-2.0 */
#include "train/known.h"

#include "fact/number.h"
#include "sense/model_file.h"

#include <assert.h>

enum { TURN_BYTES = 64 << 10, NUMBER_BYTES = 32 };

struct making {
    const struct known_order *order;
    struct arena *arena;
    struct arena turn; /* of a row */
    struct known *known;
    uint32_t number;
    uint32_t scam;
    uint32_t kind;
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

/* What is kept of one: never 0, which is a number nobody spoke of. */
static uint32_t word_of(struct known_one one)
{
    return 2 * (one.kind + 1) + one.is_bad;
}

static err take_header(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    m->number = rows_column(row, STR("number"));
    m->scam = rows_column(row, STR("scam"));
    m->kind = rows_column(row, STR("kind"));
    bool has_both = m->number != ROWS_NOWHERE && m->scam != ROWS_NOWHERE;
    if (!has_both)
        rows_blame(fault, m->number == ROWS_NOWHERE ? STR("number") : STR("scam"));
    return has_both ? OK : fail(ERR_MALFORMED, "column.missing", 0);
}

static err read_kind(struct making *m, str word, uint32_t *ret_kind)
{
    struct known *k = m->known;
    uint32_t i = 0;
    *ret_kind = 0;
    if (str_is_empty(word))
        return OK;
    if (!model_name_is_good(word) || word.size > TABLE_PART_BYTES)
        return fail(ERR_MALFORMED, "train.part", 0);
    while (i < k->kind_count && !str_equal(k->kinds[i], word))
        i++;
    if (i == TABLE_PARTS)
        return fail(ERR_LIMIT, "train.too_many_parts", 0);
    if (i == k->kind_count)
        k->kinds[k->kind_count++] = str_copy(m->arena, word);
    *ret_kind = i;
    return k->kinds[i].at == NULL ? spent() : OK;
}

/* As feed/call_row.h takes it: a number without a known form stands as it is. */
static err read_key(struct making *m, str text, uint64_t *ret_key)
{
    struct number n = {0};
    struct sighting s;
    err e = number_parse(text, m->order->region, &m->turn, &n);
    if (e.code == ERR_LIMIT)
        return e;
    if (str_is_empty(text) || text.size > NUMBER_BYTES)
        return fail(ERR_MALFORMED, "call.number", 0);
    struct phone_call call = {.caller = failed(e) ? text : n.value, .parts = CALL_SETUP};
    sight(m->order->keys, STR(""), &call, &s);
    *ret_key = s.caller;
    return OK;
}

static err put(struct making *m, uint64_t key, struct known_one one)
{
    uint32_t *word = NULL;
    uint64_t *kept = arena_make(m->arena, sizeof *kept);
    if (kept == NULL)
        return spent();
    *kept = key;
    TRY(strmap_at(&m->known->by_key, str_make((const char *)kept, sizeof *kept), &word));
    if (*word != 0 && *word % 2 != one.is_bad)
        return fail(ERR_CONFLICT, "train.truth_differs", 0);
    *word = *word == 0 ? word_of(one) : *word;
    return OK;
}

static err take_row(void *self, const struct csvline_row *row, struct rows_fault *fault)
{
    struct making *m = self;
    struct known_one one = {0};
    uint64_t key = 0;
    str scam = row->fields[m->scam];
    arena_reset(&m->turn);
    rows_blame(fault, STR("scam"));
    one.is_bad = str_equal(scam, STR("1"));
    if (!one.is_bad && !str_equal(scam, STR("0")))
        return fail(ERR_MALFORMED, "train.label", 0);
    rows_blame(fault, STR("kind"));
    if (m->kind != ROWS_NOWHERE)
        TRY(read_kind(m, row->fields[m->kind], &one.kind));
    rows_blame(fault, STR("number"));
    TRY(read_key(m, row->fields[m->number], &key));
    return put(m, key, one);
}

err known_read(const struct known_order *order, struct arena *a, struct known *ret_known,
               struct rows_fault *ret_fault)
{
    static const uint8_t key[SIPHASH_KEY_BYTES] = {0}; /* pseudonyms: nobody chooses them */
    struct making m = {.order = order, .arena = a, .known = ret_known};
    struct rows_sink sink = {.self = &m, .header = take_header, .row = take_row};
    assert(order->keys != NULL);
    *ret_known = (struct known){.kind_count = 1, .kinds = {STR("other")}};
    strmap_init(&ret_known->by_key, key, a);
    arena_init(&m.turn, TURN_BYTES);
    err e = rows_read(order->path, &sink, a, NULL, ret_fault);
    arena_done(&m.turn);
    return e;
}

struct known_one known_find(const struct known *k, uint64_t key)
{
    uint32_t word = strmap_get(&k->by_key, str_make((const char *)&key, sizeof key));
    if (word == 0)
        return (struct known_one){.is_bad = false};
    return (struct known_one){.is_bad = word % 2 != 0, .kind = word / 2 - 1};
}
