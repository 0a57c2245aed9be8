/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refund_write - a refund as others read it: JSON as the interface says, with the statement from
 * which a bank computes it again (docs/formats/refund.md).
 *
 * Shape     struct refund --> text
 * Owns      Nothing.   Lives  -   Threads  Any.
 * Fails     The text is spent.
 * Bounds    About 300 bytes an entry.
 */
#ifndef YUMEN_APP_ROUND_REFUND_WRITE_H
#define YUMEN_APP_ROUND_REFUND_WRITE_H

#include "kit/json_write.h"
#include "trail/refund.h"

/* What the rule says, as a key of the catalogue. */
/* Claims that get something, and of which a doubt is said that asks for the public notice. */
uint32_t refund_doubtful(const struct refund *refund);
const char *refund_rule_text(enum refund_rule rule);
/* Behind json_key or in an array, each. */
void refund_write(const struct refund *refund, int zone_min, struct json *j);
/* Its fields alone, into an object that the caller opened. */
void refund_write_fields(const struct refund *refund, int zone_min, struct json *j);
void refund_write_statement(const struct refund *refund, int zone_min, struct json *j);
/* {"refused":n,"refusals":[{"row","id","column","code","reason"}]}. */
struct refund_refusal_form {
    const struct refund_case *of;
    str (*say)(void *self, const char *key);
    void *self;
};
void refund_write_faults(const struct refund_faults *f, const struct refund_refusal_form *form,
                         struct json *j);

#endif
