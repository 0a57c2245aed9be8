/* SPDX-License-Identifier: Apache-2.0 */
#include "app/cli/progress.h"

#include "app/cli/cli.h"

#include <stdio.h>
#include <unistd.h>

#define FIRST_US INT64_C(400000)
#define EVERY_US INT64_C(500000)

enum { TURN_BYTES = 1 << 16 };

str bytes_shown(struct arena *arena, int64_t bytes)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    int64_t tenths = bytes * 10;
    size_t unit = 0;
    while (tenths >= 10240 && unit + 1 < COUNT_OF(units)) {
        tenths /= 1024;
        unit++;
    }
    struct text t;
    text_init(&t, arena);
    text_put_i64(&t, tenths / 10);
    if (unit > 0)
        text_printf(&t, ".%d", (int)(tenths % 10));
    text_printf(&t, " %s", units[unit]);
    return text_str(&t);
}

static void put_clock(struct text *t, int64_t seconds)
{
    text_printf(t, "%lld:%02d", (long long)(seconds / 60), (int)(seconds % 60));
}

static void put_amount(const struct progress *p, struct text *t, int64_t amount)
{
    if (p->work.unit == NULL)
        text_put(t, bytes_shown(t->arena, amount));
    else
        text_put_i64(t, amount);
}

static void put_rate(const struct progress *p, struct text *t, int64_t done, int64_t elapsed_us)
{
    int64_t rate = (int64_t)((double)done * 1e6 / (double)elapsed_us);
    if (rate <= 0)
        return;
    text_put_c(t, "  ");
    put_amount(p, t, rate);
    text_put(t, say(&p->line, "cli.progress.per_second"));
    struct text left;
    text_init(&left, t->arena);
    put_clock(&left, (p->work.total - done) / rate);
    text_put_c(t, "  ");
    text_put(t, say_with(&p->line, "cli.progress.left", text_str(&left), STR("")));
}

static void put_state(const struct progress *p, struct text *t)
{
    int64_t done = p->work.done == NULL ? -1 : p->work.done(p->work.self);
    int64_t total = p->work.total;
    int64_t elapsed_us = env_monotonic_us() - p->began_us;
    text_put(t, table_harmless(t->arena, p->work.name));
    text_put_c(t, "  ");
    if (done >= 0) {
        put_amount(p, t, done);
        text_put_c(t, total > 0 ? " / " : "");
    }
    if (total > 0)
        put_amount(p, t, total);
    if (p->work.unit != NULL) {
        text_put_char(t, ' ');
        text_put(t, say(&p->line, p->work.unit));
    }
    if (done > 0 && total > done) {
        put_rate(p, t, done, elapsed_us);
    } else {
        text_put_c(t, "  ");
        put_clock(t, elapsed_us / US_PER_S);
    }
}

static void show(struct progress *p)
{
    struct arena turn;
    struct text t;
    arena_init(&turn, TURN_BYTES);
    p->line.arena = &turn;
    text_init(&t, &turn);
    put_state(p, &t);
    fprintf(stderr, "\r\033[K%.*s", STR_ARGS(text_str(&t)));
    (void)fflush(stderr);
    arena_done(&turn);
}

void progress_clear(void)
{
    if (isatty(STDERR_FILENO))
        (void)fputs("\r\033[K", stderr);
}

static bool wait_more(struct progress *p, int64_t us)
{
    env_mutex_lock(&p->mutex);
    if (!p->has_ended)
        (void)env_cond_wait_us(&p->ended, &p->mutex, us);
    bool goes_on = !p->has_ended;
    env_mutex_unlock(&p->mutex);
    return goes_on;
}

static void run(void *self)
{
    struct progress *p = self;
    bool goes_on = wait_more(p, FIRST_US);
    bool has_shown = goes_on;
    while (goes_on) {
        show(p);
        goes_on = wait_more(p, EVERY_US);
    }
    if (has_shown)
        progress_clear();
}

void progress_begin(struct progress *p, const struct command_line *line,
                    const struct progress_work *work)
{
    *p = (struct progress){.line = *line, .work = *work, .began_us = env_monotonic_us()};
    if (!isatty(STDERR_FILENO))
        return;
    env_mutex_init(&p->mutex);
    env_cond_init(&p->ended);
    err e = env_thread_start(&p->thread, "progress", run, p);
    (void)failed(e); /* nothing is shown then */
}

void progress_end(struct progress *p)
{
    if (!p->thread.is_started)
        return;
    env_mutex_lock(&p->mutex);
    p->has_ended = true;
    env_cond_wake(&p->ended);
    env_mutex_unlock(&p->mutex);
    env_thread_join(&p->thread);
    env_cond_done(&p->ended);
    env_mutex_done(&p->mutex);
}
