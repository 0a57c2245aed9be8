/* SPDX-License-Identifier: Apache-2.0 */
#include "conf/address.h"

#include "conf/conf.h"

/* 0 to 255 without leading zeros, which some readers take for octal. */
static bool is_octet(str s)
{
    int64_t value = 0;
    bool is_plain = s.size > 0 && s.size <= 3 && (s.size == 1 || s.at[0] != '0') && s.at[0] != '-';
    return is_plain && !failed(str_parse_i64(s, &value)) && value <= 255;
}

bool address_is_ipv4(str host)
{
    size_t octets = 0;
    for (str part = {0}; str_split(&host, '.', &part); octets++)
        if (!is_octet(part))
            return false;
    return octets == 4;
}

static bool is_hex_group(str s)
{
    for (size_t i = 0; i < s.size; i++)
        if (strchr("0123456789abcdefABCDEF", s.at[i]) == NULL || s.at[i] == '\0')
            return false;
    return s.size >= 1 && s.size <= 4;
}

/* RFC 4291 2.2, without an embedded IPv4 address and without a zone. */
bool address_is_ipv6(str host)
{
    bool has_gap = str_has(host, STR("::"));
    bool is_odd = str_has(host, STR(":::")) || host.size < 2 ||
                  (host.at[0] == ':' && !str_starts(host, STR("::"))) ||
                  (str_ends(host, STR(":")) && !str_ends(host, STR("::")));
    if (is_odd)
        return false;
    /* The empty parts of one "::": one, and one more for each end of the text it stands at. */
    size_t own = 1U + str_starts(host, STR("::")) + str_ends(host, STR("::"));
    size_t groups = 0;
    size_t gaps = 0;
    for (str part = {0}; str_split(&host, ':', &part);) {
        if (part.size > 0 && !is_hex_group(part))
            return false;
        groups += part.size > 0;
        gaps += part.size == 0;
    }
    return has_gap ? groups <= 7 && gaps == own : groups == 8 && gaps == 0;
}

bool address_is_host(str host)
{
    return address_is_ipv4(host) || address_is_ipv6(host);
}

static err port_parse(str s, uint16_t *ret_port)
{
    int64_t port = 0;
    if (s.size > 5 || failed(str_parse_i64(s, &port)) || port < 0 || port > 65535)
        return fail(ERR_MALFORMED, "conf.address", 0);
    *ret_port = (uint16_t)port;
    return OK;
}

err conf_address_parse(str address, str *ret_host, uint16_t *ret_port)
{
    if (str_starts(address, STR("unix:")) && address.size > STR("unix:").size) {
        *ret_host = address;
        *ret_port = 0;
        return OK;
    }
    bool is_bracketed = str_starts(address, STR("["));
    size_t cut = is_bracketed ? str_find_char(address, ']') : str_find_char(address, ':');
    str host = is_bracketed ? str_from(str_until(address, cut), 1) : str_until(address, cut);
    str rest = str_from(address, is_bracketed ? cut + 1 : cut);
    bool is_sound = is_bracketed ? address_is_ipv6(host) : address_is_ipv4(host);
    if (!is_sound || !str_starts(rest, STR(":")))
        return fail(ERR_MALFORMED, "conf.address", 0);
    uint16_t port = 0;
    TRY(port_parse(str_from(rest, 1), &port));
    *ret_host = host;
    *ret_port = port;
    return OK;
}

err conf_net_parse(str text, struct conf_net *ret_net)
{
    str address = str_until(text, str_find_char(text, '/'));
    int64_t most = address_is_ipv4(address) ? 32 : 128;
    int64_t bits = most;
    bool is_whole = address.size == text.size;
    str digits = is_whole ? STR("") : str_from(text, address.size + 1);
    bool has_bits = is_whole || (digits.size <= 3 && !failed(str_parse_i64(digits, &bits)));
    if (!address_is_host(address) || !has_bits || bits < 0 || bits > most)
        return fail(ERR_MALFORMED, "conf.net", 0);
    *ret_net = (struct conf_net){.address = address, .bits = (unsigned)bits};
    return OK;
}

err conf_check_loopback(str address)
{
    str host = {0};
    uint16_t port = 0;
    bool is_whole = !failed(conf_address_parse(address, &host, &port));
    host = is_whole ? host : address; /* else perhaps an address without a port */
    bool is_here = (is_whole && str_starts(host, STR("unix:"))) || str_equal(host, STR("::1")) ||
                   (address_is_ipv4(host) && str_starts(host, STR("127.")));
    return is_here ? OK : fail(ERR_DENIED, "conf.not_loopback", 0);
}

/* "127.0.0.1:9611" of "http://127.0.0.1:9611/orders"; empty when there is none. */
static str authority_of(str url)
{
    size_t scheme = str_starts(url, STR("https://"))  ? STR("https://").size
                    : str_starts(url, STR("http://")) ? STR("http://").size
                                                      : url.size;
    str rest = str_from(url, scheme);
    rest = str_until(rest, str_find_char(rest, '/'));
    return str_until(rest, str_find_char(rest, '?'));
}

/* "127.0.0.1:80", "127.0.0.1", "[::1]:80", "[::1]" */
err conf_url_check_loopback(str url)
{
    str authority = authority_of(url);
    bool is_bare = str_starts(authority, STR("[")) && str_ends(authority, STR("]"));
    if (str_starts(authority, STR(":"))) /* an address of IPv6 has brackets here */
        return fail(ERR_DENIED, "conf.not_loopback", 0);
    return conf_check_loopback(is_bare ? str_until(str_from(authority, 1), authority.size - 2)
                                       : authority);
}

err conf_url_check(str url)
{
    str authority = authority_of(url);
    bool has_host = !str_is_empty(authority) && str_find_char(url, '#') == url.size &&
                    str_find_char(authority, '@') == authority.size;
    bool is_safe = str_starts(url, STR("https://")) || !failed(conf_url_check_loopback(url));
    return has_host && is_safe ? OK : fail(ERR_MALFORMED, "conf.url", 0);
}
