/* SPDX-License-Identifier: Apache-2.0 */
#include "fact/url.h"

#include "fact/address.h"
#include "fact/digits.h"
#include "fact/domain.h"

#include <assert.h>

/* A url cut at its delimiters; nothing is decoded yet. */
struct parts {
    str scheme;
    str host;
    str port;
    str path;
    str query;
};

static err refuse(const char *why, size_t at)
{
    return fail(ERR_MALFORMED, why, (uint32_t)at);
}

static bool is_slash(char c)
{
    return c == '/' || c == '\\';
}

static err check_bytes(str s)
{
    if (s.size == 0)
        return refuse("url.empty", 0);
    if (s.size > URL_BYTES)
        return refuse("url.too_long", URL_BYTES);
    for (size_t i = 0; i < s.size; i++) {
        if (s.at[i] == ' ')
            return refuse("url.space", i);
        if ((unsigned char)s.at[i] < ' ' || s.at[i] == 0x7F)
            return refuse("url.control", i);
    }
    return OK;
}

static err cut_scheme(str *rest, struct parts *p)
{
    static const char *const schemes[] = {"http", "https"};
    size_t colon = str_find_char(*rest, ':');
    str after = str_from(*rest, colon + 1);
    if (after.size < 2 || !is_slash(after.at[0]) || !is_slash(after.at[1]))
        return refuse("url.scheme", 0);
    for (size_t i = 0; i < COUNT_OF(schemes); i++)
        if (str_equal_nocase(str_until(*rest, colon), str_from_c(schemes[i])))
            p->scheme = str_from_c(schemes[i]);
    *rest = str_from(after, 2);
    return p->scheme.size == 0 ? refuse("url.scheme", 0) : OK;
}

static err cut_port(str authority, struct parts *p)
{
    size_t from = 0;
    if (authority.size > 0 && authority.at[0] == '[')
        from = str_find_char(authority, ']');
    size_t colon = from + str_find_char(str_from(authority, from), ':');
    p->host = str_until(authority, colon);
    p->port = str_from(authority, colon + 1);
    while (p->port.size > 1 && p->port.at[0] == '0')
        p->port = str_from(p->port, 1);
    if (p->port.size == 0)
        return OK;

    int64_t port = 0;
    if (p->port.size > 5 || !digits_only(p->port))
        return refuse("url.port", 0);
    TRY(str_parse_i64(p->port, &port));
    if (port < 1 || port > 65535)
        return refuse("url.port", 0);
    bool is_default = port == (p->scheme.size == 4 ? 80 : 443);
    if (is_default)
        p->port.size = 0;
    return OK;
}

static err cut(str rest, struct parts *p)
{
    *p = (struct parts){0};
    TRY(cut_scheme(&rest, p));
    rest = str_until(rest, str_find_char(rest, '#'));
    size_t query = str_find_char(rest, '?');
    p->query = str_from(rest, query + 1);
    rest = str_until(rest, query);

    size_t path = 0;
    while (path < rest.size && !is_slash(rest.at[path]))
        path++;
    p->path = str_from(rest, path);
    str authority = str_until(rest, path);
    if (str_find_char(authority, '@') < authority.size)
        return refuse("url.userinfo", 0);
    return cut_port(authority, p);
}

/* "http://%65vil.com": browsers decode the host before they read it. */
static err decode_host(str host, struct arena *turn, str *ret_host)
{
    char *at = arena_make(turn, host.size + 1);
    if (at == NULL)
        return digits_spent();
    size_t size = 0;
    for (size_t i = 0; i < host.size; i++) {
        at[size] = host.at[i];
        if (host.at[i] == '%') {
            if (failed(hex_parse(str_until(str_from(host, i + 1), 2), &at[size], 1)))
                return refuse("url.percent", i);
            i += 2;
        }
        size++;
    }
    *ret_host = str_make(at, size);
    return OK;
}

static err put_host(struct text *t, str host)
{
    if (host.size == 0)
        return refuse("url.host", 0);
    char room[ADDRESS_TEXT_BYTES];
    str canonical = {0};
    if (host.at[0] == '[') {
        TRY(address_parse_v6(host, room, &canonical));
        text_put(t, canonical);
        return OK;
    }
    str decoded = {0};
    TRY(decode_host(host, t->arena, &decoded));
    err e = domain_parse(decoded, t->arena, &canonical);
    bool is_ip = failed(e) && e.why != NULL && strcmp(e.why, "domain.is_ip") == 0;
    if (is_ip)
        e = address_parse_v4(decoded, room, &canonical);
    TRY(e);
    text_put(t, canonical);
    return OK;
}

