/* SPDX-License-Identifier: Apache-2.0 */
#include "env/service.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <systemd/sd-daemon.h>

static sigset_t stop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

void service_hold_signals(void)
{
    sigset_t set = stop_signals();
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

err service_wait_stop(void)
{
    sigset_t set = stop_signals();
    int which = 0;
    int code = sigwait(&set, &which);
    return code == 0 ? OK : fail(ERR_OS, "service: cannot wait for a signal", (uint32_t)code);
}

void service_tell(const char *state)
{
    (void)sd_notify(0, state);
}
