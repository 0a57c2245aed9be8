/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/passport.h"

#include "gate/sip/caller.h"
#include "gate/sip/scan.h"
#include "kit/hash.h"
#include "kit/json.h"

#include <assert.h>

/* --- the header, RFC 8224 4 --- */

struct identity {
    str token; /* three parts with dots */
    str info;
    str algorithm; /* as the header says it; empty: not said */
    str kind;
};

static bool is_token_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-' || c == '_';
}

static str without_quotes(str s)
{
    bool is_quoted = s.size >= 2 && s.at[0] == '"';
    return is_quoted ? str_until(str_from(s, 1), s.size - 2) : s;
}

static bool url_read(struct scan *s, str *ret_url)
{
    const char *begin = s->at;
    while (s->at<s->end && * s->at> ' ' && *s->at < 127 && *s->at != '>' && *s->at != '"' &&
           *s->at != '\\')
        s->at++;
    *ret_url = scan_since(s, begin);
    return scan_take(s, '>') && ret_url->size > 0 && ret_url->size < SIP_URL_BYTES;
}

static bool param_read(struct scan *s, struct identity *id)
{
    struct scan as_url = *s;
    str name = {0};
    struct sip_param param = {0};
    if (scan_token(&as_url, &name) && str_equal_nocase(name, STR("info")) &&
        scan_separator(&as_url, '=') && scan_take(&as_url, '<')) {
        *s = as_url;
        return url_read(s, &id->info);
    }
    if (!scan_param(s, &param))
        return false;
    if (str_equal_nocase(param.name, STR("alg")))
        id->algorithm = without_quotes(param.value);
    if (str_equal_nocase(param.name, STR("ppt")))
        id->kind = without_quotes(param.value);
    return true;
}

static bool identity_read(str value, struct identity *id)
{
    struct scan s = scan_of(value);
    const char *begin = s.at;
    while (s.at < s.end && is_token_char(*s.at))
        s.at++;
    id->token = scan_since(&s, begin);
    while (scan_separator(&s, ';'))
        if (!param_read(&s, id))
            return false;
    scan_blanks(&s);
    return scan_at_end(&s) && id->token.size > 0 && id->info.size > 0;
}

/* --- when: Date, RFC 3261 20.17 --- */

static bool scan_of_digits(struct scan *s, uint64_t most, int *ret_number)
{
    uint64_t number = 0;
    if (!scan_number(s, most, &number))
        return false;
    *ret_number = (int)number;
    return true;
}

static bool month_read(struct scan *s, int *ret_month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    str name = {0};
    if (!scan_token(s, &name) || name.size != 3)
        return false;
    for (int i = 0; i < 12; i++)
        if (memcmp(names + 3 * i, name.at, 3) == 0) {
            *ret_month = i + 1;
            return true;
        }
    return false;
}

/* "Sat, 13 Nov 2010 23:29:00 GMT" */
static bool date_read(str date, int64_t *ret_at_s)
{
    struct scan s = scan_of(date);
    str word = {0};
    int day = 0;
    int month = 0;
    int year = 0;
    int part[3] = {0};
    if (!scan_token(&s, &word) || !scan_separator(&s, ',') || !scan_of_digits(&s, 31, &day))
        return false;
    scan_blanks(&s);
    if (!month_read(&s, &month))
        return false;
    scan_blanks(&s);
    if (!scan_of_digits(&s, 9999, &year) || year < 1970 || day == 0)
        return false;
    scan_blanks(&s);
    for (int i = 0; i < 3; i++)
        if ((i > 0 && !scan_take(&s, ':')) || !scan_of_digits(&s, i == 0 ? 23 : 60, &part[i]))
            return false;
    scan_blanks(&s);
    if (!scan_token(&s, &word) || !str_equal(word, STR("GMT")) || !scan_at_end(&s))
        return false;
    int64_t day_s = instant_from_civil(year, month, day, 0).us / US_PER_S;
    *ret_at_s = day_s + part[0] * INT64_C(3600) + part[1] * INT64_C(60) + part[2];
    return true;
}

