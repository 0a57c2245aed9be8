/* SPDX-License-Identifier: Apache-2.0 */
/*
 * messages - every sentence a person reads, in Chinese and English, from lang/messages.tsv alone.
 *
 * Shape     key -> sentence. A key that is not in the catalogue is shown as it is: visible, not
 *           fatal.
 * Owns      An index in the boot arena; the sentences are constants of the program.
 * Lives     As long as the process.
 * Fails     messages_boot: ERR_CORRUPT when the catalogue is not sorted in three columns.
 * Threads   messages_boot once; then any.
 * Bounds    MESSAGES_MAX keys.
 */
#ifndef YUMEN_SHOW_MESSAGES_H
#define YUMEN_SHOW_MESSAGES_H

#include "base/str.h"

enum { MESSAGES_MAX = 4096 };
enum language { LANGUAGE_ZH, LANGUAGE_EN };

err messages_boot(struct arena *boot);
str message(str key, enum language language);
bool message_exists(str key);

/* By Accept-Language (RFC 9110 12.5.4), Chinese when nothing fits. */
enum language language_of(str accept_language);

#endif
