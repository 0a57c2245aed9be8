/* SPDX-License-Identifier: Apache-2.0 */
/*
 * law_read - a law profile's file as fact's noun. The files are profiles/NAME.yaml; cn.yaml
 * explains every line.
 *
 * Shape     Everything in the file is required and nothing else may be there: what the law limits
 *           is not left to a default that nobody saw.
 * Owns      Nothing: texts and arrays live in the boot arena.
 * Lives     As long as the boot arena.
 * Fails     ERR_MALFORMED "law.*" or "conf.*"; the fault says which line and key.
 * Threads   Any.
 * Bounds    LAW_DAYS_MAX days, LAW_WORDS_MAX bases and reasons each, LAW_CALLS_MAX
 *           numbers, terms up to LAW_TERM_DAYS_MAX.
 */
#ifndef YUMEN_CONF_LAW_READ_H
#define YUMEN_CONF_LAW_READ_H

#include "conf/conf.h"

enum {
    LAW_DAYS_MAX = 2048,
    LAW_WORDS_MAX = 256,
    LAW_CALLS_MAX = 64,
    LAW_TERM_DAYS_MAX = 36500,
};

/* ret_fault is written also, and only, on failure. */
err law_profile_read(str yaml, struct arena *boot, struct law_profile *ret_law,
                     struct conf_fault *ret_fault);

#endif
