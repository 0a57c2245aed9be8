/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/providers.h"

#include "conf/conf.h"

enum { ID_BYTES = 64, KEY_HEX = 64 };
static const struct node_bounds answer_bounds = {1, 30 * 86400};
static const struct node_bounds staff_bounds = {0, 100000};
#define ANSWER_S 300

static bool is_id(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_plain)
            return false;
    }
    return s.size >= 1 && s.size <= ID_BYTES;
}

static bool is_hex(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        bool is_digit = (s.at[i] >= '0' && s.at[i] <= '9') || (s.at[i] >= 'a' && s.at[i] <= 'f');
        if (!is_digit)
            return false;
    }
    return s.size == KEY_HEX;
}

static err read_word(struct conf_reading *r, const struct yaml_node *item, const char *key,
                     const char *const *words, unsigned *ret_word)
{
    const struct yaml_node *node = yaml_find(item, key);
    if (node == NULL)
        return OK; /* the first of its words */
    if (!word_parse(words, yaml_text(node), ret_word))
        return node_fail(r, node, str_from_c(key), "conf.word");
    return OK;
}

static err read_can(struct conf_reading *r, const struct yaml_node *item, unsigned *ret_can)
{
    const struct yaml_node *list = NULL;
    unsigned can = 0;
    TRY(node_child(r, item, "can", &list));
    TRY(node_check_list(r, list, ORDER_KIND_COUNT));
    for (const struct yaml_node *one = list->first; one != NULL; one = one->next) {
        unsigned kind = 0;
        if (!word_parse(order_kind_words, yaml_text(one), &kind))
            return node_fail(r, one, STR("can"), "conf.word");
        can |= 1U << kind;
    }
    if (can == 0)
        return node_fail(r, list, STR("can"), "conf.required");
    *ret_can = can;
    return OK;
}

static err read_codes(struct conf_reading *r, const struct yaml_node *item, struct provider *p)
{
    const struct yaml_node *list = yaml_find(item, "codes");
    if (list == NULL)
        return OK;
    TRY(node_check_list(r, list, CONF_LIST_MAX));
    str *codes = arena_make_array(r->arena, list->count + 1, sizeof *codes);
    if (codes == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (const struct yaml_node *one = list->first; one != NULL; one = one->next)
        TRY(node_text(r, one, ID_BYTES, &codes[p->code_count++]));
    p->codes = codes;
    return OK;
}

static err read_outlet(struct conf_reading *r, const struct yaml_node *item,
                       struct provider_outlet *ret_outlet)
{
    static const char *const known[] = {"code", "staff"};
    const struct yaml_node *staff = NULL;
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "code", &ret_outlet->code));
    TRY(node_child(r, item, "staff", &staff));
    return node_i64(r, staff, staff_bounds, &ret_outlet->staff);
}

static err read_outlets(struct conf_reading *r, const struct yaml_node *item, struct provider *p)
{
    const struct yaml_node *list = yaml_find(item, "outlets");
    if (list == NULL)
        return OK;
    TRY(node_check_list(r, list, CONF_OUTLETS_MAX));
    struct provider_outlet *outlets = arena_make_array(r->arena, list->count + 1, sizeof *outlets);
    if (outlets == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    for (const struct yaml_node *one = list->first; one != NULL; one = one->next)
        TRY(read_outlet(r, one, &outlets[p->outlet_count++]));
    p->outlets = outlets;
    return OK;
}

/* What may be left out. */
static err read_rest(struct conf_reading *r, const struct yaml_node *item, struct provider *p)
{
    const struct yaml_node *url = yaml_find(item, "url");
    const struct yaml_node *key = yaml_find(item, "key");
    const struct yaml_node *answer = yaml_find(item, "answer_s");
    if (url != NULL)
        TRY(node_text(r, url, CONF_TEXT_BYTES, &p->url));
    if (key != NULL)
        TRY(node_text(r, key, KEY_HEX, &p->key));
    if (answer != NULL)
        TRY(node_i64(r, answer, answer_bounds, &p->answer_s));
    if (p->way == PROVIDER_PUSH && url == NULL)
        return node_fail(r, item, STR("url"), "conf.required");
    if (url != NULL && failed(conf_url_check(p->url)))
        return node_fail(r, url, STR("url"), "conf.url");
    if (!str_is_empty(p->key) && !is_hex(p->key))
        return node_fail(r, key, STR("key"), "conf.key");
    return OK;
}

static err read_one(struct conf_reading *r, const struct yaml_node *item,
                    struct provider *ret_provider)
{
    static const char *const known[] = {"id",  "name", "kind",  "can",      "way",    "form",
                                        "url", "key",  "codes", "answer_s", "outlets"};
    struct provider p = {.url = STR(""), .key = STR(""), .answer_s = ANSWER_S};
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "id", &p.id));
    if (!is_id(p.id))
        return node_fail(r, yaml_find(item, "id"), STR("id"), "conf.name");
    TRY(node_child_text(r, item, "name", &p.name));
    TRY(read_word(r, item, "kind", provider_kind_words, &p.kind));
    TRY(read_word(r, item, "way", provider_way_words, &p.way));
    TRY(read_word(r, item, "form", provider_form_words, &p.form));
    TRY(read_can(r, item, &p.can));
    TRY(read_codes(r, item, &p));
    TRY(read_outlets(r, item, &p));
    TRY(read_rest(r, item, &p));
    *ret_provider = p;
    return OK;
}

err conf_providers_read(struct conf_reading *r, const struct yaml_node *list,
                        struct providers *ret_providers)
{
    TRY(node_check_list(r, list, CONF_LIST_MAX));
    struct provider *at = arena_make_array(r->arena, list->count + 1, sizeof *at);
    if (at == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct providers all = {.at = at};
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        TRY(read_one(r, item, &at[all.count]));
        if (provider_find(&all, at[all.count].id) != NULL)
            return node_fail(r, item, at[all.count].id, "conf.repeated");
        all.count++;
    }
    *ret_providers = all;
    return OK;
}
