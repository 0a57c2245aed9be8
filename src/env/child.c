/* SPDX-License-Identifier: Apache-2.0 */
#include "env/child.h"

#include "env/clock.h"
#include "env/fault.h"
#include "env/file.h"
#include "env/thread.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NAP_US INT64_C(1000)

enum { PIECE_BYTES = 64 << 10 };

/* Our ends of what lies between us and it. Its input is a socket: a write to a reader that has gone
 * is an error there, where a pipe would raise a signal. */
struct child {
    pid_t pid;
    int in;
    int out;
    int complaints;
};

/* The other ends, until it has them. */
struct ends {
    int in;
    int out;
    int complaints;
};

static void child_end(struct child *c)
{
    fd_end(&c->in);
    fd_end(&c->out);
    fd_end(&c->complaints);
    if (c->pid <= 0)
        return;
    (void)kill(c->pid, SIGKILL); /* not yet waited for: the id is still its own */
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR) {
    }
    c->pid = 0;
}

static void ends_end(struct ends *e)
{
    fd_end(&e->in);
    fd_end(&e->out);
    fd_end(&e->complaints);
}

/* True, with errno set, when a test wants no descriptor to be had. */
static bool is_fault(void)
{
    errno = EMFILE;
    return env_fault_hit(FAULT_OPEN);
}

static err open_pipe(int *ret_ours, int *ret_its)
{
    int pair[2];
    if (is_fault() || pipe2(pair, O_CLOEXEC) != 0)
        return fail(ERR_OS, "child: no pipe", (uint32_t)errno);
    *ret_ours = pair[0];
    *ret_its = pair[1];
    return fcntl(pair[0], F_SETFL, O_NONBLOCK) == 0
               ? OK
               : fail(ERR_OS, "child: no pipe", (uint32_t)errno);
}

