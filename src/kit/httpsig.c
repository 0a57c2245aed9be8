/* SPDX-License-Identifier: Apache-2.0 */
#include "kit/httpsig.h"

#include "kit/digest.h"
#include "kit/sfv.h"

#include <assert.h>

enum { NONCE_LEAST_BYTES = 8 };

static err spent(void)
{
    return fail(ERR_LIMIT, "signature: no memory left", 0);
}

/* --- digest ---- */

str httpsig_digest(str body, struct arena *a)
{
    struct digest d = digest_of(body);
    struct text t;
    text_init(&t, a);
    text_put_c(&t, "sha-256=:");
    text_put_base64(&t, d.bytes, sizeof d.bytes);
    text_put_char(&t, ':');
    return text_spent(&t) ? STR("") : text_str(&t);
}

static bool bytes_of(const struct sfv_item *item, void *ret_bytes, size_t size)
{
    size_t have = 0;
    return item->kind == SFV_BYTES && !failed(base64_parse(item->slice, ret_bytes, size, &have)) &&
           have == size;
}

err httpsig_digest_check(str content_digest, str body)
{
    struct digest want = digest_of(body);
    struct sfv s = sfv_of(content_digest);
    bool is_there = false;
    str key;
    while (sfv_member(&s, &key)) {
        struct digest said = {0};
        struct sfv_item item;
        if (!str_equal(key, STR("sha-256"))) {
            sfv_skip(&s);
            continue;
        }
        if (!sfv_item(&s, &item) || !bytes_of(&item, said.bytes, sizeof said.bytes) ||
            !digest_equal(&said, &want))
            return fail(ERR_DENIED, "signature.digest", 0);
        is_there = true;
    }
    if (s.is_bad || !is_there)
        return fail(ERR_DENIED, "signature.digest", 0);
    return OK;
}

/* --- parse ---- */

static bool take_components(struct sfv *s, struct httpsig *sig)
{
    struct sfv_item item;
    if (!sfv_inner_begin(s))
        return false;
    while (sfv_inner_item(s, &item)) {
        /* Parameters of a component (";req", ";bs") say to read it otherwise: we do not. */
        bool is_plain = item.kind == SFV_STRING && s->rest.size > 0 && s->rest.at[0] != ';';
        if (!is_plain || sig->component_count == HTTPSIG_COMPONENTS)
            return false;
        for (size_t i = 0; i < sig->component_count; i++)
            if (str_equal(sig->components[i], item.slice))
                return false;
        sig->components[sig->component_count++] = item.slice;
    }
    return !s->is_bad;
}

static bool take_parameters(struct sfv *s, struct httpsig *sig)
{
    str key;
    struct sfv_item item;
    while (sfv_parameter(s, &key, &item)) {
        bool is_str = item.kind == SFV_STRING;
        bool is_int = item.kind == SFV_INTEGER && item.number >= 0;
        if (str_equal(key, STR("created")) && is_int)
            sig->created_s = item.number;
        else if (str_equal(key, STR("expires")) && is_int)
            sig->expires_s = item.number;
        else if (str_equal(key, STR("nonce")) && is_str)
            sig->nonce = item.slice;
        else if (str_equal(key, STR("keyid")) && is_str)
            sig->keyid = item.slice;
        else if (str_equal(key, STR("alg")) && is_str)
            sig->alg = item.slice;
        else if (!str_equal(key, STR("tag")) || !is_str)
            return false;
    }
    return !s->is_bad;
}

static bool take_signature(str field, str label, struct signature *ret_signature)
{
    struct sfv s = sfv_of(field);
    bool is_there = false;
    str key;
    while (sfv_member(&s, &key)) {
        struct sfv_item item;
        if (!str_equal(key, label)) {
            sfv_skip(&s);
            continue;
        }
        if (is_there || !sfv_item(&s, &item) ||
            !bytes_of(&item, ret_signature->bytes, SIGNATURE_BYTES))
            return false;
        is_there = true;
    }
    return is_there && !s.is_bad;
}

