/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sample_test - what the tests of this folder share: an order, the payment it rests on, answers.
 * For tests alone.
 *
 * Shape     Values to copy and change.
 * Owns      Nothing.   Lives  -   Threads  One.   Bounds  -   Fails  Through cmocka.
 */
#ifndef YUMEN_GATE_BANK_SAMPLE_TEST_H
#define YUMEN_GATE_BANK_SAMPLE_TEST_H

#include "env/child.h"
#include "fact/indicator.h"
#include "fact/record.h"
#include "gate/bank/far.h"
#include "kit/kit_test.h"

enum { ZONE = 480 };
#define ORDER_ID "01KAQ2Z3M4N5P6Q7R8S9T0V1W2"

static const instant sample_at = {INT64_C(1795398330) * US_PER_S}; /* 2026-11-23 09:45:30 +08:00 */

static inline struct order sample_order(void)
{
    return (struct order){
        .id = STR(ORDER_ID),
        .incident = STR("01KAQ2Z3M4N5P6Q7R8S9T0V1W1"),
        .report = STR("01KAQ2Z3M4N5P6Q7R8S9T0V1W0"),
        .kind = ORDER_HOLD,
        .state = ORDER_SENT,
        .is_emergency = 1,
        .target_kind = INDICATOR_ACCOUNT,
        .target = STR("6222021234567890128"),
        .bank = STR("ICBC"),
        .name = STR("张三 & <Söhne>"),
        .amount = 5000050,
        .currency = STR("CNY"),
        .claim = STR("01KAQ2Z3M4N5P6Q7R8S9T0V1X0"),
        .basis = STR("反电信网络诈骗法第二十条"),
        .reason = STR("fake_police"),
        .notice = STR("依法止付"),
        .from = sample_at,
        .until = {sample_at.us + 48 * US_PER_HOUR},
        .provider = STR("bank-a"),
        .layer = 1,
        .asked = ASK_PLACE,
        .ask = 1,
        .asked_at = sample_at,
        .due_at = {sample_at.us + 30 * US_PER_MIN},
        .balance = -1,
    };
}

static inline struct claim sample_payment(void)
{
    return (struct claim){
        .id = STR("01KAQ2Z3M4N5P6Q7R8S9T0V1X0"),
        .transfer = STR("T-20261123-000017"),
        .from = STR("102100099996:0200123456"),
        .to = STR("6222021234567890128"),
        .name = STR("张三"),
        .amount = 8800099,
        .currency = STR("CNY"),
        .sent_at = {sample_at.us - 10 * US_PER_MIN},
    };
}

static inline struct bank_ask sample_ask(const struct order *o, const struct claim *c)
{
    return (struct bank_ask){
        .order = o,
        .payment = c,
        .centre = STR("玉门市反诈中心"),
        .centre_code = STR("620981"),
        .provider_code = STR("102100099996"),
        .provider_kind = PROVIDER_BANK,
        .zone_min = ZONE,
    };
}

static inline struct bank_tongue sample_tongue(unsigned form)
{
    return (struct bank_tongue){.form = form, .zone_min = ZONE, .currency = STR("CNY")};
}

/* An answer with nothing but what every one has. */
static inline struct bank_said sample_said(unsigned result)
{
    return (struct bank_said){
        .order = STR(ORDER_ID),
        .ask = 1,
        .result = result,
        .held = -1,
        .balance = -1,
        .returned = 0,
        .payment = STR(""),
        .currency = STR(""),
        .code = STR(""),
        .words = STR(""),
        .key = STR("R-20261123-1"),
        .at = sample_at,
    };
}

static inline void same_freezes(const struct bank_said *a, const struct bank_said *b)
{
    assert_int_equal(a->freezes.count, b->freezes.count);
    for (size_t i = 0; i < a->freezes.count; i++) {
        const struct prior_freeze *x = &a->freezes.at[i];
        const struct prior_freeze *y = &b->freezes.at[i];
        is_str(x->authority, y->authority);
        is_str(x->reference, y->reference);
        assert_int_equal(x->is_whole, y->is_whole);
        assert_int_equal(x->amount, y->amount);
        assert_int_equal(x->rank, y->rank);
        assert_int_equal(x->until.us, y->until.us);
    }
}

static inline void same_said(const struct bank_said *a, const struct bank_said *b)
{
    is_str(a->order, b->order);
    is_str(a->payment, b->payment);
    is_str(a->currency, b->currency);
    is_str(a->code, b->code);
    is_str(a->words, b->words);
    is_str(a->key, b->key);
    assert_int_equal(a->about, b->about);
    assert_int_equal(a->ask, b->ask);
    assert_int_equal(a->result, b->result);
    assert_int_equal(a->held, b->held);
    assert_int_equal(a->balance, b->balance);
    assert_int_equal(a->returned, b->returned);
    assert_int_equal(a->at.us, b->at.us);
    same_freezes(a, b);
}

