/* SPDX-License-Identifier: Apache-2.0 */
#include "app/bench/sip_peer.h"

#include "app/bench/sip_load.h"
#include "base/instant.h"
#include "env/clock.h"
#include "env/file.h"
#include "env/net.h"
#include "env/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_ROOM = 512, PATIENCE_S = 120, NAMES_BYTES = 4 << 20 };

/* --- what a process has used --- */

static double first_number(const char *path, const char *after)
{
    char line[512];
    double number = 0;
    FILE *in = fopen(path, "re");
    while (in != NULL && fgets(line, sizeof line, in) != NULL)
        if (strncmp(line, after, strlen(after)) == 0) {
            number = strtod(line + strlen(after), NULL);
            break;
        }
    if (in != NULL)
        (void)fclose(in);
    return number;
}

static bool is_called(long pid, long thread, const char *name)
{
    char path[PATH_ROOM];
    char line[64] = "";
    snprintf(path, sizeof path, "/proc/%ld/task/%ld/comm", pid, thread);
    FILE *in = fopen(path, "re");
    if (in == NULL)
        return false;
    bool is_read = fgets(line, sizeof line, in) != NULL;
    (void)fclose(in);
    line[strcspn(line, "\n")] = '\0';
    return is_read && (name == NULL || strcmp(line, name) == 0);
}

static err numbers_in(const char *folder, struct arena *a, struct file_names *ret_names)
{
    struct file_names all = {0};
    size_t count = 0;
    TRY(file_list(folder, a, &all));
    for (size_t i = 0; i < all.count; i++)
        if (all.at[i].at[0] >= '1' && all.at[i].at[0] <= '9')
            all.at[count++] = all.at[i];
    all.count = count;
    *ret_names = all;
    return OK;
}

static double cpu_of(long pid, const char *thread)
{
    char path[PATH_ROOM];
    struct arena a;
    struct file_names threads = {0};
    double sum = 0;
    arena_init(&a, NAMES_BYTES);
    snprintf(path, sizeof path, "/proc/%ld/task", pid);
    if (failed(numbers_in(path, &a, &threads)))
        threads.count = 0; /* it has ended */
    for (size_t i = 0; i < threads.count; i++) {
        long id = strtol(threads.at[i].at, NULL, 10);
        if (!is_called(pid, id, thread))
            continue;
        snprintf(path, sizeof path, "/proc/%ld/task/%ld/schedstat", pid, id);
        sum += first_number(path, "") / 1000;
    }
    arena_done(&a);
    return sum;
}

static double mib_of(long pid)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "/proc/%ld/smaps_rollup", pid);
    return first_number(path, "Pss:") / 1024;
}

double own_cpu_us(const char *thread)
{
    return cpu_of(getpid(), thread);
}

double own_mib(void)
{
    return mib_of(getpid());
}

struct used {
    double cpu_us;
    double mib;
};

/* Of a process and those that it has started. */
static struct used used_by(pid_t pid)
{
    char path[PATH_ROOM];
    struct used sum = {cpu_of(pid, NULL), mib_of(pid)};
    struct arena a;
    struct file_names all = {0};
    arena_init(&a, NAMES_BYTES);
    if (failed(numbers_in("/proc", &a, &all)))
        all.count = 0;
    for (size_t i = 0; i < all.count; i++) {
        long id = strtol(all.at[i].at, NULL, 10);
        snprintf(path, sizeof path, "/proc/%ld/status", id);
        if ((pid_t)first_number(path, "PPid:") != pid)
            continue;
        sum.cpu_us += cpu_of(id, NULL);
        sum.mib += mib_of(id);
    }
    arena_done(&a);
    return sum;
}

double sip_peer_cpu_us(const struct sip_peer *p)
{
    return used_by(p->pid).cpu_us;
}

double sip_peer_mib(const struct sip_peer *p)
{
    return used_by(p->pid).mib;
}

/* --- Kamailio --- */

/* htable: 2^20 slots, one a number. The worker fills it before it takes the first request. */
static const char config[] =
    "#!KAMAILIO\n"
    "debug=-1\nlog_stderror=yes\nchildren=1\nlisten=udp:127.0.0.1:%u\ndisable_tcp=yes\n"
    "auto_aliases=no\nmax_while_loops=0\n"
    "loadmodule \"pv.so\"\nloadmodule \"sl.so\"\nloadmodule \"textops.so\"\n"
    "loadmodule \"siputils.so\"\nloadmodule \"htable.so\"\n"
    "modparam(\"htable\",\"htable\",\"blk=>size=20;autoexpire=0;\")\n"
    "event_route[htable:mod-init] {\n"
    "  $var(i) = 0;\n"
    "  while ($var(i) < %u) {\n"
    "    $var(n) = 700000000 + $var(i) * 7;\n"
    "    $var(k) = \"+8613\" + $var(n);\n"
    "    $sht(blk=>$var(k)) = 1;\n"
    "    $var(i) = $var(i) + 1;\n"
    "  }\n"
    "}\n"
    "request_route {\n"
    "  if (is_method(\"INVITE\")) {\n"
    "    if ($sht(blk=>$fU) != $null) { sl_send_reply(\"608\", \"Rejected\"); exit; }\n"
    "    append_to_reply(\"Contact: <sip:8008208820@127.0.0.1:5099>\\r\\n\");\n"
    "    sl_send_reply(\"302\", \"Moved Temporarily\"); exit;\n"
    "  }\n"
    "  if (is_method(\"ACK\")) exit;\n"
    "  sl_send_reply(\"405\", \"Method Not Allowed\");\n"
    "}\n";

