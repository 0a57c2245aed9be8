/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/detection.h"

#include "app/house/detector.h"

#include <math.h>

#define MILLI 1000

enum { COUNTS = 4 };

static err read_today(struct call *call, int64_t ret_counts[COUNTS])
{
    const struct house *house = call->house;
    struct sql_row *row = NULL;
    bool has_row = false;
    int64_t local_us = clock_now(&house->clock).us + house->law.zone_min * US_PER_MIN;
    TRY(sql_ask(api_sql(call),
                "SELECT \"said\", \"beyond\", \"protected\", \"known\" FROM detect_day"
                " WHERE \"day\" = $1",
                &row));
    sql_bind_i64(row, 1, local_us / US_PER_DAY);
    err e = sql_next(row, &has_row);
    for (int i = 0; i < COUNTS; i++)
        ret_counts[i] = !failed(e) && has_row ? sql_i64(row, i) : 0;
    sql_done(&row);
    return e;
}

static const char *state_of(const struct house *house)
{
    const struct detector *d = house->detector;
    if (str_equal(house->conf.detect_callers, STR("none")))
        return "off";
    if (!d->has_model)
        return "no_model";
    return d->has_threshold ? "on" : "no_threshold";
}

static void put_model(struct json *j, const struct detector *d)
{
    char hex[2 * DIGEST_BYTES];
    if (!d->has_model)
        return;
    hex_put(hex, d->model.digest.bytes, DIGEST_BYTES);
    json_put_str(j, STR("model"), d->model.name);
    json_put_str(j, STR("digest"), str_make(hex, sizeof hex));
    if (!d->has_threshold)
        return;
    json_key(j, STR("threshold"));
    json_milli(j, llround((double)d->threshold * MILLI));
}

err detection_put(struct call *call, struct json *j)
{
    static const char *const names[COUNTS] = {"said", "beyond", "protected", "known"};
    int64_t counts[COUNTS];
    TRY(read_today(call, counts));
    json_key(j, STR("detection"));
    json_object(j);
    json_put_str(j, STR("callers"), str_from_c(state_of(call->house)));
    json_put_str(j, STR("boxes"), call->house->detector->has_cards ? STR("on") : STR("off"));
    put_model(j, call->house->detector);
    for (int i = 0; i < COUNTS; i++)
        json_put_i64(j, str_from_c(names[i]), counts[i]);
    json_end(j);
    return OK;
}
