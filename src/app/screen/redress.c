/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/redress.h"

#include "env/thread.h"
#include "kit/json.h"
#include "kit/jws.h"
#include "kit/secret.h"

#include <string.h>

enum { KEY_BYTES = 64 * 1024, WORK_BYTES = 1 << 20, KEY_DAYS = 3650, ENDING_DAYS = 30 };

struct redress {
    char *key; /* the file's text */
    size_t key_size;
    str certificates;
    str header;
    str name;     /* of the centre */
    str page;     /* where one complains */
    instant from; /* when the certificates are valid */
    instant until;
    struct env_flag is_told; /* that they are not */
    struct env_mutex lock;
    instant signed_at; /* under the lock, as what follows */
    size_t card_size;
    char card[REDRESS_BYTES];
};

/* --- what is signed --- */

/* "https://centre.example" */
static str origin_of(str url)
{
    size_t host = str_find_char(url, ':') + STR("://").size;
    return str_until(url, host + str_find_char(str_from(url, host), '/'));
}

static err put_header(struct house *house, struct redress *r)
{
    struct text t;
    struct text x5u;
    struct json j;
    text_init(&t, &house->boot);
    text_init(&x5u, &house->boot);
    text_put(&x5u, origin_of(house->conf.sip_redress_url));
    text_put_c(&x5u, "/v1/redress/certificate");
    json_init(&j, &t);
    json_object(&j);
    json_put_str(&j, STR("alg"), STR("ES256"));
    json_put_str(&j, STR("typ"), STR("vcard+json"));
    json_put_str(&j, STR("x5u"), text_str(&x5u));
    json_end(&j);
    r->header = text_str(&t);
    return text_spent(&t) || text_spent(&x5u) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err choose_page(struct house *house, struct redress *r)
{
    struct text t;
    r->page = house->conf.sip_redress_page;
    if (!str_is_empty(r->page))
        return OK;
    text_init(&t, &house->boot);
    text_put(&t, origin_of(house->conf.sip_redress_url));
    text_put_c(&t, "/appeal");
    r->page = text_str(&t);
    return text_spent(&t) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

/* ["email", {}, "text", "help@centre.example"]: nothing when there is none. */
static void put_property(struct json *j, str name, str type, str value)
{
    if (str_is_empty(value))
        return;
    json_array(j);
    json_str(j, name);
    json_object(j);
    json_end(j);
    json_str(j, type);
    json_str(j, value);
    json_end(j);
}

static void put_jcard(struct json *j, const struct conf *conf, const struct redress *r, str phone)
{
    json_array(j);
    json_str(j, STR("vcard"));
    json_array(j);
    put_property(j, STR("version"), STR("text"), STR("4.0"));
    put_property(j, STR("kind"), STR("text"), STR("org"));
    put_property(j, STR("fn"), STR("text"), r->name);
    put_property(j, STR("url"), STR("uri"), r->page);
    put_property(j, STR("email"), STR("text"), conf->sip_redress_email);
    put_property(j, STR("tel"), STR("uri"), phone);
    json_end(j);
    json_end(j);
}

static err put_payload(const struct conf *conf, const struct redress *r, instant at, struct text *t)
{
    struct json j;
    struct text phone;
    int64_t now_s = at.us / US_PER_S;
    int64_t until_s = r->until.us / US_PER_S;
    text_init(&phone, t->arena);
    if (!str_is_empty(conf->sip_redress_tel)) {
        text_put_c(&phone, "tel:");
        text_put(&phone, conf->sip_redress_tel);
    }
    json_init(&j, t);
    json_object(&j);
    json_put_i64(&j, STR("iat"), now_s);
    json_put_i64(&j, STR("exp"),
                 until_s - now_s < REDRESS_TERM_S ? until_s : now_s + REDRESS_TERM_S);
    json_key(&j, STR("jcard"));
    put_jcard(&j, conf, r, text_str(&phone));
    json_end(&j);
    return text_spent(t) || text_spent(&phone) ? fail(ERR_LIMIT, "limit.memory", 0) : OK;
}

static err sign_in(const struct conf *conf, struct redress *r, instant at, struct arena *work)
{
    struct text payload;
    str jws = {0};
    text_init(&payload, work);
    TRY(put_payload(conf, r, at, &payload));
    TRY(jws_make(str_make(r->key, r->key_size), r->header, text_str(&payload), work, &jws));
    if (jws.size > sizeof r->card)
        return fail(ERR_LIMIT, "limit.memory", 0);
    memcpy(r->card, jws.at, jws.size);
    r->card_size = jws.size;
    r->signed_at = at;
    return OK;
}

static err sign(const struct conf *conf, struct redress *r, instant at)
{
    struct arena work;
    arena_init(&work, WORK_BYTES);
    err e = sign_in(conf, r, at, &work);
    arena_done(&work);
    return e;
}

/* --- its key --- */

/* The certificate begins the day before: clocks differ. */
static err key_file_make(const struct house *house, str name, const char *path, struct arena *work)
{
    instant now = clock_now(&house->clock);
    str key = {0};
    TRY(jws_key_make(name, instant_add_us(now, -US_PER_DAY),
                     instant_add_us(now, KEY_DAYS * US_PER_DAY), work, &key));
    return file_write(path, key);
}

/* Nobody who checks would believe it: better said to who starts than to who was rejected. */
static err term_take(const struct house *house, struct redress *r)
{
    instant now = clock_now(&house->clock);
    TRY(jws_term(r->certificates, &r->from, &r->until));
    bool is_valid = r->from.us <= now.us && now.us < r->until.us;
    return is_valid ? OK : fail(ERR_CORRUPT, "redress.certificate", 0);
}

static err key_take(struct house *house, struct redress *r, struct arena *work)
{
    char path[PATH_BYTES + 64];
    str key = {0};
    TRY(house_path(house, "keys/redress.pem", path));
    if (!file_exists(path))
        TRY(key_file_make(house, r->name, path, work));
    TRY(file_read(path, KEY_BYTES, work, &key));
    err e = jws_certificates(key, &house->boot, &r->certificates);
    if (e.code == ERR_MALFORMED)
        return fail(ERR_CORRUPT, "redress.key", 0);
    TRY(e);
    r->key = str_to_c(&house->boot, key);
    r->key_size = key.size;
    return r->key == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : term_take(house, r);
}

static err key_open(struct house *house, struct redress *r)
{
    struct arena work;
    arena_init(&work, WORK_BYTES);
    err e = key_take(house, r, &work);
    arena_wipe(&work);
    return e;
}

/* --- how long --- */

bool redress_is_valid(struct house *house)
{
    struct redress *r = house->redress;
    if (r == NULL)
        return false;
    instant now = clock_now(&house->clock);
    bool is_valid = r->from.us <= now.us && now.us < r->until.us;
    if (is_valid)
        env_flag_lower(&r->is_told);
    else if (env_flag_claim(&r->is_told))
        LOG(&house->log, LOG_ERROR, "redress_expired", LOG_INT("until_s", r->until.us / US_PER_S));
    return is_valid;
}

instant redress_until(const struct house *house)
{
    return house->redress == NULL ? (instant){0} : house->redress->until;
}

static void tell_ending(struct house *house)
{
    int64_t left_us = house->redress->until.us - clock_now(&house->clock).us;
    if (left_us < ENDING_DAYS * US_PER_DAY)
        LOG(&house->log, LOG_WARN, "redress_ending", LOG_INT("hours", left_us / US_PER_HOUR));
}

/* --- life --- */

err redress_open(struct house *house)
{
    if (str_is_empty(house->conf.sip_listen))
        return OK;
    struct redress *r = arena_make(&house->boot, sizeof *r);
    if (r == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    env_mutex_init(&r->lock);
    house->redress = r;
    r->name = str_copy(&house->boot, store_centre(house->store)->name);
    if (r->name.at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(put_header(house, r));
    TRY(choose_page(house, r));
    TRY(key_open(house, r));
    tell_ending(house);
    return sign(&house->conf, r, clock_now(&house->clock));
}

void redress_close(struct house *house)
{
    struct redress *r = house->redress;
    if (r == NULL)
        return;
    if (r->key != NULL)
        secret_wipe(r->key, r->key_size);
    env_mutex_done(&r->lock);
    house->redress = NULL;
}

/* Also when the clock was put back: nobody believes a card from tomorrow. */
static bool is_over(const struct redress *r, instant now)
{
    return now.us < r->signed_at.us || now.us - r->signed_at.us >= REDRESS_EVERY_S * US_PER_S;
}

err redress_card(struct house *house, struct arena *a, str *ret_jws)
{
    struct redress *r = house->redress;
    if (r == NULL)
        return fail(ERR_ABSENT, "redress.closed", 0);
    if (!redress_is_valid(house))
        return fail(ERR_ABSENT, "redress.expired", 0);
    instant now = clock_now(&house->clock);
    env_mutex_lock(&r->lock);
    bool is_due = is_over(r, now);
    err e = is_due ? sign(&house->conf, r, now) : OK;
    *ret_jws = str_copy(a, str_make(r->card, r->card_size));
    env_mutex_unlock(&r->lock);
    if (is_due)
        tell_ending(house);
    return !failed(e) && ret_jws->at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : e;
}

err redress_certificates(const struct house *house, str *ret_pem)
{
    if (house->redress == NULL)
        return fail(ERR_ABSENT, "redress.closed", 0);
    *ret_pem = house->redress->certificates;
    return OK;
}
