/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/conf.h"

#include "conf/address.h"
#include "conf/node.h"
#include "conf/options.h"
#include "conf/providers.h"
#include "conf/trunks.h"
#include "fact/digits.h"

#include <assert.h>

static bool is_name(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
        if (!is_plain)
            return false;
    }
    return s.size <= 253;
}

static bool is_listen(str s)
{
    str host = {0};
    uint16_t port = 0;
    return str_is_empty(s) || !failed(conf_address_parse(s, &host, &port));
}

static bool is_host_or_empty(str s)
{
    return str_is_empty(s) || address_is_host(s);
}

static bool is_any(str s)
{
    (void)s;
    return true;
}

/* How the types that are one str are checked. */
static const struct {
    bool (*is_sound)(str s);
    const char *why;
} text_checks[] = {
    [CONF_TEXT] = {is_any,           "conf.not_text"},
    [CONF_LISTEN] = {is_listen,        "conf.address" },
    [CONF_HOST] = {is_host_or_empty, "conf.host"    },
    [CONF_NAME] = {is_name,          "conf.name"    },
};

static err read_text(struct conf_reading *r, const struct conf_option *option,
                     const struct yaml_node *node, str *ret_text)
{
    str text = {0};
    TRY(node_text(r, node, CONF_TEXT_BYTES, &text));
    if (!text_checks[option->type].is_sound(text))
        return node_fail(r, node, str_from_c(option->key), text_checks[option->type].why);
    *ret_text = text;
    return OK;
}

static err read_word(struct conf_reading *r, const struct conf_option *option,
                     const struct yaml_node *node, unsigned *ret_word)
{
    str text = {0};
    TRY(node_text(r, node, CONF_TEXT_BYTES, &text));
    return word_parse(option->words, text, ret_word)
               ? OK
               : node_fail(r, node, str_from_c(option->key), "conf.word");
}

static err read_tsig(struct conf_reading *r, const struct yaml_node *item,
                     struct conf_tsig *ret_tsig)
{
    static const char *const known[] = {"name", "algorithm", "secret_file"};
    struct conf_tsig key = {.algorithm = STR("hmac-sha256"), .secret_file = STR("")};
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "name", &key.name));
    const struct yaml_node *file = yaml_find(item, "secret_file");
    if (file != NULL)
        TRY(node_text(r, file, CONF_TEXT_BYTES, &key.secret_file));
    const struct yaml_node *algorithm = yaml_find(item, "algorithm");
    if (algorithm != NULL)
        TRY(node_text(r, algorithm, CONF_TEXT_BYTES, &key.algorithm));
    if (!is_name(key.name))
        return node_fail(r, item, STR("name"), "conf.name");
    if (algorithm != NULL && !str_equal(key.algorithm, STR("hmac-sha256")) &&
        !str_equal(key.algorithm, STR("hmac-sha512")))
        return node_fail(r, algorithm, algorithm->key, "conf.word");
    *ret_tsig = key;
    return OK;
}

static const struct conf_tsig *tsig_find(const struct conf_tsigs *keys, str name)
{
    for (size_t i = 0; i < keys->count; i++)
        if (str_equal_nocase(keys->at[i].name, name))
            return &keys->at[i];
    return NULL;
}

static err read_tsigs(struct conf_reading *r, const struct yaml_node *node,
                      struct conf_tsigs *ret_keys)
{
    TRY(node_check_list(r, node, CONF_LIST_MAX));
    struct conf_tsig *keys = arena_make_array(r->arena, node->count + 1, sizeof(*keys));
    if (keys == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct conf_tsigs done = {.at = keys};
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        TRY(read_tsig(r, item, &keys[done.count]));
        if (tsig_find(&done, keys[done.count].name) != NULL)
            return node_fail(r, item, STR("name"), "conf.repeated");
        done.count++;
    }
    *ret_keys = done;
    return OK;
}

