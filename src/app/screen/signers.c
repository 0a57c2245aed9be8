/* SPDX-License-Identifier: Apache-2.0 */
#include "app/screen/signers.h"

#include "kit/digest.h"

#include <assert.h>
#include <stdlib.h>

enum { FILE_BYTES = 64 * 1024, TABLE_BYTES = 256 << 20, RAW_BYTES = 128 << 20 };

static const str roots_name = {"roots.pem", 9};

/* What one reading made. */
struct signers_table {
    struct arena arena;
    struct signers_file *files;
    struct tncert **certificates; /* of each file; NULL: it was not taken */
    size_t count;
    struct sip_signer *at;
    struct sip_signers signers;
};

struct signers {
    struct house *house;
    char path[PATH_BYTES + 64];
    struct env_mutex lock;
    struct signers_table *table; /* under the lock; the notary's thread alone replaces it */
    struct signers_table room[2];
    struct digest seen;
    struct arena raw;
};

/* --- a file --- */

static bool is_url(str s)
{
    bool is_web = str_starts(s, STR("https://")) || str_starts(s, STR("http://"));
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] <= ' ' || s.at[i] > '~' || s.at[i] == '>' || s.at[i] == '"' || s.at[i] == '\\')
            return false;
    return is_web && s.size < SIP_URL_BYTES;
}

/* The lines before the first certificate. */
static err urls_read(str text, struct arena *a, struct signers_file *f)
{
    static const str label = {"x5u:", 4};
    str line = {0};
    while (str_split(&text, '\n', &line) && !str_starts(line, STR("-----BEGIN"))) {
        if (!str_starts(line, label))
            continue;
        str url = str_trim(str_from(line, label.size));
        if (f->url_count == SIGNERS_URLS || !is_url(url))
            return fail(ERR_MALFORMED, "signers.url", 0);
        f->urls[f->url_count] = str_copy(a, url);
        if (f->urls[f->url_count++].at == NULL)
            return fail(ERR_LIMIT, "limit.memory", 0);
    }
    return f->url_count > 0 ? OK : fail(ERR_MALFORMED, "signers.url", 0);
}

static bool is_taken(const struct signers_table *t, str url)
{
    for (size_t i = 0; i < t->signers.count; i++)
        if (str_equal(t->at[i].url, url))
            return true;
    return false;
}

static err file_take(struct signers_table *t, str text, const struct tncert_trust *trust,
                     struct signers_file *f)
{
    struct tncert *certificate = NULL;
    TRY(urls_read(text, &t->arena, f));
    for (size_t i = 0; i < f->url_count; i++)
        if (is_taken(t, f->urls[i]))
            return fail(ERR_CONFLICT, "signers.repeated", 0);
    if (trust == NULL)
        return fail(ERR_DENIED, "tncert.trust", 0);
    TRY(tncert_open(text, trust, &t->arena, &certificate));
    f->from = tncert_from(certificate);
    f->until = tncert_until(certificate);
    t->certificates[f - t->files] = certificate;
    for (size_t i = 0; i < f->url_count; i++)
        t->at[t->signers.count++] = (struct sip_signer){f->urls[i], certificate};
    return OK;
}

/* --- the folder --- */

struct raw {
    str name;
    str text;
};

struct raws {
    struct raw at[SIGNERS_FILES];
    size_t count;
    str roots;
};

static err raw_read(struct signers *s, str name, str *ret_text)
{
    struct text path;
    text_init(&path, &s->raw);
    text_put_c(&path, s->path);
    text_put_char(&path, '/');
    text_put(&path, name);
    if (text_spent(&path))
        return fail(ERR_LIMIT, "limit.memory", 0);
    return file_read(text_str(&path).at, FILE_BYTES, &s->raw, ret_text);
}

static err raws_read(struct signers *s, struct raws *raws, struct digest *ret_digest)
{
    struct file_names names = {0};
    struct digest_stream stream;
    digest_init(&stream);
    TRY(file_list(s->path, &s->raw, &names));
    for (size_t i = 0; i < names.count; i++) {
        str text = {0};
        str name = names.at[i];
        if (!str_ends(name, STR(".pem")))
            continue;
        if (raws->count == SIGNERS_FILES)
            return fail(ERR_LIMIT, "signers.many", 0);
        TRY(raw_read(s, name, &text));
        digest_put(&stream, name);
        digest_put(&stream, str_make("", 1));
        digest_put(&stream, text);
        if (str_equal(name, roots_name))
            raws->roots = text;
        else
            raws->at[raws->count++] = (struct raw){name, text};
    }
    *ret_digest = digest_done(&stream);
    return OK;
}

static int by_url(const void *a, const void *b)
{
    const struct sip_signer *left = a;
    const struct sip_signer *right = b;
    return str_compare(left->url, right->url);
}