static bool parse_member(struct sfv *s, str signature, struct httpsig *sig)
{
    const char *begin = s->rest.at;
    sig->created_s = -1;
    sig->expires_s = -1;
    if (!take_components(s, sig) || !take_parameters(s, sig))
        return false;
    sig->params = str_make(begin, (size_t)(s->rest.at - begin));
    return take_signature(signature, sig->label, &sig->signature);
}

err httpsig_parse(str signature_input, str signature, struct httpsig room[HTTPSIG_LABELS],
                  size_t *ret_count)
{
    struct sfv s = sfv_of(signature_input);
    size_t count = 0;
    str label;
    while (sfv_member(&s, &label)) {
        if (count == HTTPSIG_LABELS)
            return fail(ERR_MALFORMED, "signature.malformed", 0);
        room[count] = (struct httpsig){.label = label};
        if (!parse_member(&s, signature, &room[count]))
            return fail(ERR_MALFORMED, "signature.malformed", 0);
        count++;
    }
    if (s.is_bad)
        return fail(ERR_MALFORMED, "signature.malformed", 0);
    *ret_count = count;
    return OK;
}

/* --- base ---- */

static void put_lower(struct text *t, str s)
{
    for (size_t i = 0; i < s.size; i++) {
        bool is_upper = s.at[i] >= 'A' && s.at[i] <= 'Z';
        text_put_char(t, is_upper ? (char)(s.at[i] + ('a' - 'A')) : s.at[i]);
    }
}

/* In lower case and without the port that goes without saying (RFC 9421, 2.2.3). */
static void put_authority(struct text *t, const struct httpsig_request *r)
{
    str a = r->authority;
    if (str_equal_nocase(r->scheme, STR("https")) && str_ends(a, STR(":443")))
        a = str_until(a, a.size - 4);
    else if (str_equal_nocase(r->scheme, STR("http")) && str_ends(a, STR(":80")))
        a = str_until(a, a.size - 3);
    put_lower(t, a);
}

static void put_request_target(struct text *t, const struct httpsig_request *r)
{
    text_put(t, str_is_empty(r->path) ? STR("/") : r->path);
    if (r->has_query || !str_is_empty(r->query)) {
        text_put_char(t, '?');
        text_put(t, r->query);
    }
}

static void put_target_uri(struct text *t, const struct httpsig_request *r)
{
    put_lower(t, r->scheme);
    text_put_c(t, "://");
    put_authority(t, r);
    put_request_target(t, r);
}

/* An answer has a status, and a request all the others (RFC 9421, 2.2). */
static bool put_derived(struct text *t, str name, const struct httpsig_request *r)
{
    bool is_status = str_equal(name, STR("@status"));
    if (is_status != (r->status != 0))
        return false;
    if (is_status) {
        text_put_i64(t, r->status);
    } else if (str_equal(name, STR("@method"))) {
        text_put(t, r->method);
    } else if (str_equal(name, STR("@target-uri"))) {
        put_target_uri(t, r);
    } else if (str_equal(name, STR("@authority"))) {
        put_authority(t, r);
    } else if (str_equal(name, STR("@scheme"))) {
        put_lower(t, r->scheme);
    } else if (str_equal(name, STR("@request-target"))) {
        put_request_target(t, r);
    } else if (str_equal(name, STR("@path"))) {
        text_put(t, str_is_empty(r->path) ? STR("/") : r->path);
    } else if (str_equal(name, STR("@query"))) {
        text_put_char(t, '?');
        text_put(t, r->query);
    } else {
        return false;
    }
    return true;
}

static bool is_one_line(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] == '\r' || s.at[i] == '\n' || s.at[i] == '\0')
            return false;
    return true;
}

/* All of that name, joined by commas. */
static bool put_field(struct text *t, str name, const struct httpsig_request *r)
{
    bool is_there = false;
    for (size_t i = 0; i < r->field_count; i++) {
        if (!str_equal_nocase(r->fields[i].name, name))
            continue;
        if (!is_one_line(r->fields[i].value))
            return false;
        if (is_there)
            text_put_c(t, ", ");
        text_put(t, str_trim(r->fields[i].value));
        is_there = true;
    }
    return is_there;
}