/* --- the compact form, RFC 8225 7: what it leaves out is in the request --- */

static void put_party(struct json *j, const struct sip_uri *uri, const struct sip_came *call,
                      struct arena *turn, bool is_many)
{
    struct text t;
    text_init(&t, turn);
    str number = sip_number_of(uri, call->trunk, turn);
    bool is_number = number.size > 0;
    if (is_number) {
        text_put(&t, str_from(number, str_starts(number, STR("+"))));
    } else {
        text_put(&t, STR("sip:"));
        text_put(&t, uri->user);
        text_put(&t, STR("@"));
        text_put(&t, uri->host);
    }
    json_object(j);
    json_key(j, is_number ? STR("tn") : STR("uri"));
    if (is_many)
        json_array(j);
    json_str(j, text_str(&t));
    if (is_many)
        json_end(j);
    json_end(j);
}

/* Keys in the order of RFC 8225 9. */
static bool whole_make(struct identity *id, const struct sip_came *call, struct arena *turn)
{
    struct text header;
    struct text claims;
    struct text whole;
    struct json j;
    int64_t at_s = 0;
    const struct sip_message *m = call->message;
    if (id->kind.size > 0 || !date_read(m->date, &at_s))
        return false;
    text_init(&header, turn);
    text_init(&claims, turn);
    text_init(&whole, turn);
    json_init(&j, &header);
    json_object(&j);
    json_put_str(&j, STR("alg"), STR("ES256"));
    json_put_str(&j, STR("typ"), STR("passport"));
    json_put_str(&j, STR("x5u"), id->info);
    json_end(&j);
    json_init(&j, &claims);
    json_object(&j);
    json_key(&j, STR("dest"));
    put_party(&j, &m->to.uri, call, turn, true);
    json_put_i64(&j, STR("iat"), at_s);
    json_key(&j, STR("orig"));
    put_party(&j, &m->from.uri, call, turn, false);
    json_end(&j);
    jws_put_message(&whole, text_str(&header), text_str(&claims));
    text_put(&whole, str_from(id->token, 1));
    id->token = text_str(&whole);
    return !text_spent(&header) && !text_spent(&claims) && !text_spent(&whole);
}

/* --- what is claimed --- */

enum { NAMES_MOST = 16 };

struct names {
    str at[NAMES_MOST];
    bool is_number[NAMES_MOST];
    size_t count;
};

struct claims {
    struct names caller; /* one */
    struct names callees;
    int64_t at_s;
    enum sip_finding attested;
};

static bool name_put(struct names *n, json_value v, bool is_number)
{
    if (n->count == NAMES_MOST || failed(json_read_str(v, &n->at[n->count])))
        return false;
    n->is_number[n->count++] = is_number;
    return true;
}

static bool names_put(struct names *n, json_value list, bool is_number)
{
    for (size_t i = 0; i < json_count(list); i++)
        if (!name_put(n, json_item(list, i), is_number))
            return false;
    return json_is_absent(list) || json_kind_of(list) == JSON_KIND_ARRAY;
}

static bool caller_read(json_value orig, struct names *n)
{
    json_value number = json_get(orig, "tn");
    json_value uri = json_get(orig, "uri");
    if (json_is_absent(number) == json_is_absent(uri))
        return false;
    return json_is_absent(uri) ? name_put(n, number, true) : name_put(n, uri, false);
}

static bool attested_read(json_value root, enum sip_finding *ret_finding)
{
    str word = {0};
    str origin = {0};
    if (failed(json_read_str(json_get(root, "attest"), &word)) ||
        failed(json_read_str(json_get(root, "origid"), &origin)) || word.size != 1 ||
        origin.size == 0 || word.at[0] < 'A' || word.at[0] > 'C')
        return false;
    *ret_finding = (enum sip_finding)(SIP_FOUND_attested_a + (word.at[0] - 'A'));
    return true;
}

