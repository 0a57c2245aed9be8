/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/outcomes.h"

#include "app/house/detector.h"
#include "tally/interval.h"

enum { HEX_BYTES = 2 * DIGEST_BYTES };

static bool may_together(const struct outcomes *o, int64_t percent)
{
    int64_t of = o->right + o->wrong;
    return percent > 0 && of > 0 &&
           interval_wilson(o->right, of).low_milli * 100 >= percent * INTERVAL_WHOLE;
}

/* Many at once have one decider and one moment. */
static err read_one(struct call *call, enum detector_kind by, str digest, struct outcomes *ret)
{
    const struct house *house = call->house;
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(
        api_sql(call),
        "WITH said AS (SELECT \"state\", \"listing\","
        " count(*) OVER (PARTITION BY \"state\", \"decider\", \"decided_at\") AS \"beside\""
        " FROM suspicion WHERE \"found_at\" > $1 AND \"detector\" = $2"
        " AND ($3 = '' OR \"digest\" = $3)) SELECT"
        " count(*) FILTER (WHERE said.\"beside\" = 1 AND l.\"state\" IN ('in_force', 'expired')),"
        " count(*) FILTER (WHERE said.\"state\" = 'dismissed' OR l.\"state\" IN ('refused', "
        "'lifted')),"
        " count(*) FILTER (WHERE said.\"state\" = 'open' OR l.\"state\" = 'proposed')"
        " FROM said LEFT JOIN listing l ON l.\"id\" = said.\"listing\"",
        &row));
    sql_bind_i64(row, 1, clock_now(&house->clock).us - OUTCOME_DAYS * US_PER_DAY);
    sql_bind_str(row, 2, str_from_c(detector_words[by]));
    sql_bind_str(row, 3, digest);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret = (struct outcomes){sql_i64(row, 0), sql_i64(row, 1), sql_i64(row, 2), false};
    ret->may_together = may_together(ret, house->law.together_percent);
    sql_done(&row);
    return e;
}

err outcomes_read(struct call *call, struct outcomes ret_outcomes[DETECTOR_COUNT])
{
    const struct detector *d = call->house->detector;
    char hex[HEX_BYTES];
    hex_put(hex, d->model.digest.bytes, DIGEST_BYTES);
    str digest = d->has_model ? str_make(hex, sizeof hex) : STR("");
    ret_outcomes[DETECTOR_CALLERS] = ret_outcomes[DETECTOR_BOXES] = (struct outcomes){0};
    TRY(read_one(call, DETECTOR_CALLERS, digest, &ret_outcomes[DETECTOR_CALLERS]));
    return read_one(call, DETECTOR_BOXES, STR(""), &ret_outcomes[DETECTOR_BOXES]);
}

static void put_milli(struct json *j, str key, int64_t milli)
{
    json_key(j, key);
    json_milli(j, milli);
}

void outcomes_put(struct call *call, struct json *j, const struct outcomes o[DETECTOR_COUNT])
{
    json_key(j, STR("measured"));
    json_array(j);
    for (unsigned i = 0; i < DETECTOR_COUNT; i++) {
        int64_t of = o[i].right + o[i].wrong;
        if (of + o[i].waiting == 0)
            continue;
        json_object(j);
        json_put_str(j, STR("detector"), str_from_c(detector_words[i]));
        json_put_i64(j, STR("right"), o[i].right);
        json_put_i64(j, STR("wrong"), o[i].wrong);
        json_put_i64(j, STR("waiting"), o[i].waiting);
        if (of > 0) {
            struct interval between = interval_wilson(o[i].right, of);
            put_milli(j, STR("share_percent"), interval_share_milli(o[i].right, of));
            put_milli(j, STR("low_percent"), between.low_milli);
            put_milli(j, STR("high_percent"), between.high_milli);
        }
        json_put_i64(j, STR("asked_percent"), call->house->law.together_percent);
        json_put_bool(j, STR("may_together"), o[i].may_together);
        json_end(j);
    }
    json_end(j);
}