/* All the answers that a form has, written and read again. */
static inline void survives(unsigned form, const struct bank_said *said, size_t count)
{
    struct arena a;
    struct bank_tongue tongue = sample_tongue(form);
    struct bank_said_list list = {said, count};
    struct bank_said_list again;
    str bytes;
    arena_init(&a, 16 << 20);
    works(far_write(&tongue, NULL, &list, &a, &bytes));
    works(bank_read(&tongue, bytes, &a, &again));
    assert_int_equal(again.count, count);
    for (size_t i = 0; i < count; i++)
        same_said(&again.at[i], &said[i]);
    str twice;
    works(far_write(&tongue, NULL, &again, &a, &twice));
    is_str(twice, bytes);
    arena_done(&a);
}

/* What a bank makes of a letter is what was asked. */
static inline void is_asked(unsigned form, const struct bank_ask *ask)
{
    struct arena a;
    struct bank_letter letter;
    struct bank_letter twice;
    struct bank_asked asked;
    struct bank_tongue tongue = sample_tongue(form);
    const struct order *o = ask->order;
    arena_init(&a, 16 << 20);
    works(bank_write(form, ask, &a, &letter));
    works(bank_write(form, ask, &a, &twice));
    is_str(letter.bytes, twice.bytes);
    works(far_read(&tongue, letter.bytes, &a, &asked));
    is_str(asked.order, o->id);
    is_str(asked.target, o->target);
    is_str(asked.bank, o->bank);
    is_str(asked.name, o->name);
    is_str(asked.currency, o->currency);
    is_str(asked.reason, o->reason);
    is_str(asked.basis, o->basis);
    assert_int_equal(asked.kind, o->kind);
    assert_int_equal(asked.asked, o->asked);
    assert_int_equal(asked.ask, o->ask);
    assert_int_equal(asked.at.us, o->asked_at.us);
    assert_int_equal(asked.until.us, o->until.us);
    bool has_amount = form != FORM_CN || (o->kind != ORDER_STOP && o->asked != ASK_LIFT);
    assert_int_equal(asked.amount, has_amount ? o->amount : 0);
    assert_int_equal(asked.has_payment, ask->payment != NULL);
    if (ask->payment != NULL) {
        is_str(asked.payer, ask->payment->from);
        is_str(asked.transfer, ask->payment->transfer);
        assert_int_equal(asked.paid, ask->payment->amount);
        assert_int_equal(asked.paid_at.us, ask->payment->sent_at.us);
    }
    arena_done(&a);
}

/* Reading `bytes` fails so. */
static inline void is_refused(unsigned form, const char *bytes, enum err_code code, const char *why)
{
    struct arena a;
    struct bank_tongue tongue = sample_tongue(form);
    struct bank_said_list list = {NULL, 7};
    arena_init(&a, 16 << 20);
    err e = bank_read(&tongue, str_from_c(bytes), &a, &list);
    if (!failed(e) || strcmp(e.why, why) != 0 || e.code != code)
        fail_msg("%s, not %s: %s", failed(e) ? e.why : "taken", why, bytes);
    assert_int_equal(list.count, 7);
    arena_done(&a);
}

/* Against the schema of tests/data, by xmllint; skips the test where there is none. */
static inline void sample_is_valid(str bytes, const char *schema)
{
    struct arena a;
    struct text path;
    struct child_answer answer;
    const char *data = getenv("YUMEN_TEST_DATA");
    arena_init(&a, 4 << 20);
    text_init(&path, &a);
    text_printf(&path, "%s/iso20022_xsd/%s.xsd", data == NULL ? "." : data, schema);
    const char *const words[] = {"xmllint",          "--noout", "--nonet", "--schema",
                                 text_str(&path).at, "-",       NULL};
    err e = child_run(
        &(struct child_order){
            .words = words, .input = bytes, .timeout_us = 60 * US_PER_S, .most_bytes = 1 << 20},
        &a, &answer);
    if (e.code == ERR_ABSENT) {
        print_message("skipped: no xmllint here (package libxml2-utils)\n");
        arena_done(&a);
        skip();
    }
    works(e);
    if (answer.code != 0)
        fail_msg("%.*s\n%.*s", STR_ARGS(answer.complaint), STR_ARGS(bytes));
    arena_done(&a);
}

#endif
