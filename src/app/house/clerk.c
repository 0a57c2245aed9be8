/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/clerk.h"

#define WAIT_US INT64_C(1000000)

static void clerk_run(void *self)
{
    struct clerk *clerk = self;
    struct clerk_task task;
    bool has_task = true;
    while (has_task || !env_flag_is_up(&clerk->stopping)) {
        has_task = ring_take_wait(&clerk->ring, &task, WAIT_US);
        if (has_task && env_flag_is_up(clerk->ending))
            clerk->refuse(task.call);
        else if (has_task)
            task.work(task.call);
    }
}

err clerk_start(struct clerk *clerk, struct arena *boot, const char *name)
{
    TRY(ring_open(&clerk->ring, boot, sizeof(struct clerk_task), CLERK_ROOM));
    return env_thread_start(&clerk->thread, name, clerk_run, clerk);
}

void clerk_stop(struct clerk *clerk)
{
    if (!clerk->thread.is_started)
        return;
    env_flag_raise(&clerk->stopping);
    ring_end(&clerk->ring);
    env_thread_join(&clerk->thread);
    ring_close(&clerk->ring);
}

bool clerk_put(struct clerk *clerk, struct call *call, void (*work)(struct call *call))
{
    struct clerk_task task = {.call = call, .work = work};
    return ring_put(&clerk->ring, &task);
}
