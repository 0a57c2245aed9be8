/* SPDX-License-Identifier: Apache-2.0 */
#include "print/trail_doc.h"

#include "kit/json.h"
#include "print/safe.h"

#include <assert.h>
#include <stdio.h>

enum kind { KIND_WORD, KIND_TEXT, KIND_LONG, KIND_AMOUNT, KIND_LAYER };
static const size_t most_bytes[] = {
    [KIND_WORD] = TRAIL_WORD_BYTES, [KIND_TEXT] = TRAIL_TEXT_BYTES, [KIND_LONG] = TRAIL_LONG_BYTES};
/* COMPUTED: where money is attributed, so not for "reach"; USUAL: not needed there. */
enum need { ALWAYS, COMPUTED, USUAL, MAYBE, COMPUTED_MAYBE };

struct field {
    const char *key;
    size_t offset;
    enum kind kind;
    enum need need;
};

#define FIELD(struct_, name, kind_, need_)                                                         \
    {                                                                                              \
        .key = #name, .offset = offsetof(struct struct_, name), .kind = (kind_), .need = (need_)   \
    }

static const struct field source_fields[] = {
    FIELD(trail_source, transfer, KIND_TEXT, ALWAYS), FIELD(trail_source, from, KIND_TEXT, ALWAYS),
    FIELD(trail_source, to, KIND_TEXT, ALWAYS),       FIELD(trail_source, time, KIND_WORD, ALWAYS),
    FIELD(trail_source, amount, KIND_AMOUNT, ALWAYS),
};
static const struct field node_fields[] = {
    FIELD(trail_node, account, KIND_TEXT, ALWAYS),
    FIELD(trail_node, display, KIND_TEXT, MAYBE),
    FIELD(trail_node, bank, KIND_TEXT, MAYBE),
    FIELD(trail_node, listing, KIND_TEXT, MAYBE),
    FIELD(trail_node, layer, KIND_LAYER, ALWAYS),
    FIELD(trail_node, received, KIND_AMOUNT, ALWAYS),
    FIELD(trail_node, attributed, KIND_AMOUNT, COMPUTED),
    FIELD(trail_node, present, KIND_AMOUNT, COMPUTED),
    FIELD(trail_node, held, KIND_AMOUNT, COMPUTED_MAYBE),
    FIELD(trail_node, exited, KIND_AMOUNT, COMPUTED_MAYBE),
    FIELD(trail_node, unknown, KIND_AMOUNT, COMPUTED_MAYBE),
    FIELD(trail_node, first, KIND_WORD, MAYBE),
    FIELD(trail_node, last, KIND_WORD, MAYBE),
};
static const struct field edge_fields[] = {
    FIELD(trail_edge, transfer, KIND_TEXT, ALWAYS),
    FIELD(trail_edge, from, KIND_TEXT, ALWAYS),
    FIELD(trail_edge, to, KIND_TEXT, ALWAYS),
    FIELD(trail_edge, time, KIND_WORD, ALWAYS),
    FIELD(trail_edge, amount, KIND_AMOUNT, ALWAYS),
    FIELD(trail_edge, attributed, KIND_AMOUNT, COMPUTED),
    FIELD(trail_edge, layer, KIND_LAYER, ALWAYS),
    FIELD(trail_edge, exit, KIND_WORD, MAYBE),
    FIELD(trail_edge, status, KIND_WORD, MAYBE),
};
static const struct field exit_fields[] = {
    FIELD(trail_exit, account, KIND_TEXT, ALWAYS),
    FIELD(trail_exit, kind, KIND_WORD, ALWAYS),
    FIELD(trail_exit, amount, KIND_AMOUNT, USUAL),
};
static const struct field ambiguity_fields[] = {
    FIELD(trail_ambiguity, account, KIND_TEXT, ALWAYS),
    FIELD(trail_ambiguity, reason, KIND_LONG, ALWAYS),
};
static const struct field totals_fields[] = {
    FIELD(trail_totals, stolen, KIND_AMOUNT, ALWAYS),
    FIELD(trail_totals, present, KIND_AMOUNT, COMPUTED),
    FIELD(trail_totals, held, KIND_AMOUNT, COMPUTED),
    FIELD(trail_totals, exited, KIND_AMOUNT, COMPUTED),
    FIELD(trail_totals, unknown, KIND_AMOUNT, COMPUTED),
};
static const struct field head_fields[] = {
    FIELD(trail, incident, KIND_TEXT, ALWAYS),
    FIELD(trail, method, KIND_WORD, ALWAYS),
    FIELD(trail, as_of, KIND_WORD, ALWAYS),
};
#undef FIELD

