/* SPDX-License-Identifier: Apache-2.0 */
/*
 * api_body - fields of a JSON body, each of its kind or refused with its column.
 *
 * Shape     What is absent leaves the value as it is.
 * Owns      Nothing; texts live in the call's document.
 * Lives     A call.
 * Fails     ERR_MALFORMED "json.kind", "word.unknown", "time.malformed", ERR_LIMIT
 *           "column.too_long"; the call's column names the field.
 * Threads   The call's.   Bounds  As told.
 */
#ifndef YUMEN_APP_CALL_API_BODY_H
#define YUMEN_APP_CALL_API_BODY_H

#include "app/call/api_help.h"

/* Trimmed. */
err body_text(struct call *call, json_value of, const char *key, size_t most, str *ret_text);
err body_word(struct call *call, json_value of, const char *key, const char *const *words,
              unsigned *ret_word);
/* Of the body itself: an integer. */
err body_amount(struct call *call, const char *key, int64_t *ret_amount);
/* RFC 3339 with offset, or epoch milliseconds. */
err body_instant(struct call *call, const char *key, instant *ret_at);

#endif
