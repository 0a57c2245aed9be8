/* SPDX-License-Identifier: Apache-2.0 */
#include "env/vfs.h"

#include "env/fault.h"
#include "env/thread.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* SQLite allocates this and, right behind it, the room of the file below. */
struct faulty_file {
    sqlite3_file head; /* first: SQLite sees only this */
    sqlite3_file *below;
};

static sqlite3_vfs *default_vfs;
static _Atomic size_t tear_keep_bytes;
static _Atomic int tear_then;

static sqlite3_file *below(sqlite3_file *f)
{
    return ((struct faulty_file *)f)->below;
}

static int on_close(sqlite3_file *f)
{
    return below(f)->pMethods->xClose(below(f));
}

static int on_read(sqlite3_file *f, void *to, int count, sqlite3_int64 offset)
{
    return below(f)->pMethods->xRead(below(f), to, count, offset);
}

static int tear(sqlite3_file *f, const void *from, int count, sqlite3_int64 offset)
{
    size_t keep = atomic_load(&tear_keep_bytes);
    int kept = keep < (size_t)count ? (int)keep : count;
    int rc = kept == 0 ? SQLITE_OK : f->pMethods->xWrite(f, from, kept, offset);
    if (atomic_load(&tear_then) == VFS_TEAR_EXIT)
        _exit(99);
    return rc == SQLITE_OK ? SQLITE_IOERR_WRITE : rc;
}

static int on_write(sqlite3_file *f, const void *from, int count, sqlite3_int64 offset)
{
    if (env_fault_hit(FAULT_VFS_FULL))
        return SQLITE_FULL;
    if (env_fault_hit(FAULT_VFS_WRITE))
        return SQLITE_IOERR_WRITE;
    if (env_fault_hit(FAULT_VFS_TEAR))
        return tear(below(f), from, count, offset);
    return below(f)->pMethods->xWrite(below(f), from, count, offset);
}

static int on_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    if (env_fault_hit(FAULT_VFS_TRUNCATE))
        return SQLITE_IOERR_TRUNCATE;
    return below(f)->pMethods->xTruncate(below(f), size);
}

static int on_sync(sqlite3_file *f, int flags)
{
    if (env_fault_hit(FAULT_VFS_SYNC))
        return SQLITE_IOERR_FSYNC;
    return below(f)->pMethods->xSync(below(f), flags);
}

static int on_size(sqlite3_file *f, sqlite3_int64 *ret_size)
{
    return below(f)->pMethods->xFileSize(below(f), ret_size);
}

static int on_lock(sqlite3_file *f, int level)
{
    return below(f)->pMethods->xLock(below(f), level);
}

static int on_unlock(sqlite3_file *f, int level)
{
    return below(f)->pMethods->xUnlock(below(f), level);
}

static int on_check_lock(sqlite3_file *f, int *ret_is_held)
{
    return below(f)->pMethods->xCheckReservedLock(below(f), ret_is_held);
}

static int on_control(sqlite3_file *f, int op, void *arg)
{
    return below(f)->pMethods->xFileControl(below(f), op, arg);
}

static int on_sector(sqlite3_file *f)
{
    return below(f)->pMethods->xSectorSize(below(f));
}

static int on_traits(sqlite3_file *f)
{
    return below(f)->pMethods->xDeviceCharacteristics(below(f));
}

static int on_shm_map(sqlite3_file *f, int page, int size, int extend, void volatile **ret_at)
{
    return below(f)->pMethods->xShmMap(below(f), page, size, extend, ret_at);
}

static int on_shm_lock(sqlite3_file *f, int offset, int count, int flags)
{
    return below(f)->pMethods->xShmLock(below(f), offset, count, flags);
}

static void on_shm_barrier(sqlite3_file *f)
{
    below(f)->pMethods->xShmBarrier(below(f));
}

static int on_shm_unmap(sqlite3_file *f, int drop)
{
    return below(f)->pMethods->xShmUnmap(below(f), drop);
}

/* Version 2: with shared memory, without mmap'd reads, which would go around us. */
static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = on_close,
    .xRead = on_read,
    .xWrite = on_write,
    .xTruncate = on_truncate,
    .xSync = on_sync,
    .xFileSize = on_size,
    .xLock = on_lock,
    .xUnlock = on_unlock,
    .xCheckReservedLock = on_check_lock,
    .xFileControl = on_control,
    .xSectorSize = on_sector,
    .xDeviceCharacteristics = on_traits,
    .xShmMap = on_shm_map,
    .xShmLock = on_shm_lock,
    .xShmBarrier = on_shm_barrier,
    .xShmUnmap = on_shm_unmap,
};

static int on_open(sqlite3_vfs *v, sqlite3_filename name, sqlite3_file *f, int flags, int *ret)
{
    struct faulty_file *mine = (struct faulty_file *)f;
    (void)v;
    mine->head.pMethods = NULL; /* until it is open, SQLite must not call close */
    mine->below = (sqlite3_file *)(mine + 1);
    int rc = default_vfs->xOpen(default_vfs, name, mine->below, flags, ret);
    if (mine->below->pMethods != NULL)
        mine->head.pMethods = &methods;
    return rc;
}

static int on_delete(sqlite3_vfs *v, const char *name, int sync_folder)
{
    (void)v;
    return default_vfs->xDelete(default_vfs, name, sync_folder);
}

static int on_access(sqlite3_vfs *v, const char *name, int flags, int *ret)
{
    (void)v;
    return default_vfs->xAccess(default_vfs, name, flags, ret);
}

static int on_full_name(sqlite3_vfs *v, const char *name, int room, char *ret_name)
{
    (void)v;
    return default_vfs->xFullPathname(default_vfs, name, room, ret_name);
}

static sqlite3_vfs fault_vfs;
static int register_rc;

static void register_once(void)
{
    default_vfs = sqlite3_vfs_find(NULL);
    if (default_vfs == NULL) {
        register_rc = SQLITE_ERROR;
        return;
    }
    fault_vfs = *default_vfs; /* time, randomness and loading stay the default's */
    fault_vfs.pNext = NULL;
    fault_vfs.zName = VFS_FAULT_NAME;
    fault_vfs.szOsFile = (int)sizeof(struct faulty_file) + default_vfs->szOsFile;
    fault_vfs.xOpen = on_open;
    fault_vfs.xDelete = on_delete;
    fault_vfs.xAccess = on_access;
    fault_vfs.xFullPathname = on_full_name;
    register_rc = sqlite3_vfs_register(&fault_vfs, 0);
}

err vfs_register(void)
{
    static struct env_once once = ENV_ONCE_INIT;
    env_once(&once, register_once);
    if (register_rc != SQLITE_OK)
        return fail(ERR_OS, "vfs: cannot register", (uint32_t)register_rc);
    return OK;
}

void vfs_tear(size_t keep_bytes, enum vfs_tear then)
{
    atomic_store(&tear_keep_bytes, keep_bytes);
    atomic_store(&tear_then, (int)then);
}
