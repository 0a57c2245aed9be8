/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/sip/reply.h"

#include "gate/sip/scan.h"
#include "kit/hash.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>

static void put_bytes(struct sip_sheet *s, const char *at, size_t size)
{
    s->is_spent = s->is_spent || size > s->room - s->size;
    if (s->is_spent || size == 0)
        return;
    memcpy(s->at + s->size, at, size);
    s->size += size;
}

void sip_put(struct sip_sheet *s, str text)
{
    put_bytes(s, text.at, text.size);
}

static void put_number(struct sip_sheet *s, unsigned number)
{
    char digits[10];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_bytes(s, digits + at, sizeof digits - at);
}

/* A line's end within it becomes a blank. */
static void put_unfolded(struct sip_sheet *s, str text)
{
    while (text.size > 0) {
        size_t fold = str_find_char(text, '\r');
        sip_put(s, str_until(text, fold));
        text = str_from(text, fold);
        if (text.size > 0)
            sip_put(s, STR(" "));
        while (text.size > 0 && sip_is_blank(text.at[0]))
            text = str_from(text, 1);
    }
}

void sip_put_quoted(struct sip_sheet *s, str text)
{
    sip_put(s, STR("\""));
    for (size_t i = 0; i < text.size; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\')
            sip_put(s, STR("\\"));
        bool is_control = (unsigned char)text.at[i] < ' ' || text.at[i] == 127;
        put_bytes(s, is_control ? " " : &text.at[i], 1);
    }
    sip_put(s, STR("\""));
}

static void put_host(struct sip_sheet *s, const struct net_host *host)
{
    char text[INET6_ADDRSTRLEN] = "";
    inet_ntop(host->family, host->bytes, text, sizeof text);
    sip_put(s, str_from_c(text));
}

/* "192.0.2.1" or "[2001:db8::1]" as a Via says it: is it the sender's? */
static bool is_host(str host, const struct net_host *sender)
{
    struct sockaddr_storage address;
    if (host.size > 2 && host.at[0] == '[')
        host = str_make(host.at + 1, host.size - 2);
    if (failed(net_address_parse(host, 0, &address)))
        return false;
    struct net_host said = net_host_of((const struct sockaddr *)&address);
    return said.family == sender->family &&
           memcmp(said.bytes, sender->bytes, sizeof said.bytes) == 0;
}

static void put_via_params(struct sip_sheet *s, str params)
{
    struct scan scan = scan_of(params);
    struct sip_param param = {0};
    while (scan_separator(&scan, ';') && scan_param(&scan, &param)) {
        if (str_equal_nocase(param.name, STR("received")) ||
            str_equal_nocase(param.name, STR("rport")))
            continue;
        sip_put(s, STR(";"));
        sip_put(s, param.name);
        if (param.value.at == NULL)
            continue;
        sip_put(s, STR("="));
        put_unfolded(s, param.value);
    }
}

static void put_first_via(struct sip_sheet *s, const struct sip_via *via,
                          const struct sockaddr *sender)
{
    struct net_host host = net_host_of(sender);
    sip_put(s, STR("Via: SIP/2.0/"));
    sip_put(s, via->transport);
    sip_put(s, STR(" "));
    sip_put(s, via->sent_by);
    put_via_params(s, via->params);
    if (via->has_rport || !is_host(via->host, &host)) {
        sip_put(s, STR(";received="));
        put_host(s, &host);
    }
    if (via->has_rport) {
        sip_put(s, STR(";rport="));
        put_number(s, net_address_port(sender));
    }
    if (via->others.size > 0)
        sip_put(s, STR(", "));
    put_unfolded(s, via->others);
    sip_put(s, STR("\r\n"));
}

static void put_tag(struct sip_sheet *s, uint64_t tag)
{
    char hex[16];
    for (size_t i = 0; i < sizeof hex; i++)
        hex[i] = "0123456789abcdef"[tag >> (60 - 4 * i) & 15];
    sip_put(s, STR(";tag="));
    put_bytes(s, hex, sizeof hex);
}

static void repeat(struct sip_sheet *s, str name, str value)
{
    if (value.at == NULL)
        return;
    sip_put(s, name);
    put_unfolded(s, value);
    sip_put(s, STR("\r\n"));
}

void sip_reply_begin(struct sip_sheet *s, const struct sip_message *m, struct sip_status status,
                     const struct sockaddr *sender, uint64_t tag)
{
    assert(m->via.sent_by.size > 0 && status.code >= 200 && status.code <= 699);
    sip_put(s, STR("SIP/2.0 "));
    put_number(s, status.code);
    sip_put(s, STR(" "));
    sip_put(s, status.words);
    sip_put(s, STR("\r\n"));
    put_first_via(s, &m->via, sender);
    for (size_t i = 1; i < m->via_count; i++)
        repeat(s, STR("Via: "), m->vias[i]);
    repeat(s, STR("From: "), m->from_text);
    bool wants_tag = m->to.uri.host.size + m->to.uri.user.size > 0 && m->to.tag.size == 0;
    if (m->to_text.at != NULL) {
        sip_put(s, STR("To: "));
        put_unfolded(s, m->to_text);
        if (wants_tag)
            put_tag(s, tag);
        sip_put(s, STR("\r\n"));
    }
    repeat(s, STR("Call-ID: "), m->call_id);
    repeat(s, STR("CSeq: "), m->cseq);
}

void sip_reply_line(struct sip_sheet *s, str name, str value)
{
    sip_put(s, name);
    sip_put(s, STR(": "));
    sip_put(s, value);
    sip_put(s, STR("\r\n"));
}

void sip_reply_end(struct sip_sheet *s)
{
    sip_put(s, STR("Content-Length: 0\r\n\r\n"));
}

uint64_t sip_reply_tag(const struct sip_message *m, uint64_t seed)
{
    const str parts[] = {m->call_id, m->from.tag, m->via.branch, m->cseq};
    uint64_t tag = seed;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (parts[i].size > 0)
            tag = hash_key(parts[i].at, parts[i].size, tag);
    return tag;
}
