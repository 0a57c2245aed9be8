/* SPDX-License-Identifier: Apache-2.0 */
#include "app/calls/suspect_rules.h"

#include "fact/number.h"

static int64_t day_of(const struct suspect_rules *r)
{
    return (r->at.us + r->house->law.zone_min * US_PER_MIN) / US_PER_DAY;
}

static int64_t again_us(const struct suspect_rules *r)
{
    return r->house->conf.detect_again_days * US_PER_DAY;
}

instant suspect_rules_until(const struct suspect_rules *r)
{
    return instant_add_us(r->at, again_us(r));
}

err suspect_rules_begin(struct suspect_rules *r, struct house *house, struct store *store,
                        instant at)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    r->house = house;
    r->db = store_sql(store);
    r->at = at;
    r->left = house->conf.detect_per_day;
    TRY(sql_ask(r->db, "SELECT \"said\" FROM detect_day WHERE \"day\" = $1", &row));
    sql_bind_i64(row, 1, day_of(r));
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        r->left -= sql_i64(row, 0);
    sql_done(&row);
    return e;
}

err suspect_rules_end(struct suspect_rules *r)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(r->db,
                "INSERT INTO detect_day (\"day\", \"said\", \"beyond\", \"protected\", \"known\")"
                " VALUES ($1, $2, $3, $4, $5) ON CONFLICT (\"day\") DO UPDATE SET"
                " \"said\" = detect_day.\"said\" + excluded.\"said\","
                " \"beyond\" = detect_day.\"beyond\" + excluded.\"beyond\","
                " \"protected\" = detect_day.\"protected\" + excluded.\"protected\","
                " \"known\" = detect_day.\"known\" + excluded.\"known\"",
                &row));
    sql_bind_i64(row, 1, day_of(r));
    for (int i = 0; i < FOUND_FATES; i++)
        sql_bind_i64(row, i + 2, r->counts[i]);
    return sql_finish(&row);
}

/* --- one number --- */

struct asked {
    str number;
    enum detector_kind by;
    int64_t since_us;
};

static err ask(const struct suspect_rules *r, const char *literal, const struct asked *asked,
               bool *ret_is)
{
    struct sql_row *row = NULL;
    TRY(sql_ask(r->db, literal, &row));
    sql_bind_str(row, 1, asked->number);
    sql_bind_str(row, 2, str_from_c(detector_words[asked->by]));
    sql_bind_i64(row, 3, asked->since_us);
    err e = sql_next(row, ret_is);
    sql_done(&row);
    return e;
}

static bool is_short_code(const struct suspect_rules *r, str number)
{
    struct number known = {0};
    const struct law_profile *law = &r->house->law;
    for (size_t i = 0; i < law->never_screened_count; i++)
        if (str_equal(number, law->never_screened[i]))
            return true;
    return !failed(number_parse(number, law->phone_region, r->turn, &known)) &&
           known.class == NUMBER_SHORT;
}

static err is_protected(const struct suspect_rules *r, const struct asked *asked, bool *ret_is)
{
    *ret_is = is_short_code(r, asked->number);
    if (*ret_is)
        return OK;
    return ask(r,
               "SELECT 1 FROM protected_value WHERE \"kind\" = 'number' AND \"value\" = $1"
               " AND $2 = $2 AND $3 = $3"
               " UNION ALL SELECT 1 FROM listing WHERE \"kind\" = 'number' AND \"value\" = $1"
               " AND \"state\" = 'in_force' AND \"action\" = 'allow' LIMIT 1",
               asked, ret_is);
}

static err is_known(const struct suspect_rules *r, const struct asked *asked, bool *ret_is)
{
    return ask(r,
               "SELECT 1 FROM suspicion WHERE \"number\" = $1 AND (\"state\" = 'open'"
               " OR (\"state\" = 'dismissed' AND \"detector\" = $2 AND \"decided_at\" > $3))"
               " UNION ALL SELECT 1 FROM listing l WHERE l.\"kind\" = 'number'"
               " AND l.\"value\" = $1 AND (l.\"state\" = 'proposed' OR l.\"state\" = 'in_force'"
               " OR ((l.\"state\" = 'refused' OR l.\"state\" = 'lifted') AND l.\"ended_at\" > $3"
               " AND NOT EXISTS (SELECT 1 FROM suspicion s WHERE s.\"listing\" = l.\"id\""
               " AND s.\"detector\" <> $2))) LIMIT 1",
               asked, ret_is);
}

static err find_open(const struct suspect_rules *r, str number, str *ret_open)
{
    struct sql_row *row = NULL;
    bool has_row = false;
    TRY(sql_ask(r->db, "SELECT \"id\" FROM suspicion WHERE \"number\" = $1 AND \"state\" = 'open'",
                &row));
    sql_bind_str(row, 1, number);
    err e = sql_next(row, &has_row);
    if (!failed(e) && has_row)
        *ret_open = sql_str(row, 0, r->turn);
    sql_done(&row);
    return e;
}

err suspect_rules_judge(struct suspect_rules *r, str number, enum detector_kind by,
                        enum found_fate *ret_fate, str *ret_open)
{
    const struct asked asked = {number, by, r->at.us - again_us(r)};
    bool is = false;
    *ret_open = STR("");
    *ret_fate = FOUND_SAID;
    TRY(is_protected(r, &asked, &is));
    if (is)
        *ret_fate = FOUND_PROTECTED;
    if (!is)
        TRY(is_known(r, &asked, &is));
    if (is && *ret_fate == FOUND_SAID) {
        *ret_fate = FOUND_KNOWN;
        TRY(find_open(r, number, ret_open));
    }
    if (*ret_fate == FOUND_SAID && r->left <= 0)
        *ret_fate = FOUND_BEYOND;
    r->left -= *ret_fate == FOUND_SAID;
    r->counts[*ret_fate]++;
    return OK;
}
