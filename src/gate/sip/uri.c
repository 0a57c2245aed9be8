/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/uri.h"

#include "gate/sip/scan.h"

/* Nothing that ends a URI or hides something in it, and whole escapes. */
static bool is_clean(str s)
{
    static const bool is_out[256] = {[0 ... 32] = true,   ['"'] = true,  ['<'] = true,
                                     ['>'] = true,        ['\\'] = true, ['^'] = true,
                                     [127 ... 255] = true};
    for (size_t i = 0; i < s.size; i++) {
        if (is_out[(unsigned char)s.at[i]])
            return false;
        if (s.at[i] != '%')
            continue;
        if (i + 2 >= s.size || sip_hex(s.at[i + 1]) < 0 || sip_hex(s.at[i + 2]) < 0)
            return false;
    }
    return true;
}

static bool is_host_char(char c, bool is_v6)
{
    bool is_plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
    return is_plain || (is_v6 ? c == ':' : c == '-' || c == '_');
}

bool sip_host_read(str text, str *ret_host, uint16_t *ret_port)
{
    bool is_v6 = text.size > 0 && text.at[0] == '[';
    size_t size = is_v6 ? str_find_char(text, ']') : str_find_char(text, ':');
    str inner = is_v6 ? str_from(str_until(text, size), 1) : str_until(text, size);
    if (is_v6 && size++ == text.size)
        return false;
    for (size_t i = 0; i < inner.size; i++)
        if (!is_host_char(inner.at[i], is_v6))
            return false;
    struct scan rest = scan_of(str_from(text, size));
    uint64_t port = 0;
    bool has_port = scan_take(&rest, ':');
    if (inner.size == 0 || (has_port && !scan_number(&rest, UINT16_MAX, &port)) ||
        !scan_at_end(&rest))
        return false;
    *ret_host = str_until(text, size);
    *ret_port = (uint16_t)port;
    return true;
}

static bool read_sip(str rest, struct sip_uri *uri)
{
    size_t at = str_find_char(rest, '@'); /* no other one may stand in what follows unescaped */
    if (at < rest.size) {
        uri->user = str_until(rest, at);
        rest = str_from(rest, at + 1);
        if (uri->user.size == 0)
            return false;
    }
    size_t question = str_find_char(rest, '?');
    uri->has_headers = question < rest.size;
    rest = str_until(rest, question);
    size_t semicolon = str_find_char(rest, ';');
    uri->params = str_from(rest, semicolon + 1);
    return sip_host_read(str_until(rest, semicolon), &uri->host, &uri->port);
}

static bool read_tel(str rest, struct sip_uri *uri)
{
    size_t semicolon = str_find_char(rest, ';');
    uri->user = str_until(rest, semicolon);
    uri->params = str_from(rest, semicolon + 1);
    return uri->user.size > 0;
}

static bool is_scheme(str s)
{
    for (size_t i = 0; i < s.size; i++) {
        char low = (char)(s.at[i] | 0x20);
        bool is_letter = low >= 'a' && low <= 'z';
        bool is_more = (s.at[i] >= '0' && s.at[i] <= '9') || s.at[i] == '+' || s.at[i] == '-' ||
                       s.at[i] == '.';
        if (!is_letter && !(is_more && i > 0))
            return false;
    }
    return s.size > 0;
}

bool sip_uri_read(str text, struct sip_uri *ret_uri)
{
    struct sip_uri uri = {.scheme = SIP_SCHEME_OTHER};
    size_t colon = str_find_char(text, ':');
    str scheme = str_until(text, colon);
    str rest = str_from(text, colon + 1);
    if (rest.size == 0 || !is_scheme(scheme) || !is_clean(rest))
        return false;
    bool is_sound = true;
    if (str_equal_nocase(scheme, STR("sip")) || str_equal_nocase(scheme, STR("sips"))) {
        uri.scheme = scheme.size == 3 ? SIP_SCHEME_SIP : SIP_SCHEME_SIPS;
        is_sound = read_sip(rest, &uri);
    } else if (str_equal_nocase(scheme, STR("tel"))) {
        uri.scheme = SIP_SCHEME_TEL;
        is_sound = read_tel(rest, &uri);
    }
    *ret_uri = uri;
    return is_sound;
}

str sip_uri_param(str params, str name)
{
    for (str part = {0}; str_split(&params, ';', &part);) {
        size_t equals = str_find_char(part, '=');
        if (str_equal_nocase(str_until(part, equals), name))
            return str_from(part, equals + 1);
    }
    return STR("");
}