static bool is_lower_name(str name)
{
    for (size_t i = 0; i < name.size; i++)
        if (name.at[i] >= 'A' && name.at[i] <= 'Z')
            return false;
    return name.size > 0;
}

err httpsig_base(const struct httpsig *sig, const struct httpsig_request *r, struct arena *a,
                 str *ret_base)
{
    struct text t;
    text_init(&t, a);
    for (size_t i = 0; i < sig->component_count; i++) {
        str name = sig->components[i];
        text_put_char(&t, '"');
        text_put(&t, name);
        text_put_c(&t, "\": ");
        bool is_derived = str_starts(name, STR("@"));
        if (!is_lower_name(name) ||
            !(is_derived ? put_derived(&t, name, r) : put_field(&t, name, r)))
            return fail(ERR_MALFORMED, "signature.component", (uint32_t)i);
        text_put_char(&t, '\n');
    }
    text_put_c(&t, "\"@signature-params\": ");
    text_put(&t, sig->params);
    if (text_spent(&t))
        return spent();
    *ret_base = text_str(&t);
    return OK;
}

/* --- make ---- */

static void put_component(struct text *t, str name)
{
    text_put_c(t, " \"");
    put_lower(t, name);
    text_put_char(t, '"');
}

static str make_params(const struct httpsig_request *r, const struct httpsig_stamp *stamp,
                       struct arena *a)
{
    struct text t;
    text_init(&t, a);
    text_put_c(&t, r->status != 0 ? "(\"@status\"" : "(\"@method\" \"@target-uri\"");
    text_put_c(&t, " \"content-digest\"");
    for (size_t i = 0; i < r->field_count; i++)
        put_component(&t, r->fields[i].name);
    text_put_c(&t, ");created=");
    text_put_i64(&t, stamp->created.us / US_PER_S);
    text_put_c(&t, ";nonce=\"");
    text_put(&t, stamp->nonce);
    text_put_c(&t, "\";keyid=\"");
    text_put(&t, stamp->keyid);
    text_put_c(&t, "\";alg=\"ed25519\"");
    return text_spent(&t) ? STR("") : text_str(&t);
}

/* What was just written, read back: one way to build a base, for both directions. */
static err sign(const struct httpsig_request *r, const struct httpsig_stamp *stamp, str params,
                struct arena *a, struct signature *ret_signature)
{
    struct httpsig sig = {.params = params};
    struct sfv s = sfv_of(params);
    bool is_ours = take_components(&s, &sig) && take_parameters(&s, &sig) && s.rest.size == 0;
    assert(is_ours); /* keyid, nonce and names are our own words */
    (void)is_ours;
    str base = STR("");
    TRY(httpsig_base(&sig, r, a, &base));
    sign_make(stamp->secret, base, ret_signature);
    return OK;
}

err httpsig_make(const struct httpsig_request *r, const struct httpsig_stamp *stamp,
                 struct arena *a, struct httpsig_made *ret_made)
{
    assert(r->field_count + 3 <= HTTPSIG_COMPONENTS);
    struct httpsig_field fields[HTTPSIG_COMPONENTS];
    struct httpsig_request whole = *r;
    struct httpsig_made made = {.content_digest = httpsig_digest(r->body, a)};
    str params = make_params(r, stamp, a);
    if (str_is_empty(made.content_digest) || str_is_empty(params))
        return spent();
    if (r->field_count > 0)
        memcpy(fields, r->fields, r->field_count * sizeof *fields);
    fields[whole.field_count++] =
        (struct httpsig_field){STR("content-digest"), made.content_digest};
    whole.fields = fields;
    struct signature signature;
    TRY(sign(&whole, stamp, params, a, &signature));
    struct text input;
    struct text value;
    text_init(&input, a);
    text_put_c(&input, "yumen=");
    text_put(&input, params);
    text_init(&value, a);
    text_put_c(&value, "yumen=:");
    text_put_base64(&value, signature.bytes, sizeof signature.bytes);
    text_put_char(&value, ':');
    if (text_spent(&input) || text_spent(&value))
        return spent();
    made.signature_input = text_str(&input);
    made.signature = text_str(&value);
    *ret_made = made;
    return OK;
}

