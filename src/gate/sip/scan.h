/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan - reads what SIP's headers are made of (RFC 3261 25.1) from the front: blanks, tokens,
 * quoted strings, parameters.
 *
 * Shape     A cursor over borrowed bytes. Each reading moves it past what it took, or says no and
 *           leaves it somewhere within. A value that goes on in the next line still holds the
 *           line's end; here that is a blank like any other.
 * Owns      Nothing; what is read are slices.
 * Lives     As long as the bytes.
 * Fails     False: something else stands there.
 * Threads   Any.   Bounds  Never past the end.
 */
#ifndef YUMEN_GATE_SIP_SCAN_H
#define YUMEN_GATE_SIP_SCAN_H

#include "base/str.h"

struct scan {
    const char *at;
    const char *end;
};

static inline struct scan scan_of(str s)
{
    return (struct scan){s.at, s.at + s.size};
}

static inline bool scan_at_end(const struct scan *s)
{
    return s->at == s->end;
}

static inline bool scan_is(const struct scan *s, char c)
{
    return s->at < s->end && *s->at == c;
}

static inline bool scan_take(struct scan *s, char c)
{
    bool is = scan_is(s, c);
    s->at += is;
    return is;
}

static inline str scan_since(const struct scan *s, const char *begin)
{
    return str_make(begin, (size_t)(s->at - begin));
}

bool sip_is_token_char(char c);
bool sip_is_token(str s); /* not empty */
bool sip_is_blank(char c);
/* -1: none. */
int sip_hex(char c);

void scan_blanks(struct scan *s);
/* Blanks, c, blanks. */
bool scan_separator(struct scan *s, char c);
bool scan_token(struct scan *s, str *ret_token);
/* With its quotes. */
bool scan_quoted(struct scan *s, str *ret_quoted);
bool scan_number(struct scan *s, uint64_t most, uint64_t *ret_number);

struct sip_param {
    str name;
    str value; /* with its quotes; .at is NULL when there is none */
};
/* What follows a ';' that was taken. The value: a token, a host, or a quoted string. */
bool scan_param(struct scan *s, struct sip_param *ret_param);

#endif
