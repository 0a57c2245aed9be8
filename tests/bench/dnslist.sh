#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: what a question to the DNS list costs its server's processors, beside rbldnsd with the same
#   list and the same questions. For docs/benchmarks.md; no judgement.
# Method: the whole program with NAMES domains straight in its table; dnsperf asks, half of what is
#   listed and half of what is not; user and system time of the server over the questions it
#   answered. Servers take turns; the median of ROUNDS counts. Each server has processor 0, dnsperf
#   processor 1. `echo` is the floor: the same packets sent back by sixty-four, without reading.
#   MINI, when set, is a program of one's own: MINI PORT LIST.
#
#   YUMEN=build/src/app/yumen SOURCE=$PWD tests/bench/dnslist.sh [NAMES [ROUNDS [SECONDS]]]
set -uo pipefail
: "${YUMEN:?}" "${SOURCE:?}"
PATH=$PATH:/usr/sbin
NAMES=${1:-1100000} ROUNDS=${2:-5} SECONDS_EACH=${3:-4}
for tool in dnsperf python3 curl cc; do
    command -v "$tool" >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
DIR=$(mktemp -d)
chmod 755 "$DIR" # rbldnsd reads as a user of its own
DATA=$DIR/data
# shellcheck source=tests/system/resolvers.bash
. "$SOURCE/tests/system/resolvers.bash" # for its ports
declare -A PID=() PORT=()
finish() {
    local pid
    for pid in "${PID[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    [ -n "${KEEP:-}" ] || rm -rf "$DIR"
}
trap finish EXIT
read -r HTTP_PORT PORT[yumen] PORT[rbldnsd] PORT[echo] PORT[mini] < <(free_ports 5)

"$YUMEN" init --data "$DATA" --demonstration >/dev/null || exit 4
cat >"$DATA/yumen.yaml" <<CONF
listen: 127.0.0.1:$HTTP_PORT
dns:
  list:
    listen: 127.0.0.1:${PORT[yumen]}
CONF
python3 - "$DATA/yumen.db" "$NAMES" "$DIR" <<'PY'
import random, sqlite3, sys
path, count, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
draw = random.Random(20261122)
# About what scam lists look like: 18 bytes a name, one in eleven under a shared host.
names = [f"u{i}.shared{i % 97}.com" if i % 11 == 0 else
         f"pay{i % 97}{i * 7919 % 99999989:x}.{('com', 'top', 'cn')[i % 3]}" for i in range(count)]
db = sqlite3.connect(path)
for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -600000"):
    db.execute("PRAGMA " + pragma)
columns = [row[1] for row in db.execute("PRAGMA table_info(listing)")]
like = dict(zip(columns, db.execute(
    f"SELECT {','.join(chr(34) + c + chr(34) for c in columns)} FROM listing"
    " WHERE kind = 'domain' AND state = 'in_force' LIMIT 1").fetchone()))
like["action"] = "block"
like["match"] = "suffix"
like["notice"] = "n" # what an entry of a source does not repeat
rows = sorted(names)
def row(i, name):
    like.update(id=f"00000000000000000{i:09d}", value=name, display=None)
    return [like[c] for c in columns]
db.executemany(f"INSERT OR IGNORE INTO listing ({','.join(chr(34) + c + chr(34) for c in columns)})"
               f" VALUES ({','.join('?' * len(columns))})",
               (row(i, name) for i, name in enumerate(rows)))
db.commit()
with open(f"{folder}/list.rbl", "w") as f:
    f.write(":2:listed\n" + "".join(f".{n}\n" for n in rows))
with open(f"{folder}/list.txt", "w") as f:
    f.write("".join(f"{n}\n" for n in rows))
with open(f"{folder}/questions", "w") as f, open(f"{folder}/plain", "w") as g:
    for i in range(200000):
        name = draw.choice(names) if i % 2 == 0 else f"fine{draw.getrandbits(40):x}.com"
        f.write(f"{name}.dbl.yumen A\n")
        g.write(f"{name} A\n")
