/* SPDX-License-Identifier: Apache-2.0 */
#include "drill/bank_check.h"

#include "kit/digest.h"

#define FRESH_S INT64_C(300)

/* label=("a" "b");created=1;… */
struct claimed {
    str label;
    str params; /* all behind "label=" */
    str parts[CHECK_PARTS];
    size_t count;
    int64_t created_s;
};

static err deny(const char *why)
{
    return fail(ERR_DENIED, why, 0);
}

/* "abc", and what is behind it */
static bool take_quoted(str *rest, str *ret_text)
{
    if (!str_starts(*rest, STR("\"")))
        return false;
    str inner = str_from(*rest, 1);
    size_t size = str_find_char(inner, '"');
    if (size == inner.size)
        return false;
    *ret_text = str_until(inner, size);
    *rest = str_from(inner, size + 1);
    return true;
}

static bool read_parts(str inside, struct claimed *c)
{
    while (!str_is_empty(inside)) {
        if (c->count == CHECK_PARTS || !take_quoted(&inside, &c->parts[c->count++]))
            return false;
        if (!str_is_empty(inside) && !str_starts(inside, STR(" ")))
            return false;
        inside = str_from(inside, inside.size > 0);
    }
    return true;
}

static bool read_params(str params, struct claimed *c)
{
    str one;
    while (str_split(&params, ';', &one))
        if (str_starts(one, STR("created=")))
            return !failed(str_parse_i64(str_from(one, STR("created=").size), &c->created_s));
    return false;
}

static err read_claimed(const struct door_message *m, struct claimed *c)
{
    str input = door_header(m, STR("Signature-Input"));
    size_t equals = str_find_char(input, '=');
    size_t close = str_find_char(input, ')');
    if (str_is_empty(input))
        return deny("no signature");
    *c = (struct claimed){.label = str_until(input, equals),
                          .params = str_from(input, equals + (equals < input.size))};
    if (!str_starts(c->params, STR("(")) || close == input.size)
        return deny("signature: malformed");
    str inside = str_until(str_from(c->params, 1), close - equals - 2);
    if (!read_parts(inside, c) || !read_params(str_from(input, close + 1), c))
        return deny("signature: malformed");
    return OK;
}

static bool covers(const struct claimed *c, str part)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_equal(c->parts[i], part))
            return true;
    return false;
}

/* RFC 9421 2.2 and 2.1: what stands behind a name. */
static bool put_value(struct text *t, const struct door_message *m, str part)
{
    str host = door_header(m, STR("Host"));
    str path = str_until(m->target, str_find_char(m->target, '?'));
    if (str_equal(part, STR("@method"))) {
        text_put(t, m->method);
    } else if (str_equal(part, STR("@path"))) {
        text_put(t, path);
    } else if (str_equal(part, STR("@authority"))) {
        text_put(t, host);
    } else if (str_equal(part, STR("@request-target"))) {
        text_put(t, m->target);
    } else if (str_equal(part, STR("@target-uri"))) {
        text_put_c(t, "http://");
        text_put(t, host);
        text_put(t, m->target);
    } else {
        str value = door_header(m, part);
        if (str_starts(part, STR("@")) || str_is_empty(value))
            return false;
        text_put(t, value);
    }
    return true;
}

static err check_digest(const struct door_message *m, struct arena *a)
{
    struct text t;
    struct digest d = digest_of(m->body);
    text_init(&t, a);
    text_put_c(&t, "sha-256=:");
    text_put_base64(&t, d.bytes, sizeof d.bytes);
    text_put_char(&t, ':');
    if (text_spent(&t))
        return fail(ERR_LIMIT, "limit.memory", 0);
    bool is_same = str_equal(door_header(m, STR("Content-Digest")), text_str(&t));
    return is_same ? OK : deny("signature: digest");
}

static err read_signature(const struct door_message *m, const struct claimed *c,
                          struct signature *ret_signature)
{
    str text = door_header(m, STR("Signature"));
    size_t size = 0;
    if (!str_starts(text, c->label))
        return deny("signature: malformed");
    text = str_from(text, c->label.size);
    if (!str_starts(text, STR("=:")) || !str_ends(text, STR(":")) || text.size < 4)
        return deny("signature: malformed");
    text = str_until(str_from(text, 2), text.size - 3);
    if (failed(base64_parse(text, ret_signature->bytes, sizeof ret_signature->bytes, &size)) ||
        size != sizeof ret_signature->bytes)
        return deny("signature: malformed");
    return OK;
}

err bank_check(const struct door_message *request, const struct sign_public *key, instant now,
               struct arena *a)
{
    struct claimed c;
    struct signature signature;
    struct text base;
    TRY(read_claimed(request, &c));
    TRY(read_signature(request, &c, &signature));
    bool has_target = covers(&c, STR("@target-uri")) || covers(&c, STR("@path")) ||
                      covers(&c, STR("@request-target"));
    if (!has_target || !covers(&c, STR("@method")) || !covers(&c, STR("content-digest")))
        return deny("signature: uncovered");
    int64_t age_s = now.us / US_PER_S - c.created_s;
    if (age_s > FRESH_S || age_s < -FRESH_S)
        return deny("signature: stale");
    TRY(check_digest(request, a));
    text_init(&base, a);
    for (size_t i = 0; i < c.count; i++) {
        text_put_char(&base, '"');
        text_put(&base, c.parts[i]);
        text_put_c(&base, "\": ");
        if (!put_value(&base, request, c.parts[i]))
            return deny("signature: uncovered");
        text_put_char(&base, '\n');
    }
    text_put_c(&base, "\"@signature-params\": ");
    text_put(&base, c.params);
    if (text_spent(&base))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return sign_check(key, text_str(&base), &signature) ? OK : deny("signature: wrong");
}
