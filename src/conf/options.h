/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options - everything that may stand in yumen.yaml, as one table that is also its manual.
 *
 * Shape     A key is a path ("dns.notice.a"): the groups of the file are its dots. From one row
 *           come the reading, the bounds, the default and the commented file that `yumen init`
 *           writes.
 * Owns      Nothing.   Lives  For ever; all constant.   Fails  -   Threads  Any.
 * Bounds    CONF_PATH_DEPTH groups deep.
 */
#ifndef YUMEN_CONF_OPTIONS_H
#define YUMEN_CONF_OPTIONS_H

#include "base/str.h"

enum { CONF_PATH_DEPTH = 4, CONF_PATH_BYTES = 64 };

enum conf_type {
    CONF_TEXT,        /* str */
    CONF_LISTEN,      /* str: "127.0.0.1:9611", "[::1]:53", "unix:/path", or empty: closed */
    CONF_HOST,        /* str: an address without a port, or empty */
    CONF_NAME,        /* str: letters, digits, . - _ */
    CONF_INT,         /* int64_t within low..high */
    CONF_WORD,        /* unsigned, index into words */
    CONF_SECONDARIES, /* struct conf_secondaries */
    CONF_TSIGS,       /* struct conf_tsigs */
    CONF_TEXTS,       /* struct conf_texts */
    CONF_NETS,        /* struct conf_nets */
    CONF_TRUNKS,      /* struct conf_trunks */
    CONF_PROVIDERS,   /* struct providers */
    CONF_RESERVED,    /* a later version's: its presence is refused */
};

struct conf_option {
    const char *key;
    enum conf_type type;
    const char *preset; /* as text; "[]" for a list */
    int64_t low;
    int64_t high;
    const char *const *words;
    size_t offset; /* in struct conf */
    const char *zh;
    const char *en;
};

extern const struct conf_option conf_options[];
extern const size_t conf_option_count;

/* NULL when there is none. */
const struct conf_option *conf_option_find(str key);
/* Does some option's key begin with this group and a dot? */
bool conf_group_exists(str path);

#endif