/* One that nobody has; who takes it in between makes the start fail. */
static err free_port(uint16_t *ret_port)
{
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    SCOPED(fd_end) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    TRY(net_address_parse(STR("127.0.0.1"), 0, &own));
    const struct sockaddr *at = (const struct sockaddr *)&own;
    if (fd < 0 || bind(fd, at, net_address_bytes(at)) != 0 ||
        getsockname(fd, (struct sockaddr *)&own, &size) != 0)
        return fail(ERR_OS, "bench: no socket", (uint32_t)errno);
    *ret_port = net_address_port((const struct sockaddr *)&own);
    return OK;
}

static err put_config(const struct sip_peer *p, const char *path, uint32_t listed)
{
    FILE *out = fopen(path, "we");
    if (out == NULL)
        return fail(ERR_OS, "cli.bench.folder", (uint32_t)errno);
    bool is_put = fprintf(out, config, p->port, listed) > 0;
    is_put = fclose(out) == 0 && is_put;
    return is_put ? OK : fail(ERR_OS, "cli.bench.folder", (uint32_t)errno);
}

static int spawn(struct sip_peer *p, char *path)
{
    char word[8][40] = {"kamailio", "-DD", "-E", "-m", "1500", "-M", "64", "-f"};
    char *const words[] = {word[0], word[1], word[2], word[3], word[4],
                           word[5], word[6], word[7], path,    NULL};
    char home[] = "PATH=/usr/sbin:/usr/bin:/bin";
    char *const environment[] = {home, NULL};
    static const char *const places[] = {"/usr/sbin/kamailio", "/usr/local/sbin/kamailio"};
    char log[PATH_ROOM];
    posix_spawn_file_actions_t files;
    snprintf(log, sizeof log, "%s/kamailio.log", p->folder);
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return rc;
    int flags = O_WRONLY | O_CREAT | O_TRUNC;
    rc = posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, log, flags, 0600);
    rc = rc != 0 ? rc : posix_spawn_file_actions_adddup2(&files, STDOUT_FILENO, STDERR_FILENO);
    bool is_ready = rc == 0;
    for (size_t i = 0; is_ready && i < COUNT_OF(places); i++) {
        rc = posix_spawn(&p->pid, places[i], &files, NULL, words, environment);
        is_ready = rc == ENOENT;
    }
    (void)posix_spawn_file_actions_destroy(&files);
    return rc;
}

static bool has_ended(struct sip_peer *p)
{
    if (waitpid(p->pid, NULL, WNOHANG) != p->pid)
        return false;
    p->pid = 0;
    return true;
}

/* Until it answers. */
static err wait_for(struct sip_peer *p)
{
    const struct sip_load one = {.port = p->port, .calls = 1, .window = 1};
    struct sip_loaded loaded = {0};
    for (int64_t began = env_monotonic_us(); env_monotonic_us() - began < PATIENCE_S * US_PER_S;) {
        TRY(sip_load_run(&one, &loaded));
        if (loaded.answered == 1)
            return OK;
        if (has_ended(p))
            break;
    }
    return fail(ERR_OS, "bench: Kamailio does not come up", 0);
}

err sip_peer_start(struct sip_peer *p, const char *folder, uint32_t listed)
{
    char path[PATH_ROOM];
    *p = (struct sip_peer){.folder = folder};
    snprintf(path, sizeof path, "%s/kamailio.cfg", folder);
    TRY(free_port(&p->port));
    TRY(put_config(p, path, listed));
    int rc = spawn(p, path);
    if (rc == ENOENT)
        return fail(ERR_ABSENT, "cli.bench.no_kamailio", (uint32_t)rc);
    if (rc != 0)
        return fail(ERR_OS, "bench: Kamailio does not start", (uint32_t)rc);
    return wait_for(p);
}

void sip_peer_stop(struct sip_peer *p)
{
    if (p->pid > 0) {
        (void)kill(p->pid, SIGTERM);
        while (waitpid(p->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    p->pid = 0;
}
