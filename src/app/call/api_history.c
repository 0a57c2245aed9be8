/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_history.h"

#include "app/call/api_auth.h"

err history_put(struct call *call, struct json *j, str record)
{
    struct leaf_query q = {.after = -1, .record = record, .limit = 200};
    struct leaf_page page = {0};
    TRY(reader_leaves(call->reader, &q, &call->arena, &page));
    int zone = call->house->law.zone_min;
    json_key(j, STR("history"));
    json_array(j);
    for (size_t i = 0; i < page.count; i++) {
        const struct leaf_row *leaf = &page.items[i];
        json_object(j);
        json_put_i64(j, STR("index"), (int64_t)leaf->index);
        json_put_instant(j, STR("at"), leaf->at, zone);
        json_put_str(j, STR("act"), leaf->act);
        json_put_str(j, STR("actor"), auth_name_of(call, leaf->actor));
        json_put_str_if_any(j, STR("why"), leaf->why);
        json_end(j);
    }
    json_end(j);
    return OK;
}