static bool claims_read(json_value root, bool is_shaken, struct claims *c)
{
    json_value dest = json_get(root, "dest");
    c->attested = SIP_FOUND_signed;
    return caller_read(json_get(root, "orig"), &c->caller) &&
           names_put(&c->callees, json_get(dest, "tn"), true) &&
           names_put(&c->callees, json_get(dest, "uri"), false) && c->callees.count > 0 &&
           !failed(json_read_i64(json_get(root, "iat"), &c->at_s)) &&
           (!is_shaken || attested_read(root, &c->attested));
}

/* --- against the call --- */

/* RFC 8224 8.5: what follows user and host does not count. */
static bool is_uri(str text, const struct sip_uri *of)
{
    struct sip_uri uri = {0};
    return sip_uri_read(text, &uri) && uri.scheme != SIP_SCHEME_OTHER && uri.user.size > 0 &&
           str_equal(uri.user, of->user) && str_equal_nocase(uri.host, of->host);
}

static bool is_named(const struct names *n, const struct sip_uri *uri, const struct sip_came *call,
                     struct arena *turn)
{
    for (size_t i = 0; i < n->count; i++) {
        str digits = str_from(n->at[i], str_starts(n->at[i], STR("+")));
        bool is_it = n->is_number[i] ? sip_is_number_of(uri, call->trunk, digits, turn)
                                     : is_uri(n->at[i], uri);
        if (is_it)
            return true;
    }
    return false;
}

static bool is_of_caller(const struct claims *c, const struct sip_came *call, struct arena *turn)
{
    const struct sip_message *m = call->message;
    for (size_t i = 0; call->trunk->is_asserting && i < m->asserted.count; i++) {
        str rest = m->asserted.at[i];
        struct sip_party party = {0};
        while (rest.size > 0 && sip_party_read(rest, &party, &rest))
            if (is_named(&c->caller, &party.uri, call, turn))
                return true;
    }
    return is_named(&c->caller, &m->from.uri, call, turn);
}

static bool is_to_callee(const struct claims *c, const struct sip_came *call, struct arena *turn)
{
    return is_named(&c->callees, &call->message->to.uri, call, turn) ||
           is_named(&c->callees, &call->message->uri, call, turn);
}

/* Shown by another call, and not long ago? It is remembered as this one's otherwise. */
static bool is_replayed(const struct sip_checking *by, const struct sip_came *call, str signature)
{
    uint64_t key = hash_key(signature.at, signature.size, by->seed);
    str id = call->message->call_id;
    uint32_t of = (uint32_t)hash_key(id.at, id.size, by->seed);
    uint32_t now_s = (uint32_t)(call->at.us / US_PER_S);
    struct sip_shown_line *line = &by->shown[key % SIP_SHOWN_LINES];
    struct sip_shown_once *oldest = &line->slot[0];
    for (size_t i = 0; i < SIP_SHOWN_SLOTS; i++) {
        struct sip_shown_once *slot = &line->slot[i];
        if (slot->passport == key)
            return slot->call != of;
        if (slot->at_s < oldest->at_s)
            oldest = slot;
    }
    *oldest = (struct sip_shown_once){.passport = key, .call = of, .at_s = now_s};
    return false;
}

