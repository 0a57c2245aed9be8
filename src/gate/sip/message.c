/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/message.h"

#include "gate/sip/scan.h"

#include <assert.h>

static const str version = {"SIP/2.0", 7};

/* --- the line --- */

struct lines {
    str rest;
    size_t count;
};

enum line_kind { LINE_HEADER, LINE_LAST, LINE_NONE };

/* One header with the lines it goes on in, without its end; LINE_LAST is the empty one. */
static enum line_kind line_next(struct lines *l, str *ret_line)
{
    size_t from = 0;
    for (;;) {
        str after = str_from(l->rest, from);
        const char *feed = after.size == 0 ? NULL : memchr(after.at, '\n', after.size);
        if (feed == NULL || feed == l->rest.at || feed[-1] != '\r')
            return LINE_NONE; /* RFC 3261 7.5: CRLF, and nothing else ends a line */
        size_t end = (size_t)(feed - l->rest.at) + 1;
        bool is_empty = end == 2;
        bool goes_on =
            !is_empty && end < l->rest.size && (l->rest.at[end] == ' ' || l->rest.at[end] == '\t');
        if (goes_on) {
            from = end;
            continue;
        }
        *ret_line = str_until(l->rest, end - 2);
        l->rest = str_from(l->rest, end);
        return is_empty ? LINE_LAST : LINE_HEADER;
    }
}

/* --- start line --- */

static enum sip_method method_of(str text)
{
    static const struct {
        str text;
        enum sip_method method;
    } methods[] = {
        {{"INVITE", 6},  SIP_INVITE },
        {{"ACK", 3},     SIP_ACK    },
        {{"CANCEL", 6},  SIP_CANCEL },
        {{"OPTIONS", 7}, SIP_OPTIONS},
    };
    for (size_t i = 0; i < COUNT_OF(methods); i++)
        if (str_equal(text, methods[i].text))
            return methods[i].method;
    return SIP_OTHER;
}

/* "SIP/" and two numbers. */
static bool is_version(str s)
{
    struct scan scan = scan_of(str_from(s, 4));
    uint64_t number = 0;
    return str_equal_nocase(str_until(s, 4), STR("SIP/")) && scan_number(&scan, 999, &number) &&
           scan_take(&scan, '.') && scan_number(&scan, 999, &number) && scan_at_end(&scan);
}

static enum sip_flaw start_read(str line, struct sip_message *m)
{
    size_t first = str_find_char(line, ' ');
    str rest = str_from(line, first + 1);
    size_t second = str_find_char(rest, ' ');
    str last = str_from(rest, second + 1);
    if (str_starts(line, STR("SIP/")))
        return SIP_NOT_ASKED;
    m->method_text = str_until(line, first);
    m->uri_text = str_until(rest, second);
    if (!sip_is_token(m->method_text))
        return SIP_NOT_ASKED;
    m->method = method_of(m->method_text);
    if (second == rest.size || str_find_char(last, ' ') < last.size || !is_version(last))
        return SIP_BAD_START;
    if (!str_equal_nocase(last, version))
        return SIP_BAD_VERSION;
    bool is_sound = sip_uri_read(m->uri_text, &m->uri) && !m->uri.has_headers;
    return is_sound ? SIP_SOUND : SIP_BAD_URI;
}

/* --- headers --- */

static enum sip_flaw once_put(str *slot, str value)
{
    if (slot->at != NULL)
        return SIP_TWICE;
    *slot = value;
    return SIP_SOUND;
}

/* What is beyond the bound is not read: nobody is let off a judgement by writing more. */
static enum sip_flaw list_put(struct sip_list *list, str value)
{
    if (list->count < SIP_EACH)
        list->at[list->count++] = value;
    return SIP_SOUND;
}

static enum sip_flaw put_via(struct sip_message *m, str value)
{
    if (m->via_count == SIP_VIAS)
        return SIP_MANY_LINES;
    m->vias[m->via_count++] = value;
    return SIP_SOUND;
}

static enum sip_flaw put_from(struct sip_message *m, str value)
{
    return once_put(&m->from_text, value);
}

static enum sip_flaw put_to(struct sip_message *m, str value)
{
    return once_put(&m->to_text, value);
}

