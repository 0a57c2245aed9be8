/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: no case upsets the computation: it is refused with a place, or every fen is somebody's or
 * unclaimed, nobody has more than they lost or can have left, and the answer is JSON again.
 * Method: read it, put it in order, compute it under every rule, write it down.
 */
#include "app/round/refund_read.h"
#include "app/round/refund_write.h"
#include "kit/json_read.h"
#include "show/messages.h"

#include "kit_fuzz.h"

enum { ARENA_BYTES = 64 << 20 };

static void compute(const struct refund_record *record, enum refund_rule rule, struct arena *a)
{
    struct refund refund;
    struct text t;
    struct json j;
    struct json_doc doc = {0};
    must(!failed(refund_compute(record, rule, a, &refund)));
    int64_t sum = refund.unclaimed_minor;
    for (uint32_t i = 0; i < record->of->claim_count; i++) {
        const struct refund_part *p = &refund.parts[i];
        must(p->least_minor <= p->most_minor && p->amount_minor <= p->loss_minor);
        must(rule == RULE_PROPORTIONAL || p->amount_minor <= p->most_minor);
        must(p->amount_minor >= 0 && p->amount_minor <= p->deposited_minor);
        sum += p->amount_minor;
    }
    must(sum == record->of->frozen_minor && refund.unclaimed_minor >= 0);
    text_init(&t, a);
    json_init(&j, &t);
    refund_write(&refund, 480, &j);
    must(!text_spent(&t) && !failed(json_doc_parse(text_str(&t), ARENA_BYTES, &doc)));
    json_doc_done(&doc);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena boot;
    if (boot.budget_bytes == 0) {
        arena_init(&boot, ARENA_BYTES);
        must(!failed(messages_boot(&boot)));
    }
    struct arena a;
    struct refund_asked asked;
    struct refund_record record;
    struct refund_faults faults = {0};
    arena_init(&a, ARENA_BYTES);
    err e = refund_case_read(str_make((const char *)data, size), &a, &asked, &faults);
    must(failed(e) || faults.count == 0);
    if (!failed(e)) {
        e = refund_record_make(&asked.of, &a, &record, &faults);
        must(failed(e) == (faults.count > 0));
        for (enum refund_rule rule = 0; !failed(e) && rule < RULE_COUNT; rule++)
            compute(&record, rule, &a);
    }
    arena_done(&a);
    return 0;
}