static err open_ends(struct child *c, struct ends *its)
{
    int pair[2];
    if (is_fault() || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return fail(ERR_OS, "child: no socket", (uint32_t)errno);
    c->in = pair[0];
    its->in = pair[1];
    TRY(open_pipe(&c->out, &its->out));
    return open_pipe(&c->complaints, &its->complaints);
}

static int prepare(posix_spawn_file_actions_t *files, posix_spawnattr_t *how,
                   const struct ends *its)
{
    sigset_t none;
    sigset_t usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    sigaddset(&usual, SIGPIPE);
    int rc = posix_spawn_file_actions_adddup2(files, its->in, STDIN_FILENO);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(files, its->out, STDOUT_FILENO);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(files, its->complaints, STDERR_FILENO);
    rc = rc != 0 ? rc : posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
    rc = rc != 0 ? rc : posix_spawnattr_setsigmask(how, &none);
    rc = rc != 0 ? rc : posix_spawnattr_setsigdefault(how, &usual);
    return rc != 0 ? rc
                   : posix_spawnattr_setflags(how, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

static int spawn(const struct child_order *order, const struct ends *its, pid_t *ret_pid)
{
    char path[CHILD_PATH_BYTES];
    char lang[] = "LC_ALL=C.UTF-8";
    const char *ours = getenv("PATH"); // NOLINT(concurrency-mt-unsafe): nobody sets it
    (void)snprintf(path, sizeof path, "PATH=%s", ours == NULL ? "/usr/bin:/bin" : ours);
    char *const environment[] = {path, lang, NULL};
    posix_spawn_file_actions_t files;
    posix_spawnattr_t how;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&how);
    if (rc == 0) {
        rc = prepare(&files, &how, its);
        /* posix_spawn takes what it only reads as if it wrote it. */
        char *const *words = NULL;
        memcpy(&words, &order->words, sizeof words);
        rc = rc != 0 ? rc : posix_spawnp(ret_pid, words[0], &files, &how, words, environment);
        (void)posix_spawnattr_destroy(&how);
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return rc;
}

static err start(const struct child_order *order, struct child *c)
{
    SCOPED(ends_end) struct ends its = {.in = -1, .out = -1, .complaints = -1};
    TRY(open_ends(c, &its));
    pid_t pid = 0;
    int rc = env_fault_hit(FAULT_CHILD) ? EAGAIN : spawn(order, &its, &pid);
    if (rc == ENOENT)
        return fail(ERR_ABSENT, "child: there is no such program", (uint32_t)rc);
    if (rc != 0)
        return fail(ERR_OS, "child: cannot start", (uint32_t)rc);
    c->pid = pid;
    return OK;
}

/* What the socket takes now; closes it after the last byte, or when nobody reads any more. */
static void feed(struct child *c, str *input)
{
    ssize_t count = send(c->in, input->at, input->size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    *input = str_from(*input, count < 0 ? input->size : (size_t)count);
    if (str_is_empty(*input))
        fd_end(&c->in);
}

/* One piece; closes the pipe at its end. */
static err hear(int *fd, struct text *into, size_t most_bytes)
{
    char piece[PIECE_BYTES];
    ssize_t count = env_fault_hit(FAULT_READ) ? (errno = EIO, -1) : read(*fd, piece, sizeof piece);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return OK;
    if (count < 0)
        return fail(ERR_OS, "child: cannot read what it says", (uint32_t)errno);
    if (count == 0)
        fd_end(fd);
    if ((size_t)count > most_bytes - into->size)
        return fail(ERR_LIMIT, "child: said too much", 0);
    text_put(into, str_make(piece, (size_t)count));
    return text_spent(into) ? fail(ERR_LIMIT, "memory.spent", 0) : OK;
}

static err hear_complaint(int *fd, char room[CHILD_COMPLAINT_BYTES], size_t *size)
{
    char piece[CHILD_COMPLAINT_BYTES];
    ssize_t count = read(*fd, piece, sizeof piece);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return OK;
    if (count <= 0) {
        fd_end(fd);
        return OK;
    }
    size_t kept = CHILD_COMPLAINT_BYTES - *size;
    kept = kept < (size_t)count ? kept : (size_t)count;
    memcpy(room + *size, piece, kept);
    *size += kept;
    return OK;
}

static err too_long(void)
{
    return fail(ERR_BUSY, "child: took too long", 0);
}

struct talk {
    struct child child;
    str input;
    size_t most_bytes;
    int64_t end_us;
    struct text said;
    char complaint[CHILD_COMPLAINT_BYTES];
    size_t complaint_size;
};

/* One wait for whichever moves first. */
static err talk_step(struct talk *t)
{
    struct child *c = &t->child;
    int64_t left_us = t->end_us - env_monotonic_us();
    if (left_us <= 0)
        return too_long();
    struct pollfd waits[] = {
        {.fd = c->in,         .events = POLLOUT},
        {.fd = c->out,        .events = POLLIN },
        {.fd = c->complaints, .events = POLLIN },
    };
    int left_ms = (int)((left_us < 60 * US_PER_S ? left_us : 60 * US_PER_S) / US_PER_MS) + 1;
    if (poll(waits, COUNT_OF(waits), left_ms) < 0)
        return errno == EINTR ? OK : fail(ERR_OS, "child: cannot wait", (uint32_t)errno);
    if (waits[0].revents != 0)
        feed(c, &t->input);
    if (waits[1].revents != 0)
        TRY(hear(&c->out, &t->said, t->most_bytes));
    return waits[2].revents != 0 ? hear_complaint(&c->complaints, t->complaint, &t->complaint_size)
                                 : OK;
}

/* It has said all; now it has to end. */
static err reap(struct talk *t, int *ret_code)
{
    int status = 0;
    pid_t ended = waitpid(t->child.pid, &status, WNOHANG);
    while (ended == 0 || (ended < 0 && errno == EINTR)) {
        if (env_monotonic_us() >= t->end_us)
            return too_long();
        env_nap_us(NAP_US);
        ended = waitpid(t->child.pid, &status, WNOHANG);
    }
    if (ended < 0)
        return fail(ERR_OS, "child: cannot wait", (uint32_t)errno);
    t->child.pid = 0;
    if (!WIFEXITED(status))
        return fail(ERR_OS, "child: was ended by a signal", (uint32_t)WTERMSIG(status));
    *ret_code = WEXITSTATUS(status);
    return OK;
}

static err converse(struct talk *t, const struct child_order *order, int *ret_code)
{
    TRY(start(order, &t->child));
    if (str_is_empty(t->input))
        fd_end(&t->child.in);
    while (t->child.out >= 0 || t->child.complaints >= 0)
        TRY(talk_step(t));
    return reap(t, ret_code);
}

err child_run(const struct child_order *order, struct arena *a, struct child_answer *ret_answer)
{
    assert(order->words[0] != NULL && order->timeout_us > 0);
    struct talk t = {
        .child = {.in = -1, .out = -1, .complaints = -1},
        .input = order->input,
        .most_bytes = order->most_bytes,
        .end_us = env_monotonic_us() + order->timeout_us
    };
    text_init(&t.said, a);
    int code = 0;
    err e = converse(&t, order, &code);
    child_end(&t.child);
    TRY(e);
    str said = text_str(&t.said);
    str complaint = str_copy(a, str_make(t.complaint, t.complaint_size));
    if (complaint.at == NULL)
        return fail(ERR_LIMIT, "memory.spent", 0);
    *ret_answer = (struct child_answer){.said = said, .complaint = complaint, .code = code};
    return OK;
}

void child_find(const char *program, char ret_path[CHILD_PATH_BYTES])
{
    size_t name_bytes = strlen(program) + 1;
    assert(name_bytes < CHILD_PATH_BYTES);
    ssize_t size = readlink("/proc/self/exe", ret_path, CHILD_PATH_BYTES - name_bytes);
    while (size > 0 && ret_path[size - 1] != '/')
        size--;
    if (size > 0)
        memcpy(ret_path + size, program, name_bytes);
    if (size <= 0 || access(ret_path, X_OK) != 0)
        memcpy(ret_path, program, name_bytes);
}
