/* SPDX-License-Identifier: Apache-2.0 */
#include "app/door/misp_read.h"

static const struct {
    const char *type;
    unsigned kind;
    bool is_pair; /* "name|port": the first */
} types[] = {
    {"domain",          INDICATOR_DOMAIN,  false},
    {"hostname",        INDICATOR_DOMAIN,  false},
    {"domain|ip",       INDICATOR_DOMAIN,  true },
    {"hostname|port",   INDICATOR_DOMAIN,  true },
    {"url",             INDICATOR_URL,     false},
    {"phone-number",    INDICATOR_NUMBER,  false},
    {"prtn",            INDICATOR_NUMBER,  false},
    {"cc-number",       INDICATOR_ACCOUNT, false},
    {"iban",            INDICATOR_ACCOUNT, false},
    {"bank-account-nr", INDICATOR_ACCOUNT, false},
};

struct reading {
    struct misp_reading *out;
    str region;
    struct arena *turn;
};

static bool says(json_value attribute, const char *key, bool preset)
{
    bool is = preset;
    return failed(json_read_bool(json_get(attribute, key), &is)) ? preset : is;
}

static bool is_there(const struct misp_reading *r, const struct indicator *thing)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->things[i].kind == thing->kind && str_equal(r->things[i].value, thing->value))
            return true;
    return false;
}

static err read_value(struct reading *r, size_t type, str value)
{
    struct indicator thing = {0};
    str rest = value;
    if (types[type].is_pair)
        (void)str_split(&rest, '|', &value);
    err e = indicator_parse(types[type].kind, value, r->region, r->turn, &thing);
    if (e.code == ERR_LIMIT)
        return e;
    if (failed(e)) {
        r->out->refused++;
        return OK;
    }
    if (is_there(r->out, &thing))
        return OK;
    if (r->out->count == MISP_THINGS_MOST)
        return fail(ERR_LIMIT, "misp.too_many", MISP_THINGS_MOST);
    r->out->things[r->out->count++] = thing;
    return OK;
}

static err read_attribute(struct reading *r, json_value attribute)
{
    str type = STR("");
    str value = STR("");
    if (failed(json_read_str(json_get(attribute, "type"), &type)) ||
        failed(json_read_str(json_get(attribute, "value"), &value))) {
        r->out->refused++;
        return OK;
    }
    bool is_wanted = says(attribute, "to_ids", true) && !says(attribute, "deleted", false);
    for (size_t i = 0; is_wanted && i < COUNT_OF(types); i++)
        if (str_equal(type, str_from_c(types[i].type)))
            return read_value(r, i, value);
    r->out->skipped++;
    return OK;
}

static err read_attributes(struct reading *r, json_value of)
{
    json_value all = json_get(of, "Attribute");
    for (size_t i = 0; i < json_count(all); i++)
        TRY(read_attribute(r, json_item(all, i)));
    return OK;
}

static err read_event(struct reading *r, json_value event)
{
    json_value objects = json_get(event, "Object");
    if (json_kind_of(event) != JSON_KIND_OBJECT)
        return fail(ERR_MALFORMED, "misp.no_event", 0);
    TRY(read_attributes(r, event));
    for (size_t i = 0; i < json_count(objects); i++)
        if (!says(json_item(objects, i), "deleted", false))
            TRY(read_attributes(r, json_item(objects, i)));
    return OK;
}

err misp_read(json_value root, str region, struct arena *turn, struct misp_reading *ret_reading)
{
    struct reading r = {.out = ret_reading, .region = region, .turn = turn};
    json_value many = json_get(root, "response");
    *ret_reading = (struct misp_reading){
        .things = arena_make_array(turn, MISP_THINGS_MOST, sizeof *ret_reading->things)};
    if (ret_reading->things == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    if (json_is_absent(many))
        return read_event(&r, json_get(root, "Event"));
    for (size_t i = 0; i < json_count(many); i++)
        TRY(read_event(&r, json_get(json_item(many, i), "Event")));
    return json_count(many) > 0 ? OK : fail(ERR_MALFORMED, "misp.no_event", 0);
}
