/* SPDX-License-Identifier: Apache-2.0 */
#include "env/pages.h"

#include "env/atomic.h"
#include "env/fault.h"
#include "env/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { PAGE_BYTES = 4096, HUGE_BYTES = 2 << 20 };

static struct env_counter in_use;
static struct env_counter most;

static size_t rounded(size_t size)
{
    return (size + PAGE_BYTES - 1) & ~(size_t)(PAGE_BYTES - 1);
}

/* What is taken for so many bytes of our own: up to a whole huge page where at least half of the
 * last one is used, for what would lie in small pages behind huge ones takes longest to find. */
static size_t taken(size_t size)
{
    size_t in_last = size % HUGE_BYTES;
    bool is_worth_it = size > HUGE_BYTES && in_last >= HUGE_BYTES / 2;
    return is_worth_it ? size - in_last + HUGE_BYTES : rounded(size);
}

static void count_more(size_t size)
{
    uint64_t now = env_counter_raise(&in_use, size);
    env_counter_at_least(&most, now);
}

static char *map_some(size_t size)
{
    void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return at == MAP_FAILED ? NULL : at;
}

/* The system gives a huge page only where one may begin: more is asked for than is needed, and what
 * stands before such a place, and behind the end, is given back. */
static char *map_aligned(size_t size)
{
    char *at = map_some(size + HUGE_BYTES);
    if (at == NULL)
        return NULL;
    size_t before = (HUGE_BYTES - (uintptr_t)at % HUGE_BYTES) % HUGE_BYTES;
    if (before > 0)
        (void)munmap(at, before);
    (void)munmap(at + before + size, HUGE_BYTES - before);
    (void)madvise(at + before, size, MADV_HUGEPAGE); /* advice: without it, it is only slower */
    return at + before;
}

err pages_make(size_t size, struct pages *ret_pages)
{
    assert(size > 0);
    if (size > SIZE_MAX / 2)
        return fail(ERR_LIMIT, "limit.memory", 0);
    char *at = size < HUGE_BYTES ? map_some(taken(size)) : map_aligned(taken(size));
    if (at == NULL)
        return fail(ERR_LIMIT, "limit.memory", (uint32_t)errno);
    count_more(taken(size));
    *ret_pages = (struct pages){.at = at, .size = size};
    return OK;
}

err pages_make_sparse(size_t size, struct pages *ret_pages)
{
    assert(size > 0);
    char *at = size > SIZE_MAX / 2 ? NULL : map_some(taken(size));
    if (at == NULL)
        return fail(ERR_LIMIT, "limit.memory", 0);
    (void)madvise(at, taken(size), MADV_NOHUGEPAGE); /* advice, too */
    count_more(taken(size));
    *ret_pages = (struct pages){.at = at, .size = size};
    return OK;
}

err pages_map(const char *path, size_t most_bytes, struct pages *ret_pages)
{
    struct stat st;
    SCOPED(fd_end) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (env_fault_hit(FAULT_OPEN))
        return fail(ERR_OS, "pages: cannot open", EMFILE);
    if (fd < 0)
        return fail(errno == ENOENT ? ERR_ABSENT : ERR_OS, "pages: cannot open", (uint32_t)errno);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return fail(ERR_OS, "pages: not a plain file", EINVAL);
    if ((uint64_t)st.st_size > most_bytes)
        return fail(ERR_LIMIT, "file.too_large", 0);
    size_t size = (size_t)st.st_size;
    if (size == 0) {
        *ret_pages = (struct pages){.is_file = true};
        return OK;
    }
    void *at = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (at == MAP_FAILED)
        return fail(ERR_OS, "pages: cannot map", (uint32_t)errno);
    *ret_pages = (struct pages){.at = at, .size = size, .is_file = true};
    return OK;
}

void pages_drop(struct pages *p)
{
    if (p->at != NULL) {
        int gone = munmap(p->at, p->is_file ? rounded(p->size) : taken(p->size));
        assert(gone == 0);
        (void)gone;
        if (!p->is_file)
            env_counter_drop(&in_use, taken(p->size));
    }
    *p = (struct pages){0};
}

void pages_forget(const struct pages *p, size_t at, size_t size)
{
    assert(p->is_file && at <= p->size && size <= p->size - at);
    size_t from = rounded(at);
    size_t to = (at + size) & ~(size_t)(PAGE_BYTES - 1);
    if (from < to)
        (void)madvise((char *)p->at + from, to - from, MADV_DONTNEED);
}

size_t pages_in_use(void)
{
    return env_counter_read(&in_use);
}

size_t pages_most(void)
{
    return env_counter_read(&most);
}

void pages_most_reset(void)
{
    env_counter_put(&most, env_counter_read(&in_use));
}
