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
shift 3 2>/dev/null || shift $#
ALL=("$@")
[ $# -gt 0 ] || ALL=(bind unbound powerdns)
DIR=$(mktemp -d)
DATA=$DIR/data
FAULTS=0
# shellcheck source=tests/system/resolvers.bash
. "$SOURCE/tests/system/resolvers.bash"
resolvers_need "${ALL[@]}"
command -v dnsperf >/dev/null || { echo "skipped: no dnsperf"; exit 77; }
finish() {
    resolvers_stop
    [ -z "${YUMEN_PID:-}" ] || kill "$YUMEN_PID" 2>/dev/null
    wait 2>/dev/null
    [ -z "${KEEP:-}" ] && rm -rf "$DIR"
}
trap finish EXIT
read -r HTTP_PORT DNS_PORT < <(free_ports 2)
write_resolvers "$DNS_PORT"
"$YUMEN" init --data "$DATA" --drill >/dev/null || exit 4
mkdir -p "$DATA/keys"
printf '%s\n' "$SECRET" >"$DATA/keys/yumen.example"
printf '%s\n' "$POWERDNS_SECRET" >"$DATA/keys/powerdns.example"
cat >"$DATA/yumen.yaml" <<CONF
listen: 127.0.0.1:$HTTP_PORT
dns:
  listen: 127.0.0.1:$DNS_PORT
  notice:
    a: $NOTICE
  tsig:
    - {name: yumen.example, algorithm: hmac-sha256, secret_file: keys/yumen.example}
    - {name: powerdns.example, algorithm: hmac-sha256, secret_file: keys/powerdns.example}
  secondaries:
    - {address: "127.0.0.1:${RESOLVER_PORT[bind]}", tsig: yumen.example}
    - {address: "127.0.0.1:${RESOLVER_PORT[unbound]}"}
    - {address: "127.0.0.1:${RESOLVER_PORT[powerdns]}", tsig: powerdns.example, polls: yes}
CONF
"$YUMEN" serve --data "$DATA" >"$DIR/yumen.log" 2>&1 &
YUMEN_PID=$!
until curl -sf --unix-socket "$DATA/yumen.sock" http://yumen/readyz >/dev/null; do
    kill -0 "$YUMEN_PID" 2>/dev/null || { cat "$DIR/yumen.log"; exit 1; }
    sleep 0.05
done
user() {
    curl -s --unix-socket "$DATA/yumen.sock" -H 'Content-Type: application/json' \
        -d "{\"name\":\"$1\",\"roles\":\"$2\",\"token\":true}" http://yumen/v1/users |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["token"])'
}
ANN=$(user ann analyst,feeder)
BOB=$(user bob approver)
echo "machine: $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "load $(cut -d' ' -f1 /proc/loadavg)"
resolver_start world
soak() { # WHAT…
    python3 "$SOURCE/tests/bench/soak.py" "$DIR" "$HTTP_PORT" "$ANN" "$BOB" "$NAMES" "$@"
}
soak fill || exit 1
PLACES=()
for who in "${ALL[@]}"; do
    resolver_start "$who"
    until_is 180 "$NOTICE" ask "$who" soak11.first-list.example
    PLACES+=("$who:${RESOLVER_PORT[$who]}:${RESOLVER_PID[$who]}")
done
for who in "${ALL[@]}"; do
    dnsperf -s 127.0.0.1 -p "${RESOLVER_PORT[$who]}" -d "$DIR/questions" -Q "$RATE" -l "$LASTS" \
        -c 4 -t 5 -S 60 >"$DIR/dnsperf-$who" 2>&1 &
done
soak run "$LASTS" "$YUMEN_PID" "${PLACES[@]}"
sleep 6
for who in "${ALL[@]}"; do
    sed -n 's/^ *\(Queries [a-z]*\|Average Latency (s)\): */\1 /p' "$DIR/dnsperf-$who" |
        paste -sd, | sed "s/^/$who: /; s/,/, /g"
done
"$YUMEN" audit verify --data "$DATA" | tail -n 1
