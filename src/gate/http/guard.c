/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/http/guard.h"

#include <assert.h>
#include <limits.h>

enum { MOST_LENGTH_DIGITS = 18, TARGET_MOST = 8192 };

/* What a byte may be part of. */
enum { IN_TOKEN = 1, IN_TARGET = 2, IN_HOST = 4, IN_VALUE = 8 };

static bool is_alnum(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_one_of(unsigned char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool may_be(unsigned char c, int part)
{
    switch (part) {
    case IN_TOKEN: /* RFC 9110 5.6.2 */
        return is_alnum(c) || is_one_of(c, "!#$%&'*+-.^_`|~");
    case IN_TARGET: /* RFC 3986, and what browsers leave as it is; never '#', '\\', '"', '<', '>' */
        return is_alnum(c) || is_one_of(c, "-._~:/?[]@!$&'()*+,;=%|{}^`");
    case IN_HOST:
        return is_alnum(c) || is_one_of(c, "-._:[]");
    default: /* RFC 9110 5.5: visible, white space, or beyond ASCII */
        return c == '\t' || (c >= ' ' && c != 0x7F);
    }
}

static bool is_all(str s, int part)
{
    for (size_t i = 0; i < s.size; i++)
        if (!may_be((unsigned char)s.at[i], part))
            return false;
    return true;
}

static err refuse(const char *why, uint32_t status)
{
    return fail(ERR_MALFORMED, why, status);
}

#define X(method, name) [method] = name,
static const char *const method_names[HTTP_METHOD_COUNT] = {HTTP_METHODS(X)};
#undef X

const char *http_method_name(enum http_method m)
{
    assert(m < HTTP_METHOD_COUNT);
    return method_names[m];
}

enum guard_found guard_scan_step(struct guard_scan *s, str head)
{
    static const char end[] = "\r\n\r\n";
    while (s->seen < head.size) {
        char c = head.at[s->seen++];
        bool is_owed = s->newlines % 2 == 1; /* after CR only LF may come */
        if (c == '\0' || (c == '\n') != is_owed)
            return GUARD_FOUND_EVIL;
        s->newlines = c == end[s->newlines] ? (uint8_t)(s->newlines + 1) : c == '\r';
        if (s->newlines == sizeof end - 1)
            return GUARD_FOUND_END;
    }
    return GUARD_NEEDS_MORE;
}

/* The line before the next CR LF; leaves what is behind it in *rest. */
static str take_line(str *rest)
{
    size_t size = str_find_char(*rest, '\r');
    str line = str_until(*rest, size);
    *rest = str_from(*rest, size + 2);
    return line;
}

static enum http_method method_find(str name)
{
    for (int m = 0; m < HTTP_OTHER; m++)
        if (str_equal(name, str_from_c(method_names[m])))
            return (enum http_method)m;
    return HTTP_OTHER;
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Every '%' begins two hex digits, and none of them is %00. */
static bool is_percent_sound(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        if (s.at[i] != '%')
            continue;
        if (s.size - i < 3 || !is_hex(s.at[i + 1]) || !is_hex(s.at[i + 2]))
            return false;
        if (s.at[i + 1] == '0' && s.at[i + 2] == '0')
            return false;
    }
    return true;
}

/* "http://host/path" to its path; its authority must say what Host says (RFC 9112 3.2.2). */
static err absolute_form(struct http_head *h, str *ret_origin)
{
    str rest = h->target;
    for (size_t i = 0; i < 2; i++) {
        str scheme = i == 0 ? STR("http://") : STR("https://");
        if (str_equal_nocase(str_until(h->target, scheme.size), scheme))
            rest = str_from(h->target, scheme.size);
    }
    if (rest.size == h->target.size)
        return refuse("guard: a target that is no path", 400);
    size_t slash = str_find_char(rest, '/');
    if (slash == rest.size)
        return refuse("guard: an absolute target without a path", 400);
    if (!str_equal_nocase(str_until(rest, slash), h->host))
        return refuse("guard: the target contradicts Host", 400);
    *ret_origin = str_from(rest, slash);
    return OK;
}

static err target_parse(struct http_head *h)
{
    str origin = h->target;
    if (h->method == HTTP_OPTIONS && str_equal(h->target, STR("*"))) {
        h->path = STR("/");
        h->query = STR("");
        return OK;
    }
    if (origin.at[0] != '/')
        TRY(absolute_form(h, &origin));
    size_t mark = str_find_char(origin, '?');
    h->path = str_until(origin, mark);
    h->query = str_from(origin, mark + 1);
    return OK;
}

/* "GET /path HTTP/1.1", one space each. */
static err request_line(str line, struct http_head *h)
{
    str method;
    if (!str_split(&line, ' ', &method) || method.size == 0 || !is_all(method, IN_TOKEN))
        return refuse("guard: no method", 400);
    str target;
    if (!str_split(&line, ' ', &target) || target.size == 0)
        return refuse("guard: no target", 400);
    if (!is_all(target, IN_TARGET) || !is_percent_sound(target))
        return refuse("guard: a letter that has no place in a target", 400);
    if (target.size > TARGET_MOST)
        return refuse("guard: the target is too long", 414);
    bool is_http = line.size == 8 && str_starts(line, STR("HTTP/")) && line.at[6] == '.';
    if (!is_http)
        return refuse("guard: no version", 400);
    h->is_http_1_0 = str_equal(line, STR("HTTP/1.0"));
    if (!h->is_http_1_0 && !str_equal(line, STR("HTTP/1.1")))
        return refuse("guard: another version of HTTP", 505);
    h->method = method_find(method);
    h->target = target;
    return OK;
}

static err header_line(str line, struct http_head *h)
{
    size_t colon = str_find_char(line, ':');
    str name = str_until(line, colon);
    /* This also refuses folded lines and "Name :", which begin or end with white space. */
    if (colon == line.size || name.size == 0 || !is_all(name, IN_TOKEN))
        return refuse("guard: not a header's name", 400);
    str value = str_trim(str_from(line, colon + 1));
    if (!is_all(value, IN_VALUE))
        return refuse("guard: a control character in a header", 400);
    if (h->header_count == GUARD_HEADERS)
        return refuse("guard: too many headers", 431);
    h->headers[h->header_count++] = (struct http_header){name, value};
    return OK;
}

/* How often a header occurs; its (last) value. */
static size_t count_header(const struct http_head *h, str name, str *ret_value)
{
    size_t count = 0;
    for (size_t i = 0; i < h->header_count; i++)
        if (str_equal_nocase(h->headers[i].name, name)) {
            *ret_value = h->headers[i].value;
            count++;
        }
    return count;
}

static err check_host(struct http_head *h)
{
    size_t count = count_header(h, STR("Host"), &h->host);
    if (count > 1)
        return refuse("guard: more than one Host", 400);
    if (count == 0 && !h->is_http_1_0)
        return refuse("guard: no Host", 400);
    if (count == 1 && (h->host.size == 0 || h->host.size > 255 || !is_all(h->host, IN_HOST)))
        return refuse("guard: not a Host", 400);
    return OK;
}

static err length_parse(str digits, uint64_t *ret_bytes)
{
    uint64_t value = 0;
    if (digits.size == 0 || digits.size > MOST_LENGTH_DIGITS)
        return refuse("guard: not a Content-Length", 400);
    for (size_t i = 0; i < digits.size; i++) {
        if (digits.at[i] < '0' || digits.at[i] > '9')
            return refuse("guard: not a Content-Length", 400);
        value = value * 10 + (uint64_t)(digits.at[i] - '0');
    }
    *ret_bytes = value;
    return OK;
}

static err check_framing(struct http_head *h)
{
    str length = STR("");
    str coding = STR("");
    size_t lengths = count_header(h, STR("Content-Length"), &length);
    size_t codings = count_header(h, STR("Transfer-Encoding"), &coding);
    if (lengths > 1 || codings > 1)
        return refuse("guard: a repeated length", 400);
    if (lengths + codings > 1)
        return refuse("guard: both Content-Length and Transfer-Encoding", 400);
    if (codings == 1 && (h->is_http_1_0 || !str_equal_nocase(coding, STR("chunked"))))
        return refuse("guard: a transfer coding other than chunked", 400);
    if (codings == 1)
        h->framing = GUARD_CHUNKED;
    if (lengths == 1) {
        TRY(length_parse(length, &h->body_bytes));
        h->framing = h->body_bytes > 0 ? GUARD_COUNTED : GUARD_NO_BODY;
    }
    return OK;
}

static err check_wishes(struct http_head *h)
{
    str expect = STR("");
    size_t expects = count_header(h, STR("Expect"), &expect);
    if (expects > 0 && !str_equal_nocase(expect, STR("100-continue")))
        return refuse("guard: an expectation we do not know", 417);
    h->expects_continue = expects > 0 && !h->is_http_1_0 && h->framing != GUARD_NO_BODY;
    h->wants_close = h->is_http_1_0;
    for (size_t i = 0; i < h->header_count; i++)
        if (str_equal_nocase(h->headers[i].name, STR("Connection")))
            h->wants_close |= http_list_has(h->headers[i].value, STR("close"));
    return OK;
}

err guard_head(str head, struct http_header *room, struct http_head *ret_head)
{
    assert(str_ends(head, STR("\r\n\r\n")) && room != NULL);
    struct http_head h = {.headers = room, .host = STR("")};
    str rest = str_until(head, head.size - 2);
    TRY(request_line(take_line(&rest), &h));
    while (rest.size > 0)
        TRY(header_line(take_line(&rest), &h));
    TRY(check_host(&h));
    TRY(target_parse(&h));
    TRY(check_framing(&h));
    TRY(check_wishes(&h));
    if (h.method == HTTP_OTHER)
        return refuse("guard: a method we do not know", 501);
    *ret_head = h;
    return OK;
}

str http_head_find(const struct http_head *head, str name)
{
    str value = STR("");
    (void)count_header(head, name, &value);
    return value;
}

bool http_list_has(str list, str word)
{
    str item;
    while (str_split(&list, ',', &item))
        if (str_equal_nocase(str_trim(item), word))
            return true;
    return false;
}

/* Where a chunked body stands. "5\r\nhello\r\n0\r\n\r\n" */
enum chunk_state {
    CHUNK_SIZE,    /* hex digits of the size */
    CHUNK_SIZE_LF, /* CR seen behind the size */
    CHUNK_DATA,
    CHUNK_DATA_CR, /* data ended: CR owed */
    CHUNK_DATA_LF,
    CHUNK_LAST_CR, /* size 0 seen: the empty line that ends the body is owed */
    CHUNK_LAST_LF
};

void guard_body_init(struct guard_body *b, const struct http_head *head)
{
    *b = (struct guard_body){.framing = head->framing, .left = head->body_bytes};
    b->is_done = head->framing == GUARD_NO_BODY;
}

static str take_payload(struct guard_body *b, str bytes)
{
    str payload = str_until(bytes, b->left < bytes.size ? (size_t)b->left : bytes.size);
    b->left -= payload.size;
    return payload;
}

static err size_digit(struct guard_body *b, char c)
{
    if (!is_hex(c) || b->digits == 8)
        return refuse("guard: not a chunk's size", 400);
    uint64_t digit = (uint64_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    b->left = b->left * 16 + digit;
    b->digits++;
    return OK;
}

/* One byte outside of data. */
static err chunk_byte(struct guard_body *b, char c)
{
    static const char owed[] = {
        [CHUNK_SIZE_LF] = '\n', [CHUNK_DATA_CR] = '\r', [CHUNK_DATA_LF] = '\n',
        [CHUNK_LAST_CR] = '\r', [CHUNK_LAST_LF] = '\n',
    };
    static const uint8_t next[] = {
        [CHUNK_DATA_CR] = CHUNK_DATA_LF,
        [CHUNK_DATA_LF] = CHUNK_SIZE,
        [CHUNK_LAST_CR] = CHUNK_LAST_LF,
        [CHUNK_LAST_LF] = CHUNK_LAST_LF,
    };
    if (b->state == CHUNK_SIZE && (c != '\r' || b->digits == 0))
        return size_digit(b, c);
    if (b->state == CHUNK_SIZE) {
        b->state = CHUNK_SIZE_LF;
        return OK;
    }
    if (c != owed[b->state])
        return refuse("guard: a chunk that does not end where it says", 400);
    b->is_done = b->state == CHUNK_LAST_LF;
    if (b->state == CHUNK_SIZE_LF) {
        b->state = b->left > 0 ? CHUNK_DATA : CHUNK_LAST_CR;
        return OK;
    }
    b->state = next[b->state];
    b->digits = 0;
    return OK;
}

err guard_body_step(struct guard_body *b, str bytes, size_t *ret_used, str *ret_payload)
{
    size_t used = 0;
    *ret_payload = STR("");
    *ret_used = 0;
    if (b->framing == GUARD_COUNTED) {
        *ret_payload = take_payload(b, bytes);
        *ret_used = ret_payload->size;
        b->is_done = b->left == 0;
        return OK;
    }
    while (used < bytes.size && !b->is_done && b->state != CHUNK_DATA)
        TRY(chunk_byte(b, bytes.at[used++]));
    if (b->state == CHUNK_DATA) {
        *ret_payload = take_payload(b, str_from(bytes, used));
        used += ret_payload->size;
        if (b->left == 0)
            b->state = CHUNK_DATA_CR;
    }
    *ret_used = used;
    return OK;
}
