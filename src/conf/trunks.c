/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/trunks.h"

enum { NAME_BYTES = 64 };

static const struct node_bounds rate_bounds = {0, 100000};
static const char *const kinds[] = {"domestic", "international", NULL};
static const char *const answers[] = {"608", "603", NULL};
static const char *const numbers[] = {"national", "e164", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};

err conf_nets_read(struct conf_reading *r, const struct yaml_node *list, struct conf_nets *ret_nets)
{
    TRY(node_check_list(r, list, CONF_LIST_MAX));
    struct conf_net *nets = arena_make_array(r->arena, list->count + 1, sizeof *nets);
    if (nets == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct conf_nets done = {.at = nets};
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        str text = {0};
        TRY(node_text(r, item, CONF_TEXT_BYTES, &text));
        if (failed(conf_net_parse(text, &nets[done.count++])))
            return node_fail(r, item, text, "conf.net");
    }
    *ret_nets = done;
    return OK;
}

/* It stands in labels of figures. */
static bool is_trunk_name(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (!is_plain)
            return false;
    }
    return s.size >= 1 && s.size <= NAME_BYTES;
}

/* *ret_word stays when nothing is said. */
static err read_word(struct conf_reading *r, const struct yaml_node *item, const char *key,
                     const char *const *words, unsigned *ret_word)
{
    const struct yaml_node *node = yaml_find(item, key);
    if (node != NULL && !word_parse(words, yaml_text(node), ret_word))
        return node_fail(r, node, str_from_c(key), "conf.word");
    return OK;
}

static err read_trunk(struct conf_reading *r, const struct yaml_node *item,
                      struct conf_trunk *ret_trunk)
{
    static const char *const known[] = {"name",    "from",    "kind",        "reject",
                                        "numbers", "asserts", "calls_per_s", "carrier"};
    struct conf_trunk t = {0};
    const struct yaml_node *from = NULL;
    unsigned kind = 0;
    unsigned answer = 0;
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "name", &t.name));
    TRY(node_child(r, item, "from", &from));
    TRY(conf_nets_read(r, from, &t.from));
    TRY(read_word(r, item, "kind", kinds, &kind));
    unsigned as_dialled = kind;   /* from abroad, E.164 */
    unsigned asserts = kind != 1; /* and whom others assert is not known here */
    TRY(read_word(r, item, "reject", answers, &answer));
    TRY(read_word(r, item, "numbers", numbers, &as_dialled));
    TRY(read_word(r, item, "asserts", yes_no, &asserts));
    const struct yaml_node *carrier = yaml_find(item, "carrier");
    if (carrier != NULL)
        TRY(node_text(r, carrier, NAME_BYTES, &t.carrier));
    const struct yaml_node *rate = yaml_find(item, "calls_per_s");
    if (rate != NULL)
        TRY(node_i64(r, rate, rate_bounds, &t.calls_per_s));
    if (!is_trunk_name(t.name))
        return node_fail(r, yaml_find(item, "name"), STR("name"), "conf.name");
    if (t.from.count == 0)
        return node_fail(r, from, STR("from"), "conf.required");
    t.is_international = kind == 1;
    t.is_declining = answer == 1;
    t.is_e164 = as_dialled == 1;
    t.is_asserting = asserts == 1;
    *ret_trunk = t;
    return OK;
}

static bool has_name(const struct conf_trunks *trunks, str name)
{
    for (size_t i = 0; i < trunks->count; i++)
        if (str_equal(trunks->at[i].name, name))
            return true;
    return false;
}

err conf_trunks_read(struct conf_reading *r, const struct yaml_node *list,
                     struct conf_trunks *ret_trunks)
{
    TRY(node_check_list(r, list, CONF_LIST_MAX));
    struct conf_trunk *at = arena_make_array(r->arena, list->count + 1, sizeof *at);
    if (at == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct conf_trunks all = {.at = at};
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        TRY(read_trunk(r, item, &at[all.count]));
        if (has_name(&all, at[all.count].name))
            return node_fail(r, item, STR("name"), "conf.repeated");
        all.count++;
    }
    *ret_trunks = all;
    return OK;
}
