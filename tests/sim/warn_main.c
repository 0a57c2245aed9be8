/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Goal: how good warnings are, told by somebody who knows the truth. Method: worlds of the drill
 * are played and written down; `yumen train warn` learns from some of them, others judge what it
 * learnt. tests/bench/warnings.py does all of it.
 *
 *     warn_world record FILE PERSONS DAYS SEED TIMES SLOW
 *     warn_world judge MODEL TITLE PREVALENCE FILE...
 *     warn_world without MODEL FILE...
 *
 * Without words a small one is played and judged, only to see that nothing breaks.
 */
#include "warn_report.h"
#include "warn_world.h"

#include "env/file.h"
#include "kit/kit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { PERSONS = 3000, DAYS = 14, OFTEN = 20, RECORD_WORDS = 8, JUDGE_WORDS = 6 };
#define ARENA_BYTES (UINT64_C(4) << 30)

static err record(const struct warn_world_settings *s, const char *path, struct arena *a)
{
    struct history h;
    struct text t;
    TRY(warn_world_play(s, a, &h));
    text_init(&t, a);
    history_write(&h, &t);
    if (text_spent(&t))
        return fail(ERR_LIMIT, "memory.spent", 0);
    printf("%s: %zu signals, %zu outcomes, %zu payments\n", path, h.signal_count, h.outcome_count,
           h.payment_count);
    return file_write(path, text_str(&t));
}

/* --- judging --- */

static err read_model(const char *path, struct arena *a, struct warn_model *ret_model)
{
    str bytes = STR("");
    TRY(file_read(path, WARN_MODEL_BYTES, a, &bytes));
    return warn_model_read(bytes, ret_model);
}

/* Each file by itself: what it takes is given back. */
static err judge_files(const struct warn_model *m, uint8_t without, char **paths, int count,
                       struct judge_sums *sums)
{
    for (int i = 0; i < count; i++) {
        struct arena turn;
        struct history h;
        str bytes = STR("");
        arena_init(&turn, ARENA_BYTES);
        err e = file_read(paths[i], HISTORY_BYTES, &turn, &bytes);
        if (!failed(e))
            e = history_read(bytes, &turn, &h);
        if (!failed(e))
            e = judge(&h, m, without, &turn, sums);
        arena_done(&turn);
        TRY(e);
    }
    return OK;
}

static err make_sums(struct arena *a, struct judge_sums *ret_sums)
{
    *ret_sums = (struct judge_sums){.leads = arena_make_array(a, JUDGE_LEADS, sizeof(int64_t))};
    return ret_sums->leads == NULL ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}

static err judge_pool(int count, char **words, struct arena *a)
{
    struct warn_model m;
    struct judge_sums sums;
    if (count < JUDGE_WORDS)
        return fail(ERR_MALFORMED, "warn_world judge MODEL TITLE PREVALENCE FILE...", 0);
    TRY(read_model(words[2], a, &m));
    TRY(make_sums(a, &sums));
    TRY(judge_files(&m, SIGNAL_KINDS, words + 5, count - 5, &sums));
    report_pool(words[3], &sums, strtod(words[4], NULL));
    report_curve(&sums);
    return OK;
}

static err judge_without(int count, char **words, struct arena *a)
{
    struct warn_model m;
    struct judge_sums sums;
    TRY(read_model(words[2], a, &m));
    report_line_head();
    for (uint8_t kind = 0; kind <= SIGNAL_KINDS; kind++) {
        if (kind < SIGNAL_KINDS && !m.is_learnt[kind])
            continue;
        TRY(make_sums(a, &sums));
        TRY(judge_files(&m, kind, words + 3, count - 3, &sums));
        str name = kind < SIGNAL_KINDS ? signal_kind_name((enum signal_kind)kind) : STR("nothing");
        report_line(str_to_c(a, name), &sums);
    }
    return OK;
}

static err small(const struct warn_world_settings *s, struct arena *a)
{
    struct history h;
    struct warn_model m;
    struct judge_sums sums;
    warn_model_usual(&m);
    TRY(warn_world_play(s, a, &h));
    TRY(make_sums(a, &sums));
    TRY(judge(&h, &m, SIGNAL_KINDS, a, &sums));
    report_pool("a small world", &sums, 1);
    return h.signal_count > 100 ? OK : fail(ERR_CORRUPT, "hardly a signal", 0);
}

static uint32_t number(const char *word)
{
    return (uint32_t)strtoul(word, NULL, 10);
}

static err run(int count, char **words, struct arena *a)
{
    struct warn_world_settings s = {
        .seed = 1, .persons = PERSONS, .days = DAYS, .times = OFTEN, .slow = 1};
    if (count == 1)
        return small(&s, a);
    str verb = str_from_c(words[1]);
    if (str_equal(verb, STR("judge")))
        return judge_pool(count, words, a);
    if (str_equal(verb, STR("without")) && count > 3)
        return judge_without(count, words, a);
    if (count != RECORD_WORDS)
        return fail(ERR_MALFORMED, "warn_world record FILE PERSONS DAYS SEED TIMES SLOW", 0);
    s.persons = number(words[3]);
    s.days = number(words[4]);
    s.seed = number(words[5]);
    s.times = number(words[6]);
    s.slow = number(words[7]);
    return record(&s, words[2], a);
}

int main(int count, char **words)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    err e = kit_boot();
    if (!failed(e))
        e = run(count, words, &arena);
    arena_done(&arena);
    kit_done();
    if (failed(e))
        fprintf(stderr, "%s at %" PRIu32 "\n", e.why, e.at);
    return failed(e) ? 1 : 0;
}
