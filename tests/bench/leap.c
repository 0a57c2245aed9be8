/* SPDX-License-Identifier: Apache-2.0 */
/* A clock that leaps, for expire.py: real time and as many seconds as the mapped file LEAP says.
 * Nothing else is touched: a thread that waits for a condition waits as ever. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *seconds;

__attribute__((constructor)) static void open_leap(void)
{
    const char *path = getenv("LEAP");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *at = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, fd, 0);
    if (at == MAP_FAILED)
        _exit(97);
    (void)close(fd);
    seconds = at;
}

int clock_gettime(clockid_t clock, struct timespec *ret_time)
{
    int rc = (int)syscall(SYS_clock_gettime, clock, ret_time);
    if (rc == 0 && clock == CLOCK_REALTIME && seconds != NULL)
        ret_time->tv_sec += *seconds;
    return rc;
}