static const struct tncert *certificate_of(const struct sip_signers *signers, str url)
{
    size_t low = 0;
    size_t high = signers->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(signers->at[middle].url, url);
        if (order == 0)
            return signers->at[middle].certificate;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool may_sign(const struct tncert *certificate, const struct names *caller)
{
    str name = caller->at[0];
    return !caller->is_number[0] ||
           tncert_is_for(certificate, str_from(name, str_starts(name, STR("+"))));
}

static bool is_fresh(int64_t at_s, int64_t now_s, int64_t fresh_s)
{
    return at_s >= now_s - fresh_s && at_s <= now_s + fresh_s;
}

/* One value on its way through the questions. */
struct check {
    const struct sip_checking *by;
    const struct sip_came *call;
    struct arena *turn;
    struct identity id;
    struct jws_parts parts;
    bool is_shaken;
};

/* All that can be said without arithmetic. */
static enum sip_finding call_check(const struct check *k, const struct claims *c,
                                   const struct tncert *certificate)
{
    const struct sip_came *call = k->call;
    if (call->at.us < tncert_from(certificate).us || call->at.us >= tncert_until(certificate).us)
        return SIP_FOUND_ended_certificate;
    if (!may_sign(certificate, &c->caller))
        return SIP_FOUND_not_entitled;
    if (!is_fresh(c->at_s, call->at.us / US_PER_S, k->by->fresh_s))
        return SIP_FOUND_stale;
    if (!is_of_caller(c, call, k->turn))
        return SIP_FOUND_other_caller;
    return is_to_callee(c, call, k->turn) ? c->attested : SIP_FOUND_other_callee;
}

/* What the token says of itself. Who signs does not choose how it is checked (RFC 8725 3.1). */
static enum sip_finding header_check(struct check *k, json_value root)
{
    const struct identity *id = &k->id;
    str algorithm = {0};
    str type = {0};
    str url = {0};
    str kind = STR("");
    bool is_es256 = !failed(json_read_str(json_get(root, "alg"), &algorithm)) &&
                    str_equal(algorithm, STR("ES256")) &&
                    (id->algorithm.size == 0 || str_equal(id->algorithm, STR("ES256")));
    if (!is_es256)
        return SIP_FOUND_algorithm;
    json_value said = json_get(root, "ppt");
    if ((!json_is_absent(said) && failed(json_read_str(said, &kind))) ||
        (id->kind.size > 0 && !str_equal(id->kind, kind)) ||
        !json_is_absent(json_get(root, "crit")))
        return SIP_FOUND_malformed;
    k->is_shaken = str_equal(kind, STR("shaken"));
    if (kind.size > 0 && !k->is_shaken)
        return SIP_FOUND_other_kind;
    bool is_passport =
        !failed(json_read_str(json_get(root, "typ"), &type)) && str_equal(type, STR("passport")) &&
        !failed(json_read_str(json_get(root, "x5u"), &url)) && str_equal(url, id->info);
    return is_passport ? SIP_FOUND_signed : SIP_FOUND_malformed;
}

static enum sip_finding claims_check(struct check *k, json_value root)
{
    struct claims c = {0};
    if (!claims_read(root, k->is_shaken, &c))
        return SIP_FOUND_malformed;
    const struct tncert *certificate = certificate_of(k->by->signers, k->id.info);
    if (certificate == NULL)
        return SIP_FOUND_unknown_certificate;
    enum sip_finding found = call_check(k, &c, certificate);
    if (found != c.attested)
        return found;
    if (!tncert_signed(certificate, &k->parts))
        return SIP_FOUND_forged;
    return is_replayed(k->by, k->call, k->parts.signature) ? SIP_FOUND_replayed : found;
}

static enum sip_finding json_check(struct check *k, str json,
                                   enum sip_finding (*check)(struct check *k, json_value root))
{
    struct json_doc doc = {0};
    if (failed(json_doc_parse(json, SIP_PASSPORT_BYTES, &doc)))
        return SIP_FOUND_malformed;
    enum sip_finding found = check(k, doc.root);
    json_doc_done(&doc);
    return found;
}

enum sip_finding sip_passport_check(const struct sip_checking *by, const struct sip_came *call,
                                    str identity, struct arena *turn, str *ret_url)
{
    assert(by != NULL && by->shown != NULL && call != NULL);
    struct check k = {.by = by, .call = call, .turn = turn};
    *ret_url = STR("");
    if (identity.size > SIP_PASSPORT_BYTES || !identity_read(identity, &k.id))
        return SIP_FOUND_malformed;
    bool is_compact = str_starts(k.id.token, STR(".."));
    if (is_compact && k.id.kind.size > 0 && !str_equal(k.id.kind, STR("shaken")))
        return SIP_FOUND_other_kind;
    if ((is_compact && !whole_make(&k.id, call, turn)) ||
        failed(jws_read(k.id.token, turn, &k.parts)))
        return SIP_FOUND_malformed;
    enum sip_finding found = json_check(&k, k.parts.header, header_check);
    if (found != SIP_FOUND_signed)
        return found;
    *ret_url = k.id.info;
    return json_check(&k, k.parts.payload, claims_check);
}
