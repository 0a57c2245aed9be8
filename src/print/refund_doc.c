/* SPDX-License-Identifier: Apache-2.0 */
#include "print/refund_doc.h"

#include "kit/json.h"
#include "print/safe.h"

#include <stdio.h>

enum kind { KIND_TEXT, KIND_LONG, KIND_AMOUNT };
enum need { ALWAYS, MAYBE };

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

static const struct field entry_fields[] = {
    FIELD(refund_row_entry, id, KIND_TEXT, ALWAYS),
    FIELD(refund_row_entry, time, KIND_TEXT, ALWAYS),
    FIELD(refund_row_entry, direction, KIND_TEXT, ALWAYS),
    FIELD(refund_row_entry, claim, KIND_TEXT, MAYBE),
    FIELD(refund_row_entry, status, KIND_TEXT, ALWAYS),
    FIELD(refund_row_entry, left_out, KIND_TEXT, MAYBE),
    FIELD(refund_row_entry, amount, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_entry, balance, KIND_AMOUNT, MAYBE),
    FIELD(refund_row_entry, low_water, KIND_AMOUNT, MAYBE),
};
static const struct field claim_fields[] = {
    FIELD(refund_row_claim, claim, KIND_TEXT, ALWAYS),
    FIELD(refund_row_claim, basis, KIND_TEXT, ALWAYS),
    FIELD(refund_row_claim, loss, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_claim, deposited, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_claim, least, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_claim, most, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_claim, amount, KIND_AMOUNT, ALWAYS),
};
static const struct field step_fields[] = {
    FIELD(refund_row_step, end, KIND_TEXT, ALWAYS),
    FIELD(refund_row_step, entry, KIND_TEXT, MAYBE),
    FIELD(refund_row_step, total, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_step, of, KIND_AMOUNT, ALWAYS),
};
static const struct field share_fields[] = {
    FIELD(refund_row_share, claim, KIND_TEXT, ALWAYS),
    FIELD(refund_row_share, whole, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_share, rest, KIND_AMOUNT, ALWAYS),
    FIELD(refund_row_share, amount, KIND_AMOUNT, ALWAYS),
};
static const struct field head_fields[] = {
    FIELD(refund_doc, account, KIND_TEXT, ALWAYS),
    FIELD(refund_doc, rule, KIND_TEXT, ALWAYS),
    FIELD(refund_doc, opening, KIND_AMOUNT, ALWAYS),
    FIELD(refund_doc, balance, KIND_AMOUNT, ALWAYS),
    FIELD(refund_doc, unclaimed, KIND_AMOUNT, ALWAYS),
};

struct table {
    const char *key;
    const struct field *fields;
    size_t field_count;
    size_t row_bytes;
};

#define TABLE(key_, fields_, row)                                                                  \
    {                                                                                              \
        .key = (key_), .fields = (fields_), .field_count = COUNT_OF(fields_),                      \
        .row_bytes = sizeof(struct row)                                                            \
    }
static const struct table entry_table = TABLE("entries", entry_fields, refund_row_entry);
static const struct table claim_table = TABLE("claims", claim_fields, refund_row_claim);
static const struct table step_table = TABLE("steps", step_fields, refund_row_step);

struct reading {
    struct arena *arena;
    char *place; /* TRAIL_PLACE_BYTES */
};

static err spent(void)
{
    return fail(ERR_LIMIT, "memory.spent", 0);
}

static err missing_or_wrong(json_value v)
{
    return fail(ERR_MALFORMED, json_is_absent(v) ? "print.missing" : "print.wrong", 0);
}

static err read_text(const struct reading *r, json_value v, size_t most, str *ret_text)
{
    str s = STR("");
    if (failed(json_read_str(v, &s)))
        return missing_or_wrong(v);
    if (s.size > most)
        return fail(ERR_LIMIT, "print.text_too_long", 0);
    TRY(safe_text(s, r->arena, &s));
    *ret_text = str_copy(r->arena, s);
    return ret_text->at == NULL ? spent() : OK;
}

static err read_amount(json_value v, int64_t *ret_amount)
{
    int64_t amount = 0;
    if (json_kind_of(v) != JSON_KIND_I64 || failed(json_read_i64(v, &amount)) || amount < 0)
        return missing_or_wrong(v);
    *ret_amount = amount;
    return OK;
}

/* `place` names the object: "claims[3]." */
static err read_fields(const struct reading *r, const struct field *fields, size_t count,
                       json_value object, void *row)
{
    size_t at = strlen(r->place);
    for (size_t i = 0; i < count; i++) {
        json_value v = json_get(object, fields[i].key);
        (void)snprintf(r->place + at, TRAIL_PLACE_BYTES - at, "%s", fields[i].key);
        if (json_is_absent(v) && fields[i].need == MAYBE)
            continue;
        void *to = (char *)row + fields[i].offset;
        TRY(fields[i].kind == KIND_AMOUNT ? read_amount(v, to)
                                          : read_text(r, v, TRAIL_TEXT_BYTES, to));
    }
    r->place[at] = '\0';
    return OK;
}

static err count_rows(const struct reading *r, json_value root, const char *key, size_t *ret_count)
{
    json_value items = json_get(root, key);
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "%s", key);
    if (json_kind_of(items) != JSON_KIND_ARRAY)
        return missing_or_wrong(items);
    *ret_count = json_count(items);
    return *ret_count > REFUND_ROWS_MAX ? fail(ERR_LIMIT, "print.too_many", 0) : OK;
}

