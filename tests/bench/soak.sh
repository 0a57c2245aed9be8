#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Goal: half an hour of a centre's day at real resolvers: decisions all the time, a list of others
#   taken in anew each minute, callers asking meanwhile. What got lost, how long a decision took to
#   be seen, whether memory stays flat. For docs/benchmarks.md; no judgement.
# Method: the whole program with NAMES domains of a list, taken in through the front door; BIND,
#   Unbound and PowerDNS beside it with docs/resolvers, each asked RATE times a second by dnsperf,
#   half of it blocked names. soak.py decides, asks and measures.
#
#   YUMEN=build/src/app/yumen SOURCE=$PWD tests/bench/soak.sh [SECONDS [NAMES [RATE [RESOLVER…]]]]
set -uo pipefail
: "${YUMEN:?}" "${SOURCE:?}"
LASTS=${1:-1800} NAMES=${2:-100000} RATE=${3:-300}
shift 3 2>/dev/null || set --
RESOLVERS=("$@")
[ $# -gt 0 ] || RESOLVERS=(bind unbound powerdns)
# shellcheck source=tests/system/centre.bash
. "$SOURCE/tests/system/centre.bash"
command -v dnsperf >/dev/null || { echo "skipped: no dnsperf"; exit 77; }

"$YUMEN" init --data "$DATA" --drill >/dev/null || exit 4
write_options "$DATA"
write_resolvers "$DNS_PORT"
start_yumen
ANN=$(add_user ann analyst,feeder)
BOB=$(add_user bob approver)
echo "machine: $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
resolver_start world
soak() { # WHAT…
    python3 "$SOURCE/tests/bench/soak.py" "$DIR" "$HTTP_PORT" "$ANN" "$BOB" "$NAMES" "$@"
}
soak fill || exit 1
PLACES=()
for who in "${RESOLVERS[@]}"; do
    resolver_start "$who"
    until_is 180 "$NOTICE" ask "$who" soak11.first-list.example
    PLACES+=("$who:${RESOLVER_PORT[$who]}:${RESOLVER_PID[$who]}")
done
for who in "${RESOLVERS[@]}"; do
    dnsperf -s 127.0.0.1 -p "${RESOLVER_PORT[$who]}" -d "$DIR/questions" -Q "$RATE" -l "$LASTS" \
        -c 4 -t 5 -S 60 >"$DIR/dnsperf-$who" 2>&1 &
done
soak run "$LASTS" "$YUMEN_PID" "${PLACES[@]}"
sleep 6
for who in "${RESOLVERS[@]}"; do
    sed -n 's/^ *\(Queries [a-z]*\|Average Latency (s)\): */\1 /p' "$DIR/dnsperf-$who" |
        paste -sd, | sed "s/^/$who: /; s/,/, /g"
done
"$YUMEN" audit verify --data "$DATA" | tail -n 1
