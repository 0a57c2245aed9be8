/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file - files and folders that survive power loss and are nobody else's to read.
 *
 * Shape     Whole files in, whole files out. file_write: temporary file beside it, fsync, rename,
 *           fsync of the folder; a reader sees the old bytes or the new ones. file_append: after a
 *           failure the file is as long as before, so a record is never torn by a full disk.
 * Owns      Nothing but the lock's descriptor. Descriptors handed out are the caller's:
 * SCOPED(fd_end). Lives     A file_lock until file_unlock or the process's end. Fails ERR_ABSENT
 * when there is no such file; ERR_LIMIT "file.too_large"; ERR_BUSY "file.locked"; ERR_OS with the
 * errno (ENOSPC as any other). env/fault.h can cause each of them. Threads   Any; the same file one
 * at a time. Bounds    What the caller says. Paths below 4,000 bytes. Files 0600, folders 0700.
 */
#ifndef YUMEN_ENV_FILE_H
#define YUMEN_ENV_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

enum { FILE_PATH_BYTES = 4096 };

void fd_end(int *fd); /* closes it unless it is -1 */
int fd_take(int *fd); /* the caller closes it from here on */

/* An existing folder is fine; its parents must exist. */
err file_make_folder(const char *path);
bool file_exists(const char *path);
/* Read and write; made if absent. Never follows a link at its end. */
err file_open_private(const char *path, int *ret_fd);
err file_open_read(const char *path, int *ret_fd);
err file_read(const char *path, size_t most_bytes, struct arena *a, str *ret_bytes);
err file_write(const char *path, str bytes);

/* A file that grows piece by piece beside the one whose place it takes when it is whole. Synced as
 * it grows, so that no large write at the end holds up who else syncs on this disk. */
struct file_draft {
    int fd;
    size_t unsynced_bytes;
    char path[FILE_PATH_BYTES];
};
enum file_mode { FILE_PRIVATE = 0600, FILE_PUBLIC = 0644 };

err file_draft_open(const char *path, enum file_mode mode, struct file_draft *ret_draft);
err file_draft_put(struct file_draft *d, str bytes);
/* Takes the old file's place, or fails and leaves it. */
err file_draft_seal(struct file_draft *d);
void file_draft_close(struct file_draft *d); /* what was not sealed never was */

/* Appends and syncs. */
err file_append(const char *path, str bytes);
err file_append_fd(int fd, str bytes);
/* Writes at the end, whose place the caller knows, without waiting for the disk: file_sync does. A
 * file that could not take all of it is as long as before. */
err file_put_end(int fd, int64_t end, str bytes);
err file_sync(int fd);
err file_cut(int fd, int64_t end);
/* Over what is there; a failure leaves any part of it. Waits for no disk either. */
err file_write_at(int fd, int64_t offset, str bytes);
/* Reads what is there from an offset, up to `room`. */
err file_read_at(int fd, int64_t offset, void *ret_bytes, size_t room, size_t *ret_count);
err file_rename(const char *from, const char *to);
/* One that is not there is fine. */
err file_drop(const char *path);
/* An empty one. */
err file_drop_folder(const char *path);
err file_sync_folder(const char *path);
err file_size(const char *path, int64_t *ret_bytes);
/* FOLDER/KIND-0000002a, as files of one kind are called that come one after the other. */
err file_numbered(const char *folder, const char *kind, uint32_t number,
                  char ret_path[FILE_PATH_BYTES]);
bool file_is_numbered(str name, const char *kind, uint32_t *ret_number);
err file_free_bytes(const char *folder, int64_t *ret_bytes);

struct file_names {
    str *at; /* NUL-terminated too, sorted, without "." and ".." */
    size_t count;
};
err file_list(const char *folder, struct arena *a, struct file_names *ret_names);

/* One process at a time: an advisory lock that ends with the process. */
struct file_lock {
    int fd;
    bool is_held;
};
/* `holder` (process id, address) is written into the file for whoever finds it locked. */
err file_lock(const char *path, str holder, struct file_lock *ret_lock);
void file_unlock(struct file_lock *l);
/* What the present holder wrote. */
err file_lock_holder(const char *path, struct arena *a, str *ret_holder);

#endif