PY
cat >"$DIR/echo.c" <<'C'
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
enum { MANY = 64 };
int main(int count, char **word)
{
    static unsigned char bytes[MANY][1500];
    static struct mmsghdr m[MANY];
    static struct iovec v[MANY];
    static struct sockaddr_in from[MANY];
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(atoi(word[count - 1])),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (bind(fd, (struct sockaddr *)&at, sizeof at) != 0)
        return 1;
    for (;;) {
        for (int i = 0; i < MANY; i++) {
            v[i] = (struct iovec){bytes[i], sizeof bytes[i]};
            m[i].msg_hdr = (struct msghdr){&from[i], sizeof from[i], &v[i], 1, 0, 0, 0};
        }
        int came = recvmmsg(fd, m, MANY, MSG_WAITFORONE, NULL);
        for (int i = 0; i < came; i++) {
            v[i].iov_len = m[i].msg_len;
            bytes[i][2] |= 0x80;
        }
        if (came > 0)
            sendmmsg(fd, m, came, 0);
    }
}
C
cc -D_GNU_SOURCE -O2 -o "$DIR/echo" "$DIR/echo.c" || exit 4

ORDER=(yumen echo)
taskset -c 0 "$YUMEN" serve --data "$DATA" >"$DIR/yumen.log" 2>&1 &
PID[yumen]=$!
taskset -c 0 "$DIR/echo" "${PORT[echo]}" &
PID[echo]=$!
if command -v rbldnsd >/dev/null; then
    taskset -c 0 rbldnsd -n -w "$DIR" -t 300 -b "127.0.0.1/${PORT[rbldnsd]}" \
        dbl.yumen:dnset:list.rbl >"$DIR/rbldnsd.log" 2>&1 &
    PID[rbldnsd]=$!
    ORDER+=(rbldnsd)
fi
if [ -n "${MINI:-}" ]; then
    taskset -c 0 "$MINI" "${PORT[mini]}" "$DIR/list.txt" >"$DIR/mini.log" 2>&1 &
    PID[mini]=$!
    ORDER+=(mini)
fi
until curl -s --unix-socket "$DATA/yumen.sock" http://yumen/metrics 2>/dev/null |
    grep -q '^yumen_screen_ready 1'; do
    kill -0 "${PID[yumen]}" 2>/dev/null || { cat "$DIR/yumen.log"; exit 1; }
    sleep 0.2
done
sleep 5 # the names between, and rbldnsd

cpu() { sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f12,13; } # user, system
TICK=$(getconf CLK_TCK)
echo "machine: $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "load $(cut -d' ' -f1 /proc/loadavg); $NAMES domains, half of the questions listed"
for ((round = 0; round < ROUNDS; round++)); do
    for who in "${ORDER[@]}"; do
        questions=$DIR/questions
        [ "$who" != mini ] || questions=$DIR/plain
        edns=(-e)
        [ "$who" != mini ] || edns=()
        read -r user system < <(cpu "${PID[$who]}")
        taskset -c 1 dnsperf -s 127.0.0.1 -p "${PORT[$who]}" -d "$questions" -l "$SECONDS_EACH" \
            -c 8 -T 1 -q 100 "${edns[@]}" >"$DIR/dnsperf" 2>&1
        read -r user_end system_end < <(cpu "${PID[$who]}")
        awk -v who="$who" -v u=$((user_end - user)) -v s=$((system_end - system)) -v hz="$TICK" '
            /Queries completed/ {n = $3} /Queries lost/ {lost = $3}
            /Queries per second/ {qps = $4} /Response codes/ {codes = substr($0, index($0, $3))}
            END {us = 1e6 / hz / n
                 printf "%-8s %6.2f us of processor a question, ", who, (u + s) * us
                 printf "%.2f of it its own; %d /s, %d lost; %s\n", u * us, qps, lost, codes}
            ' "$DIR/dnsperf" | tee -a "$DIR/rounds"
    done
done
for who in "${ORDER[@]}"; do
    awk -v who="$who" '$1 == who {print $2}' "$DIR/rounds" | sort -n | awk -v who="$who" '
        {at[NR] = $1} END {printf "%-8s median %.2f us (%.2f to %.2f)\n", who,
        at[int((NR + 1) / 2)], at[1], at[NR]}'
done
curl -s --unix-socket "$DATA/yumen.sock" http://yumen/metrics | awk '
    /^yumen_dns_list_questions_total/ {asked += $2} /^yumen_dns_list_turns_total/ {turns = $2}
    END {printf "yumen: %.1f questions a turn\n", asked / turns}'
awk '/^Pss:/ {print "yumen: " int($2 / 1024) " MiB Pss"}' "/proc/${PID[yumen]}/smaps_rollup"
