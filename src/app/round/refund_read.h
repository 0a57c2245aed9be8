/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_read - a refund's case from a stranger's JSON (docs/formats/refund.md).
 *
 * Shape     JSON --> struct refund_case, every value checked; all that is wrong is told, not only
 *           the first: which entry, which column, why.
 * Owns      Texts are copied to the arena; the JSON may go.
 * Lives     As long as the arena.
 * Fails     ERR_MALFORMED "refund.refused" (the faults say what); "json.…" when it is no JSON or no
 *           object; ERR_LIMIT "limit.memory", "refund.too_many".
 * Threads   Any.
 * Bounds    REFUND_CASE_BYTES; refund_record.h's.
 */
#ifndef YUMEN_APP_ROUND_REFUND_READ_H
#define YUMEN_APP_ROUND_REFUND_READ_H

#include "trail/refund.h"

enum { REFUND_CASE_BYTES = 32 << 20, REFUND_TEXT_BYTES = 64 };

struct refund_asked {
    struct refund_case of;
    enum refund_rule rule; /* cn-2016 when the case names none */
};

err refund_case_read(str json, struct arena *a, struct refund_asked *ret_asked,
                     struct refund_faults *ret_faults);

#endif
