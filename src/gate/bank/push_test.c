/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: a letter arrives whole, signed and once; every way in which a provider can fail ends as one
 * outcome, and holds up nobody else; nothing is said to whom a certificate does not name.
 * Method: small servers on loopback, in threads of this test, each good at one thing: answering,
 * refusing, sending away, babbling, hanging up in the middle, saying nothing until told.
 * Certificates are made on the spot. Nothing is said about how soon; one test waits for a short
 * time limit to pass.
 */
#include "gate/bank/push.h"

#include "env/clock.h"
#include "gate/bank/sample_test.h"
#include "kit/httpsig.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEEN_BYTES = 1 << 16, OUTCOMES = 32, PATIENCE_MS = 60000 };

/* --- a server that serves one connection, and keeps what it was sent ---- */

struct server {
    struct env_thread thread;
    const char *answer;  /* NULL: it says nothing until it is let go */
    size_t answer_bytes; /* 0: all of it */
    SSL_CTX *tls;
    int listener;
    int port;
    int let_go[2]; /* a pipe */
    int connections;
    size_t seen_bytes;
    char seen[SEEN_BYTES];
};

static bool has_all(const struct server *s)
{
    str seen = str_make(s->seen, s->seen_bytes);
    for (size_t i = 0; i + 4 <= seen.size; i++) {
        if (memcmp(seen.at + i, "\r\n\r\n", 4) != 0)
            continue;
        const char *length = strstr(s->seen, "Content-Length: ");
        assert_non_null(length);
        return seen.size >= i + 4 + (size_t)strtoul(length + 16, NULL, 10);
    }
    return false;
}

static void serve(struct server *s, int fd, SSL *ssl)
{
    while (!has_all(s)) {
        size_t room = SEEN_BYTES - 1 - s->seen_bytes;
        char *at = s->seen + s->seen_bytes;
        ssize_t n = ssl != NULL ? SSL_read(ssl, at, (int)room) : read(fd, at, room);
        if (n <= 0)
            return;
        s->seen_bytes += (size_t)n;
        if (s->seen[0] == 0x16) /* TLS, to one who speaks none */
            return;
    }
    if (s->answer == NULL) {
        char byte;
        ssize_t n = read(s->let_go[0], &byte, 1);
        (void)n;
        return;
    }
    size_t size = s->answer_bytes > 0 ? s->answer_bytes : strlen(s->answer);
    for (size_t sent = 0; sent < size;) {
        ssize_t n = ssl != NULL ? SSL_write(ssl, s->answer + sent, (int)(size - sent))
                                : send(fd, s->answer + sent, size - sent, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        sent += (size_t)n;
    }
}

static void serve_tls(struct server *s, int fd)
{
    SSL *ssl = SSL_new(s->tls);
    SSL_set_fd(ssl, fd);
    if (SSL_accept(ssl) == 1) {
        serve(s, fd, ssl);
        (void)SSL_shutdown(ssl);
    }
    SSL_free(ssl);
}

static void run_server(void *self)
{
    struct server *s = self;
    struct pollfd wait[2] = {
        {s->listener,  POLLIN, 0},
        {s->let_go[0], POLLIN, 0}
    };
    while (poll(wait, 2, PATIENCE_MS) > 0 && (wait[1].revents & POLLIN) == 0) {
        int fd = accept(s->listener, NULL, NULL);
        if (fd < 0)
            return;
        s->connections++;
        s->seen_bytes = 0;
        memset(s->seen, 0, sizeof s->seen);
        if (s->tls != NULL)
            serve_tls(s, fd);
        else
            serve(s, fd, NULL);
        close(fd);
    }
}

static int bind_loopback(int *ret_port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&at, size), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
    *ret_port = ntohs(at.sin_port);
    return fd;
}

