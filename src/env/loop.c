/* SPDX-License-Identifier: Apache-2.0 */
#include "env/loop.h"

#include <assert.h>
#include <errno.h>
#include <event2/event.h>
#include <event2/thread.h>
#include <sys/eventfd.h>
#include <unistd.h>

static void prepare_libevent(void)
{
    int rc = evthread_use_pthreads();
    assert(rc == 0);
    (void)rc;
}

/* What is switched off and on again within a turn is not told to the kernel: half of what a request
 * costs there. It wants descriptors that nobody duplicates, which ours are. */
static struct event_base *base_new(void)
{
    struct event_config *config = event_config_new();
    if (config == NULL)
        return NULL;
    (void)event_config_set_flag(config, EVENT_BASE_FLAG_EPOLL_USE_CHANGELIST);
    struct event_base *base = event_base_new_with_config(config);
    event_config_free(config);
    return base;
}

static struct loop_post *take_all(struct env_loop *l)
{
    env_mutex_lock(&l->mutex);
    struct loop_post *first = l->first;
    l->first = NULL;
    l->last = NULL;
    env_mutex_unlock(&l->mutex);
    return first;
}

static void run_posted(evutil_socket_t fd, short what, void *arg)
{
    struct env_loop *l = arg;
    uint64_t count = 0;
    (void)what;
    ssize_t n = read((int)fd, &count, sizeof count);
    (void)n; /* EAGAIN: an earlier turn took the count and the nodes */
    /* Asked before taking: what was posted before the stop is among what is taken. */
    bool is_last_turn = env_flag_is_up(&l->is_stopping);
    struct loop_post *node = take_all(l);
    while (node != NULL) {
        struct loop_post *next = node->next; /* run() may free or post the node again */
        node->run(node->self);
        node = next;
    }
    if (is_last_turn)
        event_base_loopbreak(l->base);
}

err loop_open(struct env_loop *l)
{
    static struct env_once once = ENV_ONCE_INIT;
    env_once(&once, prepare_libevent);
    *l = (struct env_loop){.wake_fd = -1};
    env_mutex_init(&l->mutex);
    l->base = base_new();
    l->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (l->base != NULL && l->wake_fd >= 0)
        l->wake = event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, run_posted, l);
    if (l->wake == NULL || event_add(l->wake, NULL) != 0) {
        uint32_t code = (uint32_t)errno;
        loop_close(l);
        return fail(ERR_OS, "loop: cannot open", code);
    }
    return OK;
}

void loop_close(struct env_loop *l)
{
    bool is_open = l->base != NULL || l->wake_fd > 0;
    if (l->wake != NULL)
        event_free(l->wake);
    if (l->base != NULL)
        event_base_free(l->base);
    if (l->wake_fd > 0)
        close(l->wake_fd);
    if (is_open)
        env_mutex_done(&l->mutex);
    *l = (struct env_loop){.wake_fd = -1};
}

static void wake(const struct env_loop *l)
{
    uint64_t one = 1;
    ssize_t n = write(l->wake_fd, &one, sizeof one);
    (void)n; /* EAGAIN: the loop is awake anyway */
}

err loop_run(struct env_loop *l)
{
    if (event_base_loop(l->base, EVLOOP_NO_EXIT_ON_EMPTY) < 0)
        return fail(ERR_OS, "loop: the poll failed", (uint32_t)errno);
    return OK;
}

void loop_stop(struct env_loop *l)
{
    env_flag_raise(&l->is_stopping);
    wake(l);
}

void loop_post(struct env_loop *l, struct loop_post *node)
{
    assert(node->run != NULL);
    node->next = NULL;
    env_mutex_lock(&l->mutex);
    bool was_empty = l->first == NULL;
    if (was_empty)
        l->first = node;
    else
        l->last->next = node;
    l->last = node;
    env_mutex_unlock(&l->mutex);
    if (was_empty)
        wake(l);
}