static const char *const methods[] = {"reach", "fifo", "lifo", "haircut", "poison"};

struct reading {
    struct arena *arena;
    char *place;
    bool has_amounts;
};

/* A table of the document: its rows are all of one kind. */
struct table {
    const char *key;
    const struct field *fields;
    size_t field_count;
    size_t row_bytes;
};

static const struct table source_table = {"sources", source_fields, COUNT_OF(source_fields),
                                          sizeof(struct trail_source)};
static const struct table node_table = {"nodes", node_fields, COUNT_OF(node_fields),
                                        sizeof(struct trail_node)};
static const struct table edge_table = {"edges", edge_fields, COUNT_OF(edge_fields),
                                        sizeof(struct trail_edge)};
static const struct table exit_table = {"exits", exit_fields, COUNT_OF(exit_fields),
                                        sizeof(struct trail_exit)};
static const struct table ambiguity_table = {
    "ambiguities", ambiguity_fields, COUNT_OF(ambiguity_fields), sizeof(struct trail_ambiguity)};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static err wrong(void)
{
    return fail(ERR_MALFORMED, "print.wrong", 0);
}

static err read_text(struct reading *r, json_value v, enum kind kind, str *ret_text)
{
    str s = STR("");
    if (failed(json_read_str(v, &s)))
        return wrong();
    str safe = s;
    if (s.size <= most_bytes[kind])
        TRY(safe_text(s, r->arena, &safe));
    if (safe.size > most_bytes[kind])
        return fail(ERR_LIMIT, "print.text_too_long", 0);
    *ret_text = str_copy(r->arena, safe);
    return ret_text->at == NULL ? spent() : OK;
}

static err read_number(json_value v, int64_t most, int64_t *ret_number)
{
    int64_t number = 0;
    if (json_kind_of(v) == JSON_KIND_REAL)
        return wrong(); /* a fraction, or more than 64 bits hold */
    if (failed(json_read_i64(v, &number)) || number < 0 || number > most)
        return wrong();
    *ret_number = number;
    return OK;
}

static err read_field(struct reading *r, const struct field *f, json_value object, void *row)
{
    json_value v = json_get(object, f->key);
    bool is_unwanted = f->need == COMPUTED || f->need == COMPUTED_MAYBE;
    bool is_needed =
        f->need == ALWAYS || (r->has_amounts && (f->need == COMPUTED || f->need == USUAL));
    if (is_unwanted && !r->has_amounts)
        return OK;
    if (json_is_absent(v))
        return is_needed ? fail(ERR_MALFORMED, "print.missing", 0) : OK;
    void *at = (char *)row + f->offset;
    switch (f->kind) {
    case KIND_WORD:
    case KIND_TEXT:
    case KIND_LONG:
        return read_text(r, v, f->kind, at);
    case KIND_AMOUNT:
        return read_number(v, INT64_MAX, at);
    case KIND_LAYER:
        return read_number(v, TRAIL_LAYERS_MAX, at);
    }
    return OK;
}

/* `at` names the object: "nodes[3]." */
static err read_fields(struct reading *r, const struct field *fields, size_t count,
                       json_value object, void *row)
{
    size_t at = strlen(r->place);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(r->place + at, TRAIL_PLACE_BYTES - at, "%s", fields[i].key);
        TRY(read_field(r, &fields[i], object, row));
    }
    r->place[at] = '\0';
    return OK;
}

