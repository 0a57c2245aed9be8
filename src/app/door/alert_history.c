/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/alert_history.h"

#include "app/call/api_auth.h"
#include "app/door/api_alerts.h"
#include "ledger/leaf.h"

enum { LEAVES_MOST = 200 };

static str said(const struct leaf *leaf, const char *name)
{
    const struct leaf_field *f = leaf_field_find(leaf, str_from_c(name));
    return f == NULL || f->form != LEAF_PLAIN ? STR("") : f->value;
}

/* How the alert was after it; a reading leaves it as it was, and says nothing. */
static err put_after(struct call *call, struct json *j, str body)
{
    struct leaf leaf;
    int64_t due_us = 0;
    TRY(leaf_decode(body, &call->arena, &leaf));
    str officer = said(&leaf, "officer");
    str due = said(&leaf, "due_at");
    json_put_str_if_any(j, STR("tier"), said(&leaf, "tier"));
    if (!str_is_empty(officer))
        json_put_str(j, STR("officer"), auth_name_of(call, officer));
    json_put_str_if_any(j, STR("told"), said(&leaf, "told"));
    if (str_is_empty(due))
        return OK;
    TRY(str_parse_i64(due, &due_us));
    json_put_instant(j, STR("due_at"), instant_from_us(due_us), call->house->law.zone_min);
    return OK;
}

static err put_step(struct call *call, struct json *j, const struct leaf_row *leaf)
{
    json_object(j);
    json_put_i64(j, STR("index"), (int64_t)leaf->index);
    json_put_instant(j, STR("at"), leaf->at, call->house->law.zone_min);
    json_put_str(j, STR("act"), leaf->act);
    json_put_str(j, STR("actor"), auth_name_of(call, leaf->actor));
    json_put_str_if_any(j, STR("why"), leaf->why);
    TRY(put_after(call, j, leaf->body));
    json_end(j);
    return OK;
}

static err leaves_of(struct call *call, str record, struct leaf_page *ret_page)
{
    struct leaf_query q = {.after = -1, .record = record, .limit = LEAVES_MOST};
    return reader_leaves(call->reader, &q, &call->arena, ret_page);
}

err alert_history_put(struct call *call, struct json *j, const struct alert *a)
{
    struct leaf_page own = {0};
    struct leaf_page where = {0};
    union record r;
    TRY(leaves_of(call, a->id, &own));
    err e = alerts_find_whereabouts(call, a->id, &r);
    if (!failed(e))
        e = leaves_of(call, r.whereabouts.id, &where);
    if (failed(e) && e.code != ERR_ABSENT)
        return e;
    json_key(j, STR("history"));
    json_array(j);
    for (size_t i = 0, k = 0; i + k < own.count + where.count;) {
        bool is_own =
            k == where.count || (i < own.count && own.items[i].index < where.items[k].index);
        TRY(put_step(call, j, is_own ? &own.items[i++] : &where.items[k++]));
    }
    json_end(j);
    return OK;
}
