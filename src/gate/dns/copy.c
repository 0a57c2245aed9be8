/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/dns/copy.h"

#include "env/clock.h"
#include "env/file.h"
#include "gate/dns/server.h"

#include <assert.h>
#include <event2/event.h>

enum { WRITE_BYTES = 64 * 1024 };

/* --- on the thread --- */

static bool is_ending(struct copier *c)
{
    env_mutex_lock(&c->mutex);
    bool ending = c->is_stopping;
    env_mutex_unlock(&c->mutex);
    return ending;
}

static err flush(struct copier *c, struct file_draft *d, struct sheet *s)
{
    if (is_ending(c))
        return fail(ERR_BUSY, "dns: stopping", 0);
    TRY(file_draft_put(d, str_make((const char *)s->at, s->size)));
    sheet_cut(s, 0);
    return OK;
}

static err names_put(struct copier *c, struct file_draft *d, struct sheet *s, pack_run run)
{
    struct run_reader r;
    const uint8_t *pack = NULL;
    run_open(&r, run);
    while ((pack = run_next(&r)) != NULL) {
        if (s->size + MASTER_NAME_MAX > s->room)
            TRY(flush(c, d, s));
        master_name_put(s, &c->master, pack);
    }
    return OK;
}

static err view_put(struct copier *c, struct file_draft *d, const struct rpz_view *view)
{
    uint8_t room[WRITE_BYTES];
    struct sheet s = {.at = room, .room = sizeof room};
    uint32_t serial = rpz_view_serial(view);
    master_head_put(&s, &c->master, serial);
    for (size_t i = 0; i < rpz_view_chunks(view); i++)
        TRY(names_put(c, d, &s, rpz_view_chunk(view, i)));
    TRY(flush(c, d, &s));
    master_tail_put(&s, serial);
    return flush(c, d, &s);
}

static err file_put(struct copier *c, size_t file, const struct rpz_view *view)
{
    struct file_draft draft;
    TRY(file_draft_open(c->path[file], FILE_PUBLIC, &draft));
    err e = view_put(c, &draft, view);
    if (!failed(e))
        e = file_draft_seal(&draft);
    file_draft_close(&draft);
    return e;
}

/* What is there already, from before a restart, is not written again: a resolver that watches the
 * file would read it all, and Knot answers nobody while it does. */
static bool file_is_of(const char *path, uint32_t serial)
{
    SCOPED(fd_end) int fd = -1;
    char end[MASTER_TAIL_MAX];
    int64_t size = 0;
    size_t count = 0;
    uint32_t found = 0;
    if (failed(file_open_read(path, &fd)) || failed(file_size(path, &size)) ||
        size < MASTER_TAIL_MAX ||
        failed(file_read_at(fd, size - MASTER_TAIL_MAX, end, sizeof end, &count)))
        return false;
    return master_tail_read(str_make(end, count), &found) && found == serial;
}

static void write_one(struct copier *c, size_t file, const struct rpz_view *view)
{
    uint32_t serial = rpz_view_serial(view);
    bool is_there = file_is_of(c->path[file], serial);
    err e = is_there ? OK : file_put(c, file, view);
    env_mutex_lock(&c->mutex);
    struct dns_file_state *state = &c->state[file];
    c->result[file] = e;
    state->trouble = failed(e) ? e.why : NULL;
    if (failed(e)) {
        state->trouble_at = env_now();
    } else {
        state->serial = serial;
        state->written_at = env_now();
        state->write_count += !is_there;
    }
    env_mutex_unlock(&c->mutex);
}

static void on_thread(void *self)
{
    struct copier *c = self;
    env_mutex_lock(&c->mutex);
    while (!c->is_stopping) {
        if (!c->has_work) {
            env_cond_wait(&c->wake, &c->mutex);
            continue;
        }
        const struct rpz_view *view = c->view; /* ours until it is posted back */
        c->has_work = false;
        env_mutex_unlock(&c->mutex);
        for (size_t i = 0; i < c->count; i++)
            write_one(c, i, view);
        loop_post(&c->gate->loop, &c->back);
        env_mutex_lock(&c->mutex);
    }
    env_mutex_unlock(&c->mutex);
}

/* --- on the gate's loop --- */

static int64_t now_ms(void)
{
    return env_monotonic_us() / US_PER_MS;
}

static void timer_set(struct copier *c, int64_t wait_ms)
{
    wait_ms = wait_ms < 0 ? 0 : wait_ms;
    struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};
    event_add(c->timer, &wait);
}