static err read_table(struct reading *r, const struct table *table, json_value root,
                      void **ret_rows, size_t *ret_count)
{
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "%s", table->key);
    json_value items = json_get(root, table->key);
    if (json_is_absent(items))
        return fail(ERR_MALFORMED, "print.missing", 0);
    if (json_kind_of(items) != JSON_KIND_ARRAY)
        return wrong();
    size_t count = json_count(items);
    if (count > TRAIL_ROWS_MAX)
        return fail(ERR_LIMIT, "print.too_many", 0);
    char *rows = arena_make_array(r->arena, count + 1, table->row_bytes);
    if (rows == NULL)
        return spent();
    for (size_t i = 0; i < count; i++) {
        json_value item = json_item(items, i);
        (void)snprintf(r->place, TRAIL_PLACE_BYTES, "%s[%zu]", table->key, i);
        if (json_kind_of(item) != JSON_KIND_OBJECT)
            return wrong();
        (void)snprintf(r->place, TRAIL_PLACE_BYTES, "%s[%zu].", table->key, i);
        TRY(read_fields(r, table->fields, table->field_count, item, rows + i * table->row_bytes));
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

static err read_transfers(struct reading *r, json_value item, struct trail_ambiguity *row)
{
    json_value transfers = json_get(item, "transfers");
    if (json_kind_of(transfers) != JSON_KIND_ARRAY)
        return json_is_absent(transfers) ? fail(ERR_MALFORMED, "print.missing", 0) : wrong();
    size_t count = json_count(transfers);
    if (count > TRAIL_ROWS_MAX)
        return fail(ERR_LIMIT, "print.too_many", 0);
    row->transfers = arena_make_array(r->arena, count + 1, sizeof *row->transfers);
    if (row->transfers == NULL)
        return spent();
    for (size_t i = 0; i < count; i++)
        TRY(read_text(r, json_item(transfers, i), KIND_TEXT, &row->transfers[i]));
    row->transfer_count = count;
    return OK;
}

static err read_ambiguities(struct reading *r, json_value root, struct trail *t)
{
    void *rows = NULL;
    TRY(read_table(r, &ambiguity_table, root, &rows, &t->ambiguity_count));
    t->ambiguities = rows;
    json_value items = json_get(root, ambiguity_table.key);
    for (size_t i = 0; i < t->ambiguity_count; i++) {
        (void)snprintf(r->place, TRAIL_PLACE_BYTES, "ambiguities[%zu].transfers", i);
        TRY(read_transfers(r, json_item(items, i), &t->ambiguities[i]));
    }
    return OK;
}

static err read_head(struct reading *r, json_value root, struct trail *t)
{
    r->has_amounts = true;
    TRY(read_fields(r, head_fields, COUNT_OF(head_fields), root, t));
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "method");
    bool is_known = false;
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        is_known = is_known || str_equal(t->method, str_from_c(methods[i]));
    if (!is_known)
        return wrong();
    t->has_amounts = r->has_amounts = !str_equal(t->method, STR("reach"));
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "as_of");
    if (failed(instant_parse(t->as_of, &t->as_of_at)))
        return wrong();
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "currency");
    json_value currency = json_get(root, "currency");
    str code = STR("");
    if (json_is_absent(currency))
        return fail(ERR_MALFORMED, "print.missing", 0);
    return failed(json_read_str(currency, &code)) ? wrong() : currency_parse(code, &t->currency);
}

static err read_totals(struct reading *r, json_value root, struct trail *t)
{
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "totals");
    json_value totals = json_get(root, "totals");
    if (json_kind_of(totals) != JSON_KIND_OBJECT)
        return json_is_absent(totals) ? fail(ERR_MALFORMED, "print.missing", 0) : wrong();
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "totals.");
    return read_fields(r, totals_fields, COUNT_OF(totals_fields), totals, &t->totals);
}

