/* SPDX-License-Identifier: Apache-2.0 */
#include "env/file.h"

#include "env/fault.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { HOLDER_BYTES = 200 };

void fd_end(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

int fd_take(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

static err os_error(const char *why)
{
    if (errno == ENOENT)
        return fail(ERR_ABSENT, why, ENOENT);
    return fail(ERR_OS, why, (uint32_t)errno);
}

/* True, with errno set, when a test wants this call to fail. */
static bool is_faulty(enum fault_kind kind, int code)
{
    if (!env_fault_hit(kind))
        return false;
    errno = code;
    return true;
}

static err open_file(const char *path, int flags, int *ret_fd)
{
    if (is_faulty(FAULT_OPEN, EMFILE))
        return os_error("file: cannot open");
    int fd = open(path, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return os_error("file: cannot open");
    *ret_fd = fd;
    return OK;
}

static err sync_fd(int fd)
{
    if (is_faulty(FAULT_SYNC, EIO) || fsync(fd) != 0)
        return os_error("file: cannot sync");
    return OK;
}

static ssize_t write_some(int fd, str bytes)
{
    if (is_faulty(FAULT_FULL, ENOSPC) || is_faulty(FAULT_WRITE, EIO))
        return -1;
    if (env_fault_hit(FAULT_SHORT)) {
        ssize_t half = write(fd, bytes.at, bytes.size / 2);
        (void)half;
        errno = ENOSPC;
        return -1;
    }
    return write(fd, bytes.at, bytes.size);
}

static err write_all(int fd, str bytes)
{
    while (bytes.size > 0) {
        ssize_t n = write_some(fd, bytes);
        if (n < 0 && errno != EINTR)
            return os_error("file: cannot write");
        if (n > 0)
            bytes = str_from(bytes, (size_t)n);
    }
    return OK;
}

err file_make_folder(const char *path)
{
    struct stat st;
    if (mkdir(path, 0700) == 0)
        return OK;
    if (errno != EEXIST)
        return os_error("file: cannot make the folder");
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return fail(ERR_OS, "file: not a folder", ENOTDIR);
    return OK;
}

bool file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

err file_open_private(const char *path, int *ret_fd)
{
    return open_file(path, O_RDWR | O_CREAT | O_NOFOLLOW, ret_fd);
}

err file_open_read(const char *path, int *ret_fd)
{
    return open_file(path, O_RDONLY, ret_fd);
}

err file_read_at(int fd, int64_t offset, void *ret_bytes, size_t room, size_t *ret_count)
{
    char *to = ret_bytes;
    size_t count = 0;
    while (count < room) {
        if (is_faulty(FAULT_READ, EIO))
            return os_error("file: cannot read");
        ssize_t n = pread(fd, to + count, room - count, offset + (int64_t)count);
        if (n < 0 && errno != EINTR)
            return os_error("file: cannot read");
        if (n == 0)
            break;
        if (n > 0)
            count += (size_t)n;
    }
    *ret_count = count;
    return OK;
}

err file_read(const char *path, size_t most_bytes, struct arena *a, str *ret_bytes)
{
    SCOPED(fd_end) int fd = -1;
    TRY(open_file(path, O_RDONLY, &fd));
    struct stat st;
    if (fstat(fd, &st) != 0)
        return os_error("file: cannot stat");
    if (!S_ISREG(st.st_mode))
        return fail(ERR_OS, "file: not a plain file", EINVAL);
    if ((uint64_t)st.st_size > most_bytes)
        return fail(ERR_LIMIT, "file.too_large", 0);
    char *bytes = arena_make(a, (size_t)st.st_size + 1);
    if (bytes == NULL)
        return fail(ERR_LIMIT, "file.too_large", 0);
    size_t count = 0;
    TRY(file_read_at(fd, 0, bytes, (size_t)st.st_size, &count));
    *ret_bytes = str_make(bytes, count);
    return OK;
}

err file_sync_folder(const char *path)
{
    SCOPED(fd_end) int fd = -1;
    TRY(open_file(path, O_RDONLY | O_DIRECTORY, &fd));
    return sync_fd(fd);
}

/* The folder in which a path lies. */
static err sync_parent(const char *path)
{
    char parent[FILE_PATH_BYTES];
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return file_sync_folder(".");
    size_t size = slash == path ? 1 : (size_t)(slash - path);
    if (size >= sizeof parent)
        return fail(ERR_LIMIT, "file: path too long", 0);
    memcpy(parent, path, size);
    parent[size] = '\0';
    return file_sync_folder(parent);
}

err file_rename(const char *from, const char *to)
{
    if (is_faulty(FAULT_RENAME, EIO) || rename(from, to) != 0)
        return os_error("file: cannot rename");
    return sync_parent(to);
}

/* PATH.new: where a draft grows. */
static err draft_path(const char *path, char ret_path[FILE_PATH_BYTES])
{
    int size = snprintf(ret_path, FILE_PATH_BYTES, "%s.new", path);
    return size < 0 || size >= FILE_PATH_BYTES ? fail(ERR_LIMIT, "file: path too long", 0) : OK;
}

err file_draft_open(const char *path, enum file_mode mode, struct file_draft *ret_draft)
{
    struct file_draft d = {.fd = -1};
    char beside[FILE_PATH_BYTES];
    TRY(draft_path(path, beside));
    memcpy(d.path, path, strlen(path) + 1);
    TRY(open_file(beside, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, &d.fd));
    if (fchmod(d.fd, (mode_t)mode) != 0) {
        err e = os_error("file: cannot set who may read");
        file_draft_close(&d);
        return e;
    }
    *ret_draft = d;
    return OK;
}

err file_draft_put(struct file_draft *d, str bytes)
{
    enum { SYNC_BYTES = 4 << 20 };
    TRY(write_all(d->fd, bytes));
    d->unsynced_bytes += bytes.size;
    if (d->unsynced_bytes < SYNC_BYTES)
        return OK;
    d->unsynced_bytes = 0;
    return sync_fd(d->fd);
}

err file_draft_seal(struct file_draft *d)
{
    char beside[FILE_PATH_BYTES];
    TRY(draft_path(d->path, beside));
    TRY(sync_fd(d->fd));
    TRY(file_rename(beside, d->path));
    fd_end(&d->fd);
    return OK;
}

void file_draft_close(struct file_draft *d)
{
    char beside[FILE_PATH_BYTES];
    if (d->fd < 0)
        return;
    fd_end(&d->fd);
    if (!failed(draft_path(d->path, beside)))
        (void)unlink(beside); /* the old file stands; what is left over is rubbish */
}

err file_write(const char *path, str bytes)
{
    struct file_draft d;
    TRY(file_draft_open(path, FILE_PRIVATE, &d));
    err e = file_draft_put(&d, bytes);
    if (!failed(e))
        e = file_draft_seal(&d);
    file_draft_close(&d);
    return e;
}

err file_append_fd(int fd, str bytes)
{
    off_t before = lseek(fd, 0, SEEK_END);
    if (before < 0)
        return os_error("file: cannot seek");
    err e = write_all(fd, bytes);
    if (!failed(e))
        e = sync_fd(fd);
    if (failed(e) && ftruncate(fd, before) != 0)
        return fail(ERR_CORRUPT, "file: torn and cannot be mended", (uint32_t)errno);
    return e;
}

err file_cut(int fd, int64_t end)
{
    if (is_faulty(FAULT_TRUNCATE, EIO) || ftruncate(fd, end) != 0)
        return fail(ERR_CORRUPT, "file: torn and cannot be mended", (uint32_t)errno);
    return OK;
}

err file_put_end(int fd, int64_t end, str bytes)
{
    if (lseek(fd, end, SEEK_SET) < 0)
        return os_error("file: cannot seek");
    err e = write_all(fd, bytes);
    if (failed(e))
        TRY(file_cut(fd, end));
    return e;
}

err file_write_at(int fd, int64_t offset, str bytes)
{
    if (lseek(fd, offset, SEEK_SET) < 0)
        return os_error("file: cannot seek");
    return write_all(fd, bytes);
}

err file_sync(int fd)
{
    return sync_fd(fd);
}

err file_append(const char *path, str bytes)
{
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_private(path, &fd));
    return file_append_fd(fd, bytes);
}

err file_drop(const char *path)
{
    if (unlink(path) != 0 && errno != ENOENT)
        return os_error("file: cannot remove");
    return OK;
}

err file_drop_folder(const char *path)
{
    if (rmdir(path) != 0 && errno != ENOENT)
        return os_error("file: cannot remove");
    return OK;
}

err file_size(const char *path, int64_t *ret_bytes)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return os_error("file: cannot stat");
    *ret_bytes = st.st_size;
    return OK;
}

err file_numbered(const char *folder, const char *kind, uint32_t number,
                  char ret_path[FILE_PATH_BYTES])
{
    int size = snprintf(ret_path, FILE_PATH_BYTES, "%s/%s-%08x", folder, kind, number);
    return size < 0 || size >= FILE_PATH_BYTES ? fail(ERR_LIMIT, "file: path too long", 0) : OK;
}

bool file_is_numbered(str name, const char *kind, uint32_t *ret_number)
{
    size_t before = strlen(kind) + 1;
    if (name.size != before + 8 || !str_starts(name, str_from_c(kind)) ||
        name.at[before - 1] != '-')
        return false;
    uint32_t n = 0;
    for (size_t i = before; i < name.size; i++) {
        char c = name.at[i];
        bool is_digit = c >= '0' && c <= '9';
        if (!is_digit && (c < 'a' || c > 'f'))
            return false;
        n = n << 4 | (uint32_t)(is_digit ? c - '0' : c - 'a' + 10);
    }
    *ret_number = n;
    return true;
}

err file_free_bytes(const char *folder, int64_t *ret_bytes)
{
    struct statvfs st;
    if (statvfs(folder, &st) != 0)
        return os_error("file: cannot ask for free space");
    *ret_bytes = (int64_t)(st.f_bavail * st.f_frsize);
    return OK;
}

static void folder_end(DIR **d)
{
    if (*d != NULL)
        closedir(*d);
}

static int by_name(const void *a, const void *b)
{
    const str *left = a;
    const str *right = b;
    return str_compare(*left, *right);
}

static err names_put(struct file_names *names, size_t *room, const char *name, struct arena *a)
{
    if (names->count == *room) {
        size_t wider = *room == 0 ? 16 : *room * 2;
        names->at = arena_grow(a, names->at, *room * sizeof(str), wider * sizeof(str));
        *room = wider;
    }
    str copy = str_make(NULL, 0);
    if (names->at != NULL)
        copy = str_copy(a, str_from_c(name));
    if (copy.at == NULL)
        return fail(ERR_LIMIT, "file: too many names", 0);
    names->at[names->count++] = copy;
    return OK;
}

static struct dirent *entry_next(DIR *d)
{
    return readdir(d); /* NOLINT(concurrency-mt-unsafe): a DIR has one owner */
}

err file_list(const char *folder, struct arena *a, struct file_names *ret_names)
{
    SCOPED(folder_end) DIR *d = opendir(folder);
    if (d == NULL)
        return os_error("file: cannot list");
    struct file_names names = {0};
    size_t room = 0;
    for (struct dirent *entry = entry_next(d); entry != NULL; entry = entry_next(d)) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            TRY(names_put(&names, &room, entry->d_name, a));
    }
    if (names.count > 1)
        qsort(names.at, names.count, sizeof(str), by_name);
    *ret_names = names;
    return OK;
}

err file_lock(const char *path, str holder, struct file_lock *ret_lock)
{
    SCOPED(fd_end) int fd = -1;
    TRY(file_open_private(path, &fd));
    if (is_faulty(FAULT_LOCK, ENOLCK) || flock(fd, LOCK_EX | LOCK_NB) != 0)
        return errno == EWOULDBLOCK ? fail(ERR_BUSY, "file.locked", 0)
                                    : fail(ERR_OS, "file: cannot lock", (uint32_t)errno);
    if (ftruncate(fd, 0) != 0)
        return os_error("file: cannot truncate");
    TRY(write_all(fd, str_until(holder, HOLDER_BYTES)));
    *ret_lock = (struct file_lock){.fd = fd_take(&fd), .is_held = true};
    return OK;
}

void file_unlock(struct file_lock *l)
{
    if (!l->is_held)
        return;
    close(l->fd);
    *l = (struct file_lock){.fd = -1};
}

err file_lock_holder(const char *path, struct arena *a, str *ret_holder)
{
    return file_read(path, HOLDER_BYTES, a, ret_holder);
}
