/* SPDX-License-Identifier: Apache-2.0 */
#include "app/call/api_decide.h"

/* To its end, or as if it had never begun; fails only where the fault is ours. */
static err settle(struct store *store, err outcome)
{
    if (!failed(outcome))
        return store_keep(store);
    TRY(store_undo(store));
    bool is_ours =
        outcome.code == ERR_OS || outcome.code == ERR_BUSY || outcome.code == ERR_CORRUPT;
    return is_ours ? outcome : OK;
}

err api_decide_many(struct call *call, struct store *store, instant at, const struct api_many *many)
{
    struct api_json made;
    struct json *j = api_json(call, &made);
    int64_t decided = 0;
    json_key(j, STR("refusals"));
    json_array(j);
    for (size_t i = 0; i < json_count(many->ids); i++) {
        str id = STR("");
        TRY(json_read_str(json_item(many->ids, i), &id));
        TRY(store_mark(store));
        err outcome = many->one(call, store, at, id);
        TRY(settle(store, outcome));
        decided += !failed(outcome);
        if (failed(outcome))
            api_refusal_put(call, j, many->what, id, outcome);
    }
    json_end(j);
    json_put_i64(j, STR("decided"), decided);
    return api_json_done(call, &made, 200);
}