static struct server *server_open(const char *answer, SSL_CTX *tls)
{
    struct server *s = calloc(1, sizeof *s);
    s->answer = answer;
    s->tls = tls;
    s->listener = bind_loopback(&s->port);
    assert_int_equal(listen(s->listener, 16), 0);
    assert_int_equal(pipe(s->let_go), 0);
    works(env_thread_start(&s->thread, "server", run_server, s));
    return s;
}

/* What it is waiting for comes, and it ends: from here on what it saw may be looked at. */
static void server_end(struct server *s)
{
    ssize_t n = write(s->let_go[1], "xx", 2);
    (void)n;
    env_thread_join(&s->thread);
}

static void server_close(struct server *s)
{
    server_end(s);
    close(s->listener);
    close(s->let_go[0]);
    close(s->let_go[1]);
    free(s);
}

/* --- who pushes, and what it was told ---- */

struct ended {
    uint64_t id;
    enum push_fate fate;
    int status;
    char why[32];
    char provider[32];
    char type[64];
    char body[256];
};

struct world {
    struct arena arena;
    struct push *push;
    struct env_mutex mutex;
    struct env_cond cond;
    size_t count;
    struct ended ended[OUTCOMES];
};

static void copy(char *room, size_t size, str s)
{
    size_t n = s.size < size - 1 ? s.size : size - 1;
    memcpy(room, s.at, n);
    room[n] = '\0';
}

static void on_done(void *self, const struct push_outcome *o)
{
    struct world *w = self;
    env_mutex_lock(&w->mutex);
    assert_true(w->count < OUTCOMES);
    struct ended *e = &w->ended[w->count++];
    e->id = o->id;
    e->fate = o->fate;
    e->status = o->status;
    copy(e->why, sizeof e->why, str_from_c(o->why));
    copy(e->provider, sizeof e->provider, o->provider);
    copy(e->type, sizeof e->type, o->content_type);
    copy(e->body, sizeof e->body, o->body);
    env_cond_wake_all(&w->cond);
    env_mutex_unlock(&w->mutex);
}

static struct world *world_open(struct push_options options)
{
    struct world *w = calloc(1, sizeof *w);
    const struct push_port port = {w, on_done};
    arena_init(&w->arena, 16 << 20);
    env_mutex_init(&w->mutex);
    env_cond_init(&w->cond);
    works(push_open(&w->arena, &options, &port, &w->push));
    works(push_start(w->push));
    return w;
}

static struct world *usual_world(void)
{
    struct push_options options = push_options_default();
    options.timeout_ms = PATIENCE_MS;
    options.per_provider = 2;
    options.providers = 4;
    return world_open(options);
}

static void world_close(struct world *w)
{
    push_stop(w->push);
    push_close(w->push);
    env_cond_done(&w->cond);
    env_mutex_done(&w->mutex);
    arena_done(&w->arena);
    free(w);
}

static struct ended await(struct world *w, size_t count)
{
    env_mutex_lock(&w->mutex);
    while (w->count < count)
        env_cond_wait(&w->cond, &w->mutex);
    struct ended e = w->ended[count - 1];
    env_mutex_unlock(&w->mutex);
    return e;
}

static err put_to(struct world *w, uint64_t id, const char *provider, const char *url)
{
    return push_put(w->push, &(struct push_letter){
                                 .id = id,
                                 .provider = str_from_c(provider),
                                 .url = str_from_c(url),
                                 .content_type = STR("application/json"),
                                 .body = STR("{\"order\":\"中\"}"),
                                 .key = STR("01KAQ-1"),
                                 .now = sample_at,
                             });
}

static const char *url_of(struct world *w, const char *scheme, const char *host, int port)
{
    struct text t;
    text_init(&t, &w->arena);
    text_printf(&t, "%s://%s:%d/in/orders?b=1", scheme, host, port);
    return text_str(&t).at;
}

static struct ended push_once(struct world *w, const char *url)
{
    size_t before = w->count;
    works(put_to(w, 7, "bank-a", url));
    struct ended e = await(w, before + 1);
    assert_int_equal(e.id, 7);
    assert_string_equal(e.provider, "bank-a");
    return e;
}