/* --- check ---- */

static bool covers(const struct httpsig *sig, str name)
{
    for (size_t i = 0; i < sig->component_count; i++)
        if (str_equal(sig->components[i], name))
            return true;
    return false;
}

/* "@path" alone would leave the query to whoever stands between. */
static bool covers_target(const struct httpsig *sig, const struct httpsig_request *r)
{
    bool has_query = r->has_query || !str_is_empty(r->query);
    return covers(sig, STR("@target-uri")) || covers(sig, STR("@request-target")) ||
           (covers(sig, STR("@path")) && (!has_query || covers(sig, STR("@query"))));
}

static err check_terms(const struct httpsig *sig, const struct httpsig_request *r, instant now)
{
    bool is_covered = covers(sig, STR("@method")) && covers_target(sig, r) &&
                      (str_is_empty(r->body) || covers(sig, STR("content-digest")));
    bool is_named = sig->created_s >= 0 && !str_is_empty(sig->keyid) &&
                    sig->nonce.size >= NONCE_LEAST_BYTES && sig->nonce.size <= HTTPSIG_NONCE_BYTES;
    if (!is_covered || !is_named)
        return fail(ERR_DENIED, "signature.uncovered", 0);
    if (!str_is_empty(sig->alg) && !str_equal(sig->alg, STR("ed25519")))
        return fail(ERR_DENIED, "signature.algorithm", 0);
    int64_t now_s = now.us / US_PER_S;
    bool is_fresh = sig->created_s >= now_s - HTTPSIG_WINDOW_S &&
                    sig->created_s <= now_s + HTTPSIG_WINDOW_S &&
                    (sig->expires_s < 0 || sig->expires_s > now_s);
    if (!is_fresh)
        return fail(ERR_DENIED, "signature.stale", 0);
    return OK;
}

static err check_one(const struct httpsig *sig, const struct httpsig_request *r,
                     const struct sign_public *key, instant now, struct arena *a)
{
    str base = STR("");
    TRY(check_terms(sig, r, now));
    TRY(httpsig_base(sig, r, a, &base));
    if (!sign_check(key, base, &sig->signature))
        return fail(ERR_DENIED, "signature.wrong", 0);
    return OK;
}

static err join_field(const struct httpsig_request *r, str name, struct arena *a, str *ret_value)
{
    struct text t;
    text_init(&t, a);
    bool is_there = put_field(&t, name, r);
    if (text_spent(&t))
        return spent();
    *ret_value = is_there ? text_str(&t) : STR("");
    return OK;
}

err httpsig_check(const struct httpsig_request *r, const struct sign_public *key, instant now,
                  struct arena *a, struct httpsig *ret_sig)
{
    struct httpsig room[HTTPSIG_LABELS];
    size_t count = 0;
    str input = STR("");
    str signature = STR("");
    str digest = STR("");
    TRY(join_field(r, STR("signature-input"), a, &input));
    TRY(join_field(r, STR("signature"), a, &signature));
    TRY(join_field(r, STR("content-digest"), a, &digest));
    if (str_is_empty(input) || str_is_empty(signature))
        return fail(ERR_DENIED, "signature.absent", 0);
    TRY(httpsig_parse(input, signature, room, &count));
    err first = fail(ERR_DENIED, "signature.absent", 0);
    for (size_t i = 0; i < count; i++) {
        err e = check_one(&room[i], r, key, now, a);
        if (failed(e)) {
            first = i == 0 ? e : first;
            continue;
        }
        if (!str_is_empty(r->body) || !str_is_empty(digest))
            TRY(httpsig_digest_check(digest, r->body));
        *ret_sig = room[i];
        return OK;
    }
    return first;
}
