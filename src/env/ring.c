/* SPDX-License-Identifier: Apache-2.0 */
#include "env/ring.h"

#include "env/clock.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

err ring_open(struct ring *r, struct arena *a, size_t item_bytes, size_t count)
{
    assert(r != NULL && item_bytes > 0 && count > 0);
    *r = (struct ring){.item_bytes = item_bytes, .room = count, .wake_fd = -1};
    r->items = arena_make_array(a, count, item_bytes);
    if (r->items == NULL)
        return fail(ERR_LIMIT, "ring: no memory", 0);
    env_mutex_init(&r->mutex);
    env_cond_init(&r->filled);
    r->is_open = true;
    return OK;
}

err ring_open_with_wake(struct ring *r, struct arena *a, size_t item_bytes, size_t count)
{
    TRY(ring_open(r, a, item_bytes, count));
    r->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (r->wake_fd >= 0)
        return OK;
    int code = errno;
    ring_close(r);
    return fail(ERR_OS, "ring: cannot make an eventfd", (uint32_t)code);
}

void ring_close(struct ring *r)
{
    if (!r->is_open)
        return;
    if (r->wake_fd >= 0)
        close(r->wake_fd);
    env_cond_done(&r->filled);
    env_mutex_done(&r->mutex);
    *r = (struct ring){.wake_fd = -1};
}

static void wake(const struct ring *r)
{
    uint64_t one = 1;
    if (r->wake_fd < 0)
        return;
    /* EAGAIN: the count is at its ceiling, so the reader is awake anyway. */
    ssize_t n = write(r->wake_fd, &one, sizeof one);
    (void)n;
}

bool ring_put(struct ring *r, const void *item)
{
    env_mutex_lock(&r->mutex);
    bool has_room = r->used < r->room && !r->is_closed;
    bool was_empty = r->used == 0;
    if (has_room) {
        size_t at = (r->first + r->used) % r->room;
        memcpy(r->items + at * r->item_bytes, item, r->item_bytes);
        r->used++;
        env_cond_wake(&r->filled);
    }
    env_mutex_unlock(&r->mutex);
    if (has_room && was_empty)
        wake(r);
    return has_room;
}

/* With the mutex held. */
static bool take_first(struct ring *r, void *ret_item)
{
    if (r->used == 0)
        return false;
    memcpy(ret_item, r->items + r->first * r->item_bytes, r->item_bytes);
    r->first = (r->first + 1) % r->room;
    r->used--;
    return true;
}

bool ring_take(struct ring *r, void *ret_item)
{
    env_mutex_lock(&r->mutex);
    bool got = take_first(r, ret_item);
    env_mutex_unlock(&r->mutex);
    return got;
}

bool ring_take_wait(struct ring *r, void *ret_item, int64_t timeout_us)
{
    int64_t until = env_monotonic_us() + timeout_us;
    env_mutex_lock(&r->mutex);
    int64_t left = timeout_us;
    while (r->used == 0 && !r->is_closed && left > 0) {
        (void)env_cond_wait_us(&r->filled, &r->mutex, left);
        left = until - env_monotonic_us();
    }
    bool got = take_first(r, ret_item);
    env_mutex_unlock(&r->mutex);
    return got;
}

void ring_end(struct ring *r)
{
    env_mutex_lock(&r->mutex);
    r->is_closed = true;
    env_cond_wake_all(&r->filled);
    env_mutex_unlock(&r->mutex);
    wake(r);
}

size_t ring_used(struct ring *r)
{
    env_mutex_lock(&r->mutex);
    size_t used = r->used;
    env_mutex_unlock(&r->mutex);
    return used;
}

int ring_wake_fd(const struct ring *r)
{
    return r->wake_fd;
}

void ring_wake_clear(struct ring *r)
{
    uint64_t count = 0;
    ssize_t n = read(r->wake_fd, &count, sizeof count);
    (void)n; /* EAGAIN: nothing to clear */
}
