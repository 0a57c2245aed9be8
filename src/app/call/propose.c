/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/propose.h"

#include "feed/listing_row.h"

/* Text, or a number as a feed would write it; anything else is of the wrong kind. */
static err as_text(struct call *call, json_value v, str *ret_text)
{
    int64_t milli = 0;
    if (json_is_absent(v)) {
        *ret_text = STR("");
        return OK;
    }
    if (json_kind_of(v) != JSON_KIND_REAL && json_kind_of(v) != JSON_KIND_I64)
        return json_read_str(v, ret_text);
    TRY(json_read_milli(v, &milli));
    struct text t;
    struct json j;
    text_init(&t, &call->arena);
    json_init(&j, &t);
    json_milli(&j, milli);
    *ret_text = text_str(&t);
    return OK;
}

static err missing(struct call *call, const struct feed_column *column)
{
    static const struct {
        const char *column;
        const char *code;
    } codes[] = {
        {"kind",   "kind.missing"  },
        {"value",  "value.missing" },
        {"action", "action.missing"},
        {"reason", "reason.missing"},
        {"basis",  "basis.missing" },
        {"source", "source.missing"},
        {"until",  "until.missing" }
    };
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (strcmp(codes[i].column, column->name) == 0)
            return fail(ERR_MALFORMED, codes[i].code, 0);
    call->column = str_from_c(column->name);
    return fail(ERR_MALFORMED, "column.empty", 0);
}

static err fill_row(struct call *call, struct feed_row *row)
{
    for (size_t i = 0; i < row->shape->column_count; i++) {
        const struct feed_column *column = &row->shape->columns[i];
        str value = STR("");
        err e = as_text(call, json_get(call->doc.root, column->name), &value);
        if (failed(e)) {
            call->column = str_from_c(column->name);
            return e;
        }
        value = str_is_blank(value) ? STR("") : str_trim(value);
        if (str_is_empty(value) && i == LISTINGS_SOURCE)
            value = call->user_name;
        if (str_is_empty(value) && column->is_required)
            return missing(call, column);
        if (value.size > column->max_bytes) {
            call->column = str_from_c(column->name);
            return fail(ERR_LIMIT, "column.too_long", column->max_bytes);
        }
        row->values[i] = value;
    }
    return OK;
}

struct listing_row_rules propose_rules(const struct house *house)
{
    return (struct listing_row_rules){.now = clock_now(&house->clock),
                                      .phone_region = house->law.phone_region,
                                      .notice = house->law.notice};
}

void propose_fill(const struct actor *actor, struct listing *l)
{
    if (str_is_empty(l->division))
        l->division = actor->division;
}

err propose_from_json(struct call *call, struct listing *ret_listing)
{
    if (!call->has_doc)
        return fail(ERR_MALFORMED, "body.not_object", 0);
    struct feed_row row = {0};
    TRY(feed_find(STR("listings"), &row.shape));
    TRY(fill_row(call, &row));
    if (str_is_empty(row.values[LISTINGS_EVIDENCE])) /* a feed's row may leave it out */
        return fail(ERR_MALFORMED, "evidence.missing", 0);
    struct listing_row_rules rules = propose_rules(call->house);
    struct listing listing = {0};
    TRY(listing_row_read(&row, &rules, &call->arena, &listing, &call->column));
    propose_fill(&call->actor, &listing);
    *ret_listing = listing;
    return OK;
}
