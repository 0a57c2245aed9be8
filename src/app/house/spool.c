/* SPDX-License-Identifier: Apache-2.0 */
#include "app/house/spool.h"

#include "env/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_ROOM = 4096, COPY_BYTES = 256 << 10, NAMES_BYTES = 16 << 20 };

#define PREFIX "spool-"

static char spool_path[PATH_ROOM]; /* empty: there is none; for the signal handler too */
static int spool_fd = -1;          /* holds the lock */

void spool_drop(void)
{
    if (spool_path[0] != '\0')
        unlink(spool_path);
    spool_path[0] = '\0';
    fd_end(&spool_fd);
}

static void on_signal(int number)
{
    if (spool_path[0] != '\0')
        unlink(spool_path);
    _exit(128 + number);
}

static err copy_all(int from, int to)
{
    static char room[COPY_BYTES];
    for (;;) {
        ssize_t count = read(from, room, sizeof room);
        if (count == 0)
            return OK;
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return fail(ERR_OS, "cli.file.unreadable", (uint32_t)errno);
        for (ssize_t put = 0; put < count;) {
            ssize_t n = write(to, room + put, (size_t)(count - put));
            if (n < 0)
                return fail(ERR_OS, errno == ENOSPC ? "store.disk_full" : "cli.file.spool",
                            (uint32_t)errno);
            put += n;
        }
    }
}

/* False when it is another's, or when a sweep came between the file and its lock. */
static bool is_locked_for_us(int fd)
{
    struct stat info;
    return flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &info) == 0 && info.st_nlink > 0;
}

static err make(const char *folder)
{
    do {
        fd_end(&spool_fd);
        int size = snprintf(spool_path, sizeof spool_path, "%s/" PREFIX "XXXXXX", folder);
        bool fits = size > 0 && (size_t)size < sizeof spool_path;
        spool_fd = fits ? mkostemp(spool_path, O_CLOEXEC) : -1;
        if (spool_fd < 0) {
            spool_path[0] = '\0';
            return fits ? fail(ERR_OS, "cli.file.spool", (uint32_t)errno)
                        : fail(ERR_LIMIT, "house.path", 0);
        }
    } while (!is_locked_for_us(spool_fd));
    return OK;
}

err spool_take(const char *folder, int from, const char **ret_path)
{
    (void)signal(SIGINT, on_signal);
    (void)signal(SIGTERM, on_signal);
    (void)signal(SIGHUP, on_signal);
    TRY(spool_sweep(folder));
    TRY(make(folder));
    err e = copy_all(from, spool_fd);
    if (failed(e))
        spool_drop();
    else
        *ret_path = spool_path;
    return e;
}

static void drop_if_left(const char *path)
{
    SCOPED(fd_end) int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0 && is_locked_for_us(fd))
        unlink(path);
}

err spool_sweep(const char *folder)
{
    struct arena turn;
    struct file_names names = {0};
    char path[PATH_ROOM];
    arena_init(&turn, NAMES_BYTES);
    err e = file_list(folder, &turn, &names);
    for (size_t i = 0; i < names.count; i++) {
        int size = snprintf(path, sizeof path, "%s/%s", folder, names.at[i].at);
        if (str_starts(names.at[i], STR(PREFIX)) && size > 0 && (size_t)size < sizeof path)
            drop_if_left(path);
    }
    arena_done(&turn);
    return e;
}
