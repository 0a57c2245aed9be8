/* SPDX-License-Identifier: Apache-2.0 */
#include "sense/feature.h"
#include "train/table.h"

/* Who somebody is, where they are from, live or go, whom they belong to. Numbers are judged by what
 * they do; persons are not judged. A list cannot be complete: the second guard is that the running
 * detector binds to the features of a conduct and to no others (sense/model_row.h). */
static const char *const words[] = {
    "address",   "age",         "beat",       "birth",      "birthday", "born",     "cell",
    "citizen",   "city",        "country",    "county",     "criminal", "district", "division",
    "education", "ethnic",      "ethnicity",  "faith",      "family",   "father",   "gender",
    "holder",    "home",        "idcard",     "income",     "job",      "language", "lat",
    "latitude",  "location",    "lon",        "longitude",  "married",  "mother",   "name",
    "nation",    "nationality", "native",     "occupation", "origin",   "owner",    "passport",
    "person",    "place",       "prefecture", "province",   "race",     "region",   "relative",
    "relatives", "religion",    "residence",  "returnee",   "sex",      "spouse",   "street",
    "town",      "victim",      "village",
};

static bool is_feature(str column)
{
    for (enum feature f = 0; f < FEATURE_COUNT; f++)
        if (str_equal(column, str_from_c(feature_name(f))))
            return true;
    return false;
}

/* "city_name_count" by its words; "age_days" of a conduct is a number's, and says so there. */
bool table_is_person(str column)
{
    str piece = STR("");
    str rest = column;
    if (is_feature(column))
        return false;
    while (str_split(&rest, '_', &piece))
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (str_equal(piece, str_from_c(words[i])))
                return true;
    return false;
}