static err read_secondary(struct conf_reading *r, const struct yaml_node *item,
                          struct conf_secondary *ret_secondary)
{
    static const char *const known[] = {"address", "tsig", "polls"};
    static const char *const words[] = {"no", "yes", NULL};
    static const struct conf_option polls_option = {.key = "polls", .words = words};
    struct conf_secondary one = {.tsig = STR("")};
    TRY(node_check_keys(r, item, known, COUNT_OF(known)));
    TRY(node_child_text(r, item, "address", &one.address));
    str host = {0};
    uint16_t port = 0;
    bool is_sound = address_is_host(one.address) ||
                    (!failed(conf_address_parse(one.address, &host, &port)) && port != 0);
    if (!is_sound)
        return node_fail(r, yaml_find(item, "address"), STR("address"), "conf.address");
    const struct yaml_node *tsig = yaml_find(item, "tsig");
    if (tsig != NULL)
        TRY(node_text(r, tsig, CONF_TEXT_BYTES, &one.tsig));
    const struct yaml_node *polls = yaml_find(item, "polls");
    unsigned word = 0;
    if (polls != NULL)
        TRY(read_word(r, &polls_option, polls, &word));
    one.polls = word == 1;
    *ret_secondary = one;
    return OK;
}

static err read_secondaries(struct conf_reading *r, const struct yaml_node *node,
                            struct conf_secondaries *ret_list)
{
    TRY(node_check_list(r, node, CONF_LIST_MAX));
    struct conf_secondary *list = arena_make_array(r->arena, node->count + 1, sizeof(*list));
    if (list == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct conf_secondaries done = {.at = list};
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        TRY(read_secondary(r, item, &list[done.count++]));
    *ret_list = done;
    return OK;
}

static err read_texts(struct conf_reading *r, const struct yaml_node *node,
                      struct conf_texts *ret_list)
{
    TRY(node_check_list(r, node, CONF_LIST_MAX));
    str *list = arena_make_array(r->arena, node->count + 1, sizeof(*list));
    if (list == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    struct conf_texts done = {.at = list};
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next)
        TRY(node_text(r, item, CONF_TEXT_BYTES, &list[done.count++]));
    *ret_list = done;
    return OK;
}

static err read_option(struct conf_reading *r, const struct conf_option *option,
                       const struct yaml_node *node, struct conf *conf)
{
    void *at = (char *)conf + option->offset;
    switch (option->type) {
    case CONF_TEXT:
    case CONF_LISTEN:
    case CONF_HOST:
    case CONF_NAME:
        return read_text(r, option, node, at);
    case CONF_INT:
        return node_i64(r, node, (struct node_bounds){option->low, option->high}, at);
    case CONF_WORD:
        return read_word(r, option, node, at);
    case CONF_TSIGS:
        return read_tsigs(r, node, at);
    case CONF_SECONDARIES:
        return read_secondaries(r, node, at);
    case CONF_TEXTS:
        return read_texts(r, node, at);
    case CONF_NETS:
        return conf_nets_read(r, node, at);
    case CONF_TRUNKS:
        return conf_trunks_read(r, node, at);
    case CONF_PROVIDERS:
        return conf_providers_read(r, node, at);
    case CONF_RESERVED:
        break;
    }
    return node_fail(r, node, node->key, "conf.reserved");
}

/* The default of an option is read as if it stood in the file. */
static err presets_read(struct conf_reading *r, struct conf *conf)
{
    for (size_t i = 0; i < conf_option_count; i++) {
        const struct conf_option *option = &conf_options[i];
        if (option->type == CONF_RESERVED)
            continue;
        bool is_list = option->type == CONF_TSIGS || option->type == CONF_SECONDARIES ||
                       option->type == CONF_TEXTS || option->type == CONF_NETS ||
                       option->type == CONF_TRUNKS || option->type == CONF_PROVIDERS;
        struct yaml_node node = {.kind = is_list ? YAML_KIND_LIST : YAML_KIND_SCALAR,
                                 .key = str_from_c(option->key),
                                 .value = str_from_c(option->preset)};
        err e = read_option(r, option, &node, conf);
        assert(!failed(e) || e.code == ERR_LIMIT);
        TRY(e);
    }
    return OK;
}

/* Where we are in the tree: groups within groups, and the path to them. */
struct walk {
    const struct yaml_node *next[CONF_PATH_DEPTH];
    size_t path_bytes[CONF_PATH_DEPTH];
    size_t depth;
    char path[CONF_PATH_BYTES];
};

/* The node's path; what is longer than any option's has no room and is no option's. */
static bool path_put(struct walk *w, str key, str *ret_path)
{
    size_t begin = w->path_bytes[w->depth];
    size_t dot = begin > 0;
    if (begin + dot + key.size > CONF_PATH_BYTES)
        return false;
    if (dot > 0)
        w->path[begin] = '.';
    if (key.size > 0)
        memcpy(w->path + begin + dot, key.at, key.size);
    *ret_path = str_make(w->path, begin + dot + key.size);
    return true;
}

static err walk_step(struct conf_reading *r, struct walk *w, const struct yaml_node *node,
                     struct conf *conf)
{
    str path = {0};
    bool has_dot = str_find_char(node->key, '.') < node->key.size; /* two spellings of one option */
    if (has_dot || !path_put(w, node->key, &path))
        return node_fail(r, node, node->key, "conf.unknown_key");
    const struct conf_option *option = conf_option_find(path);
    if (option != NULL) {
        err e = read_option(r, option, node, conf);
        if (failed(e) && str_equal(r->fault.key, node->key))
            r->fault.key = str_from_c(option->key);
        return e;
    }
    if (!conf_group_exists(path))
        return node_fail(r, node, str_copy(r->arena, path), "conf.unknown_key");
    if (str_is_empty(yaml_text(node)) && node->kind == YAML_KIND_SCALAR)
        return OK; /* "dns:" and nothing under it */
    TRY(node_check_map(r, node));
    assert(w->depth + 1 < CONF_PATH_DEPTH); /* no option's path is that deep */
    w->depth++;
    w->next[w->depth] = node->first;
    w->path_bytes[w->depth] = path.size;
    return OK;
}

static err tree_read(struct conf_reading *r, const struct yaml_node *root, struct conf *conf)
{
    TRY(node_check_map(r, root));
    struct walk w = {.next = {root->first}};
    for (;;) {
        const struct yaml_node *node = w.next[w.depth];
        if (node == NULL && w.depth == 0)
            return OK;
        if (node == NULL) {
            w.depth--;
            continue;
        }
        w.next[w.depth] = node->next;
        TRY(walk_step(r, &w, node, conf));
    }
}

/* It stands between '<' and '>' in a header. */
static bool is_header_url(str url)
{
    return !failed(conf_url_check(url)) && str_is_plain(url) &&
           str_find_char(url, '>') == url.size && str_find_char(url, ' ') == url.size;
}

static bool is_mail(str s)
{
    size_t at = str_find_char(s, '@');
    return at > 0 && at + 1 < s.size && str_is_plain(s) && str_find_char(s, ' ') == s.size;
}

/* "+86-10-12345678", RFC 3966 5.1.4. */
static bool is_global_tel(str s)
{
    size_t digits = 0;
    for (size_t i = 1; i < s.size; i++) {
        if (!digit_is(s.at[i]) && s.at[i] != '-')
            return false;
        digits += digit_is(s.at[i]);
    }
    return s.size > 0 && s.at[0] == '+' && digits >= 3;
}

/* Nobody is rejected without being told where to turn. */
static err sip_check(struct conf_reading *r, const struct yaml_node *sip, const struct conf *conf)
{
    const struct {
        const char *key;
        const char *name;
        str value;
        bool (*is_fine)(str value);
        const char *why;
    } rows[] = {
        {"redress_url",   "sip.redress_url",   conf->sip_redress_url,   is_header_url, "conf.url" },
        {"redress_page",  "sip.redress_page",  conf->sip_redress_page,  is_header_url, "conf.url" },
        {"redress_email", "sip.redress_email", conf->sip_redress_email, is_mail,       "conf.mail"},
        {"redress_tel",   "sip.redress_tel",   conf->sip_redress_tel,   is_global_tel, "conf.tel" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (!str_is_empty(rows[i].value) && !rows[i].is_fine(rows[i].value))
            return node_fail(r, yaml_find(sip, rows[i].key), str_from_c(rows[i].name), rows[i].why);
    if (str_is_empty(conf->sip_redress_url) && !str_is_empty(conf->sip_listen))
        return node_fail(r, yaml_find(sip, "listen"), STR("sip.redress_url"), "conf.redress");
    return OK;
}

/* Whose trunks they are. */
static err trunks_check(struct conf_reading *r, const struct yaml_node *sip,
                        const struct conf *conf)
{
    for (size_t i = 0; i < conf->sip_trunks.count; i++) {
        str carrier = conf->sip_trunks.at[i].carrier;
        const struct provider *owner = provider_find(&conf->providers, carrier);
        bool is_known = owner != NULL && owner->kind == PROVIDER_CARRIER;
        if (!str_is_empty(carrier) && !is_known)
            return node_fail(r, yaml_find(sip, "trunks"), carrier, "conf.carrier_unknown");
    }
    return OK;
}

/* What one option alone cannot know. */
static err whole_check(struct conf_reading *r, const struct yaml_node *root, struct conf *conf)
{
    const struct yaml_node *dns = yaml_find(root, "dns");
    const struct yaml_node *notice = yaml_find(dns, "notice");
    if (!str_is_empty(conf->dns_notice_cname) && yaml_find(notice, "a") == NULL)
        conf->dns_notice_a = STR("");
    bool has_address = !str_is_empty(conf->dns_notice_a) || !str_is_empty(conf->dns_notice_aaaa);
    if (has_address == !str_is_empty(conf->dns_notice_cname))
        return node_fail(r, notice, STR("dns.notice"), "conf.notice");
    for (size_t i = 0; i < conf->dns_secondaries.count; i++) {
        str key = conf->dns_secondaries.at[i].tsig;
        if (!str_is_empty(key) && tsig_find(&conf->dns_tsigs, key) == NULL)
            return node_fail(r, yaml_find(dns, "secondaries"), key, "conf.tsig_unknown");
    }
    TRY(trunks_check(r, yaml_find(root, "sip"), conf));
    return sip_check(r, yaml_find(root, "sip"), conf);
}

err conf_read(str yaml, struct arena *boot, struct conf *ret_conf, struct conf_fault *ret_fault)
{
    assert(boot != NULL && ret_conf != NULL && ret_fault != NULL);
    struct conf_reading r = {.arena = boot, .fault = {.key = STR("")}};
    struct conf conf = {0};
    const struct yaml_node *root = NULL;
    TRY(presets_read(&r, &conf));
    err e = yaml_parse(yaml, boot, &root);
    r.fault.line = failed(e) ? e.at : 0;
    if (!failed(e))
        e = tree_read(&r, root, &conf);
    if (!failed(e))
        e = whole_check(&r, root, &conf);
    if (failed(e)) {
        *ret_fault = r.fault;
        return e;
    }
    *ret_conf = conf;
    return OK;
}

static void shorten(int64_t *days, int64_t own)
{
    if (own > 0 && own < *days)
        *days = own;
}

void conf_shorten_retention(const struct conf *conf, struct law_profile *law)
{
    shorten(&law->appeal_retention_days, conf->appeal_retention_days);
    shorten(&law->listing_retention_days, conf->listing_retention_days);
    shorten(&law->reject_retention_days, conf->reject_retention_days);
}
