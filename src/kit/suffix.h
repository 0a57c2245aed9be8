/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suffix - where a stranger's property begins in a domain name: the Public Suffix List.
 *
 * Shape     Blocking "com.cn" or "github.io" by suffix would block everybody under it, so both of
 *           the list's sections, ICANN and private, count alike. A top-level name the list does
 *           not know counts as public (the list's rule "*").
 * Owns      The list in use: libpsl's own of 2023, until suffix_load() replaces it.
 * Lives     Until the next suffix_load() or kit_done().
 * Fails     suffix_load: ERR_OS "suffix: cannot read the list"; the old list then stays.
 * Threads   Questions from any. suffix_load only before there are other threads.
 * Bounds    Names as idna_to_ascii() gives them, up to 253 bytes; a longer one has no suffix.
 */
#ifndef YUMEN_KIT_SUFFIX_H
#define YUMEN_KIT_SUFFIX_H

#include "base/str.h"

/* True for "com", "com.cn", "github.io"; false for "example.com". */
bool suffix_is_public(str domain);
/* Public by the registries' own rules: "com", "com.cn", "gs.cn"; false for "github.io". */
bool suffix_is_icann(str domain);
/* "example.com" of "a.b.example.com", a slice; the empty str when the name is itself public. */
str suffix_registrable(str domain);
/* The list's own text format, public_suffix_list.dat. */
err suffix_load(const char *path);

#endif