static enum sip_flaw put_call_id(struct sip_message *m, str value)
{
    return once_put(&m->call_id, value);
}

static enum sip_flaw put_cseq(struct sip_message *m, str value)
{
    return once_put(&m->cseq, value);
}

static enum sip_flaw put_max_forwards(struct sip_message *m, str value)
{
    return once_put(&m->max_forwards, value);
}

static enum sip_flaw put_content_length(struct sip_message *m, str value)
{
    return once_put(&m->content_length, value);
}

static enum sip_flaw put_require(struct sip_message *m, str value)
{
    return list_put(&m->require, value);
}

static enum sip_flaw put_asserted(struct sip_message *m, str value)
{
    return list_put(&m->asserted, value);
}

static enum sip_flaw put_diversion(struct sip_message *m, str value)
{
    return list_put(&m->diversion, value);
}

static enum sip_flaw put_identity(struct sip_message *m, str value)
{
    return list_put(&m->identity, value);
}

static enum sip_flaw put_date(struct sip_message *m, str value)
{
    if (m->date.at == NULL)
        m->date = value;
    return SIP_SOUND;
}

static const struct {
    str name;
    enum sip_flaw (*put)(struct sip_message *m, str value);
} headers[] = {
    {{"Via", 3},                  put_via           },
    {{"v", 1},                    put_via           },
    {{"From", 4},                 put_from          },
    {{"f", 1},                    put_from          },
    {{"To", 2},                   put_to            },
    {{"t", 1},                    put_to            },
    {{"Call-ID", 7},              put_call_id       },
    {{"i", 1},                    put_call_id       },
    {{"CSeq", 4},                 put_cseq          },
    {{"Max-Forwards", 12},        put_max_forwards  },
    {{"Content-Length", 14},      put_content_length},
    {{"l", 1},                    put_content_length},
    {{"Require", 7},              put_require       },
    {{"Proxy-Require", 13},       put_require       },
    {{"P-Asserted-Identity", 19}, put_asserted      },
    {{"Diversion", 9},            put_diversion     },
    {{"Identity", 8},             put_identity      },
    {{"y", 1},                    put_identity      },
    {{"Date", 4},                 put_date          },
};

static str blanks_cut(str s)
{
    while (s.size > 0 && sip_is_blank(s.at[0]))
        s = str_from(s, 1);
    while (s.size > 0 && sip_is_blank(s.at[s.size - 1]))
        s.size--;
    return s;
}

static enum sip_flaw header_read(str line, struct sip_message *m)
{
    size_t colon = str_find_char(line, ':');
    str name = blanks_cut(str_until(line, colon));
    if (colon == line.size || !sip_is_token(name) || name.at != line.at)
        return SIP_BAD_LINE;
    for (size_t i = 0; i < COUNT_OF(headers); i++)
        if (name.size == headers[i].name.size && str_equal_nocase(name, headers[i].name))
            return headers[i].put(m, blanks_cut(str_from(line, colon + 1)));
    return SIP_SOUND;
}

static enum sip_flaw headers_read(struct lines *l, struct sip_message *m)
{
    enum sip_flaw worst = SIP_SOUND; /* of several: the first; the rest is read all the same */
    for (;;) {
        str line = {0};
        enum line_kind kind = line_next(l, &line);
        m->is_whole = kind == LINE_LAST;
        if (kind == LINE_LAST)
            return worst;
        if (kind == LINE_NONE)
            return worst != SIP_SOUND ? worst : SIP_NO_END;
        if (++l->count > SIP_LINES)
            return SIP_MANY_LINES;
        enum sip_flaw flaw = header_read(line, m);
        if (worst == SIP_SOUND)
            worst = flaw;
    }
}

/* --- what stands in them --- */

static bool scan_word(struct scan *s, str word)
{
    str token = {0};
    return scan_token(s, &token) && str_equal_nocase(token, word);
}

static bool via_params(struct scan *s, struct sip_via *via)
{
    struct sip_param param = {0};
    const char *begin = s->at;
    while (scan_separator(s, ';')) {
        if (!scan_param(s, &param))
            return false;
        if (str_equal_nocase(param.name, STR("branch")) && param.value.at != NULL)
            via->branch = param.value;
        via->has_rport = via->has_rport || str_equal_nocase(param.name, STR("rport"));
    }
    via->params = scan_since(s, begin);
    return true;
}