void copy_want(struct dns_gate *g)
{
    struct copier *c = &g->copier;
    bool is_held = g->answerer.is_held; /* a resolver goes by the file it has, too */
    if (c->count == 0 || is_held || c->view != NULL || event_pending(c->timer, EV_TIMEOUT, NULL))
        return; /* the thread's return, or the timer, looks at what is newest */
    int64_t rest_ms = c->begun_ms + c->every_ms - now_ms();
    timer_set(c, rest_ms < COPY_GATHER_MS ? COPY_GATHER_MS : rest_ms);
}

static void on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct copier *c = arg;
    (void)fd;
    (void)what;
    assert(c->view == NULL);
    rpz_view_keep(c->gate->zone.now);
    c->begun_ms = now_ms();
    env_mutex_lock(&c->mutex);
    c->view = c->gate->zone.now;
    c->has_work = true;
    env_cond_wake(&c->wake);
    env_mutex_unlock(&c->mutex);
}

/* True when one has failed. */
static bool tell_results(struct copier *c, uint32_t serial)
{
    bool has_failed = false;
    for (size_t i = 0; i < c->count; i++) {
        err e = c->result[i]; /* the thread rests: nobody writes it */
        has_failed |= failed(e);
        gate_note(c->gate, failed(e) ? DNS_FILE_FAILED : DNS_FILE_WRITTEN,
                  (struct dns_news){.secondary = DNS_NOBODY,
                                    .serial = serial,
                                    .count = failed(e) ? e.at : i,
                                    .why = e.why});
    }
    return has_failed;
}

static void on_back(void *self)
{
    struct copier *c = self;
    struct rpz_view *view = c->view;
    uint32_t serial = rpz_view_serial(view);
    env_mutex_lock(&c->mutex);
    c->view = NULL;
    env_mutex_unlock(&c->mutex);
    rpz_view_drop(view);
    if (tell_results(c, serial))
        timer_set(c, COPY_RETRY_MS);
    else if (serial != rpz_view_serial(c->gate->zone.now))
        copy_want(c->gate);
}

/* --- life --- */

static err paths_take(struct copier *c, const struct dns_options *options)
{
    if (options->file_count > DNS_FILES_MAX)
        return fail(ERR_LIMIT, "dns: too many files", DNS_FILES_MAX);
    for (size_t i = 0; i < options->file_count; i++) {
        str path = options->files[i];
        if (path.size >= COPY_PATH_MAX)
            return fail(ERR_LIMIT, "dns: a file's path is too long", (uint32_t)i);
        memcpy(c->path[i], path.at, path.size);
    }
    return OK;
}

err copy_start(struct dns_gate *g, const struct dns_options *options)
{
    struct copier *c = &g->copier;
    if (options->file_count == 0)
        return OK;
    TRY(paths_take(c, options));
    c->gate = g;
    c->every_ms = options->files_every_ms == 0 ? COPY_EVERY_MS : options->files_every_ms;
    c->begun_ms = now_ms() - c->every_ms;
    c->back = (struct loop_post){.run = on_back, .self = c};
    master_make(&g->forms, &c->master);
    c->timer = event_new(g->loop.base, -1, 0, on_timer, c);
    if (c->timer == NULL)
        return fail(ERR_OS, "dns: no timer", 0);
    env_mutex_init(&c->mutex);
    env_cond_init(&c->wake);
    c->count = options->file_count;
    TRY(env_thread_start(&c->thread, "dns-files", on_thread, c));
    copy_want(g);
    return OK;
}

void copy_stop(struct dns_gate *g)
{
    struct copier *c = &g->copier;
    if (c->timer != NULL)
        event_free(c->timer);
    c->timer = NULL;
    if (c->count == 0)
        return;
    env_mutex_lock(&c->mutex);
    c->is_stopping = true;
    env_cond_wake(&c->wake);
    env_mutex_unlock(&c->mutex);
    env_thread_join(&c->thread);
    rpz_view_drop(c->view);
    env_cond_done(&c->wake);
    env_mutex_done(&c->mutex);
    c->view = NULL;
    c->count = 0;
}

size_t dns_gate_files(struct dns_gate *g, struct dns_file_state *ret_states, size_t room)
{
    struct copier *c = &g->copier;
    size_t count = c->count < room ? c->count : room;
    if (count == 0)
        return 0;
    env_mutex_lock(&c->mutex);
    memcpy(ret_states, c->state, count * sizeof c->state[0]);
    env_mutex_unlock(&c->mutex);
    return count;
}