static err read_all(struct reading *r, json_value root, struct trail *t)
{
    if (json_kind_of(root) != JSON_KIND_OBJECT || json_is_absent(json_get(root, "nodes")) ||
        json_is_absent(json_get(root, "totals")))
        return fail(ERR_MALFORMED, "print.not_a_trail", 0);
    TRY(read_head(r, root, t));
    void *rows = NULL;
    TRY(read_table(r, &source_table, root, &rows, &t->source_count));
    t->sources = rows;
    TRY(read_table(r, &node_table, root, &rows, &t->node_count));
    t->nodes = rows;
    TRY(read_table(r, &edge_table, root, &rows, &t->edge_count));
    t->edges = rows;
    TRY(read_table(r, &exit_table, root, &rows, &t->exit_count));
    t->exits = rows;
    TRY(read_ambiguities(r, root, t));
    return read_totals(r, root, t);
}

err trail_read(str json, struct arena *a, struct trail *ret_trail,
               char ret_place[TRAIL_PLACE_BYTES])
{
    struct json_doc doc = {0};
    struct trail t = {0};
    struct reading r = {.arena = a, .place = ret_place};
    ret_place[0] = '\0';
    TRY(json_doc_parse(json, TRAIL_DOC_BYTES, &doc));
    err e = read_all(&r, doc.root, &t);
    json_doc_done(&doc);
    TRY(e);
    ret_place[0] = '\0';
    for (size_t i = 0; i < t.node_count; i++)
        if (str_is_empty(t.nodes[i].display))
            t.nodes[i].display = t.nodes[i].account;
    *ret_trail = t;
    return OK;
}

static void doubt(struct trail_doubts *d, const char *why, int64_t said, int64_t found)
{
    assert(d->count < TRAIL_DOUBTS_MAX);
    d->at[d->count++] = (struct trail_doubt){.why = why, .said = said, .found = found};
}

static err add_sources(const struct trail *t, int64_t *sum)
{
    for (size_t i = 0; i < t->source_count; i++)
        TRY(amount_add(sum, t->sources[i].amount));
    return OK;
}

static err add_exits(const struct trail *t, int64_t *sum)
{
    for (size_t i = 0; i < t->exit_count; i++)
        TRY(amount_add(sum, t->exits[i].amount));
    return OK;
}

static err add_nodes(const struct trail *t, int64_t *present, int64_t *held)
{
    for (size_t i = 0; i < t->node_count; i++) {
        TRY(amount_add(present, t->nodes[i].present));
        TRY(amount_add(held, t->nodes[i].held));
    }
    return OK;
}

err trail_check(const struct trail *t, struct trail_doubts *ret_doubts)
{
    struct trail_doubts d = {0};
    const struct trail_totals *said = &t->totals;
    int64_t sources = 0;
    TRY(add_sources(t, &sources));
    if (sources != said->stolen)
        doubt(&d, "print.doubt.sources", said->stolen, sources);
    if (!t->has_amounts) {
        *ret_doubts = d;
        return OK;
    }
    int64_t parts = said->present;
    int64_t present = 0;
    int64_t held = 0;
    int64_t exits = 0;
    TRY(amount_add(&parts, said->exited));
    TRY(amount_add(&parts, said->unknown));
    TRY(add_nodes(t, &present, &held));
    TRY(add_exits(t, &exits));
    if (parts != said->stolen)
        doubt(&d, "print.doubt.stolen", said->stolen, parts);
    if (said->held > said->present)
        doubt(&d, "print.doubt.held", said->held, said->present);
    if (present != said->present)
        doubt(&d, "print.doubt.present", said->present, present);
    if (exits != said->exited)
        doubt(&d, "print.doubt.exited", said->exited, exits);
    if (held != said->held)
        doubt(&d, "print.doubt.held_rows", said->held, held);
    *ret_doubts = d;
    return OK;
}