#define OK_ANSWER                                                                                  \
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n"              \
    "{\"result\":\"done\"}"

/* --- answers ---- */

static void a_letter_arrives_whole(void **state)
{
    (void)state;
    struct world *w = usual_world();
    struct server *s = server_open(OK_ANSWER, NULL);
    struct ended e = push_once(w, url_of(w, "http", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_TAKEN);
    assert_int_equal(e.status, 200);
    assert_string_equal(e.body, "{\"result\":\"done\"}");
    assert_string_equal(e.type, "application/json");
    server_end(s);
    assert_non_null(strstr(s->seen, "POST /in/orders?b=1 HTTP/1.1\r\n"));
    assert_non_null(strstr(s->seen, "Idempotency-Key: 01KAQ-1\r\n"));
    assert_non_null(strstr(s->seen, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(s->seen, "\r\n\r\n{\"order\":\"中\"}"));
    assert_null(strstr(s->seen, "Signature"));
    assert_int_equal(s->connections, 1);
    assert_int_equal(push_metrics(w->push).taken, 1);
    server_close(s);
    world_close(w);
}

/* A header of the request as it came. */
static struct httpsig_field header_of(struct world *w, const struct server *s, const char *name)
{
    struct text t;
    text_init(&t, &w->arena);
    text_printf(&t, "\r\n%s: ", name);
    const char *at = strstr(s->seen, text_str(&t).at);
    assert_non_null(at);
    at += t.size;
    return (struct httpsig_field){str_from_c(name), str_make(at, strcspn(at, "\r"))};
}

static void a_signature_can_be_checked(void **state)
{
    (void)state;
    struct world *w = usual_world();
    struct server *s = server_open(OK_ANSWER, NULL);
    struct push_key key = {.keyid = STR("centre-2026")};
    struct sign_public public;
    struct httpsig sig;
    sign_key_make(&key.secret, &public);
    works(push_put(w->push, &(struct push_letter){
                                .provider = STR("bank-a"),
                                .url = str_from_c(url_of(w, "http", "127.0.0.1", s->port)),
                                .content_type = STR("application/xml"),
                                .body = STR("<a/>"),
                                .key = STR("01KAQ-1"),
                                .sign = &key,
                                .now = sample_at,
                            }));
    assert_int_equal(await(w, 1).fate, PUSH_TAKEN);
    server_end(s);
    const struct httpsig_field fields[] = {
        header_of(w, s, "Content-Type"),   header_of(w, s, "Idempotency-Key"),
        header_of(w, s, "Content-Digest"), header_of(w, s, "Signature-Input"),
        header_of(w, s, "Signature"),
    };
    struct httpsig_request request = {
        .method = STR("POST"),
        .scheme = STR("http"),
        .authority = header_of(w, s, "Host").value,
        .path = STR("/in/orders"),
        .query = STR("b=1"),
        .fields = fields,
        .field_count = COUNT_OF(fields),
        .body = STR("<a/>"),
    };
    works(httpsig_check(&request, &public, sample_at, &w->arena, &sig));
    is_str(sig.keyid, STR("centre-2026"));
    request.body = STR("<b/>");
    fails(httpsig_check(&request, &public, sample_at, &w->arena, &sig), ERR_DENIED,
          "signature.digest");
    server_close(s);
    world_close(w);
}

/* `answer`: what follows "HTTP/1.". Nobody goes where it is sent, and nobody tries again. */
static void ends_as(struct world *w, enum push_fate fate, const char *why, const char *answer)
{
    struct text t;
    text_init(&t, &w->arena);
    text_printf(&t, "HTTP/1.%s", answer);
    struct server *s = server_open(text_str(&t).at, NULL);
    struct ended e = push_once(w, url_of(w, "http", "127.0.0.1", s->port));
    int64_t status = 0;
    if (strcmp(why, "push.no_answer") != 0)
        works(str_parse_i64(str_make(answer + 2, 3), &status));
    if (e.fate != fate || e.status != status || strcmp(e.why, why) != 0)
        fail_msg("%s: %d %d %s", answer, e.fate, e.status, e.why);
    server_end(s);
    assert_int_equal(s->connections, 1);
    server_close(s);
}

#define EMPTY "\r\nContent-Length: 0\r\n\r\n"

static void every_answer_has_its_fate(void **state)
{
    (void)state;
    struct world *w = usual_world();
    ends_as(w, PUSH_TAKEN, "", "1 204 No Content\r\n\r\n");
    ends_as(w, PUSH_TAKEN, "", "1 202 Accepted" EMPTY);
    ends_as(w, PUSH_TAKEN, "", "0 200 OK\r\n\r\nuntil the end");
    ends_as(w, PUSH_REFUSED, "push.refused", "1 404 No" EMPTY);
    ends_as(w, PUSH_REFUSED, "push.refused", "1 422 No\r\nContent-Length: 2\r\n\r\nno");
    static const char *const patience[] = {"1 408 No" EMPTY, "1 425 No" EMPTY, "1 429 No" EMPTY,
                                           "1 500 No" EMPTY, "1 503 No" EMPTY};
    for (size_t i = 0; i < COUNT_OF(patience); i++)
        ends_as(w, PUSH_LATER, "push.answer", patience[i]);
    ends_as(w, PUSH_LATER, "push.redirected", "1 302 Go\r\nLocation: http://127.0.0.1:1/" EMPTY);
    ends_as(w, PUSH_LATER, "push.redirected", "1 307 Go\r\nLocation: /other" EMPTY);
    assert_int_equal(push_metrics(w->push).refused, 2);
    world_close(w);
}

static void half_an_answer_is_none(void **state)
{
    (void)state;
    static const char *const halves[] = {
        "",
        "1",
        "garbage\r\n\r\n",
        "1 2x0 OK\r\n\r\n",
        "1 200 OK\r\nContent-Le",
        "1 200 OK\r\nContent-Length: 99\r\n\r\ncut",
        "1 200 OK\r\nContent-Length: 99999999\r\n\r\n",
        "1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\ncut",
    };
    struct world *w = usual_world();
    for (size_t i = 0; i < COUNT_OF(halves); i++)
        ends_as(w, PUSH_LATER, "push.no_answer", halves[i]);
    world_close(w);
}

static void a_flood_is_not_swallowed(void **state)
{
    (void)state;
    struct world *w = usual_world();
    struct text t;
    text_init(&t, &w->arena);
    text_put_c(&t, "HTTP/1.0 200 OK\r\n\r\n");
    while (t.size < 2 * PUSH_ANSWER_BYTES)
        text_put_c(&t, "0123456789abcdef0123456789abcdef");
    struct server *s = server_open(text_str(&t).at, NULL);
    struct ended e = push_once(w, url_of(w, "http", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_LATER);
    server_close(s);
    text_init(&t, &w->arena);
    text_put_c(&t, "HTTP/1.1 200 OK\r\nX: ");
    while (t.size < 64 * 1024)
        text_put_c(&t, "0123456789abcdef0123456789abcdef");
    text_put_c(&t, "\r\n\r\n");
    s = server_open(text_str(&t).at, NULL);
    e = push_once(w, url_of(w, "http", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_LATER);
    server_close(s);
    world_close(w);
}

static void nobody_is_there(void **state)
{
    (void)state;
    int port = 0;
    int fd = bind_loopback(&port); /* bound, and nobody listens */
    struct world *w = usual_world();
    struct ended e = push_once(w, url_of(w, "http", "127.0.0.1", port));
    assert_int_equal(e.fate, PUSH_LATER);
    assert_string_equal(e.why, "push.no_answer");
    e = push_once(w, url_of(w, "https", "127.0.0.1", port));
    assert_int_equal(e.fate, PUSH_LATER);
    close(fd);
    world_close(w);
}

/* --- slow ones ---- */

static void silence_ends(void **state)
{
    (void)state;
    struct push_options options = push_options_default();
    options.timeout_ms = 100;
    struct world *w = world_open(options);
    struct server *s = server_open(NULL, NULL);
    struct ended e = push_once(w, url_of(w, "http", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_LATER);
    assert_string_equal(e.why, "push.timeout");
    server_close(s);
    world_close(w);
}

static void a_slow_one_holds_up_nobody(void **state)
{
    (void)state;
    struct world *w = usual_world();
    struct server *slow = server_open(NULL, NULL);
    struct server *quick = server_open(OK_ANSWER, NULL);
    const char *slow_url = url_of(w, "http", "127.0.0.1", slow->port);
    const char *quick_url = url_of(w, "http", "127.0.0.1", quick->port);
    works(put_to(w, 1, "slow", slow_url));
    works(put_to(w, 2, "slow", slow_url));
    fails(put_to(w, 3, "slow", slow_url), ERR_BUSY, "push.busy");
    for (uint64_t i = 0; i < 10; i++) {
        works(put_to(w, 100 + i, "quick", quick_url));
        struct ended e = await(w, (size_t)i + 1);
        assert_int_equal(e.id, 100 + i);
        assert_int_equal(e.fate, PUSH_TAKEN);
        /* Its place is free again soon after it was told of; two are enough to go on. */
    }
    server_close(slow); /* hangs up on both */
    (void)await(w, 12);
    server_close(quick);
    world_close(w);
}

static void stopping_waits_for_nobody(void **state)
{
    (void)state;
    struct world *w = usual_world();
    struct server *slow = server_open(NULL, NULL);
    works(put_to(w, 1, "slow", url_of(w, "http", "127.0.0.1", slow->port)));
    works(put_to(w, 2, "slow", url_of(w, "https", "127.0.0.1", slow->port)));
    push_stop(w->push);
    assert_int_equal(w->count, 0);
    works(put_to(w, 3, "late", url_of(w, "http", "127.0.0.1", slow->port)));
    world_close(w);
    server_close(slow);
}

/* --- where to ---- */

static void odd_addresses_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        enum err_code code;
        const char *why;
    } odd[] = {
        {"",                                ERR_MALFORMED, "push.url"     },
        {"https://",                        ERR_MALFORMED, "push.url"     },
        {"https:///orders",                 ERR_MALFORMED, "push.url"     },
        {"ftp://127.0.0.1/",                ERR_MALFORMED, "push.url"     },
        {"file:///etc/passwd",              ERR_MALFORMED, "push.url"     },
        {"https://user:word@bank.example/", ERR_MALFORMED, "push.url"     },
        {"https://bank.example/#here",      ERR_MALFORMED, "push.url"     },
        {"https://bank.example:0/",         ERR_MALFORMED, "push.url"     },
        {"https://bank.example:99999/",     ERR_MALFORMED, "push.url"     },
        {"https://bank.example/a b",        ERR_MALFORMED, "push.url"     },
        {"https://bank.example/a\r\nX: y",  ERR_MALFORMED, "push.url"     },
        {"http://bank.example/",            ERR_DENIED,    "push.insecure"},
        {"http://localhost/",               ERR_DENIED,    "push.insecure"},
        {"http://10.0.0.1/",                ERR_DENIED,    "push.insecure"},
        {"http://127.0.0.1.example/",       ERR_DENIED,    "push.insecure"},
        {"http://[2001:db8::1]/",           ERR_DENIED,    "push.insecure"},
    };
    struct world *w = usual_world();
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        err e = put_to(w, i, "bank-a", odd[i].url);
        if (e.code != odd[i].code || strcmp(e.why, odd[i].why) != 0)
            fail_msg("%s: %s", odd[i].url, failed(e) ? e.why : "taken");
    }
    struct push_letter letter = {
        .provider = STR("bank-a"),
        .url = STR("http://127.0.0.1:1/"),
        .content_type = STR("text/plain"),
        .body = STR("x"),
        .key = STR("a\r\nb"),
    };
    fails(push_put(w->push, &letter), ERR_MALFORMED, "push.url");
    letter.key = STR("a");
    letter.body.size = (1 << 20) + 1;
    fails(push_put(w->push, &letter), ERR_LIMIT, "push.too_large");
    assert_int_equal(push_metrics(w->push).under_way, 0);
    assert_int_equal(w->count, 0);
    world_close(w);
}

/* --- TLS ---- */

struct authority {
    EVP_PKEY *key;
    X509 *certificate;
    char path[64];
};

static void name_it(X509 *x, const char *name)
{
    X509_NAME *n = X509_get_subject_name(x);
    assert_int_equal(
        X509_NAME_add_entry_by_txt(n, "CN", MBSTRING_ASC, (const uint8_t *)name, -1, -1, 0), 1);
}

static void extend(X509 *x, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
    assert_non_null(e);
    assert_int_equal(X509_add_ext(x, e, -1), 1);
    X509_EXTENSION_free(e);
}

/* Signed by `by`, or by itself. */
static X509 *certify(EVP_PKEY *key, const char *alternative, const struct authority *by)
{
    static long serial = 1;
    X509 *x = X509_new();
    X509_set_version(x, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x), serial++);
    X509_gmtime_adj(X509_getm_notBefore(x), -3600);
    X509_gmtime_adj(X509_getm_notAfter(x), 86400);
    X509_set_pubkey(x, key);
    name_it(x, by == NULL ? "test authority" : "test bank");
    X509_set_issuer_name(x, by == NULL ? X509_get_subject_name(x)
                                       : X509_get_subject_name(by->certificate));
    extend(x, NID_basic_constraints, by == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (alternative != NULL)
        extend(x, NID_subject_alt_name, alternative);
    assert_true(X509_sign(x, by == NULL ? key : by->key, EVP_sha256()) > 0);
    return x;
}

static struct authority authority_open(void)
{
    struct authority a = {.path = "yumen_push_ca_XXXXXX"};
    char template[] = "/tmp/yumen_push_ca_XXXXXX";
    a.key = EVP_EC_gen("P-256");
    a.certificate = certify(a.key, NULL, NULL);
    int fd = mkstemp(template);
    assert_true(fd >= 0);
    FILE *file = fdopen(fd, "w");
    assert_int_equal(PEM_write_X509(file, a.certificate), 1);
    assert_int_equal(fclose(file), 0);
    copy(a.path, sizeof a.path, str_from_c(template));
    return a;
}

static void authority_close(struct authority *a)
{
    unlink(a->path);
    X509_free(a->certificate);
    EVP_PKEY_free(a->key);
}

static SSL_CTX *identity(const struct authority *by, const char *alternative)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *x = certify(key, alternative, by);
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    assert_int_equal(SSL_CTX_use_certificate(tls, x), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(tls, key), 1);
    X509_free(x);
    EVP_PKEY_free(key);
    return tls;
}

static struct world *trusting_world(const struct authority *a)
{
    struct push_options options = push_options_default();
    options.timeout_ms = PATIENCE_MS;
    options.ca_file = a->path;
    return world_open(options);
}

static void the_right_certificate_is_trusted(void **state)
{
    (void)state;
    static const char large[] = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyes";
    struct authority a = authority_open();
    SSL_CTX *tls = identity(&a, "IP:127.0.0.1");
    struct world *w = trusting_world(&a);
    struct server *s = server_open(large, tls);
    for (int i = 0; i < 5; i++) {
        struct ended e = push_once(w, url_of(w, "https", "127.0.0.1", s->port));
        if (e.fate != PUSH_TAKEN)
            fail_msg("%s %d", e.why, e.status);
        assert_string_equal(e.body, "yes");
    }
    server_end(s);
    assert_non_null(strstr(s->seen, "POST /in/orders?b=1 HTTP/1.1\r\n"));
    assert_int_equal(s->connections, 5);
    server_close(s);
    world_close(w);
    SSL_CTX_free(tls);
    authority_close(&a);
}

/* Nothing of the letter is said before the other side has shown who it is. */
static void is_distrusted(const struct authority *trusted, SSL_CTX *tls, const char *why)
{
    struct world *w = trusting_world(trusted);
    struct server *s = server_open(OK_ANSWER, tls);
    struct ended e = push_once(w, url_of(w, "https", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_LATER);
    assert_string_equal(e.why, why);
    server_end(s);
    assert_false(str_has(str_make(s->seen, s->seen_bytes), STR("POST")));
    assert_false(str_has(str_make(s->seen, s->seen_bytes), STR("order")));
    server_close(s);
    world_close(w);
}

static void a_wrong_certificate_is_not(void **state)
{
    (void)state;
    struct authority a = authority_open();
    struct authority other = authority_open();
    SSL_CTX *good = identity(&a, "IP:127.0.0.1");
    SSL_CTX *elsewhere = identity(&a, "IP:127.0.0.2,DNS:localhost");
    SSL_CTX *nameless = identity(&a, NULL);
    is_distrusted(&other, good, "push.certificate");
    is_distrusted(&a, elsewhere, "push.certificate");
    is_distrusted(&a, nameless, "push.certificate");
    is_distrusted(&a, NULL, "push.no_answer"); /* speaks no TLS */
    assert_int_equal(SSL_CTX_set_max_proto_version(good, TLS1_1_VERSION), 1);
    SSL_CTX_set_security_level(good, 0);
    is_distrusted(&a, good, "push.no_answer");
    SSL_CTX_free(good);
    SSL_CTX_free(elsewhere);
    SSL_CTX_free(nameless);
    authority_close(&other);
    authority_close(&a);
}

static void cut_off_under_tls_is_no_answer(void **state)
{
    (void)state;
    struct authority a = authority_open();
    SSL_CTX *tls = identity(&a, "IP:127.0.0.1");
    struct world *w = trusting_world(&a);
    struct server *s = server_open("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut", tls);
    struct ended e = push_once(w, url_of(w, "https", "127.0.0.1", s->port));
    assert_int_equal(e.fate, PUSH_LATER);
    server_close(s);
    world_close(w);
    SSL_CTX_free(tls);
    authority_close(&a);
}

static void no_authorities_no_push(void **state)
{
    (void)state;
    struct arena a;
    struct push *push = NULL;
    struct push_options options = push_options_default();
    const struct push_port port = {NULL, on_done};
    arena_init(&a, 16 << 20);
    options.ca_file = "/nonexistent/authorities.pem";
    fails(push_open(&a, &options, &port, &push), ERR_MALFORMED, "push.ca_file");
    assert_null(push);
    arena_done(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_arrives_whole),
        cmocka_unit_test(a_signature_can_be_checked),
        cmocka_unit_test(every_answer_has_its_fate),
        cmocka_unit_test(half_an_answer_is_none),
        cmocka_unit_test(a_flood_is_not_swallowed),
        cmocka_unit_test(nobody_is_there),
        cmocka_unit_test(silence_ends),
        cmocka_unit_test(a_slow_one_holds_up_nobody),
        cmocka_unit_test(stopping_waits_for_nobody),
        cmocka_unit_test(odd_addresses_are_refused),
        cmocka_unit_test(the_right_certificate_is_trusted),
        cmocka_unit_test(a_wrong_certificate_is_not),
        cmocka_unit_test(cut_off_under_tls_is_no_answer),
        cmocka_unit_test(no_authorities_no_push),
    };
    return cmocka_run_group_tests(tests, boot, done);
}
