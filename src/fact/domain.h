/* SPDX-License-Identifier: Apache-2.0 */
/*
 * domain - the one spelling under which a name is listed, asked for and written into a zone.
 *
 * Shape     UTS 46 A-labels in lower case without a trailing dot. What is no name of its own is
 *           told apart, each with its reason: a pasted link, an address, a port, a wildcard, a
 *           name below which only registries sell. "github.io" is a name: it has an owner.
 *
 *               "WWW.Bücher.example."  ->  "www.xn--bcher-kva.example"
 *               shown as                   "www.bücher.example (www.xn--bcher-kva.example)"
 *
 * Owns      Nothing; results are in the caller's arena.
 * Lives     As long as that arena.
 * Fails     ERR_MALFORMED "domain.empty", "domain.is_url", "domain.is_mail", "domain.is_ip",
 *           "domain.port", "domain.space", "domain.wildcard", "domain.is_suffix" (com,
 *           com.cn: a registry's), and kit/idna.h's. ERR_LIMIT when the arena is spent.
 * Threads   Any, after kit_boot().
 * Bounds    1,024 bytes of text, 253 of name. Under 1 us for a plain ASCII name.
 */
#ifndef YUMEN_FACT_DOMAIN_H
#define YUMEN_FACT_DOMAIN_H

#include "base/str.h"

enum { DOMAIN_BYTES = 253 };

err domain_parse(str text, struct arena *turn, str *ret_domain);
/* Both forms where a person reads another name than the wire carries. Of a canonical domain. */
err domain_display(str domain, struct arena *turn, str *ret_display);

/*
 * May a suffix listing stand here? "domain.suffix_too_wide" on a public suffix of either section:
 * below com.cn and github.io live strangers. Of a canonical domain.
 */
err domain_check_suffix(str domain);
/* "a.b.example.com" -> "com.example.b.a.": sorts a domain beside its descendants. */
str domain_reverse(str domain, struct arena *turn);

#endif