/* RFC 3986 2.3: an escape of these says the same as the letter. */
static bool is_unreserved(char c)
{
    char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || digit_is(c) || char_is_of(c, STR("-._~"));
}

/* What may stand as it is in a path or query. */
static bool is_plain(char c)
{
    return is_unreserved(c) || char_is_of(c, STR("!$&'()*+,;=:@/?"));
}

static void put_escape(struct text *t, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    text_put_char(t, '%');
    text_put_char(t, digits[(unsigned char)c >> 4]);
    text_put_char(t, digits[(unsigned char)c & 15]);
}

static err put_normal(struct text *t, str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char c = s.at[i];
        bool is_escape = c == '%';
        if (is_escape) {
            if (failed(hex_parse(str_until(str_from(s, i + 1), 2), &c, 1)))
                return refuse("url.percent", i);
            i += 2;
        }
        if (is_escape ? is_unreserved(c) : is_plain(c))
            text_put_char(t, c);
        else
            put_escape(t, c);
    }
    return OK;
}

/*
 * RFC 3986 5.2.4: "." goes, ".." takes the segment before it along. `path` is normal already, so
 * "%2e" is a dot by now; the result is written over it, for it is never longer.
 */
static size_t remove_dots(char *path, size_t size)
{
    size_t out = 0;
    for (size_t i = 0; i < size;) {
        size_t end = i + 1; /* path[i] is a slash */
        while (end < size && path[end] != '/')
            end++;
        str segment = str_make(path + i + 1, end - i - 1);
        bool is_up = str_equal(segment, STR(".."));
        bool is_dots = is_up || str_equal(segment, STR("."));
        while (is_up && out > 0 && path[--out] != '/')
            ;
        if (!is_dots) {
            memmove(path + out, path + i, end - i);
            out += end - i;
        } else if (end == size) {
            path[out++] = '/';
        }
        i = end;
    }
    return out;
}

static err put_path(struct text *t, str path)
{
    struct text normal;
    text_init(&normal, t->arena);
    text_put_c(&normal, path.size == 0 ? "/" : "");
    for (size_t i = 0; i < path.size;) {
        size_t end = i;
        while (end < path.size && !is_slash(path.at[end]))
            end++;
        TRY(put_normal(&normal, str_make(path.at + i, end - i)));
        if (end < path.size)
            text_put_char(&normal, '/');
        i = end + 1;
    }
    if (text_spent(&normal))
        return digits_spent();
    text_put(t, str_make(normal.at, remove_dots(normal.at, normal.size)));
    return OK;
}

err url_parse(str text, struct arena *turn, str *ret_url)
{
    assert(turn != NULL && ret_url != NULL);
    str s = str_trim(text);
    TRY(check_bytes(s));
    struct parts p;
    TRY(cut(s, &p));

    struct text t;
    text_init(&t, turn);
    text_put(&t, p.scheme);
    text_put_c(&t, "://");
    TRY(put_host(&t, p.host));
    if (p.port.size > 0)
        text_put_char(&t, ':');
    text_put(&t, p.port);
    TRY(put_path(&t, p.path));
    if (p.query.size > 0)
        text_put_char(&t, '?');
    TRY(put_normal(&t, p.query));
    if (text_spent(&t))
        return digits_spent();
    if (t.size > URL_BYTES)
        return refuse("url.too_long", URL_BYTES);
    *ret_url = text_str(&t);
    return OK;
}

str url_host(str url)
{
    size_t scheme = str_find_char(url, '/');
    str rest = str_from(url, scheme + 2);
    rest = str_until(rest, str_find_char(rest, '/'));
    size_t close = rest.size > 0 && rest.at[0] == '[' ? str_find_char(rest, ']') : 0;
    return str_until(rest, close + str_find_char(str_from(rest, close), ':'));
}

err url_display(str url, struct arena *turn, str *ret_display)
{
    str host = url_host(url);
    str shown;
    TRY(domain_display(host, turn, &shown));
    if (str_equal(shown, host)) {
        *ret_display = url;
        return OK;
    }
    struct text t;
    text_init(&t, turn);
    text_put(&t, url);
    text_put_c(&t, " [");
    text_put(&t, str_until(shown, str_find_char(shown, ' ')));
    text_put_c(&t, "]");
    if (text_spent(&t))
        return digits_spent();
    *ret_display = text_str(&t);
    return OK;
}