static bool via_read(str value, struct sip_via *ret_via)
{
    struct scan s = scan_of(value);
    struct sip_via via = {0};
    str number = {0}; /* of the version: whoever sent another says so in his first line */
    bool is_begun = scan_word(&s, STR("SIP")) && scan_separator(&s, '/') &&
                    scan_token(&s, &number) && scan_separator(&s, '/') &&
                    scan_token(&s, &via.transport);
    const char *blank = s.at;
    scan_blanks(&s);
    if (!is_begun || s.at == blank)
        return false;
    const char *begin = s.at;
    while (s.at < s.end && *s.at != ';' && *s.at != ',' && !sip_is_blank(*s.at))
        s.at++;
    via.sent_by = scan_since(&s, begin);
    if (!sip_host_read(via.sent_by, &via.host, &via.port))
        return false;
    *ret_via = via; /* what is wrong behind it can be told there */
    if (!via_params(&s, &via))
        return false;
    scan_blanks(&s);
    bool has_more = scan_take(&s, ',');
    if (!has_more && !scan_at_end(&s))
        return false;
    via.others = blanks_cut(str_make(s.at, (size_t)(s.end - s.at)));
    *ret_via = via;
    return !has_more || via.others.size > 0;
}

static bool display_read(struct scan *s, str *ret_name)
{
    if (scan_is(s, '"'))
        return scan_quoted(s, ret_name);
    const char *begin = s->at;
    while (s->at < s->end && *s->at != '<' && *s->at != '"' && *s->at != ',' && *s->at != ';')
        s->at++;
    *ret_name = blanks_cut(scan_since(s, begin));
    return scan_is(s, '<');
}

/* Without brackets: all that follows a ';' is the header's, and the URI has no '?' or ','. */
static bool bare_read(struct scan *s, struct sip_party *party)
{
    const char *begin = s->at;
    while (s->at < s->end && *s->at != ';' && *s->at != ',' && !sip_is_blank(*s->at))
        s->at++;
    return sip_uri_read(scan_since(s, begin), &party->uri) && !party->uri.has_headers;
}

static bool bracketed_read(struct scan *s, struct sip_party *party)
{
    if (!display_read(s, &party->name))
        return false;
    scan_blanks(s);
    if (!scan_take(s, '<'))
        return false;
    const char *begin = s->at;
    while (s->at < s->end && *s->at != '>')
        s->at++;
    str uri = scan_since(s, begin);
    return scan_take(s, '>') && sip_uri_read(uri, &party->uri);
}

/* Is there a '<' before the first parameter, outside of quotes? */
static bool has_bracket(struct scan s)
{
    str quoted = {0};
    scan_blanks(&s);
    if (scan_is(&s, '"') && !scan_quoted(&s, &quoted))
        return true; /* a name that does not end: let the reading say so */
    while (s.at < s.end && *s.at != '<' && *s.at != ';')
        s.at++;
    return scan_is(&s, '<');
}

bool sip_party_read(str value, struct sip_party *ret_party, str *ret_rest)
{
    struct scan s = scan_of(value);
    struct sip_party party = {0};
    struct sip_param param = {0};
    scan_blanks(&s);
    if (!(has_bracket(s) ? bracketed_read(&s, &party) : bare_read(&s, &party)))
        return false;
    while (scan_separator(&s, ';')) {
        if (!scan_param(&s, &param))
            return false;
        if (str_equal_nocase(param.name, STR("tag")) && param.value.at != NULL)
            party.tag = param.value;
    }
    scan_blanks(&s);
    bool has_more = scan_take(&s, ',');
    if (!has_more && !scan_at_end(&s))
        return false;
    *ret_rest = str_make(s.at, (size_t)(s.end - s.at));
    *ret_party = party;
    return true;
}

static bool only_party_read(str value, struct sip_party *ret_party)
{
    str rest = {0};
    return value.at != NULL && sip_party_read(value, ret_party, &rest) && rest.size == 0;
}

/* Printable, in one piece; RFC 3261's own letters are a few less, and nobody keeps to them. */
static bool is_call_id(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (s.at[i] <= ' ' || s.at[i] > '~')
            return false;
    return s.size > 0;
}