static err read_table(const struct reading *r, const struct table *table, json_value root,
                      void **ret_rows, size_t *ret_count)
{
    size_t count = 0;
    TRY(count_rows(r, root, table->key, &count));
    char *rows = arena_make_array(r->arena, count + 1, table->row_bytes);
    if (rows == NULL)
        return spent();
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(r->place, TRAIL_PLACE_BYTES, "%s[%zu].", table->key, i);
        TRY(read_fields(r, table->fields, table->field_count,
                        json_item(json_get(root, table->key), i), rows + i * table->row_bytes));
    }
    *ret_rows = rows;
    *ret_count = count;
    return OK;
}

static err read_shares(const struct reading *r, json_value root, struct refund_doc *d)
{
    json_value steps = json_get(root, "steps");
    size_t count = 0;
    for (size_t i = 0; i < d->step_count; i++)
        count += json_count(json_get(json_item(steps, i), "claims"));
    if (count > REFUND_ROWS_MAX)
        return fail(ERR_LIMIT, "print.too_many", 0);
    d->shares = arena_make_array(r->arena, count + 1, sizeof *d->shares);
    if (d->shares == NULL)
        return spent();
    for (size_t i = 0; i < d->step_count; i++) {
        json_value shares = json_get(json_item(steps, i), "claims");
        for (size_t k = 0; k < json_count(shares); k++) {
            struct refund_row_share *share = &d->shares[d->share_count++];
            (void)snprintf(r->place, TRAIL_PLACE_BYTES, "steps[%zu].claims[%zu].", i, k);
            TRY(read_fields(r, share_fields, COUNT_OF(share_fields), json_item(shares, k), share));
            share->step = i;
        }
    }
    return OK;
}

/* "E1, E2, …" */
static err read_ids(const struct reading *r, json_value ids, str *ret_ids)
{
    struct text t;
    text_init(&t, r->arena);
    for (size_t i = 0; i < json_count(ids); i++) {
        str id = STR("");
        TRY(read_text(r, json_item(ids, i), TRAIL_TEXT_BYTES, &id));
        text_put_c(&t, i == 0 ? "" : ", ");
        text_put(&t, id);
    }
    *ret_ids = text_str(&t);
    return text_spent(&t) ? spent() : OK;
}

static err read_doubts(const struct reading *r, json_value root, struct refund_doc *d)
{
    TRY(count_rows(r, root, "doubts", &d->doubt_count));
    d->doubts = arena_make_array(r->arena, d->doubt_count + 1, sizeof *d->doubts);
    if (d->doubts == NULL)
        return spent();
    for (size_t i = 0; i < d->doubt_count; i++) {
        json_value item = json_item(json_get(root, "doubts"), i);
        json_value says = json_get(item, "says");
        (void)snprintf(r->place, TRAIL_PLACE_BYTES, "doubts[%zu]", i);
        TRY(read_text(r, json_get(says, "zh"), TRAIL_LONG_BYTES, &d->doubts[i].zh));
        TRY(read_text(r, json_get(says, "en"), TRAIL_LONG_BYTES, &d->doubts[i].en));
        TRY(read_ids(r, json_get(item, "entries"), &d->doubts[i].entries));
    }
    return OK;
}

static err read_head(const struct reading *r, json_value root, struct refund_doc *d)
{
    json_value frozen = json_get(root, "frozen");
    json_value text = json_get(root, "rule_text");
    str code = STR("");
    TRY(read_fields(r, head_fields, COUNT_OF(head_fields), root, d));
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "frozen");
    TRY(read_amount(json_get(frozen, "amount"), &d->frozen));
    TRY(read_text(r, json_get(frozen, "time"), TRAIL_WORD_BYTES, &d->frozen_time));
    if (failed(instant_parse(d->frozen_time, &d->frozen_at)))
        return fail(ERR_MALFORMED, "print.wrong", 0);
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "rule_text");
    TRY(read_text(r, json_get(text, "zh"), REFUND_RULE_BYTES, &d->rule_zh));
    TRY(read_text(r, json_get(text, "en"), REFUND_RULE_BYTES, &d->rule_en));
    (void)snprintf(r->place, TRAIL_PLACE_BYTES, "currency");
    if (failed(json_read_str(json_get(root, "currency"), &code)))
        return missing_or_wrong(json_get(root, "currency"));
    return currency_parse(code, &d->currency);
}

static err read_all(const struct reading *r, json_value root, struct refund_doc *d)
{
    void *rows = NULL;
    str form = STR("");
    if (!json_is_absent(json_get(root, "statement")))
        root = json_get(root, "statement");
    bool is_form = !failed(json_read_str(json_get(root, "form"), &form));
    if (!is_form || !str_equal(form, STR("yumen-refund 1")))
        return fail(ERR_MALFORMED, "print.not_a_refund", 0);
    TRY(read_head(r, root, d));
    TRY(read_table(r, &entry_table, root, &rows, &d->entry_count));
    d->entries = rows;
    TRY(read_table(r, &claim_table, root, &rows, &d->claim_count));
    d->claims = rows;
    TRY(read_table(r, &step_table, root, &rows, &d->step_count));
    d->steps = rows;
    TRY(read_shares(r, root, d));
    TRY(read_doubts(r, root, d));
    for (size_t i = 0; i < d->claim_count; i++)
        TRY(amount_add(&d->returned, d->claims[i].amount));
    return OK;
}

err refund_doc_read(str json, struct arena *a, struct refund_doc *ret_doc,
                    char ret_place[TRAIL_PLACE_BYTES])
{
    struct json_doc doc = {0};
    struct refund_doc d = {0};
    struct reading r = {.arena = a, .place = ret_place};
    ret_place[0] = '\0';
    TRY(json_doc_parse(json, TRAIL_DOC_BYTES, &doc));
    err e = read_all(&r, doc.root, &d);
    json_doc_done(&doc);
    TRY(e);
    ret_place[0] = '\0';
    *ret_doc = d;
    return OK;
}
