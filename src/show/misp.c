/* SPDX-License-Identifier: Apache-2.0 */
#include "show/misp.h"

#include <stdio.h>

enum { THREAT_MEDIUM = 2, ANALYSIS_DONE = 2, INHERIT = 5 };

struct form {
    const char *type;
    const char *category;
    bool is_acted_on;
};

/* Of MISP's own list of types and the categories that it allows for each. */
static struct form form_of(const struct listing *l)
{
    static const struct form forms[INDICATOR_KIND_COUNT] = {
        [INDICATOR_NUMBER] = {"phone-number",    "Financial fraud",  true },
        [INDICATOR_DOMAIN] = {"domain",          "Network activity", true },
        [INDICATOR_URL] = {"url",             "Network activity", true },
        [INDICATOR_ACCOUNT] = {"bank-account-nr", "Financial fraud",  true },
        [INDICATOR_DEVICE] = {"other",           "Other",            false},
        [INDICATOR_COMPANY] = {"other",           "Other",            false},
    };
    struct form f = forms[l->kind];
    bool is_card = true;
    bool is_iban = l->value.size > 4 && !str_has(l->value, STR(":")) && l->value.at[0] >= 'A';
    for (size_t i = 0; i < l->value.size; i++)
        is_card = is_card && l->value.at[i] >= '0' && l->value.at[i] <= '9';
    if (l->kind == INDICATOR_DOMAIN && l->match == MATCH_EXACT)
        f.type = "hostname";
    if (l->kind == INDICATOR_ACCOUNT && (is_card || is_iban))
        f.type = is_card ? "cc-number" : "iban";
    return f;
}

/* MISP writes its numbers as text. */
static void put_number(struct json *j, str key, int64_t n)
{
    char room[24];
    int size = snprintf(room, sizeof room, "%lld", (long long)n);
    json_put_str(j, key, str_make(room, (size_t)size));
}

void misp_event_put(struct json *j, const struct misp_event *e)
{
    json_put_str(j, STR("info"), e->info);
    json_put_str(j, STR("date"), e->date);
    put_number(j, STR("timestamp"), e->at.us / US_PER_S);
    put_number(j, STR("analysis"), ANALYSIS_DONE);
    put_number(j, STR("threat_level_id"), THREAT_MEDIUM);
    json_key(j, STR("Orgc"));
    json_object(j);
    json_put_str(j, STR("name"), e->centre);
    json_put_str(j, STR("uuid"), e->centre_uuid);
    json_end(j);
    json_key(j, STR("Tag"));
    json_array(j);
    json_object(j);
    json_put_str(j, STR("name"), STR("tlp:amber"));
    json_end(j);
    json_end(j);
}

void misp_attribute_put(struct json *j, const struct misp_attribute *a)
{
    const struct listing *l = a->listing;
    struct form f = form_of(l);
    instant at = l->ended_at.us != 0 ? l->ended_at : l->decided_at;
    json_object(j);
    json_put_str(j, STR("uuid"), a->uuid);
    json_put_str(j, STR("type"), str_from_c(f.type));
    json_put_str(j, STR("category"), str_from_c(f.category));
    json_put_str(j, STR("value"), l->value);
    json_put_str(j, STR("comment"), a->comment);
    json_put_bool(j, STR("to_ids"), f.is_acted_on && l->action == ACTION_BLOCK && !a->is_over);
    json_put_bool(j, STR("deleted"), a->is_over);
    json_put_bool(j, STR("disable_correlation"), false);
    put_number(j, STR("distribution"), INHERIT);
    put_number(j, STR("timestamp"), at.us / US_PER_S);
    json_end(j);
}