static bool is_cseq(const struct sip_message *m)
{
    struct scan s = scan_of(m->cseq);
    uint64_t number = 0;
    str method = {0};
    if (m->cseq.at == NULL || !scan_number(&s, INT32_MAX, &number))
        return false;
    const char *blank = s.at;
    scan_blanks(&s);
    return s.at > blank && scan_token(&s, &method) && scan_at_end(&s) &&
           str_equal(method, m->method_text);
}

static bool hops_read(struct sip_message *m)
{
    struct scan s = scan_of(m->max_forwards);
    uint64_t hops = UINT8_MAX; /* RFC 2543 has none */
    if (m->max_forwards.at != NULL && (!scan_number(&s, UINT8_MAX, &hops) || !scan_at_end(&s)))
        return false;
    m->hops = (uint8_t)hops;
    return true;
}

/* RFC 3261 18.3: as much must be there as is said; what is beyond it is nobody's. */
static bool is_length(const struct sip_message *m, size_t after, bool is_cut)
{
    struct scan s = scan_of(m->content_length);
    uint64_t length = after;
    if (m->content_length.at != NULL && (!scan_number(&s, UINT32_MAX, &length) || !scan_at_end(&s)))
        return false;
    return is_cut || length <= after;
}

/* All of them, whatever is wrong with one: who calls can be judged all the same. */
static enum sip_flaw values_read(struct sip_message *m)
{
    static const enum sip_flaw flaws[] = {SIP_BAD_VIA,     SIP_BAD_FROM, SIP_BAD_TO,
                                          SIP_BAD_CALL_ID, SIP_BAD_CSEQ, SIP_BAD_HOPS};
    const bool is_sound[COUNT_OF(flaws)] = {
        m->via_count > 0 && via_read(m->vias[0], &m->via),
        only_party_read(m->from_text, &m->from),
        only_party_read(m->to_text, &m->to),
        m->call_id.at != NULL && is_call_id(m->call_id),
        is_cseq(m),
        hops_read(m),
    };
    for (size_t i = 0; i < COUNT_OF(flaws); i++)
        if (!is_sound[i])
            return flaws[i];
    return SIP_SOUND;
}

bool sip_body_bytes(str head, uint64_t most, uint64_t *ret_bytes)
{
    struct lines l = {.rest = head};
    str line = {0};
    size_t said = 0;
    enum line_kind kind = line_next(&l, &line);
    while (kind == LINE_HEADER) {
        size_t colon = str_find_char(line, ':');
        str name = blanks_cut(str_until(line, colon));
        if (str_equal_nocase(name, STR("Content-Length")) || str_equal_nocase(name, STR("l"))) {
            struct scan s = scan_of(blanks_cut(str_from(line, colon + 1)));
            if (++said > 1 || !scan_number(&s, most, ret_bytes) || !scan_at_end(&s))
                return false;
        }
        kind = line_next(&l, &line);
    }
    return kind == LINE_LAST && said == 1;
}

enum sip_flaw sip_message_read(str packet, bool is_cut, struct sip_message *ret_message)
{
    assert(ret_message != NULL);
    struct sip_message m = {.hops = UINT8_MAX};
    struct lines l = {.rest = packet};
    str start = {0};
    while (str_starts(l.rest, STR("\r\n"))) /* RFC 3261 7.5 */
        l.rest = str_from(l.rest, 2);
    *ret_message = m;
    if (line_next(&l, &start) != LINE_HEADER)
        return SIP_NOT_ASKED;
    enum sip_flaw flaw = start_read(start, &m);
    if (flaw == SIP_NOT_ASKED)
        return flaw;
    enum sip_flaw of_headers = headers_read(&l, &m);
    if (of_headers == SIP_NO_END && is_cut)
        of_headers = SIP_SOUND;
    enum sip_flaw of_values = values_read(&m);
    *ret_message = m;
    if (flaw == SIP_SOUND)
        flaw = of_headers;
    if (flaw == SIP_SOUND)
        flaw = of_values;
    return flaw == SIP_SOUND && !is_length(&m, l.rest.size, is_cut) ? SIP_BAD_LENGTH : flaw;
}
