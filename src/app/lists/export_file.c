/* SPDX-License-Identifier: Apache-2.0 */
#include "app/lists/export_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 20 };

struct block {
    int fd;
    size_t size;
    char *at;
};

static err trouble(void)
{
    if (errno == EEXIST)
        return fail(ERR_CONFLICT, "export.file_exists", EEXIST);
    return fail(ERR_OS, errno == ENOSPC ? "store.disk_full" : "export.file", (uint32_t)errno);
}

static err write_all(int fd, str bytes)
{
    while (bytes.size > 0) {
        ssize_t count = write(fd, bytes.at, bytes.size);
        if (count < 0 && errno != EINTR)
            return trouble();
        bytes = str_from(bytes, count < 0 ? 0 : (size_t)count);
    }
    return OK;
}

static err flush(struct block *b)
{
    err e = write_all(b->fd, str_make(b->at, b->size));
    b->size = 0;
    return e;
}

static err put(void *self, str line)
{
    struct block *b = self;
    if (line.size > BLOCK_BYTES - b->size)
        TRY(flush(b));
    if (line.size > BLOCK_BYTES)
        return write_all(b->fd, line);
    memcpy(b->at + b->size, line.at, line.size);
    b->size += line.size;
    return OK;
}

static err write_export(struct reader *reader, const struct env_flag *ending, int fd)
{
    struct arena arena;
    arena_init(&arena, 2 * BLOCK_BYTES);
    struct block block = {.fd = fd, .at = arena_make(&arena, BLOCK_BYTES)};
    struct export_sink sink = {.self = &block, .put = put, .ending = ending};
    err e = block.at == NULL ? fail(ERR_LIMIT, "limit.memory", 0) : export_stream(reader, &sink);
    if (!failed(e))
        e = flush(&block);
    if (!failed(e) && fsync(fd) != 0)
        e = trouble();
    arena_done(&arena);
    return e;
}

err export_file(struct reader *reader, const struct env_flag *ending, const char *path)
{
    SCOPED(fd_end) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return trouble();
    err e = write_export(reader, ending, fd);
    if (failed(e))
        (void)unlink(path);
    return e;
}