static void table_drop(struct signers_table *t)
{
    for (size_t i = 0; t->certificates != NULL && i < t->count; i++)
        tncert_close(t->certificates[i]);
    arena_done(&t->arena);
    *t = (struct signers_table){0};
}

static err table_fill(struct signers_table *t, const struct raws *raws,
                      const struct tncert_trust *trust)
{
    struct arena *a = &t->arena;
    t->files = arena_make_array(a, raws->count + 1, sizeof *t->files);
    t->certificates = arena_make_array(a, raws->count + 1, sizeof(struct tncert *));
    t->at = arena_make_array(a, raws->count * SIGNERS_URLS + 1, sizeof *t->at);
    if (t->files == NULL || t->certificates == NULL || t->at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    for (size_t i = 0; i < raws->count; i++) {
        struct signers_file *f = &t->files[t->count++];
        f->name = str_copy(a, raws->at[i].name);
        err e = file_take(t, raws->at[i].text, trust, f);
        if (f->name.at == NULL || e.code == ERR_LIMIT || e.code == ERR_OS)
            return failed(e) ? e : fail(ERR_LIMIT, "limit.memory", 0);
        f->why = e.why;
    }
    qsort(t->at, t->signers.count, sizeof *t->at, by_url);
    t->signers.at = t->at;
    return OK;
}

static err table_make(struct signers *s, struct signers_table *t, const struct raws *raws)
{
    struct tncert_trust *trust = NULL;
    arena_init(&t->arena, TABLE_BYTES);
    if (raws->roots.size > 0) {
        err e = tncert_trust_open(raws->roots, &s->raw, &trust);
        if (failed(e) && e.code != ERR_MALFORMED) /* else nobody is trusted */
            return e;
    }
    err e = table_fill(t, raws, trust);
    tncert_trust_close(trust);
    return e;
}

static void tell(struct signers *s)
{
    struct signers_figures f = signers_figures(s);
    LOG(&s->house->log, f.refused > 0 ? LOG_WARN : LOG_INFO, "sip_signers",
        LOG_INT("taken", f.taken), LOG_INT("refused", f.refused));
}

static err refresh(struct signers *s)
{
    struct digest digest;
    struct signers_table *old = s->table;
    struct signers_table *made = old == &s->room[0] ? &s->room[1] : &s->room[0];
    arena_reset(&s->raw);
    struct raws *raws = arena_make(&s->raw, sizeof *raws);
    if (raws == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    TRY(raws_read(s, raws, &digest));
    if (old != NULL && digest_equal(&digest, &s->seen))
        return OK;
    err e = table_make(s, made, raws);
    if (failed(e)) {
        table_drop(made);
        return e;
    }
    env_mutex_lock(&s->lock);
    s->table = made;
    env_mutex_unlock(&s->lock);
    if (old != NULL)
        table_drop(old);
    s->seen = digest;
    tell(s);
    return OK;
}

const struct sip_signers *signers_read(struct signers *s)
{
    err e = refresh(s);
    if (failed(e))
        LOG(&s->house->log, LOG_ERROR, "sip_signers_failed", LOG_WHY(e), LOG_INT("at", e.at));
    return &s->table->signers;
}

/* --- what is there --- */

struct signers_figures signers_figures(struct signers *s)
{
    struct signers_figures f = {0};
    env_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->table->count; i++) {
        const struct signers_file *file = &s->table->files[i];
        bool is_first = f.taken == 0 || file->until.us < f.until.us;
        f.refused += file->why != NULL;
        f.until = file->why == NULL && is_first ? file->until : f.until;
        f.taken += file->why == NULL;
    }
    env_mutex_unlock(&s->lock);
    return f;
}

void signers_each(struct signers *s, void (*tell_of)(void *self, const struct signers_file *file),
                  void *self)
{
    env_mutex_lock(&s->lock);
    for (size_t i = 0; i < s->table->count; i++)
        tell_of(self, &s->table->files[i]);
    env_mutex_unlock(&s->lock);
}

/* --- life --- */

static err path_make(struct house *house, struct signers *s)
{
    const char *folder = str_to_c(&house->boot, house->conf.sip_certificates);
    return folder == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : house_path(house, folder, s->path);
}

err signers_open(struct house *house, struct signers **ret_signers)
{
    if (str_is_empty(house->conf.sip_certificates))
        return OK;
    struct signers *s = arena_make(&house->boot, sizeof *s);
    if (s == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    s->house = house;
    TRY(path_make(house, s));
    env_mutex_init(&s->lock);
    arena_init(&s->raw, RAW_BYTES);
    *ret_signers = s;
    return failed(refresh(s)) ? fail(ERR_ABSENT, "signers.folder", 0) : OK;
}

void signers_close(struct signers *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < COUNT_OF(s->room); i++)
        table_drop(&s->room[i]);
    arena_done(&s->raw);
    env_mutex_done(&s->lock);
}
